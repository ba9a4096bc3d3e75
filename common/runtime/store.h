/* SPDX-License-Identifier: MIT
 *
 * The connection to Redis: one unix socket, pipelined, replies in the order of the requests.
 *
 * Built on hiredis' blocking context in non-blocking mode with a ring of our own for what is in
 * flight. The asynchronous API of 0.14 frees its context under callbacks, has no time-outs and an
 * unbounded output buffer; the ring here is bounded, and a dead connection answers every request in
 * it with NULL exactly once. */
#ifndef DS_RUNTIME_STORE_H
#define DS_RUNTIME_STORE_H

#include <ev.h>
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdint.h>

enum { RT_STORE_RING = 4096 }; /* requests in flight; more are refused */

struct rt_store;

/* reply: NULL when the connection was lost (the outcome is unknown); freed by the store. */
typedef void (*rt_reply_fn)(void *self, uint32_t tag, redisReply *reply);

struct rt_request {
    rt_reply_fn reply;
    void *self;
    uint32_t tag;
    int64_t sent_mono_ms;
};

struct rt_store {
    struct ev_loop *loop;
    const char *path;
    int64_t timeout_ms;
    redisContext *redis; /* NULL: down */
    ev_io readable;
    ev_io writable;
    ev_timer watchdog;
    ev_timer reconnect;
    double back_off_s;
    int64_t away_mono_ms; /* since when it cannot be used; 0: it can */
    struct rt_request ring[RT_STORE_RING];
    uint32_t head;
    uint32_t n;
    const char *why_down;
    /* Called on each new connection, before anything else is sent. 0: good; -1: try again later;
     * it does not return when this process must not go on. */
    int (*check)(void *self, redisContext *blocking);
    void (*up)(void *self);   /* connected and checked: send what was not answered */
    void (*down)(void *self); /* after every request in flight was answered with NULL */
    void *self;
};

/* A blocking connection with a time-out, or NULL. Free with redisFree. */
redisContext *rt_store_open(const char *path, int64_t timeout_ms);

/* Connects (check and up are called), and again whenever the connection is lost. */
void rt_store_start(struct rt_store *store);
void rt_store_stop(struct rt_store *store);

/* Sends a command. False when down or too much is in flight: nothing was sent, nobody is called. */
bool rt_store_send(struct rt_store *store, rt_reply_fn reply, void *self, uint32_t tag, int argc,
                   const char **argv, const size_t *argv_len);

/* Writes out what was sent, now and not when the loop comes round to it. May find the connection
 * lost. */
void rt_store_write(struct rt_store *store);

/* Is this an error after which the same call may succeed later? Every other one means that this
 * process must not go on. */
bool rt_store_may_pass(const char *error);

/* Drops the connection; everything in flight is answered with NULL. */
void rt_store_drop(struct rt_store *store, const char *why);

#endif
