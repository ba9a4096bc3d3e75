/* SPDX-License-Identifier: MIT */
#ifndef DOORSTEP_RULES_DIFF_PRINT_H
#define DOORSTEP_RULES_DIFF_PRINT_H

#include "doorstep/cli.h"

struct rules_diff_ask {
    bool csv;
    bool live; /* without journals: what it would have cost in the running installation */
    const char *xlsx;
};

/* `rulebook diff OLD NEW [JOURNAL...]`. An exit code. */
int rules_diff_run(struct cli *cli, const struct rules_diff_ask *ask);

#endif
