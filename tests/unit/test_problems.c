/* SPDX-License-Identifier: MIT
 *
 * Problems as people see them: several at once, in both languages, with places worked out by hand;
 * and calendars that the shipped files do not have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook_files.h"
#include "wire/utf8.h"

static const struct ds_problem misspelt = {.file = "rulebook.yaml",
                                           .line = 12,
                                           .column = 10,
                                           .code = "bad_duration",
                                           .path = "clocks.order.limit",
                                           .found = "10mn",
                                           .expected = "20s 10m 24h"};
static const struct ds_problem unknown = {.file = "directory.yaml",
                                          .line = 3,
                                          .column = 5,
                                          .code = "unknown_skill",
                                          .path = "outlets[qihe].skills[#2]",
                                          .found = "repiar",
                                          .suggestion = "repair"};

static void test_sentences_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        const struct ds_problem *problem;
        int zh;
        const char *text;
    } cases[] = {
        {&misspelt, 0,
         "rulebook.yaml:12:10: clocks.order.limit: found \"10mn\", expected a duration like "
         "20s 10m 24h"},
        {&misspelt, 1,
         "rulebook.yaml:12:10: clocks.order.limit: 写的是“10mn”,应为时长,如 20s 10m 24h"},
        {&unknown, 0,
         "directory.yaml:3:5: outlets[qihe].skills[#2]: no skill \"repiar\" in the list of "
         "skills; did you mean \"repair\"?"},
        {&unknown, 1,
         "directory.yaml:3:5: outlets[qihe].skills[#2]: "
         "技能列表中没有“repiar”;是不是“repair”?"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[300];
        const int len = ds_problem_format(text, sizeof(text), cases[i].problem, cases[i].zh);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(len, strlen(cases[i].text));
    }
}

static void test_a_small_buffer_cuts_whole_characters(void **state)
{
    (void)state;
    const int whole = ds_problem_format(NULL, 0, &misspelt, 1);
    for (size_t size = 1; size <= (size_t)whole + 1; size++) {
        char *buf = malloc(size);
        assert_non_null(buf);
        assert_int_equal(ds_problem_format(buf, size, &misspelt, 1), whole);
        assert_true(strlen(buf) < size && strlen(buf) + 4 > size - 1);
        assert_true(ds_utf8_clean(buf, strlen(buf)));
        free(buf);
    }
}

static void test_places_by_hand(void **state)
{
    static const struct {
        const char *rulebook;
        const char *code;
        uint32_t line, column;
        const char *path;
        const char *found;
    } cases[] = {
        {"format: 1\nname: x\nclauses:\n  - {id: \"7.1\", kind: fin}\n", "unknown_word", 4, 23,
         "clauses[7.1].kind", "fin"},
        {"format: 1\nname: 漆河\nclocks: {order: {漆河: 架桥}}\n", "unknown_key", 3, 18,
         "clocks.order.漆河", "漆河"},
        {"format: 1\nname: x\nclauses:\n- a\n", "not_a_mapping", 4, 3, "clauses[#1]", "a"},
        {"format: 1\nname: x\npauses:\n  parts:\n    cap:  0d\n", "not_positive", 5, 11,
         "pauses.parts.cap", "0d"},
        {"[]\n", "not_a_mapping", 1, 1, "", "[...]"},
        {"plain\n", "not_a_mapping", 1, 1, "", "plain"},
    };
    const struct files *files = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct text text = new_text(cases[i].rulebook, strlen(cases[i].rulebook));
        struct ds_problems problems;
        struct made made;
        assert_int_equal(make(&text, &files->directory, &made, &problems), -1);
        bool found = false;
        for (uint32_t k = 0; k < problems.n; k++) {
            const struct ds_problem *p = &problems.list[k];
            check_problem(p);
            found |= strcmp(p->code, cases[i].code) == 0 && p->line == cases[i].line &&
                     p->column == cases[i].column && strcmp(p->path, cases[i].path) == 0 &&
                     strcmp(p->found, cases[i].found) == 0;
        }
        if (!found) fail_msg("no %s at %s", cases[i].code, cases[i].path);
        free_text(&text);
    }
}

static void test_reading_goes_on_after_a_problem(void **state)
{
    const struct files *files = *state;
    struct text first = replaced(&files->rulebook, "ahead_max: 2m", "ahead_max: 2");
    struct text second = replaced(&first, "near_up_to: 20km", "near_up_to: 20");
    struct text third = replaced(&second, "like: fri", "like: fry");
    struct text directory = replaced(&files->directory, "mode: auto", "mode: automatic");
    struct ds_problems problems;
    struct made made;
    assert_int_equal(make(&third, &directory, &made, &problems), -1);
    static const char *const codes[] = {"unknown_word", "bad_distance", "bad_duration",
                                        "unknown_word"};
    assert_int_equal(problems.n, 4);
    assert_int_equal(problems.more, 0);
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(problems.list[i].code, codes[i]);
    free_text(&first);
    free_text(&second);
    free_text(&third);
    free_text(&directory);
}

static void test_twenty_problems_are_listed_and_the_rest_counted(void **state)
{
    const struct files *files = *state;
    struct text text = new_text("a: b\n", 5);
    struct ds_problems problems;
    struct made made;
    char skills[1024] = "format: 1\nskills: [";
    for (int i = 0; i < 50; i++)
        strcat(skills, "a b,");
    strcat(skills, "]\n");
    struct text directory = new_text(skills, strlen(skills));
    assert_int_equal(make(&files->rulebook, &directory, &made, &problems), -1);
    assert_int_equal(problems.n, DS_PROBLEMS_MAX);
    assert_int_equal(problems.more, 50 + 3 - DS_PROBLEMS_MAX); /* areas, territories, people */
    assert_int_equal(make(&text, &text, &made, &problems), -1);
    for (uint32_t i = 0; i < problems.n; i++)
        check_problem(&problems.list[i]);
    free_text(&directory);
    free_text(&text);
}

/* ---- calendars ---- */

static void test_a_calendar_needs_working_time(void **state)
{
    const struct files *files = *state;
    const char *end = strstr(files->rulebook.bytes, "calendars:\n");
    assert_non_null(end);
    struct text text = new_text(files->rulebook.bytes, (size_t)(end - files->rulebook.bytes));
    struct text with = new_text("", 0);
    free_text(&with);
    static const char calendars[] = "calendars:\n"
                                    "  - {id: county, zone: UTC, week: {sun: []}}\n"
                                    "  - {id: county, zone: UTC, week: {sat: \"00:00-24:00\"}}\n";
    with.len = text.len + strlen(calendars);
    with.bytes = malloc(with.len + 1);
    assert_non_null(with.bytes);
    memcpy(with.bytes, text.bytes, text.len);
    memcpy(with.bytes + text.len, calendars, sizeof(calendars));
    struct ds_problems problems;
    struct made made;
    assert_int_equal(make(&with, &files->directory, &made, &problems), -1);
    assert_int_equal(problems.n, 2);
    assert_string_equal(problems.list[0].code, "no_working_time");
    assert_int_equal(problems.list[0].column, 5);
    assert_string_equal(problems.list[1].code, "duplicate_id");
    assert_int_equal(problems.list[1].line, problems.list[0].line + 1);
    free_text(&text);
    free_text(&with);
}

static void test_a_calendar_across_summer_time(void **state)
{
    enum { H = 3600000 };
    const struct files *shipped = *state;
    struct files files = {.directory = shipped->directory};
    struct text berlin = replaced(&shipped->rulebook, "zone: Asia/Shanghai", "zone: Europe/Berlin");
    files.rulebook = replaced(&berlin, "sun: []", "sun: [\"01:00-04:00\"]");
    struct text plain = replaced(&files.rulebook, "- {date: 2007-02-25, like: fri}", "[]");
    struct text fixed = replaced(&plain, "    make_up:\n", "    # make_up:\n");
    free_text(&files.rulebook);
    files.rulebook = replaced(&fixed, "      []", "");
    struct ds_version *v = compiled(&files);
    const struct ds_calendar *cal = &v->calendars[0];
    static const struct {
        const char *sunday;
        int hours;
    } cases[] = {{"2007-03-18", 3}, {"2007-03-25", 2}, {"2007-10-28", 4},
                 {"2059-03-30", 2}, {"2060-10-31", 4}, {"2060-12-26", 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int32_t day = 0;
        assert_true(ds_parse_date(cases[i].sunday, &day));
        const int64_t from = ds_from_local(cal->zone, day, 0);
        const int64_t to = ds_from_local(cal->zone, day + 1, 0);
        assert_int_equal(ds_cal_between(cal, from, to), cases[i].hours * H);
        assert_int_equal(ds_cal_add(cal, from, cases[i].hours * H),
                         ds_from_local(cal->zone, day, 4 * H));
    }
    ds_version_destroy(v);
    free_text(&berlin);
    free_text(&plain);
    free_text(&fixed);
    free_text(&files.rulebook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences_in_both_languages),
        cmocka_unit_test(test_a_small_buffer_cuts_whole_characters),
        cmocka_unit_test(test_places_by_hand),
        cmocka_unit_test(test_reading_goes_on_after_a_problem),
        cmocka_unit_test(test_twenty_problems_are_listed_and_the_rest_counted),
        cmocka_unit_test(test_a_calendar_needs_working_time),
        cmocka_unit_test(test_a_calendar_across_summer_time),
    };
    return cmocka_run_group_tests_name("problems", tests, read_files, free_files);
}
