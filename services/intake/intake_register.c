/* SPDX-License-Identifier: MIT
 *
 * P1.1 and P1.2: a report becomes a ticket, or finds the open one that it repeats. */
#include <string.h>

#include "domain/assert.h"
#include "intake/adapter.h"

/* Ticket that a service complaint is about; *ret NULL when it names none. */
static enum ds_code find_about(struct ds_part *part, const struct ds_territory *territory,
                               const Ds__Register *report, const char **ret, struct ds_fault *fault)
{
    char key[DS_KEY_MAX];

    *ret = report->about;
    if (report->about && !intake_was_ticket(part, report->about))
        return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "register.about", "");
    if (report->about) return DS_CODE_OK;
    if (!report->about_ref) return DS_CODE_OK;
    intake_key(key, sizeof key, 'R', territory->id, report->about_ref);
    const Ds__IntakeRef *ref = ds_part_get(part, key, &ds__intake_ref__descriptor);
    if (!ref) return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "register.about_ref", "");
    *ret = ref->ticket;
    return DS_CODE_OK;
}

static void put_ref(struct ds_part *part, const struct ds_territory *territory, const char *ref,
                    const char *ticket)
{
    Ds__IntakeRef state = DS__INTAKE_REF__INIT;
    char key[DS_KEY_MAX];

    if (!ref) return;
    intake_key(key, sizeof key, 'R', territory->id, ref);
    state.ticket = (char *)ticket;
    ds_part_put(part, key, &state.base, NULL);
}

static void add_row(struct customer_view *view, Ds__IntakeCustomer__Row *row,
                    const Ds__TicketHead *head, const char *ticket)
{
    ds__intake_customer__row__init(row);
    row->ticket = (char *)ticket;
    DS_SET(row, kind, head->kind);
    if (head->has_complaint_type) DS_SET(row, complaint_type, head->complaint_type);
    if (head->has_subject) DS_SET(row, subject, head->subject);
    row->category = head->category;
    row->about = head->about;
    DS_SET(row, open, true);
    view->rows[view->state.n_rows++] = row;
}

/* The oldest closed one gives way. */
bool intake_make_room(struct customer_view *view)
{
    if (view->state.n_rows < INTAKE_CUSTOMER_ROWS) return true;
    for (size_t i = 0; i < view->state.n_rows; i++) {
        if (view->rows[i]->open) continue;
        intake_remove_row(view, i);
        return true;
    }
    return false;
}

/* The report repeats something that is open: name that ticket, start nothing. */
static enum ds_code record_repeat(struct ds_part *part, struct ds_command *command,
                                  struct ds_out *out, const struct ds_territory *territory,
                                  char *ticket, struct ds_fault *fault)
{
    static struct ticket_view view; /* large; one command at a time */
    Ds__Register *report = command->msg->register_;

    if (!intake_load_ticket(part, &view, ticket))
        ds_part_corrupt(part, ticket, "a customer has this open ticket, which is not there");
    if (report->ref) {
        if (view.state.n_also_ref == INTAKE_REFS_MAX)
            return intake_fail(fault, DS_CODE_TICKET_FULL, "register.ref", "16 order numbers");
        view.also_refs[view.state.n_also_ref++] = report->ref;
        intake_store_ticket(part, &view);
        put_ref(part, territory, report->ref, ticket);
    }
    ds_out_add(out, DS_EV_REPORT_REPEATED, ticket, DS__REASON__NAME__REPORT_FOUND_OPEN, "P1.2")
        ->report_repeated.report = report;
    command->ticket_seq = intake_ticket_seq(ticket);
    return DS_CODE_OK;
}

/* 7.6: one more complaint that visits of this ticket were not on time. Archived tickets count none:
 * their visits are final. */
static enum ds_code count_complaint(struct ds_part *part, const Ds__Register *report,
                                    const char *about, struct ds_fault *fault)
{
    static struct ticket_view view; /* large; one command at a time */
    Ds__IntakeTicket *state = &view.state;

    if (!about || report->subject != DS__SUBJECT__NAME__NOT_ON_TIME) return DS_CODE_OK;
    if (!intake_load_ticket(part, &view, about)) return DS_CODE_OK;
    if (state->complaints >= DS_COMPLAINTS_MAX)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "register.about", "64 complaints");
    DS_SET(state, complaints, state->complaints + 1);
    intake_store_ticket(part, &view);
    return DS_CODE_OK;
}

void intake_keep_new(struct ds_part *part, const char *id, const struct ds_territory *territory,
                     Ds__TicketHead *head, struct customer_view *customer,
                     Ds__Registered *registered)
{
    struct ticket_view view;
    Ds__IntakeCustomer__Row row;

    ds_copy(view.id, sizeof view.id, id);
    intake_key(view.key, sizeof view.key, 'T', id, NULL);
    if (customer) {
        const Ds__IntakeCustomer__Row *before =
            intake_find_closed(&customer->state, registered->report);
        if (before) registered->follows = before->ticket;
        add_row(customer, &row, head, id);
        intake_store_customer(part, customer);
    }
    ds__intake_ticket__init(&view.state);
    view.state.head = head;
    DS_SET(&view.state, phase, DS__PHASE__NAME__OPEN);
    view.state.has_promised_from_ms = registered->has_promised_from_ms;
    view.state.promised_from_ms = registered->promised_from_ms;
    view.state.has_urgent_from_ms = registered->has_urgent_from_ms;
    view.state.urgent_from_ms = registered->urgent_from_ms;
    view.evict_at_ms = DS_NO_DUE;
    intake_store_ticket(part, &view);
    put_ref(part, territory, head->ref, id);
    /* the head must outlive the caller's frame until the event is packed */
    const Ds__IntakeTicket *stored = ds_part_get(part, view.key, &ds__intake_ticket__descriptor);
    registered->head = stored->head;
}

static void record_new(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                       const struct ds_version *version, const struct intake_actor *actor,
                       const struct ds_territory *territory, struct customer_view *customer,
                       const char *about)
{
    Ds__TicketHead head = DS__TICKET_HEAD__INIT;
    char id[DS_TICKET_ID_MAX];

    ds_ticket_id(id, part->partition, command->seq);
    Ds__Registered *registered =
        &ds_out_add(out, DS_EV_REGISTERED, ds_out_text(out, (const char *const[]){id, NULL}),
                    DS__REASON__NAME__REPORT_NEW, "P1.1")
             ->registered;
    Ds__Event *event = ds_out_last(out);
    intake_stamp(event, command->msg, version, actor, command->now_ms);
    intake_fill_head(&head, version, command->msg, actor, territory, about,
                     intake_judged_ms(event));
    registered->report = command->msg->register_;
    intake_keep_new(part, id, territory, &head, customer, registered);
    command->ticket_seq = command->seq;
}

enum ds_code intake_register(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                             const struct ds_version *version, const struct intake_actor *actor,
                             struct ds_fault *fault)
{
    const struct ds_territory *territory = intake_territory_of(version, command->msg);
    const Ds__Register *report = command->msg->register_;
    struct customer_view customer;
    const char *about;
    char key[DS_KEY_MAX];

    enum ds_code code = intake_check_territory(actor, territory->id, fault);
    if (code == DS_CODE_OK) code = find_about(part, territory, report, &about, fault);
    if (code != DS_CODE_OK) return code;
    if (report->ref) {
        intake_key(key, sizeof key, 'R', territory->id, report->ref);
        if (ds_part_has(part, key))
            return intake_fail(fault, DS_CODE_REF_TAKEN, "register.ref", "");
    }
    bool has_customer = report->customer && report->customer->phone;
    if (has_customer) {
        intake_load_customer(part, &customer, report->customer->phone);
        const Ds__IntakeCustomer__Row *open = intake_find_open(&customer.state, report, about);
        if (open) {
            code = record_repeat(part, command, out, territory, open->ticket, fault);
            if (code == DS_CODE_OK)
                intake_stamp(ds_out_last(out), command->msg, version, actor, command->now_ms);
            return code;
        }
        if (!intake_make_room(&customer))
            return intake_fail(fault, DS_CODE_TABLE_FULL, "register.customer.phone",
                               "32 open tickets of one customer");
    }
    if (ds_part_full(part))
        return intake_fail(fault, DS_CODE_TABLE_FULL, "register", "live entities (entities_max)");
    code = count_complaint(part, report, about, fault);
    if (code != DS_CODE_OK) return code;
    record_new(part, command, out, version, actor, territory, has_customer ? &customer : NULL,
               about);
    return DS_CODE_OK;
}
