/* SPDX-License-Identifier: MIT
 *
 * The department's papers: what each of them counts, purely from events. They read, sort and add;
 * integers only. Whoever wants to know how a figure comes about reads the file named after its
 * paper. */
#ifndef DOORSTEP_REPORT_H
#define DOORSTEP_REPORT_H

#include "doorstep/report_jobs.h"
#include "doorstep/table.h"

struct report_ask {
    const struct archive *archive; /* sorted */
    const char *territory;         /* NULL: the whole department */
};

/* Fills an empty paper. 0, or EXIT_REJECTED where a sum is beyond an int64. */
int report_daily(struct paper *paper, const struct report_ask *ask, int32_t day);
int report_weekly(struct paper *paper, const struct report_ask *ask, int32_t monday);
int report_monthly(struct paper *paper, const struct report_ask *ask, uint32_t month);
int report_annual(struct paper *paper, const struct report_ask *ask, int32_t year);

/* ---- broken promises: report_promise.c ---- */

extern const struct table_column promise_columns[];

/* Where a ticket is, or whoever answers for what is none. */
const struct ds_territory *report_where(const struct report_ask *ask, const struct job *job,
                                        const char *account);
void report_put_promise(struct table *table, const struct report_ask *ask, const struct job *job,
                        const struct promise *promise);

/* Earliest due first. */
void report_sort_promises(struct table *table);

/* ---- shared by them: report_words.c ---- */

/* Says on the paper if nothing was recorded from one local day to another (both inclusive), or if
 * that time is not over yet. */
void report_note_days(struct paper *paper, const struct report_ask *ask, int32_t from, int32_t to);

/* Is this asked for? Of a ticket, of an account, by name. */
bool report_wants(const struct report_ask *ask, const char *territory);

/* Name of an account or person by the newest rules; his key where they do not know him. */
const char *report_name(const struct archive *archive, const char *account);

/* a / b in thousandths, the nearest, halves away from zero. b > 0. */
int64_t report_permille(int64_t a, int64_t b);

/* Sum of two amounts; false if it is beyond an int64. */
bool report_add(int64_t *sum, int64_t number);

/* Instant of the last thing that intake recorded, or DS_TIME_MIN_MS. */
int64_t report_last_ms(const struct archive *archive);

#endif
