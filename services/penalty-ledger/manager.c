/* SPDX-License-Identifier: MIT
 *
 * What the manager decides by himself: clauses that he reports, entries that he reverses,
 * obligations that he closes. Every clause that is not automatic can be reported. */
#include <string.h>

#include "domain/ids.h"
#include "penalty-ledger/ledger.h"

#define REASON(name) DS__REASON__NAME__##name

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
    if (report->serious && !clause->serious.en[0]) return REASON(NO_SERIOUS_CASE);
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

    if (refused != REASON(NONE)) return ledger_refuse(decisions, refused);
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
        return ledger_refuse(decisions, REASON(ENTRY_EXISTS));
    struct ledger_decision *posted = &decisions->list[decisions->n - 1];
    posted->obligation = clause->obligation;
    if (report->serious) posted->serious = clause->serious;
    ledger_apply(decisions, REASON(REPORTED_BY_MANAGER));
}

void ledger_reverse(const struct ds_event *event, const struct ledger_view *view,
                    struct ds_out *out, struct ledger_decisions *decisions, const char *key,
                    const char *note, Ds__Reason__Name reason)
{
    const Ds__LedgerEntry *booked = view->entry(view->self, key);
    const struct ds_version *version = view->rules(view->self, event->rulebook);

    if (!booked) return ledger_refuse(decisions, REASON(NO_SUCH_ENTRY));
    if (booked->reversed) return ledger_refuse(decisions, REASON(ALREADY_REVERSED));
    Ds__Entry *entry = ds_out_room(out, sizeof *entry);

    ds__entry__init(entry);
    entry->key = ds_out_text(out, (const char *const[]){"reversal/", key, NULL});
    entry->clause = booked->clause;
    entry->account = booked->account;
    entry->owner = booked->account;
    entry->cause = (char *)key;
    entry->ticket = booked->ticket;
    entry->reverses = (char *)key;
    entry->note = (char *)note;
    entry->confirmed_by = event->msg->by;
    DS_SET(entry, amount_fen, -booked->amount_fen);
    DS_SET(entry, month, ledger_month(view, version, booked->account, event->at_ms));
    DS_SET(entry, actual_at_ms, event->at_ms);
    DS_SET(entry, rulebook, version->number);
    entry->rulebook_hash = (char *)version->hash;
    DS_SET(entry, reason, reason);
    ledger_cite_event(out, entry, event);
    ledger_book_month(view, entry, decisions->settled_ms);
    if (entry->month != booked->month) DS_SET(entry, relates_to, booked->month);
    struct ledger_decision *reversed = ledger_add(decisions, LEDGER_REVERSE, entry);
    reversed->note = note;
    reversed->by = event->msg->by;
    ledger_apply(decisions, reason);
}

void ledger_on_reversal(const struct ds_event *event, const struct ledger_view *view,
                        struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__ReverseEntry *reverse = event->msg->reversal_requested;

    ledger_reverse(event, view, out, decisions, reverse->entry, reverse->reason,
                   REASON(REVERSED_BY_MANAGER));
}

void ledger_on_obligation(const struct ds_event *event, const struct ledger_view *view,
                          struct ledger_decisions *decisions)
{
    const Ds__CloseObligation *close = event->msg->obligation_close_requested;

    if (!view->obligation(view->self, close->obligation))
        return ledger_refuse(decisions, REASON(NO_SUCH_OBLIGATION));
    struct ledger_decision *closed = ledger_add(decisions, LEDGER_CLOSE_OBLIGATION, NULL);
    closed->key = close->obligation;
    closed->note = ds_str(close->note);
    closed->by = event->msg->by;
    ledger_apply(decisions, REASON(OBLIGATION_DONE));
}
