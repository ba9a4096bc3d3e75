/* SPDX-License-Identifier: MIT */
#include "doorstep/store_read.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rulebook/rulebook.h"
#include "runtime/clock.h"
#include "runtime/store.h"
#include "wire/batch.h"

enum { BATCHES_AT_ONCE = 256, READ_TIMEOUT_MS = 10000, LOOK_MS = 50 };

/* One that was started a moment ago knows nothing yet, and says so. */
static bool is_loading(redisContext *redis)
{
    redisReply *pong = redisCommand(redis, "PING");
    bool loading = pong && pong->type == REDIS_REPLY_ERROR && strncmp(pong->str, "LOADING", 7) == 0;

    if (pong) freeReplyObject(pong);
    return loading;
}

redisContext *store_open(struct cli *cli, const struct rt_conf *conf)
{
    int64_t until_ms = rt_mono_ms() + READ_TIMEOUT_MS;
    struct timespec pause = {0, LOOK_MS * 1000000};
    redisContext *redis = rt_store_open(conf->redis_socket, READ_TIMEOUT_MS);

    if (!redis) cli_fail(cli, EXIT_UNAVAILABLE, SAID_NO_REDIS, conf->redis_socket);
    while (redis && is_loading(redis)) {
        if (rt_mono_ms() > until_ms) {
            cli_fail(cli, EXIT_UNAVAILABLE, SAID_LOADING, conf->redis_socket);
            redisFree(redis);
            return NULL;
        }
        nanosleep(&pause, NULL);
    }
    return redis;
}

static int lost(struct cli *cli, redisReply *reply)
{
    if (reply && reply->type == REDIS_REPLY_ERROR)
        cli_fail(cli, 0, SAID_REDIS, reply->str);
    else
        cli_fail(cli, 0, SAID_REDIS_WENT);
    if (reply) freeReplyObject(reply);
    return EXIT_UNAVAILABLE;
}

/* As far as any partition has got: idle ones stay behind. */
static bool stepped_now_ms(redisContext *redis, int64_t *now_ms)
{
    redisReply *partitions = redisCommand(redis, "GET doorstep:partitions");
    bool known = partitions && partitions->type == REDIS_REPLY_STRING;
    int n = known ? atoi(partitions->str) : 0;

    if (partitions && partitions->type == REDIS_REPLY_NIL) known = true; /* nobody was here yet */
    for (int p = 0; p < n && known; p++) {
        redisReply *mark = redisCommand(redis, "HGET {p%03d}:intake:meta mark", p);
        known = mark && (mark->type == REDIS_REPLY_STRING || mark->type == REDIS_REPLY_NIL);
        if (known && mark->type == REDIS_REPLY_STRING && atoll(mark->str) + 1 > *now_ms)
            *now_ms = atoll(mark->str) + 1;
        if (mark) freeReplyObject(mark);
    }
    if (partitions) freeReplyObject(partitions);
    return known;
}

bool store_now_ms(redisContext *redis, int64_t *ret_ms)
{
    redisReply *reply = redisCommand(redis, "HMGET doorstep:clock mode factor real_ms rule_ms");
    bool known = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 4;
    const char *words[4] = {0};

    for (size_t i = 0; known && i < 4; i++)
        words[i] = reply->element[i]->str;
    *ret_ms = rt_clock_read().wall_ms; /* no such key: the clock is the real one */
    if (words[0] && words[3] && strcmp(words[0], "step") == 0) {
        *ret_ms = atoll(words[3]);
        known = stepped_now_ms(redis, ret_ms);
    } else if (words[0] && words[1] && words[2] && words[3] && strcmp(words[0], "fast") == 0) {
        *ret_ms = atoll(words[3]) + (*ret_ms - atoll(words[2])) * atoll(words[1]);
    }
    if (reply) freeReplyObject(reply);
    return known;
}

/* ---- versions ---- */

static int read_version(struct cli *cli, redisContext *redis, uint32_t number, const char *hash,
                        store_version take, void *self)
{
    redisReply *bytes = redisCommand(redis, "GET doorstep:version:%s", hash);

    if (!bytes || bytes->type != REDIS_REPLY_STRING) return lost(cli, bytes);
    bool taken = take(self, number, (const uint8_t *)bytes->str, bytes->len);
    freeReplyObject(bytes);
    return taken ? EXIT_FINE : cli_fail(cli, EXIT_INTERNAL, SAID_VERSION_STORED, number);
}

int store_each_version(struct cli *cli, redisContext *redis, store_version take, void *self)
{
    redisReply *all = redisCommand(redis, "HGETALL doorstep:versions");
    int code = EXIT_FINE;

    if (!all || all->type != REDIS_REPLY_ARRAY) return lost(cli, all);
    for (size_t i = 0; i + 1 < all->elements && code == EXIT_FINE; i += 2) {
        unsigned long number = strtoul(all->element[i]->str, NULL, 10);
        if (number == 0 || number >= DS_VERSIONS_MAX) continue;
        code = read_version(cli, redis, (uint32_t)number, all->element[i + 1]->str, take, self);
    }
    freeReplyObject(all);
    return code;
}

struct compiling {
    struct archive *archive;
    uint32_t partitions;
};

static bool compile(void *self, uint32_t number, const uint8_t *bytes, size_t len)
{
    static struct ds_problems problems; /* large */
    const struct compiling *compiling = self;

    problems = (struct ds_problems){0};
    compiling->archive->versions[number] =
        ds_version_compile(bytes, len, number, compiling->partitions, &problems);
    return compiling->archive->versions[number] != NULL;
}

int store_versions(struct cli *cli, redisContext *redis, uint32_t partitions,
                   struct archive *archive)
{
    struct compiling compiling = {archive, partitions};
    redisReply *number = redisCommand(redis, "HGET {p000}:intake:meta rulebook");

    if (!number || number->type == REDIS_REPLY_ERROR) return lost(cli, number);
    if (number->type == REDIS_REPLY_STRING)
        archive->in_force = (uint32_t)strtoul(number->str, NULL, 10);
    freeReplyObject(number);
    return store_each_version(cli, redis, compile, &compiling);
}

/* ---- journals ---- */

/* Gives the batches of one XRANGE reply; *ret_last = its last event. */
static int give_batches(struct cli *cli, enum ds_source source, uint32_t partition,
                        const redisReply *reply, store_batch take, void *self, uint64_t *ret_last)
{
    for (size_t i = 0; i < reply->elements; i++) {
        const redisReply *fields = reply->element[i]->element[1];
        const redisReply *bytes = fields->elements == 2 ? fields->element[1] : NULL;
        if (!bytes || take(self, (const uint8_t *)bytes->str, bytes->len) != 0)
            return cli_fail(cli, EXIT_REJECTED, SAID_CORRUPT, ds_source_name(source), partition,
                            reply->element[i]->element[0]->str);
        *ret_last = strtoull(reply->element[i]->element[0]->str, NULL, 10);
    }
    return EXIT_FINE;
}

int store_batches(struct cli *cli, redisContext *redis, enum ds_source source, uint32_t partition,
                  store_batch take, void *self, uint64_t *at)
{
    for (;;) {
        redisReply *reply =
            redisCommand(redis, "XRANGE {p%03u}:%s:j %llu-0 + COUNT %d", partition,
                         ds_source_name(source), (unsigned long long)*at + 1, BATCHES_AT_ONCE);
        if (!reply || reply->type != REDIS_REPLY_ARRAY) return lost(cli, reply);
        size_t n = reply->elements;
        int code = give_batches(cli, source, partition, reply, take, self, at);
        freeReplyObject(reply);
        if (code != EXIT_FINE || n < BATCHES_AT_ONCE) return code;
    }
}

static int add_batch(void *self, const uint8_t *bytes, size_t len)
{
    return archive_add_batch(self, bytes, len);
}

int store_journal(struct cli *cli, redisContext *redis, enum ds_source source, uint32_t partition,
                  uint64_t after, struct archive *archive, uint64_t *ret_last)
{
    *ret_last = after;
    return store_batches(cli, redis, source, partition, add_batch, archive, ret_last);
}

bool store_place(redisContext *redis, enum ds_source source, uint32_t partition, uint64_t *ret_tail,
                 int64_t *ret_mark_ms, uint64_t ret_applied[DS_SOURCE_COUNT])
{
    static_assert(DS_SOURCE_COUNT == 6, "five services in the command below");
    redisReply *meta = redisCommand(redis, "HMGET {p%03u}:%s:meta tail mark ck:1 ck:2 ck:3 ck:4",
                                    partition, ds_source_name(source));
    bool known = meta && meta->type == REDIS_REPLY_ARRAY && meta->elements == 6;

    memset(ret_applied, 0, DS_SOURCE_COUNT * sizeof ret_applied[0]);
    for (size_t i = 0; known && i < meta->elements; i++) {
        const char *text = meta->element[i]->str ? meta->element[i]->str : "0";
        if (i == 0) *ret_tail = strtoull(text, NULL, 10);
        if (i == 1) *ret_mark_ms = atoll(text);
        if (i > 1) ret_applied[i - 1] = strtoull(text, NULL, 10);
    }
    if (meta) freeReplyObject(meta);
    return known;
}

int store_archive(struct cli *cli, redisContext *redis, uint32_t partitions, uint32_t partition,
                  uint32_t sources, struct archive *archive)
{
    uint64_t last;

    for (uint32_t p = 0; p < partitions; p++) {
        if (partition != UINT32_MAX && p != partition) continue;
        for (int s = 1; s < DS_SOURCE_COUNT; s++) {
            if (!(sources & 1u << s)) continue;
            int code = store_journal(cli, redis, (enum ds_source)s, p, 0, archive, &last);
            if (code != EXIT_FINE) return code;
        }
    }
    archive_sort(archive);
    return EXIT_FINE;
}

int store_read(struct cli *cli, uint32_t partition, uint32_t sources, struct archive *archive)
{
    struct rt_conf conf;
    int code = cli_conf(cli, &conf);

    if (code != EXIT_FINE) return code;
    redisContext *redis = store_open(cli, &conf);
    if (!redis) return EXIT_UNAVAILABLE;
    uint32_t partitions = (uint32_t)conf.partitions;
    code = store_versions(cli, redis, partitions, archive);
    if (code == EXIT_FINE)
        code = store_archive(cli, redis, partitions, partition, sources, archive);
    redisFree(redis);
    return code;
}
