/* SPDX-License-Identifier: MIT
 *
 * What a final verdict says: everything that money, reports and a person who asks will need. And
 * the word to the ledger that clause 7.6 can be decided. */
#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/watch.h"

static Ds__EventRef *ref_of(struct ds_out *out, const struct watch_fact *fact)
{
    return fact ? ds_out_ref(out, fact->source, fact->seq) : NULL;
}

static void add_pauses(struct ds_out *out, Ds__Judged *judged,
                       const struct watch_instance *instance)
{
    const struct watch_life *life = instance->life;

    judged->pauses = ds_out_room(out, DS_CYCLE_INSTANCES * sizeof judged->pauses[0]);
    for (uint32_t p = 0; p < life->n_pauses; p++) {
        const struct watch_pause *pause = &life->pauses[p];
        if (pause->from_ms >= instance->due_ms || pause->to_ms <= instance->start_ms) continue;
        Ds__Pause *said = ds_out_room(out, sizeof *said);
        ds__pause__init(said);
        DS_SET(said, from_ms, pause->from_ms);
        if (pause->to_ms != WATCH_NEVER) DS_SET(said, to_ms, pause->to_ms);
        DS_SET(said, reason, (Ds__Delay__Reason)pause->reason);
        judged->pauses[judged->n_pauses++] = said;
    }
}

static void add_holdings(struct ds_out *out, Ds__Judged *judged,
                         const struct watch_instance *instance)
{
    struct watch_holding holdings[WATCH_HOLDERS_MAX + 1];
    uint32_t n = watch_holdings(instance, holdings);

    judged->holdings = ds_out_room(out, n * sizeof judged->holdings[0]);
    for (uint32_t i = 0; i < n; i++) {
        Ds__Holding *said = ds_out_room(out, sizeof *said);
        ds__holding__init(said);
        said->account = (char *)holdings[i].account;
        DS_SET(said, running_ms, holdings[i].running_ms);
        judged->holdings[judged->n_holdings++] = said;
    }
}

Ds__Reason__Name watch_reason_of(const struct watch_instance *instance)
{
    switch (watch_verdict(instance)) {
    case DS_MET: return DS__REASON__NAME__STOP_IN_TIME;
    case DS_BREACHED:
        if (instance->appointed_beyond) return DS__REASON__NAME__APPOINTED_BEYOND_DUE;
        return instance->stop_ms == WATCH_NEVER ? DS__REASON__NAME__NO_STOP
                                                : DS__REASON__NAME__STOP_LATE;
    case DS_CANCELLED: return DS__REASON__NAME__CLOCK_CANCELLED;
    case DS_CLOSED_PAUSED: return DS__REASON__NAME__CLOSED_WHILE_PAUSED;
    case DS_VERDICT_NONE: break;
    }
    DS_UNREACHABLE();
}

void watch_say_final(struct ds_out *out, const char *subject, const struct watch_instance *instance,
                     int64_t final_ms, uint32_t verdict_no)
{
    Ds__Judged *judged =
        &ds_out_add(out, DS_EV_JUDGED, subject, watch_reason_of(instance), instance->clause)
             ->judged;

    watch_fill_final(out, judged, instance, final_ms);
    if (verdict_no > 0) DS_SET(judged, verdict_no, verdict_no);
}

void watch_fill_final(struct ds_out *out, Ds__Judged *judged, const struct watch_instance *instance,
                      int64_t final_ms)
{
    enum ds_verdict verdict = watch_verdict(instance);

    DS_SET(judged, clock, (Ds__Clock__Name)instance->clock);
    DS_SET(judged, n, instance->n);
    DS_SET(judged, verdict, (Ds__Verdict__Name)verdict);
    DS_SET(judged, start_at_ms, instance->start_ms);
    if (instance->due_ms != WATCH_NEVER) DS_SET(judged, due_at_ms, instance->due_ms);
    if (instance->stop_ms != WATCH_NEVER && verdict != DS_CANCELLED)
        DS_SET(judged, stop_at_ms, instance->stop_ms);
    judged->owner = (char *)instance->owner;
    judged->clause = (char *)instance->clause;
    DS_SET(judged, rulebook, instance->rules->number);
    judged->start_event = ref_of(out, instance->start_fact);
    judged->due_event = ref_of(out, instance->due_fact);
    judged->stop_event = ref_of(out, instance->stop_fact);
    DS_SET(judged, final_at_ms, final_ms);
    if (instance->pausable) add_pauses(out, judged, instance);
    if (instance->from_appointment) {
        DS_SET(judged, from_appointment, true);
        DS_SET(judged, window_from_ms, instance->window_from_ms);
    }
    if (instance->clock == DS_CLOCK_COMPLAINT && verdict == DS_BREACHED) {
        add_holdings(out, judged, instance);
        if (instance->urgent) DS_SET(judged, urgent, true);
        if (instance->sole_holder) DS_SET(judged, sole_holder, true);
    }
}

/* ---- clause 7.6: complaints that wait for the verdicts of visits ---- */

static bool complaint_said(const struct watch_ticket *ticket, uint64_t seq)
{
    for (uint32_t i = 0; i < ticket->n_complaints_said; i++)
        if (ticket->complaints_said[i] == seq) return true;
    return false;
}

/* A booking that would begin another visit before the complaint may still arrive until then. */
static int64_t settled_at_ms(const struct watch_life *life, const struct watch_fact *complained)
{
    return complained->at_ms + life->rules->clocks[DS_CLOCK_VISIT].grace_ms;
}

static bool visits_final(struct watch_ticket *ticket, const struct watch_verdicts *verdicts,
                         const struct watch_fact *complained)
{
    for (uint32_t i = 0; i < verdicts->n; i++) {
        const struct watch_instance *visit = &verdicts->list[i];
        if (visit->clock != DS_CLOCK_VISIT || visit->start_ms > complained->at_ms) continue;
        bool final = false;
        for (uint32_t s = 0; s < ticket->n_said && !final; s++)
            final = ticket->said[s].clock == DS_CLOCK_VISIT && ticket->said[s].n == visit->n &&
                    ticket->said[s].final;
        if (!final) return false;
    }
    return true;
}

int64_t watch_complaints_due_ms(struct watch_ticket *ticket, const struct watch_bench *bench,
                                int64_t last_received_ms)
{
    int64_t next_ms = WATCH_NEVER;

    for (uint32_t l = 0; l < bench->story.n_lives; l++) {
        const struct watch_life *life = &bench->story.lives[l];
        for (uint32_t i = 0; i < life->n; i++) {
            const struct watch_fact *fact = life->facts[i];
            if (fact->kind != FACT_COMPLAINED || complaint_said(ticket, fact->seq)) continue;
            /* otherwise the visits' own verdicts bring it up */
            if (!visits_final(ticket, &bench->verdicts, fact)) continue;
            if (settled_at_ms(life, fact) < next_ms) next_ms = settled_at_ms(life, fact);
            if (next_ms < last_received_ms) next_ms = last_received_ms; /* judged by all of them */
        }
    }
    return next_ms;
}

void watch_say_visits_final(struct ds_out *out, const char *subject, const char *complaint,
                            const struct watch_fact *complained)
{
    Ds__VisitsFinal *final =
        &ds_out_add(out, DS_EV_VISITS_FINAL, subject, DS__REASON__NAME__NONE, "7.6")->visits_final;

    final->complaint = (char *)complaint;
    DS_SET(final, complained_at_ms, complained->at_ms);
    final->complained = ref_of(out, complained);
}

void watch_say_complaints(struct watch_ticket *ticket, int64_t mark_ms, struct watch_bench *bench,
                          struct ds_out *out)
{
    char id[DS_TICKET_ID_MAX];

    for (uint32_t l = 0; l < bench->story.n_lives; l++) {
        const struct watch_life *life = &bench->story.lives[l];
        for (uint32_t i = 0; i < life->n; i++) {
            const struct watch_fact *fact = life->facts[i];
            if (fact->kind != FACT_COMPLAINED || complaint_said(ticket, fact->seq)) continue;
            if (settled_at_ms(life, fact) > mark_ms) continue;
            if (!visits_final(ticket, &bench->verdicts, fact)) continue;
            DS_ASSERT(ticket->n_complaints_said < DS_COMPLAINTS_MAX);
            ticket->complaints_said[ticket->n_complaints_said++] = fact->seq;
            ds_ticket_id(id, ticket->partition, (uint64_t)fact->a);
            watch_say_visits_final(out, ticket->id,
                                   ds_out_text(out, (const char *const[]){id, NULL}), fact);
        }
    }
}

/* ---- the end ---- */

/* Fact that ended a life; NULL while it goes on. */
static const struct watch_fact *closed_by(const struct watch_life *life)
{
    const struct watch_fact *end = watch_end(life);

    return end || life->head.kind != DS_SYSTEM ? end : watch_first(life, FACT_COMPLETED);
}

int64_t watch_over_ms(const struct watch_ticket *ticket, const struct watch_bench *bench)
{
    const struct watch_story *story = &bench->story;
    const struct watch_life *life = story->n_lives ? &story->lives[story->n_lives - 1] : NULL;
    const struct watch_fact *closed = life ? closed_by(life) : NULL;
    int64_t longest_ms = 0;

    if (!closed) return WATCH_NEVER;
    for (uint32_t i = 0; i < life->n; i++) {
        if (i > 0 && life->facts[i]->rulebook == life->facts[i - 1]->rulebook) continue;
        const struct ds_version *version = watch_rules_at(life, life->facts[i]);
        for (int c = DS_CLOCK_ORDER; c <= DS_CLOCK_CALLBACK; c++)
            longest_ms = watch_max_ms(longest_ms, version->clocks[c].grace_ms);
    }
    return watch_max_ms(closed->at_ms + longest_ms, watch_keep_returns_ms(ticket, life->rules));
}

bool watch_is_over(struct watch_ticket *ticket, const struct watch_bench *bench)
{
    const struct watch_verdicts *verdicts = &bench->verdicts;

    /* what happened before the end may still arrive within its grace */
    if (watch_over_ms(ticket, bench) >= ticket->settled_ms || ticket->n_asked > 0) return false;
    for (uint32_t i = 0; i < verdicts->n; i++) {
        bool final = false;
        for (uint32_t s = 0; s < ticket->n_said && !final; s++)
            final = ticket->said[s].clock == verdicts->list[i].clock &&
                    ticket->said[s].n == verdicts->list[i].n && ticket->said[s].final;
        if (!final) return false;
    }
    for (uint32_t i = 0; i < ticket->n_facts; i++)
        if (ticket->facts[i].kind == FACT_COMPLAINED &&
            !complaint_said(ticket, ticket->facts[i].seq))
            return false;
    return true;
}
