/* SPDX-License-Identifier: MIT
 *
 * P-2.1: every install and complaint that is finished or cancelled is called back: reached, or
 * enough attempts on enough days and at enough times of the day, by the end of work on the third
 * working day. */
#include "domain/callback.h"
#include "sla-watcher/watch.h"

static void find_stop(const struct watch_life *life, struct watch_instance *callback)
{
    struct ds_attempt attempts[DS_FACTS_MAX];
    uint32_t n = 0;

    for (uint32_t i = 0; i < life->n && n < DS_FACTS_MAX; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind != FACT_CALLBACK) continue;
        if (fact->at_ms < callback->start_ms) continue;
        attempts[n++] = (struct ds_attempt){fact->at_ms, fact->a != 0};
    }
    callback->stop_ms = ds_callback_done_ms(callback->rules, callback->calendar->zone, attempts, n);
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_CALLBACK && life->facts[i]->at_ms == callback->stop_ms)
            callback->stop_fact = life->facts[i];
}

void watch_clock_callback(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    const struct watch_fact *end = watch_end(life);

    if (!end || life->head.kind == DS_SYSTEM) return;
    if (end->kind == FACT_CANCELLED && end->a) return; /* transferred: it is not over */
    struct watch_instance *callback =
        watch_add(verdicts, life, DS_CLOCK_CALLBACK, life->cycle * DS_CYCLE_INSTANCES + 1);
    watch_start(callback, end, end->at_ms);
    callback->due_ms = ds_due(callback->calendar, &callback->rule->limit, callback->rule->base,
                              callback->start_ms);
    find_stop(life, callback);
    callback->cancel_ms = life->ends_ms;
    callback->owner = life->clerk;
}
