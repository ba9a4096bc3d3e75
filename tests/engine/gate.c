/* SPDX-License-Identifier: MIT */
#include "gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/state.pb-c.h"

/* ---- the tiny intake ---- */

static enum ds_code refuse(struct ds_fault *fault, enum ds_code code, const char *field)
{
    fault->code = code;
    snprintf(fault->field, sizeof fault->field, "%s", field);
    return code;
}

static enum ds_code route(void *lookup_self, ds_part_lookup lookup,
                          const struct ds_version *version, const Ds__Command *command,
                          uint32_t *ret_partition, struct ds_fault *fault)
{
    const char *territory = ds_str(command->territory);

    const struct ds_door *door = lookup_self;
    assert_int_equal(version->number, door->parts[0].rulebook);
    if (territory[0] == 'p' && territory[1] >= '0' && territory[1] <= '2') {
        *ret_partition = (uint32_t)(territory[1] - '0');
    } else if (strcmp(territory, "far") == 0) {
        *ret_partition = GATE_PARTS;
    } else if (!territory[0] && command->ticket) {
        const struct ds_part *part = lookup(lookup_self, command->ticket);
        if (!part) return refuse(fault, DS_CODE_UNKNOWN_TICKET, "ticket");
        *ret_partition = part->partition;
    } else {
        return refuse(fault, DS_CODE_UNKNOWN_TERRITORY, "territory");
    }
    return DS_CODE_OK;
}

static enum ds_code may_activate(const struct ds_version *version, const Ds__Command *command,
                                 struct ds_fault *fault)
{
    assert_true(version->number >= 1);
    return strcmp(command->by, "boss") == 0 ? DS_CODE_OK : refuse(fault, DS_CODE_WRONG_ROLE, "by");
}

static void take_register(struct ds_part *part, struct ds_command *command, struct ds_out *out)
{
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    char key[DS_TICKET_ID_MAX];

    command->ticket_seq = command->seq;
    ds_ticket_id(key, part->partition, command->seq);
    ds_part_put(part, key, &state.base, NULL);
    char *subject = ds_out_text(out, (const char *const[]){key, NULL});
    ds_out_add(out, DS_EV_REGISTERED, subject, DS__REASON__NAME__NONE, "");
}

static enum ds_code take(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                         struct ds_fault *fault)
{
    const Ds__Command *msg = command->msg;

    assert_true(command->now_ms == part->now_ms);
    command->seq = ds_part_seq_of(part, 0);
    if (msg->body_case == DS__COMMAND__BODY_REGISTER) {
        take_register(part, command, out);
        return DS_CODE_OK;
    }
    if (msg->body_case != DS__COMMAND__BODY_URGE) {
        ds_out_pass(out, (enum ds_event_type)msg->body_case, "x", msg->accept);
        return DS_CODE_OK;
    }
    const char *note = ds_str(msg->urge->note);
    if (strcmp(note, "full") == 0) return refuse(fault, DS_CODE_TICKET_FULL, "ticket");
    if (strcmp(note, "known") == 0) {
        command->duplicate = true;
        command->seq = 1;
        command->ticket_seq = 1;
        return DS_CODE_OK;
    }
    ds_out_pass(out, DS_EV_URGED, "T001-1", msg->urge);
    /* a take that both refuses and emits is a bug */
    return strcmp(note, "torn") == 0 ? refuse(fault, DS_CODE_TICKET_FULL, "ticket") : DS_CODE_OK;
}

const struct ds_service tiny_intake = {
    .name = "intake",
    .source = DS_INTAKE,
    .route = route,
    .may_activate = may_activate,
    .take = take,
};

/* ---- the gate ---- */

static const struct ds_version *version(void *self, uint32_t number)
{
    struct gate *gate = self;

    return number < GATE_VERSIONS ? &gate->versions[number] : NULL;
}

static enum ds_code make_version(void *self, const Ds__Activate *activate, char hash[65],
                                 uint32_t *ret_number, struct ds_fault *fault)
{
    struct gate *gate = self;

    gate->versions_made++;
    gate->version_bytes = strlen(activate->rulebook) + strlen(activate->directory);
    if (gate->version_code != DS_CODE_OK) return refuse(fault, gate->version_code, "rulebook");
    memset(hash, 'a', 64);
    hash[64] = '\0';
    *ret_number = gate->version_number;
    return DS_CODE_OK;
}

static void start(struct gate *gate, uint32_t receipts_max)
{
    for (uint32_t p = 0; p < GATE_PARTS; p++) {
        ds_part_init(&gate->parts[p], &tiny_intake, &gate->env, p);
        gate->parts[p].now_ms = gate->now_ms;
        shelf_load(&gate->shelves[p], &gate->parts[p]);
    }
    ds_door_init(&gate->door, gate->parts, GATE_PARTS, receipts_max);
    gate->door.make_version = make_version;
    gate->door.self = gate;
}

static void stop(struct gate *gate)
{
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        ds_part_finish(&gate->parts[p]);
    ds_door_finish(&gate->door);
}

struct gate *gate_new(uint32_t receipts_max, bool bare)
{
    struct gate *gate = calloc(1, sizeof *gate);

    assert_non_null(gate);
    gate->now_ms = GATE_NOW_MS;
    gate->version_number = 1;
    for (uint32_t i = 0; i < GATE_VERSIONS; i++)
        gate->versions[i].number = i;
    ds_env_init(&gate->env, version, gate);
    ds_arena_init(&gate->arena, DS_BATCH_ARENA);
    for (uint32_t p = 0; p < GATE_PARTS; p++) {
        shelf_init(&gate->shelves[p]);
        gate->shelves[p].rulebook = !bare;
    }
    start(gate, receipts_max);
    return gate;
}

void gate_free(struct gate *gate)
{
    stop(gate);
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        shelf_finish(&gate->shelves[p]);
    ds_commit_finish(&gate->commit);
    call_finish(&gate->call);
    ds_arena_finish(&gate->arena);
    ds_env_finish(&gate->env);
    free(gate);
}

void gate_restart(struct gate *gate, uint32_t receipts_max)
{
    stop(gate);
    start(gate, receipts_max);
}

void gate_time(struct gate *gate, int64_t now_ms)
{
    gate->now_ms = now_ms;
    for (uint32_t p = 0; p < GATE_PARTS; p++)
        gate->parts[p].now_ms = now_ms;
}

void gate_commit(struct gate *gate, uint32_t partition)
{
    ds_part_seal(&gate->parts[partition], &gate->commit);
    call_finish(&gate->call);
    call_read(&gate->call, &gate->commit);
    shelf_commit(&gate->shelves[partition], &gate->commit);
}

/* ---- knocking ---- */

const Ds__Receipt *gate_send_bytes(struct gate *gate, const uint8_t *bytes, size_t len)
{
    uint8_t *exact = malloc(len ? len : 1);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    memset(&gate->answer, 0xee, sizeof gate->answer); /* an answer owes nothing to the one before */
    ds_door_take(&gate->door, exact, len, gate->now_ms, NULL, &gate->answer);
    free(exact); /* nor to the bytes of the command */
    assert_true(gate->answer.receipt.received_at_ms == gate->now_ms);
    return &gate->answer.receipt;
}

const Ds__Receipt *gate_send(struct gate *gate, const Ds__Command *command)
{
    assert_true(ds__command__get_packed_size(command) <= sizeof gate->sent);
    gate->sent_len = ds__command__pack(command, gate->sent);
    return gate_send_bytes(gate, gate->sent, gate->sent_len);
}

static const Ds__Receipt *urge(struct gate *gate, const char *id, int64_t made_at_ms,
                               const char *note)
{
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Urge body = DS__URGE__INIT;

    command.id = (char *)id;
    command.by = (char *)"li";
    command.territory = (char *)"p1";
    DS_SET(&command, made_at_ms, made_at_ms);
    command.body_case = DS__COMMAND__BODY_URGE;
    command.urge = &body;
    body.note = (char *)note;
    return gate_send(gate, &command);
}

const Ds__Receipt *gate_urge(struct gate *gate, const char *id, const char *note)
{
    return urge(gate, id, gate->now_ms, note);
}

const Ds__Receipt *gate_urge_made(struct gate *gate, const char *id, int64_t made_at_ms)
{
    return urge(gate, id, made_at_ms, NULL);
}

const Ds__Receipt *gate_activate(struct gate *gate, const char *id, const char *by)
{
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Activate body = DS__ACTIVATE__INIT;

    command.id = (char *)id;
    command.by = (char *)by;
    DS_SET(&command, made_at_ms, gate->now_ms);
    command.body_case = DS__COMMAND__BODY_ACTIVATE;
    command.activate = &body;
    body.rulebook = (char *)"rules";
    body.directory = (char *)"people";
    if (gate->effective_from_ms > 0) DS_SET(&body, effective_from_ms, gate->effective_from_ms);
    return gate_send(gate, &command);
}

void gate_check(const struct gate *gate, Ds__Receipt__Status status, const char *code)
{
    const Ds__Receipt *receipt = &gate->answer.receipt;
    bool refused =
        status != DS__RECEIPT__STATUS__RECORDED && status != DS__RECEIPT__STATUS__DUPLICATE;

    if (code) assert_string_equal(ds_str(receipt->code), code);
    assert_true(receipt->has_status);
    assert_int_equal(receipt->status, status);
    assert_true((receipt->event == NULL) == refused);
    assert_true((receipt->code != NULL) == refused);
    assert_true((receipt->text != NULL) == refused);
    assert_true((receipt->text_zh != NULL) == refused);
    if (refused) assert_true(receipt->text[0] && receipt->text_zh[0]);
    assert_int_equal(receipt->has_retry_after_ms, status == DS__RECEIPT__STATUS__BUSY);
    assert_true(!receipt->ticket || !refused);
}
