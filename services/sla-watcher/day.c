/* SPDX-License-Identifier: MIT
 *
 * P3.1: on every local day on which a technician worked, each ticket he worked on has a report, a
 * delay or a result by the end of that day. One instance per technician and day. */
#include <string.h>

#include "domain/assert.h"
#include "sla-watcher/day.h"
#include "sla-watcher/watch.h"

/* ---- stored form ---- */

void watch_day_load(struct watch_day *day, const Ds__WatchDay *stored)
{
    int64_t at_ms = 0;

    day->known = stored != NULL;
    day->n_facts = 0;
    ds__watch_day__init(&day->state);
    ds__watched_instance__init(&day->said);
    if (!stored) return;
    day->state = *stored;
    if (stored->instance) day->said = *stored->instance;
    day->n_facts = (uint32_t)stored->n_ticket;
    for (uint32_t i = 0; i < day->n_facts; i++) {
        at_ms += stored->at_ms[i];
        day->facts[i] = (struct watch_day_fact){
            .ticket = stored->ticket[i] >> 1,
            .cover = stored->ticket[i] & 1,
            .at_ms = at_ms,
            .received_ms = at_ms + stored->received_ms[i],
            .event = {(enum ds_source)(stored->source_seq[i] & 7), stored->source_seq[i] >> 3},
        };
    }
}

void watch_day_store(struct watch_day *day, struct watch_day_columns *columns)
{
    Ds__WatchDay *state = &day->state;
    int64_t before_ms = 0;

    for (uint32_t i = 0; i < day->n_facts; i++) {
        const struct watch_day_fact *fact = &day->facts[i];
        columns->ticket[i] = fact->ticket << 1 | fact->cover;
        columns->at_ms[i] = fact->at_ms - before_ms;
        columns->received_ms[i] = fact->received_ms - fact->at_ms;
        columns->source_seq[i] = fact->event.seq << 3 | (uint64_t)fact->event.source;
        before_ms = fact->at_ms;
    }
    state->n_ticket = state->n_at_ms = state->n_received_ms = state->n_source_seq = day->n_facts;
    state->ticket = columns->ticket;
    state->at_ms = columns->at_ms;
    state->received_ms = columns->received_ms;
    state->source_seq = columns->source_seq;
    state->instance = &day->said;
    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
}

/* ---- facts ---- */

bool watch_is_day_work(const struct ds_event *event)
{
    if (event->type == DS_EV_COMPLETED) return true;
    return event->type == DS_EV_CHECKED_IN && !event->msg->checked_in->customer_absent;
}

bool watch_is_day_report(const struct ds_event *event)
{
    return event->type == DS_EV_DAY_REPORTED || event->type == DS_EV_RESULT_FILED ||
           event->type == DS_EV_DELAY_REPORTED;
}

bool watch_day_of(const struct ds_event *event, const struct ds_version *version,
                  const struct ds_person **ret_person, int32_t *ret_local_day)
{
    if (!watch_is_day_work(event) && !watch_is_day_report(event)) return false;
    const struct ds_person *person = ds_find_person(version, ds_str(event->msg->by));
    if (!person || person->role != DS_ROLE_TECHNICIAN || !person->territory) return false;
    int32_t local_day = ds_local_day(person->territory->calendar->zone, event->at_ms);
    if (event->type == DS_EV_DAY_REPORTED &&
        !ds_parse_date(event->msg->day_reported->date, &local_day))
        return false;
    *ret_person = person;
    *ret_local_day = local_day;
    return true;
}

int64_t watch_day_final_ms(const struct ds_version *version, const struct ds_person *person,
                           int32_t local_day)
{
    return ds_end_of_day(person->territory->calendar->zone, local_day) +
           version->clocks[DS_CLOCK_FEEDBACK].grace_ms;
}

void watch_day_add(struct watch_day *day, const struct ds_event *event, uint64_t ticket, bool cover)
{
    if (day->n_facts == WATCH_DAY_FACTS_MAX) return; /* what is there already decides */
    day->facts[day->n_facts++] =
        (struct watch_day_fact){ticket, cover, event->at_ms, event->stamp_ms, event->ref};
}

static bool covers(const struct watch_day_fact *cover, const struct watch_day_fact *work)
{
    return cover->cover && cover->at_ms >= work->at_ms &&
           (cover->ticket == 0 || cover->ticket == work->ticket);
}

bool watch_day_is_reported(const struct watch_day *day, const struct watch_day_fact *work,
                           int64_t due_ms, int64_t upto_ms)
{
    for (uint32_t c = 0; c < day->n_facts; c++) {
        const struct watch_day_fact *cover = &day->facts[c];
        if (cover->received_ms <= upto_ms && cover->at_ms <= due_ms && covers(cover, work))
            return true;
    }
    return false;
}

/* First piece of work that nothing reported by the due, by what was received up to upto_ms. */
static const struct watch_day_fact *unreported(const struct watch_day *day, int64_t due_ms,
                                               int64_t upto_ms)
{
    for (uint32_t w = 0; w < day->n_facts; w++) {
        const struct watch_day_fact *work = &day->facts[w];
        if (work->cover || work->received_ms > upto_ms || work->at_ms > due_ms) continue;
        if (!watch_day_is_reported(day, work, due_ms, upto_ms)) return work;
    }
    return NULL;
}

/* Earliest work of the day; NULL when only reports are there. */
static const struct watch_day_fact *first_work(const struct watch_day *day, int64_t upto_ms)
{
    const struct watch_day_fact *first = NULL;

    for (uint32_t i = 0; i < day->n_facts; i++) {
        const struct watch_day_fact *fact = &day->facts[i];
        if (fact->cover || fact->received_ms > upto_ms) continue;
        if (!first || fact->at_ms < first->at_ms) first = fact;
    }
    return first;
}

static int64_t due_of(const struct watch_day *day, const struct ds_version *version,
                      int32_t local_day)
{
    const struct ds_territory *territory = ds_find_territory(version, day->state.territory);

    DS_ASSERT(territory); /* territories never disappear */
    return ds_end_of_day(territory->calendar->zone, local_day);
}

static void say_breached(struct watch_day *day, int64_t due_ms, int64_t now_ms, struct ds_out *out)
{
    Ds__Breached *breached =
        &ds_out_add(out, DS_EV_BREACHED, day->key, DS__REASON__NAME__NO_STOP, "")->breached;

    DS_SET(&day->said, breached_due_ms, due_ms);
    DS_SET(&day->said, verdict_no, day->said.verdict_no + 1);
    DS_SET(breached, clock, DS__CLOCK__NAME__FEEDBACK);
    DS_SET(breached, n, 1);
    DS_SET(breached, verdict_no, day->said.verdict_no);
    DS_SET(breached, due_at_ms, due_ms);
    DS_SET(breached, late_ms, now_ms - due_ms);
    breached->owner = day->state.account;
}

static void say_withdrawn(struct watch_day *day, int64_t due_ms, struct ds_out *out)
{
    Ds__BreachWithdrawn *withdrawn =
        &ds_out_add(out, DS_EV_BREACH_WITHDRAWN, day->key, DS__REASON__NAME__EVIDENCE_ARRIVED, "")
             ->breach_withdrawn;

    DS_SET(withdrawn, clock, DS__CLOCK__NAME__FEEDBACK);
    DS_SET(withdrawn, n, 1);
    DS_SET(withdrawn, verdict_no, day->said.verdict_no);
    DS_SET(withdrawn, due_at_ms, due_ms);
    day->said.has_breached_due_ms = 0;
}

struct watch_dues watch_day_notice(struct watch_day *day, const struct ds_version *version,
                                   int32_t local_day, int64_t now_ms, struct ds_out *out)
{
    const struct ds_clock_rule *rule = &version->clocks[DS_CLOCK_FEEDBACK];
    int64_t due_ms = due_of(day, version, local_day);
    const struct watch_day_fact *open = unreported(day, due_ms, WATCH_NEVER);
    const struct watch_day_fact *work = first_work(day, WATCH_NEVER);
    struct watch_dues dues = {WATCH_NEVER, due_ms + rule->grace_ms};

    if (!open) {
        if (day->said.has_breached_due_ms) say_withdrawn(day, due_ms, out);
        return dues;
    }
    if (day->said.has_breached_due_ms) return dues;
    if (now_ms > due_ms) {
        say_breached(day, due_ms, now_ms, out);
        return dues;
    }
    dues.soft_ms = due_ms;
    int64_t warn_ms = work->at_ms + (due_ms - work->at_ms) / 1000 * rule->warn_permille;
    if (rule->warn_permille == 0 || day->said.has_warned_due_ms) return dues;
    if (now_ms <= warn_ms) {
        dues.soft_ms = warn_ms;
        return dues;
    }
    Ds__Warned *warned =
        &ds_out_add(out, DS_EV_WARNED, day->key, DS__REASON__NAME__WARN_BEFORE_DUE, "P3.1")->warned;
    DS_SET(warned, clock, DS__CLOCK__NAME__FEEDBACK);
    DS_SET(warned, n, 1);
    DS_SET(warned, due_at_ms, due_ms);
    warned->owner = day->state.account;
    DS_SET(&day->said, warned_due_ms, due_ms);
    return dues;
}

void watch_day_finalise(struct watch_day *day, const struct ds_version *version, int32_t local_day,
                        int64_t final_ms, struct ds_out *out)
{
    int64_t due_ms = due_of(day, version, local_day);
    const struct watch_day_fact *work = first_work(day, final_ms);
    const struct watch_day_fact *open = unreported(day, due_ms, final_ms);

    const struct watch_day_fact *started = open ? open : work;

    if (!work) return; /* reports without work: nothing was asked */
    if (!open && day->said.has_breached_due_ms) say_withdrawn(day, due_ms, out);
    Ds__Judged *judged =
        &ds_out_add(out, DS_EV_JUDGED, day->key,
                    open ? DS__REASON__NAME__NO_STOP : DS__REASON__NAME__STOP_IN_TIME, "P3.1")
             ->judged;
    DS_SET(judged, clock, DS__CLOCK__NAME__FEEDBACK);
    DS_SET(judged, n, 1);
    DS_SET(judged, verdict, open ? DS__VERDICT__NAME__BREACHED : DS__VERDICT__NAME__MET);
    DS_SET(judged, start_at_ms, work->at_ms);
    DS_SET(judged, due_at_ms, due_ms);
    judged->owner = day->state.account;
    judged->clause = "";
    DS_SET(judged, rulebook, version->number);
    judged->start_event = ds_out_ref(out, started->event.source, started->event.seq);
    DS_SET(judged, final_at_ms, final_ms);
    if (day->said.verdict_no) DS_SET(judged, verdict_no, day->said.verdict_no);
}
