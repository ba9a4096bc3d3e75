/* SPDX-License-Identifier: MIT */
#include "engine/receipts.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"

enum { FIRST_CAP = 1024 };

static struct ds_receipt_row *new_rows(uint32_t cap)
{
    struct ds_receipt_row *rows = calloc(cap, sizeof *rows);

    if (!rows) abort();
    return rows;
}

void ds_receipts_init(struct ds_receipts *receipts, uint32_t max)
{
    *receipts = (struct ds_receipts){.rows = new_rows(FIRST_CAP), .cap = FIRST_CAP, .max = max};
}

void ds_receipts_finish(struct ds_receipts *receipts)
{
    free(receipts->rows);
    *receipts = (struct ds_receipts){0};
}

void ds_receipts_digest(struct ds_receipt_row *row, const char *id, const uint8_t *bytes,
                        size_t len)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "doorstep content";
    unsigned char content[crypto_shorthash_BYTES];

    crypto_generichash(row->id, sizeof row->id, (const unsigned char *)id, strlen(id), NULL, 0);
    crypto_shorthash(content, bytes, len, key);
    memcpy(&row->content, content, sizeof row->content);
}

/* Slot of an id: its row, or the free slot where it would go. */
static uint32_t slot_of(const struct ds_receipt_row *rows, uint32_t cap, const uint8_t *id)
{
    uint32_t i;

    memcpy(&i, id, sizeof i); /* a digest is as good as a hash */
    for (i &= cap - 1; rows[i].hour != 0; i = (i + 1) & (cap - 1))
        if (memcmp(rows[i].id, id, DS_RECEIPT_ID) == 0) break;
    return i;
}

struct ds_receipt_row *ds_receipts_find(const struct ds_receipts *receipts,
                                        const uint8_t id[DS_RECEIPT_ID])
{
    struct ds_receipt_row *row = &receipts->rows[slot_of(receipts->rows, receipts->cap, id)];

    return row->hour ? row : NULL;
}

/* Rebuilds the table with room for cap rows, without those received before hour. */
static void rebuild(struct ds_receipts *receipts, uint32_t cap, uint32_t hour)
{
    struct ds_receipt_row *rows = new_rows(cap);
    uint32_t n = 0;

    for (uint32_t i = 0; i < receipts->cap; i++) {
        const struct ds_receipt_row *row = &receipts->rows[i];
        if (row->hour == 0 || row->hour < hour) continue;
        rows[slot_of(rows, cap, row->id)] = *row;
        n++;
    }
    free(receipts->rows);
    receipts->rows = rows;
    receipts->cap = cap;
    receipts->n = n;
}

void ds_receipts_reserve(struct ds_receipts *receipts, size_t n)
{
    uint32_t cap = receipts->cap;

    if (n > receipts->max) n = receipts->max;
    while ((receipts->n + n + 1) * 3 > (size_t)cap * 2)
        cap *= 2;
    if (cap > receipts->cap) rebuild(receipts, cap, 0);
}

bool ds_receipts_add(struct ds_receipts *receipts, const struct ds_receipt_row *row)
{
    DS_ASSERT(row->hour != 0);
    if (receipts->n >= receipts->max) return false;
    if ((receipts->n + 1) * 3 > receipts->cap * 2) rebuild(receipts, receipts->cap * 2, 0);
    struct ds_receipt_row *slot = &receipts->rows[slot_of(receipts->rows, receipts->cap, row->id)];
    if (slot->hour == 0) receipts->n++;
    *slot = *row;
    return true;
}

void ds_receipts_forget(struct ds_receipts *receipts, uint32_t hour)
{
    if (hour <= receipts->hour) return;
    receipts->hour = hour;
    rebuild(receipts, receipts->cap, hour);
}

static void put_le64(uint8_t *at, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(number >> (8 * i));
}

static uint64_t get_le64(const uint8_t *at)
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

void ds_receipts_record(struct ds_buf *buf, const struct ds_receipt_row *row)
{
    uint8_t record[DS_RECEIPT_RECORD];

    memcpy(record, row->id, DS_RECEIPT_ID);
    put_le64(record + 16, row->content);
    put_le64(record + 24, row->seq);
    put_le64(record + 32, row->ticket_seq);
    ds_buf_put(buf, record, sizeof record);
}

void ds_receipts_read(struct ds_receipt_row *row, const uint8_t record[DS_RECEIPT_RECORD])
{
    memcpy(row->id, record, DS_RECEIPT_ID);
    row->content = get_le64(record + 16);
    row->seq = get_le64(record + 24);
    row->ticket_seq = get_le64(record + 32);
}
