/* SPDX-License-Identifier: MIT
 *
 * RFC 3339 instants: what is read, what is not, and agreement with the C library's calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "domain/calendar.h"
#include "random_message.h"
#include "wire/json.h"

static const struct {
    const char *text;
    int64_t at_ms;
} good[] = {
    {"2000-01-01T00:00:00Z", DS_TIME_MIN_MS},
    {"2000-01-01T08:00:00+08:00", DS_TIME_MIN_MS},
    {"1999-12-31T16:00:00-08:00", DS_TIME_MIN_MS},
    {"2060-12-31T23:59:59.999Z", DS_TIME_MAX_MS - 1},
    {"2061-01-01T07:59:59.999+08:00", DS_TIME_MAX_MS - 1},
    {"2007-03-01T08:00:00.000+08:00", INT64_C(1172707200000)},
    {"2007-03-01T08:00:00+08:00", INT64_C(1172707200000)},
    {"2007-03-01t00:00:00z", INT64_C(1172707200000)},
    {"2007-03-01T00:00:00-00:00", INT64_C(1172707200000)},
    {"2007-03-01T05:45:00+05:45", INT64_C(1172707200000)},
    {"2007-03-01T23:59:00+23:59", INT64_C(1172707200000)},
    {"2007-03-01T00:00:00.1Z", INT64_C(1172707200100)},
    {"2007-03-01T00:00:00.12Z", INT64_C(1172707200120)},
    {"2007-03-01T00:00:00.123Z", INT64_C(1172707200123)},
    {"2007-03-01T00:00:00.009Z", INT64_C(1172707200009)},
    {"2008-02-29T12:00:00Z", INT64_C(1204286400000)},
    {"2000-02-29T00:00:00Z", INT64_C(951782400000)},
};

static const char *const wrong[] = {
    "",
    "2007",
    "2007-03-01",
    "2007-03-01T08:00Z",
    "2007-03-01T08:00:00",
    "2007-03-01 08:00:00Z",
    "2007-03-01T08:00:00+08",
    "2007-03-01T08:00:00+0800",
    "2007-03-01T08:00:00+8:00",
    "2007-03-01T08:00:00+24:00",
    "2007-03-01T08:00:00+08:60",
    "2007-03-01T08:00:00+08:00 ",
    " 2007-03-01T08:00:00+08:00",
    "2007-03-01T08:00:00ZZ",
    "2007-03-01T08:00:00.Z",
    "2007-03-01T08:00:00.1234Z",
    "2007-03-01T08:00:00,5Z",
    "2007-03-01T24:00:00Z",
    "2007-03-01T08:60:00Z",
    "2007-03-01T08:00:60Z",
    "2007-3-1T08:00:00Z",
    "07-03-01T08:00:00Z",
    "+2007-03-01T08:00:00Z",
    "2007-00-01T08:00:00Z",
    "2007-13-01T08:00:00Z",
    "2007-04-31T08:00:00Z",
    "2007-03-00T08:00:00Z",
    "2007-02-29T08:00:00Z",
    "2100-02-29T08:00:00Z",
    "2007-0a-01T08:00:00Z",
    "2007/03/01T08:00:00Z",
    "1999-12-31T23:59:59.999Z",
    "2000-01-01T00:00:00+08:00",
    "2061-01-01T00:00:00Z",
    "2060-12-31T23:59:59-00:01",
    "9999-12-31T23:59:59Z",
    "1172707200000",
};

static void reads_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t at_ms = -1;
        if (ds_rfc3339_parse(good[i].text, &at_ms) != 0 || at_ms != good[i].at_ms)
            fail_msg("%s: %lld", good[i].text, (long long)at_ms);
    }
}

static void refuses_the_rest(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t at_ms = -1;
        if (ds_rfc3339_parse(wrong[i], &at_ms) != -1 || at_ms != -1)
            fail_msg("%s: %lld", wrong[i], (long long)at_ms);
    }
}

/* Every beginning of an instant is none, and so is one with any character changed to another kind.
 */
static void refuses_spoilt_ones(void **state)
{
    const char whole[] = "2007-03-01T08:00:00.123+08:00";
    int64_t at_ms;

    (void)state;
    for (size_t len = 0; len < strlen(whole); len++) {
        char text[sizeof whole] = "";
        memcpy(text, whole, len);
        assert_int_equal(ds_rfc3339_parse(text, &at_ms), -1);
        memcpy(text, whole, sizeof whole);
        text[len] = whole[len] >= '0' && whole[len] <= '9' ? ':' : '7';
        assert_int_equal(ds_rfc3339_parse(text, &at_ms), -1);
    }
    assert_int_equal(ds_rfc3339_parse(whole, &at_ms), 0);
}

static void formats(void **state)
{
    char buf[30];

    (void)state;
    ds_rfc3339_format(INT64_C(1172707200000), 8 * 3600, buf);
    assert_string_equal(buf, "2007-03-01T08:00:00.000+08:00");
    ds_rfc3339_format(INT64_C(1172707200007), 0, buf);
    assert_string_equal(buf, "2007-03-01T00:00:00.007Z");
    ds_rfc3339_format(INT64_C(1172707200000), -(3 * 3600 + 1800), buf);
    assert_string_equal(buf, "2007-02-28T20:30:00.000-03:30");
    ds_rfc3339_format(INT64_C(1172707200000), 8 * 3600 + 343,
                      buf); /* local mean time: whole min. */
    assert_string_equal(buf, "2007-03-01T08:05:00.000+08:05");
    /* What we never should be asked still ends in time. */
    ds_rfc3339_format(INT64_MIN, INT32_MIN, buf);
    assert_int_equal(strlen(buf), 29);
    ds_rfc3339_format(INT64_MAX, INT32_MAX, buf);
    assert_int_equal(strlen(buf), 29);
}

/* The C library says the same of the same instant, and what we write we read again. */
static void agrees_with_libc(void **state)
{
    struct random random = {20070303};

    (void)state;
    for (int i = 0; i < 100000; i++) {
        int64_t at_ms = DS_TIME_MIN_MS +
                        (int64_t)random_below(&random, (uint64_t)(DS_TIME_MAX_MS - DS_TIME_MIN_MS));
        int32_t offset_s = ((int32_t)random_below(&random, 2 * 1440 - 1) - 1439) * 60;
        time_t local = (time_t)(at_ms / 1000 + offset_s);
        struct tm tm;
        char ours[30], theirs[40];
        int64_t again_ms;

        ds_rfc3339_format(at_ms, offset_s, ours);
        assert_non_null(gmtime_r(&local, &tm));
        size_t n = strftime(theirs, sizeof theirs, "%Y-%m-%dT%H:%M:%S", &tm);
        snprintf(theirs + n, sizeof theirs - n, ".%03d", (int)(at_ms % 1000));
        assert_memory_equal(ours, theirs, strlen(theirs));
        assert_int_equal(ds_rfc3339_parse(ours, &again_ms), 0);
        assert_true(again_ms == at_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_instants),      cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(refuses_spoilt_ones), cmocka_unit_test(formats),
        cmocka_unit_test(agrees_with_libc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
