/* SPDX-License-Identifier: MIT
 *
 * 7.14: a repair did not last and nobody analysed the case in time. Whether that was a fault of
 * whoever filed it the manager finds out: it is put before him. Pure. */
#include "penalty-ledger/ledger.h"

void ledger_on_case_not_analysed(const struct ds_event *event, const struct ledger_view *view,
                                 struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__CaseNotAnalysed *said = event->msg->case_not_analysed;
    const struct ds_version *version = view->rules(view->self, event->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, said->clause);

    if (!clause) return; /* not of the rules that are in force by now */
    const char *account = said->account && ledger_has_account(version, said->account)
                              ? said->account
                              : ledger_manager(version);
    char *cause = ds_out_text(out, (const char *const[]){event->msg->subject, "/case#",
                                                         ds_out_number(out, said->n), NULL});
    Ds__Entry *entry = ledger_entry(out, version, clause, account, cause, 0);
    entry->ticket = event->msg->subject;
    entry->note = said->repeated_by;
    DS_SET(entry, due_at_ms, said->due_at_ms);
    DS_SET(entry, month, ledger_month(view, version, account, said->due_at_ms));
    DS_SET(entry, reason, DS__REASON__NAME__CASE_NOT_ANALYSED);
    ledger_cite_event(out, entry, event);
    ledger_cite(out, entry, said->result);
    ledger_cite(out, entry, said->reported);
    ledger_cite(out, entry, said->again);
    ledger_decide(decisions, view, LEDGER_PROPOSE, entry);
}
