/* SPDX-License-Identifier: MIT
 *
 * A watched ticket as it is stored. */
#ifndef WATCH_STATE_H
#define WATCH_STATE_H

#include "sla-watcher/watch.h"

void watch_load(struct watch_ticket *ticket, const char *id, const Ds__WatchTicket *stored);

/* Could watch_store have made this? stored: NULL if it could not even be read. */
bool watch_fits(const Ds__WatchTicket *stored);

/* Fills a message that points into ticket and into columns. */
enum { WATCH_FACT_NUMBERS = 8, WATCH_SAID_NUMBERS = 5 };

struct watch_columns;
void watch_store(const struct watch_ticket *ticket, Ds__WatchTicket *ret,
                 struct watch_columns *columns);
struct watch_columns {
    int64_t facts[WATCH_FACTS_MAX * WATCH_FACT_NUMBERS];
    uint64_t ties[WATCH_FACTS_MAX];
    char *who[WATCH_WHO_MAX];
    int64_t said[WATCH_INSTANCES_MAX * WATCH_SAID_NUMBERS];
    int64_t rejudged[WATCH_INSTANCES_MAX * 2];
};

#endif
