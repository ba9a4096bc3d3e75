/* SPDX-License-Identifier: MIT
 *
 * Clause 7.2: the month's satisfaction sheet not handed in by its date costs the clerk who was in
 * charge at the due; when nobody was on the roster the manager is asked. */
#include "penalty-ledger/ledger.h"

void ledger_clause_7_2(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__Judged *judged = event->msg->judged;
    bool rostered = judged->owner && judged->owner[0];
    const char *account =
        rostered ? judged->owner : ledger_manager(view->rules(view->self, judged->rulebook));

    ledger_decide(decisions, view, rostered ? LEDGER_POST : LEDGER_PROPOSE,
                  ledger_entry_of_verdict(out, view, event, account,
                                          rostered ? DS__REASON__NAME__FINAL_BREACH
                                                   : DS__REASON__NAME__NOBODY_ROSTERED));
}
