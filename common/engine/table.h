/* SPDX-License-Identifier: MIT
 *
 * The live state of one (service, partition): entities by key, each with its stored bytes and up to
 * three deadlines. The same bytes stand in Redis (hash `state`); the heaps are a cache of `due`.
 * Order of iteration is never visible to rules. */
#ifndef DS_ENGINE_TABLE_H
#define DS_ENGINE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DS_NO_DUE INT64_MAX

enum { DS_KEY_MAX = 252 }; /* bytes of an entity key, without NUL */

/* Soft: warnings and provisional verdicts, fires when now > due. Hard: final things, fires when the
 * marks of all upstreams >= due. Operational: acts on others, fires when now > due and the door of
 * the system is open. */
enum ds_due_kind { DS_SOFT, DS_HARD, DS_OPERATIONAL, DS_DUE_KINDS };

struct ds_dues {
    int64_t at_ms[DS_DUE_KINDS]; /* DS_NO_DUE: none */
};

struct ds_entity {
    uint64_t hash;
    uint8_t *bytes; /* owned; stored form, deadlines included */
    uint32_t len;
    uint32_t cap;
    struct ds_dues dues;
    uint32_t heap_at[DS_DUE_KINDS]; /* position + 1 in each heap, 0 = not in it */
    int64_t stored_due_ms;          /* score in Redis once the pending batch is committed */
    bool dirty;                     /* in the pending batch */
    bool gone;                      /* deleted by the pending batch */
    bool stored;                    /* exists in Redis as of the last sealed batch */
    uint8_t key_len;
    char key[];
};

struct ds_heap {
    struct ds_entity **at; /* owned array of borrowed entities, earliest (due, key) first */
    uint32_t n;
    uint32_t cap;
};

struct ds_table {
    struct ds_entity **slots; /* owned; open addressing, power of two */
    uint32_t n;
    uint32_t cap;
    struct ds_heap heaps[DS_DUE_KINDS];
    uint64_t bytes; /* of all stored forms */
};

void ds_table_init(struct ds_table *table);
void ds_table_finish(struct ds_table *table);

/* Entity of a key, or NULL. Entities that are gone are found too: the caller looks at ->gone. */
struct ds_entity *ds_table_find(const struct ds_table *table, const char *key);

/* The same, made if it is not there (empty, without deadlines). Stays where it is until removed. */
struct ds_entity *ds_table_make(struct ds_table *table, const char *key);
void ds_table_remove(struct ds_table *table, struct ds_entity *entity);

/* Changes deadlines and keeps the heaps in order. */
void ds_table_set_dues(struct ds_table *table, struct ds_entity *entity,
                       const struct ds_dues *dues);

/* Earliest entity of a kind by (due, key), or NULL. */
struct ds_entity *ds_table_first(const struct ds_table *table, enum ds_due_kind kind);

/* Earliest deadline of any kind; DS_NO_DUE if none. What Redis holds as score. */
int64_t ds_dues_first(const struct ds_dues *dues);

#endif
