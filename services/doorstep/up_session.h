/* SPDX-License-Identifier: MIT
 *
 * One run of `doorstep up`: its processes, its clock, and the day that is played. */
#ifndef DOORSTEP_UP_SESSION_H
#define DOORSTEP_UP_SESSION_H

#include "doorstep/stage.h"
#include "doorstep/up.h"

enum { OPT_PLAY, OPT_CLOCK, OPT_ONCE, OPT_FRESH, OPT_RULES };

struct session {
    struct cli *cli;
    struct up up;
    struct client client;
    struct up_show show;
    struct day day;
    struct live_stage live;
    struct stage inner;
    bool first_start;   /* nothing was ever activated here */
    bool stepped;       /* its time is stepped */
    bool failed;        /* a process must not go on */
    int64_t reached_ms; /* second start: rule time that everything had reached */
    int64_t next_ms;    /* what came next when we looked last */
    size_t rejected;
};

/* Somebody asked us to stop, or nobody reads any more. */
bool session_stopped(void);
/* Sets the clock that all processes read. 0 or an exit code. */
int session_set_clock(struct session *session, const char *mode, long factor, int64_t rule_ms);
/* Rule time a real second takes; -1 for a --clock that is none. */
long session_factor(const struct cli *cli);

/* ---- up_play.c ---- */

/* Prepares what is asked of services: a process that ended meanwhile is noticed. */
void play_prepare(struct session *session);
/* Plays what there is to be played and shows it. An exit code. */
int play_session(struct session *session);

#endif
