/* SPDX-License-Identifier: MIT
 *
 * A ticket told again from its events, as a watcher that is never late would have judged it: the
 * same facts, the same rules, but nothing in between that costs nothing, no warnings and no
 * provisional breaches, and nothing stored. For judging a whole year under other rules. */
#ifndef WATCH_RETELL_H
#define WATCH_RETELL_H

#include "sla-watcher/rejudge.h"

enum { WATCH_CAUSE_NAME = 2 * DS_ID_MAX + 16 };

struct watch_retelling {
    /* The rules its clocks are judged by, and the directory by which people's names were read. */
    const struct watch_rules *rules;
    const struct watch_rules *recorded;
    /* Verdicts that are asked for; NULL: those that cost or propose something. */
    bool (*wanted)(const struct watch_instance *instance);
    /* Called for each event that the watcher would have said, with the instant of it. */
    void (*say)(void *self, const Ds__Event *event, uint32_t rulebook, int64_t at_ms);
    void *self;

    struct watch_ticket ticket;
    struct watch_bench bench;
    struct watch_again again;
    struct ds_out out;
    int64_t mark_ms;
    int64_t visit_final_ms; /* latest final verdict on a visit so far */
    Ds__WatchReturn returns[DS_RETURN_FACTS_MAX];
    char causes[WATCH_CAUSES_MAX][WATCH_CAUSE_NAME];
    Ds__WatchRejudge asked[DS_REJUDGES_MAX];
};

/* Another ticket: nothing of it is known. mark_ms: what is final later is not told, although events
 * may come after it. */
void watch_retell_begin(struct watch_retelling *telling, const char *id, uint32_t partition,
                        int64_t mark_ms);

/* The next event about it, in the order of arrival. The message must outlive the telling. */
void watch_retell(struct watch_retelling *telling, const struct ds_event *event);

/* A complaint, recorded on another ticket, that a visit of this one was not on time. */
void watch_retell_complaint(struct watch_retelling *telling, const struct ds_event *event);

/* Nothing more arrives up to the mark. */
void watch_retell_to(struct watch_retelling *telling, int64_t mark_ms);

#endif
