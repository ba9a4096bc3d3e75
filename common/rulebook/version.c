/* SPDX-License-Identifier: MIT
 *
 * The two doors of this folder: texts to a stored version, and a stored version to rules. Never
 * reads anything but its arguments, save the zone files when a version is made. */
#include "rulebook/build.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"
#include "wire/arena.h"

enum { FORMAT = 1, HASH_BYTES = 32 };
static_assert(sizeof(((struct ds_version *)0)->hash) == 2 * HASH_BYTES + 1, "hex and a NUL");

static const char *const top_keys[] = {
    "format",    "name",    "times",     "clocks",    "pauses",      "clauses",
    "questions", "charges", "customers", "decisions", "piece_rates", "not_on_time",
    "cases",     "returns", "reports",   "calendars", NULL};

/* The version begins its block, so that freeing the one frees the other. */
static void take_block(struct rb_build *b)
{
    const struct ds_yaml_node *clauses = ds_yaml_get(ds_yaml_root(b->rulebook), "clauses");
    b->block_size = RB_BYTES(1, struct ds_version) +
                    RB_BYTES(ds_yaml_count(clauses), struct ds_clause) + rb_piece_rates_bytes(b) +
                    rb_calendars_bytes(b) + rb_returns_bytes(b) + rb_directory_bytes(b) +
                    b->rulebook->text_bytes;
    b->block = rb_alloc(b->block_size, 1);
    b->v = rb_take(b, 1, sizeof(*b->v));
    DS_ASSERT((void *)b->v == (void *)b->block);
}

void *rb_take(struct rb_build *b, size_t n, size_t size)
{
    b->block_used = (b->block_used + 7) / 8 * 8;
    DS_ASSERT(b->block_used + n * size <= b->block_size);
    void *memory = b->block + b->block_used;
    b->block_used += n * size;
    return memory;
}

const char *rb_keep(struct rb_build *b, const char *text)
{
    if (!text[0]) return ""; /* costs nothing, so any number of empty texts fit */
    const size_t size = strlen(text) + 1;
    DS_ASSERT(b->block_used + size <= b->block_size);
    char *copy = (char *)b->block + b->block_used;
    memcpy(copy, text, size);
    b->block_used += size;
    return copy;
}

bool rb_is_new(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *id,
               const void *known, uint32_t n, size_t stride)
{
    for (uint32_t i = 0; i < n; i++) {
        const char *const *text =
            (const char *const *)(const void *)((const char *)known + i * stride);
        if (strcmp(*text, id) != 0) continue;
        ds_yaml_problem(doc, node, "duplicate_id", "");
        return false;
    }
    return true;
}

uint32_t rb_list(struct ds_yaml *doc, const struct ds_yaml_node *node, uint32_t max)
{
    char expected[24];
    if (!ds_yaml_sequence(doc, node)) return 0;
    const uint32_t n = ds_yaml_count(node);
    if (n <= max) return n;
    (void)snprintf(expected, sizeof(expected), "%u", max);
    ds_yaml_problem(doc, node, "too_many", expected);
    return max;
}

/* ---- reading ---- */

static void read_rulebook(struct rb_build *b)
{
    const struct ds_yaml_node *root = ds_yaml_root(b->rulebook);
    const char *name = "";
    int64_t format = 0;
    if (!ds_yaml_mapping(b->rulebook, root, top_keys)) return;
    (void)ds_yaml_int(b->rulebook, ds_yaml_need(b->rulebook, root, "format"), FORMAT, FORMAT,
                      &format);
    (void)rb_yaml_short_text(b->rulebook, ds_yaml_need(b->rulebook, root, "name"), &name);
    b->v->name = rb_keep(b, name);
    rb_read_clauses(b); /* clocks and questions name them */
    rb_read_clocks(b);
    rb_read_times(b);
    rb_read_returns(b);
    rb_read_reports(b);
}

/* Reads both texts into b. The texts need not outlive the call. True if there is no problem. */
static bool build(struct rb_build *b, const char *rulebook, size_t rulebook_len,
                  const char *directory, size_t directory_len, struct ds_problems *problems)
{
    *problems = (struct ds_problems){0};
    b->rulebook = ds_yaml_parse(rulebook, rulebook_len, "rulebook.yaml", problems);
    b->directory = ds_yaml_parse(directory, directory_len, "directory.yaml", problems);
    if (!b->rulebook || !b->directory) return false;
    rb_read_calendars(b);
    if (problems->n > 0) b->lay_out = false; /* nobody will use it */
    take_block(b);
    rb_place_calendars(b);
    read_rulebook(b);
    rb_read_directory(b);
    rb_read_piece_rates(b); /* names categories of the directory */
    return problems->n == 0;
}

/* Frees all but the block. */
static void finish(struct rb_build *b)
{
    ds_yaml_destroy(b->rulebook);
    ds_yaml_destroy(b->directory);
    for (uint32_t i = 0; i < b->n_zones; i++)
        free(b->zones[i]);
    for (uint32_t i = 0; i < b->n_calendars; i++)
        free(b->calendars[i]);
    free(b->zones);
    free(b->calendars);
}

/* ---- making ---- */

static void hash_of(const uint8_t *bytes, size_t len, char ret_hex[2 * HASH_BYTES + 1])
{
    uint8_t hash[HASH_BYTES];
    DS_ASSERT(sodium_init() >= 0);
    DS_ASSERT(crypto_generichash(hash, sizeof(hash), bytes, len, NULL, 0) == 0);
    (void)sodium_bin2hex(ret_hex, 2 * HASH_BYTES + 1, hash, sizeof(hash));
}

static char *terminated(const char *text, size_t len)
{
    char *copy = rb_alloc(len + 1, 1);
    if (len > 0) memcpy(copy, text, len);
    return copy;
}

static int by_name(const void *a, const void *b)
{
    const struct rb_zone *const *x = a;
    const struct rb_zone *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* Zones are packed in the order of their names, whatever the order of the calendars. */
static uint8_t *pack(struct rb_build *b, char *rulebook, char *directory, size_t *ret_len)
{
    Ds__Version version = DS__VERSION__INIT;
    Ds__ZoneRows *rows = rb_alloc(b->n_zones, sizeof(*rows));
    Ds__ZoneRows **zones = rb_alloc(b->n_zones, sizeof(*zones));
    if (b->n_zones > 1) qsort(b->zones, b->n_zones, sizeof(*b->zones), by_name);
    for (uint32_t i = 0; i < b->n_zones; i++) {
        struct rb_zone *zone = b->zones[i];
        ds__zone_rows__init(&rows[i]);
        rows[i].name = zone->name;
        rows[i].n_at_ms = zone->n;
        rows[i].at_ms = zone->at_ms;
        rows[i].n_offset_s = zone->n;
        rows[i].offset_s = zone->offset_s;
        zones[i] = &rows[i];
    }
    version.has_format = 1;
    version.format = FORMAT;
    version.rulebook = rulebook;
    version.directory = directory;
    version.n_zones = b->n_zones;
    version.zones = zones;
    const size_t size = ds__version__get_packed_size(&version);
    uint8_t *bytes = rb_alloc(size, 1);
    *ret_len = ds__version__pack(&version, bytes);
    DS_ASSERT(*ret_len == size);
    free(rows);
    free(zones);
    return bytes;
}

int ds_version_make(const char *rulebook, size_t rulebook_len, const char *directory,
                    size_t directory_len, uint32_t partitions, uint8_t **ret_bytes, size_t *ret_len,
                    char ret_hash[65], struct ds_problems *problems)
{
    struct rb_build b = {.partitions = partitions};
    const bool good = build(&b, rulebook, rulebook_len, directory, directory_len, problems);
    if (good) {
        char *rulebook_text = terminated(rulebook, rulebook_len);
        char *directory_text = terminated(directory, directory_len);
        *ret_bytes = pack(&b, rulebook_text, directory_text, ret_len);
        hash_of(*ret_bytes, *ret_len, ret_hash);
        free(rulebook_text);
        free(directory_text);
    }
    free(b.block);
    finish(&b);
    return good ? 0 : -1;
}

/* ---- compiling ---- */

static struct ds_version *damaged(struct ds_problems *problems, const char *what)
{
    struct ds_yaml nowhere = {.file = "version", .problems = problems};
    *problems = (struct ds_problems){0};
    ds_yaml_problem(&nowhere, NULL, "bad_version", what);
    return NULL;
}

/* Unknown fields survive packing, so they are looked for by themselves. */
static bool has_unknown(const Ds__Version *version)
{
    if (version->base.n_unknown_fields > 0) return true;
    for (size_t i = 0; i < version->n_zones; i++) {
        if (version->zones[i]->base.n_unknown_fields > 0) return true;
    }
    return false;
}

/* Only what ds_version_make packs is accepted: anything that unpacks to the same message from other
 * bytes would have two hashes. */
static bool packs_to(const Ds__Version *version, const uint8_t *bytes, size_t len)
{
    if (has_unknown(version) || ds__version__get_packed_size(version) != len) return false;
    uint8_t *again = rb_alloc(len, 1);
    const bool same = ds__version__pack(version, again) == len && memcmp(again, bytes, len) == 0;
    free(again);
    return same;
}

static struct ds_version *compile(const Ds__Version *stored, const uint8_t *bytes, size_t len,
                                  uint32_t number, uint32_t partitions,
                                  struct ds_problems *problems)
{
    if (!stored || !packs_to(stored, bytes, len)) return damaged(problems, "bytes");
    if (!stored->has_format || stored->format != FORMAT) return damaged(problems, "format");
    if (!stored->rulebook || !stored->directory) return damaged(problems, "texts");
    if (stored->n_zones == 0) return damaged(problems, "zones"); /* every calendar needs one */
    struct rb_build b = {.partitions = partitions, .stored = stored, .lay_out = true};
    const bool good = build(&b, stored->rulebook, strlen(stored->rulebook), stored->directory,
                            strlen(stored->directory), problems);
    finish(&b);
    if (!good) {
        free(b.block);
        return NULL;
    }
    b.v->number = number;
    hash_of(bytes, len, b.v->hash);
    return b.v;
}

struct ds_version *ds_version_compile(const uint8_t *bytes, size_t len, uint32_t number,
                                      uint32_t partitions, struct ds_problems *problems)
{
    /* Texts and rows as bytes, and again as 8-byte values where a row packs into one. */
    const size_t budget_max = 16 * (size_t)DS_RULEBOOK_BYTES_MAX;
    struct ds_arena arena;
    if (len > 4 * (size_t)DS_RULEBOOK_BYTES_MAX) return damaged(problems, "length");
    const size_t budget = 16 * len + 4096;
    ds_arena_init(&arena, budget < budget_max ? budget : budget_max);
    const Ds__Version *stored = ds__version__unpack(&arena.allocator, len, bytes);
    struct ds_version *v = compile(stored, bytes, len, number, partitions, problems);
    ds_arena_finish(&arena);
    return v;
}

void ds_version_destroy(struct ds_version *version)
{
    free(version); /* its block begins with it */
}
