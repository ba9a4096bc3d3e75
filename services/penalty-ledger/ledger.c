/* SPDX-License-Identifier: MIT
 *
 * The way of an event through the ledger: look up, decide, book. */
#include "penalty-ledger/adapter.h"

#include <string.h>

#include "domain/assert.h"

void ledger_key(char key[DS_KEY_MAX + 1], char prefix, const char *id)
{
    key[0] = prefix;
    ds_copy(key + 1, DS_KEY_MAX, id);
}

/* ---- look-ups for the rules ---- */

static const struct ds_version *rules(const void *self, uint32_t number)
{
    return ds_part_rules_of(self, number);
}

static const Ds__LedgerEntry *find_entry(const void *self, const char *id)
{
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'E', id);
    return ds_part_get((struct ds_part *)self, key, &ds__ledger_entry__descriptor);
}

static const Ds__LedgerProposal *find_proposal(const void *self, const char *id)
{
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'Q', id);
    return ds_part_get((struct ds_part *)self, key, &ds__ledger_proposal__descriptor);
}

static const Ds__LedgerObligation *find_obligation(const void *self, const char *id)
{
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'O', id);
    return ds_part_get((struct ds_part *)self, key, &ds__ledger_obligation__descriptor);
}

static const Ds__LedgerClosings *find_closings(const void *self, const char *territory)
{
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'C', territory);
    return ds_part_get((struct ds_part *)self, key, &ds__ledger_closings__descriptor);
}

static void load_visits(struct ds_part *part, const char *ticket, struct ledger_visits *visits)
{
    char key[DS_KEY_MAX + 1];

    visits->n = 0;
    visits->changed = false;
    visits->keep_until_ms = 0;
    ledger_key(key, 'T', ticket);
    const Ds__LedgerTicket *stored = ds_part_get(part, key, &ds__ledger_ticket__descriptor);
    if (!stored) return;
    DS_ASSERT(stored->n_visits <= LEDGER_VISITS_MAX);
    ds_copy_bytes(visits->list, stored->visits, stored->n_visits * sizeof visits->list[0]);
    visits->n = (uint32_t)stored->n_visits;
    visits->keep_until_ms = stored->hard_due_ms;
}

static void store_visits(struct ds_part *part, const char *ticket, struct ledger_visits *visits)
{
    Ds__LedgerTicket state = DS__LEDGER_TICKET__INIT;
    struct ds_dues dues = {{DS_NO_DUE, visits->keep_until_ms, DS_NO_DUE}};
    char key[DS_KEY_MAX + 1];

    if (!visits->changed) return;
    ledger_key(key, 'T', ticket);
    state.n_visits = visits->n;
    state.visits = visits->list;
    ds_part_put(part, key, &state.base, &dues);
}

/* ---- the service ---- */

static bool concerns(int type)
{
    switch (type) {
    case DS_EV_JUDGED:
    case DS_EV_REJUDGED:
    case DS_EV_VISITS_FINAL:
    case DS_EV_CONTRADICTION_FOUND:
    case DS_EV_RETURN_CAUSE_FOUND:
    case DS_EV_VIOLATION_REPORTED:
    case DS_EV_CONFIRM_REQUESTED:
    case DS_EV_REJECT_REQUESTED:
    case DS_EV_REVERSAL_REQUESTED:
    case DS_EV_OBLIGATION_CLOSE_REQUESTED:
    case DS_EV_ENTRY_APPEALED:
    case DS_EV_APPEAL_DECISION_REQUESTED:
    case DS_EV_MONTH_CLOSE_REQUESTED:
    case DS_EV_INSTALMENTS_REQUESTED: return true;
    default: return false;
    }
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    struct ledger_visits visits;
    struct ledger_decisions decisions = {.n = 0};
    struct ledger_view view = {rules,         find_entry, find_proposal,   find_obligation,
                               find_closings, part,       part->partition, part->rulebook};

    if (!concerns((int)event->type)) return;
    load_visits(part, ds_str(event->msg->subject), &visits);
    ledger_step(event, &view, &visits, out, &decisions);
    for (uint32_t i = 0; i < decisions.n; i++)
        ledger_carry_out(part, &decisions.list[i], out);
    store_visits(part, ds_str(event->msg->subject), &visits);
    if (decisions.outcome == DS__OUTCOME_CODE__NAME__NONE) return;
    Ds__Outcome *outcome = ds_out_outcome(out, event, decisions.outcome, decisions.reason, "");
    if (decisions.not_before_ms > 0) DS_SET(outcome, not_before_ms, decisions.not_before_ms);
}

/* A proposal that nobody decided; a month of which everything is booked; broken visits that no
 * complaint can be paired with any more. */
static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];

    (void)kind;
    ds_copy(key, sizeof key, entity->key);
    switch (key[0]) {
    case 'Q': ledger_expire(part, key, due_ms, out); return;
    case 'C': ledger_announce_closing(part, key, due_ms, out); return;
    default: ds_part_delete(part, key); return;
    }
}

static bool entry_loaded(const Ds__LedgerEntry *state)
{
    return state && state->clause && state->account;
}

static bool proposal_loaded(const Ds__LedgerProposal *state)
{
    const Ds__Entry *entry = state ? state->entry : NULL;

    return entry && entry->key && entry->clause && entry->account && entry->rulebook > 0;
}

static bool visits_loaded(const Ds__LedgerTicket *state)
{
    if (!state || state->n_visits > LEDGER_VISITS_MAX) return false;
    for (size_t i = 0; i < state->n_visits; i++)
        if (state->visits[i]->rulebook == 0) return false;
    return true;
}

static bool obligation_loaded(const Ds__LedgerObligation *state)
{
    return state && state->account && state->clause;
}

static bool closings_loaded(const Ds__LedgerClosings *state)
{
    return state && state->announced <= state->n_closings;
}

static bool chain_loaded(const Ds__LedgerPartition *state)
{
    return state && state->chain.len == LEDGER_CHAIN_BYTES;
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    switch (entity->key[0]) {
    case 'E': return entry_loaded(ds_part_unpack(part, entity, &ds__ledger_entry__descriptor));
    case 'Q':
        return proposal_loaded(ds_part_unpack(part, entity, &ds__ledger_proposal__descriptor));
    case 'T': return visits_loaded(ds_part_unpack(part, entity, &ds__ledger_ticket__descriptor));
    case 'M': return ds_part_unpack(part, entity, &ds__ledger_month__descriptor) != NULL;
    case 'O':
        return obligation_loaded(ds_part_unpack(part, entity, &ds__ledger_obligation__descriptor));
    case 'C':
        return closings_loaded(ds_part_unpack(part, entity, &ds__ledger_closings__descriptor));
    case 'P': return chain_loaded(ds_part_unpack(part, entity, &ds__ledger_partition__descriptor));
    default: return false;
    }
}

const struct ds_service ledger_service = {
    .name = "penalty-ledger",
    .source = DS_LEDGER,
    .upstreams = 1u << DS_INTAKE | 1u << DS_SURVEY | 1u << DS_WATCHER,
    .loaded = loaded,
    .concerns = concerns,
    .apply = apply,
    .fire = fire,
};
