/* SPDX-License-Identifier: MIT
 *
 * Exchange and return of the product that a ticket is about: what has been said of it, in the order
 * in which it happened, and the intervals of the ticket's own lives, the same that its clocks go
 * by. Of a life that is forgotten, and of other tickets, the check names them.
 *
 * Each fact is decided anew from all of them, so a right that 8.7 blocked revives with the report
 * or accessory that was missing. Nothing is promised by a clock here, and nothing costs money:
 * everybody who is said to answer for a return is put before the manager once, whichever was known
 * first, the cause or that the unit came back. Pure. */
#include <string.h>

#include "domain/assert.h"
#include "sla-watcher/return_right.h"
#include "sla-watcher/watch.h"

/* What all facts say together: of each matter the last word. */
struct known {
    const Ds__CheckReturn *check;
    Ds__Appraisal__Name report;
    bool accessories_complete;
};

static bool comes_before(const Ds__WatchReturn *a, const Ds__WatchReturn *b)
{
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms;
    if (a->tie != b->tie) return a->tie < b->tie;
    return a->seq < b->seq;
}

void watch_add_return(struct watch_ticket *ticket, Ds__WatchReturn *fact)
{
    uint32_t at = ticket->n_returns;

    DS_ASSERT(ticket->n_returns < DS_RETURN_FACTS_MAX);
    while (at > 0 && comes_before(fact, ticket->returns[at - 1]))
        at--;
    memmove(&ticket->returns[at + 1], &ticket->returns[at],
            (ticket->n_returns - at) * sizeof ticket->returns[0]);
    ticket->returns[at] = fact;
    ticket->n_returns++;
}

int64_t watch_keep_returns_ms(const struct watch_ticket *ticket, const struct ds_version *rules)
{
    int64_t last_ms = 0;

    for (uint32_t i = 0; i < ticket->n_returns; i++)
        last_ms = watch_max_ms(last_ms, ticket->returns[i]->received_ms);
    return ticket->n_returns ? last_ms + rules->follow_up_ms : 0;
}

/* ---- what is known ---- */

static struct known know(const struct watch_ticket *ticket)
{
    struct known known = {.report = DS__APPRAISAL__NAME__NONE};

    for (uint32_t i = 0; i < ticket->n_returns; i++) {
        const Ds__WatchReturn *fact = ticket->returns[i];
        const Ds__CheckReturn *check = fact->check;
        const Ds__RecordReturn *more = fact->known;
        if (check) known.check = check;
        if (check && check->has_report) known.report = check->report;
        if (check && check->has_accessories_complete)
            known.accessories_complete = check->accessories_complete;
        if (!more) continue;
        if (more->has_report) known.report = more->report;
        if (more->has_accessories_complete) known.accessories_complete = more->accessories_complete;
    }
    return known;
}

/* ---- the ticket's own intervals ---- */

/* When a life's repair was over: the work was done, or called off. A unit that was filed as not
 * fixed is still not repaired. */
static int64_t repaired_ms(const struct watch_life *life)
{
    const struct watch_fact *filed = watch_first(life, FACT_RESULT_FILED);
    const struct watch_fact *over = watch_first(life, FACT_COMPLETED);

    if (filed && filed->a == WATCH_NOT_FIXED) return WATCH_NEVER;
    if (!over) over = filed ? filed : watch_first(life, FACT_CANCELLED);
    return over ? over->at_ms : WATCH_NEVER;
}

static Ds__ReturnInterval__Kind kind_of(enum ds_delay reason)
{
    if (reason == DS_DELAY_PARTS) return DS__RETURN_INTERVAL__KIND__PARTS;
    if (reason == DS_DELAY_CUSTOMER) return DS__RETURN_INTERVAL__KIND__CUSTOMER;
    return DS__RETURN_INTERVAL__KIND__OTHER;
}

static void add(struct watch_return_case *facts, Ds__ReturnInterval__Kind kind, int64_t from_ms,
                int64_t to_ms)
{
    DS_ASSERT(facts->n_intervals < WATCH_INTERVALS_MAX);
    facts->intervals[facts->n_intervals++] = (struct watch_interval){kind, from_ms, to_ms};
}

static bool is_repair(const struct watch_life *life)
{
    return life->head.kind == DS_COMPLAINT && !life->head.service;
}

static void add_life(struct watch_return_case *facts, const struct watch_life *life)
{
    int64_t end_ms = repaired_ms(life);

    if (!is_repair(life)) return; /* an installation is nothing that a product waits out */
    add(facts, DS__RETURN_INTERVAL__KIND__REPAIR, life->begin->at_ms, end_ms);
    for (uint32_t p = 0; p < life->n_pauses; p++)
        add(facts, kind_of(life->pauses[p].reason), life->pauses[p].from_ms,
            watch_min_ms(life->pauses[p].to_ms, end_ms));
}

/* ---- who answers for it ---- */

static bool was_found(const struct watch_ticket *ticket, const char *name)
{
    for (uint32_t i = 0; i < ticket->n_causes_found; i++)
        if (strcmp(ticket->causes_found[i], name) == 0) return true;
    return false;
}

/* lacking: what was found missing; NULL when something else is answered for. */
static void say_cause(struct watch_ticket *ticket, const Ds__WatchReturn *taken,
                      const Ds__WatchReturn *found, const char *clause, const char *account,
                      const Ds__RecordReturn *lacking, struct ds_out *out)
{
    char *name = ds_out_text(out, (const char *const[]){clause, "/", ds_str(account), NULL});

    if (was_found(ticket, name)) return;
    DS_ASSERT(ticket->n_causes_found < WATCH_CAUSES_MAX);
    ticket->causes_found[ticket->n_causes_found++] = name;
    Ds__ReturnCauseFound *cause = &ds_out_add(out, DS_EV_RETURN_CAUSE_FOUND, ticket->id,
                                              DS__REASON__NAME__RETURN_CAUSED, clause)
                                       ->return_cause_found;
    cause->clause = (char *)clause;
    if (ds_str(account)[0]) cause->account = (char *)account;
    DS_SET(cause, at_ms, taken->at_ms);
    cause->found = ds_out_ref(out, DS_INTAKE, found->seq);
    if (!lacking) return;
    cause->lacks = lacking->lacks;
    cause->n_lacks = lacking->n_lacks;
}

/* Is this about the category that can be badly placed (7.11)? The ticket knows it; one without a
 * product, what was asked of it. */
static bool can_be_placed(const struct watch_ticket *ticket, const struct ds_return_rules *rules,
                          const Ds__WatchReturn *taken)
{
    const char *category = taken->known->category;

    if (category) return strcmp(category, rules->placement_category) == 0;
    for (uint32_t i = 0; i < ticket->n_returns; i++) {
        const Ds__CheckReturn *check = ticket->returns[i]->check;
        if (check && strcmp(check->category, rules->placement_category) == 0) return true;
    }
    return false;
}

static const char *clause_of(const struct watch_ticket *ticket, const struct ds_return_rules *rules,
                             const Ds__WatchReturn *taken, Ds__ReturnCause__Name cause)
{
    if (cause == DS__RETURN_CAUSE__NAME__WORKMANSHIP) return rules->workmanship_clause;
    if (cause != DS__RETURN_CAUSE__NAME__PLACEMENT && cause != DS__RETURN_CAUSE__NAME__INSTALLATION)
        return NULL;
    return can_be_placed(ticket, rules, taken) ? rules->placement_clause : NULL;
}

/* 7.11, 7.17, 7.18: once the unit has come back, says who is said to answer for it. True if anybody
 * is that was not said before. */
static bool find_causes(struct watch_ticket *ticket, const struct ds_version *rules,
                        struct ds_out *out)
{
    uint32_t before = ticket->n_causes_found;
    const struct ds_return_rules *returns = &rules->returns;
    const Ds__WatchReturn *taken = NULL;

    for (uint32_t i = 0; i < ticket->n_returns; i++) {
        const Ds__WatchReturn *fact = ticket->returns[i];
        if (!fact->known || !fact->known->has_taken_in) continue;
        if (!taken) taken = fact;
        if (fact->known->n_lacks > 0)
            say_cause(ticket, fact, fact, returns->lacks_clause, fact->by, fact->known, out);
    }
    for (uint32_t i = 0; taken && i < ticket->n_returns; i++) {
        const Ds__WatchReturn *fact = ticket->returns[i];
        Ds__ReturnCause__Name cause = fact->check ? fact->check->cause : fact->known->cause;
        const char *clause = clause_of(ticket, returns, taken, cause);
        const char *account = fact->check ? fact->check->account : fact->known->account;
        if (clause) say_cause(ticket, taken, fact, clause, account, NULL, out);
    }
    return ticket->n_causes_found > before;
}

/* ---- deciding ---- */

/* What a repair is about was reported with it; a fault that shows on an installation is reported
 * when somebody first asks about it. What becomes known later does not move that day. */
static int64_t reported_ms(const struct watch_ticket *ticket, const struct watch_life *first)
{
    if (is_repair(first)) return first->reported_ms;
    for (uint32_t i = 0; i < ticket->n_returns; i++)
        if (ticket->returns[i]->check) return ticket->returns[i]->at_ms;
    return first->reported_ms;
}

static void fill_case(struct watch_return_case *facts, const struct watch_ticket *ticket,
                      const struct known *known, const struct watch_story *story,
                      const struct ds_version *rules)
{
    const struct watch_life *first = &story->lives[0];
    const struct watch_life *last = &story->lives[story->n_lives - 1];
    const struct ds_zone *zone = first->calendar->zone;

    facts->rules = rules;
    facts->zone = zone;
    facts->said = known->check;
    facts->report = known->report;
    facts->accessories_complete = known->accessories_complete;
    facts->returned_day = ds_local_day(zone, ticket->returns[ticket->n_returns - 1]->at_ms);
    facts->reported_day = ds_local_day(zone, reported_ms(ticket, first));
    facts->repairer = last->n_holders ? last->holders[last->n_holders - 1].account : "";
    facts->n_intervals = 0;
    for (uint32_t i = 0; i < story->n_lives; i++)
        add_life(facts, &story->lives[i]);
    watch_add_intervals(facts, known->check);
}

/* A record that put somebody before the manager has done something; what else it told is kept for
 * the check, as long as the ticket is. */
static void answer_undecided(const struct ds_event *event, bool kept, bool caused,
                             struct ds_out *out)
{
    if (!kept && event->type == DS_EV_RETURN_CHECKED)
        ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__REFUSED,
                       DS__REASON__NAME__RETURN_NEEDS_REPORT, "");
    else if (caused)
        ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__APPLIED, DS__REASON__NAME__RETURN_CAUSED,
                       "");
    else
        ds_out_outcome(
            out, event, DS__OUTCOME_CODE__NAME__NO_EFFECT,
            kept ? DS__REASON__NAME__RETURN_NOT_CHECKED : DS__REASON__NAME__RETURN_NOT_KEPT, "");
}

void watch_decide_returns(struct watch_ticket *ticket, const struct watch_story *story,
                          const struct ds_version *rules, const struct ds_event *event,
                          struct ds_out *out)
{
    static struct watch_return_case facts; /* large; one event at a time */
    struct watch_return decided;
    struct known known = know(ticket);

    bool caused = find_causes(ticket, rules, out);
    if (!story || !known.check) {
        answer_undecided(event, story != NULL, caused, out);
        return;
    }
    fill_case(&facts, ticket, &known, story, rules);
    watch_decide_return(&facts, &decided);
    if (decided.days < 0) {
        ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__REFUSED,
                       DS__REASON__NAME__DATES_DO_NOT_FIT, "");
        return;
    }
    Ds__ReturnDecided *told =
        &ds_out_add(out, DS_EV_RETURN_DECIDED, ticket->id, DS__REASON__NAME__NONE, "")
             ->return_decided;
    watch_tell_return(out, &facts, &decided, told);
    DS_SET(told, n, ++ticket->returns_decided);
    ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__APPLIED,
                   caused ? DS__REASON__NAME__RETURN_CAUSED : DS__REASON__NAME__NONE, "");
}
