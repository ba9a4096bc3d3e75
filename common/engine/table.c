/* SPDX-License-Identifier: MIT */
#include "engine/table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"

/* Keys hold texts from clients, so the hash is keyed per process; order never depends on it. */
static uint64_t hash_of(const char *key, size_t len)
{
    static unsigned char secret[crypto_shorthash_KEYBYTES];
    static bool ready;
    uint64_t hash;

    if (!ready) {
        randombytes_buf(secret, sizeof secret);
        ready = true;
    }
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key, len, secret);
    return hash;
}

void ds_table_init(struct ds_table *table)
{
    *table = (struct ds_table){.cap = 64};
    table->slots = calloc(table->cap, sizeof *table->slots);
    if (!table->slots) abort();
}

static void destroy_entity(struct ds_entity *entity)
{
    free(entity->bytes);
    free(entity);
}

void ds_table_finish(struct ds_table *table)
{
    for (uint32_t i = 0; i < table->cap; i++)
        if (table->slots[i]) destroy_entity(table->slots[i]);
    free(table->slots);
    for (int k = 0; k < DS_DUE_KINDS; k++)
        free(table->heaps[k].at);
    *table = (struct ds_table){0};
}

static uint32_t slot_of(const struct ds_table *table, const char *key, size_t len, uint64_t hash)
{
    uint32_t i = (uint32_t)hash & (table->cap - 1);

    while (table->slots[i]) {
        const struct ds_entity *entity = table->slots[i];
        if (entity->hash == hash && entity->key_len == len && memcmp(entity->key, key, len) == 0)
            break;
        i = (i + 1) & (table->cap - 1);
    }
    return i;
}

struct ds_entity *ds_table_find(const struct ds_table *table, const char *key)
{
    size_t len = strlen(key);

    return table->slots[slot_of(table, key, len, hash_of(key, len))];
}

static void grow(struct ds_table *table)
{
    struct ds_entity **old = table->slots;
    uint32_t old_cap = table->cap;

    table->cap *= 2;
    table->slots = calloc(table->cap, sizeof *table->slots);
    if (!table->slots) abort();
    for (uint32_t i = 0; i < old_cap; i++) {
        struct ds_entity *entity = old[i];
        if (entity)
            table->slots[slot_of(table, entity->key, entity->key_len, entity->hash)] = entity;
    }
    free(old);
}

struct ds_entity *ds_table_make(struct ds_table *table, const char *key)
{
    size_t len = strlen(key);
    DS_ASSERT(len > 0 && len <= DS_KEY_MAX);
    uint64_t hash = hash_of(key, len);
    uint32_t i = slot_of(table, key, len, hash);

    if (table->slots[i]) return table->slots[i];
    if ((table->n + 1) * 4 > table->cap * 3) {
        grow(table);
        i = slot_of(table, key, len, hash);
    }
    struct ds_entity *entity = calloc(1, sizeof *entity + len + 1);
    if (!entity) abort();
    entity->hash = hash;
    entity->key_len = (uint8_t)len;
    memcpy(entity->key, key, len);
    entity->stored_due_ms = DS_NO_DUE;
    for (int k = 0; k < DS_DUE_KINDS; k++)
        entity->dues.at_ms[k] = DS_NO_DUE;
    table->slots[i] = entity;
    table->n++;
    return entity;
}

void ds_table_remove(struct ds_table *table, struct ds_entity *entity)
{
    struct ds_dues none = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};
    uint32_t hole = slot_of(table, entity->key, entity->key_len, entity->hash);

    DS_ASSERT(table->slots[hole] == entity);
    ds_table_set_dues(table, entity, &none);
    table->bytes -= entity->len;
    destroy_entity(entity);
    table->n--;
    /* close the hole: move back whoever probed over it */
    for (uint32_t i = (hole + 1) & (table->cap - 1); table->slots[i];
         i = (i + 1) & (table->cap - 1)) {
        uint32_t home = (uint32_t)table->slots[i]->hash & (table->cap - 1);
        if (((i - home) & (table->cap - 1)) >= ((i - hole) & (table->cap - 1))) {
            table->slots[hole] = table->slots[i];
            hole = i;
        }
    }
    table->slots[hole] = NULL;
}

/* ---- heaps ---- */

static bool before(const struct ds_entity *a, const struct ds_entity *b, int kind)
{
    if (a->dues.at_ms[kind] != b->dues.at_ms[kind])
        return a->dues.at_ms[kind] < b->dues.at_ms[kind];
    return strcmp(a->key, b->key) < 0;
}

static void place(struct ds_heap *heap, uint32_t i, struct ds_entity *entity, int kind)
{
    heap->at[i] = entity;
    entity->heap_at[kind] = i + 1;
}

static void sift_up(struct ds_heap *heap, uint32_t i, int kind)
{
    struct ds_entity *entity = heap->at[i];

    while (i > 0 && before(entity, heap->at[(i - 1) / 2], kind)) {
        place(heap, i, heap->at[(i - 1) / 2], kind);
        i = (i - 1) / 2;
    }
    place(heap, i, entity, kind);
}

static void sift_down(struct ds_heap *heap, uint32_t i, int kind)
{
    struct ds_entity *entity = heap->at[i];

    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= heap->n) break;
        if (child + 1 < heap->n && before(heap->at[child + 1], heap->at[child], kind)) child++;
        if (!before(heap->at[child], entity, kind)) break;
        place(heap, i, heap->at[child], kind);
        i = child;
    }
    place(heap, i, entity, kind);
}

static void heap_insert(struct ds_heap *heap, struct ds_entity *entity, int kind)
{
    if (heap->n == heap->cap) {
        heap->cap = heap->cap ? heap->cap * 2 : 64;
        heap->at = realloc(heap->at, heap->cap * sizeof(struct ds_entity *));
        if (!heap->at) abort();
    }
    heap->at[heap->n] = entity;
    sift_up(heap, heap->n++, kind);
}

static void heap_remove(struct ds_heap *heap, struct ds_entity *entity, int kind)
{
    uint32_t i = entity->heap_at[kind] - 1;
    struct ds_entity *last = heap->at[--heap->n];

    entity->heap_at[kind] = 0;
    if (last == entity) return;
    place(heap, i, last, kind);
    sift_up(heap, i, kind);
    sift_down(heap, last->heap_at[kind] - 1, kind);
}

void ds_table_set_dues(struct ds_table *table, struct ds_entity *entity, const struct ds_dues *dues)
{
    for (int k = 0; k < DS_DUE_KINDS; k++) {
        struct ds_heap *heap = &table->heaps[k];
        if (entity->dues.at_ms[k] == dues->at_ms[k]) continue;
        if (entity->heap_at[k]) heap_remove(heap, entity, k);
        entity->dues.at_ms[k] = dues->at_ms[k];
        if (dues->at_ms[k] != DS_NO_DUE) heap_insert(heap, entity, k);
    }
}

struct ds_entity *ds_table_first(const struct ds_table *table, enum ds_due_kind kind)
{
    const struct ds_heap *heap = &table->heaps[kind];

    return heap->n ? heap->at[0] : NULL;
}

int64_t ds_dues_first(const struct ds_dues *dues)
{
    int64_t first = dues->at_ms[0];

    for (int k = 1; k < DS_DUE_KINDS; k++)
        if (dues->at_ms[k] < first) first = dues->at_ms[k];
    return first;
}
