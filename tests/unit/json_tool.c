/* SPDX-License-Identifier: MIT
 *
 * Our JSON mapping as a filter, for json_differential.py.
 *   json_tool Command to-json     each message on stdin (4 bytes of length, little-endian, and the
 *                                 bytes) -> one line of JSON
 *   json_tool Command from-json   each line -> one message in the same form
 * Ends with a sentence on stderr and 1 at the first one that fails. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/commands.pb-c.h"
#include "proto/envelope.pb-c.h"
#include "wire/json.h"

enum { ARENA = 16 * 1024 * 1024 };

static const ProtobufCMessageDescriptor *const types[] = {
    &ds__command__descriptor, &ds__receipt__descriptor, &ds__event__descriptor,
    &ds__batch__descriptor,   &ds__version__descriptor, &ds__heartbeat__descriptor,
};

static const ProtobufCMessageDescriptor *type_of(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i]->short_name, name) == 0) return types[i];
    return NULL;
}

static int fail(size_t n, const char *what)
{
    fprintf(stderr, "json_tool: message %zu: %s\n", n, what);
    return 1;
}

static int to_json(const ProtobufCMessageDescriptor *type, struct ds_arena *arena)
{
    uint32_t len;

    for (size_t n = 1; fread(&len, sizeof len, 1, stdin) == 1; n++) {
        uint8_t *bytes = malloc(len ? len : 1);
        if (!bytes || fread(bytes, 1, len, stdin) != len) return fail(n, "cut short");
        ds_arena_reset(arena);
        ProtobufCMessage *message = protobuf_c_message_unpack(type, &arena->allocator, len, bytes);
        free(bytes);
        if (!message) return fail(n, "does not unpack");
        json_t *json = ds_json_of(message);
        if (!json || json_dumpf(json, stdout, JSON_COMPACT) < 0) return fail(n, "no JSON");
        json_decref(json);
        putchar('\n');
    }
    return 0;
}

static int from_json(const ProtobufCMessageDescriptor *type, struct ds_arena *arena)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    for (size_t n = 1; (len = getline(&line, &size, stdin)) > 0; n++) {
        struct ds_fault fault;
        ds_arena_reset(arena);
        ProtobufCMessage *message = ds_json_parse(type, line, (size_t)len, arena, &fault);
        if (!message) {
            fprintf(stderr, "json_tool: message %zu: code %d, %s: %s\n%s", n, fault.code,
                    fault.field, fault.expected, line);
            return 1;
        }
        uint32_t packed = (uint32_t)protobuf_c_message_get_packed_size(message);
        uint8_t *bytes = malloc(packed ? packed : 1);
        if (!bytes) return fail(n, "out of memory");
        protobuf_c_message_pack(message, bytes);
        fwrite(&packed, sizeof packed, 1, stdout);
        fwrite(bytes, 1, packed, stdout);
        free(bytes);
    }
    free(line);
    return 0;
}

int main(int argc, char **argv)
{
    struct ds_arena arena;
    const ProtobufCMessageDescriptor *type = argc == 3 ? type_of(argv[1]) : NULL;
    bool back = argc == 3 && strcmp(argv[2], "from-json") == 0;

    if (!type || (!back && strcmp(argv[2], "to-json") != 0)) {
        fprintf(stderr, "usage: json_tool TYPE to-json|from-json\n");
        return 2;
    }
    ds_arena_init(&arena, ARENA);
    int status = back ? from_json(type, &arena) : to_json(type, &arena);
    ds_arena_finish(&arena);
    return fflush(stdout) == 0 ? status : 1;
}
