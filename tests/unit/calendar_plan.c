/* SPDX-License-Identifier: MIT
 *
 * See calendar_plan.h. Lays spans out in its own simple way; never reads a zone file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "calendar_plan.h"

static const int64_t shanghai_at[] = {0};
static const int32_t shanghai_offset[] = {8 * 3600};
const struct ds_zone shanghai = {"Asia/Shanghai", 1, shanghai_at, shanghai_offset};

/* Central European changes of 2006..2008, worked out by hand: last Sundays, 01:00 UTC. */
static const int64_t berlin_at[] = {
    0,
    INT64_C(1143334800000), /* 2006-03-26 */
    INT64_C(1162083600000), /* 2006-10-29 */
    INT64_C(1174784400000), /* 2007-03-25 */
    INT64_C(1193533200000), /* 2007-10-28 */
    INT64_C(1206838800000), /* 2008-03-30 */
    INT64_C(1224982800000), /* 2008-10-26 */
};
static const int32_t berlin_offset[] = {3600, 7200, 3600, 7200, 3600, 7200, 3600};
const struct ds_zone berlin = {"Europe/Berlin", 7, berlin_at, berlin_offset};

/* Clocks that leap over midnight in spring and fall back over it in autumn: UTC-3 to UTC-2 at
 * 2006-11-05 00:00, back at 2007-02-25 00:00 (as Brazil did). */
static const int64_t brazil_at[] = {0, INT64_C(1162695600000), INT64_C(1172368800000)};
static const int32_t brazil_offset[] = {-3 * 3600, -2 * 3600, -3 * 3600};
const struct ds_zone brazil = {"America/Sao_Paulo", 3, brazil_at, brazil_offset};

/* "2007-02-17 12:00:00.000" as if it were UTC. */
int64_t utc(const char *text)
{
    int year, month, day, hour, minute, second, ms;
    assert_int_equal(
        sscanf(text, "%d-%d-%d %d:%d:%d.%d", &year, &month, &day, &hour, &minute, &second, &ms), 7);
    int64_t days = 0;
    for (int y = 1970; y < year; y++)
        days += (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 366 : 365;
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    days += before[month - 1] + (month > 2 ? leap : 0) + day - 1;
    return ((((days * 24 + hour) * 60 + minute) * 60) + second) * 1000 + ms;
}

int64_t china(const char *text)
{
    return utc(text) - 8 * INT64_C(3600000);
}

static bool listed(const char *const *dates, size_t n, int32_t day)
{
    for (size_t i = 0; i < n && dates[i]; i++) {
        int32_t listed_day = 0;
        assert_true(ds_parse_date(dates[i], &listed_day));
        if (listed_day == day) return true;
    }
    return false;
}

void lay_out(const struct plan *plan, struct table *t)
{
    int32_t first = 0;
    int32_t last = 0;
    int64_t work_ms = 0;
    uint32_t n = 0;
    assert_true(ds_parse_date(plan->first, &first));
    assert_true(ds_parse_date(plan->last, &last));
    assert_true(last - first + 2 <= DAYS_MAX);
    for (int32_t day = first; day <= last; day++) {
        const struct hours *hours = &plan->week[ds_weekday(day)];
        t->day_span[day - first] = n;
        if (listed(plan->make_up, 4, day)) hours = &plan->week[4];
        if (listed(plan->off, 8, day)) continue;
        for (int i = 0; i < hours->n; i++) {
            const int64_t from = ds_from_local(plan->zone, day, hours->from_min[i] * 60000);
            const int64_t to = ds_from_local(plan->zone, day, hours->to_min[i] * 60000);
            if (from == to) continue;
            assert_true(n < SPANS_MAX);
            t->spans[n++] = (struct ds_span){from, to, work_ms};
            work_ms += to - from;
        }
    }
    t->day_span[last - first + 1] = n;
    t->cal = (struct ds_calendar){.name = "test",
                                  .zone = plan->zone,
                                  .n_spans = n,
                                  .spans = t->spans,
                                  .first_day = first,
                                  .n_days = (uint32_t)(last - first + 1),
                                  .day_span = t->day_span};
}

#define SPLIT                                                                                      \
    {                                                                                              \
        2, {480, 840},                                                                             \
        {                                                                                          \
            720, 1080                                                                              \
        }                                                                                          \
    } /* 08:00-12:00 and 14:00-18:00 */
#define OFF                                                                                        \
    {                                                                                              \
        0, {0},                                                                                    \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

const struct plan county = {
    &shanghai,
    {SPLIT, SPLIT, SPLIT, SPLIT, SPLIT, SPLIT, OFF},
    "2007-01-01",
    "2007-12-31",
    {"2007-02-18", "2007-02-19", "2007-02-20", "2007-02-21", "2007-02-22", "2007-02-23",
     "2007-02-24"},
    {"2007-02-25"},
};

/* A shop of Berlin that is open on Sundays from 01:30 to 03:30, across both changes. */
#define NIGHT                                                                                      \
    {                                                                                              \
        1, {90},                                                                                   \
        {                                                                                          \
            210                                                                                    \
        }                                                                                          \
    }
const struct plan night_shop = {
    &berlin, {OFF, OFF, OFF, OFF, OFF, OFF, NIGHT}, "2006-01-01", "2008-12-31", {0}, {0}};

/* Never closed: spans that touch at midnight. */
#define ALWAYS                                                                                     \
    {                                                                                              \
        1, {0},                                                                                    \
        {                                                                                          \
            1440                                                                                   \
        }                                                                                          \
    }
const struct plan always = {&berlin,      {ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS},
                            "2006-06-01", "2008-06-30",
                            {0},          {0}};
