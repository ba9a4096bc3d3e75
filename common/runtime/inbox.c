/* SPDX-License-Identifier: MIT
 *
 * What comes from upstream. Published batches are taken in order; where one is missing, the journal
 * is read from there until both meet. Without heartbeats the journals' tails are looked up in the
 * store, so that nothing depends on PUB but speed. */
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"

/* ---- queues of frames ---- */

static struct rt_frame *frame_at(struct rt_queue *queue, uint32_t i)
{
    return &queue->frames[(queue->head + i) % RT_INBOX_FRAMES];
}

static uint64_t last_of(struct rt_queue *queue, uint64_t none)
{
    return queue->n ? frame_at(queue, queue->n - 1)->peek.last : none;
}

static void drop_first(struct rt *rt, struct rt_queue *queue)
{
    struct rt_frame *frame = frame_at(queue, 0);

    rt->inbox_bytes -= frame->len;
    free(frame->bytes);
    queue->head = (queue->head + 1) % RT_INBOX_FRAMES;
    queue->n--;
}

static void clear(struct rt *rt, struct rt_queue *queue)
{
    while (queue->n > 0)
        drop_first(rt, queue);
}

static void append(struct rt *rt, struct rt_queue *queue, const uint8_t *bytes, size_t len,
                   const struct ds_batch_peek *peek)
{
    struct rt_frame *frame = frame_at(queue, queue->n);
    frame->bytes = malloc(len);
    if (!frame->bytes) abort();
    memcpy(frame->bytes, bytes, len);
    frame->len = len;
    frame->peek = *peek;
    rt->inbox_bytes += len;
    queue->n++;
}

static bool push(struct rt *rt, struct rt_queue *queue, const uint8_t *bytes, size_t len,
                 const struct ds_batch_peek *peek)
{
    if (queue->n == RT_INBOX_FRAMES || rt->inbox_bytes + len > RT_INBOXES_BYTES) return false;
    append(rt, queue, bytes, len, peek);
    return true;
}

/* Moves what now follows without a gap from the stash to the ready queue. */
static void join(struct rt *rt, struct rt_inbox *inbox, uint64_t position)
{
    for (;;) {
        uint64_t last = last_of(&inbox->ready, position);
        if (inbox->stash.n == 0) return;
        struct rt_frame *first = frame_at(&inbox->stash, 0);
        if (first->peek.last <= last) {
            drop_first(rt, &inbox->stash);
            continue;
        }
        if (first->peek.first > last + 1 || inbox->ready.n == RT_INBOX_FRAMES) return;
        *frame_at(&inbox->ready, inbox->ready.n++) = *first;
        inbox->stash.head = (inbox->stash.head + 1) % RT_INBOX_FRAMES;
        inbox->stash.n--;
    }
}

void rt_inbox_finish(struct rt *rt)
{
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        for (int s = 0; s < DS_SOURCE_COUNT; s++) {
            clear(rt, &rt->lanes[p].inboxes[s].ready);
            clear(rt, &rt->lanes[p].inboxes[s].stash);
        }
}

/* ---- what PUB brings ---- */

void rt_inbox_frame(struct rt *rt, enum ds_source source, const uint8_t *bytes, size_t len)
{
    struct ds_batch_peek peek;
    enum ds_batch_fault fault = ds_batch_peek(bytes, len, &rt->env.state_arena, &peek);

    if (fault != DS_BATCH_FINE || peek.source != source || peek.partition >= rt->n_lanes) {
        rt->stats.counters[RT_CORRUPT]++;
        rt_log(RT_ALARM, "a published frame is corrupt and was dropped", "source=%s fault=\"%s\"",
               ds_source_name(source), ds_batch_fault_name(fault));
        return;
    }
    RT_CRASH("after_receive");
    if (rt->clock.mode == RT_CLOCK_STEP) return; /* journals are read in order when time moves */
    struct rt_inbox *inbox = &rt->lanes[peek.partition].inboxes[source];
    uint64_t position = rt->parts[peek.partition].up[source].position;
    if (peek.epoch < inbox->epoch) return; /* a writer that was replaced */
    inbox->epoch = peek.epoch;
    if (peek.last > inbox->known_tail) inbox->known_tail = peek.last;
    uint64_t last = last_of(&inbox->ready, position);
    if (peek.last <= last) return;
    if (inbox->stash.n == 0 && peek.first <= last + 1) {
        if (!push(rt, &inbox->ready, bytes, len, &peek)) rt->stats.counters[RT_FRAMES_DROPPED]++;
        return;
    }
    if (inbox->stash.n > 0 && peek.first != last_of(&inbox->stash, 0) + 1) clear(rt, &inbox->stash);
    if (!push(rt, &inbox->stash, bytes, len, &peek)) {
        clear(rt, &inbox->stash); /* it will be read instead */
        rt->stats.counters[RT_FRAMES_DROPPED]++;
    }
}

static void note(struct rt *rt, uint32_t p, enum ds_source source, uint64_t epoch, uint64_t tail,
                 int64_t mark_ms)
{
    struct rt_inbox *inbox = &rt->lanes[p].inboxes[source];

    if (epoch < inbox->epoch || tail < inbox->known_tail) return;
    inbox->epoch = epoch;
    inbox->known_tail = tail;
    inbox->mark_seq = tail;
    inbox->mark_ms = mark_ms;
    ds_part_note_mark(&rt->parts[p], source, tail, mark_ms);
}

void rt_inbox_heartbeat(struct rt *rt, enum ds_source source, const uint8_t *bytes, size_t len)
{
    ds_arena_reset(&rt->env.state_arena);
    const Ds__Heartbeat *beat = ds__heartbeat__unpack(&rt->env.state_arena.allocator, len, bytes);

    if (!beat || (int)beat->source != (int)source) {
        rt->stats.counters[RT_CORRUPT]++;
        return;
    }
    for (size_t i = 0; i < beat->n_rows; i++) {
        const Ds__Heartbeat__Row *row = beat->rows[i];
        if (row->partition >= rt->n_lanes) continue;
        if (row->epoch < rt->lanes[row->partition].inboxes[source].epoch) return; /* replaced */
        note(rt, row->partition, source, row->epoch, row->published_seq, row->mark_ms);
    }
    rt->bus.heard_mono_ms[source] = rt_mono_ms();
    if (source == DS_INTAKE) rt->bus.door_shut = beat->busy;
}

/* ---- applying ---- */

static bool apply_first(struct rt *rt, uint32_t p, struct rt_queue *queue)
{
    Ds__Batch *batch;
    const struct rt_frame *frame = frame_at(queue, 0);
    struct ds_part *part = &rt->parts[p];
    uint64_t before = part->up[frame->peek.source].position;

    enum ds_batch_fault fault = ds_batch_open_for(frame->bytes, frame->len, part->service->concerns,
                                                  &rt->env.batch_arena, &batch);
    if (fault != DS_BATCH_FINE)
        rt_die(70, "a journal entry cannot be read", "part=%u source=%s first=%llu fault=\"%s\"", p,
               ds_source_name(frame->peek.source), (unsigned long long)frame->peek.first,
               ds_batch_fault_name(fault));
    bool all = ds_part_apply(part, batch);
    rt->stats.counters[RT_EVENTS_IN] += part->up[frame->peek.source].position - before;
    if (all) drop_first(rt, queue);
    return all;
}

/* Applies from the leftmost upstream that has something ready. False: nothing could be applied. */
static bool apply_some(struct rt *rt, uint32_t p, bool *full)
{
    struct ds_part *part = &rt->parts[p];

    for (int s = 1; s < DS_SOURCE_COUNT; s++) {
        struct rt_inbox *inbox = &rt->lanes[p].inboxes[s];
        if (!(part->service->upstreams & 1u << s)) continue;
        join(rt, inbox, part->up[s].position);
        while (inbox->ready.n > 0) {
            enum ds_ready ready = ds_part_ready(part, &frame_at(&inbox->ready, 0)->peek);
            if (ready == DS_OLD) {
                drop_first(rt, &inbox->ready);
                continue;
            }
            if (ready == DS_GAP) clear(rt, &inbox->ready);
            if (ready != DS_READY) break;
            if (!apply_first(rt, p, &inbox->ready)) *full = true;
            ds_part_note_mark(part, (enum ds_source)s, inbox->mark_seq, inbox->mark_ms);
            return !*full;
        }
        /* stepped time: one order only, each upstream to its end before the next */
        if (rt->clock.mode == RT_CLOCK_STEP && part->up[s].position < inbox->known_tail)
            return false;
    }
    return false;
}

bool rt_inbox_apply(struct rt *rt)
{
    bool any_full = false;

    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        bool full = false;
        while (ds_part_room(&rt->parts[p]) && rt_pending_events(rt) < DS_FLUSH_EVENTS_MAX &&
               apply_some(rt, p, &full))
            ;
        any_full |= full || !ds_part_room(&rt->parts[p]);
    }
    return any_full || rt_pending_events(rt) >= DS_FLUSH_EVENTS_MAX;
}

bool rt_inbox_idle(const struct rt *rt)
{
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        for (int s = 1; s < DS_SOURCE_COUNT; s++)
            if (rt->service->upstreams & 1u << s &&
                rt->parts[p].up[s].position < rt->lanes[p].inboxes[s].known_tail)
                return false;
    return true;
}

/* ---- reading journals ---- */

/* What was read is what everybody waits for: it goes before what came too early, and one batch of
 * it fits always, or two partitions could wait for each other's room. */
static bool push_read(struct rt *rt, struct rt_inbox *inbox, const redisReply *bytes,
                      const struct ds_batch_peek *peek)
{
    const uint8_t *start = (const uint8_t *)bytes->str;

    if (push(rt, &inbox->ready, start, bytes->len, peek)) return true;
    if (inbox->ready.n == RT_INBOX_FRAMES) return false;
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        for (int s = 1; s < DS_SOURCE_COUNT; s++)
            clear(rt, &rt->lanes[p].inboxes[s].stash);
    if (push(rt, &inbox->ready, start, bytes->len, peek)) return true;
    if (inbox->ready.n == 0) append(rt, &inbox->ready, start, bytes->len, peek);
    return false;
}

static void on_read(void *self, uint32_t tag, redisReply *reply)
{
    struct rt *rt = self;
    uint32_t p = tag >> 8;
    enum ds_source source = (enum ds_source)(tag & 0xff);
    struct rt_inbox *inbox = &rt->lanes[p].inboxes[source];
    struct ds_batch_peek peek;

    rt->reads--;
    inbox->reading = false;
    if (!reply || reply->type != REDIS_REPLY_ARRAY) return;
    for (size_t i = 0; i < reply->elements; i++) {
        const redisReply *entry = reply->element[i]->element[1];
        const redisReply *bytes = entry->elements == 2 ? entry->element[1] : NULL;
        enum ds_batch_fault fault = DS_BATCH_MALFORMED;
        if (bytes)
            fault =
                ds_batch_peek((const uint8_t *)bytes->str, bytes->len, &rt->env.state_arena, &peek);
        if (fault != DS_BATCH_FINE || peek.source != source || peek.partition != p)
            rt_die(70, "a journal entry is corrupt", "part=%u source=%s id=%s fault=\"%s\"", p,
                   ds_source_name(source), reply->element[i]->element[0]->str,
                   ds_batch_fault_name(fault));
        uint64_t last = last_of(&inbox->ready, rt->parts[p].up[source].position);
        if (peek.last <= last) continue;
        if (peek.first > last + 1)
            rt_die(70, "a journal has a hole", "part=%u source=%s after=%llu next=%llu", p,
                   ds_source_name(source), (unsigned long long)last,
                   (unsigned long long)peek.first);
        if (!push_read(rt, inbox, bytes, &peek)) return;
    }
    RT_CRASH("in_catchup");
}

static void read_from(struct rt *rt, uint32_t p, enum ds_source source)
{
    struct rt_inbox *inbox = &rt->lanes[p].inboxes[source];
    uint64_t last = last_of(&inbox->ready, rt->parts[p].up[source].position);
    char key[64], from[32], count[16];

    snprintf(key, sizeof key, "{p%03u}:%s:j", p, ds_source_name(source));
    snprintf(from, sizeof from, "%llu-0", (unsigned long long)last + 1);
    snprintf(count, sizeof count, "%d", RT_READ_COUNT);
    const char *argv[] = {"XRANGE", key, from, "+", "COUNT", count};
    if (!rt_store_send(&rt->store, on_read, rt, p << 8 | (uint32_t)source, 6, argv, NULL)) return;
    rt->reads++;
    inbox->reading = true;
    rt->stats.counters[RT_RANGE_READS]++;
}

/* ---- looking up tails ---- */

static void on_polled(void *self, uint32_t tag, redisReply *reply)
{
    struct rt *rt = self;
    uint32_t p = tag >> 8;
    enum ds_source source = (enum ds_source)(tag & 0xff);

    rt->polls--;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3) {
        rt->poll_failed = true; /* this tail is not known: nothing is decided before it is */
        return;
    }
    const char *epoch = reply->element[0]->str, *tail = reply->element[1]->str;
    const char *mark = reply->element[2]->str;
    uint64_t known = tail ? strtoull(tail, NULL, 10) : 0;
    /* since the question more may have been published and applied; the answer does not know of it
     */
    uint64_t position = rt->lanes[p].inboxes[source].polled_position;
    if (known < position)
        rt_die(70, "an upstream journal has lost what was read from it",
               "part=%u source=%s tail=%llu position=%llu", p, ds_source_name(source),
               (unsigned long long)known, (unsigned long long)position);
    if (epoch) note(rt, p, source, strtoull(epoch, NULL, 10), known, mark ? atoll(mark) : 0);
    if (rt->polls > 0) return;
    rt->step.polled = !rt->poll_again && !rt->poll_failed;
    if (rt->poll_again) rt_inbox_poll(rt);
}

void rt_inbox_poll(struct rt *rt)
{
    char key[64];

    rt->poll_again =
        rt->polls > 0; /* what is on its way may have been read before this was asked */
    if (rt->poll_again) return;
    rt->poll_failed = false;
    rt->polled_mono_ms = rt_mono_ms();
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        for (int s = 1; s < DS_SOURCE_COUNT; s++) {
            if (!(rt->service->upstreams & 1u << s)) continue;
            snprintf(key, sizeof key, "{p%03u}:%s:meta", p, ds_source_name((enum ds_source)s));
            const char *argv[] = {"HMGET", key, "epoch", "tail", "mark"};
            rt->lanes[p].inboxes[s].polled_position = rt->parts[p].up[s].position;
            if (rt_store_send(&rt->store, on_polled, rt, p << 8 | (uint32_t)s, 5, argv, NULL))
                rt->polls++;
        }
    if (rt->service->upstreams == 0) rt->step.polled = true;
}

static bool is_silent(const struct rt *rt)
{
    int64_t now_ms = rt_mono_ms();

    for (int s = 1; s < DS_SOURCE_COUNT; s++)
        if (rt->service->upstreams & 1u << s && now_ms - rt->bus.heard_mono_ms[s] > RT_SILENCE_MS)
            return true;
    return false;
}

void rt_inbox_catch_up(struct rt *rt)
{
    if (!rt->store_up) return;
    bool unknown = !rt->step.polled && rt->polls == 0;
    if ((unknown || (rt->clock.mode != RT_CLOCK_STEP && is_silent(rt))) &&
        rt_mono_ms() - rt->polled_mono_ms >= RT_HEARTBEAT_MS)
        rt_inbox_poll(rt);
    for (uint32_t p = 0; p < rt->n_lanes && rt->reads < RT_READS_MAX; p++)
        for (int s = 1; s < DS_SOURCE_COUNT && rt->reads < RT_READS_MAX; s++) {
            struct rt_inbox *inbox = &rt->lanes[p].inboxes[s];
            uint64_t position = rt->parts[p].up[s].position;
            if (!(rt->service->upstreams & 1u << s) || inbox->reading) continue;
            join(rt, inbox, position);
            if (inbox->ready.n < RT_INBOX_FRAMES / 2 &&
                last_of(&inbox->ready, position) < inbox->known_tail)
                read_from(rt, p, (enum ds_source)s);
        }
}
