/* SPDX-License-Identifier: MIT
 *
 * Talking to running services: commands to intake's door, requests to control sockets. Blocking,
 * for the command line. */
#ifndef DOORSTEP_CLIENT_H
#define DOORSTEP_CLIENT_H

#include "doorstep/cli.h"
#include "proto/commands.pb-c.h"
#include "proto/control.pb-c.h"

struct client {
    void *context;
    void *door;                      /* DEALER to intake.cmd */
    void *controls[DS_SOURCE_COUNT]; /* DEALER to <service>.ctl, opened when first used */
    const char *run;
    /* Looked in while an answer is waited for; true: it will not come, stop waiting. NULL: none. */
    bool (*hopeless)(void *self);
    void *self;
};

void client_open(struct client *client, const char *run);
void client_close(struct client *client);

/* Sends one command frame. */
void client_send(struct client *client, const uint8_t *bytes, size_t len);

/* Next receipt within the time, unpacked (ds__receipt__free_unpacked it); NULL on time-out. */
Ds__Receipt *client_receive(struct client *client, int timeout_ms);

/* Sends one command frame and waits for the receipt of its id; sends it again while the door is
 * busy. The receipt is the caller's; NULL on time-out. */
Ds__Receipt *client_command(struct client *client, const uint8_t *bytes, size_t len,
                            int timeout_ms);

/* One request to a service's control socket; the reply is the caller's
 * (ds__control_reply__free_unpacked). NULL on time-out. */
Ds__ControlReply *client_ask(struct client *client, enum ds_source service,
                             const Ds__ControlRequest *request, int timeout_ms);

/* Moves stepped time of one service. 0, or -1; *ret_due_ms = earliest due or DS_NO_DUE. */
int client_advance(struct client *client, enum ds_source service, int64_t to_ms, bool inputs_follow,
                   int64_t *ret_due_ms);

#endif
