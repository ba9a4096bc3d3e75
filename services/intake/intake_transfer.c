/* SPDX-License-Identifier: MIT
 *
 * P2.1: a job that is another territory's. Here the ticket is cancelled as transferred, and when
 * that is durable it is registered there, under an id that tells where it is stored: everything of
 * a ticket, its people's days and months, lies in the partition of its territory. A process that
 * dies between the two finds the transferred ticket at its next start. */
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

/* ---- what is handed over ---- */

void intake_note_transfer(struct ds_part *part, const char *ticket, uint64_t bno)
{
    struct intake_memory *memory = part->memory;

    if (memory->n_transfers == memory->transfers_cap) {
        memory->transfers_cap = memory->transfers_cap ? memory->transfers_cap * 2 : 16;
        memory->transfers =
            realloc(memory->transfers, memory->transfers_cap * sizeof memory->transfers[0]);
        if (!memory->transfers) abort();
    }
    struct intake_transfer *noted = &memory->transfers[memory->n_transfers++];
    ds_copy(noted->ticket, sizeof noted->ticket, ticket);
    noted->bno = bno;
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
    return report;
}

struct hand_over {
    struct ds_part *from;
    const struct intake_transfer *transfer;
};

static void take_over(void *self, struct ds_part *part, struct ds_out *out)
{
    static struct ticket_view view; /* large; one at a time */
    const struct hand_over *hand_over = self;
    const struct ds_version *version = ds_part_rules(part);
    /* known for a day longer than the ticket that it was, which says that it was transferred */
    struct ds_dues dues = {
        {DS_NO_DUE, part->now_ms + version->follow_up_ms + DS_DAY_MS, DS_NO_DUE}};
    struct customer_view customer;
    Ds__IntakeRef mark = DS__INTAKE_REF__INIT;
    char id[DS_TICKET_ID_MAX], key[DS_KEY_MAX];

    if (!intake_load_ticket(hand_over->from, &view, hand_over->transfer->ticket)) return;
    const struct ds_territory *territory = ds_find_territory(version, view.state.transferred_to);
    DS_ASSERT(territory); /* territories never disappear */
    Ds__TicketHead head = *view.state.head;
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
    ds_out_last(out)->by = view.state.transferred_by;
    registered->transferred_from = ds_out_text(out, (const char *const[]){view.id, NULL});
    registered->report = report_of(out, &head);
    if (head.phone) intake_load_customer(part, &customer, head.phone);
    bool has_row = head.phone && intake_make_room(&customer);
    intake_keep_new(part, id, territory, &head, has_row ? &customer : NULL, registered);
    intake_key(key, sizeof key, 'X', view.id, NULL);
    mark.ticket = id;
    ds_part_put(part, key, &mark.base, &dues);
}

/* Is it there already, or not transferred after all? */
static bool is_done(struct ds_part *parts, const struct ds_part *from, const char *ticket,
                    uint32_t *ret_partition)
{
    static struct ticket_view view; /* large; one at a time */
    char key[DS_KEY_MAX];

    if (!intake_load_ticket((struct ds_part *)from, &view, ticket) ||
        view.state.phase != DS__PHASE__NAME__TRANSFERRED)
        return true;
    const struct ds_territory *territory =
        ds_find_territory(ds_part_rules(from), view.state.transferred_to);
    DS_ASSERT(territory);
    *ret_partition = territory->partition;
    intake_key(key, sizeof key, 'X', ticket, NULL);
    return ds_part_has(&parts[territory->partition], key);
}

void intake_hand_over(struct ds_part *parts, uint32_t p, uint64_t bno)
{
    struct intake_memory *memory = parts[p].memory;
    uint32_t kept = 0, to = 0;

    for (uint32_t i = 0; i < memory->n_transfers; i++) {
        const struct intake_transfer transfer = memory->transfers[i];
        struct hand_over hand_over = {&parts[p], &transfer};
        ds_arena_reset(&parts[p].env->state_arena);
        if (transfer.bno <= bno && is_done(parts, &parts[p], transfer.ticket, &to)) continue;
        if (transfer.bno > bno || !ds_part_room(&parts[to]) || ds_part_full(&parts[to]))
            memory->transfers[kept++] = transfer;
        else
            ds_part_step(&parts[to], take_over, &hand_over);
    }
    memory->n_transfers = kept;
}
