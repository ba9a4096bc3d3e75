/* SPDX-License-Identifier: MIT */
#include "gateway/pages.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "domain/ids.h"
#include "gateway/gateway.h"
#include "runtime/log.h"

static const char *type_of(const char *name)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].end) == 0) return types[i].type;
    return NULL; /* not for the browser: licences, checksums, notes */
}

/* Takes the bytes as the file's own. */
static void add_file(struct pages *pages, const char *name, uint8_t *bytes, size_t len)
{
    struct page_file *file = &pages->files[pages->n++];
    unsigned char hash[16];

    ds_copy(file->name, sizeof file->name, name);
    file->type = type_of(name);
    file->bytes = bytes;
    file->len = len;
    crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
    file->tag[0] = '"';
    sodium_bin2hex(file->tag + 1, sizeof file->tag - 2, hash, sizeof hash);
    ds_copy(file->tag + strlen(file->tag), 2, "\"");
    pages->bytes += len;
}

/* PAGES_MAX - 1: the list of them comes last. */
static int read_file(struct pages *pages, const char *path, const char *name, size_t size)
{
    FILE *from = fopen(path, "re");

    if (!from || pages->n == PAGES_MAX - 1 || size > PAGES_BYTES_MAX - pages->bytes) {
        rt_log(RT_FATAL, "cannot read a page", "file=%s error=\"%s\"", path,
               from ? "too many or too large" : strerror(errno));
        if (from) fclose(from);
        return -1;
    }
    uint8_t *bytes = malloc(size + 1);
    if (!bytes) abort();
    size_t len = fread(bytes, 1, size, from);
    fclose(from);
    add_file(pages, name, bytes, len);
    return 0;
}

/* prefix: names of what is found begin with it. */
static int read_dir(struct pages *pages, const char *dir, const char *prefix, int levels)
{
    DIR *open = opendir(dir);
    struct dirent *entry;
    struct stat stat_of;
    char path[1024], name[512];
    int status = 0;

    if (!open) {
        rt_log(RT_FATAL, "cannot read the pages", "dir=%s error=\"%s\"", dir, strerror(errno));
        return -1;
    }
    while (status == 0 && (entry = readdir(open))) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        snprintf(name, sizeof name, "%s%s", prefix, entry->d_name);
        if (stat(path, &stat_of) != 0) continue;
        if (S_ISDIR(stat_of.st_mode) && levels > 0) {
            ds_copy(name + strlen(name), 2, "/");
            status = read_dir(pages, path, name, levels - 1);
        } else if (S_ISREG(stat_of.st_mode) && type_of(name)) {
            status = read_file(pages, path, name, (size_t)stat_of.st_size);
        }
    }
    closedir(open);
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct page_file *)a)->name, ((const struct page_file *)b)->name);
}

/* What a phone keeps so that the pages open without us: every file, and one version of them all. */
static void add_list(struct pages *pages)
{
    crypto_generichash_state state;
    unsigned char hash[16];
    char version[2 * sizeof hash + 1];
    json_t *names = json_array();

    qsort(pages->files, pages->n, sizeof pages->files[0], by_name);
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (uint32_t i = 0; i < pages->n; i++) {
        const struct page_file *file = &pages->files[i];
        crypto_generichash_update(&state, (const uint8_t *)file->name, strlen(file->name) + 1);
        crypto_generichash_update(&state, (const uint8_t *)file->tag, strlen(file->tag));
        json_array_append_new(names, json_string(file->name));
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(version, sizeof version, hash, sizeof hash);
    json_t *list = json_pack("{ss so}", "version", version, "files", names);
    char *text = json_dumps(list, JSON_COMPACT);
    if (!text) abort();
    json_decref(list);
    add_file(pages, PAGES_LIST, (uint8_t *)text, strlen(text));
}

int pages_load(struct pages *pages, const char *dir)
{
    *pages = (struct pages){0};
    if (read_dir(pages, dir, "", PAGES_LEVELS) != 0) return -1;
    add_list(pages);
    return 0;
}

void pages_free(struct pages *pages)
{
    for (uint32_t i = 0; i < pages->n; i++)
        free(pages->files[i].bytes);
}

static void serve(struct http_request *request, const char *name)
{
    const struct pages *pages = &request->gateway->pages;
    const char *known = http_header(request, "If-None-Match");

    for (uint32_t i = 0; i < pages->n; i++) {
        const struct page_file *file = &pages->files[i];
        if (strcmp(file->name, name) != 0) continue;
        bool same = known && strcmp(known, file->tag) == 0;
        struct MHD_Response *response = MHD_create_response_from_buffer(
            same ? 0 : file->len, file->bytes, MHD_RESPMEM_PERSISTENT);
        if (!response) abort();
        MHD_add_response_header(response, "Content-Type", file->type);
        MHD_add_response_header(response, "ETag", file->tag);
        MHD_add_response_header(response, "Cache-Control", "no-cache");
        if (strcmp(name, "worker.js") == 0) /* it looks after the pages, which are above it */
            MHD_add_response_header(response, "Service-Worker-Allowed", "/");
        return http_answer_with(request, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
    }
    http_problem(request, MHD_HTTP_NOT_FOUND, "not_found", "", "");
}

void pages_get(struct http_request *request)
{
    serve(request, request->part);
}

void pages_index(struct http_request *request)
{
    serve(request, "index.html");
}
