/* SPDX-License-Identifier: MIT
 *
 * Zone rows against the C library's own reading of the same files, and zone files that are damaged
 * on purpose. Sets TZ, which the code under test must not even read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "domain/calendar.h"
#include "rulebook/zone.h"

/* Each for something unusual: rules of both halves of the year, of half hours, below zero, at odd
 * hours, changes of standard time, days skipped, summer time that is the lesser offset, none at
 * all. */
static const char *const names[] = {
    "Asia/Shanghai",
    "Europe/Berlin",
    "Europe/Dublin",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Tehran",
    "America/Nuuk",
    "Africa/Cairo",
    "Asia/Gaza",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "UTC",
    "Etc/GMT+12",
    "Etc/GMT-14",
    "Pacific/Kiritimati",
    "America/Caracas",
    "EST5EDT",
    "America/Scoresbysund",
    "Europe/Chisinau",
    "Asia/Pyongyang",
    "America/New_York",
    "Pacific/Auckland",
    "America/Santiago",
    "Asia/Jerusalem",
    "America/Havana",
    "Europe/Istanbul",
    "Antarctica/Casey",
    "Pacific/Chatham",
    "Africa/Monrovia",
    "America/Argentina/Ushuaia",
};

static int32_t library_offset_s(int64_t at_s)
{
    const time_t at = (time_t)at_s;
    struct tm tm;
    assert_non_null(localtime_r(&at, &tm));
    return (int32_t)tm.tm_gmtoff;
}

static void use_zone(const char *name)
{
    assert_int_equal(setenv("TZ", name, 1), 0);
    tzset();
}

static void check_zone(const char *name, struct rb_zone *rows)
{
    if (!rb_zone_expand(name, rows)) fail_msg("no zone %s", name);
    assert_string_equal(rows->name, name);
    assert_true(rows->n >= 1 && rows->at_ms[0] < DS_TIME_MIN_MS - 2 * (int64_t)DS_DAY_MS);
    const struct ds_zone zone = {name, rows->n, rows->at_ms, rows->offset_s};
    use_zone(name);
    for (uint32_t i = 1; i < rows->n; i++) { /* at each change, to the second */
        assert_true(rows->at_ms[i] > rows->at_ms[i - 1]);
        assert_int_not_equal(rows->offset_s[i], rows->offset_s[i - 1]);
        assert_int_equal(library_offset_s(rows->at_ms[i] / 1000), rows->offset_s[i]);
        assert_int_equal(library_offset_s(rows->at_ms[i] / 1000 - 1), rows->offset_s[i - 1]);
    }
    for (int64_t at_s = DS_TIME_MIN_MS / 1000; at_s < DS_TIME_MAX_MS / 1000; at_s += 30 * 3600) {
        const int32_t offset_s = ds_zone_offset_s(&zone, at_s * 1000);
        if (library_offset_s(at_s) != offset_s) /* no change is missing */
            fail_msg("%s at %lld: %d instead of %d", name, (long long)at_s, offset_s,
                     library_offset_s(at_s));
    }
}

static void test_rows_agree_with_the_c_library(void **state)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        check_zone(names[i], *state);
}

static void test_the_process_zone_does_not_matter(void **state)
{
    struct rb_zone *rows = *state;
    struct rb_zone *again = calloc(1, sizeof(*again));
    assert_non_null(again);
    use_zone("America/New_York");
    assert_true(rb_zone_expand("Europe/Berlin", rows));
    use_zone("Asia/Shanghai");
    assert_true(rb_zone_expand("Europe/Berlin", again));
    assert_int_equal(rows->n, again->n);
    assert_memory_equal(rows->at_ms, again->at_ms, rows->n * sizeof(rows->at_ms[0]));
    assert_memory_equal(rows->offset_s, again->offset_s, rows->n * sizeof(rows->offset_s[0]));
    assert_int_equal(rows->n, 123); /* two changes in each of 61 years, and what was before */
    free(again);
}

static void test_names_cannot_leave_the_folder(void **state)
{
    static const char *const good[] = {"Asia/Shanghai", "UTC", "Etc/GMT+12",
                                       "America/Port-au-Prince", "America/Argentina/Ushuaia"};
    static const char *const bad[] = {
        "",
        "/etc/passwd",
        "../Asia/Shanghai",
        "Asia/../UTC",
        "Asia/",
        "Asia//Tokyo",
        ".",
        "localtime",
        "posixrules",
        "right/UTC",
        "posix/UTC",
        "Asia/Shang hai",
        "Asia\\Shanghai",
        "tzdata.zi",
        "UTC\n",
        "Zaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    static const char *const unknown[] = {"Asia", "Asia/Atlantis", "Moon", "UTC/UTC", "Etc"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(rb_zone_name_ok(good[i]));
        assert_true(rb_zone_expand(good[i], *state));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (rb_zone_name_ok(bad[i])) fail_msg("\"%s\" is no name", bad[i]);
        assert_false(rb_zone_expand(bad[i], *state));
    }
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_true(rb_zone_name_ok(unknown[i]));
        assert_false(rb_zone_expand(unknown[i], *state));
    }
    char near[DS_ID_MAX + 1];
    rb_zone_suggest("Asia/Shangai", near, sizeof(near));
    assert_string_equal(near, "Asia/Shanghai");
    rb_zone_suggest("Xyzzy/Plugh", near, sizeof(near));
    assert_string_equal(near, "");
}

static int64_t utc_s(int year, int month, int day, int hour)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour};
    return (int64_t)timegm(&tm);
}

/* Rows of a rule alone, from standard time on. */
static bool rows_of_rule(struct rb_zone *rows, int32_t std_s, const char *rule)
{
    rows->n = 0;
    assert_true(rb_zone_add(rows, INT64_MIN, std_s));
    return rb_zone_add_rule(rows, rule, INT64_MIN);
}

static void test_rules_of_every_form(void **state)
{
    struct rb_zone *rows = *state;
    static const struct {
        const char *rule;
        int32_t std_s;
        int year, month, day, hour; /* UTC of a change in it */
        int32_t offset_s;           /* after it */
    } cases[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", 3600, 2050, 3, 27, 1, 7200},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 3600, 2050, 10, 30, 1, 3600},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", 43200, 2050, 9, 24, 14, 46800},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", 43200, 2050, 4, 2, 14, 43200},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, 2050, 3, 27, 1, -3600},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 2050, 10, 30, 1, 0},
        {"AAA0BBB,J60/0,J300/0", 0, 2048, 3, 1, 0, 3600}, /* J60 is 1 March in a leap year too */
        {"AAA0BBB,J60/0,J300/0", 0, 2050, 3, 1, 0, 3600},
        {"AAA0BBB,59/0,300/0", 0, 2048, 2, 29, 0, 3600}, /* day 59 counts the leap day */
        {"AAA0BBB,59/0,300/0", 0, 2050, 3, 1, 0, 3600},
        {"AAA0BBB-2,J60/167,J300/0", 0, 2050, 3, 7, 23, 7200},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(rows_of_rule(rows, cases[i].std_s, cases[i].rule));
        const int64_t at_s = utc_s(cases[i].year, cases[i].month, cases[i].day, cases[i].hour);
        bool found = false;
        for (uint32_t k = 0; k < rows->n; k++)
            found |= rows->at_ms[k] == at_s * 1000 && rows->offset_s[k] == cases[i].offset_s;
        if (!found) fail_msg("%s does not change at %lld", cases[i].rule, (long long)at_s);
    }
    /* summer time all year: from the first day on, no change any more */
    assert_true(rows_of_rule(rows, -3 * 3600, "XXX3EST4,0/0,J365/23"));
    assert_int_equal(rows->offset_s[rows->n - 1], -4 * 3600);
    assert_true(rows->n <= 2);
    assert_true(rows_of_rule(rows, 0, ""));
    assert_int_equal(rows->n, 1);
}

static void test_rules_that_are_none(void **state)
{
    static const char *const bad[] = {
        "C",
        "CE-1",
        "-1",
        "CET",
        "CET-",
        "CET-25",
        "CET-1x",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J300",
        "CET-1CEST,J366,J300",
        "CET-1CEST,366,300",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x",
        "<CET-1",
        "CET-1:60",
        "CET-1CEST,M3.5.0,M10.5.0,",
        "CET-99999999999999999999",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (rows_of_rule(*state, 3600, bad[i])) fail_msg("\"%s\" was read as a rule", bad[i]);
}

/* Any damage to a zone file is refused or gives rows that rise; it never reads beyond the bytes. */
static void test_damaged_files(void **state)
{
    struct rb_zone *rows = *state;
    static uint8_t file[64 * 1024];
    FILE *in = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    assert_non_null(in);
    const size_t len = fread(file, 1, sizeof(file), in);
    assert_int_equal(fclose(in), 0);
    assert_true(rb_zone_from_tzif(file, len, rows));
    assert_int_equal(memcmp(file, "TZif2", 5), 0);
    file[4] = '\0'; /* version 1 knows no rule for the years to come */
    assert_false(rb_zone_from_tzif(file, len, rows));
    file[4] = '2';
    for (size_t cut = 0; cut < len; cut++) { /* each beginning of it, in memory just so long */
        uint8_t *exact = malloc(cut + 1);
        assert_non_null(exact);
        memcpy(exact, file, cut);
        uint8_t *moved = realloc(exact, cut > 0 ? cut : 1);
        assert_non_null(moved);
        if (rb_zone_from_tzif(moved, cut, rows)) fail_msg("%zu bytes are a zone", cut);
        free(moved);
    }
    uint32_t seed = 12345;
    uint32_t refused = 0;
    for (int i = 0; i < 20000; i++) {
        uint8_t *copy = malloc(len);
        assert_non_null(copy);
        memcpy(copy, file, len);
        for (int k = 0; k < 3; k++) {
            seed = seed * 1664525 + 1013904223;
            copy[(seed >> 8) % (k == 0 ? 200 : len)] = (uint8_t)(seed >> 24);
        }
        if (!rb_zone_from_tzif(copy, len, rows)) refused++;
        for (uint32_t r = 1; r < rows->n; r++)
            assert_true(rows->at_ms[r] > rows->at_ms[r - 1]);
        free(copy);
    }
    assert_true(refused > 1000);
}

/* Files that count leap seconds tell another time than everybody's; not every system has them. */
static void test_leap_seconds_are_refused(void **state)
{
    static uint8_t file[64 * 1024];
    FILE *in = fopen("/usr/share/zoneinfo/right/Europe/Berlin", "rb");
    if (!in) skip();
    const size_t len = fread(file, 1, sizeof(file), in);
    assert_int_equal(fclose(in), 0);
    assert_false(rb_zone_from_tzif(file, len, *state));
}

static int make_rows(void **state)
{
    *state = calloc(1, sizeof(struct rb_zone));
    return *state ? 0 : -1;
}

static int free_rows(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_agree_with_the_c_library),
        cmocka_unit_test(test_the_process_zone_does_not_matter),
        cmocka_unit_test(test_names_cannot_leave_the_folder),
        cmocka_unit_test(test_rules_of_every_form),
        cmocka_unit_test(test_rules_that_are_none),
        cmocka_unit_test(test_damaged_files),
        cmocka_unit_test(test_leap_seconds_are_refused),
    };
    return cmocka_run_group_tests_name("zone", tests, make_rows, free_rows);
}
