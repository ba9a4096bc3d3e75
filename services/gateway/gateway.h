/* SPDX-License-Identifier: MIT
 *
 * The gateway: every connection from outside ends here. It translates, authenticates and limits; it
 * decides nothing and knows no ticket, so that it can be killed at any time.
 *
 * - http.c      exchanges, connections and their bounds
 * - problem.c   errors
 * - routes.c    the table of addresses: who may do what, and which handler does it
 * - caller.c    who asks
 * - rate.c      how often he may
 * - users.h     users, sessions, keys
 * - signin.c    signing in and out
 * - admin.c     users and keys, for the admin
 * - command.c   a POST becomes a command, its receipt and outcome the answer
 * - recall.c    the outcome of what was recorded long ago
 * - door.c      commands on their way to intake
 * - feed.c      follows all journals; what is new, once, in one order
 * - holder.c    whose job a ticket is
 * - stream.c    Server-Sent Events from any cursor on
 * - cti.c       the telephone system's webhook, and its gaps
 * - api.c       the documents for who writes a client
 * - paper.c     reads: the `doorstep` command line, run with limits
 * - pages.c     the files of the pages */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include <ev.h>

#include "domain/assert.h"
#include "gateway/command.h"
#include "gateway/cti.h"
#include "gateway/door.h"
#include "gateway/feed.h"
#include "gateway/holder.h"
#include "gateway/http.h"
#include "gateway/pages.h"
#include "gateway/paper.h"
#include "gateway/rate.h"
#include "gateway/signin.h"
#include "gateway/stream.h"
#include "gateway/users.h"
#include "runtime/conf.h"

struct gateway {
    struct ev_loop *loop;
    struct rt_conf conf;
    const char *bin; /* directory of the programs */
    void *zmq;       /* context */
    struct users *users;
    struct rates rates;
    struct signins signins;
    struct http http;
    struct door door;
    struct feed feed;
    struct holders holders;
    struct streams streams;
    struct papers papers;
    struct pages pages;
    struct commands commands;
    struct cti cti;
};

/* Runs until it is told to stop; the process's exit status (as runtime/rt.h). */
int gateway_main(int argc, char *argv[]);

#endif
