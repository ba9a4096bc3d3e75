/* SPDX-License-Identifier: MIT
 *
 * Events in memory, for looking back: everything that journals hold, with where it stands. Filled
 * from Redis, from an export, or by a replay as it runs. */
#ifndef DOORSTEP_ARCHIVE_H
#define DOORSTEP_ARCHIVE_H

#include "domain/event.h"
#include "domain/version.h"
#include "proto/envelope.pb-c.h"

struct record {
    enum ds_source source;
    uint32_t partition;
    uint64_t seq;
    uint32_t rulebook; /* in force when it was said */
    Ds__Event *msg;    /* owned by the archive */
    Ds__Entry *entry;  /* of an EntryPosted: the unpacked line; NULL otherwise */
};

struct archive {
    struct record *records; /* owned */
    size_t n;
    size_t cap;
    const struct record **by_seq; /* owned; as archive_find looks, NULL: not sorted yet */
    struct ds_version *versions[DS_VERSIONS_MAX]; /* by number; owned unless borrowed */
    bool borrowed_versions;
    uint32_t in_force; /* number of the version by which is decided now; 0: not known */
    /* What is taken of a batch; NULL: everything. Memory then holds one batch and what is wanted.
     */
    bool (*wanted)(void *self, const struct record *record);
    void *self;
};

void archive_finish(struct archive *archive);

/* Takes all events of a batch. Returns 0, or -1 if the bytes are no good batch. */
int archive_add_batch(struct archive *archive, const uint8_t *bytes, size_t len);

/* Keeps of what is there only what is wanted. */
void archive_keep(struct archive *archive, bool (*wanted)(void *self, const struct record *record),
                  void *self);

/* Takes over the events of some sources (bits 1 << enum ds_source) from another archive. */
void archive_move(struct archive *archive, struct archive *from, uint32_t sources);

/* Sorts by (partition, stamp, flow order, seq): the order in which things happened. */
void archive_sort(struct archive *archive);

/* As they came to be known, whatever the partition; for showing. */
void archive_sort_by_time(struct archive *archive);

/* Record of an event; NULL if it is not here. Quick after archive_sort. */
const struct record *archive_find(const struct archive *archive, uint32_t partition,
                                  enum ds_source source, uint64_t seq);

/* The ledger's event that booked this key; NULL. */
const struct record *archive_entry(const struct archive *archive, const char *key);

/* Walks the hash chains of the ledger, one per partition. Calls `broken` for each entry whose chain
 * value does not follow from the one before, and goes on from the stored value. Returns how many
 * entries there are. */
size_t archive_chain(const struct archive *archive,
                     void (*broken)(void *self, const struct record *record), void *self);

/* Instant that the clocks go by. */
int64_t record_at_ms(const struct record *record);

/* Newest version; NULL if none is known. */
const struct ds_version *archive_rules(const struct archive *archive);

/* The version in force; a newer one may wait for its day, or have been withdrawn. Newest if it is
 * not known; NULL if none is. */
const struct ds_version *archive_in_force(const struct archive *archive);

/* Zone of local time where this partition's territory is (UINT32_MAX: any); UTC if it is not known.
 * One of the newest rules. */
extern const struct ds_zone archive_utc;
const struct ds_zone *archive_zone(const struct archive *archive, uint32_t partition);

#endif
