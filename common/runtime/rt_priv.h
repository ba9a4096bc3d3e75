/* SPDX-License-Identifier: MIT
 *
 * What the files of the runtime share. The way of an event:
 *   receive (inbox.c, door in bus.c) -> decide (cycle.c) -> commit (flush.c) -> publish (flush.c)
 */
#ifndef DS_RUNTIME_PRIV_H
#define DS_RUNTIME_PRIV_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/door.h"
#include "engine/part.h"
#include "runtime/clock.h"
#include "runtime/conf.h"
#include "runtime/stats.h"
#include "runtime/store.h"
#include "runtime/versions.h"

enum {
    RT_ENVELOPE_MAX = 1 + 255 + 1,       /* length byte, routing id, delimiter flag */
    RT_INBOX_FRAMES = 64,                /* per upstream and partition */
    RT_INBOXES_BYTES = 64 * 1024 * 1024, /* all of them */
    RT_READS_MAX = 8,                    /* range reads at once */
    RT_READ_COUNT = 32,                  /* batches per range read */
    RT_RECEIVE_MAX = 1024,               /* frames per socket and cycle */
    RT_FIRE_MAX = 512,                   /* deadlines per cycle */
    RT_HEARTBEAT_MS = 200,
    RT_SILENCE_MS = 500, /* no heartbeat for so long: look into the store */
    RT_DOOR_FRESH_MS = 1000,
    RT_TICK_MS = 10000,                 /* rule time between commits of an idle partition */
    RT_STUCK_MS = 1000,                 /* a flush older than this: the door says busy */
    RT_WAITING_BYTES = 8 * 1024 * 1024, /* answers that wait for a commit */
};

/* ---- received batches, per upstream and partition ---- */

struct rt_frame {
    uint8_t *bytes; /* owned */
    size_t len;
    struct ds_batch_peek peek;
};

struct rt_queue {
    struct rt_frame frames[RT_INBOX_FRAMES];
    uint32_t head;
    uint32_t n;
};

struct rt_inbox {
    struct rt_queue ready; /* without gap from the position on */
    struct rt_queue stash; /* without gap among themselves; what lies before is being read */
    uint64_t known_tail;   /* the upstream has at least this much */
    uint64_t epoch;        /* newest writer heard of */
    int64_t mark_ms;       /* valid once mark_seq is applied */
    uint64_t mark_seq;
    bool reading;
    uint64_t polled_position; /* what was applied when the store was last asked for its tail */
};

/* ---- a partition and what runs around it ---- */

struct rt_lane {
    struct rt_inbox inboxes[DS_SOURCE_COUNT];
    struct ds_commit commit;   /* sealed */
    bool in_flight;            /* sealed and not known to be durable */
    bool sent;                 /* handed to the store and not yet answered */
    struct ds_buf acks;        /* answers that wait for the pending batch */
    struct ds_buf acks_sealed; /* answers that wait for the sealed one */
    uint64_t committed_bno;
    uint64_t committed_tail;
    int64_t committed_mark_ms;
    int64_t sealed_rule_ms; /* rule time of the last seal, for ticks */
};

struct rt_bus {
    void *context;
    void *pub;
    void *subs[DS_SOURCE_COUNT];
    void *door; /* intake only */
    void *control;
    ev_io ios[DS_SOURCE_COUNT + 3];
    uint32_t n_ios;
    int64_t heard_mono_ms[DS_SOURCE_COUNT];
    bool door_shut; /* as intake's last heartbeat said */
};

struct rt {
    const struct ds_service *service;
    struct rt_conf conf;
    struct rt_clock clock;
    struct rt_stats stats;
    struct rt_store store;
    struct rt_bus bus;
    struct rt_versions versions;
    struct ds_env env;
    struct ds_door door;
    uint32_t n_lanes;
    struct ds_part *parts; /* owned; partition i is parts[i] */
    struct rt_lane *lanes; /* owned; what runs around parts[i] */

    struct ev_loop *loop;
    ev_prepare prepare;
    ev_idle busy_idle; /* keeps the loop from blocking while there is work */
    ev_timer due_timer;
    ev_timer heartbeat;
    ev_signal signals[2];
    ev_timer resend;

    int lock_fd;
    bool live; /* caught up once since start: may fire and take commands */
    bool stopping;
    int64_t stop_mono_ms; /* when it began to stop */
    bool store_up;
    uint32_t flushing;          /* sealed batches not known to be durable */
    int64_t flush_sent_mono_us; /* when the flush at hand was first sent */
    uint32_t flush_from;        /* partition with which the next flush begins */
    uint32_t reads;
    size_t inbox_bytes;
    int64_t polled_mono_ms;
    uint32_t polls; /* answers of the store that are still to come */
    bool poll_again;
    bool poll_failed; /* some tail of this round is not known */
    bool memory_full;
    int64_t forgotten_hour; /* receipts up to this hour were dropped; 0: not yet known */
    int status;

    struct {
        bool asked;  /* an advance is to be answered */
        bool polled; /* upstream tails of this instant are known */
        bool ticked;
        uint8_t who[RT_ENVELOPE_MAX];
        size_t who_len;
    } step;
};

/* Ends the process at once with a status; nothing is flushed. For what must never go on. */
void rt_die(int status, const char *msg, const char *fields, ...)
    __attribute__((format(printf, 3, 4), noreturn));

/* ---- start.c ---- */

/* Library source with the hash in its names; function names of this build. */
void rt_functions_init(void);
const char *rt_function(const char *name); /* "commit" or "claim" */

/* Checks settings and loads the functions. 0 good, -1 not ready (loading), dies if unusable. */
int rt_store_check(struct rt *rt, redisContext *redis);

/* Claims and loads every partition; false: the store went away. Dies on torn or foreign data. */
bool rt_load(struct rt *rt, redisContext *redis);

/* After a reconnect: is our last commit still there, and are we still in charge? */
int rt_recheck(struct rt *rt, redisContext *redis);

/* ---- bus.c ---- */

void rt_bus_start(struct rt *rt);
void rt_bus_open_door(struct rt *rt);
void rt_bus_stop(struct rt *rt);
void rt_bus_publish(struct rt *rt, uint32_t partition, const uint8_t *bytes, size_t len);
void rt_bus_heartbeat(struct rt *rt);
/* Receives what is there, at most RT_RECEIVE_MAX frames a socket; true if there may be more. */
bool rt_bus_receive(struct rt *rt);
/* Answers a client of the door; who = envelope as received. */
void rt_bus_answer(struct rt *rt, const uint8_t *who, size_t who_len, const void *bytes,
                   size_t len);
void rt_bus_reply_control(struct rt *rt, const uint8_t *who, size_t who_len, const void *bytes,
                          size_t len);

/* ---- inbox.c ---- */

void rt_inbox_frame(struct rt *rt, enum ds_source source, const uint8_t *bytes, size_t len);
void rt_inbox_heartbeat(struct rt *rt, enum ds_source source, const uint8_t *bytes, size_t len);
/* Applies what can be applied; true if it stopped for lack of room. */
bool rt_inbox_apply(struct rt *rt);
/* Starts range reads and polls where they are needed. */
void rt_inbox_catch_up(struct rt *rt);
/* Asks the store for the tails of all upstreams. */
void rt_inbox_poll(struct rt *rt);
/* Everything that is known to exist has been applied. */
bool rt_inbox_idle(const struct rt *rt);
void rt_inbox_finish(struct rt *rt);

/* ---- cycle.c ---- */

void rt_cycle_start(struct rt *rt);
void rt_take_frame(struct rt *rt, const uint8_t *who, size_t who_len, const uint8_t *bytes,
                   size_t len);
/* May a command be read from the door's socket now? */
bool rt_may_take(const struct rt *rt);
/* Would the door say busy? */
bool rt_is_busy(const struct rt *rt);
/* Is the door open for acts that cost somebody a job? (architecture: operational deadlines) */
bool rt_door_is_open(const struct rt *rt, uint32_t partition);

/* ---- flush.c ---- */

/* Seals and sends what is pending, if nothing is in flight. tick: also positions and marks. */
void rt_flush(struct rt *rt, bool tick);
void rt_resend(struct rt *rt);
size_t rt_pending_bytes(const struct rt *rt);
uint32_t rt_pending_events(const struct rt *rt);
/* Has the flush in flight waited for longer than RT_STUCK_MS? */
bool rt_is_stuck(const struct rt *rt);

/* ---- control.c ---- */

void rt_control(struct rt *rt, const uint8_t *who, size_t who_len, const uint8_t *bytes,
                size_t len);
void rt_control_advance_done(struct rt *rt);

/* ---- crash points ---- */

#ifdef DS_CRASHPOINTS
/* Dies like kill -9 when DS_CRASH_AT names this point (name or name:n for the n-th time). */
void rt_crash_here(const char *point);
#define RT_CRASH(point) rt_crash_here(point)
#else
#define RT_CRASH(point) ((void)0)
#endif

/* ---- capture.c ---- */

#ifdef DS_CAPTURE
void rt_capture_call(const struct rt *rt, int argc, const char **argv, const size_t *argv_len);
void rt_capture_flush(void);
void rt_capture_end(void);
#define RT_CAPTURE(call) call
#else
#define RT_CAPTURE(call) ((void)0)
#endif

#endif
