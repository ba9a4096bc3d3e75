/* SPDX-License-Identifier: MIT
 *
 * Descriptors by hand; see odd_types.h. */
#include "odd_types.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct box {
    ProtobufCMessage base;
    struct box *box;
};

struct odd {
    ProtobufCMessage base;
    protobuf_c_boolean has[5];
    int32_t a;
    int32_t late_ms;
    int64_t made_at_ms;
    float latitude;
    uint64_t h;
    size_t n_floats;
    float *floats;
};

static void box_init(ProtobufCMessage *message)
{
    memset(message, 0, sizeof(struct box));
    message->descriptor = &box_type;
}

static void odd_init(ProtobufCMessage *message)
{
    memset(message, 0, sizeof(struct odd));
    message->descriptor = &odd_type;
}

static const ProtobufCFieldDescriptor box_field = {
    .name = "box",
    .id = 1,
    .label = PROTOBUF_C_LABEL_OPTIONAL,
    .type = PROTOBUF_C_TYPE_MESSAGE,
    .offset = offsetof(struct box, box),
    .descriptor = &box_type,
};
static const unsigned box_by_name[] = {0};
static const ProtobufCIntRange box_ranges[] = {{1, 0}, {0, 1}};

const ProtobufCMessageDescriptor box_type = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "Box",
    .sizeof_message = sizeof(struct box),
    .n_fields = 1,
    .fields = &box_field,
    .fields_sorted_by_name = box_by_name,
    .n_field_ranges = 1,
    .field_ranges = box_ranges,
    .message_init = box_init,
};

static const ProtobufCFieldDescriptor odd_fields[] = {
    {.name = "a",
     .id = 1,
     .label = PROTOBUF_C_LABEL_OPTIONAL,
     .type = PROTOBUF_C_TYPE_INT32,
     .quantifier_offset = offsetof(struct odd, has[0]),
     .offset = offsetof(struct odd, a)},
    {.name = "late_ms",
     .id = 2,
     .label = PROTOBUF_C_LABEL_OPTIONAL,
     .type = PROTOBUF_C_TYPE_SFIXED32,
     .quantifier_offset = offsetof(struct odd, has[1]),
     .offset = offsetof(struct odd, late_ms)},
    {.name = "made_at_ms",
     .id = 3,
     .label = PROTOBUF_C_LABEL_OPTIONAL,
     .type = PROTOBUF_C_TYPE_SFIXED64,
     .quantifier_offset = offsetof(struct odd, has[2]),
     .offset = offsetof(struct odd, made_at_ms)},
    {.name = "latitude",
     .id = 4,
     .label = PROTOBUF_C_LABEL_OPTIONAL,
     .type = PROTOBUF_C_TYPE_FLOAT,
     .quantifier_offset = offsetof(struct odd, has[3]),
     .offset = offsetof(struct odd, latitude)},
    {.name = "h",
     .id = 5,
     .label = PROTOBUF_C_LABEL_OPTIONAL,
     .type = PROTOBUF_C_TYPE_FIXED64,
     .quantifier_offset = offsetof(struct odd, has[4]),
     .offset = offsetof(struct odd, h)},
    {.name = "floats",
     .id = 6,
     .label = PROTOBUF_C_LABEL_REPEATED,
     .type = PROTOBUF_C_TYPE_FLOAT,
     .quantifier_offset = offsetof(struct odd, n_floats),
     .offset = offsetof(struct odd, floats)},
};
static const unsigned odd_by_name[] = {0, 5, 4, 1, 3, 2};
static const ProtobufCIntRange odd_ranges[] = {{1, 0}, {0, 6}};

const ProtobufCMessageDescriptor odd_type = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "Odd",
    .sizeof_message = sizeof(struct odd),
    .n_fields = 6,
    .fields = odd_fields,
    .fields_sorted_by_name = odd_by_name,
    .n_field_ranges = 1,
    .field_ranges = odd_ranges,
    .message_init = odd_init,
};
