/* SPDX-License-Identifier: MIT
 *
 * A line of text as a command: refused with a fault, or a message that packs. */
#include "fuzz.h"
#include "proto/commands.pb-c.h"
#include "wire/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct ds_arena arena;
    struct ds_fault fault = {0};

    if (!arena.bytes) ds_arena_init(&arena, FUZZ_ARENA);
    ds_arena_reset(&arena);
    ProtobufCMessage *message =
        ds_json_parse(&ds__command__descriptor, (const char *)bytes, len, &arena, &fault);
    if (!message) {
        FUZZ_MUST(fault.code != DS_CODE_OK);
        return 0;
    }
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = malloc(size + 1);
    FUZZ_MUST(packed && protobuf_c_message_pack(message, packed) == size);
    ds_check_message(&ds__command__descriptor, packed, size, &fault);
    free(packed);
    return 0;
}
