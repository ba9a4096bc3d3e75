/* SPDX-License-Identifier: MIT
 *
 * 8.1 to 8.7: may a product be exchanged or returned, and for how much? A pure function of dates,
 * facts and intervals, the same for a ticket, a replay and `doorstep return check`. Company rules;
 * a customer's legal rights are not decided here.
 *
 * The watcher decides, because it alone has the records of when work waited and for what: the
 * intervals that stop its clocks are the very ones that count here. */
#ifndef WATCH_RETURN_RIGHT_H
#define WATCH_RETURN_RIGHT_H

#include "domain/limits.h"
#include "domain/out.h"
#include "domain/version.h"

enum {
    /* those that are named, and of each life of the ticket its repair and its waits */
    WATCH_INTERVALS_MAX = DS_RETURN_INTERVALS + DS_CYCLES_MAX * (1 + DS_CYCLE_INSTANCES),
    WATCH_RIGHTS = DS_8_5 + 1, /* 8.1 to 8.5 give rights; 8.6 prices and 8.7 blocks them */
    WATCH_CHOICES_MAX = 4,
    WATCH_BLOCKS_MAX = 2,
    WATCH_NO_DATE = INT32_MIN,
};

/* [from_ms, to_ms); to_ms INT64_MAX while it is open. Empty ones count nowhere. */
struct watch_interval {
    Ds__ReturnInterval__Kind kind;
    int64_t from_ms;
    int64_t to_ms;
};

struct watch_return_case {
    const struct ds_version *rules;
    const struct ds_zone *zone;  /* whose dates these are */
    const Ds__CheckReturn *said; /* checked by intake: product, facts, wish */
    int32_t returned_day;        /* when said does not tell */
    int32_t reported_day;        /* when said does not; WATCH_NO_DATE: the repair's beginning */
    Ds__Appraisal__Name report;  /* as it is known now, like the next one */
    bool accessories_complete;
    const char *repairer; /* account that holds or held this repair; "" */
    uint32_t n_intervals;
    struct watch_interval intervals[WATCH_INTERVALS_MAX];
};

struct watch_right {
    bool holds;
    Ds__Reason__Name reason;
    int32_t days; /* what it counts against its limit */
};

struct watch_choice {
    Ds__ReturnOption__Name option;
    enum ds_right right;
    Ds__Reason__Name reason;
    int64_t amount_fen; /* of a return */
    int64_t depreciation_fen;
    const char *account; /* 8.4: the outlet at whose cost; "" */
};

struct watch_return {
    const struct watch_interval *repair; /* of this fault, in the case; NULL: none */
    int32_t invoiced_day;
    int32_t reported_day;
    int32_t sent_day; /* WATCH_NO_DATE: not in repair for this fault */
    int32_t returned_day;
    int32_t guarantee_day; /* its last */
    int32_t days;          /* from invoice to report; negative: the dates do not fit */
    int32_t repair_days;
    int32_t used_days;
    struct watch_right rights[WATCH_RIGHTS];
    uint32_t n_choices;
    struct watch_choice choices[WATCH_CHOICES_MAX];
    uint32_t n_blocked;
    Ds__Reason__Name blocked[WATCH_BLOCKS_MAX]; /* 8.7 */
};

/* Decides. Dates that do not fit (reported before the invoice, returned before the report) give no
 * rights and a negative number of days. */
void watch_decide_return(const struct watch_return_case *facts, struct watch_return *ret);

/* Does the customer get what he wishes, now? */
bool watch_wish_granted(const struct watch_return *decided, Ds__ReturnOption__Name wish);

/* Adds the intervals that a check names. */
void watch_add_intervals(struct watch_return_case *facts, const Ds__CheckReturn *check);

/* Fills the message that tells a decision, with memory of out. */
void watch_tell_return(struct ds_out *out, const struct watch_return_case *facts,
                       const struct watch_return *decided, Ds__ReturnDecided *ret);

#endif
