/* SPDX-License-Identifier: MIT
 *
 * Frames that are no command, or one that lacks something, or too much of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gate.h"

#define RECORDED DS__RECEIPT__STATUS__RECORDED
#define REJECTED DS__RECEIPT__STATUS__REJECTED

static int setup(void **state)
{
    *state = gate_new(1000, false);
    return 0;
}

static int teardown(void **state)
{
    gate_free(*state);
    return 0;
}

static void check_untouched(const struct gate *gate)
{
    assert_int_equal(gate->door.receipts.n, 0);
    assert_int_equal(gate->answer.partition, 0);
    assert_int_equal(gate->answer.after_bno, 0); /* rests on nothing: goes at once */
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        assert_false(ds_part_pending(&gate->parts[p]));
}

/* ---- what is missing ---- */

static void test_missing_fields(void **state)
{
    struct gate *gate = *state;
    static const char *const fields[] = {"id", "by", "made_at_ms", "body"};
    Ds__Urge body = DS__URGE__INIT;

    for (size_t i = 0; i < 4; i++) {
        Ds__Command command = DS__COMMAND__INIT;
        if (i != 0) command.id = (char *)"r-1";
        if (i != 1) command.by = (char *)"li";
        if (i != 2) DS_SET(&command, made_at_ms, GATE_NOW_MS);
        if (i != 3) command.body_case = DS__COMMAND__BODY_URGE;
        if (i != 3) command.urge = &body;
        command.territory = (char *)"p1";
        const Ds__Receipt *receipt = gate_send(gate, &command);
        gate_check(gate, REJECTED, "missing_field");
        assert_string_equal(receipt->field, fields[i]);
        assert_true(ds_str(receipt->expected)[0]);
        assert_string_equal(receipt->id, i == 0 ? "" : "r-1");
        check_untouched(gate);
    }
}

/* ---- what is no command ---- */

static void test_bad_frames(void **state)
{
    struct gate *gate = *state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *code;
        const char *id; /* that the refusal can name */
    } cases[] = {
        {"", 0, "missing_field", ""},
        {"nonsense", 8, "malformed", ""},
        {"\x0a", 1, "malformed", ""},
        {"\x0a\x03r-", 4, "malformed", ""},         /* the id is cut short */
        {"\x0a\x03r-1\xff", 6, "malformed", "r-1"}, /* the id came through */
        {"\x0a\x03r 1", 5, "bad_value", ""},        /* an id that is none is not repeated */
        {"\x0a\x00", 2, "bad_value", ""},
        {"\x0a\x03r-1\x0a\x03r-2", 10, "duplicate_field", "r-1"},
        {"\x0a\x03r-1\x10\x01", 7, "out_of_range", "r-1"}, /* made in 1970 */
        {"\x0a\x03r-1\xf8\x07\x01", 8, "unknown_field", "r-1"},
        {"\x0a\x03r-1\xfa\x01\x00\x82\x02\x00", 11, "duplicate_field", "r-1"}, /* two bodies */
        {"\x22\x02li\x0a\x03r-1\xff", 10, "malformed", ""}, /* no id in front: not looked for */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Ds__Receipt *receipt =
            gate_send_bytes(gate, (const uint8_t *)cases[i].bytes, cases[i].len);
        gate_check(gate, REJECTED, cases[i].code);
        assert_string_equal(receipt->id, cases[i].id);
        check_untouched(gate);
    }
}

static void test_ids_up_to_64_bytes(void **state)
{
    struct gate *gate = *state;
    char id[66];

    memset(id, 'i', sizeof id);
    id[65] = '\0';
    const Ds__Receipt *receipt = gate_urge(gate, id, NULL);
    gate_check(gate, REJECTED, "bad_value");
    assert_string_equal(receipt->field, "id");
    assert_string_equal(receipt->id, "");
    check_untouched(gate);
    id[64] = '\0';
    receipt = gate_urge(gate, id, NULL);
    gate_check(gate, RECORDED, NULL);
    assert_string_equal(receipt->id, id);
}

/* The answer outlives the frame, whatever was in it. */
static void test_every_cut_of_a_good_command(void **state)
{
    struct gate *gate = *state;
    static uint8_t good[256];

    gate_urge(gate, "r-1", "a note");
    gate_check(gate, RECORDED, NULL);
    size_t len = gate->sent_len;
    assert_true(len <= sizeof good);
    memcpy(good, gate->sent, len);
    gate_restart(gate, 1000);
    for (size_t cut = 0; cut < len; cut++) {
        gate_send_bytes(gate, good, cut);
        gate_check(gate, REJECTED, NULL);
        assert_string_equal(gate->answer.receipt.id, cut < 5 ? "" : "r-1");
        check_untouched(gate);
    }
}

/* ---- what is too much ---- */

/* Above 64 KiB there is always a field that is too long, unless it is the one with two files; above
 * 1 MiB nobody looks any more. */
static void test_frames_are_bounded(void **state)
{
    struct gate *gate = *state;
    static char note[1024 * 1024];

    memset(note, 'n', sizeof note);
    note[2001] = '\0';
    gate_urge(gate, "r-1", note);
    gate_check(gate, REJECTED, "out_of_range");
    note[2001] = 'n';
    note[64 * 1024] = '\0';
    gate_urge(gate, "r-1", note);
    gate_check(gate, REJECTED, "out_of_range");
    assert_string_equal(gate->answer.receipt.field, "urge.note");
    check_untouched(gate);
    note[64 * 1024] = 'n';
    note[sizeof note - 1] = '\0';
    gate_urge(gate, "r-1", note);
    gate_check(gate, REJECTED, "too_large");
    assert_string_equal(gate->answer.receipt.id, "r-1");
    check_untouched(gate);
    note[2000] = '\0';
    gate_urge(gate, "r-1", note);
    gate_check(gate, RECORDED, NULL);
}

static const Ds__Receipt *send_files(struct gate *gate, size_t rulebook, size_t directory)
{
    static char text[524288 + 1];
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Activate body = DS__ACTIVATE__INIT;
    char *other = calloc(1, directory + 1);

    assert_non_null(other);
    memset(text, 'r', rulebook);
    text[rulebook] = '\0';
    memset(other, 'd', directory);
    command.id = (char *)"a-1";
    command.by = (char *)"boss";
    DS_SET(&command, made_at_ms, GATE_NOW_MS);
    command.body_case = DS__COMMAND__BODY_ACTIVATE;
    command.activate = &body;
    body.rulebook = text;
    body.directory = other;
    const Ds__Receipt *receipt = gate_send(gate, &command);
    free(other);
    return receipt;
}

/* The one command that carries two files may be larger: 1 MiB in all. */
static void test_activation_up_to_1_mib(void **state)
{
    struct gate *gate = *state;

    send_files(gate, 524288, 524288 - 100);
    size_t around = gate->sent_len - 2 * 524288 + 100;
    assert_in_range(around, 20, 60);
    gate_restart(gate, 1000);
    gate->versions_made = 0;

    gate->version_number = 2;
    const Ds__Receipt *receipt = send_files(gate, 524288, 524288 - around + 1);
    assert_int_equal(gate->sent_len, 1024 * 1024 + 1);
    gate_check(gate, REJECTED, "too_large");
    assert_string_equal(receipt->id, "a-1");
    assert_int_equal(gate->versions_made, 0);
    check_untouched(gate);
    send_files(gate, 524288, 524288 - around);
    assert_int_equal(gate->sent_len, 1024 * 1024);
    gate_check(gate, RECORDED, NULL);
    assert_int_equal(gate->versions_made, 1);
    assert_int_equal(gate->version_bytes, 1024 * 1024 - around);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_missing_fields),     TEST(test_bad_frames),
        TEST(test_ids_up_to_64_bytes), TEST(test_every_cut_of_a_good_command),
        TEST(test_frames_are_bounded), TEST(test_activation_up_to_1_mib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
