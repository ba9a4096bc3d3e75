/* SPDX-License-Identifier: MIT
 *
 * Journal entries: writing a batch of events once, and reading one back with every check. */
#ifndef DS_WIRE_BATCH_H
#define DS_WIRE_BATCH_H

#include <stdbool.h>

#include "domain/vocabulary.h"
#include "proto/envelope.pb-c.h"
#include "wire/arena.h"
#include "wire/buf.h"

enum {
    DS_BATCH_FORMAT = 1,
    DS_BATCH_BYTES_MAX = 3 * 1024 * 1024, /* a full flush of one partition with its header */
    DS_BATCH_ARENA = 16 * 1024 * 1024,    /* arena that any valid batch unpacks into */
};

/* Appends one event to the bytes of a batch. Returns the event's packed size. */
size_t ds_batch_add(struct ds_buf *batch, const Ds__Event *event);

/* Appends header and checksum: the batch is complete. */
void ds_batch_seal(struct ds_buf *batch, const Ds__BatchHeader *header);

enum ds_batch_fault {
    DS_BATCH_FINE,
    DS_BATCH_BAD_CRC,
    DS_BATCH_MALFORMED,  /* not a Batch, or without header */
    DS_BATCH_BAD_FORMAT, /* format number we do not read */
    DS_BATCH_BAD_COUNT,  /* header and events disagree */
    DS_BATCH_BAD_EVENT,  /* an event of no known kind */
};

/* Unpacks and checks a batch; *ret lives in arena, which is reset first. */
enum ds_batch_fault ds_batch_open(const uint8_t *bytes, size_t len, struct ds_arena *arena,
                                  Ds__Batch **ret);

/* The same for a reader whom only some events concern: the others are checked for their kind and
 * stay packed, batch->events[i] is NULL for them. concerns: by enum ds_event_type; NULL for all. */
enum ds_batch_fault ds_batch_open_for(const uint8_t *bytes, size_t len, bool (*concerns)(int type),
                                      struct ds_arena *arena, Ds__Batch **ret);

/* The same behind what the arena holds already, for a reader that keeps what it reads. */
enum ds_batch_fault ds_batch_open_more(const uint8_t *bytes, size_t len, bool (*concerns)(int type),
                                       struct ds_arena *arena, Ds__Batch **ret);

/* What decides whether a batch can be applied, read without unpacking its events. */
struct ds_batch_peek {
    enum ds_source source;
    uint32_t partition;
    uint64_t epoch;
    uint64_t first;
    uint64_t last;
    uint32_t rulebook;
    int64_t mark_ms;
    uint64_t applied[DS_SOURCE_COUNT]; /* 0: not an upstream of it */
};

/* Checks the checksum and reads the header. arena is reset first. */
enum ds_batch_fault ds_batch_peek(const uint8_t *bytes, size_t len, struct ds_arena *arena,
                                  struct ds_batch_peek *ret);

const char *ds_batch_fault_name(enum ds_batch_fault fault);

/* CRC32C of bytes, continuing from crc (0 to start). */
uint32_t ds_crc32c(uint32_t crc, const void *bytes, size_t len);

#endif
