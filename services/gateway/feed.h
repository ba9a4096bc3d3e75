/* SPDX-License-Identifier: MIT
 *
 * Follows the journals of all services: published batches while they come without a gap, the
 * journals in Redis whenever something is missing. What is given on is committed, each event once,
 * each journal in its order. Between journals there is no order but that of arrival. */
#ifndef GATEWAY_FEED_H
#define GATEWAY_FEED_H

#include "gateway/cursor.h"
#include "proto/envelope.pb-c.h"
#include "runtime/store.h"
#include "wire/arena.h"

enum {
    FEED_BATCHES_AT_ONCE = 16,
    FEED_FRAMES_A_TURN = 256,
    FEED_POLL_MS = 200,   /* between two looks into Redis while a service is silent */
    FEED_SILENCE_MS = 500 /* without a heartbeat: look into Redis */
};

struct feed_journal {
    uint64_t tail; /* known to be committed */
    int64_t mark_ms;
    bool known;     /* its tail was read once: from there on everything is given on */
    bool reading;   /* a range of it is on its way */
    bool looking;   /* its end is asked for ... */
    uint64_t taken; /* ... when so much of it had been given on */
};

struct feed {
    struct gateway *gateway;
    struct rt_store store;
    bool up;
    void *subs[DS_SOURCE_COUNT];
    ev_io ios[DS_SOURCE_COUNT];
    ev_timer poll;
    uint32_t partitions;
    uint32_t rulebook;   /* number in force; 0: none yet */
    struct cursor taken; /* given on */
    struct feed_journal journals[DS_SOURCE_COUNT][DS_PARTITIONS_MAX];
    int64_t beat_mono_ms[DS_SOURCE_COUNT];
    struct ds_arena arena;
    struct { /* the clock that the services go by */
        bool fast, step;
        int64_t factor, real_ms, rule_ms;
    } clock;
    uint64_t events, gaps, bad_batches, lost_tails;
};

void feed_start(struct feed *feed, struct gateway *gateway);
void feed_stop(struct feed *feed);

/* Takes what was published; true if there is more. Each turn of the loop. */
bool feed_receive(struct feed *feed);

/* Are the ends of all journals known: can it be said where "now" is? */
bool feed_is_live(const struct feed *feed);

/* Rule time now; how far a service has come where it has come farthest (idle partitions say so
 * every 10 s only); 0: not known. */
int64_t feed_now_ms(const struct feed *feed);
int64_t feed_mark_ms(const struct feed *feed, enum ds_source source);

/* Asks Redis for batches of a journal with events after `after`. False: not now. */
bool feed_read(struct feed *feed, enum ds_source source, uint32_t partition, uint64_t after,
               int batches, rt_reply_fn reply, void *self);

/* Calls take for each event after `after` and up to `until` in a reply to feed_read. False if a
 * batch is no good. *ret_batches: how many there were. */
typedef void (*feed_take)(void *self, enum ds_source source, uint32_t partition, uint64_t seq,
                          uint32_t rulebook, Ds__Event *event);
bool feed_each(struct ds_arena *arena, const redisReply *reply, uint64_t after, uint64_t until,
               feed_take take, void *self, size_t *ret_batches);

#endif
