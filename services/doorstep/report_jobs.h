/* SPDX-License-Identifier: MIT
 *
 * What reports count: the events of one subject after the other, with what follows from them alone:
 * who held the job when, what it waited for, which promises about it were kept. Whatever order the
 * journals were read in, the same events give the same jobs. */
#ifndef DOORSTEP_REPORT_JOBS_H
#define DOORSTEP_REPORT_JOBS_H

#include "doorstep/archive.h"

#define REPORT_NEVER INT64_MAX

/* Somebody had accepted the job and had it in [from_ms, to_ms). */
struct job_hold {
    const char *account;
    int64_t from_ms;
    int64_t to_ms; /* REPORT_NEVER: still */
    bool done;     /* it ended because the work was done */
};

/* The work of one life was done: said so, or proved by its result. */
struct job_done {
    const char *account; /* who held it; "": nobody did */
    int64_t at_ms;
};

struct job_wait {
    enum ds_delay reason;
    int64_t from_ms;
    int64_t to_ms; /* REPORT_NEVER: still */
};

/* One clock instance as it stands: the final verdict, or the provisional breach before it. */
struct promise {
    enum ds_clock clock;
    uint32_t n;
    const char *owner;
    const char *clause;
    int64_t due_ms;
    int64_t stop_ms; /* also after the verdict; REPORT_NEVER: nothing shows that it was done */
    uint32_t verdict_no;
    enum ds_verdict verdict; /* DS_VERDICT_NONE: not final */
    bool broken;
};

struct job {
    const char *subject;
    const struct record *const *records; /* in the order of the journals */
    size_t n;
    const struct record *registered;      /* NULL: a call, a day, a month ... */
    const Ds__TicketHead *head;           /* of a ticket */
    const struct ds_territory *territory; /* of a ticket */
    struct job_hold *holds;
    struct job_done *dones;
    struct job_wait *waits;
    struct promise *promises;
    size_t n_holds, n_dones, n_waits, n_promises;
    size_t room; /* of each of the four */
};

/* Every subject once, in the order of its name. Nothing of a job outlives the call. */
void jobs_each(const struct archive *archive, void (*take)(void *self, const struct job *job),
               void *self);

/* The rules in force when something was said, else the newest. */
const struct ds_version *record_rules(const struct archive *archive, const struct record *record);

/* Account of whoever did something; "" if the rules do not know him. */
const char *record_account(const struct archive *archive, const struct record *record);

/* Was there still something to do at an instant? */
bool job_is_open(const struct job *job, int64_t at_ms);

/* Is what happened at at_ms late by a promise of this clock? A broken due belongs to what first
 * happened after it; before_ms is when the same kind of thing happened before (or 0). */
bool job_is_late(const struct job *job, enum ds_clock clock, int64_t before_ms, int64_t at_ms);

#endif
