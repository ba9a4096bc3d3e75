/* SPDX-License-Identifier: MIT
 *
 * Ids as they are written and read: they stand in receipts, journals and on paper, so every one of
 * these texts is for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../engine/dies.h"
#include "domain/ids.h"

static void test_ticket_ids(void **state)
{
    static const struct {
        uint32_t partition;
        uint64_t seq;
        const char *id;
    } cases[] = {
        {7, 123, "T007-123"},
        {0, 1, "T000-1"},
        {255, 999999999999999, "T255-999999999999999"},
        {16, 10, "T016-10"},
        {123, UINT64_MAX, "T123-18446744073709551615"},
    };
    char id[DS_TICKET_ID_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(id, 'x', sizeof id);
        ds_ticket_id(id, cases[i].partition, cases[i].seq);
        assert_string_equal(id, cases[i].id);
    }
}

static void test_good_ticket_ids_are_read(void **state)
{
    static const struct {
        const char *id;
        uint32_t partition;
        uint64_t seq;
    } cases[] = {
        {"T007-123", 7, 123},
        {"T000-1", 0, 1},
        {"T999-999999999999999", 999, 999999999999999},
        {"T255-10", 255, 10},
        {"T010-200~2", 10, 200}, /* transferred: the number is that of the first registration */
        {"T010-200~", 10, 200},
    };
    uint32_t partition;
    uint64_t seq;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        partition = 12345;
        seq = 12345;
        assert_true(ds_parse_ticket_id(cases[i].id, &partition, &seq));
        assert_int_equal(partition, cases[i].partition);
        assert_true(seq == cases[i].seq);
    }
}

static void test_other_texts_are_no_ticket_ids(void **state)
{
    static const char *const cases[] = {
        "",
        "T",
        "T007",
        "T007-",
        "T007-x",
        "T007-0",
        "T007-01",
        "T07-1",
        "T0007-1",
        "t007-1",
        "007-1",
        "T007_1",
        "T007-1 ",
        " T007-1",
        "T007-1x",
        "T00x-1",
        "T-7-1",
        "T007--1",
        "T007-+1",
        "T007-1-2",
        "T0 7-1",
        "T007-1/",
        "T007-/1",
        "T007-:",
        "T/07-1",
        "T:07-1",
        "T007-1000000000000000",
        "T007-18446744073709551617",
    };
    uint32_t partition = 5;
    uint64_t seq = 6;

    (void)state;
    assert_false(ds_parse_ticket_id(NULL, &partition, &seq));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (ds_parse_ticket_id(cases[i], &partition, &seq)) fail_msg("\"%s\"", cases[i]);
    assert_int_equal(partition, 5);
    assert_int_equal(seq, 6);
}

static void test_what_is_written_is_read(void **state)
{
    char id[DS_TICKET_ID_MAX];
    uint32_t partition;
    uint64_t seq, read;

    (void)state;
    for (uint32_t p = 0; p < 256; p++)
        for (seq = 1; seq < UINT64_C(1000000000000000); seq = seq * 7 + 3) {
            ds_ticket_id(id, p, seq);
            assert_true(ds_parse_ticket_id(id, &partition, &read));
            assert_int_equal(partition, p);
            assert_true(read == seq);
        }
}

static void event_id_of_nobody(void *self)
{
    char id[DS_EVENT_ID_MAX];

    ds_event_id(id, *(enum ds_source *)self, 1, 1);
}

static void test_event_ids(void **state)
{
    static const struct {
        enum ds_source source;
        uint32_t partition;
        uint64_t seq;
        const char *id;
    } cases[] = {
        {DS_INTAKE, 7, 123, "intake/p007/123"},
        {DS_DISPATCHER, 0, 1, "dispatcher/p000/1"},
        {DS_SURVEY, 255, 42, "callback-survey/p255/42"},
        {DS_WATCHER, 16, 90, "sla-watcher/p016/90"},
        {DS_LEDGER, 1, UINT64_MAX, "penalty-ledger/p001/18446744073709551615"},
        {DS_SURVEY, 100, UINT64_MAX, "callback-survey/p100/18446744073709551615"},
    };
    char id[DS_EVENT_ID_MAX];
    enum ds_source none = DS_SOURCE_NONE, beyond = DS_SOURCE_COUNT;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(id, 'x', sizeof id);
        ds_event_id(id, cases[i].source, cases[i].partition, cases[i].seq);
        assert_string_equal(id, cases[i].id);
    }
    assert_true(dies(event_id_of_nobody, &none));
    assert_true(dies(event_id_of_nobody, &beyond));
}

static void test_decimal(void **state)
{
    static const uint64_t numbers[] = {0,
                                       1,
                                       9,
                                       10,
                                       11,
                                       99,
                                       100,
                                       101,
                                       1000000,
                                       UINT32_MAX,
                                       UINT64_MAX,
                                       UINT64_MAX - 1,
                                       UINT64_C(10000000000000000000),
                                       UINT64_C(9999999999999999999)};
    char text[21], expected[32];

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        memset(text, 'x', sizeof text);
        size_t len = ds_decimal(text, numbers[i]);
        snprintf(expected, sizeof expected, "%llu", (unsigned long long)numbers[i]);
        assert_string_equal(text, expected);
        assert_int_equal(len, strlen(expected));
    }
}

/* Vectors of the authors of FNV. The order of ties between candidates rests on these numbers. */
static void test_hash_is_fnv_1a(void **state)
{
    static const struct {
        const char *text;
        uint64_t hash;
    } cases[] = {
        {"", UINT64_C(0xcbf29ce484222325)},      {"a", UINT64_C(0xaf63dc4c8601ec8c)},
        {"b", UINT64_C(0xaf63df4c8601f1a5)},     {"c", UINT64_C(0xaf63de4c8601eff2)},
        {"f", UINT64_C(0xaf63db4c8601ead9)},     {"fo", UINT64_C(0x08985907b541d342)},
        {"foo", UINT64_C(0xdcb27518fed9d577)},   {"foob", UINT64_C(0xdd120e790c2512af)},
        {"fooba", UINT64_C(0xcac165afa2fef40a)}, {"foobar", UINT64_C(0x85944171f73967e8)},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = cases[i].text;
        assert_true(ds_hash(DS_HASH_START, text, strlen(text)) == cases[i].hash);
        /* in pieces it is the same */
        uint64_t hash = DS_HASH_START;
        for (; *text; text++)
            hash = ds_hash(hash, text, 1);
        assert_true(hash == cases[i].hash);
    }
    assert_true(ds_hash(DS_HASH_START, "\x00", 1) == UINT64_C(0xaf63bd4c8601b7df));
    assert_true(ds_hash(DS_HASH_START, "\xff", 1) == UINT64_C(0xaf64724c8602eb6e));
}

/* ---- copies ---- */

static void copy_too_long(void *self)
{
    char buf[4];

    ds_copy(buf, sizeof buf, self);
}

static void test_copies(void **state)
{
    char buf[4] = "xxx", none = 'n';

    (void)state;
    ds_copy(buf, sizeof buf, "abc");
    assert_string_equal(buf, "abc");
    ds_copy(buf, sizeof buf, "");
    assert_string_equal(buf, "");
    assert_int_equal(buf[1], 'b');
    assert_true(dies(copy_too_long, (void *)"abcd"));
    ds_copy_bytes(buf, "xyz", 2);
    assert_memory_equal(buf, "xyc", 4);
    ds_copy_bytes(&none, NULL, 0); /* an empty list is NULL */
    ds_copy_bytes(NULL, &none, 0);
    assert_int_equal(none, 'n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ticket_ids),
        cmocka_unit_test(test_good_ticket_ids_are_read),
        cmocka_unit_test(test_other_texts_are_no_ticket_ids),
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_event_ids),
        cmocka_unit_test(test_decimal),
        cmocka_unit_test(test_hash_is_fnv_1a),
        cmocka_unit_test(test_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
