/* SPDX-License-Identifier: MIT
 *
 * Look-ups in a version built by hand: roster, bands, names, dues of limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "calendar_plan.h"
#include "domain/version.h"
#include "proto/types.pb-c.h"

/* ---- look-ups of a version ---- */

static void test_on_duty_follows_rows_and_dates(void **state)
{
    struct table *t = *state;
    enum { H = 3600000 };
    lay_out(&county, t);
    const struct ds_territory territories[2] = {{.id = "a", .calendar = &t->cal},
                                                {.id = "b", .calendar = &t->cal}};
    const struct ds_person people[3] = {{.id = "lin"}, {.id = "tan"}, {.id = "zhou"}};
    const struct ds_person *const lin[] = {&people[0]};
    const struct ds_person *const both[] = {&people[2], &people[0]};
    const struct ds_person *const tan[] = {&people[1]};
    const int32_t day = t->cal.first_day + 7; /* Monday 2007-01-08 */
    const struct ds_roster_row rows[] = {
        {&territories[0], 0, 99999, 0x3F, false, 8 * H, 12 * H, 1, lin},
        {&territories[0], 0, 99999, 0x3F, false, 10 * H, 12 * H, 2, both},
        {&territories[0], day + 1, day + 1, 0x7F, true, 9 * H, 10 * H, 1, &both[0]},
        {&territories[1], 0, 99999, 0x3F, false, 8 * H, 12 * H, 1, tan},
    };
    const struct ds_version v = {
        .n_territories = 2, .territories = territories, .n_roster = 4, .roster = rows};
    const struct ds_person *found[4] = {0};
    static const struct {
        const char *at;
        int territory;
        uint32_t n;
        const char *first;
    } cases[] = {
        {"2007-01-08 07:59:59.999", 0, 0, ""},    {"2007-01-08 08:00:00.000", 0, 1, "lin"},
        {"2007-01-08 10:00:00.000", 0, 2, "lin"}, {"2007-01-08 11:59:59.999", 0, 2, "lin"},
        {"2007-01-08 12:00:00.000", 0, 0, ""},    {"2007-01-07 10:00:00.000", 0, 0, ""},
        {"2007-01-09 08:00:00.000", 0, 0, ""},    {"2007-01-09 09:00:00.000", 0, 1, "zhou"},
        {"2007-01-09 10:00:00.000", 0, 0, ""},    {"2007-01-09 08:00:00.000", 1, 1, "tan"},
        {"2007-01-10 10:00:00.000", 0, 2, "lin"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ds_territory *asked = &territories[cases[i].territory];
        assert_int_equal(ds_on_duty(&v, asked, china(cases[i].at), found, 4), cases[i].n);
        if (cases[i].n > 0) assert_string_equal(found[0]->id, cases[i].first);
    }
    found[0] = found[1] = NULL; /* more on duty than there is room: counted, not written */
    assert_int_equal(ds_on_duty(&v, territories, china("2007-01-08 10:00:00.000"), found, 1), 2);
    assert_ptr_equal(found[0], &people[0]);
    assert_null(found[1]);
}

static void test_bands_and_lookups(void **state)
{
    (void)state;
    static const char *const words[] = {"a", "c", "e"};
    static const struct ds_account accounts[] = {{.key = "outlet:a"}, {.key = "person:a"}};
    const struct ds_version v = {.near_up_to_m = 20000,
                                 .n_skills = 3,
                                 .skills = words,
                                 .n_accounts = 2,
                                 .accounts = accounts};
    assert_int_equal(ds_zone_of(&v, true, 90000), DS_CITY);
    assert_int_equal(ds_zone_of(&v, false, 0), DS_NEAR);
    assert_int_equal(ds_zone_of(&v, false, 20000), DS_NEAR);
    assert_int_equal(ds_zone_of(&v, false, 20001), DS_FAR);
    assert_int_equal(ds_find_skill(&v, "a"), 0);
    assert_int_equal(ds_find_skill(&v, "c"), 1);
    assert_int_equal(ds_find_skill(&v, "e"), 2);
    assert_int_equal(ds_find_skill(&v, "b"), -1);
    assert_int_equal(ds_find_skill(&v, ""), -1);
    assert_int_equal(ds_find_skill(&v, "f"), -1);
    assert_int_equal(ds_find_skill(&v, NULL), -1);
    assert_int_equal(ds_find_area(&v, "a"), -1);
    assert_ptr_equal(ds_find_account(&v, "person:a"), &accounts[1]);
    assert_null(ds_find_account(&v, "person:b"));
    assert_null(ds_find_person(&v, "a"));
    assert_null(ds_find_territory(&v, NULL));
    assert_null(ds_find_clause(&v, "7.1"));
    assert_null(ds_find_number(&v, "1"));
}

enum { M = 60000 };

static void test_limits_become_dues(void **state)
{
    struct table *t = *state;
    static const struct {
        struct ds_limit limit;
        enum ds_base base;
        const char *start;
        const char *due;
    } cases[] = {
        {{.form = DS_LIMIT_SPAN, .span_ms = 30 * M},
         DS_BASE_WORKING,
         "2007-01-08 11:45:00.000",
         "2007-01-08 14:15:00.000"},
        {{.form = DS_LIMIT_SPAN, .span_ms = 30 * M},
         DS_BASE_WORKING,
         "2007-01-08 11:30:00.000",
         "2007-01-08 12:00:00.000"},
        {{.form = DS_LIMIT_SPAN, .span_ms = 30 * M},
         DS_BASE_ELAPSED,
         "2007-01-08 11:45:00.000",
         "2007-01-08 12:15:00.000"},
        {{.form = DS_LIMIT_END_OF_DAY},
         DS_BASE_CALENDAR,
         "2007-01-08 00:00:00.000",
         "2007-01-08 23:59:59.999"},
        {{.form = DS_LIMIT_END_OF_DAY},
         DS_BASE_CALENDAR,
         "2007-01-08 23:59:59.999",
         "2007-01-08 23:59:59.999"},
        {{.form = DS_LIMIT_END_OF_WORK, .workdays = 3},
         DS_BASE_WORKING,
         "2007-01-31 23:59:59.999",
         "2007-02-03 18:00:00.000"},
        {{.form = DS_LIMIT_WEEKDAY, .weekday = 0, .time_ms = 720 * M},
         DS_BASE_CALENDAR,
         "2007-01-07 23:59:59.999",
         "2007-01-08 12:00:00.000"},
        {{.form = DS_LIMIT_WEEKDAY, .weekday = 0, .time_ms = 720 * M},
         DS_BASE_CALENDAR,
         "2007-01-08 12:00:00.000",
         "2007-01-08 12:00:00.000"},
        {{.form = DS_LIMIT_WEEKDAY, .weekday = 0, .time_ms = 720 * M},
         DS_BASE_CALENDAR,
         "2007-01-08 12:00:00.001",
         "2007-01-15 12:00:00.000"},
    };
    lay_out(&county, t);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(ds_due(&t->cal, &cases[i].limit, cases[i].base, china(cases[i].start)),
                         china(cases[i].due));
}

static void test_an_offer_is_due_by_the_hours_of_who_is_asked(void **state)
{
    struct table *t = *state;
    lay_out(&county, t);
    const struct ds_account account = {.key = "person:wang", .calendar = &t->cal};
    struct ds_version v = {0};
    v.clocks[DS_CLOCK_ACCEPT].limit = (struct ds_limit){.span_ms = 30 * M};
    v.clocks[DS_CLOCK_ACCEPT].base = DS_BASE_WORKING;
    assert_int_equal(ds_accept_due(&v, &account, china("2007-01-08 11:45:00.000")),
                     china("2007-01-08 14:15:00.000"));
    v.clocks[DS_CLOCK_ACCEPT].base = DS_BASE_ELAPSED;
    assert_int_equal(ds_accept_due(&v, &account, china("2007-01-08 11:45:00.000")),
                     china("2007-01-08 12:15:00.000"));
}

static void test_names_are_those_of_the_proto(void **state)
{
    (void)state;
    assert_string_equal(ds_source_name(DS_INTAKE), "intake");
    assert_string_equal(ds_source_name(DS_DISPATCHER), "dispatcher");
    assert_string_equal(ds_source_name(DS_SURVEY), "callback-survey");
    assert_string_equal(ds_source_name(DS_WATCHER), "sla-watcher");
    assert_string_equal(ds_source_name(DS_LEDGER), "penalty-ledger");
    assert_null(ds_source_name(DS_SOURCE_NONE));
    assert_null(ds_source_name((enum ds_source)77));
    assert_null(ds_clock_name(DS_CLOCK_NONE));
    assert_null(ds_clock_name(DS_CLOCK_COUNT));
    assert_null(ds_clock_name((enum ds_clock)77));
    for (int i = DS_CLOCK_ORDER; i < DS_CLOCK_COUNT; i++) {
        const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value(&ds__clock__name__descriptor, i);
        assert_non_null(value);
        assert_int_equal(strcasecmp(value->name, ds_clock_name((enum ds_clock)i)), 0);
    }
}

/* The numbers are asserted one by one where they are defined; here, that none is missing. */
static void test_the_proto_has_no_words_that_we_lack(void **state)
{
    (void)state;
    assert_int_equal(ds__source__name__descriptor.n_values, DS_SOURCE_COUNT);
    assert_int_equal(ds__kind__name__descriptor.n_values, DS_SYSTEM + 1);
    assert_int_equal(ds__zone__name__descriptor.n_values, DS_ZONE_COUNT);
    assert_int_equal(ds__delay__reason__descriptor.n_values, DS_DELAY_COUNT);
    assert_int_equal(ds__clock__name__descriptor.n_values, DS_CLOCK_COUNT);
    assert_int_equal(ds__verdict__name__descriptor.n_values, DS_CLOSED_PAUSED + 1);
    assert_int_equal(ds__question__name__descriptor.n_values, DS_QUESTION_COUNT);
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
        cmocka_unit_test(test_on_duty_follows_rows_and_dates),
        cmocka_unit_test(test_bands_and_lookups),
        cmocka_unit_test(test_limits_become_dues),
        cmocka_unit_test(test_an_offer_is_due_by_the_hours_of_who_is_asked),
        cmocka_unit_test(test_names_are_those_of_the_proto),
        cmocka_unit_test(test_the_proto_has_no_words_that_we_lack),
    };
    return cmocka_run_group_tests_name("version", tests, make_table, free_table);
}
