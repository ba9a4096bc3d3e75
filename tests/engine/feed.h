/* SPDX-License-Identifier: MIT
 *
 * A batch of an upstream journal in the making: what a part is fed with. */
#ifndef DS_TEST_FEED_H
#define DS_TEST_FEED_H

#include "engine/part.h"

struct feed {
    struct ds_buf buf;
    enum ds_source source;
    uint32_t partition;
    uint64_t first;
    uint32_t n;
    int64_t mark_ms;
    uint32_t rulebook;
    uint64_t applied[DS_SOURCE_COUNT]; /* 0: not named */
};

/* Empties feed: a batch of source whose first event is number first, under rulebook 1. What lies
 * before its own buffer must be zero. */
void feed_begin(struct feed *feed, enum ds_source source, uint64_t first);
void feed_finish(struct feed *feed);

/* Appends an event. */
void feed_event(struct feed *feed, const Ds__Event *event);

/* Appends one that only has a subject. */
void feed_say(struct feed *feed, const char *subject, int64_t stamp_ms);

/* Appends the activation of a rulebook. */
void feed_activated(struct feed *feed, uint32_t number, int64_t stamp_ms);

/* Completes the batch; it may be applied many times after that. */
void feed_seal(struct feed *feed);

/* Reads its header the way the runtime does before anything is unpacked. */
struct ds_batch_peek feed_peek(const struct feed *feed);

/* Can it be applied; and applies it. */
enum ds_ready feed_ready(const struct feed *feed, const struct ds_part *part);
bool feed_apply(const struct feed *feed, struct ds_part *part);

#endif
