/* SPDX-License-Identifier: MIT */
#include "gateway/command.h"

#include <stdlib.h>
#include <string.h>

#include "domain/event.h"
#include "doorstep/outcome_owner.h"
#include "gateway/gateway.h"
#include "gateway/recall.h"
#include "runtime/clock.h"
#include "wire/check.h"
#include "wire/json.h"

/* An exchange between its command's sending and its answer. */
struct command_wait {
    struct http_request *request;
    struct door_command *sent; /* NULL: the receipt is there */
    json_t *receipt;           /* owned; once it is there */
    enum ds_source owner;
    uint32_t partition;
    uint64_t seq;
    int64_t until_mono_ms;
    struct command_wait *newer, *older;
};

/* ---- outcomes ---- */

static struct command_outcome *slot_of(struct commands *commands, uint32_t partition, uint64_t seq)
{
    return &commands->kept[(seq * 31 + partition) & (COMMAND_OUTCOMES_KEPT - 1)];
}

static json_t *kept_outcome(struct commands *commands, uint32_t partition, uint64_t seq)
{
    struct command_outcome *slot = slot_of(commands, partition, seq);

    return slot->event && slot->partition == partition && slot->seq == seq ? slot->event : NULL;
}

static void unlink_wait(struct commands *commands, struct command_wait *wait)
{
    *(wait->newer ? &wait->newer->older : &commands->newest) = wait->older;
    *(wait->older ? &wait->older->newer : &commands->oldest) = wait->newer;
}

static void finish(struct command_wait *wait)
{
    wait->request->over = NULL;
    if (wait->receipt) json_decref(wait->receipt);
    free(wait);
}

static void answer(struct command_wait *wait, json_t *outcome)
{
    json_t *body = json_pack("{sO so}", "receipt", wait->receipt, "outcome",
                             outcome ? json_incref(outcome) : json_null());

    http_answer_json(wait->request, MHD_HTTP_OK, body);
    finish(wait);
}

void command_told(struct commands *commands, uint32_t partition, uint64_t seq, json_t *outcome)
{
    struct command_outcome *slot = slot_of(commands, partition, seq);
    struct command_wait *older;

    if (slot->event) json_decref(slot->event);
    *slot = (struct command_outcome){partition, seq, outcome};
    for (struct command_wait *wait = commands->newest; wait; wait = older) {
        older = wait->older;
        if (wait->partition != partition || wait->seq != seq) continue;
        unlink_wait(commands, wait);
        answer(wait, outcome);
    }
}

void command_saw(struct commands *commands, uint32_t partition, const Ds__Event *event)
{
    if (event->body_case != DS__EVENT__BODY_OUTCOME || !event->cause ||
        event->cause->source != DS__SOURCE__NAME__INTAKE)
        return;
    command_told(commands, partition, event->cause->seq, ds_json_of(&event->base));
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct commands *commands = timer->data;
    int64_t now_ms = rt_mono_ms();

    (void)loop, (void)events;
    while (commands->oldest && commands->oldest->until_mono_ms <= now_ms) {
        struct command_wait *wait = commands->oldest;
        unlink_wait(commands, wait);
        answer(wait, NULL);
    }
}

/* ---- receipts ---- */

static bool recorded_at(const Ds__Receipt *receipt, uint32_t *ret_partition, uint64_t *ret_seq)
{
    unsigned partition;
    unsigned long long seq;

    if (sscanf(ds_str(receipt->event), "intake/p%u/%llu", &partition, &seq) != 2) return false;
    *ret_partition = partition;
    *ret_seq = seq;
    return true;
}

static void refuse(struct command_wait *wait, const Ds__Receipt *receipt)
{
    int status = MHD_HTTP_UNPROCESSABLE_CONTENT;

    if (receipt->status == DS__RECEIPT__STATUS__TOO_OLD) status = MHD_HTTP_GONE;
    if (strcmp(ds_str(receipt->code), "id_reused") == 0) status = MHD_HTTP_CONFLICT;
    http_problem(wait->request, status, ds_str(receipt->code), ds_str(receipt->field),
                 ds_str(receipt->expected));
    finish(wait);
}

static void await_outcome(struct command_wait *wait)
{
    struct commands *commands = &wait->request->gateway->commands;

    wait->until_mono_ms = rt_mono_ms() + COMMAND_OUTCOME_WAIT_MS;
    wait->older = commands->newest;
    *(commands->newest ? &commands->newest->newer : &commands->oldest) = wait;
    commands->newest = wait;
}

static void on_receipt(void *self, const Ds__Receipt *receipt)
{
    struct command_wait *wait = self;
    struct commands *commands = &wait->request->gateway->commands;
    bool known = receipt && receipt->status == DS__RECEIPT__STATUS__DUPLICATE;

    wait->sent = NULL;
    if (!receipt) {
        http_problem(wait->request, MHD_HTTP_GATEWAY_TIMEOUT, "timeout", "", "");
        return finish(wait);
    }
    if (receipt->status == DS__RECEIPT__STATUS__BUSY) {
        http_busy(wait->request, DOOR_AGAIN_MS);
        return finish(wait);
    }
    if (receipt->status != DS__RECEIPT__STATUS__RECORDED && !known) return refuse(wait, receipt);
    wait->receipt = ds_json_of(&receipt->base);
    if (wait->owner == DS_SOURCE_NONE || !recorded_at(receipt, &wait->partition, &wait->seq))
        return answer(wait, NULL);
    json_t *outcome = kept_outcome(commands, wait->partition, wait->seq);
    if (outcome) return answer(wait, outcome);
    await_outcome(wait);
    if (known) recall_start(commands, wait->owner, wait->partition, wait->seq);
}

/* The client left: the command goes its way, and its id finds what became of it. */
static void on_over(struct http_request *request)
{
    struct command_wait *wait = request->self;

    if (wait->sent)
        door_forget(&request->gateway->door, wait->sent);
    else
        unlink_wait(&request->gateway->commands, wait);
    finish(wait);
}

/* ---- the command ---- */

/* Whose word it is: a person's own; a program without a person speaks for whom it names. */
static bool sign(struct http_request *request, Ds__Command *command)
{
    const struct caller *caller = &request->caller;

    if (!caller->person[0]) {
        if (caller->by_key) return true;
        http_problem(request, MHD_HTTP_FORBIDDEN, "forbidden", "by", "");
        return false;
    }
    if (!command->by) command->by = (char *)caller->person;
    if (strcmp(command->by, caller->person) == 0) return true;
    http_problem(request, MHD_HTTP_FORBIDDEN, "not_yours", "by", caller->person);
    return false;
}

/* He speaks for himself; only the office enters what somebody else did. */
static bool names_himself(const struct caller *caller, const Ds__Command *command)
{
    return !command->person || caller_may(caller, MAY_OFFICE) || !caller->person[0] ||
           strcmp(command->person, caller->person) == 0;
}

/* What a role may say. The rules of the department decide about everything else. */
static bool may_send(const struct caller *caller, const Ds__Command *command)
{
    switch ((int)command->body_case) {
    case DS__COMMAND__BODY_CALL_OFFERED:
    case DS__COMMAND__BODY_CALL_ANSWERED:
    case DS__COMMAND__BODY_CALL_ENDED:
    case DS__COMMAND__BODY_FEED_GAP: return caller_may(caller, MAY_PHONE | MAY_ADMIN);
    case DS__COMMAND__BODY_ACCEPT:
    case DS__COMMAND__BODY_REJECT:
    case DS__COMMAND__BODY_CONTACT_CUSTOMER:
    case DS__COMMAND__BODY_BOOK_APPOINTMENT:
    case DS__COMMAND__BODY_MOVE_APPOINTMENT:
    case DS__COMMAND__BODY_CHECK_IN:
    case DS__COMMAND__BODY_REPORT_DELAY:
    case DS__COMMAND__BODY_RESUME:
    case DS__COMMAND__BODY_COMPLETE:
    case DS__COMMAND__BODY_FILE_RESULT:
    case DS__COMMAND__BODY_REPORT_DAY:
    case DS__COMMAND__BODY_APPEAL_ENTRY: return caller_may(caller, MAY_WORK);
    case DS__COMMAND__BODY_CONFIRM_PROPOSAL:
    case DS__COMMAND__BODY_REJECT_PROPOSAL:
    case DS__COMMAND__BODY_REVERSE_ENTRY:
    case DS__COMMAND__BODY_DECIDE_APPEAL:
    case DS__COMMAND__BODY_CLOSE_MONTH:
    case DS__COMMAND__BODY_SET_INSTALMENTS:
    case DS__COMMAND__BODY_REPORT_VIOLATION:
    case DS__COMMAND__BODY_CLOSE_OBLIGATION:
    case DS__COMMAND__BODY_REJUDGE:
    case DS__COMMAND__BODY_ACTIVATE: return caller_may(caller, MAY_MANAGE);
    default: return caller_may(caller, MAY_OFFICE);
    }
}

/* The body as a command with its id; NULL when the request was answered. In the arena. */
static Ds__Command *read_command(struct http_request *request, const char *id)
{
    struct commands *commands = &request->gateway->commands;
    struct ds_fault fault;

    ds_arena_reset(&commands->arena);
    Ds__Command *command =
        (Ds__Command *)ds_json_parse(&ds__command__descriptor, (const char *)request->body.bytes,
                                     request->body.len, &commands->arena, &fault);
    if (!command) {
        http_fault(request, MHD_HTTP_BAD_REQUEST, &fault);
        return NULL;
    }
    if (command->id && strcmp(command->id, id) != 0) {
        http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_value", "id", id);
        return NULL;
    }
    command->id = (char *)id;
    if (!sign(request, command)) return NULL;
    if (!names_himself(&request->caller, command)) {
        http_problem(request, MHD_HTTP_FORBIDDEN, "not_yours", "person", request->caller.person);
        return NULL;
    }
    if (may_send(&request->caller, command)) return command;
    http_problem(request, MHD_HTTP_FORBIDDEN, "forbidden", "", "");
    return NULL;
}

static void send_command(struct http_request *request, const Ds__Command *command)
{
    size_t len = ds__command__get_packed_size(command);
    uint8_t *bytes = malloc(len + 1);
    struct ds_fault fault;

    if (!bytes) abort();
    ds__command__pack(command, bytes);
    if (ds_check_message(&ds__command__descriptor, bytes, len, &fault) != DS_CODE_OK) {
        free(bytes);
        return http_fault(request, MHD_HTTP_UNPROCESSABLE_CONTENT, &fault);
    }
    struct command_wait *wait = calloc(1, sizeof *wait);
    if (!wait) abort();
    wait->request = request;
    wait->owner = outcomes_owner(command->body_case);
    wait->sent = door_send(&request->gateway->door, command->id, bytes, len, on_receipt, wait);
    free(bytes);
    if (!wait->sent) {
        free(wait);
        return http_busy(request, DOOR_AGAIN_MS);
    }
    request->self = wait;
    request->over = on_over;
    http_wait(request);
}

void command_post(struct http_request *request)
{
    const char *id = http_header(request, "Idempotency-Key");

    if (!id)
        return http_problem(request, MHD_HTTP_BAD_REQUEST, "no_key", "Idempotency-Key",
                            "1..64 of [0-9A-Za-z._~-]");
    if (!ds_check_id(id))
        return http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_id", "Idempotency-Key",
                            "1..64 of [0-9A-Za-z._~-]");
    const Ds__Command *command = read_command(request, id);
    if (command) send_command(request, command);
}

void commands_start(struct commands *commands, struct gateway *gateway)
{
    commands->gateway = gateway;
    ds_arena_init(&commands->arena, 8 * HTTP_RULES_BYTES_MAX);
    ev_timer_init(&commands->timer, on_timer, 0.05, 0.05);
    commands->timer.data = commands;
    ev_timer_start(gateway->loop, &commands->timer);
}

void commands_stop(struct commands *commands)
{
    ev_timer_stop(commands->gateway->loop, &commands->timer);
    while (commands->oldest) {
        struct command_wait *wait = commands->oldest;
        unlink_wait(commands, wait);
        answer(wait, NULL);
    }
    for (size_t i = 0; i < COMMAND_OUTCOMES_KEPT; i++)
        if (commands->kept[i].event) json_decref(commands->kept[i].event);
    ds_arena_finish(&commands->arena);
}
