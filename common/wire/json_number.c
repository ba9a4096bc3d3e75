/* SPDX-License-Identifier: MIT
 *
 * Whole numbers out of JSON. Never rounds: what is not exactly an integer is refused. */
#include "wire/json_number.h"

#include <string.h>

#include "wire/json.h"

static bool of_decimal(const char *text, struct ds_whole *ret)
{
    bool negative = *text == '-';
    const char *at = text + negative;
    uint64_t magnitude = 0;

    if (*at == '\0' || (at[0] == '0' && at[1] != '\0')) return false;
    for (; *at; at++) {
        if (*at < '0' || *at > '9') return false;
        if (__builtin_mul_overflow(magnitude, UINT64_C(10), &magnitude)) return false;
        if (__builtin_add_overflow(magnitude, (uint64_t)(*at - '0'), &magnitude)) return false;
    }
    *ret = (struct ds_whole){negative && magnitude > 0, magnitude};
    return true;
}

static void of_int64(int64_t value, struct ds_whole *ret)
{
    *ret = (struct ds_whole){value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value};
}

static bool of_real(double value, struct ds_whole *ret)
{
    const double exact_max = 9007199254740992.0; /* 2^53: beyond it neighbours share a double */

    if (!(value >= -exact_max && value <= exact_max)) return false;
    of_int64((int64_t)value, ret);
    return (double)(int64_t)value == value;
}

static bool is_wide(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64: return true;
    default: return false;
    }
}

static bool is_instant(const ProtobufCFieldDescriptor *field)
{
    size_t len = strlen(field->name);

    return is_wide(field->type) && len > 3 && strcmp(field->name + len - 3, "_ms") == 0;
}

enum ds_code ds_whole_of_json(const ProtobufCFieldDescriptor *field, const json_t *value,
                              struct ds_whole *ret, const char **expected)
{
    bool instant = is_instant(field);
    int64_t at_ms;

    *expected = instant ? "UTC ms, or an instant such as 2007-03-01T08:00:00+08:00" : "an integer";
    if (json_is_integer(value)) {
        of_int64(json_integer_value(value), ret);
        return DS_CODE_OK;
    }
    if (json_is_real(value))
        return of_real(json_real_value(value), ret) ? DS_CODE_OK : DS_CODE_BAD_VALUE;
    if (!json_is_string(value)) return DS_CODE_WRONG_TYPE;

    const char *text = json_string_value(value);
    if (strlen(text) != json_string_length(value)) return DS_CODE_BAD_VALUE; /* NUL in it */
    if (of_decimal(text, ret)) return DS_CODE_OK;
    if (!instant || ds_rfc3339_parse(text, &at_ms) < 0) return DS_CODE_BAD_VALUE;
    of_int64(at_ms, ret);
    return DS_CODE_OK;
}

/* -2^(bits-1) .. 2^(bits-1) - 1 */
static bool fits_signed(struct ds_whole whole, int bits)
{
    uint64_t limit = UINT64_C(1) << (bits - 1);

    return whole.magnitude < limit || (whole.negative && whole.magnitude == limit);
}

/* Only after fits_signed(whole, 64). */
static int64_t to_int64(struct ds_whole whole)
{
    uint64_t bits = whole.negative ? 0 - whole.magnitude : whole.magnitude;

    return (int64_t)bits;
}

enum ds_code ds_whole_store(ProtobufCType type, struct ds_whole whole, void *to,
                            const char **expected)
{
    switch (type) {
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        *expected = "an integer of 0..4294967295";
        if (whole.negative || whole.magnitude > UINT32_MAX) return DS_CODE_OUT_OF_RANGE;
        *(uint32_t *)to = (uint32_t)whole.magnitude;
        return DS_CODE_OK;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        *expected = "an integer of 0..18446744073709551615";
        if (whole.negative) return DS_CODE_OUT_OF_RANGE;
        *(uint64_t *)to = whole.magnitude;
        return DS_CODE_OK;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        *expected = "an integer of -9223372036854775808..9223372036854775807";
        if (!fits_signed(whole, 64)) return DS_CODE_OUT_OF_RANGE;
        *(int64_t *)to = to_int64(whole);
        return DS_CODE_OK;
    default: /* the three signed 32-bit types */
        *expected = "an integer of -2147483648..2147483647";
        if (!fits_signed(whole, 32)) return DS_CODE_OUT_OF_RANGE;
        *(int32_t *)to = (int32_t)to_int64(whole);
        return DS_CODE_OK;
    }
}
