/* SPDX-License-Identifier: MIT
 *
 * One run of `doorstep up`: its processes, its clock, and the day that is played. */
#ifndef DOORSTEP_UP_SESSION_H
#define DOORSTEP_UP_SESSION_H

#include "doorstep/stage.h"
#include "doorstep/up.h"

enum { OPT_PLAY, OPT_CLOCK, OPT_ONCE, OPT_FRESH, OPT_RULES };
enum { DAY_ID_SIZE = 33 };

/* A day that an earlier start began and did not end. */
struct begun_day {
    char file[1024];
    size_t lines, sent; /* lines 0: there is none */
};

struct session {
    struct cli *cli;
    struct up up;
    struct client client;
    struct up_show show;
    struct day day; /* of one that was cut short: what is left of it */
    struct live_stage live;
    struct stage inner;
    bool first_start; /* nothing was ever activated here */
    bool playing;     /* the day has begun, now or at an earlier start, and is not over */
    struct begun_day begun;
    long factor;        /* rule time a real second takes while it is played */
    size_t left;        /* lines to be sent by this start */
    size_t sent, kept;  /* lines of the day, over all starts; as far as the store knows */
    bool stepped;       /* its time is stepped */
    bool failed;        /* a process must not go on */
    int64_t reached_ms; /* second start: rule time that everything had reached */
    int64_t pace_rule_ms, pace_mono_ms; /* at that monotonic time the pace was there */
    size_t rejected;
};

/* Somebody asked us to stop, or nobody reads any more. */
bool session_stopped(void);
/* Sets the clock that all processes read. 0 or an exit code. */
int session_set_clock(struct session *session, const char *mode, long factor, int64_t rule_ms);

/* ---- up_day.c ---- */

/* First start: the day begins. 0 or an exit code. */
int begun_keep(struct session *session);
/* A later start: is there a day that was cut short, and is it the one to be played? */
void begun_read(struct session *session, redisContext *redis);
/* So many lines were sent. */
void begun_sent(struct session *session);
void begun_over(struct session *session);
/* A later start: what became of the day. */
void begun_say(const struct session *session);

/* ---- up_users.c ---- */

/* Makes the first users, and shows what nobody else can tell. 0 or an exit code. */
int up_users(struct session *session);

/* ---- up_play.c ---- */

/* Prepares what is asked of services: a process that ended meanwhile is noticed. */
void play_prepare(struct session *session);
/* Plays what there is to be played and shows it. An exit code. */
int play_session(struct session *session);

#endif
