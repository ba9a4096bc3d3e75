/* SPDX-License-Identifier: MIT
 *
 * Clause 7.3 and handbook 3.4: a complaint not settled in time costs its owner at the due by itself
 * only if he held it long enough, or alone since it was dispatched, or agreed a time beyond the due
 * himself; otherwise the manager decides, with the running time of every holder before him. */
#include <string.h>

#include "penalty-ledger/ledger.h"

static int64_t held_ms(const Ds__Judged *judged)
{
    for (size_t i = 0; i < judged->n_holdings; i++)
        if (strcmp(ds_str(judged->holdings[i]->account), judged->owner) == 0)
            return judged->holdings[i]->running_ms;
    return 0;
}

void ledger_clause_7_3(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__Judged *judged = event->msg->judged;
    const struct ds_version *version = view->rules(view->self, judged->rulebook);
    int64_t enough_ms = judged->urgent ? version->auto_held_urgent_ms : version->auto_held_ms;
    bool appointed = event->msg->reason == DS__REASON__NAME__APPOINTED_BEYOND_DUE;
    bool by_itself = judged->sole_holder || appointed || held_ms(judged) >= enough_ms;
    bool known = judged->owner && judged->owner[0];
    Ds__Reason__Name reason = DS__REASON__NAME__HELD_TOO_SHORT;

    if (by_itself)
        reason =
            appointed ? DS__REASON__NAME__APPOINTED_BEYOND_DUE : DS__REASON__NAME__FINAL_BREACH;
    if (!known) reason = DS__REASON__NAME__NOBODY_ROSTERED; /* it lay in an inbox of nobody's */
    ledger_decide(decisions, view, by_itself && known ? LEDGER_POST : LEDGER_PROPOSE,
                  ledger_entry_of_verdict(out, view, event,
                                          known ? judged->owner : ledger_manager(version), reason));
}
