/* SPDX-License-Identifier: MIT
 *
 * The past of one partition in the order of arrival, and the events of each ticket. */
#ifndef DOORSTEP_ARRIVALS_H
#define DOORSTEP_ARRIVALS_H

#include "doorstep/past.h"
#include "sla-watcher/retell.h"

struct arrivals {
    const struct past_partition *part;
    struct happened **list; /* owned: all that somebody looks at */
    size_t n;
    uint32_t *first, *last; /* owned; of each ticket, by its number: into told */
    uint64_t tickets;       /* room for so many */
    struct told *told;      /* owned */
    uint32_t n_told;
};

void arrivals_init(struct arrivals *arrivals, const struct past_partition *part);
void arrivals_finish(struct arrivals *arrivals);

enum ds_source arrivals_source(const struct arrivals *arrivals, const struct happened *happened);

/* Number of a ticket that there is; false if the subject is none. */
bool arrivals_ticket(const struct arrivals *arrivals, const char *subject, uint64_t *ret);

/* Tells one ticket to its end; nothing for a number that is no ticket's. */
void arrivals_tell(const struct arrivals *arrivals, uint32_t partition, uint64_t ticket,
                   struct watch_retelling *telling);

#endif
