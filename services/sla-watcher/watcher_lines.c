/* SPDX-License-Identifier: MIT
 *
 * Calls and gaps of the phone feed in live state. */
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/adapter.h"
#include "sla-watcher/lines.h"

static int64_t or_never(protobuf_c_boolean has, int64_t ms)
{
    return has ? ms : WATCH_NEVER;
}

static void load_call(struct watch_call *call, const char *id, const Ds__WatchCall *stored)
{
    *call = (struct watch_call){
        .rulebook = stored->rulebook,
        .offered_at_ms = or_never(stored->has_offered_at_ms, stored->offered_at_ms),
        .offered_received_ms =
            or_never(stored->has_offered_received_ms, stored->offered_received_ms),
        .answered_at_ms = or_never(stored->has_answered_at_ms, stored->answered_at_ms),
        .answered_received_ms =
            or_never(stored->has_answered_received_ms, stored->answered_received_ms),
        .ended_at_ms = or_never(stored->has_ended_at_ms, stored->ended_at_ms),
        .ended_received_ms = or_never(stored->has_ended_received_ms, stored->ended_received_ms),
        .offered_seq = stored->offered_seq,
        .answered_seq = stored->answered_seq,
        .ended_seq = stored->ended_seq,
        .verdict_no = stored->verdict_no,
        .breach_said = stored->breach_said,
        .unanswered_said = stored->unanswered_said,
        .final = stored->final,
        .occasion_ms = or_never(stored->has_occasion_ms, stored->occasion_ms),
        .touched_ms = WATCH_ALL_KNOWN, /* by what arrived when is not stored */
    };
    ds_copy(call->id, sizeof call->id, id);
    ds_copy(call->territory, sizeof call->territory, ds_str(stored->territory));
    ds_copy(call->caller, sizeof call->caller, ds_str(stored->caller));
    ds_copy(call->agent, sizeof call->agent, ds_str(stored->agent));
}

static void fill_call(Ds__WatchCall *state, struct watch_call *call)
{
    ds__watch_call__init(state);
    if (call->agent[0]) state->agent = call->agent;
    DS_SET(state, rulebook, call->rulebook);
    if (call->offered_at_ms != WATCH_NEVER) {
        state->territory = call->territory;
        state->caller = call->caller;
        DS_SET(state, offered_at_ms, call->offered_at_ms);
        DS_SET(state, offered_received_ms, call->offered_received_ms);
        DS_SET(state, offered_seq, call->offered_seq);
    }
    if (call->answered_at_ms != WATCH_NEVER) {
        DS_SET(state, answered_at_ms, call->answered_at_ms);
        DS_SET(state, answered_received_ms, call->answered_received_ms);
        DS_SET(state, answered_seq, call->answered_seq);
    }
    if (call->ended_at_ms != WATCH_NEVER) {
        DS_SET(state, ended_at_ms, call->ended_at_ms);
        DS_SET(state, ended_received_ms, call->ended_received_ms);
        DS_SET(state, ended_seq, call->ended_seq);
    }
    DS_SET(state, verdict_no, call->verdict_no);
    DS_SET(state, breach_said, call->breach_said);
    DS_SET(state, unanswered_said, call->unanswered_said);
    DS_SET(state, final, call->final);
    if (call->occasion_ms != WATCH_NEVER) DS_SET(state, occasion_ms, call->occasion_ms);
}

/* When the last was heard of a call: of its instants and their arrivals the latest. */
static int64_t known_ms(const struct watch_call *call)
{
    const int64_t ms[] = {call->offered_at_ms,  call->offered_received_ms,
                          call->answered_at_ms, call->answered_received_ms,
                          call->ended_at_ms,    call->ended_received_ms};
    int64_t latest_ms = 0;

    for (size_t i = 0; i < sizeof ms / sizeof ms[0]; i++)
        if (ms[i] != WATCH_NEVER) latest_ms = watch_max_ms(latest_ms, ms[i]);
    return latest_ms;
}

/* How long a call is remembered: busy lines and occasions of later calls look back at it, and the
 * rest of one that is not complete may still come. A call that can be judged is final at most three
 * graces after its offer (told_too_late); whoever talked through its ringing was final a grace
 * after that at the earliest, the first call of its occasion less than an occasion before. */
static int64_t forget_ms(const struct watch_call *call, const struct ds_version *version)
{
    if (!watch_is_complete(call)) return known_ms(call) + DS_DAY_MS;
    return watch_call_final_ms(call, version) + 2 * version->clocks[DS_CLOCK_HOTLINE].grace_ms +
           2 * version->hotline_occasion_ms;
}

static void store_call(struct ds_part *part, struct watch_call *call)
{
    const struct ds_version *version = ds_part_rules_of(part, call->rulebook);
    struct ds_dues dues = {{DS_NO_DUE, forget_ms(call, version), DS_NO_DUE}};
    Ds__WatchCall state;
    char key[DS_KEY_MAX + 1];

    if (!call->final && watch_is_complete(call))
        dues.at_ms[DS_HARD] = watch_call_final_ms(call, version);
    watch_key(key, 'C', call->id);
    fill_call(&state, call);
    ds_part_put(part, key, &state.base, &dues);
}

static void drop_call(struct ds_part *part, struct watch_lines *lines, struct watch_call *call)
{
    char key[DS_KEY_MAX + 1];

    watch_key(key, 'C', call->id);
    ds_part_delete(part, key);
    watch_remove_call(lines, call);
    free(call);
}

static void make_room(struct watch_lines *lines)
{
    if (lines->by[WATCH_BY_ID].n < lines->cap) return;
    lines->cap = lines->cap ? lines->cap * 2 : 16;
    for (int i = 0; i < WATCH_ORDERS; i++) {
        struct watch_list *list = &lines->by[i];
        list->at = realloc(list->at, lines->cap * sizeof(struct watch_call *));
        if (!list->at) abort();
    }
}

/* An empty call to be added; NULL at the bound (intake refuses calls long before). */
static struct watch_call *new_call(struct watch_lines *lines)
{
    if (lines->by[WATCH_BY_ID].n == WATCH_CALLS_MAX) return NULL;
    make_room(lines);
    struct watch_call *call = calloc(1, sizeof *call);
    if (!call) abort();
    return call;
}

void watch_unload_lines(struct ds_part *part)
{
    struct watch_lines *lines = part->memory;

    for (uint32_t i = 0; i < lines->by[WATCH_BY_ID].n; i++)
        free(lines->by[WATCH_BY_ID].at[i]);
    for (int i = 0; i < WATCH_ORDERS; i++)
        free(lines->by[i].at);
}

/* The first that is heard of a call need not be its offer. An answer or end that arrives when the
 * verdict could have been final repeats what is over: it must not keep its agent talking. */
static bool is_news(struct ds_part *part, const struct ds_event *event)
{
    const struct ds_version *version = ds_part_rules_of(part, event->rulebook);
    const Ds__Event *msg = event->msg;

    if (event->type == DS_EV_CALL_OFFERED) return true;
    if (event->type == DS_EV_CALL_ANSWERED &&
        msg->call_answered->answered_by != DS__ANSWERED_BY__NAME__PERSON)
        return false;
    return event->stamp_ms - msg->occurred_at_ms <= version->clocks[DS_CLOCK_HOTLINE].grace_ms;
}

static struct watch_call *hear_of_call(struct watch_lines *lines, const struct ds_event *event)
{
    struct watch_call *call = new_call(lines);

    if (!call) return NULL;
    *call = (struct watch_call){.rulebook = event->rulebook,
                                .offered_at_ms = WATCH_NEVER,
                                .offered_received_ms = WATCH_NEVER,
                                .answered_at_ms = WATCH_NEVER,
                                .answered_received_ms = WATCH_NEVER,
                                .ended_at_ms = WATCH_NEVER,
                                .ended_received_ms = WATCH_NEVER,
                                .occasion_ms = WATCH_NEVER};
    ds_copy(call->id, sizeof call->id, event->msg->subject);
    watch_add_call(lines, call);
    return call;
}

static void store_gaps(struct ds_part *part, struct watch_lines *lines)
{
    Ds__WatchPartition state = DS__WATCH_PARTITION__INIT;
    Ds__WatchPartition__Gap gaps[WATCH_GAPS_MAX];
    Ds__WatchPartition__Gap *list[WATCH_GAPS_MAX];

    for (uint32_t i = 0; i < lines->n_gaps; i++) {
        ds__watch_partition__gap__init(&gaps[i]);
        DS_SET(&gaps[i], from_ms, lines->gaps[i].from_ms);
        DS_SET(&gaps[i], to_ms, lines->gaps[i].to_ms);
        DS_SET(&gaps[i], received_ms, lines->gaps[i].received_ms);
        gaps[i].territory = lines->gaps[i].territory;
        list[i] = &gaps[i];
    }
    state.n_gaps = lines->n_gaps;
    state.gaps = list;
    ds_part_put(part, "P", &state.base, NULL);
}

/* The newest gaps are kept; what the oldest covered is final by then. */
static void add_gap(struct ds_part *part, struct watch_lines *lines, const struct ds_event *event)
{
    struct watch_gap gap = {.from_ms = event->msg->feed_gap->from_ms,
                            .to_ms = event->msg->feed_gap->to_ms,
                            .received_ms = event->stamp_ms};

    ds_copy(gap.territory, sizeof gap.territory, ds_str(event->msg->territory));
    watch_add_gap(lines, &gap);
    store_gaps(part, lines);
}

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    return ds_part_rules_of(self, number);
}

/* What is now known may change what was said of other calls. Those that find no room in this step
 * go on waiting for the next event. */
static void renotice_calls(struct ds_part *part, struct watch_lines *lines, struct ds_out *out)
{
    const struct watch_rules rules = {rules_of, part};

    while (out->n < DS_OUT_EVENTS_MAX / 2) {
        struct watch_call *call = watch_take_waiting(lines);
        uint32_t said = out->n;
        if (!call) return;
        watch_notice_call(lines, call, &rules, part->now_ms, out);
        if (out->n > said) store_call(part, call);
    }
}

void watch_apply_to_lines(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    struct watch_lines *lines = part->memory;
    bool gap = event->type == DS_EV_FEED_GAP;
    struct watch_call *call = gap ? NULL : watch_find_call(lines, event->msg->subject);

    if (gap) add_gap(part, lines, event);
    if (!gap && !call && is_news(part, event)) call = hear_of_call(lines, event);
    if (call && event->type == DS_EV_CALL_OFFERED) watch_offer_call(lines, call, event);
    if (call && event->type == DS_EV_CALL_ANSWERED) watch_answer_call(lines, call, event);
    if (call && event->type == DS_EV_CALL_ENDED) watch_end_call(lines, call, event);
    if (call) store_call(part, call);
    renotice_calls(part, lines, out);
}

void watch_fire_call(struct ds_part *part, const char *id, int64_t due_ms, struct ds_out *out)
{
    struct watch_lines *lines = part->memory;
    const struct watch_rules rules = {rules_of, part};
    struct watch_call *call = watch_find_call(lines, id);
    DS_ASSERT(call);

    if (call->final || !watch_is_complete(call)) return drop_call(part, lines, call);
    watch_finalise_call(lines, call, &rules, due_ms, out);
    store_call(part, call);
}

bool watch_gaps_loaded(struct ds_part *part, const Ds__WatchPartition *state)
{
    struct watch_lines *lines = part->memory;

    if (!state || state->n_gaps > WATCH_GAPS_MAX) return false;
    for (size_t i = 0; i < state->n_gaps; i++) {
        struct watch_gap *gap = &lines->gaps[lines->n_gaps++];
        *gap = (struct watch_gap){.from_ms = state->gaps[i]->from_ms,
                                  .to_ms = state->gaps[i]->to_ms,
                                  .received_ms = state->gaps[i]->received_ms};
        ds_copy(gap->territory, sizeof gap->territory, ds_str(state->gaps[i]->territory));
    }
    return true;
}

bool watch_call_loaded(struct ds_part *part, const char *id, const Ds__WatchCall *state)
{
    struct watch_call *call = state && state->rulebook > 0 ? new_call(part->memory) : NULL;

    if (!call) return false;
    load_call(call, id, state);
    watch_add_call(part->memory, call);
    return true;
}
