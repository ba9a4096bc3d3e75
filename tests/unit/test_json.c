/* SPDX-License-Identifier: MIT
 *
 * Messages to JSON and back: tables in both directions, wrong input with code and field, and round
 * trips of random messages. json_differential.py compares with the reference implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "odd_types.h"
#include "proto/commands.pb-c.h"
#include "proto/envelope.pb-c.h"
#include "random_message.h"
#include "wire/json.h"
#include "wire_script.h"

#define COMMAND &ds__command__descriptor
#define EVENT   &ds__event__descriptor
#define BATCH   &ds__batch__descriptor
#define VERSION &ds__version__descriptor
#define RECEIPT &ds__receipt__descriptor
#define ODD     &odd_type

static struct ds_arena arena;

static int setup(void **state)
{
    (void)state;
    ds_arena_init(&arena, 4194304);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ds_arena_finish(&arena);
    return 0;
}

static char *text_of(const ProtobufCMessage *message)
{
    json_t *json = ds_json_of(message);

    assert_non_null(json);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_non_null(text);
    json_decref(json);
    return text;
}

static uint8_t *pack(const ProtobufCMessage *message, size_t *ret_len)
{
    uint8_t *bytes = malloc(protobuf_c_message_get_packed_size(message) + 1);

    assert_non_null(bytes);
    *ret_len = protobuf_c_message_pack(message, bytes);
    return bytes;
}

/* ---- tables ---- */

struct pair {
    const ProtobufCMessageDescriptor *type;
    const char *script;
    const char *json;
};

/* Both ways. */
static const struct pair pairs[] = {
    {COMMAND, "", "{}"},
    {COMMAND, "1:\"\"", "{\"id\":\"\"}"},
    {COMMAND, "1:\"c-1\" 2:1172736000000 37:{}",
     "{\"id\":\"c-1\",\"made_at_ms\":\"1172736000000\",\"accept\":{}}"},
    {COMMAND, "2:0 3:-1", "{\"made_at_ms\":\"0\",\"occurred_at_ms\":\"-1\"}"},
    {COMMAND, "2:9223372036854775807 3:-9223372036854775808",
     "{\"made_at_ms\":\"9223372036854775807\",\"occurred_at_ms\":\"-9223372036854775808\"}"},
    {COMMAND, "24:{1:1 4:0 10:{2:\"张三\" 5:1} 12:\"\"}",
     "{\"register\":{\"kind\":\"INSTALL\",\"urgent\":false,"
     "\"customer\":{\"name\":\"张三\",\"city\":true},\"symptom\":\"\"}}"},
    {COMMAND, "24:{1:0}", "{\"register\":{\"kind\":\"NONE\"}}"},
    {COMMAND, "39:{1:d31.25 2:d-0.5}", "{\"check_in\":{\"latitude\":31.25,\"longitude\":-0.5}}"},
    {COMMAND, "40:{1:2}", "{\"report_delay\":{\"reason\":\"MAJOR_REPAIR\"}}"},
    {COMMAND, "45:{2:{1:1 2:1} 2:{} 2:{1:5 3:3500} 3:5}",
     "{\"record_callback\":{\"answers\":[{\"question\":\"FIXED\",\"yes\":true},{},"
     "{\"question\":\"CHARGED_FEN\",\"amount_fen\":\"3500\"}],\"satisfaction\":5}}"},
    {COMMAND, "31:{1:\"a/\\b\n\t😀\"}", "{\"urge\":{\"note\":\"a/\\\\b\\n\\t😀\"}}"},
    {EVENT, "8:{1:1 2:18446744073709551615} 9:100",
     "{\"cause\":{\"source\":\"INTAKE\",\"seq\":\"18446744073709551615\"},"
     "\"reason\":\"FINAL_BREACH\"}"},
    {EVENT, "140:{1:{x} 2:{x00}}", "{\"entry_posted\":{\"entry\":\"\",\"chain\":\"AA==\"}}"},
    {EVENT, "140:{1:{xfbff} 2:{xfbffbf}}",
     "{\"entry_posted\":{\"entry\":\"+/8=\",\"chain\":\"+/+/\"}}"},
    {BATCH, "2:{1:4294967295 2:3} 15:f4294967295",
     "{\"header\":{\"format\":4294967295,\"source\":\"SURVEY\"},\"crc\":4294967295}"},
    {VERSION, "4:{1:\"X\" 2:{z-1 z1} 3:{z-2147483648 z2147483647 z0}}",
     "{\"zones\":[{\"name\":\"X\",\"at_ms\":[\"-1\",\"1\"],"
     "\"offset_s\":[-2147483648,2147483647,0]}]}"},
    {RECEIPT, "2:1", "{\"status\":\"RECORDED\"}"},
    {ODD, "1:-5 2:f4294967291 3:d0 4:f1069547520 5:d-0 6:f1069547520 6:f3212836864",
     "{\"a\":-5,\"late_ms\":-5,\"made_at_ms\":\"0\",\"latitude\":1.5,"
     "\"h\":\"9223372036854775808\",\"floats\":[1.5,-1.0]}"},
};

/* Other ways to write the same on input. */
static const struct pair inputs[] = {
    {COMMAND, "2:1172736000000", "{\"made_at_ms\":1172736000000}"},
    {COMMAND, "2:-5", "{\"made_at_ms\":-5}"},
    {COMMAND, "2:1172736000000", "{\"made_at_ms\":1172736e6}"},
    {COMMAND, "2:9007199254740992", "{\"made_at_ms\":9007199254740992.0}"},
    {COMMAND, "2:0", "{\"made_at_ms\":\"-0\"}"},
    {COMMAND, "2:1172736000000", "{\"made_at_ms\":\"2007-03-01T16:00:00+08:00\"}"},
    {COMMAND, "2:1172736000250", "{\"made_at_ms\":\"2007-03-01t08:00:00.25z\"}"},
    {COMMAND, "2:5", " { \"made_at_ms\" : 5 } \n"},
    {COMMAND, "24:{1:2}", "{\"register\":{\"kind\":2}}"},
    {COMMAND, "45:{3:5}", "{\"record_callback\":{\"satisfaction\":\"5\"}}"},
    {COMMAND, "45:{3:5}", "{\"record_callback\":{\"satisfaction\":5.0}}"},
    {COMMAND, "45:{}", "{\"record_callback\":{\"answers\":[],\"satisfaction\":null}}"},
    {COMMAND, "45:{}", "{\"record_callback\":{\"answers\":null}}"},
    {COMMAND, "37:{}", "{\"reject\":null,\"accept\":{},\"cancel\":null,\"id\":null}"},
    {COMMAND, "39:{1:d31}", "{\"check_in\":{\"latitude\":31}}"},
    {COMMAND, "1:\"A\"", "{\"id\":\"\\u0041\"}"},
    {COMMAND, "31:{1:\"😀\"}", "{\"urge\":{\"note\":\"\\ud83d\\ude00\"}}"},
    {COMMAND, "1:\"c\" 31:{1:\"n\"}", "{\"urge\":{\"note\":\"n\"},\"id\":\"c\"}"},
    {EVENT, "8:{2:0}", "{\"cause\":{\"seq\":\"-0\"}}"},
    {EVENT, "8:{2:7}", "{\"cause\":{\"seq\":7}}"},
    {EVENT, "8:{2:18446744073709551615}", "{\"cause\":{\"seq\":\"18446744073709551615\"}}"},
    {EVENT, "140:{1:{xfbff} 2:{xfbff}}",
     "{\"entry_posted\":{\"entry\":\"-_8=\",\"chain\":\"-_8\"}}"},
    {EVENT, "140:{1:{xfbff} 2:{x}}", "{\"entry_posted\":{\"entry\":\"+/8\",\"chain\":\"\"}}"},
    {VERSION, "4:{2:{z946684800000} 3:{z-3600}}",
     "{\"zones\":[{\"at_ms\":[\"2000-01-01T00:00:00Z\"],\"offset_s\":[\"-3600\"]}]}"},
};

static void demand_bytes(const struct pair *pair)
{
    struct ds_fault fault;
    size_t len, ours_len;
    uint8_t *bytes = wire_script_exact(pair->script, &len);

    ds_arena_reset(&arena);
    ProtobufCMessage *message =
        ds_json_parse(pair->type, pair->json, strlen(pair->json), &arena, &fault);
    if (!message)
        fail_msg("%s: code %d, field %s, %s", pair->json, fault.code, fault.field, fault.expected);
    assert_int_equal(fault.code, DS_CODE_OK);
    assert_ptr_equal(message->descriptor, pair->type);
    uint8_t *ours = pack(message, &ours_len);
    if (ours_len != len || memcmp(ours, bytes, len) != 0) fail_msg("%s: other bytes", pair->json);
    free(ours);
    free(bytes);
}

static void demand_json(const struct pair *pair)
{
    size_t len;
    uint8_t *bytes = wire_script_exact(pair->script, &len);

    ds_arena_reset(&arena);
    ProtobufCMessage *message = protobuf_c_message_unpack(pair->type, &arena.allocator, len, bytes);
    assert_non_null(message);
    char *text = text_of(message);
    assert_string_equal(text, pair->json);
    free(text);
    free(bytes);
}

static void maps_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        demand_json(&pairs[i]);
        demand_bytes(&pairs[i]);
    }
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        demand_bytes(&inputs[i]);
}

/* What no client may send still has to be shown when it stands somewhere. */
static void shows_the_odd(void **state)
{
    const struct pair odd[] = {
        {COMMAND, "39:{1:dnan 2:dinf}",
         "{\"check_in\":{\"latitude\":\"NaN\",\"longitude\":\"Infinity\"}}"},
        {COMMAND, "39:{1:d-inf}", "{\"check_in\":{\"latitude\":\"-Infinity\"}}"},
        {COMMAND, "24:{1:99}", "{\"register\":{\"kind\":99}}"},
        {COMMAND, "1:{x61ffe7a962}", "{\"id\":\"a???b\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        demand_json(&odd[i]);
}

/* ---- round trips ---- */

static void round_trip(const ProtobufCMessageDescriptor *type, uint32_t member,
                       struct random *random)
{
    struct ds_fault fault;
    size_t len, again_len;

    ds_arena_reset(&arena);
    ProtobufCMessage *message = random_message(type, member, RANDOM_ANY, random, &arena);
    uint8_t *bytes = pack(message, &len);
    char *text = text_of(message);
    ProtobufCMessage *again = ds_json_parse(type, text, strlen(text), &arena, &fault);
    if (!again) fail_msg("%s: code %d, field %s", text, fault.code, fault.field);
    uint8_t *again_bytes = pack(again, &again_len);
    if (again_len != len || memcmp(bytes, again_bytes, len) != 0) fail_msg("%s: other bytes", text);
    free(again_bytes);
    free(text);
    free(bytes);
}

static unsigned round_trips(const ProtobufCMessageDescriptor *type, struct random *random)
{
    unsigned members = 0;

    for (unsigned i = 0; i < type->n_fields; i++) {
        if (!(type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF)) continue;
        members++;
        for (int k = 0; k < 50; k++)
            round_trip(type, type->fields[i].id, random);
    }
    return members;
}

static void comes_back_the_same(void **state)
{
    struct random random = {20070302};

    (void)state;
    assert_in_range(round_trips(COMMAND, &random), 31, 1000);
    assert_in_range(round_trips(EVENT, &random), 50, 1000);
    for (int k = 0; k < 200; k++) {
        round_trip(BATCH, 0, &random);
        round_trip(VERSION, 0, &random);
        round_trip(RECEIPT, 0, &random);
        round_trip(&ds__heartbeat__descriptor, 0, &random);
    }
}

/* Texts with a few bytes changed: refused with a sentence, or read like any other. */
static void survives_mutation(void **state)
{
    static const char bytes[] = "\"\\{}[]:,0159-.eEu \n\t\x01\x7f\xff\xe7ntf_a";
    struct random random = {20070305};
    unsigned accepted = 0, refused = 0;

    (void)state;
    for (int i = 0; i < 50000; i++) {
        struct ds_fault fault;
        size_t len;
        ds_arena_reset(&arena);
        char *text = text_of(random_message(COMMAND, 0, RANDOM_GOOD, &random, &arena));
        for (uint64_t n = 1 + random_below(&random, 3); n > 0; n--)
            text[random_below(&random, strlen(text))] =
                bytes[random_below(&random, sizeof bytes - 1)];
        ProtobufCMessage *message = ds_json_parse(COMMAND, text, strlen(text), &arena, &fault);
        assert_int_equal(message == NULL, fault.code != DS_CODE_OK);
        refused += message == NULL;
        accepted += message != NULL;
        if (message) free(pack(message, &len));
        free(text);
    }
    printf("%u spoilt texts refused, %u read\n", refused, accepted);
    assert_in_range(accepted, 1000, 49000);
    assert_in_range(refused, 1000, 49000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_both_ways),
        cmocka_unit_test(shows_the_odd),
        cmocka_unit_test(comes_back_the_same),
        cmocka_unit_test(survives_mutation),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
