/* SPDX-License-Identifier: MIT
 *
 * The way of a command through intake: people, ticket, fact, event. Loads what the rules need,
 * stores what they changed; decides nothing itself. */
#include "intake/intake.h"

#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "engine/part.h"

/* What is known of the ticket at hand; arrays have room for one more fact. */
struct ticket_view {
    char id[DS_TICKET_ID_MAX + DS_ID_MAX];
    char key[DS_TICKET_ID_MAX + DS_ID_MAX];
    Ds__IntakeTicket state;
    uint64_t facts[DS_FACTS_MAX + 1];
    uint64_t fact_seqs[DS_FACTS_MAX + 1];
    char *also_refs[INTAKE_REFS_MAX];
};

#define BODY(name) DS__COMMAND__BODY_##name

static void key_of(char *buf, size_t size, char prefix, const char *a, const char *b)
{
    buf[0] = prefix;
    ds_copy(buf + 1, size - 1, a);
    if (!b) return;
    size_t n = strlen(buf);
    buf[n] = '/';
    ds_copy(buf + n + 1, size - n - 1, b);
}

/* ---- tickets ---- */

static bool load_ticket(struct ds_part *part, struct ticket_view *view, const char *id)
{
    ds_copy(view->id, sizeof view->id, id);
    key_of(view->key, sizeof view->key, 'T', id, NULL);
    const Ds__IntakeTicket *stored = ds_part_get(part, view->key, &ds__intake_ticket__descriptor);
    if (!stored) return false;
    DS_ASSERT(stored->n_fact <= DS_FACTS_MAX && stored->n_fact == stored->n_fact_seq);
    view->state = *stored;
    ds_copy_bytes(view->facts, stored->fact, stored->n_fact * sizeof view->facts[0]);
    ds_copy_bytes(view->fact_seqs, stored->fact_seq, stored->n_fact * sizeof view->fact_seqs[0]);
    view->state.fact = view->facts;
    view->state.fact_seq = view->fact_seqs;
    ds_copy_bytes(view->also_refs, stored->also_ref, stored->n_also_ref * sizeof view->also_refs[0]);
    view->state.also_ref = view->also_refs;
    return true;
}

static void store_ticket(struct ds_part *part, struct ticket_view *view, int64_t evict_at_ms)
{
    struct ds_dues dues = {{DS_NO_DUE, evict_at_ms, DS_NO_DUE}};
    Ds__IntakeTicket *state = &view->state;

    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, view->key, &state->base, &dues);
}

/* Finds the ticket that a command names by id or by territory and ref. */
static enum ds_code find_ticket(struct ds_part *part, const struct ds_version *version,
                                const Ds__Command *command, struct ticket_view *view,
                                struct ds_fault *fault)
{
    const struct ds_territory *territory = intake_territory_of(version, command);
    char key[DS_KEY_MAX];
    const Ds__IntakeRef *ref = NULL;
    uint32_t partition;
    uint64_t seq;

    if (!command->ticket && (!command->ref || !territory))
        return intake_fail(fault, DS_CODE_NEEDS_TICKET, "", "");
    if (command->ref && territory) {
        key_of(key, sizeof key, 'R', territory->id, command->ref);
        ref = ds_part_get(part, key, &ds__intake_ref__descriptor);
        if (!ref) return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "ref", "");
        if (command->ticket && strcmp(command->ticket, ref->ticket) != 0)
            return intake_fail(fault, DS_CODE_REF_MISMATCH, "ref", "");
    }
    if (load_ticket(part, view, ref ? ref->ticket : command->ticket)) return DS_CODE_OK;
    if (ds_parse_ticket_id(view->id, &partition, &seq) && seq <= part->tail)
        return intake_fail(fault, DS_CODE_TICKET_ARCHIVED, "ticket", "");
    return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "ticket", "");
}

static uint64_t ticket_seq(const char *id)
{
    uint32_t partition;
    uint64_t seq = 0;

    bool parsed = ds_parse_ticket_id(id, &partition, &seq);
    DS_ASSERT(parsed);
    return seq;
}

/* ---- customers ---- */

struct customer_view {
    char key[DS_KEY_MAX];
    Ds__IntakeCustomer state;
    Ds__IntakeCustomer__Row *rows[INTAKE_CUSTOMER_ROWS + 1];
};

static void load_customer(struct ds_part *part, struct customer_view *view, const char *phone)
{
    key_of(view->key, sizeof view->key, 'U', phone, NULL);
    ds__intake_customer__init(&view->state);
    const Ds__IntakeCustomer *stored =
        ds_part_get(part, view->key, &ds__intake_customer__descriptor);
    if (stored) {
        DS_ASSERT(stored->n_rows <= INTAKE_CUSTOMER_ROWS);
        ds_copy_bytes(view->rows, stored->rows, stored->n_rows * sizeof view->rows[0]);
        view->state.n_rows = stored->n_rows;
    }
    view->state.rows = view->rows;
}

static void store_customer(struct ds_part *part, struct customer_view *view)
{
    if (view->state.n_rows == 0) ds_part_delete(part, view->key);
    else ds_part_put(part, view->key, &view->state.base, NULL);
}

static void remove_row(struct customer_view *view, size_t i)
{
    memmove(&view->rows[i], &view->rows[i + 1],
            (view->state.n_rows - i - 1) * sizeof view->rows[0]);
    view->state.n_rows--;
}

/* Opens, closes or forgets the row of a ticket with its customer. */
enum row_change { ROW_OPEN, ROW_CLOSE, ROW_FORGET };
static void change_row(struct ds_part *part, const char *phone, const char *ticket,
                       enum row_change change)
{
    struct customer_view view;

    if (!phone) return;
    load_customer(part, &view, phone);
    for (size_t i = 0; i < view.state.n_rows; i++) {
        if (strcmp(view.rows[i]->ticket, ticket) != 0) continue;
        if (change == ROW_FORGET) remove_row(&view, i);
        else DS_SET(view.rows[i], open, change == ROW_OPEN);
        return store_customer(part, &view);
    }
}

/* ---- register ---- */

/* Ticket that a service complaint is about; *ret NULL when it names none. */
static enum ds_code find_about(struct ds_part *part, const struct ds_territory *territory,
                               const Ds__Register *report, const char **ret, struct ds_fault *fault)
{
    char key[DS_KEY_MAX];
    uint32_t partition;
    uint64_t seq;

    *ret = report->about;
    if (report->about) {
        if (!ds_parse_ticket_id(report->about, &partition, &seq) ||
            partition != part->partition || seq > part->tail)
            return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "register.about", "");
        return DS_CODE_OK;
    }
    if (!report->about_ref) return DS_CODE_OK;
    key_of(key, sizeof key, 'R', territory->id, report->about_ref);
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
    key_of(key, sizeof key, 'R', territory->id, ref);
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

/* Room for one more row: the oldest closed one gives way. */
static bool make_room(struct customer_view *view)
{
    if (view->state.n_rows < INTAKE_CUSTOMER_ROWS) return true;
    for (size_t i = 0; i < view->state.n_rows; i++) {
        if (view->rows[i]->open) continue;
        remove_row(view, i);
        return true;
    }
    return false;
}

static int64_t judged_ms(const Ds__Event *event)
{
    return event->has_judged_at_ms ? event->judged_at_ms : event->occurred_at_ms;
}

/* The report repeats something that is open: name that ticket, start nothing. */
static enum ds_code record_repeat(struct ds_part *part, struct ds_command *command,
                                  struct ds_out *out, const struct ds_territory *territory,
                                  char *ticket, struct ds_fault *fault)
{
    static struct ticket_view view; /* large; one command at a time */
    Ds__Register *report = command->msg->register_;

    bool known = load_ticket(part, &view, ticket);
    DS_ASSERT(known); /* rows of open tickets go with the ticket */
    if (report->ref) {
        if (view.state.n_also_ref == INTAKE_REFS_MAX)
            return intake_fail(fault, DS_CODE_TICKET_FULL, "register.ref", "16 order numbers");
        view.also_refs[view.state.n_also_ref++] = report->ref;
        store_ticket(part, &view, DS_NO_DUE);
        put_ref(part, territory, report->ref, ticket);
    }
    ds_out_add(out, DS_EV_REPORT_REPEATED, ticket, DS__REASON__NAME__REPORT_FOUND_OPEN, "P1.2")
        ->report_repeated.report = report;
    command->ticket_seq = ticket_seq(ticket);
    return DS_CODE_OK;
}

static void record_new(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                       const struct ds_version *version, const struct intake_actor *actor,
                       const struct ds_territory *territory, struct customer_view *customer,
                       const char *about)
{
    struct ticket_view view;
    Ds__TicketHead head = DS__TICKET_HEAD__INIT;
    Ds__IntakeCustomer__Row row;
    Ds__Register *report = command->msg->register_;

    ds_ticket_id(view.id, part->partition, command->seq);
    key_of(view.key, sizeof view.key, 'T', view.id, NULL);
    Ds__Registered *registered =
        &ds_out_add(out, DS_EV_REGISTERED,
                    ds_out_text(out, (const char *const[]){view.id, NULL}),
                    DS__REASON__NAME__REPORT_NEW, "P1.1")
             ->registered;
    Ds__Event *event = ds_out_last(out);
    intake_stamp(event, command->msg, version, actor, command->now_ms);
    intake_fill_head(&head, version, command->msg, actor, territory, about, judged_ms(event));
    registered->report = report;
    if (customer) {
        const Ds__IntakeCustomer__Row *before = intake_find_closed(&customer->state, report);
        if (before) registered->follows = before->ticket;
        add_row(customer, &row, &head, view.id);
        store_customer(part, customer);
    }
    ds__intake_ticket__init(&view.state);
    view.state.head = &head;
    DS_SET(&view.state, phase, DS__PHASE__NAME__OPEN);
    store_ticket(part, &view, DS_NO_DUE);
    put_ref(part, territory, report->ref, view.id);
    command->ticket_seq = command->seq;
    /* the head must outlive this frame until the event is packed */
    const Ds__IntakeTicket *stored = ds_part_get(part, view.key, &ds__intake_ticket__descriptor);
    registered->head = stored->head;
}

static enum ds_code take_register(struct ds_part *part, struct ds_command *command,
                                  struct ds_out *out, const struct ds_version *version,
                                  const struct intake_actor *actor, struct ds_fault *fault)
{
    const struct ds_territory *territory = intake_territory_of(version, command->msg);
    const Ds__Register *report = command->msg->register_;
    struct customer_view customer;
    const char *about;
    char key[DS_KEY_MAX];

    enum ds_code code = find_about(part, territory, report, &about, fault);
    if (code != DS_CODE_OK) return code;
    if (report->ref) {
        key_of(key, sizeof key, 'R', territory->id, report->ref);
        if (ds_part_has(part, key))
            return intake_fail(fault, DS_CODE_REF_TAKEN, "register.ref", "");
    }
    bool has_customer = report->customer && report->customer->phone;
    if (has_customer) {
        load_customer(part, &customer, report->customer->phone);
        const Ds__IntakeCustomer__Row *open = intake_find_open(&customer.state, report, about);
        if (open) {
            code = record_repeat(part, command, out, territory, open->ticket, fault);
            if (code == DS_CODE_OK)
                intake_stamp(ds_out_last(out), command->msg, version, actor, command->now_ms);
            return code;
        }
        if (!make_room(&customer))
            return intake_fail(fault, DS_CODE_TABLE_FULL, "register.customer.phone",
                               "32 open tickets of one customer");
    }
    record_new(part, command, out, version, actor, territory, has_customer ? &customer : NULL,
               about);
    return DS_CODE_OK;
}

/* ---- facts about a ticket ---- */

static enum ds_code check_bounds(const struct ticket_view *view, const Ds__Command *command,
                                 struct ds_fault *fault)
{
    const Ds__IntakeTicket *state = &view->state;
    bool booking = command->body_case == BODY(BOOK_APPOINTMENT) ||
                   command->body_case == BODY(MOVE_APPOINTMENT);

    if (state->n_fact >= DS_FACTS_MAX)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "256 facts");
    if (booking && state->appointments >= DS_CYCLE_INSTANCES)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "16 appointments");
    if (command->body_case == BODY(COMPLETE) && state->completions >= DS_CYCLE_INSTANCES)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "16 completions");
    if (command->body_case == BODY(REPORT_DELAY) && state->delays >= DS_CYCLE_INSTANCES)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "16 delays");
    if (command->body_case == BODY(FILE_RESULT) && state->results >= DS_CYCLE_INSTANCES)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "16 results");
    if (command->body_case != BODY(REOPEN)) return DS_CODE_OK;
    if (state->phase == DS__PHASE__NAME__OPEN)
        return intake_fail(fault, DS_CODE_NOT_REOPENABLE, "ticket", "");
    if (state->cycle + 1 >= DS_CYCLES_MAX)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "8 lives");
    return DS_CODE_OK;
}

/* The same fact (kind, person, occurred-at) was recorded before, under another id. */
static bool already_recorded(const struct ticket_view *view, uint64_t hash, uint64_t *ret_seq)
{
    for (size_t i = 0; i < view->state.n_fact; i++) {
        if (view->facts[i] != hash) continue;
        *ret_seq = view->fact_seqs[i];
        return true;
    }
    return false;
}

static void set_phase(struct ds_part *part, struct ticket_view *view, Ds__Phase__Name phase)
{
    view->state.phase = phase;
    change_row(part, view->state.head->phone, view->id,
               phase == DS__PHASE__NAME__OPEN ? ROW_OPEN : ROW_CLOSE);
}

static void count_fact(struct ticket_view *view, const Ds__Command *command)
{
    Ds__IntakeTicket *state = &view->state;

    if (command->body_case == BODY(BOOK_APPOINTMENT) ||
        command->body_case == BODY(MOVE_APPOINTMENT))
        DS_SET(state, appointments, state->appointments + 1);
    if (command->body_case == BODY(COMPLETE)) DS_SET(state, completions, state->completions + 1);
    if (command->body_case == BODY(REPORT_DELAY)) DS_SET(state, delays, state->delays + 1);
}

/* A reopening carries the ticket's head: whoever has let go of the ticket starts from there. */
static void pass_reopened(struct ds_out *out, struct ticket_view *view, const char *subject,
                          const Ds__Command *command)
{
    Ds__Reopened *reopened =
        &ds_out_add(out, DS_EV_REOPENED, subject, DS__REASON__NAME__REOPENED, "")->reopened;
    Ds__IntakeTicket *state = &view->state;

    DS_SET(state, cycle, state->cycle + 1);
    DS_SET(state, appointments, 0);
    DS_SET(state, completions, 0);
    DS_SET(state, delays, 0);
    DS_SET(state, results, 0);
    reopened->request = command->reopen;
    reopened->head = state->head;
    DS_SET(reopened, cycle, state->cycle);
}

static void pass_address(struct ds_out *out, struct ticket_view *view, const char *subject,
                         const struct ds_version *version, const Ds__Command *command)
{
    Ds__CorrectAddress *address =
        &ds_out_add(out, DS_EV_ADDRESS_CORRECTED, subject, DS__REASON__NAME__NONE, "")
             ->address_corrected;

    *address = *command->correct_address;
    DS_SET(address, zone, (Ds__Zone__Name)ds_zone_of(version, address->city, address->distance_m));
    DS_SET(view->state.head, zone, address->zone);
    if (address->area) view->state.head->area = address->area;
}

static void pass_result(struct ds_out *out, struct ticket_view *view, const char *subject,
                        const Ds__Command *command)
{
    Ds__ResultFiled *filed =
        &ds_out_add(out, DS_EV_RESULT_FILED, subject, DS__REASON__NAME__NONE, "")->result_filed;

    filed->result = command->file_result;
    filed->head = view->state.head;
    DS_SET(&view->state, results, view->state.results + 1);
    DS_SET(filed, n, DS_CYCLE_INSTANCES * view->state.cycle + view->state.results);
}

static void pass_fact(struct ds_out *out, struct ticket_view *view, const struct ds_version *version,
                      const Ds__Command *command)
{
    char *subject = ds_out_text(out, (const char *const[]){view->id, NULL});

    if (command->body_case == BODY(REOPEN)) return pass_reopened(out, view, subject, command);
    if (command->body_case == BODY(FILE_RESULT)) return pass_result(out, view, subject, command);
    if (command->body_case == BODY(CORRECT_ADDRESS))
        return pass_address(out, view, subject, version, command);
    if (command->body_case == BODY(SET_URGENCY))
        DS_SET(view->state.head, urgent, command->set_urgency->urgent);
    /* commands and their events share numbers; every body is a pointer to its message */
    ds_out_pass(out, (enum ds_event_type)command->body_case, subject, command->accept);
}

static enum ds_code take_fact(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                              const struct ds_version *version, const struct intake_actor *actor,
                              struct ds_fault *fault)
{
    static struct ticket_view view; /* large; one command at a time */
    const Ds__Command *msg = command->msg;
    uint64_t hash = intake_fact_hash(msg);
    int64_t evict_at_ms = DS_NO_DUE;

    enum ds_code code = find_ticket(part, version, msg, &view, fault);
    if (code != DS_CODE_OK) return code;
    command->ticket_seq = ticket_seq(view.id);
    if (already_recorded(&view, hash, &command->seq)) {
        command->duplicate = true;
        return DS_CODE_OK;
    }
    code = check_bounds(&view, msg, fault);
    if (code != DS_CODE_OK) return code;
    if (actor->person->territory &&
        strcmp(actor->person->territory->id, view.state.head->territory) != 0)
        return intake_fail(fault, DS_CODE_OTHER_TERRITORY, msg->person ? "person" : "by", "");
    view.facts[view.state.n_fact++] = hash;
    view.fact_seqs[view.state.n_fact_seq++] = command->seq;
    count_fact(&view, msg);
    pass_fact(out, &view, version, msg);
    intake_stamp(ds_out_last(out), msg, version, actor, command->now_ms);
    if (msg->body_case == BODY(REOPEN)) set_phase(part, &view, DS__PHASE__NAME__OPEN);
    if (msg->body_case == BODY(FILE_RESULT)) set_phase(part, &view, DS__PHASE__NAME__FINISHED);
    if (msg->body_case == BODY(CANCEL)) set_phase(part, &view, DS__PHASE__NAME__CANCELLED);
    if (view.state.phase != DS__PHASE__NAME__OPEN)
        evict_at_ms = command->now_ms + version->follow_up_ms;
    store_ticket(part, &view, evict_at_ms);
    return DS_CODE_OK;
}

/* ---- facts about no ticket ---- */

static enum ds_code take_call(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                              const struct ds_version *version, const struct intake_actor *actor,
                              struct ds_fault *fault)
{
    const Ds__Command *msg = command->msg;
    const struct ds_territory *territory = intake_territory_of(version, msg);
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    struct ds_dues dues = {{DS_NO_DUE, command->now_ms + 2 * (int64_t)DS_DAY_MS, DS_NO_DUE}};
    char *call = msg->body_case == BODY(CALL_OFFERED)    ? msg->call_offered->call
                 : msg->body_case == BODY(CALL_ANSWERED) ? msg->call_answered->call
                                                         : msg->call_ended->call;
    char key[DS_KEY_MAX];

    key_of(key, sizeof key, 'C', call, NULL);
    const Ds__IntakeCall *known = ds_part_get(part, key, &ds__intake_call__descriptor);
    if (known) state.territory = known->territory;
    else if (territory) state.territory = (char *)territory->id;
    else return intake_fail(fault, DS_CODE_NEEDS_TICKET, "", "");
    if (!known) ds_part_put(part, key, &state.base, &dues);
    Ds__Event *event =
        ds_out_pass(out, (enum ds_event_type)msg->body_case, call, msg->call_offered);
    event->territory = state.territory;
    intake_stamp(event, msg, version, actor, command->now_ms);
    return DS_CODE_OK;
}

/* Gaps of the phone feed, a day's report, and what the manager says: no ticket behind it. */
static enum ds_code take_other(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                               const struct ds_version *version, const struct intake_actor *actor,
                               struct ds_fault *fault)
{
    const Ds__Command *msg = command->msg;
    const struct ds_territory *territory = intake_territory_of(version, msg);

    (void)part;
    if (msg->body_case == BODY(REPORT_VIOLATION) &&
        !ds_find_clause(version, msg->report_violation->clause))
        return intake_fail(fault, DS_CODE_UNKNOWN_CLAUSE, "report_violation.clause", "");
    Ds__Event *event =
        ds_out_pass(out, (enum ds_event_type)msg->body_case, actor->person->id, msg->accept);
    event->territory = territory ? (char *)territory->id : NULL;
    intake_stamp(event, msg, version, actor, command->now_ms);
    return DS_CODE_OK;
}

static enum ds_code take(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                         struct ds_fault *fault)
{
    const struct ds_version *version = ds_part_rules(part);
    struct intake_actor actor;

    command->seq = ds_part_seq_of(part, 0);
    enum ds_code code = intake_check_people(version, command->msg, &actor, fault);
    if (code != DS_CODE_OK) return code;
    switch ((int)command->msg->body_case) {
    case BODY(REGISTER): return take_register(part, command, out, version, &actor, fault);
    case BODY(CALL_OFFERED):
    case BODY(CALL_ANSWERED):
    case BODY(CALL_ENDED): return take_call(part, command, out, version, &actor, fault);
    case BODY(FEED_GAP):
    case BODY(REPORT_DAY):
    case BODY(REPORT_VIOLATION):
    case BODY(CONFIRM_PROPOSAL):
    case BODY(REJECT_PROPOSAL):
    case BODY(REVERSE_ENTRY): return take_other(part, command, out, version, &actor, fault);
    default: return take_fact(part, command, out, version, &actor, fault);
    }
}

static enum ds_code may_activate(const struct ds_version *version, const Ds__Command *command,
                                 struct ds_fault *fault)
{
    struct intake_actor actor;

    return intake_check_people(version, command, &actor, fault);
}

static void forget_ref(struct ds_part *part, const Ds__TicketHead *head, const char *ref)
{
    char key[DS_KEY_MAX];

    if (!ref) return;
    key_of(key, sizeof key, 'R', head->territory, ref);
    ds_part_delete(part, key);
}

/* Closed long ago: let go of the ticket, its order number and its customer's memory of it. */
static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX], ticket[DS_KEY_MAX];

    (void)kind, (void)due_ms, (void)out;
    if (entity->key[0] == 'T') {
        const Ds__IntakeTicket *state = ds_part_unpack(part, entity, &ds__intake_ticket__descriptor);
        ds_copy(ticket, sizeof ticket, entity->key + 1);
        change_row(part, state->head->phone, ticket, ROW_FORGET);
        forget_ref(part, state->head, state->head->ref);
        for (size_t i = 0; i < state->n_also_ref; i++)
            forget_ref(part, state->head, state->also_ref[i]);
    }
    ds_copy(key, sizeof key, entity->key);
    ds_part_delete(part, key);
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    (void)part, (void)event, (void)out;
    DS_UNREACHABLE(); /* nothing stands left of intake */
}

const struct ds_service intake_service = {
    .name = "intake",
    .source = DS_INTAKE,
    .upstreams = 0,
    .apply = apply,
    .fire = fire,
    .route = intake_route,
    .may_activate = may_activate,
    .take = take,
};
