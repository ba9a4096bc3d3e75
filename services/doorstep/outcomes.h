/* SPDX-License-Identifier: MIT
 *
 * What became of recorded commands whose owner is a service right of intake. */
#ifndef DOORSTEP_OUTCOMES_H
#define DOORSTEP_OUTCOMES_H

#include "doorstep/outcome_owner.h"
#include "doorstep/store_read.h"
#include "proto/commands.pb-c.h"
#include "wire/arena.h"

struct outcomes {
    struct cli *cli;
    redisContext *redis;
    uint64_t seen[DS_SOURCE_COUNT][DS_PARTITIONS_MAX]; /* last event read of each journal */
    struct archive archive;                            /* what was read */
    struct ds_arena arena;                             /* for a look at a batch */
};

/* Remembers where the owners' journals end, before anything is sent. 0 or an exit code;
 * outcomes_close in any case. */
int outcomes_open(struct cli *cli, const struct rt_conf *conf, struct outcomes *outcomes);
void outcomes_close(struct outcomes *outcomes);

/* Reads what a journal has got since. 0 or an exit code. */
int outcomes_read(struct outcomes *outcomes, enum ds_source owner, uint32_t partition);

/* Reads the one batch in which the owner decided about intake's event of that number, however long
 * ago, if it has done so. 0 or an exit code. */
int outcomes_read_at(struct outcomes *outcomes, enum ds_source owner, uint32_t partition,
                     uint64_t seq);

/* Event with the outcome of the command that intake recorded as its event of that number, among
 * what was read; NULL if it is not there yet. */
const Ds__Event *outcomes_find(const struct outcomes *outcomes, uint32_t partition, uint64_t seq);

/* Forgets the events read so far, not where the journals were. */
void outcomes_forget(struct outcomes *outcomes);

#endif
