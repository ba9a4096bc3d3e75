/* SPDX-License-Identifier: MIT
 *
 * Closing months. The manager closes a month of a territory once nothing can be judged in it any
 * more: its end, the longest grace of any clock, and as long as a phone may have been out of reach.
 * What is settled after that finds it closed, whatever order things are worked off in: a verdict is
 * settled when nothing can change it any more, everything else when it is recorded. Lines that
 * still belong to it go to the earliest open month and say so. Nothing opens a month again. */
#include "penalty-ledger/ledger.h"

#define REASON(name) DS__REASON__NAME__##name

uint32_t ledger_closed_month(const Ds__LedgerClosings *closings, int64_t settled_ms)
{
    uint32_t closed = 0;

    for (size_t i = 0; closings && i < closings->n_closings; i++)
        if (settled_ms > closings->closings[i]->closed_at_ms) closed = closings->closings[i]->month;
    return closed;
}

static uint32_t month_after(uint32_t month)
{
    return month % 100 == 12 ? month + 100 - 11 : month + 1;
}

/* A clock keeps the rulebook that it started under, so every version that was ever in force may
 * still judge somebody. */
static int64_t longest_wait_ms(const struct ledger_view *view)
{
    int64_t longest_ms = 0;

    for (uint32_t number = 1; number <= view->rulebook; number++) {
        const struct ds_version *version = view->rules(view->self, number);
        for (int c = DS_CLOCK_NONE + 1; c < DS_CLOCK_COUNT; c++) {
            int64_t wait_ms = version->clocks[c].grace_ms + version->late_max_ms;
            if (wait_ms > longest_ms) longest_ms = wait_ms;
        }
    }
    return longest_ms;
}

int64_t ledger_month_final_ms(const struct ledger_view *view, const struct ds_zone *zone,
                              uint32_t month)
{
    return ds_end_of_month(zone, month) + longest_wait_ms(view);
}

void ledger_book_month(const struct ledger_view *view, Ds__Entry *entry, int64_t settled_ms)
{
    const struct ds_version *version = view->rules(view->self, entry->rulebook);
    const struct ds_territory *territory = ledger_territory(view, version, entry->account);
    uint32_t closed = ledger_closed_month(view->closings(view->self, territory->id), settled_ms);

    if (entry->month > closed) return;
    DS_SET(entry, relates_to, entry->month);
    DS_SET(entry, month, month_after(closed));
}

void ledger_on_close_month(const struct ds_event *event, const struct ledger_view *view,
                           struct ledger_decisions *decisions)
{
    const Ds__CloseMonth *close = event->msg->month_close_requested;
    const struct ds_version *version = view->rules(view->self, event->rulebook);
    const struct ds_territory *territory = ds_find_territory(version, event->msg->territory);
    const Ds__LedgerClosings *closings = view->closings(view->self, territory->id);
    int64_t final_ms = ledger_month_final_ms(view, territory->calendar->zone, close->month);

    if (close->month <= ledger_closed_month(closings, DS_TIME_MAX_MS))
        return ledger_refuse(decisions, REASON(MONTH_IS_CLOSED));
    if (event->stamp_ms <= final_ms) {
        decisions->not_before_ms = final_ms + 1;
        return ledger_refuse(decisions, REASON(MONTH_NOT_OVER));
    }
    struct ledger_decision *closed = ledger_add(decisions, LEDGER_CLOSE_MONTH, NULL);
    closed->key = territory->id;
    closed->number = close->month;
    closed->until_ms = event->stamp_ms;
    ledger_apply(decisions, REASON(MONTH_CLOSED_BY_MANAGER));
}
