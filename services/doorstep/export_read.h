/* SPDX-License-Identifier: MIT
 *
 * Directories made by `doorstep export`: one <service>-p007.journal a journal, versions/ beside
 * them.
 */
#ifndef DOORSTEP_EXPORT_READ_H
#define DOORSTEP_EXPORT_READ_H

#include "doorstep/cli.h"
#include "wire/batch.h"

#define EXPORT_MAGIC "DSJ1"

struct export_batch {
    uint8_t *bytes; /* owned */
    size_t len;
    struct ds_batch_peek peek;
    int64_t first_stamp_ms;
    int64_t last_stamp_ms;
    /* Of intake, dispatcher and survey: once the batches up to this one have been fed, everything
     * at or before this instant has been. However long a batch spans. */
    int64_t complete_ms;
};

struct export
{
    uint32_t partitions;
    bool part;                    /* of the journals: only the events that something hangs on */
    struct export_batch *batches; /* owned; by last stamp, then flow order, then sequence */
    size_t n;
    size_t cap;
    struct export_place {
        uint64_t tail;
        int64_t mark_ms;
        uint64_t applied[DS_SOURCE_COUNT]; /* of its upstreams, when it was exported */
    } places[DS_SOURCE_COUNT][DS_PARTITIONS_MAX];
    bool alive; /* places say what was applied: while services ran, journals end at odds */
    uint32_t found[DS_PARTITIONS_MAX]; /* journals of each: bits 1 << enum ds_source */
};

/* What becomes of the files' content. */
struct export_reader {
    /* A batch of the journal `of`, at a place of a file. *ret_last: its last event. 0 or an exit
     * code with a message. */
    int (*batch)(void *self, const char *path, size_t at, const uint8_t *bytes, size_t len,
                 const struct ds_batch_peek *of, uint64_t *ret_last);
    /* A stored version. 0 or an exit code with a message. */
    int (*version)(void *self, const char *path, uint32_t number, const uint8_t *bytes, size_t len);
    void *self;
};

/* Is it a file of an export, by what it begins with? */
bool export_is_journal(const char *path);

/* Reads a directory file by file; *export then says what was there, and holds no batches. only:
 * paths of n_only journals in it, the others are passed over; NULL: all. */
int export_each(struct cli *cli, const char *dir, char *const *only, size_t n_only,
                const struct export_reader *reader, struct export *export);

/* Is the version of that number the one that was activated? 0, or an exit code with a message. */
int export_other_version(struct cli *cli, const char *dir, const Ds__Activated *activated,
                         struct ds_version *const *versions);

/* Names the version that events of the directory go by and whose file is not there; hash: as its
 * activation says, NULL if that is not there either. Returns an exit code. */
int export_no_version(struct cli *cli, const char *dir, uint32_t number, const char *hash);

/* "file: byte: what is wrong with it", as code. */
int export_damaged(struct cli *cli, const char *path, size_t at, const char *en, const char *zh);

/* Reads everything: batches into export, all events and versions also into archive.
 * 0 or an exit code; export_finish in any case. */
int export_read(struct cli *cli, const char *dir, struct export *export, struct archive *archive);
void export_finish(struct export *export);

#endif
