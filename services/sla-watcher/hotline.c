/* SPDX-License-Identifier: MIT
 *
 * Clause 7.8 and handbook 3.6: the public number is answered by a person while we work. It is
 * judged when the call has ended, without a timer; a gap in the phone feed never fines anybody. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/lines.h"

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool in_gap(const struct watch_lines *lines, const struct watch_call *call, int64_t upto_ms)
{
    for (uint32_t i = 0; i < lines->n_gaps; i++) {
        const struct watch_gap *gap = &lines->gaps[i];
        if (gap->received_ms <= upto_ms && watch_gap_covers(gap, call)) return true;
    }
    return false;
}

/* Was this agent on another call for all of the allowed ringing? */
static bool is_busy(const struct watch_lines *lines, const struct watch_call *call,
                    const char *agent, int64_t until_ms, int64_t upto_ms)
{
    const struct watch_list *list = &lines->by[WATCH_BY_AGENT];
    struct watch_call probe = {.answered_at_ms = call->offered_at_ms, .answered_seq = UINT64_MAX};

    ds_copy(probe.agent, sizeof probe.agent, agent);
    for (uint32_t i = watch_seek(lines, WATCH_BY_AGENT, &probe); i > 0; i--) {
        const struct watch_call *other = list->at[i - 1];
        if (!same(other->agent, agent)) return false;
        if (other == call || other->answered_received_ms > upto_ms) continue;
        if (other->ended_at_ms >= until_ms || other->ended_received_ms > upto_ms) return true;
    }
    return false;
}

/* Other calls are remembered only so long. What was reported of this one after the grace, or a call
 * that is said to have rung for longer than that, is not held against anybody by what is left. */
static bool told_too_late(const struct watch_call *call, int64_t grace_ms)
{
    return call->offered_received_ms - call->offered_at_ms > grace_ms ||
           call->ended_received_ms - call->ended_at_ms > grace_ms ||
           call->ended_at_ms - call->offered_at_ms > grace_ms;
}

/* Who answers for the line: the first on the roster; if nobody is, whoever makes the roster. */
static const char *owner_of(const struct ds_version *version, const struct ds_person **on_duty,
                            uint32_t n)
{
    if (n > 0) return on_duty[0]->account_key;
    for (uint32_t i = 0; i < version->n_people; i++)
        if (version->people[i].role == DS_ROLE_MANAGER) return version->people[i].account_key;
    return "";
}

/* Everything but the occasion: would this call alone be a breach? */
static void judge_alone(struct watch_lines *lines, const struct watch_call *call,
                        const struct ds_version *version, int64_t upto_ms,
                        struct watch_call_verdict *ret)
{
    const struct ds_territory *territory = ds_find_territory(version, call->territory);
    DS_ASSERT(territory); /* territories never disappear */
    const struct ds_person *on_duty[WATCH_DUTY_MAX];
    bool answered = call->answered_received_ms <= upto_ms;
    int64_t picked_up_ms = answered ? call->answered_at_ms : call->ended_at_ms;

    lines->n_judgements++;
    lines->occasion_max_ms = watch_max_ms(lines->occasion_max_ms, version->hotline_occasion_ms);
    *ret = (struct watch_call_verdict){.verdict = DS_CANCELLED, .occasion_ms = WATCH_NEVER};
    ret->due_ms = call->offered_at_ms + version->hotline_ring_ms;
    ret->rang_ms = ds_cal_between(territory->calendar, call->offered_at_ms, picked_up_ms);
    uint32_t n = ds_on_duty(version, territory, call->offered_at_ms, on_duty, WATCH_DUTY_MAX);
    if (n > WATCH_DUTY_MAX) n = WATCH_DUTY_MAX;
    ret->owner = owner_of(version, on_duty, n);
    if (answered) {
        ret->verdict = DS_MET;
        ret->reason = DS__REASON__NAME__PERSON_ANSWERED;
    } else if (in_gap(lines, call, upto_ms)) {
        ret->reason = DS__REASON__NAME__PHONE_FEED_GAP;
    } else if (told_too_late(call, version->clocks[DS_CLOCK_HOTLINE].grace_ms)) {
        ret->reason = DS__REASON__NAME__TOLD_TOO_LATE;
    } else if (!ds_cal_is_open(territory->calendar, call->offered_at_ms)) {
        ret->reason = DS__REASON__NAME__OUTSIDE_WORKING_TIME;
    } else if (ret->rang_ms < version->hotline_ring_ms) {
        ret->reason = DS__REASON__NAME__RANG_TOO_SHORT;
    } else {
        uint32_t busy = 0;
        for (uint32_t i = 0; i < n; i++)
            busy += is_busy(lines, call, on_duty[i]->id, ret->due_ms, upto_ms);
        bool all_busy = n > 0 && busy == n;
        ret->reason = all_busy ? DS__REASON__NAME__ALL_AGENTS_BUSY
                      : n == 0 ? DS__REASON__NAME__NOBODY_ROSTERED
                               : DS__REASON__NAME__NOBODY_ANSWERED;
        if (!all_busy) ret->verdict = DS_BREACHED;
    }
}

/* The same by the rules at its offer. What was found by all that is known is remembered, and holds
 * for any upto_ms after which nothing arrived that could have changed it. */
static struct watch_call_verdict alone(struct watch_lines *lines, struct watch_call *call,
                                       const struct watch_rules *rules, int64_t upto_ms)
{
    struct watch_call_verdict verdict;

    if (call->judged && call->touched_ms <= upto_ms) return call->alone;
    judge_alone(lines, call, rules->of(rules->self, call->rulebook), upto_ms, &verdict);
    if (upto_ms != WATCH_ALL_KNOWN) return verdict;
    call->alone = verdict;
    call->judged = true;
    return verdict;
}

/* A walk through a caller's calls, in the order of their offers. */
struct walk {
    struct watch_lines *lines;
    const struct watch_rules *rules;
    const char *owner; /* whose occasions */
    int64_t upto_ms;
    int64_t occasion_ms; /* the last one; WATCH_NEVER */
};

static bool counts(const struct walk *walk, struct watch_call *call)
{
    if (call->offered_received_ms > walk->upto_ms || call->ended_received_ms > walk->upto_ms)
        return false;
    struct watch_call_verdict verdict = alone(walk->lines, call, walk->rules, walk->upto_ms);
    return verdict.verdict == DS_BREACHED && same(verdict.owner, walk->owner);
}

static int64_t occasion_length_ms(const struct walk *walk, const struct watch_call *call)
{
    return walk->rules->of(walk->rules->self, call->rulebook)->hotline_occasion_ms;
}

/* The occasion an earlier breach belongs to, if that need not be worked out; else WATCH_NEVER. */
static int64_t known_occasion_ms(const struct walk *walk, const struct watch_call *call)
{
    if (call->final && call->occasion_ms != WATCH_NEVER) return call->occasion_ms;
    /* by all that is known, earlier calls are always noticed first */
    return walk->upto_ms == WATCH_ALL_KNOWN ? call->noticed_occasion_ms : WATCH_NEVER;
}

/* Goes back from a call to where the occasion is known, or to a pause so long that no occasion
 * reaches over it. Returns the place in WATCH_BY_CALLER to go on from. */
static uint32_t walk_back(struct walk *walk, uint32_t at)
{
    struct watch_call *const *list = walk->lines->by[WATCH_BY_CALLER].at;
    int64_t reach_ms = occasion_length_ms(walk, list[at]);

    for (; at > 0 && watch_same_caller(list[at - 1], list[at]); at--) {
        struct watch_call *earlier = list[at - 1];
        if (list[at]->offered_at_ms - earlier->offered_at_ms >= reach_ms) break;
        reach_ms = watch_max_ms(reach_ms, occasion_length_ms(walk, earlier));
        if (!counts(walk, earlier)) continue;
        walk->occasion_ms = known_occasion_ms(walk, earlier);
        if (walk->occasion_ms != WATCH_NEVER) break;
    }
    return at;
}

/* One occasion per caller in [first, first + 10 min) and clerk: does this breach open one? */
static bool opens_occasion(struct watch_lines *lines, const struct watch_call *call,
                           const struct watch_rules *rules, int64_t upto_ms,
                           struct watch_call_verdict *verdict)
{
    struct watch_call *const *list = lines->by[WATCH_BY_CALLER].at;
    struct walk walk = {lines, rules, verdict->owner, upto_ms, WATCH_NEVER};
    bool opens = true;

    verdict->occasion_ms = call->offered_at_ms;
    if (same(call->caller, "anonymous") || same(call->caller, "unknown")) return true;
    uint32_t last = watch_seek(lines, WATCH_BY_CALLER, call);
    for (uint32_t i = walk_back(&walk, last); i <= last; i++) {
        if (i < last && !counts(&walk, list[i])) continue;
        opens = walk.occasion_ms == WATCH_NEVER ||
                list[i]->offered_at_ms - walk.occasion_ms >= occasion_length_ms(&walk, list[i]);
        if (list[i]->final && list[i]->occasion_ms != WATCH_NEVER)
            walk.occasion_ms = list[i]->occasion_ms;
        else if (opens)
            walk.occasion_ms = list[i]->offered_at_ms;
    }
    verdict->occasion_ms = walk.occasion_ms;
    return opens;
}

static struct watch_call_verdict judge(struct watch_lines *lines, struct watch_call *call,
                                       const struct watch_rules *rules, int64_t upto_ms)
{
    struct watch_call_verdict verdict = alone(lines, call, rules, upto_ms);

    if (verdict.verdict != DS_BREACHED) return verdict;
    if (opens_occasion(lines, call, rules, upto_ms, &verdict)) return verdict;
    verdict.verdict = DS_CANCELLED;
    verdict.reason = DS__REASON__NAME__SAME_OCCASION;
    return verdict;
}

/* ---- saying it ---- */

static const char *clause(const struct ds_version *version)
{
    return version->clocks[DS_CLOCK_HOTLINE].clause;
}

static void say_unanswered(struct watch_call *call, const struct watch_call_verdict *verdict,
                           struct ds_out *out)
{
    Ds__CallUnanswered *said =
        &ds_out_add(out, DS_EV_CALL_UNANSWERED, call->id, verdict->reason, "7.8")->call_unanswered;

    said->caller = call->caller;
    DS_SET(said, offered_at_ms, call->offered_at_ms);
    DS_SET(said, rang_ms, verdict->rang_ms);
    DS_SET(said, all_busy, verdict->reason == DS__REASON__NAME__ALL_AGENTS_BUSY);
    DS_SET(said, in_gap, verdict->reason == DS__REASON__NAME__PHONE_FEED_GAP);
    call->unanswered_said = true;
    ds_out_last(out)->territory = call->territory;
}

static void say_breached(struct watch_call *call, const struct watch_call_verdict *verdict,
                         const struct ds_version *version, int64_t now_ms, struct ds_out *out)
{
    Ds__Breached *breached =
        &ds_out_add(out, DS_EV_BREACHED, call->id, verdict->reason, clause(version))->breached;

    DS_SET(breached, clock, DS__CLOCK__NAME__HOTLINE);
    DS_SET(breached, n, 1);
    DS_SET(breached, verdict_no, ++call->verdict_no);
    DS_SET(breached, due_at_ms, verdict->due_ms);
    DS_SET(breached, late_ms, now_ms - verdict->due_ms);
    breached->owner = (char *)verdict->owner;
    breached->clause = (char *)clause(version);
    call->breach_said = true;
}

static void say_withdrawn(struct watch_call *call, const struct watch_call_verdict *verdict,
                          struct ds_out *out)
{
    Ds__BreachWithdrawn *withdrawn =
        &ds_out_add(out, DS_EV_BREACH_WITHDRAWN, call->id, verdict->reason, "7.8")
             ->breach_withdrawn;

    DS_SET(withdrawn, clock, DS__CLOCK__NAME__HOTLINE);
    DS_SET(withdrawn, n, 1);
    DS_SET(withdrawn, verdict_no, call->verdict_no);
    DS_SET(withdrawn, due_at_ms, verdict->due_ms);
    call->breach_said = false;
}

void watch_notice_call(struct watch_lines *lines, struct watch_call *call,
                       const struct watch_rules *rules, int64_t now_ms, struct ds_out *out)
{
    struct watch_call_verdict verdict = judge(lines, call, rules, WATCH_ALL_KNOWN);
    bool breach = verdict.verdict == DS_BREACHED;

    if (verdict.occasion_ms != call->noticed_occasion_ms) {
        call->noticed_occasion_ms = verdict.occasion_ms;
        watch_followers_wait(lines, call);
    }
    if (call->final) return;
    if (verdict.verdict != DS_MET && !call->unanswered_said) say_unanswered(call, &verdict, out);
    if (breach && !call->breach_said)
        say_breached(call, &verdict, rules->of(rules->self, call->rulebook), now_ms, out);
    if (!breach && call->breach_said) say_withdrawn(call, &verdict, out);
}

int64_t watch_call_final_ms(const struct watch_call *call, const struct ds_version *version)
{
    if (!watch_is_complete(call)) return WATCH_NEVER;
    /* from when both have arrived: a gap is reported together with what was missed in it */
    int64_t known_ms = watch_max_ms(call->ended_received_ms, call->ended_at_ms);
    return watch_max_ms(known_ms, call->offered_received_ms) +
           version->clocks[DS_CLOCK_HOTLINE].grace_ms;
}

void watch_finalise_call(struct watch_lines *lines, struct watch_call *call,
                         const struct watch_rules *rules, int64_t final_ms, struct ds_out *out)
{
    const struct ds_version *version = rules->of(rules->self, call->rulebook);
    struct watch_call_verdict verdict = judge(lines, call, rules, final_ms);

    if (call->breach_said && verdict.verdict != DS_BREACHED) say_withdrawn(call, &verdict, out);
    Ds__Judged *judged =
        &ds_out_add(out, DS_EV_JUDGED, call->id, verdict.reason, clause(version))->judged;
    DS_SET(judged, clock, DS__CLOCK__NAME__HOTLINE);
    DS_SET(judged, n, 1);
    DS_SET(judged, verdict, (Ds__Verdict__Name)verdict.verdict);
    DS_SET(judged, start_at_ms, call->offered_at_ms);
    DS_SET(judged, due_at_ms, verdict.due_ms);
    DS_SET(judged, stop_at_ms,
           verdict.verdict == DS_MET ? call->answered_at_ms : call->ended_at_ms);
    judged->owner = (char *)verdict.owner;
    judged->clause = (char *)clause(version);
    DS_SET(judged, rulebook, version->number);
    judged->start_event = ds_out_ref(out, DS_INTAKE, call->offered_seq);
    judged->stop_event = ds_out_ref(
        out, DS_INTAKE, verdict.verdict == DS_MET ? call->answered_seq : call->ended_seq);
    DS_SET(judged, final_at_ms, final_ms);
    if (call->verdict_no) DS_SET(judged, verdict_no, call->verdict_no);
    ds_out_last(out)->territory = call->territory;
    call->final = true;
    call->occasion_ms = verdict.occasion_ms;
    watch_wait(lines, call); /* if that is another occasion than was noticed */
}
