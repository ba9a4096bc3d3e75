/* SPDX-License-Identifier: MIT */
#include "wire/buf.h"

#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"

uint8_t *ds_buf_room(struct ds_buf *buf, size_t more)
{
    if (buf->cap - buf->len < more) {
        size_t cap = buf->cap ? buf->cap : 256;
        while (cap - buf->len < more)
            cap *= 2;
        uint8_t *bytes = realloc(buf->bytes, cap);
        if (!bytes) abort();
        buf->bytes = bytes;
        buf->cap = cap;
    }
    return buf->bytes + buf->len;
}

void ds_buf_put(struct ds_buf *buf, const void *bytes, size_t len)
{
    if (len == 0) return;
    memcpy(ds_buf_room(buf, len), bytes, len);
    buf->len += len;
}

void ds_buf_put_text(struct ds_buf *buf, const char *text)
{
    ds_buf_put(buf, text, strlen(text));
}

void ds_buf_put_decimal(struct ds_buf *buf, int64_t number)
{
    char digits[21];
    uint64_t positive = number < 0 ? (uint64_t)0 - (uint64_t)number : (uint64_t)number;

    if (number < 0) ds_buf_put(buf, "-", 1);
    ds_buf_put(buf, digits, ds_decimal(digits, positive));
}

void ds_buf_finish(struct ds_buf *buf)
{
    free(buf->bytes);
    *buf = (struct ds_buf){0};
}
