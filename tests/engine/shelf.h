/* SPDX-License-Identifier: MIT
 *
 * What the store would hold after some commits: a naive model of the commit function, and the start
 * of a service from it. */
#ifndef DS_TEST_SHELF_H
#define DS_TEST_SHELF_H

#include "call.h"

enum { SHELF_ROWS = 4096 };

struct shelf_row {
    char key[DS_KEY_MAX + 1]; /* "": free */
    uint8_t *value;           /* owned; NULL: none */
    size_t len;
    int64_t due_ms; /* DS_NO_DUE: not in `due` */
};

struct shelf {
    struct shelf_row rows[SHELF_ROWS];
    uint64_t epoch, bno, tail;
    int64_t mark_ms, stamp_ms;
    uint32_t rulebook;
    struct ds_upstream up[DS_SOURCE_COUNT];
    struct ds_buf receipts;
    struct ds_buf journal; /* lengths (uint32_t) and entries */
    uint32_t entries;
};

void shelf_init(struct shelf *shelf);
void shelf_finish(struct shelf *shelf);

/* Commits as the store does, and fails the test where the store would have refused, or where a
 * command would have had nothing to do (a member cleared that was not there, and the like). */
void shelf_commit(struct shelf *shelf, const struct ds_commit *commit);

/* Starts a part from the shelf: a restart after a crash. */
void shelf_load(const struct shelf *shelf, struct ds_part *part);

/* Live entities and their deadlines, in memory and on the shelf, are the same. */
void shelf_check(const struct shelf *shelf, const struct ds_part *part);

const struct shelf_row *shelf_find(const struct shelf *shelf, const char *key);

#endif
