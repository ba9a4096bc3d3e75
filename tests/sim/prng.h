/* SPDX-License-Identifier: MIT
 *
 * splitmix64: one seed, one history, on every machine. */
#ifndef SIM_PRNG_H
#define SIM_PRNG_H

#include <stdbool.h>
#include <stdint.h>

struct prng {
    uint64_t state;
};

static inline uint64_t prng_next(struct prng *prng)
{
    uint64_t z = (prng->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 .. n - 1 */
static inline uint64_t prng_below(struct prng *prng, uint64_t n)
{
    return prng_next(prng) % n;
}

static inline int64_t prng_between(struct prng *prng, int64_t from, int64_t to)
{
    return from + (int64_t)prng_below(prng, (uint64_t)(to - from + 1));
}

/* True in `percent` of 100 cases. */
static inline bool prng_chance(struct prng *prng, unsigned percent)
{
    return prng_below(prng, 100) < percent;
}

#endif
