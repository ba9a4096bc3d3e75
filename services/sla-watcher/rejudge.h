/* SPDX-License-Identifier: MIT
 *
 * Final verdicts as another version of the rules has them. */
#ifndef WATCH_REJUDGE_H
#define WATCH_REJUDGE_H

#include "sla-watcher/watch.h"

/* A final verdict that is to be judged again. */
struct watch_standing {
    struct watch_said *said;
    enum ds_verdict verdict; /* as it stands, with what belongs to it */
    int64_t due_ms;
    const char *owner;
    const char *clause;
    uint32_t rulebook;
    bool found; /* it is final under the other version, too */
    bool changed;
    Ds__Rejudged *rejudged; /* what is said of it */
};

/* Scratch memory; large, one per process is enough. */
struct watch_again {
    struct watch_ticket copy;
    uint32_t n_standing;
    struct watch_standing standing[WATCH_INSTANCES_MAX];
};

/* Judges again what was asked for, once nothing can arrive any more that was received before it. */
void watch_rejudge(struct watch_ticket *ticket, const struct watch_rules *rules,
                   const Ds__WatchRejudge *asked, struct watch_bench *bench,
                   struct watch_again *scratch, struct ds_out *out);

/* What an event asks to be judged again. */
void watch_ask(const struct ds_event *event, Ds__WatchRejudge *ret);

/* Judges again what was asked at or before the mark, so that any run finds the same verdicts final;
 * one request at a time. False if none is due. */
bool watch_judge_asked(struct watch_ticket *ticket, const struct watch_rules *rules,
                       int64_t mark_ms, struct watch_bench *bench, struct watch_again *scratch,
                       struct ds_out *out);

/* The answer to whoever asked. */
Ds__Outcome *watch_answer_rejudge(const char *subject, const Ds__WatchRejudge *asked,
                                  Ds__OutcomeCode__Name code, Ds__Reason__Name reason,
                                  struct ds_out *out);

#endif
