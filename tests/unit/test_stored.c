/* SPDX-License-Identifier: MIT
 *
 * The stored form of a version: its hash is stable, it alone is read when a version is compiled,
 * and damaged ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "proto/intake.pb-c.h"
#include "rulebook_files.h"

static int64_t at(const struct ds_version *v, const char *date, int64_t time_ms)
{
    int32_t day = 0;
    assert_true(ds_parse_date(date, &day));
    return ds_from_local(v->calendars[0].zone, day, time_ms);
}

static void test_the_hash_is_that_of_the_bytes_and_stable(void **state)
{
    const struct files *files = *state;
    struct ds_problems problems;
    struct made one, two, other;
    uint8_t hash[32];
    char hex[65];
    assert_int_equal(make(&files->rulebook, &files->directory, &one, &problems), 0);
    assert_int_equal(make(&files->rulebook, &files->directory, &two, &problems), 0);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.bytes, two.bytes, one.len);
    assert_string_equal(one.hash, two.hash);
    assert_int_equal(crypto_generichash(hash, sizeof(hash), one.bytes, one.len, NULL, 0), 0);
    assert_non_null(sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash)));
    assert_string_equal(one.hash, hex);
    struct text changed = replaced(&files->rulebook, "# Working hours.", "# Working hours!");
    assert_int_equal(make(&changed, &files->directory, &other, &problems), 0);
    assert_string_not_equal(one.hash, other.hash);
    free_text(&changed);
    free(one.bytes);
    free(two.bytes);
    free(other.bytes);
}

static void test_compiled_twice_is_equal(void **state)
{
    struct ds_version *one = compiled(*state);
    struct ds_version *two = compiled(*state);
    char *first = dumped(one);
    char *second = dumped(two);
    assert_true(strlen(first) > 100000);
    assert_string_equal(first, second);
    free(first);
    free(second);
    ds_version_destroy(one);
    ds_version_destroy(two);
    ds_version_destroy(NULL);
}

/* Rows that no zone file has: if they show, the bytes were read and nothing else. */
static void test_zones_come_from_the_stored_rows(void **state)
{
    const struct files *files = *state;
    struct ds_problems problems;
    struct made made;
    assert_int_equal(make(&files->rulebook, &files->directory, &made, &problems), 0);
    Ds__Version *stored = ds__version__unpack(NULL, made.len, made.bytes);
    assert_int_equal(stored->n_zones, 1);
    assert_string_equal(stored->zones[0]->name, "Asia/Shanghai");
    stored->zones[0]->offset_s[0] = 9 * 3600;
    const size_t len = ds__version__get_packed_size(stored);
    uint8_t *bytes = malloc(len);
    assert_non_null(bytes);
    assert_int_equal(ds__version__pack(stored, bytes), len);
    struct ds_version *v = ds_version_compile(bytes, len, 1, PARTITIONS, &problems);
    assert_non_null(v);
    assert_string_not_equal(v->hash, made.hash);
    assert_int_equal(ds_zone_offset_s(v->calendars[0].zone, at(v, "2007-02-01", 0)), 9 * 3600);
    assert_true(ds_cal_is_open(&v->calendars[0], INT64_C(1168210800000))); /* 08:00 at +9 */
    assert_false(ds_cal_is_open(&v->calendars[0], INT64_C(1168210800000) - 1));
    ds_version_destroy(v);
    ds__version__free_unpacked(stored, NULL);
    free(bytes);
    free(made.bytes);
}

/* The order of the calendars is the text's business, that of the zones is not. */
static void test_zones_are_stored_once_and_by_name(void **state)
{
    const struct files *files = *state;
    struct ds_problems problems;
    struct made made;
    struct text text = replaced(&files->rulebook, "\ncalendars:\n",
                                "\ncalendars:\n"
                                "  - {id: a, zone: UTC, week: {mon: \"08:00-09:00\"}}\n"
                                "  - {id: b, zone: Europe/Berlin, week: {mon: \"08:00-09:00\"}}\n"
                                "  - {id: c, zone: UTC, week: {mon: \"08:00-09:00\"}}\n");
    assert_int_equal(make(&text, &files->directory, &made, &problems), 0);
    Ds__Version *stored = ds__version__unpack(NULL, made.len, made.bytes);
    static const char *const names[] = {"Asia/Shanghai", "Europe/Berlin", "UTC"};
    assert_int_equal(stored->n_zones, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(stored->zones[i]->name, names[i]);
    ds__version__free_unpacked(stored, NULL);
    struct ds_version *v = ds_version_compile(made.bytes, made.len, 1, PARTITIONS, &problems);
    assert_non_null(v);
    assert_string_equal(v->calendars[1].zone->name, "Europe/Berlin");
    assert_string_equal(v->calendars[2].zone->name, "UTC");
    ds_version_destroy(v);
    free(made.bytes);
    free_text(&text);
}

static void check_damaged(const uint8_t *bytes, size_t len)
{
    struct ds_problems problems;
    struct ds_version *v = ds_version_compile(bytes, len, 1, PARTITIONS, &problems);
    if (v) fail_msg("%zu damaged bytes were compiled", len);
    assert_true(problems.n >= 1);
    check_problem(&problems.list[0]);
    assert_string_equal(problems.list[0].code, "bad_version");
}

static void test_damaged_versions_are_refused(void **state)
{
    const struct files *files = *state;
    struct ds_problems problems;
    struct made made;
    assert_int_equal(make(&files->rulebook, &files->directory, &made, &problems), 0);
    for (size_t len = 0; len < made.len; len += len < 64 || made.len - len < 64 ? 1 : 97)
        check_damaged(made.bytes, len);
    uint8_t *more = calloc(1, made.len + 8);
    assert_non_null(more);
    Ds__Version *stored = ds__version__unpack(NULL, made.len, made.bytes);
    const size_t n_zones = stored->n_zones;
    stored->n_zones = 0; /* cut off just before them it is a message still */
    check_damaged(more, ds__version__pack(stored, more));
    stored->n_zones = n_zones;
    ds__version__free_unpacked(stored, NULL);
    memcpy(more, made.bytes, made.len);
    static const uint8_t tails[][2] = {{0x08, 0x01}, {0x08, 0x02}, {0x38, 0x01}, {0x12, 0x00}};
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        memcpy(more + made.len, tails[i], 2); /* format twice, unknown field, rulebook twice */
        check_damaged(more, made.len + 2);
    }
    memcpy(more, made.bytes, made.len);
    more[1] = 2; /* the format */
    check_damaged(more, made.len);
    free(more);
    assert_null(ds_version_compile(made.bytes, made.len, 1, 5, &problems)); /* partition 7 */
    assert_string_equal(problems.list[0].code, "unknown_partition");
    free(made.bytes);
}

/* One byte changed anywhere: refused, or another version with another hash. */
static void test_a_changed_byte_is_seen(void **state)
{
    const struct files *files = *state;
    struct ds_problems problems;
    struct made made;
    assert_int_equal(make(&files->rulebook, &files->directory, &made, &problems), 0);
    uint32_t n_refused = 0;
    for (size_t i = 0; i < made.len; i += 31) {
        const uint8_t before = made.bytes[i];
        made.bytes[i] = (uint8_t)(before ^ (1U << (i % 8)));
        struct ds_version *v = ds_version_compile(made.bytes, made.len, 1, PARTITIONS, &problems);
        if (v)
            assert_string_not_equal(v->hash, made.hash);
        else
            n_refused++;
        for (uint32_t k = 0; k < problems.n; k++)
            check_problem(&problems.list[k]);
        assert_int_equal(v == NULL, problems.n > 0);
        ds_version_destroy(v);
        made.bytes[i] = before;
    }
    assert_true(n_refused > made.len / 31 / 8); /* the rest are letters of comments and names */
    free(made.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_hash_is_that_of_the_bytes_and_stable),
        cmocka_unit_test(test_compiled_twice_is_equal),
        cmocka_unit_test(test_zones_come_from_the_stored_rows),
        cmocka_unit_test(test_zones_are_stored_once_and_by_name),
        cmocka_unit_test(test_damaged_versions_are_refused),
        cmocka_unit_test(test_a_changed_byte_is_seen),
    };
    return cmocka_run_group_tests_name("stored", tests, read_files, free_files);
}
