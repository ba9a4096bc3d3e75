/* SPDX-License-Identifier: MIT
 *
 * Clause 7.3 and handbook 3.4: a complaint is settled, or answered with content, within 72 hours
 * (24 when urgent). Contacts, appointments and urges do not stop it. The customer's own wish for a
 * later time moves the due to the end of that day; our proposal of a time beyond the due does not,
 * and then whoever agreed it answers for it. */
#include <string.h>

#include "sla-watcher/watch.h"

/* A report runs from the next opening, an urgent one at once. */
static int64_t report_start_ms(const struct watch_life *life, int64_t report_ms)
{
    int64_t opening_ms = ds_cal_next_open(life->calendar, report_ms);
    int64_t start_ms = life->head.urgent ? report_ms : opening_ms;

    for (uint32_t i = 0; i < life->n && life->facts[i]->at_ms < opening_ms; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind != FACT_URGENCY) continue;
        start_ms =
            fact->a ? watch_min_ms(start_ms, watch_max_ms(fact->at_ms, report_ms)) : opening_ms;
    }
    return start_ms;
}

/* Where it became urgent before it was transferred; NULL. */
static const struct watch_fact *urgent_there(const struct watch_life *life)
{
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_URGENCY && life->facts[i]->seq == life->begin->seq)
            return life->facts[i];
    return NULL;
}

int64_t watch_promise_start_ms(const struct watch_life *life, int64_t span_ms,
                               int64_t urgent_span_ms)
{
    if (life->taken_over) {
        const struct watch_fact *urgent = urgent_there(life);
        int64_t start_ms = report_start_ms(life, life->promised_ms);
        int64_t due_ms = start_ms + (life->head.urgent ? urgent_span_ms : span_ms);
        if (urgent)
            due_ms = watch_min_ms(due_ms, watch_max_ms(start_ms, urgent->at_ms) + urgent_span_ms);
        if (due_ms >= life->begin->at_ms) return start_ms;
    }
    return report_start_ms(life, life->here_ms);
}

/* What the sweep keeps of a complaint. */
struct complaint {
    bool urgent;
    int64_t urgent_from_ms;            /* where the 24 hours begin */
    const struct watch_fact *wished;   /* appointment beyond the due that the customer wished */
    const struct watch_fact *proposed; /* last one after it that we proposed */
    int64_t due_ms;
};

static int64_t due_of(const struct watch_life *life, const struct complaint *complaint,
                      const struct watch_instance *instance)
{
    int64_t due_ms = watch_due_with_pauses(life, instance->start_ms, instance->rule->limit.span_ms);
    int64_t day_ms = INT64_MIN, urgent_ms = INT64_MAX;

    if (complaint->wished) {
        const struct ds_zone *zone = life->calendar->zone;
        day_ms = ds_end_of_day(zone, ds_local_day(zone, complaint->wished->b >> 2));
    }
    if (complaint->urgent)
        urgent_ms = watch_due_with_pauses(life, complaint->urgent_from_ms,
                                          life->rules->complaint_urgent_ms);
    /* each moves the due that stood when it came */
    if (complaint->wished && complaint->wished->at_ms < complaint->urgent_from_ms)
        return watch_min_ms(watch_max_ms(due_ms, day_ms), urgent_ms);
    return watch_max_ms(watch_min_ms(due_ms, urgent_ms), day_ms);
}

static void on_appointment(struct complaint *complaint, const struct watch_fact *agreed)
{
    int64_t to_ms = agreed->b >> 2;
    bool customers_wish = (agreed->b & 3) == DS__WISH__NAME__CUSTOMER;

    if (to_ms < agreed->at_ms) return;
    if (customers_wish && to_ms > complaint->due_ms) complaint->wished = agreed;
    /* beyond the due that stood when he agreed it: what moves it later is not his doing */
    complaint->proposed = !customers_wish && to_ms > complaint->due_ms ? agreed : NULL;
}

/* Takes the facts that move the due, in order, as long as they lie at or before it. */
static void sweep(const struct watch_life *life, struct complaint *complaint,
                  const struct watch_instance *instance)
{
    complaint->due_ms = due_of(life, complaint, instance);
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->at_ms > complaint->due_ms) return;
        if (fact->kind == FACT_APPOINTMENT) on_appointment(complaint, fact);
        if (fact->kind == FACT_URGENCY) {
            if (fact->a && !complaint->urgent)
                complaint->urgent_from_ms = watch_max_ms(fact->at_ms, instance->start_ms);
            complaint->urgent = fact->a != 0;
        }
        complaint->due_ms = due_of(life, complaint, instance);
    }
}

static const struct watch_fact *settled_by(const struct watch_life *life,
                                           const struct watch_verdicts *verdicts)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind == FACT_COMPLETED || fact->kind == FACT_RESULT_FILED ||
            (fact->kind == FACT_ANSWERED && watch_answer_settles(life, verdicts, fact)))
            return fact;
    }
    return NULL;
}

/* Was the job, since it was first offered, in nobody else's hands up to the due? */
static bool is_sole_holder(const struct watch_life *life, const char *owner, int64_t due_ms)
{
    bool offered = false;

    for (uint32_t i = 0; i < life->n && life->facts[i]->at_ms <= due_ms; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind != FACT_OFFERED) continue;
        if (strcmp(watch_name(life, fact), owner) != 0) return false;
        offered = true;
    }
    return offered;
}

uint32_t watch_holdings(const struct watch_instance *instance,
                        struct watch_holding ret[WATCH_HOLDERS_MAX + 1])
{
    const struct watch_life *life = instance->life;
    int64_t from_ms = instance->start_ms, to_ms = instance->due_ms;
    int64_t held_ms = 0;
    uint32_t n = 1; /* [0] is the clerk, who has the gaps */

    if (life->taken_over) from_ms = watch_max_ms(from_ms, life->begin->at_ms);

    for (uint32_t h = 0; h < life->n_holders; h++) {
        const struct watch_holder *holder = &life->holders[h];
        int64_t begin_ms = holder->from_ms > from_ms ? holder->from_ms : from_ms;
        int64_t end_ms = holder->until_ms < to_ms ? holder->until_ms : to_ms;
        if (end_ms <= begin_ms) continue;
        int64_t running_ms = end_ms - begin_ms - watch_paused_between(life, begin_ms, end_ms);
        uint32_t at = 1;
        while (at < n && strcmp(ret[at].account, holder->account) != 0)
            at++;
        if (at == n) ret[n++] = (struct watch_holding){holder->account, 0};
        ret[at].running_ms += running_ms;
        held_ms += running_ms;
    }
    int64_t all_ms = to_ms - from_ms - watch_paused_between(life, from_ms, to_ms);
    ret[0] = (struct watch_holding){life->clerk, all_ms - held_ms};
    return n;
}

void watch_clock_complaint(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    const struct watch_fact *cancelled = watch_first(life, FACT_CANCELLED);

    if (life->head.kind != DS_COMPLAINT) return;
    struct watch_instance *instance =
        watch_add(verdicts, life, DS_CLOCK_COMPLAINT, life->cycle + 1);
    struct complaint complaint = {.urgent = life->head.urgent};
    instance->start_ms = watch_promise_start_ms(life, instance->rule->limit.span_ms,
                                                life->rules->complaint_urgent_ms);
    instance->start_fact = life->begin;
    complaint.urgent_from_ms = instance->start_ms;
    sweep(life, &complaint, instance);
    instance->due_ms = complaint.due_ms;
    instance->due_fact = complaint.wished;
    instance->urgent = complaint.urgent;
    instance->pausable = true;
    instance->clause = instance->rule->clause;
    instance->stop_fact = settled_by(life, verdicts);
    if (instance->stop_fact) {
        instance->stop_ms = instance->stop_fact->at_ms;
        instance->closed_paused = watch_paused_at(life, instance->stop_ms);
    }
    instance->cancel_ms = cancelled ? cancelled->at_ms : life->ends_ms;
    instance->owner = watch_owner_at(life, watch_decisive_ms(instance));
    instance->sole_holder = is_sole_holder(life, instance->owner, instance->due_ms);
    if (complaint.proposed && complaint.proposed->b >> 2 > instance->due_ms) {
        instance->owner = watch_name(life, complaint.proposed);
        instance->due_fact = complaint.proposed;
        instance->appointed_beyond = true;
    }
}
