/* SPDX-License-Identifier: MIT
 *
 * Marks: how far the past is complete. What final verdicts wait for, and what our own readers rely
 * on when we say it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
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

/* ---- of the upstreams ---- */

static void test_a_mark_needs_its_position(void **state)
{
    struct bench *bench = *state;
    struct ds_part *part = &bench->part;
    const struct ds_upstream *up = &part->up[DS_INTAKE];

    part->up[DS_INTAKE].position = 5;
    ds_part_note_mark(part, DS_INTAKE, 6, 800); /* event 6 may have any stamp above nothing */
    assert_true(up->mark_ms == 0);
    assert_false(part->moved);
    ds_part_note_mark(part, DS_INTAKE, 5, 700);
    assert_true(up->mark_ms == 700);
    assert_true(part->moved);
    ds_part_note_mark(part, DS_INTAKE, 4, 750); /* said earlier, but it was true for more */
    assert_true(up->mark_ms == 750);
    assert_true(part->up[DS_DISPATCHER].mark_ms == 0);
}

static void test_marks_never_go_back(void **state)
{
    struct bench *bench = *state;
    struct ds_part *part = &bench->part;

    ds_part_note_mark(part, DS_INTAKE, 0, 700);
    part->moved = false;
    ds_part_note_mark(part, DS_INTAKE, 0, 699);
    ds_part_note_mark(part, DS_INTAKE, 0, 700);
    assert_true(part->up[DS_INTAKE].mark_ms == 700);
    assert_false(part->moved);
}

static void test_the_mark_of_a_batch_holds_once_all_is_applied(void **state)
{
    struct bench *bench = *state;
    struct ds_part *part = &bench->part;

    feed_begin(&bench->feed, DS_INTAKE, 1);
    bench->feed.mark_ms = 800;
    for (int i = 0; i < 3; i++)
        feed_say(&bench->feed, "a*300", 900);
    feed_seal(&bench->feed);
    assert_false(feed_apply(&bench->feed, part)); /* no room for the third */
    assert_int_equal(part->up[DS_INTAKE].position, 2);
    assert_true(part->up[DS_INTAKE].mark_ms == 0);
    assert_true(part->moved);
    bench_seal(bench);
    assert_true(feed_apply(&bench->feed, part));
    assert_int_equal(part->up[DS_INTAKE].position, 3);
    assert_true(part->up[DS_INTAKE].mark_ms == 800);
}

static void test_the_joint_mark_is_the_smallest(void **state)
{
    struct bench *bench = *state;
    struct ds_part *part = &bench->part;
    static const struct {
        int64_t intake, dispatcher, survey, now, joint;
    } cases[] = {
        {0, 0, 0, 1000, 0},
        {500, 0, 0, 1000, 0},
        {500, 600, 0, 1000, 0},
        {500, 600, 700, 1000, 500},
        {700, 600, 700, 1000, 600},
        {700, 800, 650, 1000, 650},
        {999, 999, 999, 1000, 999},
        {998, 1999, 999, 1000, 998},
        /* upstreams that are ahead of our clock do not take us along */
        {5000, 5000, 5000, 1000, 999},
        {5000, 5000, 1000, 1000, 999},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        part->up[DS_INTAKE].mark_ms = cases[i].intake;
        part->up[DS_DISPATCHER].mark_ms = cases[i].dispatcher;
        part->up[DS_SURVEY].mark_ms = cases[i].survey;
        part->up[DS_WATCHER].mark_ms = 1; /* not read: does not count */
        part->up[DS_LEDGER].mark_ms = 0;
        part->now_ms = cases[i].now;
        assert_true(ds_part_joint_mark(part) == cases[i].joint);
    }
}

/* The first service of the flow reads nobody: only its own time counts. */
static void test_without_upstreams_the_mark_is_now(void **state)
{
    struct bench *bench = *state;
    struct ds_service service = tiny_echo;

    service.upstreams = 0;
    bench->part.service = &service;
    assert_true(ds_part_joint_mark(&bench->part) == 999);
    bench_seal(bench);
    assert_true(bench->commit.mark_ms == 999);
    assert_int_equal(bench->call.meta.n, 3); /* mark, rulebook, stamp: no checkpoints */
    bench->part.service = &tiny_echo;
}

/* ---- our own ---- */

static void test_one_mark_in_three_places(void **state)
{
    struct bench *bench = *state;

    for (int s = DS_INTAKE; s <= DS_SURVEY; s++)
        bench->part.up[s].mark_ms = 990 + s;
    bench_say(bench, DS_INTAKE, "a", 995);
    const Ds__Batch *batch = bench_emitted(bench);
    assert_true(batch->header->mark_ms == 991);
    assert_true(bench->commit.mark_ms == 991);
    assert_true(arg_instant(call_meta(&bench->call, "mark")) == 991);
    assert_true(bench->part.mark_ms == 991);
}

static void test_our_mark_never_goes_back(void **state)
{
    struct bench *bench = *state;

    bench->part.mark_ms = 950; /* stored by the process before us */
    bench_seal(bench);
    assert_true(bench->commit.mark_ms == 950);
    for (int s = DS_INTAKE; s <= DS_SURVEY; s++)
        bench->part.up[s].mark_ms = 960;
    bench_seal(bench);
    assert_true(bench->commit.mark_ms == 960);
    bench->part.now_ms = 955;
    bench_seal(bench);
    assert_true(bench->commit.mark_ms == 960);
}

/* A verdict that is overdue here, after an outage say, is still to be said. */
static void test_our_mark_waits_for_what_is_overdue(void **state)
{
    struct bench *bench = *state;

    for (int s = DS_INTAKE; s <= DS_SURVEY; s++)
        bench->part.up[s].mark_ms = 960;
    bench_put(bench, "overdue", "x", DS_NO_DUE, 960, DS_NO_DUE);
    bench_put(bench, "later", "x", DS_NO_DUE, 961, DS_NO_DUE);
    bench_seal(bench);
    assert_true(bench->commit.mark_ms == 959);
    ds_part_delete(&bench->part, "overdue");
    bench_seal(bench);
    assert_true(bench->commit.mark_ms == 960);
}

/* ---- at random ---- */

/* An upstream that keeps its own word: every event lies after the mark it gave before. */
struct writer {
    uint64_t seq;
    int64_t mark_ms;
    int64_t clock_ms; /* differs from ours by a few ms */
};

static void write_batch(struct bench *bench, struct writer *writer, enum ds_source source,
                        struct prng *prng)
{
    uint32_t n = (uint32_t)prng_below(prng, 4);

    feed_begin(&bench->feed, source, writer->seq + 1);
    for (uint32_t i = 0; i < n; i++) {
        int64_t stamp_ms = prng_between(prng, writer->mark_ms + 1, writer->clock_ms);
        if (stamp_ms < writer->mark_ms + 1) stamp_ms = writer->mark_ms + 1;
        feed_say(&bench->feed, prng_chance(prng, 50) ? "a" : "b*2", stamp_ms);
    }
    if (prng_chance(prng, 70)) {
        int64_t mark_ms = prng_between(prng, writer->mark_ms, writer->clock_ms - 1);
        if (mark_ms > writer->mark_ms) writer->mark_ms = mark_ms;
    }
    bench->feed.mark_ms = writer->mark_ms;
    feed_seal(&bench->feed);
    if (n == 0) { /* a tick: no batch, only a mark */
        ds_part_note_mark(&bench->part, source, writer->seq, writer->mark_ms);
        return;
    }
    writer->seq += n;
    assert_true(feed_apply(&bench->feed, &bench->part));
}

/* The stamp of everything emitted after a seal lies above the mark that the seal gave. */
static void test_nothing_is_emitted_below_a_given_mark(void **state)
{
    struct bench *bench = *state;
    struct prng prng = {5};
    struct writer writers[DS_SOURCE_COUNT] = {0};
    int64_t given_ms = 0, last_ms = 0, risen = 0;
    uint32_t seen = 0;

    for (int s = DS_INTAKE; s <= DS_SURVEY; s++)
        writers[s] = (struct writer){.mark_ms = 900, .clock_ms = 1000};
    for (int step = 0; step < 20000; step++) {
        int64_t passed_ms = prng_between(&prng, 0, 3);
        bench->part.now_ms += passed_ms;
        for (int s = DS_INTAKE; s <= DS_SURVEY; s++) {
            writers[s].clock_ms += passed_ms + prng_between(&prng, -1, 1);
            if (writers[s].clock_ms <= writers[s].mark_ms)
                writers[s].clock_ms = writers[s].mark_ms + 1;
        }
        int source = (int)prng_between(&prng, DS_INTAKE, DS_SURVEY);
        write_batch(bench, &writers[source], (enum ds_source)source, &prng);
        if (!prng_chance(&prng, 20)) continue;
        bench_seal(bench);
        bench->n_heard = 0;
        assert_true(bench->commit.mark_ms >= given_ms);
        if (bench->call.batch.len > 0) {
            const Ds__Batch *batch = call_batch(&bench->call, &bench->arena);
            for (size_t i = 0; i < batch->n_events; i++) {
                assert_true(batch->events[i]->received_at_ms > given_ms);
                assert_true(batch->events[i]->received_at_ms >= last_ms);
                last_ms = batch->events[i]->received_at_ms;
                seen++;
            }
        }
        risen += bench->commit.mark_ms > given_ms;
        given_ms = bench->commit.mark_ms;
    }
    assert_true(seen > 10000 && risen > 1000); /* it was about something */
}

/* ---- what is worth a commit ---- */

static void test_positions_alone_are_no_change(void **state)
{
    struct bench *bench = *state;
    struct ds_part *part = &bench->part;

    assert_false(ds_part_pending(part));
    assert_false(part->moved);
    bench_say(bench, DS_INTAKE, "", 900); /* the echo has nothing to say to that */
    assert_false(ds_part_pending(part));
    assert_true(part->moved);
    bench_seal(bench);
    assert_false(part->moved);
    assert_int_equal(bench->call.batch.len, 0);
    assert_int_equal(arg_number(call_meta(&bench->call, "ck:1")), 1);
    bench_say(bench, DS_INTAKE, "a", 900);
    assert_true(ds_part_pending(part));
    bench_seal(bench);
    assert_false(ds_part_pending(part));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_mark_needs_its_position),
        TEST(test_marks_never_go_back),
        TEST(test_the_mark_of_a_batch_holds_once_all_is_applied),
        TEST(test_the_joint_mark_is_the_smallest),
        TEST(test_without_upstreams_the_mark_is_now),
        TEST(test_one_mark_in_three_places),
        TEST(test_our_mark_never_goes_back),
        TEST(test_our_mark_waits_for_what_is_overdue),
        TEST(test_nothing_is_emitted_below_a_given_mark),
        TEST(test_positions_alone_are_no_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
