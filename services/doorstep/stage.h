/* SPDX-License-Identifier: MIT
 *
 * Playing a day in stepped time: time goes to the next input or just past the next due instant,
 * whichever comes first, until nothing is left. The same loop drives a running installation and a
 * replay without one, so both see the same instants. */
#ifndef DOORSTEP_STAGE_H
#define DOORSTEP_STAGE_H

#include "doorstep/client.h"
#include "doorstep/day.h"

struct stage {
    /* Sets the time for inputs that follow. 0 or -1. */
    int (*set_time)(void *self, int64_t to_ms);
    /* Sends one line's command; NULL if there is no answer. The receipt is the stage's. */
    const Ds__Receipt *(*take)(void *self, const struct day_line *line);
    /* Brings everything to rest at an instant; *ret_due_ms = earliest due, DS_NO_DUE. 0 or -1. */
    int (*advance)(void *self, int64_t to_ms, int64_t *ret_due_ms);
    /* Called for each answer; may be NULL. */
    void (*answered)(void *self, const struct day_line *line, const Ds__Receipt *receipt);
    /* Called before time goes on; answers which instant it goes to now, at most next_ms. An earlier
     * one is only passed. Below 0 ends the play. May be NULL. */
    int64_t (*pace)(void *self, int64_t next_ms);
    /* Called after each instant; false ends the play. May be NULL. */
    bool (*stepped)(void *self, int64_t at_ms);
    void *self;
};

struct stage_result {
    size_t recorded;
    size_t duplicates;
    size_t rejected;
    int64_t end_ms; /* last instant */
};

/* Plays a day to its end. from_ms: everything before this instant was played earlier (INT64_MIN:
 * nothing). until_ms: stop before this instant (INT64_MAX: until nothing is due). 0 or an exit
 * code. */
int stage_play(const struct stage *stage, const struct day *day, int64_t from_ms, int64_t until_ms,
               struct stage_result *result);

/* A stage on a running installation under --clock step. */
struct live_stage {
    struct client *client;
    Ds__Receipt *receipt;
    int64_t due_ms; /* at the last advance, of all but intake, which has only to forget */
};
struct stage live_stage(struct live_stage *live);

#endif
