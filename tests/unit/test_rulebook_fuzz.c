/* SPDX-License-Identifier: MIT
 *
 * The shipped files, changed at random: whatever the bytes, they are refused with problems that
 * make sense or accepted with a version that compiles. Runs clean under the sanitizers or not at
 * all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook_files.h"

#ifdef __SANITIZE_ADDRESS__ /* ten times slower; the release build does all of them */
enum { ROUNDS = 4000 };
#else
enum { ROUNDS = 20000 };
#endif
enum { COMPILE_EVERY = 16, CHANGES_MAX = 3 };

static uint32_t below(uint64_t *seed, size_t n) /* xorshift64* */
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (uint32_t)(((*seed * UINT64_C(2685821657736338717)) >> 33) % n);
}

/* Pieces that mean something to YAML or to us. */
static const char *const pieces[] = {
    "&a ",
    "*a",
    "!!int ",
    "!",
    "---\n",
    "...\n",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "? ",
    "\n",
    "\r\n",
    "\t",
    "\"",
    "'",
    "#",
    "|\n",
    ">\n",
    "<<: ",
    "%YAML\n",
    "\xEF\xBB\xBF",
    "\xFF",
    "\xC3",
    "元",
    "0x10",
    "-1",
    "1e9",
    "~",
    "null",
    "true",
    "24h",
    "3d",
    "50.00元",
    "5000fen",
    "20km",
    "50%",
    "10x",
    "7.1",
    "county",
    "lin",
    "2007-02-29",
    "2060-12-31",
    "24:00",
    "25:00",
    "00:00-24:00",
    "id: ",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/../UTC",
    "999999999999999999999",
};

/* Replaces text[at, at + cut) by len bytes; the result stays within twice the shipped size. */
static void splice(struct text *text, size_t at, size_t cut, const char *bytes, size_t len)
{
    struct text result = {.len = text->len - cut + len};
    result.bytes = malloc(result.len + 1);
    assert_non_null(result.bytes);
    memcpy(result.bytes, text->bytes, at);
    if (len > 0) memcpy(result.bytes + at, bytes, len);
    memcpy(result.bytes + at + len, text->bytes + at + cut, text->len - at - cut + 1);
    free(text->bytes);
    *text = result;
}

static size_t line_begin(const struct text *text, size_t at)
{
    while (at > 0 && text->bytes[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_len(const struct text *text, size_t begin)
{
    size_t len = 0;
    while (begin + len < text->len && text->bytes[begin + len] != '\n')
        len++;
    return begin + len < text->len ? len + 1 : len;
}

static void change(struct text *text, uint64_t *seed)
{
    if (text->len == 0) return;
    const size_t at = below(seed, text->len);
    const size_t begin = line_begin(text, at);
    const size_t len = line_len(text, begin);
    const char *piece = pieces[below(seed, sizeof(pieces) / sizeof(pieces[0]))];
    char line[4096];
    switch (below(seed, 8)) {
    case 0: text->bytes[at] = (char)below(seed, 256); break;
    case 1: text->bytes[at] = (char)(' ' + below(seed, 95)); break;
    case 2: splice(text, at, 0, piece, strlen(piece)); break;
    case 3:
        splice(text, at, 1 + below(seed, text->len - at > 8 ? 8 : text->len - at), "", 0);
        break;
    case 4: splice(text, begin, len, "", 0); break;
    case 5: /* the line twice */
    case 6: /* or elsewhere too */
        if (len >= sizeof(line)) break;
        memcpy(line, text->bytes + begin, len);
        splice(text, line_begin(text, below(seed, text->len)), 0, line, len);
        break;
    case 7: { /* another word for a value */
        const char *colon = memchr(text->bytes + begin, ':', len);
        if (!colon) break;
        const size_t value = (size_t)(colon - text->bytes) + 1;
        splice(text, value, begin + len - value, piece, strlen(piece));
        splice(text, value, 0, " ", 1);
        break;
    }
    }
}

static void check_good(const struct made *made, bool compile)
{
    struct ds_problems problems;
    assert_non_null(made->bytes);
    assert_int_equal(strlen(made->hash), 64);
    if (!compile) return;
    struct ds_version *v = ds_version_compile(made->bytes, made->len, 1, PARTITIONS, &problems);
    assert_non_null(v);
    assert_string_equal(v->hash, made->hash);
    char *text = dumped(v);
    free(text);
    ds_version_destroy(v);
}

static void check_refused(const struct ds_problems *problems)
{
    assert_true(problems->n >= 1 && problems->n <= DS_PROBLEMS_MAX);
    for (uint32_t i = 0; i < problems->n; i++)
        check_problem(&problems->list[i]);
}

static void test_twenty_thousand_changes(void **state)
{
    const struct files *files = *state;
    uint64_t seed = 20070225;
    uint32_t n_good = 0;
    uint32_t n_refused = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct text rulebook = new_text(files->rulebook.bytes, files->rulebook.len);
        struct text directory = new_text(files->directory.bytes, files->directory.len);
        struct ds_problems problems;
        struct made made;
        const uint32_t n = 1 + below(&seed, CHANGES_MAX);
        for (uint32_t k = 0; k < n; k++)
            change(i % 2 ? &rulebook : &directory, &seed);
        if (make(&rulebook, &directory, &made, &problems) == 0)
            check_good(&made, n_good++ % COMPILE_EVERY == 0);
        else
            check_refused(&problems), n_refused++;
        free(made.bytes);
        free_text(&rulebook);
        free_text(&directory);
    }
    /* neither always refused (nothing behind the parser seen) nor always accepted */
    assert_true(n_good > ROUNDS / 20);
    assert_true(n_refused > ROUNDS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_twenty_thousand_changes),
    };
    return cmocka_run_group_tests_name("rulebook_fuzz", tests, read_files, free_files);
}
