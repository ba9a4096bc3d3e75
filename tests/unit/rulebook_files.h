/* SPDX-License-Identifier: MIT
 *
 * The shipped rulebook and directory as texts to change, for the tests of common/rulebook. */
#ifndef DS_TEST_RULEBOOK_FILES_H
#define DS_TEST_RULEBOOK_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rulebook/rulebook.h"

enum { PARTITIONS = 16 };

struct text {
    char *bytes; /* owned; a NUL follows them */
    size_t len;
};

struct files {
    struct text rulebook;
    struct text directory;
};

/* A made version. */
struct made {
    uint8_t *bytes; /* owned */
    size_t len;
    char hash[65];
};

/* cmocka's fixture: *state is a struct files * of the shipped files. */
int read_files(void **state);
int free_files(void **state);

/* Copy of len bytes, in memory exactly as long as needed, so that the sanitizer sees reading on. */
struct text new_text(const char *bytes, size_t len);
void free_text(struct text *text);

/* Copy with the one occurrence of `old` replaced; none or several fail the test. */
struct text replaced(const struct text *text, const char *old, const char *by);

/* Line and column (from 1, in characters) of the one occurrence of `where`. */
void place_of(const struct text *text, const char *where, uint32_t *ret_line,
              uint32_t *ret_column);

/* ds_version_make; on failure made is zeroed. */
int make(const struct text *rulebook, const struct text *directory, struct made *made,
         struct ds_problems *problems);

/* Makes and compiles; problems fail the test. ds_version_destroy it. */
struct ds_version *compiled(const struct files *files);

/* Does it look like what every problem must: a place, a known code, sentences in both languages? */
void check_problem(const struct ds_problem *problem);

/* All of a version as text, to compare; free() it. */
char *dumped(const struct ds_version *version);

#endif
