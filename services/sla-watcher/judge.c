/* SPDX-License-Identifier: MIT
 *
 * All clocks of a ticket from its story, and what an instance says by itself (handbook 3.1): met
 * iff stop <= due, a cancel at or before the due cancels, a breach is dated at its due. */
#include "domain/assert.h"
#include "sla-watcher/watch.h"

struct watch_instance *watch_add(struct watch_verdicts *verdicts, const struct watch_life *life,
                                 enum ds_clock clock, uint32_t n)
{
    DS_ASSERT(verdicts->n < WATCH_INSTANCES_MAX);
    struct watch_instance *instance = &verdicts->list[verdicts->n++];

    *instance = (struct watch_instance){
        .clock = clock,
        .n = n,
        .life = life,
        .rules = life->rules,
        .rule = &life->rules->clocks[clock],
        .calendar = life->calendar,
        .due_ms = WATCH_NEVER,
        .stop_ms = WATCH_NEVER,
        .cancel_ms = WATCH_NEVER,
        .owner = "",
        .clause = "",
    };
    return instance;
}

/* A clock keeps the rules that were in force when what it starts at was recorded: the ticket may
 * have lived under several. */
void watch_start(struct watch_instance *instance, const struct watch_fact *start, int64_t start_ms)
{
    instance->start_fact = start;
    instance->start_ms = start_ms;
    if (!start || watch_rules_at(instance->life, start) == instance->rules) return;
    instance->rules = watch_rules_at(instance->life, start);
    instance->rule = &instance->rules->clocks[instance->clock];
    const struct ds_territory *territory =
        ds_find_territory(instance->rules, instance->life->ticket->territory);
    DS_ASSERT(territory); /* territories never disappear */
    instance->calendar = territory->calendar;
}

void watch_judge(const struct watch_story *story, struct watch_verdicts *verdicts)
{
    verdicts->n = 0;
    for (uint32_t i = 0; i < story->n_lives; i++) {
        const struct watch_life *life = &story->lives[i];
        watch_clock_order(life, verdicts);
        watch_clock_visit(life, verdicts); /* tells dispatch and complaint what an answer settles */
        watch_clock_dispatch(life, verdicts);
        watch_clock_accept(life, verdicts);
        watch_clock_contact(life, verdicts);
        watch_clock_complaint(life, verdicts);
        watch_clock_delay(life, verdicts);
        watch_clock_result(life, verdicts);
        watch_clock_callback(life, verdicts);
    }
}

int64_t watch_decisive_ms(const struct watch_instance *instance)
{
    int64_t decisive_ms = instance->due_ms;

    if (instance->stop_ms < decisive_ms) decisive_ms = instance->stop_ms;
    if (instance->cancel_ms < decisive_ms) decisive_ms = instance->cancel_ms;
    /* what ended before it began was decided when it began */
    return decisive_ms > instance->start_ms ? decisive_ms : instance->start_ms;
}

enum ds_verdict watch_verdict(const struct watch_instance *instance)
{
    if (watch_decisive_ms(instance) == WATCH_NEVER) return DS_VERDICT_NONE;
    if (instance->cancel_ms <= instance->due_ms && instance->cancel_ms < instance->stop_ms)
        return DS_CANCELLED;
    if (instance->stop_ms <= instance->due_ms)
        return instance->closed_paused ? DS_CLOSED_PAUSED : DS_MET;
    return DS_BREACHED;
}

int64_t watch_warn_ms(const struct watch_instance *instance)
{
    const struct ds_clock_rule *rule = instance->rule;
    bool working = rule->base == DS_BASE_WORKING && rule->limit.form == DS_LIMIT_SPAN;

    if (instance->due_ms == WATCH_NEVER) return WATCH_NEVER;
    if (rule->warn_after_ms > 0)
        return working ? ds_cal_add(instance->calendar, instance->start_ms, rule->warn_after_ms)
                       : instance->start_ms + rule->warn_after_ms;
    if (rule->warn_permille == 0) return WATCH_NEVER;
    if (working)
        return ds_cal_add(instance->calendar, instance->start_ms,
                          rule->limit.span_ms * rule->warn_permille / 1000);
    return instance->start_ms +
           (instance->due_ms - instance->start_ms) / 1000 * rule->warn_permille;
}
