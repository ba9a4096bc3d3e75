/* SPDX-License-Identifier: MIT */
#include "doorstep/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "wire/batch.h"

static const enum ds_source owners[] = {DS_DISPATCHER, DS_SURVEY, DS_WATCHER, DS_LEDGER};
enum { OWNERS = sizeof owners / sizeof owners[0] };

static void read_tail(struct outcomes *outcomes, enum ds_source owner, uint32_t partition)
{
    redisReply *tail = NULL;

    if (redisGetReply(outcomes->redis, (void **)&tail) != REDIS_OK) return;
    if (tail->type == REDIS_REPLY_STRING)
        outcomes->seen[owner][partition] = strtoull(tail->str, NULL, 10);
    freeReplyObject(tail);
}

int outcomes_open(struct cli *cli, const struct rt_conf *conf, struct outcomes *outcomes)
{
    outcomes->cli = cli;
    outcomes->redis = store_open(cli, conf);
    if (!outcomes->redis) return EXIT_UNAVAILABLE;
    for (size_t o = 0; o < OWNERS; o++)
        for (uint32_t p = 0; p < (uint32_t)conf->partitions; p++)
            redisAppendCommand(outcomes->redis, "HGET {p%03u}:%s:meta tail", p,
                               ds_source_name(owners[o]));
    for (size_t o = 0; o < OWNERS; o++)
        for (uint32_t p = 0; p < (uint32_t)conf->partitions; p++)
            read_tail(outcomes, owners[o], p);
    return outcomes->redis->err ? cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT) : EXIT_FINE;
}

void outcomes_close(struct outcomes *outcomes)
{
    if (outcomes->redis) redisFree(outcomes->redis);
    archive_finish(&outcomes->archive);
    ds_arena_finish(&outcomes->arena);
}

static bool is_outcome(void *self, const struct record *record)
{
    (void)self;
    return record->msg->body_case == DS__EVENT__BODY_OUTCOME;
}

static bool is_outcome_of(const Ds__Event *msg, uint64_t seq)
{
    return msg->body_case == DS__EVENT__BODY_OUTCOME && msg->cause &&
           msg->cause->source == DS__SOURCE__NAME__INTAKE && msg->cause->seq == seq;
}

static bool is_the_outcome(void *self, const struct record *record)
{
    return is_outcome_of(record->msg, *(const uint64_t *)self);
}

int outcomes_read(struct outcomes *outcomes, enum ds_source owner, uint32_t partition)
{
    uint64_t *seen = &outcomes->seen[owner][partition];

    outcomes->archive.wanted = is_outcome;
    return store_journal(outcomes->cli, outcomes->redis, owner, partition, *seen,
                         &outcomes->archive, seen);
}

static uint64_t tail_of(struct outcomes *outcomes, enum ds_source owner, uint32_t partition)
{
    redisReply *reply = redisCommand(outcomes->redis, "HGET {p%03u}:%s:meta tail", partition,
                                     ds_source_name(owner));
    uint64_t tail = reply && reply->type == REDIS_REPLY_STRING ? strtoull(reply->str, NULL, 10) : 0;

    if (reply) freeReplyObject(reply);
    return tail;
}

/* The journal's first batch that ends at `at` or behind it; NULL with a message if it is not there
 * or no good. freeReplyObject it; the bytes are in *ret_bytes. */
static redisReply *batch_at(struct outcomes *outcomes, enum ds_source owner, uint32_t partition,
                            uint64_t at, const redisReply **ret_bytes, struct ds_batch_peek *ret)
{
    redisReply *reply = redisCommand(outcomes->redis, "XRANGE {p%03u}:%s:j %llu-0 + COUNT 1",
                                     partition, ds_source_name(owner), (unsigned long long)at);
    bool one = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 1;
    const redisReply *fields = one ? reply->element[0]->element[1] : NULL;

    if (!outcomes->arena.bytes) ds_arena_init(&outcomes->arena, DS_BATCH_ARENA);
    *ret_bytes = fields && fields->elements == 2 ? fields->element[1] : NULL;
    if (*ret_bytes && ds_batch_peek((const uint8_t *)(*ret_bytes)->str, (*ret_bytes)->len,
                                    &outcomes->arena, ret) == DS_BATCH_FINE)
        return reply;
    cli_fail(outcomes->cli, 0, SAID_NO_BATCH, ds_source_name(owner), partition,
             (unsigned long long)at);
    if (reply) freeReplyObject(reply);
    return NULL;
}

int outcomes_read_at(struct outcomes *outcomes, enum ds_source owner, uint32_t partition,
                     uint64_t seq)
{
    /* what was applied only rises: the first batch that has applied the event decided about it */
    uint64_t low = 1, tail = tail_of(outcomes, owner, partition), high = tail + 1;
    const redisReply *bytes;
    struct ds_batch_peek peek;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        redisReply *reply = batch_at(outcomes, owner, partition, middle, &bytes, &peek);
        if (!reply) return EXIT_UNAVAILABLE;
        freeReplyObject(reply);
        if (peek.applied[DS_INTAKE] >= seq)
            high = middle;
        else
            low = peek.last + 1;
    }
    if (low > tail) return EXIT_FINE; /* not decided yet */
    redisReply *reply = batch_at(outcomes, owner, partition, low, &bytes, &peek);
    if (!reply) return EXIT_UNAVAILABLE;
    outcomes->archive.wanted = is_the_outcome;
    outcomes->archive.self = &seq;
    archive_add_batch(&outcomes->archive, (const uint8_t *)bytes->str, bytes->len);
    outcomes->archive.wanted = NULL;
    outcomes->archive.self = NULL;
    freeReplyObject(reply);
    return EXIT_FINE;
}

const Ds__Event *outcomes_find(const struct outcomes *outcomes, uint32_t partition, uint64_t seq)
{
    for (size_t i = 0; i < outcomes->archive.n; i++) {
        const struct record *record = &outcomes->archive.records[i];
        if (record->partition == partition && is_outcome_of(record->msg, seq)) return record->msg;
    }
    return NULL;
}

void outcomes_forget(struct outcomes *outcomes)
{
    archive_finish(&outcomes->archive);
    outcomes->archive = (struct archive){0};
}
