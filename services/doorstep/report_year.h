/* SPDX-License-Identifier: MIT
 *
 * The figures of a year, before anybody prints them. */
#ifndef DOORSTEP_REPORT_YEAR_H
#define DOORSTEP_REPORT_YEAR_H

#include "doorstep/report.h"

/* What is added up, one number for each territory and year. */
enum year_sum {
    YEAR_REPAIR_REPORTS,
    YEAR_SERVICE_REPORTS,
    YEAR_REPAIRS_INHOUSE,
    YEAR_REPAIRS_OUTLETS,
    YEAR_COST_INHOUSE_FEN,
    YEAR_COST_OUTLETS_FEN,
    YEAR_INSTALLS,
    YEAR_INSTALL_COST_FEN,
    YEAR_OTHER_JOBS,
    YEAR_FIRST_TIME,
    YEAR_KEY_CUSTOMERS,
    YEAR_KEY_JOBS,
    YEAR_RETURNED,
    YEAR_EXCHANGED,
    YEAR_FINES_FEN,
    YEAR_REWARDS_FEN,
    YEAR_SUMS,
};

enum { NOW, BEFORE, YEARS }; /* the year of the report, and the one before */

struct year_figures {
    int64_t sums[YEARS][YEAR_SUMS];
};

/* Somebody who bought much, or an institution (P2.2), and his year. */
struct key_customer {
    char *phone; /* owned */
    const char *name;
    const struct ds_territory *territory;
    bool institution;
    int64_t purchases_fen; /* as last reported; 0: not said */
    uint32_t year;         /* NOW or BEFORE */
    uint32_t repairs, installs, service;
};

struct year_clause {
    const char *id;
    int64_t entries, reversed, sum_fen, sum_before_fen;
};

struct year_count {
    const struct report_ask *ask;
    const struct ds_version *rules; /* the newest */
    int32_t year;
    bool has_before; /* anything was done in the year before */
    bool overflow;
    struct year_figures *territories; /* as in rules; owned */
    struct year_figures all;
    int64_t months[12][YEAR_SUMS];  /* of NOW; key customers are those of the year */
    struct key_customer *customers; /* sorted; owned */
    size_t n_customers, customers_cap;
    struct year_clause *clauses; /* in the order of the rulebook, then as they came; owned */
    size_t n_clauses;
};

void year_count_make(struct year_count *count, const struct report_ask *ask, int32_t year);
void year_count_finish(struct year_count *count);

/* The rules at the end of a year; NULL: none were in force yet. */
const struct ds_version *year_rules(const struct year_count *count, int32_t year);

/* Cost of a repair in tenths of a yuan: the nearest, halves up (fen >= 0, n > 0). */
int64_t year_tenths(int64_t cost_fen, int64_t n);

#endif
