/* SPDX-License-Identifier: MIT
 *
 * P1.3: within 30 minutes of the report the service order is filled, the customer contacted and the
 * visit booked (a service complaint books none). Three obligations in one clock: it stops when the
 * last of the three has happened for the first time. */
#include "sla-watcher/watch.h"

static const struct watch_fact *first_contact(const struct watch_life *life)
{
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_CONTACTED && life->facts[i]->a == 0) return life->facts[i];
    return NULL;
}

int64_t watch_order_complete_ms(const struct watch_life *life, const struct watch_fact **ret_fact)
{
    const struct watch_fact *parts[] = {
        watch_first(life, FACT_ORDER_FILLED),
        first_contact(life),
        life->head.service ? life->begin : watch_first(life, FACT_APPOINTMENT),
    };

    *ret_fact = NULL;
    if (!parts[0] || !parts[1] || !parts[2]) return WATCH_NEVER;
    *ret_fact = parts[0];
    for (int i = 1; i < 3; i++)
        if (parts[i]->at_ms > (*ret_fact)->at_ms) *ret_fact = parts[i];
    return (*ret_fact)->at_ms;
}

void watch_clock_order(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    const struct watch_fact *cancelled = watch_first(life, FACT_CANCELLED);

    if (life->begin->kind != FACT_REGISTERED || life->head.kind == DS_SYSTEM) return;
    struct watch_instance *order = watch_add(verdicts, life, DS_CLOCK_ORDER, 1);
    order->start_ms = life->here_ms;
    order->start_fact = life->begin;
    order->due_ms = ds_due(life->calendar, &order->rule->limit, order->rule->base, order->start_ms);
    order->stop_ms = watch_order_complete_ms(life, &order->stop_fact);
    if (cancelled) order->cancel_ms = cancelled->at_ms;
    order->owner = life->clerk;
}
