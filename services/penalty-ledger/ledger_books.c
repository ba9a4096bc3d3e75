/* SPDX-License-Identifier: MIT
 *
 * Carries out what the rules decided: the events, the month's sum, what is remembered. The hash
 * chain is made here, over the very bytes that go into the journal. */
#include "penalty-ledger/adapter.h"

#include <sodium.h>
#include <string.h>

#include "domain/assert.h"

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
    static const uint8_t none[LEDGER_CHAIN_BYTES];
    const Ds__LedgerPartition *before = ds_part_get(part, "P", &ds__ledger_partition__descriptor);
    Ds__LedgerPartition state = DS__LEDGER_PARTITION__INIT;
    crypto_generichash_state hash;

    ret->len = LEDGER_CHAIN_BYTES;
    ret->data = ds_out_room(out, LEDGER_CHAIN_BYTES);
    crypto_generichash_init(&hash, NULL, 0, LEDGER_CHAIN_BYTES);
    crypto_generichash_update(&hash, before ? before->chain.data : none, LEDGER_CHAIN_BYTES);
    crypto_generichash_update(&hash, entry->data, entry->len);
    crypto_generichash_final(&hash, ret->data, LEDGER_CHAIN_BYTES);
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
    int64_t sum_fen;
    /* ten thousand lines of the largest amount: the sum then stays at the end of the scale, which
     * `doorstep check` tells */
    if (__builtin_add_overflow(before ? before->sum_fen : 0, entry->amount_fen, &sum_fen))
        sum_fen = entry->amount_fen < 0 ? INT64_MIN : INT64_MAX;
    DS_SET(&state, sum_fen, sum_fen);
    DS_SET(&state, entries, (before ? before->entries : 0) + 1);
    ds_part_put(part, key, &state.base, NULL);
}

static void remember_entry(struct ds_part *part, const struct ledger_decision *decision,
                           uint64_t seq)
{
    const Ds__Entry *entry = decision->entry;
    Ds__LedgerEntry state = DS__LEDGER_ENTRY__INIT;
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'E', entry->key);
    DS_SET(&state, seq, seq);
    DS_SET(&state, amount_fen, entry->amount_fen);
    state.clause = entry->clause;
    state.account = entry->account;
    state.ticket = entry->ticket;
    DS_SET(&state, month, entry->month);
    DS_SET(&state, appeal_until_ms, decision->until_ms);
    ds_part_put(part, key, &state.base, NULL);
}

static Ds__LedgerEntry *get_entry(struct ds_part *part, const char *id, char key[DS_KEY_MAX + 1])
{
    ledger_key(key, 'E', id);
    Ds__LedgerEntry *state = ds_part_get(part, key, &ds__ledger_entry__descriptor);
    DS_ASSERT(state);
    return state;
}

static const char *subject_of_booked(const Ds__LedgerEntry *booked)
{
    return booked->ticket ? booked->ticket : booked->account;
}

/* ---- appeals ---- */

static void open_appeal(struct ds_part *part, const struct ledger_decision *decision,
                        struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];
    Ds__LedgerEntry *booked = get_entry(part, decision->key, key);
    Ds__AppealOpened *opened = &ds_out_add(out, DS_EV_APPEAL_OPENED, subject_of_booked(booked),
                                           DS__REASON__NAME__APPEAL_TO_DECIDE, booked->clause)
                                    ->appeal_opened;

    opened->entry = (char *)decision->key;
    opened->by = (char *)decision->by;
    opened->reason = (char *)decision->note;
    DS_SET(booked, appeal, DS__APPEAL__NAME__OPEN);
    ds_part_put(part, key, &booked->base, NULL);
}

static void decide_appeal(Ds__LedgerEntry *booked, const char *id, bool granted,
                          const struct ledger_decision *decision, struct ds_out *out)
{
    Ds__AppealDecided *decided =
        &ds_out_add(out, DS_EV_APPEAL_DECIDED, subject_of_booked(booked),
                    granted ? DS__REASON__NAME__APPEAL_GRANTED : DS__REASON__NAME__APPEAL_UPHELD,
                    booked->clause)
             ->appeal_decided;

    decided->entry = (char *)id;
    DS_SET(decided, granted, granted);
    decided->by = (char *)decision->by;
    decided->reason = (char *)decision->note;
    DS_SET(booked, appeal, granted ? DS__APPEAL__NAME__GRANTED : DS__APPEAL__NAME__UPHELD);
}

static void uphold(struct ds_part *part, const struct ledger_decision *decision, struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];
    Ds__LedgerEntry *booked = get_entry(part, decision->key, key);

    decide_appeal(booked, decision->key, false, decision, out);
    ds_part_put(part, key, &booked->base, NULL);
}

/* Whatever takes an entry back grants the appeal that waits for a decision. */
static void mark_reversed(struct ds_part *part, const struct ledger_decision *decision,
                          struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];
    Ds__LedgerEntry *booked = get_entry(part, decision->entry->reverses, key);

    DS_ASSERT(!booked->reversed);
    DS_SET(booked, reversed, true);
    if (booked->appeal == DS__APPEAL__NAME__OPEN)
        decide_appeal(booked, decision->entry->reverses, true, decision, out);
    ds_part_put(part, key, &booked->base, NULL);
}

/* ---- obligations ---- */

/* n-th obligation of an entry: "7.22/person:sun/intake/p003/9/owed#2". */
static void owe(struct ds_part *part, const Ds__Entry *entry, uint32_t n,
                const struct ds_owed *what, struct ds_out *out)
{
    Ds__LedgerObligation state = DS__LEDGER_OBLIGATION__INIT;
    char key[DS_KEY_MAX + 1];

    if (!what->en[0]) return;
    Ds__ObligationOpened *opened =
        &ds_out_add(out, DS_EV_OBLIGATION_OPENED, entry->ticket ? entry->ticket : entry->account,
                    DS__REASON__NAME__OBLIGATION_BESIDE_MONEY, entry->clause)
             ->obligation_opened;
    opened->obligation = (char *)what->en;
    opened->obligation_zh = (char *)what->zh;
    opened->account = entry->account;
    opened->entry = entry->key;
    opened->key =
        ds_out_text(out, (const char *const[]){entry->key, "/owed#", ds_out_number(out, n), NULL});
    ledger_key(key, 'O', opened->key);
    state.account = entry->account;
    state.clause = entry->clause;
    ds_part_put(part, key, &state.base, NULL);
}

static void close_obligation(struct ds_part *part, const struct ledger_decision *decision,
                             struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'O', decision->key);
    const Ds__LedgerObligation *owed = ds_part_get(part, key, &ds__ledger_obligation__descriptor);
    DS_ASSERT(owed);
    Ds__ObligationClosed *closed = &ds_out_add(out, DS_EV_OBLIGATION_CLOSED, owed->account,
                                               DS__REASON__NAME__OBLIGATION_DONE, owed->clause)
                                        ->obligation_closed;
    closed->key = (char *)decision->key;
    if (decision->note[0]) closed->note = (char *)decision->note;
    closed->by = (char *)decision->by;
    ds_part_delete(part, key);
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
    if (decision->act == LEDGER_REVERSE) return mark_reversed(part, decision, out);
    remember_entry(part, decision, seq);
    owe(part, entry, 1, &decision->obligation, out);
    owe(part, entry, 2, &decision->serious, out);
}

static const char *subject_of(const Ds__Entry *entry)
{
    return entry->ticket ? entry->ticket : entry->account;
}

static void propose(struct ds_part *part, const struct ledger_decision *decision,
                    struct ds_out *out)
{
    const Ds__Entry *entry = decision->entry;
    struct ds_dues dues = {{DS_NO_DUE, decision->until_ms, DS_NO_DUE}};
    Ds__LedgerProposal state = DS__LEDGER_PROPOSAL__INIT;
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'Q', entry->key);
    state.entry = (Ds__Entry *)entry;
    ds_part_put(part, key, &state.base, &dues);
    Ds__Proposed *proposed =
        &ds_out_add(out, DS_EV_PROPOSED, subject_of(entry), entry->reason, entry->clause)->proposed;
    proposed->entry = (Ds__Entry *)entry;
    DS_SET(proposed, expires_at_ms, decision->until_ms);
}

void ledger_expire(struct ds_part *part, const char *key, int64_t due_ms, struct ds_out *out)
{
    const Ds__LedgerProposal *state = ds_part_get(part, key, &ds__ledger_proposal__descriptor);
    const Ds__Entry *entry = state->entry;
    Ds__ProposalExpired *expired = &ds_out_add(out, DS_EV_PROPOSAL_EXPIRED, subject_of(entry),
                                               DS__REASON__NAME__PROPOSAL_EXPIRED, entry->clause)
                                        ->proposal_expired;

    expired->proposal = entry->key;
    DS_SET(expired, expired_at_ms, due_ms);
    ds_part_delete(part, key);
}

static void close_proposal(struct ds_part *part, const struct ledger_decision *decision,
                           struct ds_out *out)
{
    const Ds__Entry *entry = decision->entry;
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'Q', decision->act == LEDGER_CONFIRM ? decision->key : entry->key);
    ds_part_delete(part, key);
    if (decision->act == LEDGER_CONFIRM) {
        Ds__ProposalConfirmed *confirmed =
            &ds_out_add(out, DS_EV_PROPOSAL_CONFIRMED, subject_of(entry),
                        DS__REASON__NAME__CONFIRMED_BY_MANAGER, entry->clause)
                 ->proposal_confirmed;
        confirmed->proposal = (char *)decision->key;
        if (strcmp(decision->key, entry->key) != 0) confirmed->entry = entry->key;
        return;
    }
    Ds__ProposalRejected *rejected =
        &ds_out_add(out, DS_EV_PROPOSAL_REJECTED, subject_of(entry),
                    DS__REASON__NAME__REJECTED_BY_MANAGER, entry->clause)
             ->proposal_rejected;
    rejected->proposal = entry->key;
    rejected->reason = (char *)decision->note;
}

/* ---- months ---- */

static void store_closings(struct ds_part *part, const char *key, Ds__LedgerClosings *state)
{
    struct ds_dues dues = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};

    if (state->announced < state->n_closings)
        dues.at_ms[DS_HARD] = state->closings[state->announced]->closed_at_ms;
    state->has_hard_due_ms = 0; /* the engine writes it */
    ds_part_put(part, key, &state->base, &dues);
}

static void close_month(struct ds_part *part, const struct ledger_decision *decision,
                        struct ds_out *out)
{
    Ds__LedgerClosings__Closing *closing = ds_out_room(out, sizeof *closing);
    Ds__LedgerClosings none = DS__LEDGER_CLOSINGS__INIT, *state;
    char key[DS_KEY_MAX + 1];

    ledger_key(key, 'C', decision->key);
    state = ds_part_get(part, key, &ds__ledger_closings__descriptor);
    if (!state) state = &none;
    ds__ledger_closings__closing__init(closing);
    DS_SET(closing, month, decision->number);
    DS_SET(closing, closed_at_ms, decision->until_ms);
    Ds__LedgerClosings__Closing **list = ds_out_room(out, (state->n_closings + 1) * sizeof *list);
    ds_copy_bytes(list, state->closings, state->n_closings * sizeof *list);
    list[state->n_closings++] = closing;
    state->closings = list;
    store_closings(part, key, state);
}

void ledger_announce_closing(struct ds_part *part, const char *key, int64_t due_ms,
                             struct ds_out *out)
{
    Ds__LedgerClosings *state = ds_part_get(part, key, &ds__ledger_closings__descriptor);
    DS_ASSERT(state && state->announced < state->n_closings);
    const Ds__LedgerClosings__Closing *closing = state->closings[state->announced];
    char *territory = ds_out_text(out, (const char *const[]){key + 1, NULL});
    Ds__MonthClosed *closed = &ds_out_add(out, DS_EV_MONTH_CLOSED, territory,
                                          DS__REASON__NAME__MONTH_CLOSED_BY_MANAGER, "")
                                   ->month_closed;

    closed->territory = territory;
    DS_SET(closed, month, closing->month);
    DS_SET(closed, closed_at_ms, due_ms);
    DS_SET(state, announced, state->announced + 1);
    store_closings(part, key, state);
}

/* ---- all of it ---- */

static void set_instalments(struct ds_part *part, const struct ledger_decision *decision,
                            struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];
    const Ds__LedgerEntry *booked = get_entry(part, decision->key, key);
    Ds__InstalmentsSet *set = &ds_out_add(out, DS_EV_INSTALMENTS_SET, subject_of_booked(booked),
                                          DS__REASON__NAME__IN_INSTALMENTS, booked->clause)
                                   ->instalments_set;

    set->entry = (char *)decision->key;
    DS_SET(set, months, decision->number);
}

void ledger_carry_out(struct ds_part *part, const struct ledger_decision *decision,
                      struct ds_out *out)
{
    switch (decision->act) {
    case LEDGER_POST:
    case LEDGER_REVERSE: post(part, decision, out); return;
    case LEDGER_PROPOSE: propose(part, decision, out); return;
    case LEDGER_CONFIRM:
        close_proposal(part, decision, out);
        post(part, decision, out);
        return;
    case LEDGER_REJECT: close_proposal(part, decision, out); return;
    case LEDGER_CLOSE_OBLIGATION: close_obligation(part, decision, out); return;
    case LEDGER_APPEAL: open_appeal(part, decision, out); return;
    case LEDGER_UPHOLD: uphold(part, decision, out); return;
    case LEDGER_CLOSE_MONTH: close_month(part, decision, out); return;
    case LEDGER_INSTALMENTS: set_instalments(part, decision, out); return;
    }
    DS_UNREACHABLE();
}
