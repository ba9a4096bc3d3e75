/* SPDX-License-Identifier: MIT */
#include "engine/world.h"

#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"

enum { RECEIPTS_MAX = 50 * 1000 * 1000 };

static const struct ds_version *version(void *self, uint32_t number)
{
    const struct ds_world *world = self;

    DS_ASSERT(number < DS_VERSIONS_MAX && world->versions[number]);
    return world->versions[number];
}

static int index_of(enum ds_source source)
{
    return (int)source - DS_INTAKE;
}

void ds_world_init(struct ds_world *world, const struct ds_service *const *services,
                   uint32_t n_parts, ds_world_batch batch, void *self)
{
    *world = (struct ds_world){.n_parts = n_parts, .batch = batch, .self = self};
    ds_env_init(&world->env, version, world);
    for (int s = 0; s < DS_WORLD_SERVICES; s++) {
        world->services[s] = services[s];
        world->journals[s] = calloc(n_parts, sizeof *world->journals[s]);
        if (!world->journals[s]) abort();
        if (!services[s]) continue;
        world->parts[s] = calloc(n_parts, sizeof *world->parts[s]);
        if (!world->parts[s]) abort();
        for (uint32_t p = 0; p < n_parts; p++) {
            ds_part_init(&world->parts[s][p], services[s], &world->env, p);
            world->parts[s][p].epoch = 1;
        }
    }
    if (services[0]) ds_door_init(&world->door, world->parts[0], n_parts, RECEIPTS_MAX);
}

void ds_world_finish(struct ds_world *world)
{
    for (int s = 0; s < DS_WORLD_SERVICES; s++) {
        for (uint32_t p = 0; p < world->n_parts; p++) {
            struct ds_world_journal *journal = &world->journals[s][p];
            for (uint32_t i = 0; i < journal->n; i++)
                free(journal->frames[i].bytes);
            free(journal->frames);
            if (world->services[s]) ds_part_finish(&world->parts[s][p]);
        }
        free(world->journals[s]);
        free(world->parts[s]);
    }
    if (world->services[0]) ds_door_finish(&world->door);
    for (uint32_t i = 0; i < DS_VERSIONS_MAX; i++)
        free(world->versions[i]); /* one block each */
    ds_commit_finish(&world->commit);
    ds_env_finish(&world->env);
}

void ds_world_add_version(struct ds_world *world, struct ds_version *added)
{
    DS_ASSERT(added->number < DS_VERSIONS_MAX && !world->versions[added->number]);
    world->versions[added->number] = added;
}

/* ---- journals ---- */

static void push(struct ds_world_journal *journal, const uint8_t *bytes, size_t len,
                 const struct ds_batch_peek *peek)
{
    if (journal->n == journal->cap) {
        journal->cap = journal->cap ? journal->cap * 2 : 16;
        journal->frames = realloc(journal->frames, journal->cap * sizeof *journal->frames);
        if (!journal->frames) abort();
    }
    struct ds_world_frame *frame = &journal->frames[journal->n++];
    frame->bytes = malloc(len);
    if (!frame->bytes) abort();
    memcpy(frame->bytes, bytes, len);
    frame->len = len;
    frame->peek = *peek;
    journal->tail = peek->last;
}

/* Forgets the batches that every reader has applied. */
static void trim(struct ds_world *world, int s, uint32_t p)
{
    struct ds_world_journal *journal = &world->journals[s][p];
    uint64_t read = UINT64_MAX;
    uint32_t n = 0;

    for (int r = s + 1; r < DS_WORLD_SERVICES; r++) {
        const struct ds_service *reader = world->services[r];
        if (!reader || !(reader->upstreams & 1u << (s + DS_INTAKE))) continue;
        uint64_t position = world->parts[r][p].up[s + DS_INTAKE].position;
        if (position < read) read = position;
    }
    while (n < journal->n && journal->frames[n].peek.last <= read)
        free(journal->frames[n++].bytes);
    if (n == 0) return;
    memmove(journal->frames, journal->frames + n, (journal->n - n) * sizeof *journal->frames);
    journal->n -= n;
}

static void seal(struct ds_world *world, int s, uint32_t p)
{
    struct ds_part *part = &world->parts[s][p];
    struct ds_world_journal *journal = &world->journals[s][p];
    struct ds_batch_peek peek;

    ds_part_seal(part, &world->commit);
    journal->mark_ms = world->commit.mark_ms;
    if (world->commit.batch.len == 0) return;
    const uint8_t *bytes = world->commit.bytes.bytes + world->commit.batch.at;
    enum ds_batch_fault fault =
        ds_batch_peek(bytes, world->commit.batch.len, &world->env.state_arena, &peek);
    DS_ASSERT(fault == DS_BATCH_FINE);
    push(journal, bytes, world->commit.batch.len, &peek);
    if (world->batch)
        world->batch(world->self, (enum ds_source)(s + DS_INTAKE), p, bytes,
                     world->commit.batch.len);
}

/* ---- time ---- */

static void apply_frame(struct ds_world *world, int s, uint32_t p,
                        const struct ds_world_frame *frame)
{
    Ds__Batch *batch;

    for (;;) {
        enum ds_batch_fault fault =
            ds_batch_open_for(frame->bytes, frame->len, world->services[s]->concerns,
                              &world->env.batch_arena, &batch);
        DS_ASSERT(fault == DS_BATCH_FINE);
        if (ds_part_apply(&world->parts[s][p], batch)) return;
        seal(world, s, p);
    }
}

/* Applies what is ready of one upstream; true if anything was. */
static bool apply_upstream(struct ds_world *world, int s, uint32_t p, int up)
{
    struct ds_part *part = &world->parts[s][p];
    const struct ds_world_journal *journal = &world->journals[up][p];
    bool any = false;

    for (uint32_t i = 0; i < journal->n; i++) {
        enum ds_ready ready = ds_part_ready(part, &journal->frames[i].peek);
        DS_ASSERT(ready != DS_GAP);
        if (ready == DS_WAITS) break; /* decided on something that stands in another journal */
        if (ready == DS_OLD) continue;
        apply_frame(world, s, p, &journal->frames[i]);
        any = true;
    }
    ds_part_note_mark(part, (enum ds_source)(up + DS_INTAKE), journal->tail, journal->mark_ms);
    return any;
}

static void apply_all(struct ds_world *world, int s, uint32_t p)
{
    bool any;

    do {
        any = false;
        for (int up = 0; up < s; up++)
            if (world->services[s]->upstreams & 1u << (up + DS_INTAKE))
                any |= apply_upstream(world, s, p, up);
    } while (any);
}

static void rest(struct ds_world *world, int s, uint32_t p)
{
    struct ds_part *part = &world->parts[s][p];

    part->now_ms = world->now_ms;
    apply_all(world, s, p);
    while (ds_part_fire(part, UINT32_MAX, true, NULL, NULL) > 0 && !ds_part_room(part))
        seal(world, s, p);
    if (ds_part_pending(part))
        seal(world, s, p);
    else
        world->journals[s][p].mark_ms = ds_part_joint_mark(part);
}

void ds_world_set_time(struct ds_world *world, int64_t now_ms)
{
    DS_ASSERT(now_ms >= world->now_ms);
    world->now_ms = now_ms;
    if (!world->services[0]) return;
    for (uint32_t p = 0; p < world->n_parts; p++)
        world->parts[0][p].now_ms = now_ms;
}

/* What is sealed is durable here: carried on at once, as the daemon would after its commit. */
static void hand_over(struct ds_world *world, int s)
{
    struct ds_part *parts = world->parts[s];

    for (uint32_t p = 0; p < world->n_parts; p++)
        world->services[s]->hand_over(parts, p, parts[p].bno);
    for (uint32_t p = 0; p < world->n_parts; p++)
        if (ds_part_pending(&parts[p])) seal(world, s, p);
}

void ds_world_advance(struct ds_world *world, int64_t now_ms)
{
    ds_world_set_time(world, now_ms);
    for (int s = 0; s < DS_WORLD_SERVICES; s++) {
        for (uint32_t p = 0; world->services[s] && p < world->n_parts; p++)
            rest(world, s, p);
        if (world->services[s] && world->services[s]->hand_over) hand_over(world, s);
    }
    for (int s = 0; s < DS_WORLD_SERVICES; s++)
        for (uint32_t p = 0; p < world->n_parts; p++)
            trim(world, s, p);
}

int64_t ds_world_next_due(const struct ds_world *world)
{
    int64_t next_ms = DS_NO_DUE;

    for (int s = 0; s < DS_WORLD_SERVICES; s++)
        for (uint32_t p = 0; world->services[s] && p < world->n_parts; p++) {
            int64_t due_ms = ds_part_next_due(&world->parts[s][p]);
            if (due_ms < next_ms) next_ms = due_ms;
        }
    return next_ms;
}

/* ---- what comes in ---- */

void ds_world_take(struct ds_world *world, const uint8_t *bytes, size_t len,
                   struct ds_answer *answer)
{
    ds_door_take(&world->door, bytes, len, world->now_ms, NULL, answer);
    /* a full batch is sealed at once, as the daemon would */
    struct ds_part *part = &world->parts[0][answer->partition];
    if (!ds_part_room(part)) seal(world, 0, answer->partition);
}

void ds_world_feed(struct ds_world *world, const uint8_t *bytes, size_t len,
                   const struct ds_batch_peek *peek)
{
    push(&world->journals[index_of(peek->source)][peek->partition], bytes, len, peek);
}

void ds_world_feed_mark(struct ds_world *world, int64_t mark_ms)
{
    for (int s = 0; s < DS_WORLD_SERVICES; s++)
        for (uint32_t p = 0; !world->services[s] && p < world->n_parts; p++)
            world->journals[s][p].mark_ms = mark_ms;
}
