/* SPDX-License-Identifier: MIT
 *
 * Dates, days and wall times at their edges, against instants worked out by hand. Reads no clock
 * and no zone file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "calendar_plan.h"

/* ---- dates ---- */

static void test_dates_go_there_and_back(void **state)
{
    (void)state;
    static const struct {
        struct ds_date date;
        int32_t day;
        int weekday;
    } cases[] = {
        {{1970, 1, 1}, 0, 3},       {{1969, 12, 31}, -1, 2},     {{2000, 1, 1}, 10957, 5},
        {{2000, 2, 29}, 11016, 1},  {{2000, 3, 1}, 11017, 2},    {{2007, 2, 18}, 13562, 6},
        {{2007, 2, 28}, 13572, 2},  {{2008, 2, 29}, 13938, 4},   {{2038, 1, 19}, 24855, 1},
        {{2060, 12, 31}, 33237, 4}, {{1600, 2, 29}, -135081, 1}, {{1900, 3, 1}, -25508, 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ds_date date = ds_date_of(cases[i].day);
        assert_int_equal(date.year, cases[i].date.year);
        assert_int_equal(date.month, cases[i].date.month);
        assert_int_equal(date.day, cases[i].date.day);
        assert_int_equal(ds_day_of(cases[i].date), cases[i].day);
        assert_int_equal(ds_weekday(cases[i].day), cases[i].weekday);
    }
    struct ds_date before = ds_date_of(-200000);
    for (int32_t day = -199999; day < 60000; day++) { /* each date follows the one before */
        const struct ds_date date = ds_date_of(day);
        assert_int_equal(ds_day_of(date), day);
        assert_int_equal(ds_weekday(day), (ds_weekday(day - 1) + 1) % 7);
        if (date.day == 1)
            assert_true(before.day >= 28);
        else
            assert_int_equal(date.day, before.day + 1);
        before = date;
    }
}

static void test_only_real_dates_are_read(void **state)
{
    (void)state;
    static const char *const good[] = {"2000-01-01", "2007-02-28", "2008-02-29", "2060-12-31"};
    static const char *const bad[] = {
        "",           "2007",       "2007-2-18",   "2007-02-1",   "2007-02-180", "2007/02/18",
        "2007-02-29", "2007-13-01", "2007-00-10",  "2007-04-31",  "2007-01-00",  "1999-12-31",
        "2061-01-01", "20070218",   " 2007-02-18", "2007-02-18 ", "-007-02-18",  "2007-+2-18",
        "2007-02-1x", "0x07-02-18",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        int32_t day = -1;
        char again[32];
        assert_true(ds_parse_date(good[i], &day));
        const struct ds_date date = ds_date_of(day);
        (void)snprintf(again, sizeof(again), "%04d-%02d-%02d", date.year, date.month, date.day);
        assert_string_equal(again, good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int32_t day = 12345;
        if (ds_parse_date(bad[i], &day)) fail_msg("\"%s\" was read as a date", bad[i]);
        assert_int_equal(day, 12345);
    }
}

/* ---- zones ---- */

static void test_offsets_change_to_the_ms(void **state)
{
    (void)state;
    assert_int_equal(ds_zone_offset_s(&shanghai, utc("2007-01-31 00:00:00.000")), 28800);
    assert_int_equal(ds_zone_offset_s(&berlin, utc("2007-03-25 00:59:59.999")), 3600);
    assert_int_equal(ds_zone_offset_s(&berlin, utc("2007-03-25 01:00:00.000")), 7200);
    assert_int_equal(ds_zone_offset_s(&berlin, utc("2007-10-28 00:59:59.999")), 7200);
    assert_int_equal(ds_zone_offset_s(&berlin, utc("2007-10-28 01:00:00.000")), 3600);
    assert_int_equal(ds_zone_offset_s(&berlin, utc("2059-07-01 00:00:00.000")), 3600);
    assert_int_equal(ds_zone_offset_s(&berlin, utc("2000-01-01 00:00:00.000")), 3600);
    assert_int_equal(ds_zone_offset_s(&brazil, -1), -3 * 3600); /* before the first row */
}

static void check_local(const struct ds_zone *zone, const char *date, int64_t time_ms,
                        const char *expected_utc)
{
    int32_t day = 0;
    assert_true(ds_parse_date(date, &day));
    assert_int_equal(ds_from_local(zone, day, time_ms), utc(expected_utc));
}

static void test_wall_times_become_instants(void **state)
{
    (void)state;
    enum { MIN = 60000 };
    check_local(&shanghai, "2007-02-17", 8 * 60 * MIN, "2007-02-17 00:00:00.000");
    check_local(&shanghai, "2007-02-17", 0, "2007-02-16 16:00:00.000");
    check_local(&shanghai, "2000-01-01", 0, "1999-12-31 16:00:00.000");
    /* 02:00 to 03:00 is skipped: all of it is the instant of the change */
    check_local(&berlin, "2007-03-25", 119 * MIN, "2007-03-25 00:59:00.000");
    check_local(&berlin, "2007-03-25", 120 * MIN, "2007-03-25 01:00:00.000");
    check_local(&berlin, "2007-03-25", 150 * MIN, "2007-03-25 01:00:00.000");
    check_local(&berlin, "2007-03-25", 180 * MIN, "2007-03-25 01:00:00.000");
    check_local(&berlin, "2007-03-25", 181 * MIN, "2007-03-25 01:01:00.000");
    /* 02:00 to 03:00 occurs twice: the first time */
    check_local(&berlin, "2007-10-28", 119 * MIN, "2007-10-27 23:59:00.000");
    check_local(&berlin, "2007-10-28", 120 * MIN, "2007-10-28 00:00:00.000");
    check_local(&berlin, "2007-10-28", 179 * MIN, "2007-10-28 00:59:00.000");
    check_local(&berlin, "2007-10-28", 180 * MIN, "2007-10-28 02:00:00.000");
    /* the skipped hour is the first of its day */
    check_local(&brazil, "2006-11-05", 0, "2006-11-05 03:00:00.000");
    check_local(&brazil, "2006-11-05", 30 * MIN, "2006-11-05 03:00:00.000");
    check_local(&brazil, "2006-11-05", 60 * MIN, "2006-11-05 03:00:00.000");
    /* the repeated hour is the last of its day */
    check_local(&brazil, "2007-02-24", 23 * 60 * MIN, "2007-02-25 01:00:00.000");
    check_local(&brazil, "2007-02-25", 0, "2007-02-25 03:00:00.000");
}

/* The documented meaning, read literally: the first instant whose wall time is not before. */
static void test_from_local_is_the_earliest_instant_and_never_falls(void **state)
{
    (void)state;
    const struct ds_zone *const zones[] = {&shanghai, &berlin, &brazil};
    for (size_t z = 0; z < 3; z++) {
        int64_t before = INT64_MIN;
        for (int32_t day = 13300; day < 13900; day++) {
            for (int64_t ms = 0; ms < DS_DAY_MS; ms += 15 * DS_MINUTE_MS) {
                const int64_t wall = (int64_t)day * DS_DAY_MS + ms;
                const int64_t at = ds_from_local(zones[z], day, ms);
                const int64_t offset = ds_zone_offset_s(zones[z], at);
                const int64_t offset_before = ds_zone_offset_s(zones[z], at - 1);
                assert_true(at + offset * 1000 >= wall);
                assert_true(at - 1 + offset_before * 1000 < wall);
                assert_true(at >= before);
                before = at;
            }
        }
    }
}

static void test_days_and_months_end_with_their_last_ms(void **state)
{
    (void)state;
    static const struct {
        const struct ds_zone *zone;
        const char *day;
        const char *end;
    } days[] = {
        {&shanghai, "2007-01-31", "2007-01-31 15:59:59.999"},
        {&shanghai, "2008-02-29", "2008-02-29 15:59:59.999"},
        {&berlin, "2007-03-24", "2007-03-24 22:59:59.999"},
        {&berlin, "2007-03-25", "2007-03-25 21:59:59.999"}, /* 23 hours long */
        {&berlin, "2007-10-28", "2007-10-28 22:59:59.999"}, /* 25 hours long */
        {&brazil, "2006-11-04", "2006-11-05 02:59:59.999"}, /* its midnight does not exist */
        {&brazil, "2007-02-24", "2007-02-25 02:59:59.999"}, /* its last hour is twice */
    };
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        int32_t day = 0;
        assert_true(ds_parse_date(days[i].day, &day));
        const int64_t end = ds_end_of_day(days[i].zone, day);
        assert_int_equal(end, utc(days[i].end));
        assert_int_equal(ds_local_day(days[i].zone, end), day);
        assert_int_equal(ds_local_day(days[i].zone, end + 1), day + 1);
    }
    static const struct {
        uint32_t month;
        const char *end;
    } months[] = {{200701, "2007-01-31 15:59:59.999"},
                  {200702, "2007-02-28 15:59:59.999"},
                  {200802, "2008-02-29 15:59:59.999"},
                  {200712, "2007-12-31 15:59:59.999"}};
    for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++) {
        const int64_t end = ds_end_of_month(&shanghai, months[i].month);
        assert_int_equal(end, utc(months[i].end));
        assert_int_equal(ds_month_of(&shanghai, end), months[i].month);
        assert_int_not_equal(ds_month_of(&shanghai, end + 1), months[i].month);
    }
    assert_int_equal(ds_month_of(&shanghai, utc("2007-12-31 16:00:00.000")), 200801);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_go_there_and_back),
        cmocka_unit_test(test_only_real_dates_are_read),
        cmocka_unit_test(test_offsets_change_to_the_ms),
        cmocka_unit_test(test_wall_times_become_instants),
        cmocka_unit_test(test_from_local_is_the_earliest_instant_and_never_falls),
        cmocka_unit_test(test_days_and_months_end_with_their_last_ms),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
