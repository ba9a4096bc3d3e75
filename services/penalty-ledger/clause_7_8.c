/* SPDX-License-Identifier: MIT
 *
 * Clause 7.8: the public number not answered in working time costs the clerk who was on duty at the
 * offer; when nobody was on the roster the manager is asked. */
#include "penalty-ledger/ledger.h"

void ledger_clause_7_8(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    bool rostered = event->msg->reason != DS__REASON__NAME__NOBODY_ROSTERED;

    ledger_decide(decisions, view, rostered ? LEDGER_POST : LEDGER_PROPOSE,
                  ledger_entry_of_verdict(out, view, event, event->msg->judged->owner,
                                          rostered ? DS__REASON__NAME__FINAL_BREACH
                                                   : DS__REASON__NAME__NOBODY_ROSTERED));
}
