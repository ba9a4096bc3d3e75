/* SPDX-License-Identifier: MIT
 *
 * All services in one process: what one says the others hear in the order of the flow, everything
 * comes to rest at each instant, and time only passes when it is told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dies.h"
#include "engine/world.h"
#include "feed.h"
#include "gate.h"
#include "proto/state.pb-c.h"

enum { PARTS = 2 };

/* Everything that happens, as one line of text. */
static char story[8192];
static uint32_t batches, batch_events;

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...)
{
    size_t used = strlen(story);
    va_list args;

    va_start(args, format);
    vsnprintf(story + used, sizeof story - used, format, args);
    va_end(args);
}

/* ---- two services ---- */

/* The caller, in the dispatcher's place: says every subject of intake once more; "later" at 2000,
 * by a deadline; "*600" in so many events. */
static void caller_apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    const struct ds_dues dues = {{2000, DS_NO_DUE, DS_NO_DUE}};
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    const char *subject = ds_str(event->msg->subject);

    if (event->type == DS_EV_ACTIVATED) return;
    tell("%u:hears(%s) ", part->partition, subject);
    if (strcmp(subject, "later") == 0) return ds_part_put(part, "later", &state.base, &dues);
    for (int n = subject[0] == '*' ? atoi(subject + 1) : 1; n > 0; n--)
        ds_out_add(out, DS_EV_OUTCOME, subject, DS__REASON__NAME__NONE, "");
}

static void caller_fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                        int64_t due_ms, struct ds_out *out)
{
    (void)entity, (void)kind, (void)due_ms;
    tell("%u:fires@%d ", part->partition, (int)part->now_ms);
    ds_part_delete(part, "later");
    ds_out_add(out, DS_EV_OUTCOME, "late", DS__REASON__NAME__NONE, "");
}

static const struct ds_service caller = {.name = "caller",
                                         .source = DS_DISPATCHER,
                                         .upstreams = 1u << DS_INTAKE,
                                         .apply = caller_apply,
                                         .fire = caller_fire};

/* The judge, in the watcher's place: arms a final deadline at 1500 for "case". */
static void judge_apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    const struct ds_dues dues = {{DS_NO_DUE, 1500, DS_NO_DUE}};
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    const char *subject = ds_str(event->msg->subject);

    (void)out;
    if (event->type == DS_EV_ACTIVATED) return;
    if (subject[0] != '*') tell("%u:judge(%d:%s) ", part->partition, event->ref.source, subject);
    if (event->ref.source == DS_INTAKE && strcmp(subject, "case") == 0)
        ds_part_put(part, "case", &state.base, &dues);
}

static void judge_fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                       int64_t due_ms, struct ds_out *out)
{
    (void)entity, (void)kind, (void)due_ms, (void)out;
    tell("%u:final@%d ", part->partition, (int)part->now_ms);
    ds_part_delete(part, "case");
}

static const struct ds_service judge = {.name = "judge",
                                        .source = DS_WATCHER,
                                        .upstreams = 1u << DS_INTAKE | 1u << DS_DISPATCHER,
                                        .apply = judge_apply,
                                        .fire = judge_fire};

/* ---- the world ---- */

static void on_batch(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                     size_t len)
{
    struct ds_arena arena;
    Ds__Batch *batch;

    assert_ptr_equal(self, story);
    ds_arena_init(&arena, DS_BATCH_ARENA);
    assert_int_equal(ds_batch_open(bytes, len, &arena, &batch), DS_BATCH_FINE);
    assert_int_equal(batch->header->source, source);
    assert_int_equal(batch->header->partition, partition);
    batches++;
    batch_events += (uint32_t)batch->n_events;
    ds_arena_finish(&arena);
}

static struct ds_world world;
static struct feed feed;

static struct ds_version *new_version(uint32_t number)
{
    struct ds_version *version = calloc(1, sizeof *version);

    assert_non_null(version);
    version->number = number;
    return version;
}

static void begin(const struct ds_service *const *services)
{
    story[0] = '\0';
    batches = batch_events = 0;
    ds_world_init(&world, services, PARTS, on_batch, story);
    ds_world_add_version(&world, new_version(1));
}

static int setup(void **state)
{
    static const struct ds_service *const services[DS_WORLD_SERVICES] = {NULL, &caller, NULL,
                                                                         &judge, NULL};

    (void)state;
    begin(services);
    for (uint32_t p = 0; p < PARTS; p++) {
        feed_begin(&feed, DS_INTAKE, 1);
        feed.partition = p;
        feed_activated(&feed, 1, 100);
        feed_seal(&feed);
        const struct ds_batch_peek peek = feed_peek(&feed);
        ds_world_feed(&world, feed.buf.bytes, feed.buf.len, &peek);
    }
    ds_world_advance(&world, 1000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ds_world_finish(&world);
    feed_finish(&feed);
    feed = (struct feed){0};
    return 0;
}

/* Puts one event into intake's journal of a partition, which has `before` events. */
static void say(uint32_t partition, uint64_t before, const char *subject)
{
    feed_begin(&feed, DS_INTAKE, before + 1);
    feed.partition = partition;
    feed_say(&feed, subject, 1000);
    feed_seal(&feed);
    const struct ds_batch_peek peek = feed_peek(&feed);
    ds_world_feed(&world, feed.buf.bytes, feed.buf.len, &peek);
}

/* ---- flow ---- */

static void test_causes_come_before_effects(void **state)
{
    (void)state;
    say(0, 1, "a");
    say(1, 1, "b");
    assert_string_equal(story, ""); /* nothing moves by itself */
    ds_world_advance(&world, 1000);
    assert_string_equal(story, "0:hears(a) 1:hears(b) 0:judge(1:a) 0:judge(2:a) "
                               "1:judge(1:b) 1:judge(2:b) ");
    assert_int_equal(batches, 2);
    assert_int_equal(batch_events, 2);
    ds_world_advance(&world, 1000);
    assert_int_equal(batches, 2); /* at rest */
}

/* The caller is left out as well; its batch was decided on something that is still missing. */
static void test_an_effect_waits_for_its_cause(void **state)
{
    static const struct ds_service *const services[DS_WORLD_SERVICES] = {NULL, NULL, NULL, &judge,
                                                                         NULL};

    teardown(state);
    begin(services);
    feed_begin(&feed, DS_DISPATCHER, 1);
    feed_say(&feed, "effect", 1000);
    feed.applied[DS_INTAKE] = 2;
    feed_seal(&feed);
    const struct ds_batch_peek peek = feed_peek(&feed);
    ds_world_feed(&world, feed.buf.bytes, feed.buf.len, &peek);
    ds_world_advance(&world, 1000);
    assert_string_equal(story, "");
    say(0, 0, "first");
    ds_world_advance(&world, 1000);
    assert_string_equal(story, "0:judge(1:first) ");
    say(0, 1, "cause");
    ds_world_advance(&world, 1000);
    assert_string_equal(story, "0:judge(1:first) 0:judge(1:cause) 0:judge(2:effect) ");
}

static void test_more_than_a_batch_holds(void **state)
{
    (void)state;
    say(0, 1, "*300");
    say(0, 2, "*300");
    say(0, 3, "*500");
    say(0, 4, "*400");
    ds_world_advance(&world, 1000);
    assert_int_equal(batch_events, 1500);
    assert_int_equal(batches, 2); /* 300 + 300, 500 + 400: a batch is full at 512 */
    assert_int_equal(world.parts[DS_WATCHER - 1][0].up[DS_DISPATCHER].position, 1500);
    /* everybody has read everything: nothing is kept */
    for (int s = 0; s < DS_WORLD_SERVICES; s++)
        for (uint32_t p = 0; p < PARTS; p++)
            assert_int_equal(world.journals[s][p].n, 0);
}

/* ---- time ---- */

static void test_deadlines_fire_just_after_their_due(void **state)
{
    (void)state;
    assert_true(ds_world_next_due(&world) == DS_NO_DUE);
    say(1, 1, "later");
    ds_world_advance(&world, 1000);
    assert_true(ds_world_next_due(&world) == 2000);
    story[0] = '\0';
    ds_world_advance(&world, 2000);
    assert_string_equal(story, "");
    ds_world_advance(&world, 2001);
    assert_string_equal(story, "1:fires@2001 1:judge(2:late) ");
    assert_true(ds_world_next_due(&world) == DS_NO_DUE);
}

/* Final things wait for the marks of intake, which is fed, and of the caller, which has nothing to
 * say but passes on how far it has come. */
static void test_final_deadlines_wait_for_marks(void **state)
{
    (void)state;
    say(0, 1, "case");
    ds_world_advance(&world, 1000);
    assert_true(ds_world_next_due(&world) == 1500);
    story[0] = '\0';
    ds_world_advance(&world, 9000);
    ds_world_feed_mark(&world, 1499);
    ds_world_advance(&world, 9001);
    assert_string_equal(story, "");
    ds_world_feed_mark(&world, 1500);
    ds_world_advance(&world, 9002);
    assert_string_equal(story, "0:final@9002 ");
}

static void go_back(void *self)
{
    ds_world_set_time(self, 999);
}

static void test_time_never_goes_back(void **state)
{
    (void)state;
    say(0, 1, "a");
    ds_world_set_time(&world, 1000);
    ds_world_set_time(&world, 1001);
    assert_true(world.now_ms == 1001);
    assert_string_equal(story, ""); /* time alone does nothing */
    assert_true(dies(go_back, &world));
}

/* ---- the door of the world ---- */

static void send_urge(struct ds_answer *answer, uint32_t n)
{
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Urge body = DS__URGE__INIT;
    uint8_t bytes[256];
    char id[16];

    snprintf(id, sizeof id, "r-%u", n);
    command.id = id;
    command.by = (char *)"li";
    command.territory = (char *)"p1";
    DS_SET(&command, made_at_ms, GATE_NOW_MS);
    command.body_case = DS__COMMAND__BODY_URGE;
    command.urge = &body;
    ds_world_take(&world, bytes, ds__command__pack(&command, bytes), answer);
}

static void test_commands_come_in_at_the_door(void **state)
{
    static const struct ds_service *const services[DS_WORLD_SERVICES] = {&tiny_intake, &caller,
                                                                         NULL, NULL, NULL};
    static struct ds_answer answer;

    teardown(state);
    begin(services);
    ds_world_set_time(&world, GATE_NOW_MS);
    send_urge(&answer, 0);
    assert_string_equal(answer.receipt.code, "no_rulebook");
    for (uint32_t p = 0; p < PARTS; p++)
        ds_part_activate(&world.parts[0][p], NULL, "hash", 1);
    ds_world_advance(&world, GATE_NOW_MS);
    assert_int_equal(batches, 2);
    for (uint32_t i = 0; i < 600; i++) {
        send_urge(&answer, i);
        assert_int_equal(answer.receipt.status, DS__RECEIPT__STATUS__RECORDED);
        assert_true(answer.receipt.received_at_ms == GATE_NOW_MS);
    }
    assert_string_equal(answer.event, "intake/p001/601");
    assert_int_equal(batches, 3); /* a full batch is sealed at once */
    assert_int_equal(batch_events, 2 + 512);
    send_urge(&answer, 599);
    assert_int_equal(answer.receipt.status, DS__RECEIPT__STATUS__DUPLICATE);
    ds_world_advance(&world, GATE_NOW_MS + 1);
    assert_int_equal(world.parts[1][1].up[DS_INTAKE].position, 601);
    assert_true(world.parts[1][1].up[DS_INTAKE].mark_ms == GATE_NOW_MS); /* now - 1 */
}

static void add_twice(void *self)
{
    ds_world_add_version(self, new_version(1));
}

static void test_a_version_is_added_once(void **state)
{
    (void)state;
    assert_true(dies(add_twice, &world));
    ds_world_add_version(&world, new_version(2));
    assert_int_equal(ds_part_rules_of(&world.parts[1][0], 2)->number, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_causes_come_before_effects),     TEST(test_an_effect_waits_for_its_cause),
        TEST(test_more_than_a_batch_holds),        TEST(test_deadlines_fire_just_after_their_due),
        TEST(test_final_deadlines_wait_for_marks), TEST(test_time_never_goes_back),
        TEST(test_commands_come_in_at_the_door),   TEST(test_a_version_is_added_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
