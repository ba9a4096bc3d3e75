/* SPDX-License-Identifier: MIT */
#include "wire/batch.h"

#include <isa-l/crc.h>
#include <string.h>

#include "domain/assert.h"
#include "domain/event.h"
#include "domain/limits.h"

enum {
    TAG_EVENTS = 1 << 3 | 2,
    TAG_HEADER = 2 << 3 | 2,
    TAG_CRC = 15 << 3 | 5,
    CRC_BYTES = 5, /* tag and fixed32 */
};

uint32_t ds_crc32c(uint32_t crc, const void *bytes, size_t len)
{
    DS_ASSERT(len <= INT32_MAX);
    /* isa-l leaves the customary inversions to the caller and does not write to its input */
    return ~crc32_iscsi((unsigned char *)bytes, (int)len, ~crc);
}

static size_t put_varint(uint8_t *at, size_t number)
{
    size_t n = 0;

    while (number >= 0x80) {
        at[n++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    at[n++] = (uint8_t)number;
    return n;
}

static size_t put_message(struct ds_buf *batch, uint8_t tag, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *at = ds_buf_room(batch, size + 11);
    size_t n = 0;

    at[n++] = tag;
    n += put_varint(at + n, size);
    n += protobuf_c_message_pack(message, at + n);
    batch->len += n;
    return n;
}

size_t ds_batch_add(struct ds_buf *batch, const Ds__Event *event)
{
    return put_message(batch, TAG_EVENTS, &event->base);
}

void ds_batch_seal(struct ds_buf *batch, const Ds__BatchHeader *header)
{
    put_message(batch, TAG_HEADER, &header->base);
    uint32_t crc = ds_crc32c(0, batch->bytes, batch->len);
    uint8_t tail[CRC_BYTES] = {TAG_CRC, (uint8_t)crc, (uint8_t)(crc >> 8), (uint8_t)(crc >> 16),
                               (uint8_t)(crc >> 24)};
    ds_buf_put(batch, tail, sizeof tail);
}

static bool crc_fits(const uint8_t *bytes, size_t len)
{
    if (len < CRC_BYTES || bytes[len - CRC_BYTES] != TAG_CRC) return false;
    const uint8_t *at = bytes + len - CRC_BYTES + 1;
    uint32_t crc =
        (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    return crc == ds_crc32c(0, bytes, len - CRC_BYTES);
}

enum ds_batch_fault ds_batch_open(const uint8_t *bytes, size_t len, struct ds_arena *arena,
                                  Ds__Batch **ret)
{
    if (len > DS_BATCH_BYTES_MAX || !crc_fits(bytes, len)) return DS_BATCH_BAD_CRC;
    ds_arena_reset(arena);
    Ds__Batch *batch = ds__batch__unpack(&arena->allocator, len, bytes);
    if (!batch || !batch->header) return DS_BATCH_MALFORMED;
    const Ds__BatchHeader *header = batch->header;
    if (header->format != DS_BATCH_FORMAT) return DS_BATCH_BAD_FORMAT;
    if (header->count != batch->n_events || header->first_seq == 0 ||
        batch->n_events > DS_FLUSH_EVENTS_MAX)
        return DS_BATCH_BAD_COUNT;
    for (size_t i = 0; i < batch->n_events; i++)
        if (!ds_event_known((int)batch->events[i]->body_case)) return DS_BATCH_BAD_EVENT;
    *ret = batch;
    return DS_BATCH_FINE;
}

/* Length-delimited field at *at: its tag, content and length; moves *at behind it. */
static bool next_field(const uint8_t *bytes, size_t end, size_t *at, uint8_t *ret_tag,
                       const uint8_t **ret_content, size_t *ret_len)
{
    size_t i = *at, len = 0;

    if (i >= end) return false;
    *ret_tag = bytes[i++];
    for (int shift = 0;; shift += 7) {
        if (i >= end || shift > 28) return false;
        len |= (size_t)(bytes[i] & 0x7f) << shift;
        if (!(bytes[i++] & 0x80)) break;
    }
    if (len > end - i) return false;
    *ret_content = bytes + i;
    *ret_len = len;
    *at = i + len;
    return true;
}

static enum ds_batch_fault read_header(const Ds__BatchHeader *header, struct ds_batch_peek *ret)
{
    if (header->format != DS_BATCH_FORMAT) return DS_BATCH_BAD_FORMAT;
    if (header->first_seq == 0 || header->source <= DS__SOURCE__NAME__NONE ||
        (int)header->source >= DS_SOURCE_COUNT)
        return DS_BATCH_MALFORMED;
    *ret = (struct ds_batch_peek){
        .source = (enum ds_source)header->source,
        .partition = header->partition,
        .epoch = header->epoch,
        .first = header->first_seq,
        .last = header->first_seq + header->count - 1,
        .rulebook = header->rulebook,
        .mark_ms = header->mark_ms,
    };
    for (size_t i = 0; i < header->n_applied; i++)
        if ((int)header->applied[i]->source < DS_SOURCE_COUNT)
            ret->applied[header->applied[i]->source] = header->applied[i]->seq;
    return DS_BATCH_FINE;
}

enum ds_batch_fault ds_batch_peek(const uint8_t *bytes, size_t len, struct ds_arena *arena,
                                  struct ds_batch_peek *ret)
{
    const uint8_t *content;
    size_t at = 0, content_len;
    uint8_t tag;

    if (len > DS_BATCH_BYTES_MAX || !crc_fits(bytes, len)) return DS_BATCH_BAD_CRC;
    while (next_field(bytes, len - CRC_BYTES, &at, &tag, &content, &content_len)) {
        if (tag != TAG_HEADER) continue;
        ds_arena_reset(arena);
        const Ds__BatchHeader *header =
            ds__batch_header__unpack(&arena->allocator, content_len, content);
        return header ? read_header(header, ret) : DS_BATCH_MALFORMED;
    }
    return DS_BATCH_MALFORMED;
}

const char *ds_batch_fault_name(enum ds_batch_fault fault)
{
    switch (fault) {
    case DS_BATCH_FINE: return "fine";
    case DS_BATCH_BAD_CRC: return "checksum does not fit";
    case DS_BATCH_MALFORMED: return "not a batch";
    case DS_BATCH_BAD_FORMAT: return "unknown format number";
    case DS_BATCH_BAD_COUNT: return "header and events disagree";
    case DS_BATCH_BAD_EVENT: return "event of an unknown kind";
    }
    return "unknown";
}
