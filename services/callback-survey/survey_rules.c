/* SPDX-License-Identifier: MIT
 *
 * The callback task of a ticket. Pure. */
#include "callback-survey/survey.h"

#include <string.h>

#include "domain/assert.h"
#include "domain/callback.h"

static const char *account_of(const struct ds_version *rules, const char *person_id)
{
    const struct ds_person *person = ds_find_person(rules, person_id);

    return person ? person->account_key : "";
}

/* P-2.1: what ends a ticket's life first, result or cancellation, asks for its one callback. n:
 * counts both within the ticket. Internal work has no customer to call. */
static void ask(struct survey_ticket *ticket, const struct ds_event *event, uint32_t n,
                Ds__Reason__Name reason, struct ds_out *out)
{
    Ds__SurveyTask *task = &ticket->state;

    if (task->open || n % DS_CYCLE_INSTANCES != 1) return;
    DS_SET(task, open, true);
    DS_SET(task, task, n);
    DS_SET(task, from_ms, event->at_ms);
    DS_SET(task, rulebook, event->rulebook);
    task->n_attempts = 0;
    Ds__CallbackRequested *requested =
        &ds_out_add(out, DS_EV_CALLBACK_REQUESTED, ticket->id, reason, "P-2.1")->callback_requested;
    DS_SET(requested, task, n);
    DS_SET(requested, from_ms, event->at_ms);
}

/* Who answers for conduct at the customer's: who was there; without a word of that, the technician
 * who filed the result. Nobody ("") is the manager's to find out. */
static const char *visitor_of(const struct ds_version *rules, const char *visitor, const char *by)
{
    const struct ds_person *filer = ds_find_person(rules, by);

    if (visitor && visitor[0]) return visitor;
    return filer && filer->role == DS_ROLE_TECHNICIAN ? filer->account_key : "";
}

/* A further result only changes what the answers are compared with. */
static void on_result(struct survey_ticket *ticket, const struct ds_event *event,
                      const struct ds_version *rules, struct ds_out *out)
{
    const Ds__ResultFiled *filed = event->msg->result_filed;
    const Ds__FileResult *result = filed->result;
    Ds__SurveyTask *task = &ticket->state;

    if (filed->head->kind == DS__KIND__NAME__SYSTEM) return;
    ticket->known = true;
    task->territory = filed->head->territory;
    task->account = (char *)account_of(rules, event->msg->by);
    task->visitor = (char *)visitor_of(rules, filed->visitor, event->msg->by);
    if (!task->has_rulebook) DS_SET(task, rulebook, event->rulebook); /* its task is long closed */
    DS_SET(task, kind, survey_kind(filed->head));
    DS_SET(task, fixed, result->fixed);
    DS_SET(task, labour_fen, result->labour_fen);
    DS_SET(task, parts_fen, result->parts_fen);
    task->has_tariff_fen = result->has_tariff_fen;
    task->tariff_fen = result->tariff_fen;
    ds__event_ref__init(&ticket->result);
    DS_SET(&ticket->result, source, (Ds__Source__Name)event->ref.source);
    DS_SET(&ticket->result, seq, event->ref.seq);
    task->result = &ticket->result;
    DS_SET(task, result_at_ms, event->at_ms);
    ask(ticket, event, filed->n, DS__REASON__NAME__RESULT_TO_VERIFY, out);
}

/* Did the customer really call it off? There is nothing to compare the answers with yet. */
static void on_cancelled(struct survey_ticket *ticket, const struct ds_event *event,
                         struct ds_out *out)
{
    const Ds__Cancelled *cancelled = event->msg->cancelled;
    Ds__SurveyTask *task = &ticket->state;

    if (cancelled->head->kind == DS__KIND__NAME__SYSTEM) return;
    if (cancelled->n % DS_CYCLE_INSTANCES != 1 || task->open) return;
    ds__survey_task__init(task);
    task->attempts = ticket->attempts;
    ticket->known = true;
    task->territory = cancelled->head->territory;
    task->visitor = cancelled->visitor;
    ask(ticket, event, cancelled->n, DS__REASON__NAME__CANCELLATION_TO_VERIFY, out);
}

static void add_attempt(struct survey_ticket *ticket, const struct ds_event *event)
{
    Ds__SurveyTask *task = &ticket->state;
    size_t at = task->n_attempts;

    ds__survey_attempt__init(&ticket->made);
    DS_SET(&ticket->made, at_ms, event->at_ms);
    DS_SET(&ticket->made, reached, event->msg->callback_recorded->reached);
    while (at > 0 && ticket->attempts[at - 1]->at_ms > event->at_ms) {
        ticket->attempts[at] = ticket->attempts[at - 1];
        at--;
    }
    ticket->attempts[at] = &ticket->made;
    task->n_attempts++;
}

static int64_t done_ms(const struct survey_ticket *ticket, const struct ds_version *rules)
{
    const struct ds_territory *territory = ds_find_territory(rules, ticket->state.territory);
    struct ds_attempt attempts[SURVEY_ATTEMPTS_MAX + 1];

    DS_ASSERT(territory);
    for (size_t i = 0; i < ticket->state.n_attempts; i++)
        attempts[i] = (struct ds_attempt){ticket->attempts[i]->at_ms, ticket->attempts[i]->reached};
    return ds_callback_done_ms(rules, territory->calendar->zone, attempts,
                               (uint32_t)ticket->state.n_attempts);
}

static void close_task(struct survey_ticket *ticket, int64_t at_ms, bool reached,
                       Ds__Reason__Name reason, struct ds_out *out)
{
    Ds__CallbackClosed *closed =
        &ds_out_add(out, DS_EV_CALLBACK_CLOSED, ticket->id, reason, "P-2.1")->callback_closed;

    DS_SET(closed, task, ticket->state.task);
    DS_SET(closed, reached, reached);
    DS_SET(closed, attempts, (uint32_t)ticket->state.n_attempts);
    DS_SET(closed, closed_at_ms, at_ms);
    DS_SET(&ticket->state, open, false);
}

/* Nobody is asked about a job that is to be done again: its new end asks anew. */
static void on_reopened(struct survey_ticket *ticket, const struct ds_event *event,
                        struct ds_out *out)
{
    if (ticket->state.open)
        close_task(ticket, event->at_ms, false, DS__REASON__NAME__REOPENED, out);
}

static void on_callback(struct survey_ticket *ticket, const struct ds_event *event,
                        const struct ds_version *rules, struct ds_out *out)
{
    const Ds__RecordCallback *callback = event->msg->callback_recorded;

    const Ds__SurveyTask *task = &ticket->state;

    if (!ticket->known || !task->open || event->at_ms < task->from_ms ||
        task->n_attempts == SURVEY_ATTEMPTS_MAX) {
        ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__NO_EFFECT,
                       DS__REASON__NAME__NO_CALLBACK_OPEN, "P-2.1");
        return;
    }
    add_attempt(ticket, event);
    ticket->answered = callback->reached && (callback->n_answers > 0 || callback->has_satisfaction);
    survey_compare(ticket, callback, rules, out);
    if (callback->redo)
        DS_SET(&ds_out_add(out, DS_EV_REDO_WISHED, ticket->id,
                           DS__REASON__NAME__CUSTOMER_WANTS_REDO, "P-2.1")
                    ->redo_wished,
               task, task->task);
    int64_t done_at_ms = done_ms(ticket, rules);
    if (done_at_ms != INT64_MAX)
        close_task(ticket, done_at_ms, callback->reached,
                   callback->reached ? DS__REASON__NAME__CUSTOMER_REACHED
                                     : DS__REASON__NAME__ATTEMPTS_USED_UP,
                   out);
    ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__APPLIED,
                   callback->reached ? DS__REASON__NAME__CUSTOMER_REACHED
                                     : DS__REASON__NAME__RESULT_TO_VERIFY,
                   "P-2.1");
}

void survey_step(struct survey_ticket *ticket, const struct ds_event *event,
                 const struct ds_version *rules, struct ds_out *out)
{
    switch (event->type) { /* no default: the compiler lists every event not yet answered here */
    case DS_EV_RESULT_FILED: on_result(ticket, event, rules, out); return;
    case DS_EV_CANCELLED: on_cancelled(ticket, event, out); return;
    case DS_EV_CALLBACK_RECORDED: on_callback(ticket, event, rules, out); return;
    case DS_EV_REOPENED: on_reopened(ticket, event, out); return;
    case DS_EV_SHEET_SUBMITTED:
        DS_UNREACHABLE(); /* is about a month: sheet.c */
    /* say nothing about a callback */
    case DS_EV_REGISTERED:
    case DS_EV_ADDRESS_CORRECTED:
    case DS_EV_URGENCY_SET:
    case DS_EV_ORDER_FILLED:
    case DS_EV_CUSTOMER_CONTACTED:
    case DS_EV_APPOINTMENT_BOOKED:
    case DS_EV_APPOINTMENT_MOVED:
    case DS_EV_URGED:
    case DS_EV_COMPLAINT_ANSWERED:
    case DS_EV_DELAY_REGISTERED:
    case DS_EV_ASSIGN_REQUESTED:
    case DS_EV_ACCEPTED:
    case DS_EV_REJECTED:
    case DS_EV_CHECKED_IN:
    case DS_EV_DELAY_REPORTED:
    case DS_EV_RESUMED:
    case DS_EV_COMPLETED:
    case DS_EV_REPORT_REPEATED:
    case DS_EV_OBLIGATION_CLOSE_REQUESTED:
    case DS_EV_ENTRY_APPEALED:
    case DS_EV_APPEAL_DECISION_REQUESTED:
    case DS_EV_MONTH_CLOSE_REQUESTED:
    case DS_EV_INSTALMENTS_REQUESTED:
    case DS_EV_WEEKLY_SUBMITTED:
    case DS_EV_CALL_OFFERED:
    case DS_EV_CALL_ANSWERED:
    case DS_EV_CALL_ENDED:
    case DS_EV_FEED_GAP:
    case DS_EV_DAY_REPORTED:
    case DS_EV_VIOLATION_REPORTED:
    case DS_EV_CONFIRM_REQUESTED:
    case DS_EV_REJECT_REQUESTED:
    case DS_EV_REVERSAL_REQUESTED:
    case DS_EV_ACTIVATED:
    case DS_EV_OFFERED:
    case DS_EV_TAKEN_BACK:
    case DS_EV_ASSIGNED:
    case DS_EV_RETURNED_TO_CLERK:
    case DS_EV_RANKED:
    case DS_EV_OUTCOME:
    case DS_EV_CALLBACK_REQUESTED:
    case DS_EV_CALLBACK_CLOSED:
    case DS_EV_CONTRADICTION_FOUND:
    case DS_EV_REDO_WISHED:
    case DS_EV_SHEET_DRAWN:
    case DS_EV_SHEET_HANDED_IN:
    case DS_EV_WARNED:
    case DS_EV_BREACHED:
    case DS_EV_BREACH_WITHDRAWN:
    case DS_EV_JUDGED:
    case DS_EV_CAP_REACHED:
    case DS_EV_CALL_UNANSWERED:
    case DS_EV_RETURN_CHECKED:
    case DS_EV_RETURN_RECORDED:
    case DS_EV_RETURN_DECIDED:
    case DS_EV_RETURN_CAUSE_FOUND:
    case DS_EV_VISITS_FINAL:
    case DS_EV_ENTRY_POSTED:
    case DS_EV_PROPOSED:
    case DS_EV_PROPOSAL_CONFIRMED:
    case DS_EV_PROPOSAL_REJECTED:
    case DS_EV_PROPOSAL_EXPIRED:
    case DS_EV_OBLIGATION_CLOSED:
    case DS_EV_APPEAL_OPENED:
    case DS_EV_APPEAL_DECIDED:
    case DS_EV_MONTH_CLOSED:
    case DS_EV_INSTALMENTS_SET:
    case DS_EV_OBLIGATION_OPENED: return;
    }
    DS_UNREACHABLE();
}
