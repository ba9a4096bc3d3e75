/* SPDX-License-Identifier: MIT
 *
 * Assessed losses (7.13, 7.17) may be deducted over several months. The ledger does not change: the
 * statement shows what is deducted in a month and what is carried on. A month that is closed has
 * been paid out, so what it deducted stays deducted. */
#include "penalty-ledger/ledger.h"

#define REASON(name) DS__REASON__NAME__##name

static Ds__Reason__Name refuse_instalments(const struct ds_event *event,
                                           const struct ledger_view *view,
                                           const Ds__LedgerEntry *booked)
{
    const struct ds_version *version = view->rules(view->self, event->rulebook);
    const struct ds_clause *clause = booked ? ds_find_clause(version, booked->clause) : NULL;

    if (!booked) return REASON(NO_SUCH_ENTRY);
    if (booked->reversed) return REASON(ALREADY_REVERSED);
    if (!clause || clause->instalments == 0) return REASON(NO_INSTALMENTS);
    if (event->msg->instalments_requested->months > (uint32_t)clause->instalments)
        return REASON(TOO_MANY_INSTALMENTS);
    const struct ds_territory *territory = ledger_territory(view, version, booked->account);
    const Ds__LedgerClosings *closings = view->closings(view->self, territory->id);
    if (booked->month <= ledger_closed_month(closings, event->stamp_ms))
        return REASON(MONTH_IS_CLOSED);
    return REASON(NONE);
}

void ledger_on_instalments(const struct ds_event *event, const struct ledger_view *view,
                           struct ledger_decisions *decisions)
{
    const Ds__SetInstalments *set = event->msg->instalments_requested;
    Ds__Reason__Name refused = refuse_instalments(event, view, view->entry(view->self, set->entry));

    if (refused != REASON(NONE)) return ledger_refuse(decisions, refused);
    struct ledger_decision *added = ledger_add(decisions, LEDGER_INSTALMENTS, NULL);
    added->key = set->entry;
    added->number = set->months;
    ledger_apply(decisions, REASON(IN_INSTALMENTS));
}
