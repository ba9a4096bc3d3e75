/* SPDX-License-Identifier: MIT
 *
 * What became of a command that was recorded long ago stands in the journal of the service that
 * decided about it. It is found by halves, a batch at a time, and told to whoever waits for it. */
#ifndef GATEWAY_RECALL_H
#define GATEWAY_RECALL_H

#include "gateway/command.h"

enum { RECALLS_MAX = 64 }; /* at a time; whoever is not among them is told no outcome */

/* Looks for what `owner` decided about intake's event; command_told is called if there is one. */
void recall_start(struct commands *commands, enum ds_source owner, uint32_t partition,
                  uint64_t seq);

#endif
