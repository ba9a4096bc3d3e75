/* SPDX-License-Identifier: MIT
 *
 * Stored form of a watched ticket: columns of small differences, about 25 bytes a fact. */
#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/watch.h"

/* Kinds whose a or b is an instant, stored as the difference to at_ms. */
static bool a_is_instant(enum watch_fact_kind kind)
{
    return kind == FACT_APPOINTMENT;
}

static bool b_is_instant(enum watch_fact_kind kind)
{
    return kind == FACT_OFFERED || kind == FACT_ASSIGNED || kind == FACT_CALLBACK_REQUESTED;
}

/* An appointment's b holds its end and two bits for the wish. */
static int64_t b_base(enum watch_fact_kind kind, int64_t at_ms)
{
    if (kind == FACT_APPOINTMENT) return at_ms * 4;
    return b_is_instant(kind) ? at_ms : 0;
}

static void load_facts(struct watch_ticket *ticket, const Ds__WatchTicket *stored)
{
    int64_t at_ms = 0;

    DS_ASSERT(stored->n_kind <= WATCH_FACTS_MAX);
    ticket->n_facts = (uint32_t)stored->n_kind;
    for (size_t i = 0; i < stored->n_kind; i++) {
        struct watch_fact *fact = &ticket->facts[i];
        at_ms += stored->at_ms[i];
        fact->kind = (enum watch_fact_kind)stored->kind[i];
        fact->at_ms = at_ms;
        fact->received_ms = at_ms + stored->received_ms[i];
        fact->source = (enum ds_source)(stored->source_seq[i] & 7);
        fact->seq = stored->source_seq[i] >> 3;
        fact->by = stored->by[i];
        fact->rulebook = stored->rulebook[i];
        fact->tie = stored->tie[i];
        fact->a = stored->a_ms[i] + (a_is_instant(fact->kind) ? at_ms : 0);
        fact->b = stored->b_ms[i] + b_base(fact->kind, at_ms);
    }
}

static int64_t or_never(int64_t stored_ms)
{
    return stored_ms ? stored_ms : WATCH_NEVER;
}

static int64_t or_zero(int64_t ms)
{
    return ms == WATCH_NEVER ? 0 : ms;
}

static void load_said(struct watch_ticket *ticket, const Ds__WatchTicket *stored)
{
    DS_ASSERT(stored->n_said <= WATCH_INSTANCES_MAX);
    ticket->n_said = (uint32_t)stored->n_said;
    for (size_t i = 0; i < stored->n_said; i++)
        ticket->said[i] = (struct watch_said){
            .clock = (enum ds_clock)(stored->said[i] & 15),
            .n = stored->said[i] >> 4,
            .warned_due_ms = or_never(stored->said_warned_ms[i]),
            .breached_due_ms = or_never(stored->said_breached_ms[i]),
            .capped_at_ms = or_never(stored->said_capped_ms[i]),
            .verdict_no = stored->said_no[i] >> 1,
            .final = stored->said_no[i] & 1,
        };
}

void watch_load(struct watch_ticket *ticket, const char *id, const Ds__WatchTicket *stored)
{
    ds_copy(ticket->id, sizeof ticket->id, id);
    ticket->known = stored != NULL;
    ticket->territory = "";
    ticket->n_who = ticket->n_facts = ticket->n_said = ticket->n_complaints_said = 0;
    ticket->settled_ms = 0;
    if (!stored) return;
    DS_ASSERT(stored->n_who <= WATCH_WHO_MAX && stored->n_complaints_said <= WATCH_COMPLAINTS_MAX);
    ticket->territory = stored->territory;
    ticket->settled_ms = stored->settled_ms;
    ticket->n_who = (uint32_t)stored->n_who;
    for (size_t i = 0; i < stored->n_who; i++)
        ticket->who[i + 1] = stored->who[i];
    load_said(ticket, stored);
    ticket->n_complaints_said = (uint32_t)stored->n_complaints_said;
    for (size_t i = 0; i < stored->n_complaints_said; i++)
        ticket->complaints_said[i] = stored->complaints_said[i];
    load_facts(ticket, stored);
}

static void store_facts(const struct watch_ticket *ticket, struct watch_columns *columns)
{
    int64_t before_ms = 0;

    for (uint32_t i = 0; i < ticket->n_facts; i++) {
        const struct watch_fact *fact = &ticket->facts[i];
        columns->kind[i] = (uint32_t)fact->kind;
        columns->at_ms[i] = fact->at_ms - before_ms;
        columns->received_ms[i] = fact->received_ms - fact->at_ms;
        columns->source_seq[i] = fact->seq << 3 | (uint64_t)fact->source;
        columns->by[i] = fact->by;
        columns->rulebook[i] = fact->rulebook;
        columns->tie[i] = fact->tie;
        columns->a[i] = fact->a - (a_is_instant(fact->kind) ? fact->at_ms : 0);
        columns->b[i] = fact->b - b_base(fact->kind, fact->at_ms);
        before_ms = fact->at_ms;
    }
}

static void store_said(const struct watch_ticket *ticket, Ds__WatchTicket *ret,
                       struct watch_columns *columns)
{
    for (uint32_t i = 0; i < ticket->n_said; i++) {
        const struct watch_said *said = &ticket->said[i];
        columns->said[i] = said->n << 4 | (uint32_t)said->clock;
        columns->said_no[i] = said->verdict_no << 1 | said->final;
        columns->said_warned_ms[i] = or_zero(said->warned_due_ms);
        columns->said_breached_ms[i] = or_zero(said->breached_due_ms);
        columns->said_capped_ms[i] = or_zero(said->capped_at_ms);
    }
    ret->n_said = ret->n_said_no = ret->n_said_warned_ms = ret->n_said_breached_ms =
        ret->n_said_capped_ms = ticket->n_said;
    ret->said = columns->said;
    ret->said_no = columns->said_no;
    ret->said_warned_ms = columns->said_warned_ms;
    ret->said_breached_ms = columns->said_breached_ms;
    ret->said_capped_ms = columns->said_capped_ms;
}

void watch_store(const struct watch_ticket *ticket, Ds__WatchTicket *ret,
                 struct watch_columns *columns)
{
    ds__watch_ticket__init(ret);
    ret->territory = (char *)ticket->territory;
    DS_SET(ret, settled_ms, ticket->settled_ms);
    for (uint32_t i = 0; i < ticket->n_who; i++)
        columns->who[i] = (char *)ticket->who[i + 1];
    ret->n_who = ticket->n_who;
    ret->who = columns->who;
    store_said(ticket, ret, columns);
    ret->n_complaints_said = ticket->n_complaints_said;
    ret->complaints_said = (uint64_t *)ticket->complaints_said;
    store_facts(ticket, columns);
    ret->n_kind = ret->n_at_ms = ret->n_received_ms = ret->n_source_seq = ret->n_by =
        ret->n_rulebook = ret->n_tie = ret->n_a_ms = ret->n_b_ms = ticket->n_facts;
    ret->kind = columns->kind;
    ret->at_ms = columns->at_ms;
    ret->received_ms = columns->received_ms;
    ret->source_seq = columns->source_seq;
    ret->by = columns->by;
    ret->rulebook = columns->rulebook;
    ret->tie = columns->tie;
    ret->a_ms = columns->a;
    ret->b_ms = columns->b;
}
