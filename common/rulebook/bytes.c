/* SPDX-License-Identifier: MIT
 *
 * What bytes a rulebook may consist of. Stricter than YAML: what an editor shows must be what is
 * read, and a line for us must be a line for the editor. Never looks at the meaning. */
#include "rulebook/node.h"

#include <string.h>

#include "wire/utf8.h"

/* U+2028 and U+2029: line breaks for YAML but not for most editors; they would shift every line
 * number. */
static bool is_odd_break(const uint8_t *at, size_t step)
{
    return step == 3 && at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0xA8 || at[2] == 0xA9);
}

/* Characters that show text in another order than it is read: U+202A..202E, U+2066..2069. */
static bool reorders_text(const uint8_t *at, size_t step)
{
    if (step != 3 || at[0] != 0xE2) return false;
    if (at[1] == 0x80) return at[2] >= 0xAA && at[2] <= 0xAE;
    return at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9;
}

static bool is_byte_order_mark(const uint8_t *at, size_t step)
{
    return step == 3 && at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF;
}

static bool is_control(const uint8_t *at, size_t left, bool line_breaks)
{
    if (at[0] == '\n') return !line_breaks;
    if (at[0] == '\r') return !line_breaks || left < 2 || at[1] != '\n';
    if (at[0] == '\t') return !line_breaks; /* inside a scalar a tab is invisible */
    if (at[0] == 0xC2 && left >= 2) return at[1] >= 0x80 && at[1] <= 0x9F;
    return at[0] < 0x20 || at[0] == 0x7F;
}

const char *rb_text_fault(const char *text, size_t len, bool line_breaks, size_t *ret_offset)
{
    size_t i = 0;
    while (i < len) {
        const uint8_t *at = (const uint8_t *)text + i;
        const size_t step = ds_utf8_step(text + i, len - i);
        *ret_offset = i;
        if (at[0] == 0) return "control_character";
        if (step == 0) return "not_utf8";
        if (is_byte_order_mark(at, step)) return "byte_order_mark";
        if (is_control(at, len - i, line_breaks)) return "control_character";
        if (is_odd_break(at, step) || reorders_text(at, step)) return "control_character";
        i += step;
    }
    return NULL;
}

void rb_copy_text(char *buf, size_t size, const char *text)
{
    const size_t len = strlen(text);
    size_t used = 0;
    for (size_t i = 0; i < len;) {
        const size_t step = ds_utf8_step(text + i, len - i);
        const size_t take = step > 0 ? step : 1;
        if (used + take >= size) break;
        if (step == 0 || (uint8_t)text[i] < 0x20 || text[i] == 0x7F)
            buf[used] = '?';
        else
            memcpy(buf + used, text + i, take);
        used += take;
        i += take;
    }
    buf[used] = '\0';
}

void rb_join(char *buf, size_t size, const char *const *words)
{
    size_t used = 0;
    buf[0] = '\0';
    for (; *words; words++) {
        const size_t len = strlen(*words);
        const size_t gap = used > 0 ? 2 : 0;
        if (used + gap + len + 1 > size) return;
        memcpy(buf + used, ", ", gap);
        memcpy(buf + used + gap, *words, len + 1);
        used += gap + len;
    }
}
