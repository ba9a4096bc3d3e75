/* SPDX-License-Identifier: MIT
 *
 * `doorstep rulebook list` and `show`: the versions of an installation. */
#ifndef DOORSTEP_RULES_LIST_H
#define DOORSTEP_RULES_LIST_H

#include "doorstep/cli.h"
#include "doorstep/rules_files.h"

#define RULES_IN_FORCE "in-force" /* instead of a version's number */

int rules_list(struct cli *cli);

/* Number of the version in force. */
int rules_in_force(struct cli *cli, uint32_t *ret_number);

/* ---- rules_stored.c ---- */

bool rules_is_number(const char *text);

/* Both files as they were activated. number 0: those in force. An exit code. */
int rules_read_stored(struct cli *cli, uint32_t number, struct rules_files *files);

/* Prints the rulebook; with --json both files. name: a number; NULL: what is in force. */
int rules_show(struct cli *cli, const char *name);

#endif
