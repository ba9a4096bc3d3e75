/* SPDX-License-Identifier: MIT
 *
 * Journal entries: what is sealed comes back as it was, and no damage goes unseen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "batch_kit.h"
#include "domain/event.h"

/* ---- round trip ---- */

static void test_open_gives_back_all(void **state)
{
    struct batch_kit *f = *state;
    Ds__Batch *batch = NULL;

    batch_good(f);
    assert_int_equal(ds_batch_open(f->buf.bytes, f->buf.len, &f->arena, &batch), DS_BATCH_FINE);
    const Ds__BatchHeader *header = batch->header;
    assert_int_equal(header->format, 1);
    assert_int_equal(header->source, DS__SOURCE__NAME__WATCHER);
    assert_int_equal(header->partition, 13);
    assert_true(header->epoch == UINT64_C(5000000021));
    assert_int_equal(header->bno, 431);
    assert_int_equal(header->first_seq, 7001);
    assert_int_equal(header->count, 2);
    assert_true(header->mark_ms == INT64_C(1172678400123));
    assert_int_equal(header->rulebook, 6);
    assert_int_equal(header->n_applied, 3);
    assert_int_equal(batch->n_events, 2);
    assert_string_equal(batch->events[0]->subject, "T013-1");
    assert_string_equal(batch->events[0]->urged->note, "first");
    assert_string_equal(batch->events[1]->subject, "T013-2");
    assert_int_equal(batch->events[1]->body_case, DS_EV_URGED);
    assert_null(batch->events[1]->urged->note);
}

static void test_peek_reads_the_header(void **state)
{
    struct batch_kit *f = *state;
    struct ds_batch_peek peek;

    batch_good(f);
    assert_int_equal(ds_batch_peek(f->buf.bytes, f->buf.len, &f->arena, &peek), DS_BATCH_FINE);
    assert_int_equal(peek.source, DS_WATCHER);
    assert_int_equal(peek.partition, 13);
    assert_true(peek.epoch == UINT64_C(5000000021));
    assert_int_equal(peek.first, 7001);
    assert_int_equal(peek.last, 7002);
    assert_int_equal(peek.rulebook, 6);
    assert_true(peek.mark_ms == INT64_C(1172678400123));
    assert_int_equal(peek.applied[DS_SURVEY], 90);
    assert_int_equal(peek.applied[DS_INTAKE], 91);
    assert_int_equal(peek.applied[DS_DISPATCHER], 92);
    assert_int_equal(peek.applied[DS_WATCHER], 0);
    assert_int_equal(peek.applied[DS_LEDGER], 0);
    assert_int_equal(peek.applied[DS_SOURCE_NONE], 0);
}

static void test_every_event_travels(void **state)
{
    struct batch_kit *f = *state;
    union {
        Ds__Offered offered;
        uint8_t room[512];
    } bodies[256];
    Ds__Batch *batch;
    int types[256];
    uint32_t n = 0;

    f->buf.len = 0;
    for (int type = 0; type < 256; type++) {
        if (!ds_event_known(type)) continue;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(&ds__event__descriptor, (unsigned)type);
        const ProtobufCMessageDescriptor *body = field->descriptor;
        assert_true(body->sizeof_message <= sizeof bodies[0]);
        protobuf_c_message_init(body, (ProtobufCMessage *)&bodies[n]);
        Ds__Event event = DS__EVENT__INIT;
        event.body_case = (Ds__Event__BodyCase)type;
        event.offered = &bodies[n].offered;
        ds_batch_add(&f->buf, &event);
        types[n++] = type;
    }
    assert_true(n >= 54);
    batch_header(f, n);
    ds_batch_seal(&f->buf, &f->header);
    assert_int_equal(ds_batch_open(f->buf.bytes, f->buf.len, &f->arena, &batch), DS_BATCH_FINE);
    assert_int_equal(batch->n_events, n);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(batch->events[i]->body_case, types[i]);
}

/* Length prefixes of one, two and three bytes; the empty batch of a mark alone. */
static void test_sizes(void **state)
{
    struct batch_kit *f = *state;
    static char note[40000];
    static const size_t lengths[] = {0, 1, 100, 127, 128, 129, 300, 16383, 16384, 16500, 39999};
    Ds__Batch *batch;

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        memset(note, 'n', sizeof note);
        note[lengths[i]] = '\0';
        f->buf.len = 0;
        batch_urged(f, "T1", note);
        batch_header(f, 1);
        ds_batch_seal(&f->buf, &f->header);
        assert_int_equal(ds_batch_open(f->buf.bytes, f->buf.len, &f->arena, &batch), DS_BATCH_FINE);
        assert_string_equal(batch->events[0]->urged->note, note);
        assert_int_equal(batch_peek_copy(f, f->buf.bytes, f->buf.len), DS_BATCH_FINE);
    }
    f->buf.len = 0;
    batch_header(f, 0);
    ds_batch_seal(&f->buf, &f->header);
    batch_check(f, DS_BATCH_FINE, DS_BATCH_FINE);
}

/* ---- damage ---- */

static void test_every_flipped_bit_is_found(void **state)
{
    struct batch_kit *f = *state;

    batch_good(f);
    for (size_t bit = 0; bit < 8 * f->buf.len; bit++) {
        f->buf.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        batch_check(f, DS_BATCH_BAD_CRC, DS_BATCH_BAD_CRC);
        f->buf.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    batch_check(f, DS_BATCH_FINE, DS_BATCH_FINE);
}

static void test_every_truncation_is_found(void **state)
{
    struct batch_kit *f = *state;

    batch_good(f);
    for (size_t len = 0; len < f->buf.len; len++) {
        assert_int_equal(batch_open_copy(f, f->buf.bytes, len), DS_BATCH_BAD_CRC);
        assert_int_equal(batch_peek_copy(f, f->buf.bytes, len), DS_BATCH_BAD_CRC);
    }
    ds_buf_put(&f->buf, "\0", 1);
    batch_check(f, DS_BATCH_BAD_CRC, DS_BATCH_BAD_CRC);
}

/* The checksum must come last: behind it nothing is covered. */
static void test_checksum_elsewhere_is_none(void **state)
{
    struct batch_kit *f = *state;

    batch_good(f);
    size_t len = f->buf.len;
    ds_buf_put(&f->buf, f->buf.bytes + len - 5, 5);
    batch_check(f, DS_BATCH_BAD_CRC, DS_BATCH_BAD_CRC);
    f->buf.bytes[len - 5] = 0x7a; /* field 15 of another wire type */
    f->buf.len = len;
    batch_check(f, DS_BATCH_BAD_CRC, DS_BATCH_BAD_CRC);
}

static void test_size_is_bounded(void **state)
{
    struct batch_kit *f = *state;
    static char note[DS_BATCH_BYTES_MAX];

    /* what the batch is larger than its note by, found by making it once */
    const size_t tried = 2500000;
    memset(note, 'n', sizeof note);
    note[tried] = '\0';
    batch_header(f, 1);
    f->buf.len = 0;
    batch_urged(f, "T1", note);
    ds_batch_seal(&f->buf, &f->header);
    size_t around = f->buf.len - tried;
    note[tried] = 'n';
    for (size_t over = 0; over < 2; over++) {
        size_t end = DS_BATCH_BYTES_MAX - around + over;
        enum ds_batch_fault fault = over ? DS_BATCH_BAD_CRC : DS_BATCH_FINE;
        note[end] = '\0';
        f->buf.len = 0;
        batch_urged(f, "T1", note);
        ds_batch_seal(&f->buf, &f->header);
        assert_int_equal(f->buf.len, DS_BATCH_BYTES_MAX + over);
        batch_check(f, fault, fault);
        note[end] = 'n';
    }
}

/* ---- small things ---- */

static void test_crc32c(void **state)
{
    (void)state;
    assert_true(ds_crc32c(0, "123456789", 9) ==
                0xe3069283); /* check value of the Castagnoli code */
    assert_true(ds_crc32c(0, "", 0) == 0);
    assert_true(ds_crc32c(ds_crc32c(0, "1234", 4), "56789", 5) == 0xe3069283);
}

static void test_faults_have_names(void **state)
{
    (void)state;
    for (int i = DS_BATCH_FINE; i <= DS_BATCH_BAD_EVENT; i++)
        for (int k = DS_BATCH_FINE; k < i; k++)
            assert_string_not_equal(ds_batch_fault_name((enum ds_batch_fault)i),
                                    ds_batch_fault_name((enum ds_batch_fault)k));
    assert_string_equal(ds_batch_fault_name((enum ds_batch_fault)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_gives_back_all),
        cmocka_unit_test(test_peek_reads_the_header),
        cmocka_unit_test(test_every_event_travels),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_every_flipped_bit_is_found),
        cmocka_unit_test(test_every_truncation_is_found),
        cmocka_unit_test(test_checksum_elsewhere_is_none),
        cmocka_unit_test(test_size_is_bounded),
        cmocka_unit_test(test_crc32c),
        cmocka_unit_test(test_faults_have_names),
    };
    return cmocka_run_group_tests(tests, batch_setup, batch_teardown);
}
