/* SPDX-License-Identifier: MIT
 *
 * A sealed batch as the arguments of the store's commit function: their order, their checksum, and
 * that they never change once they are sealed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "proto/state.pb-c.h"

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

/* ---- layout ---- */

/* Fills every group: rows of two stored entities, then a commit that changes all there is. */
static void fill(struct bench *bench)
{
    struct ds_part *part = &bench->part;

    bench_put(bench, "gone", "x", 10, NONE, NONE);
    bench_put(bench, "calm", "x", 20, NONE, NONE);
    bench_seal(bench);
    part->epoch = 9;
    part->bno = 41;
    part->tail = 700;
    part->last_stamp_ms = 1000;
    part->rulebook = 3;
    for (int s = DS_INTAKE; s <= DS_SURVEY; s++)
        part->up[s] = (struct ds_upstream){(uint64_t)(100 * s), 980 + s};
    ds_part_delete(part, "gone");
    bench_put(bench, "calm", "y", NONE, NONE, NONE);
    bench_put(bench, "new", "z", NONE, 990, NONE);
    bench_say(bench, DS_SURVEY, "a*2", 990);
    ds_buf_put_text(&part->receipts, "two receipts");
}

/* The whole list, as the comment of commit.lua has it. */
static void test_layout(void **state)
{
    struct bench *bench = *state;
    static const char *const expected[] = {
        "9", "42", NULL, "701", "702", NULL,
        /* meta */
        "9", "mark", "981", "rulebook", "3", "stamp", "1000", "ck:1", "100", "mk:1", "981", "ck:2",
        "200", "mk:2", "982", "ck:3", "301", "mk:3", "983",
        /* puts, in the order in which they were first touched */
        "3", "calm", "\x22\x01y", "new", "\x10\xde\x07\x22\x01z", "Ka",
        "\x22\x01"
        "1",
        /* deletes, dues, dues cleared */
        "1", "gone", "1", "990", "new", "2", "gone", "calm", "two receipts"};

    fill(bench);
    const struct call *call = bench_seal(bench);
    assert_int_equal(call->n_args, sizeof expected / sizeof expected[0]);
    for (uint32_t i = 0; i < call->n_args; i++)
        if (expected[i] && !arg_is(call->args[i], expected[i]))
            fail_msg("argument %u is \"%.*s\", not \"%s\"", i, (int)call->args[i].len,
                     (const char *)call->args[i].at, expected[i]);
    const Ds__Batch *batch = call_batch(call, &bench->arena);
    assert_int_equal(batch->n_events, 2);
    const Ds__BatchHeader *header = batch->header;
    assert_int_equal(header->format, DS_BATCH_FORMAT);
    assert_int_equal(header->source, DS__SOURCE__NAME__WATCHER);
    assert_int_equal(header->partition, 7);
    assert_int_equal(header->epoch, 9);
    assert_int_equal(header->bno, 42);
    assert_int_equal(header->first_seq, 701);
    assert_int_equal(header->count, 2);
    assert_true(header->mark_ms == 981);
    assert_int_equal(header->rulebook, 3);
    assert_int_equal(header->n_applied, 3);
    static const uint64_t applied[] = {100, 200, 301}; /* the cause itself is in it */
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(header->applied[i]->source, DS_INTAKE + i);
        assert_int_equal(header->applied[i]->seq, applied[i]);
    }
    assert_int_equal(bench->commit.partition, 7);
}

/* Nothing happened: a tick. The numbers say that no event was added. */
static void test_a_commit_without_events(void **state)
{
    struct bench *bench = *state;

    bench->part.tail = 700;
    const struct call *call = bench_seal(bench);
    assert_int_equal(call->first, 701);
    assert_int_equal(call->last, 700);
    assert_int_equal(call->batch.len, 0);
    assert_int_equal(call->puts.n + call->deletes.n + call->sets.n + call->clears.n, 0);
    assert_int_equal(call->receipts.len, 0);
    assert_int_equal(bench->commit.batch.len, 0);
    bench_say(bench, DS_INTAKE, "a", 900);
    assert_int_equal(bench_seal(bench)->first, 701);
}

/* Deadlines before 1970 do not happen, but a mark of 0 - 1 does, at the very first start. */
static void test_negative_numbers(void **state)
{
    struct bench *bench = *state;
    struct ds_service service = tiny_echo;

    service.upstreams = 0;
    bench->part.service = &service;
    bench->part.now_ms = 0;
    bench->part.mark_ms = INT64_MIN;
    assert_true(arg_instant(call_meta(bench_seal(bench), "mark")) == -1);
    bench->part.service = &tiny_echo;
}

/* ---- checksum ---- */

static uint32_t crc_of(const struct call *call)
{
    uint32_t crc = 0;

    for (uint32_t i = 0; i < call->n_args; i++)
        if (i != DS_ARG_CRC) crc = ds_crc32c(crc, call->args[i].at, call->args[i].len);
    return crc;
}

enum {
    SAME,
    EPOCH,
    BNO,
    TAIL,
    RULEBOOK,
    STAMP,
    UP,
    MARK,
    VALUE,
    DUE,
    DELETE,
    EVENT,
    RECEIPT,
    WAYS
};

/* Seals the same commit but for one thing. */
static uint64_t crc_with(struct bench *bench, int way)
{
    struct ds_part *part = &bench->part;

    bench_restart(bench);
    fill(bench);
    switch (way) {
    case EPOCH: part->epoch++; break;
    case BNO: part->bno++; break;
    case TAIL: part->tail++; break;
    case RULEBOOK: part->rulebook++; break;
    case STAMP: part->last_stamp_ms++; break;
    case UP: part->up[DS_DISPATCHER].position++; break;
    case MARK: part->up[DS_DISPATCHER].mark_ms++; break;
    case VALUE: bench_put(bench, "calm", "Y", NONE, NONE, NONE); break;
    case DUE: bench_put(bench, "new", "z", 30, NONE, NONE); break;
    case DELETE: bench_put(bench, "gone", "x", NONE, NONE, NONE); break;
    case EVENT: bench_say(bench, DS_INTAKE, "a", 900); break;
    case RECEIPT: part->receipts.bytes[0] ^= 1; break;
    default: break;
    }
    const struct call *call = bench_seal(bench);
    assert_int_equal(call->crc, crc_of(call));
    return call->crc;
}

static void test_the_checksum_covers_every_argument(void **state)
{
    struct bench *bench = *state;
    uint64_t crcs[WAYS];

    for (int way = 0; way < WAYS; way++) {
        crcs[way] = crc_with(bench, way);
        for (int other = 0; other < way; other++)
            assert_true(crcs[way] != crcs[other]);
    }
    assert_true(crc_with(bench, SAME) == crcs[SAME]);
}

/* Any single byte of any argument. */
static void test_the_checksum_sees_every_byte(void **state)
{
    struct bench *bench = *state;

    fill(bench);
    const struct call *call = bench_seal(bench);
    assert_int_equal(crc_of(call), call->crc);
    for (uint32_t i = 0; i < call->n_args; i++) {
        if (i == DS_ARG_CRC) continue;
        for (size_t k = 0; k < call->args[i].len; k++) {
            uint8_t *byte =
                bench->commit.bytes.bytes + (call->args[i].at + k - bench->commit.bytes.bytes);
            *byte ^= 0x10;
            assert_true(crc_of(call) != call->crc);
            *byte ^= 0x10;
        }
    }
}

/* ---- immutable ---- */

static void test_a_sealed_batch_stays_as_it_is(void **state)
{
    struct bench *bench = *state;

    fill(bench);
    bench_seal(bench);
    size_t len = bench->commit.bytes.len;
    uint8_t *copy = malloc(len);
    assert_non_null(copy);
    memcpy(copy, bench->commit.bytes.bytes, len);
    /* the part goes on collecting, and changes what the batch spoke of */
    for (int i = 0; i < 50; i++)
        bench_say(bench, DS_INTAKE, "a*3", 900);
    bench_put(bench, "calm", "changed", 99, NONE, NONE);
    ds_part_delete(&bench->part, "new");
    ds_buf_put_text(&bench->part.receipts, "more receipts");
    assert_int_equal(bench->commit.bytes.len, len);
    assert_memory_equal(bench->commit.bytes.bytes, copy, len);
    free(copy);
}

/* The next seal reuses the buffers and leaves nothing of the batch before. */
static void test_buffers_are_reused(void **state)
{
    struct bench *bench = *state;

    fill(bench);
    for (int i = 0; i < 60; i++) {
        char key[16];
        snprintf(key, sizeof key, "K%d", i);
        bench_put(bench, key, "x", i + 1, NONE, NONE);
    }
    bench_seal(bench);
    assert_true(bench->call.n_args > 200);
    const uint8_t *bytes = bench->commit.bytes.bytes;
    bench_put(bench, "only", "x", NONE, NONE, NONE);
    const struct call *call = bench_seal(bench);
    assert_ptr_equal(bench->commit.bytes.bytes, bytes);
    assert_int_equal(call->puts.n, 1);
    assert_true(arg_is(call->puts.args[0], "only"));
    assert_int_equal(call->batch.len, 0);
    assert_int_equal(call->receipts.len, 0);
}

static void test_pending(void **state)
{
    struct bench *bench = *state;
    struct ds_part *part = &bench->part;

    assert_false(ds_part_pending(part));
    assert_int_equal(ds_part_pending_bytes(part), 0);
    bench_put(bench, "a", "x", NONE, NONE, NONE);
    assert_true(ds_part_pending(part));
    bench_seal(bench);
    assert_false(ds_part_pending(part));
    ds_part_delete(part, "never there");
    assert_false(ds_part_pending(part));
    ds_part_delete(part, "a");
    assert_true(ds_part_pending(part));
    bench_seal(bench);
    bench_say(bench, DS_INTAKE, "a", 900);
    ds_buf_put_text(&part->receipts, "12345");
    assert_int_equal(ds_part_pending_bytes(part), part->batch.len + 5);
    bench_seal(bench);
    assert_int_equal(ds_part_pending_bytes(part), 0);
}

/* ---- activation (intake's part) ---- */

static void test_activation(void **state)
{
    struct bench *bench = *state;
    struct ds_part *part = &bench->part;
    Ds__Command command = DS__COMMAND__INIT;

    part->rulebook = 0;
    command.id = (char *)"act-1";
    command.by = (char *)"boss";
    DS_SET(&command, made_at_ms, 950);
    ds_part_activate(part, &command, "c0ffee", 1);
    assert_int_equal(part->rulebook, 1);
    bench_say(bench, DS_INTAKE, "a", 900);
    ds_part_activate(part, NULL, "decaf", 2);
    const Ds__Batch *batch = bench_emitted(bench);
    assert_int_equal(batch->header->rulebook, 0); /* at the first event none was in force */
    assert_int_equal(batch->n_events, 3);
    const Ds__Event *first = batch->events[0], *last = batch->events[2];
    assert_int_equal(first->body_case, DS_EV_ACTIVATED);
    assert_string_equal(first->activated->hash, "c0ffee");
    assert_int_equal(first->activated->number, 1);
    assert_string_equal(first->by, "boss");
    assert_string_equal(first->command_id, "act-1");
    assert_true(first->made_at_ms == 950);
    assert_true(first->received_at_ms == 1000);
    assert_null(first->cause);
    assert_string_equal(last->activated->hash, "decaf");
    assert_int_equal(last->activated->number, 2);
    assert_null(last->by);
    assert_null(last->command_id);
    assert_false(last->has_made_at_ms);
    assert_int_equal(arg_number(call_meta(&bench->call, "rulebook")), 2);
    bench_say(bench, DS_INTAKE, "b", 900);
    assert_int_equal(bench_emitted(bench)->header->rulebook, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_layout),
        TEST(test_a_commit_without_events),
        TEST(test_negative_numbers),
        TEST(test_the_checksum_covers_every_argument),
        TEST(test_the_checksum_sees_every_byte),
        TEST(test_a_sealed_batch_stays_as_it_is),
        TEST(test_buffers_are_reused),
        TEST(test_pending),
        TEST(test_activation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
