/* SPDX-License-Identifier: MIT */
#include "doorstep/export_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Why the first write that failed since the last close did so: a disk that is full tells only it.
 */
static int put_errno;

void export_put(FILE *to, const void *bytes, size_t len)
{
    if (fwrite(bytes, 1, len, to) != len && put_errno == 0) put_errno = errno;
}

void export_put_record(FILE *to, const void *bytes, size_t len)
{
    unsigned char prefix[4] = {(unsigned char)len, (unsigned char)(len >> 8),
                               (unsigned char)(len >> 16), (unsigned char)(len >> 24)};

    export_put(to, prefix, sizeof prefix);
    export_put(to, bytes, len);
}

void export_put_header(FILE *to, enum ds_source source, uint32_t partition, uint64_t tail,
                       int64_t mark_ms, const uint64_t applied[DS_SOURCE_COUNT])
{
    Ds__ExportHeader header = DS__EXPORT_HEADER__INIT;
    Ds__Position positions[DS_SOURCE_COUNT], *list[DS_SOURCE_COUNT];
    uint8_t packed[256];

    DS_SET(&header, format, 1);
    DS_SET(&header, source, (Ds__Source__Name)source);
    DS_SET(&header, partition, partition);
    DS_SET(&header, tail, tail);
    DS_SET(&header, mark_ms, mark_ms);
    header.applied = list;
    for (int s = DS_INTAKE; applied && s < (int)source; s++) {
        Ds__Position *position = list[header.n_applied++] = &positions[s];
        ds__position__init(position);
        DS_SET(position, source, (Ds__Source__Name)s);
        DS_SET(position, seq, applied[s]);
    }
    export_put(to, EXPORT_MAGIC, strlen(EXPORT_MAGIC));
    export_put_record(to, packed, ds__export_header__pack(&header, packed));
}

void export_take(struct export_journals *journals, enum ds_source source, uint32_t partition,
                 const uint8_t *bytes, size_t len)
{
    static struct ds_arena arena;
    struct export_journal *journal = &journals->of[source][partition];
    struct ds_batch_peek peek;

    if (!arena.bytes) ds_arena_init(&arena, 64 * 1024);
    if (!journal->file) journal->file = open_memstream(&journal->bytes, &journal->len);
    if (!journal->file) abort();
    if (ds_batch_peek(bytes, len, &arena, &peek) == DS_BATCH_FINE) journal->tail = peek.last;
    export_put_record(journal->file, bytes, len);
}

static int make_dir(struct cli *cli, const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return EXIT_FINE;
    return cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
}

int export_close(struct cli *cli, FILE *file, const char *path)
{
    int wrong = put_errno;

    put_errno = 0;
    if (wrong == 0 && fflush(file) != 0) wrong = errno;
    if (wrong == 0 && ferror(file)) wrong = EIO; /* of what others wrote: nobody knows why */
    /* EINVAL: nothing that can be synced, such as a pipe */
    if (wrong == 0 && fsync(fileno(file)) != 0 && errno != EINVAL) wrong = errno;
    if (fclose(file) != 0 && wrong == 0) wrong = errno;
    if (wrong == 0) return EXIT_FINE;
    return cli_fail(cli, EXIT_INTERNAL, SAID_FILE, path, cli_errno(cli, wrong));
}

int export_write(struct cli *cli, struct export_journals *journals, const char *dir,
                 uint32_t partitions, int64_t mark_ms)
{
    char path[1024];
    int code = make_dir(cli, dir);

    for (int s = 1; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < partitions && code == EXIT_FINE; p++) {
            struct export_journal *journal = &journals->of[s][p];
            snprintf(path, sizeof path, "%s/%s-p%03u.journal", dir,
                     ds_source_name((enum ds_source)s), p);
            FILE *to = fopen(path, "we");
            if (!to) return cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
            if (journal->file) fflush(journal->file);
            export_put_header(to, (enum ds_source)s, p, journal->tail, mark_ms, NULL);
            export_put(to, journal->bytes ? journal->bytes : "", journal->len);
            code = export_close(cli, to, path);
        }
    return code;
}

void export_journals_finish(struct export_journals *journals)
{
    for (int s = 1; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < DS_PARTITIONS_MAX; p++) {
            struct export_journal *journal = &journals->of[s][p];
            if (journal->file) fclose(journal->file);
            free(journal->bytes);
            *journal = (struct export_journal){0};
        }
}

int export_write_version(struct cli *cli, const char *dir, uint32_t number, const char *hash,
                         const void *bytes, size_t len)
{
    char path[1024];
    int code = make_dir(cli, dir);

    snprintf(path, sizeof path, "%s/versions", dir);
    if (code == EXIT_FINE) code = make_dir(cli, path);
    if (code != EXIT_FINE) return code;
    snprintf(path, sizeof path, "%s/versions/%u-%.12s.version", dir, number, hash);
    FILE *to = fopen(path, "we");
    if (!to) return cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
    export_put(to, bytes, len);
    return export_close(cli, to, path);
}
