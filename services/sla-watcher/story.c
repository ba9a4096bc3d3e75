/* SPDX-License-Identifier: MIT
 *
 * What the facts tell when they are read in order: the lives of a ticket, who held the job when,
 * and when work had to wait. Pure. */
#include <string.h>

#include "domain/assert.h"
#include "sla-watcher/watch.h"

const char *watch_name(const struct watch_life *life, const struct watch_fact *fact)
{
    return fact->by ? life->ticket->who[fact->by] : "";
}

const struct ds_version *watch_rules_at(const struct watch_life *life,
                                        const struct watch_fact *fact)
{
    return life->versions->of(life->versions->self, fact->rulebook);
}

const struct watch_fact *watch_first(const struct watch_life *life, enum watch_fact_kind kind)
{
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == kind) return life->facts[i];
    return NULL;
}

const struct watch_fact *watch_end(const struct watch_life *life)
{
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_RESULT_FILED || life->facts[i]->kind == FACT_CANCELLED)
            return life->facts[i];
    return NULL;
}

/* ---- offers and holders ---- */

const struct watch_fact *watch_offer(const struct watch_life *life, int64_t dispatch)
{
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_OFFERED && life->facts[i]->a == dispatch)
            return life->facts[i];
    return NULL;
}

/* A device's clock may run behind ours: a step up to this long before the offer still answers it.
 */
static int64_t earliest_answer_ms(const struct watch_life *life, const struct watch_fact *offer)
{
    return offer->at_ms - life->rules->ahead_max_ms;
}

/* Next offer to the same account; what comes after that answers the later one. */
static int64_t answers_until_ms(const struct watch_life *life, const struct watch_fact *offer)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind == FACT_OFFERED && fact->by == offer->by && fact->a > offer->a)
            return earliest_answer_ms(life, fact);
    }
    return WATCH_NEVER;
}

static bool proves_acceptance(const struct watch_fact *fact)
{
    switch (fact->kind) {
    case FACT_ACCEPTED:
    case FACT_CHECKED_IN:
    case FACT_COMPLETED:
    case FACT_RESULT_FILED: return true;
    case FACT_CONTACTED: return fact->a == 0;
    case FACT_REGISTERED:
    case FACT_OFFERED:
    case FACT_TAKEN_BACK:
    case FACT_ASSIGNED:
    case FACT_RETURNED:
    case FACT_DELAY_REPORTED:
    case FACT_RESUMED:
    case FACT_ADDRESS:
    case FACT_URGENCY:
    case FACT_APPOINTMENT:
    case FACT_REOPENED:
    case FACT_CANCELLED:
    case FACT_ORDER_FILLED:
    case FACT_DELAY_REGISTERED:
    case FACT_REJECTED:
    case FACT_ANSWERED:
    case FACT_CALLBACK:
    case FACT_COMPLAINED: return false;
    }
    DS_UNREACHABLE();
}

static const struct watch_fact *answer_to(const struct watch_life *life,
                                          const struct watch_fact *offer, bool rejection)
{
    int64_t from_ms = earliest_answer_ms(life, offer);
    int64_t until_ms = answers_until_ms(life, offer);

    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->by != offer->by || fact->at_ms < from_ms || fact->at_ms >= until_ms) continue;
        if (rejection ? fact->kind == FACT_REJECTED : proves_acceptance(fact)) return fact;
    }
    return NULL;
}

const struct watch_fact *watch_acceptance(const struct watch_life *life,
                                          const struct watch_fact *offer)
{
    return answer_to(life, offer, false);
}

const struct watch_fact *watch_rejection(const struct watch_life *life,
                                         const struct watch_fact *offer)
{
    return answer_to(life, offer, true);
}

static void find_holders(struct watch_life *life)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (fact->kind == FACT_ASSIGNED) {
            const struct watch_fact *offer = watch_offer(life, fact->a);
            const struct watch_fact *proof = offer ? watch_acceptance(life, offer) : NULL;
            DS_ASSERT(life->n_holders < WATCH_HOLDERS_MAX);
            struct watch_holder *holder = &life->holders[life->n_holders++];
            *holder = (struct watch_holder){.account = watch_name(life, fact),
                                            .dispatch = (uint32_t)fact->a,
                                            .from_ms = fact->b,
                                            .until_ms = WATCH_NEVER};
            if (proof && proof->at_ms < holder->from_ms) holder->from_ms = proof->at_ms;
            if (offer && holder->from_ms < offer->at_ms) holder->from_ms = offer->at_ms;
        }
        if (fact->kind != FACT_TAKEN_BACK) continue;
        for (uint32_t h = 0; h < life->n_holders; h++)
            if (life->holders[h].dispatch == fact->a && life->holders[h].until_ms == WATCH_NEVER)
                life->holders[h].until_ms = fact->at_ms;
    }
}

const char *watch_owner_at(const struct watch_life *life, int64_t at_ms)
{
    for (uint32_t h = life->n_holders; h > 0; h--) {
        const struct watch_holder *holder = &life->holders[h - 1];
        if (holder->from_ms <= at_ms && at_ms < holder->until_ms) return holder->account;
    }
    return life->clerk;
}

/* ---- pauses ---- */

static bool taken_back_by(const struct watch_life *life, int64_t dispatch, int64_t at_ms)
{
    for (uint32_t i = 0; i < life->n; i++)
        if (life->facts[i]->kind == FACT_TAKEN_BACK && life->facts[i]->a == dispatch)
            return life->facts[i]->at_ms <= at_ms;
    return false;
}

static bool was_his(const struct watch_life *life, const struct watch_fact *step)
{
    for (uint32_t h = 0; h < life->n_holders; h++) {
        const struct watch_holder *holder = &life->holders[h];
        if (holder->from_ms <= step->at_ms && step->at_ms < holder->until_ms &&
            strcmp(holder->account, watch_name(life, step)) == 0)
            return true;
    }
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *offer = life->facts[i];
        if (offer->kind == FACT_OFFERED && offer->by == step->by &&
            earliest_answer_ms(life, offer) <= step->at_ms &&
            !taken_back_by(life, offer->a, step->at_ms))
            return true;
    }
    return false;
}

bool watch_is_delay(const struct watch_life *life, const struct watch_fact *fact)
{
    return fact->kind == FACT_DELAY_REPORTED && (fact->a == DS_DELAY_OTHER || was_his(life, fact));
}

static void find_pauses(struct watch_life *life)
{
    for (uint32_t i = 0; i < life->n; i++) {
        const struct watch_fact *fact = life->facts[i];
        if (life->n_pauses < DS_CYCLE_INSTANCES && watch_is_delay(life, fact)) {
            const struct ds_pause_rule *rule = &life->rules->pauses[fact->a];
            struct watch_pause *pause = &life->pauses[life->n_pauses++];
            *pause = (struct watch_pause){.from_ms = fact->at_ms,
                                          .to_ms = WATCH_NEVER,
                                          .reason = (enum ds_delay)fact->a,
                                          .fact = fact};
            if (rule->at_cap == DS_AT_CAP_RESUME) pause->to_ms = fact->at_ms + rule->cap_ms;
        }
        if (fact->kind != FACT_RESUMED) continue;
        for (uint32_t p = 0; p < life->n_pauses; p++)
            if (life->pauses[p].to_ms > fact->at_ms) life->pauses[p].to_ms = fact->at_ms;
    }
}

/* Walks the union of the pauses: *next is the first pause not yet seen, [*from, *to) one piece of
 * the union that begins at or after `after`. False when there is none. */
static bool next_piece(const struct watch_life *life, uint32_t *next, int64_t after_ms,
                       int64_t *from_ms, int64_t *to_ms)
{
    while (*next < life->n_pauses && life->pauses[*next].to_ms <= after_ms)
        (*next)++;
    if (*next == life->n_pauses) return false;
    *from_ms = life->pauses[*next].from_ms > after_ms ? life->pauses[*next].from_ms : after_ms;
    *to_ms = life->pauses[*next].to_ms;
    for ((*next)++; *next < life->n_pauses && life->pauses[*next].from_ms <= *to_ms; (*next)++)
        if (life->pauses[*next].to_ms > *to_ms) *to_ms = life->pauses[*next].to_ms;
    return true;
}

int64_t watch_due_with_pauses(const struct watch_life *life, int64_t start_ms, int64_t limit_ms)
{
    int64_t due_ms = start_ms + limit_ms, after_ms = start_ms, from_ms, to_ms;
    uint32_t next = 0;

    while (next_piece(life, &next, after_ms, &from_ms, &to_ms) && from_ms < due_ms) {
        if (to_ms == WATCH_NEVER) return WATCH_NEVER;
        due_ms += to_ms - from_ms;
        after_ms = to_ms;
    }
    return due_ms;
}

int64_t watch_paused_between(const struct watch_life *life, int64_t from_ms, int64_t to_ms)
{
    int64_t paused_ms = 0, after_ms = from_ms, piece_from_ms, piece_to_ms;
    uint32_t next = 0;

    while (next_piece(life, &next, after_ms, &piece_from_ms, &piece_to_ms) &&
           piece_from_ms < to_ms) {
        if (piece_to_ms > to_ms) piece_to_ms = to_ms;
        paused_ms += piece_to_ms - piece_from_ms;
        after_ms = piece_to_ms;
    }
    return paused_ms;
}

bool watch_paused_at(const struct watch_life *life, int64_t at_ms)
{
    for (uint32_t p = 0; p < life->n_pauses; p++)
        if (life->pauses[p].from_ms <= at_ms && at_ms < life->pauses[p].to_ms) return true;
    return false;
}

/* ---- lives ---- */

static bool begins(const struct watch_fact *fact)
{
    return fact->kind == FACT_REGISTERED || fact->kind == FACT_REOPENED;
}

static bool is_work(enum watch_fact_kind kind)
{
    return kind != FACT_CALLBACK && kind != FACT_COMPLAINED && kind != FACT_REOPENED;
}

/* Life that a service's decision belongs to: its number says it, whatever the instant. */
static uint32_t cycle_of(const struct watch_fact *decision)
{
    return (uint32_t)(decision->a - 1) / DS_CYCLE_OFFERS;
}

static struct watch_life *begin_life(struct watch_story *story, const struct watch_ticket *ticket,
                                     const struct watch_fact *first,
                                     const struct watch_rules *rules)
{
    DS_ASSERT(story->n_lives < DS_CYCLES_MAX);
    struct watch_life *life = &story->lives[story->n_lives++];

    life->ticket = ticket;
    life->cycle = first->kind == FACT_REOPENED ? (uint32_t)(first->a / 32) : 0;
    life->begin = first;
    life->facts = &story->facts[story->n_facts];
    life->n = 0;
    life->head = watch_unpack_head(first->a % 32);
    life->zone = (enum ds_zone_band)(first->b % 8);
    life->reported_ms = first->b / 8 ? first->b / 8 : first->at_ms;
    life->taken_over = first->kind == FACT_REGISTERED && first->b / 8;
    life->promised_ms = life->taken_over ? first->a / 32 : first->at_ms;
    life->here_ms = life->taken_over ? first->received_ms : first->at_ms;
    life->ends_ms = WATCH_NEVER;
    life->versions = rules;
    life->rules = rules->of(rules->self, first->rulebook);
    life->clerk = watch_name(life, first);
    life->n_holders = 0;
    life->n_pauses = 0;
    const struct ds_territory *territory = ds_find_territory(life->rules, ticket->territory);
    DS_ASSERT(territory); /* territories never disappear */
    life->calendar = territory->calendar;
    if (story->n_lives > 1) story->lives[story->n_lives - 2].ends_ms = first->at_ms;
    return life;
}

/* The beginning of a life is told as of any instant: people put down afterwards what they did
 * before anybody registered it. */
static bool is_told(const struct watch_fact *fact, int64_t upto_ms, int64_t asof_ms)
{
    return fact->received_ms <= upto_ms &&
           (fact->source != DS_INTAKE || fact->at_ms <= asof_ms || begins(fact));
}

/* Collects the facts of one life: people's facts between two beginnings (a device's clock may place
 * a first step before the report), and the decisions that carry the life's numbers. What is left of
 * a life that was forgotten, a complaint about its visits, is told with the first that is known. */
static void fill_life(struct watch_story *story, struct watch_life *life, uint32_t from,
                      uint32_t to, int64_t upto_ms, int64_t asof_ms)
{
    const struct watch_ticket *ticket = life->ticket;
    bool closed = false;

    for (uint32_t i = 0; i < ticket->n_facts; i++) {
        const struct watch_fact *fact = &ticket->facts[i];
        bool people = fact->source == DS_INTAKE;
        bool left = fact->kind == FACT_COMPLAINED && life == story->lives;
        bool here = people ? (from <= i || left) && i < to : cycle_of(fact) == life->cycle;
        if (!here || !is_told(fact, upto_ms, asof_ms)) continue;
        if (people && closed && is_work(fact->kind)) continue;
        story->facts[story->n_facts++] = fact;
        life->n++;
        closed |= fact->kind == FACT_RESULT_FILED || fact->kind == FACT_CANCELLED;
    }
}

static uint32_t next_beginning(const struct watch_ticket *ticket, uint32_t at, int64_t upto_ms,
                               int64_t asof_ms)
{
    while (at < ticket->n_facts &&
           !(begins(&ticket->facts[at]) && is_told(&ticket->facts[at], upto_ms, asof_ms)))
        at++;
    return at;
}

void watch_tell(const struct watch_ticket *ticket, const struct watch_rules *rules, int64_t upto_ms,
                int64_t asof_ms, struct watch_story *story)
{
    uint32_t at = next_beginning(ticket, 0, upto_ms, asof_ms);

    story->n_facts = 0;
    story->n_lives = 0;
    while (at < ticket->n_facts) {
        uint32_t next = next_beginning(ticket, at + 1, upto_ms, asof_ms);
        struct watch_life *life = begin_life(story, ticket, &ticket->facts[at], rules);
        uint32_t from = life->begin->kind == FACT_REGISTERED ? 0 : at;
        fill_life(story, life, from, next, upto_ms, asof_ms);
        find_holders(life);
        find_pauses(life);
        at = next;
    }
}
