/* SPDX-License-Identifier: MIT
 *
 * What is going on now: tickets as intake, dispatcher and watcher keep them, read side by side in a
 * few round trips, and a cursor from which a feed tells all that these states may not have yet. */
#ifndef DOORSTEP_LIVE_READ_H
#define DOORSTEP_LIVE_READ_H

#include "doorstep/watch_read.h"
#include "proto/state.pb-c.h"

struct live {
    redisContext *redis;
    uint32_t partitions;
    struct archive archive; /* of the versions only */
    int64_t now_ms;
    int64_t marks_ms[DS_SOURCE_COUNT]; /* newest of any partition: idle ones tick now and then */
    /* By source and partition: the event up to which every state that is read has everything. */
    uint64_t cursor[DS_SOURCE_COUNT][DS_PARTITIONS_MAX];
};

/* Configuration, connection, rules, time. 0 or an exit code; live_close it in any case. */
int live_open(struct cli *cli, struct live *live);
void live_close(struct live *live);

/* Base64url of the cursor's varints, the sources in the order of the flow and of each all
 * partitions. */
enum { LIVE_CURSOR_TEXT = DS_SOURCE_COUNT * DS_PARTITIONS_MAX * 14 + 8 };
void live_cursor_text(const struct live *live, char text[LIVE_CURSOR_TEXT]);

/* Good for the call alone. */
struct live_ticket {
    const char *id;
    uint32_t partition;
    Ds__IntakeTicket *intake;        /* NULL: archived */
    Ds__DispatchTicket *dispatch;    /* NULL: over */
    Ds__DispatchCase *past;          /* what helped before; NULL: nothing is known */
    const struct watch_bench *watch; /* NULL: all is final */
};

/* Takes the live tickets, or of those that are named every one that intake still has, in the order
 * of their ids. The cursor is read first. 0 or an exit code. */
typedef void (*live_take)(void *self, const struct live_ticket *ticket);
int live_tickets(struct cli *cli, struct live *live, const char *const *ids, size_t n,
                 live_take take, void *self);

/* Bytes of an entity of a service (a key without its prefix after it), or NULL; freeReplyObject. */
redisReply *live_entity(const struct live *live, uint32_t partition, enum ds_source source,
                        char prefix, const char *key);

/* Of whom it is asked, or who holds it; NULL: nobody. */
const Ds__PastOffer *live_offer(const Ds__DispatchTicket *dispatch);

#endif
