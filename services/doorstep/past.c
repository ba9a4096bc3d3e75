/* SPDX-License-Identifier: MIT */
#include "doorstep/past.h"

#include <stdlib.h>
#include <string.h>

#include "penalty-ledger/ledger.h"
#include "rulebook/rulebook.h"
#include "sla-watcher/watch.h"
#include "wire/batch.h"

enum {
    ARENA_BYTES = 32 * 1024 * 1024,
    ARENA_FOR_ONE = 6, /* a batch unpacks into so many times its bytes (DS_BATCH_ARENA) */
    EVENTS_AT_FIRST = 4096,
};

/* Reports of the day and of the week cost nothing, whatever their clocks say. */
static bool concerns(int type)
{
    if (type == DS_EV_DAY_REPORTED || type == DS_EV_WEEKLY_SUBMITTED) return false;
    return watcher_service.concerns(type) || ledger_service.concerns(type);
}

static bool rejudged(int type)
{
    return type == DS_EV_REJUDGED;
}

static bool told_so_far(int type)
{
    return rejudged(type) || type == DS_EV_JUDGED || type == DS_EV_VISITS_FINAL;
}

static bool nothing(int type)
{
    (void)type;
    return false;
}

static struct ds_arena *room_for(struct past *past, size_t len)
{
    size_t want = ARENA_FOR_ONE * len + 64 * 1024;
    struct ds_arena *last = past->n_arenas ? past->arenas[past->n_arenas - 1] : NULL;

    if (last && last->size - last->used >= want) return last;
    past->arenas = realloc(past->arenas, (past->n_arenas + 1) * sizeof(struct ds_arena *));
    struct ds_arena *arena = malloc(sizeof *arena);
    if (!past->arenas || !arena) abort();
    ds_arena_init(arena, want > ARENA_BYTES ? want : ARENA_BYTES);
    past->arenas[past->n_arenas++] = arena;
    return arena;
}

static void push(struct happened_list *list, const struct happened *happened)
{
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : EVENTS_AT_FIRST;
        list->list = realloc(list->list, list->cap * sizeof list->list[0]);
        if (!list->list) abort();
    }
    list->list[list->n++] = *happened;
}

/* Numbers of versions and events index tables: a file that anybody may have written does not choose
 * how far. */
static bool in_bounds(const Ds__Batch *batch, enum ds_source source)
{
    const Ds__BatchHeader *header = batch->header;

    if (header->rulebook >= DS_VERSIONS_MAX) return false;
    for (size_t i = 0; i < batch->n_events; i++) {
        const Ds__Event *msg = batch->events[i];
        if (!msg || msg->body_case != DS__EVENT__BODY_ACTIVATED) continue;
        if (source != DS_INTAKE || msg->activated->number >= DS_VERSIONS_MAX) return false;
    }
    return true;
}

/* A journal begins with its first event and has no gap: what is missing was taken out, what comes
 * twice was put in. */
static bool follows(struct past *past, const Ds__BatchHeader *header)
{
    uint64_t *end = &past->ends[header->source][header->partition];

    if (header->first_seq != *end + 1) return false;
    *end += header->count;
    return true;
}

static int take_events(struct past *past, enum ds_source source, uint32_t partition,
                       const uint8_t *bytes, size_t len, uint64_t *ret_last)
{
    struct ds_arena *arena = room_for(past, len);
    size_t used = arena->used;
    bool any = false;
    bool (*const of_watcher)(int) = past->alive ? told_so_far : rejudged;
    bool (*const wanted)(int) = source <= DS_SURVEY    ? concerns
                                : source == DS_WATCHER ? of_watcher
                                                       : nothing;
    Ds__Batch *batch;

    if (ds_batch_open_more(bytes, len, wanted, arena, &batch) != DS_BATCH_FINE) return -1;
    const Ds__BatchHeader *header = batch->header;
    if ((enum ds_source)header->source != source || header->partition != partition) return -1;
    if (!in_bounds(batch, source) || !follows(past, header)) return -1;
    struct happened one = {.rulebook = header->rulebook};
    for (size_t i = 0; i < batch->n_events; i++) {
        one.msg = batch->events[i];
        if (!one.msg || source > DS_WATCHER) continue;
        if (source == DS_WATCHER && !rejudged((int)one.msg->body_case)) {
            past_told(&past->parts[partition], one.msg, header->mark_ms);
            continue;
        }
        if (one.msg->body_case == DS__EVENT__BODY_ACTIVATED)
            one.rulebook = one.msg->activated->number;
        one.seq = header->first_seq + i;
        one.type = (int)one.msg->body_case;
        one.stamp_ms = one.msg->received_at_ms;
        push(&past->parts[partition].of[source], &one);
        any = true;
    }
    if (source >= DS_WATCHER) past_stand_of(&past->parts[partition].stands[source], header);
    past->events += batch->n_events;
    if (source <= DS_SURVEY) past->judged += batch->n_events;
    *ret_last = header->first_seq + header->count - 1;
    if (!any) arena->used = used;
    return 0;
}

int past_take(struct past *past, enum ds_source source, uint32_t partition, const uint8_t *bytes,
              size_t len, uint64_t *ret_last)
{
    if (partition >= past->partitions) {
        uint32_t n = partition + 1;
        past->parts = realloc(past->parts, n * sizeof past->parts[0]);
        if (!past->parts) abort();
        memset(past->parts + past->partitions, 0, (n - past->partitions) * sizeof past->parts[0]);
        past->partitions = n;
    }
    if (take_events(past, source, partition, bytes, len, ret_last) != 0) return -1;
    return source == DS_LEDGER ? archive_add_batch(&past->recorded, bytes, len) : 0;
}

void past_finish(struct past *past)
{
    for (uint32_t p = 0; p < past->partitions; p++) {
        for (int s = 0; s <= DS_WATCHER; s++)
            free(past->parts[p].of[s].list);
        for (int s = 0; s < DS_SOURCE_COUNT; s++)
            free(past->parts[p].stands[s].list);
        free(past->parts[p].told_ms);
    }
    free(past->parts);
    for (size_t i = 0; i < past->n_arenas; i++) {
        ds_arena_finish(past->arenas[i]);
        free(past->arenas[i]);
    }
    free(past->arenas);
    for (uint32_t v = 0; v < DS_VERSIONS_MAX; v++)
        free(past->directories[v]);
    archive_finish(&past->recorded);
    if (past->play) replay_play_finish(past->play);
    free(past->play);
    *past = (struct past){0};
}
