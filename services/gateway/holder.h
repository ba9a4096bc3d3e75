/* SPDX-License-Identifier: MIT
 *
 * Whose job a ticket is: to whom it is offered, who holds it. What the customer does with his
 * ticket names no technician, and still has to reach him. Loaded from the dispatcher's state, kept
 * by its events; nothing is decided by it but who gets an event. */
#ifndef GATEWAY_HOLDER_H
#define GATEWAY_HOLDER_H

#include "domain/version.h"
#include "gateway/caller.h"
#include "proto/envelope.pb-c.h"
#include "runtime/store.h"
#include "wire/buf.h"

enum {
    HOLDER_TICKETS = 16384, /* power of two; the one that was touched longest ago makes room */
    HOLDER_PROBES = 32,
    HOLDER_ACCOUNTS = 4,  /* of one ticket, the latest */
    HOLDER_AT_ONCE = 500, /* rows of the state a reply brings, more or less */
};

struct holder_row {
    char ticket[DS_ID_MAX + 1]; /* "": free */
    uint64_t touched;
    struct {
        char account[DS_ACCOUNT_MAX + 1];
        int64_t until_ms; /* events until then are his, too */
    } accounts[HOLDER_ACCOUNTS];
};

struct gateway;

struct holders {
    struct gateway *gateway;
    struct holder_row rows[HOLDER_TICKETS];
    uint64_t touches;
    uint32_t loading;         /* partition whose state is being read */
    bool busy;                /* a reply of it is on its way */
    struct ds_version *rules; /* owned; the newest, NULL before the first */
};

void holders_start(struct holders *holders, struct gateway *gateway);
void holders_stop(struct holders *holders);

/* The store is there: reads what is missing. */
void holders_load(struct holders *holders);
/* Is everything read? */
bool holders_are_known(const struct holders *holders);

void holders_saw(struct holders *holders, const Ds__Event *event);

/* Adds "person:ma\n" of everybody whose job the event's ticket was when it was said. */
void holders_put(const struct holders *holders, const Ds__Event *event, struct ds_buf *to);

/* Whose jobs a person works: his own account, or his outlet's; "" if he is in no rules. */
const char *holders_account(const struct holders *holders, const char *person);

#endif
