/* SPDX-License-Identifier: MIT
 *
 * Which event concerns which clause. Money comes from final verdicts and from the manager, never
 * from a provisional alert. Pure. */
#include <string.h>

#include "domain/assert.h"
#include "penalty-ledger/ledger.h"

/* A final verdict: only a breach that the rulebook puts a clause on costs anything. */
static void on_judged(const struct ds_event *event, const struct ledger_view *view,
                      struct ledger_visits *visits, struct ds_out *out,
                      struct ledger_decisions *decisions)
{
    const Ds__Judged *judged = event->msg->judged;

    if (judged->verdict != DS__VERDICT__NAME__BREACHED) return;
    if (judged->has_final_at_ms && judged->final_at_ms < event->stamp_ms)
        decisions->settled_ms = judged->final_at_ms;
    if (judged->clock == DS__CLOCK__NAME__VISIT)
        return ledger_clause_7_6_visit(event, view, visits);
    if (!judged->clause || !judged->clause[0]) return;
    switch ((enum ds_clock)judged->clock) {
    case DS_CLOCK_ACCEPT: ledger_clause_7_1(event, view, out, decisions); return;
    case DS_CLOCK_SURVEY_SHEET: ledger_clause_7_2(event, view, out, decisions); return;
    case DS_CLOCK_COMPLAINT: ledger_clause_7_3(event, view, out, decisions); return;
    case DS_CLOCK_RESULT: ledger_clause_7_4(event, view, out, decisions); return;
    case DS_CLOCK_HOTLINE: ledger_clause_7_8(event, view, out, decisions); return;
    case DS_CLOCK_NONE:
    case DS_CLOCK_ORDER:
    case DS_CLOCK_DISPATCH:
    case DS_CLOCK_CONTACT:
    case DS_CLOCK_VISIT:
    case DS_CLOCK_FEEDBACK:
    case DS_CLOCK_DELAY:
    case DS_CLOCK_CALLBACK:
    case DS_CLOCK_WEEKLY_SHEET:
    case DS_CLOCK_COUNT: return; /* alert and efficiency table only */
    }
}

void ledger_step(const struct ds_event *event, const struct ledger_view *view,
                 struct ledger_visits *visits, struct ds_out *out,
                 struct ledger_decisions *decisions)
{
    decisions->stamp_ms = decisions->settled_ms = event->stamp_ms;
    decisions->rulebook = event->rulebook;
    switch (event->type) { /* no default: the compiler lists every event not yet answered here */
    case DS_EV_JUDGED: on_judged(event, view, visits, out, decisions); return;
    case DS_EV_REJUDGED: ledger_on_rejudged(event, view, out, decisions); return;
    case DS_EV_VISITS_FINAL:
        ledger_clause_7_6_complaint(event, view, visits, out, decisions);
        return;
    case DS_EV_CONTRADICTION_FOUND: ledger_on_contradiction(event, view, out, decisions); return;
    case DS_EV_RETURN_CAUSE_FOUND: ledger_on_return_cause(event, view, out, decisions); return;
    case DS_EV_VIOLATION_REPORTED: ledger_on_violation(event, view, out, decisions); return;
    case DS_EV_CONFIRM_REQUESTED: ledger_on_confirm(event, view, out, decisions); return;
    case DS_EV_REJECT_REQUESTED: ledger_on_reject(event, view, decisions); return;
    case DS_EV_REVERSAL_REQUESTED: ledger_on_reversal(event, view, out, decisions); return;
    case DS_EV_OBLIGATION_CLOSE_REQUESTED: ledger_on_obligation(event, view, decisions); return;
    case DS_EV_ENTRY_APPEALED: ledger_on_appeal(event, view, decisions); return;
    case DS_EV_APPEAL_DECISION_REQUESTED:
        ledger_on_appeal_decision(event, view, out, decisions);
        return;
    case DS_EV_MONTH_CLOSE_REQUESTED: ledger_on_close_month(event, view, decisions); return;
    case DS_EV_INSTALMENTS_REQUESTED: ledger_on_instalments(event, view, decisions); return;
    /* cost nothing */
    case DS_EV_CALL_OFFERED:
    case DS_EV_CALL_ANSWERED:
    case DS_EV_CALL_ENDED:
    case DS_EV_FEED_GAP:
    case DS_EV_REGISTERED:
    case DS_EV_ADDRESS_CORRECTED:
    case DS_EV_URGENCY_SET:
    case DS_EV_ORDER_FILLED:
    case DS_EV_CUSTOMER_CONTACTED:
    case DS_EV_APPOINTMENT_BOOKED:
    case DS_EV_APPOINTMENT_MOVED:
    case DS_EV_URGED:
    case DS_EV_CANCELLED:
    case DS_EV_REOPENED:
    case DS_EV_COMPLAINT_ANSWERED:
    case DS_EV_DELAY_REGISTERED:
    case DS_EV_ASSIGN_REQUESTED:
    case DS_EV_ACCEPTED:
    case DS_EV_REJECTED:
    case DS_EV_CHECKED_IN:
    case DS_EV_DELAY_REPORTED:
    case DS_EV_RESUMED:
    case DS_EV_COMPLETED:
    case DS_EV_RESULT_FILED:
    case DS_EV_DAY_REPORTED:
    case DS_EV_CALLBACK_RECORDED:
    case DS_EV_ACTIVATED:
    case DS_EV_ACTIVATION_SCHEDULED:
    case DS_EV_REJUDGE_REQUESTED:
    case DS_EV_REPORT_REPEATED:
    case DS_EV_SHEET_SUBMITTED:
    case DS_EV_WEEKLY_SUBMITTED:
    case DS_EV_OFFERED:
    case DS_EV_TAKEN_BACK:
    case DS_EV_ASSIGNED:
    case DS_EV_RETURNED_TO_CLERK:
    case DS_EV_RANKED:
    case DS_EV_OUTCOME:
    case DS_EV_CALLBACK_REQUESTED:
    case DS_EV_CALLBACK_CLOSED:
    case DS_EV_REDO_WISHED:
    case DS_EV_SHEET_DRAWN:
    case DS_EV_SHEET_HANDED_IN:
    case DS_EV_WARNED:
    case DS_EV_BREACHED:
    case DS_EV_BREACH_WITHDRAWN:
    case DS_EV_CAP_REACHED:
    case DS_EV_RETURN_CHECKED:
    case DS_EV_RETURN_RECORDED:
    case DS_EV_RETURN_DECIDED:
    case DS_EV_CALL_UNANSWERED:
    case DS_EV_ENTRY_POSTED:
    case DS_EV_PROPOSED:
    case DS_EV_PROPOSAL_CONFIRMED:
    case DS_EV_PROPOSAL_REJECTED:
    case DS_EV_PROPOSAL_EXPIRED:
    case DS_EV_OBLIGATION_CLOSED:
    case DS_EV_APPEAL_OPENED:
    case DS_EV_APPEAL_DECIDED:
    case DS_EV_MONTH_CLOSED:
    case DS_EV_INSTALMENTS_SET:
    case DS_EV_OBLIGATION_OPENED: return;
    }
    DS_UNREACHABLE();
}
