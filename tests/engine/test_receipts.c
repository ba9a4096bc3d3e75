/* SPDX-License-Identifier: MIT
 *
 * What intake remembers of commands: found by id, dropped by the hour, bounded, and stored in bytes
 * that other versions and machines can read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dies.h"
#include "engine/receipts.h"
#include "sim/prng.h"

enum { MANY = 3000, HOUR = 1000, NO_BOUND = 1 << 30 };

/* Ids that share their first bytes, which choose the slot: `low` decides where, `n` tells apart. */
static struct ds_receipt_row row_of(uint32_t low, uint32_t n, uint32_t hour)
{
    struct ds_receipt_row row = {.content = n * UINT64_C(1000003),
                                 .seq = n + 1,
                                 .ticket_seq = n / 2,
                                 .hour = hour,
                                 .partition = n % 16,
                                 .bno = n + 7};

    memcpy(row.id, &low, sizeof low);
    memcpy(row.id + 8, &n, sizeof n);
    return row;
}

static void check_same(const struct ds_receipt_row *found, const struct ds_receipt_row *row)
{
    assert_non_null(found);
    assert_memory_equal(found->id, row->id, DS_RECEIPT_ID);
    assert_int_equal(found->content, row->content);
    assert_int_equal(found->seq, row->seq);
    assert_int_equal(found->ticket_seq, row->ticket_seq);
    assert_int_equal(found->hour, row->hour);
    assert_int_equal(found->partition, row->partition);
    assert_int_equal(found->bno, row->bno);
}

/* ---- ids and contents ---- */

/* Both stand in the store: a new build must find what an old one wrote. The values are BLAKE2b-128
 * and SipHash-2-4 as other implementations compute them. */
static void test_digest_never_changes(void **state)
{
    static const uint8_t id[DS_RECEIPT_ID] = {0x58, 0x69, 0x6c, 0x3c, 0x02, 0x70, 0xc4, 0xaa,
                                              0xfd, 0x3e, 0x4a, 0x63, 0x06, 0xb9, 0xb7, 0x69};
    static const uint8_t bytes[] = "a command";
    struct ds_receipt_row row = {0};

    (void)state;
    ds_receipts_digest(&row, "r-1", bytes, sizeof bytes - 1);
    assert_memory_equal(row.id, id, sizeof id);
    assert_true(row.content == UINT64_C(0x771b5a64f558f9a6));
}

static void test_digest_tells_apart(void **state)
{
    uint8_t bytes[40] = "the same command but for one bit";
    struct ds_receipt_row row = {0}, other = {0};

    (void)state;
    ds_receipts_digest(&row, "r-1", bytes, sizeof bytes);
    for (size_t i = 0; i < 8 * sizeof bytes; i++) {
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        ds_receipts_digest(&other, "r-1", bytes, sizeof bytes);
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_memory_equal(other.id, row.id, DS_RECEIPT_ID);
        assert_true(other.content != row.content);
    }
    ds_receipts_digest(&other, "r-1", bytes, sizeof bytes - 1);
    assert_true(other.content != row.content);
    ds_receipts_digest(&other, "r-2", bytes, sizeof bytes);
    assert_memory_not_equal(other.id, row.id, DS_RECEIPT_ID);
    assert_true(other.content == row.content);
}

/* ---- find, add, forget ---- */

static void test_find_what_was_added(void **state)
{
    struct ds_receipts receipts;

    (void)state;
    ds_receipts_init(&receipts, NO_BOUND);
    for (uint32_t n = 0; n < MANY; n++) {
        struct ds_receipt_row row = row_of(n * 2654435761u, n, HOUR);
        assert_null(ds_receipts_find(&receipts, row.id));
        assert_true(ds_receipts_add(&receipts, &row));
        check_same(ds_receipts_find(&receipts, row.id), &row);
    }
    assert_int_equal(receipts.n, MANY);
    assert_true(receipts.cap > MANY);
    for (uint32_t n = 0; n < MANY; n++) {
        struct ds_receipt_row row = row_of(n * 2654435761u, n, HOUR);
        check_same(ds_receipts_find(&receipts, row.id), &row);
    }
    ds_receipts_finish(&receipts);
}

/* All ids want the same slot, the last one of the table: they go round its end. */
static void test_low_bits_collide(void **state)
{
    struct ds_receipts receipts;

    (void)state;
    ds_receipts_init(&receipts, NO_BOUND);
    for (uint32_t n = 0; n < 600; n++) {
        struct ds_receipt_row row = row_of(UINT32_MAX, n, HOUR + n % 3);
        assert_null(ds_receipts_find(&receipts, row.id));
        assert_true(ds_receipts_add(&receipts, &row));
    }
    for (uint32_t n = 0; n < 600; n++) {
        struct ds_receipt_row row = row_of(UINT32_MAX, n, HOUR + n % 3);
        check_same(ds_receipts_find(&receipts, row.id), &row);
    }
    ds_receipts_forget(&receipts, HOUR + 1);
    assert_int_equal(receipts.n, 400);
    for (uint32_t n = 0; n < 600; n++) {
        struct ds_receipt_row row = row_of(UINT32_MAX, n, HOUR + n % 3);
        if (n % 3 == 0)
            assert_null(ds_receipts_find(&receipts, row.id));
        else
            check_same(ds_receipts_find(&receipts, row.id), &row);
    }
    ds_receipts_finish(&receipts);
}

static void test_ids_differ_in_their_last_byte(void **state)
{
    struct ds_receipts receipts;
    struct ds_receipt_row row = row_of(5, 1, HOUR);

    (void)state;
    ds_receipts_init(&receipts, NO_BOUND);
    assert_true(ds_receipts_add(&receipts, &row));
    row.id[DS_RECEIPT_ID - 1] ^= 1;
    assert_null(ds_receipts_find(&receipts, row.id));
    assert_true(ds_receipts_add(&receipts, &row));
    assert_int_equal(receipts.n, 2);
    ds_receipts_finish(&receipts);
}

static void test_added_again_replaces(void **state)
{
    struct ds_receipts receipts;
    struct ds_receipt_row row = row_of(9, 1, HOUR);

    (void)state;
    ds_receipts_init(&receipts, NO_BOUND);
    assert_true(ds_receipts_add(&receipts, &row));
    row.seq = 99;
    assert_true(ds_receipts_add(&receipts, &row));
    assert_int_equal(receipts.n, 1);
    check_same(ds_receipts_find(&receipts, row.id), &row);
    ds_receipts_finish(&receipts);
}

static void test_forget_by_the_hour(void **state)
{
    struct ds_receipts receipts;
    const struct ds_receipt_row old = row_of(1, 1, HOUR), young = row_of(2, 2, HOUR + 1);

    (void)state;
    ds_receipts_init(&receipts, NO_BOUND);
    assert_true(ds_receipts_add(&receipts, &old));
    assert_true(ds_receipts_add(&receipts, &young));
    ds_receipts_forget(&receipts, HOUR); /* received in this hour is not before it */
    assert_int_equal(receipts.n, 2);
    ds_receipts_forget(&receipts, HOUR + 1);
    assert_null(ds_receipts_find(&receipts, old.id));
    check_same(ds_receipts_find(&receipts, young.id), &young);
    assert_int_equal(receipts.n, 1);

    /* done already: not walked again for every command of the hour, and never back */
    const struct ds_receipt_row *rows = receipts.rows;
    assert_true(ds_receipts_add(&receipts, &old));
    ds_receipts_forget(&receipts, HOUR + 1);
    ds_receipts_forget(&receipts, HOUR - 5);
    assert_ptr_equal(receipts.rows, rows);
    assert_int_equal(receipts.hour, HOUR + 1);
    assert_non_null(ds_receipts_find(&receipts, old.id));
    ds_receipts_forget(&receipts, HOUR + 2);
    assert_int_equal(receipts.n, 0);
    ds_receipts_finish(&receipts);
}

static void test_bound(void **state)
{
    struct ds_receipts receipts;

    (void)state;
    ds_receipts_init(&receipts, 5);
    for (uint32_t n = 0; n < 5; n++) {
        const struct ds_receipt_row row = row_of(n, n, HOUR + n);
        assert_true(ds_receipts_add(&receipts, &row));
    }
    const struct ds_receipt_row more = row_of(77, 77, HOUR);
    assert_false(ds_receipts_add(&receipts, &more));
    assert_int_equal(receipts.n, 5);
    assert_null(ds_receipts_find(&receipts, more.id));
    ds_receipts_forget(&receipts, HOUR + 1);
    assert_true(ds_receipts_add(&receipts, &more));
    assert_false(ds_receipts_add(&receipts, &more));
    ds_receipts_finish(&receipts);
}

static void add_without_hour(void *self)
{
    struct ds_receipt_row row = row_of(1, 1, 0);

    ds_receipts_add(self, &row);
}

static void test_a_row_has_an_hour(void **state)
{
    struct ds_receipts receipts;

    (void)state;
    ds_receipts_init(&receipts, NO_BOUND);
    assert_true(dies(add_without_hour, &receipts)); /* 0 marks a free slot */
    ds_receipts_finish(&receipts);
}

/* ---- random, against a model ---- */

struct model {
    uint32_t n;
    bool held[MANY];
    struct ds_receipt_row rows[MANY];
};

static void check_model(const struct ds_receipts *receipts, const struct model *model)
{
    assert_int_equal(receipts->n, model->n);
    for (uint32_t i = 0; i < MANY; i++) {
        const struct ds_receipt_row *found = ds_receipts_find(receipts, model->rows[i].id);
        if (model->held[i])
            check_same(found, &model->rows[i]);
        else
            assert_null(found);
    }
}

static void test_random_against_model(void **state)
{
    struct model *model = calloc(1, sizeof *model);
    struct ds_receipts receipts;
    struct prng prng = {11};
    uint32_t hour = HOUR, most = 0;

    (void)state;
    assert_non_null(model);
    /* every fourth id wants one of 8 slots, so that long runs form and are torn by forgetting */
    for (uint32_t i = 0; i < MANY; i++)
        model->rows[i] = row_of(i % 4 ? (uint32_t)prng_next(&prng) : i % 8 + 1020, i, 1);
    ds_receipts_init(&receipts, NO_BOUND);
    for (uint32_t step = 0; step < 100000; step++) {
        uint32_t i = (uint32_t)prng_below(&prng, MANY);
        if (!model->held[i]) {
            model->rows[i].hour = hour;
            assert_true(ds_receipts_add(&receipts, &model->rows[i]));
            model->held[i] = true;
            model->n++;
        }
        check_same(ds_receipts_find(&receipts, model->rows[i].id), &model->rows[i]);
        if (model->n > most) most = model->n;
        if (!prng_chance(&prng, 1)) continue;
        hour += (uint32_t)prng_below(&prng, 3);
        ds_receipts_forget(&receipts, hour - 8);
        for (uint32_t k = 0; k < MANY; k++)
            if (model->held[k] && model->rows[k].hour < hour - 8) {
                model->held[k] = false;
                model->n--;
            }
        check_model(&receipts, model);
    }
    assert_in_range(most, 700, 2200); /* it grew, and it was emptied again and again */
    check_model(&receipts, model);
    ds_receipts_finish(&receipts);
    free(model);
}

/* ---- stored form ---- */

static void test_record_is_little_endian(void **state)
{
    static const uint8_t expected[DS_RECEIPT_RECORD] = {
        0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad,
        0xae, 0xaf, 8,    7,    6,    5,    4,    3,    2,    1,    0x18, 0x17, 0x16, 0x15,
        0x14, 0x13, 0x12, 0x11, 0x28, 0x27, 0x26, 0x25, 0x24, 0x23, 0x22, 0x21};
    struct ds_receipt_row row = {.content = UINT64_C(0x0102030405060708),
                                 .seq = UINT64_C(0x1112131415161718),
                                 .ticket_seq = UINT64_C(0x2122232425262728),
                                 .hour = HOUR,
                                 .partition = 3,
                                 .bno = 4};
    struct ds_receipt_row read = {.hour = 5, .partition = 6, .bno = 7};
    struct ds_buf buf = {0};

    (void)state;
    for (int i = 0; i < DS_RECEIPT_ID; i++)
        row.id[i] = (uint8_t)(0xa0 + i);
    ds_buf_put_text(&buf, "x"); /* records follow each other: nothing is aligned */
    ds_receipts_record(&buf, &row);
    assert_int_equal(buf.len, 1 + DS_RECEIPT_RECORD);
    assert_memory_equal(buf.bytes + 1, expected, sizeof expected);
    ds_receipts_read(&read, buf.bytes + 1);
    assert_memory_equal(read.id, row.id, DS_RECEIPT_ID);
    assert_true(read.content == row.content);
    assert_true(read.seq == row.seq);
    assert_true(read.ticket_seq == row.ticket_seq);
    /* these stand in the key of the record, not in it */
    assert_int_equal(read.hour, 5);
    assert_int_equal(read.partition, 6);
    assert_int_equal(read.bno, 7);
    ds_buf_finish(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest_never_changes),
        cmocka_unit_test(test_digest_tells_apart),
        cmocka_unit_test(test_find_what_was_added),
        cmocka_unit_test(test_low_bits_collide),
        cmocka_unit_test(test_ids_differ_in_their_last_byte),
        cmocka_unit_test(test_added_again_replaces),
        cmocka_unit_test(test_forget_by_the_hour),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_a_row_has_an_hour),
        cmocka_unit_test(test_random_against_model),
        cmocka_unit_test(test_record_is_little_endian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
