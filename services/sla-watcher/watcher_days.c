/* SPDX-License-Identifier: MIT
 *
 * Technicians' days in live state. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/day.h"
#include "sla-watcher/adapter.h"

void watch_date_text(int32_t local_day, char text[11])
{
    struct ds_date date = ds_date_of(local_day);
    uint32_t parts[] = {(uint32_t)date.year, (uint32_t)date.month, (uint32_t)date.day};

    for (int i = 0; i < 4; i++, parts[0] /= 10)
        text[3 - i] = (char)('0' + parts[0] % 10);
    text[4] = text[7] = '-';
    for (int p = 1; p < 3; p++) {
        text[3 * p + 2] = (char)('0' + parts[p] / 10);
        text[3 * p + 3] = (char)('0' + parts[p] % 10);
    }
    text[10] = '\0';
}

static void load_day(struct ds_part *part, struct watch_day *day, const char *person,
                     int32_t local_day)
{
    char date[11], key[DS_KEY_MAX + 1];

    watch_date_text(local_day, date);
    ds_copy(day->key, sizeof day->key, person);
    size_t n = strlen(day->key);
    day->key[n] = '/';
    ds_copy(day->key + n + 1, sizeof day->key - n - 1, date);
    watch_key(key, 'F', day->key);
    watch_day_load(day, ds_part_get(part, key, &ds__watch_day__descriptor));
}

static void store_day(struct ds_part *part, struct watch_day *day, struct watch_dues due)
{
    struct ds_dues dues = {{due.soft_ms, due.hard_ms, DS_NO_DUE}};
    static struct watch_day_columns columns; /* large; one event at a time */
    char key[DS_KEY_MAX + 1];

    watch_key(key, 'F', day->key);
    watch_day_store(day, &columns);
    ds_part_put(part, key, &day->state.base, &dues);
}

void watch_apply_to_day(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    static struct watch_day day; /* one event at a time */
    const struct ds_version *version = ds_part_rules_of(part, event->rulebook);
    const struct ds_person *person;
    bool whole_day = event->type == DS_EV_DAY_REPORTED;
    int32_t local_day;
    uint32_t partition;
    uint64_t ticket = 0;

    if (!watch_day_of(event, version, &person, &local_day)) return;
    /* after its verdict nothing counts any more */
    if (event->stamp_ms > watch_day_final_ms(version, person, local_day)) return;
    load_day(part, &day, person->id, local_day);
    if (!day.known) {
        day.state.person = (char *)person->id;
        day.state.account = (char *)person->account_key;
        day.state.territory = (char *)person->territory->id;
        DS_SET(&day.state, rulebook, event->rulebook);
    }
    if (!whole_day && !ds_parse_ticket_id(event->msg->subject, &partition, &ticket))
        DS_UNREACHABLE();
    watch_day_add(&day, event, ticket, watch_is_day_report(event));
    version = ds_part_rules_of(part, day.state.rulebook);
    store_day(part, &day, watch_day_notice(&day, version, local_day, part->now_ms, out));
}

/* "wang/2007-03-08" */
static bool parse_subject(const char *subject, char person[DS_ID_MAX + 1], int32_t *ret_local_day)
{
    const char *slash = strrchr(subject, '/');

    if (!slash || slash - subject > DS_ID_MAX) return false;
    memcpy(person, subject, (size_t)(slash - subject));
    person[slash - subject] = '\0';
    return ds_parse_date(slash + 1, ret_local_day);
}

bool watch_day_loaded(const char *subject, const Ds__WatchDay *state)
{
    char person[DS_ID_MAX + 1];
    int32_t local_day;

    return state && parse_subject(subject, person, &local_day) && state->territory &&
           state->rulebook > 0 && state->n_ticket <= WATCH_DAY_FACTS_MAX &&
           state->n_at_ms == state->n_ticket && state->n_received_ms == state->n_ticket &&
           state->n_source_seq == state->n_ticket;
}

void watch_fire_day(struct ds_part *part, const char *subject, enum ds_due_kind kind,
                    int64_t due_ms, struct ds_out *out)
{
    static struct watch_day day; /* one deadline at a time */
    char person[DS_ID_MAX + 1], key[DS_KEY_MAX + 1];
    int32_t local_day = 0;

    bool parsed = parse_subject(subject, person, &local_day);
    DS_ASSERT(parsed);
    load_day(part, &day, person, local_day);
    const struct ds_version *version = ds_part_rules_of(part, day.state.rulebook);
    if (kind == DS_SOFT) {
        store_day(part, &day, watch_day_notice(&day, version, local_day, part->now_ms, out));
        return;
    }
    watch_day_finalise(&day, version, local_day, due_ms, out);
    watch_key(key, 'F', subject);
    ds_part_delete(part, key);
}
