/* SPDX-License-Identifier: MIT
 *
 * See rulebook_files.h. Never writes to the shipped files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook_files.h"
#include "wire/utf8.h"

struct text new_text(const char *bytes, size_t len)
{
    struct text text = {.bytes = malloc(len + 1), .len = len};
    assert_non_null(text.bytes);
    if (len > 0) memcpy(text.bytes, bytes, len);
    text.bytes[len] = '\0';
    return text;
}

void free_text(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

static struct text read_text(const char *path)
{
    static char buf[DS_RULEBOOK_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("cannot read %s", path);
    const size_t len = fread(buf, 1, sizeof(buf), file);
    assert_int_equal(fclose(file), 0);
    assert_true(len > 1000 && len < sizeof(buf));
    return new_text(buf, len);
}

int read_files(void **state)
{
    struct files *files = calloc(1, sizeof(*files));
    if (!files) return -1;
    files->rulebook = read_text(DS_SOURCE_DIR "/deploy/rulebook.yaml");
    files->directory = read_text(DS_SOURCE_DIR "/deploy/directory.yaml");
    *state = files;
    return 0;
}

int free_files(void **state)
{
    struct files *files = *state;
    free_text(&files->rulebook);
    free_text(&files->directory);
    free(files);
    return 0;
}

/* Offset of the one occurrence of a part. */
static size_t offset_of(const struct text *text, const char *part)
{
    const char *at = memmem(text->bytes, text->len, part, strlen(part));
    if (!at) fail_msg("\"%s\" does not occur", part);
    const size_t offset = (size_t)(at - text->bytes);
    if (memmem(at + 1, text->len - offset - 1, part, strlen(part)))
        fail_msg("\"%s\" occurs twice", part);
    return offset;
}

struct text replaced(const struct text *text, const char *old, const char *by)
{
    const size_t at = offset_of(text, old);
    const size_t after = at + strlen(old);
    struct text result = {.len = text->len - strlen(old) + strlen(by)};
    result.bytes = malloc(result.len + 1);
    assert_non_null(result.bytes);
    memcpy(result.bytes, text->bytes, at);
    memcpy(result.bytes + at, by, strlen(by));
    memcpy(result.bytes + at + strlen(by), text->bytes + after, text->len - after);
    result.bytes[result.len] = '\0';
    return result;
}

void place_of(const struct text *text, const char *where, uint32_t *ret_line, uint32_t *ret_column)
{
    const size_t offset = offset_of(text, where);
    *ret_line = 1;
    *ret_column = 1;
    for (size_t i = 0; i < offset; i++) {
        const bool tail = ((uint8_t)text->bytes[i] & 0xC0) == 0x80;
        if (text->bytes[i] == '\n') {
            (*ret_line)++;
            *ret_column = 1;
        } else if (!tail) {
            (*ret_column)++;
        }
    }
}

int make(const struct text *rulebook, const struct text *directory, struct made *made,
         struct ds_problems *problems)
{
    *made = (struct made){0};
    return ds_version_make(rulebook->bytes, rulebook->len, directory->bytes, directory->len,
                           PARTITIONS, &made->bytes, &made->len, made->hash, problems);
}

struct ds_version *compiled(const struct files *files)
{
    struct made made;
    struct ds_problems problems;
    if (make(&files->rulebook, &files->directory, &made, &problems) != 0) {
        char text[512];
        (void)ds_problem_format(text, sizeof(text), &problems.list[0], 0);
        fail_msg("%s", text);
    }
    struct ds_version *version = ds_version_compile(made.bytes, made.len, 7, PARTITIONS, &problems);
    assert_non_null(version);
    assert_int_equal(problems.n, 0);
    free(made.bytes);
    return version;
}

void check_problem(const struct ds_problem *problem)
{
    assert_true(problem->line >= 1);
    assert_true(problem->column >= 1);
    char place[300];
    (void)snprintf(place, sizeof(place), "%s:%u:%u: ", problem->file, problem->line,
                   problem->column);
    char generic[1024];
    struct ds_problem stranger = *problem;
    stranger.code = "no_such_code"; /* gets the sentence of codes that are not in the table */
    for (int zh = 0; zh < 2; zh++) {
        char text[1024];
        const int len = ds_problem_format(text, sizeof(text), problem, zh);
        assert_true(len > 0 && (size_t)len < sizeof(text));
        assert_int_equal(strlen(text), len);
        assert_memory_equal(text, place, strlen(place));
        assert_true(ds_utf8_clean(text, strlen(text)));
        assert_null(strchr(text, '\n'));
        (void)ds_problem_format(generic, sizeof(generic), &stranger, zh);
        if (strcmp(text, generic) == 0) fail_msg("%s has no sentence", problem->code);
    }
}
