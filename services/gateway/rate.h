/* SPDX-License-Identifier: MIT
 *
 * How often one user or key may ask: a bucket of tokens each, filled evenly. Whoever runs dry is
 * told when to come back, and holds up nobody else. */
#ifndef GATEWAY_RATE_H
#define GATEWAY_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/limits.h"

enum {
    RATE_USER_A_SECOND = 50, /* requests; pages and their files are not counted */
    RATE_USER_AT_ONCE = 300,
    RATE_KEY_A_SECOND = 5000, /* a program speaks for many */
    RATE_KEY_AT_ONCE = 10000,
    RATE_SLOTS = 4096, /* power of two; USERS_MAX and USERS_KEYS_MAX find room */
    RATE_PROBES = 16,
};

struct rate_bucket {
    char name[DS_ID_MAX + 1]; /* "": free */
    bool key;
    double tokens;
    int64_t at_mono_ms; /* when there were so many */
};

struct rates {
    struct rate_bucket buckets[RATE_SLOTS];
    uint64_t refused;
};

/* Takes a token; 0, or after so long there is one. */
int64_t rate_take(struct rates *rates, const char *name, bool key, int64_t now_mono_ms);

#endif
