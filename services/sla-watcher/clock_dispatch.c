/* SPDX-License-Identifier: MIT
 *
 * P2.1 "in time": from the complete order, or from the moment the job came back to the clerk, to
 * the next offer. Numbered by the wait, not by the dispatch: a job that was given back to an
 * earlier technician and came back again waits twice for the same dispatch. */
#include "sla-watcher/watch.h"

static const struct watch_fact *first_offer_from(const struct watch_life *life, int64_t dispatch)
{
    const struct watch_fact *first = NULL;

    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind == FACT_OFFERED && fact->a >= dispatch && (!first || fact->a < first->a))
            first = fact;
    }
    return first;
}

/* Something that makes a dispatch needless: cancelled, done without one, or an earlier technician's
 * acceptance gave him the job back. */
static int64_t needless_ms(const struct watch_life *life, const struct watch_verdicts *verdicts,
                           int64_t from_ms)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        bool done = fact->kind == FACT_COMPLETED || fact->kind == FACT_RESULT_FILED ||
                    (fact->kind == FACT_ANSWERED && watch_answer_settles(life, verdicts, fact));
        if (fact->kind == FACT_CANCELLED || done)
            return fact->at_ms > from_ms ? fact->at_ms : from_ms;
        if (fact->kind == FACT_ASSIGNED && fact->at_ms >= from_ms) return fact->at_ms;
    }
    return life->ends_ms;
}

static void add_wait(const struct watch_life *life, struct watch_verdicts *verdicts,
                     const struct watch_fact *start, int64_t start_ms, uint32_t nth,
                     int64_t dispatch)
{
    const struct watch_fact *offer = first_offer_from(life, dispatch);

    if (offer && offer->at_ms < start_ms) return; /* dispatched before the order was complete */
    struct watch_instance *wait =
        watch_add(verdicts, life, DS_CLOCK_DISPATCH, life->cycle * DS_CYCLE_OFFERS + nth);
    watch_start(wait, start, start_ms);
    wait->due_ms = ds_due(wait->calendar, &wait->rule->limit, wait->rule->base, start_ms);
    wait->stop_fact = offer;
    if (offer) wait->stop_ms = offer->at_ms;
    wait->cancel_ms = needless_ms(life, verdicts, start_ms);
    wait->owner = life->clerk;
}

void watch_clock_dispatch(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    const struct watch_fact *complete = life->begin;
    const int64_t first = (int64_t)life->cycle * DS_CYCLE_OFFERS + 1;
    int64_t complete_ms = life->begin->at_ms;
    uint32_t nth = 1;

    if (life->head.kind == DS_SYSTEM || life->head.service) return;
    if (life->begin->kind == FACT_REGISTERED)
        complete_ms = watch_order_complete_ms(life, &complete);
    if (complete_ms != WATCH_NEVER) add_wait(life, verdicts, complete, complete_ms, nth, first);
    for (uint32_t i = 0; i < life->n && nth < DS_CYCLE_OFFERS; i++) {
        const struct watch_fact *back = life->facts[i];
        /* nobody to ask at all is the first wait still */
        if (back->kind == FACT_RETURNED && back->a > first)
            add_wait(life, verdicts, back, back->at_ms, ++nth, back->a);
    }
}
