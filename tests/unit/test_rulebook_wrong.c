/* SPDX-License-Identifier: MIT
 *
 * Wrong rulebooks: clocks and the top: each gives its one problem, at its place, with its
 * suggestion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rulebook_wrong.h"

static const struct wrong wrong[] = {
    /* the top */
    {"format: 1\n", "format: 2\n", "out_of_range", "2\nname:", NULL, false},
    {"format: 1\n", "format: 01\n", "bad_number", "01\nname:", NULL, false},
    {"format: 1\n", "format: 0x1\n", "bad_number", "0x1\n", NULL, false},
    {"format: 1\n", "format: 1e0\n", "bad_number", "1e0\n", NULL, false},
    {"format: 1\n", "format: .nan\n", "bad_number", ".nan\n", NULL, false},
    {"format: 1\n", "format: \"1\"\n", "bad_number", "\"1\"\nname", NULL, false},
    {"format: 1\n", "", "missing_key", "name: after-sales", NULL, false},
    {"name: after-sales rules 2007", "name:", "bad_text", "\n\n# Every fact has two times", NULL,
     false},
    {"name: after-sales rules 2007", "name: ~", "bad_text", "~\n", NULL, false},
    {"name: after-sales rules 2007", "name: [a]", "not_a_scalar", "[a]\n", NULL, false},
    {"\npauses:\n", "\npausen:\n", "unknown_key", "pausen:", "pauses", true},
    /* times and durations */
    {"ahead_max: 2m ", "ahead_max: 2 ", "bad_duration", "2    # our default\n  late", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 2 m ", "bad_duration", "2 m ", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 2min ", "bad_duration", "2min", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 02m ", "bad_duration", "02m", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 1h30m ", "bad_duration", "1h30m", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 1.5m ", "bad_duration", "1.5m", NULL, false},
    {"ahead_max: 2m ", "ahead_max: +2m ", "bad_duration", "+2m", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 2M ", "bad_duration", "2M", NULL, false},
    {"ahead_max: 2m ", "ahead_max: -2m ", "negative", "-2m", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 0m ", "not_positive", "0m    # our default\n  late", NULL,
     false},
    {"ahead_max: 2m ", "ahead_max: 3661d ", "out_of_range", "3661d", NULL, false},
    {"ahead_max: 2m ", "ahead_max: 99999999999999999999s ", "bad_duration", "99999999999999999999s",
     NULL, false},
    {"ahead_max: 2m ", "ahead_max: {at: end_of_day} ", "not_a_scalar", "{at: end_of_day}    #",
     NULL, false},
    {"  ahead_max: 2m ", "  ahead_mux: 2m\n  ahead_max: 2m ", "unknown_key", "ahead_mux",
     "ahead_max", false},
    /* clocks */
    {"\n  order:\n", "\n  oder:\n", "unknown_key", "oder:", "order", true},
    {"  contact:\n    limit: 10m", "  contact:\n    limit: 1d", "days_not_allowed", "1d\n    base",
     NULL, false},
    {"  contact:\n    limit: 10m", "  contact:\n    base: working\n    limit: 10m", "duplicate_key",
     "base: working\n    warn: 50%\n    grace: 2h\n    ours: [base, warn, grace]\n\n  # report "
     "received -> on site",
     NULL, false},
    {"  contact:\n    limit: 10m", "  contact:", "missing_key",
     "base: working\n    warn: 50%\n    grace: 2h\n    ours: [base, warn, grace]\n\n  # report "
     "received -> on site",
     NULL, false},
    {"  contact:\n    limit: 10m", "  contact:\n    limit: {at: end_of_dag}", "unknown_word",
     "end_of_dag", "end_of_day", false},
    {"  contact:\n    limit: 10m\n    base: working\n    warn: 50%",
     "  contact:\n    limit: 10m\n    base: calendar", "wrong_base",
     "calendar\n    grace: 2h\n    ours: [base, warn, grace]\n\n  # report received -> on site",
     NULL, false},
    {"  contact:\n    limit: 10m\n    base: working",
     "  contact:\n    limit: 10m\n    base: wroking", "unknown_word", "wroking", "working", false},
    {"warn_after: 10m\n", "warn_after: 30m\n", "warn_after_limit",
     "30m\n    grace: 2h\n    clause: \"7.1\"", NULL, false},
    {"warn_after: 10m\n", "warn: 100%\n", "warn_after_limit", "100%", NULL, false},
    {"warn_after: 10m\n", "warn: 0%\n", "not_positive", "0%\n    grace: 2h\n    clause: \"7.1\"",
     NULL, false},
    {"warn_after: 10m\n", "warn: 0.5\n", "bad_percent", "0.5\n", NULL, false},
    {"warn_after: 10m\n", "warn_after: 10m\n    warn: 30%\n", "one_of_keys", "warn_after: 10m",
     NULL, false},
    {"clause: \"7.1\"", "clause: \"7.99\"", "unknown_clause", "\"7.99\"", "7.9", false},
    {"clause: \"7.1\"", "clause: seven", "bad_clause", "seven", NULL, false},
    {"clause: \"7.1\"", "clause: \"7.23\"", "not_a_fine", "\"7.23\"\n    ours", NULL, false},
    {"ours: [limit, base, warn_after, grace]", "ours: [limit, grase]", "unknown_word", "grase",
     "grace", false},
    {"ours: [limit, base, warn_after, grace]", "ours: limit", "not_a_list", "limit\n\n  # accepted",
     NULL, false},
    {"near: 48h", "near: 20h", "band_shrinks", "20h\n      far", NULL, false},
    {"far: 72h", "far: 47h", "band_shrinks", "47h\n", NULL, false},
    {"near_up_to: 20km", "near_up_to: 20", "bad_distance", "20    # exactly", NULL, false},
    {"near_up_to: 20km", "near_up_to: 0km", "out_of_range", "0km    # exactly", NULL, false},
    {"urgent: 24h", "urgent: 73h", "urgent_is_slower", "73h", NULL, false},
    {"grace: 14h", "grace: -14h", "negative", "-14h", NULL, false},
    {"limit: {at: end_of_day}", "limit: {at: end_of_day, workdays: 3}", "unknown_key",
     "workdays: 3}\n    base: calendar", NULL, false},
    {"limit: {at: end_of_day}\n    base: calendar", "limit: {at: end_of_day}\n    base: elapsed",
     "wrong_base", "elapsed\n    grace: 2h\n    ours: [limit, grace]\n\n  # delay", NULL, false},
    {"limit: {at: end_of_day}\n    base: calendar",
     "limit: {at: end_of_day}\n    base: calendar\n    warn: 50%", "warn_without_limit",
     "50%\n    grace: 2h\n    ours: [limit, grace]\n\n  # delay", NULL, false},
    {"limit: {at: end_of_day}\n    base: calendar",
     "limit: {at: end_of_day}\n    base: calendar\n    warn_after: 2h", "wrong_base",
     "calendar\n    warn_after: 2h", NULL, false},
    {"attempts: 3 ", "attempts: three ", "bad_number", "three", NULL, false},
    {"days: 2 ", "days: 4 ", "more_days_than_attempts", "4        # our default: spread", NULL,
     false},
    {"times_of_day: 2 ", "times_of_day: 4 ", "out_of_range", "4       # our default: and", NULL,
     false},
    {"attempts: 3    # our default\n    days: 2 ", "attempts: 1    # our default\n    days: 1 ",
     "more_days_than_attempts", "2       # our default: and", NULL, false},
    {"evening: \"18:00\"", "evening: \"12:00\"", "evening_before_afternoon", "\"12:00\"      # our",
     NULL, false},
    {"blocks: 10 ", "blocks: 0 ", "out_of_range", "0     # our default: at most so", NULL, false},
    {"day: mon, time: \"12:00\"}  ", "day: monday, time: \"12:00\"}  ", "unknown_word", "monday",
     NULL, false},
    {"day: mon, time: \"12:00\"}  ", "day: mon, time: \"12:60\"}  ", "bad_time", "\"12:60\"", NULL,
     false},
    {"day: mon, time: \"12:00\"}  ", "day: mon, time: \"24:01\"}  ", "bad_time", "\"24:01\"", NULL,
     false},
    {"day: mon, time: \"12:00\"}  ", "day: mon}  ", "missing_key", "{at: weekday, day: mon} ", NULL,
     false},
    {"ring: 20s", "ring: 20", "bad_duration", "20      # our default: shorter", NULL, false},
};

static void test_each_has_its_problem(void **state)
{
    assert_int_equal(count_failed(*state, wrong, sizeof(wrong) / sizeof(wrong[0]), false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_problem),
    };
    return cmocka_run_group_tests_name("rulebook_wrong", tests, read_files, free_files);
}
