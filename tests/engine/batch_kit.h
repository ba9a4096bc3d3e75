/* SPDX-License-Identifier: MIT
 *
 * Batches for tests, good ones and broken ones. */
#ifndef DS_TEST_BATCH_KIT_H
#define DS_TEST_BATCH_KIT_H

#include "wire/batch.h"

struct batch_kit {
    struct ds_arena arena;
    struct ds_buf buf;
    Ds__BatchHeader header;
    Ds__Position positions[3];
    Ds__Position *applied[3];
};

/* Setup and teardown of a group of tests. */
int batch_setup(void **state);
int batch_teardown(void **state);

/* A header in which every field has a value of its own; n events from seq 7001 on. */
void batch_header(struct batch_kit *f, uint32_t n);

/* Appends an event. */
void batch_urged(struct batch_kit *f, const char *subject, char *note);

/* A good batch of two events. */
void batch_good(struct batch_kit *f);

/* Bytes made by hand, with a checksum that fits. */
void batch_raw(struct batch_kit *f, const void *bytes, size_t len);

/* Both readers on a copy that ends where the bytes end. */
enum ds_batch_fault batch_open_copy(struct batch_kit *f, const uint8_t *bytes, size_t len);
enum ds_batch_fault batch_peek_copy(struct batch_kit *f, const uint8_t *bytes, size_t len);

/* What both of them must say of the batch at hand. */
void batch_check(struct batch_kit *f, enum ds_batch_fault open, enum ds_batch_fault peek);

#endif
