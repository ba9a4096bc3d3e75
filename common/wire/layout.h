/* SPDX-License-Identifier: MIT
 *
 * Where protobuf-c keeps the members of a message. For files of wire/ only. */
#ifndef DS_WIRE_LAYOUT_H
#define DS_WIRE_LAYOUT_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

/* A member by its offset: a value, or its quantifier (has_x, n_x, or the case of its oneof). */
static inline void *ds_member(const ProtobufCMessage *message, unsigned offset)
{
    return (char *)message + offset;
}

/* Bytes of one value of this type in a message or in the array of a repeated field. */
static inline size_t ds_member_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64: return sizeof(uint64_t);
    case PROTOBUF_C_TYPE_DOUBLE: return sizeof(double);
    case PROTOBUF_C_TYPE_BOOL: return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_ENUM: return sizeof(int);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE: return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
    default: return sizeof(uint32_t);
    }
}

#endif
