/* SPDX-License-Identifier: MIT
 *
 * The raw limit of everything that looks back: journals of an export, read and unpacked, nothing
 * decided. bench_decode FILE.journal... prints the events. */
#include <stdio.h>
#include <stdlib.h>

#include "wire/batch.h"

static uint64_t decode(const uint8_t *bytes, size_t len, struct ds_arena *arena)
{
    uint64_t events = 0;
    bool first = true; /* the header of the file */

    for (size_t at = 4; at + 4 <= len;) {
        size_t n = (size_t)bytes[at] | (size_t)bytes[at + 1] << 8 | (size_t)bytes[at + 2] << 16 |
                   (size_t)bytes[at + 3] << 24;
        Ds__Batch *batch;
        if (n > len - at - 4) abort();
        if (!first && ds_batch_open(bytes + at + 4, n, arena, &batch) != DS_BATCH_FINE) abort();
        if (!first) events += batch->n_events;
        first = false;
        at += 4 + n;
    }
    return events;
}

int main(int argc, char *argv[])
{
    struct ds_arena arena;
    uint64_t events = 0;

    ds_arena_init(&arena, DS_BATCH_ARENA);
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (!file || fseek(file, 0, SEEK_END) != 0) abort();
        size_t len = (size_t)ftell(file);
        uint8_t *bytes = malloc(len + 1);
        rewind(file);
        if (!bytes || fread(bytes, 1, len, file) != len) abort();
        fclose(file);
        events += decode(bytes, len, &arena);
        free(bytes);
    }
    ds_arena_finish(&arena);
    printf("%llu\n", (unsigned long long)events);
    return 0;
}
