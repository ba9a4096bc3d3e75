/* SPDX-License-Identifier: MIT
 *
 * One turn: read the time once, take inputs, apply, fire what is due, commit. A fired deadline goes
 * the same way as an event. Runs before the loop would block; while there is more to do the loop
 * does not block. */
#include <string.h>

#include "domain/assert.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"

/* While the clock is in doubt nothing becomes final: marks stand still, here and downstream. */
static void read_time(struct rt *rt)
{
    bool alarm = rt->clock.alarm;
    int64_t now_ms = rt_clock_now(&rt->clock, rt_clock_read());

    if (rt->clock.alarm != alarm)
        rt_log(rt->clock.alarm ? RT_ALARM : RT_INFO,
               rt->clock.alarm ? "the machine's clock jumped: nothing becomes final"
                               : "the machine's clock is right again",
               "now=%lld", (long long)now_ms);
    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        rt->parts[p].now_ms = now_ms;
        rt->parts[p].held = rt->clock.alarm;
    }
}

/* ---- the door ---- */

static const char *why_busy(const struct rt *rt)
{
    if (!rt->store_up) return "the store is away";
    if (rt->memory_full) return "the store is nearly full";
    if (rt->stopping) return "shutting down";
    if (rt_is_stuck(rt)) return "the store does not answer";
    return NULL;
}

bool rt_is_busy(const struct rt *rt)
{
    return why_busy(rt) != NULL;
}

/* Answers that wait for a commit: of duplicates and refusals, too, which fill no batch. */
static size_t waiting_bytes(const struct rt *rt)
{
    size_t bytes = 0;

    for (uint32_t p = 0; p < rt->n_lanes; p++)
        bytes += rt->lanes[p].acks.len + rt->lanes[p].acks_sealed.len;
    return bytes;
}

static bool has_room(const struct rt *rt)
{
    return rt_pending_events(rt) < DS_FLUSH_EVENTS_MAX &&
           rt_pending_bytes(rt) < DS_FLUSH_BYTES_MAX / 2 && waiting_bytes(rt) < RT_WAITING_BYTES;
}

/* Room in the batch that is being collected, or a reason to say busy. */
bool rt_may_take(const struct rt *rt)
{
    return rt->live && (why_busy(rt) || has_room(rt));
}

static void put_ack(struct ds_buf *acks, const uint8_t *who, size_t who_len, const uint8_t *bytes,
                    size_t len)
{
    uint32_t lengths[] = {(uint32_t)who_len, (uint32_t)len};

    ds_buf_put(acks, &lengths[0], sizeof lengths[0]);
    ds_buf_put(acks, who, who_len);
    ds_buf_put(acks, &lengths[1], sizeof lengths[1]);
    ds_buf_put(acks, bytes, len);
}

static void count_answer(struct rt *rt, Ds__Receipt__Status status)
{
    enum rt_counter counter = RT_REJECTED;

    if (status == DS__RECEIPT__STATUS__RECORDED) counter = RT_RECORDED;
    if (status == DS__RECEIPT__STATUS__DUPLICATE) counter = RT_DUPLICATES;
    if (status == DS__RECEIPT__STATUS__BUSY) counter = RT_BUSY;
    rt->stats.counters[counter]++;
}

void rt_take_frame(struct rt *rt, const uint8_t *who, size_t who_len, const uint8_t *bytes,
                   size_t len)
{
    static struct ds_answer answer; /* one command at a time */
    uint8_t packed[4096];
    const char *why = why_busy(rt);

    RT_CRASH("after_receive");
    if (!why && !has_room(rt)) why = "too much in one message";
    ds_door_take(&rt->door, bytes, len, rt->parts[0].now_ms, why, &answer);
    rt->stats.counters[RT_COMMANDS]++;
    count_answer(rt, answer.receipt.status);
    DS_ASSERT(ds__receipt__get_packed_size(&answer.receipt) <= sizeof packed);
    size_t packed_len = ds__receipt__pack(&answer.receipt, packed);
    struct rt_lane *lane = &rt->lanes[answer.partition];
    if (answer.after_bno <= lane->committed_bno)
        rt_bus_answer(rt, who, who_len, packed, packed_len);
    else if (lane->in_flight && answer.after_bno == lane->commit.bno)
        put_ack(&lane->acks_sealed, who, who_len, packed, packed_len);
    else
        put_ack(&lane->acks, who, who_len, packed, packed_len);
}

bool rt_door_is_open(const struct rt *rt, uint32_t partition)
{
    const struct ds_part *part = &rt->parts[partition];
    const struct rt_inbox *inbox = &rt->lanes[partition].inboxes[DS_INTAKE];

    if (rt->clock.alarm) return false;
    if (!(rt->service->upstreams & 1u << DS_INTAKE) || rt->clock.mode == RT_CLOCK_STEP) return true;
    if (part->up[DS_INTAKE].position < inbox->known_tail) return false;
    if (rt->bus.door_shut) return false;
    if (rt_mono_ms() - rt->bus.heard_mono_ms[DS_INTAKE] <= RT_DOOR_FRESH_MS) return true;
    /* without a bus the mark itself shows that intake is alive */
    int64_t fresh_ms = RT_DOOR_FRESH_MS;
    if (rt->clock.mode == RT_CLOCK_FAST) fresh_ms *= rt->clock.factor;
    return part->up[DS_INTAKE].mark_ms >= part->now_ms - fresh_ms;
}

/* ---- deadlines ---- */

static void late(void *self, int64_t late_ms)
{
    struct rt *rt = self;

    rt->stats.counters[RT_FIRED]++;
    if (rt->clock.mode == RT_CLOCK_FAST) late_ms = (late_ms - 1) / rt->clock.factor + 1;
    rt_observe(&rt->stats, RT_LATE_MS, late_ms);
}

/* True when there is more to fire than one turn takes. */
static bool fire(struct rt *rt)
{
    uint32_t left = RT_FIRE_MAX;

    if (rt->service->take) ds_door_come_into_force(&rt->door, rt->parts[0].now_ms);
    for (uint32_t p = 0; p < rt->n_lanes && left > 0; p++) {
        if (rt_pending_events(rt) >= DS_FLUSH_EVENTS_MAX) return true;
        left -= ds_part_fire(&rt->parts[p], left, rt_door_is_open(rt, p), late, rt);
    }
    return left == 0;
}

/* What is durable in one partition goes on in others; under stepped time when all that comes in at
 * this instant is there, so that it comes after that wherever it runs. */
static void hand_over(struct rt *rt)
{
    if (!rt->service->hand_over || (rt->clock.mode == RT_CLOCK_STEP && !rt->step.asked)) return;
    bool room = rt_pending_events(rt) < DS_FLUSH_EVENTS_MAX;
    for (uint32_t p = 0; p < rt->n_lanes && room; p++)
        if (rt->service->hand_over(rt->parts, p, rt->lanes[p].committed_bno))
            room = rt_pending_events(rt) < DS_FLUSH_EVENTS_MAX;
}

static void arm_timer(struct rt *rt)
{
    int64_t next_ms = DS_NO_DUE;

    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        int64_t due_ms = ds_part_next_due(&rt->parts[p]);
        if (due_ms < next_ms) next_ms = due_ms;
    }
    ev_timer_stop(rt->loop, &rt->due_timer);
    if (next_ms == DS_NO_DUE || !rt->live) return;
    int64_t wait_ms = rt_clock_wait_ms(&rt->clock, next_ms);
    if (wait_ms == INT64_MAX) return;
    /* what is due and waits for an upstream is looked at again when that is heard of */
    if (wait_ms == 0) wait_ms = RT_HEARTBEAT_MS;
    ev_now_update(rt->loop);
    ev_timer_set(&rt->due_timer, (double)wait_ms / 1000., 0.);
    ev_timer_start(rt->loop, &rt->due_timer);
}

/* ---- the turn ---- */

static void become_live(struct rt *rt)
{
    if (rt->live || !rt->store_up) return;
    if (rt->service->upstreams && (!rt->step.polled || !rt_inbox_idle(rt))) return;
    rt->live = true;
    if (rt->service->take) {
        uint32_t number = 0;
        for (uint32_t p = 0; p < rt->n_lanes; p++)
            if (rt->parts[p].rulebook > number) number = rt->parts[p].rulebook;
        if (number > 0)
            ds_door_complete_activation(&rt->door, rt_version(&rt->versions, number)->hash, number);
        rt_bus_open_door(rt);
    }
    rt_log(RT_INFO, "ready", "partitions=%u", rt->n_lanes);
}

/* Stepped time: an advance is answered when everything at that instant is done and durable. */
static void finish_step(struct rt *rt, bool more)
{
    if (!rt->step.asked || more || rt->flushing > 0 || !rt->store_up || !rt->step.polled ||
        !rt_inbox_idle(rt))
        return;
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        if (ds_part_pending(&rt->parts[p])) return;
    if (!rt->step.ticked) {
        rt->step.ticked = true;
        rt_flush(rt, true);
        if (rt->flushing > 0) return;
    }
    rt->step.asked = false;
    rt_control_advance_done(rt);
}

/* In stepped time nothing is decided until the upstreams' tails of this instant are known. */
static bool may_work(const struct rt *rt)
{
    return rt->clock.mode != RT_CLOCK_STEP || rt->step.polled;
}

/* Ends in good order when everything is stored. A store that does not answer is not waited for
 * longer than for any answer: what is sealed then is as after a kill, nobody was told of it. */
static bool may_end(struct rt *rt)
{
    if (!rt->stopping) return false;
    if (rt->stop_mono_ms == 0) rt->stop_mono_ms = rt_mono_ms();
    return rt->flushing == 0 || rt_mono_ms() - rt->stop_mono_ms > rt->conf.store_timeout_ms;
}

static void turn(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    struct rt *rt = prepare->data;
    bool more;

    (void)events;
    read_time(rt);
    more = rt_bus_receive(rt);
    rt_inbox_catch_up(rt);
    if (may_work(rt) && !rt->stopping) {
        more |= rt_inbox_apply(rt) && rt->flushing == 0;
        become_live(rt);
        if (rt->live) hand_over(rt);
        if (rt->live && !(rt->clock.mode == RT_CLOCK_STEP && !rt_inbox_idle(rt)))
            more |= fire(rt) && rt->flushing == 0;
    }
    rt_flush(rt, false);
    finish_step(rt, more);
    if (may_end(rt)) {
        RT_CRASH("in_shutdown");
        ev_break(loop, EVBREAK_ALL);
    }
    arm_timer(rt);
    if (more)
        ev_idle_start(loop, &rt->busy_idle);
    else
        ev_idle_stop(loop, &rt->busy_idle);
}

static void on_idle(struct ev_loop *loop, ev_idle *idle, int events)
{
    (void)loop, (void)idle, (void)events; /* only keeps the loop from blocking */
}

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop, (void)timer, (void)events; /* the turn does the work */
}

void rt_cycle_start(struct rt *rt)
{
    ev_prepare_init(&rt->prepare, turn);
    ev_idle_init(&rt->busy_idle, on_idle);
    ev_timer_init(&rt->due_timer, on_due, 0., 0.);
    rt->prepare.data = rt;
    ev_prepare_start(rt->loop, &rt->prepare);
}
