/* SPDX-License-Identifier: MIT
 *
 * Stored form of a watched ticket: rows of small differences, about 25 bytes a fact. */
#include "domain/ids.h"
#include "sla-watcher/watch_state.h"

/* Kinds whose a or b is an instant, stored as the difference to at_ms. */
static bool a_is_instant(enum watch_fact_kind kind)
{
    return kind == FACT_APPOINTMENT;
}

static bool b_is_instant(enum watch_fact_kind kind)
{
    return kind == FACT_OFFERED || kind == FACT_ASSIGNED;
}

/* An appointment's b holds its end and two bits for the wish. */
static int64_t b_base(enum watch_fact_kind kind, int64_t at_ms)
{
    if (kind == FACT_APPOINTMENT) return at_ms * 4;
    return b_is_instant(kind) ? at_ms : 0;
}

static bool facts_fit(const Ds__WatchTicket *stored)
{
    const int64_t *row = stored->facts;

    if (stored->n_ties > WATCH_FACTS_MAX || stored->n_facts != stored->n_ties * WATCH_FACT_NUMBERS)
        return false;
    for (size_t i = 0; i < stored->n_ties; i++, row += WATCH_FACT_NUMBERS)
        if (row[0] < FACT_REGISTERED || row[0] > FACT_COMPLAINED ||
            (row[3] & 7) >= DS_SOURCE_COUNT || row[4] < 0 || row[4] > (int64_t)stored->n_who ||
            row[5] <= 0 || row[5] >= DS_VERSIONS_MAX)
            return false;
    return true;
}

static bool said_fits(const Ds__WatchTicket *stored)
{
    if (stored->n_said > WATCH_INSTANCES_MAX * WATCH_SAID_NUMBERS ||
        stored->n_said % WATCH_SAID_NUMBERS != 0)
        return false;
    for (size_t i = 0; i < stored->n_said; i += WATCH_SAID_NUMBERS)
        if ((stored->said[i] & 15) >= DS_CLOCK_COUNT) return false;
    return true;
}

static bool returns_fit(const Ds__WatchTicket *stored)
{
    if (stored->n_returns > DS_RETURN_FACTS_MAX || stored->n_causes_found > WATCH_CAUSES_MAX)
        return false;
    for (size_t i = 0; i < stored->n_returns; i++) {
        const Ds__WatchReturn *fact = stored->returns[i];
        if (!fact->check == !fact->known) return false;
        if (fact->check && (!fact->check->category || !fact->check->invoiced_on ||
                            fact->check->n_intervals > DS_RETURN_INTERVALS))
            return false;
    }
    return true;
}

static bool rejudges_fit(const Ds__WatchTicket *stored)
{
    if (stored->n_rejudged % 2 != 0 || stored->n_asked > DS_REJUDGES_MAX) return false;
    for (size_t i = 1; i < stored->n_rejudged; i += 2)
        if (stored->rejudged[i] <= 0 || stored->rejudged[i] >= DS_VERSIONS_MAX) return false;
    for (size_t i = 0; i < stored->n_asked; i++) {
        const Ds__Rejudge *what = stored->asked[i]->what;
        if (!what || what->under == 0 || what->under >= DS_VERSIONS_MAX) return false;
    }
    return true;
}

bool watch_fits(const Ds__WatchTicket *stored)
{
    return stored && returns_fit(stored) && stored->territory && stored->n_who <= WATCH_WHO_MAX &&
           stored->n_complaints_said <= DS_COMPLAINTS_MAX && facts_fit(stored) &&
           said_fits(stored) && rejudges_fit(stored);
}

static void load_facts(struct watch_ticket *ticket, const Ds__WatchTicket *stored)
{
    const int64_t *row = stored->facts;
    int64_t at_ms = 0;

    ticket->n_facts = (uint32_t)stored->n_ties;
    for (uint32_t i = 0; i < ticket->n_facts; i++, row += WATCH_FACT_NUMBERS) {
        struct watch_fact *fact = &ticket->facts[i];
        at_ms += row[1];
        fact->kind = (enum watch_fact_kind)row[0];
        fact->at_ms = at_ms;
        fact->received_ms = at_ms + row[2];
        fact->source = (enum ds_source)(row[3] & 7);
        fact->seq = (uint64_t)row[3] >> 3;
        fact->by = (uint32_t)row[4];
        fact->rulebook = (uint32_t)row[5];
        fact->a = row[6] + (a_is_instant(fact->kind) ? at_ms : 0);
        fact->b = row[7] + b_base(fact->kind, at_ms);
        fact->tie = stored->ties[i];
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
    const int64_t *row = stored->said;

    ticket->n_said = (uint32_t)stored->n_said / WATCH_SAID_NUMBERS;
    for (uint32_t i = 0; i < ticket->n_said; i++, row += WATCH_SAID_NUMBERS)
        ticket->said[i] = (struct watch_said){
            .clock = (enum ds_clock)(row[0] & 15),
            .n = (uint32_t)(row[0] >> 4),
            .verdict_no = (uint32_t)(row[1] >> 1),
            .final = row[1] & 1,
            .warned_due_ms = or_never(row[2]),
            .breached_due_ms = or_never(row[3]),
            .capped_at_ms = or_never(row[4]),
        };
}

static void load_rejudges(struct watch_ticket *ticket, const Ds__WatchTicket *stored)
{
    ticket->rejudges = stored->rejudges;
    for (size_t i = 0; i + 1 < stored->n_rejudged; i += 2)
        for (uint32_t s = 0; s < ticket->n_said; s++)
            if (((int64_t)ticket->said[s].n << 4 | (int64_t)ticket->said[s].clock) ==
                stored->rejudged[i])
                ticket->said[s].under = (uint32_t)stored->rejudged[i + 1];
    ticket->n_asked = (uint32_t)stored->n_asked;
    for (size_t i = 0; i < stored->n_asked; i++)
        ticket->asked[i] = stored->asked[i];
}

static void load_returns(struct watch_ticket *ticket, const Ds__WatchTicket *stored)
{
    ticket->n_returns = (uint32_t)stored->n_returns;
    for (size_t i = 0; i < stored->n_returns; i++)
        ticket->returns[i] = stored->returns[i];
    ticket->returns_decided = stored->returns_decided;
    ticket->n_causes_found = (uint32_t)stored->n_causes_found;
    for (size_t i = 0; i < stored->n_causes_found; i++)
        ticket->causes_found[i] = stored->causes_found[i];
}

void watch_load(struct watch_ticket *ticket, const char *id, const Ds__WatchTicket *stored)
{
    watch_empty(ticket, id);
    if (!stored) return;
    ticket->known = true;
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
    load_rejudges(ticket, stored);
    load_returns(ticket, stored);
}

static void store_facts(const struct watch_ticket *ticket, Ds__WatchTicket *ret,
                        struct watch_columns *columns)
{
    int64_t *row = columns->facts;
    int64_t before_ms = 0;

    for (uint32_t i = 0; i < ticket->n_facts; i++, row += WATCH_FACT_NUMBERS) {
        const struct watch_fact *fact = &ticket->facts[i];
        row[0] = (int64_t)fact->kind;
        row[1] = fact->at_ms - before_ms;
        row[2] = fact->received_ms - fact->at_ms;
        row[3] = (int64_t)(fact->seq << 3 | (uint64_t)fact->source);
        row[4] = fact->by;
        row[5] = fact->rulebook;
        row[6] = fact->a - (a_is_instant(fact->kind) ? fact->at_ms : 0);
        row[7] = fact->b - b_base(fact->kind, fact->at_ms);
        columns->ties[i] = fact->tie;
        before_ms = fact->at_ms;
    }
    ret->n_facts = (size_t)ticket->n_facts * WATCH_FACT_NUMBERS;
    ret->facts = columns->facts;
    ret->n_ties = ticket->n_facts;
    ret->ties = columns->ties;
}

static void store_said(const struct watch_ticket *ticket, Ds__WatchTicket *ret,
                       struct watch_columns *columns)
{
    int64_t *row = columns->said;

    for (uint32_t i = 0; i < ticket->n_said; i++, row += WATCH_SAID_NUMBERS) {
        const struct watch_said *said = &ticket->said[i];
        row[0] = (int64_t)said->n << 4 | (int64_t)said->clock;
        row[1] = (int64_t)said->verdict_no << 1 | said->final;
        row[2] = or_zero(said->warned_due_ms);
        row[3] = or_zero(said->breached_due_ms);
        row[4] = or_zero(said->capped_at_ms);
    }
    ret->n_said = (size_t)ticket->n_said * WATCH_SAID_NUMBERS;
    ret->said = columns->said;
}

static void store_rejudges(const struct watch_ticket *ticket, Ds__WatchTicket *ret,
                           struct watch_columns *columns)
{
    if (ticket->rejudges > 0) DS_SET(ret, rejudges, ticket->rejudges);
    for (uint32_t i = 0; i < ticket->n_said; i++) {
        const struct watch_said *said = &ticket->said[i];
        if (said->under == 0) continue;
        columns->rejudged[ret->n_rejudged++] = (int64_t)said->n << 4 | (int64_t)said->clock;
        columns->rejudged[ret->n_rejudged++] = said->under;
    }
    ret->rejudged = columns->rejudged;
    ret->n_asked = ticket->n_asked;
    ret->asked = (Ds__WatchRejudge **)ticket->asked;
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
    store_rejudges(ticket, ret, columns);
    ret->n_complaints_said = ticket->n_complaints_said;
    ret->complaints_said = (uint64_t *)ticket->complaints_said;
    store_facts(ticket, ret, columns);
    ret->n_returns = ticket->n_returns;
    ret->returns = (Ds__WatchReturn **)ticket->returns;
    if (ticket->returns_decided) DS_SET(ret, returns_decided, ticket->returns_decided);
    ret->n_causes_found = ticket->n_causes_found;
    ret->causes_found = (char **)ticket->causes_found;
}
