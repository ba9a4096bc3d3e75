/* SPDX-License-Identifier: MIT */
#include "doorstep/archive.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "rulebook/rulebook.h"
#include "wire/batch.h"

static void free_record(struct record *record)
{
    ds__event__free_unpacked(record->msg, NULL);
    if (record->entry) ds__entry__free_unpacked(record->entry, NULL);
}

void archive_finish(struct archive *archive)
{
    for (size_t i = 0; i < archive->n; i++)
        free_record(&archive->records[i]);
    free(archive->records);
    free(archive->by_seq);
    for (size_t i = 0; i < DS_VERSIONS_MAX && !archive->borrowed_versions; i++)
        ds_version_destroy(archive->versions[i]);
    *archive = (struct archive){0};
}

/* Records have moved, or are about to. */
static void forget_order(struct archive *archive)
{
    free(archive->by_seq);
    archive->by_seq = NULL;
}

static struct record *new_record(struct archive *archive)
{
    if (archive->by_seq) forget_order(archive);
    if (archive->n == archive->cap) {
        archive->cap = archive->cap ? archive->cap * 2 : 1024;
        archive->records = realloc(archive->records, archive->cap * sizeof *archive->records);
        if (!archive->records) abort();
    }
    return &archive->records[archive->n++];
}

/* Takes the event out of the batch, which is freed later. */
static void add(struct archive *archive, const Ds__BatchHeader *header, uint64_t seq,
                uint32_t rulebook, Ds__Event *msg)
{
    struct record *record = new_record(archive);

    *record = (struct record){.source = (enum ds_source)header->source,
                              .partition = header->partition,
                              .seq = seq,
                              .rulebook = rulebook,
                              .msg = msg};
    if (msg->body_case == DS__EVENT__BODY_ENTRY_POSTED)
        record->entry =
            ds__entry__unpack(NULL, msg->entry_posted->entry.len, msg->entry_posted->entry.data);
    if (!archive->wanted || archive->wanted(archive->self, record)) return;
    free_record(record);
    archive->n--;
}

int archive_add_batch(struct archive *archive, const uint8_t *bytes, size_t len)
{
    static struct ds_arena arena;
    struct ds_batch_peek peek;

    if (!arena.bytes) ds_arena_init(&arena, 64 * 1024);
    if (ds_batch_peek(bytes, len, &arena, &peek) != DS_BATCH_FINE) return -1;
    Ds__Batch *batch = ds__batch__unpack(NULL, len, bytes);
    if (!batch) return -1;
    uint32_t rulebook = batch->header->rulebook;
    for (size_t i = 0; i < batch->n_events; i++) {
        const Ds__Event *msg = batch->events[i];
        if (msg->body_case == DS__EVENT__BODY_ACTIVATED) rulebook = msg->activated->number;
        add(archive, batch->header, batch->header->first_seq + i, rulebook, batch->events[i]);
    }
    batch->n_events = 0;
    free(batch->events);
    batch->events = NULL;
    ds__batch__free_unpacked(batch, NULL);
    return 0;
}

void archive_keep(struct archive *archive, bool (*wanted)(void *self, const struct record *record),
                  void *self)
{
    size_t kept = 0;

    forget_order(archive);
    for (size_t i = 0; i < archive->n; i++) {
        if (wanted(self, &archive->records[i]))
            archive->records[kept++] = archive->records[i];
        else
            free_record(&archive->records[i]);
    }
    archive->n = kept;
}

void archive_move(struct archive *archive, struct archive *from, uint32_t sources)
{
    size_t kept = 0;

    forget_order(from);
    for (size_t i = 0; i < from->n; i++) {
        if (sources & 1u << from->records[i].source)
            *new_record(archive) = from->records[i];
        else
            from->records[kept++] = from->records[i];
    }
    from->n = kept;
}

static int compare(const void *a, const void *b)
{
    const struct record *one = a, *two = b;
    int64_t difference = (int64_t)one->partition - (int64_t)two->partition;

    if (difference == 0) difference = one->msg->received_at_ms - two->msg->received_at_ms;
    if (difference == 0) difference = (int64_t)one->source - (int64_t)two->source;
    if (difference == 0) difference = (int64_t)(one->seq - two->seq);
    return difference < 0 ? -1 : difference > 0;
}

/* Journal by journal. */
static int compare_places(const void *a, const void *b)
{
    const struct record *one = *(const struct record *const *)a;
    const struct record *two = *(const struct record *const *)b;

    if (one->partition != two->partition) return one->partition < two->partition ? -1 : 1;
    if (one->source != two->source) return one->source < two->source ? -1 : 1;
    return one->seq < two->seq ? -1 : one->seq > two->seq;
}

void archive_sort(struct archive *archive)
{
    forget_order(archive);
    if (archive->n == 0) return;
    qsort(archive->records, archive->n, sizeof archive->records[0], compare);
    archive->by_seq = malloc(archive->n * sizeof(const struct record *));
    if (!archive->by_seq) abort();
    for (size_t i = 0; i < archive->n; i++)
        archive->by_seq[i] = &archive->records[i];
    qsort(archive->by_seq, archive->n, sizeof archive->by_seq[0], compare_places);
}

static int compare_times(const void *a, const void *b)
{
    const struct record *one = a, *two = b;
    int64_t difference = one->msg->received_at_ms - two->msg->received_at_ms;

    return difference ? (difference < 0 ? -1 : 1) : compare(a, b);
}

void archive_sort_by_time(struct archive *archive)
{
    forget_order(archive);
    if (archive->n == 0) return;
    qsort(archive->records, archive->n, sizeof archive->records[0], compare_times);
}

const struct record *archive_find(const struct archive *archive, uint32_t partition,
                                  enum ds_source source, uint64_t seq)
{
    const struct record wanted = {.source = source, .partition = partition, .seq = seq};
    const struct record *key = &wanted;

    if (archive->by_seq) {
        const struct record **found =
            bsearch(&key, archive->by_seq, archive->n, sizeof archive->by_seq[0], compare_places);
        return found ? *found : NULL;
    }
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->seq == seq && record->source == source && record->partition == partition)
            return record;
    }
    return NULL;
}

const struct record *archive_entry(const struct archive *archive, const char *key)
{
    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].entry && strcmp(ds_str(archive->records[i].entry->key), key) == 0)
            return &archive->records[i];
    return NULL;
}

const struct ds_version *archive_rules(const struct archive *archive)
{
    for (size_t i = DS_VERSIONS_MAX; i-- > 0;)
        if (archive->versions[i]) return archive->versions[i];
    return NULL;
}

const struct ds_version *archive_in_force(const struct archive *archive)
{
    const struct ds_version *version =
        archive->in_force < DS_VERSIONS_MAX ? archive->versions[archive->in_force] : NULL;

    return version ? version : archive_rules(archive);
}

static const int64_t always_ms = 0;
static const int32_t no_offset_s = 0;
const struct ds_zone archive_utc = {"UTC", 1, &always_ms, &no_offset_s};

const struct ds_zone *archive_zone(const struct archive *archive, uint32_t partition)
{
    const struct ds_version *version = archive_rules(archive);

    for (uint32_t i = 0; version && i < version->n_territories; i++)
        if (version->territories[i].partition == partition || partition == UINT32_MAX)
            return version->territories[i].calendar->zone;
    return &archive_utc;
}

size_t archive_chain(const struct archive *archive,
                     void (*broken)(void *self, const struct record *record), void *self)
{
    unsigned char chain[32] = {0};
    uint32_t partition = UINT32_MAX;
    size_t entries = 0;

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->msg->body_case != DS__EVENT__BODY_ENTRY_POSTED) continue;
        const Ds__EntryPosted *posted = record->msg->entry_posted;
        bool good = posted->chain.len == sizeof chain;
        crypto_generichash_state hash;
        if (record->partition != partition) memset(chain, 0, sizeof chain);
        partition = record->partition;
        entries++;
        crypto_generichash_init(&hash, NULL, 0, sizeof chain);
        crypto_generichash_update(&hash, chain, sizeof chain);
        crypto_generichash_update(&hash, posted->entry.data, posted->entry.len);
        crypto_generichash_final(&hash, chain, sizeof chain);
        if (!good || memcmp(posted->chain.data, chain, sizeof chain) != 0 || !record->entry)
            broken(self, record);
        if (good) memcpy(chain, posted->chain.data, sizeof chain);
    }
    return entries;
}
