/* SPDX-License-Identifier: MIT
 *
 * The invariants of an installation, checked from what Redis holds and nothing else. */
#ifndef DOORSTEP_CHECK_H
#define DOORSTEP_CHECK_H

#include "doorstep/store_read.h"

struct check {
    struct cli *cli;
    redisContext *redis;
    uint32_t partitions;
    size_t journals;
    size_t events;
    size_t violations;
    uint64_t tails[DS_SOURCE_COUNT][DS_PARTITIONS_MAX];
    uint64_t checkpoints[DS_SOURCE_COUNT][DS_SOURCE_COUNT]
                        [DS_PARTITIONS_MAX]; /* [reader][upstream] */
};

/* Counts and prints a violation: in the language, but JSON in English. Sentences: said.h. */
void check_violated(struct check *check, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* A part of it, likewise. */
const char *check_say(const struct check *check, const char *en, const char *zh);

/* Journals without hole, in order, with good checksums; marks and checkpoints that hold. */
int check_journals(struct check *check);

/* Live state and deadlines agree; receipts point at the events they promise. */
int check_state(struct check *check, const struct archive *archive);

/* Verdicts, offers, callbacks and entries exist once; money follows from verdicts; the books close.
 */
void check_facts(struct check *check, const struct archive *archive);

#endif
