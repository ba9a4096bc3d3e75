/* SPDX-License-Identifier: MIT */
#include "engine/door.h"

#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "text/text.h"

enum {
    COMMAND_ARENA = 4 * 1024 * 1024,
    RETRY_AFTER_MS = 250,
};

#define MADE_AHEAD_MAX_MS ((int64_t)DS_HOUR_MS)
#define MADE_AGE_MAX_MS   ((int64_t)24 * DS_HOUR_MS)

void ds_door_init(struct ds_door *door, struct ds_part *parts, uint32_t n_parts,
                  uint32_t receipts_max)
{
    *door = (struct ds_door){.parts = parts, .n_parts = n_parts, .effective_ms = DS_NO_DUE};
    ds_receipts_init(&door->receipts, receipts_max);
    ds_arena_init(&door->arena, COMMAND_ARENA);
}

void ds_door_finish(struct ds_door *door)
{
    ds_receipts_finish(&door->receipts);
    ds_arena_finish(&door->arena);
}

static enum ds_code fail(struct ds_fault *fault, enum ds_code code, const char *field,
                         const char *expected)
{
    fault->code = code;
    ds_copy(fault->field, sizeof fault->field, field);
    ds_copy(fault->expected, sizeof fault->expected, expected);
    return code;
}

/* ---- answers ---- */

static void answer_begin(struct ds_answer *answer, int64_t now_ms)
{
    ds__receipt__init(&answer->receipt);
    answer->partition = 0;
    answer->after_bno = 0;
    answer->fault = (struct ds_fault){0};
    answer->id[0] = '\0';
    answer->receipt.id = answer->id;
    DS_SET(&answer->receipt, received_at_ms, now_ms);
}

static void answer_fault(struct ds_answer *answer)
{
    const struct ds_fault *fault = &answer->fault;
    Ds__Receipt *receipt = &answer->receipt;
    Ds__Receipt__Status status = DS__RECEIPT__STATUS__REJECTED;

    if (fault->code == DS_CODE_TOO_OLD) status = DS__RECEIPT__STATUS__TOO_OLD;
    if (fault->code == DS_CODE_BUSY) {
        status = DS__RECEIPT__STATUS__BUSY;
        DS_SET(receipt, retry_after_ms, RETRY_AFTER_MS);
    }
    DS_SET(receipt, status, status);
    ds_copy(answer->code, sizeof answer->code, ds_code_name(fault->code));
    receipt->code = answer->code;
    if (fault->field[0]) receipt->field = (char *)fault->field;
    if (fault->expected[0]) receipt->expected = (char *)fault->expected;
    ds_code_text(answer->text, sizeof answer->text, DS_EN, fault->code, fault->field,
                 fault->expected);
    ds_code_text(answer->text_zh, sizeof answer->text_zh, DS_ZH, fault->code, fault->field,
                 fault->expected_zh[0] ? fault->expected_zh : fault->expected);
    receipt->text = answer->text;
    receipt->text_zh = answer->text_zh;
}

static void answer_row(struct ds_answer *answer, Ds__Receipt__Status status,
                       const struct ds_receipt_row *row)
{
    DS_SET(&answer->receipt, status, status);
    ds_event_id(answer->event, DS_INTAKE, row->partition, row->seq);
    answer->receipt.event = answer->event;
    if (row->ticket_seq) {
        ds_ticket_id(answer->ticket, row->partition, row->ticket_seq);
        answer->receipt.ticket = answer->ticket;
    }
    answer->partition = row->partition;
    answer->after_bno = row->bno;
}

/* ---- the way of a command ---- */

/* The id of a frame that may be bad otherwise, so that the refusal can name it. */
static void find_id(const uint8_t *bytes, size_t len, char id[DS_ID_MAX + 1])
{
    if (len < 2 || bytes[0] != (1 << 3 | 2) || bytes[1] > DS_ID_MAX || len < 2u + bytes[1]) return;
    memcpy(id, bytes + 2, bytes[1]);
    id[bytes[1]] = '\0';
    if (!ds_check_id(id)) id[0] = '\0';
}

static const char size_bound[] = "64 KiB, or 1 MiB for activate";

static enum ds_code check_form(struct ds_door *door, const uint8_t *bytes, size_t len,
                               Ds__Command **ret, struct ds_fault *fault)
{
    if (len > DS_ACTIVATE_FRAME_MAX) return fail(fault, DS_CODE_TOO_LARGE, "", size_bound);
    enum ds_code code = ds_check_message(&ds__command__descriptor, bytes, len, fault);
    if (code != DS_CODE_OK) return code;
    ds_arena_reset(&door->arena);
    Ds__Command *command = ds__command__unpack(&door->arena.allocator, len, bytes);
    if (!command) return fail(fault, DS_CODE_MALFORMED, "", "");
    if (len > DS_FRAME_MAX && command->body_case != DS__COMMAND__BODY_ACTIVATE)
        return fail(fault, DS_CODE_TOO_LARGE, "", size_bound);
    if (!command->id) return fail(fault, DS_CODE_MISSING_FIELD, "id", "an id made by the client");
    if (!command->by) return fail(fault, DS_CODE_MISSING_FIELD, "by", "a person of the directory");
    if (!command->has_made_at_ms)
        return fail(fault, DS_CODE_MISSING_FIELD, "made_at_ms", "when the client made it");
    if (command->body_case == DS__COMMAND__BODY__NOT_SET)
        return fail(fault, DS_CODE_MISSING_FIELD, "body", "one command, e.g. register or accept");
    *ret = command;
    return DS_CODE_OK;
}

static enum ds_code check_age(const Ds__Command *command, int64_t now_ms, struct ds_fault *fault)
{
    if (command->made_at_ms > now_ms + MADE_AHEAD_MAX_MS)
        return fail(fault, DS_CODE_CLOCK_AHEAD, "made_at_ms", "at most 1 h after our clock");
    if (command->made_at_ms < now_ms - MADE_AGE_MAX_MS)
        return fail(fault, DS_CODE_TOO_OLD, "made_at_ms", "at most 24 h before our clock");
    return DS_CODE_OK;
}

static const struct ds_part *lookup(void *self, const char *key)
{
    const struct ds_door *door = self;

    for (uint32_t p = 0; p < door->n_parts; p++)
        if (ds_part_has(&door->parts[p], key)) return &door->parts[p];
    return NULL;
}

uint32_t ds_door_last_version(struct ds_door *door)
{
    const Ds__WaitingVersion *waiting = ds_part_waiting(&door->parts[0]);

    return waiting ? waiting->number : door->parts[0].rulebook;
}

void ds_door_come_into_force(struct ds_door *door, int64_t now_ms)
{
    if (now_ms < door->effective_ms) return;
    for (uint32_t p = 0; p < door->n_parts; p++)
        ds_part_come_into_force(&door->parts[p]);
    door->effective_ms = DS_NO_DUE;
}

/* A day for which rules are activated lies ahead; and nothing can be recorded before the first. */
static enum ds_code check_day(const struct ds_part *first, const Ds__Activate *activate,
                              struct ds_fault *fault)
{
    static const char field[] = "activate.effective_from_ms";

    if (!activate->has_effective_from_ms) return DS_CODE_OK;
    if (first->rulebook == 0)
        return fail(fault, DS_CODE_NOT_ALLOWED_HERE, field, "the first rules are in force at once");
    if (activate->effective_from_ms <= first->now_ms)
        return fail(fault, DS_CODE_OUT_OF_RANGE, field, "an instant that is still to come");
    return DS_CODE_OK;
}

static void schedule(struct ds_door *door, const Ds__Command *command, const char *hash,
                     uint32_t number)
{
    Ds__WaitingVersion version = DS__WAITING_VERSION__INIT;

    version.hash = (char *)hash;
    version.by = command->by;
    DS_SET(&version, number, number);
    DS_SET(&version, effective_from_ms, command->activate->effective_from_ms);
    for (uint32_t p = 0; p < door->n_parts; p++)
        ds_part_schedule(&door->parts[p], command, &version);
    door->effective_ms = version.effective_from_ms;
}

static enum ds_code take_activate(struct ds_door *door, struct ds_command *command,
                                  struct ds_fault *fault)
{
    const struct ds_part *first = &door->parts[0];
    enum ds_code code = DS_CODE_OK;
    uint32_t number = 0;
    char hash[65];

    if (first->rulebook > 0) /* the first one is anybody's: there is no directory to ask yet */
        code = first->service->may_activate(ds_part_rules(first), command->msg, fault);
    if (code == DS_CODE_OK) code = check_day(first, command->msg->activate, fault);
    if (code == DS_CODE_OK)
        code = door->make_version(door->self, command->msg->activate, hash, &number, fault);
    if (code != DS_CODE_OK) return code;
    if (command->msg->activate->has_effective_from_ms) {
        schedule(door, command->msg, hash, number);
    } else {
        for (uint32_t p = 0; p < door->n_parts; p++)
            ds_part_activate(&door->parts[p], command->msg, hash, number);
        door->effective_ms = DS_NO_DUE;
    }
    command->seq = door->parts[0].tail;
    return DS_CODE_OK;
}

/* Of several that wait the last one was activated last; the copy outlives the steps. */
static void complete_waiting(struct ds_door *door, uint32_t in_force)
{
    Ds__WaitingVersion last = DS__WAITING_VERSION__INIT;
    char hash[65], by[DS_ID_MAX + 1];

    for (uint32_t p = 0; p < door->n_parts; p++) {
        const Ds__WaitingVersion *waiting = ds_part_waiting(&door->parts[p]);
        if (!waiting || waiting->number <= in_force || waiting->number <= last.number) continue;
        ds_copy(hash, sizeof hash, waiting->hash);
        ds_copy(by, sizeof by, ds_str(waiting->by));
        last.hash = hash;
        last.by = by;
        DS_SET(&last, number, waiting->number);
        DS_SET(&last, effective_from_ms, waiting->effective_from_ms);
    }
    if (last.number == 0) return;
    for (uint32_t p = 0; p < door->n_parts; p++) {
        const Ds__WaitingVersion *waiting = ds_part_waiting(&door->parts[p]);
        if (!waiting || waiting->number < last.number)
            ds_part_schedule(&door->parts[p], NULL, &last);
    }
    door->effective_ms = last.effective_from_ms;
}

void ds_door_complete_activation(struct ds_door *door, const char *hash, uint32_t number)
{
    for (uint32_t p = 0; p < door->n_parts; p++)
        if (door->parts[p].rulebook < number) ds_part_activate(&door->parts[p], NULL, hash, number);
    complete_waiting(door, number);
}

static enum ds_code take(struct ds_door *door, struct ds_command *command, uint32_t *ret_partition,
                         struct ds_fault *fault)
{
    const struct ds_part *first = &door->parts[0];

    *ret_partition = 0;
    if (command->msg->body_case == DS__COMMAND__BODY_ACTIVATE)
        return take_activate(door, command, fault);
    if (first->rulebook == 0) return fail(fault, DS_CODE_NO_RULEBOOK, "", "");
    enum ds_code code = first->service->route(door, lookup, ds_part_rules(first), command->msg,
                                              ret_partition, fault);
    if (code != DS_CODE_OK) return code;
    if (*ret_partition >= door->n_parts) {
        *ret_partition = 0;
        return fail(fault, DS_CODE_UNKNOWN_TICKET, "ticket", "an id like T007-123");
    }
    return ds_part_take(&door->parts[*ret_partition], command, fault);
}

/* A fact that stood there already under another id still gets a receipt of its own. */
static void keep_receipt(struct ds_door *door, struct ds_receipt_row *row,
                         const struct ds_command *command, uint32_t partition, int64_t now_ms)
{
    struct ds_part *part = &door->parts[partition];

    row->hour = (uint32_t)(now_ms / DS_HOUR_MS);
    row->partition = partition;
    row->seq = command->seq;
    row->ticket_seq = command->ticket_seq;
    row->bno = part->bno + 1;
    bool added = ds_receipts_add(&door->receipts, row);
    DS_ASSERT(added);
    ds_receipts_record(&part->receipts, row);
    part->changed = true;
}

static void take_new(struct ds_door *door, const Ds__Command *msg, struct ds_receipt_row *row,
                     int64_t now_ms, struct ds_answer *answer)
{
    struct ds_command command = {.msg = msg};
    uint32_t partition;

    if (door->receipts.n >= door->receipts.max) {
        fail(&answer->fault, DS_CODE_BUSY, "", "the table of receipts is full");
        return answer_fault(answer);
    }
    if (take(door, &command, &partition, &answer->fault) != DS_CODE_OK) {
        answer_fault(answer);
        /* the refusal may rest on something that is not durable yet */
        answer->partition = partition;
        answer->after_bno = door->parts[partition].bno + (ds_part_pending(&door->parts[partition]));
        return;
    }
    keep_receipt(door, row, &command, partition, now_ms);
    answer_row(answer,
               command.duplicate ? DS__RECEIPT__STATUS__DUPLICATE : DS__RECEIPT__STATUS__RECORDED,
               row);
}

void ds_door_take(struct ds_door *door, const uint8_t *bytes, size_t len, int64_t now_ms,
                  const char *busy, struct ds_answer *answer)
{
    Ds__Command *command;
    struct ds_receipt_row row = {0};

    answer_begin(answer, now_ms);
    find_id(bytes, len, answer->id);
    ds_receipts_forget(&door->receipts, (uint32_t)(now_ms / DS_HOUR_MS) - DS_RECEIPT_HOURS);
    if (busy) {
        fail(&answer->fault, DS_CODE_BUSY, "", busy);
        return answer_fault(answer);
    }
    ds_door_come_into_force(door, now_ms);
    if (check_form(door, bytes, len, &command, &answer->fault) != DS_CODE_OK ||
        check_age(command, now_ms, &answer->fault) != DS_CODE_OK)
        return answer_fault(answer);
    ds_copy(answer->id, sizeof answer->id, command->id);
    ds_receipts_digest(&row, command->id, bytes, len);
    const struct ds_receipt_row *known = ds_receipts_find(&door->receipts, row.id);
    if (!known) return take_new(door, command, &row, now_ms, answer);
    if (known->content == row.content)
        return answer_row(answer, DS__RECEIPT__STATUS__DUPLICATE, known);
    fail(&answer->fault, DS_CODE_ID_REUSED, "id", "");
    answer_fault(answer);
}
