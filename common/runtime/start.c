/* SPDX-License-Identifier: MIT
 *
 * Between "Redis is there" and "this process is in charge": settings, functions, claim, load. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commit_lua.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"

enum { VERSIONS_AHEAD = 4 };

/* ---- the functions ---- */

static struct {
    char hash[9];
    char commit[32];
    char claim[32];
    char *library; /* source with names filled in */
} functions;

void rt_functions_init(void)
{
    unsigned char digest[16];
    const char *at = commit_lua;
    size_t cap = strlen(commit_lua) + 256, len;

    crypto_generichash(digest, sizeof digest, (const unsigned char *)commit_lua, strlen(commit_lua),
                       NULL, 0);
    sodium_bin2hex(functions.hash, sizeof functions.hash, digest, 4);
    snprintf(functions.commit, sizeof functions.commit, "ds_commit_%s", functions.hash);
    snprintf(functions.claim, sizeof functions.claim, "ds_claim_%s", functions.hash);
    functions.library = malloc(cap);
    if (!functions.library) abort();
    len = (size_t)snprintf(functions.library, cap, "#!lua name=doorstep_v1_%s\n", functions.hash);
    for (const char *mark; (mark = strstr(at, "_HASH")); at = mark + 5)
        len += (size_t)snprintf(functions.library + len, cap - len, "%.*s_%s", (int)(mark - at), at,
                                functions.hash);
    snprintf(functions.library + len, cap - len, "%s", at);
}

const char *rt_function(const char *name)
{
    return strcmp(name, "commit") == 0 ? functions.commit : functions.claim;
}

/* ---- settings ---- */

static bool is_not_ready(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_ERROR && rt_store_may_pass(reply->str);
}

/* Value of a CONFIG parameter: 0, or -1 when Redis is not ready. */
static int config_get(redisContext *redis, const char *name, char *value, size_t size)
{
    redisReply *reply = redisCommand(redis, "CONFIG GET %s", name);
    int status = -1;

    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2) {
        snprintf(value, size, "%s", reply->element[1]->str);
        status = 0;
    } else if (reply && !is_not_ready(reply)) {
        rt_die(69, "Redis does not tell its settings", "parameter=%s", name);
    }
    if (reply) freeReplyObject(reply);
    return status;
}

/* Acknowledged means durable only under exactly these settings. */
static int check_settings(redisContext *redis)
{
    static const struct {
        const char *name, *wanted;
    } settings[] = {
        {"appendonly", "yes"},
        {"appendfsync", "always"},
        {"no-appendfsync-on-rewrite", "no"},
        {"maxmemory-policy", "noeviction"},
        {"stop-writes-on-bgsave-error", "no"},
    };
    char value[64];

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (config_get(redis, settings[i].name, value, sizeof value) != 0) return -1;
        if (strcmp(value, settings[i].wanted) != 0)
            rt_die(69, "Redis is not set to keep what it acknowledges",
                   "parameter=%s value=%s wanted=%s", settings[i].name, value, settings[i].wanted);
    }
    return 0;
}

static int load_functions(redisContext *redis)
{
    redisReply *reply = redisCommand(redis, "FUNCTION LOAD REPLACE %s", functions.library);
    int status = -1;

    if (reply && reply->type == REDIS_REPLY_STRING)
        status = 0;
    else if (reply && !is_not_ready(reply))
        rt_die(70, "Redis refuses the commit function", "error=\"%s\"", reply->str);
    if (reply) freeReplyObject(reply);
    return status;
}

/* The partition count is fixed when the store is first used. */
static int check_partitions(struct rt *rt, redisContext *redis)
{
    redisReply *set = redisCommand(redis, "SET doorstep:partitions %u NX", rt->n_lanes);
    if (set) freeReplyObject(set);
    redisReply *reply = redisCommand(redis, "GET doorstep:partitions");
    int status = -1;

    if (reply && reply->type == REDIS_REPLY_STRING) {
        if ((uint32_t)atoi(reply->str) != rt->n_lanes)
            rt_die(64, "the store has another number of partitions", "store=%s configured=%u",
                   reply->str, rt->n_lanes);
        status = 0;
    }
    if (reply) freeReplyObject(reply);
    return status;
}

/* The clock of an installation stands in one key that every process reads. */
static int read_clock(struct rt *rt, redisContext *redis)
{
    redisReply *reply = redisCommand(redis, "HMGET doorstep:clock mode factor real_ms rule_ms");
    struct rt_clock *clock = &rt->clock;
    int status = -1;

    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 4) {
        const char *mode = reply->element[0]->str;
        clock->mode = !mode                       ? RT_CLOCK_REAL
                      : strcmp(mode, "step") == 0 ? RT_CLOCK_STEP
                      : strcmp(mode, "fast") == 0 ? RT_CLOCK_FAST
                                                  : RT_CLOCK_REAL;
        if (clock->mode == RT_CLOCK_FAST) {
            clock->factor = atoll(reply->element[1]->str);
            clock->anchor_real_ms = atoll(reply->element[2]->str);
            clock->anchor_rule_ms = atoll(reply->element[3]->str);
        }
        if (clock->mode == RT_CLOCK_STEP && reply->element[3]->str)
            rt_clock_step(clock, atoll(reply->element[3]->str));
        status = 0;
    }
    if (reply) freeReplyObject(reply);
    return status;
}

int rt_store_check(struct rt *rt, redisContext *redis)
{
    if (check_settings(redis) != 0 || load_functions(redis) != 0) return -1;
    return check_partitions(rt, redis) == 0 && read_clock(rt, redis) == 0 ? 0 : -1;
}

/* ---- claim ---- */

static const char *field(const redisReply *meta, const char *name)
{
    for (size_t i = 0; i + 1 < meta->elements; i += 2)
        if (strcmp(meta->element[i]->str, name) == 0) return meta->element[i + 1]->str;
    return "0";
}

static void take_meta(struct rt *rt, uint32_t p, const redisReply *meta)
{
    struct ds_part *part = &rt->parts[p];
    struct rt_lane *lane = &rt->lanes[p];
    char name[16];

    part->epoch = strtoull(field(meta, "epoch"), NULL, 10);
    part->bno = lane->committed_bno = strtoull(field(meta, "bno"), NULL, 10);
    part->tail = lane->committed_tail = strtoull(field(meta, "tail"), NULL, 10);
    part->mark_ms = lane->committed_mark_ms = atoll(field(meta, "mark"));
    part->last_stamp_ms = atoll(field(meta, "stamp"));
    part->rulebook = (uint32_t)atoi(field(meta, "rulebook"));
    for (int s = 0; s < DS_SOURCE_COUNT; s++) {
        snprintf(name, sizeof name, "ck:%d", s);
        part->up[s].position = strtoull(field(meta, name), NULL, 10);
        snprintf(name, sizeof name, "mk:%d", s);
        part->up[s].mark_ms = atoll(field(meta, name));
    }
}

/* The journal's last id must be the tail that meta tells: a commit is all or nothing. */
static bool check_tail(struct rt *rt, redisContext *redis, uint32_t p)
{
    redisReply *reply =
        redisCommand(redis, "XREVRANGE {p%03u}:%s:j + - COUNT 1", p, rt->service->name);
    uint64_t last = 0;

    if (!reply || reply->type != REDIS_REPLY_ARRAY) {
        if (reply) freeReplyObject(reply);
        return false;
    }
    if (reply->elements == 1) last = strtoull(reply->element[0]->element[0]->str, NULL, 10);
    freeReplyObject(reply);
    if (last != rt->parts[p].tail)
        rt_die(70, "torn commit: journal and tail disagree", "part=%u journal=%llu tail=%llu", p,
               (unsigned long long)last, (unsigned long long)rt->parts[p].tail);
    return true;
}

static bool claim(struct rt *rt, redisContext *redis, uint32_t p)
{
    redisReply *reply =
        redisCommand(redis, "FCALL %s 1 {p%03u}:%s:meta", functions.claim, p, rt->service->name);

    if (!reply || reply->type != REDIS_REPLY_ARRAY) {
        if (reply && !is_not_ready(reply) && reply->type == REDIS_REPLY_ERROR)
            rt_die(70, "cannot claim a partition", "part=%u error=\"%s\"", p, reply->str);
        if (reply) freeReplyObject(reply);
        return false;
    }
    take_meta(rt, p, reply);
    freeReplyObject(reply);
    return check_tail(rt, redis, p);
}

/* ---- state ---- */

struct score {
    const char *key;
    int64_t due_ms;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct score *)a)->key, ((const struct score *)b)->key);
}

static int64_t score_of(const struct score *scores, size_t n, const char *key)
{
    struct score wanted = {key, 0};
    const struct score *found = bsearch(&wanted, scores, n, sizeof scores[0], by_key);

    return found ? found->due_ms : DS_NO_DUE;
}

static void load_entities(struct rt *rt, uint32_t p, const redisReply *state, const redisReply *due)
{
    size_t n = due->elements / 2;
    struct score *scores = calloc(n + 1, sizeof *scores);

    if (!scores) abort();
    for (size_t i = 0; i < n; i++)
        scores[i] = (struct score){due->element[2 * i]->str, atoll(due->element[2 * i + 1]->str)};
    qsort(scores, n, sizeof scores[0], by_key);
    for (size_t i = 0; i + 1 < state->elements; i += 2) {
        const redisReply *key = state->element[i], *value = state->element[i + 1];
        const char *fault = ds_part_load(&rt->parts[p], key->str, (const uint8_t *)value->str,
                                         value->len, score_of(scores, n, key->str));
        if (fault)
            rt_die(70, "a stored entity is corrupt", "part=%u entity=%s fault=\"%s\"", p, key->str,
                   fault);
    }
    for (size_t i = 0; i < n; i++)
        if (!ds_part_has(&rt->parts[p], scores[i].key))
            rt_die(70, "state and due disagree", "part=%u entity=%s fault=\"due, but not there\"",
                   p, scores[i].key);
    free(scores);
}

static void ask_state(const struct rt *rt, redisContext *redis, uint32_t p)
{
    const char *name = rt->service->name;

    redisAppendCommand(redis, "HGETALL {p%03u}:%s:state", p, name);
    redisAppendCommand(redis, "ZRANGE {p%03u}:%s:due 0 -1 WITHSCORES", p, name);
}

static redisReply *next_answer(redisContext *redis)
{
    void *reply = NULL;

    return redisGetReply(redis, &reply) == REDIS_OK ? reply : NULL;
}

/* The next partition is asked for before this one is read: the store works meanwhile. */
static bool load_state(struct rt *rt, redisContext *redis, uint32_t p)
{
    if (p == 0) ask_state(rt, redis, p);
    if (p + 1 < rt->n_lanes) ask_state(rt, redis, p + 1);
    redisReply *state = next_answer(redis);
    redisReply *due = state ? next_answer(redis) : NULL;
    bool good = state && due && state->type == REDIS_REPLY_ARRAY && due->type == REDIS_REPLY_ARRAY;

    if (good) load_entities(rt, p, state, due);
    if (state) freeReplyObject(state);
    if (due) freeReplyObject(due);
    return good;
}

/* ---- receipts ---- */

static void take_receipts(struct rt *rt, uint32_t p, uint32_t hour, const redisReply *reply)
{
    for (size_t at = 0; at + DS_RECEIPT_RECORD <= reply->len; at += DS_RECEIPT_RECORD) {
        struct ds_receipt_row row = {.hour = hour, .partition = p};
        ds_receipts_read(&row, (const uint8_t *)reply->str + at);
        if (!ds_receipts_add(&rt->door.receipts, &row))
            rt_die(64, "more receipts are stored than receipts_max allows", "receipts_max=%u",
                   rt->door.receipts.max);
    }
}

static bool load_receipts(struct rt *rt, redisContext *redis, uint32_t p)
{
    enum { HOURS = DS_RECEIPT_HOURS + 3 };
    uint32_t first = (uint32_t)(rt->parts[p].mark_ms / DS_HOUR_MS) - DS_RECEIPT_HOURS;
    char keys[HOURS][48];
    const char *argv[1 + HOURS] = {"MGET"};
    size_t n = 0;

    for (uint32_t i = 0; i < HOURS; i++) {
        snprintf(keys[i], sizeof keys[i], "{p%03u}:intake:rcpt:%u", p, first + i);
        argv[1 + i] = keys[i];
    }
    redisReply *reply = redisCommandArgv(redis, 1 + HOURS, argv, NULL);
    bool good = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == HOURS;
    for (uint32_t i = 0; good && i < HOURS; i++)
        n += reply->element[i]->len / DS_RECEIPT_RECORD;
    ds_receipts_reserve(&rt->door.receipts, n);
    for (uint32_t i = 0; good && i < HOURS; i++)
        if (reply->element[i]->type == REDIS_REPLY_STRING)
            take_receipts(rt, p, first + i, reply->element[i]);
    if (reply) freeReplyObject(reply);
    return good;
}

/* The rules in force and those before them, which live tickets still go by; older ones are fetched
 * when they are met. */
static void fetch_versions(struct rt *rt)
{
    uint32_t number = 0;

    for (uint32_t p = 0; p < rt->n_lanes; p++)
        if (rt->parts[p].rulebook > number) number = rt->parts[p].rulebook;
    for (uint32_t i = 0; i < VERSIONS_AHEAD && number > 0; i++, number--)
        rt_version(&rt->versions, number);
}

bool rt_load(struct rt *rt, redisContext *redis)
{
    int64_t last_mark_ms = 0;

    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        if (!claim(rt, redis, p)) return false;
        if (rt->service->take && !load_receipts(rt, redis, p)) return false;
        if (rt->parts[p].mark_ms > last_mark_ms) last_mark_ms = rt->parts[p].mark_ms;
        /* at the instant of the last stamp there may be more to say: what a step leads to elsewhere
         */
        if (rt->parts[p].last_stamp_ms - 1 > last_mark_ms)
            last_mark_ms = rt->parts[p].last_stamp_ms - 1;
    }
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        if (!load_state(rt, redis, p)) return false;
    fetch_versions(rt);
    rt_clock_start(&rt->clock, rt_clock_read(), last_mark_ms);
    return true;
}

/* A Redis that came back must still hold what it acknowledged, and nobody else may have taken over.
 */
int rt_recheck(struct rt *rt, redisContext *redis)
{
    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        redisReply *reply =
            redisCommand(redis, "HMGET {p%03u}:%s:meta epoch tail", p, rt->service->name);
        if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
            if (reply) freeReplyObject(reply);
            return -1;
        }
        const char *epoch = reply->element[0]->str, *tail = reply->element[1]->str;
        if (!tail || strtoull(tail, NULL, 10) < rt->lanes[p].committed_tail)
            rt_die(70, "Redis has lost what it acknowledged", "part=%u tail=%s acknowledged=%llu",
                   p, tail ? tail : "none", (unsigned long long)rt->lanes[p].committed_tail);
        if (!epoch || strtoull(epoch, NULL, 10) != rt->parts[p].epoch)
            rt_die(70, "fenced: another instance is in charge", "part=%u epoch=%s", p,
                   epoch ? epoch : "none");
        freeReplyObject(reply);
    }
    return 0;
}
