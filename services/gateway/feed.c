/* SPDX-License-Identifier: MIT */
#include "gateway/feed.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "gateway/gateway.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "wire/batch.h"

static uint32_t tag_of(enum ds_source source, uint32_t partition)
{
    return (uint32_t)source << 16 | partition;
}

/* ---- giving on ---- */

/* Numbers rise; partitions come to one at slightly different times. */
static void in_force(struct feed *feed, uint32_t rulebook)
{
    if (rulebook > feed->rulebook) feed->rulebook = rulebook;
}

static void give(void *self, enum ds_source source, uint32_t partition, uint64_t seq,
                 uint32_t rulebook, Ds__Event *event)
{
    struct feed *feed = self;

    feed->taken.seen[source][partition] = seq;
    in_force(feed, rulebook);
    feed->events++;
    holders_saw(&feed->gateway->holders, event);
    command_saw(&feed->gateway->commands, partition, event);
    streams_saw(&feed->gateway->streams, source, partition, seq, rulebook, event);
}

/* Events of a batch with after < seq <= until. */
static void each_of_batch(const Ds__Batch *batch, uint64_t after, uint64_t until, feed_take take,
                          void *self)
{
    const Ds__BatchHeader *header = batch->header;
    uint32_t rulebook = header->rulebook;

    for (size_t i = 0; i < batch->n_events; i++) {
        Ds__Event *event = batch->events[i];
        uint64_t seq = header->first_seq + i;
        if (event->body_case == DS__EVENT__BODY_ACTIVATED) rulebook = event->activated->number;
        if (seq > after && seq <= until)
            take(self, (enum ds_source)header->source, header->partition, seq, rulebook, event);
    }
}

bool feed_each(struct ds_arena *arena, const redisReply *reply, uint64_t after, uint64_t until,
               feed_take take, void *self, size_t *ret_batches)
{
    *ret_batches = reply->elements;
    for (size_t i = 0; i < reply->elements; i++) {
        const redisReply *fields = reply->element[i]->element[1];
        const redisReply *bytes = fields->elements == 2 ? fields->element[1] : NULL;
        Ds__Batch *batch;
        if (!bytes ||
            ds_batch_open((const uint8_t *)bytes->str, bytes->len, arena, &batch) != DS_BATCH_FINE)
            return false;
        each_of_batch(batch, after, until, take, self);
    }
    return true;
}

/* ---- what was missed ---- */

bool feed_read(struct feed *feed, enum ds_source source, uint32_t partition, uint64_t after,
               int batches, rt_reply_fn reply, void *self)
{
    char key[64], from[32], count[16];

    snprintf(key, sizeof key, "{p%03u}:%s:j", partition, ds_source_name(source));
    snprintf(from, sizeof from, "%llu-0", (unsigned long long)after + 1);
    snprintf(count, sizeof count, "%d", batches);
    const char *argv[] = {"XRANGE", key, from, "+", "COUNT", count};
    return rt_store_send(&feed->store, reply, self, tag_of(source, partition), 6, argv, NULL);
}

static void on_range(void *self, uint32_t tag, redisReply *reply);

static void read_on(struct feed *feed, enum ds_source source, uint32_t partition)
{
    struct feed_journal *journal = &feed->journals[source][partition];
    uint64_t taken = feed->taken.seen[source][partition];

    if (!journal->known || journal->reading || journal->tail <= taken) return;
    journal->reading =
        feed_read(feed, source, partition, taken, FEED_BATCHES_AT_ONCE, on_range, feed);
}

static void on_range(void *self, uint32_t tag, redisReply *reply)
{
    struct feed *feed = self;
    enum ds_source source = (enum ds_source)(tag >> 16);
    uint32_t partition = tag & 0xffff;
    size_t batches;

    feed->journals[source][partition].reading = false;
    if (!reply || reply->type != REDIS_REPLY_ARRAY) return; /* the next poll asks again */
    if (!feed_each(&feed->arena, reply, feed->taken.seen[source][partition], UINT64_MAX, give, feed,
                   &batches)) {
        feed->bad_batches++;
        rt_log(RT_ALARM, "a batch that cannot be read", "journal=%s/p%03u after=%llu",
               ds_source_name(source), partition,
               (unsigned long long)feed->taken.seen[source][partition]);
        return;
    }
    if (batches > 0) read_on(feed, source, partition);
}

/* A journal that has lost its end would give other events the same numbers. */
static void lost_tail(struct feed *feed, enum ds_source source, uint32_t partition, uint64_t tail)
{
    feed->lost_tails++;
    rt_log(RT_ALARM, "a journal has lost its end", "journal=%s/p%03u seen=%llu tail=%llu",
           ds_source_name(source), partition,
           (unsigned long long)feed->taken.seen[source][partition], (unsigned long long)tail);
    feed->taken.seen[source][partition] = tail;
    feed->journals[source][partition].tail = tail;
    streams_close(&feed->gateway->streams);
}

static void on_meta(void *self, uint32_t tag, redisReply *reply)
{
    struct feed *feed = self;
    enum ds_source source = (enum ds_source)(tag >> 16);
    uint32_t partition = tag & 0xffff;
    struct feed_journal *journal = &feed->journals[source][partition];

    journal->looking = false;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3) return;
    const char *tail_text = reply->element[0]->str, *mark = reply->element[1]->str;
    const char *rulebook = reply->element[2]->str;
    uint64_t tail = tail_text ? strtoull(tail_text, NULL, 10) : 0;
    if (!journal->known) feed->taken.seen[source][partition] = tail;
    journal->known = true;
    /* it may have grown, and been published, while the answer was on its way */
    if (tail < journal->taken && !journal->reading) lost_tail(feed, source, partition, tail);
    if (tail > journal->tail) journal->tail = tail;
    if (mark && atoll(mark) > journal->mark_ms) journal->mark_ms = atoll(mark);
    if (rulebook) in_force(feed, (uint32_t)atol(rulebook));
    read_on(feed, source, partition);
}

static void look(struct feed *feed, enum ds_source source)
{
    char key[64];

    for (uint32_t p = 0; p < feed->partitions; p++) {
        struct feed_journal *journal = &feed->journals[source][p];
        if (journal->looking) continue;
        snprintf(key, sizeof key, "{p%03u}:%s:meta", p, ds_source_name(source));
        const char *argv[] = {"HMGET", key, "tail", "mark", "rulebook"};
        journal->taken = feed->taken.seen[source][p];
        journal->looking =
            rt_store_send(&feed->store, on_meta, feed, tag_of(source, p), 5, argv, NULL);
    }
}

static void on_clock(void *self, uint32_t tag, redisReply *reply)
{
    struct feed *feed = self;

    (void)tag;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 4) return;
    const char *mode = reply->element[0]->str;
    feed->clock.fast = mode && strcmp(mode, "fast") == 0;
    feed->clock.step = mode && strcmp(mode, "step") == 0;
    if (reply->element[1]->str) feed->clock.factor = atoll(reply->element[1]->str);
    if (reply->element[2]->str) feed->clock.real_ms = atoll(reply->element[2]->str);
    if (reply->element[3]->str) feed->clock.rule_ms = atoll(reply->element[3]->str);
}

static void on_poll(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct feed *feed = timer->data;
    const char *argv[] = {"HMGET", "doorstep:clock", "mode", "factor", "real_ms", "rule_ms"};
    int64_t now_ms = rt_mono_ms();

    (void)loop, (void)events;
    if (!feed->up || feed->store.n > RT_STORE_RING / 2) return; /* it has enough to do */
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        if (now_ms - feed->beat_mono_ms[s] > FEED_SILENCE_MS) look(feed, (enum ds_source)s);
    rt_store_send(&feed->store, on_clock, feed, 0, 6, argv, NULL);
}

/* ---- the store comes and goes ---- */

static int on_check(void *self, redisContext *redis)
{
    struct feed *feed = self;
    /* a number that no other installation has: cursors are good for one */
    redisReply *set = redisCommand(redis, "SET doorstep:installation %u NX", randombytes_random());
    redisReply *get = redisCommand(redis, "GET doorstep:installation");
    bool good = set && get && get->type == REDIS_REPLY_STRING;

    if (good) feed->taken.installation = (uint32_t)strtoul(get->str, NULL, 10);
    if (set) freeReplyObject(set);
    if (get) freeReplyObject(get);
    return good ? 0 : -1;
}

static void on_up(void *self)
{
    struct feed *feed = self;

    feed->up = true;
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        look(feed, (enum ds_source)s);
    holders_load(&feed->gateway->holders);
}

static void on_down(void *self)
{
    struct feed *feed = self;

    feed->up = false;
}

/* ---- what is published ---- */

static void take_frame(struct feed *feed, enum ds_source source, const uint8_t *bytes, size_t len)
{
    Ds__Batch *batch;

    if (ds_batch_open(bytes, len, &feed->arena, &batch) != DS_BATCH_FINE ||
        batch->header->source != (Ds__Source__Name)source ||
        batch->header->partition >= feed->partitions) {
        feed->bad_batches++;
        return; /* the journal has it right */
    }
    uint32_t partition = batch->header->partition;
    struct feed_journal *journal = &feed->journals[source][partition];
    uint64_t taken = feed->taken.seen[source][partition];
    uint64_t last = batch->header->first_seq + batch->header->count - 1;
    if (last > journal->tail) journal->tail = last;
    if (batch->header->mark_ms > journal->mark_ms) journal->mark_ms = batch->header->mark_ms;
    if (!journal->known || journal->reading || last <= taken) return;
    if (batch->header->first_seq > taken + 1) {
        feed->gaps++;
        return read_on(feed, source, partition);
    }
    each_of_batch(batch, taken, UINT64_MAX, give, feed);
}

/* Frames of a batch come before the heartbeat that names it: what it names and is not here was
 * dropped on the way. */
static void take_beat(struct feed *feed, enum ds_source source, const uint8_t *bytes, size_t len)
{
    ds_arena_reset(&feed->arena);
    const Ds__Heartbeat *beat = ds__heartbeat__unpack(&feed->arena.allocator, len, bytes);

    if (!beat) return;
    feed->beat_mono_ms[source] = rt_mono_ms();
    for (size_t i = 0; i < beat->n_rows; i++) {
        const Ds__Heartbeat__Row *row = beat->rows[i];
        if (row->partition >= feed->partitions) continue;
        struct feed_journal *journal = &feed->journals[source][row->partition];
        if (row->published_seq > journal->tail) journal->tail = row->published_seq;
        if (row->mark_ms > journal->mark_ms) journal->mark_ms = row->mark_ms;
        read_on(feed, source, row->partition);
    }
}

/* A frame with its topic before it; false: nothing there. */
static bool receive_one(struct feed *feed, enum ds_source source)
{
    zmq_msg_t topic, body;
    void *sub = feed->subs[source];

    zmq_msg_init(&topic);
    if (zmq_msg_recv(&topic, sub, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&topic);
        return false;
    }
    zmq_msg_init(&body);
    if (zmq_msg_more(&topic) && zmq_msg_recv(&body, sub, ZMQ_DONTWAIT) >= 0) {
        bool beat = zmq_msg_size(&topic) == 3 && memcmp(zmq_msg_data(&topic), "hb|", 3) == 0;
        (beat ? take_beat : take_frame)(feed, source, zmq_msg_data(&body), zmq_msg_size(&body));
    }
    zmq_msg_close(&topic);
    zmq_msg_close(&body);
    return true;
}

bool feed_receive(struct feed *feed)
{
    bool more = false;

    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++) {
        int n = 0;
        while (n < FEED_FRAMES_A_TURN && feed->subs[s] && receive_one(feed, (enum ds_source)s))
            n++;
        more |= n == FEED_FRAMES_A_TURN;
    }
    return more;
}

/* ---- what is known ---- */

bool feed_is_live(const struct feed *feed)
{
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < feed->partitions; p++)
            if (!feed->journals[s][p].known) return false;
    return holders_are_known(&feed->gateway->holders);
}

int64_t feed_mark_ms(const struct feed *feed, enum ds_source source)
{
    int64_t mark_ms = 0;

    for (uint32_t p = 0; p < feed->partitions; p++)
        if (feed->journals[source][p].mark_ms > mark_ms)
            mark_ms = feed->journals[source][p].mark_ms;
    return mark_ms;
}

int64_t feed_now_ms(const struct feed *feed)
{
    int64_t now_ms = rt_clock_read().wall_ms;

    if (feed->clock.fast)
        return feed->clock.rule_ms + (now_ms - feed->clock.real_ms) * feed->clock.factor;
    if (!feed->clock.step) return now_ms;
    now_ms = feed->clock.rule_ms; /* idle partitions stay behind */
    for (uint32_t p = 0; p < feed->partitions; p++)
        if (feed->journals[DS_INTAKE][p].mark_ms >= now_ms)
            now_ms = feed->journals[DS_INTAKE][p].mark_ms + 1;
    return now_ms;
}

/* ---- start and stop ---- */

static void wake(struct ev_loop *loop, ev_io *io, int events)
{
    (void)loop, (void)io, (void)events; /* the turn itself does the work */
}

static void subscribe(struct feed *feed, enum ds_source source)
{
    char address[RT_PATH_MAX + 64];
    int fd, hwm = 1000, none = 0;
    size_t size = sizeof fd;
    void *sub = zmq_socket(feed->gateway->zmq, ZMQ_SUB);

    DS_ASSERT(sub);
    snprintf(address, sizeof address, "ipc://%s/%s.pub", feed->gateway->conf.run,
             ds_source_name(source));
    zmq_setsockopt(sub, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(sub, ZMQ_RCVHWM, &hwm, sizeof hwm);
    int rc = zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0);
    DS_ASSERT(rc == 0);
    rc = zmq_connect(sub, address);
    DS_ASSERT(rc == 0);
    rc = zmq_getsockopt(sub, ZMQ_FD, &fd, &size);
    DS_ASSERT(rc == 0);
    ev_io_init(&feed->ios[source], wake, fd, EV_READ);
    ev_io_start(feed->gateway->loop, &feed->ios[source]);
    feed->subs[source] = sub;
}

void feed_start(struct feed *feed, struct gateway *gateway)
{
    *feed = (struct feed){.gateway = gateway, .partitions = (uint32_t)gateway->conf.partitions};
    ds_arena_init(&feed->arena, DS_BATCH_ARENA);
    /* connected before the ends of the journals are read: nothing falls between */
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT && gateway->conf.bus; s++)
        subscribe(feed, (enum ds_source)s);
    ev_timer_init(&feed->poll, on_poll, FEED_POLL_MS / 1000., FEED_POLL_MS / 1000.);
    feed->poll.data = feed;
    ev_timer_start(gateway->loop, &feed->poll);
    feed->store = (struct rt_store){.loop = gateway->loop,
                                    .path = gateway->conf.redis_socket,
                                    .timeout_ms = gateway->conf.store_timeout_ms,
                                    .check = on_check,
                                    .up = on_up,
                                    .down = on_down,
                                    .self = feed};
    rt_store_start(&feed->store);
}

void feed_stop(struct feed *feed)
{
    ev_timer_stop(feed->gateway->loop, &feed->poll);
    rt_store_stop(&feed->store);
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++) {
        if (!feed->subs[s]) continue;
        ev_io_stop(feed->gateway->loop, &feed->ios[s]);
        zmq_close(feed->subs[s]);
    }
    ds_arena_finish(&feed->arena);
}
