/* SPDX-License-Identifier: MIT
 *
 * What a service is: a const descriptor. The daemon, replay, the simulator and the tests all run
 * the same descriptors over ds_part, so there is one code path for an event. */
#ifndef DS_ENGINE_SERVICE_H
#define DS_ENGINE_SERVICE_H

#include "domain/codes.h"
#include "domain/event.h"
#include "domain/out.h"
#include "engine/table.h"
#include "proto/commands.pb-c.h"

struct ds_part;
struct ds_fault;
struct ds_version;

/* A command on its way through intake's door: checked in form, not a duplicate. */
struct ds_command {
    const Ds__Command *msg; /* borrowed for the call */
    int64_t now_ms;         /* received at */
    /* what intake says of it */
    uint64_t seq;        /* event recorded for it */
    uint64_t ticket_seq; /* ticket it belongs to, 0 if none */
    bool duplicate;      /* this fact was recorded under another id; seq is the first one's */
};

/* Finds an entity of any partition; the door uses it to route commands that name no territory. */
typedef const struct ds_part *(*ds_part_lookup)(void *self, const char *key);

struct ds_service {
    const char *name; /* "sla-watcher" */
    enum ds_source source;
    uint32_t upstreams; /* bit (1 << enum ds_source) of each journal it reads */
    size_t memory_size; /* derived memory per partition, zeroed at start */

    /* One stored entity was loaded at start: rebuild derived memory from it. False if its bytes
     * are nothing that the service could have stored. */
    bool (*loaded)(struct ds_part *part, const struct ds_entity *entity);

    /* Frees what hangs off derived memory. May be NULL. */
    void (*unloaded)(struct ds_part *part);

    /* Does an event of this type concern the service? The others are passed over without being
     * unpacked. NULL: all do. */
    bool (*concerns)(int type);

    /* An event of an upstream. Emits into out; the engine stamps, packs and numbers. */
    void (*apply)(struct ds_part *part, const struct ds_event *event, struct ds_out *out);

    /* A deadline of an entity has come: `kind`, dated due_ms. Must move or clear that deadline; one
     * that has more to say than fits one step may leave it and is called again at once. */
    void (*fire)(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out);

    /* Intake only: which partition a command belongs to, then what it records there. */
    enum ds_code (*route)(void *lookup_self, ds_part_lookup lookup,
                          const struct ds_version *version, const Ds__Command *command,
                          uint32_t *ret_partition, struct ds_fault *fault);
    enum ds_code (*may_activate)(const struct ds_version *version, const Ds__Command *command,
                                 struct ds_fault *fault);
    enum ds_code (*take)(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                         struct ds_fault *fault);

    /* Intake only: carries on in other partitions (ds_part_step) what partition p handed over in
     * batches that are durable, up to bno. Called each turn; what finds no room waits for the next.
     * The state loaded at start says what was handed over and is not carried on. Returns whether it
     * took a step. */
    bool (*hand_over)(struct ds_part *parts, uint32_t p, uint64_t bno);
};

#endif
