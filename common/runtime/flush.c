/* SPDX-License-Identifier: MIT
 *
 * Commit and publish. One flush is in flight at a time, one call per partition in it; the next one
 * collects meanwhile. A sealed batch is resent as it is until the store has it. Only then is it
 * published, and only then do clients get their answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "domain/assert.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"

enum { KEYS = 5, COMMAND_WORDS = 3 };

static int64_t mono_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

uint32_t rt_pending_events(const struct rt *rt)
{
    uint32_t events = 0;

    for (uint32_t p = 0; p < rt->n_lanes; p++)
        events += rt->parts[p].batch_count;
    return events;
}

size_t rt_pending_bytes(const struct rt *rt)
{
    size_t bytes = 0;

    for (uint32_t p = 0; p < rt->n_lanes; p++)
        bytes += ds_part_pending_bytes(&rt->parts[p]);
    return bytes;
}

bool rt_is_stuck(const struct rt *rt)
{
    return rt->flushing > 0 && mono_us() - rt->flush_sent_mono_us > RT_STUCK_MS * INT64_C(1000);
}

/* ---- after the commit ---- */

/* Answers that waited: length of the envelope, envelope, length, bytes. */
static void send_acks(struct rt *rt, struct ds_buf *acks)
{
    for (size_t at = 0; at < acks->len;) {
        uint32_t who_len, len;
        memcpy(&who_len, acks->bytes + at, sizeof who_len);
        at += sizeof who_len;
        const uint8_t *who = acks->bytes + at;
        at += who_len;
        memcpy(&len, acks->bytes + at, sizeof len);
        at += sizeof len;
        rt_bus_answer(rt, who, who_len, acks->bytes + at, len);
        at += len;
    }
    acks->len = 0;
}

static void publish(struct rt *rt, const struct ds_commit *commit)
{
    RT_CRASH("before_publish");
    if (commit->batch.len == 0) return;
    rt_bus_publish(rt, commit->partition, commit->bytes.bytes + commit->batch.at,
                   commit->batch.len);
}

static void committed(struct rt *rt, struct rt_lane *lane)
{
    struct ds_commit *commit = &lane->commit;

    RT_CRASH("after_commit");
    lane->in_flight = false;
    lane->committed_bno = commit->bno;
    lane->committed_tail = commit->last;
    lane->committed_mark_ms = commit->mark_ms;
    rt->stats.counters[RT_COMMITS]++;
    rt->stats.counters[RT_EVENTS_OUT] += commit->last + 1 - commit->first;
    if (commit->last >= commit->first)
        rt_observe(&rt->stats, RT_BATCH, (int64_t)(commit->last + 1 - commit->first));
    publish(rt, commit);
    send_acks(rt, &lane->acks_sealed);
    if (--rt->flushing == 0)
        rt_observe(&rt->stats, RT_COMMIT_US, mono_us() - rt->flush_sent_mono_us);
}

static void on_commit(void *self, uint32_t tag, redisReply *reply)
{
    struct rt *rt = self;
    struct rt_lane *lane = &rt->lanes[tag];

    lane->sent = false;
    if (!reply) return; /* unknown: resent when the connection is back */
    if (reply->type == REDIS_REPLY_STATUS) return committed(rt, lane);
    const char *error = reply->type == REDIS_REPLY_ERROR ? reply->str : "strange reply";
    if (strstr(error, "Function not found")) return rt_store_drop(&rt->store, "functions are gone");
    if (!rt_store_may_pass(error))
        rt_die(70, "a commit was refused", "part=%u bno=%llu error=\"%s\"", tag,
               (unsigned long long)lane->commit.bno, error);
    rt_log(RT_ALARM, "a commit has to wait", "part=%u error=\"%s\"", tag, error);
    ev_timer_stop(rt->loop, &rt->resend); /* one that runs must not be set */
    ev_timer_set(&rt->resend, 0.25, 0.);
    ev_timer_start(rt->loop, &rt->resend);
}

/* ---- sending ---- */

static void send_commit(struct rt *rt, uint32_t p)
{
    static const char **argv; /* grows to what the largest commit needs */
    static size_t *argv_len;
    static uint32_t cap;
    struct rt_lane *lane = &rt->lanes[p];
    const struct ds_commit *commit = &lane->commit;
    uint32_t n = COMMAND_WORDS + KEYS + commit->n_args;
    char keys[KEYS][64];
    const char *name = rt->service->name;

    if (!argv || cap < n) {
        cap = n * 2;
        argv = realloc(argv, cap * sizeof *argv);
        argv_len = realloc(argv_len, cap * sizeof *argv_len);
        if (!argv || !argv_len) abort();
    }
    snprintf(keys[0], sizeof keys[0], "{p%03u}:%s:meta", p, name);
    snprintf(keys[1], sizeof keys[1], "{p%03u}:%s:state", p, name);
    snprintf(keys[2], sizeof keys[2], "{p%03u}:%s:due", p, name);
    snprintf(keys[3], sizeof keys[3], "{p%03u}:%s:j", p, name);
    snprintf(keys[4], sizeof keys[4], "{p%03u}:%s:rcpt:%lld", p, name,
             (long long)(lane->sealed_rule_ms / DS_HOUR_MS));
    const char *words[COMMAND_WORDS] = {"FCALL", rt_function("commit"), "5"};
    for (int i = 0; i < COMMAND_WORDS; i++) {
        argv[i] = words[i];
        argv_len[i] = strlen(words[i]);
    }
    for (int i = 0; i < KEYS; i++) {
        argv[COMMAND_WORDS + i] = keys[i];
        argv_len[COMMAND_WORDS + i] = strlen(keys[i]);
    }
    for (uint32_t i = 0; i < commit->n_args; i++) {
        argv[COMMAND_WORDS + KEYS + i] = (const char *)commit->bytes.bytes + commit->args[i].at;
        argv_len[COMMAND_WORDS + KEYS + i] = commit->args[i].len;
    }
    RT_CRASH("before_commit");
    RT_CAPTURE(rt_capture_call(rt, (int)n, argv, argv_len));
    lane->sent = rt_store_send(&rt->store, on_commit, rt, p, (int)n, argv, argv_len);
}

void rt_resend(struct rt *rt)
{
    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        struct rt_lane *lane = &rt->lanes[p];
        if (!lane->in_flight || lane->sent) continue;
        rt->stats.counters[RT_COMMITS_RESENT]++;
        send_commit(rt, p);
    }
}

static void seal(struct rt *rt, uint32_t p)
{
    struct rt_lane *lane = &rt->lanes[p];

    DS_ASSERT(!lane->in_flight && lane->acks_sealed.len == 0);
    struct ds_buf acks = lane->acks_sealed;
    lane->acks_sealed = lane->acks;
    lane->acks = acks;
    lane->sealed_rule_ms = rt->parts[p].now_ms;
    ds_part_seal(&rt->parts[p], &lane->commit);
    lane->in_flight = true;
    rt->flushing++;
    send_commit(rt, p);
}

static bool wants_tick(const struct rt *rt, uint32_t p)
{
    const struct ds_part *part = &rt->parts[p];
    int64_t interval_ms = rt->conf.bus ? RT_TICK_MS : RT_HEARTBEAT_MS;

    if (rt->clock.mode == RT_CLOCK_FAST) {
        interval_ms = rt->clock.factor * RT_HEARTBEAT_MS;
        if (interval_ms < RT_TICK_MS && rt->conf.bus) interval_ms = RT_TICK_MS;
    }
    if (!part->moved && ds_part_joint_mark(part) <= part->mark_ms) return false;
    return part->now_ms - rt->lanes[p].sealed_rule_ms >= interval_ms;
}

/* A partition that nobody has used has nothing to tell, not even the time. */
static bool is_used(const struct ds_part *part)
{
    if (part->tail > 0) return true;
    for (int s = 0; s < DS_SOURCE_COUNT; s++)
        if (part->up[s].position > 1) return true; /* more than the activation */
    return false;
}

void rt_flush(struct rt *rt, bool tick)
{
    uint32_t events = 0;
    size_t bytes = 0;

    if (rt->flushing > 0 || !rt->store_up) return;
    for (uint32_t i = 0; i < rt->n_lanes; i++) {
        uint32_t p = (rt->flush_from + i) % rt->n_lanes;
        const struct ds_part *part = &rt->parts[p];
        bool due = ds_part_pending(part) || wants_tick(rt, p) ||
                   (tick && is_used(part) && ds_part_joint_mark(part) > part->mark_ms);
        if (!due) continue;
        if (events + part->batch_count > DS_FLUSH_EVENTS_MAX ||
            bytes + ds_part_pending_bytes(part) > DS_FLUSH_BYTES_MAX) {
            if (events > 0) break;
        }
        events += part->batch_count;
        bytes += ds_part_pending_bytes(part);
        seal(rt, p);
    }
    if (rt->flushing == 0) return;
    rt->flush_from = (rt->flush_from + 1) % rt->n_lanes;
    rt->flush_sent_mono_us = mono_us();
    RT_CAPTURE(rt_capture_flush());
    rt_store_write(&rt->store);
    RT_CRASH("commit_sent");
}
