/* SPDX-License-Identifier: MIT
 *
 * UTF-8 as RFC 3629 has it, less NUL. Reads nothing beyond the bytes given. */
#include "wire/utf8.h"

#include <stdint.h>
#include <string.h>

static bool is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t ds_utf8_step(const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text;

    if (len == 0 || at[0] == 0) return 0;
    if (at[0] < 0x80) return 1;
    if (at[0] < 0xC2) return 0; /* a tail byte, or an overlong form of ASCII */
    if (at[0] < 0xE0) return len >= 2 && is_tail(at[1]) ? 2 : 0;
    if (at[0] < 0xF0) {
        if (len < 3 || !is_tail(at[1]) || !is_tail(at[2])) return 0;
        if (at[0] == 0xE0 && at[1] < 0xA0) return 0;  /* overlong */
        if (at[0] == 0xED && at[1] >= 0xA0) return 0; /* surrogate */
        return 3;
    }
    if (at[0] > 0xF4 || len < 4) return 0;
    if (!is_tail(at[1]) || !is_tail(at[2]) || !is_tail(at[3])) return 0;
    if (at[0] == 0xF0 && at[1] < 0x90) return 0;  /* overlong */
    if (at[0] == 0xF4 && at[1] >= 0x90) return 0; /* beyond U+10FFFF */
    return 4;
}

/* Eight bytes of ASCII without NUL? A rulebook is mostly that, and half a megabyte long. */
static bool is_plain_word(const char *text)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;

    memcpy(&word, text, sizeof word);
    return ((word | (word - ones)) & high) == 0;
}

bool ds_utf8_clean(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if (len - i >= sizeof(uint64_t) && is_plain_word(text + i)) {
            i += sizeof(uint64_t);
            continue;
        }
        size_t step = ds_utf8_step(text + i, len - i);
        if (step == 0) return false;
        i += step;
    }
    return true;
}
