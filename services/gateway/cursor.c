/* SPDX-License-Identifier: MIT */
#include "gateway/cursor.h"

#include <sodium.h>
#include <string.h>

size_t cursor_text(const struct cursor *cursor, uint32_t partitions, char *text)
{
    unsigned char bytes[DS_SOURCE_COUNT * DS_PARTITIONS_MAX * 10];
    size_t n = 0;

    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < partitions; p++) {
            uint64_t number = cursor->seen[s][p];
            for (; number >= 0x80; number >>= 7)
                bytes[n++] = (unsigned char)(number | 0x80);
            bytes[n++] = (unsigned char)number;
        }
    sodium_bin2base64(text, CURSOR_TEXT_MAX, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return strlen(text);
}

bool cursor_read(const char *text, uint32_t partitions, struct cursor *ret)
{
    unsigned char bytes[DS_SOURCE_COUNT * DS_PARTITIONS_MAX * 10];
    size_t len = 0, at = 0;

    if (sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < partitions; p++) {
            int shift = 0;
            ret->seen[s][p] = 0;
            do {
                if (at == len || shift > 56) return false;
                ret->seen[s][p] |= (uint64_t)(bytes[at] & 0x7f) << shift;
                shift += 7;
            } while (bytes[at++] & 0x80);
        }
    return at == len;
}
