/* SPDX-License-Identifier: MIT
 *
 * One service's work on one partition, without any I/O: live state, positions in the upstream
 * journals, deadlines, and the batch that is being collected. Whoever runs it brings events and
 * time in, and takes sealed batches out to be made durable. Memory runs ahead of what is durable by
 * at most the sealed and the pending batch and is never rolled back. */
#ifndef DS_ENGINE_PART_H
#define DS_ENGINE_PART_H

#include "domain/version.h"
#include "engine/service.h"
#include "proto/state.pb-c.h"
#include "wire/arena.h"
#include "wire/batch.h"
#include "wire/buf.h"

/* What a part borrows from whoever runs it; one for all parts of a process. */
struct ds_env {
    const struct ds_version *(*version)(void *self, uint32_t number); /* never NULL for a number
                                                                        that stands in a journal */
    /* Ends the process, saying which stored entity is wrong and why; NULL: aborts. */
    void (*corrupt)(void *self, uint32_t partition, const char *key, const char *why);
    void *self;
    struct ds_arena batch_arena; /* the upstream batch at hand */
    struct ds_arena state_arena; /* entities unpacked for the event at hand */
    struct ds_out out;
};
void ds_env_init(struct ds_env *env, const struct ds_version *(*version)(void *, uint32_t),
                 void *self);
void ds_env_finish(struct ds_env *env);

struct ds_upstream {
    uint64_t position; /* last event applied (memory; the durable checkpoint lags behind) */
    int64_t mark_ms;   /* every event not yet applied has a later stamp */
};

struct ds_part {
    const struct ds_service *service;
    struct ds_env *env;
    uint32_t partition;
    void *memory;          /* the service's derived memory; owned */
    uint32_t entities_max; /* bound on live entities; 0: none. Intake refuses beyond it */

    struct ds_table table;
    struct ds_upstream up[DS_SOURCE_COUNT];
    uint64_t epoch;
    uint64_t bno;  /* last sealed batch */
    uint64_t tail; /* last event emitted, pending ones included */
    int64_t last_stamp_ms;
    int64_t mark_ms;   /* as last sealed */
    uint32_t rulebook; /* number in force; 0 = none yet */
    int64_t now_ms;    /* one reading per cycle */
    bool held;         /* the clock is in doubt: the mark stands still */

    /* pending */
    struct ds_buf batch;
    uint32_t batch_count;
    uint32_t batch_rulebook;  /* in force at its first event */
    struct ds_entity **dirty; /* owned array */
    uint32_t n_dirty;
    uint32_t dirty_cap;
    struct ds_buf receipts;
    bool changed; /* state, receipts or rulebook changed: worth a commit */
    bool moved;   /* positions or marks moved: worth a tick now and then */
};

void ds_part_init(struct ds_part *part, const struct ds_service *service, struct ds_env *env,
                  uint32_t partition);
void ds_part_finish(struct ds_part *part);

/* ---- for services ---- */

/* Unpacks an entity into the env's state arena, which lives until the next event or deadline.
 * NULL if there is no such entity, or (unpack) if its bytes are no such message: only while it is
 * loaded, afterwards it is known to be sound. */
void *ds_part_get(struct ds_part *part, const char *key, const ProtobufCMessageDescriptor *type);
void *ds_part_unpack(struct ds_part *part, const struct ds_entity *entity,
                     const ProtobufCMessageDescriptor *type);

/* Stored entities that do not fit each other: the service must not go on. */
void ds_part_corrupt(struct ds_part *part, const char *key, const char *why)
    __attribute__((noreturn));
bool ds_part_has(const struct ds_part *part, const char *key);

/* Stores an entity with its deadlines (NULL: none). The message's own fields 1..3 stay unset; the
 * engine writes them. */
void ds_part_put(struct ds_part *part, const char *key, const ProtobufCMessage *state,
                 const struct ds_dues *dues);
void ds_part_delete(struct ds_part *part, const char *key);

/* Is the bound on live entities reached? */
bool ds_part_full(const struct ds_part *part);

/* Rules in force here now, and rules of a number; never NULL once a rulebook is active. */
const struct ds_version *ds_part_rules(const struct ds_part *part);
const struct ds_version *ds_part_rules_of(const struct ds_part *part, uint32_t number);

/* Sequence number that the n-th event (from 0) of this step's out will get. */
uint64_t ds_part_seq_of(const struct ds_part *part, uint32_t n);

/* ---- for whoever runs it ---- */

/* Loads one stored entity; score_ms is its entry in `due` (DS_NO_DUE: none).
 * Returns NULL, or what is wrong with it. */
const char *ds_part_load(struct ds_part *part, const char *key, const uint8_t *bytes, size_t len,
                         int64_t score_ms);

/* Can this batch be applied now? Its first event follows the position (or overlaps it), and all
 * that it was decided on has been applied here. */
enum ds_ready { DS_READY, DS_OLD, DS_GAP, DS_WAITS };
enum ds_ready ds_part_ready(const struct ds_part *part, const struct ds_batch_peek *batch);

/* Applies the events of a ready batch that lie after the position, as long as the pending batch has
 * room. Returns true when all are applied; else it is to be called again after a seal. */
bool ds_part_apply(struct ds_part *part, const Ds__Batch *batch);

/* Applies one event of a journal whatever the position: for what was left out before. */
void ds_part_apply_one(struct ds_part *part, enum ds_source source, uint64_t seq,
                       const Ds__Event *msg, uint32_t rulebook);

/* Has the pending batch room for another step? */
bool ds_part_room(const struct ds_part *part);

/* An upstream says that every event after seq has a stamp above mark_ms. */
void ds_part_note_mark(struct ds_part *part, enum ds_source source, uint64_t seq, int64_t mark_ms);

/* Smallest mark of the upstreams; intake, having none, answers now - 1. */
int64_t ds_part_joint_mark(const struct ds_part *part);

/* Fires at most max deadlines, earliest (due, key) first, as long as the pending batch has room.
 * operational = the door is open. late (may be NULL) is called with rule ms between due and firing.
 * Returns how many fired. */
uint32_t ds_part_fire(struct ds_part *part, uint32_t max, bool operational,
                      void (*late)(void *self, int64_t late_ms), void *self);

/* Earliest instant at which anything could fire if time alone passed; DS_NO_DUE if none. */
int64_t ds_part_next_due(const struct ds_part *part);

/* One step that nothing from outside asked for (see hand_over), stamped no earlier than its cause.
 */
void ds_part_step(struct ds_part *part, int64_t cause_ms,
                  void (*step)(void *self, struct ds_part *part, struct ds_out *out), void *self);

/* Intake only: takes one routed command. */
enum ds_code ds_part_take(struct ds_part *part, struct ds_command *command, struct ds_fault *fault);

/* Intake only: puts version `number` in force from here on; one that waited is dropped. command:
 * the one that asked for it, or NULL when an activation is completed at start. */
void ds_part_activate(struct ds_part *part, const Ds__Command *command, const char *hash,
                      uint32_t number);

/* Intake only: lets a version wait for its day; one that waited before is dropped. */
void ds_part_schedule(struct ds_part *part, const Ds__Command *command,
                      const Ds__WaitingVersion *version);

/* Version that waits for its day, in the state arena; NULL: none. */
const Ds__WaitingVersion *ds_part_waiting(struct ds_part *part);

/* Puts the version that waits in force if its day has come. */
void ds_part_come_into_force(struct ds_part *part);

/* ---- commit ---- */

struct ds_slice {
    uint32_t at;
    uint32_t len;
};

/* A sealed batch: immutable, resent byte for byte until the store has it. */
struct ds_commit {
    uint32_t partition;
    uint64_t bno;
    uint64_t first; /* first and last event; last = first - 1 when there is none */
    uint64_t last;
    int64_t mark_ms;
    struct ds_buf bytes;   /* all arguments, one after the other */
    struct ds_slice *args; /* owned array */
    uint32_t n_args;
    uint32_t args_cap;
    struct ds_slice batch; /* the journal entry inside bytes; len 0 = no events */
};

enum { DS_ARG_EPOCH, DS_ARG_BNO, DS_ARG_CRC, DS_ARG_FIRST, DS_ARG_LAST, DS_ARG_BATCH };

bool ds_part_pending(const struct ds_part *part); /* anything worth a commit of its own? */
size_t ds_part_pending_bytes(const struct ds_part *part);

/* Seals what is pending (or just positions and mark) into *commit, whose buffers are reused.
 * Afterwards the part collects the next batch. */
void ds_part_seal(struct ds_part *part, struct ds_commit *commit);
void ds_commit_finish(struct ds_commit *commit);

#endif
