/* SPDX-License-Identifier: MIT
 *
 * The files of the pages: read once at start, served from memory with their tags. */
#ifndef GATEWAY_PAGES_H
#define GATEWAY_PAGES_H

#include "gateway/http.h"

#define PAGES_LIST "files.json" /* {version, files}: made at start */

enum { PAGES_MAX = 128, PAGES_BYTES_MAX = 8388608, PAGES_LEVELS = 4 };

struct page_file {
    char name[128]; /* below /app/ */
    const char *type;
    char tag[40];
    uint8_t *bytes; /* owned */
    size_t len;
};

struct pages {
    struct page_file files[PAGES_MAX];
    uint32_t n;
    size_t bytes;
};

/* Reads a directory and those in it. 0, or -1 with a line in the log. */
int pages_load(struct pages *pages, const char *dir);
void pages_free(struct pages *pages);

/* Handlers: a file below /app/, and index.html at every address of a page. */
void pages_get(struct http_request *request);
void pages_index(struct http_request *request);

#endif
