/* SPDX-License-Identifier: MIT */
#include "doorstep/event_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/ids.h"
#include "wire/json.h"

int64_t record_at_ms(const struct record *record)
{
    if (record->msg->has_judged_at_ms) return record->msg->judged_at_ms;
    if (record->msg->has_occurred_at_ms) return record->msg->occurred_at_ms;
    return record->msg->received_at_ms;
}

void event_type_text(char *buf, size_t size, enum ds_source source, const Ds__Event *msg)
{
    snprintf(buf, size, "doorstep.%s.%s", ds_source_name(source),
             ds_event_name((int)msg->body_case));
}

json_t *event_json(const struct record *record)
{
    const Ds__Event *msg = record->msg;
    char id[DS_EVENT_ID_MAX], source[96], type[96], time[30];

    ds_event_id(id, record->source, record->partition, record->seq);
    snprintf(source, sizeof source, "/doorstep/%s/p%03u", ds_source_name(record->source),
             record->partition);
    event_type_text(type, sizeof type, record->source, msg);
    ds_rfc3339_format(record_at_ms(record), 0, time);
    json_t *line = json_pack("{ss ss ss ss ss ss so}", "specversion", "1.0", "id", id, "source",
                             source, "type", type, "subject", ds_str(msg->subject), "time", time,
                             "data", ds_json_of(&msg->base));
    /* the chain is over the entry's bytes, which data keeps; a reader wants its fields, too */
    if (record->entry) json_object_set_new(line, "entry", ds_json_of(&record->entry->base));
    return line;
}

char *event_text(const struct record *record)
{
    json_t *line = event_json(record);
    char *text = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII);

    if (!text) abort();
    json_decref(line);
    return text;
}
