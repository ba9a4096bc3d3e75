/* SPDX-License-Identifier: MIT
 *
 * From verdicts to events (handbook 3.2): a breach is said provisionally the moment it can be,
 * taken back when evidence arrives, and said finally once, when nothing that counts can still
 * arrive. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/watch.h"

enum { SAY_AT_ONCE = 48 }; /* events per step; what is left is said in the next one */

/* ---- what has been said ---- */

static struct watch_said *find_said(struct watch_ticket *ticket, enum ds_clock clock, uint32_t n)
{
    for (uint32_t i = 0; i < ticket->n_said; i++)
        if (ticket->said[i].clock == clock && ticket->said[i].n == n) return &ticket->said[i];
    return NULL;
}

static struct watch_said *make_said(struct watch_ticket *ticket,
                                    const struct watch_instance *instance)
{
    struct watch_said *said = find_said(ticket, instance->clock, instance->n);

    if (said) return said;
    DS_ASSERT(ticket->n_said < WATCH_INSTANCES_MAX);
    said = &ticket->said[ticket->n_said++];
    *said = (struct watch_said){.clock = instance->clock,
                                .n = instance->n,
                                .warned_due_ms = WATCH_NEVER,
                                .breached_due_ms = WATCH_NEVER,
                                .capped_at_ms = WATCH_NEVER};
    return said;
}

static bool is_final(struct watch_ticket *ticket, const struct watch_instance *instance)
{
    const struct watch_said *said = find_said(ticket, instance->clock, instance->n);

    return said && said->final;
}

/* ---- provisional ---- */

static void say_warned(struct watch_ticket *ticket, const struct watch_instance *instance,
                       struct ds_out *out)
{
    Ds__Warned *warned = &ds_out_add(out, DS_EV_WARNED, ticket->id,
                                     DS__REASON__NAME__WARN_BEFORE_DUE, instance->clause)
                              ->warned;

    DS_SET(warned, clock, (Ds__Clock__Name)instance->clock);
    DS_SET(warned, n, instance->n);
    DS_SET(warned, due_at_ms, instance->due_ms);
    warned->owner = (char *)instance->owner;
    make_said(ticket, instance)->warned_due_ms = instance->due_ms;
}

static void say_breached(struct watch_ticket *ticket, const struct watch_instance *instance,
                         int64_t now_ms, struct ds_out *out)
{
    struct watch_said *said = make_said(ticket, instance);
    Ds__Breached *breached =
        &ds_out_add(out, DS_EV_BREACHED, ticket->id,
                    instance->stop_ms == WATCH_NEVER ? DS__REASON__NAME__NO_STOP
                                                     : DS__REASON__NAME__STOP_LATE,
                    instance->clause)
             ->breached;

    said->breached_due_ms = instance->due_ms;
    said->verdict_no++;
    DS_SET(breached, clock, (Ds__Clock__Name)instance->clock);
    DS_SET(breached, n, instance->n);
    DS_SET(breached, verdict_no, said->verdict_no);
    DS_SET(breached, due_at_ms, instance->due_ms);
    DS_SET(breached, late_ms, now_ms - instance->due_ms);
    breached->owner = (char *)instance->owner;
    breached->clause = (char *)instance->clause;
}

static void say_withdrawn(struct watch_ticket *ticket, struct watch_said *said,
                          Ds__Reason__Name reason, struct ds_out *out)
{
    Ds__BreachWithdrawn *withdrawn =
        &ds_out_add(out, DS_EV_BREACH_WITHDRAWN, ticket->id, reason, "")->breach_withdrawn;

    DS_SET(withdrawn, clock, (Ds__Clock__Name)said->clock);
    DS_SET(withdrawn, n, said->n);
    DS_SET(withdrawn, verdict_no, said->verdict_no);
    DS_SET(withdrawn, due_at_ms, said->breached_due_ms);
    said->breached_due_ms = WATCH_NEVER;
}

/* Does the provisional breach that stands still hold? If not, takes it back. */
static void check_standing(struct watch_ticket *ticket, const struct watch_instance *instance,
                           int64_t now_ms, struct ds_out *out)
{
    struct watch_said *said = find_said(ticket, instance->clock, instance->n);

    if (!said || said->breached_due_ms == WATCH_NEVER) return;
    /* what arrives after the grace changes nothing: the final verdict says what holds */
    if (now_ms > said->breached_due_ms + instance->rule->grace_ms) return;
    if (said->breached_due_ms != instance->due_ms)
        return say_withdrawn(ticket, said, DS__REASON__NAME__DUE_MOVED, out);
    if (watch_verdict(instance) == DS_BREACHED && now_ms > instance->due_ms) return;
    say_withdrawn(ticket, said,
                  watch_verdict(instance) == DS_CANCELLED ? DS__REASON__NAME__CLOCK_CANCELLED
                                                          : DS__REASON__NAME__EVIDENCE_ARRIVED,
                  out);
}

static bool still_runs(const struct watch_instance *instance)
{
    return instance->stop_ms == WATCH_NEVER && instance->cancel_ms > instance->due_ms;
}

/* Says what is due of one instance; returns the next instant at which time alone changes it. */
static int64_t notice_instance(struct watch_ticket *ticket, const struct watch_instance *instance,
                               int64_t now_ms, struct ds_out *out)
{
    check_standing(ticket, instance, now_ms, out);
    const struct watch_said *said = find_said(ticket, instance->clock, instance->n);
    bool breach = watch_verdict(instance) == DS_BREACHED;
    bool standing = said && said->breached_due_ms == instance->due_ms;

    if (instance->due_ms == WATCH_NEVER) return WATCH_NEVER;
    if (breach && now_ms > instance->due_ms) {
        if (!standing) say_breached(ticket, instance, now_ms, out);
        return WATCH_NEVER;
    }
    int64_t next_ms = breach ? instance->due_ms : WATCH_NEVER;
    int64_t warn_ms = still_runs(instance) ? watch_warn_ms(instance) : WATCH_NEVER;
    if (warn_ms >= instance->due_ms || (said && said->warned_due_ms == instance->due_ms))
        return next_ms;
    if (now_ms > warn_ms) {
        say_warned(ticket, instance, out);
        return next_ms;
    }
    return warn_ms < next_ms ? warn_ms : next_ms;
}

/* A breach was said of an instance that, as the facts now stand, never existed. */
static void withdraw_vanished(struct watch_ticket *ticket, const struct watch_verdicts *verdicts,
                              struct ds_out *out)
{
    for (uint32_t s = 0; s < ticket->n_said; s++) {
        struct watch_said *said = &ticket->said[s];
        bool there = false;
        if (said->breached_due_ms == WATCH_NEVER || said->final) continue;
        for (uint32_t i = 0; i < verdicts->n && !there; i++)
            there = verdicts->list[i].clock == said->clock && verdicts->list[i].n == said->n;
        if (!there) say_withdrawn(ticket, said, DS__REASON__NAME__DUE_MOVED, out);
    }
}

/* A delay that has lasted as long as allowed is said once. */
static int64_t notice_caps(struct watch_ticket *ticket, const struct watch_life *life,
                           int64_t now_ms, const struct watch_verdicts *verdicts,
                           struct ds_out *out)
{
    int64_t next_ms = WATCH_NEVER;
    uint32_t p = 0;

    for (uint32_t i = 0; i < verdicts->n; i++) {
        const struct watch_instance *delay = &verdicts->list[i];
        if (delay->clock != DS_CLOCK_DELAY || delay->life != life) continue;
        const struct watch_pause *pause = &life->pauses[p++]; /* one per instance, same order */
        const struct ds_pause_rule *rule = &life->rules->pauses[pause->reason];
        int64_t cap_ms = pause->from_ms + rule->cap_ms;
        const struct watch_said *said = find_said(ticket, delay->clock, delay->n);
        if (pause->to_ms < cap_ms || (said && said->capped_at_ms == cap_ms)) continue;
        if (delay->cancel_ms <= cap_ms) continue; /* the job was over before */
        if (now_ms <= cap_ms) {
            if (cap_ms < next_ms) next_ms = cap_ms;
            continue;
        }
        bool resumed = rule->at_cap == DS_AT_CAP_RESUME;
        Ds__CapReached *capped =
            &ds_out_add(out, DS_EV_CAP_REACHED, ticket->id,
                        resumed ? DS__REASON__NAME__CAP_RESUMED : DS__REASON__NAME__CAP_ALERT,
                        "P3.3")
                 ->cap_reached;
        DS_SET(capped, delay, delay->n);
        DS_SET(capped, reason, (Ds__Delay__Reason)pause->reason);
        DS_SET(capped, cap_at_ms, cap_ms);
        DS_SET(capped, resumed, resumed);
        make_said(ticket, delay)->capped_at_ms = cap_ms;
    }
    return next_ms;
}

static int64_t last_received_ms(const struct watch_ticket *ticket)
{
    int64_t last_ms = 0;

    for (uint32_t i = 0; i < ticket->n_facts; i++)
        if (ticket->facts[i].received_ms > last_ms) last_ms = ticket->facts[i].received_ms;
    return last_ms;
}

/* Earliest instant at which something of this ticket can become final: judged by all facts, so not
 * before the last of them arrived. */
static int64_t next_final_ms(struct watch_ticket *ticket, const struct watch_verdicts *verdicts,
                             int64_t last_ms)
{
    int64_t next_ms = WATCH_NEVER;

    for (uint32_t i = 0; i < verdicts->n; i++) {
        const struct watch_instance *instance = &verdicts->list[i];
        int64_t decisive_ms = watch_decisive_ms(instance);
        if (decisive_ms == WATCH_NEVER || is_final(ticket, instance)) continue;
        int64_t final_ms = decisive_ms + instance->rule->grace_ms;
        if (final_ms < last_ms) final_ms = last_ms;
        if (final_ms < next_ms) next_ms = final_ms;
    }
    return next_ms;
}

struct watch_dues watch_notice(struct watch_ticket *ticket, const struct watch_rules *rules,
                               int64_t now_ms, struct watch_bench *bench, struct ds_out *out)
{
    struct watch_dues dues = {WATCH_NEVER, WATCH_NEVER};
    struct watch_verdicts *verdicts = &bench->verdicts;

    watch_tell(ticket, rules, WATCH_NEVER, WATCH_NEVER, &bench->story);
    watch_judge(&bench->story, verdicts);
    withdraw_vanished(ticket, verdicts, out);
    for (uint32_t i = 0; i < verdicts->n; i++) {
        if (is_final(ticket, &verdicts->list[i])) continue;
        if (out->n >= SAY_AT_ONCE) {
            dues.soft_ms = now_ms - 1; /* the rest in the next step */
            break;
        }
        dues.soft_ms =
            watch_min_ms(dues.soft_ms, notice_instance(ticket, &verdicts->list[i], now_ms, out));
    }
    for (uint32_t i = 0; i < bench->story.n_lives; i++)
        dues.soft_ms = watch_min_ms(
            dues.soft_ms, notice_caps(ticket, &bench->story.lives[i], now_ms, verdicts, out));
    int64_t last_ms = last_received_ms(ticket);
    dues.hard_ms = watch_min_ms(next_final_ms(ticket, verdicts, last_ms),
                                watch_complaints_due_ms(ticket, bench, last_ms));
    int64_t over_ms = watch_over_ms(ticket, bench);
    if (ticket->n_asked > 0) dues.hard_ms = watch_min_ms(dues.hard_ms, ticket->asked[0]->stamp_ms);
    if (over_ms >= ticket->settled_ms) dues.hard_ms = watch_min_ms(dues.hard_ms, over_ms);
    return dues;
}

/* ---- final ---- */

/* A verdict that has become final at T. */
struct finding {
    int64_t final_ms;
    uint32_t at; /* index into verdicts */
};

/* Verdicts that become final within [from, to], where no fact arrives after from. */
static uint32_t find_finals(struct watch_ticket *ticket, const struct watch_verdicts *verdicts,
                            int64_t from_ms, int64_t to_ms, struct finding ret[SAY_AT_ONCE])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < verdicts->n; i++) {
        const struct watch_instance *instance = &verdicts->list[i];
        int64_t decisive_ms = watch_decisive_ms(instance);
        if (decisive_ms == WATCH_NEVER || is_final(ticket, instance)) continue;
        int64_t final_ms = decisive_ms + instance->rule->grace_ms;
        if (final_ms < from_ms) final_ms = from_ms;
        if (final_ms > to_ms) continue;
        uint32_t at = n;
        while (at > 0 && ret[at - 1].final_ms > final_ms)
            at--;
        if (at == SAY_AT_ONCE) continue;
        if (n < SAY_AT_ONCE) n++;
        memmove(&ret[at + 1], &ret[at], (n - 1 - at) * sizeof ret[0]);
        ret[at] = (struct finding){final_ms, i};
    }
    return n;
}

/* First stamp after after_ms at which a fact arrived; WATCH_NEVER if none. */
static int64_t next_arrival_ms(const struct watch_ticket *ticket, int64_t after_ms)
{
    int64_t next_ms = WATCH_NEVER;

    for (uint32_t i = 0; i < ticket->n_facts; i++)
        if (ticket->facts[i].received_ms > after_ms && ticket->facts[i].received_ms < next_ms)
            next_ms = ticket->facts[i].received_ms;
    return next_ms;
}

/* The same instance as of its own decisive instant: what happened later, and may have arrived or
 * not, changes nothing of what is said. Only a late stop after a broken due is told as far as it is
 * known. */
static const struct watch_instance *as_of_itself(struct watch_ticket *ticket,
                                                 const struct watch_rules *rules, int64_t upto_ms,
                                                 const struct watch_instance *instance,
                                                 struct watch_bench *bench)
{
    struct watch_verdicts *verdicts = &bench->final_verdicts;

    watch_tell(ticket, rules, upto_ms, watch_decisive_ms(instance), &bench->final_story);
    watch_judge(&bench->final_story, verdicts);
    for (uint32_t i = 0; i < verdicts->n; i++) {
        struct watch_instance *found = &verdicts->list[i];
        if (found->clock != instance->clock || found->n != instance->n) continue;
        if (watch_verdict(found) == DS_BREACHED) {
            found->stop_ms = instance->stop_ms;
            found->stop_fact = instance->stop_fact;
        }
        return found;
    }
    DS_UNREACHABLE(); /* nothing later makes an instance of the past */
}

static void tell_finals(struct watch_ticket *ticket, const struct watch_rules *rules,
                        int64_t upto_ms, const struct finding *findings, uint32_t n,
                        struct watch_bench *bench, const struct watch_finals *finals)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct watch_instance *instance = &bench->verdicts.list[findings[i].at];
        if (finals->wanted && !finals->wanted(instance)) {
            make_said(ticket, instance)->final = true;
            continue;
        }
        instance = as_of_itself(ticket, rules, upto_ms, instance, bench);
        finals->say(finals->self, ticket, instance, findings[i].final_ms);
        make_said(ticket, instance)->final = true;
    }
}

int64_t watch_first_undecided_ms(const struct watch_ticket *ticket, const struct watch_rules *rules)
{
    int64_t grace_ms = WATCH_NEVER;

    for (uint32_t i = 0; i < ticket->n_facts; i++) {
        uint32_t number = ticket->facts[i].rulebook;
        if (i > 0 && number == ticket->facts[i - 1].rulebook) continue;
        const struct ds_version *version = rules->of(rules->self, number);
        for (int c = DS_CLOCK_ORDER; c <= DS_CLOCK_CALLBACK; c++)
            grace_ms = watch_min_ms(grace_ms, version->clocks[c].grace_ms);
    }
    int64_t first_ms = ticket->facts[0].at_ms + grace_ms;
    return first_ms > ticket->settled_ms ? first_ms : ticket->settled_ms;
}

bool watch_settle(struct watch_ticket *ticket, const struct watch_rules *rules, int64_t mark_ms,
                  struct watch_bench *bench, const struct watch_finals *finals)
{
    struct finding findings[SAY_AT_ONCE + 1];
    uint32_t told = 0;

    /* between two arrivals the facts are what they are: judge each stretch by what was there */
    for (int64_t from_ms = watch_first_undecided_ms(ticket, rules); from_ms <= mark_ms;) {
        int64_t arrival_ms = next_arrival_ms(ticket, from_ms);
        int64_t to_ms = arrival_ms <= mark_ms ? arrival_ms - 1 : mark_ms;
        watch_tell(ticket, rules, from_ms, WATCH_NEVER, &bench->story);
        watch_judge(&bench->story, &bench->verdicts);
        uint32_t n = find_finals(ticket, &bench->verdicts, from_ms, to_ms, findings);
        tell_finals(ticket, rules, from_ms, findings, n, bench, finals);
        told += n;
        if (n == SAY_AT_ONCE || told >= finals->room) return false;
        ticket->settled_ms = to_ms + 1;
        from_ms = to_ms + 1;
    }
    return true;
}

static void say_final(void *self, struct watch_ticket *ticket,
                      const struct watch_instance *instance, int64_t final_ms)
{
    struct ds_out *out = self;
    struct watch_said *said = make_said(ticket, instance);

    if (said->breached_due_ms != WATCH_NEVER && watch_verdict(instance) != DS_BREACHED)
        say_withdrawn(ticket, said, DS__REASON__NAME__EVIDENCE_ARRIVED, out);
    watch_say_final(out, ticket->id, instance, final_ms, said->verdict_no);
}

bool watch_finalise_wanted(struct watch_ticket *ticket, const struct watch_rules *rules,
                           int64_t mark_ms, struct watch_bench *bench,
                           bool (*wanted)(const struct watch_instance *instance),
                           struct ds_out *out)
{
    const struct watch_finals finals = {say_final, wanted, out, SAY_AT_ONCE};

    /* nor has the bench anything of this ticket then */
    if (watch_first_undecided_ms(ticket, rules) > mark_ms) return true;
    if (!watch_settle(ticket, rules, mark_ms, bench, &finals)) return false;
    watch_say_complaints(ticket, mark_ms, bench, out);
    return true;
}

bool watch_finalise(struct watch_ticket *ticket, const struct watch_rules *rules, int64_t mark_ms,
                    struct watch_bench *bench, struct ds_out *out)
{
    return watch_finalise_wanted(ticket, rules, mark_ms, bench, NULL, out);
}
