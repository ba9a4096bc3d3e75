/* SPDX-License-Identifier: MIT
 *
 * What counts as text here. Pure. */
#ifndef DS_WIRE_UTF8_H
#define DS_WIRE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Length (1..4) of the valid UTF-8 sequence at the start of len bytes; 0 if there is none: overlong
 * forms, surrogates, anything over U+10FFFF and NUL are none. */
size_t ds_utf8_step(const char *text, size_t len);

/* Is all of it valid UTF-8 without NUL? */
bool ds_utf8_clean(const char *text, size_t len);

#endif
