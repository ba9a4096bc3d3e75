/* SPDX-License-Identifier: MIT
 *
 * A place in all journals at once: for each service and partition the last event that was seen.
 * As text: base64url of varints, service by service in the order of the flow, in each the
 * partitions; before them whose journals they are. */
#ifndef GATEWAY_CURSOR_H
#define GATEWAY_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/limits.h"
#include "domain/vocabulary.h"

enum { CURSOR_TEXT_MAX = DS_SOURCE_COUNT * DS_PARTITIONS_MAX * 14 + 8 };

struct cursor {
    uint32_t installation; /* "doorstep:installation" in the store */
    uint64_t seen[DS_SOURCE_COUNT][DS_PARTITIONS_MAX];
};

/* Writes the text with its NUL; returns its length. text: CURSOR_TEXT_MAX bytes. */
size_t cursor_text(const struct cursor *cursor, uint32_t partitions, char *text);

/* False if it is no cursor of so many partitions; whose it is remains to be asked. */
bool cursor_read(const char *text, uint32_t partitions, struct cursor *ret);

#endif
