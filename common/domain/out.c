/* SPDX-License-Identifier: MIT */
#include "domain/out.h"

#include <string.h>

#include "domain/assert.h"

void ds_out_reset(struct ds_out *out)
{
    out->n = 0;
    out->text_used = 0;
}

Ds__Event *ds_out_pass(struct ds_out *out, enum ds_event_type type, const char *subject, void *body)
{
    DS_ASSERT(out->n < DS_OUT_EVENTS_MAX);
    Ds__Event *event = &out->events[out->n++];

    ds__event__init(event);
    event->subject = (char *)subject;
    event->body_case = (Ds__Event__BodyCase)type;
    event->offered = body; /* the members of the union are all pointers to a message */
    return event;
}

union ds_body *ds_out_add(struct ds_out *out, enum ds_event_type type, const char *subject,
                          Ds__Reason__Name reason, const char *clause)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&ds__event__descriptor, (unsigned)type);
    DS_ASSERT(field && out->n < DS_OUT_EVENTS_MAX);
    union ds_body *body = &out->bodies[out->n];

    protobuf_c_message_init(field->descriptor, body);
    Ds__Event *event = ds_out_pass(out, type, subject, body);
    if (reason != DS__REASON__NAME__NONE) DS_SET(event, reason, reason);
    if (clause && clause[0]) event->clause = (char *)clause;
    return body;
}

Ds__Event *ds_out_last(struct ds_out *out)
{
    DS_ASSERT(out->n > 0);
    return &out->events[out->n - 1];
}

Ds__Outcome *ds_out_outcome(struct ds_out *out, const struct ds_event *command,
                            Ds__OutcomeCode__Name code, Ds__Reason__Name reason, const char *clause)
{
    Ds__Outcome *outcome =
        &ds_out_add(out, DS_EV_OUTCOME, command->msg->subject, reason, clause)->outcome;

    outcome->command_id = command->msg->command_id;
    DS_SET(outcome, outcome, code);
    return outcome;
}

char *ds_out_text(struct ds_out *out, const char *const *parts)
{
    char *text = out->text + out->text_used;
    size_t used = 0;

    for (; *parts; parts++) {
        size_t len = strlen(*parts);
        DS_ASSERT(out->text_used + used + len + 1 <= sizeof out->text);
        memcpy(text + used, *parts, len);
        used += len;
    }
    text[used++] = '\0';
    out->text_used += (uint32_t)used;
    return text;
}

void *ds_out_room(struct ds_out *out, size_t size)
{
    size_t at = (out->text_used + 7u) & ~(size_t)7;

    DS_ASSERT(at + size <= sizeof out->text);
    out->text_used = (uint32_t)(at + size);
    return out->text + at;
}

char *ds_out_number(struct ds_out *out, uint64_t number)
{
    char digits[21];
    size_t i = sizeof digits - 1;

    digits[i] = '\0';
    do {
        digits[--i] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return ds_out_text(out, (const char *const[]){digits + i, NULL});
}

Ds__EventRef *ds_out_ref(struct ds_out *out, enum ds_source source, uint64_t seq)
{
    Ds__EventRef *ref = ds_out_room(out, sizeof *ref);

    ds__event_ref__init(ref);
    DS_SET(ref, source, (Ds__Source__Name)source);
    DS_SET(ref, seq, seq);
    return ref;
}
