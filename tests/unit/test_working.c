/* SPDX-License-Identifier: MIT
 *
 * Working time: hand-worked cases to the millisecond, then random ones against a slow reference
 * that looks at every span and uses none of the calendar's sums and searches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendar_plan.h"

/* ---- working time by hand ---- */

static void test_opening_hours_are_half_open(void **state)
{
    struct table *t = *state;
    static const struct {
        const char *at;
        bool open;
        const char *next;
    } cases[] = {
        {"2007-01-08 07:59:59.999", false, "2007-01-08 08:00:00.000"},
        {"2007-01-08 08:00:00.000", true, "2007-01-08 08:00:00.000"},
        {"2007-01-08 11:59:59.999", true, "2007-01-08 11:59:59.999"},
        {"2007-01-08 12:00:00.000", false, "2007-01-08 14:00:00.000"},
        {"2007-01-08 17:59:59.999", true, "2007-01-08 17:59:59.999"},
        {"2007-01-08 18:00:00.000", false, "2007-01-09 08:00:00.000"},
        {"2007-01-06 18:00:00.000", false, "2007-01-08 08:00:00.000"}, /* Saturday night */
        {"2007-02-17 18:00:00.000", false, "2007-02-25 08:00:00.000"}, /* over the holidays */
        {"2007-02-21 10:00:00.000", false, "2007-02-25 08:00:00.000"},
        {"2007-02-25 10:00:00.000", true, "2007-02-25 10:00:00.000"},  /* make-up Sunday */
        {"2007-03-04 10:00:00.000", false, "2007-03-05 08:00:00.000"}, /* plain Sunday */
        {"2006-06-01 10:00:00.000", false, "2007-01-01 08:00:00.000"},
    };
    lay_out(&county, t);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const int64_t at = china(cases[i].at);
        assert_int_equal(ds_cal_is_open(&t->cal, at), cases[i].open);
        assert_int_equal(ds_cal_next_open(&t->cal, at), china(cases[i].next));
    }
    assert_int_equal(ds_cal_next_open(&t->cal, china("2007-12-31 18:00:00.000")), DS_TIME_MAX_MS);
}

enum { M = 60000 };

static void test_working_time_is_added(void **state)
{
    struct table *t = *state;
    static const struct {
        const char *start;
        int64_t work_ms;
        const char *end;
    } cases[] = {
        {"2007-01-08 08:00:00.000", 0, "2007-01-08 08:00:00.000"},
        {"2007-01-07 03:00:00.000", 0, "2007-01-07 03:00:00.000"},
        {"2007-01-08 08:00:00.000", 30 * M, "2007-01-08 08:30:00.000"},
        {"2007-01-08 11:50:00.000", 10 * M, "2007-01-08 12:00:00.000"}, /* the end, not 14:00 */
        {"2007-01-08 11:50:00.000", 10 * M - 1, "2007-01-08 11:59:59.999"},
        {"2007-01-08 11:50:00.000", 10 * M + 1, "2007-01-08 14:00:00.001"},
        {"2007-01-08 12:00:00.000", 30 * M, "2007-01-08 14:30:00.000"},
        {"2007-01-08 12:00:00.000", 1, "2007-01-08 14:00:00.001"},
        {"2007-01-08 13:59:59.999", 1, "2007-01-08 14:00:00.001"},
        {"2007-01-08 08:00:00.000", 240 * M, "2007-01-08 12:00:00.000"},
        {"2007-01-08 08:00:00.000", 480 * M, "2007-01-08 18:00:00.000"},
        {"2007-01-08 08:00:00.000", 480 * M + 1, "2007-01-09 08:00:00.001"},
        {"2007-01-08 17:50:00.000", 30 * M, "2007-01-09 08:20:00.000"},
        {"2007-01-06 17:50:00.000", 30 * M, "2007-01-08 08:20:00.000"}, /* over Sunday */
        {"2007-02-17 17:50:00.000", 30 * M, "2007-02-25 08:20:00.000"}, /* over the holidays */
        {"2007-02-17 17:50:00.000", 10 * M, "2007-02-17 18:00:00.000"},
        {"2007-02-20 12:00:00.000", 480 * M, "2007-02-25 18:00:00.000"},
        {"2007-02-20 12:00:00.000", 480 * M + 1, "2007-02-26 08:00:00.001"},
        {"2006-12-25 12:00:00.000", 60 * M, "2007-01-01 09:00:00.000"},
    };
    lay_out(&county, t);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const int64_t start = china(cases[i].start);
        const int64_t end = china(cases[i].end);
        if (ds_cal_add(&t->cal, start, cases[i].work_ms) != end)
            fail_msg("%s + %lld ms is not %s", cases[i].start, (long long)cases[i].work_ms,
                     cases[i].end);
        assert_int_equal(ds_cal_between(&t->cal, start, end), cases[i].work_ms);
    }
    const int64_t last = china("2007-12-31 17:00:00.000");
    assert_int_equal(ds_cal_add(&t->cal, last, 60 * M), china("2007-12-31 18:00:00.000"));
    assert_int_equal(ds_cal_add(&t->cal, last, 60 * M + 1), DS_TIME_MAX_MS);
    assert_int_equal(ds_cal_add(&t->cal, last, INT64_MAX), DS_TIME_MAX_MS);
    assert_int_equal(ds_cal_between(&t->cal, last, last), 0);
    assert_int_equal(ds_cal_between(&t->cal, last, last - 1), 0);
}

static void test_working_time_crosses_zone_changes(void **state)
{
    struct table *t = *state;
    lay_out(&night_shop, t);
    /* 2007-03-25: 01:30 to 03:30 on the wall is one hour long */
    const int64_t spring = utc("2007-03-25 00:30:00.000");
    assert_int_equal(ds_cal_between(&t->cal, spring, utc("2007-03-25 01:30:00.000")), 60 * M);
    assert_int_equal(ds_cal_add(&t->cal, spring, 60 * M), utc("2007-03-25 01:30:00.000"));
    assert_int_equal(ds_cal_add(&t->cal, spring, 30 * M), utc("2007-03-25 01:00:00.000"));
    assert_int_equal(ds_cal_add(&t->cal, spring, 60 * M + 1), utc("2007-03-31 23:30:00.001"));
    /* 2007-10-28: the same is three hours long */
    const int64_t autumn = utc("2007-10-27 23:30:00.000");
    assert_int_equal(ds_cal_between(&t->cal, autumn, utc("2007-10-29 00:00:00.000")), 180 * M);
    assert_int_equal(ds_cal_add(&t->cal, autumn, 180 * M), utc("2007-10-28 02:30:00.000"));
    assert_int_equal(ds_cal_add(&t->cal, autumn, 90 * M), utc("2007-10-28 01:00:00.000"));
    /* any other Sunday: two hours */
    assert_int_equal(
        ds_cal_between(&t->cal, utc("2007-06-09 00:00:00.000"), utc("2007-06-11 00:00:00.000")),
        120 * M);
    lay_out(&always, t); /* never closed: working time is elapsed time, across both changes */
    const int64_t begin = utc("2006-06-01 00:00:00.000");
    assert_int_equal(ds_cal_between(&t->cal, begin, utc("2008-06-30 00:00:00.000")),
                     utc("2008-06-30 00:00:00.000") - begin);
    assert_int_equal(ds_cal_add(&t->cal, spring, 24 * 60 * M), spring + 24 * 60 * M);
}

static void test_end_of_work_counts_working_days(void **state)
{
    struct table *t = *state;
    static const struct {
        const char *at;
        int32_t n;
        const char *end;
    } cases[] = {
        {"2007-01-08 10:00:00.000", 1, "2007-01-09 18:00:00.000"},
        {"2007-01-08 00:00:00.000", 1, "2007-01-09 18:00:00.000"},
        {"2007-01-08 23:59:59.999", 1, "2007-01-09 18:00:00.000"},
        {"2007-01-09 00:00:00.000", 1, "2007-01-10 18:00:00.000"},
        {"2007-01-04 10:00:00.000", 3, "2007-01-08 18:00:00.000"}, /* Fri Sat - Mon */
        {"2007-01-06 10:00:00.000", 1, "2007-01-08 18:00:00.000"},
        {"2007-01-07 10:00:00.000", 1, "2007-01-08 18:00:00.000"},
        {"2007-01-31 23:59:59.999", 3, "2007-02-03 18:00:00.000"}, /* month end, third day */
        {"2007-02-16 10:00:00.000", 1, "2007-02-17 18:00:00.000"},
        {"2007-02-16 10:00:00.000", 2, "2007-02-25 18:00:00.000"}, /* make-up Sunday counts */
        {"2007-02-20 10:00:00.000", 3, "2007-02-27 18:00:00.000"},
        {"2006-06-01 10:00:00.000", 2, "2007-01-02 18:00:00.000"},
        {"2007-12-28 10:00:00.000", 2, "2007-12-31 18:00:00.000"},
    };
    lay_out(&county, t);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const int64_t end = ds_cal_end_of_work(&t->cal, china(cases[i].at), cases[i].n);
        if (end != china(cases[i].end))
            fail_msg("%s + %d working days is not %s", cases[i].at, cases[i].n, cases[i].end);
    }
    const int64_t late = china("2007-12-28 10:00:00.000");
    assert_int_equal(ds_cal_end_of_work(&t->cal, late, 3), DS_TIME_MAX_MS);
    assert_int_equal(ds_cal_end_of_work(&t->cal, china("2008-03-01 10:00:00.000"), 1),
                     DS_TIME_MAX_MS);
}

/* ---- against a slow reference ---- */

static int64_t random_below(uint64_t *seed, int64_t n) /* xorshift64* */
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (int64_t)((*seed * UINT64_C(2685821657736338717)) >> 1) % n;
}

/* Working ms in [from, to), by looking at every span. */
static int64_t slow_between(const struct ds_calendar *cal, int64_t from, int64_t to)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < cal->n_spans; i++) {
        const int64_t a = cal->spans[i].from_ms > from ? cal->spans[i].from_ms : from;
        const int64_t b = cal->spans[i].to_ms < to ? cal->spans[i].to_ms : to;
        if (b > a) sum += b - a;
    }
    return sum;
}

/* Earliest instant with so much working time since start, by walking span after span. */
static int64_t slow_add(const struct ds_calendar *cal, int64_t start, int64_t work)
{
    if (work == 0) return start;
    for (uint32_t i = 0; i < cal->n_spans; i++) {
        if (cal->spans[i].to_ms <= start) continue;
        const int64_t from = cal->spans[i].from_ms > start ? cal->spans[i].from_ms : start;
        const int64_t room = cal->spans[i].to_ms - from;
        if (work <= room) return from + work;
        work -= room;
    }
    return DS_TIME_MAX_MS;
}

/* Instants that matter are edges: half of the random ones are near one. */
static int64_t random_instant(uint64_t *seed, const struct ds_calendar *cal)
{
    const struct ds_span *span = &cal->spans[random_below(seed, cal->n_spans)];
    switch (random_below(seed, 4)) {
    case 0: return span->from_ms + random_below(seed, 3) - 1;
    case 1: return span->to_ms + random_below(seed, 3) - 1;
    default: {
        const int64_t first = cal->spans[0].from_ms - 5 * (int64_t)DS_DAY_MS;
        const int64_t last = cal->spans[cal->n_spans - 1].to_ms + 5 * (int64_t)DS_DAY_MS;
        return first + random_below(seed, last - first);
    }
    }
}

static int64_t random_work(uint64_t *seed, const struct ds_calendar *cal, int64_t start)
{
    const struct ds_span *span = &cal->spans[random_below(seed, cal->n_spans)];
    switch (random_below(seed, 4)) {
    case 0: return random_below(seed, 3);
    case 1: /* exactly to an end */
        return slow_between(cal, start, span->to_ms) + random_below(seed, 2);
    default: return random_below(seed, 30 * (int64_t)DS_DAY_MS);
    }
}

static void check_random_case(uint64_t *seed, const struct ds_calendar *cal)
{
    const int64_t start = random_instant(seed, cal);
    const int64_t work = random_work(seed, cal, start);
    const int64_t end = ds_cal_add(cal, start, work);
    assert_int_equal(end, slow_add(cal, start, work));
    if (end == DS_TIME_MAX_MS) {
        assert_true(slow_between(cal, start, DS_TIME_MAX_MS) < work);
        return;
    }
    assert_true(end >= start);
    assert_int_equal(ds_cal_between(cal, start, end), work);
    assert_int_equal(slow_between(cal, start, end), work);
    if (work > 0) assert_int_equal(slow_between(cal, start, end - 1), work - 1); /* the earliest */
    const int64_t other = random_instant(seed, cal);
    assert_int_equal(ds_cal_between(cal, start, other), slow_between(cal, start, other));
    const int64_t next = ds_cal_next_open(cal, other);
    assert_int_equal(slow_between(cal, other, next), 0);
    assert_int_equal(ds_cal_is_open(cal, other), slow_between(cal, other, other + 1) == 1);
    if (next != DS_TIME_MAX_MS) assert_int_equal(slow_between(cal, next, next + 1), 1);
}

static void test_ten_thousand_random_cases(void **state)
{
    struct table *t = *state;
    static const struct plan *const plans[] = {&county, &night_shop, &always};
    uint64_t seed = 20070218;
    int cases = 0;
    for (size_t p = 0; p < 3; p++) {
        lay_out(plans[p], t);
        for (int i = 0; i < 3400; i++, cases++)
            check_random_case(&seed, &t->cal);
    }
    assert_true(cases >= 10000);
}

/* A table is big for a stack: one for all tests, laid out anew by each. */
static int make_table(void **state)
{
    *state = calloc(1, sizeof(struct table));
    return *state ? 0 : -1;
}

static int free_table(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opening_hours_are_half_open),
        cmocka_unit_test(test_working_time_is_added),
        cmocka_unit_test(test_working_time_crosses_zone_changes),
        cmocka_unit_test(test_end_of_work_counts_working_days),
        cmocka_unit_test(test_ten_thousand_random_cases),
    };
    return cmocka_run_group_tests_name("working", tests, make_table, free_table);
}
