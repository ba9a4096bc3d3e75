/* SPDX-License-Identifier: MIT
 *
 * Commands on their way to intake, and its receipts. Bytes are sent as they are, again while the
 * door is busy or silent, until the time is over: what was sent may then be recorded or not, and
 * only sending the same again tells. */
#ifndef GATEWAY_DOOR_H
#define GATEWAY_DOOR_H

#include <ev.h>
#include <stdbool.h>

#include "domain/limits.h"
#include "proto/commands.pb-c.h"

enum {
    DOOR_PENDING_MAX = 4096,   /* commands without a receipt; more are told busy */
    DOOR_BYTES_MAX = 67108864, /* of all of them */
    DOOR_SLOTS = 8192,
    DOOR_PATIENCE_MS = 8000, /* to the receipt */
    DOOR_AGAIN_MS = 1000,    /* silence after which the bytes are sent again */
};

struct door_command;

/* receipt: NULL, none in time; or BUSY, if that was the last word. Borrowed. */
typedef void (*door_fn)(void *self, const Ds__Receipt *receipt);

struct door_command {
    char id[DS_ID_MAX + 1];
    uint8_t *bytes; /* owned */
    size_t len;
    bool busy; /* what was said of it last */
    int64_t until_mono_ms, again_mono_ms;
    door_fn done;
    void *self;
    struct door_command *next; /* of one slot */
    struct door_command *newer, *older;
};

struct door {
    struct gateway *gateway;
    void *socket; /* DEALER to intake.cmd */
    ev_io readable;
    ev_timer timer;
    struct door_command *slots[DOOR_SLOTS];
    struct door_command *newest, *oldest;
    uint32_t n;
    size_t bytes;
    uint64_t sent, answered, silent;
};

void door_start(struct door *door, struct gateway *gateway);
void door_stop(struct door *door);

/* Sends; done is called once, never before this returns. NULL: too many are on their way. */
struct door_command *door_send(struct door *door, const char *id, const uint8_t *bytes, size_t len,
                               door_fn done, void *self);

/* Whoever waited is gone: the bytes may still arrive, nobody is told. */
void door_forget(struct door *door, struct door_command *command);

/* Takes the receipts that are there. Each turn of the loop: ZeroMQ's descriptor only wakes it. */
void door_receive(struct door *door);

#endif
