/* SPDX-License-Identifier: MIT
 *
 * A pending batch has room for so much. A big upstream batch is applied in several goes, with a
 * seal between them; whatever is lost with the process between any two seals is done again, and
 * nothing twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
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

/* ---- limits ---- */

static void test_room_for_events(void **state)
{
    struct bench *bench = *state;

    assert_true(ds_part_room(&bench->part));
    bench_say(bench, DS_INTAKE, "a*511", 900);
    assert_true(ds_part_room(&bench->part));
    bench_say(bench, DS_INTAKE, "a*1", 900);
    assert_false(ds_part_room(&bench->part));
    bench_seal(bench);
    assert_true(ds_part_room(&bench->part));
    /* the last step before the limit may be as large as a step can be: it still fits a journal
     * entry that readers take */
    bench_say(bench, DS_INTAKE, "a*511", 900);
    bench_say(bench, DS_INTAKE, "a*512", 900);
    assert_false(ds_part_room(&bench->part));
    assert_int_equal(bench_emitted(bench)->n_events, 1023);
}

static void big_words(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    static char word[16 * 1024];

    (void)part, (void)event;
    memset(word, 'w', sizeof word - 1);
    ds_out_add(out, DS_EV_OUTCOME, word, DS__REASON__NAME__NONE, "");
}

static void test_room_for_bytes(void **state)
{
    struct bench *bench = *state;
    struct ds_service service = tiny_echo;
    uint32_t n = 0;

    service.apply = big_words;
    bench->part.service = &service;
    while (ds_part_room(&bench->part)) {
        assert_true(bench->part.batch.len < 1024 * 1024);
        bench_say(bench, DS_INTAKE, "a", 900);
        n++;
    }
    assert_in_range(n, 60, 64); /* 1 MiB of 16 KiB each */
    assert_true(bench->part.batch.len >= 1024 * 1024);
    assert_true(ds_part_pending_bytes(&bench->part) < DS_FLUSH_BYTES_MAX);
    bench_seal(bench);
    assert_true(ds_part_room(&bench->part));
    bench->part.service = &tiny_echo;
}

/* ---- a big batch in several goes ---- */

enum { BIG = 1000, NAMES = 7 };

static const char *name_of(uint64_t seq)
{
    static char name[16];

    snprintf(name, sizeof name, "n%u*%u", (unsigned)(seq % NAMES), (unsigned)(seq % 4));
    return name;
}

static void make_big(struct feed *feed, uint64_t first, uint32_t n)
{
    feed_begin(feed, DS_INTAKE, first);
    feed->mark_ms = 800;
    for (uint32_t i = 0; i < n; i++)
        feed_say(feed, name_of(first + i), 900);
    feed_seal(feed);
}

static void test_several_goes(void **state)
{
    struct bench *bench = *state;
    uint64_t emitted = 0, position = 0;
    uint32_t goes = 0;
    bool all = false;

    make_big(&bench->feed, 1, BIG);
    while (!all) {
        all = feed_apply(&bench->feed, &bench->part);
        assert_true(bench->part.up[DS_INTAKE].position > position);
        position = bench->part.up[DS_INTAKE].position;
        assert_true(all == (position == BIG));
        const Ds__Batch *batch = bench_emitted(bench);
        assert_int_equal(bench->call.first, emitted + 1);
        assert_int_equal(arg_number(call_meta(&bench->call, "ck:1")), position);
        assert_int_equal(batch->header->applied[0]->seq, position);
        assert_true(batch->n_events >= 512 || all);
        emitted += batch->n_events;
        goes++;
    }
    assert_int_equal(goes, 3); /* 1,500 events of ours, 512 to 515 at a time */
    assert_int_equal(emitted, BIG / 4 * (0 + 1 + 2 + 3));
    assert_int_equal(bench->n_heard, BIG);
    for (uint32_t i = 0; i < BIG; i++)
        assert_int_equal(bench->heard[i].ref.seq, i + 1);
    assert_true(feed_apply(&bench->feed, &bench->part)); /* and once more: nothing */
    assert_int_equal(bench->n_heard, BIG);
    assert_false(ds_part_pending(&bench->part));
}

/* Without room, nothing is applied, not even events that would emit nothing. */
static void test_no_room_no_step(void **state)
{
    struct bench *bench = *state;

    bench_say(bench, DS_DISPATCHER, "a*512", 900);
    make_big(&bench->feed, 1, 8);
    assert_false(feed_apply(&bench->feed, &bench->part));
    assert_int_equal(bench->part.up[DS_INTAKE].position, 0);
    assert_int_equal(bench->n_heard, 1);
}

/* ---- with a crash after any seal ---- */

/* What the journal on the shelf says, event by event, in one text. */
static void read_journal(const struct shelf *shelf, struct ds_arena *arena, struct ds_buf *said)
{
    uint64_t seq = 1;

    said->len = 0;
    for (size_t at = 0; at < shelf->journal.len;) {
        uint32_t len;
        Ds__Batch *batch;
        memcpy(&len, shelf->journal.bytes + at, sizeof len);
        at += sizeof len;
        assert_int_equal(ds_batch_open(shelf->journal.bytes + at, len, arena, &batch),
                         DS_BATCH_FINE);
        assert_int_equal(batch->header->first_seq, seq);
        for (size_t i = 0; i < batch->n_events; i++) {
            ds_buf_put_text(said, batch->events[i]->subject);
            ds_buf_put_text(said, "<");
            ds_buf_put_decimal(said, (int64_t)batch->events[i]->cause->seq);
            ds_buf_put_text(said, " ");
        }
        seq += batch->n_events;
        at += len;
    }
}

static void expect_journal(uint64_t last, struct ds_buf *said)
{
    char text[32];

    for (uint64_t seq = 1; seq <= last; seq++)
        for (uint64_t i = 0; i < seq % 4; i++) {
            snprintf(text, sizeof text, "n%u<%u ", (unsigned)(seq % NAMES), (unsigned)seq);
            ds_buf_put_text(said, text);
        }
}

/* Brings intake's journal of `last` events in random pieces that overlap, seals now and then, and
 * crashes: what was applied but not sealed, or sealed but not stored, is gone. */
static void live_and_die(struct bench *bench, struct shelf *shelf, struct prng *prng, uint64_t last)
{
    while (shelf->up[DS_INTAKE].position < last) {
        struct ds_part *part = &bench->part;
        uint64_t position = part->up[DS_INTAKE].position;
        uint64_t first = position + 1 - prng_below(prng, position + 1 < 50 ? position + 1 : 50);
        uint64_t n = 1 + prng_below(prng, 700);
        if (first + n - 1 > last) n = last + 1 - first;
        make_big(&bench->feed, first, (uint32_t)n);
        bool all = feed_apply(&bench->feed, part);
        assert_true(all || !ds_part_room(part));
        if (all && position < last && prng_chance(prng, 50)) continue;
        bench_seal(bench);
        bool crash = prng_chance(prng, 30);
        bool stored = !crash || prng_chance(prng, 50);
        if (stored) shelf_commit(shelf, &bench->commit);
        if (!crash) continue;
        bench_restart(bench);
        bench->n_heard = 0;
        shelf_load(shelf, &bench->part);
    }
}

static void test_crashes_lose_and_double_nothing(void **state)
{
    struct bench *bench = *state;
    static struct shelf shelf;
    struct ds_buf said = {0}, expected = {0};
    char key[16], count[16];

    expect_journal(3000, &expected);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct prng prng = {seed};
        shelf_init(&shelf);
        bench_restart(bench);
        bench->n_heard = 0;
        live_and_die(bench, &shelf, &prng, 3000);
        read_journal(&shelf, &bench->arena, &said);
        assert_int_equal(said.len, expected.len);
        assert_memory_equal(said.bytes, expected.bytes, expected.len);
        shelf_check(&shelf, &bench->part);
        /* the counters, which only a state that matches the position can have right */
        for (unsigned name = 0; name < NAMES; name++) {
            snprintf(key, sizeof key, "Kn%u", name);
            snprintf(count, sizeof count, "%u", 3000 / NAMES + (name >= 1 && name <= 3000 % NAMES));
            assert_string_equal(bench_text(bench, key), count);
        }
        shelf_finish(&shelf);
    }
    ds_buf_finish(&said);
    ds_buf_finish(&expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_room_for_events),
        TEST(test_room_for_bytes),
        TEST(test_several_goes),
        TEST(test_no_room_no_step),
        TEST(test_crashes_lose_and_double_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
