/* SPDX-License-Identifier: MIT
 *
 * The files of an export, from batches that a replay made. */
#ifndef DOORSTEP_EXPORT_WRITE_H
#define DOORSTEP_EXPORT_WRITE_H

#include "doorstep/export_read.h"

void export_put(FILE *to, const void *bytes, size_t len);

/* One record of a file: its length, then its bytes. */
void export_put_record(FILE *to, const void *bytes, size_t len);

/* Closes what was put: 0 if all of it is on the disk, else an exit code with a message. */
int export_close(struct cli *cli, FILE *file, const char *path);

/* What a file begins with. applied: of its upstreams; NULL: all that the other files hold. */
void export_put_header(FILE *to, enum ds_source source, uint32_t partition, uint64_t tail,
                       int64_t mark_ms, const uint64_t applied[DS_SOURCE_COUNT]);

/* Journals in memory until their ends are known. */
struct export_journals {
    struct export_journal {
        FILE *file;
        char *bytes;
        size_t len;
        uint64_t tail;
    } of[DS_SOURCE_COUNT][DS_PARTITIONS_MAX];
};

void export_take(struct export_journals *journals, enum ds_source source, uint32_t partition,
                 const uint8_t *bytes, size_t len);

/* Writes a journal of each service for each partition. mark_ms: how far all of them have come.
 * 0 or an exit code with a message. */
int export_write(struct cli *cli, struct export_journals *journals, const char *dir,
                 uint32_t partitions, int64_t mark_ms);
void export_journals_finish(struct export_journals *journals);

/* A stored version, beside them. */
int export_write_version(struct cli *cli, const char *dir, uint32_t number, const char *hash,
                         const void *bytes, size_t len);

#endif
