/* SPDX-License-Identifier: MIT
 *
 * JSON to messages. Allocates the message in the caller's arena only, and judges names, types and
 * ranges of types; what values may be is checked on the packed bytes, as for every other client. */
#include "wire/json.h"

#include <math.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "wire/fault.h"
#include "wire/json_number.h"
#include "wire/layout.h"

struct reader {
    struct ds_arena *arena;
    struct ds_fault *fault;
};

/* A value on its way into a message. */
struct spot {
    const ProtobufCFieldDescriptor *field;
    const struct ds_path *path;
    const json_t *value;
    int depth; /* of the message it belongs to; the outermost is 1 */
};

static enum ds_code read_message(const struct reader *reader,
                                 const ProtobufCMessageDescriptor *type, const json_t *object,
                                 const struct ds_path *up, int depth, ProtobufCMessage **ret);

static enum ds_code fail(const struct reader *reader, const struct spot *spot, enum ds_code code,
                         const char *expected)
{
    return ds_fault_at(reader->fault, code, spot->path, expected);
}

static enum ds_code no_room(const struct reader *reader, const struct ds_path *path)
{
    char bound[64];

    snprintf(bound, sizeof bound, "at most %zu bytes in memory", reader->arena->size);
    return ds_fault_at(reader->fault, DS_CODE_TOO_LARGE, path, bound);
}

/* ---- values ---- */

static enum ds_code read_text(const struct reader *reader, const struct spot *spot, char **ret)
{
    const char *text = json_string_value(spot->value);
    size_t len = json_string_length(spot->value);

    if (!text) return fail(reader, spot, DS_CODE_WRONG_TYPE, "text");
    if (memchr(text, '\0', len)) return fail(reader, spot, DS_CODE_BAD_TEXT, "");
    char *copy = ds_arena_alloc(reader->arena, len + 1);
    if (!copy) return no_room(reader, spot->path);
    memcpy(copy, text, len + 1);
    *ret = copy;
    return DS_CODE_OK;
}

/* Both alphabets, with padding or without. */
static int base64_variant(const char *text)
{
    bool url = strpbrk(text, "-_") != NULL;

    if (strchr(text, '='))
        return url ? sodium_base64_VARIANT_URLSAFE : sodium_base64_VARIANT_ORIGINAL;
    return url ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
               : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

static enum ds_code read_bytes(const struct reader *reader, const struct spot *spot,
                               ProtobufCBinaryData *ret)
{
    const char *text = json_string_value(spot->value);
    size_t len = json_string_length(spot->value);

    if (!text) return fail(reader, spot, DS_CODE_WRONG_TYPE, "base64 text");
    uint8_t *bytes = ds_arena_alloc(reader->arena, len / 4 * 3 + 3);
    if (!bytes) return no_room(reader, spot->path);
    if (sodium_base642bin(bytes, len / 4 * 3 + 3, text, len, NULL, &ret->len, NULL,
                          base64_variant(text)) != 0)
        return fail(reader, spot, DS_CODE_BAD_VALUE, "base64 text");
    ret->data = bytes;
    return DS_CODE_OK;
}

static enum ds_code read_enum(const struct reader *reader, const struct spot *spot, int *ret)
{
    const ProtobufCEnumDescriptor *type = spot->field->descriptor;
    const ProtobufCEnumValue *value = NULL;

    if (json_is_string(spot->value)) {
        const char *name = json_string_value(spot->value);
        if (strlen(name) == json_string_length(spot->value))
            value = protobuf_c_enum_descriptor_get_value_by_name(type, name);
    } else if (json_is_integer(spot->value)) {
        json_int_t number = json_integer_value(spot->value);
        if (number >= INT32_MIN && number <= INT32_MAX)
            value = protobuf_c_enum_descriptor_get_value(type, (int)number);
    }
    if (!value) return ds_fault_unknown_value(reader->fault, spot->path, type);
    *ret = value->value;
    return DS_CODE_OK;
}

static enum ds_code read_real(const struct reader *reader, const struct spot *spot, void *to)
{
    double value = json_number_value(spot->value);

    if (!json_is_number(spot->value))
        return fail(reader, spot, DS_CODE_WRONG_TYPE, "a finite number");
    if (spot->field->type == PROTOBUF_C_TYPE_DOUBLE) {
        *(double *)to = value;
        return DS_CODE_OK;
    }
    float narrow = (float)value;
    if (isinf(narrow)) return fail(reader, spot, DS_CODE_OUT_OF_RANGE, "a 32-bit number");
    *(float *)to = narrow;
    return DS_CODE_OK;
}

static enum ds_code read_integer(const struct reader *reader, const struct spot *spot, void *to)
{
    struct ds_whole whole;
    const char *expected;
    enum ds_code code = ds_whole_of_json(spot->field, spot->value, &whole, &expected);

    if (code == DS_CODE_OK) code = ds_whole_store(spot->field->type, whole, to, &expected);
    return code == DS_CODE_OK ? code : fail(reader, spot, code, expected);
}

static enum ds_code read_value(const struct reader *reader, const struct spot *spot, void *to)
{
    switch (spot->field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message(reader, spot->field->descriptor, spot->value, spot->path,
                            spot->depth + 1, to);
    case PROTOBUF_C_TYPE_STRING: return read_text(reader, spot, to);
    case PROTOBUF_C_TYPE_BYTES: return read_bytes(reader, spot, to);
    case PROTOBUF_C_TYPE_ENUM: return read_enum(reader, spot, to);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE: return read_real(reader, spot, to);
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(spot->value))
            return fail(reader, spot, DS_CODE_WRONG_TYPE, "true or false");
        *(protobuf_c_boolean *)to = json_is_true(spot->value);
        return DS_CODE_OK;
    default: return read_integer(reader, spot, to);
    }
}

/* ---- fields ---- */

static enum ds_code read_list(const struct reader *reader, const struct spot *list,
                              ProtobufCMessage *message)
{
    size_t n = json_array_size(list->value);
    size_t size = ds_member_size(list->field->type);

    if (!json_is_array(list->value)) return fail(reader, list, DS_CODE_WRONG_TYPE, "an array");
    char *members = ds_arena_alloc(reader->arena, n * size); /* n is bounded by the text read */
    if (!members) return no_room(reader, list->path);
    for (size_t i = 0; i < n; i++) {
        struct ds_path path = {list->path->up, list->path->name, (int32_t)i};
        struct spot spot = {list->field, &path, json_array_get(list->value, i), list->depth};
        enum ds_code code = read_value(reader, &spot, members + i * size);
        if (code != DS_CODE_OK) return code;
    }
    if (n == 0) return DS_CODE_OK;
    *(size_t *)ds_member(message, list->field->quantifier_offset) = n;
    *(char **)ds_member(message, list->field->offset) = members;
    return DS_CODE_OK;
}

/* Says in the message that a singular field is there; the second member of a oneof is a fault. */
static enum ds_code set_present(const struct reader *reader, const struct spot *spot,
                                ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field = spot->field;
    void *quantifier = ds_member(message, field->quantifier_offset);

    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        uint32_t *member = quantifier;
        if (*member != 0) {
            const ProtobufCFieldDescriptor *first =
                protobuf_c_message_descriptor_get_field(message->descriptor, *member);
            return ds_fault_second_member(reader->fault, spot->path, first->name);
        }
        *member = field->id;
    } else if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE) {
        *(protobuf_c_boolean *)quantifier = 1;
    }
    return DS_CODE_OK;
}

static enum ds_code read_field(const struct reader *reader, const struct spot *spot,
                               ProtobufCMessage *message)
{
    if (json_is_null(spot->value)) return DS_CODE_OK;
    if (spot->field->label == PROTOBUF_C_LABEL_REPEATED) return read_list(reader, spot, message);
    enum ds_code code = set_present(reader, spot, message);
    if (code != DS_CODE_OK) return code;
    return read_value(reader, spot, ds_member(message, spot->field->offset));
}

static enum ds_code read_message(const struct reader *reader,
                                 const ProtobufCMessageDescriptor *type, const json_t *object,
                                 const struct ds_path *up, int depth, ProtobufCMessage **ret)
{
    json_t *fields = (json_t *)object; /* jansson's iterators want it so; they change nothing */

    if (!json_is_object(object))
        return ds_fault_at(reader->fault, DS_CODE_WRONG_TYPE, up, "an object");
    if (depth > DS_WIRE_DEPTH_MAX) return ds_fault_at(reader->fault, DS_CODE_MALFORMED, up, "");
    ProtobufCMessage *message = ds_arena_alloc(reader->arena, type->sizeof_message);
    if (!message) return no_room(reader, up);
    protobuf_c_message_init(type, message);
    for (void *at = json_object_iter(fields); at; at = json_object_iter_next(fields, at)) {
        const char *key = json_object_iter_key(at);
        struct ds_path path = {up, key, -1};
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(type, key);
        if (!field || strlen(key) != json_object_iter_key_len(at))
            return ds_fault_unknown_field(reader->fault, &path, type);
        struct spot spot = {field, &path, json_object_iter_value(at), depth};
        enum ds_code code = read_field(reader, &spot, message);
        if (code != DS_CODE_OK) return code;
    }
    *ret = message;
    return DS_CODE_OK;
}

/* ---- entry points ---- */

ProtobufCMessage *ds_json_to(const ProtobufCMessageDescriptor *type, const json_t *object,
                             struct ds_arena *arena, struct ds_fault *fault)
{
    struct reader reader = {arena, fault};
    ProtobufCMessage *message = NULL;

    ds_fault_none(fault);
    if (!json_is_object(object)) {
        ds_fault_at(fault, DS_CODE_BAD_JSON, NULL, "an object is expected");
        return NULL;
    }
    return read_message(&reader, type, object, NULL, 1, &message) == DS_CODE_OK ? message : NULL;
}

/* What jansson's sentence quotes behind  near '  ; its length, 0 for the end of the text. */
static size_t quoted(const char *sentence, const char **ret)
{
    static const char before[] = " near '";
    const char *start = strstr(sentence, before);
    size_t len = start ? strlen(start) - (sizeof before - 1) : 0;

    *ret = start ? start + sizeof before - 1 : "";
    return len > 0 ? len - 1 : 0;
}

static const char *cause_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input: return "it ends too early";
    case json_error_end_of_input_expected: return "it goes on behind its end";
    case json_error_null_byte_in_key: return "a NUL in a key";
    case json_error_numeric_overflow: return "a number that is too large";
    case json_error_stack_overflow: return "nested too deeply";
    default: return "a comma, colon, bracket or value is wrong or missing";
    }
}

static void explain(const json_error_t *error, struct ds_fault *fault)
{
    char name[sizeof fault->field], cause[sizeof fault->expected];
    struct ds_path path = {NULL, name, -1};
    const char *near;
    size_t len = quoted(error->text, &near);

    if (json_error_code(error) == json_error_duplicate_key) { /* quoted with its own quotes */
        snprintf(name, sizeof name, "%.*s", len > 2 ? (int)len - 2 : 0, near + (len > 2));
        ds_fault_at(fault, DS_CODE_DUPLICATE_FIELD, &path, "");
        return;
    }
    if (json_error_code(error) == json_error_invalid_utf8) {
        ds_fault_at(fault, DS_CODE_BAD_TEXT, NULL, "");
        return;
    }
    snprintf(cause, sizeof cause, len ? "%s, near %.*s" : "%s", cause_of(error), (int)len, near);
    ds_fault_at(fault, DS_CODE_BAD_JSON, NULL, cause);
}

json_t *ds_json_load(const char *text, size_t len, struct ds_fault *fault, int *ret_line,
                     int *ret_column)
{
    json_error_t error;
    /* With NUL allowed, the reader can say which field has it. */
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

    if (json_is_object(json)) return json;
    *ret_line = json ? 1 : error.line;
    *ret_column = json || error.column < 1 ? 1 : error.column;
    if (json)
        ds_fault_at(fault, DS_CODE_BAD_JSON, NULL, "an object is expected");
    else
        explain(&error, fault);
    json_decref(json);
    return NULL;
}

ProtobufCMessage *ds_json_parse(const ProtobufCMessageDescriptor *type, const char *text,
                                size_t len, struct ds_arena *arena, struct ds_fault *fault)
{
    struct ds_fault cause;
    struct ds_path path = {NULL, cause.field, -1};
    char where[sizeof cause.expected + 48];
    int line, column;
    json_t *json = ds_json_load(text, len, &cause, &line, &column);

    if (json) {
        ProtobufCMessage *message = ds_json_to(type, json, arena, fault);
        json_decref(json);
        return message;
    }
    snprintf(where, sizeof where,
             cause.expected[0] ? "line %d, column %d: %s" : "line %d, column %d", line, column,
             cause.expected);
    ds_fault_at(fault, cause.code, cause.code == DS_CODE_DUPLICATE_FIELD ? &path : NULL, where);
    return NULL;
}
