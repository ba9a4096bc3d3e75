/* SPDX-License-Identifier: MIT
 *
 * The archive of cases as the dispatchers of all partitions hold it. */
#ifndef DOORSTEP_CASES_READ_H
#define DOORSTEP_CASES_READ_H

#include "dispatcher/cases.h"
#include "doorstep/store_read.h"

/* A case, of all partitions together. */
struct case_read {
    char *model; /* or the category; owned, as all that follows */
    char *symptom;
    Ds__CaseRow *rows; /* best first */
    size_t n_rows;
};

struct cases_read {
    struct case_read *list; /* by model, then symptom */
    size_t n;
};

/* Adds the cases of a partition. False when the store does not answer. */
bool cases_read(redisContext *redis, uint32_t partition, struct cases_read *cases);

/* Puts cases and rows in order. */
void cases_sort(struct cases_read *cases);
void cases_finish(struct cases_read *cases);

/* A repair that did not last and whose case nobody has analysed yet. */
struct case_open {
    char ticket[DS_ID_MAX + 1];
    char repeated_by[DS_ID_MAX + 1];
    char account[DS_ACCOUNT_MAX + 1];
    char cause[DISPATCH_CASE_TEXT + 1];
    char remedy[DISPATCH_CASE_TEXT + 1];
    int64_t fixed_at_ms;
    int64_t due_at_ms;          /* INT64_MAX: not repaired again yet */
    const struct ds_zone *zone; /* of local time there; the archive's */
};

/* Takes them from a partition, in no order. False when the store does not answer. */
bool cases_open(redisContext *redis, uint32_t partition, const struct archive *archive,
                void (*take)(void *self, const struct case_open *open), void *self);

#endif
