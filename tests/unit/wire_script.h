/* SPDX-License-Identifier: MIT
 *
 * Writes wire bytes, right or wrong, from a short notation, so that tables of tests stay readable.
 *   7:        a tag; its wire type follows from what comes next
 *   5 -5 z-5  varints (z: zigzag); without a tag before them, just their bytes
 *   d1.5      8 bytes of a double
 *   f7        4 bytes of an integer
 *   "abc"     a length and the text; "a"*65 repeats the text
 *   { ... }   a length and whatever stands between the braces
 *   x08ff     just these bytes */
#ifndef DS_TEST_WIRE_SCRIPT_H
#define DS_TEST_WIRE_SCRIPT_H

#include "wire/buf.h"

/* Appends the bytes of a script. A mistake in the script fails the test. */
void wire_script(struct ds_buf *out, const char *script);

/* The same in memory exactly as long as it says, so that the sanitizer sees one byte too many being
 * read. free() it. */
uint8_t *wire_script_exact(const char *script, size_t *ret_len);

/* Appends a varint; a tag. */
void wire_varint(struct ds_buf *out, uint64_t value);
void wire_tag(struct ds_buf *out, uint32_t number, unsigned type);

#endif
