/* SPDX-License-Identifier: MIT
 *
 * Fills struct ds_fault. Runs once per refused message, so it may take its time; never allocates.
 */
#include "wire/fault.h"

#include <stdio.h>
#include <string.h>

#include "wire/utf8.h"

/* A text being written into a buffer of fixed size; always terminated, cut where it must be. */
struct text {
    char *buf;
    size_t size;
    size_t len;
};

static void put(struct text *text, const char *more)
{
    while (*more && text->len + 1 < text->size)
        text->buf[text->len++] = *more++;
    text->buf[text->len] = '\0';
}

/* Takes away a character that the end of the buffer cut in two, and any byte that is no text. */
static void trim(struct text *text)
{
    size_t i = 0;

    while (i < text->len) {
        size_t step = ds_utf8_step(text->buf + i, text->len - i);
        if (step == 0 && text->len - i < 4) break;
        if (step == 0) text->buf[i] = '?';
        i += step ? step : 1;
    }
    text->len = i;
    text->buf[i] = '\0';
}

static void put_path(struct text *text, const struct ds_path *path)
{
    if (!path) return;
    put_path(text, path->up);
    if (text->len > 0) put(text, ".");
    put(text, path->name);
    if (path->index >= 0) {
        char index[16];
        snprintf(index, sizeof index, "[%d]", path->index);
        put(text, index);
    }
}

void ds_fault_none(struct ds_fault *fault)
{
    fault->code = DS_CODE_OK;
    fault->field[0] = '\0';
    fault->expected[0] = '\0';
    fault->expected_zh[0] = '\0';
}

enum ds_code ds_fault_at(struct ds_fault *fault, enum ds_code code, const struct ds_path *path,
                         const char *expected)
{
    struct text field = {fault->field, sizeof fault->field, 0};
    struct text cure = {fault->expected, sizeof fault->expected, 0};

    ds_fault_none(fault);
    fault->code = code;
    put_path(&field, path);
    trim(&field);
    put(&cure, expected);
    trim(&cure);
    return code;
}

/* Adds one name to a list; once there is no room left for it and a further "...", only that.
 * Returns 0 then. */
static int put_name(struct text *text, int first, const char *name)
{
    static const char more[] = ", ...";
    const char *separator = first ? "" : ", ";

    if (text->len + strlen(separator) + strlen(name) + sizeof more > text->size) {
        put(text, first ? "..." : more);
        return 0;
    }
    put(text, separator);
    put(text, name);
    return 1;
}

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z') return (char)(c | 0x20);
    return c;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Longer words are not typing errors of our names. */
enum { WORD_MAX = 40 };

/* How many letters must be changed, put in or left out to make b of a; capitals do not matter. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[WORD_MAX + 1];
    size_t n = strlen(b);

    if (n > WORD_MAX) return WORD_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; a[i]; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < n; j++) {
            unsigned above = row[j + 1];
            row[j + 1] =
                least(above + 1, row[j] + 1, diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1));
            diagonal = above;
        }
    }
    return row[n];
}

/* The field a person most likely meant; NULL when none is near. */
static const ProtobufCFieldDescriptor *nearest(const ProtobufCMessageDescriptor *type,
                                               const char *name)
{
    size_t len = strlen(name);
    const ProtobufCFieldDescriptor *best = NULL;
    unsigned allowed = (unsigned)(len + 1) / 3;

    if (len > WORD_MAX) return NULL;
    for (unsigned i = 0; i < type->n_fields; i++) {
        unsigned d = distance(name, type->fields[i].name);
        if (d > allowed || (best && d == allowed)) continue;
        best = &type->fields[i];
        allowed = d;
    }
    return best;
}

enum ds_code ds_fault_unknown_field(struct ds_fault *fault, const struct ds_path *path,
                                    const ProtobufCMessageDescriptor *type)
{
    ds_fault_at(fault, DS_CODE_UNKNOWN_FIELD, path, "");
    struct text cure = {fault->expected, sizeof fault->expected, 0};
    const ProtobufCFieldDescriptor *meant = nearest(type, path->name);

    if (meant) {
        put(&cure, "did you mean ");
        put(&cure, meant->name);
        put(&cure, "?");
    } else if (type->n_fields == 0) {
        put(&cure, "it has no fields");
    } else {
        put(&cure, "it has ");
        for (unsigned i = 0; i < type->n_fields; i++)
            if (!put_name(&cure, i == 0, type->fields[i].name)) break;
    }
    return fault->code;
}

enum ds_code ds_fault_unknown_value(struct ds_fault *fault, const struct ds_path *path,
                                    const ProtobufCEnumDescriptor *type)
{
    ds_fault_at(fault, DS_CODE_UNKNOWN_VALUE, path, "");
    struct text cure = {fault->expected, sizeof fault->expected, 0};
    int first = 1;

    for (unsigned i = 0; i < type->n_values; i++) {
        if (type->values[i].value == 0) continue;
        if (!put_name(&cure, first, type->values[i].name)) break;
        first = 0;
    }
    return fault->code;
}

enum ds_code ds_fault_second_member(struct ds_fault *fault, const struct ds_path *path,
                                    const char *first)
{
    ds_fault_at(fault, DS_CODE_DUPLICATE_FIELD, path, "");
    struct text cure = {fault->expected, sizeof fault->expected, 0};

    put(&cure, "only one of its kind; ");
    put(&cure, first);
    put(&cure, " stands already");
    return fault->code;
}
