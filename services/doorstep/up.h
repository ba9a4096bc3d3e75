/* SPDX-License-Identifier: MIT
 *
 * What `doorstep up` is made of: processes that it starts and ends, and what it shows. */
#ifndef DOORSTEP_UP_H
#define DOORSTEP_UP_H

#include <signal.h>
#include <sys/types.h>

#include "doorstep/client.h"
#include "doorstep/day.h"
#include "doorstep/store_read.h"

/* [0] is redis-server, the services by source, the gateway last. */
#define UP_PORT_FILE "gateway.port" /* in RUN: where the gateway listens */
enum { UP_GATEWAY = DS_SOURCE_COUNT, UP_PROCESSES };

struct up_process {
    pid_t pid; /* 0: not running */
    int64_t started_mono_ms;
    int failures; /* exits shortly after a start */
};

struct up {
    struct cli *cli;
    struct rt_conf conf;
    char bin[512]; /* where the service programs are */
    struct up_process processes[UP_PROCESSES];
    uint32_t restarts;
    int gateway_port;            /* where it listens; 0: not known yet */
    int data_lock, run_lock;     /* -1: not held */
    volatile sig_atomic_t *stop; /* set by SIGINT and SIGTERM */
};

/* ---- up_process.c ---- */

/* Every program that is to be started is there. 0 or an exit code. */
int up_check_programs(const struct up *up);
/* Starts Redis and waits until it answers. 0 or an exit code. */
int up_start_redis(struct up *up);
/* Starts every service that is not running. */
void up_start_services(struct up *up);
/* Starts again what has ended. 0, or an exit code when one must not go on. */
int up_supervise(struct up *up);
/* Where the gateway listens, once it does; 0 after a while, or if there is none. */
int up_gateway_port(struct up *up);
/* Waits until every service answers. 0 or an exit code. */
int up_wait_ready(struct up *up, struct client *client);
void up_pause_ms(long ms);
/* Ends services, then Redis, by process id, and waits for each. */
void up_stop(struct up *up);

/* ---- up_files.c ---- */

/* Makes the data directory what a start needs: doorstep.yaml, RUN, rules; nobody else may use it.
 * fresh: what is there is set aside first. 0 or an exit code. */
int up_prepare(struct up *up, const char *rules, bool fresh);
/* Removes RUN with the sockets in it once everything has ended; lets go of what is locked. */
void up_leave(struct up *up);

/* ---- up_show.c ---- */

struct up_show {
    struct cli *cli;
    redisContext *redis;
    uint32_t partitions;
    struct archive rules;                /* versions only */
    uint64_t seen[2][DS_PARTITIONS_MAX]; /* watcher and dispatcher journals */
    int64_t shown_mono_ms;
    char clocks[1024];          /* what was printed of them last */
    char ticket[DS_ID_MAX + 1]; /* one that the ledger names; "" */
};

int show_open(struct up_show *show, struct up *up);
void show_close(struct up_show *show);
/* Connected; after Redis was away, again. */
bool show_connected(struct up_show *show);
/* Prints alerts that are new. */
int show_alerts(struct up_show *show);
/* Prints how the most urgent clocks run down, at most every interval_ms of real time, and only when
 * others are the nearest or, on a terminal, a bar has become shorter. */
void show_clocks(struct up_show *show, int64_t now_ms, int64_t interval_ms);
/* The ledger, with sums. */
int show_ledger(struct up_show *show);
#endif
