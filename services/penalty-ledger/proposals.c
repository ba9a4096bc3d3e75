/* SPDX-License-Identifier: MIT
 *
 * What is put before the manager instead of being booked: his to confirm or to reject for as long
 * as the rulebook says, and dropped after that. Confirming never changes what is proposed; only a
 * loss has no amount before he has assessed it, and what stands on him because nobody was known
 * goes to whom he found out. */
#include <string.h>

#include "domain/assert.h"
#include "penalty-ledger/ledger.h"

#define REASON(name) DS__REASON__NAME__##name

int64_t ledger_expires_at_ms(const struct ledger_view *view,
                             const struct ledger_decisions *decisions)
{
    return decisions->stamp_ms + view->rules(view->self, decisions->rulebook)->proposal_expires_ms;
}

/* The manager's word counts from when it is recorded: with the last millisecond it is in time. */
static bool is_expired(const struct ds_event *event, const Ds__LedgerProposal *proposal)
{
    return proposal->has_hard_due_ms && event->stamp_ms > proposal->hard_due_ms;
}

void ledger_on_contradiction(const struct ds_event *event, const struct ledger_view *view,
                             struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__ContradictionFound *found = event->msg->contradiction_found;
    const struct ds_version *version = view->rules(view->self, event->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, found->clause);

    if (!clause) return;
    /* a job called off may have been anybody's: the manager looks into it */
    const char *account =
        found->account && found->account[0] ? found->account : ledger_manager(version);
    char *cause = ledger_cause(out, event->msg->subject, DS_CLOCK_CALLBACK, found->task);
    Ds__Entry *entry = ledger_entry(out, version, clause, account, cause, found->repair_fee_fen);
    entry->ticket = event->msg->subject;
    /* the occasion is the callback, however late it came in */
    DS_SET(entry, month, ledger_month(view, version, account, found->at_ms));
    DS_SET(entry, actual_at_ms, found->at_ms);
    DS_SET(entry, reason, REASON(PROPOSED_BY_CALLBACK));
    ledger_cite_event(out, entry, event);
    ledger_cite(out, entry, found->result);
    ledger_cite(out, entry, event->msg->cause);
    ledger_decide(decisions, view, LEDGER_PROPOSE, entry);
}

static Ds__Reason__Name refuse_confirm(const struct ds_event *event,
                                       const Ds__LedgerProposal *proposal,
                                       const struct ds_clause *clause)
{
    const Ds__ConfirmProposal *confirm = event->msg->confirm_requested;
    bool assessed = clause->amount_form == DS_AMOUNT_ASSESSED;

    if (is_expired(event, proposal)) return REASON(PROPOSAL_EXPIRED);
    if (assessed && !confirm->has_amount_fen) return REASON(AMOUNT_MUST_BE_ASSESSED);
    if (!assessed && confirm->has_amount_fen) return REASON(AMOUNT_IS_FIXED);
    if (confirm->serious && !clause->serious.en[0]) return REASON(NO_SERIOUS_CASE);
    return REASON(NONE);
}

/* Is it before the manager as his own only because nobody was known? */
static bool nobody_was_known(const struct ds_version *version, const Ds__Entry *entry)
{
    bool unknown =
        entry->reason == REASON(NOBODY_ROSTERED) || entry->reason == REASON(RETURN_CAUSED) ||
        entry->reason == REASON(PROPOSED_BY_CALLBACK) || entry->reason == REASON(CASE_NOT_ANALYSED);

    return unknown && strcmp(entry->account, ledger_manager(version)) == 0;
}

/* Puts a copy of what was proposed on whoever answers for it; now: the rules and people by now. */
static Ds__Reason__Name put_on(const struct ledger_view *view, const struct ds_version *version,
                               const struct ds_version *now, const char *account,
                               struct ds_out *out, Ds__Entry *entry)
{
    if (strcmp(account, entry->account) == 0) return REASON(NONE);
    if (!nobody_was_known(version, entry)) return REASON(PROPOSED_ON_SOMEBODY);
    if (!ledger_has_account(now, account)) return REASON(UNKNOWN_ACCOUNT);
    int64_t occasion_ms = entry->has_due_at_ms ? entry->due_at_ms : entry->actual_at_ms;
    entry->account = entry->owner = (char *)account;
    entry->key = ds_out_text(
        out, (const char *const[]){entry->clause, "/", account, "/", entry->cause, NULL});
    DS_SET(entry, month, ledger_month(view, now, account, occasion_ms));
    if (view->entry(view->self, entry->key)) return REASON(ENTRY_EXISTS);
    return view->proposal(view->self, entry->key) ? REASON(PROPOSED_ON_ACCOUNT) : REASON(NONE);
}

void ledger_on_confirm(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__ConfirmProposal *confirm = event->msg->confirm_requested;
    const Ds__LedgerProposal *proposal = view->proposal(view->self, confirm->proposal);

    if (!proposal) {
        bool booked = view->entry(view->self, confirm->proposal) != NULL;
        return ledger_refuse(decisions, booked ? REASON(ENTRY_EXISTS) : REASON(NO_SUCH_PROPOSAL));
    }
    const struct ds_version *version = view->rules(view->self, proposal->entry->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, proposal->entry->clause);
    DS_ASSERT(clause); /* it was proposed under this version */
    Ds__Reason__Name refused = refuse_confirm(event, proposal, clause);

    Ds__Entry *entry = ds_out_room(out, sizeof *entry);
    *entry = *proposal->entry;
    if (refused == REASON(NONE) && confirm->account)
        refused = put_on(view, version, view->rules(view->self, event->rulebook), confirm->account,
                         out, entry);
    if (refused != REASON(NONE)) return ledger_refuse(decisions, refused);
    entry->confirmed_by = event->msg->by;
    if (confirm->note) entry->note = confirm->note;
    if (confirm->has_amount_fen)
        DS_SET(entry, amount_fen, ledger_amount_fen(clause, confirm->amount_fen));
    entry->events = NULL;
    entry->n_events = 0;
    for (size_t i = 0; i < proposal->entry->n_events; i++)
        ledger_cite(out, entry, proposal->entry->events[i]);
    ledger_cite_event(out, entry, event);
    ledger_book_month(view, entry, decisions->settled_ms);
    struct ledger_decision *confirmed = ledger_add(decisions, LEDGER_CONFIRM, entry);
    confirmed->key = proposal->entry->key;
    confirmed->until_ms = ledger_appeal_until_ms(view, decisions);
    confirmed->obligation = clause->obligation;
    if (confirm->serious) confirmed->serious = clause->serious;
    ledger_apply(decisions, REASON(CONFIRMED_BY_MANAGER));
}

void ledger_on_reject(const struct ds_event *event, const struct ledger_view *view,
                      struct ledger_decisions *decisions)
{
    const Ds__RejectProposal *reject = event->msg->reject_requested;
    const Ds__LedgerProposal *proposal = view->proposal(view->self, reject->proposal);

    if (!proposal) return ledger_refuse(decisions, REASON(NO_SUCH_PROPOSAL));
    if (is_expired(event, proposal)) return ledger_refuse(decisions, REASON(PROPOSAL_EXPIRED));
    ledger_add(decisions, LEDGER_REJECT, proposal->entry)->note = reject->reason;
    ledger_apply(decisions, REASON(REJECTED_BY_MANAGER));
}
