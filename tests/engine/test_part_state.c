/* SPDX-License-Identifier: MIT
 *
 * Entities of a part: their stored form, what a commit says of them, and how they are loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"
#include "dies.h"
#include "proto/state.pb-c.h"
#include "shelf.h"
#include "sim/prng.h"

static int setup(void **state)
{
    *state = bench_new(&tiny_echo);
    return 0;
}

static int teardown(void **state)
{
    bench_free(*state);
    return 0;
}

/* ---- stored form ---- */

/* Deadlines are fields 1..3 of every stored message, written by the engine before all others. */
static void test_deadlines_stand_in_the_message(void **state)
{
    struct bench *bench = *state;
    static const struct ds_dues cases[] = {
        {{NONE, NONE, NONE}},
        {{1, NONE, NONE}},
        {{NONE, 127, NONE}},
        {{NONE, NONE, 128}},
        {{INT64_C(1172678400123), INT64_C(2871763200000), 300}},
        {{NONE - 1, NONE - 1, NONE - 1}},
        {{0, 0, 0}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int64_t *at_ms = cases[i].at_ms;
        bench_put(bench, "a", "county", at_ms[0], at_ms[1], at_ms[2]);
        const struct arg *put = group_find(bench_seal(bench)->puts, 0, "a");
        assert_non_null(put);
        Ds__IntakeCall *read = ds__intake_call__unpack(NULL, put[1].len, put[1].at);
        assert_non_null(read);
        assert_string_equal(read->territory, "county");
        assert_true(read->has_soft_due_ms == (at_ms[DS_SOFT] != NONE));
        assert_true(read->has_hard_due_ms == (at_ms[DS_HARD] != NONE));
        assert_true(read->has_operational_due_ms == (at_ms[DS_OPERATIONAL] != NONE));
        if (read->has_soft_due_ms) assert_true(read->soft_due_ms == at_ms[DS_SOFT]);
        if (read->has_hard_due_ms) assert_true(read->hard_due_ms == at_ms[DS_HARD]);
        if (read->has_operational_due_ms)
            assert_true(read->operational_due_ms == at_ms[DS_OPERATIONAL]);
        struct ds_entity *entity = ds_table_find(&bench->part.table, "a");
        assert_memory_equal(&entity->dues, &cases[i], sizeof cases[i]);
        ds__intake_call__free_unpacked(read, NULL);
    }
}

static void test_put_get_delete(void **state)
{
    struct bench *bench = *state;

    assert_false(ds_part_has(&bench->part, "a"));
    assert_null(bench_text(bench, "a"));
    bench_put(bench, "a", "one", 10, NONE, NONE);
    assert_true(ds_part_has(&bench->part, "a"));
    assert_string_equal(bench_text(bench, "a"), "one");
    bench_put(bench, "a", "a longer one", NONE, NONE, NONE);
    assert_string_equal(bench_text(bench, "a"), "a longer one");
    bench_put(bench, "a", "", NONE, NONE, NONE);
    assert_string_equal(bench_text(bench, "a"), "");
    assert_true(ds_part_next_due(&bench->part) == NONE);
    ds_part_delete(&bench->part, "a");
    assert_false(ds_part_has(&bench->part, "a"));
    assert_null(bench_text(bench, "a"));
    ds_part_delete(&bench->part, "a");
    ds_part_delete(&bench->part, "never there");
    bench_put(bench, "a", "again", NONE, NONE, NONE);
    assert_string_equal(bench_text(bench, "a"), "again");
}

static void test_bytes_are_counted(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "a", "123", NONE, NONE, NONE);
    assert_int_equal(bench->part.table.bytes, 5);
    bench_put(bench, "b", "1", 7, NONE, NONE);
    assert_int_equal(bench->part.table.bytes, 5 + 5);
    bench_put(bench, "a", "1", NONE, NONE, NONE);
    assert_int_equal(bench->part.table.bytes, 3 + 5);
    ds_part_delete(&bench->part, "b");
    bench_seal(bench);
    assert_int_equal(bench->part.table.bytes, 3);
    assert_int_equal(bench->part.table.n, 1);
}

static void test_full(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "a", "x", NONE, NONE, NONE);
    assert_false(ds_part_full(&bench->part)); /* 0: no bound */
    bench->part.entities_max = 2;
    assert_false(ds_part_full(&bench->part));
    bench_put(bench, "b", "x", NONE, NONE, NONE);
    assert_true(ds_part_full(&bench->part));
    ds_part_delete(&bench->part, "a");
    bench_seal(bench);
    assert_false(ds_part_full(&bench->part));
}

/* ---- what a commit says of one entity ---- */

enum { PUT = 1, DELETED = 2, SET = 4, CLEARED = 8 };

static unsigned said_of(const struct call *call, const char *key)
{
    return (group_find(call->puts, 0, key) ? PUT : 0u) |
           (group_find(call->deletes, 0, key) ? DELETED : 0u) |
           (group_find(call->sets, 1, key) ? SET : 0u) |
           (group_find(call->clears, 0, key) ? CLEARED : 0u);
}

/* Each letter is one act on entity "e": p puts it without deadline, 5 and 6 with a soft deadline at
 * 5 or 6, h with a hard one at 5, d deletes it, | seals. */
static void act(struct bench *bench, char letter)
{
    switch (letter) {
    case 'p': bench_put(bench, "e", "x", NONE, NONE, NONE); return;
    case '5': bench_put(bench, "e", "x", 5, NONE, 9); return;
    case '6': bench_put(bench, "e", "x", 6, NONE, NONE); return;
    case 'h': bench_put(bench, "e", "x", 8, 5, NONE); return;
    case 'd': ds_part_delete(&bench->part, "e"); return;
    case '|': bench_seal(bench); return;
    default: fail_msg("no such act");
    }
}

static void test_exactly_what_is_needed(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *acts;
        unsigned said; /* by the last seal */
    } cases[] = {
        {"p|", PUT},
        {"ppp|", PUT},
        {"5|", PUT | SET},
        {"p5|", PUT | SET},
        {"5p|", PUT}, /* the deadline was never stored */
        {"d|", 0},    /* nothing there */
        {"pd|", 0},   /* nor ever will be */
        {"5d|", 0},
        {"dp|", PUT},
        {"pdp|", PUT},
        {"pd5|", PUT | SET},
        {"5d5|", PUT | SET},
        {"5d6d|", 0},
        {"5|5|", PUT}, /* the score stands there already */
        {"5|6|", PUT | SET},
        {"5|h|", PUT}, /* another deadline, the same instant */
        {"5|p|", PUT | CLEARED},
        {"5|d|", DELETED | CLEARED},
        {"p|d|", DELETED},
        {"p|dp|", PUT},
        {"5|dp|", PUT | CLEARED},
        {"5|d5|", PUT},
        {"5|d6|", PUT | SET},
        {"5|6d|", DELETED | CLEARED},
        {"5|pd|", DELETED | CLEARED},
        {"5|p5|", PUT},
        {"5|d5d|", DELETED | CLEARED},
        {"5|d||", 0}, /* said once */
        {"5||", 0},
        {"5|p|5|", PUT | SET},
        {"5|p|p|", PUT},
        {"5|d|5|", PUT | SET},
        {"5|d|p|", PUT},
        {"5|d|d|", 0},
        {"5|d|pd|", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench_restart(bench);
        for (const char *letter = cases[i].acts; *letter; letter++)
            act(bench, *letter);
        if (said_of(&bench->call, "e") != cases[i].said)
            fail_msg("\"%s\" says %u, not %u", cases[i].acts, said_of(&bench->call, "e"),
                     cases[i].said);
    }
}

static void test_scores_are_the_earliest_instant(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "a", "x", 30, 20, 25);
    bench_put(bench, "b", "x", NONE, NONE, INT64_C(1172678400123));
    const struct call *call = bench_seal(bench);
    assert_true(arg_instant(group_find(call->sets, 1, "a")[0]) == 20);
    assert_true(arg_instant(group_find(call->sets, 1, "b")[0]) == INT64_C(1172678400123));
}

/* ---- against a model, at random, with restarts ---- */

static void act_at_random(struct bench *bench, struct prng *prng)
{
    char key[16], text[40];
    int64_t at_ms[DS_DUE_KINDS];

    snprintf(key, sizeof key, "K%u", (unsigned)prng_below(prng, 40));
    if (prng_chance(prng, 35)) {
        ds_part_delete(&bench->part, key);
        return;
    }
    memset(text, 'x', sizeof text);
    text[prng_below(prng, sizeof text)] = '\0';
    text[sizeof text - 1] = '\0';
    for (int k = 0; k < DS_DUE_KINDS; k++)
        at_ms[k] = prng_chance(prng, 50) ? prng_between(prng, 1, 5) : NONE;
    bench_put(bench, key, text, at_ms[0], at_ms[1], at_ms[2]);
}

static void test_memory_and_store_agree(void **state)
{
    struct bench *bench = *state;
    static struct shelf shelf;
    struct prng prng = {21};
    uint32_t restarts = 0;

    shelf_init(&shelf);
    for (int i = 0; i < 20000; i++) {
        act_at_random(bench, &prng);
        if (!prng_chance(&prng, 15)) continue;
        bench_seal(bench);
        shelf_commit(&shelf, &bench->commit);
        shelf_check(&shelf, &bench->part);
        if (!prng_chance(&prng, 10)) continue;
        bench_restart(bench);
        bench->n_loaded = 0;
        shelf_load(&shelf, &bench->part);
        assert_int_equal(bench->n_loaded, bench->part.table.n);
        shelf_check(&shelf, &bench->part);
        bench_seal(bench); /* what was loaded is no news */
        assert_int_equal(bench->call.puts.n + bench->call.deletes.n + bench->call.sets.n +
                             bench->call.clears.n,
                         0);
        shelf_commit(&shelf, &bench->commit);
        restarts++;
    }
    assert_in_range(restarts, 100, 1000);
    shelf_finish(&shelf);
}

/* ---- loading ---- */

static void test_load_compares_state_and_due(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *bytes;
        size_t len;
        int64_t score_ms;
        bool good;
    } cases[] = {
        {"\x22\x01x", 3, NONE, true},
        {"\x22\x01x", 3, 5, false}, /* a score without deadline */
        {"\x08\x05\x22\x01x", 5, 5, true},
        {"\x08\x05\x22\x01x", 5, 6, false},
        {"\x08\x05\x22\x01x", 5, NONE, false}, /* a deadline without score */
        {"\x08\x07\x10\x05\x18\x06", 6, 5, true},
        {"\x08\x07\x10\x05\x18\x06", 6, 6, false},
        {"\x08\x07\x10\x05\x18\x06", 6, 7, false},
        {"\x18\x06", 2, 6, true},
        {"\x10\xac\x02", 3, 300, true},
        {"\x10\xac", 2, 300, false}, /* cut short */
        {"\x08", 1, 0, false},
        {"\x10\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10, INT64_MAX, true},
        {"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, -1, false}, /* before 1970 */
        {"", 0, NONE, true},
        {"", 0, 0, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench_restart(bench);
        bool good = !ds_part_load(&bench->part, "a", (const uint8_t *)cases[i].bytes, cases[i].len,
                                  cases[i].score_ms);
        if (good != cases[i].good) fail_msg("case %zu", i);
        assert_int_equal(bench->part.table.n, good);
    }
}

static void test_load_takes_only_keys(void **state)
{
    struct bench *bench = *state;
    char key[DS_KEY_MAX + 2];

    memset(key, 'k', sizeof key);
    key[DS_KEY_MAX + 1] = '\0';
    assert_non_null(ds_part_load(&bench->part, key, (const uint8_t *)"", 0, NONE));
    key[DS_KEY_MAX] = '\0';
    assert_null(ds_part_load(&bench->part, key, (const uint8_t *)"", 0, NONE));
    assert_non_null(ds_part_load(&bench->part, "", (const uint8_t *)"", 0, NONE));
}

/* 600 states of 4 KiB: what a service unpacks of one is gone with the next. */
static void test_loading_does_not_pile_up(void **state)
{
    struct bench *bench = *state;
    static uint8_t bytes[3 + 4096] = {0x22, 0x80, 0x20};
    char key[16];

    memset(bytes + 3, 'x', 4096);
    for (int i = 0; i < 600; i++) {
        snprintf(key, sizeof key, "K%d", i);
        assert_null(ds_part_load(&bench->part, key, bytes, sizeof bytes, NONE));
    }
    assert_int_equal(bench->n_loaded, 600);
    const uint32_t *remembered = bench->part.memory;
    assert_int_equal(*remembered, 600);
    assert_int_equal(bench->n_unloaded, 0);
    bench_restart(bench);
    assert_int_equal(bench->n_unloaded, 1);
    remembered = bench->part.memory;
    assert_int_equal(*remembered, 0);
}

static void test_what_the_service_cannot_read_is_named(void **state)
{
    struct bench *bench = *state;
    const char *fault = ds_part_load(&bench->part, "a", (const uint8_t *)"\x22\x7fx", 3, NONE);

    assert_string_equal(fault, "its state cannot be read");
}

static void find_corrupt(void *self)
{
    struct bench *bench = self;

    ds_part_corrupt(&bench->part, "a", "for no reason");
}

/* Whoever runs the part has the first word; it does not come back from it, but here. */
static void on_corrupt(void *self, uint32_t partition, const char *key, const char *why)
{
    const struct bench *bench = self;

    if (partition != bench->part.partition || strcmp(key, "a") != 0 || !strstr(why, "no reason"))
        _exit(0);
}

static void test_a_corrupt_store_ends_the_process(void **state)
{
    struct bench *bench = *state;

    assert_true(dies(find_corrupt, bench));
    bench->env.corrupt = on_corrupt;
    assert_true(dies(find_corrupt, bench));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_deadlines_stand_in_the_message),
        TEST(test_put_get_delete),
        TEST(test_bytes_are_counted),
        TEST(test_full),
        TEST(test_exactly_what_is_needed),
        TEST(test_scores_are_the_earliest_instant),
        TEST(test_memory_and_store_agree),
        TEST(test_load_compares_state_and_due),
        TEST(test_load_takes_only_keys),
        TEST(test_loading_does_not_pile_up),
        TEST(test_what_the_service_cannot_read_is_named),
        TEST(test_a_corrupt_store_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
