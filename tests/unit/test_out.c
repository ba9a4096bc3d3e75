/* SPDX-License-Identifier: MIT
 *
 * The buffers of a step's decisions: what is put in stays where it is until the step ends, and too
 * much is a bug that shows at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../engine/dies.h"
#include "domain/out.h"

static int setup(void **state)
{
    struct ds_out *out = malloc(sizeof *out);

    if (!out) return -1;
    memset(out, 0xee, sizeof *out); /* reset is all the initialisation it needs */
    ds_out_reset(out);
    *state = out;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

/* ---- events ---- */

static void test_add_makes_an_empty_event(void **state)
{
    struct ds_out *out = *state;

    const char *subject = "T001-1";
    Ds__Warned *warned =
        &ds_out_add(out, DS_EV_WARNED, subject, DS__REASON__NAME__REOPENED, "7.1")->warned;
    const Ds__Event *event = ds_out_last(out);
    assert_int_equal(out->n, 1);
    assert_ptr_equal(event, &out->events[0]);
    assert_ptr_equal(event->subject, subject); /* kept, not copied */
    assert_int_equal(event->body_case, DS__EVENT__BODY_WARNED);
    assert_ptr_equal(event->warned, warned);
    assert_true(event->has_reason);
    assert_int_equal(event->reason, DS__REASON__NAME__REOPENED);
    assert_string_equal(event->clause, "7.1");
    assert_null(event->by);
    assert_null(event->cause);
    assert_false(event->has_received_at_ms);
    assert_ptr_equal(warned->base.descriptor, &ds__warned__descriptor);
    assert_int_equal(ds__warned__get_packed_size(warned), 0); /* nothing of the step before */
}

static void test_no_reason_and_no_clause(void **state)
{
    struct ds_out *out = *state;

    ds_out_add(out, DS_EV_WARNED, "a", DS__REASON__NAME__NONE, "");
    assert_false(ds_out_last(out)->has_reason);
    assert_null(ds_out_last(out)->clause);
    ds_out_add(out, DS_EV_WARNED, "a", DS__REASON__NAME__NONE, NULL);
    assert_null(ds_out_last(out)->clause);
}

static void test_every_kind_of_body(void **state)
{
    struct ds_out *out = *state;
    uint32_t n = 0;

    for (int type = 0; type < 256; type++) {
        if (!ds_event_known(type)) continue;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(&ds__event__descriptor, (unsigned)type);
        const ProtobufCMessageDescriptor *descriptor = field->descriptor;
        ProtobufCMessage *body = (ProtobufCMessage *)ds_out_add(out, (enum ds_event_type)type, "a",
                                                                DS__REASON__NAME__NONE, "");
        assert_ptr_equal(body->descriptor, descriptor);
        /* bodies taken over from commands may be larger than those that rules fill in place */
        if (type >= DS_EV_OFFERED) assert_true(descriptor->sizeof_message <= sizeof out->bodies[0]);
        n++;
    }
    assert_int_equal(out->n, n);
    for (uint32_t i = 0; i < n; i++)
        assert_ptr_equal(out->events[i].offered, &out->bodies[i]);
}

static void test_pass_keeps_the_body(void **state)
{
    struct ds_out *out = *state;
    Ds__Urge urge = DS__URGE__INIT;

    Ds__Event *event = ds_out_pass(out, DS_EV_URGED, "T1", &urge);
    assert_ptr_equal(event, ds_out_last(out));
    assert_ptr_equal(event->urged, &urge);
    assert_int_equal(event->body_case, DS__EVENT__BODY_URGED);
    assert_string_equal(event->subject, "T1");
    assert_false(event->has_reason);
    ds_out_add(out, DS_EV_WARNED, "T2", DS__REASON__NAME__NONE, "");
    assert_int_equal(out->n, 2);
    assert_ptr_equal(out->events[0].urged, &urge);
    assert_string_equal(ds_out_last(out)->subject, "T2");
}

static void test_outcome(void **state)
{
    struct ds_out *out = *state;
    Ds__Event msg = DS__EVENT__INIT;
    const struct ds_event command = {.type = DS_EV_ACCEPTED, .msg = &msg};

    msg.subject = (char *)"T001-9";
    msg.command_id = (char *)"c-77";
    ds_out_outcome(out, &command, DS__OUTCOME_CODE__NAME__REFUSED, DS__REASON__NAME__REOPENED,
                   "7.4");
    const Ds__Event *event = ds_out_last(out);
    assert_int_equal(event->body_case, DS__EVENT__BODY_OUTCOME);
    assert_string_equal(event->subject, "T001-9");
    assert_string_equal(event->clause, "7.4");
    assert_int_equal(event->reason, DS__REASON__NAME__REOPENED);
    assert_string_equal(event->outcome->command_id, "c-77");
    assert_true(event->outcome->has_outcome);
    assert_int_equal(event->outcome->outcome, DS__OUTCOME_CODE__NAME__REFUSED);
}

static void test_reset_empties(void **state)
{
    struct ds_out *out = *state;

    ds_out_add(out, DS_EV_WARNED, "a", DS__REASON__NAME__NONE, "");
    char *first = ds_out_number(out, 5);
    ds_out_reset(out);
    assert_int_equal(out->n, 0);
    assert_ptr_equal(ds_out_number(out, 6), first); /* the memory is used again */
    assert_string_equal(first, "6");
}

static void add_one_more(void *self)
{
    ds_out_add(self, DS_EV_WARNED, "a", DS__REASON__NAME__NONE, "");
}

static void pass_one_more(void *self)
{
    static Ds__Urge urge = DS__URGE__INIT;

    ds_out_pass(self, DS_EV_URGED, "a", &urge);
}

static void last_of_none(void *self)
{
    ds_out_last(self);
}

static void add_unknown(void *self)
{
    ds_out_add(self, (enum ds_event_type)19, "a", DS__REASON__NAME__NONE, "");
}

static void test_events_are_bounded(void **state)
{
    struct ds_out *out = *state;

    assert_true(dies(last_of_none, out));
    assert_true(dies(add_unknown, out));
    for (int i = 0; i < DS_OUT_EVENTS_MAX; i++) {
        assert_int_equal(out->n, i);
        add_one_more(out);
    }
    assert_true(dies(add_one_more, out));
    assert_true(dies(pass_one_more, out));
}

/* ---- texts and parts ---- */

static void test_texts(void **state)
{
    struct ds_out *out = *state;

    char *one = ds_out_text(out, (const char *const[]){"F", "wang", "/", "2007-03-01", NULL});
    char *none = ds_out_text(out, (const char *const[]){NULL});
    char *empty = ds_out_text(out, (const char *const[]){"", "", NULL});
    char *two = ds_out_text(out, (const char *const[]){one, "!", NULL});
    assert_string_equal(one, "Fwang/2007-03-01");
    assert_string_equal(none, "");
    assert_string_equal(empty, "");
    assert_string_equal(two, "Fwang/2007-03-01!");
    assert_true(none != empty && empty != two);
}

static void test_numbers(void **state)
{
    struct ds_out *out = *state;

    assert_string_equal(ds_out_number(out, 0), "0");
    assert_string_equal(ds_out_number(out, 7), "7");
    assert_string_equal(ds_out_number(out, 10), "10");
    assert_string_equal(ds_out_number(out, 1234567890), "1234567890");
    assert_string_equal(ds_out_number(out, UINT64_MAX), "18446744073709551615");
}

static void test_parts_are_aligned_and_apart(void **state)
{
    struct ds_out *out = *state;

    for (size_t size = 0; size < 40; size++) {
        char *text = ds_out_text(out, (const char *const[]){"odd", NULL});
        uint8_t *room = ds_out_room(out, size);
        assert_int_equal((uintptr_t)room % 8, 0);
        memset(room, 0xff, size);
        char *after = ds_out_text(out, (const char *const[]){"after", NULL});
        assert_string_equal(text, "odd");
        assert_true((uint8_t *)after >= room + size);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(room[i], 0xff);
    }
}

static char long_text[sizeof(((struct ds_out *)0)->text) + 1];

static void text_too_long(void *self)
{
    ds_out_text(self, (const char *const[]){long_text, NULL});
}

static void room_too_large(void *self)
{
    ds_out_room(self, sizeof(((struct ds_out *)0)->text) + 1 - strlen(long_text));
}

static void test_memory_is_bounded(void **state)
{
    struct ds_out *out = *state;
    const size_t size = sizeof out->text;

    memset(long_text, 't', size);
    long_text[size] = '\0';
    assert_true(dies(text_too_long, out)); /* no place for the NUL */
    long_text[size - 1] = '\0';
    assert_false(dies(text_too_long, out));
    char *text = ds_out_text(out, (const char *const[]){long_text, NULL});
    assert_int_equal(strlen(text), size - 1);
    long_text[0] = '\0';
    assert_true(dies(text_too_long, out)); /* not even an empty one */

    ds_out_reset(out);
    assert_true(dies(room_too_large, out));
    long_text[0] = 't';
    long_text[1] = '\0';
    assert_false(dies(room_too_large, out));
    ds_out_text(out, (const char *const[]){"x", NULL});
    assert_true(dies(room_too_large, out)); /* what the text has used is gone */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_add_makes_an_empty_event),
        TEST(test_no_reason_and_no_clause),
        TEST(test_every_kind_of_body),
        TEST(test_pass_keeps_the_body),
        TEST(test_outcome),
        TEST(test_reset_empties),
        TEST(test_events_are_bounded),
        TEST(test_texts),
        TEST(test_numbers),
        TEST(test_parts_are_aligned_and_apart),
        TEST(test_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
