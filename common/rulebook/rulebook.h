/* SPDX-License-Identifier: MIT
 *
 * From YAML texts to a checked ds_version. Not pure (heap, libyaml, zone files) and not hot: runs
 * when a version is checked or activated. Every problem names file:line:column, what was found,
 * what was expected, and the nearest known word. */
#ifndef DS_RULEBOOK_H
#define DS_RULEBOOK_H

#include <stddef.h>
#include <stdint.h>

#include "domain/version.h"

enum { DS_PROBLEMS_MAX = 20, DS_RULEBOOK_BYTES_MAX = 512 * 1024, DS_YAML_DEPTH_MAX = 8 };

struct ds_problem {
    const char *file; /* "rulebook.yaml" or "directory.yaml"; not owned */
    uint32_t line;    /* 1-based */
    uint32_t column;
    const char *code; /* stable name, e.g. "unknown_key", "bad_duration" */
    char path[128];   /* where in the document, e.g. clocks.order.limit */
    char found[64];
    char expected[200];
    char suggestion[64]; /* "did you mean", or "" */
};

struct ds_problems {
    uint32_t n; /* at most DS_PROBLEMS_MAX; further ones are counted in `more` */
    uint32_t more;
    struct ds_problem list[DS_PROBLEMS_MAX];
};

/* Writes one problem as a line for a person, without a newline:
 *   rulebook.yaml:12:10: clocks.order.limit: found "10mn", expected a duration like 10m or 24h ...
 * lang_zh picks the language. Returns the length it wanted, like snprintf. */
int ds_problem_format(char *buf, size_t size, const struct ds_problem *problem, int lang_zh);

/* Checks both texts and expands the zones they name into the stored form of a version.
 *   rulebook, directory  texts, any bytes; need not be NUL-terminated
 *   partitions           how many partitions this installation has; territories must fit
 *   ret_bytes, ret_len   the packed ds.Version; free() it
 *   ret_hash             its hex BLAKE2b-256, 65 bytes with NUL
 * Returns 0, or -1 with problems filled (and nothing returned). */
int ds_version_make(const char *rulebook, size_t rulebook_len, const char *directory,
                    size_t directory_len, uint32_t partitions, uint8_t **ret_bytes,
                    size_t *ret_len, char ret_hash[65], struct ds_problems *problems);

/* Compiles a stored version. number is its activation number.
 * Returns the version, or NULL with problems filled; free with ds_version_destroy (NULL is fine).
 * The same bytes compile to the same rules everywhere: nothing but the bytes is read. */
struct ds_version *ds_version_compile(const uint8_t *bytes, size_t len, uint32_t number,
                                      uint32_t partitions, struct ds_problems *problems);
void ds_version_destroy(struct ds_version *version);

#endif
