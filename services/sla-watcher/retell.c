/* SPDX-License-Identifier: MIT
 *
 * Before each event everything is settled that could be settled without it: so each stretch is
 * judged by what was there, as by the service. Pure. */
#include "sla-watcher/retell.h"

#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"

static bool has_complaint(const struct watch_ticket *ticket)
{
    for (uint32_t i = 0; i < ticket->n_facts; i++)
        if (ticket->facts[i].kind == FACT_COMPLAINED) return true;
    return false;
}

/* A breach that has a clause; a visit that a complaint could be paired with, or waits for. */
static bool costs(const struct watch_instance *instance)
{
    bool breached = watch_verdict(instance) == DS_BREACHED;

    if (instance->clock != DS_CLOCK_VISIT) return breached && instance->clause[0];
    return (breached && instance->from_appointment) || has_complaint(instance->life->ticket);
}

/* ---- what is said ---- */

/* When clause 7.6 could be decided: the complaint's grace is over, and every visit is final. */
static int64_t decided_ms(const struct watch_retelling *telling, const Ds__VisitsFinal *final)
{
    const struct watch_ticket *ticket = &telling->ticket;
    int64_t at_ms = telling->visit_final_ms;

    for (uint32_t i = 0; i < ticket->n_facts; i++) {
        const struct watch_fact *fact = &ticket->facts[i];
        if (fact->kind != FACT_COMPLAINED || fact->seq != final->complained->seq) continue;
        const struct ds_version *version = telling->rules->of(telling->rules->self, fact->rulebook);
        at_ms = watch_max_ms(at_ms, fact->at_ms + version->clocks[DS_CLOCK_VISIT].grace_ms);
        at_ms = watch_max_ms(at_ms, fact->received_ms);
    }
    return watch_max_ms(at_ms, final->complained_at_ms);
}

/* Names of causes outlive the step that found them. */
static void keep_causes(struct watch_retelling *telling)
{
    for (uint32_t i = 0; i < telling->ticket.n_causes_found; i++) {
        if (telling->ticket.causes_found[i] == telling->causes[i]) continue;
        ds_copy(telling->causes[i], WATCH_CAUSE_NAME, telling->ticket.causes_found[i]);
        telling->ticket.causes_found[i] = telling->causes[i];
    }
}

/* at_ms: of what is no verdict. rulebook: in force then. */
static void flush(struct watch_retelling *telling, uint32_t rulebook, int64_t at_ms)
{
    struct ds_out *out = &telling->out;

    for (uint32_t i = 0; i < out->n; i++) {
        const Ds__Event *event = &out->events[i];
        int64_t said_ms = at_ms;
        if (event->body_case == DS__EVENT__BODY_JUDGED) {
            said_ms = event->judged->final_at_ms;
            if (event->judged->clock == DS__CLOCK__NAME__VISIT)
                telling->visit_final_ms = watch_max_ms(telling->visit_final_ms, said_ms);
        }
        if (event->body_case == DS__EVENT__BODY_VISITS_FINAL)
            said_ms = decided_ms(telling, event->visits_final);
        telling->say(telling->self, event, rulebook, said_ms);
    }
    keep_causes(telling);
    ds_out_reset(out);
}

/* ---- time ---- */

void watch_retell_begin(struct watch_retelling *telling, const char *id, uint32_t partition,
                        int64_t mark_ms)
{
    telling->mark_ms = mark_ms;
    watch_empty(&telling->ticket, id);
    telling->ticket.partition = partition;
    telling->visit_final_ms = 0;
    ds_out_reset(&telling->out);
}

static uint32_t rulebook_of(const struct watch_ticket *ticket)
{
    return ticket->facts[ticket->n_facts - 1].rulebook;
}

static void settle(struct watch_retelling *telling, int64_t mark_ms)
{
    struct watch_ticket *ticket = &telling->ticket;
    bool (*wanted)(const struct watch_instance *) = telling->wanted ? telling->wanted : costs;

    while (ticket->n_asked > 0 && ticket->asked[0]->stamp_ms <= mark_ms) {
        int64_t asked_ms = ticket->asked[0]->stamp_ms;
        watch_judge_asked(ticket, telling->rules, mark_ms, &telling->bench, &telling->again,
                          &telling->out);
        flush(telling, rulebook_of(ticket), asked_ms);
    }
    if (watch_first_undecided_ms(ticket, telling->rules) > mark_ms) return;
    while (!watch_finalise_wanted(ticket, telling->rules, mark_ms, &telling->bench, wanted,
                                  &telling->out))
        flush(telling, rulebook_of(ticket), mark_ms);
    if (telling->out.n > 0) flush(telling, rulebook_of(ticket), mark_ms);
    if (watch_is_over(ticket, &telling->bench)) {
        char id[DS_ID_MAX + 1];
        ds_copy(id, sizeof id, ticket->id);
        watch_empty(ticket, id);
    }
}

void watch_retell_to(struct watch_retelling *telling, int64_t mark_ms)
{
    if (telling->ticket.known && telling->ticket.n_facts > 0)
        settle(telling, watch_min_ms(mark_ms, telling->mark_ms));
}

/* ---- events ---- */

static void take_return(struct watch_retelling *telling, const struct ds_event *event)
{
    struct watch_ticket *ticket = &telling->ticket;
    const struct ds_version *version = telling->rules->of(telling->rules->self, event->rulebook);
    DS_ASSERT(ticket->n_returns < DS_RETURN_FACTS_MAX);
    Ds__WatchReturn *fact = &telling->returns[ticket->n_returns];

    watch_return_of(event, telling->recorded->of(telling->recorded->self, event->rulebook), fact);
    watch_add_return(ticket, fact);
    if (ticket->known)
        watch_tell(ticket, telling->rules, WATCH_NEVER, WATCH_NEVER, &telling->bench.story);
    watch_decide_returns(ticket, ticket->known ? &telling->bench.story : NULL, version, event,
                         &telling->out);
    flush(telling, event->rulebook, event->stamp_ms);
    if (!ticket->known) ticket->n_returns = ticket->n_causes_found = 0;
}

static void take_request(struct watch_retelling *telling, const struct ds_event *event)
{
    struct watch_ticket *ticket = &telling->ticket;

    if (!ticket->known || ticket->n_asked == DS_REJUDGES_MAX) return;
    for (uint32_t slot = 0; slot < DS_REJUDGES_MAX; slot++) {
        bool used = false;
        for (uint32_t i = 0; i < ticket->n_asked; i++)
            used |= ticket->asked[i] == &telling->asked[slot];
        if (used) continue;
        watch_ask(event, &telling->asked[slot]);
        ticket->asked[ticket->n_asked++] = &telling->asked[slot];
        return;
    }
}

void watch_retell(struct watch_retelling *telling, const struct ds_event *event)
{
    struct watch_ticket *ticket = &telling->ticket;
    bool begins = event->type == DS_EV_REGISTERED || event->type == DS_EV_REOPENED;
    struct watch_fact fact;

    watch_retell_to(telling, event->stamp_ms - 1);
    if (event->type == DS_EV_RETURN_CHECKED || event->type == DS_EV_RETURN_RECORDED)
        return take_return(telling, event);
    if (event->type == DS_EV_REJUDGE_REQUESTED) return take_request(telling, event);
    if (!ticket->known && !begins) return; /* all its clocks were final long ago */
    /* who did it is what happened, whatever another directory says of him */
    if (!watch_fact_of(ticket, event,
                       telling->recorded->of(telling->recorded->self, event->rulebook), &fact))
        return;
    watch_add_fact(ticket, &fact);
    ticket->known = true;
}

void watch_retell_complaint(struct watch_retelling *telling, const struct ds_event *event)
{
    struct watch_ticket *ticket = &telling->ticket;
    struct watch_fact fact;
    const char *about;

    watch_retell_to(telling, event->stamp_ms - 1);
    if (!watch_complaint_of(event, &fact, &about)) return;
    if (!ticket->known) { /* every visit of it is final */
        watch_say_visits_final(&telling->out, about, event->msg->subject, &fact);
        flush(telling, event->rulebook, event->stamp_ms);
        return;
    }
    if (ticket->n_facts < WATCH_FACTS_MAX) watch_add_fact(ticket, &fact);
}
