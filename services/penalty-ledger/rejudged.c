/* SPDX-License-Identifier: MIT
 *
 * A final verdict was judged again under another version: what it cost by itself (7.1, 7.3, 7.4) is
 * compared with what it would cost now, and only a difference is booked: the line that no longer
 * stands is reversed, the new one has the old cause and the number of the rejudge. What people
 * decided about that cause, by reversing or rejecting it, stays decided. 7.6 hangs on a complaint,
 * too, and stays with the manager. */
#include <string.h>

#include "penalty-ledger/ledger.h"

#define REASON(name) DS__REASON__NAME__##name

static const Ds__LedgerEntry *no_entry(const void *self, const char *key)
{
    (void)self, (void)key;
    return NULL;
}

static const Ds__LedgerProposal *no_proposal(const void *self, const char *key)
{
    (void)self, (void)key;
    return NULL;
}

/* What a verdict costs, whatever the books say; false: nothing. */
static bool decide(const struct ds_event *event, const struct ledger_view *view, Ds__Judged *judged,
                   Ds__Reason__Name why, struct ds_out *out, struct ledger_decision *ret)
{
    struct ledger_view blank = *view;
    struct ledger_decisions decisions = {
        .stamp_ms = event->stamp_ms, .settled_ms = event->stamp_ms, .rulebook = event->rulebook};
    Ds__Event msg = *event->msg;
    struct ds_event verdict = *event;

    if (judged->verdict != DS__VERDICT__NAME__BREACHED || !judged->clause || !judged->clause[0])
        return false;
    blank.entry = no_entry;
    blank.proposal = no_proposal;
    msg.body_case = DS__EVENT__BODY_JUDGED;
    msg.judged = judged;
    msg.reason = why;
    verdict.msg = &msg;
    verdict.type = DS_EV_JUDGED;
    if (judged->clock == DS__CLOCK__NAME__ACCEPT)
        ledger_clause_7_1(&verdict, &blank, out, &decisions);
    if (judged->clock == DS__CLOCK__NAME__COMPLAINT)
        ledger_clause_7_3(&verdict, &blank, out, &decisions);
    if (judged->clock == DS__CLOCK__NAME__RESULT)
        ledger_clause_7_4(&verdict, &blank, out, &decisions);
    if (decisions.n == 0) return false;
    *ret = decisions.list[0];
    return true;
}

/* Key under which an earlier rejudge, or the verdict itself, booked this. */
static const char *key_of(const Ds__Entry *entry, uint32_t number, struct ds_out *out)
{
    if (number == 0) return entry->key;
    return ds_out_text(
        out, (const char *const[]){entry->key, "/rejudged#", ds_out_number(out, number), NULL});
}

struct standing {
    const char *key;
    const Ds__LedgerEntry *entry;
    const Ds__LedgerProposal *proposal;
};

static struct standing find_standing(const struct ledger_view *view, const Ds__Entry *entry,
                                     uint32_t number, struct ds_out *out)
{
    struct standing found = {0};

    while (number-- > 0 && !found.entry && !found.proposal) {
        found.key = key_of(entry, number, out);
        found.entry = view->entry(view->self, found.key);
        found.proposal = view->proposal(view->self, found.key);
    }
    return found;
}

static bool same_cost(const struct ledger_decision *old, const struct ledger_decision *new,
                      const struct standing *standing)
{
    if (strcmp(old->entry->account, new->entry->account) != 0 ||
        strcmp(old->entry->clause, new->entry->clause) != 0 ||
        old->entry->amount_fen != new->entry->amount_fen)
        return false;
    /* what the manager confirmed needs no other word of his */
    return standing->entry ? old->act == LEDGER_PROPOSE || new->act == LEDGER_POST
                           : new->act == LEDGER_PROPOSE;
}

/* Takes back what stands. */
static void undo(const struct ds_event *event, const struct ledger_view *view,
                 const struct standing *standing, struct ds_out *out,
                 struct ledger_decisions *decisions)
{
    const char *why = event->msg->rejudged->reason;

    if (standing->entry) {
        ledger_reverse(event, view, out, decisions, standing->key, why, REASON(REJUDGED));
        decisions->outcome = DS__OUTCOME_CODE__NAME__NONE; /* the watcher has answered */
        return;
    }
    struct ledger_decision *rejected =
        ledger_add(decisions, LEDGER_REJECT, standing->proposal->entry);
    rejected->note = why;
}

void ledger_on_rejudged(const struct ds_event *event, const struct ledger_view *view,
                        struct ds_out *out, struct ledger_decisions *decisions)
{
    const Ds__Rejudged *again = event->msg->rejudged;
    struct ledger_decision old, new;
    bool had = decide(event, view, again->before, again->before_why, out, &old);
    bool has = decide(event, view, again->now, again->now_why, out, &new);

    if (had) {
        struct standing standing = find_standing(view, old.entry, again->number, out);
        bool decided = standing.entry ? standing.entry->reversed : !standing.proposal;
        if (decided || (has && same_cost(&old, &new, &standing))) return;
        undo(event, view, &standing, out, decisions);
    }
    if (!has) return;
    new.entry->key = (char *)key_of(new.entry, again->number, out);
    new.entry->cause =
        ds_out_text(out, (const char *const[]){new.entry->cause, "/rejudged#",
                                               ds_out_number(out, again->number), NULL});
    new.entry->note = again->reason;
    new.entry->confirmed_by = event->msg->by;
    ledger_cite(out, new.entry, event->msg->cause);
    ledger_decide(decisions, view, new.act, new.entry);
}
