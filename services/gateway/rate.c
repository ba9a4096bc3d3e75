/* SPDX-License-Identifier: MIT */
#include "gateway/rate.h"

#include <string.h>

#include "domain/ids.h"

/* The caller's bucket; if all near it are taken, the one that was used longest ago, which is full
 * again by then. */
static struct rate_bucket *bucket_of(struct rates *rates, const char *name, bool key,
                                     int64_t now_mono_ms)
{
    uint32_t hash = key ? 2166136261u : 84696351u;
    struct rate_bucket *oldest = NULL;

    for (const char *at = name; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    for (uint32_t i = 0; i < RATE_PROBES; i++) {
        struct rate_bucket *bucket = &rates->buckets[(hash + i) & (RATE_SLOTS - 1)];
        if (bucket->key == key && strcmp(bucket->name, name) == 0) return bucket;
        if (!oldest || bucket->at_mono_ms < oldest->at_mono_ms) oldest = bucket;
    }
    *oldest = (struct rate_bucket){.key = key,
                                   .tokens = key ? RATE_KEY_AT_ONCE : RATE_USER_AT_ONCE,
                                   .at_mono_ms = now_mono_ms};
    ds_copy(oldest->name, sizeof oldest->name, name);
    return oldest;
}

int64_t rate_take(struct rates *rates, const char *name, bool key, int64_t now_mono_ms)
{
    struct rate_bucket *bucket = bucket_of(rates, name, key, now_mono_ms);
    double a_second = key ? RATE_KEY_A_SECOND : RATE_USER_A_SECOND;
    double at_once = key ? RATE_KEY_AT_ONCE : RATE_USER_AT_ONCE;

    bucket->tokens += (double)(now_mono_ms - bucket->at_mono_ms) * a_second / 1000.;
    if (bucket->tokens > at_once) bucket->tokens = at_once;
    bucket->at_mono_ms = now_mono_ms;
    if (bucket->tokens < 1.) {
        rates->refused++;
        return 1 + (int64_t)((1. - bucket->tokens) * 1000. / a_second);
    }
    bucket->tokens -= 1.;
    return 0;
}
