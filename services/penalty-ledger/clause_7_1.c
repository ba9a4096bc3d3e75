/* SPDX-License-Identifier: MIT
 *
 * Clause 7.1: a dispatch that was not received in time costs whoever it was offered to, whatever
 * became of the job afterwards. */
#include "penalty-ledger/ledger.h"

void ledger_clause_7_1(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__Judged *judged = event->msg->judged;
    const struct ds_version *version = view->rules(view->self, judged->rulebook);

    if (judged->owner && judged->owner[0]) {
        ledger_decide(decisions, view, LEDGER_POST,
                      ledger_entry_of_verdict(out, view, event, judged->owner,
                                              DS__REASON__NAME__FINAL_BREACH));
        return;
    }
    /* a maker's dispatch in an inbox that nobody was on duty for */
    ledger_decide(decisions, view, LEDGER_PROPOSE,
                  ledger_entry_of_verdict(out, view, event, ledger_manager(version),
                                          DS__REASON__NAME__NOBODY_ROSTERED));
}
