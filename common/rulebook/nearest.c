/* SPDX-License-Identifier: MIT
 *
 * "Did you mean": the known word that differs least from a written one. Pure guesswork for people;
 * nothing is ever decided by it. */
#include "rulebook/node.h"

#include <string.h>

enum { WORD_MAX = DS_ID_MAX };

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours (bytes) that make a of b. */
static uint32_t distance(const char *a, uint32_t a_len, const char *b, uint32_t b_len)
{
    uint32_t rows[3][WORD_MAX + 1];
    uint32_t *before = rows[0]; /* the line for i - 2 */
    uint32_t *last = rows[1];   /* the line for i - 1 */
    uint32_t *line = rows[2];
    memset(rows, 0, sizeof(rows));
    for (uint32_t k = 0; k <= b_len; k++)
        last[k] = k;
    for (uint32_t i = 1; i <= a_len; i++) {
        line[0] = i;
        for (uint32_t k = 1; k <= b_len; k++) {
            const uint32_t differs = a[i - 1] != b[k - 1];
            uint32_t d = least(least(last[k] + 1, line[k - 1] + 1), last[k - 1] + differs);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                d = least(d, before[k - 2] + 1);
            line[k] = d;
        }
        uint32_t *const spare = before;
        before = last;
        last = line;
        line = spare;
    }
    return last[b_len];
}

const char *rb_nearest(const char *word, const void *known, uint32_t n, size_t stride)
{
    const size_t len = strlen(word);
    if (len == 0 || len > WORD_MAX) return NULL;
    /* A slip of the finger, not another word: one in three, at least one, at most three. */
    uint32_t limit = least((uint32_t)len / 3, 3);
    if (limit == 0) limit = 1;
    const char *best = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const char *const *text =
            (const char *const *)(const void *)((const char *)known + i * stride);
        const size_t text_len = strlen(*text);
        if (text_len > WORD_MAX) continue;
        const uint32_t d = distance(word, (uint32_t)len, *text, (uint32_t)text_len);
        if (d > limit || d >= text_len) continue;
        best = *text;
        if (d == 0) return best;
        limit = d - 1; /* the first of equally near words stays */
    }
    return best;
}
