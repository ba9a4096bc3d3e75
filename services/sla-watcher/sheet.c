/* SPDX-License-Identifier: MIT
 *
 * Sheets that are to be handed in. P4 and 7.2: a month's satisfaction sheet, by the clerk in charge
 * at the due. P3.2: a technician's sheet of the week, if he worked in it. Pure. */
#include <string.h>

#include "sla-watcher/sheet.h"

int32_t watch_monday_of(const struct ds_zone *zone, int64_t at_ms)
{
    int32_t day = ds_local_day(zone, at_ms);

    return day - ds_weekday(day);
}

static void start(struct watch_sheet *sheet, int64_t start_ms)
{
    const struct ds_clock_rule *rule = &sheet->rules->clocks[sheet->clock];

    DS_SET(&sheet->state, start_ms, start_ms);
    DS_SET(&sheet->state, due_ms, ds_due(sheet->calendar, &rule->limit, rule->base, start_ms));
}

/* A sheet that was drawn more than a day too late, because something was down, or not before its
 * due, because the rules wait so long for late facts, is due as if the month had ended then: nobody
 * pays for what was not there to be handed in. */
void watch_sheet_of_month(struct watch_sheet *sheet, const struct ds_territory *territory,
                          uint32_t month, int64_t drawn_ms)
{
    const struct ds_version *rules = sheet->rules;
    const struct ds_person *on_duty;
    int64_t ends_ms = ds_end_of_month(territory->calendar->zone, month);
    bool late = drawn_ms > ends_ms + rules->late_max_ms + DS_DAY_MS;

    start(sheet, ends_ms);
    if (late || drawn_ms >= sheet->state.due_ms) start(sheet, drawn_ms);
    /* at the end of work nobody is on duty any more: the last millisecond of it decides */
    if (ds_on_duty(rules, territory, sheet->state.due_ms - 1, &on_duty, 1) > 0)
        sheet->state.owner = (char *)on_duty->account_key;
}

void watch_sheet_of_week(struct watch_sheet *sheet, const struct ds_person *person, int32_t monday)
{
    start(sheet, ds_end_of_day(sheet->calendar->zone, monday + 6));
    sheet->state.owner = (char *)person->account_key;
}

void watch_sheet_handed_in(struct watch_sheet *sheet, int64_t at_ms, int64_t received_ms,
                           const Ds__EventRef *event)
{
    Ds__WatchSheet *state = &sheet->state;
    int64_t grace_ms = sheet->rules->clocks[sheet->clock].grace_ms;

    if (state->has_due_ms && received_ms > state->due_ms + grace_ms) return;
    if (state->has_handed_in_at_ms && state->handed_in_at_ms <= at_ms) return;
    DS_SET(state, handed_in_at_ms, at_ms);
    sheet->handed_in = *event;
    state->handed_in_event = &sheet->handed_in;
}

static void take_ref(struct watch_fact *fact, const Ds__EventRef *ref)
{
    fact->source = (enum ds_source)ref->source;
    fact->seq = ref->seq;
}

/* The sheet as a clock instance like any other. facts: room for its start and its stop. */
static struct watch_instance instance_of(const struct watch_sheet *sheet,
                                         struct watch_fact facts[2])
{
    const Ds__WatchSheet *state = &sheet->state;
    struct watch_instance instance = {
        .clock = sheet->clock,
        .n = 1,
        .rules = sheet->rules,
        .rule = &sheet->rules->clocks[sheet->clock],
        .calendar = sheet->calendar,
        .start_ms = state->start_ms,
        .due_ms = state->due_ms,
        .stop_ms = state->has_handed_in_at_ms ? state->handed_in_at_ms : WATCH_NEVER,
        .cancel_ms = WATCH_NEVER,
        .owner = ds_str(state->owner),
        .clause = sheet->rules->clocks[sheet->clock].clause,
    };

    take_ref(&facts[0], state->start_event);
    instance.start_fact = &facts[0];
    if (state->handed_in_event) {
        take_ref(&facts[1], state->handed_in_event);
        instance.stop_fact = &facts[1];
    }
    return instance;
}

static const char *said_clause(const struct watch_sheet *sheet,
                               const struct watch_instance *instance)
{
    if (instance->clause[0]) return instance->clause;
    return sheet->clock == DS_CLOCK_WEEKLY_SHEET ? "P3.2" : "P4";
}

static void say_warned(struct watch_sheet *sheet, const struct watch_instance *instance,
                       struct ds_out *out)
{
    Ds__Warned *warned =
        &ds_out_add(out, DS_EV_WARNED, sheet->key, DS__REASON__NAME__WARN_BEFORE_DUE,
                    said_clause(sheet, instance))
             ->warned;

    DS_SET(warned, clock, (Ds__Clock__Name)instance->clock);
    DS_SET(warned, n, 1);
    DS_SET(warned, due_at_ms, instance->due_ms);
    warned->owner = (char *)instance->owner;
    DS_SET(&sheet->said, warned_due_ms, instance->due_ms);
}

static void say_breached(struct watch_sheet *sheet, const struct watch_instance *instance,
                         int64_t now_ms, struct ds_out *out)
{
    Ds__Breached *breached =
        &ds_out_add(out, DS_EV_BREACHED, sheet->key,
                    instance->stop_ms == WATCH_NEVER ? DS__REASON__NAME__NO_STOP
                                                     : DS__REASON__NAME__STOP_LATE,
                    said_clause(sheet, instance))
             ->breached;

    DS_SET(&sheet->said, breached_due_ms, instance->due_ms);
    DS_SET(&sheet->said, verdict_no, sheet->said.verdict_no + 1);
    DS_SET(breached, clock, (Ds__Clock__Name)instance->clock);
    DS_SET(breached, n, 1);
    DS_SET(breached, verdict_no, sheet->said.verdict_no);
    DS_SET(breached, due_at_ms, instance->due_ms);
    DS_SET(breached, late_ms, now_ms - instance->due_ms);
    breached->owner = (char *)instance->owner;
    breached->clause = (char *)instance->clause;
}

static void say_withdrawn(struct watch_sheet *sheet, struct ds_out *out)
{
    Ds__BreachWithdrawn *withdrawn =
        &ds_out_add(out, DS_EV_BREACH_WITHDRAWN, sheet->key, DS__REASON__NAME__EVIDENCE_ARRIVED, "")
             ->breach_withdrawn;

    DS_SET(withdrawn, clock, (Ds__Clock__Name)sheet->clock);
    DS_SET(withdrawn, n, 1);
    DS_SET(withdrawn, verdict_no, sheet->said.verdict_no);
    DS_SET(withdrawn, due_at_ms, sheet->said.breached_due_ms);
    sheet->said.has_breached_due_ms = 0;
}

struct watch_dues watch_sheet_notice(struct watch_sheet *sheet, int64_t now_ms, struct ds_out *out)
{
    struct watch_fact facts[2] = {{.kind = FACT_REGISTERED}, {.kind = FACT_REGISTERED}};
    struct watch_dues dues = {WATCH_NEVER, WATCH_NEVER};

    if (!sheet->state.has_start_ms) return dues; /* nothing asks for it yet */
    struct watch_instance instance = instance_of(sheet, facts);
    dues.hard_ms = instance.due_ms + instance.rule->grace_ms;
    if (instance.stop_ms <= instance.due_ms) {
        if (sheet->said.has_breached_due_ms) say_withdrawn(sheet, out);
        return dues;
    }
    if (now_ms > instance.due_ms) {
        if (!sheet->said.has_breached_due_ms) say_breached(sheet, &instance, now_ms, out);
        return dues;
    }
    dues.soft_ms = instance.due_ms;
    int64_t warn_ms = watch_warn_ms(&instance);
    if (warn_ms >= instance.due_ms || sheet->said.has_warned_due_ms) return dues;
    if (now_ms > warn_ms)
        say_warned(sheet, &instance, out);
    else
        dues.soft_ms = warn_ms;
    return dues;
}

void watch_sheet_finalise(struct watch_sheet *sheet, int64_t final_ms, struct ds_out *out)
{
    struct watch_fact facts[2] = {{.kind = FACT_REGISTERED}, {.kind = FACT_REGISTERED}};
    struct watch_instance instance = instance_of(sheet, facts);

    if (sheet->said.has_breached_due_ms && watch_verdict(&instance) == DS_MET)
        say_withdrawn(sheet, out);
    watch_say_final(out, sheet->key, &instance, final_ms, sheet->said.verdict_no);
}
