/* SPDX-License-Identifier: MIT
 *
 * What the manager decides: clauses that he reports, proposals that he confirms or rejects, entries
 * that he reverses. And what callbacks put before him. */
#include <string.h>

#include "domain/ids.h"
#include "penalty-ledger/ledger.h"

#define REASON(name) DS__REASON__NAME__##name

static void answer(struct ledger_decisions *decisions, Ds__OutcomeCode__Name outcome,
                   Ds__Reason__Name reason)
{
    decisions->outcome = outcome;
    decisions->reason = reason;
}

static void refuse(struct ledger_decisions *decisions, Ds__Reason__Name reason)
{
    answer(decisions, DS__OUTCOME_CODE__NAME__REFUSED, reason);
}

bool ledger_has_account(const struct ds_version *version, const char *key)
{
    if (ds_find_account(version, key)) return true;
    return strncmp(key, "person:", 7) == 0 && ds_find_person(version, key + 7) != NULL;
}

static Ds__Reason__Name refuse_report(const struct ds_version *version,
                                      const struct ds_clause *clause,
                                      const Ds__ReportViolation *report)
{
    if (!clause) return REASON(NO_SUCH_CLAUSE);
    if (!ledger_has_account(version, report->account)) return REASON(UNKNOWN_ACCOUNT);
    if (clause->how == DS_HOW_AUTO) return REASON(CLAUSE_IS_AUTOMATIC);
    if (clause->amount_form == DS_AMOUNT_FIXED && report->has_amount_fen)
        return REASON(AMOUNT_IS_FIXED);
    if (clause->amount_form != DS_AMOUNT_FIXED && !report->has_amount_fen)
        return REASON(AMOUNT_MUST_BE_ASSESSED);
    return REASON(NONE);
}

void ledger_on_violation(const struct ds_event *event, const struct ledger_view *view,
                         struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__ReportViolation *report = event->msg->violation_reported;
    const struct ds_version *version = view->rules(view->self, event->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, report->clause);
    Ds__Reason__Name refused = refuse_report(version, clause, report);
    char cause[DS_EVENT_ID_MAX];

    if (refused != REASON(NONE)) return refuse(decisions, refused);
    ds_event_id(cause, event->ref.source, view->partition, event->ref.seq);
    Ds__Entry *entry =
        ledger_entry(out, version, clause, report->account,
                     ds_out_text(out, (const char *const[]){cause, NULL}), report->amount_fen);
    entry->ticket = report->about;
    entry->note = report->note;
    entry->confirmed_by = event->msg->by;
    DS_SET(entry, month, ledger_month(view, version, report->account, event->at_ms));
    DS_SET(entry, actual_at_ms, event->at_ms);
    DS_SET(entry, reason, REASON(REPORTED_BY_MANAGER));
    ledger_cite_event(out, entry, event);
    if (!ledger_decide(decisions, view, LEDGER_POST, entry))
        return refuse(decisions, REASON(ENTRY_EXISTS));
    decisions->list[decisions->n - 1].obligation = clause->obligation;
    answer(decisions, DS__OUTCOME_CODE__NAME__APPLIED, REASON(REPORTED_BY_MANAGER));
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

void ledger_on_confirm(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__ConfirmProposal *confirm = event->msg->confirm_requested;
    const Ds__LedgerProposal *proposal = view->proposal(view->self, confirm->proposal);

    if (!proposal) {
        bool booked = view->entry(view->self, confirm->proposal) != NULL;
        return refuse(decisions, booked ? REASON(ENTRY_EXISTS) : REASON(NO_SUCH_PROPOSAL));
    }
    const struct ds_version *version = view->rules(view->self, proposal->entry->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, proposal->entry->clause);
    Ds__Entry *entry = ds_out_room(out, sizeof *entry);

    *entry = *proposal->entry;
    entry->confirmed_by = event->msg->by;
    if (confirm->note) entry->note = confirm->note;
    entry->events = NULL;
    entry->n_events = 0;
    for (size_t i = 0; i < proposal->entry->n_events; i++)
        ledger_cite(out, entry, proposal->entry->events[i]);
    ledger_cite_event(out, entry, event);
    decisions->list[decisions->n++] =
        (struct ledger_decision){.act = LEDGER_CONFIRM,
                                 .entry = entry,
                                 .obligation = clause ? clause->obligation : "",
                                 .note = ""};
    answer(decisions, DS__OUTCOME_CODE__NAME__APPLIED, REASON(CONFIRMED_BY_MANAGER));
}

void ledger_on_reject(const struct ds_event *event, const struct ledger_view *view,
                      struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__RejectProposal *reject = event->msg->reject_requested;
    const Ds__LedgerProposal *proposal = view->proposal(view->self, reject->proposal);

    (void)out;
    if (!proposal) return refuse(decisions, REASON(NO_SUCH_PROPOSAL));
    decisions->list[decisions->n++] = (struct ledger_decision){
        .act = LEDGER_REJECT, .entry = proposal->entry, .obligation = "", .note = reject->reason};
    answer(decisions, DS__OUTCOME_CODE__NAME__APPLIED, REASON(REJECTED_BY_MANAGER));
}

void ledger_on_reversal(const struct ds_event *event, const struct ledger_view *view,
                        struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__ReverseEntry *reverse = event->msg->reversal_requested;
    const Ds__LedgerEntry *booked = view->entry(view->self, reverse->entry);
    const struct ds_version *version = view->rules(view->self, event->rulebook);

    if (!booked) return refuse(decisions, REASON(NO_SUCH_ENTRY));
    if (booked->reversed) return refuse(decisions, REASON(ALREADY_REVERSED));
    Ds__Entry *entry = ds_out_room(out, sizeof *entry);

    ds__entry__init(entry);
    entry->key = ds_out_text(out, (const char *const[]){"reversal/", reverse->entry, NULL});
    entry->clause = booked->clause;
    entry->account = booked->account;
    entry->owner = booked->account;
    entry->cause = reverse->entry;
    entry->ticket = booked->ticket;
    entry->reverses = reverse->entry;
    entry->note = reverse->reason;
    entry->confirmed_by = event->msg->by;
    DS_SET(entry, amount_fen, -booked->amount_fen);
    DS_SET(entry, month, ledger_month(view, version, booked->account, event->at_ms));
    DS_SET(entry, actual_at_ms, event->at_ms);
    DS_SET(entry, rulebook, version->number);
    entry->rulebook_hash = (char *)version->hash;
    DS_SET(entry, reason, REASON(REVERSED_BY_MANAGER));
    ledger_cite_event(out, entry, event);
    decisions->list[decisions->n++] = (struct ledger_decision){
        .act = LEDGER_REVERSE, .entry = entry, .obligation = "", .note = ""};
    answer(decisions, DS__OUTCOME_CODE__NAME__APPLIED, REASON(REVERSED_BY_MANAGER));
}
