/* SPDX-License-Identifier: MIT */
#ifndef DOORSTEP_RULES_DIFF_PRINT_H
#define DOORSTEP_RULES_DIFF_PRINT_H

#include "doorstep/cli.h"

/* `rulebook diff OLD NEW [JOURNAL...]`. An exit code. */
int rules_diff_run(struct cli *cli, bool csv, const char *xlsx);

#endif
