/* SPDX-License-Identifier: MIT
 *
 * Frames at intake's door: refused by the check of the wire, or a command whose JSON form says the
 * same. */
#include "fuzz.h"
#include "proto/commands.pb-c.h"
#include "wire/json.h"

/* The bytes that a message packs to, malloc'd. */
static uint8_t *packed(const ProtobufCMessage *message, size_t *ret_len)
{
    *ret_len = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(*ret_len + 1);
    FUZZ_MUST(bytes);
    protobuf_c_message_pack(message, bytes);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct ds_arena one, two;
    struct ds_fault fault;
    size_t len_one, len_two;

    if (!one.bytes) ds_arena_init(&one, FUZZ_ARENA);
    if (!two.bytes) ds_arena_init(&two, FUZZ_ARENA);
    if (ds_check_message(&ds__command__descriptor, bytes, len, &fault) != DS_CODE_OK) return 0;
    ds_arena_reset(&one);
    ds_arena_reset(&two);
    Ds__Command *command = ds__command__unpack(&one.allocator, len, bytes);
    FUZZ_MUST(command); /* what the check lets through can be read */
    json_t *json = ds_json_of(&command->base);
    FUZZ_MUST(json);
    ProtobufCMessage *again = ds_json_to(&ds__command__descriptor, json, &two, &fault);
    FUZZ_MUST(again);
    uint8_t *before = packed(&command->base, &len_one), *after = packed(again, &len_two);
    FUZZ_MUST(len_one == len_two && memcmp(before, after, len_one) == 0);
    free(before);
    free(after);
    json_decref(json);
    return 0;
}
