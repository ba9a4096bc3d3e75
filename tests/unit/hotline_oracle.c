/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "domain/ids.h"
#include "domain/limits.h"
#include "hotline_oracle.h"

struct judgement {
    enum ds_verdict verdict;
    Ds__Reason__Name reason;
    const char *owner;
    int64_t rang_ms;
    int64_t due_ms;
    int64_t occasion_ms;
};

void oracle_say(struct oracle *oracle, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    size_t room = sizeof oracle->text - oracle->text_len;
    int n = vsnprintf(oracle->text + oracle->text_len, room, format, args);
    va_end(args);
    assert_true(n > 0 && (size_t)n < room);
    oracle->text_len += (size_t)n;
    oracle->n_said++;
}

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool complete(const struct oracle_call *call)
{
    return call->offered_at_ms != ORACLE_NEVER && call->ended_at_ms != ORACLE_NEVER;
}

/* ---- judging ---- */

static bool within(const struct oracle_gap *gap, int64_t at_ms)
{
    return gap->from_ms <= at_ms && at_ms < gap->to_ms;
}

static bool in_gap(const struct oracle *oracle, const struct oracle_call *call, int64_t upto_ms)
{
    for (uint32_t i = 0; i < oracle->n_gaps; i++) {
        const struct oracle_gap *gap = &oracle->gaps[i];
        if (gap->received_ms <= upto_ms && same(gap->territory, call->territory) &&
            (within(gap, call->offered_at_ms) || within(gap, call->ended_at_ms)))
            return true;
    }
    return false;
}

static bool is_busy(const struct oracle *oracle, const struct oracle_call *call, const char *agent,
                    int64_t until_ms, int64_t upto_ms)
{
    for (uint32_t i = 0; i < oracle->n_calls; i++) {
        const struct oracle_call *other = &oracle->calls[i];
        if (other->answered_at_ms > call->offered_at_ms || other->answered_received_ms > upto_ms)
            continue;
        if (other == call || !same(other->agent, agent)) continue;
        if (other->ended_at_ms >= until_ms || other->ended_received_ms > upto_ms) return true;
    }
    return false;
}

static const char *owner_of(const struct ds_version *version, const struct ds_person **on_duty,
                            uint32_t n)
{
    if (n > 0) return on_duty[0]->account_key;
    for (uint32_t i = 0; i < version->n_people; i++)
        if (version->people[i].role == DS_ROLE_MANAGER) return version->people[i].account_key;
    return "";
}

static bool too_late(const struct oracle_call *call)
{
    int64_t grace_ms = call->version->clocks[DS_CLOCK_HOTLINE].grace_ms;

    return call->offered_received_ms > call->offered_at_ms + grace_ms ||
           call->ended_received_ms > call->ended_at_ms + grace_ms ||
           call->ended_at_ms > call->offered_at_ms + grace_ms;
}

static struct judgement judge_alone(const struct oracle *oracle, const struct oracle_call *call,
                                    int64_t upto_ms)
{
    const struct ds_version *version = call->version;
    const struct ds_territory *territory = ds_find_territory(version, call->territory);
    const struct ds_person *on_duty[8];
    bool answered = call->answered_received_ms <= upto_ms;
    int64_t picked_up_ms = answered ? call->answered_at_ms : call->ended_at_ms;
    uint32_t n = ds_on_duty(version, territory, call->offered_at_ms, on_duty, 8), busy = 0;
    struct judgement ret = {.verdict = DS_CANCELLED, .occasion_ms = ORACLE_NEVER};

    ret.due_ms = call->offered_at_ms + version->hotline_ring_ms;
    ret.rang_ms = ds_cal_between(territory->calendar, call->offered_at_ms, picked_up_ms);
    ret.owner = owner_of(version, on_duty, n);
    for (uint32_t i = 0; i < n; i++)
        busy += is_busy(oracle, call, on_duty[i]->id, ret.due_ms, upto_ms);
    if (answered) {
        ret.verdict = DS_MET;
        ret.reason = DS__REASON__NAME__PERSON_ANSWERED;
    } else if (in_gap(oracle, call, upto_ms)) {
        ret.reason = DS__REASON__NAME__PHONE_FEED_GAP;
    } else if (too_late(call)) {
        ret.reason = DS__REASON__NAME__TOLD_TOO_LATE;
    } else if (!ds_cal_is_open(territory->calendar, call->offered_at_ms)) {
        ret.reason = DS__REASON__NAME__OUTSIDE_WORKING_TIME;
    } else if (ret.rang_ms < version->hotline_ring_ms) {
        ret.reason = DS__REASON__NAME__RANG_TOO_SHORT;
    } else if (n > 0 && busy == n) {
        ret.reason = DS__REASON__NAME__ALL_AGENTS_BUSY;
    } else {
        ret.verdict = DS_BREACHED;
        ret.reason = n == 0 ? DS__REASON__NAME__NOBODY_ROSTERED : DS__REASON__NAME__NOBODY_ANSWERED;
    }
    return ret;
}

/* Walks all breaches of the caller from his first call; true if this one opens an occasion. */
static bool opens(const struct oracle *oracle, const struct oracle_call *call,
                  struct judgement *judgement, int64_t upto_ms)
{
    judgement->occasion_ms = call->offered_at_ms;
    if (same(call->caller, "anonymous") || same(call->caller, "unknown")) return true;
    int64_t occasion_ms = ORACLE_NEVER;
    for (const struct oracle_call *other = oracle->calls;; other++) {
        if (!same(other->caller, call->caller) || !same(other->territory, call->territory) ||
            other->offered_received_ms > upto_ms || other->ended_received_ms > upto_ms)
            continue;
        struct judgement its = judge_alone(oracle, other, upto_ms);
        if (its.verdict != DS_BREACHED || !same(its.owner, judgement->owner)) continue;
        bool first = occasion_ms == ORACLE_NEVER ||
                     other->offered_at_ms >= occasion_ms + other->version->hotline_occasion_ms;
        if (other->final && other->occasion_ms != ORACLE_NEVER)
            occasion_ms = other->occasion_ms;
        else if (first)
            occasion_ms = other->offered_at_ms;
        judgement->occasion_ms = occasion_ms;
        if (other == call) return first;
    }
}

static struct judgement judge(const struct oracle *oracle, const struct oracle_call *call,
                              int64_t upto_ms)
{
    struct judgement ret = judge_alone(oracle, call, upto_ms);

    if (ret.verdict == DS_BREACHED && !opens(oracle, call, &ret, upto_ms)) {
        ret.verdict = DS_CANCELLED;
        ret.reason = DS__REASON__NAME__SAME_OCCASION;
    }
    return ret;
}

/* ---- saying ---- */

static void withdraw(struct oracle *oracle, struct oracle_call *call, struct judgement its)
{
    oracle_say(oracle, "withdrawn %s reason %d no %u due %lld\n", call->id, (int)its.reason,
               call->verdict_no, (long long)its.due_ms);
    call->breach_said = false;
}

static void notice(struct oracle *oracle, struct oracle_call *call, int64_t now_ms)
{
    struct judgement its = judge(oracle, call, ORACLE_NEVER - 1);
    bool breach = its.verdict == DS_BREACHED;

    if (its.verdict != DS_MET && !call->unanswered_said) {
        oracle_say(oracle, "unanswered %s reason %d rang %lld\n", call->id, (int)its.reason,
                   (long long)its.rang_ms);
        call->unanswered_said = true;
    }
    if (breach && !call->breach_said) {
        oracle_say(oracle, "breached %s reason %d no %u due %lld late %lld owner %s\n", call->id,
                   (int)its.reason, ++call->verdict_no, (long long)its.due_ms,
                   (long long)(now_ms - its.due_ms), its.owner);
        call->breach_said = true;
    }
    if (!breach && call->breach_said) withdraw(oracle, call, its);
}

static void finalise(struct oracle *oracle, struct oracle_call *call, int64_t final_ms)
{
    struct judgement its = judge(oracle, call, final_ms);

    if (call->breach_said && its.verdict != DS_BREACHED) withdraw(oracle, call, its);
    oracle_say(oracle, "judged %s reason %d verdict %d due %lld stop %lld owner %s rules %u\n",
               call->id, (int)its.reason, (int)its.verdict, (long long)its.due_ms,
               (long long)(its.verdict == DS_MET ? call->answered_at_ms : call->ended_at_ms),
               its.owner, call->version->number);
    call->final = true;
    call->occasion_ms = its.occasion_ms;
}

/* ---- events ---- */

/* Nothing is kept of machines, nor of what is told again when it is over. */
static bool is_news(const struct ds_event *event, const struct ds_version *version)
{
    bool machine = event->type == DS_EV_CALL_ANSWERED &&
                   event->msg->call_answered->answered_by != DS__ANSWERED_BY__NAME__PERSON;
    int64_t late_ms = event->stamp_ms - event->msg->occurred_at_ms;

    if (event->type == DS_EV_FEED_GAP || machine) return false;
    return event->type == DS_EV_CALL_OFFERED ||
           late_ms <= version->clocks[DS_CLOCK_HOTLINE].grace_ms;
}

/* A call of which the offer is not known stands last. */
static struct oracle_call *hear_of(struct oracle *oracle, const struct ds_event *event,
                                   const struct ds_version *version)
{
    assert_true(oracle->n_calls < ORACLE_CALLS_MAX);
    struct oracle_call *call = &oracle->calls[oracle->n_calls++];
    *call = (struct oracle_call){.version = version,
                                 .offered_at_ms = ORACLE_NEVER,
                                 .offered_received_ms = ORACLE_NEVER,
                                 .answered_at_ms = ORACLE_NEVER,
                                 .answered_received_ms = ORACLE_NEVER,
                                 .ended_at_ms = ORACLE_NEVER,
                                 .ended_received_ms = ORACLE_NEVER,
                                 .occasion_ms = ORACLE_NEVER};
    ds_copy(call->id, sizeof call->id, event->msg->subject);
    return call;
}

/* It moves to its place in the order of offers. */
static void offer(struct oracle *oracle, struct oracle_call *call, const struct ds_event *event,
                  const struct ds_version *version)
{
    struct oracle_call offered = *call;

    offered.version = version;
    offered.offered_at_ms = event->at_ms;
    offered.offered_received_ms = event->stamp_ms;
    offered.offered_seq = event->ref.seq;
    ds_copy(offered.territory, sizeof offered.territory, event->msg->territory);
    ds_copy(offered.caller, sizeof offered.caller, event->msg->call_offered->caller);
    for (; call > oracle->calls && call[-1].offered_at_ms > event->at_ms; call--)
        *call = call[-1];
    *call = offered;
}

static void add_gap(struct oracle *oracle, const struct ds_event *event)
{
    if (oracle->n_gaps == ORACLE_GAPS_MAX)
        memmove(oracle->gaps, oracle->gaps + 1, --oracle->n_gaps * sizeof oracle->gaps[0]);
    struct oracle_gap *gap = &oracle->gaps[oracle->n_gaps++];
    *gap = (struct oracle_gap){.from_ms = event->msg->feed_gap->from_ms,
                               .to_ms = event->msg->feed_gap->to_ms,
                               .received_ms = event->stamp_ms};
    ds_copy(gap->territory, sizeof gap->territory, event->msg->territory);
}

static void change(struct oracle_call *call, const struct ds_event *event)
{
    if (event->type == DS_EV_CALL_ANSWERED && call->answered_at_ms > event->at_ms &&
        event->msg->call_answered->answered_by == DS__ANSWERED_BY__NAME__PERSON) {
        call->answered_at_ms = event->at_ms;
        call->answered_received_ms = event->stamp_ms;
        ds_copy(call->agent, sizeof call->agent, event->msg->call_answered->agent);
    }
    if (event->type == DS_EV_CALL_ENDED && call->ended_at_ms > event->at_ms) {
        call->ended_at_ms = event->at_ms;
        call->ended_received_ms = event->stamp_ms;
    }
}

void oracle_apply(struct oracle *oracle, const struct ds_event *event,
                  const struct ds_version *version, int64_t now_ms)
{
    struct oracle_call *call = NULL;

    oracle->n_said = 0;
    oracle->text_len = 0;
    for (uint32_t i = 0; i < oracle->n_calls; i++)
        if (same(oracle->calls[i].id, ds_str(event->msg->subject))) call = &oracle->calls[i];
    if (event->type == DS_EV_FEED_GAP) add_gap(oracle, event);
    if (!call && is_news(event, version)) call = hear_of(oracle, event, version);
    if (call) change(call, event);
    if (call && event->type == DS_EV_CALL_OFFERED && call->offered_at_ms == ORACLE_NEVER)
        offer(oracle, call, event, version);
    for (uint32_t i = 0; i < oracle->n_calls && oracle->n_said < DS_OUT_EVENTS_MAX / 2; i++)
        if (!oracle->calls[i].final && complete(&oracle->calls[i]))
            notice(oracle, &oracle->calls[i], now_ms);
}

/* ---- deadlines ---- */

static void later(int64_t *ms, int64_t other_ms)
{
    if (other_ms != ORACLE_NEVER && other_ms > *ms) *ms = other_ms;
}

static int64_t due_of(const struct oracle_call *call)
{
    const int64_t grace_ms = call->version->clocks[DS_CLOCK_HOTLINE].grace_ms;
    int64_t known_ms = 0;

    later(&known_ms, call->offered_received_ms);
    later(&known_ms, call->ended_at_ms);
    later(&known_ms, call->ended_received_ms);
    if (!complete(call)) {
        later(&known_ms, call->offered_at_ms);
        later(&known_ms, call->answered_at_ms);
        later(&known_ms, call->answered_received_ms);
        return known_ms + DS_DAY_MS;
    }
    int64_t kept_ms = 2 * grace_ms + 2 * call->version->hotline_occasion_ms;
    return known_ms + grace_ms + (call->final ? kept_ms : 0);
}

struct oracle_call *oracle_first(struct oracle *oracle, int64_t *ret_due_ms)
{
    struct oracle_call *first = NULL;

    for (uint32_t i = 0; i < oracle->n_calls; i++) {
        struct oracle_call *call = &oracle->calls[i];
        if (first && (due_of(call) > due_of(first) ||
                      (due_of(call) == due_of(first) && strcmp(call->id, first->id) > 0)))
            continue;
        first = call;
    }
    if (first) *ret_due_ms = due_of(first);
    return first;
}

void oracle_fire(struct oracle *oracle, struct oracle_call *call, int64_t due_ms)
{
    oracle->n_said = 0;
    oracle->text_len = 0;
    if (!call->final && complete(call)) return finalise(oracle, call, due_ms);
    size_t after = (size_t)(oracle->calls + --oracle->n_calls - call);
    memmove(call, call + 1, after * sizeof *call);
}
