/* SPDX-License-Identifier: MIT
 *
 * The notation of wire_script.h. Knows nothing of any message. */
#include "wire_script.h"

#include <stdarg.h>
#include <stdbool.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VARINT = 0, EIGHT = 1, LENGTH = 2, FOUR = 5 };

void wire_varint(struct ds_buf *out, uint64_t value)
{
    uint8_t bytes[10];
    size_t n = 0;

    do {
        bytes[n++] = (uint8_t)((value & 0x7F) | (value > 0x7F ? 0x80 : 0));
        value >>= 7;
    } while (value > 0);
    ds_buf_put(out, bytes, n);
}

void wire_tag(struct ds_buf *out, uint32_t number, unsigned type)
{
    wire_varint(out, (uint64_t)number << 3 | type);
}

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\n')
        at++;
    return at;
}

static unsigned type_of(char c)
{
    switch (c) {
    case 'd': return EIGHT;
    case 'f': return FOUR;
    case '"':
    case '{': return LENGTH;
    default: return VARINT;
    }
}

static const char *put_text(struct ds_buf *out, const char *at)
{
    const char *end = strchr(at + 1, '"');
    unsigned long times = 1;

    assert_non_null(end);
    size_t len = (size_t)(end - at - 1);
    const char *text = at + 1;
    at = end + 1;
    if (*at == '*') times = strtoul(at + 1, (char **)(uintptr_t)&at, 10);
    wire_varint(out, len * times);
    for (unsigned long i = 0; i < times; i++)
        ds_buf_put(out, text, len);
    return at;
}

static const char *put_hex(struct ds_buf *out, const char *at)
{
    for (at++; strchr("0123456789abcdef", *at) && *at; at += 2) {
        char digits[3] = {at[0], at[1], '\0'};
        char *end;
        uint8_t byte = (uint8_t)strtoul(digits, &end, 16);
        assert_ptr_equal(end, digits + 2);
        ds_buf_put(out, &byte, 1);
    }
    return at;
}

static const char *put_number(struct ds_buf *out, const char *at)
{
    bool zigzag = *at == 'z';
    char *end;
    bool negative = at[zigzag] == '-';
    uint64_t bits = negative ? (uint64_t)strtoll(at + zigzag, &end, 10)
                             : (uint64_t)strtoull(at + zigzag, &end, 10);

    assert_ptr_not_equal(end, at + zigzag);
    if (*end == ':') {
        wire_tag(out, (uint32_t)bits, type_of(*skip_space(end + 1)));
        return end + 1;
    }
    wire_varint(out, zigzag ? bits << 1 ^ (negative ? UINT64_MAX : 0) : bits);
    return end;
}

static const char *put_fixed(struct ds_buf *out, const char *at)
{
    char *end;

    if (*at == 'd') {
        double value = strtod(at + 1, &end);
        ds_buf_put(out, &value, sizeof value);
    } else {
        uint32_t value = (uint32_t)strtoul(at + 1, &end, 10);
        ds_buf_put(out, &value, sizeof value);
    }
    return end;
}

/* Up to the closing brace or the end. */
static const char *put_all(struct ds_buf *out, const char *at)
{
    for (at = skip_space(at); *at && *at != '}'; at = skip_space(at)) {
        if (*at == '{') {
            struct ds_buf inner = {0};
            at = put_all(&inner, at + 1);
            assert_int_equal(*at, '}');
            wire_varint(out, inner.len);
            ds_buf_put(out, inner.bytes, inner.len);
            ds_buf_finish(&inner);
            at++;
        } else if (*at == '"') {
            at = put_text(out, at);
        } else if (*at == 'x') {
            at = put_hex(out, at);
        } else if (*at == 'd' || *at == 'f') {
            at = put_fixed(out, at);
        } else {
            at = put_number(out, at);
        }
    }
    return at;
}

void wire_script(struct ds_buf *out, const char *script)
{
    assert_int_equal(*put_all(out, script), '\0');
}

uint8_t *wire_script_exact(const char *script, size_t *ret_len)
{
    struct ds_buf bytes = {0};

    wire_script(&bytes, script);
    uint8_t *exact = malloc(bytes.len ? bytes.len : 1);
    assert_non_null(exact);
    if (bytes.len) memcpy(exact, bytes.bytes, bytes.len);
    *ret_len = bytes.len;
    ds_buf_finish(&bytes);
    return exact;
}
