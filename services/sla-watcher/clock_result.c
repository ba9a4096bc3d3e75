/* SPDX-License-Identifier: MIT
 *
 * P3.3 and clause 7.4: the result is filed within 12 hours of completion, by whoever completed. A
 * result without a completion proves the completion at its own time, and ends the life of the
 * ticket. For complaints a final breach is 7.4; for installs it is an alert and a line in the
 * table. */
#include "sla-watcher/watch.h"

struct result {
    struct watch_instance *at; /* completed, result not yet filed */
    uint32_t opened;
    bool filed; /* and nobody has been there since */
};

static struct watch_instance *begin_result(const struct watch_life *life,
                                           struct watch_verdicts *verdicts, struct result *result,
                                           const struct watch_fact *completed)
{
    if (result->opened == DS_CYCLE_INSTANCES) return NULL;
    result->opened++;
    struct watch_instance *at = watch_add(verdicts, life, DS_CLOCK_RESULT,
                                          life->cycle * DS_CYCLE_INSTANCES + result->opened);
    watch_start(at, completed, completed->at_ms);
    at->due_ms = ds_due(at->calendar, &at->rule->limit, at->rule->base, at->start_ms);
    at->owner = watch_name(life, completed);
    if (life->head.kind == DS_COMPLAINT) at->clause = at->rule->clause;
    return at;
}

static void on_completed(const struct watch_life *life, struct watch_verdicts *verdicts,
                         struct result *result, const struct watch_fact *completed)
{
    /* after a result, only another visit makes another completion */
    if (!result->at && !result->filed) result->at = begin_result(life, verdicts, result, completed);
}

static void on_filed(const struct watch_life *life, struct watch_verdicts *verdicts,
                     struct result *result, const struct watch_fact *filed)
{
    struct watch_instance *at = result->at;

    if (!at && !result->filed) at = begin_result(life, verdicts, result, filed);
    if (at) {
        at->stop_ms = filed->at_ms;
        at->stop_fact = filed;
    }
    result->at = NULL;
    result->filed = true;
}

void watch_clock_result(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    struct result result = {0};

    if (life->head.kind == DS_SYSTEM) return;
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind == FACT_CHECKED_IN) result.filed = false;
        if (fact->kind == FACT_COMPLETED || (fact->kind == FACT_ANSWERED && life->head.service))
            on_completed(life, verdicts, &result, fact);
        if (fact->kind == FACT_RESULT_FILED) on_filed(life, verdicts, &result, fact);
        if (fact->kind == FACT_CANCELLED && result.at) result.at->cancel_ms = fact->at_ms;
    }
    if (result.at && result.at->cancel_ms > life->ends_ms) result.at->cancel_ms = life->ends_ms;
}
