/* SPDX-License-Identifier: MIT
 *
 * `doorstep rulebook list`: the versions of an installation. */
#ifndef DOORSTEP_RULES_LIST_H
#define DOORSTEP_RULES_LIST_H

#include "doorstep/cli.h"

int rules_list(struct cli *cli);

#endif
