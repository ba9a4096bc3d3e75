/* SPDX-License-Identifier: MIT
 *
 * Clause 7.2: a month's satisfaction sheet not handed in on its date costs the clerk in charge at
 * that time; when nobody was on the roster the manager is asked. */
#include "penalty-ledger/ledger.h"

void ledger_clause_7_2(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__Judged *judged = event->msg->judged;
    const struct ds_version *version = view->rules(view->self, judged->rulebook);
    bool rostered = judged->owner && judged->owner[0];

    ledger_decide(decisions, view, rostered ? LEDGER_POST : LEDGER_PROPOSE,
                  ledger_entry_of_verdict(out, view, event,
                                          rostered ? judged->owner : ledger_manager(version),
                                          rostered ? DS__REASON__NAME__FINAL_BREACH
                                                   : DS__REASON__NAME__NOBODY_ROSTERED));
}
