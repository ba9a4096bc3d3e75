/* SPDX-License-Identifier: MIT
 *
 * A file of commands through all services in one process: what `doorstep replay` shows, what
 * reports count and what `doorstep backtest` takes for the past. */
#ifndef DOORSTEP_REPLAY_PLAY_H
#define DOORSTEP_REPLAY_PLAY_H

#include "doorstep/archive.h"
#include "doorstep/stage.h"
#include "engine/world.h"

struct replay_play {
    struct cli *cli;
    const char *file;
    const char *rules; /* directory of its rules; NULL: beside the file */
    uint32_t partitions;
    int64_t until_ms; /* stop before this instant; INT64_MAX: when nothing is due any more */
    /* Only what happened is asked for: watcher and ledger are left out, unless what came after
     * hangs on them, because somebody asked something of them. */
    bool only_happened;
    bool unbooked;        /* they were */
    ds_world_batch batch; /* called for each batch, as it is sealed */
    /* Called for each version; it is the world's and lives until replay_play_finish. May be NULL.
     */
    void (*version)(void *self, struct ds_version *version, const char *rulebook,
                    const char *directory);
    void *self;

    struct ds_world world;
    struct ds_answer answer;
    bool begun;
};

/* Plays the file to its end. 0 or an exit code; replay_play_finish in any case. Large: static. */
int replay_play(struct replay_play *replay, struct stage_result *ret);
void replay_play_finish(struct replay_play *replay);

/* The same with nothing but an archive of what came of it, sorted, which owns the versions.
 * rules: as above. 0 or an exit code; archive_finish in any case. */
int replay_file(struct cli *cli, const char *file, const char *rules, uint32_t partitions,
                int64_t until_ms, struct stage_result *ret, struct archive *archive);

#endif
