/* SPDX-License-Identifier: MIT
 *
 * The walk over the wire form. Sees every byte once, allocates nothing, keeps nothing; what values
 * may be is constraint.c's business, and whether they make sense is intake's. */
#include "wire/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "domain/assert.h"
#include "proto/commands.pb-c.h"
#include "wire/constraint.h"
#include "wire/fault.h"

enum {
    FIELDS_MAX = 128,  /* of one message type; Event has the most */
    MEMBERS_MAX = 256, /* of a repeated field */
    VARINT_BYTES = 10,
    LENGTH_BYTES = 5, /* protobuf-c reads no longer lengths and tags */
};

/* Wire types; 3 and 4 are groups, 6 and 7 never were. */
enum wire { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_LENGTH = 2, WIRE_32 = 5 };

/* The bytes still to be read of one message. */
struct input {
    const uint8_t *at;
    const uint8_t *end;
};

struct walk {
    struct ds_fault *fault;
    bool from_client; /* the outermost message is a Command */
};

/* Which fields of one message were met. */
struct seen {
    uint64_t bits[FIELDS_MAX / 64];
    uint16_t times[FIELDS_MAX]; /* set where the bit is */
};

/* One field of one message, while it is being checked. */
struct spot {
    const ProtobufCMessageDescriptor *type;
    const ProtobufCFieldDescriptor *field;
    struct ds_path *path;
    int depth; /* of the message; the outermost is 1 */
};

static enum ds_code check_body(const struct walk *walk, const ProtobufCMessageDescriptor *type,
                               struct input in, const struct ds_path *up, int depth);

/* ---- reading ---- */

static bool read_varint(struct input *in, size_t bytes_max, uint64_t *ret)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes_max && in->at < in->end; i++) {
        uint8_t byte = *in->at++;
        if (i == VARINT_BYTES - 1 && byte > 1) return false; /* beyond 64 bits */
        value |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte < 0x80) {
            *ret = value;
            return true;
        }
    }
    return false;
}

static bool read_tag(struct input *in, uint32_t *ret_number, unsigned *ret_wire)
{
    uint64_t tag;

    if (!read_varint(in, LENGTH_BYTES, &tag) || tag > UINT32_MAX) return false;
    *ret_number = (uint32_t)tag >> 3;
    *ret_wire = (unsigned)tag & 7;
    return *ret_number != 0 && *ret_wire != 3 && *ret_wire != 4 && *ret_wire <= WIRE_32;
}

/* Reads a length and cuts that many bytes off into part. */
static bool read_part(struct input *in, struct input *part)
{
    uint64_t len;

    if (!read_varint(in, LENGTH_BYTES, &len) || len > (uint64_t)(in->end - in->at)) return false;
    *part = (struct input){in->at, in->at + len};
    in->at += len;
    return true;
}

static bool read_fixed(struct input *in, void *ret, size_t size)
{
    if ((size_t)(in->end - in->at) < size) return false;
    memcpy(ret, in->at, size); /* little-endian machines only, as protobuf-c's own fast path */
    in->at += size;
    return true;
}

/* ---- types ---- */

static enum wire wire_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return WIRE_64;
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT: return WIRE_32;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: return WIRE_LENGTH;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_BOOL:
    case PROTOBUF_C_TYPE_ENUM: return WIRE_VARINT;
    }
    DS_UNREACHABLE();
}

static const char *wire_name(enum wire wire)
{
    switch (wire) {
    case WIRE_VARINT: return "a varint (wire type 0)";
    case WIRE_64: return "8 bytes (wire type 1)";
    case WIRE_LENGTH: return "length-delimited (wire type 2)";
    case WIRE_32: return "4 bytes (wire type 5)";
    }
    DS_UNREACHABLE();
}

/* ---- values ---- */

static enum ds_code fail(const struct walk *walk, const struct spot *spot, enum ds_code code,
                         const char *expected)
{
    return ds_fault_at(walk->fault, code, spot->path, expected);
}

static enum ds_code check_text(const struct walk *walk, const struct spot *spot,
                               const struct ds_constraint *row, struct input *in)
{
    struct input part;

    if (!read_part(in, &part)) return fail(walk, spot, DS_CODE_MALFORMED, "");
    const char *text = (const char *)part.at;
    enum ds_code code = ds_constraint_text(row, text, (size_t)(part.end - part.at));
    if (code == DS_CODE_OK) return code;
    return fail(walk, spot, code, code == DS_CODE_BAD_TEXT ? "" : row->sentence);
}

static enum ds_code check_real(const struct walk *walk, const struct spot *spot,
                               const struct ds_constraint *row, struct input *in)
{
    double value = 0;
    float narrow = 0;
    bool wide = spot->field->type == PROTOBUF_C_TYPE_DOUBLE;

    if (!(wide ? read_fixed(in, &value, sizeof value) : read_fixed(in, &narrow, sizeof narrow)))
        return fail(walk, spot, DS_CODE_MALFORMED, "");
    enum ds_code code = ds_constraint_real(row, wide ? value : (double)narrow);
    return code == DS_CODE_OK ? code : fail(walk, spot, code, row->sentence);
}

/* The number on the wire as what it means; false when it does not fit its type. Unsigned 64-bit
 * numbers beyond int64 come out negative, which a constraint of theirs refuses just as well. */
static bool number_of(ProtobufCType type, uint64_t raw, int64_t *ret)
{
    int64_t zigzag = (int64_t)(raw >> 1) ^ -(int64_t)(raw & 1);

    *ret = (int64_t)raw;
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_ENUM: return *ret >= INT32_MIN && *ret <= INT32_MAX;
    case PROTOBUF_C_TYPE_UINT32: return raw <= UINT32_MAX;
    case PROTOBUF_C_TYPE_SINT32: *ret = zigzag; return raw <= UINT32_MAX;
    case PROTOBUF_C_TYPE_SINT64: *ret = zigzag; return true;
    case PROTOBUF_C_TYPE_SFIXED32: *ret = (int32_t)raw; return true;
    default: return true; /* 64 bits, FIXED32, BOOL */
    }
}

static bool read_number(struct input *in, enum wire wire, uint64_t *ret)
{
    uint32_t narrow = 0;

    if (wire == WIRE_VARINT) return read_varint(in, VARINT_BYTES, ret);
    if (wire == WIRE_64) return read_fixed(in, ret, sizeof *ret);
    bool ok = read_fixed(in, &narrow, sizeof narrow);
    *ret = narrow;
    return ok;
}

static enum ds_code check_number(const struct walk *walk, const struct spot *spot,
                                 const struct ds_constraint *row, struct input *in)
{
    ProtobufCType type = spot->field->type;
    uint64_t raw = 0;
    int64_t value;

    if (!read_number(in, wire_of(type), &raw)) return fail(walk, spot, DS_CODE_MALFORMED, "");
    bool fits = number_of(type, raw, &value);
    if (type == PROTOBUF_C_TYPE_ENUM) {
        const ProtobufCEnumDescriptor *names = spot->field->descriptor;
        if (!fits || value == 0 || !protobuf_c_enum_descriptor_get_value(names, (int)value))
            return ds_fault_unknown_value(walk->fault, spot->path, names);
        return DS_CODE_OK;
    }
    if (type == PROTOBUF_C_TYPE_BOOL && raw > 1)
        return fail(walk, spot, DS_CODE_BAD_VALUE, "true (1) or false (0)");
    if (!fits) return fail(walk, spot, DS_CODE_OUT_OF_RANGE, "a 32-bit integer");
    enum ds_code code = ds_constraint_integer(row, value);
    return code == DS_CODE_OK ? code : fail(walk, spot, code, row->sentence);
}

static enum ds_code check_message(const struct walk *walk, const struct spot *spot,
                                  struct input *in)
{
    struct input part;

    if (!read_part(in, &part)) return fail(walk, spot, DS_CODE_MALFORMED, "");
    if (spot->depth == DS_WIRE_DEPTH_MAX)
        return fail(walk, spot, DS_CODE_MALFORMED, "at most 8 messages within each other");
    return check_body(walk, spot->field->descriptor, part, spot->path, spot->depth + 1);
}

/* One value: of a singular field, or one member of a repeated one. */
static enum ds_code check_value(const struct walk *walk, const struct spot *spot, struct input *in)
{
    struct input part;

    if (spot->field->type == PROTOBUF_C_TYPE_MESSAGE) return check_message(walk, spot, in);
    const struct ds_constraint *row = ds_constraint_of(spot->type, spot->field);
    if (row->form == DS_FORM_BY_INTAKE && walk->from_client)
        return fail(walk, spot, DS_CODE_NOT_ALLOWED_HERE, row->sentence);
    switch (spot->field->type) {
    case PROTOBUF_C_TYPE_STRING: return check_text(walk, spot, row, in);
    case PROTOBUF_C_TYPE_BYTES:
        return read_part(in, &part) ? DS_CODE_OK : fail(walk, spot, DS_CODE_MALFORMED, "");
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE: return check_real(walk, spot, row, in);
    default: return check_number(walk, spot, row, in);
    }
}

/* ---- fields ---- */

/* Another member of the oneof of field that was met already; NULL when there is none. */
static const char *other_member(const ProtobufCMessageDescriptor *type,
                                const ProtobufCFieldDescriptor *field, const struct seen *seen)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &type->fields[i];
        bool same = (other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
                    other->quantifier_offset == field->quantifier_offset;
        if (same && (seen->bits[i / 64] >> (i % 64) & 1)) return other->name;
    }
    return NULL;
}

/* Counts one more value of a field and refuses one too many. Leaves its number in the path. */
static enum ds_code count(const struct walk *walk, const struct spot *spot, struct seen *seen)
{
    const ProtobufCFieldDescriptor *field = spot->field;
    size_t i = (size_t)(field - spot->type->fields);
    uint64_t bit = UINT64_C(1) << (i % 64);

    if (!(seen->bits[i / 64] & bit)) {
        const char *other = NULL;
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
            other = other_member(spot->type, field, seen);
        if (other) return ds_fault_second_member(walk->fault, spot->path, other);
        seen->bits[i / 64] |= bit;
        seen->times[i] = 0;
    } else if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        return fail(walk, spot, DS_CODE_DUPLICATE_FIELD, "");
    }
    if (seen->times[i] == MEMBERS_MAX)
        return fail(walk, spot, DS_CODE_OUT_OF_RANGE, "at most 256 members");
    if (field->label == PROTOBUF_C_LABEL_REPEATED) spot->path->index = seen->times[i];
    seen->times[i]++;
    return DS_CODE_OK;
}

static enum ds_code check_packed(const struct walk *walk, const struct spot *spot, struct input *in,
                                 struct seen *seen)
{
    struct input part;

    if (!read_part(in, &part)) return fail(walk, spot, DS_CODE_MALFORMED, "");
    while (part.at < part.end) {
        spot->path->index = -1;
        enum ds_code code = count(walk, spot, seen);
        if (code == DS_CODE_OK) code = check_value(walk, spot, &part);
        if (code != DS_CODE_OK) return code;
    }
    return DS_CODE_OK;
}

static enum ds_code check_field(const struct walk *walk, const struct spot *spot, unsigned wire,
                                struct input *in, struct seen *seen)
{
    const ProtobufCFieldDescriptor *field = spot->field;
    enum wire expected = wire_of(field->type);

    if (field->label == PROTOBUF_C_LABEL_REPEATED && expected != WIRE_LENGTH && wire == WIRE_LENGTH)
        return check_packed(walk, spot, in, seen);
    if (wire != expected) return fail(walk, spot, DS_CODE_WRONG_TYPE, wire_name(expected));
    enum ds_code code = count(walk, spot, seen);
    return code == DS_CODE_OK ? check_value(walk, spot, in) : code;
}

static enum ds_code unknown_field(const struct walk *walk, const ProtobufCMessageDescriptor *type,
                                  const struct ds_path *up, uint32_t number)
{
    char name[16];
    struct ds_path path = {up, name, -1};

    snprintf(name, sizeof name, "#%u", number);
    return ds_fault_unknown_field(walk->fault, &path, type);
}

static enum ds_code check_body(const struct walk *walk, const ProtobufCMessageDescriptor *type,
                               struct input in, const struct ds_path *up, int depth)
{
    struct seen seen;

    DS_ASSERT(type->n_fields <= FIELDS_MAX);
    memset(seen.bits, 0, sizeof seen.bits);
    while (in.at < in.end) {
        uint32_t number;
        unsigned wire;
        if (!read_tag(&in, &number, &wire))
            return ds_fault_at(walk->fault, DS_CODE_MALFORMED, up, "");
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(type, number);
        if (!field) return unknown_field(walk, type, up, number);
        struct ds_path path = {up, field->name, -1};
        struct spot spot = {type, field, &path, depth};
        enum ds_code code = check_field(walk, &spot, wire, &in, &seen);
        if (code != DS_CODE_OK) return code;
    }
    return DS_CODE_OK;
}

enum ds_code ds_check_message(const ProtobufCMessageDescriptor *type, const uint8_t *bytes,
                              size_t len, struct ds_fault *fault)
{
    struct walk walk = {fault, type == &ds__command__descriptor};

    ds_fault_none(fault);
    if (len == 0) return DS_CODE_OK; /* bytes may be NULL then */
    return check_body(&walk, type, (struct input){bytes, bytes + len}, NULL, 1);
}
