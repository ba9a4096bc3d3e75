/* SPDX-License-Identifier: MIT
 *
 * Judging again, as the manager asks for it: the final verdicts of a ticket as they would have been
 * had another version of the rules been in force all along. The facts, when each of them arrived
 * and what the services did meanwhile are what they are; only the rules differ. Nothing is taken
 * back here: the new verdict is said beside the old one, and the ledger books the difference. Pure.
 */
#include <string.h>

#include "domain/assert.h"
#include "sla-watcher/rejudge.h"

#define REASON(name) DS__REASON__NAME__##name

enum { AT_ONCE = 32 }; /* verdicts, so that what is said of them fits one step */

/* ---- under which rules ---- */

struct other_rules {
    const struct watch_rules *rules;
    uint32_t under;
};

static const struct ds_version *always(const void *self, uint32_t number)
{
    const struct other_rules *other = self;

    (void)number;
    return other->rules->of(other->rules->self, other->under);
}

/* ---- one judging of all that had become final ---- */

struct again {
    struct watch_ticket *ticket;
    const struct watch_rules *rules;
    const Ds__WatchRejudge *asked;
    struct watch_bench *bench;
    struct watch_again *scratch;
    struct ds_out *out;
    uint32_t under; /* version at hand; 0: each clock's own */
};

static void judge_under(struct again *again, uint32_t under,
                        void (*say)(void *self, struct watch_ticket *ticket,
                                    const struct watch_instance *instance, int64_t final_ms))
{
    const struct other_rules other = {again->rules, under};
    const struct watch_rules one = {always, &other};
    const struct watch_finals finals = {say, NULL, again, UINT32_MAX};
    struct watch_ticket *copy = &again->scratch->copy;

    *copy = *again->ticket;
    copy->n_said = 0;
    copy->settled_ms = 0;
    again->under = under;
    while (!watch_settle(copy, under ? &one : again->rules, again->asked->stamp_ms, again->bench,
                         &finals))
        continue;
}

static struct watch_standing *find(const struct again *again, const struct watch_instance *instance)
{
    struct watch_again *scratch = again->scratch;

    for (uint32_t i = 0; i < scratch->n_standing; i++)
        if (scratch->standing[i].said->clock == instance->clock &&
            scratch->standing[i].said->n == instance->n)
            return &scratch->standing[i];
    return NULL;
}

/* ---- what stands ---- */

static void collect(struct again *again)
{
    const Ds__Rejudge *what = again->asked->what;
    struct watch_again *scratch = again->scratch;

    scratch->n_standing = 0;
    for (uint32_t i = 0; i < again->ticket->n_said; i++) {
        struct watch_said *said = &again->ticket->said[i];
        if (!said->final) continue;
        if (what->has_clock && ((enum ds_clock)what->clock != said->clock || what->n != said->n))
            continue;
        scratch->standing[scratch->n_standing++] = (struct watch_standing){.said = said};
    }
}

static void take_before(void *self, struct watch_ticket *ticket,
                        const struct watch_instance *instance, int64_t final_ms)
{
    struct again *again = self;
    struct watch_standing *row = find(again, instance);

    (void)ticket, (void)final_ms;
    if (!row || row->said->under != again->under) return;
    row->verdict = watch_verdict(instance);
    row->due_ms = instance->due_ms;
    row->owner = instance->owner;
    row->clause = instance->clause;
    row->rulebook = instance->rules->number;
}

/* A breach is told even if it stands: what it costs, and whether it does by itself, may differ. */
static void take_now(void *self, struct watch_ticket *ticket, const struct watch_instance *instance,
                     int64_t final_ms)
{
    struct watch_standing *row = find(self, instance);
    enum ds_verdict verdict = watch_verdict(instance);

    (void)ticket, (void)final_ms;
    if (!row) return;
    row->found = true;
    row->changed = verdict != row->verdict || instance->due_ms != row->due_ms ||
                   strcmp(instance->owner, row->owner) != 0 ||
                   strcmp(instance->clause, row->clause) != 0 ||
                   (verdict == DS_BREACHED && instance->rules->number != row->rulebook);
}

/* Runs one of the two above for every version that something stands by. */
static void for_each_standing(struct again *again,
                              void (*say)(void *self, struct watch_ticket *ticket,
                                          const struct watch_instance *instance, int64_t final_ms))
{
    const struct watch_again *scratch = again->scratch;

    for (uint32_t i = 0; i < scratch->n_standing; i++) {
        bool first = true;
        for (uint32_t j = 0; j < i; j++)
            first &= scratch->standing[j].said->under != scratch->standing[i].said->under;
        if (first) judge_under(again, scratch->standing[i].said->under, say);
    }
}

/* ---- saying it ---- */

static Ds__Judged *fill(const struct again *again, const struct watch_instance *instance,
                        int64_t final_ms)
{
    Ds__Judged *judged = ds_out_room(again->out, sizeof *judged);

    ds__judged__init(judged);
    watch_fill_final(again->out, judged, instance, final_ms);
    return judged;
}

static void say_before(void *self, struct watch_ticket *ticket,
                       const struct watch_instance *instance, int64_t final_ms)
{
    struct again *again = self;
    struct watch_standing *row = find(again, instance);

    (void)ticket;
    if (!row || !row->changed || row->said->under != again->under) return;
    union ds_body *body = ds_out_add(again->out, DS_EV_REJUDGED, again->ticket->id,
                                     REASON(REJUDGED), instance->clause);
    Ds__Event *event = ds_out_last(again->out);
    row->rejudged = &body->rejudged;
    row->rejudged->before = fill(again, instance, final_ms);
    row->rejudged->now = fill(again, instance, final_ms); /* unless it is found under the other */
    DS_SET(row->rejudged->now, verdict, DS__VERDICT__NAME__CANCELLED);
    DS_SET(row->rejudged->now, rulebook, again->asked->what->under);
    DS_SET(row->rejudged, now_why, REASON(CLOCK_CANCELLED));
    DS_SET(row->rejudged, before_why, watch_reason_of(instance));
    DS_SET(row->rejudged, number, again->ticket->rejudges);
    DS_SET(row->rejudged, under, again->asked->what->under);
    row->rejudged->reason = again->asked->what->reason;
    event->by = again->asked->by;
    event->cause = ds_out_ref(again->out, DS_INTAKE, again->asked->seq);
}

static void say_now(void *self, struct watch_ticket *ticket, const struct watch_instance *instance,
                    int64_t final_ms)
{
    struct again *again = self;
    struct watch_standing *row = find(again, instance);

    (void)ticket;
    if (!row || !row->rejudged) return;
    row->rejudged->now = fill(again, instance, final_ms);
    DS_SET(row->rejudged, now_why, watch_reason_of(instance));
}

static Ds__Outcome *answer(const struct again *again, Ds__OutcomeCode__Name code,
                           Ds__Reason__Name reason)
{
    return watch_answer_rejudge(again->ticket->id, again->asked, code, reason, again->out);
}

Ds__Outcome *watch_answer_rejudge(const char *subject, const Ds__WatchRejudge *asked,
                                  Ds__OutcomeCode__Name code, Ds__Reason__Name reason,
                                  struct ds_out *out)
{
    Ds__Outcome *outcome = &ds_out_add(out, DS_EV_OUTCOME, subject, reason, "")->outcome;

    outcome->command_id = asked->command_id;
    DS_SET(outcome, outcome, code);
    ds_out_last(out)->cause = ds_out_ref(out, DS_INTAKE, asked->seq);
    return outcome;
}

/* ---- may it be? ---- */

/* Instant from which everything that stands is final under the other version, too; WATCH_NEVER if
 * nobody can say. What does not exist there has nothing to wait for. */
static int64_t final_under_ms(struct again *again)
{
    const struct other_rules other = {again->rules, again->asked->what->under};
    const struct watch_rules one = {always, &other};
    struct watch_bench *bench = again->bench;
    int64_t last_ms = 0;

    watch_tell(again->ticket, &one, again->asked->stamp_ms, WATCH_NEVER, &bench->story);
    watch_judge(&bench->story, &bench->verdicts);
    for (uint32_t i = 0; i < bench->verdicts.n; i++) {
        const struct watch_instance *instance = &bench->verdicts.list[i];
        const struct watch_standing *row = find(again, instance);
        if (!row || row->found) continue;
        int64_t decisive_ms = watch_decisive_ms(instance);
        if (decisive_ms == WATCH_NEVER) return WATCH_NEVER;
        last_ms = watch_max_ms(last_ms, decisive_ms + instance->rule->grace_ms);
    }
    return last_ms;
}

static Ds__Reason__Name refused(struct again *again)
{
    const struct ds_version *version =
        again->rules->of(again->rules->self, again->asked->what->under);

    if (!ds_find_territory(version, again->ticket->territory)) return REASON(VERSION_DOES_NOT_FIT);
    if (again->ticket->rejudges == DS_REJUDGES_MAX) return REASON(TOO_MANY_REJUDGES);
    collect(again);
    if (again->scratch->n_standing == 0) return REASON(NOTHING_FINAL);
    if (again->scratch->n_standing > AT_ONCE) return REASON(TOO_MANY_REJUDGES);
    return REASON(NONE);
}

void watch_rejudge(struct watch_ticket *ticket, const struct watch_rules *rules,
                   const Ds__WatchRejudge *asked, struct watch_bench *bench,
                   struct watch_again *scratch, struct ds_out *out)
{
    struct again again = {ticket, rules, asked, bench, scratch, out, 0};
    Ds__Reason__Name why = refused(&again);
    uint32_t changed = 0;

    if (why != REASON(NONE)) {
        answer(&again, DS__OUTCOME_CODE__NAME__REFUSED, why);
        return;
    }
    for_each_standing(&again, take_before);
    judge_under(&again, asked->what->under, take_now);
    int64_t final_ms = final_under_ms(&again);
    if (final_ms > asked->stamp_ms) {
        Ds__Outcome *outcome =
            answer(&again, DS__OUTCOME_CODE__NAME__REFUSED, REASON(NOT_FINAL_UNDER));
        if (final_ms != WATCH_NEVER) DS_SET(outcome, not_before_ms, final_ms + 1);
        return;
    }
    for (uint32_t i = 0; i < scratch->n_standing; i++) {
        struct watch_standing *row = &scratch->standing[i];
        row->changed |= !row->found;
        changed += row->changed;
    }
    if (changed == 0) {
        answer(&again, DS__OUTCOME_CODE__NAME__NO_EFFECT, REASON(JUDGED_THE_SAME));
        return;
    }
    ticket->rejudges++;
    for_each_standing(&again, say_before);
    judge_under(&again, asked->what->under, say_now);
    for (uint32_t i = 0; i < scratch->n_standing; i++)
        if (scratch->standing[i].rejudged) scratch->standing[i].said->under = asked->what->under;
    answer(&again, DS__OUTCOME_CODE__NAME__APPLIED, REASON(REJUDGED));
}

void watch_ask(const struct ds_event *event, Ds__WatchRejudge *ret)
{
    ds__watch_rejudge__init(ret);
    DS_SET(ret, stamp_ms, event->stamp_ms);
    DS_SET(ret, seq, event->ref.seq);
    ret->by = event->msg->by;
    ret->command_id = event->msg->command_id;
    ret->what = event->msg->rejudge_requested->request;
    ret->has_closed_at_ms = event->msg->rejudge_requested->has_closed_at_ms;
    ret->closed_at_ms = event->msg->rejudge_requested->closed_at_ms;
}

bool watch_judge_asked(struct watch_ticket *ticket, const struct watch_rules *rules,
                       int64_t mark_ms, struct watch_bench *bench, struct watch_again *scratch,
                       struct ds_out *out)
{
    Ds__WatchRejudge *asked = ticket->n_asked > 0 ? ticket->asked[0] : NULL;

    if (!asked || asked->stamp_ms > mark_ms) return false;
    if (!watch_finalise(ticket, rules, asked->stamp_ms, bench, out)) return true;
    ticket->n_asked--;
    memmove(ticket->asked, ticket->asked + 1, ticket->n_asked * sizeof ticket->asked[0]);
    watch_tell(ticket, rules, WATCH_NEVER, WATCH_NEVER, &bench->story);
    watch_judge(&bench->story, &bench->verdicts);
    if (watch_is_over(ticket, bench)) { /* as if it had been let go already */
        Ds__Outcome *outcome =
            watch_answer_rejudge(ticket->id, asked, DS__OUTCOME_CODE__NAME__REFUSED,
                                 DS__REASON__NAME__FACTS_NOT_HELD, out);
        if (asked->has_closed_at_ms) DS_SET(outcome, since_ms, asked->closed_at_ms);
        return true;
    }
    watch_rejudge(ticket, rules, asked, bench, scratch, out);
    return true;
}
