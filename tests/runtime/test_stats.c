/* SPDX-License-Identifier: MIT
 *
 * Histograms: upper bounds 1, 2, 4, 8 ..., the last bucket is open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/stats.h"

/* Bucket of a single value. */
static int bucket_of(int64_t value)
{
    struct rt_stats stats = {0};
    int found = -1;

    rt_observe(&stats, RT_BATCH, value);
    for (int i = 0; i < RT_BUCKETS; i++) {
        if (stats.histograms[RT_BATCH].buckets[i] == 0) continue;
        assert_int_equal(stats.histograms[RT_BATCH].buckets[i], 1);
        assert_int_equal(found, -1);
        found = i;
    }
    return found;
}

static void test_bounds_are_inclusive(void **state)
{
    (void)state;
    assert_int_equal(bucket_of(0), 0);
    assert_int_equal(bucket_of(1), 0);
    assert_int_equal(bucket_of(2), 1);
    assert_int_equal(bucket_of(3), 2);
    assert_int_equal(bucket_of(4), 2);
    assert_int_equal(bucket_of(5), 3);
    for (int i = 2; i < RT_BUCKETS - 1; i++) {
        assert_int_equal(bucket_of(INT64_C(1) << i), i);
        assert_int_equal(bucket_of((INT64_C(1) << i) + 1), i + 1);
    }
    assert_int_equal(bucket_of(INT64_MAX), RT_BUCKETS - 1);
    assert_int_equal(bucket_of(-1), 0); /* a clock that was stepped: counted as nothing */
    assert_int_equal(bucket_of(INT64_MIN), 0);
}

static void test_count_sum_max(void **state)
{
    struct rt_stats stats = {0};

    (void)state;
    rt_observe(&stats, RT_COMMIT_US, 700);
    rt_observe(&stats, RT_COMMIT_US, 3);
    rt_observe(&stats, RT_COMMIT_US, -50);
    rt_observe(&stats, RT_COMMIT_US, 699);
    assert_int_equal(stats.histograms[RT_COMMIT_US].count, 4);
    assert_int_equal(stats.histograms[RT_COMMIT_US].sum, 1402);
    assert_int_equal(stats.histograms[RT_COMMIT_US].max, 700);
    assert_int_equal(stats.histograms[RT_COMMIT_US].buckets[10], 2);
    assert_int_equal(stats.histograms[RT_BATCH].count, 0); /* each for itself */
    assert_int_equal(stats.histograms[RT_LATE_MS].count, 0);
}

/* Names go out over the control socket: every number has one, and no two the same. */
static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < RT_COUNTERS; i++) {
        const char *name = rt_counter_name((enum rt_counter)i);
        assert_non_null(name);
        assert_true(strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name) && name[0]);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(name, rt_counter_name((enum rt_counter)k));
    }
    for (int i = 0; i < RT_HISTOGRAMS; i++) {
        const char *name = rt_histogram_name((enum rt_histogram)i);
        assert_non_null(name);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(name, rt_histogram_name((enum rt_histogram)k));
    }
    assert_string_equal(rt_counter_name(RT_COMMITS_RESENT), "commits_resent");
    assert_string_equal(rt_counter_name(RT_CORRUPT), "corrupt");
    assert_string_equal(rt_histogram_name(RT_LATE_MS), "late_ms");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds_are_inclusive),
        cmocka_unit_test(test_count_sum_max),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
