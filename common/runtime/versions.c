/* SPDX-License-Identifier: MIT */
#include "runtime/versions.h"

#include <string.h>

#include "domain/assert.h"
#include "rulebook/rulebook.h"
#include "runtime/rt_priv.h"

static struct ds_version *fetch(const struct rt_versions *versions, redisContext *redis,
                                uint32_t number)
{
    static struct ds_problems problems; /* large */
    struct ds_version *version = NULL;
    redisReply *hash = redisCommand(redis, "HGET doorstep:versions %u", number);

    if (hash && hash->type == REDIS_REPLY_STRING) {
        redisReply *bytes = redisCommand(redis, "GET doorstep:version:%s", hash->str);
        if (bytes && bytes->type == REDIS_REPLY_STRING) {
            problems = (struct ds_problems){0};
            version = ds_version_compile((const uint8_t *)bytes->str, bytes->len, number,
                                         versions->partitions, &problems);
        }
        if (bytes) freeReplyObject(bytes);
    }
    if (hash) freeReplyObject(hash);
    return version;
}

const struct ds_version *rt_version_if_there(struct rt_versions *versions, uint32_t number)
{
    DS_ASSERT(number > 0 && number < DS_VERSIONS_MAX);

    if (versions->list[number]) return versions->list[number];
    redisContext *redis = rt_store_open(versions->redis_path, versions->timeout_ms);
    if (redis) {
        versions->list[number] = fetch(versions, redis, number);
        redisFree(redis);
    }
    return versions->list[number];
}

const struct ds_version *rt_version(void *self, uint32_t number)
{
    const struct ds_version *version = rt_version_if_there(self, number);

    if (!version) rt_die(69, "a rulebook version cannot be had", "rulebook=%u", number);
    return version;
}

int rt_version_store(struct rt_versions *versions, uint32_t number, const char *hash,
                     const uint8_t *bytes, size_t len)
{
    redisContext *redis = rt_store_open(versions->redis_path, versions->timeout_ms);
    int status = -1;

    if (!redis) return -1;
    redisReply *set = redisCommand(redis, "SET doorstep:version:%s %b", hash, bytes, len);
    if (set && set->type == REDIS_REPLY_STATUS) {
        redisReply *number_set = redisCommand(redis, "HSET doorstep:versions %u %s", number, hash);
        if (number_set && number_set->type == REDIS_REPLY_INTEGER) status = 0;
        if (number_set) freeReplyObject(number_set);
    }
    if (set) freeReplyObject(set);
    redisFree(redis);
    return status;
}

void rt_versions_finish(struct rt_versions *versions)
{
    for (uint32_t i = 0; i < DS_VERSIONS_MAX; i++)
        ds_version_destroy(versions->list[i]);
    memset(versions->list, 0, sizeof versions->list);
}
