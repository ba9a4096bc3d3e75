/* SPDX-License-Identifier: MIT
 *
 * Clause 7.8 in its slow and obvious form: after every event everything is judged again, each call
 * against all others. What the watcher says by its indexes must be word for word the same. */
#ifndef DS_TEST_HOTLINE_ORACLE_H
#define DS_TEST_HOTLINE_ORACLE_H

#include "domain/event.h"
#include "domain/version.h"

enum { ORACLE_CALLS_MAX = 1024, ORACLE_GAPS_MAX = 64, ORACLE_TEXT_MAX = 1 << 17 };
#define ORACLE_NEVER INT64_MAX

struct oracle_call {
    char id[16];
    char territory[16];
    char caller[16];
    char agent[16];
    const struct ds_version *version; /* in force at its offer: a call is judged by its own rules */
    int64_t offered_at_ms;            /* ORACLE_NEVER: not yet heard */
    int64_t offered_received_ms;
    uint64_t offered_seq;
    int64_t answered_at_ms;
    int64_t answered_received_ms;
    int64_t ended_at_ms;
    int64_t ended_received_ms;
    uint32_t verdict_no;
    bool breach_said;
    bool unanswered_said;
    bool final;
    int64_t occasion_ms;
};

struct oracle_gap {
    char territory[16];
    int64_t from_ms;
    int64_t to_ms;
    int64_t received_ms;
};

struct oracle {
    uint32_t n_calls;
    uint32_t n_gaps;
    struct oracle_call calls[ORACLE_CALLS_MAX]; /* in the order of their offers */
    struct oracle_gap gaps[ORACLE_GAPS_MAX];
    uint32_t n_said; /* in this step */
    size_t text_len;
    char text[ORACLE_TEXT_MAX]; /* what was said in this step, one line each */
};

/* One event of the phone feed, decided at now_ms. */
void oracle_apply(struct oracle *oracle, const struct ds_event *event,
                  const struct ds_version *version, int64_t now_ms);

/* The call that has the earliest deadline, by (due, id); NULL if none has. */
struct oracle_call *oracle_first(struct oracle *oracle, int64_t *ret_due_ms);

/* That deadline has come: its final verdict, or it is forgotten. */
void oracle_fire(struct oracle *oracle, struct oracle_call *call, int64_t due_ms);

/* One line about what is said of a call; the test writes the watcher's events in the same form. */
void oracle_say(struct oracle *oracle, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
