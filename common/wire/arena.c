/* SPDX-License-Identifier: MIT
 *
 * The bump allocator behind every unpack. It never grows and never gives back a single piece. */
#include "wire/arena.h"

#include <stdlib.h>

enum { ALIGNMENT = 8 };

static void *alloc_for_protobuf(void *arena, size_t size)
{
    return ds_arena_alloc(arena, size);
}

/* Memory goes back as a whole, by ds_arena_reset. */
static void free_for_protobuf(void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

void ds_arena_init(struct ds_arena *arena, size_t size)
{
    size_t rounded = size + (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;

    /* At least one byte, so that an allocation of nothing still is not NULL. */
    uint8_t *bytes = rounded < size ? NULL : malloc(rounded ? rounded : 1);
    if (!bytes) abort(); /* at start, or the process restarts: nothing was promised yet */
    *arena = (struct ds_arena){
        .bytes = bytes,
        .size = rounded,
        .allocator = {alloc_for_protobuf, free_for_protobuf, arena},
    };
}

void ds_arena_finish(struct ds_arena *arena)
{
    free(arena->bytes);
    *arena = (struct ds_arena){0};
}

void ds_arena_reset(struct ds_arena *arena)
{
    arena->used = 0;
}

void *ds_arena_alloc(struct ds_arena *arena, size_t size)
{
    size_t left = arena->size - arena->used; /* both multiples of the alignment */
    size_t rounded = size + (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;

    if (rounded < size || rounded > left) return NULL;
    void *at = arena->bytes + arena->used;
    arena->used += rounded;
    return at;
}
