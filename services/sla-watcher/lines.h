/* SPDX-License-Identifier: MIT
 *
 * The public lines of a partition and clause 7.8. Every event of the phone may change what was said
 * of other calls: of later calls of its caller, and of calls that rang while its agent was talking.
 * Only those are judged again.
 *
 *   calls.c      the calls, kept in order; whom a change concerns
 *   hotline.c    judging a call, and saying what it is */
#ifndef WATCH_LINES_H
#define WATCH_LINES_H

#include "sla-watcher/watch.h"

enum { WATCH_CALLS_MAX = 16384, WATCH_GAPS_MAX = 64, WATCH_DUTY_MAX = 32 };

/* Judged by everything that is known. */
#define WATCH_ALL_KNOWN (WATCH_NEVER - 1)

struct watch_call_verdict {
    enum ds_verdict verdict;
    Ds__Reason__Name reason;
    const char *owner;   /* account that answers for the line */
    int64_t rang_ms;     /* inside working time */
    int64_t due_ms;      /* offer + the ringing that is allowed */
    int64_t occasion_ms; /* WATCH_NEVER: no candidate for a breach */
};

/* A call to a public number. */
struct watch_call {
    char id[DS_ID_MAX + 1];
    char territory[DS_ID_MAX + 1];
    char caller[DS_ID_MAX + 1];
    char agent[DS_ID_MAX + 1]; /* who picked up */
    uint32_t rulebook;
    int64_t offered_at_ms; /* WATCH_NEVER: what came later in the call arrived before its offer */
    int64_t offered_received_ms;
    int64_t answered_at_ms; /* by a person; WATCH_NEVER */
    int64_t answered_received_ms;
    int64_t ended_at_ms; /* WATCH_NEVER: still going on */
    int64_t ended_received_ms;
    uint64_t offered_seq; /* events of intake */
    uint64_t answered_seq;
    uint64_t ended_seq;
    uint32_t verdict_no;
    bool breach_said; /* a provisional breach stands */
    bool unanswered_said;
    bool final;
    int64_t occasion_ms; /* final: offer that opened the occasion it belongs to; WATCH_NEVER */

    /* derived, not stored */
    bool waits;                      /* to be judged again */
    bool judged;                     /* alone still holds */
    struct watch_call_verdict alone; /* whatever its caller's other calls are */
    int64_t touched_ms;              /* latest arrival of what could have changed alone */
    int64_t noticed_occasion_ms;     /* when it was last judged; WATCH_NEVER: no breach */
};

/* Of the feed: what happened in [from, to) may be missing. */
struct watch_gap {
    char territory[DS_ID_MAX + 1];
    int64_t from_ms;
    int64_t to_ms;
    int64_t received_ms;
};

enum watch_order {
    WATCH_BY_ID,     /* every call */
    WATCH_BY_OFFER,  /* those whose offer has arrived */
    WATCH_BY_CALLER, /* the same: territory's number and caller, then offer */
    WATCH_BY_AGENT,  /* those that a person answered; then answer */
    WATCH_WAITING,   /* the earliest offer last, where it is taken from */
    WATCH_ORDERS
};

struct watch_list {
    uint32_t n;
    struct watch_call **at; /* owned; room for every call */
};

/* The lines of a partition: calls that are going on or not yet forgotten, and gaps of the feed. */
struct watch_lines {
    uint32_t cap; /* calls the lists have room for; grows up to WATCH_CALLS_MAX */
    uint32_t n_gaps;
    struct watch_list by[WATCH_ORDERS]; /* each call is owned by WATCH_BY_ID */
    struct watch_gap gaps[WATCH_GAPS_MAX];
    int64_t occasion_max_ms; /* longest occasion under the rules of any call judged so far */
    uint64_t n_judgements;   /* how often a call was judged by itself; tests bound it */
};

/* ---- calls.c ---- */

struct watch_call *watch_find_call(const struct watch_lines *lines, const char *id);

/* Index of the first call of a list that does not stand before probe. */
uint32_t watch_seek(const struct watch_lines *lines, enum watch_order order,
                    const struct watch_call *probe);

bool watch_same_caller(const struct watch_call *a, const struct watch_call *b);

/* Puts a call, as far as it is known, into the lists, which must have room. One that was offered
 * and has ended waits to be judged. */
void watch_add_call(struct watch_lines *lines, struct watch_call *call);

/* Takes it out; its memory is the caller's again. */
void watch_remove_call(struct watch_lines *lines, struct watch_call *call);

/* Offered; the first report counts. */
void watch_offer_call(struct watch_lines *lines, struct watch_call *call,
                      const struct ds_event *event);

/* Picked up by a person, or over; of two reports the earlier instant counts. */
void watch_answer_call(struct watch_lines *lines, struct watch_call *call,
                       const struct ds_event *event);
void watch_end_call(struct watch_lines *lines, struct watch_call *call,
                    const struct ds_event *event);

/* The call was offered or ended in it. */
bool watch_gap_covers(const struct watch_gap *gap, const struct watch_call *call);

/* Remembers a gap of the feed; the oldest makes place. */
void watch_add_gap(struct watch_lines *lines, const struct watch_gap *gap);

/* Lets an ended call wait to be judged again, or the later calls that its occasion could cover. */
void watch_wait(struct watch_lines *lines, struct watch_call *call);
void watch_followers_wait(struct watch_lines *lines, const struct watch_call *call);

/* Takes the earliest call that waits; NULL if none does. */
struct watch_call *watch_take_waiting(struct watch_lines *lines);

/* ---- hotline.c ---- */

/* Says what an ended call is: unanswered, provisionally breached, or not after all. */
void watch_notice_call(struct watch_lines *lines, struct watch_call *call,
                       const struct watch_rules *rules, int64_t now_ms, struct ds_out *out);

/* Both its offer and its end are known: it can be judged. */
bool watch_is_complete(const struct watch_call *call);

/* Instant from which nothing can change the verdict on a complete call; WATCH_NEVER otherwise. */
int64_t watch_call_final_ms(const struct watch_call *call, const struct ds_version *version);

/* Says the final verdict, judged by what was received up to final_ms. */
void watch_finalise_call(struct watch_lines *lines, struct watch_call *call,
                         const struct watch_rules *rules, int64_t final_ms, struct ds_out *out);

#endif
