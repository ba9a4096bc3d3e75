/* SPDX-License-Identifier: MIT
 *
 * Rules trust what services recorded, and stop where it cannot have been. What came from elsewhere
 * may be forged, or mixed of two runs: then only a child stops. */
#ifndef DOORSTEP_APART_H
#define DOORSTEP_APART_H

#include "doorstep/cli.h"

/* Does the work in a child and returns its exit code; EXIT_REJECTED with a message that names
 * `what` when the child was stopped. */
int apart(struct cli *cli, const char *what, int (*work)(struct cli *cli, void *self), void *self);

#endif
