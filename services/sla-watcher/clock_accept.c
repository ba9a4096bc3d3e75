/* SPDX-License-Identifier: MIT
 *
 * Clause 7.1: an offer is accepted, or rejected with a reason, within 30 minutes of the asked
 * technician's working time. One instance per dispatch, owned by whom it was offered to, whatever
 * became of the job afterwards. Dispatch 0 is a maker's dispatch in our own inbox: the clerk on
 * duty answers for it. */
#include "domain/assert.h"
#include "sla-watcher/watch.h"

/* Somebody who had accepted an earlier offer in time got the job back, and nobody had it since: who
 * was asked meanwhile should never have been (handbook 3.5). */
static bool was_needless(const struct watch_life *life, const struct watch_fact *offer)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *assigned = life->facts[i];
        if (assigned->kind != FACT_ASSIGNED || assigned->seq < offer->seq) continue;
        const struct watch_fact *earlier = watch_offer(life, assigned->a);
        return earlier && assigned->a < offer->a && assigned->b <= earlier->b;
    }
    return false;
}

/* What takes an offer away from somebody without his doing; a lapse does not, it is the breach,
 * unless he should not have been asked. */
static int64_t withdrawn_ms(const struct watch_life *life, const struct watch_fact *offer,
                            int64_t due_ms)
{
    const struct watch_fact *cancelled = watch_first(life, FACT_CANCELLED);
    int64_t withdrawn_at_ms = life->ends_ms;

    if (cancelled && cancelled->at_ms < withdrawn_at_ms) withdrawn_at_ms = cancelled->at_ms;
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind != FACT_TAKEN_BACK || fact->a != offer->a) continue;
        if (fact->b == DS__TAKEN_BACK_WHY__NAME__REJECTED) continue;
        if (fact->b == DS__TAKEN_BACK_WHY__NAME__LAPSED) {
            if (was_needless(life, offer)) return offer->at_ms;
            /* judged again under a longer limit: the system took it before he was late */
            if (fact->at_ms > due_ms) continue;
        }
        if (fact->at_ms < withdrawn_at_ms) withdrawn_at_ms = fact->at_ms;
    }
    return withdrawn_at_ms;
}

static const struct watch_fact *earlier(const struct watch_fact *a, const struct watch_fact *b)
{
    if (!a || !b) return a ? a : b;
    return b->at_ms < a->at_ms ? b : a;
}

/* Whom the dispatcher holds to have accepted has done so then, although what he said is no part of
 * the job any more: he took it before he was asked, told by telephone perhaps, or a result came in
 * late that was there before he was asked. */
static const struct watch_fact *held_to_have_accepted(const struct watch_life *life,
                                                      const struct watch_fact *offer)
{
    const struct watch_fact *first = NULL;

    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind == FACT_ASSIGNED && fact->a == offer->a && (!first || fact->b < first->b))
            first = fact;
    }
    return first;
}

static void add_offer(const struct watch_life *life, struct watch_verdicts *verdicts,
                      const struct watch_fact *offer)
{
    struct watch_instance *accept = watch_add(verdicts, life, DS_CLOCK_ACCEPT, (uint32_t)offer->a);

    watch_start(accept, offer, offer->at_ms);
    const struct ds_account *account = ds_find_account(accept->rules, watch_name(life, offer));
    accept->due_ms = offer->b;
    accept->owner = watch_name(life, offer);
    accept->clause = accept->rule->clause;
    if (account) {
        accept->due_ms = ds_accept_due(accept->rules, account, offer->at_ms);
        /* the dispatcher offered under the same rules: one function, one answer */
        DS_ASSERT(accept->due_ms == offer->b || accept->rules->number != offer->rulebook);
        accept->calendar = account->calendar;
    }
    accept->stop_fact = earlier(watch_acceptance(life, offer), watch_rejection(life, offer));
    if (accept->stop_fact) accept->stop_ms = watch_max_ms(accept->stop_fact->at_ms, offer->at_ms);
    const struct watch_fact *held = held_to_have_accepted(life, offer);
    if (held && watch_max_ms(held->b, offer->at_ms) < accept->stop_ms) {
        accept->stop_fact = held;
        accept->stop_ms = watch_max_ms(held->b, offer->at_ms);
    }
    accept->cancel_ms = withdrawn_ms(life, offer, accept->due_ms);
}

/* Any step of ours shows that the inbox was looked into. */
static const struct watch_fact *first_own_step(const struct watch_life *life)
{
    for (uint32_t i = 0; i < life->n; i++) {
        enum watch_fact_kind kind = life->facts[i]->kind;
        if (kind == FACT_ACCEPTED || kind == FACT_ORDER_FILLED || kind == FACT_CONTACTED ||
            kind == FACT_APPOINTMENT || kind == FACT_OFFERED)
            return life->facts[i];
    }
    return NULL;
}

static void add_inbox(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    const struct watch_fact *cancelled = watch_first(life, FACT_CANCELLED);
    struct watch_instance *accept = watch_add(verdicts, life, DS_CLOCK_ACCEPT, 0);

    accept->start_ms = life->here_ms;
    accept->start_fact = life->begin;
    accept->due_ms =
        ds_due(life->calendar, &accept->rule->limit, accept->rule->base, accept->start_ms);
    accept->owner = life->clerk;
    accept->clause = accept->rule->clause;
    accept->stop_fact = first_own_step(life);
    if (accept->stop_fact) accept->stop_ms = accept->stop_fact->at_ms;
    if (cancelled) accept->cancel_ms = cancelled->at_ms;
}

void watch_clock_accept(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    if (life->head.service) return; /* the clerk's own affair, whoever helps him with it */
    if (life->begin->kind == FACT_REGISTERED && life->head.by_maker) add_inbox(life, verdicts);
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_OFFERED) add_offer(life, verdicts, life->facts[i]);
}
