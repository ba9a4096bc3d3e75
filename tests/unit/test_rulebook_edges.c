/* SPDX-License-Identifier: MIT
 *
 * Changes to the shipped files that are just still right, and what becomes of them: equal limits,
 * touching spans, own calendars, days off. The other side of each edge is in the *_wrong tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook_files.h"

enum { H = 3600000 };

struct change {
    const char *old;
    const char *by;
};

/* The shipped files with changes to the rulebook (n of them) and one to the directory, compiled. */
static struct ds_version *with(const struct files *shipped, const struct change *changes, size_t n,
                               const struct change *in_directory)
{
    struct files files = {.rulebook = new_text(shipped->rulebook.bytes, shipped->rulebook.len),
                          .directory = new_text(shipped->directory.bytes, shipped->directory.len)};
    for (size_t i = 0; i < n; i++) {
        struct text next = replaced(&files.rulebook, changes[i].old, changes[i].by);
        free_text(&files.rulebook);
        files.rulebook = next;
    }
    if (in_directory) {
        struct text next = replaced(&files.directory, in_directory->old, in_directory->by);
        free_text(&files.directory);
        files.directory = next;
    }
    struct ds_version *v = compiled(&files);
    free_text(&files.rulebook);
    free_text(&files.directory);
    return v;
}

static int32_t day_of(const char *date)
{
    int32_t day = 0;
    assert_true(ds_parse_date(date, &day));
    return day;
}

static int64_t work_on(const struct ds_calendar *cal, const char *date)
{
    const int32_t day = day_of(date);
    return ds_cal_between(cal, ds_from_local(cal->zone, day, 0),
                          ds_from_local(cal->zone, day + 1, 0));
}

static void test_equal_limits_are_no_contradiction(void **state)
{
    static const struct change changes[] = {
        {"near: 48h", "near: 24h"},
        {"far: 72h", "far: 24h"},
        {"urgent: 24h", "urgent: 72h"},
        {"days: 2 ", "days: 3 "},
        {"warn_after: 10m\n", "warn_after: 29m\n"},
        {"tolerance: 1.00元", "tolerance: 0fen"},
        {"- id: \"7.24\"", "- id: \"7.24.1\""},
    };
    struct ds_version *v = with(*state, changes, sizeof(changes) / sizeof(changes[0]), NULL);
    assert_int_equal(v->band_ms[DS_FAR], 24 * H);
    assert_int_equal(v->complaint_urgent_ms, 72 * H);
    assert_int_equal(v->callback_days, 3);
    assert_int_equal(v->clocks[DS_CLOCK_ACCEPT].warn_after_ms, 29 * 60000);
    assert_int_equal(v->charge_tolerance_fen, 0);
    assert_non_null(ds_find_clause(v, "7.24.1"));
    ds_version_destroy(v);
}

static void test_other_forms_of_the_same(void **state)
{
    static const struct change changes[] = {
        {"limit: 10m\n", "limit: {at: end_of_work, workdays: 1}\n"},
        {"    base: working\n    warn: 50%\n    grace: 2h\n    ours: [base, warn, grace]\n\n  # "
         "report received -> on site",
         "    base: working\n    warn_after: 2h\n    grace: 1d\n    ours: [base]\n\n  # report "
         "received -> on site"},
        {"warn: 75%\n    grace: 14h", "warn: 12.5%\n    grace: 14h"},
        {"bad_when: \"no\"}\n  visited", "bad_when: yes}\n  visited"},
        {"cap: 15d, at", "cap: 360h, at"},
    };
    struct ds_version *v = with(*state, changes, sizeof(changes) / sizeof(changes[0]), NULL);
    const struct ds_clock_rule *contact = &v->clocks[DS_CLOCK_CONTACT];
    assert_int_equal(contact->limit.form, DS_LIMIT_END_OF_WORK);
    assert_int_equal(contact->limit.workdays, 1);
    assert_int_equal(contact->warn_after_ms, 2 * H);
    assert_int_equal(contact->grace_ms, 24 * H);
    assert_int_equal(v->clocks[DS_CLOCK_COMPLAINT].warn_permille, 125);
    assert_true(v->questions[DS_Q_FIXED].bad_when_yes);
    assert_int_equal(v->pauses[DS_DELAY_PARTS].cap_ms, 360 * (int64_t)H);
    ds_version_destroy(v);
}

static void test_spans_may_touch_and_holidays_may_fall_on_days_off(void **state)
{
    static const struct change changes[] = {
        {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: [\"00:00-12:00\", \"12:00-24:00\"]"},
        {"tue: [\"08:00-12:00\", \"14:00-18:00\"]", "tue: \"00:00-06:00\""},
        {"    holidays:\n", "    holidays:\n      - 2007-03-04\n      - 2007-03-07\n"},
        {"- {date: 2007-02-25, like: fri}", "- {date: 2007-02-25, hours: [\"09:00-10:00\"]}\n"
                                            "      - {date: 2007-03-11, like: tue}"},
    };
    struct ds_version *v = with(*state, changes, sizeof(changes) / sizeof(changes[0]), NULL);
    const struct ds_calendar *cal = &v->calendars[0];
    assert_int_equal(work_on(cal, "2007-03-05"), 24 * H);
    assert_int_equal(work_on(cal, "2007-03-06"), 6 * H);
    assert_int_equal(work_on(cal, "2007-03-04"), 0); /* a Sunday and a holiday */
    assert_int_equal(work_on(cal, "2007-03-07"), 0); /* a Wednesday */
    assert_int_equal(work_on(cal, "2007-03-08"), 8 * H);
    assert_int_equal(work_on(cal, "2007-02-25"), H);
    assert_int_equal(work_on(cal, "2007-03-11"), 6 * H);
    const int64_t monday = ds_from_local(cal->zone, day_of("2007-03-05"), 0);
    assert_int_equal(ds_cal_add(cal, monday, 24 * H), monday + 24 * H);
    assert_int_equal(ds_cal_add(cal, monday, 30 * H), monday + 30 * H); /* on through midnight */
    assert_int_equal(ds_cal_end_of_work(cal, monday - 1, 1), monday + 24 * H);
    ds_version_destroy(v);
}

static void test_half_days(void **state)
{
    static const struct change changes[] = {
        {"    holidays:\n",
         "    holidays:\n"
         "      - {date: 2007-03-05, hours: [\"08:00-12:00\"], name: eve}\n"
         "      - {date: 2007-03-06, hours: \"14:00-18:00\"}\n"
         "      - {date: 2007-03-07, hours: [\"09:00-10:00\", \"16:30-18:00\"]}\n"
         "      - {date: 2007-03-08, hours: []}\n"
         "      - {date: 2007-03-12, hours: [\"08:00-12:00\"]}\n"},
        {"{date: 2007-02-25, like: fri}", "{date: 2007-02-25, like: fri}\n"
                                          "      - {date: 2007-03-04, like: mon}"},
    };
    struct ds_version *v = with(*state, changes, sizeof(changes) / sizeof(changes[0]), NULL);
    const struct ds_calendar *cal = &v->calendars[0];
    assert_int_equal(work_on(cal, "2007-03-04"), 8 * H); /* as Mondays are, not as that one is */
    assert_int_equal(work_on(cal, "2007-03-05"), 4 * H);
    assert_int_equal(work_on(cal, "2007-03-06"), 4 * H);
    assert_int_equal(work_on(cal, "2007-03-07"), 2 * H + H / 2);
    assert_int_equal(work_on(cal, "2007-03-08"), 0);
    assert_int_equal(work_on(cal, "2007-03-12"), 4 * H);
    assert_int_equal(work_on(cal, "2007-03-19"), 8 * H);
    const int64_t sunday = ds_from_local(cal->zone, day_of("2007-03-04"), 0);
    assert_int_equal(ds_cal_end_of_work(cal, sunday, 1), sunday + (24 + 12) * H);
    assert_int_equal(ds_cal_end_of_work(cal, sunday, 4), sunday + (5 * 24 + 18) * H);
    ds_version_destroy(v);
}

/* 02:00 to 03:00 does not exist in Berlin on 2007-03-25: that Sunday is a day off. */
static void test_hours_that_do_not_exist(void **state)
{
    static const struct change changes[] = {
        {"zone: Asia/Shanghai", "zone: Europe/Berlin"},
        {"sun: []", "sun: [\"02:00-03:00\"]"},
        {"    make_up:\n", ""},
        {"      - {date: 2007-02-25, like: fri}\n", ""},
    };
    struct ds_version *v = with(*state, changes, sizeof(changes) / sizeof(changes[0]), NULL);
    const struct ds_calendar *cal = &v->calendars[0];
    assert_int_equal(work_on(cal, "2007-03-18"), H);
    assert_int_equal(work_on(cal, "2007-03-25"), 0);
    assert_int_equal(work_on(cal, "2007-10-28"), 2 * H);
    const uint32_t day = (uint32_t)(day_of("2007-03-25") - cal->first_day);
    assert_int_equal(cal->day_span[day], cal->day_span[day + 1]);
    for (uint32_t i = 0; i < cal->n_spans; i++)
        assert_true(cal->spans[i].to_ms > cal->spans[i].from_ms);
    ds_version_destroy(v);
}

static const struct change second_calendar = {
    "calendars:\n", "calendars:\n  - {id: night, zone: Asia/Shanghai, week: {mon: "
                    "\"20:00-24:00\"}}\n"};

static void test_somebody_may_have_a_calendar_of_his_own(void **state)
{
    static const struct {
        const char *old, *by, *person, *calendar;
    } cases[] = {
        {"name: 王强\n", "name: 王强\n    calendar: night\n", "wang", "night"},
        {"name: 王强\n", "name: 王强\n", "wang", "county"},
        {"name: 漆河网点\n", "name: 漆河网点\n    calendar: night\n", "qihe-deng", "night"},
        {"name: 邓师傅, ", "name: 邓师傅, calendar: night, ", "qihe-deng", "night"},
        {"name: 林静, ", "name: 林静, calendar: night, ", "lin", "night"},
        {"name: 刘经理, role: manager, calendar: county",
         "name: 刘经理, role: manager, "
         "territory: river",
         "liu", "county"},
        {"mode: clerk\n    calendar: county", "mode: clerk\n    calendar: night", "sun", "night"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct change change = {cases[i].old, cases[i].by};
        struct ds_version *v = with(*state, &second_calendar, 1, &change);
        const struct ds_person *person = ds_find_person(v, cases[i].person);
        assert_string_equal(person->calendar->name, cases[i].calendar);
        if (person->account && strncmp(person->account->key, "person:", 7) == 0)
            assert_ptr_equal(person->account->calendar, person->calendar);
        assert_int_equal(v->n_calendars, 2);
        assert_ptr_equal(v->calendars[0].zone, v->calendars[1].zone); /* one zone, kept once */
        ds_version_destroy(v);
    }
    const struct change outlet = {"name: 漆河网点\n", "name: 漆河网点\n    calendar: night\n"};
    struct ds_version *v = with(*state, &second_calendar, 1, &outlet);
    assert_string_equal(ds_find_account(v, "outlet:qihe")->calendar->name, "night");
    assert_string_equal(ds_find_account(v, "outlet:jianshi")->calendar->name, "county");
    ds_version_destroy(v);
}

/* Everything is found whatever its place in the file. */
static void test_order_in_the_file_does_not_matter(void **state)
{
    const struct change first = {"territories:\n",
                                 "territories:\n"
                                 "  - {id: zzz, name: last, partition: 0, mode: auto, "
                                 "calendar: county, hotline: [{days: [mon], "
                                 "hours: \"08:00-09:00\", people: [zoe]}]}\n"};
    struct files files = *(const struct files *)*state;
    files.directory = replaced(&files.directory, first.old, first.by);
    const struct change people = {"people:\n  # front",
                                  "people:\n  - {id: zoe, name: Zoe, role: clerk, territory: zzz}\n"
                                  "  # front"};
    struct ds_version *v = with(&files, NULL, 0, &people);
    static const char *const ids[] = {"county", "river", "zzz"};
    assert_int_equal(v->n_territories, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_string_equal(v->territories[i].id, ids[i]);
    for (uint32_t i = 1; i < v->n_roster; i++)
        assert_true(v->roster[i].territory >= v->roster[i - 1].territory);
    const struct ds_person *duty[2];
    const struct ds_territory *zzz = ds_find_territory(v, "zzz");
    const int64_t at_ms = ds_from_local(zzz->calendar->zone, day_of("2007-03-05"), 8 * H);
    assert_int_equal(ds_on_duty(v, zzz, at_ms, duty, 2), 1);
    assert_string_equal(duty[0]->id, "zoe");
    assert_ptr_equal(duty[0]->territory, zzz);
    ds_version_destroy(v);
    free_text(&files.directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_limits_are_no_contradiction),
        cmocka_unit_test(test_other_forms_of_the_same),
        cmocka_unit_test(test_spans_may_touch_and_holidays_may_fall_on_days_off),
        cmocka_unit_test(test_half_days),
        cmocka_unit_test(test_hours_that_do_not_exist),
        cmocka_unit_test(test_somebody_may_have_a_calendar_of_his_own),
        cmocka_unit_test(test_order_in_the_file_does_not_matter),
    };
    return cmocka_run_group_tests_name("rulebook_edges", tests, read_files, free_files);
}
