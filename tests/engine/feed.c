/* SPDX-License-Identifier: MIT */
#include "feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void feed_begin(struct feed *feed, enum ds_source source, uint64_t first)
{
    struct ds_buf buf = feed->buf;

    buf.len = 0;
    *feed = (struct feed){.buf = buf, .source = source, .first = first, .rulebook = 1};
}

void feed_finish(struct feed *feed)
{
    ds_buf_finish(&feed->buf);
}

void feed_event(struct feed *feed, const Ds__Event *event)
{
    ds_batch_add(&feed->buf, event);
    feed->n++;
}

void feed_say(struct feed *feed, const char *subject, int64_t stamp_ms)
{
    Ds__Event event = DS__EVENT__INIT;
    Ds__Urge urge = DS__URGE__INIT;

    event.subject = (char *)subject;
    DS_SET(&event, received_at_ms, stamp_ms);
    event.body_case = DS__EVENT__BODY_URGED;
    event.urged = &urge;
    feed_event(feed, &event);
}

void feed_activated(struct feed *feed, uint32_t number, int64_t stamp_ms)
{
    Ds__Event event = DS__EVENT__INIT;
    Ds__Activated activated = DS__ACTIVATED__INIT;

    DS_SET(&activated, number, number);
    DS_SET(&event, received_at_ms, stamp_ms);
    event.body_case = DS__EVENT__BODY_ACTIVATED;
    event.activated = &activated;
    feed_event(feed, &event);
}

void feed_seal(struct feed *feed)
{
    Ds__BatchHeader header = DS__BATCH_HEADER__INIT;
    Ds__Position positions[DS_SOURCE_COUNT], *applied[DS_SOURCE_COUNT];

    DS_SET(&header, format, DS_BATCH_FORMAT);
    DS_SET(&header, source, (Ds__Source__Name)feed->source);
    DS_SET(&header, partition, feed->partition);
    DS_SET(&header, epoch, 1);
    DS_SET(&header, bno, 1);
    DS_SET(&header, first_seq, feed->first);
    DS_SET(&header, count, feed->n);
    DS_SET(&header, mark_ms, feed->mark_ms);
    DS_SET(&header, rulebook, feed->rulebook);
    for (int s = 0; s < DS_SOURCE_COUNT; s++) {
        if (feed->applied[s] == 0) continue;
        Ds__Position *position = &positions[header.n_applied];
        ds__position__init(position);
        DS_SET(position, source, (Ds__Source__Name)s);
        DS_SET(position, seq, feed->applied[s]);
        applied[header.n_applied++] = position;
    }
    header.applied = applied;
    ds_batch_seal(&feed->buf, &header);
}

struct ds_batch_peek feed_peek(const struct feed *feed)
{
    struct ds_batch_peek peek;
    struct ds_arena arena;

    ds_arena_init(&arena, 4096);
    enum ds_batch_fault fault = ds_batch_peek(feed->buf.bytes, feed->buf.len, &arena, &peek);
    ds_arena_finish(&arena);
    assert_int_equal(fault, DS_BATCH_FINE);
    return peek;
}

enum ds_ready feed_ready(const struct feed *feed, const struct ds_part *part)
{
    const struct ds_batch_peek peek = feed_peek(feed);

    return ds_part_ready(part, &peek);
}

bool feed_apply(const struct feed *feed, struct ds_part *part)
{
    Ds__Batch *batch;

    assert_int_equal(ds_batch_open(feed->buf.bytes, feed->buf.len, &part->env->batch_arena, &batch),
                     DS_BATCH_FINE);
    return ds_part_apply(part, batch);
}
