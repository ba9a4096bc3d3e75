/* SPDX-License-Identifier: MIT
 *
 * A sealed batch read back argument by argument, as the store's commit function takes it:
 *   epoch bno crc first last batch, then groups that begin with their length: meta pairs, puts
 *   (key value), deletes (key), dues (score member), dues cleared (member), and last the receipts
 */
#ifndef DS_TEST_CALL_H
#define DS_TEST_CALL_H

#include "engine/part.h"

/* One argument; borrowed from the commit. */
struct arg {
    const uint8_t *at;
    size_t len;
};

struct group {
    const struct arg *args;
    uint32_t n; /* of rows, each `width` arguments wide */
    uint32_t width;
};

struct call {
    struct arg *args; /* owned */
    uint32_t n_args;
    uint64_t epoch, bno, crc, first, last;
    struct arg batch;
    struct group meta, puts, deletes, sets, clears;
    struct arg receipts;
};

/* Reads a commit and checks its form; valid as long as the commit is. */
void call_read(struct call *call, const struct ds_commit *commit);
void call_finish(struct call *call);

/* A decimal number without sign (or with one, for instants) and without leading zeros. */
uint64_t arg_number(struct arg arg);
int64_t arg_instant(struct arg arg);
bool arg_is(struct arg arg, const char *text);

/* Row of a group whose key (column `column`) is text, or NULL. Asserts that it stands once. */
const struct arg *group_find(struct group group, uint32_t column, const char *text);

/* Value of a field of meta; fails if it is missing. */
struct arg call_meta(const struct call *call, const char *field);

/* The journal entry, unpacked into arena. */
Ds__Batch *call_batch(const struct call *call, struct ds_arena *arena);

#endif
