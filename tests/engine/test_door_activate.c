/* SPDX-License-Identifier: MIT
 *
 * Activation: into every partition, by the right people, and completed when a crash cut it short.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gate.h"

#define RECORDED  DS__RECEIPT__STATUS__RECORDED
#define DUPLICATE DS__RECEIPT__STATUS__DUPLICATE
#define REJECTED  DS__RECEIPT__STATUS__REJECTED

static int setup(void **state)
{
    *state = gate_new(1000, true); /* nothing is in force yet */
    return 0;
}

static int teardown(void **state)
{
    gate_free(*state);
    return 0;
}

static void check_rulebooks(const struct gate *gate, uint32_t p0, uint32_t p1, uint32_t p2)
{
    assert_int_equal(gate->parts[0].rulebook, p0);
    assert_int_equal(gate->parts[1].rulebook, p1);
    assert_int_equal(gate->parts[2].rulebook, p2);
}

/* Commits a partition and looks at the one activation in it. by NULL: completed at start. */
static void check_activated(struct gate *gate, uint32_t partition, uint32_t number, const char *by)
{
    char hash[65];

    memset(hash, 'a', 64);
    hash[64] = '\0';
    gate_commit(gate, partition);
    assert_int_equal(arg_number(call_meta(&gate->call, "rulebook")), number);
    const Ds__Batch *batch = call_batch(&gate->call, &gate->arena);
    assert_int_equal(batch->n_events, 1);
    const Ds__Event *event = batch->events[0];
    assert_int_equal(event->body_case, DS_EV_ACTIVATED);
    assert_int_equal(event->activated->number, number);
    assert_string_equal(event->activated->hash, hash);
    assert_string_equal(ds_str(event->by), by ? by : "");
    assert_int_equal(event->has_made_at_ms, by != NULL);
}

static void activate_everywhere(struct gate *gate, uint32_t number)
{
    char id[16];

    snprintf(id, sizeof id, "a-%u", number);
    gate->version_number = number;
    gate_activate(gate, id, "boss");
    gate_check(gate, RECORDED, NULL);
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        gate_commit(gate, p);
    check_rulebooks(gate, number, number, number);
}

/* There is no directory to ask yet: the first one is anybody's. */
static void test_the_first_activation(void **state)
{
    struct gate *gate = *state;

    const Ds__Receipt *receipt = gate_activate(gate, "a-1", "li");
    gate_check(gate, RECORDED, NULL);
    assert_string_equal(receipt->event, "intake/p000/1");
    assert_null(receipt->ticket);
    assert_int_equal(gate->answer.partition, 0);
    assert_int_equal(gate->answer.after_bno, 1);
    assert_int_equal(gate->versions_made, 1);
    check_rulebooks(gate, 1, 1, 1);
    for (uint32_t p = 0; p < GATE_PARTS; p++) {
        check_activated(gate, p, 1, "li");
        assert_int_equal(gate->call.receipts.len, p == 0 ? DS_RECEIPT_RECORD : 0);
    }
    gate_urge(gate, "r-1", NULL); /* and the door is open to everybody else */
    gate_check(gate, RECORDED, NULL);
}

static void test_later_ones_need_the_right(void **state)
{
    struct gate *gate = *state;

    activate_everywhere(gate, 1);
    gate->version_number = 2;
    gate_activate(gate, "a-2", "li");
    gate_check(gate, REJECTED, "wrong_role");
    assert_int_equal(gate->versions_made, 1); /* it was not even looked at */
    check_rulebooks(gate, 1, 1, 1);
    gate_activate(gate, "a-3", "boss");
    gate_check(gate, RECORDED, NULL);
    check_rulebooks(gate, 2, 2, 2);
}

static void test_a_version_that_cannot_be_made(void **state)
{
    struct gate *gate = *state;

    gate->version_code = DS_CODE_BAD_RULEBOOK;
    gate_activate(gate, "a-1", "boss");
    gate_check(gate, REJECTED, "bad_rulebook");
    assert_string_equal(gate->answer.receipt.field, "rulebook");
    gate->version_code = DS_CODE_BUSY;
    gate_activate(gate, "a-1", "boss");
    gate_check(gate, DS__RECEIPT__STATUS__BUSY, "busy");
    check_rulebooks(gate, 0, 0, 0);
    assert_int_equal(gate->door.receipts.n, 0);
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        assert_false(ds_part_pending(&gate->parts[p]));
    gate->version_code = DS_CODE_OK;
    gate_activate(gate, "a-1", "boss");
    gate_check(gate, RECORDED, NULL);
}

static void test_a_retry_activates_nothing(void **state)
{
    struct gate *gate = *state;

    gate_activate(gate, "a-1", "boss");
    const Ds__Receipt *receipt = gate_activate(gate, "a-1", "boss");
    gate_check(gate, DUPLICATE, NULL);
    assert_string_equal(receipt->event, "intake/p000/1");
    assert_int_equal(gate->answer.after_bno, 1);
    assert_int_equal(gate->versions_made, 1);
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        assert_int_equal(gate->parts[p].tail, 1);
}

/* Partitions commit one by one. A process that dies in between leaves some with the version and
 * some without; the next one completes it, under nobody's name. */
static void cut_and_complete(struct gate *gate, unsigned stored)
{
    char hash[65];

    memset(hash, 'a', 64);
    hash[64] = '\0';
    activate_everywhere(gate, 1);
    gate->version_number = 2;
    gate_activate(gate, "a-2", "boss");
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        if (stored >> p & 1) gate_commit(gate, p);
    gate_restart(gate, 1000);
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        assert_int_equal(gate->parts[p].rulebook, stored >> p & 1 ? 2 : 1);
    ds_door_complete_activation(&gate->door, hash, 2);
    check_rulebooks(gate, 2, 2, 2);
    for (uint32_t p = 0; p < GATE_PARTS; p++) {
        assert_int_equal(gate->parts[p].tail, 2);
        if (stored >> p & 1)
            assert_false(ds_part_pending(&gate->parts[p]));
        else
            check_activated(gate, p, 2, NULL);
    }
    ds_door_complete_activation(&gate->door, hash, 2);
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        assert_false(ds_part_pending(&gate->parts[p]));
}

static void test_completed_after_a_cut(void **state)
{
    (void)state;
    for (unsigned stored = 1; stored < 8; stored++) {
        struct gate *gate = gate_new(1000, true);
        cut_and_complete(gate, stored);
        gate_free(gate);
    }
}

/* Nothing was stored: the version never was, and the client's retry makes it anew. */
static void test_lost_before_anything_was_stored(void **state)
{
    struct gate *gate = *state;

    gate_activate(gate, "a-1", "boss");
    gate_restart(gate, 1000);
    check_rulebooks(gate, 0, 0, 0);
    gate_activate(gate, "a-1", "boss");
    gate_check(gate, RECORDED, NULL);
    check_rulebooks(gate, 1, 1, 1);
}

/* ---- for a day to come ---- */

static void schedule(struct gate *gate, const char *id, uint32_t number, int64_t from_ms)
{
    gate->version_number = number;
    gate->effective_from_ms = from_ms;
    gate_activate(gate, id, "boss");
    gate->effective_from_ms = 0;
}

static void pass(struct gate *gate, int64_t now_ms)
{
    gate->now_ms = now_ms;
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        gate->parts[p].now_ms = now_ms;
}

/* In force at that millisecond, by time alone or before the first command of it. */
static void test_for_a_day_to_come(void **state)
{
    struct gate *gate = *state;
    int64_t from_ms = GATE_NOW_MS + 5000;

    activate_everywhere(gate, 1);
    schedule(gate, "a-2", 2, from_ms);
    gate_check(gate, RECORDED, NULL);
    check_rulebooks(gate, 1, 1, 1);
    assert_int_equal(ds_door_last_version(&gate->door), 2);
    for (uint32_t p = 0; p < GATE_PARTS; p++) {
        gate_commit(gate, p);
        assert_int_equal(ds_part_next_due(&gate->parts[p]), from_ms - 1);
    }
    pass(gate, from_ms - 1);
    ds_door_come_into_force(&gate->door, from_ms - 1);
    assert_int_equal(ds_part_fire(&gate->parts[1], 10, true, NULL, NULL), 0);
    check_rulebooks(gate, 1, 1, 1);
    pass(gate, from_ms);
    assert_int_equal(ds_part_fire(&gate->parts[1], 10, true, NULL, NULL), 1);
    check_rulebooks(gate, 1, 2, 1);
    gate_urge(gate, "u-1", "soon"); /* of partition 1; all of them are asked first */
    check_rulebooks(gate, 2, 2, 2);
    for (uint32_t p = 0; p < GATE_PARTS; p++) {
        gate_commit(gate, p);
        assert_int_equal(call_batch(&gate->call, &gate->arena)->events[0]->received_at_ms, from_ms);
        assert_int_equal(ds_part_next_due(&gate->parts[p]), DS_NO_DUE);
    }
}

static void test_days_that_cannot_be(void **state)
{
    struct gate *gate = *state;

    schedule(gate, "a-1", 1, GATE_NOW_MS + 5000);
    gate_check(gate, REJECTED, "not_allowed_here"); /* nothing could be recorded until then */
    activate_everywhere(gate, 1);
    schedule(gate, "a-2", 2, GATE_NOW_MS);
    gate_check(gate, REJECTED, "out_of_range");
    assert_string_equal(gate->answer.receipt.field, "activate.effective_from_ms");
    assert_int_equal(ds_door_last_version(&gate->door), 1);
}

/* One version waits at most. */
static void test_the_next_one_takes_its_place(void **state)
{
    struct gate *gate = *state;

    activate_everywhere(gate, 1);
    schedule(gate, "a-2", 2, GATE_NOW_MS + 5000);
    schedule(gate, "a-3", 3, GATE_NOW_MS + 9000);
    assert_int_equal(ds_door_last_version(&gate->door), 3);
    pass(gate, GATE_NOW_MS + 6000);
    ds_door_come_into_force(&gate->door, gate->now_ms);
    check_rulebooks(gate, 1, 1, 1);
    activate_everywhere(gate, 4);
    pass(gate, GATE_NOW_MS + 9000);
    ds_door_come_into_force(&gate->door, gate->now_ms);
    check_rulebooks(gate, 4, 4, 4);
}

/* What a crash cut short waits everywhere after the next start, the last one of several. */
static void test_completed_waiting_after_a_cut(void **state)
{
    char hash[65];

    (void)state;
    memset(hash, 'a', 64);
    hash[64] = '\0';
    for (unsigned stored = 1; stored < 8; stored++) {
        struct gate *gate = gate_new(1000, true);
        activate_everywhere(gate, 1);
        schedule(gate, "a-2", 2, GATE_NOW_MS + 5000);
        for (uint32_t p = 0; p < GATE_PARTS; p++)
            gate_commit(gate, p);
        schedule(gate, "a-3", 3, GATE_NOW_MS + 9000);
        for (uint32_t p = 0; p < GATE_PARTS; p++)
            if (stored >> p & 1) gate_commit(gate, p);
        gate_restart(gate, 1000);
        ds_door_complete_activation(&gate->door, hash, 1);
        for (uint32_t p = 0; p < GATE_PARTS; p++)
            assert_int_equal(ds_part_waiting(&gate->parts[p])->number, 3);
        pass(gate, GATE_NOW_MS + 9000);
        ds_door_come_into_force(&gate->door, gate->now_ms);
        check_rulebooks(gate, 3, 3, 3);
        gate_free(gate);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_first_activation),
        TEST(test_later_ones_need_the_right),
        TEST(test_a_version_that_cannot_be_made),
        TEST(test_a_retry_activates_nothing),
        TEST(test_completed_after_a_cut),
        TEST(test_lost_before_anything_was_stored),
        TEST(test_for_a_day_to_come),
        TEST(test_days_that_cannot_be),
        TEST(test_the_next_one_takes_its_place),
        TEST(test_completed_waiting_after_a_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
