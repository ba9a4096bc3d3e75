/* SPDX-License-Identifier: MIT
 *
 * A technician's day (P3.1): what he worked on, and whether it was reported. */
#ifndef SLA_WATCHER_DAY_H
#define SLA_WATCHER_DAY_H

#include "sla-watcher/watch.h"

enum { WATCH_DAY_FACTS_MAX = 1024 };

struct watch_day_fact {
    uint64_t ticket; /* seq; 0: all of that day */
    bool cover;
    int64_t at_ms;
    int64_t received_ms;
    struct ds_ref event;
};

struct watch_day {
    char key[DS_KEY_MAX + 1]; /* person/date: the subject of its verdict */
    bool known;
    Ds__WatchDay state; /* without its facts */
    uint32_t n_facts;
    struct watch_day_fact facts[WATCH_DAY_FACTS_MAX];
    Ds__WatchedInstance said;
};

/* Columns that hold a day's stored form. */
struct watch_day_columns {
    uint64_t ticket[WATCH_DAY_FACTS_MAX];
    int64_t at_ms[WATCH_DAY_FACTS_MAX];
    int64_t received_ms[WATCH_DAY_FACTS_MAX];
    uint64_t source_seq[WATCH_DAY_FACTS_MAX];
};

/* stored: NULL for a day that is not known. Its texts stay referred to. */
void watch_day_load(struct watch_day *day, const Ds__WatchDay *stored);
/* Fills day->state's facts from columns, which must outlive it. */
void watch_day_store(struct watch_day *day, struct watch_day_columns *columns);

/* Does an event tell that a ticket was worked on, or that work was reported? */
bool watch_is_day_work(const struct ds_event *event);
bool watch_is_day_report(const struct ds_event *event);

/* The technician and the local day that such an event counts to, by the version it was recorded
 * under. False if it counts to none. */
bool watch_day_of(const struct ds_event *event, const struct ds_version *version,
                  const struct ds_person **ret_person, int32_t *ret_local_day);

/* Latest arrival that counts: the instant of the final verdict. */
int64_t watch_day_final_ms(const struct ds_version *version, const struct ds_person *person,
                           int32_t local_day);

/* Was a piece of work reported by the due, by what was received up to upto_ms? */
bool watch_day_is_reported(const struct watch_day *day, const struct watch_day_fact *work,
                           int64_t due_ms, int64_t upto_ms);

/* Adds what an event says of a day. ticket: its seq, 0 = every ticket of the day; cover: it
 * reports, else it is work. */
void watch_day_add(struct watch_day *day, const struct ds_event *event, uint64_t ticket,
                   bool cover);
struct watch_dues watch_day_notice(struct watch_day *day, const struct ds_version *version,
                                   int32_t local_day, int64_t now_ms, struct ds_out *out);
/* Final verdict at T = due + grace. */
void watch_day_finalise(struct watch_day *day, const struct ds_version *version, int32_t local_day,
                        int64_t final_ms, struct ds_out *out);

#endif
