/* SPDX-License-Identifier: MIT
 *
 * What of YAML is refused, with the place in figures; what is read, and how; and texts made to hurt
 * a parser. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook/yaml.h"
#include "rulebook_files.h"

struct wrong {
    const char *bytes;
    size_t len;
    const char *code;
    uint32_t line;
    uint32_t column;
};

#define TEXT(text) text, sizeof(text) - 1

static const struct wrong wrong[] = {
    /* bytes */
    {TEXT(""), "empty", 1, 1},
    {TEXT("# only a comment\n"), "empty", 1, 1},
    {TEXT("a: b\0"), "control_character", 1, 5},
    {TEXT("\0"), "control_character", 1, 1},
    {TEXT("\xEF\xBB\xBF"
          "a: b\n"),
     "byte_order_mark", 1, 1},
    {TEXT("a: b\n# \xEF\xBB\xBF\n"), "byte_order_mark", 2, 3},
    {TEXT("\xFF\xFE"
          "a\0:\0 \0b\0"),
     "not_utf8", 1, 1}, /* UTF-16 */
    {TEXT("a: \xC3\n"), "not_utf8", 1, 4},
    {TEXT("漆河: b\n剪市: \x80\n"), "not_utf8", 2, 5}, /* columns are characters */
    {TEXT("a: \xED\xA0\x80\n"), "not_utf8", 1, 4},     /* a surrogate */
    {TEXT("a: \xC0\xAF\n"), "not_utf8", 1, 4},         /* overlong */
    {TEXT("a: b\x1B[31m\n"), "control_character", 1, 5},
    {TEXT("a: b\rc: d\n"), "control_character", 1, 5}, /* an old line break */
    {TEXT("a: b\xC2\x85"
          "c: d\n"),
     "control_character", 1, 5},
    {TEXT("a: b\xE2\x80\xA8"
          "c: d\n"),
     "control_character", 1, 5},
    {TEXT("a: \xE2\x80\xAE"
          "b\n"),
     "control_character", 1, 4},                         /* right to left */
    {TEXT("a: \"b\\0c\"\n"), "control_character", 1, 4}, /* from an escape */
    {TEXT("a: \"b\\ec\"\n"), "control_character", 1, 4},
    {TEXT("a: \"b\\nc\"\n"), "control_character", 1, 4},
    {TEXT("a: \"b\\u2028c\"\n"), "control_character", 1, 4},
    {TEXT("a: \"b\tc\"\n"), "control_character", 1, 4}, /* nobody sees that it is a tab */
    /* syntax */
    {TEXT("a: b\n\tc: d\n"), "syntax", 2, 1},
    {TEXT("a: [b\n"), "syntax", 2, 1},
    {TEXT("a: \"b\n"), "syntax", 2, 1},
    {TEXT("a: b: c\n"), "syntax", 1, 5},
    {TEXT("a: b\n c: d\n"), "multi_line", 1, 4},
    {TEXT("a: @b\n"), "syntax", 1, 4},
    {TEXT("a: \"\\ud800\"\n"), "syntax", 1, 7},
    /* documents */
    {TEXT("a: b\n---\nc: d\n"), "several_documents", 2, 1},
    {TEXT("a: b\n...\nc: d\n"), "syntax", 3, 1},
    {TEXT("a: b\n...\n---\nc: d\n"), "several_documents", 3, 1},
    {TEXT("%YAML 1.1\n---\na: b\n"), "directive", 1, 1},
    {TEXT("%TAG ! tag:x,2007:\n---\na: b\n"), "directive", 1, 1},
    /* what could make one text mean another */
    {TEXT("a: &x b\n"), "anchor", 1, 4},
    {TEXT("a: &x [b]\n"), "anchor", 1, 4},
    {TEXT("&x a: b\n"), "anchor", 1, 1},
    {TEXT("a: *x\n"), "alias", 1, 4},
    {TEXT("<<: {a: b}\n"), "merge_key", 1, 1},
    {TEXT("a: !!str b\n"), "tag", 1, 4},
    {TEXT("a: !local b\n"), "tag", 1, 4},
    {TEXT("a: ! b\n"), "tag", 1, 4},
    {TEXT("a: !!map {b: c}\n"), "tag", 1, 4},
    {TEXT("a: |\n  b\n"), "multi_line", 1, 4},
    {TEXT("a: >\n  b\n"), "multi_line", 1, 4},
    {TEXT("a: b\n  c\n"), "multi_line", 1, 4},
    {TEXT("a: \"b\n  c\"\n"), "multi_line", 1, 4},
    {TEXT("a: b\na: c\n"), "duplicate_key", 2, 1},
    {TEXT("a: b\n\"a\": c\n"), "duplicate_key", 2, 1},
    {TEXT("a: {b: c, b: d}\n"), "duplicate_key", 1, 11},
    {TEXT("? [a]\n: b\n"), "bad_key", 1, 3},
    {TEXT("{a: b}: c\n"), "bad_key", 1, 1},
    {TEXT("[[[[[[[[[a]]]]]]]]]\n"), "too_deep", 1, 9},
    {TEXT("a: {b: {c: {d: {e: {f: {g: {h: {i: j}}}}}}}}\n"), "too_deep", 1, 32},
};

static void check_wrong(const struct wrong *w)
{
    struct ds_problems problems = {0};
    struct text text = new_text(w->bytes, w->len);
    struct ds_yaml *doc = ds_yaml_parse(text.bytes, text.len, "x.yaml", &problems);
    if (doc) fail_msg("\"%s\" was parsed", w->bytes);
    assert_true(problems.n > 0);
    const struct ds_problem *p = &problems.list[0];
    check_problem(p);
    if (strcmp(p->code, w->code) != 0 || p->line != w->line || p->column != w->column)
        fail_msg("\"%s\" gave %s at %u:%u, expected %s at %u:%u", w->bytes, p->code, p->line,
                 p->column, w->code, w->line, w->column);
    free_text(&text);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        check_wrong(&wrong[i]);
}

static void test_several_faults_of_form_are_found_at_once(void **state)
{
    (void)state;
    static const char text[] = "a: &x b\nc: *x\nd: !t e\nd: f\n";
    struct ds_problems problems = {0};
    assert_null(ds_yaml_parse(text, sizeof(text) - 1, "x.yaml", &problems));
    static const char *const codes[] = {"anchor", "alias", "tag", "duplicate_key"};
    assert_int_equal(problems.n, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_string_equal(problems.list[i].code, codes[i]);
        assert_int_equal(problems.list[i].line, i + 1);
    }
}

/* ---- what is read ---- */

static struct ds_yaml *parsed(const char *text, struct ds_problems *problems)
{
    *problems = (struct ds_problems){0};
    struct ds_yaml *doc = ds_yaml_parse(text, strlen(text), "x.yaml", problems);
    if (!doc) fail_msg("\"%s\" gave %s", text, problems->list[0].code);
    return doc;
}

static void test_scalars_are_read_as_asked(void **state)
{
    (void)state;
    struct ds_problems problems;
    struct ds_yaml *doc = parsed("---\r\nn: -7\r\nt: 'a ''b'''\nb: true\nd: 3d\nm: 50.00元\n"
                                 "f: 5000fen\nk: 20km\nday: 2007-02-18\nc: \"24:00\"\n"
                                 "s: 08:00-12:00\nw: no\nlist: [1, {x: 2}]\n",
                                 &problems);
    const struct ds_yaml_node *root = ds_yaml_root(doc);
    const char *text = NULL;
    int64_t value = 0;
    int64_t to = 0;
    int32_t day = 0;
    int word = 0;
    bool yes = false;
    static const char *const words[] = {"yes", "no", NULL};
    assert_true(ds_yaml_int(doc, ds_yaml_get(root, "n"), -7, 7, &value) && value == -7);
    assert_true(ds_yaml_text(doc, ds_yaml_get(root, "t"), &text));
    assert_string_equal(text, "a 'b'");
    assert_true(ds_yaml_bool(doc, ds_yaml_get(root, "b"), &yes) && yes);
    assert_true(ds_yaml_duration(doc, ds_yaml_get(root, "d"), true, &value));
    assert_int_equal(value, 3 * (int64_t)DS_DAY_MS);
    assert_true(ds_yaml_money(doc, ds_yaml_get(root, "m"), &value) && value == 5000);
    assert_true(ds_yaml_money(doc, ds_yaml_get(root, "f"), &value) && value == 5000);
    assert_true(ds_yaml_metres(doc, ds_yaml_get(root, "k"), &value) && value == 20000);
    assert_true(ds_yaml_date(doc, ds_yaml_get(root, "day"), &day) && day == 13562);
    assert_true(ds_yaml_time(doc, ds_yaml_get(root, "c"), &value) && value == DS_DAY_MS);
    assert_true(ds_yaml_span(doc, ds_yaml_get(root, "s"), &value, &to));
    assert_true(value == 8 * DS_HOUR_MS && to == 12 * DS_HOUR_MS);
    assert_true(ds_yaml_word(doc, ds_yaml_get(root, "w"), words, &word) && word == 1);
    const struct ds_yaml_node *list = ds_yaml_get(root, "list");
    assert_int_equal(ds_yaml_count(list), 2);
    assert_null(ds_yaml_key(list, 0));
    assert_string_equal(ds_yaml_key(ds_yaml_item(list, 1), 0), "x");
    assert_null(ds_yaml_item(list, 2));
    assert_int_equal(problems.n, 0);
    ds_yaml_destroy(doc);
}

static void test_an_absent_node_is_no_problem_for_readers(void **state)
{
    (void)state;
    struct ds_problems problems;
    struct ds_yaml *doc = parsed("a: b\n", &problems);
    static const char *const words[] = {"a", NULL};
    const struct ds_yaml_node *none = ds_yaml_get(ds_yaml_root(doc), "c");
    const char *text = "kept";
    int64_t value = 77;
    int32_t day = 77;
    int word = 77;
    bool yes = true;
    assert_null(none);
    assert_false(ds_yaml_mapping(doc, none, words));
    assert_false(ds_yaml_sequence(doc, none));
    assert_false(ds_yaml_text(doc, none, &text));
    assert_false(ds_yaml_id(doc, none, &text));
    assert_false(ds_yaml_int(doc, none, 0, 1, &value));
    assert_false(ds_yaml_bool(doc, none, &yes));
    assert_false(ds_yaml_duration(doc, none, true, &value));
    assert_false(ds_yaml_money(doc, none, &value));
    assert_false(ds_yaml_metres(doc, none, &value));
    assert_false(ds_yaml_date(doc, none, &day));
    assert_false(ds_yaml_time(doc, none, &value));
    assert_false(ds_yaml_span(doc, none, &value, &value));
    assert_false(ds_yaml_word(doc, none, words, &word));
    assert_null(ds_yaml_need(doc, none, "d"));
    assert_null(ds_yaml_item(none, 0));
    assert_null(ds_yaml_key(none, 0));
    assert_null(ds_yaml_key_node(none, 0));
    assert_int_equal(ds_yaml_count(none), 0);
    assert_int_equal(problems.n, 0);
    assert_string_equal(text, "kept");
    assert_true(value == 77 && day == 77 && word == 77 && yes);
    ds_yaml_problem(doc, none, "bad_text", "");
    assert_true(problems.n == 1 && problems.list[0].line == 1 && problems.list[0].column == 1);
    ds_yaml_destroy(doc);
    ds_yaml_destroy(NULL);
    assert_null(ds_yaml_root(NULL));
}

static void test_a_refused_scalar_leaves_its_target_alone(void **state)
{
    (void)state;
    struct ds_problems problems;
    struct ds_yaml *doc = parsed("a: x\n", &problems);
    const struct ds_yaml_node *node = ds_yaml_get(ds_yaml_root(doc), "a");
    int64_t value = 77;
    int64_t to = 78;
    int32_t day = 79;
    bool yes = true;
    assert_false(ds_yaml_int(doc, node, 0, 1, &value));
    assert_false(ds_yaml_bool(doc, node, &yes));
    assert_false(ds_yaml_duration(doc, node, true, &value));
    assert_false(ds_yaml_money(doc, node, &value));
    assert_false(ds_yaml_metres(doc, node, &value));
    assert_false(ds_yaml_date(doc, node, &day));
    assert_false(ds_yaml_time(doc, node, &value));
    assert_false(ds_yaml_span(doc, node, &value, &to));
    assert_true(value == 77 && to == 78 && day == 79 && yes);
    static const char *const codes[] = {"bad_number",   "bad_bool", "bad_duration", "bad_money",
                                        "bad_distance", "bad_date", "bad_time",     "bad_span"};
    assert_int_equal(problems.n, 8);
    for (uint32_t i = 0; i < 8; i++) {
        assert_string_equal(problems.list[i].code, codes[i]);
        check_problem(&problems.list[i]);
    }
    ds_yaml_destroy(doc);
}

static void test_suggestions_are_near_or_none(void **state)
{
    (void)state;
    static const char *const words[] = {"city", "near", "a", NULL};
    static const struct {
        const char *word, *suggestion;
    } cases[] = {{"cit", "city"}, {"ctiy", "city"}, {"xity", "city"}, {"cityy", "city"}, {"ne", ""},
                 {"b", ""},       {"far", ""},      {"CITY", ""},     {"neat", "near"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[32];
        int word = 0;
        struct ds_problems problems;
        (void)snprintf(text, sizeof(text), "a: %s\n", cases[i].word);
        struct ds_yaml *doc = parsed(text, &problems);
        assert_false(ds_yaml_word(doc, ds_yaml_get(ds_yaml_root(doc), "a"), words, &word));
        assert_string_equal(problems.list[0].suggestion, cases[i].suggestion);
        assert_string_equal(problems.list[0].expected, "city, near, a");
        ds_yaml_destroy(doc);
    }
}

/* ---- texts made to hurt ---- */

static void check_repeated(const char *head, const char *part)
{
    const size_t part_len = strlen(part);
    struct text text = new_text("", 0);
    free_text(&text);
    text.bytes = malloc(DS_RULEBOOK_BYTES_MAX);
    assert_non_null(text.bytes);
    text.len = (size_t)snprintf(text.bytes, 64, "%s", head);
    for (; text.len + part_len <= DS_RULEBOOK_BYTES_MAX; text.len += part_len)
        memcpy(text.bytes + text.len, part, part_len);
    struct ds_problems problems = {0};
    struct ds_yaml *doc = ds_yaml_parse(text.bytes, text.len, "x.yaml", &problems);
    if (doc) fail_msg("half a megabyte of \"%s\" was parsed", part);
    assert_true(problems.n > 0 && problems.n <= DS_PROBLEMS_MAX);
    for (uint32_t i = 0; i < problems.n; i++)
        check_problem(&problems.list[i]);
    free_text(&text);
}

static void test_half_a_megabyte_of_nonsense(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "[",  "{",   "- ",   "? ",       "a: ",    "\"",    "' ",  "&a ", "*a ",   "!a ",
        "|",  "[a,", "{a: ", "- - ",     "a\n",    ": ",    "-\n", "%",   "---\n", "...\n",
        "[]", "\t",  "&a [", "- &a x\n", "- *a\n", "\"\\x", "@",   ",",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        check_repeated("", parts[i]);
        check_repeated("a: [", parts[i]);
    }
    check_repeated("", "a: b\n");           /* one key, very often */
    check_repeated("- &a [x]\n", "- *a\n"); /* more problems than the list holds */
}

static void test_bounds_of_size_and_number(void **state)
{
    (void)state;
    struct ds_problems problems = {0};
    char *text = malloc(DS_RULEBOOK_BYTES_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', DS_RULEBOOK_BYTES_MAX + 1);
    memcpy(text, "a: b #", 6);
    struct ds_yaml *doc = ds_yaml_parse(text, DS_RULEBOOK_BYTES_MAX, "x.yaml", &problems);
    assert_non_null(doc);
    ds_yaml_destroy(doc);
    assert_null(ds_yaml_parse(text, DS_RULEBOOK_BYTES_MAX + 1, "x.yaml", &problems));
    assert_string_equal(problems.list[0].code, "too_large");
    size_t len = 0;
    for (int i = 0; i < 257; i++)
        len += (size_t)sprintf(text + len, "k%d: v\n", i);
    problems = (struct ds_problems){0};
    assert_null(ds_yaml_parse(text, len, "x.yaml", &problems));
    assert_string_equal(problems.list[0].code, "too_many");
    assert_int_equal(problems.list[0].line, 257);
    assert_non_null(doc = ds_yaml_parse(text, len - strlen("k256: v\n"), "x.yaml", &problems));
    ds_yaml_destroy(doc);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_several_faults_of_form_are_found_at_once),
        cmocka_unit_test(test_scalars_are_read_as_asked),
        cmocka_unit_test(test_an_absent_node_is_no_problem_for_readers),
        cmocka_unit_test(test_a_refused_scalar_leaves_its_target_alone),
        cmocka_unit_test(test_suggestions_are_near_or_none),
        cmocka_unit_test(test_half_a_megabyte_of_nonsense),
        cmocka_unit_test(test_bounds_of_size_and_number),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
