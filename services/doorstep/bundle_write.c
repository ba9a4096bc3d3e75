/* SPDX-License-Identifier: MIT
 *
 * The files of a proof, and the manifest that knows each piece of them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/ids.h"
#include "doorstep/bundle.h"
#include "rulebook/rulebook.h"

enum { BLOCK_BYTES = 512 }; /* of a text, cut at the end of a line */

static void digest(const void *bytes, size_t len, uint8_t *hash, size_t size)
{
    crypto_generichash(hash, size, bytes, len, NULL, 0);
}

void bundle_digest(const void *bytes, size_t len, char ret[BUNDLE_HEX])
{
    uint8_t hash[BUNDLE_HASH];

    digest(bytes, len, hash, sizeof hash);
    sodium_bin2hex(ret, BUNDLE_HEX, hash, sizeof hash);
}

/* BLAKE2b has no digest of eight bytes in libsodium: the first of the shortest one. */
void bundle_short_digest(const void *bytes, size_t len, char ret[BUNDLE_SHORT_HEX])
{
    uint8_t hash[crypto_generichash_BYTES_MIN];

    digest(bytes, len, hash, sizeof hash);
    sodium_bin2hex(ret, BUNDLE_SHORT_HEX, hash, BUNDLE_SHORT);
}

/* ---- the manifest ---- */

static void put_line(struct ds_buf *manifest, const char *text)
{
    char hex[BUNDLE_SHORT_HEX];

    bundle_short_digest(text, strlen(text), hex);
    ds_buf_put_text(manifest, text);
    ds_buf_put_text(manifest, " ~");
    ds_buf_put_text(manifest, hex);
    ds_buf_put_text(manifest, "\n");
}

/* ---- files ---- */

static int write_file(struct bundle_out *out, const char *name, const struct ds_buf *bytes)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", out->dir, name);
    FILE *to = fopen(path, "we");
    if (!to) return cli_fail(out->cli, EXIT_USAGE, SAID_FILE, path, cli_errno(out->cli, errno));
    fwrite(bytes->bytes, 1, bytes->len, to);
    out->files++;
    out->bytes += bytes->len;
    return cli_close(out->cli, to, path);
}

static void begin(struct bundle_out *out, const char *name)
{
    snprintf(out->name, sizeof out->name, "%s", name);
    out->file.len = out->pieces.len = 0;
}

/* Adds bytes to the file, and what they are to the manifest. */
__attribute__((format(printf, 4, 5))) static void put(struct bundle_out *out, const void *bytes,
                                                      size_t len, const char *what, ...)
{
    char line[256], hex[BUNDLE_SHORT_HEX];
    va_list args;

    bundle_short_digest(bytes, len, hex);
    int n = snprintf(line, sizeof line, "piece %zu %zu %s ", out->file.len, len, hex);
    va_start(args, what);
    vsnprintf(line + n, sizeof line - (size_t)n, what, args);
    va_end(args);
    ds_buf_put(&out->pieces, line, strlen(line) + 1);
    ds_buf_put(&out->file, bytes, len);
}

static int end(struct bundle_out *out)
{
    char line[256], hex[BUNDLE_HEX];

    bundle_digest(out->file.bytes, out->file.len, hex);
    snprintf(line, sizeof line, "file %s %zu %s", out->name, out->file.len, hex);
    put_line(&out->manifest, line);
    for (size_t at = 0; at < out->pieces.len;) {
        const char *piece = (const char *)out->pieces.bytes + at;
        put_line(&out->manifest, piece);
        at += strlen(piece) + 1;
    }
    return write_file(out, out->name, &out->file);
}

/* ---- parts of the journals ---- */

static void put_prefixed(struct bundle_out *out, const uint8_t *bytes, size_t len, const char *what)
{
    struct ds_buf record = {0};
    uint8_t prefix[4] = {(uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16),
                         (uint8_t)(len >> 24)};

    ds_buf_put(&record, prefix, sizeof prefix);
    ds_buf_put(&record, bytes, len);
    put(out, record.bytes, record.len, "%s", what);
    ds_buf_finish(&record);
}

static void put_header(struct bundle_out *out, const struct proof *proof, enum ds_source source,
                       uint64_t last)
{
    Ds__ExportHeader header = DS__EXPORT_HEADER__INIT;
    uint8_t packed[128];

    DS_SET(&header, format, 2);
    DS_SET(&header, source, (Ds__Source__Name)source);
    DS_SET(&header, partition, proof->partition);
    DS_SET(&header, tail, last);
    DS_SET(&header, mark_ms, proof->mark_ms);
    put(out, EXPORT_MAGIC, strlen(EXPORT_MAGIC), "magic");
    put_prefixed(out, packed, ds__export_header__pack(&header, packed), "header of the journal");
}

/* An event in a batch of its own. */
static void put_event(struct bundle_out *out, const struct record *record)
{
    Ds__BatchHeader header = DS__BATCH_HEADER__INIT;
    struct ds_buf batch = {0};
    char what[DS_EVENT_ID_MAX + 64], id[DS_EVENT_ID_MAX];

    DS_SET(&header, format, DS_BATCH_FORMAT);
    DS_SET(&header, source, (Ds__Source__Name)record->source);
    DS_SET(&header, partition, record->partition);
    DS_SET(&header, first_seq, record->seq);
    DS_SET(&header, count, 1);
    DS_SET(&header, rulebook, record->rulebook);
    ds_batch_add(&batch, record->msg);
    ds_batch_seal(&batch, &header);
    ds_event_id(id, record->source, record->partition, record->seq);
    snprintf(what, sizeof what, "event %s %s", id, ds_event_name((int)record->msg->body_case));
    put_prefixed(out, batch.bytes, batch.len, what);
    ds_buf_finish(&batch);
}

static int by_seq(const void *a, const void *b)
{
    const struct record *const *one = a, *const *two = b;

    return (*one)->seq < (*two)->seq ? -1 : (*one)->seq > (*two)->seq;
}

static int write_journal(struct bundle_out *out, const struct proof *proof, enum ds_source source)
{
    const struct archive *archive = proof->archive;
    const struct record **list = calloc(archive->n + 1, sizeof *list);
    char name[BUNDLE_NAME_MAX];
    size_t n = 0;

    if (!list) abort();
    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].source == source) list[n++] = &archive->records[i];
    qsort(list, n, sizeof *list, by_seq);
    snprintf(name, sizeof name, "%s-p%03u.journal", ds_source_name(source), proof->partition);
    begin(out, name);
    put_header(out, proof, source, n ? list[n - 1]->seq : 0);
    for (size_t i = 0; i < n; i++)
        put_event(out, list[i]);
    free(list);
    return end(out);
}

/* ---- texts ---- */

/* In blocks that end with a line, named by the line they begin with. */
static void put_blocks(struct bundle_out *out, const char *text, size_t len, const char *what)
{
    size_t at = 0, line = 1;

    while (at < len) {
        size_t n = len - at < BLOCK_BYTES ? len - at : BLOCK_BYTES;
        const char *stop = memchr(text + at + n - 1, '\n', len - at - n + 1);
        n = stop ? (size_t)(stop - text) - at + 1 : len - at;
        put(out, text + at, n, "%s, line %zu and after", what, line);
        for (size_t i = 0; i < n; i++)
            line += text[at + i] == '\n';
        at += n;
    }
}

static int write_text(struct bundle_out *out, const char *name, const char *text, size_t len,
                      const char *what)
{
    begin(out, name);
    put_blocks(out, text, len, what);
    return end(out);
}

/* ---- versions ---- */

/* The stored bytes: both YAML files as they were activated, then the rows of the time zones. */
static void put_version(struct bundle_out *out, uint32_t number, const uint8_t *bytes, size_t len)
{
    Ds__Version *version = ds__version__unpack(NULL, len, bytes);
    size_t at = 0;
    char what[64];

    for (int i = 0; version && i < 2; i++) {
        const char *text = i == 0 ? version->rulebook : version->directory;
        size_t n = strlen(ds_str(text));
        const uint8_t *begins = n ? memmem(bytes + at, len - at, text, n) : NULL;
        if (!begins) continue;
        size_t before = (size_t)(begins - bytes) - at;
        put(out, bytes + at, before, "version %u", number);
        snprintf(what, sizeof what, "version %u, %s", number,
                 i == 0 ? "rulebook.yaml" : "directory.yaml");
        put_blocks(out, (const char *)begins, n, what);
        at += before + n;
    }
    while (at < len) {
        size_t n = len - at < BLOCK_BYTES ? len - at : BLOCK_BYTES;
        put(out, bytes + at, n, "version %u, time zones", number);
        at += n;
    }
    if (version) ds__version__free_unpacked(version, NULL);
}

static int write_version(struct bundle_out *out, redisContext *redis,
                         const struct ds_version *version)
{
    char name[BUNDLE_NAME_MAX], number[16];
    redisReply *bytes = redisCommand(redis, "GET doorstep:version:%s", version->hash);
    int code;

    snprintf(number, sizeof number, "%u", version->number);
    snprintf(name, sizeof name, "versions/%u-%.12s.version", version->number, version->hash);
    begin(out, name);
    if (bytes && bytes->type == REDIS_REPLY_STRING) {
        put_version(out, version->number, (const uint8_t *)bytes->str, bytes->len);
        code = end(out);
    } else {
        code = cli_fail(out->cli, EXIT_UNAVAILABLE, SAID_VERSION_UNREADABLE, number);
    }
    if (bytes) freeReplyObject(bytes);
    return code;
}

/* ---- all of it ---- */

static int write_chain(struct bundle_out *out, const struct chain *chain)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);

    if (!memory) abort();
    chain_print(memory, chain);
    fclose(memory);
    int code = write_text(out, BUNDLE_CHAIN, text, len, "the chain");
    free(text);
    return code;
}

static int write_manifest(struct bundle_out *out, char ret_seal[BUNDLE_HEX])
{
    char line[256];

    bundle_digest(out->manifest.bytes, out->manifest.len, ret_seal);
    snprintf(line, sizeof line, "seal %s", ret_seal);
    put_line(&out->manifest, line);
    return write_file(out, BUNDLE_MANIFEST, &out->manifest);
}

/* Nothing of an earlier proof must lie among the files of this one. */
static int make_dirs(struct bundle_out *out)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/versions", out->dir);
    if (mkdir(out->dir, 0777) != 0 || mkdir(path, 0777) != 0)
        return errno == EEXIST ? cli_fail(out->cli, EXIT_USAGE, SAID_PROOF_THERE, out->dir)
                               : cli_fail(out->cli, EXIT_USAGE, SAID_FILE, out->dir,
                                          cli_errno(out->cli, errno));
    return EXIT_FINE;
}

static void remove_dir(const char *dir)
{
    DIR *entries = opendir(dir);
    const struct dirent *entry;

    while (entries && (entry = readdir(entries)))
        unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries) closedir(entries);
    rmdir(dir);
}

/* A part of a proof proves nothing, and the next attempt wants a new directory. */
static void remove_all(const struct bundle_out *out)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/versions", out->dir);
    remove_dir(path);
    remove_dir(out->dir);
}

int bundle_write(struct bundle_out *out, redisContext *redis, const struct proof *proof,
                 char ret_seal[BUNDLE_HEX])
{
    char line[DS_KEY_MAX + 32];
    int code = make_dirs(out);

    if (code != EXIT_FINE) return code;
    snprintf(line, sizeof line, "entry %s", proof->key);
    put_line(&out->manifest, BUNDLE_FORMAT);
    put_line(&out->manifest, line);
    for (int s = 1; s < DS_SOURCE_COUNT && code == EXIT_FINE; s++)
        code = write_journal(out, proof, (enum ds_source)s);
    if (code == EXIT_FINE) code = write_chain(out, proof->chain);
    for (int lang = 0; lang < 2 && code == EXIT_FINE; lang++)
        code = write_text(out, lang == DS_EN ? "story.en.txt" : "story.zh.txt", proof->story[lang],
                          strlen(proof->story[lang]), "the story");
    for (size_t v = 0; v < DS_VERSIONS_MAX && code == EXIT_FINE; v++)
        if (proof->archive->versions[v])
            code = write_version(out, redis, proof->archive->versions[v]);
    if (code == EXIT_FINE) code = write_manifest(out, ret_seal);
    if (code != EXIT_FINE) remove_all(out);
    ds_buf_finish(&out->manifest);
    ds_buf_finish(&out->file);
    ds_buf_finish(&out->pieces);
    return code;
}
