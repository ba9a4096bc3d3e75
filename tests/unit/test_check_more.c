/* SPDX-License-Identifier: MIT
 *
 * What surrounds the check of one message: that no field a client can reach goes without a
 * constraint, the bounds on members and depth, the text rule itself, and the arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/limits.h"
#include "odd_types.h"
#include "proto/commands.pb-c.h"
#include "wire/arena.h"
#include "wire/check.h"
#include "wire/utf8.h"
#include "wire_script.h"

static enum ds_code check(const ProtobufCMessageDescriptor *type, const char *script,
                          struct ds_fault *fault)
{
    size_t len;
    uint8_t *bytes = wire_script_exact(script, &len);
    enum ds_code code = ds_check_message(type, bytes, len, fault);

    free(bytes);
    return code;
}

/* ---- every field is constrained ---- */

/* The way to a field: a script that opens its messages, and the path as faults name it. */
struct way {
    char script[64];
    char path[96];
    int depth;
};

static void demand_refusal(const struct way *way, const ProtobufCFieldDescriptor *field,
                           const char *value)
{
    struct ds_fault fault;
    char script[128], path[128];

    snprintf(script, sizeof script, "%s %u:%s %.*s", way->script, field->id, value, way->depth,
             "}}}}}}}}");
    snprintf(path, sizeof path, "%s%s%s", way->path, field->name,
             field->label == PROTOBUF_C_LABEL_REPEATED ? "[0]" : "");
    enum ds_code code = check(&ds__command__descriptor, script, &fault);
    bool refused = code == DS_CODE_BAD_VALUE || code == DS_CODE_OUT_OF_RANGE;

    if (!refused || strcmp(fault.field, path) != 0 || fault.expected[0] == '\0')
        fail_msg("%s takes %s: give it a row in common/wire/constraint.c (code %d, field %s)", path,
                 value, code, fault.field);
}

static unsigned demand_constraints(const ProtobufCMessageDescriptor *type, const struct way *way)
{
    unsigned n = 0;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        struct way inner = {.depth = way->depth + 1};
        n++;
        switch (field->type) {
        case PROTOBUF_C_TYPE_MESSAGE:
            snprintf(inner.script, sizeof inner.script, "%.40s %u:{", way->script, field->id);
            snprintf(inner.path, sizeof inner.path, "%.50s%s%s.", way->path, field->name,
                     field->label == PROTOBUF_C_LABEL_REPEATED ? "[0]" : "");
            n += demand_constraints(field->descriptor, &inner) - 1;
            break;
        case PROTOBUF_C_TYPE_STRING: demand_refusal(way, field, "\"x\"*600000"); break;
        case PROTOBUF_C_TYPE_INT64:
            demand_refusal(way, field, "9223372036854775807");
            demand_refusal(way, field, "-1");
            break;
        case PROTOBUF_C_TYPE_UINT32: demand_refusal(way, field, "4294967295"); break;
        case PROTOBUF_C_TYPE_DOUBLE:
            demand_refusal(way, field, "d1e300");
            demand_refusal(way, field, "d-1e300");
            demand_refusal(way, field, "dnan");
            break;
        case PROTOBUF_C_TYPE_BOOL:
        case PROTOBUF_C_TYPE_ENUM: n--; break; /* their type is their constraint */
        default: fail_msg("%s: this test and the table know no such type", field->name);
        }
    }
    return n;
}

static void no_field_is_free(void **state)
{
    const struct way start = {0};
    unsigned n = demand_constraints(&ds__command__descriptor, &start);

    (void)state;
    printf("%u fields of commands constrained\n", n);
    assert_in_range(n, 80, 1000);
}

/* ---- bounds ---- */

static void members_are_bounded(void **state)
{
    struct ds_buf script = {0};
    struct ds_fault fault;

    (void)state;
    for (int i = 0; i < 256; i++)
        ds_buf_put_text(&script, "2:z1 ");
    ds_buf_put_text(&script, "3:{");
    for (int i = 0; i < 256; i++)
        ds_buf_put_text(&script, "z1 ");
    ds_buf_put(&script, "}\0", 2);
    char *text = (char *)script.bytes; /* 256 of both: as much as may be */
    assert_int_equal(check(&ds__zone_rows__descriptor, text, &fault), DS_CODE_OK);

    script.len--;
    ds_buf_put(&script, " 2:{z1}\0", 8); /* one more in the packed form */
    text = (char *)script.bytes;
    assert_int_equal(check(&ds__zone_rows__descriptor, text, &fault), DS_CODE_OUT_OF_RANGE);
    assert_string_equal(fault.field, "at_ms");
    assert_string_equal(fault.expected, "at most 256 members");

    script.len -= 8;
    ds_buf_put(&script, " 3:z1\0", 6); /* one more in the other */
    text = (char *)script.bytes;
    assert_int_equal(check(&ds__zone_rows__descriptor, text, &fault), DS_CODE_OUT_OF_RANGE);
    assert_string_equal(fault.field, "offset_s");
    ds_buf_finish(&script);
}

static void depth_is_bounded(void **state)
{
    struct ds_fault fault;

    (void)state;
    assert_int_equal(check(&box_type, "1:{1:{1:{1:{1:{1:{1:{}}}}}}}", &fault), DS_CODE_OK);
    assert_int_equal(check(&box_type, "1:{1:{1:{1:{1:{1:{1:{1:{}}}}}}}}", &fault),
                     DS_CODE_MALFORMED);
    assert_string_equal(fault.field, "box.box.box.box.box.box.box.box");
}

/* ---- text ---- */

/* The other way round: writes the UTF-8 of a character. */
static size_t encode(uint32_t c, char bytes[4])
{
    if (c < 0x80) {
        bytes[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)((0xF00 >> n & 0xF0) | c);
    return n;
}

static void knows_every_character(void **state)
{
    char bytes[4];

    (void)state;
    assert_false(ds_utf8_clean("\0", 1));
    for (uint32_t c = 1; c <= 0x1FFFFF; c++) {
        bool real = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
        size_t n = encode(c, bytes);
        assert_int_equal(ds_utf8_step(bytes, n), real ? n : 0);
        for (size_t cut = 1; cut < n; cut++)
            assert_int_equal(ds_utf8_step(bytes, cut), 0);
    }
}

/* Of all byte strings of three bytes exactly the encodings of characters are sequences. */
static void knows_nothing_else(void **state)
{
    uint32_t n[5] = {0};

    (void)state;
    for (uint32_t c = 0; c < 1 << 24; c++) {
        const char bytes[] = {(char)(c >> 16), (char)(c >> 8), (char)c};
        n[ds_utf8_step(bytes, 3)]++;
    }
    assert_int_equal(n[1], 0x7F << 16);
    assert_int_equal(n[2], (0x800 - 0x80) << 8);
    assert_int_equal(n[3], 0x10000 - 0x800 - 0x800);
    assert_int_equal(n[4], 0);
}

/* The fast path over eight bytes must see every byte. */
static void sees_every_byte(void **state)
{
    char text[32];

    (void)state;
    for (size_t len = 1; len <= sizeof text; len++) {
        memset(text, 'a', sizeof text);
        assert_true(ds_utf8_clean(text, len));
        for (size_t i = 0; i < len; i++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                text[i] = (char)byte;
                assert_int_equal(ds_utf8_clean(text, len), byte > 0 && byte < 0x80);
            }
            text[i] = 'a';
        }
    }
}

static void knows_ids(void **state)
{
    char longest[DS_ID_MAX + 2] = "";

    (void)state;
    memset(longest, 'z', DS_ID_MAX);
    assert_true(ds_check_id(longest));
    longest[DS_ID_MAX] = 'z';
    assert_false(ds_check_id(longest));
    assert_false(ds_check_id(""));
    for (unsigned byte = 1; byte < 256; byte++) {
        const char text[] = {(char)byte, '\0'};
        bool good = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                    (byte >= 'a' && byte <= 'z') || strchr("._~-", (int)byte);
        assert_int_equal(ds_check_id(text), good);
    }
}

/* ---- arena ---- */

static void arena_keeps_its_budget(void **state)
{
    struct ds_arena arena;

    (void)state;
    ds_arena_init(&arena, 60); /* 64 */
    char *first = ds_arena_alloc(&arena, 1);
    char *second = ds_arena_alloc(&arena, 9);
    assert_non_null(first);
    assert_int_equal((uintptr_t)first % 8, 0);
    assert_ptr_equal(second, first + 8);
    assert_null(ds_arena_alloc(&arena, 41));
    assert_null(ds_arena_alloc(&arena, SIZE_MAX));
    assert_null(ds_arena_alloc(&arena, SIZE_MAX - 7));
    assert_ptr_equal(ds_arena_alloc(&arena, 40), first + 24);
    assert_null(ds_arena_alloc(&arena, 1));
    assert_non_null(ds_arena_alloc(&arena, 0));
    ds_arena_reset(&arena);
    assert_ptr_equal(ds_arena_alloc(&arena, 64), first);
    ds_arena_finish(&arena);
    assert_null(ds_arena_alloc(&arena, 1));
    ds_arena_finish(&arena);

    ds_arena_init(&arena, 0);
    assert_null(ds_arena_alloc(&arena, 1));
    assert_non_null(ds_arena_alloc(&arena, 0));
    ds_arena_finish(&arena);
}

/* Whatever the budget, protobuf-c either unpacks or gives up; it never touches what is not its. */
static void unpack_gives_up_cleanly(void **state)
{
    size_t len, least = 0;
    uint8_t *bytes = wire_script_exact("1:\"c-1\" 45:{1:1 2:{1:1 2:1} 2:{1:5 3:0} 5:\"x\"}", &len);

    (void)state;
    for (size_t size = 0; size <= 4096; size += 8) {
        struct ds_arena arena;
        ds_arena_init(&arena, size);
        Ds__Command *command = ds__command__unpack(&arena.allocator, len, bytes);
        if (command && least == 0) least = size;
        assert_int_equal(command != NULL, least > 0);
        if (command) assert_int_equal(command->record_callback->n_answers, 2);
        ds_arena_finish(&arena);
    }
    assert_in_range(least, 8, 4096);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_field_is_free),
        cmocka_unit_test(members_are_bounded),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(knows_every_character),
        cmocka_unit_test(knows_nothing_else),
        cmocka_unit_test(sees_every_byte),
        cmocka_unit_test(knows_ids),
        cmocka_unit_test(arena_keeps_its_budget),
        cmocka_unit_test(unpack_gives_up_cleanly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
