/* SPDX-License-Identifier: MIT
 *
 * Every answer that the door can give, and when it may be sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dies.h"
#include "gate.h"

#define RECORDED  DS__RECEIPT__STATUS__RECORDED
#define DUPLICATE DS__RECEIPT__STATUS__DUPLICATE
#define REJECTED  DS__RECEIPT__STATUS__REJECTED
#define TOO_OLD   DS__RECEIPT__STATUS__TOO_OLD
#define BUSY      DS__RECEIPT__STATUS__BUSY

static int setup(void **state)
{
    *state = gate_new(1000, false);
    return 0;
}

static int teardown(void **state)
{
    gate_free(*state);
    return 0;
}

/* Nothing has changed: no event, no receipt, nothing to commit. */
static void check_untouched(const struct gate *gate)
{
    for (uint32_t p = 0; p < GATE_PARTS; p++) {
        assert_false(ds_part_pending(&gate->parts[p]));
        assert_int_equal(gate->parts[p].tail, gate->shelves[p].tail);
        assert_int_equal(gate->parts[p].batch_count, 0);
        assert_int_equal(gate->parts[p].receipts.len, 0);
    }
}

/* ---- recorded and duplicate ---- */

static void test_recorded(void **state)
{
    struct gate *gate = *state;

    gate->parts[1].tail = gate->shelves[1].tail = 41;
    gate->parts[1].bno = gate->shelves[1].bno = 6;
    const Ds__Receipt *receipt = gate_urge(gate, "r-1", "hurry");
    gate_check(gate, RECORDED, NULL);
    assert_string_equal(receipt->id, "r-1");
    assert_string_equal(receipt->event, "intake/p001/42");
    assert_null(receipt->ticket);
    assert_int_equal(gate->answer.partition, 1);
    assert_int_equal(gate->answer.after_bno, 7); /* only once batch 7 is durable */
    gate_commit(gate, 1);
    assert_int_equal(gate->call.receipts.len, DS_RECEIPT_RECORD);
    const Ds__Batch *batch = call_batch(&gate->call, &gate->arena);
    assert_int_equal(batch->n_events, 1);
    assert_string_equal(batch->events[0]->urged->note, "hurry");
    assert_true(batch->events[0]->received_at_ms == GATE_NOW_MS);
    assert_null(batch->events[0]->cause);
}

static void test_recorded_with_ticket(void **state)
{
    struct gate *gate = *state;
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Register body = DS__REGISTER__INIT;

    command.id = (char *)"r-1";
    command.by = (char *)"li";
    command.territory = (char *)"p2";
    DS_SET(&command, made_at_ms, GATE_NOW_MS);
    command.body_case = DS__COMMAND__BODY_REGISTER;
    command.register_ = &body;
    const Ds__Receipt *receipt = gate_send(gate, &command);
    gate_check(gate, RECORDED, NULL);
    assert_string_equal(receipt->ticket, "T002-1");
    assert_string_equal(receipt->event, "intake/p002/1");
    /* the next command finds that partition by the ticket alone */
    command.id = (char *)"r-2";
    command.territory = NULL;
    command.ticket = (char *)"T002-1";
    receipt = gate_send(gate, &command);
    gate_check(gate, RECORDED, NULL);
    assert_string_equal(receipt->event, "intake/p002/2");
    command.id = (char *)"r-3";
    command.ticket = (char *)"T002-9";
    gate_send(gate, &command);
    gate_check(gate, REJECTED, "unknown_ticket");
}

/* A retry gets the first answer, and not before the first one may be sent. */
static void test_duplicate_of_pending_sealed_and_durable(void **state)
{
    struct gate *gate = *state;

    gate_urge(gate, "r-0", NULL);
    gate_commit(gate, 1);
    gate_urge(gate, "r-1", NULL);
    assert_int_equal(gate->answer.after_bno, 2);
    for (int i = 0; i < 3; i++) { /* pending, committed, committed long ago */
        const Ds__Receipt *receipt = gate_urge(gate, "r-1", NULL);
        gate_check(gate, DUPLICATE, NULL);
        assert_string_equal(receipt->id, "r-1");
        assert_string_equal(receipt->event, "intake/p001/2");
        assert_int_equal(gate->answer.partition, 1);
        assert_int_equal(gate->answer.after_bno, 2);
        assert_int_equal(gate->parts[1].tail, 2);
        if (i == 0) gate_commit(gate, 1);
        check_untouched(gate);
        gate_commit(gate, 0);
        gate_commit(gate, 1);
    }
}

static void test_duplicate_after_a_restart(void **state)
{
    struct gate *gate = *state;
    struct ds_receipt_row row = {.hour = (uint32_t)(GATE_NOW_MS / DS_HOUR_MS), .partition = 1};

    gate_urge(gate, "r-1", NULL);
    gate_commit(gate, 1);
    gate_restart(gate, 1000);
    assert_int_equal(gate->shelves[1].receipts.len, DS_RECEIPT_RECORD);
    ds_receipts_read(&row, gate->shelves[1].receipts.bytes);
    assert_true(ds_receipts_add(&gate->door.receipts, &row));
    const Ds__Receipt *receipt = gate_urge(gate, "r-1", NULL);
    gate_check(gate, DUPLICATE, NULL);
    assert_string_equal(receipt->event, "intake/p001/1");
    assert_int_equal(gate->answer.after_bno, 0); /* it was durable before this process began */
}

/* The same fact under another id: the first event is named, and this id gets a receipt too. */
static void test_a_known_fact_under_a_new_id(void **state)
{
    struct gate *gate = *state;

    gate_urge(gate, "r-1", NULL);
    gate_commit(gate, 1);
    const Ds__Receipt *receipt = gate_urge(gate, "r-2", "known");
    gate_check(gate, DUPLICATE, NULL);
    assert_string_equal(receipt->event, "intake/p001/1");
    assert_string_equal(receipt->ticket, "T001-1");
    assert_int_equal(gate->answer.after_bno, 2);
    assert_int_equal(gate->parts[1].tail, 1);
    assert_true(ds_part_pending(&gate->parts[1]));
    gate_commit(gate, 1);
    assert_int_equal(gate->call.receipts.len, DS_RECEIPT_RECORD);
    assert_int_equal(gate->call.batch.len, 0);
    receipt = gate_urge(gate, "r-2", "known");
    gate_check(gate, DUPLICATE, NULL);
    assert_string_equal(receipt->event, "intake/p001/1");
    assert_string_equal(receipt->ticket, "T001-1");
}

static void test_id_reused(void **state)
{
    struct gate *gate = *state;

    gate_urge(gate, "r-1", "one");
    gate_commit(gate, 1);
    const Ds__Receipt *receipt = gate_urge(gate, "r-1", "two");
    gate_check(gate, REJECTED, "id_reused");
    assert_string_equal(receipt->id, "r-1");
    assert_string_equal(receipt->field, "id");
    check_untouched(gate);
    gate_urge(gate, "r-1", "one"); /* the first one still stands */
    gate_check(gate, DUPLICATE, NULL);
}

/* ---- age ---- */

static void test_age_to_the_millisecond(void **state)
{
    struct gate *gate = *state;
    static const struct {
        int64_t made_ms;
        Ds__Receipt__Status status;
        const char *code;
    } cases[] = {
        {GATE_NOW_MS - 24 * INT64_C(3600000), RECORDED, NULL},
        {GATE_NOW_MS - 24 * INT64_C(3600000) - 1, TOO_OLD, "too_old"},
        {GATE_NOW_MS - 48 * INT64_C(3600000), TOO_OLD, "too_old"},
        {GATE_NOW_MS + 3600000, RECORDED, NULL},
        {GATE_NOW_MS + 3600001, REJECTED, "clock_ahead"},
        {GATE_NOW_MS, RECORDED, NULL},
    };
    char id[16];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(id, sizeof id, "r-%zu", i);
        const Ds__Receipt *receipt = gate_urge_made(gate, id, cases[i].made_ms);
        gate_check(gate, cases[i].status, cases[i].code);
        if (cases[i].code) {
            assert_string_equal(receipt->field, "made_at_ms");
            check_untouched(gate);
            assert_int_equal(gate->answer.after_bno, 0);
        }
        gate_commit(gate, 1);
    }
}

/* An old command is not even compared with what is remembered. */
static void test_age_comes_before_duplicates(void **state)
{
    struct gate *gate = *state;

    gate_urge_made(gate, "r-1", GATE_NOW_MS);
    gate_time(gate, GATE_NOW_MS + 24 * INT64_C(3600000));
    gate_urge_made(gate, "r-1", GATE_NOW_MS);
    gate_check(gate, DUPLICATE, NULL);
    gate_time(gate, GATE_NOW_MS + 24 * INT64_C(3600000) + 1);
    gate_urge_made(gate, "r-1", GATE_NOW_MS);
    gate_check(gate, TOO_OLD, "too_old");
}

/* ---- receipts ---- */

static void test_receipts_live_26_hours(void **state)
{
    struct gate *gate = *state;
    const int64_t hour_ms = 3600000;

    gate_urge(gate, "r-1", NULL); /* 12:00 */
    assert_int_equal(gate->door.receipts.n, 1);
    gate_time(gate, GATE_NOW_MS + 27 * hour_ms - 1);
    gate_urge(gate, "r-2", NULL); /* 14:59 on the next day: 26 full hours and the one it came in */
    assert_int_equal(gate->door.receipts.n, 2);
    gate_time(gate, GATE_NOW_MS + 27 * hour_ms);
    gate_urge(gate, "r-3", NULL);
    assert_int_equal(gate->door.receipts.n, 2); /* r-2 and r-3 */
    /* a retry within the 24 hours that commands may be old always finds its receipt */
    gate_time(gate, GATE_NOW_MS + 50 * hour_ms);
    gate_urge_made(gate, "r-2", GATE_NOW_MS + 27 * hour_ms - 1);
    gate_check(gate, DUPLICATE, NULL);
}

static void test_busy_when_receipts_are_full(void **state)
{
    struct gate *gate = *state;
    char id[16];

    gate_restart(gate, 3);
    for (int i = 0; i < 3; i++) {
        snprintf(id, sizeof id, "r-%d", i);
        gate_urge(gate, id, NULL);
        gate_check(gate, RECORDED, NULL);
    }
    gate_commit(gate, 1);
    const Ds__Receipt *receipt = gate_urge(gate, "r-3", NULL);
    gate_check(gate, BUSY, "busy");
    assert_int_equal(receipt->retry_after_ms, 250);
    assert_string_equal(receipt->id, "r-3");
    check_untouched(gate);
    gate_urge(gate, "r-1", NULL); /* retries are answered all the same */
    gate_check(gate, DUPLICATE, NULL);
    gate_time(gate, GATE_NOW_MS + 27 * INT64_C(3600000));
    gate_urge(gate, "r-3", NULL);
    gate_check(gate, RECORDED, NULL);
}

static void test_busy_when_told_so(void **state)
{
    struct gate *gate = *state;

    gate_urge(gate, "r-1", NULL);
    gate_commit(gate, 1);
    ds_door_take(&gate->door, gate->sent, gate->sent_len, GATE_NOW_MS, "the store is away",
                 &gate->answer);
    gate_check(gate, BUSY, "busy");
    assert_string_equal(gate->answer.receipt.id, "r-1"); /* whose answer this is, is still said */
    assert_int_equal(gate->answer.receipt.retry_after_ms, 250);
    assert_string_equal(gate->answer.receipt.expected, "the store is away");
    assert_non_null(strstr(gate->answer.receipt.text, "the store is away"));
    assert_int_equal(gate->answer.after_bno, 0);
    check_untouched(gate);
    ds_door_take(&gate->door, (const uint8_t *)"nonsense", 8, GATE_NOW_MS, "shutting down",
                 &gate->answer);
    gate_check(gate, BUSY, "busy");
    assert_string_equal(gate->answer.receipt.id, "");
}

/* ---- refused by the service ---- */

/* A refusal may rest on what is pending: it waits for that to be durable. */
static void test_refusals_wait_for_what_they_rest_on(void **state)
{
    struct gate *gate = *state;

    gate_urge(gate, "r-0", "full");
    gate_check(gate, REJECTED, "ticket_full");
    assert_string_equal(gate->answer.receipt.field, "ticket");
    assert_int_equal(gate->answer.partition, 1);
    assert_int_equal(gate->answer.after_bno, 0);
    check_untouched(gate);
    gate_urge(gate, "r-1", NULL);
    gate_urge(gate, "r-2", "full");
    gate_check(gate, REJECTED, "ticket_full");
    assert_int_equal(gate->answer.partition, 1);
    assert_int_equal(gate->answer.after_bno, 1); /* the pending batch */
    ds_part_seal(&gate->parts[1], &gate->commit);
    gate_urge(gate, "r-3", "full");
    assert_int_equal(gate->answer.after_bno, 1); /* the sealed one, which may still be under way */
    assert_int_equal(gate->door.receipts.n, 1);  /* a refusal has no receipt */
    gate_urge(gate, "r-3", "not full any more");
    gate_check(gate, RECORDED, NULL); /* so the id is free */
}

static void test_refused_on_the_way(void **state)
{
    struct gate *gate = *state;
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Urge body = DS__URGE__INIT;

    command.id = (char *)"r-1";
    command.by = (char *)"li";
    DS_SET(&command, made_at_ms, GATE_NOW_MS);
    command.body_case = DS__COMMAND__BODY_URGE;
    command.urge = &body;
    command.territory = (char *)"nowhere";
    gate_send(gate, &command);
    gate_check(gate, REJECTED, "unknown_territory");
    assert_string_equal(gate->answer.receipt.field, "territory");
    command.territory = (char *)"far"; /* an id whose partition this installation does not have */
    gate_send(gate, &command);
    gate_check(gate, REJECTED, "unknown_ticket");
    assert_int_equal(gate->answer.partition, 0);
    command.territory = (char *)"p0";
    gate_send(gate, &command);
    gate_check(gate, RECORDED, NULL);
}

static void take_torn(void *self)
{
    gate_urge(self, "r-1", "torn");
}

static void test_a_refusal_that_emits_is_a_bug(void **state)
{
    assert_true(dies(take_torn, *state));
}

static void test_no_rulebook(void **state)
{
    struct gate *gate = gate_new(1000, true);

    (void)state;
    gate_urge(gate, "r-1", NULL);
    gate_check(gate, REJECTED, "no_rulebook");
    check_untouched(gate);
    gate_free(gate);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_recorded),
        TEST(test_recorded_with_ticket),
        TEST(test_duplicate_of_pending_sealed_and_durable),
        TEST(test_duplicate_after_a_restart),
        TEST(test_a_known_fact_under_a_new_id),
        TEST(test_id_reused),
        TEST(test_age_to_the_millisecond),
        TEST(test_age_comes_before_duplicates),
        TEST(test_receipts_live_26_hours),
        TEST(test_busy_when_receipts_are_full),
        TEST(test_busy_when_told_so),
        TEST(test_refusals_wait_for_what_they_rest_on),
        TEST(test_refused_on_the_way),
        TEST(test_a_refusal_that_emits_is_a_bug),
        TEST(test_no_rulebook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
