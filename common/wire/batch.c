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

static void put_message(struct ds_buf *batch, uint8_t tag, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *at = ds_buf_room(batch, size + 11);
    size_t n = 0;

    at[n++] = tag;
    n += put_varint(at + n, size);
    n += protobuf_c_message_pack(message, at + n);
    batch->len += n;
}

/* What an event has beside its body. protobuf-c looks at every field of a descriptor twice, and an
 * event has one for each kind: most of the time would go into fields that are not there. Fields are
 * sorted by number and the body's come last, so a shorter descriptor describes the rest. */
static const ProtobufCMessageDescriptor *head_of_event(void)
{
    static ProtobufCMessageDescriptor head;

    if (head.n_fields > 0) return &head;
    head = ds__event__descriptor;
    for (head.n_fields = 0; head.fields[head.n_fields].id < DS_EV_CALL_OFFERED; head.n_fields++)
        ;
    return &head;
}

size_t ds_batch_add(struct ds_buf *batch, const Ds__Event *event)
{
    const ProtobufCMessage *body =
        event->body_case == DS__EVENT__BODY__NOT_SET ? NULL : &event->call_offered->base;
    Ds__Event head = *event;

    head.base.descriptor = head_of_event();
    size_t head_size = protobuf_c_message_get_packed_size(&head.base);
    size_t body_size = body ? protobuf_c_message_get_packed_size(body) : 0;
    uint8_t *at = ds_buf_room(batch, head_size + body_size + 32);
    size_t tag_size = 0, n = 0;
    uint8_t tag[20];

    if (body) {
        tag_size = put_varint(tag, (size_t)event->body_case << 3 | 2);
        tag_size += put_varint(tag + tag_size, body_size);
    }
    at[n++] = TAG_EVENTS;
    n += put_varint(at + n, head_size + tag_size + body_size);
    n += protobuf_c_message_pack(&head.base, at + n);
    memcpy(at + n, tag, tag_size);
    n += tag_size;
    if (body) n += protobuf_c_message_pack(body, at + n);
    batch->len += n;
    return n;
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

/* ---- events of a batch ---- */

static bool skip_varint(const uint8_t *bytes, size_t len, size_t *at)
{
    size_t i = *at;

    while (i < len && i < *at + 10 && bytes[i] & 0x80)
        i++;
    if (i >= len || i == *at + 10) return false;
    *at = i + 1;
    return true;
}

/* Kind of a packed event: the first of its fields that belongs to the oneof. 0: it has none. */
static int kind_of(const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        unsigned tag = bytes[at] & 0x7f;
        if (bytes[at] & 0x80 && at + 1 < len) tag |= (unsigned)(bytes[at + 1] & 0x7f) << 7;
        int field = (int)(tag >> 3);
        if (field >= DS_EV_CALL_OFFERED) return field;
        if (!skip_varint(bytes, len, &at)) return 0; /* the tag */
        size_t value = at;
        if (!skip_varint(bytes, len, &at)) return 0; /* number, or length of a text */
        if ((tag & 7) == 0) continue;
        if ((tag & 7) != 2) return 0; /* an event has no fixed-width field before its body */
        size_t text = 0;
        for (size_t i = value; i < at; i++)
            text |= (size_t)(bytes[i] & 0x7f) << 7 * (i - value);
        if (text > len - at) return 0;
        at += text;
    }
    return 0;
}

static bool read_event(const uint8_t *bytes, size_t len, bool (*concerns)(int type),
                       struct ds_arena *arena, Ds__Event **ret)
{
    int kind = kind_of(bytes, len);

    *ret = NULL;
    if (!ds_event_known(kind)) return false;
    if (concerns && kind != DS_EV_ACTIVATED && !concerns(kind)) return true;
    *ret = ds__event__unpack(&arena->allocator, len, bytes);
    return *ret && (int)(*ret)->body_case == kind;
}

static bool is_source(Ds__Source__Name name)
{
    return (int)name > DS_SOURCE_NONE && (int)name < DS_SOURCE_COUNT;
}

/* Whatever the way of reading, a header says what can be. */
static enum ds_batch_fault check_header(const Ds__BatchHeader *header)
{
    if (header->format != DS_BATCH_FORMAT) return DS_BATCH_BAD_FORMAT;
    if (header->count > DS_FLUSH_EVENTS_MAX || header->first_seq == 0 ||
        header->first_seq > UINT64_MAX - header->count)
        return DS_BATCH_BAD_COUNT;
    return is_source(header->source) ? DS_BATCH_FINE : DS_BATCH_MALFORMED;
}

/* Reads header and number of events. */
static enum ds_batch_fault read_frame(const uint8_t *bytes, size_t len, struct ds_arena *arena,
                                      Ds__Batch *batch)
{
    const uint8_t *content;
    size_t at = 0, content_len;
    uint8_t tag;

    while (next_field(bytes, len, &at, &tag, &content, &content_len)) {
        if (tag == TAG_EVENTS) {
            batch->n_events++;
        } else if (tag == TAG_HEADER && !batch->header) {
            batch->header = ds__batch_header__unpack(&arena->allocator, content_len, content);
            if (!batch->header) return DS_BATCH_MALFORMED;
        } else {
            return DS_BATCH_MALFORMED;
        }
    }
    if (at != len || !batch->header) return DS_BATCH_MALFORMED;
    if (batch->header->count != batch->n_events) return DS_BATCH_BAD_COUNT;
    return check_header(batch->header);
}

enum ds_batch_fault ds_batch_open_more(const uint8_t *bytes, size_t len, bool (*concerns)(int type),
                                       struct ds_arena *arena, Ds__Batch **ret)
{
    ProtobufCAllocator *from = &arena->allocator;
    const uint8_t *content;
    size_t at = 0, n = 0, content_len;
    uint8_t tag;

    if (len > DS_BATCH_BYTES_MAX || !crc_fits(bytes, len)) return DS_BATCH_BAD_CRC;
    Ds__Batch *batch = from->alloc(from->allocator_data, sizeof *batch);
    if (!batch) return DS_BATCH_MALFORMED;
    ds__batch__init(batch);
    enum ds_batch_fault fault = read_frame(bytes, len - CRC_BYTES, arena, batch);
    if (fault != DS_BATCH_FINE) return fault;
    batch->events = from->alloc(from->allocator_data, (batch->n_events + 1) * sizeof(Ds__Event *));
    if (!batch->events) return DS_BATCH_MALFORMED;
    while (next_field(bytes, len - CRC_BYTES, &at, &tag, &content, &content_len))
        if (tag == TAG_EVENTS &&
            !read_event(content, content_len, concerns, arena, &batch->events[n++]))
            return DS_BATCH_BAD_EVENT;
    *ret = batch;
    return DS_BATCH_FINE;
}

enum ds_batch_fault ds_batch_open_for(const uint8_t *bytes, size_t len, bool (*concerns)(int type),
                                      struct ds_arena *arena, Ds__Batch **ret)
{
    ds_arena_reset(arena);
    return ds_batch_open_more(bytes, len, concerns, arena, ret);
}

enum ds_batch_fault ds_batch_open(const uint8_t *bytes, size_t len, struct ds_arena *arena,
                                  Ds__Batch **ret)
{
    return ds_batch_open_for(bytes, len, NULL, arena, ret);
}

/* ---- headers alone ---- */

static enum ds_batch_fault read_header(const Ds__BatchHeader *header, struct ds_batch_peek *ret)
{
    enum ds_batch_fault fault = check_header(header);

    if (fault != DS_BATCH_FINE) return fault;
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
        if (is_source(header->applied[i]->source))
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
