/* SPDX-License-Identifier: MIT
 *
 * The calls of a partition in the orders in which they are looked for, and whom a change concerns.
 * What is kept here is derived: after a start every call waits to be judged once. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/lines.h"

static int by_number(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_time(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? -1 : a_ms > b_ms;
}

/* Of two offers at one instant the one recorded first comes first. */
static int by_offer(const struct watch_call *a, const struct watch_call *b)
{
    int order = by_time(a->offered_at_ms, b->offered_at_ms);

    return order ? order : by_number(a->offered_seq, b->offered_seq);
}

static int compare(enum watch_order list, const struct watch_call *a, const struct watch_call *b)
{
    int order = 0;

    switch (list) {
    case WATCH_BY_ID: return strcmp(a->id, b->id);
    case WATCH_BY_OFFER: return by_offer(a, b);
    case WATCH_WAITING: return by_offer(b, a);
    case WATCH_BY_CALLER:
        order = strcmp(a->caller, b->caller);
        if (!order) order = strcmp(a->territory, b->territory);
        return order ? order : by_offer(a, b);
    case WATCH_BY_AGENT:
        order = strcmp(a->agent, b->agent);
        if (!order) order = by_time(a->answered_at_ms, b->answered_at_ms);
        return order ? order : by_number(a->answered_seq, b->answered_seq);
    case WATCH_ORDERS: break;
    }
    DS_UNREACHABLE();
}

uint32_t watch_seek(const struct watch_lines *lines, enum watch_order order,
                    const struct watch_call *probe)
{
    const struct watch_list *list = &lines->by[order];
    uint32_t low = 0, high = list->n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (compare(order, list->at[mid], probe) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void insert(struct watch_lines *lines, enum watch_order order, struct watch_call *call)
{
    struct watch_list *list = &lines->by[order];
    uint32_t at = watch_seek(lines, order, call);

    DS_ASSERT(list->n < lines->cap);
    memmove(&list->at[at + 1], &list->at[at], (list->n - at) * sizeof list->at[0]);
    list->at[at] = call;
    list->n++;
}

static void take_out(struct watch_lines *lines, enum watch_order order,
                     const struct watch_call *call)
{
    struct watch_list *list = &lines->by[order];
    uint32_t at = watch_seek(lines, order, call);

    DS_ASSERT(at < list->n && list->at[at] == call);
    list->n--;
    memmove(&list->at[at], &list->at[at + 1], (list->n - at) * sizeof list->at[0]);
}

struct watch_call *watch_find_call(const struct watch_lines *lines, const char *id)
{
    const struct watch_list *list = &lines->by[WATCH_BY_ID];
    struct watch_call probe;

    ds_copy(probe.id, sizeof probe.id, id);
    uint32_t at = watch_seek(lines, WATCH_BY_ID, &probe);
    return at < list->n && strcmp(list->at[at]->id, id) == 0 ? list->at[at] : NULL;
}

bool watch_is_complete(const struct watch_call *call)
{
    return call->offered_at_ms != WATCH_NEVER && call->ended_at_ms != WATCH_NEVER;
}

bool watch_same_caller(const struct watch_call *a, const struct watch_call *b)
{
    return strcmp(a->caller, b->caller) == 0 && strcmp(a->territory, b->territory) == 0;
}

/* ---- whom a change concerns ---- */

void watch_wait(struct watch_lines *lines, struct watch_call *call)
{
    if (call->waits || !watch_is_complete(call)) return;
    call->waits = true;
    insert(lines, WATCH_WAITING, call);
}

struct watch_call *watch_take_waiting(struct watch_lines *lines)
{
    struct watch_list *list = &lines->by[WATCH_WAITING];

    if (list->n == 0) return NULL;
    struct watch_call *call = list->at[--list->n];
    call->waits = false;
    return call;
}

/* Its own judgement no longer holds, by something that arrived at received_ms. */
static void touch(struct watch_lines *lines, struct watch_call *call, int64_t received_ms)
{
    call->judged = false;
    call->touched_ms = watch_max_ms(call->touched_ms, received_ms);
    watch_wait(lines, call);
}

/* Final calls wait too: they say no more, but later occasions hang on them. */
void watch_followers_wait(struct watch_lines *lines, const struct watch_call *call)
{
    const struct watch_list *list = &lines->by[WATCH_BY_CALLER];

    for (uint32_t i = watch_seek(lines, WATCH_BY_CALLER, call); i < list->n; i++) {
        struct watch_call *later = list->at[i];
        if (!watch_same_caller(later, call)) break;
        if (later->offered_at_ms - call->offered_at_ms >= lines->occasion_max_ms) break;
        if (later != call) watch_wait(lines, later);
    }
}

/* Calls that were offered while the agent of this one was talking, as far as that matters: those
 * due in (due_after_ms, due_upto_ms]. */
static void touch_ringing(struct watch_lines *lines, const struct watch_call *talk,
                          int64_t due_after_ms, int64_t due_upto_ms, int64_t received_ms)
{
    const struct watch_list *list = &lines->by[WATCH_BY_OFFER];
    const struct watch_call from = {.offered_at_ms = talk->answered_at_ms};

    for (uint32_t i = watch_seek(lines, WATCH_BY_OFFER, &from); i < list->n; i++) {
        struct watch_call *call = list->at[i];
        if (call->offered_at_ms > due_upto_ms) break;
        if (!watch_is_complete(call)) continue;
        if (call->judged &&
            (call->alone.due_ms <= due_after_ms || call->alone.due_ms > due_upto_ms))
            continue;
        if (call != talk) touch(lines, call, received_ms);
    }
}

bool watch_gap_covers(const struct watch_gap *gap, const struct watch_call *call)
{
    return strcmp(gap->territory, call->territory) == 0 &&
           ((gap->from_ms <= call->offered_at_ms && call->offered_at_ms < gap->to_ms) ||
            (gap->from_ms <= call->ended_at_ms && call->ended_at_ms < gap->to_ms));
}

static void touch_gap(struct watch_lines *lines, const struct watch_gap *gap)
{
    const struct watch_list *list = &lines->by[WATCH_BY_OFFER];

    for (uint32_t i = 0; i < list->n; i++) {
        if (watch_gap_covers(gap, list->at[i])) touch(lines, list->at[i], gap->received_ms);
    }
}

/* ---- changes ---- */

static void insert_offer(struct watch_lines *lines, struct watch_call *call)
{
    insert(lines, WATCH_BY_OFFER, call);
    insert(lines, WATCH_BY_CALLER, call);
}

void watch_add_call(struct watch_lines *lines, struct watch_call *call)
{
    insert(lines, WATCH_BY_ID, call);
    if (call->offered_at_ms != WATCH_NEVER) insert_offer(lines, call);
    if (call->answered_at_ms != WATCH_NEVER) insert(lines, WATCH_BY_AGENT, call);
    call->noticed_occasion_ms = WATCH_NEVER;
    watch_wait(lines, call);
}

void watch_offer_call(struct watch_lines *lines, struct watch_call *call,
                      const struct ds_event *event)
{
    if (call->offered_at_ms != WATCH_NEVER) return;
    call->rulebook = event->rulebook;
    call->offered_at_ms = event->at_ms;
    call->offered_received_ms = event->stamp_ms;
    call->offered_seq = event->ref.seq;
    ds_copy(call->caller, sizeof call->caller, event->msg->call_offered->caller);
    ds_copy(call->territory, sizeof call->territory, ds_str(event->msg->territory));
    insert_offer(lines, call);
    touch(lines, call, event->stamp_ms);
}

void watch_remove_call(struct watch_lines *lines, struct watch_call *call)
{
    if (call->offered_at_ms != WATCH_NEVER) {
        watch_followers_wait(lines, call);
        take_out(lines, WATCH_BY_CALLER, call);
        take_out(lines, WATCH_BY_OFFER, call);
    }
    if (call->answered_at_ms != WATCH_NEVER) {
        touch_ringing(lines, call, INT64_MIN, call->ended_at_ms, INT64_MIN);
        take_out(lines, WATCH_BY_AGENT, call);
    }
    if (call->waits) take_out(lines, WATCH_WAITING, call);
    take_out(lines, WATCH_BY_ID, call);
}

void watch_answer_call(struct watch_lines *lines, struct watch_call *call,
                       const struct ds_event *event)
{
    const Ds__CallAnswer *answer = event->msg->call_answered;

    if (answer->answered_by != DS__ANSWERED_BY__NAME__PERSON) return;
    if (call->answered_at_ms <= event->at_ms) return;
    if (call->answered_at_ms != WATCH_NEVER) take_out(lines, WATCH_BY_AGENT, call);
    call->answered_at_ms = event->at_ms;
    call->answered_received_ms = event->stamp_ms;
    call->answered_seq = event->ref.seq;
    ds_copy(call->agent, sizeof call->agent, answer->agent);
    insert(lines, WATCH_BY_AGENT, call);
    touch(lines, call, event->stamp_ms);
    touch_ringing(lines, call, INT64_MIN, call->ended_at_ms, event->stamp_ms);
}

void watch_end_call(struct watch_lines *lines, struct watch_call *call,
                    const struct ds_event *event)
{
    if (call->ended_at_ms <= event->at_ms) return;
    call->ended_at_ms = event->at_ms;
    call->ended_received_ms = event->stamp_ms;
    call->ended_seq = event->ref.seq;
    touch(lines, call, event->stamp_ms);
    if (call->answered_at_ms != WATCH_NEVER)
        touch_ringing(lines, call, event->at_ms, WATCH_NEVER, event->stamp_ms);
}

void watch_add_gap(struct watch_lines *lines, const struct watch_gap *gap)
{
    if (lines->n_gaps == WATCH_GAPS_MAX) {
        const struct watch_gap oldest = lines->gaps[0];
        memmove(&lines->gaps[0], &lines->gaps[1], (WATCH_GAPS_MAX - 1) * sizeof lines->gaps[0]);
        lines->n_gaps--;
        touch_gap(lines, &oldest);
    }
    lines->gaps[lines->n_gaps++] = *gap;
    touch_gap(lines, gap);
}
