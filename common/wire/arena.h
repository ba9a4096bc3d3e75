/* SPDX-License-Identifier: MIT
 *
 * A bump allocator with a hard budget for unpacking protobuf messages: bounded memory whatever the
 * bytes say, freed in one step. */
#ifndef DS_WIRE_ARENA_H
#define DS_WIRE_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

struct ds_arena {
    uint8_t *bytes; /* owned */
    size_t size;
    size_t used;
    ProtobufCAllocator allocator; /* hand this to *_unpack; never call *_free_unpacked */
};

/* size bytes, allocated once. The arena must stay where it is: allocator points to it.
 * ds_arena_finish accepts a zeroed arena. */
void ds_arena_init(struct ds_arena *arena, size_t size);
void ds_arena_finish(struct ds_arena *arena);

/* Forgets everything unpacked so far. */
void ds_arena_reset(struct ds_arena *arena);

/* 8-aligned memory, or NULL when the budget is used up. */
void *ds_arena_alloc(struct ds_arena *arena, size_t size);

#endif
