/* SPDX-License-Identifier: MIT
 *
 * FILE.ids has a line for each name, "digest n id made_at_ms", and "digest n -" for one that was
 * taken back. It is only ever added to. */
#include "doorstep/line_names.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIGEST_BYTES = 16, DIGEST_TEXT = 2 * DIGEST_BYTES };

struct line_names {
    struct cli *cli;
    bool kept; /* in a file */
    char path[1024];
    FILE *file;    /* opened when there is something to add */
    off_t end;     /* of its last whole line: what follows was never used */
    json_t *names; /* key: [id, made_at_ms] */
    json_t *alike; /* digest: how many such lines this run has seen */
};

static int cannot(const struct line_names *names)
{
    return cli_fail(names->cli, EXIT_USAGE, SAID_FILE, names->path, cli_errno(names->cli, errno));
}

static bool is_digest(const char *text)
{
    return strlen(text) == DIGEST_TEXT && strspn(text, "0123456789abcdef") == DIGEST_TEXT;
}

/* One line of the file. False: it was written by line number. */
static bool read_name(struct line_names *names, const char *line)
{
    char digest[DIGEST_TEXT + 2], id[DS_ID_MAX + 1];
    struct line_key key;
    long long made_at_ms;
    unsigned n;

    int fields = sscanf(line, "%33s %u %64s %lld", digest, &n, id, &made_at_ms);
    if (fields < 3 || !is_digest(digest)) return false;
    snprintf(key.text, sizeof key.text, "%s %u", digest, n);
    if (fields == 4)
        json_object_set_new(names->names, key.text, json_pack("[sI]", id, (json_int_t)made_at_ms));
    else
        json_object_del(names->names, key.text);
    return true;
}

static int read_names(struct line_names *names)
{
    FILE *file = fopen(names->path, "re");
    int code = EXIT_FINE;
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;

    if (!file) return errno == ENOENT ? EXIT_FINE : cannot(names);
    while (code == EXIT_FINE && (len = getline(&line, &cap, file)) > 0 && line[len - 1] == '\n') {
        names->end += len;
        if (!read_name(names, line))
            code = cli_fail(names->cli, EXIT_USAGE, SAID_OLD_IDS, names->path);
    }
    if (code == EXIT_FINE && ferror(file)) code = cannot(names);
    free(line);
    fclose(file);
    return code;
}

struct line_names *line_names_open(struct cli *cli, const char *file, int *ret_code)
{
    struct line_names *names = calloc(1, sizeof *names);

    if (!names) abort();
    *names = (struct line_names){
        .cli = cli, .kept = strcmp(file, "-") != 0, .names = json_object(), .alike = json_object()};
    snprintf(names->path, sizeof names->path, "%s.ids", file);
    *ret_code = names->kept ? read_names(names) : EXIT_FINE;
    if (*ret_code == EXIT_FINE) return names;
    line_names_close(names);
    return NULL;
}

void line_names_close(struct line_names *names)
{
    if (!names) return;
    if (names->file) fclose(names->file);
    json_decref(names->names);
    json_decref(names->alike);
    free(names);
}

/* Adds a line and sees to it that it is there. An exit code. */
static int add(struct line_names *names, const char *key, const char *rest)
{
    if (!names->kept) return EXIT_FINE;
    if (!names->file) {
        names->file = fopen(names->path, "ae");
        if (!names->file || ftruncate(fileno(names->file), names->end) != 0) return cannot(names);
    }
    fprintf(names->file, "%s %s\n", key, rest);
    return fflush(names->file) == 0 ? EXIT_FINE : cannot(names);
}

/* What this line is called in the file; lines that differ in their ends only are alike. */
static void make_key(struct line_names *names, const char *text, size_t len, struct line_key *ret)
{
    unsigned char bytes[DIGEST_BYTES];
    char digest[DIGEST_TEXT + 1];

    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)text, len, NULL, 0);
    sodium_bin2hex(digest, sizeof digest, bytes, sizeof bytes);
    json_int_t n = json_integer_value(json_object_get(names->alike, digest)) + 1;
    json_object_set_new(names->alike, digest, json_integer(n));
    snprintf(ret->text, sizeof ret->text, "%s %u", digest, (unsigned)n);
}

int line_names_give(struct line_names *names, redisContext *redis, const char *text, size_t len,
                    struct line_key *ret_key, struct line_name *ret)
{
    unsigned char random[12];
    char hex[2 * sizeof random + 1], rest[DS_ID_MAX + 32];

    make_key(names, text, len, ret_key);
    const json_t *known = json_object_get(names->names, ret_key->text);
    ret->fresh = !known;
    if (known) {
        snprintf(ret->id, sizeof ret->id, "%s", json_string_value(json_array_get(known, 0)));
        ret->made_at_ms = json_integer_value(json_array_get(known, 1));
        return EXIT_FINE;
    }
    if (!store_now_ms(redis, &ret->made_at_ms))
        return cli_fail(names->cli, EXIT_UNAVAILABLE, SAID_NO_TIME);
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(hex, sizeof hex, random, sizeof random);
    snprintf(ret->id, sizeof ret->id, "cli-%s", hex);
    snprintf(rest, sizeof rest, "%s %lld", ret->id, (long long)ret->made_at_ms);
    return add(names, ret_key->text, rest);
}

void line_names_forget(struct line_names *names, const struct line_key *key)
{
    add(names, key->text, "-");
}
