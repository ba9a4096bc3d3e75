/* SPDX-License-Identifier: MIT */
#include "shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void shelf_init(struct shelf *shelf)
{
    *shelf = (struct shelf){.epoch = 1};
}

void shelf_finish(struct shelf *shelf)
{
    for (uint32_t i = 0; i < SHELF_ROWS; i++)
        free(shelf->rows[i].value);
    ds_buf_finish(&shelf->receipts);
    ds_buf_finish(&shelf->journal);
    *shelf = (struct shelf){0};
}

const struct shelf_row *shelf_find(const struct shelf *shelf, const char *key)
{
    for (uint32_t i = 0; i < SHELF_ROWS; i++)
        if (shelf->rows[i].key[0] && strcmp(shelf->rows[i].key, key) == 0) return &shelf->rows[i];
    return NULL;
}

/* Row of a key; a free one if there is none. */
static struct shelf_row *row_of(struct shelf *shelf, struct arg key)
{
    struct shelf_row *unused = NULL;

    assert_in_range(key.len, 1, DS_KEY_MAX);
    for (uint32_t i = 0; i < SHELF_ROWS; i++) {
        struct shelf_row *row = &shelf->rows[i];
        if (row->key[0] && arg_is(key, row->key)) return row;
        if (!row->key[0] && !unused) unused = row;
    }
    assert_non_null(unused);
    *unused = (struct shelf_row){.due_ms = DS_NO_DUE};
    memcpy(unused->key, key.at, key.len);
    unused->key[key.len] = '\0';
    return unused;
}

static void free_if_empty(struct shelf_row *row)
{
    if (!row->value && row->due_ms == DS_NO_DUE) row->key[0] = '\0';
}

/* ---- commit ---- */

static void put(struct shelf *shelf, const struct call *call)
{
    for (uint32_t i = 0; i < call->puts.n; i++) {
        const struct arg *pair = call->puts.args + 2 * i;
        struct shelf_row *row = row_of(shelf, pair[0]);
        free(row->value);
        row->value = malloc(pair[1].len + 1);
        assert_non_null(row->value);
        memcpy(row->value, pair[1].at, pair[1].len);
        row->len = pair[1].len;
    }
    for (uint32_t i = 0; i < call->deletes.n; i++) {
        struct shelf_row *row = row_of(shelf, call->deletes.args[i]);
        assert_non_null(row->value); /* nothing is deleted that was never there */
        free(row->value);
        row->value = NULL;
        free_if_empty(row);
    }
}

static void set_dues(struct shelf *shelf, const struct call *call)
{
    for (uint32_t i = 0; i < call->sets.n; i++) {
        const struct arg *pair = call->sets.args + 2 * i;
        struct shelf_row *row = row_of(shelf, pair[1]);
        assert_true(row->due_ms != arg_instant(pair[0])); /* else it would be work for nothing */
        row->due_ms = arg_instant(pair[0]);
    }
    for (uint32_t i = 0; i < call->clears.n; i++) {
        struct shelf_row *row = row_of(shelf, call->clears.args[i]);
        assert_true(row->due_ms != DS_NO_DUE);
        row->due_ms = DS_NO_DUE;
        free_if_empty(row);
    }
}

static void set_meta(struct shelf *shelf, const struct call *call)
{
    char field[16];

    shelf->mark_ms = arg_instant(call_meta(call, "mark"));
    shelf->stamp_ms = arg_instant(call_meta(call, "stamp"));
    shelf->rulebook = (uint32_t)arg_number(call_meta(call, "rulebook"));
    for (int s = 0; s < DS_SOURCE_COUNT; s++) {
        snprintf(field, sizeof field, "ck:%d", s);
        if (!group_find(call->meta, 0, field)) continue;
        shelf->up[s].position = arg_number(call_meta(call, field));
        snprintf(field, sizeof field, "mk:%d", s);
        shelf->up[s].mark_ms = arg_instant(call_meta(call, field));
    }
}

void shelf_commit(struct shelf *shelf, const struct ds_commit *commit)
{
    struct call call;
    uint32_t len;

    call_read(&call, commit);
    assert_int_equal(call.epoch, shelf->epoch);
    assert_int_equal(call.bno, shelf->bno + 1);
    assert_int_equal(call.first, shelf->tail + 1);
    assert_true(call.last + 1 >= call.first);
    assert_true((call.last >= call.first) == (call.batch.len > 0));
    if (call.batch.len > 0) {
        len = (uint32_t)call.batch.len;
        ds_buf_put(&shelf->journal, &len, sizeof len);
        ds_buf_put(&shelf->journal, call.batch.at, call.batch.len);
        shelf->entries++;
    }
    put(shelf, &call);
    set_dues(shelf, &call);
    set_meta(shelf, &call);
    ds_buf_put(&shelf->receipts, call.receipts.at, call.receipts.len);
    shelf->bno = call.bno;
    shelf->tail = call.last;
    call_finish(&call);
    for (uint32_t i = 0; i < SHELF_ROWS; i++) /* no deadline without its entity */
        assert_true(!shelf->rows[i].key[0] || shelf->rows[i].value);
}

/* ---- restart ---- */

void shelf_load(const struct shelf *shelf, struct ds_part *part)
{
    part->epoch = shelf->epoch;
    part->bno = shelf->bno;
    part->tail = shelf->tail;
    part->mark_ms = shelf->mark_ms;
    part->last_stamp_ms = shelf->stamp_ms;
    part->rulebook = shelf->rulebook;
    memcpy(part->up, shelf->up, sizeof part->up);
    for (uint32_t i = 0; i < SHELF_ROWS; i++) {
        const struct shelf_row *row = &shelf->rows[i];
        if (!row->key[0]) continue;
        assert_null(ds_part_load(part, row->key, row->value, row->len, row->due_ms));
    }
}

void shelf_check(const struct shelf *shelf, const struct ds_part *part)
{
    uint32_t n = 0;
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < SHELF_ROWS; i++) {
        const struct shelf_row *row = &shelf->rows[i];
        if (!row->key[0]) continue;
        const struct ds_entity *entity = ds_table_find(&part->table, row->key);
        assert_non_null(entity);
        assert_false(entity->gone);
        assert_int_equal(entity->len, row->len);
        assert_memory_equal(entity->bytes, row->value, row->len);
        assert_true(ds_dues_first(&entity->dues) == row->due_ms);
        bytes += row->len;
        n++;
    }
    assert_int_equal(part->table.n, n);
    assert_int_equal(part->table.bytes, bytes);
}
