/* SPDX-License-Identifier: MIT
 *
 * Sheets in live state: of a territory's month (M), of a technician's week (W). */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/adapter.h"

static char prefix_of(enum ds_clock clock)
{
    return clock == DS_CLOCK_SURVEY_SHEET ? 'M' : 'W';
}

/* rules: of the version that a new sheet starts under; a known one keeps its own. */
static bool load(struct ds_part *part, struct watch_sheet *sheet, enum ds_clock clock,
                 const char *subject, uint32_t rulebook)
{
    char key[DS_KEY_MAX + 1];

    watch_key(key, prefix_of(clock), subject);
    const Ds__WatchSheet *stored = ds_part_get(part, key, &ds__watch_sheet__descriptor);
    *sheet = (struct watch_sheet){.key = subject, .clock = clock};
    ds__watch_sheet__init(&sheet->state);
    ds__watched_instance__init(&sheet->said);
    if (stored) {
        sheet->state = *stored;
        if (stored->instance) sheet->said = *stored->instance;
    } else {
        DS_SET(&sheet->state, rulebook, rulebook);
    }
    sheet->state.instance = &sheet->said;
    sheet->rules = ds_part_rules_of(part, sheet->state.rulebook);
    return stored != NULL;
}

static void store(struct ds_part *part, struct watch_sheet *sheet, struct watch_dues due)
{
    struct ds_dues dues = {{due.soft_ms, due.hard_ms, DS_NO_DUE}};
    Ds__WatchSheet *state = &sheet->state;
    char key[DS_KEY_MAX + 1];

    watch_key(key, prefix_of(sheet->clock), sheet->key);
    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, key, &state->base, &dues);
}

static void begin(struct watch_sheet *sheet, const struct ds_ref *ref)
{
    ds__event_ref__init(&sheet->start);
    DS_SET(&sheet->start, source, (Ds__Source__Name)ref->source);
    DS_SET(&sheet->start, seq, ref->seq);
    sheet->state.start_event = &sheet->start;
}

/* ---- months: what callback-survey says of them ---- */

void watch_apply_to_month(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    struct watch_sheet sheet;
    const Ds__Event *msg = event->msg;
    bool known = load(part, &sheet, DS_CLOCK_SURVEY_SHEET, msg->subject, event->rulebook);

    if (event->type == DS_EV_SHEET_DRAWN) {
        const struct ds_territory *territory =
            ds_find_territory(sheet.rules, msg->sheet_drawn->territory);
        DS_ASSERT(territory); /* territories never disappear */
        if (known) return;
        sheet.calendar = territory->calendar;
        begin(&sheet, &event->ref);
        watch_sheet_of_month(&sheet, territory, msg->sheet_drawn->month, event->stamp_ms);
    } else {
        const Ds__SheetHandedIn *handed_in = msg->sheet_handed_in;
        if (!known) return; /* its verdict is final */
        sheet.calendar = ds_find_territory(sheet.rules, handed_in->territory)->calendar;
        watch_sheet_handed_in(&sheet, handed_in->handed_in_at_ms, handed_in->received_at_ms,
                              handed_in->submitted);
    }
    store(part, &sheet, watch_sheet_notice(&sheet, part->now_ms, out));
}

/* ---- weeks ---- */

static char *week_subject(struct ds_out *out, const char *person, int32_t monday)
{
    char date[11];

    watch_date_text(monday, date);
    return ds_out_text(out, (const char *const[]){person, "/", date, NULL});
}

/* Handed in before anything is known that asks for it: kept until it could have been asked for. */
static struct watch_dues waiting(const struct watch_sheet *sheet, int32_t monday)
{
    int64_t over_ms = ds_end_of_day(sheet->calendar->zone, monday + 6) + sheet->rules->late_max_ms +
                      sheet->rules->clocks[sheet->clock].grace_ms;

    return (struct watch_dues){WATCH_NEVER, over_ms};
}

void watch_apply_to_week(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    const struct ds_version *version = ds_part_rules_of(part, event->rulebook);
    const struct ds_person *person = ds_find_person(version, event->msg->by);
    bool submitted = event->type == DS_EV_WEEKLY_SUBMITTED;
    struct watch_sheet sheet;
    Ds__EventRef ref = DS__EVENT_REF__INIT;

    if (!person || person->role != DS_ROLE_TECHNICIAN || !person->territory) return;
    const struct ds_calendar *calendar = person->territory->calendar;
    int32_t monday = watch_monday_of(calendar->zone, event->at_ms);
    if (submitted && !ds_parse_date(event->msg->weekly_submitted->week, &monday)) return;
    load(part, &sheet, DS_CLOCK_WEEKLY_SHEET, week_subject(out, person->id, monday),
         event->rulebook);
    if (!submitted && sheet.state.has_start_ms) return; /* asked for already */
    sheet.calendar = calendar;
    DS_SET(&ref, source, (Ds__Source__Name)event->ref.source);
    DS_SET(&ref, seq, event->ref.seq);
    if (submitted) {
        watch_sheet_handed_in(&sheet, event->at_ms, event->stamp_ms, &ref);
    } else {
        begin(&sheet, &event->ref);
        watch_sheet_of_week(&sheet, person, monday);
    }
    struct watch_sheet due = sheet; /* when it would be due, whether it is asked for or not */
    if (submitted) watch_sheet_of_week(&due, person, monday);
    int64_t grace_ms = sheet.rules->clocks[sheet.clock].grace_ms;
    if (event->stamp_ms > due.state.due_ms + grace_ms) return; /* after its verdict */
    if (sheet.state.has_start_ms)
        store(part, &sheet, watch_sheet_notice(&sheet, part->now_ms, out));
    else
        store(part, &sheet, waiting(&sheet, monday));
}

/* ---- deadlines ---- */

void watch_fire_sheet(struct ds_part *part, const char *entity_key, enum ds_due_kind kind,
                      int64_t due_ms, struct ds_out *out)
{
    bool month = entity_key[0] == 'M';
    enum ds_clock clock = month ? DS_CLOCK_SURVEY_SHEET : DS_CLOCK_WEEKLY_SHEET;
    char key[DS_KEY_MAX + 1], name[DS_ID_MAX + 1];
    struct watch_sheet sheet;

    ds_copy(key, sizeof key, entity_key);
    load(part, &sheet, clock, key + 1, 0);
    ds_copy(name, sizeof name, key + 1);
    *strrchr(name, '/') = '\0';
    const struct ds_person *person = month ? NULL : ds_find_person(sheet.rules, name);
    const struct ds_territory *territory =
        month ? ds_find_territory(sheet.rules, name) : person->territory;
    sheet.calendar = territory->calendar;
    sheet.key = ds_out_text(out, (const char *const[]){key + 1, NULL});
    if (kind == DS_SOFT) {
        store(part, &sheet, watch_sheet_notice(&sheet, part->now_ms, out));
        return;
    }
    if (sheet.state.has_start_ms) watch_sheet_finalise(&sheet, due_ms, out);
    ds_part_delete(part, key);
}

bool watch_sheet_loaded(const char *subject, const Ds__WatchSheet *state)
{
    const char *slash = strrchr(subject, '/');

    return slash && slash - subject <= DS_ID_MAX && state && state->rulebook > 0 &&
           state->has_start_ms == state->has_due_ms && (!state->has_start_ms || state->start_event);
}
