/* SPDX-License-Identifier: MIT */
#include "runtime/store.h"

#include <string.h>
#include <unistd.h>

#include "domain/assert.h"
#include "runtime/clock.h"
#include "runtime/log.h"

enum { BACK_OFF_MAX_S = 2 };

redisContext *rt_store_open(const char *path, int64_t timeout_ms)
{
    struct timeval tv = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
    redisContext *redis = redisConnectUnixWithTimeout(path, tv);

    if (redis && redis->err) {
        redisFree(redis);
        return NULL;
    }
    if (redis) redisSetTimeout(redis, tv);
    return redis;
}

bool rt_store_may_pass(const char *error)
{
    static const char *const passing[] = {"LOADING",  "BUSY",       "OOM",      "MISCONF",
                                          "READONLY", "MASTERDOWN", "TRYAGAIN", "NOREPLICAS"};

    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
        if (strncmp(error, passing[i], strlen(passing[i])) == 0) return true;
    return false;
}

/* ---- the ring ---- */

static struct rt_request pop(struct rt_store *store)
{
    DS_ASSERT(store->n > 0);
    struct rt_request request = store->ring[store->head];

    store->head = (store->head + 1) % RT_STORE_RING;
    store->n--;
    return request;
}

void rt_store_drop(struct rt_store *store, const char *why)
{
    if (!store->redis) return;
    rt_log(RT_ALARM, "store lost", "why=\"%s\" in_flight=%u", why, store->n);
    store->why_down = why;
    store->away_mono_ms = rt_mono_ms();
    ev_io_stop(store->loop, &store->readable);
    ev_io_stop(store->loop, &store->writable);
    redisFree(store->redis);
    store->redis = NULL;
    while (store->n > 0) {
        struct rt_request request = pop(store);
        request.reply(request.self, request.tag, NULL);
    }
    store->down(store->self);
    ev_timer_set(&store->reconnect, store->back_off_s, 0.);
    ev_timer_start(store->loop, &store->reconnect);
}

/* ---- connecting ---- */

static void try_again(struct rt_store *store, const char *why)
{
    store->why_down = why;
    if (store->away_mono_ms == 0) store->away_mono_ms = rt_mono_ms();
    store->back_off_s *= 2;
    if (store->back_off_s > BACK_OFF_MAX_S) store->back_off_s = BACK_OFF_MAX_S;
    ev_timer_set(&store->reconnect, store->back_off_s, 0.);
    ev_timer_start(store->loop, &store->reconnect);
}

static void connect_now(struct rt_store *store)
{
    redisContext *checker = rt_store_open(store->path, store->timeout_ms);

    if (!checker) return try_again(store, "cannot connect");
    int good = store->check(store->self, checker);
    redisFree(checker);
    if (good != 0) return try_again(store, "not ready");
    redisContext *redis = redisConnectUnixNonBlock(store->path);
    if (!redis || redis->err) {
        if (redis) redisFree(redis);
        return try_again(store, "cannot connect");
    }
    store->redis = redis;
    store->why_down = NULL;
    store->back_off_s = 0.05;
    ev_io_set(&store->readable, redis->fd, EV_READ);
    ev_io_set(&store->writable, redis->fd, EV_WRITE);
    ev_io_start(store->loop, &store->readable);
    if (store->away_mono_ms != 0)
        rt_log(RT_INFO, "store is back", "away_ms=%lld",
               (long long)(rt_mono_ms() - store->away_mono_ms));
    store->away_mono_ms = 0;
    store->up(store->self);
}

static void on_reconnect(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop, (void)events;
    connect_now(timer->data);
}

/* ---- traffic ---- */

void rt_store_write(struct rt_store *store)
{
    int done = 0;

    if (!store->redis) return;
    if (redisBufferWrite(store->redis, &done) == REDIS_ERR)
        return rt_store_drop(store, "write failed");
    if (done)
        ev_io_stop(store->loop, &store->writable);
    else
        ev_io_start(store->loop, &store->writable);
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
    (void)loop, (void)events;
    rt_store_write(io->data);
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
    struct rt_store *store = io->data;
    void *reply;

    (void)loop, (void)events;
    if (redisBufferRead(store->redis) == REDIS_ERR) return rt_store_drop(store, "read failed");
    for (;;) {
        if (redisGetReplyFromReader(store->redis, &reply) == REDIS_ERR)
            return rt_store_drop(store, "protocol error");
        if (!reply) return;
        struct rt_request request = pop(store);
        redisContext *before = store->redis;
        request.reply(request.self, request.tag, reply);
        freeReplyObject(reply);
        if (store->redis != before) return; /* the callback dropped the connection */
    }
}

static void on_watchdog(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct rt_store *store = timer->data;

    (void)loop, (void)events;
    if (!store->redis || store->n == 0) return;
    if (rt_mono_ms() - store->ring[store->head].sent_mono_ms > store->timeout_ms)
        rt_store_drop(store, "no answer in time");
}

bool rt_store_send(struct rt_store *store, rt_reply_fn reply, void *self, uint32_t tag, int argc,
                   const char **argv, const size_t *argv_len)
{
    if (!store->redis || store->n == RT_STORE_RING) return false;
    if (redisAppendCommandArgv(store->redis, argc, argv, argv_len) == REDIS_ERR) return false;
    store->ring[(store->head + store->n++) % RT_STORE_RING] =
        (struct rt_request){reply, self, tag, rt_mono_ms()};
    ev_io_start(store->loop, &store->writable); /* one write per turn of the loop */
    return true;
}

void rt_store_start(struct rt_store *store)
{
    store->back_off_s = 0.05;
    ev_init(&store->readable, on_readable);
    ev_init(&store->writable, on_writable);
    ev_timer_init(&store->watchdog, on_watchdog, 0.1, 0.1);
    ev_init(&store->reconnect, on_reconnect);
    store->readable.data = store->writable.data = store;
    store->watchdog.data = store->reconnect.data = store;
    ev_timer_start(store->loop, &store->watchdog);
    connect_now(store);
}

void rt_store_stop(struct rt_store *store)
{
    ev_timer_stop(store->loop, &store->watchdog);
    ev_timer_stop(store->loop, &store->reconnect);
    if (!store->redis) return;
    ev_io_stop(store->loop, &store->readable);
    ev_io_stop(store->loop, &store->writable);
    redisFree(store->redis);
    store->redis = NULL;
}
