/* SPDX-License-Identifier: MIT
 *
 * When a callback is done (P-2.1): reached, or enough attempts on enough local days and at enough
 * times of the day; and from when on the next attempt helps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendar_plan.h"
#include "domain/callback.h"

enum { ATTEMPTS_MAX = 8 };

/* Attempts as wall times of a zone; a '!' in front marks the one that reached the customer. */
struct course {
    int32_t attempts;
    int32_t days;
    const char *at[ATTEMPTS_MAX];
    int done; /* index of the attempt that ends it, -1: none */
};

static int64_t run(const struct course *course, const struct ds_zone *zone,
                   int64_t (*instant)(const char *), struct ds_attempt *list)
{
    const struct ds_version version = {.callback_attempts = course->attempts,
                                       .callback_days = course->days};
    uint32_t n = 0;

    for (; n < ATTEMPTS_MAX && course->at[n]; n++) {
        bool reached = course->at[n][0] == '!';
        list[n] = (struct ds_attempt){instant(course->at[n] + reached), reached};
    }
    return ds_callback_done_ms(&version, zone, list, n);
}

static void check(const struct course *courses, size_t n, const struct ds_zone *zone,
                  int64_t (*instant)(const char *))
{
    for (size_t i = 0; i < n; i++) {
        struct ds_attempt list[ATTEMPTS_MAX] = {{0, false}};
        int64_t done_ms = run(&courses[i], zone, instant, list);
        int64_t expected_ms = courses[i].done < 0 ? INT64_MAX : list[courses[i].done].at_ms;
        if (done_ms != expected_ms) fail_msg("course %zu", i);
    }
}

#define MON "2007-03-05 "
#define TUE "2007-03-06 "
#define WED "2007-03-07 "

static void test_reached_or_tried_enough(void **state)
{
    static const struct course courses[] = {
        {3, 2, {NULL}, -1},
        {3, 2, {"!" MON "10:00:00.000"}, 0},
        {3, 2, {MON "10:00:00.000"}, -1},
        {3, 2, {MON "10:00:00.000", MON "11:00:00.000", MON "12:00:00.000"}, -1}, /* one day */
        {3, 2, {MON "10:00:00.000", TUE "10:00:00.000"}, -1},                     /* two attempts */
        {3, 2, {MON "10:00:00.000", MON "11:00:00.000", TUE "10:00:00.000"}, 2},
        {3, 2, {MON "10:00:00.000", TUE "10:00:00.000", TUE "11:00:00.000"}, 2},
        {3, 2, {MON "10:00:00.000", TUE "10:00:00.000", WED "11:00:00.000"}, 2},
        /* the first instant at which both are enough, not the last attempt */
        {3,
         2,
         {MON "10:00:00.000", MON "11:00:00.000", MON "12:00:00.000", MON "13:00:00.000",
          TUE "09:00:00.000", TUE "10:00:00.000"},
         4},
        /* reached after all, before and after it was done anyway */
        {3, 2, {MON "10:00:00.000", "!" MON "11:00:00.000", TUE "10:00:00.000"}, 1},
        {3,
         2,
         {MON "10:00:00.000", MON "11:00:00.000", TUE "10:00:00.000", "!" TUE "11:00:00.000"},
         2},
        /* other numbers in the rulebook */
        {1, 1, {MON "10:00:00.000"}, 0},
        {2, 1, {MON "10:00:00.000"}, -1},
        {2, 1, {MON "10:00:00.000", MON "10:00:00.000"}, 1}, /* two within one ms */
        {1, 3, {MON "10:00:00.000", TUE "10:00:00.000"}, -1},
        {1, 3, {MON "10:00:00.000", TUE "10:00:00.000", WED "10:00:00.000"}, 2},
        {4, 2, {MON "10:00:00.000", TUE "10:00:00.000", WED "10:00:00.000"}, -1},
    };

    (void)state;
    check(courses, sizeof courses / sizeof courses[0], &shanghai, china);
}

/* A day ends at local midnight: at 16:00 UTC in Shanghai. */
static void test_days_end_at_local_midnight(void **state)
{
    static const struct course courses[] = {
        {2, 2, {MON "23:59:59.998", MON "23:59:59.999"}, -1},
        {2, 2, {MON "23:59:59.999", TUE "00:00:00.000"}, 1},
        {2, 2, {TUE "00:00:00.000", TUE "23:59:59.999"}, -1},
        {2, 2, {TUE "07:59:59.999", TUE "08:00:00.000"}, -1}, /* midnight in UTC is nothing */
        {2, 2, {"2007-03-31 23:59:59.999", "2007-04-01 00:00:00.000"}, 1},
        {2, 2, {"2007-12-31 23:59:59.999", "2008-01-01 00:00:00.000"}, 1},
    };

    (void)state;
    check(courses, sizeof courses / sizeof courses[0], &shanghai, china);
}

/* The same in UTC instants, with a zone whose midnight moves: Berlin, 25 March 2007. */
static void test_midnight_moves_with_the_zone(void **state)
{
    static const struct course courses[] = {
        {2, 2, {"2007-03-24 22:59:59.999", "2007-03-24 23:00:00.000"}, 1},  /* +01:00 */
        {2, 2, {"2007-03-25 21:59:59.999", "2007-03-25 22:00:00.000"}, 1},  /* +02:00 */
        {2, 2, {"2007-03-25 22:00:00.000", "2007-03-25 23:00:00.000"}, -1}, /* no midnight now */
    };

    (void)state;
    check(courses, sizeof courses / sizeof courses[0], &berlin, utc);
}

/* Three attempts on two days in two parts of the day: until 12:00, until 18:00, and later. */
static const struct ds_version spread = {.callback_attempts = 3,
                                         .callback_days = 2,
                                         .callback_times_of_day = 2,
                                         .callback_afternoon_ms = 12 * (int64_t)DS_HOUR_MS,
                                         .callback_evening_ms = 18 * (int64_t)DS_HOUR_MS};

static uint32_t attempts_of(const char *const *at, struct ds_attempt *list)
{
    uint32_t n = 0;

    for (; n < ATTEMPTS_MAX && at[n]; n++)
        list[n] = (struct ds_attempt){china(at[n]), false};
    return n;
}

static void test_attempts_at_other_times_of_the_day(void **state)
{
    static const struct course courses[] = {
        /* mornings only; the noon belongs to the afternoon, to the millisecond */
        {0, 0, {MON "10:00:00.000", TUE "10:00:00.000", WED "11:59:59.999"}, -1},
        {0, 0, {MON "10:00:00.000", TUE "10:00:00.000", WED "12:00:00.000"}, 2},
        {0, 0, {MON "12:00:00.000", TUE "12:00:00.000", WED "17:59:59.999"}, -1},
        {0, 0, {MON "12:00:00.000", TUE "12:00:00.000", WED "18:00:00.000"}, 2},
        {0, 0, {MON "18:00:00.000", MON "23:59:59.999", TUE "00:00:00.000"}, 2},  /* a morning */
        {0, 0, {MON "10:00:00.000", MON "15:00:00.000", MON "19:00:00.000"}, -1}, /* one day */
        {0, 0, {MON "10:00:00.000", TUE "10:00:00.000", WED "10:00:00.000", WED "14:00:00.000"}, 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof courses / sizeof courses[0]; i++) {
        struct ds_attempt list[ATTEMPTS_MAX];
        uint32_t n = attempts_of(courses[i].at, list);
        int64_t done_ms = ds_callback_done_ms(&spread, &shanghai, list, n);
        int64_t expected_ms = courses[i].done < 0 ? INT64_MAX : list[courses[i].done].at_ms;
        if (done_ms != expected_ms) fail_msg("course %zu", i);
    }
}

/* Work is 08:00-12:00 and 14:00-18:00. */
static void test_when_the_next_attempt_helps(void **state)
{
    static const struct {
        const char *made[ATTEMPTS_MAX];
        const char *asked, *next;
    } cases[] = {
        {{NULL}, MON "07:00:00.000", MON "08:00:00.000"}, /* the next opening */
        {{NULL}, MON "10:00:00.000", MON "10:00:00.000"},
        {{MON "10:00:00.000"}, MON "10:00:00.001", MON "10:00:00.001"}, /* two are left: any time */
        /* one is left and has to be both */
        {{MON "10:00:00.000", MON "10:30:00.000"}, MON "11:00:00.000", TUE "14:00:00.000"},
        /* another day is enough, another part of the day is */
        {{MON "10:00:00.000", MON "15:00:00.000"}, MON "16:00:00.000", TUE "08:00:00.000"},
        {{MON "10:00:00.000", TUE "10:00:00.000"}, TUE "10:00:00.001", TUE "14:00:00.000"},
        {{MON "15:00:00.000", TUE "15:00:00.000"}, TUE "15:00:00.001", WED "08:00:00.000"},
        /* more than enough, but all of them in the morning */
        {{MON "09:00:00.000", TUE "09:00:00.000", WED "09:00:00.000", WED "10:00:00.000"},
         WED "10:00:00.001",
         WED "14:00:00.000"},
        /* all on one day */
        {{MON "09:00:00.000", MON "10:00:00.000", MON "15:00:00.000"},
         MON "15:00:00.001",
         TUE "08:00:00.000"},
    };
    static struct table table; /* large */

    (void)state;
    lay_out(&county, &table);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ds_attempt list[ATTEMPTS_MAX];
        uint32_t n = attempts_of(cases[i].made, list);
        int64_t next_ms = ds_callback_next_ms(&spread, &table.cal, list, n, china(cases[i].asked));
        if (next_ms != china(cases[i].next)) fail_msg("case %zu: %lld", i, (long long)next_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reached_or_tried_enough),
        cmocka_unit_test(test_days_end_at_local_midnight),
        cmocka_unit_test(test_midnight_moves_with_the_zone),
        cmocka_unit_test(test_attempts_at_other_times_of_the_day),
        cmocka_unit_test(test_when_the_next_attempt_helps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
