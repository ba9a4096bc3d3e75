/* SPDX-License-Identifier: MIT
 *
 * The control socket of every service: status, stepped time, stop. */
#include <string.h>
#include <unistd.h>

#include "domain/assert.h"
#include "proto/control.pb-c.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"
#include "wire/check.h"

/* Everything that a status reply points to; large, one request at a time. */
static struct {
    Ds__PartitionStatus partitions[DS_PARTITIONS_MAX];
    Ds__PartitionStatus *partition_list[DS_PARTITIONS_MAX];
    Ds__Lag lags[DS_PARTITIONS_MAX][DS_SOURCE_COUNT];
    Ds__Lag *lag_lists[DS_PARTITIONS_MAX][DS_SOURCE_COUNT];
    Ds__Counter counters[RT_COUNTERS];
    Ds__Counter *counter_list[RT_COUNTERS];
    Ds__Histogram histograms[RT_HISTOGRAMS];
    Ds__Histogram *histogram_list[RT_HISTOGRAMS];
} report;

static void answer(struct rt *rt, const uint8_t *who, size_t who_len, const Ds__ControlReply *reply)
{
    struct ds_buf buf = {0};
    size_t len = ds__control_reply__get_packed_size(reply);

    ds__control_reply__pack(reply, ds_buf_room(&buf, len + 1));
    rt_bus_reply_control(rt, who, who_len, buf.bytes, len);
    ds_buf_finish(&buf);
}

static void refuse(struct rt *rt, const uint8_t *who, size_t who_len, const char *error)
{
    Ds__ControlReply reply = DS__CONTROL_REPLY__INIT;

    reply.error = (char *)error;
    answer(rt, who, who_len, &reply);
}

/* ---- status ---- */

static void fill_partition(struct rt *rt, uint32_t p)
{
    const struct ds_part *part = &rt->parts[p];
    const struct rt_lane *lane = &rt->lanes[p];
    Ds__PartitionStatus *status = &report.partitions[p];

    ds__partition_status__init(status);
    DS_SET(status, partition, p);
    DS_SET(status, epoch, part->epoch);
    DS_SET(status, tail, lane->committed_tail);
    DS_SET(status, mark_ms, lane->committed_mark_ms);
    DS_SET(status, rulebook, part->rulebook);
    DS_SET(status, entities, part->table.n);
    DS_SET(status, state_bytes, part->table.bytes);
    DS_SET(status, armed,
           part->table.heaps[DS_SOFT].n + part->table.heaps[DS_HARD].n +
               part->table.heaps[DS_OPERATIONAL].n);
    for (int s = 1; s < DS_SOURCE_COUNT; s++) {
        if (!(rt->service->upstreams & 1u << s)) continue;
        Ds__Lag *lag = &report.lags[p][s];
        uint64_t position = part->up[s].position, known = lane->inboxes[s].known_tail;
        ds__lag__init(lag);
        lag->upstream = (char *)ds_source_name((enum ds_source)s);
        DS_SET(lag, position, position);
        DS_SET(lag, behind, known > position ? known - position : 0);
        DS_SET(lag, mark_ms, part->up[s].mark_ms);
        report.lag_lists[p][status->n_lags++] = lag;
    }
    status->lags = report.lag_lists[p];
    report.partition_list[p] = status;
}

static void fill_stats(struct rt *rt)
{
    for (int i = 0; i < RT_COUNTERS; i++) {
        ds__counter__init(&report.counters[i]);
        report.counters[i].name = (char *)rt_counter_name((enum rt_counter)i);
        DS_SET(&report.counters[i], value, rt->stats.counters[i]);
        report.counter_list[i] = &report.counters[i];
    }
    for (int i = 0; i < RT_HISTOGRAMS; i++) {
        Ds__Histogram *histogram = &report.histograms[i];
        ds__histogram__init(histogram);
        histogram->name = (char *)rt_histogram_name((enum rt_histogram)i);
        DS_SET(histogram, count, rt->stats.histograms[i].count);
        DS_SET(histogram, sum, rt->stats.histograms[i].sum);
        DS_SET(histogram, max, rt->stats.histograms[i].max);
        histogram->n_buckets = RT_BUCKETS;
        histogram->buckets = rt->stats.histograms[i].buckets;
        report.histogram_list[i] = histogram;
    }
}

static void reply_status(struct rt *rt, const uint8_t *who, size_t who_len)
{
    Ds__ControlReply reply = DS__CONTROL_REPLY__INIT;
    Ds__StatusReply status = DS__STATUS_REPLY__INIT;
    char clock[32];

    snprintf(clock, sizeof clock, "%lldx", (long long)rt->clock.factor);
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        fill_partition(rt, p);
    fill_stats(rt);
    status.service = (char *)rt->service->name;
    DS_SET(&status, pid, (uint32_t)getpid());
    DS_SET(&status, now_ms, rt->parts[0].now_ms);
    status.clock = rt->clock.mode == RT_CLOCK_REAL   ? "real"
                   : rt->clock.mode == RT_CLOCK_STEP ? "step"
                                                     : clock;
    DS_SET(&status, caught_up, rt->live && rt_inbox_idle(rt));
    DS_SET(&status, clock_alarm, rt->clock.alarm);
    status.store = rt->store_up ? "up" : (char *)(rt->store.why_down ? rt->store.why_down : "down");
    DS_SET(&status, busy, !rt->live || !rt->store_up || rt->memory_full);
    status.n_partitions = rt->n_lanes;
    status.partitions = report.partition_list;
    status.n_counters = RT_COUNTERS;
    status.counters = report.counter_list;
    status.n_histograms = RT_HISTOGRAMS;
    status.histograms = report.histogram_list;
    reply.status = &status;
    answer(rt, who, who_len, &reply);
}

/* ---- stepped time ---- */

static void advance(struct rt *rt, const uint8_t *who, size_t who_len, const Ds__Advance *ask)
{
    if (rt->clock.mode != RT_CLOCK_STEP)
        return refuse(rt, who, who_len, "the clock is not stepped");
    if (!rt->live && rt->service->upstreams == 0) return refuse(rt, who, who_len, "not ready yet");
    rt_clock_step(&rt->clock, ask->to_ms);
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        rt->parts[p].now_ms = rt->clock.now_ms;
    /* one driver: who asks while an earlier answer is still owed has given that one up */
    DS_ASSERT(who_len <= sizeof rt->step.who);
    memcpy(rt->step.who, who, who_len);
    rt->step.who_len = who_len;
    if (ask->inputs_follow) return rt_control_advance_done(rt);
    rt->step.asked = true;
    rt->step.ticked = false;
    rt->step.polled = false;
    rt_inbox_poll(rt);
}

void rt_control_advance_done(struct rt *rt)
{
    Ds__ControlReply reply = DS__CONTROL_REPLY__INIT;
    Ds__AdvanceReply advanced = DS__ADVANCE_REPLY__INIT;
    int64_t next_ms = DS_NO_DUE;

    for (uint32_t p = 0; p < rt->n_lanes; p++)
        if (ds_part_next_due(&rt->parts[p]) < next_ms) next_ms = ds_part_next_due(&rt->parts[p]);
    DS_SET(&advanced, idle, true);
    if (next_ms != DS_NO_DUE) DS_SET(&advanced, next_due_ms, next_ms);
    reply.advanced = &advanced;
    answer(rt, rt->step.who, rt->step.who_len, &reply);
}

/* What protobuf-c takes is not always what was meant: a text is a true flag to it. */
static const Ds__ControlRequest *read_request(struct rt *rt, const uint8_t *bytes, size_t len)
{
    struct ds_fault fault;

    ds_arena_reset(&rt->env.state_arena);
    if (ds_check_message(&ds__control_request__descriptor, bytes, len, &fault) != DS_CODE_OK)
        return NULL;
    return ds__control_request__unpack(&rt->env.state_arena.allocator, len, bytes);
}

void rt_control(struct rt *rt, const uint8_t *who, size_t who_len, const uint8_t *bytes, size_t len)
{
    const Ds__ControlRequest *ask = read_request(rt, bytes, len);
    Ds__ControlReply done = DS__CONTROL_REPLY__INIT;

    if (!ask) return refuse(rt, who, who_len, "not a control request");
    if (ask->ask_case == DS__CONTROL_REQUEST__ASK_ADVANCE)
        return advance(rt, who, who_len, ask->advance);
    /* the others are flags, in one place; one that is false asks nothing */
    if (ask->ask_case == DS__CONTROL_REQUEST__ASK__NOT_SET || !ask->stop)
        return refuse(rt, who, who_len, "asks nothing");
    if (ask->ask_case == DS__CONTROL_REQUEST__ASK_STATUS) return reply_status(rt, who, who_len);
    if (ask->ask_case == DS__CONTROL_REQUEST__ASK_STOP) rt->stopping = true;
    if (ask->ask_case == DS__CONTROL_REQUEST__ASK_ACCEPT_CLOCK) {
        rt_clock_accept(&rt->clock, rt_clock_read());
        rt_log(RT_ALARM, "the wall clock was accepted", "now=%lld", (long long)rt->clock.now_ms);
    }
    answer(rt, who, who_len, &done);
}
