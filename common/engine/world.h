/* SPDX-License-Identifier: MIT
 *
 * All services in one process, without Redis, sockets or a clock of its own: time is moved by the
 * caller, every service is brought to rest before the next one in the flow. The same descriptors
 * and sealed batches as in the daemons, so replay, tests and the simulator see what production
 * does. */
#ifndef DS_ENGINE_WORLD_H
#define DS_ENGINE_WORLD_H

#include "engine/door.h"
#include "engine/part.h"

enum { DS_WORLD_SERVICES = 5 };

/* Called for each batch that a service seals with events in it, in the order of sealing. */
typedef void (*ds_world_batch)(void *self, enum ds_source source, uint32_t partition,
                               const uint8_t *bytes, size_t len);

/* A sealed batch that somebody to the right has still to read. */
struct ds_world_frame {
    uint8_t *bytes; /* owned */
    size_t len;
    struct ds_batch_peek peek;
};

struct ds_world_journal {
    struct ds_world_frame *frames; /* owned array */
    uint32_t n;
    uint32_t cap;
    int64_t mark_ms;
    uint64_t tail;
};

struct ds_world {
    uint32_t n_parts;
    int64_t now_ms;
    struct ds_env env;
    const struct ds_service *services[DS_WORLD_SERVICES]; /* flow order; NULL: left out */
    struct ds_part *parts[DS_WORLD_SERVICES];             /* owned arrays */
    struct ds_world_journal *journals[DS_WORLD_SERVICES]; /* owned arrays */
    struct ds_door door;                                  /* intake's, if it is there */
    struct ds_version *versions[DS_VERSIONS_MAX];         /* owned */
    bool with_gaps; /* what is fed is part of the journals: events may lie between two batches */
    struct ds_commit commit;
    ds_world_batch batch;
    void *self;
};

/* services: DS_WORLD_SERVICES of them in flow order, NULL for those whose journals the caller feeds
 * with ds_world_feed instead. batch may be NULL. */
void ds_world_init(struct ds_world *world, const struct ds_service *const *services,
                   uint32_t n_parts, ds_world_batch batch, void *self);
void ds_world_finish(struct ds_world *world);

/* Hands over a compiled version under its number; owned by the world from here on. */
void ds_world_add_version(struct ds_world *world, struct ds_version *version);

/* Takes one command at now_ms (time must have been moved there). The answer is durable at once. */
void ds_world_take(struct ds_world *world, const uint8_t *bytes, size_t len,
                   struct ds_answer *answer);

/* Puts a batch into the journal of a service that was left out. */
void ds_world_feed(struct ds_world *world, const uint8_t *bytes, size_t len,
                   const struct ds_batch_peek *peek);

/* Says how far the journals of the services that were left out are complete. */
void ds_world_feed_mark(struct ds_world *world, int64_t mark_ms);

/* Sets the time without doing anything; never back. */
void ds_world_set_time(struct ds_world *world, int64_t now_ms);

/* Sets the time and brings every service to rest, in flow order. */
void ds_world_advance(struct ds_world *world, int64_t now_ms);

/* Earliest instant at which anything is due; DS_NO_DUE if nothing ever is. Time has to pass it by
 * 1 ms for it to fire. */
int64_t ds_world_next_due(const struct ds_world *world);

#endif
