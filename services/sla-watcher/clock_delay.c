/* SPDX-License-Identifier: MIT
 *
 * P3.3: a delay that a technician reports is registered by the front desk within 30 working
 * minutes. The pause itself counts from the report, registered or not. Whose job it is not delays
 * nothing. */
#include "sla-watcher/watch.h"

static const struct watch_fact *first_after(const struct watch_life *life, uint32_t from,
                                            enum watch_fact_kind kind)
{
    for (uint32_t i = from; i < life->n; i++)
        if (life->facts[i]->kind == kind) return life->facts[i];
    return NULL;
}

/* Nobody needs to register the delay of a job that is over. */
static int64_t over_ms(const struct watch_life *life, uint32_t from)
{
    for (uint32_t i = from; i < life->n; i++) {
        enum watch_fact_kind kind = life->facts[i]->kind;
        if (kind == FACT_COMPLETED || kind == FACT_RESULT_FILED || kind == FACT_CANCELLED)
            return life->facts[i]->at_ms;
    }
    return life->ends_ms;
}

void watch_clock_delay(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < life->n && n < DS_CYCLE_INSTANCES; i++) {
        const struct watch_fact *reported = life->facts[i];
        if (!watch_is_delay(life, reported)) continue;
        n++;
        struct watch_instance *delay =
            watch_add(verdicts, life, DS_CLOCK_DELAY, life->cycle * DS_CYCLE_INSTANCES + n);
        watch_start(delay, reported, reported->at_ms);
        delay->due_ms =
            ds_due(delay->calendar, &delay->rule->limit, delay->rule->base, delay->start_ms);
        delay->stop_fact = first_after(life, i, FACT_DELAY_REGISTERED);
        if (delay->stop_fact) delay->stop_ms = delay->stop_fact->at_ms;
        delay->cancel_ms = over_ms(life, i);
        delay->owner = life->clerk;
    }
}
