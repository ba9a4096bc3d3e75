/* SPDX-License-Identifier: MIT
 *
 * `doorstep replay`: what it shares with the replay of a proof. */
#ifndef DOORSTEP_REPLAY_H
#define DOORSTEP_REPLAY_H

#include "doorstep/export_read.h"

/* Judges and books anew what intake, dispatcher and survey recorded; the versions of `judged` are
 * borrowed from `recorded`. Both are sorted afterwards. */
void replay_judge(const struct export *export, struct archive *recorded, struct archive *judged);

/* The ledger as it is compared: CSV without what depends on when somebody looked. free() it. */
char *replay_ledger_text(const struct archive *archive);

/* Prints the lines in which two such texts differ; returns how many. */
size_t replay_differences(const char *recorded, const char *judged);

/* Writes the files of a replay to a directory. 0 or an exit code. */
int replay_write(struct cli *cli, const struct archive *archive, const char *dir, bool statements);

#endif
