/* SPDX-License-Identifier: MIT
 *
 * 7.11, 7.17, 7.18: a unit was exchanged or returned because it was placed without consent or
 * badly, for want of workmanship, or it was taken in without all that belongs to it. Who answers
 * for that, and for 7.17 how much was lost, the manager finds out: it is put before him. Pure. */
#include "penalty-ledger/ledger.h"

/* "remote control, box" in out's memory; NULL for none. */
static char *list(struct ds_out *out, char **words, size_t n)
{
    const char *parts[2 * DS_RETURN_LACKS + 1];
    size_t used = 0;

    for (size_t i = 0; i < n && i < DS_RETURN_LACKS; i++) {
        if (i > 0) parts[used++] = ", ";
        parts[used++] = words[i];
    }
    parts[used] = NULL;
    return used ? ds_out_text(out, parts) : NULL;
}

void ledger_on_return_cause(const struct ds_event *event, const struct ledger_view *view,
                            struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__ReturnCauseFound *found = event->msg->return_cause_found;
    const struct ds_version *version = view->rules(view->self, event->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, found->clause);

    if (!clause) return; /* not of the rules that are in force by now */
    const char *account = found->account && ledger_has_account(version, found->account)
                              ? found->account
                              : ledger_manager(version);
    char *cause = ds_out_text(out, (const char *const[]){event->msg->subject, "/return", NULL});
    Ds__Entry *entry = ledger_entry(out, version, clause, account, cause, 0);
    entry->ticket = event->msg->subject;
    entry->note = list(out, found->lacks, found->n_lacks);
    DS_SET(entry, month, ledger_month(view, version, account, found->at_ms));
    DS_SET(entry, actual_at_ms, found->at_ms);
    DS_SET(entry, reason, DS__REASON__NAME__RETURN_CAUSED);
    ledger_cite_event(out, entry, event);
    ledger_cite(out, entry, found->found);
    ledger_decide(decisions, view, LEDGER_PROPOSE, entry);
}
