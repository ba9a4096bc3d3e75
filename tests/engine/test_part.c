/* SPDX-License-Identifier: MIT
 *
 * Events through a part: when a batch can be applied, what a service hears of it, and how what it
 * emits is stamped and numbered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "dies.h"

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

/* ---- stamps ---- */

/* Stamp = max(now, last stamp of this journal, stamp of the cause). */
static void test_stamps_rise_and_follow_causes(void **state)
{
    struct bench *bench = *state;
    static const struct {
        int64_t now_ms, cause_ms, stamp_ms;
    } cases[] = {
        {1000, 900, 1000},  /* now */
        {1000, 1000, 1000}, /* equal stamps are allowed */
        {1000, 1500, 1500}, /* the cause comes from a clock ahead of ours */
        {1200, 1100, 1500}, /* never below the one before */
        {1501, 1200, 1501}, {1501, 1502, 1502},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench->part.now_ms = cases[i].now_ms;
        bench_say(bench, DS_INTAKE, "a*2", cases[i].cause_ms);
        /* rules that date something by the time they see date it like the event that says it */
        assert_true(bench->heard[i].decided_ms == cases[i].stamp_ms);
    }
    assert_true(bench->part.last_stamp_ms == 1502);
    const Ds__Batch *batch = bench_emitted(bench);
    assert_int_equal(batch->n_events, 12);
    for (size_t i = 0; i < 12; i++) {
        assert_true(batch->events[i]->has_received_at_ms);
        assert_true(batch->events[i]->received_at_ms == cases[i / 2].stamp_ms);
    }
    assert_true(arg_instant(call_meta(&bench->call, "stamp")) == 1502);
}

/* What a stopped process had stamped holds after its restart, whatever the clock says. */
static void test_stamps_rise_over_a_restart(void **state)
{
    struct bench *bench = *state;

    bench_restart(bench);
    bench->part.last_stamp_ms = 5000;
    bench_say(bench, DS_INTAKE, "a", 900);
    assert_true(bench_emitted(bench)->events[0]->received_at_ms == 5000);
}

static void test_emitted_events_name_their_cause(void **state)
{
    struct bench *bench = *state;
    Ds__Event event = DS__EVENT__INIT;
    Ds__Urge urge = DS__URGE__INIT;

    feed_begin(&bench->feed, DS_DISPATCHER, 1);
    event.subject = (char *)"a*2";
    event.traceparent = (char *)"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    event.body_case = DS__EVENT__BODY_URGED;
    event.urged = &urge;
    feed_event(&bench->feed, &event);
    feed_say(&bench->feed, "b", 900);
    feed_seal(&bench->feed);
    assert_true(feed_apply(&bench->feed, &bench->part));
    const Ds__Batch *batch = bench_emitted(bench);
    assert_int_equal(batch->n_events, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_non_null(batch->events[i]->cause);
        assert_int_equal(batch->events[i]->cause->source, DS__SOURCE__NAME__DISPATCHER);
        assert_int_equal(batch->events[i]->cause->seq, i < 2 ? 1 : 2);
    }
    assert_string_equal(batch->events[0]->traceparent, event.traceparent);
    assert_string_equal(batch->events[1]->traceparent, event.traceparent);
    assert_null(batch->events[2]->traceparent);
}

static Ds__EventRef own_cause = DS__EVENT_REF__INIT;

static void apply_with_own_cause(struct ds_part *part, const struct ds_event *event,
                                 struct ds_out *out)
{
    (void)part, (void)event;
    ds_out_add(out, DS_EV_OUTCOME, "a", DS__REASON__NAME__NONE, "");
    ds_out_last(out)->cause = &own_cause;
    ds_out_last(out)->traceparent = (char *)"own";
}

static void test_a_cause_that_is_said_stays(void **state)
{
    struct bench *bench = *state;
    struct ds_service service = tiny_echo;

    service.apply = apply_with_own_cause;
    bench->part.service = &service;
    DS_SET(&own_cause, source, DS__SOURCE__NAME__SURVEY);
    DS_SET(&own_cause, seq, 77);
    bench_say(bench, DS_INTAKE, "a", 900);
    const Ds__Event *event = bench_emitted(bench)->events[0];
    assert_int_equal(event->cause->source, DS__SOURCE__NAME__SURVEY);
    assert_int_equal(event->cause->seq, 77);
    assert_string_equal(event->traceparent, "own");
    bench->part.service = &tiny_echo;
}

/* ---- numbers ---- */

static uint64_t promised[3];

static void apply_promising(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    (void)event;
    for (uint32_t i = 0; i < 3; i++) {
        promised[i] = ds_part_seq_of(part, i);
        ds_out_add(out, DS_EV_OUTCOME, "a", DS__REASON__NAME__NONE, "");
    }
}

static void test_numbers_have_no_gap(void **state)
{
    struct bench *bench = *state;
    struct ds_service service = tiny_echo;

    service.apply = apply_promising;
    bench->part.service = &service;
    for (uint64_t round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < 2; i++) {
            bench_say(bench, DS_INTAKE, "a", 900);
            for (uint64_t k = 0; k < 3; k++)
                assert_int_equal(promised[k], 6 * round + 3 * i + k + 1);
        }
        const Ds__Batch *batch = bench_emitted(bench);
        assert_int_equal(batch->header->first_seq, 6 * round + 1);
        assert_int_equal(batch->header->count, 6);
        assert_int_equal(bench->call.first, 6 * round + 1);
        assert_int_equal(bench->call.last, 6 * round + 6);
        assert_int_equal(bench->part.tail, 6 * round + 6);
        assert_int_equal(bench->call.bno, round + 1);
        assert_int_equal(bench->part.bno, round + 1);
    }
    bench->part.service = &tiny_echo;
}

/* ---- ready ---- */

static enum ds_ready ready(struct bench *bench, enum ds_source source, uint64_t first, uint32_t n,
                           enum ds_source after, uint64_t after_seq)
{
    feed_begin(&bench->feed, source, first);
    for (uint32_t i = 0; i < n; i++)
        feed_say(&bench->feed, "a", 900);
    bench->feed.applied[after] = after_seq;
    feed_seal(&bench->feed);
    return feed_ready(&bench->feed, &bench->part);
}

static void test_ready(void **state)
{
    struct bench *bench = *state;
    static const struct {
        enum ds_source source;
        uint64_t first;
        uint32_t n;
        enum ds_source after;
        uint64_t after_seq;
        enum ds_ready ready;
    } cases[] = {
        {DS_INTAKE, 11, 1, DS_LEDGER, 0, DS_READY},
        {DS_INTAKE, 10, 2, DS_LEDGER, 0, DS_READY}, /* overlaps by one */
        {DS_INTAKE, 1, 11, DS_LEDGER, 0, DS_READY},
        {DS_INTAKE, 10, 1, DS_LEDGER, 0, DS_OLD},
        {DS_INTAKE, 1, 10, DS_LEDGER, 0, DS_OLD},
        {DS_INTAKE, 12, 1, DS_LEDGER, 0, DS_GAP},
        {DS_INTAKE, 12, 9, DS_LEDGER, 0, DS_GAP},
        {DS_DISPATCHER, 6, 1, DS_INTAKE, 10, DS_READY},
        {DS_DISPATCHER, 6, 1, DS_INTAKE, 11, DS_WAITS},
        {DS_DISPATCHER, 6, 1, DS_INTAKE, 9, DS_READY},
        {DS_SURVEY, 1, 1, DS_DISPATCHER, 5, DS_READY},
        {DS_SURVEY, 1, 1, DS_DISPATCHER, 6, DS_WAITS},
        {DS_SURVEY, 1, 1, DS_WATCHER, 99, DS_READY}, /* no upstream of ours: nothing to wait for */
        {DS_SURVEY, 2, 1, DS_DISPATCHER, 6, DS_GAP}, /* a gap is filled before anything waits */
        {DS_DISPATCHER, 5, 1, DS_INTAKE, 99, DS_OLD},
    };

    bench->part.up[DS_INTAKE].position = 10;
    bench->part.up[DS_DISPATCHER].position = 5;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(ready(bench, cases[i].source, cases[i].first, cases[i].n, cases[i].after,
                               cases[i].after_seq),
                         cases[i].ready);
}

static void apply_names(struct bench *bench, enum ds_source source, uint64_t first,
                        const char *names)
{
    char name[2] = "";

    feed_begin(&bench->feed, source, first);
    for (; *names; names++) {
        name[0] = *names;
        feed_say(&bench->feed, name, 900);
    }
    feed_seal(&bench->feed);
    assert_true(feed_apply(&bench->feed, &bench->part));
}

static void test_overlapping_batches_apply_once(void **state)
{
    struct bench *bench = *state;
    static const char expected[] = "abcdefgh";

    apply_names(bench, DS_INTAKE, 1, "abc");
    apply_names(bench, DS_INTAKE, 1, "abc");
    apply_names(bench, DS_INTAKE, 2, "bcde");
    apply_names(bench, DS_INTAKE, 5, "efgh");
    apply_names(bench, DS_INTAKE, 1, "abcdefgh");
    assert_int_equal(bench->n_heard, 8);
    for (uint32_t i = 0; i < 8; i++) {
        assert_int_equal(bench->heard[i].subject[0], expected[i]);
        assert_int_equal(bench->heard[i].ref.source, DS_INTAKE);
        assert_int_equal(bench->heard[i].ref.seq, i + 1);
    }
    assert_int_equal(bench->part.up[DS_INTAKE].position, 8);
    assert_int_equal(bench->part.up[DS_DISPATCHER].position, 0);
    assert_int_equal(bench->part.tail, 8);
}

/* ---- what a service hears ---- */

static void test_instants_of_an_event(void **state)
{
    struct bench *bench = *state;
    Ds__Event event = DS__EVENT__INIT;
    Ds__Urge urge = DS__URGE__INIT;

    event.body_case = DS__EVENT__BODY_URGED;
    event.urged = &urge;
    DS_SET(&event, received_at_ms, 900);
    feed_begin(&bench->feed, DS_INTAKE, 1);
    feed_event(&bench->feed, &event);
    DS_SET(&event, occurred_at_ms, 800);
    feed_event(&bench->feed, &event);
    DS_SET(&event, judged_at_ms, 850);
    feed_event(&bench->feed, &event);
    event.has_occurred_at_ms = false;
    feed_event(&bench->feed, &event);
    feed_seal(&bench->feed);
    assert_true(feed_apply(&bench->feed, &bench->part));
    static const int64_t at_ms[] = {900, 800, 850, 850};
    assert_int_equal(bench->n_heard, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(bench->heard[i].type, DS_EV_URGED);
        assert_true(bench->heard[i].stamp_ms == 900);
        assert_true(bench->heard[i].at_ms == at_ms[i]);
    }
}

/* A state of 4 KiB unpacked 2,000 times: the memory of a step ends with the step. */
static void test_steps_do_not_pile_up(void **state)
{
    struct bench *bench = *state;
    char text[4096];

    memset(text, '7', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    bench_put(bench, "Kbig", text, NONE, NONE, NONE);
    for (int i = 0; i < 2000; i++) {
        if (!ds_part_room(&bench->part)) bench_seal(bench);
        bench_put(bench, "Kbig", text, NONE, NONE, NONE);
        bench_say(bench, DS_INTAKE, "big", 900);
    }
    assert_int_equal(bench->n_heard, 2000);
}

/* ---- rulebooks ---- */

static void test_activation_in_the_middle_of_a_batch(void **state)
{
    struct bench *bench = *state;
    static const uint32_t rulebook[] = {3, 4, 4, 6, 6};

    bench->part.rulebook = 3;
    feed_begin(&bench->feed, DS_INTAKE, 1);
    bench->feed.rulebook = 3;
    feed_say(&bench->feed, "a", 900);
    feed_activated(&bench->feed, 4, 901);
    feed_say(&bench->feed, "b", 902);
    feed_activated(&bench->feed, 6, 903);
    feed_say(&bench->feed, "c", 904);
    feed_seal(&bench->feed);
    /* what was said under one version is sealed before the next begins */
    for (uint32_t i = 0; i < 2; i++) {
        assert_false(feed_apply(&bench->feed, &bench->part));
        assert_int_equal(bench_emitted(bench)->header->rulebook, i == 0 ? 3 : 4);
    }
    assert_true(feed_apply(&bench->feed, &bench->part));
    assert_int_equal(bench->n_heard, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(bench->heard[i].rulebook, rulebook[i]);
        assert_int_equal(bench->heard[i].in_force, rulebook[i]);
    }
    assert_int_equal(bench->part.rulebook, 6);
    assert_int_equal(bench_emitted(bench)->header->rulebook, 6);
    assert_int_equal(arg_number(call_meta(&bench->call, "rulebook")), 6);
    bench_say(bench, DS_DISPATCHER, "d", 905);
    assert_int_equal(bench_emitted(bench)->header->rulebook, 6);
}

/* Another upstream is behind the activation: its events keep the rules they were recorded under. */
static void test_an_older_batch_keeps_its_rulebook(void **state)
{
    struct bench *bench = *state;

    bench->part.rulebook = 5;
    feed_begin(&bench->feed, DS_DISPATCHER, 1);
    bench->feed.rulebook = 2;
    feed_say(&bench->feed, "a", 900);
    feed_seal(&bench->feed);
    assert_true(feed_apply(&bench->feed, &bench->part));
    assert_int_equal(bench->heard[0].rulebook, 2);
    assert_int_equal(bench->heard[0].in_force, 5);
    assert_int_equal(bench->part.rulebook, 5);
}

/* A batch that is applied in two goes: the second one knows the activation in the first. */
static void test_an_activation_before_the_position_counts(void **state)
{
    struct bench *bench = *state;

    feed_begin(&bench->feed, DS_INTAKE, 1);
    feed_activated(&bench->feed, 2, 900);
    feed_say(&bench->feed, "a", 901);
    feed_seal(&bench->feed);
    bench->part.up[DS_INTAKE].position = 1;
    bench->part.rulebook = 2;
    assert_true(feed_apply(&bench->feed, &bench->part));
    assert_int_equal(bench->n_heard, 1);
    assert_int_equal(bench->heard[0].rulebook, 2);
}

static void ask_rules_of(void *self)
{
    struct bench *bench = self;

    ds_part_rules(&bench->part);
}

static void test_rules(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(ds_part_rules(&bench->part)->number, 1);
    assert_int_equal(ds_part_rules_of(&bench->part, 5)->number, 5);
    bench->part.rulebook = 0; /* there are none */
    assert_true(dies(ask_rules_of, bench));
    bench->part.rulebook = BENCH_VERSIONS; /* nobody can have committed this number */
    assert_true(dies(ask_rules_of, bench));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stamps_rise_and_follow_causes),
        TEST(test_stamps_rise_over_a_restart),
        TEST(test_emitted_events_name_their_cause),
        TEST(test_a_cause_that_is_said_stays),
        TEST(test_numbers_have_no_gap),
        TEST(test_ready),
        TEST(test_overlapping_batches_apply_once),
        TEST(test_instants_of_an_event),
        TEST(test_steps_do_not_pile_up),
        TEST(test_activation_in_the_middle_of_a_batch),
        TEST(test_an_older_batch_keeps_its_rulebook),
        TEST(test_an_activation_before_the_position_counts),
        TEST(test_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
