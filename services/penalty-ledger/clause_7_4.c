/* SPDX-License-Identifier: MIT
 *
 * Clause 7.4: the result of a complaint not filed within 12 hours of completion costs whoever
 * completed it. */
#include "penalty-ledger/ledger.h"

void ledger_clause_7_4(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    ledger_decide(decisions, view, LEDGER_POST,
                  ledger_entry_of_verdict(out, view, event, event->msg->judged->owner,
                                          DS__REASON__NAME__FINAL_BREACH));
}
