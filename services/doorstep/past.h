/* SPDX-License-Identifier: MIT
 *
 * What happened, as far as it matters for money: of intake's, dispatcher's and survey's events
 * those that the watcher or the ledger looks at, unpacked once and kept; and what the ledger made
 * of them. From an export, from a running installation, or from a file of commands that is replayed
 * first. */
#ifndef DOORSTEP_PAST_H
#define DOORSTEP_PAST_H

#include "doorstep/cli.h"
#include "doorstep/replay_play.h"
#include "wire/arena.h"

struct happened {
    const Ds__Event *msg;
    int64_t stamp_ms;
    uint64_t seq;
    uint32_t rulebook;
    int type; /* enum ds_event_type, so that most are passed by without a look at msg */
};

struct happened_list {
    struct happened *list; /* owned; by number, and so by stamp */
    size_t n;
    size_t cap;
};

/* Where a service stood: behind a batch, or when it was asked. */
struct past_stand {
    uint64_t tail;
    int64_t mark_ms;
    uint64_t applied[DS_SOURCE_COUNT];
    bool full; /* the batch had no room for all that was to be said at its instant */
};

struct past_stands {
    struct past_stand *list; /* owned; by tail */
    size_t n;
    size_t cap;
};

struct past_partition {
    struct happened_list of[DS_WATCHER + 1]; /* by enum ds_source; of the watcher only when it
                                                judged something again */
    int64_t mark_ms;                         /* as far as the watcher had come */
    uint64_t watched[DS_SOURCE_COUNT];       /* the last events that it had applied */
    uint64_t booked;                         /* the ledger's last event */
    int64_t *told_ms; /* owned; of a running one: up to when each ticket's verdicts were said */
    uint64_t n_told;
    struct past_stands stands[DS_SOURCE_COUNT]; /* of watcher and ledger: behind each batch */
    struct past_stand now[DS_SOURCE_COUNT];     /* of both: when their journals were read */
};

struct past {
    struct cli *cli;
    const char *name; /* file, directory; "" for the running installation */
    uint32_t partitions;
    struct past_partition *parts;       /* owned */
    struct archive recorded;            /* the ledger's lines and answers, and all versions */
    char *directories[DS_VERSIONS_MAX]; /* owned: text of each version's directory */
    bool unbooked; /* of commands whose outcome hangs on no book: nothing of the ledger is here */
    bool alive;    /* services run: journals end at odds */
    uint64_t ends[DS_SOURCE_COUNT][DS_PARTITIONS_MAX]; /* of each journal: the last event taken */
    int64_t until_ms;                                  /* as far as anything is known of it */
    uint64_t events;                                   /* read, of all journals */
    uint64_t judged;          /* of those the watcher and the ledger go by */
    struct ds_arena **arenas; /* owned */
    size_t n_arenas;
    struct replay_play *play; /* owned; of a file of commands: its versions live there */
};

/* Takes one batch. 0, or -1 if it is no good batch. */
int past_take(struct past *past, enum ds_source source, uint32_t partition, const uint8_t *bytes,
              size_t len, uint64_t *ret_last);

/* ---- past_cut.c ---- */

/* Lets every partition end where its ledger stands; its stands must be there. */
void past_cut(struct past *past);
/* Everything there is was applied by everybody. */
void past_whole(struct past *past);
void past_stand(struct past_stands *stands, const struct past_stand *stand);
void past_stand_of(struct past_stands *stands, const Ds__BatchHeader *header);

/* The watcher waits with verdicts of a ticket whose newest events are beyond its mark, so how far
 * it got with one ticket is told by what it said of it. */
void past_told(struct past_partition *part, const Ds__Event *said, int64_t mark_ms);
/* Up to when verdicts of a ticket count: last_ms is the stamp of its newest event. */
int64_t past_mark_ms(const struct past_partition *part, uint64_t ticket, int64_t last_ms);

/* ---- past_read.c ---- */

/* Each: 0 or an exit code with a message; past_finish in any case.
 *   only   paths of journals in dir; NULL: all of it
 *   rules  directory of the rules of a file of commands; NULL: beside it */
int past_read_export(struct cli *cli, const char *dir, char *const *only, size_t n_only,
                     struct past *past);
int past_read_commands(struct cli *cli, const char *file, const char *rules, uint32_t partitions,
                       struct past *past);
int past_read_store(struct cli *cli, struct past *past);
void past_finish(struct past *past);

#endif
