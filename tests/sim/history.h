/* SPDX-License-Identifier: MIT
 *
 * Random histories: what people of a department might report about a few tickets, each fact with
 * the time it happened and the time it arrives. */
#ifndef SIM_HISTORY_H
#define SIM_HISTORY_H

#include "proto/commands.pb-c.h"
#include "sim/prng.h"
#include "wire/buf.h"

struct history_line {
    int64_t received_ms;
    uint32_t order; /* of making; ties are sent in this order */
    uint8_t *bytes; /* packed Command; owned */
    size_t len;
};

struct history {
    struct history_line *lines; /* owned; rising by received_ms */
    uint32_t n;
    uint32_t cap;
};

/* Makes the history of a seed. The rulebook and directory are the shipped ones. */
void history_make(struct history *history, uint64_t seed);
void history_finish(struct history *history);

#endif
