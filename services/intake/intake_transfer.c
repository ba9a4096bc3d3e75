/* SPDX-License-Identifier: MIT
 *
 * P2.1: a job that is another territory's. Here the ticket is cancelled as transferred, and when
 * that is durable it is registered there, under an id that tells where it is stored: everything of
 * a ticket, its people's days and months, lies in the partition of its territory.
 *
 * Each step follows when the one before it is durable, and a process that dies between two of them
 * finds at its next start which is next:
 *   ticket transferred, no mark      register it there, with a mark of the old id
 *   mark, ticket not carried         the ticket says that it is carried on
 *   mark, ticket carried or archived the mark goes
 * However long it is away in between, it registers nothing twice and nothing never. */
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"
#include "intake/adapter.h"

enum ds_code intake_check_transfer(const struct ds_version *version, const Ds__IntakeTicket *ticket,
                                   const Ds__Transfer *transfer, struct ds_fault *fault)
{
    static const char field[] = "transfer.territory";

    if (ticket->phase != DS__PHASE__NAME__OPEN)
        return intake_fail(fault, DS_CODE_NOT_TRANSFERABLE, "ticket", "");
    if (!ds_find_territory(version, transfer->territory))
        return intake_fail(fault, DS_CODE_UNKNOWN_TERRITORY, field, "a territory of the directory");
    if (strcmp(transfer->territory, ticket->head->territory) == 0)
        return intake_fail(fault, DS_CODE_SAME_TERRITORY, field, "");
    return DS_CODE_OK;
}

void intake_pass_transferred(struct ds_out *out, struct ticket_view *view, const char *subject,
                             const Ds__Command *command, uint32_t n)
{
    Ds__Cancel *request = ds_out_room(out, sizeof *request);
    Ds__Cancelled *cancelled =
        &ds_out_add(out, DS_EV_CANCELLED, subject, DS__REASON__NAME__TRANSFERRED, "P2.1")
             ->cancelled;

    ds__cancel__init(request);
    request->reason = command->transfer->reason;
    cancelled->request = request;
    cancelled->head = view->state.head;
    cancelled->transferred_to = command->transfer->territory;
    DS_SET(cancelled, n, n);
    view->state.transferred_to = command->transfer->territory;
    view->state.transferred_by = command->by;
}

void intake_keep_promise(struct ticket_view *view, const Ds__Command *command, int64_t at_ms)
{
    Ds__IntakeTicket *state = &view->state;

    if (command->body_case == DS__COMMAND__BODY_REOPEN) {
        DS_SET(state, promised_from_ms, at_ms);
        state->has_urgent_from_ms = false;
    }
    if (command->body_case != DS__COMMAND__BODY_SET_URGENCY) return;
    bool urgent = command->set_urgency->urgent;
    if (urgent && !state->head->urgent) DS_SET(state, urgent_from_ms, at_ms);
    if (!urgent) state->has_urgent_from_ms = false;
    DS_SET(state->head, urgent, urgent);
}

/* ---- what is under way ---- */

bool intake_is_under_way(const Ds__IntakeTicket *state)
{
    return state->transferred_to && !state->carried;
}

void intake_note_transfer(struct ds_part *part, const struct intake_transfer *transfer)
{
    struct intake_memory *memory = part->memory;

    if (memory->n_transfers == memory->transfers_cap) {
        memory->transfers_cap = memory->transfers_cap ? memory->transfers_cap * 2 : 16;
        memory->transfers =
            realloc(memory->transfers, memory->transfers_cap * sizeof memory->transfers[0]);
        if (!memory->transfers) abort();
    }
    /* they are loaded in any order */
    uint32_t at = memory->n_transfers++;
    for (; at > 0 && memory->transfers[at - 1].seq > transfer->seq; at--)
        memory->transfers[at] = memory->transfers[at - 1];
    memory->transfers[at] = *transfer;
}

void intake_transferred(struct ds_part *part, struct ticket_view *view, int64_t at_ms, uint64_t seq)
{
    struct intake_transfer noted = {.seq = seq, .bno = part->bno + 1};

    ds_copy(noted.ticket, sizeof noted.ticket, view->id);
    intake_note_transfer(part, &noted);
    DS_SET(&view->state, transferred_at_ms, at_ms);
    DS_SET(&view->state, transferred_seq, seq);
}

void intake_unload(struct ds_part *part)
{
    struct intake_memory *memory = part->memory;

    free(memory->transfers);
}

/* ---- carried on ---- */

/* What is known of the report; its whole words are with the ticket that it was. */
static Ds__Register *report_of(struct ds_out *out, const Ds__TicketHead *head)
{
    Ds__Register *report = ds_out_room(out, sizeof *report);
    Ds__Customer *customer = ds_out_room(out, sizeof *customer);
    Ds__Product *product = ds_out_room(out, sizeof *product);

    ds__register__init(report);
    ds__customer__init(customer);
    ds__product__init(product);
    DS_SET(report, kind, head->kind);
    if (head->has_complaint_type) DS_SET(report, complaint_type, head->complaint_type);
    if (head->has_subject) DS_SET(report, subject, head->subject);
    if (head->has_channel) DS_SET(report, channel, head->channel);
    if (head->urgent) DS_SET(report, urgent, true);
    report->ref = head->ref;
    if (head->phone) report->customer = customer;
    customer->phone = head->phone;
    customer->area = head->area;
    if (head->category) report->product = product;
    product->category = head->category;
    product->model = head->model;
    product->serial = head->serial;
    report->symptom = head->symptom;
    return report;
}

/* A transfer at hand. */
struct hand_over {
    struct ds_part *from;
    int64_t at_ms;
    const struct intake_transfer *transfer;
    struct ticket_view *view; /* of the ticket that it was, as long as that is there */
};

/* The promises to the customer go on. How long they waited for a part or for him is not handed
 * over: after any delay they are made anew. */
static void pass_promise(const struct hand_over *hand_over, const struct ds_part *part,
                         Ds__Registered *registered)
{
    const Ds__IntakeTicket *was = &hand_over->view->state;
    bool anew = was->delays > 0;
    int64_t from_ms = was->has_promised_from_ms ? was->promised_from_ms : was->head->reported_at_ms;

    DS_SET(registered, promised_from_ms, anew ? part->now_ms : from_ms);
    if (was->has_urgent_from_ms && !anew) DS_SET(registered, urgent_from_ms, was->urgent_from_ms);
}

static void take_over(void *self, struct ds_part *part, struct ds_out *out)
{
    const struct hand_over *hand_over = self;
    const struct ds_version *version = ds_part_rules(part);
    struct ticket_view *view = hand_over->view;
    struct customer_view customer;
    Ds__IntakeRef mark = DS__INTAKE_REF__INIT;
    char id[DS_TICKET_ID_MAX], key[DS_KEY_MAX];

    if (!intake_load_ticket(hand_over->from, view, hand_over->transfer->ticket)) return;
    const struct ds_territory *territory = ds_find_territory(version, view->state.transferred_to);
    DS_ASSERT(territory); /* territories never disappear */
    Ds__TicketHead head = *view->state.head;
    head.territory = (char *)territory->id;
    head.clerk = (char *)intake_next_clerk(version, territory, part->now_ms);
    head.about = NULL; /* who complained of another ticket is heard where that is */
    if (head.ref) {
        intake_key(key, sizeof key, 'R', territory->id, head.ref);
        if (ds_part_has(part, key)) head.ref = NULL;
    }
    ds_ticket_id(id, part->partition, ds_part_seq_of(part, 0));
    Ds__Registered *registered =
        &ds_out_add(out, DS_EV_REGISTERED, ds_out_text(out, (const char *const[]){id, NULL}),
                    DS__REASON__NAME__TAKEN_OVER, "P2.1")
             ->registered;
    ds_out_last(out)->by = view->state.transferred_by;
    /* no instant lies between the promises here and there */
    DS_SET(ds_out_last(out), judged_at_ms, view->state.transferred_at_ms);
    registered->transferred_from = ds_out_text(out, (const char *const[]){view->id, NULL});
    pass_promise(hand_over, part, registered);
    registered->report = report_of(out, &head);
    if (head.phone) intake_load_customer(part, &customer, head.phone);
    bool has_row = head.phone && intake_make_room(&customer);
    intake_keep_new(part, id, territory, &head, has_row ? &customer : NULL, registered);
    intake_key(key, sizeof key, 'X', view->id, NULL);
    mark.ticket = id;
    ds_part_put(part, key, &mark.base, NULL);
}

static void say_carried(void *self, struct ds_part *part, struct ds_out *out)
{
    const struct hand_over *hand_over = self;

    (void)out;
    if (!intake_load_ticket(part, hand_over->view, hand_over->transfer->ticket)) return;
    DS_SET(&hand_over->view->state, carried, true);
    intake_store_ticket(part, hand_over->view);
}

static void forget_mark(void *self, struct ds_part *part, struct ds_out *out)
{
    const struct hand_over *hand_over = self;
    char key[DS_KEY_MAX];

    (void)out;
    intake_key(key, sizeof key, 'X', hand_over->transfer->ticket, NULL);
    ds_part_delete(part, key);
}

static struct ds_part *there(struct ds_part *parts, const struct ds_part *from,
                             const Ds__IntakeTicket *state)
{
    const struct ds_territory *territory =
        ds_find_territory(ds_part_rules(from), state->transferred_to);

    DS_ASSERT(territory);
    return &parts[territory->partition];
}

/* Takes a step if the batch at hand has room; what follows it is noted there. The bound on live
 * entities is the door's: a transfer that it accepted is carried on, if need be beyond it. */
static bool step(const struct hand_over *hand_over, struct ds_part *part, bool mark,
                 void (*how)(void *self, struct ds_part *part, struct ds_out *out))
{
    struct intake_transfer next = *hand_over->transfer;

    if (!ds_part_room(part)) return false;
    ds_part_step(part, hand_over->at_ms, how, (void *)hand_over);
    if (how == forget_mark) return true;
    next.mark = mark;
    next.bno = part->bno + 1;
    intake_note_transfer(part, &next);
    return true;
}

/* False: there is no room. What is noted with the mark goes on from there. */
static bool go_on(struct ds_part *parts, struct ds_part *part,
                  const struct intake_transfer *transfer, bool *stepped)
{
    static struct ticket_view view; /* large; one at a time */
    struct hand_over hand_over = {.from = part, .transfer = transfer, .view = &view};
    struct ds_part *to = part;
    uint32_t partition;
    uint64_t seq;
    char key[DS_KEY_MAX];

    ds_arena_reset(&part->env->state_arena);
    if (transfer->mark && ds_parse_ticket_id(transfer->ticket, &partition, &seq))
        hand_over.from = &parts[partition];
    bool was = intake_load_ticket(hand_over.from, &view, transfer->ticket);
    bool under_way = was && intake_is_under_way(&view.state);
    hand_over.at_ms = was ? view.state.transferred_at_ms : INT64_MIN;
    if (!transfer->mark && was) to = there(parts, part, &view.state);
    intake_key(key, sizeof key, 'X', transfer->ticket, NULL);
    if (!transfer->mark && under_way && ds_part_has(to, key)) return true;
    *stepped = true;
    if (!under_way) return step(&hand_over, to, false, forget_mark);
    if (transfer->mark) return step(&hand_over, hand_over.from, false, say_carried);
    return step(&hand_over, to, true, take_over);
}

bool intake_hand_over(struct ds_part *parts, uint32_t p, uint64_t bno)
{
    struct intake_memory *memory = parts[p].memory;
    struct intake_transfer *transfers = memory->transfers;
    uint32_t n = memory->n_transfers;
    bool stepped = false;

    if (n == 0) return false;
    memory->transfers = NULL;
    memory->n_transfers = memory->transfers_cap = 0;
    for (uint32_t i = 0; i < n; i++)
        if (transfers[i].bno > bno || !go_on(parts, &parts[p], &transfers[i], &stepped))
            intake_note_transfer(&parts[p], &transfers[i]);
    free(transfers);
    return stepped;
}
