/* SPDX-License-Identifier: MIT
 *
 * Where a field stands in a JSON text: jansson keeps no places. Trusts that the text was read well
 * once; of anything else it stops somewhere within. */
#include "wire/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    const char *at;
    const char *end;
};

static char peek(struct scan *scan)
{
    while (scan->at < scan->end && strchr(" \t\r\n", *scan->at))
        scan->at++;
    return scan->at < scan->end ? *scan->at : '\0';
}

/* Behind the quote that ends the text at a quote. */
static void skip_text(struct scan *scan)
{
    for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++)
        if (*scan->at == '\\') scan->at++;
    if (scan->at < scan->end) scan->at++;
    if (scan->at > scan->end) scan->at = scan->end;
}

/* Up to the comma or bracket behind a value. */
static void skip_value(struct scan *scan)
{
    int depth = 0;

    while (scan->at < scan->end) {
        char c = *scan->at;
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (c == '"')
            skip_text(scan);
        else
            scan->at++;
    }
}

/* Moves to the value of the key that path begins with; NULL if the object has none, else where the
 * key stands. */
static const char *enter_object(struct scan *scan, const char **path)
{
    do {
        scan->at++; /* { or , */
        if (peek(scan) != '"') return NULL;
        const char *key = scan->at;
        skip_text(scan);
        size_t len = (size_t)(scan->at - key) - 2;
        bool same = strncmp(*path, key + 1, len) == 0 && strchr(".[", (*path)[len]);
        if (peek(scan) == ':') scan->at++;
        peek(scan);
        if (same) {
            *path += len;
            return key;
        }
        skip_value(scan);
    } while (peek(scan) == ',');
    return NULL;
}

/* The same for a list and a member's number. */
static const char *enter_list(struct scan *scan, const char **path)
{
    char *behind;
    unsigned long n = strtoul(*path + 1, &behind, 10);

    for (scan->at++; n > 0; n--) {
        skip_value(scan);
        if (peek(scan) != ',') return NULL;
        scan->at++;
    }
    peek(scan);
    *path = behind + (*behind == ']');
    return scan->at;
}

int ds_json_column(const char *text, size_t len, const char *path)
{
    struct scan scan = {text, text + len};
    const char *found = text, *step = text;
    int column = 1;

    while (step && *path) {
        char c = peek(&scan);
        path += *path == '.';
        step = NULL;
        if (c == '{') step = enter_object(&scan, &path);
        if (c == '[' && *path == '[') step = enter_list(&scan, &path);
        if (step) found = step;
    }
    for (; text < found; text++)
        column += (*text & 0xc0) != 0x80; /* characters, not bytes */
    return column;
}
