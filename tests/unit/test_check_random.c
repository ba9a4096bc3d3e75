/* SPDX-License-Identifier: MIT
 *
 * ds_check_message on good commands, on all their beginnings, and on what becomes of them when
 * bytes are changed. Whatever it lets through, protobuf-c must unpack without losing anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/commands.pb-c.h"
#include "random_message.h"
#include "wire/check.h"

enum { GOOD = 2000, MUTATIONS = 200000, BYTES_MAX = 16384, ARENA = 262144 };

static const uint64_t seed = 20070301;

struct fixture {
    struct random random;
    struct ds_arena arena;
    uint8_t packed[BYTES_MAX];
    size_t len;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    if (!f) return -1;
    f->random.state = seed;
    ds_arena_init(&f->arena, ARENA);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    ds_arena_finish(&f->arena);
    free(f);
    return 0;
}

/* Every body in turn. */
static uint32_t body(unsigned i)
{
    const ProtobufCMessageDescriptor *type = &ds__command__descriptor;
    uint32_t members[128];
    unsigned n = 0;

    for (unsigned k = 0; k < type->n_fields; k++)
        if (type->fields[k].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) members[n++] = type->fields[k].id;
    assert_in_range(n, 31, 128);
    return n > 0 ? members[i % n] : 0;
}

/* The i-th good command, into f->packed. */
static void good_command(struct fixture *f, unsigned i)
{
    ds_arena_reset(&f->arena);
    ProtobufCMessage *command =
        random_message(&ds__command__descriptor, body(i), RANDOM_GOOD, &f->random, &f->arena);
    assert_in_range(protobuf_c_message_get_packed_size(command), 2, sizeof f->packed - 8);
    f->len = protobuf_c_message_pack(command, f->packed);
}

static enum ds_code check(const uint8_t *bytes, size_t len, struct ds_fault *fault)
{
    uint8_t *exact = malloc(len ? len : 1);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    enum ds_code code = ds_check_message(&ds__command__descriptor, exact, len, fault);
    free(exact);
    return code;
}

/* Unpacks; and what was unpacked must pack to something that is accepted and means the same. */
static void demand_unpack(struct fixture *f, const uint8_t *bytes, size_t len)
{
    uint8_t again[BYTES_MAX], third[BYTES_MAX];
    struct ds_fault fault;

    ds_arena_reset(&f->arena);
    Ds__Command *command = ds__command__unpack(&f->arena.allocator, len, bytes);
    assert_non_null(command);
    assert_int_equal(command->base.n_unknown_fields, 0);
    size_t again_len = ds__command__pack(command, again);
    assert_in_range(again_len, 0, len); /* shorter at most: long forms of numbers */
    assert_int_equal(check(again, again_len, &fault), DS_CODE_OK);

    ds_arena_reset(&f->arena);
    command = ds__command__unpack(&f->arena.allocator, again_len, again);
    assert_non_null(command);
    assert_int_equal(ds__command__pack(command, third), again_len);
    assert_memory_equal(third, again, again_len);
}

static void takes_good_commands(void **state)
{
    struct fixture *f = *state;
    struct ds_fault fault;

    for (unsigned i = 0; i < GOOD; i++) {
        good_command(f, i);
        if (check(f->packed, f->len, &fault) != DS_CODE_OK)
            fail_msg("command %u: code %d, field %s", i, fault.code, fault.field);
        demand_unpack(f, f->packed, f->len);
    }
}

static void survives_truncation(void **state)
{
    struct fixture *f = *state;
    struct ds_fault fault;
    unsigned accepted = 0, refused = 0;

    for (unsigned i = 0; i < 310; i++) {
        good_command(f, i);
        for (size_t len = 0; len < f->len; len++) {
            if (check(f->packed, len, &fault) == DS_CODE_OK) {
                demand_unpack(f, f->packed, len);
                accepted++;
            } else {
                assert_int_equal(fault.code, DS_CODE_MALFORMED);
                refused++;
            }
        }
    }
    printf("%u truncated commands: %u refused\n", accepted + refused, refused);
    assert_in_range(accepted, 310, refused); /* cuts between two fields, the one at 0 among them */
}

/* One change to the command: a byte flipped, set, taken out, put in, or copied from elsewhere. */
static void mutate(struct fixture *f)
{
    size_t at = random_below(&f->random, f->len), from = random_below(&f->random, f->len);
    size_t n = 1 + random_below(&f->random, 8);

    switch (random_below(&f->random, 5)) {
    case 0: f->packed[at] ^= (uint8_t)(1 << random_below(&f->random, 8)); break;
    case 1: f->packed[at] = (uint8_t)random_below(&f->random, 256); break;
    case 2:
        if (f->len < 2) break;
        memmove(f->packed + at, f->packed + at + 1, f->len - at - 1);
        f->len--;
        break;
    case 3:
        memmove(f->packed + at + 1, f->packed + at, f->len - at);
        f->packed[at] = (uint8_t)random_below(&f->random, 256);
        f->len++;
        break;
    default:
        if (n > f->len - at) n = f->len - at;
        if (n > f->len - from) n = f->len - from;
        memmove(f->packed + at, f->packed + from, n);
    }
}

static void survives_mutation(void **state)
{
    struct fixture *f = *state;
    struct ds_fault fault;
    unsigned met[DS_CODE_COUNT] = {0};

    for (unsigned i = 0; i < MUTATIONS; i++) {
        good_command(f, i);
        for (uint64_t n = 1 + random_below(&f->random, 3); n > 0; n--)
            mutate(f);
        enum ds_code code = check(f->packed, f->len, &fault);
        met[code]++;
        assert_int_equal(code, fault.code);
        assert_non_null(memchr(fault.field, '\0', sizeof fault.field));
        assert_non_null(memchr(fault.expected, '\0', sizeof fault.expected));
        if (code == DS_CODE_OK) demand_unpack(f, f->packed, f->len);
    }
    printf("seed %llu, %d mutations: %u accepted\n", (unsigned long long)seed, MUTATIONS,
           met[DS_CODE_OK]);
    /* The mutations reach everything there is to refuse. */
    const enum ds_code all[] = {
        DS_CODE_OK,           DS_CODE_MALFORMED,     DS_CODE_UNKNOWN_FIELD,
        DS_CODE_WRONG_TYPE,   DS_CODE_BAD_TEXT,      DS_CODE_BAD_VALUE,
        DS_CODE_OUT_OF_RANGE, DS_CODE_UNKNOWN_VALUE, DS_CODE_DUPLICATE_FIELD};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_in_range(met[all[i]], 100, MUTATIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_good_commands, setup, teardown),
        cmocka_unit_test_setup_teardown(survives_truncation, setup, teardown),
        cmocka_unit_test_setup_teardown(survives_mutation, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
