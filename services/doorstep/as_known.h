/* SPDX-License-Identifier: MIT
 *
 * A ticket judged once more by all that is known of it by now, by the watcher's own rules. Verdicts
 * stand as they were said; but what came too late for them happened all the same, and a person who
 * asks wants to read when. */
#ifndef DOORSTEP_AS_KNOWN_H
#define DOORSTEP_AS_KNOWN_H

#include "doorstep/archive.h"
#include "sla-watcher/watch.h"

struct as_known {
    struct watch_ticket ticket;
    struct watch_bench bench;
};

/* One ticket at a time: begin, add each of its events, judge. */
void as_known_begin(const struct archive *archive, const char *id, uint32_t partition);
void as_known_add(const struct record *record);
const struct as_known *as_known_judge(void);

/* When an instance was done at last; WATCH_NEVER: nothing shows that it was. */
int64_t as_known_stop_ms(enum ds_clock clock, uint32_t n);

#endif
