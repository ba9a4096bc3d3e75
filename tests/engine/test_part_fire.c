/* SPDX-License-Identifier: MIT
 *
 * Deadlines: when each kind may fire, in which order, and how much at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "dies.h"
#include "proto/state.pb-c.h"
#include "sim/prng.h"

static int setup(void **state)
{
    *state = bench_new(&tiny_timer);
    return 0;
}

static int teardown(void **state)
{
    bench_free(*state);
    return 0;
}

static uint32_t fire(struct bench *bench, bool operational)
{
    return ds_part_fire(&bench->part, UINT32_MAX, operational, NULL, NULL);
}

static void set_marks(struct bench *bench, int64_t intake_ms, int64_t dispatcher_ms)
{
    bench->part.up[DS_INTAKE].mark_ms = intake_ms;
    bench->part.up[DS_DISPATCHER].mark_ms = dispatcher_ms;
}

static void check_fired(const struct bench *bench, uint32_t i, const char *key,
                        enum ds_due_kind kind, int64_t due_ms)
{
    assert_true(i < bench->n_fired);
    assert_string_equal(bench->fired[i].key, key);
    assert_int_equal(bench->fired[i].kind, kind);
    assert_true(bench->fired[i].due_ms == due_ms);
}

/* ---- when ---- */

static void test_soft_fires_after_its_due(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "a", "x", 1000, NONE, NONE);
    bench->part.now_ms = 1000; /* a fact stamped at the due still counts */
    assert_int_equal(fire(bench, true), 0);
    bench->part.now_ms = 1001;
    assert_int_equal(fire(bench, false), 1);
    check_fired(bench, 0, "a", DS_SOFT, 1000);
    assert_int_equal(fire(bench, true), 0);
}

static void test_operational_needs_the_door_too(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "a", "x", NONE, NONE, 1000);
    bench->part.now_ms = 1000;
    assert_int_equal(fire(bench, true), 0);
    bench->part.now_ms = 9999;
    assert_int_equal(fire(bench, false), 0);
    bench->part.now_ms = 1001;
    assert_int_equal(fire(bench, true), 1);
    check_fired(bench, 0, "a", DS_OPERATIONAL, 1000);
}

/* Hard ones wait for the marks of all upstreams, however late it is. */
static void test_hard_needs_all_marks(void **state)
{
    struct bench *bench = *state;
    static const struct {
        int64_t now, intake, dispatcher;
        uint32_t fires;
    } cases[] = {
        {9999, 0, 0, 0},       {9999, 9000, 999, 0},  {9999, 999, 9000, 0},  {9999, 999, 999, 0},
        {1000, 1000, 1000, 0}, {1000, 5000, 5000, 0}, /* our own time is a mark as well */
        {9999, 1000, 1000, 1}, {1001, 1000, 1000, 1}, {1001, 5000, 1000, 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench_put(bench, "a", "x", NONE, 1000, NONE);
        bench->part.now_ms = cases[i].now;
        set_marks(bench, cases[i].intake, cases[i].dispatcher);
        assert_int_equal(fire(bench, true), cases[i].fires);
        if (cases[i].fires) check_fired(bench, bench->n_fired - 1, "a", DS_HARD, 1000);
    }
}

static void test_what_waits_holds_nobody_up(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "h", "x", NONE, 10, NONE);
    bench_put(bench, "o", "x", NONE, NONE, 20);
    bench_put(bench, "s", "x", 30, NONE, NONE);
    assert_int_equal(fire(bench, false), 1);
    check_fired(bench, 0, "s", DS_SOFT, 30);
    assert_int_equal(fire(bench, true), 1);
    check_fired(bench, 1, "o", DS_OPERATIONAL, 20);
    set_marks(bench, 10, 10);
    assert_int_equal(fire(bench, false), 1);
    check_fired(bench, 2, "h", DS_HARD, 10);
}

static void test_nothing_fires_without_rules(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "a", "x", 10, 10, 10);
    set_marks(bench, 900, 900);
    bench->part.rulebook = 0;
    assert_int_equal(fire(bench, true), 0);
    bench->part.rulebook = 1;
    assert_int_equal(fire(bench, true), 3);
}

/* ---- order ---- */

static int by_due_kind_key(const struct fired *a, const struct fired *b)
{
    if (a->due_ms != b->due_ms) return a->due_ms < b->due_ms ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return strcmp(a->key, b->key);
}

static void test_order_is_due_kind_key(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "c", "x", 20, 10, 10);
    bench_put(bench, "b", "x", 10, 10, 30);
    bench_put(bench, "a", "x", 10, 20, 10);
    set_marks(bench, 900, 900);
    assert_int_equal(fire(bench, true), 9);
    check_fired(bench, 0, "a", DS_SOFT, 10);
    check_fired(bench, 1, "b", DS_SOFT, 10);
    check_fired(bench, 2, "b", DS_HARD, 10);
    check_fired(bench, 3, "c", DS_HARD, 10);
    check_fired(bench, 4, "a", DS_OPERATIONAL, 10);
    check_fired(bench, 5, "c", DS_OPERATIONAL, 10);
    check_fired(bench, 6, "c", DS_SOFT, 20);
    check_fired(bench, 7, "a", DS_HARD, 20);
    check_fired(bench, 8, "b", DS_OPERATIONAL, 30);
}

static void test_order_at_random(void **state)
{
    struct bench *bench = *state;
    struct prng prng = {9};
    uint32_t armed = 0;
    char key[16];

    for (uint32_t i = 0; i < 1000; i++) {
        int64_t at_ms[DS_DUE_KINDS];
        for (int k = 0; k < DS_DUE_KINDS; k++) {
            at_ms[k] = prng_chance(&prng, 60) ? prng_between(&prng, 1, 50) : NONE;
            armed += at_ms[k] != NONE;
        }
        snprintf(key, sizeof key, "T%u", (unsigned)prng_next(&prng) % 100000);
        if (ds_part_has(&bench->part, key)) { /* drawn twice: the first one stays */
            for (int k = 0; k < DS_DUE_KINDS; k++)
                armed -= at_ms[k] != NONE;
            continue;
        }
        bench_put(bench, key, "x", at_ms[0], at_ms[1], at_ms[2]);
    }
    set_marks(bench, 900, 900);
    assert_int_equal(fire(bench, true), armed);
    for (uint32_t i = 1; i < armed; i++)
        assert_true(by_due_kind_key(&bench->fired[i - 1], &bench->fired[i]) < 0);
}

/* ---- what a step may do ---- */

static void clear(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind)
{
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    struct ds_dues dues = entity->dues;

    dues.at_ms[kind] = NONE;
    ds_part_put(part, entity->key, &state.base, &dues);
}

static void chain(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                  int64_t due_ms, struct ds_out *out)
{
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    const struct ds_dues earlier = {{due_ms - 1, NONE, NONE}};

    ds_out_add(out, DS_EV_WARNED, "T1", DS__REASON__NAME__NONE, "");
    clear(part, entity, kind);
    if (due_ms > 7) ds_part_put(part, due_ms % 2 ? "odd" : "even", &state.base, &earlier);
}

/* A step arms another entity, earlier than those that wait: it is next. */
static void test_a_step_may_arm_what_is_next(void **state)
{
    struct bench *bench = *state;

    bench->on_fire = chain;
    bench_put(bench, "start", "x", 10, NONE, NONE);
    bench_put(bench, "last", "x", 11, NONE, NONE);
    bench->part.now_ms = 1000;
    bench->part.last_stamp_ms = 0;
    assert_int_equal(ds_part_fire(&bench->part, 4, false, NULL, NULL), 4);
    check_fired(bench, 0, "start", DS_SOFT, 10);
    check_fired(bench, 1, "even", DS_SOFT, 9);
    check_fired(bench, 2, "odd", DS_SOFT, 8);
    check_fired(bench, 3, "even", DS_SOFT, 7);
    const Ds__Batch *batch = bench_emitted(bench);
    assert_int_equal(batch->n_events, 4);
    for (size_t i = 0; i < 4; i++) {
        /* stamped with the real time, not with the due; nothing caused it but time */
        assert_true(batch->events[i]->received_at_ms == 1000);
        assert_null(batch->events[i]->cause);
    }
}

static void bury(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX + 1];

    (void)kind, (void)due_ms, (void)out;
    snprintf(key, sizeof key, "%s", entity->key);
    ds_part_delete(part, key);
}

static void test_a_step_may_delete_its_entity(void **state)
{
    struct bench *bench = *state;

    bench->on_fire = bury;
    set_marks(bench, 900, 900);
    bench_put(bench, "a", "x", 10, 11, 12);
    assert_int_equal(fire(bench, true), 1);
    assert_false(ds_part_has(&bench->part, "a"));
    assert_true(ds_part_next_due(&bench->part) == NONE);
}

static int times_left;

static void say_one_more(struct ds_part *part, const struct ds_entity *entity,
                         enum ds_due_kind kind, int64_t due_ms, struct ds_out *out)
{
    (void)due_ms;
    ds_out_add(out, DS_EV_WARNED, "T1", DS__REASON__NAME__NONE, "");
    if (--times_left == 0) clear(part, entity, kind);
}

/* A service with more to say than fits one step leaves the deadline and is called again. */
static void test_a_step_may_ask_for_another(void **state)
{
    struct bench *bench = *state;

    times_left = 3;
    bench->on_fire = say_one_more;
    bench_put(bench, "a", "x", 10, NONE, NONE);
    assert_int_equal(fire(bench, true), 3);
    assert_int_equal(bench_emitted(bench)->n_events, 3);
}

static void do_nothing(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                       int64_t due_ms, struct ds_out *out)
{
    (void)part, (void)entity, (void)kind, (void)due_ms, (void)out;
}

static void fire_once(void *self)
{
    struct bench *bench = self;

    ds_part_fire(&bench->part, 1, true, NULL, NULL);
}

static void test_a_step_without_progress_is_a_bug(void **state)
{
    struct bench *bench = *state;

    bench->on_fire = do_nothing;
    bench_put(bench, "a", "x", 10, NONE, NONE);
    assert_true(dies(fire_once, bench));
}

/* ---- how much ---- */

static int64_t sum_late_ms;
static uint32_t n_late;

static void late(void *self, int64_t late_ms)
{
    assert_ptr_equal(self, &n_late);
    sum_late_ms += late_ms;
    n_late++;
}

static void test_at_most_so_many(void **state)
{
    struct bench *bench = *state;

    bench_put(bench, "a", "x", 900, NONE, NONE);
    bench_put(bench, "b", "x", 901, NONE, NONE);
    bench_put(bench, "c", "x", 902, NONE, NONE);
    assert_int_equal(ds_part_fire(&bench->part, 0, true, late, &n_late), 0);
    assert_int_equal(n_late, 0);
    assert_int_equal(ds_part_fire(&bench->part, 2, true, late, &n_late), 2);
    assert_int_equal(n_late, 2);
    assert_int_equal(sum_late_ms, 100 + 99);
    assert_int_equal(ds_part_fire(&bench->part, 2, true, late, &n_late), 1);
    assert_int_equal(sum_late_ms, 100 + 99 + 98);
}

static void say_many(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                     int64_t due_ms, struct ds_out *out)
{
    (void)due_ms;
    for (int i = 0; i < 200; i++)
        ds_out_add(out, DS_EV_WARNED, "T1", DS__REASON__NAME__NONE, "");
    clear(part, entity, kind);
}

static void test_as_long_as_there_is_room(void **state)
{
    struct bench *bench = *state;

    bench->on_fire = say_many;
    for (int i = 0; i < 5; i++)
        bench_put(bench, (const char[]){(char)('a' + i), '\0'}, "x", 10, NONE, NONE);
    assert_int_equal(fire(bench, true), 3); /* 200, 400, 600: full */
    assert_false(ds_part_room(&bench->part));
    assert_int_equal(fire(bench, true), 0);
    assert_int_equal(bench_emitted(bench)->n_events, 600);
    assert_int_equal(fire(bench, true), 2);
    assert_int_equal(bench_emitted(bench)->n_events, 400);
    assert_int_equal(bench->n_fired, 5);
}

static void test_next_due_is_the_earliest_of_all(void **state)
{
    struct bench *bench = *state;

    assert_true(ds_part_next_due(&bench->part) == NONE);
    bench_put(bench, "a", "x", 500, NONE, NONE);
    assert_true(ds_part_next_due(&bench->part) == 500);
    bench_put(bench, "b", "x", NONE, 400, NONE);
    assert_true(ds_part_next_due(&bench->part) == 400);
    bench_put(bench, "c", "x", NONE, NONE, 300);
    assert_true(ds_part_next_due(&bench->part) == 300);
    ds_part_delete(&bench->part, "c");
    assert_true(ds_part_next_due(&bench->part) == 400);
    bench_put(bench, "b", "x", NONE, NONE, NONE);
    assert_true(ds_part_next_due(&bench->part) == 500);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_soft_fires_after_its_due),
        TEST(test_operational_needs_the_door_too),
        TEST(test_hard_needs_all_marks),
        TEST(test_what_waits_holds_nobody_up),
        TEST(test_nothing_fires_without_rules),
        TEST(test_order_is_due_kind_key),
        TEST(test_order_at_random),
        TEST(test_a_step_may_arm_what_is_next),
        TEST(test_a_step_may_delete_its_entity),
        TEST(test_a_step_may_ask_for_another),
        TEST(test_a_step_without_progress_is_a_bug),
        TEST(test_at_most_so_many),
        TEST(test_as_long_as_there_is_room),
        TEST(test_next_due_is_the_earliest_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
