/* SPDX-License-Identifier: MIT
 *
 * P2.1: the technician calls the customer within 10 working minutes of accepting. Being on site, or
 * anything later, proves it. One instance per dispatch that he came to hold. */
#include "sla-watcher/watch.h"

static const struct watch_fact *first_touch(const struct watch_life *life, uint32_t by,
                                            int64_t from_ms)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        bool touch = (fact->kind == FACT_CONTACTED && fact->a == 0) ||
                     fact->kind == FACT_CHECKED_IN || fact->kind == FACT_COMPLETED ||
                     fact->kind == FACT_RESULT_FILED;
        if (touch && fact->by == by && fact->at_ms >= from_ms) return fact;
    }
    return NULL;
}

static int64_t job_lost_ms(const struct watch_life *life, const struct watch_holder *holder)
{
    const struct watch_fact *cancelled = watch_first(life, FACT_CANCELLED);
    int64_t lost_ms = holder->until_ms < life->ends_ms ? holder->until_ms : life->ends_ms;

    return cancelled && cancelled->at_ms < lost_ms ? cancelled->at_ms : lost_ms;
}

void watch_clock_contact(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    if (life->head.kind == DS_SYSTEM || life->head.service) return;
    for (uint32_t h = 0; h < life->n_holders; h++) {
        const struct watch_holder *holder = &life->holders[h];
        const struct watch_fact *offer = watch_offer(life, holder->dispatch);
        if (!offer) continue;
        struct watch_instance *contact =
            watch_add(verdicts, life, DS_CLOCK_CONTACT, holder->dispatch);
        const struct watch_fact *accepted = watch_acceptance(life, offer);
        watch_start(contact, accepted ? accepted : offer, holder->from_ms);
        contact->start_fact = accepted;
        const struct ds_account *account = ds_find_account(contact->rules, holder->account);
        if (account) contact->calendar = account->calendar;
        contact->due_ms = ds_due(contact->calendar, &contact->rule->limit, contact->rule->base,
                                 contact->start_ms);
        contact->stop_fact = first_touch(life, offer->by, contact->start_ms);
        if (contact->stop_fact) contact->stop_ms = contact->stop_fact->at_ms;
        contact->cancel_ms = job_lost_ms(life, holder);
        contact->owner = holder->account;
    }
}
