/* SPDX-License-Identifier: MIT
 *
 * Running clocks of live tickets, judged from the watcher's stored facts by the watcher's own
 * rules. */
#ifndef DOORSTEP_WATCH_READ_H
#define DOORSTEP_WATCH_READ_H

#include "doorstep/store_read.h"
#include "sla-watcher/watch.h"

/* Prints the clocks of a live ticket. 0, EXIT_REJECTED if it is not live, or an exit code. */
int watch_print_running(struct cli *cli, redisContext *redis, uint32_t partition,
                        const char *ticket, const struct archive *archive, FILE *to);

/* Of these only those that go on, under a heading; nothing if there are none. */
void watch_print_open(struct cli *cli, redisContext *redis, uint32_t partition, const char *ticket,
                      const struct archive *archive, FILE *to);

/* A stored ticket, told and judged; NULL if it is none, or of unknown rules. Good until the next
 * one is judged. */
const struct watch_bench *watch_judge_stored(const struct archive *archive, uint32_t partition,
                                             const char *id, const redisReply *bytes);

/* Of the ticket at hand: does this clock go on? */
bool watch_is_open(const struct watch_instance *instance, int64_t now_ms);

struct running_clock {
    char ticket[DS_ID_MAX + 1];
    char owner[DS_ACCOUNT_MAX + 1];
    enum ds_clock clock;
    uint32_t n;
    int64_t start_ms;
    int64_t due_ms; /* INT64_MAX while paused */
};

/* For qsort: by due, then by ticket. */
int running_by_due(const void *a, const void *b);

/* Running clocks of every live ticket of a partition (dues of the near future first); at most max.
 * Returns how many, or -1 when the store does not answer. */
int watch_running(redisContext *redis, uint32_t partition, const struct archive *archive,
                  struct running_clock *ret, int max);

/* A reported delay that goes on. */
struct waiting {
    char ticket[DS_ID_MAX + 1];
    char territory[DS_ID_MAX + 1];
    char owner[DS_ACCOUNT_MAX + 1]; /* of the job, now */
    uint32_t delay;
    enum ds_delay reason;
    int64_t since_ms;
    int64_t cap_at_ms;
    int64_t now_ms;
    const struct ds_zone *zone; /* of local time there */
};

/* Takes the waits of the ticket that was judged last. */
void watch_take_waits(int64_t now_ms, void (*take)(void *self, const struct waiting *waiting),
                      void *self);

/* Takes every wait of a partition's live tickets, in no order. False when the store does not
 * answer. */
bool watch_waits(redisContext *redis, uint32_t partition, const struct archive *archive,
                 void (*take)(void *self, const struct waiting *waiting), void *self);

#endif
