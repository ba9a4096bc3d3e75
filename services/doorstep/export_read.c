/* SPDX-License-Identifier: MIT */
#include "doorstep/export_read.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "rulebook/rulebook.h"

enum { FILE_BYTES_MAX = 1024 * 1024 * 1024 };

void export_finish(struct export *export)
{
    for (size_t i = 0; i < export->n; i++)
        free(export->batches[i].bytes);
    free(export->batches);
    *export = (struct export){0};
}

int export_damaged(struct cli *cli, const char *path, size_t at, const char *en, const char *zh)
{
    return cli_fail(cli, EXIT_REJECTED, SAID_DAMAGED, path, at, cli->lang == DS_ZH ? zh : en);
}

int export_other_version(struct cli *cli, const char *dir, const Ds__Activated *activated,
                         struct ds_version *const *versions)
{
    uint32_t number = activated->number;
    const struct ds_version *version = number < DS_VERSIONS_MAX ? versions[number] : NULL;

    if (!version || strcmp(version->hash, ds_str(activated->hash)) == 0) return EXIT_FINE;
    return cli_fail(cli, EXIT_REJECTED, SAID_VERSION_FOREIGN, dir, number, ds_str(activated->hash));
}

int export_no_version(struct cli *cli, const char *dir, uint32_t number, const char *hash)
{
    return cli_fail(cli, EXIT_REJECTED, SAID_VERSION_MISSING, dir, number, hash ? hash : "*");
}

static void note_place(struct export *export, const Ds__ExportHeader *header)
{
    struct export_place *place = &export->places[header->source][header->partition];

    *place = (struct export_place){.tail = header->tail, .mark_ms = header->mark_ms};
    for (size_t i = 0; i < header->n_applied; i++) {
        int s = (int)header->applied[i]->source;
        if (s >= 0 && s < DS_SOURCE_COUNT) place->applied[s] = header->applied[i]->seq;
    }
    export->alive |= header->n_applied > 0;
}

/* *ret_of: whose it is and which event is its last. */
static int read_header(struct cli *cli, const char *path, const uint8_t *bytes, size_t len,
                       struct export *export, struct ds_batch_peek *ret_of)
{
    Ds__ExportHeader *header = ds__export_header__unpack(NULL, len, bytes);

    if (!header || header->format < 1 || header->format > 2 ||
        header->partition >= DS_PARTITIONS_MAX || (int)header->source < DS_INTAKE ||
        (int)header->source >= DS_SOURCE_COUNT) {
        if (header) ds__export_header__free_unpacked(header, NULL);
        return export_damaged(cli, path, 4, SAID_HEADER);
    }
    export->part |= header->format == 2;
    note_place(export, header);
    if (header->partition + 1 > export->partitions) export->partitions = header->partition + 1;
    ret_of->source = (enum ds_source)header->source;
    ret_of->partition = header->partition;
    ret_of->last = header->tail;
    export->found[header->partition] |= 1u << header->source;
    ds__export_header__free_unpacked(header, NULL);
    return EXIT_FINE;
}

static int read_journal(struct cli *cli, const char *path, const struct export_reader *reader,
                        struct export *export)
{
    size_t len = 0;
    char *text = cli_read_file(cli, path, FILE_BYTES_MAX, &len);
    int code = text ? EXIT_FINE : EXIT_REJECTED;
    size_t at = strlen(EXPORT_MAGIC);
    struct ds_batch_peek of = {0};
    bool first = true;
    uint64_t last = 0;

    if (text && (len < at || memcmp(text, EXPORT_MAGIC, at) != 0))
        code = export_damaged(cli, path, 0, SAID_NO_EXPORT);
    while (code == EXIT_FINE && at < len) {
        const uint8_t *p = (const uint8_t *)text + at;
        if (len - at < 4) code = export_damaged(cli, path, at, SAID_CUT);
        size_t n =
            code ? 0 : (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
        if (!code && n > len - at - 4) code = export_damaged(cli, path, at, SAID_CUT);
        if (code) break;
        code = first ? read_header(cli, path, p + 4, n, export, &of)
                     : reader->batch(reader->self, path, at, p + 4, n, &of, &last);
        first = false;
        at += 4 + n;
    }
    if (code == EXIT_FINE && last != of.last) code = export_damaged(cli, path, at, SAID_CUT);
    free(text);
    return code;
}

static int read_version(struct cli *cli, const char *path, const char *name,
                        const struct export_reader *reader)
{
    unsigned long number = strtoul(name, NULL, 10);
    size_t len = 0;
    char *text = cli_read_file(cli, path, FILE_BYTES_MAX, &len);

    if (!text) return EXIT_REJECTED;
    int code =
        number > 0 && number < DS_VERSIONS_MAX
            ? reader->version(reader->self, path, (uint32_t)number, (const uint8_t *)text, len)
            : cli_fail(cli, EXIT_REJECTED, SAID_NO_VERSION, path);
    free(text);
    return code;
}

bool export_is_journal(const char *path)
{
    char magic[sizeof EXPORT_MAGIC - 1];
    FILE *file = fopen(path, "re");
    bool is = file && fread(magic, 1, sizeof magic, file) == sizeof magic &&
              memcmp(magic, EXPORT_MAGIC, sizeof magic) == 0;

    if (file) fclose(file);
    return is;
}

static bool is_wanted(const char *name, char *const *only, size_t n)
{
    bool wanted = !only;

    for (size_t i = 0; i < n && !wanted; i++) {
        const char *slash = strrchr(only[i], '/');
        wanted = strcmp(slash ? slash + 1 : only[i], name) == 0;
    }
    return wanted;
}

/* Calls for every file of a directory whose name ends in suffix. */
static int each_file(struct cli *cli, const char *dir, char *const *only, size_t n_only,
                     const struct export_reader *reader, struct export *export)
{
    const char *suffix = export ? ".journal" : ".version";
    DIR *entries = opendir(dir);
    struct dirent *entry;
    char path[1024];
    int code = EXIT_FINE;

    if (!entries) return cli_fail(cli, EXIT_REJECTED, SAID_UNREADABLE, dir);
    while (code == EXIT_FINE && (entry = readdir(entries))) {
        size_t n = strlen(entry->d_name), m = strlen(suffix);
        if (n <= m || strcmp(entry->d_name + n - m, suffix) != 0) continue;
        if (!is_wanted(entry->d_name, only, n_only)) continue;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        code = export ? read_journal(cli, path, reader, export)
                      : read_version(cli, path, entry->d_name, reader);
    }
    closedir(entries);
    return code;
}

static int by_order(const void *a, const void *b)
{
    const struct export_batch *one = a, *two = b;

    if (one->last_stamp_ms != two->last_stamp_ms)
        return one->last_stamp_ms < two->last_stamp_ms ? -1 : 1;
    if (one->peek.source != two->peek.source) return one->peek.source < two->peek.source ? -1 : 1;
    return one->peek.first < two->peek.first ? -1 : one->peek.first > two->peek.first;
}

/* From the end: the smallest first stamp of those that follow, less one. */
static void find_complete(struct export *export)
{
    int64_t complete_ms[DS_PARTITIONS_MAX];

    for (uint32_t p = 0; p < DS_PARTITIONS_MAX; p++)
        complete_ms[p] = INT64_MAX;
    for (size_t i = export->n; i-- > 0;) {
        struct export_batch *batch = &export->batches[i];
        int64_t *of_partition = &complete_ms[batch->peek.partition];
        if (batch->peek.source > DS_SURVEY) continue;
        batch->complete_ms = *of_partition;
        if (batch->first_stamp_ms <= *of_partition) *of_partition = batch->first_stamp_ms - 1;
    }
}

/* Names what is not there of a partition that has any; then nothing can be said of the rest. */
static int check_whole(struct cli *cli, const char *dir, const struct export *export)
{
    int code = EXIT_FINE;

    for (uint32_t p = 0; p < export->partitions; p++)
        for (int s = 1; s < DS_SOURCE_COUNT; s++)
            if (export->found[p] && !(export->found[p] & 1u << s))
                code = cli_fail(cli, EXIT_REJECTED, SAID_MISSING, dir,
                                ds_source_name((enum ds_source)s), p);
    return code;
}

int export_each(struct cli *cli, const char *dir, char *const *only, size_t n_only,
                const struct export_reader *reader, struct export *export)
{
    char versions[1024];
    bool any = false;

    *export = (struct export){0};
    snprintf(versions, sizeof versions, "%s/versions", dir);
    int code = each_file(cli, dir, only, n_only, reader, export);
    if (code == EXIT_FINE) code = each_file(cli, versions, NULL, 0, reader, NULL);
    for (uint32_t p = 0; p < export->partitions; p++)
        any |= export->found[p] != 0;
    if (code == EXIT_FINE && !any) code = cli_fail(cli, EXIT_REJECTED, SAID_NO_JOURNALS, dir);
    return code == EXIT_FINE ? check_whole(cli, dir, export) : code;
}

/* ---- all of it ---- */

/* All of it in memory. */
struct reading {
    struct cli *cli;
    struct export *export;
    struct archive *archive;
};

static int add_batch(void *self, const char *path, size_t at, const uint8_t *bytes, size_t len,
                     const struct ds_batch_peek *of, uint64_t *ret_last)
{
    static struct ds_arena arena;
    struct cli *cli = ((struct reading *)self)->cli;
    struct export *export = ((struct reading *)self)->export;
    struct archive *archive = ((struct reading *)self)->archive;
    struct export_batch batch = {.len = len};

    if (!arena.bytes) ds_arena_init(&arena, 64 * 1024);
    enum ds_batch_fault fault = ds_batch_peek(bytes, len, &arena, &batch.peek);
    if (fault != DS_BATCH_FINE)
        return export_damaged(cli, path, at, ds_batch_fault_name(fault), SAID_BATCH_ZH);
    if (batch.peek.partition != of->partition || batch.peek.source != of->source)
        return export_damaged(cli, path, at, SAID_FOREIGN_BATCH);
    bool follows = export->part ? batch.peek.first > *ret_last : batch.peek.first == *ret_last + 1;
    if (!follows) return export_damaged(cli, path, at, SAID_NOT_NEXT);
    size_t before = archive->n;
    if (archive_add_batch(archive, bytes, len) != 0)
        return export_damaged(cli, path, at, SAID_NOT_A_BATCH);
    if (archive->n == before) return export_damaged(cli, path, at, SAID_EMPTY_BATCH);
    batch.first_stamp_ms = archive->records[before].msg->received_at_ms;
    batch.last_stamp_ms = archive->records[archive->n - 1].msg->received_at_ms;
    batch.bytes = malloc(len + 1);
    if (!batch.bytes) abort();
    memcpy(batch.bytes, bytes, len);
    if (export->n == export->cap) {
        export->cap = export->cap ? export->cap * 2 : 256;
        export->batches = realloc(export->batches, export->cap * sizeof *export->batches);
        if (!export->batches) abort();
    }
    export->batches[export->n++] = batch;
    *ret_last = batch.peek.last;
    return EXIT_FINE;
}

static int add_version(void *self, const char *path, uint32_t number, const uint8_t *bytes,
                       size_t len)
{
    static struct ds_problems problems; /* large */
    const struct reading *reading = self;

    if (reading->archive->versions[number])
        return cli_fail(reading->cli, EXIT_REJECTED, SAID_VERSION_TWICE, path, number);
    problems = (struct ds_problems){0};
    reading->archive->versions[number] =
        ds_version_compile(bytes, len, number, DS_PARTITIONS_MAX, &problems);
    if (reading->archive->versions[number]) return EXIT_FINE;
    return cli_fail(reading->cli, EXIT_REJECTED, SAID_NO_VERSION, path);
}

/* A proof holds what its own entry hangs on, and says itself which versions that are. */
static int check_versions(struct cli *cli, const char *dir, const struct archive *archive)
{
    const char *hash = NULL;
    int code = EXIT_FINE;

    for (size_t i = 0; i < archive->n && code == EXIT_FINE; i++)
        if (archive->records[i].msg->body_case == DS__EVENT__BODY_ACTIVATED)
            code = export_other_version(cli, dir, archive->records[i].msg->activated,
                                        archive->versions);
    if (code != EXIT_FINE) return code;
    for (size_t i = 0; i < archive->n; i++) {
        uint32_t number = archive->records[i].rulebook;
        if (number == 0 || (number < DS_VERSIONS_MAX && archive->versions[number])) continue;
        for (size_t j = 0; j < archive->n; j++)
            if (archive->records[j].msg->body_case == DS__EVENT__BODY_ACTIVATED &&
                archive->records[j].msg->activated->number == number)
                hash = archive->records[j].msg->activated->hash;
        return export_no_version(cli, dir, number, hash);
    }
    return EXIT_FINE;
}

int export_read(struct cli *cli, const char *dir, struct export *export, struct archive *archive)
{
    struct reading reading = {cli, export, archive};
    const struct export_reader reader = {add_batch, add_version, &reading};

    int code = export_each(cli, dir, NULL, 0, &reader, export);
    if (code == EXIT_FINE && export->n == 0)
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_JOURNALS, dir);
    if (code == EXIT_FINE && !export->part) code = check_versions(cli, dir, archive);
    if (export->n > 0) qsort(export->batches, export->n, sizeof export->batches[0], by_order);
    find_complete(export);
    return code;
}
