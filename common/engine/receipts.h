/* SPDX-License-Identifier: MIT
 *
 * What intake remembers of each command it has taken, so that a retry gets the first answer. Lives
 * 26 hours of rule time, is dropped by the hour, and has a bound. */
#ifndef DS_ENGINE_RECEIPTS_H
#define DS_ENGINE_RECEIPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/buf.h"

enum {
    DS_RECEIPT_HOURS = 26,
    DS_RECEIPT_RECORD = 40, /* bytes of one in the store, see ds_receipts_record */
    DS_RECEIPT_ID = 16,
};

struct ds_receipt_row {
    uint8_t id[DS_RECEIPT_ID]; /* BLAKE2b of the command's id */
    uint64_t content;          /* hash of all its bytes */
    uint64_t seq;              /* event in the journal of `partition` */
    uint64_t ticket_seq;       /* 0: no ticket */
    uint32_t hour;             /* received, hours since 1970; 0 marks a free slot */
    uint32_t partition;
    uint64_t bno; /* batch that makes it durable */
};

struct ds_receipts {
    struct ds_receipt_row *rows; /* owned; open addressing */
    uint32_t n;
    uint32_t cap;
    uint32_t max;  /* bound: the door answers busy beyond it */
    uint32_t hour; /* oldest hour still held */
};

void ds_receipts_init(struct ds_receipts *receipts, uint32_t max);

/* Room for n more rows at once, as far as the bound allows. */
void ds_receipts_reserve(struct ds_receipts *receipts, size_t n);
void ds_receipts_finish(struct ds_receipts *receipts);

/* Fills row->id and row->content for a command's id and bytes. */
void ds_receipts_digest(struct ds_receipt_row *row, const char *id, const uint8_t *bytes,
                        size_t len);

/* Row with this id, or NULL. Valid until the next add or forget. */
struct ds_receipt_row *ds_receipts_find(const struct ds_receipts *receipts,
                                        const uint8_t id[DS_RECEIPT_ID]);

/* Adds a row whose id is not held yet. False when the bound is reached. */
bool ds_receipts_add(struct ds_receipts *receipts, const struct ds_receipt_row *row);

/* Drops what was received before hour; does nothing if that was done already. */
void ds_receipts_forget(struct ds_receipts *receipts, uint32_t hour);

/* Stored form, DS_RECEIPT_RECORD bytes: id, content, seq, ticket_seq, little endian. Hour and
 * partition stand in the name of the key. */
void ds_receipts_record(struct ds_buf *buf, const struct ds_receipt_row *row);
void ds_receipts_read(struct ds_receipt_row *row, const uint8_t record[DS_RECEIPT_RECORD]);

#endif
