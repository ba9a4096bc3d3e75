/* SPDX-License-Identifier: MIT
 *
 * Messages to JSON. Whatever a message holds comes out as valid JSON; reading it is json_read.c. */
#include "wire/json.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/layout.h"
#include "wire/utf8.h"

static bool is_present(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *quantifier = ds_member(message, field->quantifier_offset);

    if (field->label == PROTOBUF_C_LABEL_REPEATED) return *(const size_t *)quantifier > 0;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return *(const uint32_t *)quantifier == field->id;
    if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE)
        return *(const void *const *)ds_member(message, field->offset) != NULL;
    return *(const protobuf_c_boolean *)quantifier != 0;
}

/* ---- values ---- */

/* Text that is not UTF-8 cannot stand in JSON; better a few "?" than no answer at all. */
static json_t *text_repaired(const char *text)
{
    size_t len = strlen(text);
    char *copy = malloc(len + 1);

    if (!copy) return NULL;
    memcpy(copy, text, len + 1);
    for (size_t i = 0; i < len;) {
        size_t step = ds_utf8_step(copy + i, len - i);
        if (step == 0) copy[i] = '?';
        i += step ? step : 1;
    }
    json_t *json = json_stringn(copy, len);
    free(copy);
    return json;
}

static json_t *text_json(const char *text)
{
    if (!text) return json_string("");
    return ds_utf8_clean(text, strlen(text)) ? json_string(text) : text_repaired(text);
}

static json_t *bytes_json(const ProtobufCBinaryData *bytes)
{
    size_t size = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(size);

    if (!text) return NULL;
    sodium_bin2base64(text, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    json_t *json = json_string(text);
    free(text);
    return json;
}

/* JSON readers keep 53 bits of a number: 64 go as text. */
static json_t *decimal_json(bool negative, uint64_t magnitude)
{
    char text[24];

    snprintf(text, sizeof text, "%s%" PRIu64, negative ? "-" : "", magnitude);
    return json_string(text);
}

static json_t *signed_json(int64_t value)
{
    return decimal_json(value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

static json_t *real_json(double value)
{
    if (isnan(value)) return json_string("NaN");
    if (isinf(value)) return json_string(value < 0 ? "-Infinity" : "Infinity");
    return json_real(value);
}

static json_t *enum_json(const ProtobufCEnumDescriptor *type, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);

    return value ? json_string(value->name) : json_integer(number);
}

/* at points to the value within the message, or to one member of a repeated field. */
static json_t *value_json(const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32: return json_integer(*(const int32_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32: return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64: return signed_json(*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64: return decimal_json(false, *(const uint64_t *)at);
    case PROTOBUF_C_TYPE_FLOAT: return real_json((double)*(const float *)at);
    case PROTOBUF_C_TYPE_DOUBLE: return real_json(*(const double *)at);
    case PROTOBUF_C_TYPE_BOOL: return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM: return enum_json(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING: return text_json(*(const char *const *)at);
    case PROTOBUF_C_TYPE_BYTES: return bytes_json(at);
    case PROTOBUF_C_TYPE_MESSAGE: return ds_json_of(*(const ProtobufCMessage *const *)at);
    }
    abort();
}

static json_t *list_json(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    size_t n = *(const size_t *)ds_member(message, field->quantifier_offset);
    const char *at = *(const char *const *)ds_member(message, field->offset);
    json_t *list = json_array();

    for (size_t i = 0; i < n && list; i++, at += ds_member_size(field->type)) {
        /* Takes the value over, and fails for a NULL one. */
        if (json_array_append_new(list, value_json(field, at)) < 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

json_t *ds_json_of(const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    json_t *object = json_object();

    for (unsigned i = 0; i < type->n_fields && object; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (!is_present(message, field)) continue;
        json_t *value = field->label == PROTOBUF_C_LABEL_REPEATED
                            ? list_json(message, field)
                            : value_json(field, ds_member(message, field->offset));
        if (json_object_set_new(object, field->name, value) < 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}
