/* SPDX-License-Identifier: MIT
 *
 * Calendars for tests, laid out from hours as people write them; and instants written by hand. */
#ifndef DS_TEST_CALENDAR_PLAN_H
#define DS_TEST_CALENDAR_PLAN_H

#include "domain/calendar.h"

extern const struct ds_zone shanghai;
/* Central European changes of 2006..2008, worked out by hand. */
extern const struct ds_zone berlin;
/* Clocks that leap over midnight in spring and fall back over it in autumn. */
extern const struct ds_zone brazil;

/* "2007-02-17 12:00:00.000" as UTC, and as the wall time of Shanghai. */
int64_t utc(const char *text);
int64_t china(const char *text);

/* Hours of each weekday of a calendar under test, in minutes of the day; and days that differ. */
struct hours {
    int n;
    int from_min[3];
    int to_min[3];
};

struct plan {
    const struct ds_zone *zone;
    struct hours week[7];
    const char *first; /* first and last day that are laid out */
    const char *last;
    const char *off[8];
    const char *make_up[4]; /* with the hours of Friday */
};

enum { SPANS_MAX = 8192, DAYS_MAX = 2048 };

struct table {
    struct ds_calendar cal;
    struct ds_span spans[SPANS_MAX];
    uint32_t day_span[DAYS_MAX];
};

/* Lays a plan out; wrong plans fail the test. */
void lay_out(const struct plan *plan, struct table *t);

/* The department: Monday to Saturday 08:00-12:00 and 14:00-18:00, the Spring Festival of 2007. */
extern const struct plan county;
/* Open on Sundays from 01:30 to 03:30 in Berlin, across both changes. */
extern const struct plan night_shop;
/* Never closed: spans that touch at midnight. */
extern const struct plan always;

#endif
