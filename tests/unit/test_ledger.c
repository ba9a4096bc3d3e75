/* SPDX-License-Identifier: MIT
 *
 * The ledger alone, fed with what the others would say: clause 7.2 at its verdict, and months that
 * close while the watcher lags behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/feed.h"
#include "engine/world.h"
#include "penalty-ledger/ledger.h"
#include "rulebook_files.h"

enum { P = 7, SAID_MAX = 64 };

/* 2007-03-01T00:00:00+08:00, and instants by day and hour of that month (days go on into April). */
static const int64_t MARCH_MS = INT64_C(1172678400000);

static int64_t at(int day, int hour)
{
    return MARCH_MS + (int64_t)(day - 1) * DS_DAY_MS + (int64_t)hour * DS_HOUR_MS;
}

struct stage {
    struct ds_world world;
    uint64_t seq[DS_SOURCE_COUNT]; /* last event of each journal */
    Ds__Event *said[SAID_MAX];     /* owned; by the ledger */
    size_t n;
};

static void keep(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                 size_t len)
{
    struct stage *stage = self;
    Ds__Batch *batch = ds__batch__unpack(NULL, len, bytes);

    (void)source, (void)partition;
    for (size_t i = 0; i < batch->n_events; i++) {
        assert_true(stage->n < SAID_MAX);
        stage->said[stage->n++] = batch->events[i];
    }
    batch->n_events = 0;
    free(batch->events);
    batch->events = NULL;
    ds__batch__free_unpacked(batch, NULL);
}

static void feed(struct stage *stage, struct feed *feed)
{
    feed->partition = P;
    feed_seal(feed);
    struct ds_batch_peek peek = feed_peek(feed);
    ds_world_feed(&stage->world, feed->buf.bytes, feed->buf.len, &peek);
    stage->seq[feed->source] = peek.last;
    feed_finish(feed);
}

static struct feed begin(struct stage *stage, enum ds_source source)
{
    struct feed next = {0};

    feed_begin(&next, source, stage->seq[source] + 1);
    next.partition = P;
    return next;
}

static void open_stage(struct stage *stage, const struct files *files)
{
    static const struct ds_service *const services[] = {NULL, NULL, NULL, NULL, &ledger_service};
    struct ds_problems problems;
    struct made made;

    *stage = (struct stage){0};
    assert_int_equal(make(&files->rulebook, &files->directory, &made, &problems), 0);
    ds_world_init(&stage->world, services, PARTITIONS, keep, stage);
    ds_world_add_version(&stage->world,
                         ds_version_compile(made.bytes, made.len, 1, PARTITIONS, &problems));
    free(made.bytes);
    struct feed activated = begin(stage, DS_INTAKE);
    feed_activated(&activated, 1, at(1, 0));
    feed(stage, &activated);
    ds_world_set_time(&stage->world, at(1, 0));
}

static void close_stage(struct stage *stage)
{
    for (size_t i = 0; i < stage->n; i++)
        ds__event__free_unpacked(stage->said[i], NULL);
    ds_world_finish(&stage->world);
}

/* All journals are complete so far; everything is worked off. */
static void run_to(struct stage *stage, int64_t mark_ms)
{
    ds_world_feed_mark(&stage->world, mark_ms);
    ds_world_advance(&stage->world, mark_ms + 1);
}

static void judge(struct stage *stage, Ds__Clock__Name clock, const char *subject, char *owner,
                  Ds__Verdict__Name verdict, int64_t due_ms, int64_t stamp_ms, char *clause)
{
    Ds__Event event = DS__EVENT__INIT;
    Ds__Judged judged = DS__JUDGED__INIT;
    struct feed next = begin(stage, DS_WATCHER);

    event.subject = (char *)subject;
    DS_SET(&event, received_at_ms, stamp_ms);
    event.body_case = DS__EVENT__BODY_JUDGED;
    event.judged = &judged;
    DS_SET(&judged, clock, clock);
    DS_SET(&judged, n, 1);
    DS_SET(&judged, verdict, verdict);
    DS_SET(&judged, due_at_ms, due_ms);
    DS_SET(&judged, final_at_ms, due_ms + 12 * (int64_t)DS_HOUR_MS);
    judged.owner = owner;
    judged.clause = clause;
    DS_SET(&judged, rulebook, 1);
    feed_event(&next, &event);
    feed(stage, &next);
}

static void close_month(struct stage *stage, uint32_t month, int64_t stamp_ms)
{
    Ds__Event event = DS__EVENT__INIT;
    Ds__CloseMonth close = DS__CLOSE_MONTH__INIT;
    struct feed next = begin(stage, DS_INTAKE);

    event.subject = "liu";
    event.by = "liu";
    event.command_id = "close";
    event.territory = "county";
    DS_SET(&event, received_at_ms, stamp_ms);
    event.body_case = DS__EVENT__BODY_MONTH_CLOSE_REQUESTED;
    event.month_close_requested = &close;
    DS_SET(&close, month, month);
    feed_event(&next, &event);
    feed(stage, &next);
}

static const Ds__Event *said(const struct stage *stage, enum ds_event_type type)
{
    for (size_t i = 0; i < stage->n; i++)
        if ((int)stage->said[i]->body_case == (int)type) return stage->said[i];
    return NULL;
}

static Ds__Entry *entry_of(const Ds__Event *posted)
{
    assert_non_null(posted);
    Ds__Entry *entry =
        ds__entry__unpack(NULL, posted->entry_posted->entry.len, posted->entry_posted->entry.data);
    assert_non_null(entry);
    return entry;
}

/* ---- clause 7.2 ---- */

static void test_a_sheet_that_was_not_handed_in(void **state)
{
    struct stage stage;
    open_stage(&stage, *state);
    judge(&stage, DS__CLOCK__NAME__SURVEY_SHEET, "county/200702", "person:lin",
          DS__VERDICT__NAME__BREACHED, at(3, 18), at(3, 18) + 1, "7.2");
    run_to(&stage, at(4, 0));
    Ds__Entry *entry = entry_of(said(&stage, DS_EV_ENTRY_POSTED));
    assert_string_equal(entry->key, "7.2/person:lin/county/200702");
    assert_int_equal(entry->amount_fen, -5000);
    assert_int_equal(entry->month, 200703); /* of the due, not of the sheet */
    assert_string_equal(entry->owner, "person:lin");
    assert_null(entry->ticket);
    assert_int_equal(entry->reason, DS__REASON__NAME__FINAL_BREACH);
    ds__entry__free_unpacked(entry, NULL);
    close_stage(&stage);
}

static void test_a_sheet_that_nobody_was_in_charge_of(void **state)
{
    struct stage stage;
    open_stage(&stage, *state);
    judge(&stage, DS__CLOCK__NAME__SURVEY_SHEET, "county/200702", NULL, DS__VERDICT__NAME__BREACHED,
          at(3, 18), at(3, 18) + 1, "7.2");
    run_to(&stage, at(4, 0));
    assert_null(said(&stage, DS_EV_ENTRY_POSTED));
    const Ds__Event *proposed = said(&stage, DS_EV_PROPOSED);
    assert_non_null(proposed);
    assert_string_equal(proposed->proposed->entry->account, "person:liu");
    assert_int_equal(proposed->reason, DS__REASON__NAME__NOBODY_ROSTERED);
    assert_int_equal(proposed->proposed->expires_at_ms, at(63, 18) + 1);
    close_stage(&stage);
}

static void test_a_sheet_in_time(void **state)
{
    struct stage stage;
    open_stage(&stage, *state);
    judge(&stage, DS__CLOCK__NAME__SURVEY_SHEET, "county/200702", "person:lin",
          DS__VERDICT__NAME__MET, at(3, 18), at(3, 18), "7.2");
    run_to(&stage, at(4, 0));
    assert_int_equal(stage.n, 0);
    close_stage(&stage);
}

/* ---- months ---- */

/* Closed on 5 April at nine; the watcher was away and works off the rest afterwards. What was final
 * by then is March's, however late it is said, what was final a millisecond later April's; and only
 * when all of it is there is March said to be closed. */
static void test_a_month_that_closes_while_the_watcher_lags(void **state)
{
    struct stage stage;
    open_stage(&stage, *state);
    const int64_t closed_ms = at(36, 9), due_ms = at(31, 21);
    close_month(&stage, 200703, closed_ms);
    stage.world.journals[0][P].mark_ms = closed_ms;
    ds_world_advance(&stage.world, closed_ms + 1);
    assert_int_equal(said(&stage, DS_EV_OUTCOME)->outcome->outcome,
                     DS__OUTCOME_CODE__NAME__APPLIED);
    assert_null(said(&stage, DS_EV_MONTH_CLOSED));

    judge(&stage, DS__CLOCK__NAME__RESULT, "T007-2", "person:wang", DS__VERDICT__NAME__BREACHED,
          due_ms, closed_ms + DS_HOUR_MS, "7.4");
    judge(&stage, DS__CLOCK__NAME__RESULT, "T007-3", "person:wang", DS__VERDICT__NAME__BREACHED,
          at(35, 21) + 1, closed_ms + DS_HOUR_MS, "7.4");
    run_to(&stage, closed_ms + DS_HOUR_MS);
    uint32_t months[2] = {0}, n = 0, announced = 0;
    for (size_t i = 0; i < stage.n; i++) {
        if (stage.said[i]->body_case == DS__EVENT__BODY_MONTH_CLOSED) announced++;
        if (stage.said[i]->body_case != DS__EVENT__BODY_ENTRY_POSTED) continue;
        Ds__Entry *entry = entry_of(stage.said[i]);
        assert_true(n < 2);
        months[n++] = entry->month;
        ds__entry__free_unpacked(entry, NULL);
    }
    assert_int_equal(months[0], 200703);
    assert_int_equal(months[1], 200704);
    assert_int_equal(announced, 1);
    close_stage(&stage);
}

/* Of the end of March, 14 h of grace and a day that a phone may be away: not a millisecond less. */
static void test_a_month_that_is_not_over(void **state)
{
    for (int early = 1; early >= 0; early--) {
        struct stage stage;
        open_stage(&stage, *state);
        close_month(&stage, 200703, at(33, 14) - early);
        run_to(&stage, at(34, 0));
        const Ds__Outcome *outcome = said(&stage, DS_EV_OUTCOME)->outcome;
        assert_int_equal(outcome->outcome,
                         early ? DS__OUTCOME_CODE__NAME__REFUSED : DS__OUTCOME_CODE__NAME__APPLIED);
        assert_int_equal(outcome->not_before_ms, early ? at(33, 14) : 0);
        assert_int_equal(said(&stage, DS_EV_MONTH_CLOSED) != NULL, !early);
        close_stage(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sheet_that_was_not_handed_in),
        cmocka_unit_test(test_a_sheet_that_nobody_was_in_charge_of),
        cmocka_unit_test(test_a_sheet_in_time),
        cmocka_unit_test(test_a_month_that_closes_while_the_watcher_lags),
        cmocka_unit_test(test_a_month_that_is_not_over),
    };
    return cmocka_run_group_tests(tests, read_files, free_files);
}
