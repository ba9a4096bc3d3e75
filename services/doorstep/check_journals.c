/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "doorstep/check.h"
#include "wire/batch.h"

enum { BATCHES_AT_ONCE = 256 };

/* What the batches of one journal have to keep up. */
struct thread {
    uint64_t last;
    uint64_t bno;
    uint64_t epoch;
    int64_t mark_ms;
    int64_t stamp_ms;
    uint64_t applied[DS_SOURCE_COUNT];
};

static void check_stamps(struct check *check, const char *name, uint32_t p, const Ds__Batch *batch,
                         struct thread *thread)
{
    for (size_t i = 0; i < batch->n_events; i++) {
        int64_t stamp_ms = batch->events[i]->received_at_ms;
        unsigned long long seq = batch->header->first_seq + i;
        if (stamp_ms < thread->stamp_ms) check_violated(check, VIOLATED_STAMP_ORDER, name, p, seq);
        if (stamp_ms <= thread->mark_ms) check_violated(check, VIOLATED_STAMP_MARK, name, p, seq);
        thread->stamp_ms = stamp_ms;
    }
    check->events += batch->n_events;
}

static void check_batch(struct check *check, enum ds_source source, uint32_t p,
                        const redisReply *entry, struct thread *thread)
{
    static struct ds_arena arena;
    const char *name = ds_source_name(source);
    const redisReply *fields = entry->element[1];
    const redisReply *bytes = fields->elements == 2 ? fields->element[1] : NULL;
    uint64_t id = strtoull(entry->element[0]->str, NULL, 10);
    enum ds_batch_fault fault = DS_BATCH_MALFORMED;
    Ds__Batch *batch = NULL;

    if (!arena.bytes) ds_arena_init(&arena, DS_BATCH_ARENA);
    if (bytes) fault = ds_batch_open((const uint8_t *)bytes->str, bytes->len, &arena, &batch);
    if (fault != DS_BATCH_FINE)
        return check_violated(check, VIOLATED_ENTRY, name, p, (unsigned long long)id,
                              check_say(check, ds_batch_fault_name(fault), SAID_BATCH_ZH));
    const Ds__BatchHeader *header = batch->header;
    if (header->first_seq != thread->last + 1 || header->first_seq + header->count - 1 != id)
        check_violated(check, VIOLATED_GAP, name, p, (unsigned long long)id,
                       (unsigned long long)thread->last);
    if (header->bno <= thread->bno)
        check_violated(check, VIOLATED_BNO, name, p, (unsigned long long)id);
    if (header->epoch < thread->epoch)
        check_violated(check, VIOLATED_FENCED, name, p, (unsigned long long)id);
    if (header->mark_ms < thread->mark_ms)
        check_violated(check, VIOLATED_MARK, name, p, (unsigned long long)id);
    for (size_t i = 0; i < header->n_applied; i++) {
        uint64_t *applied = &thread->applied[header->applied[i]->source % DS_SOURCE_COUNT];
        if (header->applied[i]->seq < *applied)
            check_violated(check, VIOLATED_POSITION, name, p, (unsigned long long)id);
        *applied = header->applied[i]->seq;
    }
    check_stamps(check, name, p, batch, thread);
    thread->last = id;
    thread->bno = header->bno;
    thread->epoch = header->epoch;
    thread->mark_ms = header->mark_ms;
}

static int walk(struct check *check, enum ds_source source, uint32_t p, struct thread *thread)
{
    for (;;) {
        redisReply *reply = redisCommand(check->redis, "XRANGE {p%03u}:%s:j %llu-0 + COUNT %d", p,
                                         ds_source_name(source),
                                         (unsigned long long)thread->last + 1, BATCHES_AT_ONCE);
        if (!reply || reply->type != REDIS_REPLY_ARRAY) {
            if (reply) freeReplyObject(reply);
            return cli_fail(check->cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
        }
        size_t n = reply->elements;
        for (size_t i = 0; i < n; i++)
            check_batch(check, source, p, reply->element[i], thread);
        freeReplyObject(reply);
        if (n < BATCHES_AT_ONCE) return EXIT_FINE;
    }
}

static void check_meta(struct check *check, enum ds_source source, uint32_t p,
                       const struct thread *thread)
{
    const char *name = ds_source_name(source);
    redisReply *meta = redisCommand(check->redis, "HGETALL {p%03u}:%s:meta", p, name);

    for (size_t i = 0; meta && i + 1 < meta->elements; i += 2) {
        const char *field = meta->element[i]->str, *value = meta->element[i + 1]->str;
        uint64_t number = strtoull(value, NULL, 10);
        if (strcmp(field, "tail") == 0) check->tails[source][p] = number;
        if (strcmp(field, "tail") == 0 && number != thread->last)
            check_violated(check, VIOLATED_TAIL, name, p, value, (unsigned long long)thread->last);
        if (strcmp(field, "epoch") == 0 && number < thread->epoch)
            check_violated(check, VIOLATED_EPOCH, name, p, value);
        if (strncmp(field, "ck:", 3) == 0)
            check->checkpoints[source][atoi(field + 3) % DS_SOURCE_COUNT][p] = number;
    }
    if (meta) freeReplyObject(meta);
}

int check_journals(struct check *check)
{
    for (int s = 1; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < check->partitions; p++) {
            struct thread thread = {.mark_ms = INT64_MIN};
            int code = walk(check, (enum ds_source)s, p, &thread);
            if (code != EXIT_FINE) return code;
            check_meta(check, (enum ds_source)s, p, &thread);
            check->journals++;
        }
    for (int reader = 1; reader < DS_SOURCE_COUNT; reader++)
        for (int up = 1; up < DS_SOURCE_COUNT; up++)
            for (uint32_t p = 0; p < check->partitions; p++)
                if (check->checkpoints[reader][up][p] > check->tails[up][p])
                    check_violated(check, VIOLATED_BEYOND, ds_source_name((enum ds_source)reader),
                                   p, (unsigned long long)check->checkpoints[reader][up][p],
                                   ds_source_name((enum ds_source)up),
                                   (unsigned long long)check->tails[up][p]);
    return EXIT_FINE;
}
