/* SPDX-License-Identifier: MIT
 *
 * Clause 7.6 needs both: an agreed time that was finally not kept, and a complaint that says so,
 * received between the window's start and 30 days after the due. A complaint serves one visit, the
 * latest one begun before it. It is decided when the watcher says that every such visit is final.
 */
#include "penalty-ledger/ledger.h"

void ledger_clause_7_6_visit(const struct ds_event *event, const struct ledger_view *view,
                             struct ledger_visits *visits)
{
    const Ds__Judged *judged = event->msg->judged;
    const struct ds_version *version = view->rules(view->self, judged->rulebook);
    Ds__LedgerTicket__Visit *visit = &visits->made;

    if (!judged->from_appointment || visits->n == LEDGER_VISITS_MAX) return;
    ds__ledger_ticket__visit__init(visit);
    DS_SET(visit, n, judged->n);
    DS_SET(visit, start_at_ms, judged->start_at_ms);
    DS_SET(visit, due_at_ms, judged->due_at_ms);
    DS_SET(visit, window_from_ms, judged->window_from_ms);
    if (judged->has_stop_at_ms) DS_SET(visit, stop_at_ms, judged->stop_at_ms);
    DS_SET(visit, rulebook, judged->rulebook);
    visit->owner = judged->owner;
    ds__event_ref__init(&visits->made_ref);
    DS_SET(&visits->made_ref, source, (Ds__Source__Name)event->ref.source);
    DS_SET(&visits->made_ref, seq, event->ref.seq);
    visit->judged = &visits->made_ref;
    visits->list[visits->n++] = visit;
    visits->changed = true;
    int64_t keep_ms = judged->due_at_ms + version->not_on_time_window_ms +
                      version->clocks[DS_CLOCK_VISIT].grace_ms;
    if (keep_ms > visits->keep_until_ms) visits->keep_until_ms = keep_ms;
}

/* Latest broken visit begun before the complaint and within its time; NULL if none. */
static Ds__LedgerTicket__Visit *latest(const struct ledger_visits *visits,
                                       const struct ledger_view *view, int64_t complained_ms)
{
    Ds__LedgerTicket__Visit *found = NULL;

    for (uint32_t i = 0; i < visits->n; i++) {
        Ds__LedgerTicket__Visit *visit = visits->list[i];
        const struct ds_version *version = view->rules(view->self, visit->rulebook);
        if (visit->start_at_ms > complained_ms || visit->window_from_ms > complained_ms) continue;
        if (complained_ms > visit->due_at_ms + version->not_on_time_window_ms) continue;
        if (!found || visit->start_at_ms > found->start_at_ms) found = visit;
    }
    return found;
}

void ledger_clause_7_6_complaint(const struct ds_event *event, const struct ledger_view *view,
                                 struct ledger_visits *visits, struct ds_out *out,
                                 struct ledger_decisions *decisions)
{
    const Ds__VisitsFinal *final = event->msg->visits_final;
    Ds__LedgerTicket__Visit *visit = latest(visits, view, final->complained_at_ms);

    if (!visit || visit->served) return;
    const struct ds_version *version = view->rules(view->self, visit->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, version->not_on_time_clause);
    if (!clause) return; /* a rulebook may do without it */
    char *cause = ledger_cause(out, event->msg->subject, DS_CLOCK_VISIT, visit->n);
    bool known = visit->owner && visit->owner[0];
    /* a job that nobody took out of an inbox that nobody was on duty for */
    const char *account = known ? visit->owner : ledger_manager(version);
    Ds__Entry *entry = ledger_entry(out, version, clause, account, cause, 0);

    entry->ticket = event->msg->subject;
    DS_SET(entry, month, ledger_month(view, version, account, visit->due_at_ms));
    DS_SET(entry, due_at_ms, visit->due_at_ms);
    if (visit->has_stop_at_ms) DS_SET(entry, actual_at_ms, visit->stop_at_ms);
    DS_SET(entry, reason,
           known ? DS__REASON__NAME__NOT_ON_TIME_AND_COMPLAINT : DS__REASON__NAME__NOBODY_ROSTERED);
    ledger_cite(out, entry, visit->judged);
    ledger_cite(out, entry, final->complained);
    ledger_decide(decisions, view, known ? LEDGER_POST : LEDGER_PROPOSE, entry);
    DS_SET(visit, served, true);
    visits->changed = true;
}
