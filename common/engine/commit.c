/* SPDX-License-Identifier: MIT
 *
 * Sealing: the pending batch of a part becomes the arguments of one store function call. The order
 * of the arguments is the contract with common/runtime/commit.lua. */
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "engine/part.h"

bool ds_part_pending(const struct ds_part *part)
{
    return part->changed;
}

size_t ds_part_pending_bytes(const struct ds_part *part)
{
    return part->batch.len + part->receipts.len;
}

/* ---- arguments ---- */

static void add_slice(struct ds_commit *commit, size_t at)
{
    if (commit->n_args == commit->args_cap) {
        commit->args_cap = commit->args_cap ? commit->args_cap * 2 : 64;
        commit->args = realloc(commit->args, commit->args_cap * sizeof *commit->args);
        if (!commit->args) abort();
    }
    commit->args[commit->n_args++] =
        (struct ds_slice){(uint32_t)at, (uint32_t)(commit->bytes.len - at)};
}

static void add_bytes(struct ds_commit *commit, const void *bytes, size_t len)
{
    size_t at = commit->bytes.len;

    ds_buf_put(&commit->bytes, bytes, len);
    add_slice(commit, at);
}

static void add_number(struct ds_commit *commit, uint64_t number)
{
    size_t at = commit->bytes.len;

    ds_buf_put_decimal(&commit->bytes, (int64_t)number);
    add_slice(commit, at);
}

static void add_text(struct ds_commit *commit, const char *text)
{
    add_bytes(commit, text, strlen(text));
}

/* ---- header ---- */

static int64_t mark_of(const struct ds_part *part)
{
    int64_t mark_ms = ds_part_joint_mark(part);
    const struct ds_entity *next = ds_table_first(&part->table, DS_HARD);

    /* what is overdue here is still to be said: nobody further right may take it for complete */
    if (next && next->dues.at_ms[DS_HARD] <= mark_ms) mark_ms = next->dues.at_ms[DS_HARD] - 1;

    return mark_ms > part->mark_ms ? mark_ms : part->mark_ms;
}

static void seal_batch(struct ds_part *part, const struct ds_commit *commit)
{
    Ds__BatchHeader header = DS__BATCH_HEADER__INIT;
    Ds__Position positions[DS_SOURCE_COUNT];
    Ds__Position *applied[DS_SOURCE_COUNT];

    DS_SET(&header, format, DS_BATCH_FORMAT);
    DS_SET(&header, source, (Ds__Source__Name)part->service->source);
    DS_SET(&header, partition, part->partition);
    DS_SET(&header, epoch, part->epoch);
    DS_SET(&header, bno, commit->bno);
    DS_SET(&header, first_seq, commit->first);
    DS_SET(&header, count, part->batch_count);
    DS_SET(&header, mark_ms, commit->mark_ms);
    DS_SET(&header, rulebook, part->batch_rulebook);
    for (int s = 0; s < DS_SOURCE_COUNT; s++) {
        if (!(part->service->upstreams & 1u << s)) continue;
        Ds__Position *position = &positions[header.n_applied];
        ds__position__init(position);
        DS_SET(position, source, (Ds__Source__Name)s);
        DS_SET(position, seq, part->up[s].position);
        applied[header.n_applied++] = position;
    }
    header.applied = applied;
    ds_batch_seal(&part->batch, &header);
}

/* ---- the groups of arguments ---- */

/* Fields of `meta` that the call sets as they are: mark, rulebook, checkpoint and mark of each
 * upstream. */
static void add_meta(struct ds_part *part, struct ds_commit *commit)
{
    uint32_t count_at = commit->n_args;
    char field[8];

    add_number(commit, 0); /* patched below: its slice is rewritten */
    add_text(commit, "mark");
    add_number(commit, (uint64_t)commit->mark_ms);
    add_text(commit, "rulebook");
    add_number(commit, part->rulebook);
    add_text(commit, "stamp");
    add_number(commit, (uint64_t)part->last_stamp_ms);
    for (int s = 0; s < DS_SOURCE_COUNT; s++) {
        if (!(part->service->upstreams & 1u << s)) continue;
        memcpy(field, "ck:", 3);
        ds_decimal(field + 3, (uint64_t)s);
        add_text(commit, field);
        add_number(commit, part->up[s].position);
        memcpy(field, "mk:", 3);
        add_text(commit, field);
        add_number(commit, (uint64_t)part->up[s].mark_ms);
    }
    uint64_t pairs = (commit->n_args - count_at - 1) / 2;
    DS_ASSERT(pairs < 100);
    size_t at = commit->bytes.len;
    ds_buf_put_decimal(&commit->bytes, (int64_t)pairs);
    commit->args[count_at] = (struct ds_slice){(uint32_t)at, (uint32_t)(commit->bytes.len - at)};
}

static void add_puts(struct ds_part *part, struct ds_commit *commit)
{
    uint32_t puts = 0, deletes = 0;

    for (uint32_t i = 0; i < part->n_dirty; i++) {
        puts += !part->dirty[i]->gone;
        deletes += part->dirty[i]->gone && part->dirty[i]->stored;
    }
    add_number(commit, puts);
    for (uint32_t i = 0; i < part->n_dirty; i++) {
        const struct ds_entity *entity = part->dirty[i];
        if (entity->gone) continue;
        add_bytes(commit, entity->key, entity->key_len);
        add_bytes(commit, entity->bytes, entity->len);
    }
    add_number(commit, deletes);
    for (uint32_t i = 0; i < part->n_dirty; i++) {
        const struct ds_entity *entity = part->dirty[i];
        if (entity->gone && entity->stored) add_bytes(commit, entity->key, entity->key_len);
    }
}

static void add_dues(struct ds_part *part, struct ds_commit *commit)
{
    uint32_t sets = 0, clears = 0;

    for (uint32_t i = 0; i < part->n_dirty; i++) {
        const struct ds_entity *entity = part->dirty[i];
        int64_t due_ms = ds_dues_first(&entity->dues);
        if (due_ms == entity->stored_due_ms) continue;
        if (due_ms == DS_NO_DUE)
            clears++;
        else
            sets++;
    }
    add_number(commit, sets);
    for (uint32_t i = 0; i < part->n_dirty; i++) {
        const struct ds_entity *entity = part->dirty[i];
        int64_t due_ms = ds_dues_first(&entity->dues);
        if (due_ms == entity->stored_due_ms || due_ms == DS_NO_DUE) continue;
        add_number(commit, (uint64_t)due_ms);
        add_bytes(commit, entity->key, entity->key_len);
    }
    add_number(commit, clears);
    for (uint32_t i = 0; i < part->n_dirty; i++) {
        const struct ds_entity *entity = part->dirty[i];
        if (ds_dues_first(&entity->dues) == DS_NO_DUE && entity->stored_due_ms != DS_NO_DUE)
            add_bytes(commit, entity->key, entity->key_len);
    }
}

/* The pending batch is in the commit: forget it, and bury the dead. */
static void settle(struct ds_part *part)
{
    for (uint32_t i = 0; i < part->n_dirty; i++) {
        struct ds_entity *entity = part->dirty[i];
        entity->dirty = false;
        if (entity->gone) {
            ds_table_remove(&part->table, entity);
            continue;
        }
        entity->stored = true;
        entity->stored_due_ms = ds_dues_first(&entity->dues);
    }
    part->n_dirty = 0;
    part->batch.len = 0;
    part->batch_count = 0;
    part->receipts.len = 0;
    part->changed = false;
    part->moved = false;
}

/* CRC over every argument but itself, so that a resent call can be told from a different one. */
static void patch_crc(struct ds_commit *commit)
{
    uint32_t crc = 0;

    for (uint32_t i = 0; i < commit->n_args; i++)
        if (i != DS_ARG_CRC)
            crc = ds_crc32c(crc, commit->bytes.bytes + commit->args[i].at, commit->args[i].len);
    size_t at = commit->bytes.len;
    ds_buf_put_decimal(&commit->bytes, crc);
    commit->args[DS_ARG_CRC] = (struct ds_slice){(uint32_t)at, (uint32_t)(commit->bytes.len - at)};
}

void ds_part_seal(struct ds_part *part, struct ds_commit *commit)
{
    commit->partition = part->partition;
    commit->bno = ++part->bno;
    commit->last = part->tail;
    commit->first = part->tail + 1 - part->batch_count;
    commit->mark_ms = part->mark_ms = mark_of(part);
    commit->bytes.len = 0;
    commit->n_args = 0;
    /* what readers would refuse is never written */
    DS_ASSERT(part->batch_count <= DS_FLUSH_EVENTS_MAX && part->batch.len < DS_BATCH_BYTES_MAX);

    add_number(commit, part->epoch);
    add_number(commit, commit->bno);
    add_text(commit, ""); /* CRC, patched at the end */
    add_number(commit, commit->first);
    add_number(commit, commit->last);
    if (part->batch_count > 0) seal_batch(part, commit);
    add_bytes(commit, part->batch.bytes, part->batch.len);
    commit->batch = commit->args[DS_ARG_BATCH];
    add_meta(part, commit);
    add_puts(part, commit);
    add_dues(part, commit);
    add_bytes(commit, part->receipts.bytes, part->receipts.len);
    patch_crc(commit);
    settle(part);
}

void ds_commit_finish(struct ds_commit *commit)
{
    ds_buf_finish(&commit->bytes);
    free(commit->args);
    *commit = (struct ds_commit){0};
}
