/* SPDX-License-Identifier: MIT */
#include "runtime/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t rt_mono_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

struct rt_reading rt_clock_read(void)
{
    return (struct rt_reading){read_ms(CLOCK_MONOTONIC), read_ms(CLOCK_REALTIME)};
}

/* Brings the believed offset towards the wall's by at most 1 % of the time that has passed. */
static int64_t real_ms(struct rt_clock *clock, struct rt_reading reading)
{
    int64_t passed_ms = reading.mono_ms - clock->slewed_mono_ms;
    int64_t away_ms = reading.wall_ms - (reading.mono_ms + clock->offset_ms);
    int64_t most_ms = passed_ms / 100;

    int64_t jump_ms = away_ms - clock->excused_ms;

    clock->alarm = jump_ms > RT_CLOCK_JUMP_MS || jump_ms < -RT_CLOCK_JUMP_MS;
    if (clock->alarm) {
        clock->slewed_mono_ms = reading.mono_ms; /* no correction is saved up meanwhile */
    } else {
        bool far = away_ms > RT_CLOCK_JUMP_MS || away_ms < -RT_CLOCK_JUMP_MS;
        clock->excused_ms = far ? away_ms : 0; /* shrinks as the wall is caught up with */
    }
    if (!clock->alarm && most_ms > 0) {
        if (away_ms > most_ms) away_ms = most_ms;
        if (away_ms < -most_ms) away_ms = -most_ms;
        clock->offset_ms += away_ms;
        clock->slewed_mono_ms = reading.mono_ms;
    }
    return reading.mono_ms + clock->offset_ms;
}

void rt_clock_start(struct rt_clock *clock, struct rt_reading reading, int64_t not_before_ms)
{
    clock->offset_ms = reading.wall_ms - reading.mono_ms;
    clock->slewed_mono_ms = reading.mono_ms;
    clock->now_ms = not_before_ms + 1;
    clock->alarm = false;
    clock->excused_ms = 0;
    if (clock->mode == RT_CLOCK_REAL && reading.wall_ms <= not_before_ms)
        clock->offset_ms = not_before_ms + 1 - reading.mono_ms;
}

int64_t rt_clock_now(struct rt_clock *clock, struct rt_reading reading)
{
    int64_t now_ms = clock->now_ms;

    switch (clock->mode) {
    case RT_CLOCK_REAL: now_ms = real_ms(clock, reading); break;
    case RT_CLOCK_FAST:
        now_ms = clock->anchor_rule_ms + (reading.wall_ms - clock->anchor_real_ms) * clock->factor;
        break;
    case RT_CLOCK_STEP: break;
    }
    if (now_ms > clock->now_ms) clock->now_ms = now_ms;
    return clock->now_ms;
}

void rt_clock_accept(struct rt_clock *clock, struct rt_reading reading)
{
    int64_t offset_ms = reading.wall_ms - reading.mono_ms;

    /* never back: a wall behind us is waited for, frozen time is worse than slow time */
    if (reading.mono_ms + offset_ms > clock->now_ms)
        clock->offset_ms = offset_ms;
    else
        clock->offset_ms = clock->now_ms - reading.mono_ms;
    clock->excused_ms = reading.wall_ms - (reading.mono_ms + clock->offset_ms);
    clock->slewed_mono_ms = reading.mono_ms;
    clock->alarm = false;
}

void rt_clock_step(struct rt_clock *clock, int64_t to_ms)
{
    if (to_ms > clock->now_ms) clock->now_ms = to_ms;
}

int64_t rt_clock_wait_ms(const struct rt_clock *clock, int64_t due_ms)
{
    int64_t left_ms = due_ms + 1 - clock->now_ms;

    if (left_ms <= 0) return 0;
    switch (clock->mode) {
    case RT_CLOCK_REAL: return left_ms;
    case RT_CLOCK_FAST: return (left_ms + clock->factor - 1) / clock->factor;
    case RT_CLOCK_STEP: break;
    }
    return INT64_MAX;
}
