/* SPDX-License-Identifier: MIT
 *
 * Appeals: the person whose entry it is says once, within the rulebook's
 * time after it was booked, why he does not agree; for an outlet one of its people. The manager
 * upholds the entry or grants the appeal. No entry is ever edited: granting reverses it. */
#include <string.h>

#include "penalty-ledger/ledger.h"

#define REASON(name) DS__REASON__NAME__##name

static bool is_his(const struct ds_version *version, const char *by, const char *account)
{
    const struct ds_person *person = ds_find_person(version, by);

    return person && strcmp(person->account_key, account) == 0;
}

int64_t ledger_appeal_until_ms(const struct ledger_view *view,
                               const struct ledger_decisions *decisions)
{
    return decisions->stamp_ms + view->rules(view->self, decisions->rulebook)->appeal_within_ms;
}

void ledger_on_appeal(const struct ds_event *event, const struct ledger_view *view,
                      struct ledger_decisions *decisions)
{
    const Ds__AppealEntry *appeal = event->msg->entry_appealed;
    const struct ds_version *version = view->rules(view->self, event->rulebook);
    const Ds__LedgerEntry *booked = view->entry(view->self, appeal->entry);

    if (!booked) return ledger_refuse(decisions, REASON(NO_SUCH_ENTRY));
    if (!is_his(version, event->msg->by, booked->account))
        return ledger_refuse(decisions, REASON(NOT_YOUR_ENTRY));
    if (booked->appeal != DS__APPEAL__NAME__NONE)
        return ledger_refuse(decisions, REASON(APPEALED_ALREADY));
    if (booked->reversed) return ledger_refuse(decisions, REASON(ALREADY_REVERSED));
    if (event->at_ms > booked->appeal_until_ms)
        return ledger_refuse(decisions, REASON(APPEAL_TOO_LATE));
    struct ledger_decision *opened = ledger_add(decisions, LEDGER_APPEAL, NULL);
    opened->key = appeal->entry;
    opened->by = event->msg->by;
    opened->note = appeal->reason;
    ledger_apply(decisions, REASON(APPEAL_TO_DECIDE));
}

void ledger_on_appeal_decision(const struct ds_event *event, const struct ledger_view *view,
                               struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__DecideAppeal *decide = event->msg->appeal_decision_requested;
    const Ds__LedgerEntry *booked = view->entry(view->self, decide->entry);

    if (!booked || booked->appeal != DS__APPEAL__NAME__OPEN)
        return ledger_refuse(decisions, REASON(NO_SUCH_APPEAL));
    if (decide->grant)
        return ledger_reverse(event, view, out, decisions, decide->entry, decide->reason,
                              REASON(APPEAL_GRANTED));
    struct ledger_decision *upheld = ledger_add(decisions, LEDGER_UPHOLD, NULL);
    upheld->key = decide->entry;
    upheld->by = event->msg->by;
    upheld->note = decide->reason;
    ledger_apply(decisions, REASON(APPEAL_UPHELD));
}
