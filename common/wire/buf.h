/* SPDX-License-Identifier: MIT
 *
 * A growing byte buffer. Whoever fills one bounds it: see DS_FLUSH_BYTES_MAX. Out of memory aborts:
 * the process restarts and nothing uncommitted was promised. */
#ifndef DS_WIRE_BUF_H
#define DS_WIRE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct ds_buf {
    uint8_t *bytes; /* owned */
    size_t len;
    size_t cap;
};

/* Room for more bytes behind len; returns where they go. Does not change len. */
uint8_t *ds_buf_room(struct ds_buf *buf, size_t more);

/* Appends. */
void ds_buf_put(struct ds_buf *buf, const void *bytes, size_t len);
void ds_buf_put_text(struct ds_buf *buf, const char *text);
void ds_buf_put_decimal(struct ds_buf *buf, int64_t number);

/* Frees; accepts a zeroed buffer, leaves a zeroed one. */
void ds_buf_finish(struct ds_buf *buf);

#endif
