/* SPDX-License-Identifier: MIT */
#include "domain/ids.h"

#include <string.h>

#include "domain/assert.h"

size_t ds_decimal(char *buf, uint64_t number)
{
    char digits[20];
    size_t n = 0;

    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    for (size_t i = 0; i < n; i++)
        buf[i] = digits[n - 1 - i];
    buf[n] = '\0';
    return n;
}

static void three_digits(char *buf, uint32_t number)
{
    buf[0] = (char)('0' + number / 100 % 10);
    buf[1] = (char)('0' + number / 10 % 10);
    buf[2] = (char)('0' + number % 10);
}

void ds_ticket_id(char *buf, uint32_t partition, uint64_t seq)
{
    buf[0] = 'T';
    three_digits(buf + 1, partition);
    buf[4] = '-';
    ds_decimal(buf + 5, seq);
}

/* Reads 1..max digits; returns how many, 0 if none or too many. */
static size_t read_digits(const char *text, size_t max, uint64_t *ret)
{
    size_t n = 0;
    uint64_t number = 0;

    while (text[n] >= '0' && text[n] <= '9') {
        if (n == max) return 0;
        number = number * 10 + (uint64_t)(text[n++] - '0');
    }
    *ret = number;
    return n;
}

bool ds_parse_ticket_id(const char *id, uint32_t *ret_partition, uint64_t *ret_seq)
{
    uint64_t partition, seq;

    if (!id || id[0] != 'T') return false;
    if (read_digits(id + 1, 3, &partition) != 3 || id[4] != '-') return false;
    size_t n = read_digits(id + 5, 15, &seq);
    if (n == 0 || id[5] == '0') return false;
    if (id[5 + n] != '\0' && id[5 + n] != '~') return false;
    *ret_partition = (uint32_t)partition;
    *ret_seq = seq;
    return true;
}

void ds_event_id(char *buf, enum ds_source source, uint32_t partition, uint64_t seq)
{
    const char *name = ds_source_name(source);
    DS_ASSERT(name);
    size_t n = strlen(name);

    DS_ASSERT(n + 6 + 21 <= DS_EVENT_ID_MAX);
    memcpy(buf, name, n);
    memcpy(buf + n, "/p", 2);
    three_digits(buf + n + 2, partition);
    buf[n + 5] = '/';
    ds_decimal(buf + n + 6, seq);
}

void ds_copy(char *buf, size_t size, const char *text)
{
    size_t n = strlen(text);

    DS_ASSERT(n < size);
    memcpy(buf, text, n + 1);
}

uint64_t ds_hash(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++) {
        hash ^= at[i];
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}

void ds_copy_bytes(void *to, const void *from, size_t len)
{
    if (len > 0) memcpy(to, from, len);
}
