/* SPDX-License-Identifier: MIT
 *
 * Rule time: what "now" means to rules. Real time runs on the monotonic clock and is slewed to the
 * wall; a wall that jumps raises an alarm and holds what would cost somebody something, until it is
 * back or an operator accepts it. `600x` runs faster from an anchor in Redis that every process
 * reads; `step` stands still until it is moved, or let go. Heartbeats, time-outs and back-off never
 * use this. */
#ifndef DS_RUNTIME_CLOCK_H
#define DS_RUNTIME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum rt_clock_mode { RT_CLOCK_REAL, RT_CLOCK_FAST, RT_CLOCK_STEP };

enum { RT_CLOCK_JUMP_MS = 5000 }; /* a difference beyond this is a jump, not a drift */

struct rt_clock {
    enum rt_clock_mode mode;
    int64_t factor;         /* FAST: rule ms per real ms */
    int64_t anchor_real_ms; /* FAST: at this real time ... */
    int64_t anchor_rule_ms; /* ... it was this rule time */
    int64_t offset_ms;      /* REAL: wall - monotonic, as believed */
    int64_t slewed_mono_ms; /* monotonic time of the last reading */
    int64_t now_ms;         /* last answer; never goes back */
    int64_t excused_ms;     /* difference to the wall that an operator has accepted */
    bool alarm;             /* the wall has jumped */
};

/* Two readings of the machine's clocks, in ms. */
struct rt_reading {
    int64_t mono_ms;
    int64_t wall_ms;
};
struct rt_reading rt_clock_read(void);

/* Monotonic ms alone, for time-outs. */
int64_t rt_mono_ms(void);

/* Starts the clock; never answers anything at or before not_before_ms (the last durable mark). */
void rt_clock_start(struct rt_clock *clock, struct rt_reading reading, int64_t not_before_ms);

/* Rule time at a reading. Pure arithmetic on what is given; one call per cycle. */
int64_t rt_clock_now(struct rt_clock *clock, struct rt_reading reading);

/* Takes the wall as it is after a jump. */
void rt_clock_accept(struct rt_clock *clock, struct rt_reading reading);

/* Moves a stepped clock forward. */
void rt_clock_step(struct rt_clock *clock, int64_t to_ms);

/* Real ms to wait until rule time passes due_ms; 0 if it has. STEP: never (INT64_MAX). */
int64_t rt_clock_wait_ms(const struct rt_clock *clock, int64_t due_ms);

#endif
