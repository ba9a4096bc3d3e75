/* SPDX-License-Identifier: MIT
 *
 * Journal entries and frames of the bus. The input gets a good checksum, else hardly any would come
 * further than that; what is read is the same in all three ways of reading. */
#include "fuzz.h"
#include "wire/batch.h"

static bool no_event(int type)
{
    (void)type;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct ds_arena arena, other;
    struct ds_batch_peek peek;
    Ds__Batch *batch = NULL, *few = NULL;
    uint32_t crc = ds_crc32c(0, bytes, len);
    uint8_t tail[] = {15 << 3 | 5, (uint8_t)crc, (uint8_t)(crc >> 8), (uint8_t)(crc >> 16),
                      (uint8_t)(crc >> 24)};
    uint8_t *frame = malloc(len + sizeof tail);

    FUZZ_MUST(frame);
    if (!arena.bytes) ds_arena_init(&arena, DS_BATCH_ARENA);
    if (!other.bytes) ds_arena_init(&other, DS_BATCH_ARENA);
    if (len > 0) memcpy(frame, bytes, len);
    ds_batch_open(bytes, len, &arena, &batch); /* as it came */
    memcpy(frame + len, tail, sizeof tail);
    enum ds_batch_fault whole = ds_batch_open(frame, len + sizeof tail, &arena, &batch);
    if (whole == DS_BATCH_FINE) {
        FUZZ_MUST(ds_batch_open_for(frame, len + sizeof tail, no_event, &other, &few) ==
                  DS_BATCH_FINE);
        FUZZ_MUST(few->n_events == batch->n_events);
        FUZZ_MUST(batch->header->count == batch->n_events);
        FUZZ_MUST(ds_batch_peek(frame, len + sizeof tail, &other, &peek) == DS_BATCH_FINE);
        FUZZ_MUST(peek.first == batch->header->first_seq);
    } else {
        ds_batch_open_for(frame, len + sizeof tail, no_event, &other, &few);
        ds_batch_peek(frame, len + sizeof tail, &other, &peek);
    }
    free(frame);
    return 0;
}
