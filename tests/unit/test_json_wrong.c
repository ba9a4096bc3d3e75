/* SPDX-License-Identifier: MIT
 *
 * JSON that is no message of ours: code and field of each refusal, and the bounds. */
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
#include "wire/buf.h"
#include "wire/json.h"
#include "wire/utf8.h"

#define COMMAND &ds__command__descriptor
#define EVENT   &ds__event__descriptor
#define BATCH   &ds__batch__descriptor
#define VERSION &ds__version__descriptor
#define ODD     &odd_type

struct refused {
    const ProtobufCMessageDescriptor *type;
    const char *json;
    enum ds_code code;
    const char *field;
    const char *expected; /* stands in fault.expected; NULL: not asked */
};

static const struct refused table[] = {
    /* not JSON, or no object */
    {COMMAND, "", DS_CODE_BAD_JSON, "", "line 1"},
    {COMMAND, "{", DS_CODE_BAD_JSON, "", "line 1, column 1"},
    {COMMAND, "{}{}", DS_CODE_BAD_JSON, "", "line 1, column 3"},
    {COMMAND, "{\"id\":\"a\",}", DS_CODE_BAD_JSON, "", NULL},
    {COMMAND, "{\"id\":'a'}", DS_CODE_BAD_JSON, "", NULL},
    {COMMAND, "{\n\"id\":\n nope}", DS_CODE_BAD_JSON, "", "line 3, column 5"},
    {COMMAND, "[]", DS_CODE_BAD_JSON, "", "an object"},
    {COMMAND, "7", DS_CODE_BAD_JSON, "", NULL},
    {COMMAND, "null", DS_CODE_BAD_JSON, "", NULL},
    {COMMAND, "{\"id\":\"\xff\"}", DS_CODE_BAD_TEXT, "", NULL},
    {COMMAND, "{\"id\":\"\xed\xa0\x80\"}", DS_CODE_BAD_TEXT, "", NULL},
    {COMMAND, "{\"id\":\"\\ud800\"}", DS_CODE_BAD_JSON, "", NULL},
    {COMMAND, "{\"a\\u0000b\":1}", DS_CODE_BAD_JSON, "", NULL},
    {COMMAND, "{\"made_at_ms\":99999999999999999999}", DS_CODE_BAD_JSON, "", "too large"},
    {COMMAND, "{\"check_in\":{\"latitude\":1e999}}", DS_CODE_BAD_JSON, "", NULL},
    {COMMAND, "{\"check_in\":{\"latitude\":NaN}}", DS_CODE_BAD_JSON, "", NULL},

    /* names */
    {COMMAND, "{\"idd\":1}", DS_CODE_UNKNOWN_FIELD, "idd", "did you mean id?"},
    {COMMAND, "{\"ID\":\"a\"}", DS_CODE_UNKNOWN_FIELD, "ID", "did you mean id?"},
    {COMMAND, "{\"madeAtMs\":1}", DS_CODE_UNKNOWN_FIELD, "madeAtMs", "did you mean made_at_ms?"},
    {COMMAND, "{\"registerDelay\":{}}", DS_CODE_UNKNOWN_FIELD, "registerDelay",
     "did you mean register_delay?"},
    {COMMAND, "{\"register\":{\"custmer\":{}}}", DS_CODE_UNKNOWN_FIELD, "register.custmer",
     "did you mean customer?"},
    {COMMAND, "{\"xyzzy\":1}", DS_CODE_UNKNOWN_FIELD, "xyzzy", "it has id, made_at_ms, "},
    {COMMAND, "{\"电话\":1}", DS_CODE_UNKNOWN_FIELD, "电话", "it has id"},
    {COMMAND, "{\"\":1}", DS_CODE_UNKNOWN_FIELD, "", "it has id"},
    {COMMAND, "{\"body\":{}}", DS_CODE_UNKNOWN_FIELD, "body", NULL},
    {COMMAND, "{\"accept\":{\"note\":\"x\"}}", DS_CODE_UNKNOWN_FIELD, "accept.note",
     "it has no fields"},
    {COMMAND, "{\"idd\":null}", DS_CODE_UNKNOWN_FIELD, "idd", NULL},
    {COMMAND, "{\"record_callback\":{\"answers\":[{},{\"frage\":1}]}}", DS_CODE_UNKNOWN_FIELD,
     "record_callback.answers[1].frage", "it has question, yes, amount_fen"},

    /* twice, two of one kind */
    {COMMAND, "{\"id\":\"a\",\"id\":\"a\"}", DS_CODE_DUPLICATE_FIELD, "id", "line 1, column"},
    {COMMAND, "{\"register\":{\"ref\":\"a\",\n\"ref\":\"a\"}}", DS_CODE_DUPLICATE_FIELD, "ref",
     "line 2, column 5"},
    {COMMAND, "{\"accept\":{},\"reject\":{}}", DS_CODE_DUPLICATE_FIELD, "reject",
     "accept stands already"},

    /* types */
    {COMMAND, "{\"id\":5}", DS_CODE_WRONG_TYPE, "id", "text"},
    {COMMAND, "{\"id\":true}", DS_CODE_WRONG_TYPE, "id", "text"},
    {COMMAND, "{\"id\":[\"a\"]}", DS_CODE_WRONG_TYPE, "id", "text"},
    {COMMAND, "{\"made_at_ms\":true}", DS_CODE_WRONG_TYPE, "made_at_ms", "UTC ms"},
    {COMMAND, "{\"made_at_ms\":{}}", DS_CODE_WRONG_TYPE, "made_at_ms", NULL},
    {COMMAND, "{\"register\":[]}", DS_CODE_WRONG_TYPE, "register", "an object"},
    {COMMAND, "{\"register\":\"x\"}", DS_CODE_WRONG_TYPE, "register", "an object"},
    {COMMAND, "{\"register\":{\"urgent\":1}}", DS_CODE_WRONG_TYPE, "register.urgent",
     "true or false"},
    {COMMAND, "{\"register\":{\"urgent\":\"true\"}}", DS_CODE_WRONG_TYPE, "register.urgent", NULL},
    {COMMAND, "{\"check_in\":{\"latitude\":\"31\"}}", DS_CODE_WRONG_TYPE, "check_in.latitude",
     "a finite number"},
    {COMMAND, "{\"check_in\":{\"latitude\":\"NaN\"}}", DS_CODE_WRONG_TYPE, "check_in.latitude",
     NULL},
    {COMMAND, "{\"check_in\":{\"longitude\":\"Infinity\"}}", DS_CODE_WRONG_TYPE,
     "check_in.longitude", NULL},
    {COMMAND, "{\"record_callback\":{\"answers\":{}}}", DS_CODE_WRONG_TYPE,
     "record_callback.answers", "an array"},
    {COMMAND, "{\"record_callback\":{\"answers\":[{},null]}}", DS_CODE_WRONG_TYPE,
     "record_callback.answers[1]", "an object"},
    {EVENT, "{\"entry_posted\":{\"entry\":5}}", DS_CODE_WRONG_TYPE, "entry_posted.entry", "base64"},
    {VERSION, "{\"zones\":[{\"at_ms\":[1,null]}]}", DS_CODE_WRONG_TYPE, "zones[0].at_ms[1]", NULL},

    /* values */
    {COMMAND, "{\"made_at_ms\":1.5}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":1e17}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"\"}", DS_CODE_BAD_VALUE, "made_at_ms",
     "2007-03-01T08:00:00+08:00"},
    {COMMAND, "{\"made_at_ms\":\"-\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"+5\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"05\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\" 5\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"5 \"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"0x5\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"5\\u0000\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"99999999999999999999999\"}", DS_CODE_BAD_VALUE, "made_at_ms",
     NULL},
    {COMMAND, "{\"made_at_ms\":\"yesterday\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"made_at_ms\":\"2007-03-01T08:00:00\"}", DS_CODE_BAD_VALUE, "made_at_ms", NULL},
    {COMMAND, "{\"file_result\":{\"labour_fen\":\"2007-03-01T08:00:00Z\"}}", DS_CODE_BAD_VALUE,
     "file_result.labour_fen", "an integer"},
    {EVENT, "{\"entry_posted\":{\"entry\":\"A\"}}", DS_CODE_BAD_VALUE, "entry_posted.entry", NULL},
    {EVENT, "{\"entry_posted\":{\"entry\":\"AA=\"}}", DS_CODE_BAD_VALUE, "entry_posted.entry",
     NULL},
    {EVENT, "{\"entry_posted\":{\"entry\":\"A+_A\"}}", DS_CODE_BAD_VALUE, "entry_posted.entry",
     NULL},
    {EVENT, "{\"entry_posted\":{\"entry\":\"AA==AA==\"}}", DS_CODE_BAD_VALUE, "entry_posted.entry",
     NULL},
    {EVENT, "{\"entry_posted\":{\"entry\":\"AAAA\\u0000\"}}", DS_CODE_BAD_VALUE,
     "entry_posted.entry", NULL},
    {COMMAND, "{\"id\":\"a\\u0000\"}", DS_CODE_BAD_TEXT, "id", NULL},
    {COMMAND, "{\"urge\":{\"note\":\"\\u0000\"}}", DS_CODE_BAD_TEXT, "urge.note", NULL},

    /* ranges */
    {COMMAND, "{\"made_at_ms\":\"9223372036854775808\"}", DS_CODE_OUT_OF_RANGE, "made_at_ms",
     "9223372036854775807"},
    {COMMAND, "{\"made_at_ms\":\"-9223372036854775809\"}", DS_CODE_OUT_OF_RANGE, "made_at_ms",
     NULL},
    {COMMAND, "{\"record_callback\":{\"satisfaction\":4294967296}}", DS_CODE_OUT_OF_RANGE,
     "record_callback.satisfaction", "0..4294967295"},
    {COMMAND, "{\"record_callback\":{\"satisfaction\":\"-1\"}}", DS_CODE_OUT_OF_RANGE,
     "record_callback.satisfaction", NULL},
    {EVENT, "{\"cause\":{\"seq\":-1}}", DS_CODE_OUT_OF_RANGE, "cause.seq", NULL},
    {BATCH, "{\"crc\":4294967296}", DS_CODE_OUT_OF_RANGE, "crc", NULL},
    {VERSION, "{\"zones\":[{},{\"offset_s\":[0,2147483648]}]}", DS_CODE_OUT_OF_RANGE,
     "zones[1].offset_s[1]", "-2147483648..2147483647"},
    {VERSION, "{\"zones\":[{\"offset_s\":[-2147483649]}]}", DS_CODE_OUT_OF_RANGE,
     "zones[0].offset_s[0]", NULL},

    {ODD, "{\"a\":2147483648}", DS_CODE_OUT_OF_RANGE, "a", "2147483647"},
    {ODD, "{\"late_ms\":-2147483649}", DS_CODE_OUT_OF_RANGE, "late_ms", NULL},
    {ODD, "{\"late_ms\":\"2007-03-01T08:00:00Z\"}", DS_CODE_BAD_VALUE, "late_ms", "an integer"},
    {ODD, "{\"made_at_ms\":\"9223372036854775808\"}", DS_CODE_OUT_OF_RANGE, "made_at_ms", NULL},
    {ODD, "{\"h\":-1}", DS_CODE_OUT_OF_RANGE, "h", NULL},
    {ODD, "{\"latitude\":1e39}", DS_CODE_OUT_OF_RANGE, "latitude", "a 32-bit number"},
    {ODD, "{\"floats\":[1,-4e38]}", DS_CODE_OUT_OF_RANGE, "floats[1]", NULL},

    /* enums */
    {COMMAND, "{\"register\":{\"kind\":\"install\"}}", DS_CODE_UNKNOWN_VALUE, "register.kind",
     "INSTALL, COMPLAINT, SYSTEM"},
    {COMMAND, "{\"register\":{\"kind\":\"\"}}", DS_CODE_UNKNOWN_VALUE, "register.kind", NULL},
    {COMMAND, "{\"register\":{\"kind\":\"INSTALL\\u0000\"}}", DS_CODE_UNKNOWN_VALUE,
     "register.kind", NULL},
    {COMMAND, "{\"register\":{\"kind\":4}}", DS_CODE_UNKNOWN_VALUE, "register.kind", NULL},
    {COMMAND, "{\"register\":{\"kind\":4294967297}}", DS_CODE_UNKNOWN_VALUE, "register.kind", NULL},
    {COMMAND, "{\"register\":{\"kind\":true}}", DS_CODE_UNKNOWN_VALUE, "register.kind", NULL},
    {COMMAND, "{\"report_delay\":{\"reason\":\"Parts\"}}", DS_CODE_UNKNOWN_VALUE,
     "report_delay.reason", "PARTS, MAJOR_REPAIR, CUSTOMER, OTHER"},
};

static struct ds_arena arena;

static int setup(void **state)
{
    (void)state;
    ds_arena_init(&arena, 262144);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ds_arena_finish(&arena);
    return 0;
}

static void refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct refused *row = &table[i];
        struct ds_fault fault = {.code = DS_CODE_OK};
        ds_arena_reset(&arena);
        ProtobufCMessage *message =
            ds_json_parse(row->type, row->json, strlen(row->json), &arena, &fault);
        bool wrong = message || fault.code != row->code || strcmp(fault.field, row->field) != 0;
        wrong = wrong || strstr(fault.expected, "NONE"); /* never a choice */
        if (wrong || (row->expected && !strstr(fault.expected, row->expected)))
            fail_msg("%s: code %d (not %d), field \"%s\" (not \"%s\"), expected \"%s\"", row->json,
                     fault.code, row->code, fault.field, row->field, fault.expected);
    }
    printf("%zu wrong texts\n", sizeof table / sizeof table[0]);
}

/* ---- bounds ---- */

static void put_times(struct ds_buf *text, int times, const char *piece)
{
    for (int i = 0; i < times; i++)
        ds_buf_put_text(text, piece);
}

static ProtobufCMessage *parse(const ProtobufCMessageDescriptor *type, const struct ds_buf *text,
                               struct ds_fault *fault)
{
    ds_arena_reset(&arena);
    return ds_json_parse(type, (const char *)text->bytes, text->len, &arena, fault);
}

static ProtobufCMessage *boxes(int depth, struct ds_fault *fault)
{
    struct ds_buf text = {0};

    put_times(&text, depth - 1, "{\"box\":");
    ds_buf_put_text(&text, "{}");
    put_times(&text, depth - 1, "}");
    ProtobufCMessage *message = parse(&box_type, &text, fault);
    ds_buf_finish(&text);
    return message;
}

static void depth_is_bounded(void **state)
{
    struct ds_fault fault;

    (void)state;
    assert_non_null(boxes(8, &fault));
    assert_null(boxes(9, &fault));
    assert_int_equal(fault.code, DS_CODE_MALFORMED);
    assert_string_equal(fault.field, "box.box.box.box.box.box.box.box");
}

static void reads_no_further(void **state)
{
    const char text[] = {'{', '}', 'x'}; /* no NUL behind it either */
    struct ds_fault fault;

    (void)state;
    ds_arena_reset(&arena);
    assert_non_null(ds_json_parse(COMMAND, text, 2, &arena, &fault));
    assert_null(ds_json_parse(COMMAND, text, 3, &arena, &fault));
    assert_int_equal(fault.code, DS_CODE_BAD_JSON);
}

/* Whatever the budget, the answer is a message or TOO_LARGE. */
static void keeps_to_the_arena(void **state)
{
    const char *text = "{\"id\":\"c-1\",\"record_callback\":{\"answers\":[{\"question\":1},{}],"
                       "\"note\":\"nobody at home\"}}";
    const char *bytes = "{\"entry_posted\":{\"entry\":\"AAAAAAAAAAAAAAAA\"}}";
    size_t least = 0;

    (void)state;
    for (size_t size = 0; size <= 2048; size += 8) {
        struct ds_arena small;
        struct ds_fault fault;
        ds_arena_init(&small, size);
        ProtobufCMessage *message = ds_json_parse(COMMAND, text, strlen(text), &small, &fault);
        if (message && least == 0) least = size;
        assert_int_equal(message != NULL, least > 0);
        assert_int_equal(fault.code, message ? DS_CODE_OK : DS_CODE_TOO_LARGE);
        if (!message) assert_non_null(strstr(fault.expected, "bytes"));
        ds_arena_reset(&small);
        message = ds_json_parse(EVENT, bytes, strlen(bytes), &small, &fault);
        assert_int_equal(fault.code, message ? DS_CODE_OK : DS_CODE_TOO_LARGE);
        ds_arena_finish(&small);
    }
    assert_in_range(least, 8, 2048);
}

/* A fault is text for people, whatever it quotes: valid UTF-8, cut between characters. */
static void faults_stay_text(void **state)
{
    struct ds_buf text = {0};
    struct ds_fault fault;

    (void)state;
    for (int n = 0; n < 150; n++) {
        text.len = 0;
        ds_buf_put_text(&text, "{\"urge\":{\"");
        put_times(&text, n % 3, "x");
        put_times(&text, n, "键");
        ds_buf_put_text(&text, "\":1}}");
        assert_null(parse(COMMAND, &text, &fault));
        assert_int_equal(fault.code, DS_CODE_UNKNOWN_FIELD);
        assert_true(ds_utf8_clean(fault.field, strlen(fault.field)));
        assert_true(strlen(fault.field) >= (n >= 30 ? 90u : 5u + 3u * (unsigned)n));
    }
    ds_buf_finish(&text);
}

/* json_t made by others may hold keys that no text can give. */
static void knows_whole_names(void **state)
{
    struct ds_fault fault;
    json_t *object = json_object();

    (void)state;
    assert_int_equal(json_object_setn_new(object, "id\0x", 4, json_string("a")), 0);
    ds_arena_reset(&arena);
    assert_null(ds_json_to(COMMAND, object, &arena, &fault));
    assert_int_equal(fault.code, DS_CODE_UNKNOWN_FIELD);
    assert_string_equal(fault.field, "id");
    json_object_clear(object);
    assert_int_equal(json_object_set_new_nocheck(object,
                                                 "i\xff"
                                                 "dent",
                                                 json_null()),
                     0);
    ds_arena_reset(&arena);
    assert_null(ds_json_to(COMMAND, object, &arena, &fault));
    assert_string_equal(fault.field, "i?dent");
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses),          cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(reads_no_further), cmocka_unit_test(keeps_to_the_arena),
        cmocka_unit_test(faults_stay_text), cmocka_unit_test(knows_whole_names),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
