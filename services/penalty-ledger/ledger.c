/* SPDX-License-Identifier: MIT
 *
 * The way of an event through the ledger: look up, decide, book. The hash chain is made here, over
 * the very bytes that go into the journal. */
#include "penalty-ledger/ledger.h"

#include <sodium.h>
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "engine/part.h"

enum { CHAIN_BYTES = 32 };

static void make_key(char key[DS_KEY_MAX + 1], char prefix, const char *id)
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

    make_key(key, 'E', id);
    return ds_part_get((struct ds_part *)self, key, &ds__ledger_entry__descriptor);
}

static const Ds__LedgerProposal *find_proposal(const void *self, const char *id)
{
    char key[DS_KEY_MAX + 1];

    make_key(key, 'Q', id);
    return ds_part_get((struct ds_part *)self, key, &ds__ledger_proposal__descriptor);
}

static void load_visits(struct ds_part *part, const char *ticket, struct ledger_visits *visits)
{
    char key[DS_KEY_MAX + 1];

    visits->n = 0;
    visits->changed = false;
    visits->keep_until_ms = 0;
    make_key(key, 'T', ticket);
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
    make_key(key, 'T', ticket);
    state.n_visits = visits->n;
    state.visits = visits->list;
    ds_part_put(part, key, &state.base, &dues);
}

/* ---- booking ---- */

static void pack_entry(struct ds_out *out, const Ds__Entry *entry, ProtobufCBinaryData *ret)
{
    ret->len = ds__entry__get_packed_size(entry);
    ret->data = ds_out_room(out, ret->len);
    ds__entry__pack(entry, ret->data);
}

/* chain = BLAKE2b-256(previous chain || entry), 32 zero bytes before the first. */
static void chain_entry(struct ds_part *part, struct ds_out *out, const ProtobufCBinaryData *entry,
                        ProtobufCBinaryData *ret)
{
    static const uint8_t none[CHAIN_BYTES];
    const Ds__LedgerPartition *before = ds_part_get(part, "P", &ds__ledger_partition__descriptor);
    Ds__LedgerPartition state = DS__LEDGER_PARTITION__INIT;
    crypto_generichash_state hash;

    ret->len = CHAIN_BYTES;
    ret->data = ds_out_room(out, CHAIN_BYTES);
    crypto_generichash_init(&hash, NULL, 0, CHAIN_BYTES);
    crypto_generichash_update(&hash, before ? before->chain.data : none, CHAIN_BYTES);
    crypto_generichash_update(&hash, entry->data, entry->len);
    crypto_generichash_final(&hash, ret->data, CHAIN_BYTES);
    state.has_chain = 1;
    state.chain = *ret;
    DS_SET(&state, entries, before ? before->entries + 1 : 1);
    ds_part_put(part, "P", &state.base, NULL);
}

static void add_to_month(struct ds_part *part, const Ds__Entry *entry)
{
    char digits[21], key[DS_KEY_MAX + 1] = "M";
    Ds__LedgerMonth state = DS__LEDGER_MONTH__INIT;

    size_t n = ds_decimal(digits, entry->month);
    memcpy(key + 1, digits, n);
    key[n + 1] = '/';
    ds_copy(key + n + 2, sizeof key - n - 2, entry->account);
    const Ds__LedgerMonth *before = ds_part_get(part, key, &ds__ledger_month__descriptor);
    DS_SET(&state, sum_fen, (before ? before->sum_fen : 0) + entry->amount_fen);
    DS_SET(&state, entries, (before ? before->entries : 0) + 1);
    ds_part_put(part, key, &state.base, NULL);
}

static void remember_entry(struct ds_part *part, const Ds__Entry *entry, uint64_t seq)
{
    Ds__LedgerEntry state = DS__LEDGER_ENTRY__INIT;
    char key[DS_KEY_MAX + 1];

    make_key(key, 'E', entry->key);
    DS_SET(&state, seq, seq);
    DS_SET(&state, amount_fen, entry->amount_fen);
    state.clause = entry->clause;
    state.account = entry->account;
    state.ticket = entry->ticket;
    ds_part_put(part, key, &state.base, NULL);
}

static void mark_reversed(struct ds_part *part, const char *id)
{
    char key[DS_KEY_MAX + 1];

    make_key(key, 'E', id);
    Ds__LedgerEntry *state = ds_part_get(part, key, &ds__ledger_entry__descriptor);
    DS_ASSERT(state && !state->reversed);
    DS_SET(state, reversed, true);
    ds_part_put(part, key, &state->base, NULL);
}

static void post(struct ds_part *part, const struct ledger_decision *decision, struct ds_out *out)
{
    const Ds__Entry *entry = decision->entry;
    uint64_t seq = ds_part_seq_of(part, out->n);
    Ds__EntryPosted *posted =
        &ds_out_add(out, DS_EV_ENTRY_POSTED, entry->ticket ? entry->ticket : entry->account,
                    entry->reason, entry->clause)
             ->entry_posted;

    pack_entry(out, entry, &posted->entry);
    posted->has_entry = posted->has_chain = 1;
    chain_entry(part, out, &posted->entry, &posted->chain);
    add_to_month(part, entry);
    if (decision->act == LEDGER_REVERSE)
        mark_reversed(part, entry->reverses);
    else
        remember_entry(part, entry, seq);
    if (!decision->obligation[0]) return;
    Ds__ObligationOpened *opened =
        &ds_out_add(out, DS_EV_OBLIGATION_OPENED, ds_out_last(out)->subject,
                    DS__REASON__NAME__OBLIGATION_BESIDE_MONEY, entry->clause)
             ->obligation_opened;
    opened->obligation = (char *)decision->obligation;
    opened->account = entry->account;
    opened->entry = entry->key;
}

static const char *subject_of(const Ds__Entry *entry)
{
    return entry->ticket ? entry->ticket : entry->account;
}

static void propose(struct ds_part *part, const Ds__Entry *entry, struct ds_out *out)
{
    Ds__LedgerProposal state = DS__LEDGER_PROPOSAL__INIT;
    char key[DS_KEY_MAX + 1];

    make_key(key, 'Q', entry->key);
    state.entry = (Ds__Entry *)entry;
    ds_part_put(part, key, &state.base, NULL);
    ds_out_add(out, DS_EV_PROPOSED, subject_of(entry), entry->reason, entry->clause)
        ->proposed.entry = (Ds__Entry *)entry;
}

static void close_proposal(struct ds_part *part, const struct ledger_decision *decision,
                           struct ds_out *out)
{
    const Ds__Entry *entry = decision->entry;
    char key[DS_KEY_MAX + 1];

    make_key(key, 'Q', entry->key);
    ds_part_delete(part, key);
    if (decision->act == LEDGER_CONFIRM) {
        ds_out_add(out, DS_EV_PROPOSAL_CONFIRMED, subject_of(entry),
                   DS__REASON__NAME__CONFIRMED_BY_MANAGER, entry->clause)
            ->proposal_confirmed.proposal = entry->key;
        return;
    }
    Ds__ProposalRejected *rejected =
        &ds_out_add(out, DS_EV_PROPOSAL_REJECTED, subject_of(entry),
                    DS__REASON__NAME__REJECTED_BY_MANAGER, entry->clause)
             ->proposal_rejected;
    rejected->proposal = entry->key;
    rejected->reason = (char *)decision->note;
}

static void carry_out(struct ds_part *part, const struct ledger_decision *decision,
                      struct ds_out *out)
{
    switch (decision->act) {
    case LEDGER_POST:
    case LEDGER_REVERSE: post(part, decision, out); return;
    case LEDGER_PROPOSE: propose(part, decision->entry, out); return;
    case LEDGER_CONFIRM:
        close_proposal(part, decision, out);
        post(part, decision, out);
        return;
    case LEDGER_REJECT: close_proposal(part, decision, out); return;
    }
    DS_UNREACHABLE();
}

/* ---- the service ---- */

static bool concerns(int type)
{
    switch (type) {
    case DS_EV_JUDGED:
    case DS_EV_VISITS_FINAL:
    case DS_EV_CONTRADICTION_FOUND:
    case DS_EV_RETURN_CAUSE_FOUND:
    case DS_EV_VIOLATION_REPORTED:
    case DS_EV_CONFIRM_REQUESTED:
    case DS_EV_REJECT_REQUESTED:
    case DS_EV_REVERSAL_REQUESTED: return true;
    default: return false;
    }
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    struct ledger_visits visits;
    struct ledger_decisions decisions = {.n = 0};
    struct ledger_view view = {rules, find_entry,      find_proposal,
                               part,  part->partition, part->rulebook};

    if (!concerns((int)event->type)) return;
    load_visits(part, ds_str(event->msg->subject), &visits);
    ledger_step(event, &view, &visits, out, &decisions);
    for (uint32_t i = 0; i < decisions.n; i++)
        carry_out(part, &decisions.list[i], out);
    store_visits(part, ds_str(event->msg->subject), &visits);
    if (decisions.outcome != DS__OUTCOME_CODE__NAME__NONE)
        ds_out_outcome(out, event, decisions.outcome, decisions.reason, "");
}

/* Broken visits that no complaint can be paired with any more. */
static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];

    (void)kind, (void)due_ms, (void)out;
    ds_copy(key, sizeof key, entity->key);
    ds_part_delete(part, key);
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

static bool chain_loaded(const Ds__LedgerPartition *state)
{
    return state && state->chain.len == CHAIN_BYTES;
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    switch (entity->key[0]) {
    case 'E': return entry_loaded(ds_part_unpack(part, entity, &ds__ledger_entry__descriptor));
    case 'Q':
        return proposal_loaded(ds_part_unpack(part, entity, &ds__ledger_proposal__descriptor));
    case 'T': return visits_loaded(ds_part_unpack(part, entity, &ds__ledger_ticket__descriptor));
    case 'M': return ds_part_unpack(part, entity, &ds__ledger_month__descriptor) != NULL;
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
