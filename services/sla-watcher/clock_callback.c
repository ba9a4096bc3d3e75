/* SPDX-License-Identifier: MIT
 *
 * P-2.1: every finished install and complaint is called back: reached, or enough attempts on enough
 * days, by the end of work on the third working day. */
#include "domain/callback.h"
#include "sla-watcher/watch.h"

static void find_stop(const struct watch_life *life, struct watch_instance *callback,
                      int64_t until_ms)
{
    struct ds_attempt attempts[DS_FACTS_MAX];
    uint32_t n = 0;

    for (uint32_t i = 0; i < life->n && n < DS_FACTS_MAX; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind != FACT_CALLBACK) continue;
        if (fact->at_ms < callback->start_ms || fact->at_ms >= until_ms) continue;
        attempts[n++] = (struct ds_attempt){fact->at_ms, fact->a != 0};
    }
    callback->stop_ms = ds_callback_done_ms(life->rules, life->calendar->zone, attempts, n);
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_CALLBACK && life->facts[i]->at_ms == callback->stop_ms)
            callback->stop_fact = life->facts[i];
}

static int64_t next_request_ms(const struct watch_life *life, int64_t task)
{
    int64_t next_ms = WATCH_NEVER;

    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind == FACT_CALLBACK_REQUESTED && fact->a > task && fact->b < next_ms)
            next_ms = fact->b;
    }
    return next_ms;
}

void watch_clock_callback(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *requested = life->facts[i];
        if (requested->kind != FACT_CALLBACK_REQUESTED) continue;
        struct watch_instance *callback =
            watch_add(verdicts, life, DS_CLOCK_CALLBACK, (uint32_t)requested->a);
        callback->start_ms = requested->b;
        callback->start_fact = requested;
        callback->due_ms = ds_due(life->calendar, &callback->rule->limit, callback->rule->base,
                                  callback->start_ms);
        find_stop(life, callback, next_request_ms(life, requested->a));
        callback->cancel_ms = life->ends_ms;
        callback->owner = life->clerk;
    }
}
