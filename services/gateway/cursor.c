/* SPDX-License-Identifier: MIT */
#include "gateway/cursor.h"

#include <sodium.h>
#include <string.h>

enum { BYTES_MAX = DS_SOURCE_COUNT * DS_PARTITIONS_MAX * 10 + 5 };

static size_t put(unsigned char *bytes, size_t n, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        bytes[n++] = (unsigned char)(number | 0x80);
    bytes[n++] = (unsigned char)number;
    return n;
}

static bool take(const unsigned char *bytes, size_t len, size_t *at, uint64_t *ret)
{
    int shift = 0;

    *ret = 0;
    do {
        if (*at == len || shift > 56) return false;
        *ret |= (uint64_t)(bytes[*at] & 0x7f) << shift;
        shift += 7;
    } while (bytes[(*at)++] & 0x80);
    return true;
}

size_t cursor_text(const struct cursor *cursor, uint32_t partitions, char *text)
{
    unsigned char bytes[BYTES_MAX];
    size_t n = put(bytes, 0, cursor->installation);

    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < partitions; p++)
            n = put(bytes, n, cursor->seen[s][p]);
    sodium_bin2base64(text, CURSOR_TEXT_MAX, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return strlen(text);
}

bool cursor_read(const char *text, uint32_t partitions, struct cursor *ret)
{
    unsigned char bytes[BYTES_MAX];
    size_t len = 0, at = 0;
    uint64_t installation;

    if (sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        !take(bytes, len, &at, &installation) || installation > UINT32_MAX)
        return false;
    ret->installation = (uint32_t)installation;
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < partitions; p++)
            if (!take(bytes, len, &at, &ret->seen[s][p])) return false;
    return at == len;
}
