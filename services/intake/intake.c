/* SPDX-License-Identifier: MIT
 *
 * The way of a command through intake: people, ticket, fact, event. Loads what the rules need,
 * stores what they changed; decides nothing itself. */
#include <string.h>

#include "domain/assert.h"
#include "intake/adapter.h"

#define BODY(name) DS__COMMAND__BODY_##name

/* ---- facts about a ticket ---- */

static bool ends(const Ds__Command *command)
{
    return command->body_case == BODY(FILE_RESULT) || command->body_case == BODY(CANCEL) ||
           command->body_case == BODY(TRANSFER);
}

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
    if (intake_is_return(command) && state->returns >= DS_RETURN_FACTS_MAX)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "32 facts about a return");
    if (ends(command) && state->results >= DS_CYCLE_INSTANCES)
        return intake_fail(fault, DS_CODE_TICKET_FULL, "ticket", "16 results");
    if (command->body_case != BODY(REOPEN)) return DS_CODE_OK;
    if (state->phase == DS__PHASE__NAME__OPEN || state->phase == DS__PHASE__NAME__TRANSFERRED)
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

/* What is said of a closed ticket afterwards keeps nothing alive: only a change of phase sets the
 * time at which it is archived. One that was transferred stays so. */
static void set_phase(struct ds_part *part, struct ticket_view *view, Ds__Phase__Name phase,
                      int64_t evict_at_ms)
{
    if (view->state.phase == phase || view->state.phase == DS__PHASE__NAME__TRANSFERRED) return;
    view->state.phase = phase;
    view->evict_at_ms = evict_at_ms;
    intake_change_row(part, view->state.head->phone, view->id,
                      phase == DS__PHASE__NAME__OPEN ? INTAKE_ROW_OPEN : INTAKE_ROW_CLOSE);
}

static void count_fact(struct ticket_view *view, const Ds__Command *command)
{
    Ds__IntakeTicket *state = &view->state;

    if (command->body_case == BODY(BOOK_APPOINTMENT) ||
        command->body_case == BODY(MOVE_APPOINTMENT))
        DS_SET(state, appointments, state->appointments + 1);
    if (intake_is_return(command)) DS_SET(state, returns, state->returns + 1);
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

/* Number of a result or cancellation: the first of a life asks for its callback. */
static uint32_t next_end(Ds__IntakeTicket *state)
{
    DS_SET(state, results, state->results + 1);
    return DS_CYCLE_INSTANCES * state->cycle + state->results;
}

static void pass_result(struct ds_out *out, struct ticket_view *view, const char *subject,
                        const Ds__Command *command)
{
    Ds__ResultFiled *filed =
        &ds_out_add(out, DS_EV_RESULT_FILED, subject, DS__REASON__NAME__NONE, "")->result_filed;

    filed->result = command->file_result;
    filed->head = view->state.head;
    DS_SET(filed, n, next_end(&view->state));
}

static void pass_cancelled(struct ds_out *out, struct ticket_view *view, const char *subject,
                           const Ds__Command *command)
{
    Ds__Cancelled *cancelled =
        &ds_out_add(out, DS_EV_CANCELLED, subject, DS__REASON__NAME__NONE, "")->cancelled;

    cancelled->request = command->cancel;
    cancelled->head = view->state.head;
    DS_SET(cancelled, n, next_end(&view->state));
}

/* What a unit is decides which clauses its coming back is about, also when nobody has asked yet. */
static void pass_return(struct ds_out *out, struct ticket_view *view, const char *subject,
                        const Ds__Command *command)
{
    Ds__RecordReturn *record =
        &ds_out_add(out, DS_EV_RETURN_RECORDED, subject, DS__REASON__NAME__NONE, "")
             ->return_recorded;

    *record = *command->record_return;
    record->category = view->state.head->category;
}

static void pass_analysis(struct ds_out *out, struct ticket_view *view, const char *subject,
                          const Ds__Command *command)
{
    Ds__CaseAnalysed *analysed =
        &ds_out_add(out, DS_EV_CASE_ANALYSED, subject, DS__REASON__NAME__NONE, "")->case_analysed;

    analysed->request = command->analyse_case;
    analysed->head = view->state.head;
}

/* A ticket that is over tells since when: it is kept for so long after its end. */
static void pass_rejudge(struct ds_out *out, struct ticket_view *view,
                         const struct ds_version *version, char *subject,
                         const Ds__Command *command)
{
    Ds__RejudgeRequested *again =
        &ds_out_add(out, DS_EV_REJUDGE_REQUESTED, subject, DS__REASON__NAME__NONE, "")
             ->rejudge_requested;

    again->request = command->rejudge;
    if (view->state.phase != DS__PHASE__NAME__OPEN && view->evict_at_ms != DS_NO_DUE)
        DS_SET(again, closed_at_ms, view->evict_at_ms - version->follow_up_ms);
}

static void pass_fact(struct ds_out *out, struct ticket_view *view,
                      const struct ds_version *version, const Ds__Command *command)
{
    char *subject = ds_out_text(out, (const char *const[]){view->id, NULL});

    if (command->body_case == BODY(REOPEN)) return pass_reopened(out, view, subject, command);
    if (command->body_case == BODY(FILE_RESULT)) return pass_result(out, view, subject, command);
    if (command->body_case == BODY(CANCEL)) return pass_cancelled(out, view, subject, command);
    if (command->body_case == BODY(RECORD_RETURN)) return pass_return(out, view, subject, command);
    if (command->body_case == BODY(ANALYSE_CASE)) return pass_analysis(out, view, subject, command);
    if (command->body_case == BODY(TRANSFER))
        return intake_pass_transferred(out, view, subject, command, next_end(&view->state));
    if (command->body_case == BODY(CORRECT_ADDRESS))
        return pass_address(out, view, subject, version, command);
    if (command->body_case == BODY(REJUDGE))
        return pass_rejudge(out, view, version, subject, command);
    /* commands and their events share numbers; every body is a pointer to its message */
    ds_out_pass(out, (enum ds_event_type)command->body_case, subject, command->accept);
}

/* A territory that is said beside something that has one is the same one; so is that of the people.
 */
static enum ds_code check_place(const struct intake_actor *actor, const Ds__Command *command,
                                const char *territory, struct ds_fault *fault)
{
    if (command->territory && strcmp(command->territory, territory) != 0)
        return intake_fail(fault, DS_CODE_OTHER_TERRITORY, "territory", territory);
    return intake_check_territory(actor, territory, fault);
}

/* What a command about a ticket names beside it. */
static enum ds_code check_beside(const struct ds_part *part, const struct ticket_view *view,
                                 const struct ds_version *version, const Ds__Command *command,
                                 struct ds_fault *fault)
{
    if (command->body_case == BODY(TRANSFER))
        return intake_check_transfer(version, &view->state, command->transfer, fault);
    if (command->body_case == BODY(REJUDGE) &&
        (command->rejudge->under == 0 || command->rejudge->under > part->rulebook))
        return intake_fail(fault, DS_CODE_OUT_OF_RANGE, "rejudge.under",
                           "a version that is or was in force");
    return DS_CODE_OK;
}

/* Opens or closes the ticket. A reopening and a transfer take effect when they are recorded: what
 * came in before belongs to the life before. */
static void turn_phase(struct ds_part *part, struct ticket_view *view, const Ds__Command *command,
                       int64_t now_ms, int64_t evict_at_ms, Ds__Event *event)
{
    switch ((int)command->body_case) {
    case BODY(REOPEN):
        DS_SET(event, judged_at_ms, now_ms);
        return set_phase(part, view, DS__PHASE__NAME__OPEN, DS_NO_DUE);
    case BODY(TRANSFER):
        DS_SET(event, judged_at_ms, now_ms);
        intake_transferred(part, view, now_ms, ds_part_seq_of(part, 0));
        return set_phase(part, view, DS__PHASE__NAME__TRANSFERRED, evict_at_ms);
    case BODY(FILE_RESULT): return set_phase(part, view, DS__PHASE__NAME__FINISHED, evict_at_ms);
    case BODY(CANCEL): return set_phase(part, view, DS__PHASE__NAME__CANCELLED, evict_at_ms);
    default: return;
    }
}

static enum ds_code take_fact(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                              const struct ds_version *version, const struct intake_actor *actor,
                              struct ds_fault *fault)
{
    static struct ticket_view view; /* large; one command at a time */
    const Ds__Command *msg = command->msg;
    uint64_t hash = intake_fact_hash(msg);

    enum ds_code code = intake_find_ticket(part, version, msg, &view, fault);
    if (code == DS_CODE_OK) code = check_place(actor, msg, view.state.head->territory, fault);
    if (code != DS_CODE_OK) return code;
    command->ticket_seq = intake_ticket_seq(view.id);
    if (already_recorded(&view, hash, &command->seq)) {
        command->duplicate = true;
        return DS_CODE_OK;
    }
    code = check_bounds(&view, msg, fault);
    if (code == DS_CODE_OK) code = check_beside(part, &view, version, msg, fault);
    if (code != DS_CODE_OK) return code;
    view.facts[view.state.n_fact++] = hash;
    view.fact_seqs[view.state.n_fact_seq++] = command->seq;
    count_fact(&view, msg);
    pass_fact(out, &view, version, msg);
    intake_stamp(ds_out_last(out), msg, version, actor, command->now_ms);
    turn_phase(part, &view, msg, command->now_ms, command->now_ms + version->follow_up_ms,
               ds_out_last(out));
    intake_keep_promise(&view, msg, intake_judged_ms(ds_out_last(out)));
    intake_store_ticket(part, &view);
    return DS_CODE_OK;
}

/* ---- facts about no ticket ---- */

static uint32_t calls(const struct ds_part *part)
{
    const struct intake_memory *memory = part->memory;

    return memory->calls;
}

static void count_calls(struct ds_part *part, int by)
{
    struct intake_memory *memory = part->memory;

    memory->calls = (uint32_t)((int)memory->calls + by);
}

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

    intake_key(key, sizeof key, 'C', call, NULL);
    const Ds__IntakeCall *known = ds_part_get(part, key, &ds__intake_call__descriptor);
    state.territory = known ? known->territory : (char *)territory->id;
    enum ds_code code = check_place(actor, msg, state.territory, fault);
    if (code != DS_CODE_OK) return code;
    if (!known) {
        if (calls(part) == INTAKE_CALLS_MAX || ds_part_full(part))
            return intake_fail(fault, DS_CODE_TABLE_FULL, "", "16384 calls in two days");
        ds_part_put(part, key, &state.base, &dues);
        count_calls(part, 1);
    }
    Ds__Event *event =
        ds_out_pass(out, (enum ds_event_type)msg->body_case, call, msg->call_offered);
    event->territory = state.territory;
    intake_stamp(event, msg, version, actor, command->now_ms);
    return DS_CODE_OK;
}

static enum ds_code check_violation(const struct ds_part *part, const struct ds_version *version,
                                    const Ds__ReportViolation *report, struct ds_fault *fault)
{
    if (!ds_find_clause(version, report->clause))
        return intake_fail(fault, DS_CODE_UNKNOWN_CLAUSE, "report_violation.clause", "");
    if (report->about && !intake_was_ticket(part, report->about))
        return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "report_violation.about", "");
    return DS_CODE_OK;
}

/* Gaps of the phone feed, reports of a day, sheets, and what the manager says: no ticket behind it.
 */
static enum ds_code take_other(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                               const struct ds_version *version, const struct intake_actor *actor,
                               struct ds_fault *fault)
{
    const Ds__Command *msg = command->msg;
    const struct ds_territory *territory = intake_territory_of(version, msg);
    const char *field;
    const struct ds_territory *named = intake_territory_named(version, msg, &field);

    enum ds_code code = intake_check_territory(actor, territory->id, fault);
    if (code == DS_CODE_OK && msg->body_case == BODY(REPORT_VIOLATION))
        code = check_violation(part, version, msg->report_violation, fault);
    if (code == DS_CODE_OK && msg->body_case == BODY(CONFIRM_PROPOSAL))
        code = intake_check_answerer(version, msg->confirm_proposal, territory->id, fault);
    if (code != DS_CODE_OK) return code;
    /* its entries, proposals and months are in the books of its own partition */
    if (named && named->partition != part->partition)
        return intake_fail(fault, DS_CODE_OTHER_TERRITORY, field, territory->id);
    Ds__Event *event =
        ds_out_pass(out, (enum ds_event_type)msg->body_case, actor->person->id, msg->accept);
    event->territory = (char *)territory->id;
    intake_stamp(event, msg, version, actor, command->now_ms);
    return DS_CODE_OK;
}

static enum ds_code take(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                         struct ds_fault *fault)
{
    const struct ds_version *version = ds_part_rules(part);
    struct intake_actor actor = intake_actor_of(version, command->msg); /* found on the way here */

    command->seq = ds_part_seq_of(part, 0);
    switch ((int)command->msg->body_case) {
    case BODY(REGISTER): return intake_register(part, command, out, version, &actor, fault);
    case BODY(CALL_OFFERED):
    case BODY(CALL_ANSWERED):
    case BODY(CALL_ENDED): return take_call(part, command, out, version, &actor, fault);
    case BODY(FEED_GAP):
    case BODY(REPORT_DAY):
    case BODY(SUBMIT_SHEET):
    case BODY(SUBMIT_WEEKLY):
    case BODY(REPORT_VIOLATION):
    case BODY(CONFIRM_PROPOSAL):
    case BODY(REJECT_PROPOSAL):
    case BODY(REVERSE_ENTRY):
    case BODY(CLOSE_OBLIGATION):
    case BODY(APPEAL_ENTRY):
    case BODY(DECIDE_APPEAL):
    case BODY(CLOSE_MONTH):
    case BODY(SET_INSTALMENTS): return take_other(part, command, out, version, &actor, fault);
    default: return take_fact(part, command, out, version, &actor, fault);
    }
}

static enum ds_code may_activate(const struct ds_version *version, const Ds__Command *command,
                                 struct ds_fault *fault)
{
    enum ds_code code = intake_check_sense(command, fault);

    return code == DS_CODE_OK ? intake_check_people(version, command, fault) : code;
}

static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX];

    (void)kind, (void)out;
    ds_copy(key, sizeof key, entity->key);
    if (key[0] == 'T') return intake_archive(part, key + 1, due_ms);
    if (key[0] == 'C') count_calls(part, -1);
    ds_part_delete(part, key);
}

static bool ticket_loaded(struct ds_part *part, const char *id, const Ds__IntakeTicket *state)
{
    uint32_t partition;
    uint64_t seq;

    if (state && intake_is_under_way(state)) {
        struct intake_transfer noted = {.seq = state->transferred_seq};
        ds_copy(noted.ticket, sizeof noted.ticket, id);
        intake_note_transfer(part, &noted);
    }
    return state && ds_parse_ticket_id(id, &partition, &seq) && state->head &&
           state->head->territory && state->n_fact <= DS_FACTS_MAX &&
           state->n_fact == state->n_fact_seq && state->n_also_ref <= INTAKE_REFS_MAX;
}

static bool customer_loaded(const Ds__IntakeCustomer *state)
{
    if (!state || state->n_rows > INTAKE_CUSTOMER_ROWS) return false;
    for (size_t i = 0; i < state->n_rows; i++)
        if (!state->rows[i]->ticket) return false;
    return true;
}

static bool ref_loaded(const Ds__IntakeRef *state)
{
    return state && state->ticket;
}

static bool mark_loaded(struct ds_part *part, const char *ticket, const Ds__IntakeRef *state)
{
    struct intake_transfer noted = {.mark = true};
    uint32_t partition;
    uint64_t seq;

    ds_copy(noted.ticket, sizeof noted.ticket, ticket);
    intake_note_transfer(part, &noted);
    return ref_loaded(state) && ds_parse_ticket_id(ticket, &partition, &seq);
}

static bool call_loaded(struct ds_part *part, const Ds__IntakeCall *state)
{
    count_calls(part, 1);
    return state && state->territory;
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    const char *id = entity->key + 1;

    switch (entity->key[0]) {
    case 'T':
        return ticket_loaded(part, id,
                             ds_part_unpack(part, entity, &ds__intake_ticket__descriptor));
    case 'U':
        return customer_loaded(ds_part_unpack(part, entity, &ds__intake_customer__descriptor));
    case 'X':
        return mark_loaded(part, id, ds_part_unpack(part, entity, &ds__intake_ref__descriptor));
    case 'R': return ref_loaded(ds_part_unpack(part, entity, &ds__intake_ref__descriptor));
    case 'C': return call_loaded(part, ds_part_unpack(part, entity, &ds__intake_call__descriptor));
    default: return false;
    }
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
    .memory_size = sizeof(struct intake_memory),
    .loaded = loaded,
    .unloaded = intake_unload,
    .apply = apply,
    .fire = fire,
    .route = intake_route,
    .may_activate = may_activate,
    .take = take,
    .hand_over = intake_hand_over,
};
