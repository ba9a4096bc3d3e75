/* SPDX-License-Identifier: MIT
 *
 * A file of commands through all five services, without Redis and in no time. */
#ifndef DOORSTEP_REPLAY_H
#define DOORSTEP_REPLAY_H

#include "doorstep/archive.h"
#include "doorstep/stage.h"

/* rules: directory of rulebook.yaml and directory.yaml, NULL: beside the file or above it. What
 * came of it is in the archive, sorted; what was rejected is said on stderr. 0 or an exit code;
 * archive_finish in any case. Once in a process. */
int replay_file(struct cli *cli, const char *file, const char *rules, uint32_t partitions,
                int64_t until_ms, struct stage_result *ret, struct archive *archive);

#endif
