/* SPDX-License-Identifier: MIT
 *
 * A part with a tiny service on it, and a notebook of what the service met.
 *
 * tiny_echo   reads intake, dispatcher and survey. Emits one outcome per event, with its subject;
 *             "name*3" emits three. Counts what it has seen of each name in entity K<name>.
 * tiny_timer  reads intake and dispatcher. Ignores events; writes fired deadlines down and clears
 *             them, or does what bench.on_fire says. */
#ifndef DS_TEST_BENCH_H
#define DS_TEST_BENCH_H

#include "call.h"
#include "feed.h"

enum { BENCH_VERSIONS = 8, BENCH_NOTES = 8192 };

#define NONE DS_NO_DUE

struct heard {
    int64_t decided_ms; /* the time as the rules saw it */
    enum ds_event_type type;
    struct ds_ref ref;
    int64_t stamp_ms;
    int64_t at_ms;
    uint32_t rulebook;
    uint32_t in_force; /* by ds_part_rules, while the event was applied */
    char subject[32];
};

struct fired {
    char key[32];
    enum ds_due_kind kind;
    int64_t due_ms;
};

struct bench {
    struct ds_env env;
    struct ds_part part;
    struct ds_commit commit;
    struct call call; /* of commit */
    struct feed feed;
    struct ds_arena arena;
    struct ds_version versions[BENCH_VERSIONS];
    void (*on_fire)(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                    int64_t due_ms, struct ds_out *out);
    uint32_t n_heard;
    struct heard heard[BENCH_NOTES];
    uint32_t n_fired;
    struct fired fired[BENCH_NOTES];
    uint32_t n_loaded;
    uint32_t n_unloaded;
};

extern const struct ds_service tiny_echo;
extern const struct ds_service tiny_timer;

/* A part of partition 7 at epoch 1, time 1000, rulebook 1 in force. */
struct bench *bench_new(const struct ds_service *service);
void bench_free(struct bench *bench);

/* Forgets the part and starts an empty one, like a process that starts again. */
void bench_restart(struct bench *bench);

/* Applies one upstream event at the part's time: the next one of its journal. */
void bench_say(struct bench *bench, enum ds_source source, const char *subject, int64_t stamp_ms);

/* Stores an entity with a text and deadlines. */
void bench_put(struct bench *bench, const char *key, const char *text, int64_t soft_ms,
               int64_t hard_ms, int64_t operational_ms);

/* Text of an entity, or NULL. Valid until the next step. */
const char *bench_text(struct bench *bench, const char *key);

/* Seals and reads the commit into bench->call. */
const struct call *bench_seal(struct bench *bench);

/* Seals, and unpacks what was emitted. Valid until the next one. */
const Ds__Batch *bench_emitted(struct bench *bench);

#endif
