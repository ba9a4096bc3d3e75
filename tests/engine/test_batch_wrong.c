/* SPDX-License-Identifier: MIT
 *
 * Journal entries that are well sealed and still wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "batch_kit.h"
#include "domain/event.h"
#include "domain/limits.h"

static void test_wrong_headers(void **state)
{
    struct batch_kit *f = *state;
    static const struct {
        uint32_t format, count;
        uint64_t first;
        int source;
        enum ds_batch_fault open, peek;
    } cases[] = {
        {1, 2, 1, DS_INTAKE, DS_BATCH_FINE, DS_BATCH_FINE},
        {1, 2, 1, DS_LEDGER, DS_BATCH_FINE, DS_BATCH_FINE},
        {0, 2, 1, DS_INTAKE, DS_BATCH_BAD_FORMAT, DS_BATCH_BAD_FORMAT},
        {2, 2, 1, DS_INTAKE, DS_BATCH_BAD_FORMAT, DS_BATCH_BAD_FORMAT},
        {1, 1, 1, DS_INTAKE, DS_BATCH_BAD_COUNT, DS_BATCH_FINE},
        {1, 3, 1, DS_INTAKE, DS_BATCH_BAD_COUNT, DS_BATCH_FINE},
        {1, 0, 1, DS_INTAKE, DS_BATCH_BAD_COUNT, DS_BATCH_FINE},
        {1, 2, 0, DS_INTAKE, DS_BATCH_BAD_COUNT, DS_BATCH_BAD_COUNT},
        {1, 2, UINT64_MAX, DS_INTAKE, DS_BATCH_BAD_COUNT, DS_BATCH_BAD_COUNT},
        {1, 2, 1, DS_SOURCE_NONE, DS_BATCH_MALFORMED, DS_BATCH_MALFORMED},
        {1, 2, 1, DS_SOURCE_COUNT, DS_BATCH_MALFORMED, DS_BATCH_MALFORMED},
        {1, 2, 1, -1, DS_BATCH_MALFORMED, DS_BATCH_MALFORMED},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        f->buf.len = 0;
        batch_header(f, cases[i].count);
        f->header.format = cases[i].format;
        f->header.first_seq = cases[i].first;
        f->header.source = (Ds__Source__Name)cases[i].source;
        batch_urged(f, "T1", NULL);
        batch_urged(f, "T2", NULL);
        ds_batch_seal(&f->buf, &f->header);
        batch_check(f, cases[i].open, cases[i].peek);
    }
}

static void test_applied_of_unknown_sources_is_passed_over(void **state)
{
    struct batch_kit *f = *state;
    struct ds_batch_peek peek;

    f->buf.len = 0;
    batch_header(f, 0);
    f->positions[0].source = (Ds__Source__Name)DS_SOURCE_COUNT;
    f->positions[2].source = (Ds__Source__Name)-1; /* below zero, too */
    ds_batch_seal(&f->buf, &f->header);
    assert_int_equal(ds_batch_peek(f->buf.bytes, f->buf.len, &f->arena, &peek), DS_BATCH_FINE);
    assert_int_equal(peek.applied[DS_INTAKE], 91);
    assert_int_equal(peek.applied[DS_SURVEY], 0);
    assert_int_equal(peek.applied[DS_DISPATCHER], 0);
}

static void test_events_without_header(void **state)
{
    struct batch_kit *f = *state;
    struct ds_buf events = {0};

    f->buf.len = 0;
    batch_urged(f, "T1", NULL);
    ds_buf_put(&events, f->buf.bytes, f->buf.len);
    batch_raw(f, events.bytes, events.len);
    batch_check(f, DS_BATCH_MALFORMED, DS_BATCH_MALFORMED);
    batch_raw(f, "", 0); /* nothing but a checksum */
    batch_check(f, DS_BATCH_MALFORMED, DS_BATCH_MALFORMED);
    ds_buf_finish(&events);
}

static void test_unknown_events(void **state)
{
    struct batch_kit *f = *state;
    Ds__Event empty = DS__EVENT__INIT;
    static const uint8_t from_the_future[] = {1 << 3 | 2, 4, 0x9a, 0x0a, 1, 'x'}; /* field 163 */

    f->buf.len = 0;
    batch_header(f, 2);
    batch_urged(f, "T1", NULL);
    ds_batch_add(&f->buf, &empty);
    ds_batch_seal(&f->buf, &f->header);
    batch_check(f, DS_BATCH_BAD_EVENT, DS_BATCH_FINE);

    f->buf.len = 0;
    ds_buf_put(&f->buf, from_the_future, sizeof from_the_future);
    batch_urged(f, "T1", NULL);
    ds_batch_seal(&f->buf, &f->header);
    batch_check(f, DS_BATCH_BAD_EVENT, DS_BATCH_FINE);
}

static void test_events_are_bounded(void **state)
{
    struct batch_kit *f = *state;

    for (uint32_t n = DS_FLUSH_EVENTS_MAX; n <= DS_FLUSH_EVENTS_MAX + 1; n++) {
        f->buf.len = 0;
        for (uint32_t i = 0; i < n; i++)
            batch_urged(f, "T1", NULL);
        batch_header(f, n);
        ds_batch_seal(&f->buf, &f->header);
        enum ds_batch_fault fault = n > DS_FLUSH_EVENTS_MAX ? DS_BATCH_BAD_COUNT : DS_BATCH_FINE;
        batch_check(f, fault, fault);
    }
}

/* The checksum fits, the bytes are nonsense. */
static void test_nonsense(void **state)
{
    struct batch_kit *f = *state;
    static const struct {
        size_t len;
        const char *bytes;
    } cases[] = {
        {7, "\x12\x80\x80\x80\x80\x80\x00"}, /* a length without end */
        {1, "\x12"},                         /* a header without length */
        {2, "\x12\x06"},                     /* a header that ends too late */
        {3, "\x0a\x7f\x01"},                 /* an event that ends too late */
        {3, "\x12\x01\x08"},                 /* a header that is no message */
        {6, "\x12\xff\xff\xff\xff\x0f"},     /* a length beyond everything */
        {4, "\x0a\x02\x08\x01"},             /* an event that is no message, no header */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        batch_raw(f, cases[i].bytes, cases[i].len);
        batch_check(f, DS_BATCH_MALFORMED, DS_BATCH_MALFORMED);
    }
}

/* A small arena is an error like any other, not a crash. */
static void test_arena_too_small(void **state)
{
    struct batch_kit *f = *state;
    struct ds_arena small;
    struct ds_batch_peek peek;
    Ds__Batch *batch = NULL;

    batch_good(f);
    ds_arena_init(&small, 64);
    assert_int_equal(ds_batch_open(f->buf.bytes, f->buf.len, &small, &batch), DS_BATCH_MALFORMED);
    assert_int_equal(ds_batch_peek(f->buf.bytes, f->buf.len, &small, &peek), DS_BATCH_MALFORMED);
    ds_arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_headers),
        cmocka_unit_test(test_applied_of_unknown_sources_is_passed_over),
        cmocka_unit_test(test_events_without_header),
        cmocka_unit_test(test_unknown_events),
        cmocka_unit_test(test_events_are_bounded),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_arena_too_small),
    };
    return cmocka_run_group_tests(tests, batch_setup, batch_teardown);
}
