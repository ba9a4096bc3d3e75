/* SPDX-License-Identifier: MIT
 *
 * The callback task of a ticket: what each event adds to what is known, whom to call at once, and
 * what is said once it is final. Pure. */
#include "callback-survey/survey.h"

#include <string.h>

#include "domain/assert.h"

static char *account_of(const struct ds_version *rules, const char *person_id)
{
    const struct ds_person *person = ds_find_person(rules, person_id);

    return person ? (char *)person->account_key : "";
}

static bool is_technician(const struct ds_version *rules, const char *person_id)
{
    const struct ds_person *person = ds_find_person(rules, person_id);

    return person && person->role == DS_ROLE_TECHNICIAN;
}

/* ---- what is known ---- */

/* Internal work has no customer to call. */
static void begin(struct survey_ticket *ticket, const Ds__TicketHead *head)
{
    if (head->kind == DS__KIND__NAME__SYSTEM) return;
    ticket->known = true;
    ticket->state.territory = head->territory;
    DS_SET(&ticket->state, kind, survey_kind(head));
}

/* Canonical order: (at, command id). */
static bool comes_after(int64_t at_ms, const char *id, int64_t than_ms, const char *than_id)
{
    return at_ms != than_ms ? at_ms > than_ms : strcmp(ds_str(id), ds_str(than_id)) > 0;
}

static void add_visit(struct survey_ticket *ticket, const struct ds_event *event,
                      const struct ds_version *rules)
{
    Ds__SurveyVisit *visit = &ticket->visit;
    size_t at = ticket->state.n_visits;

    if (!is_technician(rules, event->msg->by)) return;
    ds__survey_visit__init(visit);
    DS_SET(visit, at_ms, event->at_ms);
    DS_SET(visit, received_ms, event->stamp_ms);
    visit->command_id = event->msg->command_id;
    visit->account = account_of(rules, event->msg->by);
    DS_ASSERT(at < DS_FACTS_MAX);
    for (; at > 0 && comes_after(ticket->visits[at - 1]->at_ms, ticket->visits[at - 1]->command_id,
                                 visit->at_ms, visit->command_id);
         at--)
        ticket->visits[at] = ticket->visits[at - 1];
    ticket->visits[at] = visit;
    ticket->state.n_visits++;
}

static void add_end(struct survey_ticket *ticket, const struct ds_event *event,
                    const struct ds_version *rules, const Ds__FileResult *result)
{
    const char *to = result ? NULL : event->msg->cancelled->transferred_to;
    Ds__SurveyEnd *end = &ticket->end;
    size_t at = ticket->state.n_ends;

    ds__survey_end__init(end);
    ds__event_ref__init(&ticket->end_event);
    DS_SET(&ticket->end_event, source, (Ds__Source__Name)event->ref.source);
    DS_SET(&ticket->end_event, seq, event->ref.seq);
    end->event = &ticket->end_event;
    DS_SET(end, at_ms, event->at_ms);
    DS_SET(end, received_ms, event->stamp_ms);
    DS_SET(end, rulebook, event->rulebook);
    end->command_id = event->msg->command_id;
    end->account = account_of(rules, event->msg->by);
    if (!result) DS_SET(end, cancelled, true);
    if (to) DS_SET(end, transferred, true);
    if (result) {
        DS_SET(end, technician, is_technician(rules, event->msg->by));
        DS_SET(end, fixed, result->fixed);
        DS_SET(end, labour_fen, result->labour_fen);
        DS_SET(end, parts_fen, result->parts_fen);
        end->has_tariff_fen = result->has_tariff_fen;
        end->tariff_fen = result->tariff_fen;
    }
    DS_ASSERT(at < DS_FACTS_MAX);
    for (; at > 0 && comes_after(ticket->ends[at - 1]->at_ms, ticket->ends[at - 1]->command_id,
                                 end->at_ms, end->command_id);
         at--)
        ticket->ends[at] = ticket->ends[at - 1];
    ticket->ends[at] = end;
    ticket->state.n_ends++;
}

static void add_attempt(struct survey_ticket *ticket, const struct ds_event *event)
{
    Ds__RecordCallback *callback = event->msg->callback_recorded;
    Ds__SurveyAttempt *made = &ticket->attempt;
    size_t at = ticket->state.n_attempts;

    ds__survey_attempt__init(made);
    DS_SET(made, at_ms, event->at_ms);
    DS_SET(made, received_ms, event->stamp_ms);
    DS_SET(made, reached, callback->reached);
    DS_SET(made, seq, event->ref.seq);
    made->command_id = event->msg->command_id;
    if (callback->reached && (callback->n_answers > 0 || callback->has_satisfaction))
        made->callback = callback;
    DS_ASSERT(at < DS_FACTS_MAX);
    for (;
         at > 0 && comes_after(ticket->attempts[at - 1]->at_ms,
                               ticket->attempts[at - 1]->command_id, made->at_ms, made->command_id);
         at--)
        ticket->attempts[at] = ticket->attempts[at - 1];
    ticket->attempts[at] = made;
    ticket->state.n_attempts++;
}

/* ---- whom to call, as far as is known ---- */

/* P-2.1: what ends a ticket's life first, result or cancellation, asks for its one callback. */
static void ask(struct survey_ticket *ticket, const struct survey_versions *versions,
                struct ds_out *out)
{
    Ds__SurveyTask *state = &ticket->state;
    struct survey_life life;

    survey_tell(ticket, survey_lives(ticket) - 1, INT64_MAX, versions, &life);
    DS_SET(state, open, life.end && life.done_ms == INT64_MAX);
    if (!life.end) return;
    DS_SET(state, from_ms, life.end->at_ms);
    DS_SET(state, rulebook, life.end->rulebook);
    if (state->task == life.task || life.end->transferred) return;
    DS_SET(state, task, life.task);
    Ds__CallbackRequested *requested =
        &ds_out_add(out, DS_EV_CALLBACK_REQUESTED, ticket->id,
                    life.end->cancelled ? DS__REASON__NAME__CANCELLATION_TO_VERIFY
                                        : DS__REASON__NAME__RESULT_TO_VERIFY,
                    "P-2.1")
             ->callback_requested;
    DS_SET(requested, task, life.task);
    DS_SET(requested, from_ms, life.end->at_ms);
}

/* Nobody is asked about a job that is to be done again: its new end asks anew. */
static void on_reopened(struct survey_ticket *ticket, const struct ds_event *event)
{
    Ds__SurveyTask *state = &ticket->state;
    const Ds__Reopened *reopened = event->msg->reopened;

    if (ticket->known) {
        DS_ASSERT(state->n_reopened_at_ms < DS_CYCLES_MAX);
        ticket->reopened_at_ms[state->n_reopened_at_ms++] = event->at_ms;
        return;
    }
    begin(ticket, reopened->head);
    DS_SET(state, first_cycle, reopened->cycle);
    DS_SET(state, first_from_ms, event->at_ms);
}

static void on_callback(struct survey_ticket *ticket, const struct ds_event *event,
                        const struct survey_versions *versions, struct ds_out *out)
{
    const Ds__RecordCallback *callback = event->msg->callback_recorded;
    struct survey_life life = {.done_ms = INT64_MAX};
    bool counts = false;

    if (ticket->known) {
        add_attempt(ticket, event);
        survey_tell(ticket, survey_lives(ticket) - 1, INT64_MAX, versions, &life);
        counts = life.end && life.end->at_ms <= event->at_ms && event->at_ms <= life.done_ms &&
                 !(ticket->state.said >> life.number & 1);
    }
    if (counts && callback->redo)
        DS_SET(&ds_out_add(out, DS_EV_REDO_WISHED, ticket->id,
                           DS__REASON__NAME__CUSTOMER_WANTS_REDO, "P-2.1")
                    ->redo_wished,
               task, life.task);
    ds_out_outcome(out, event,
                   counts ? DS__OUTCOME_CODE__NAME__APPLIED : DS__OUTCOME_CODE__NAME__NO_EFFECT,
                   !counts             ? DS__REASON__NAME__NO_CALLBACK_OPEN
                   : callback->reached ? DS__REASON__NAME__CUSTOMER_REACHED
                                       : DS__REASON__NAME__RESULT_TO_VERIFY,
                   "P-2.1");
}

/* ---- what it came to ---- */

void survey_close(struct survey_ticket *ticket, const struct survey_life *life,
                  const struct survey_versions *versions, struct ds_out *out)
{
    bool done = life->done_ms != INT64_MAX;

    DS_SET(&ticket->state, said, ticket->state.said | 1u << life->number);
    if (life->end->transferred) return; /* nobody was to be asked */
    Ds__CallbackClosed *closed = &ds_out_add(out, DS_EV_CALLBACK_CLOSED, ticket->id,
                                             !done          ? DS__REASON__NAME__REOPENED
                                             : life->answer ? DS__REASON__NAME__CUSTOMER_REACHED
                                                            : DS__REASON__NAME__ATTEMPTS_USED_UP,
                                             "P-2.1")
                                      ->callback_closed;

    DS_SET(closed, task, life->task);
    DS_SET(closed, reached, life->answer != NULL);
    DS_SET(closed, attempts, life->attempts);
    DS_SET(closed, closed_at_ms, done ? life->done_ms : life->until_ms);
    if (life->answer)
        survey_compare(ticket, life, versions->of(versions->self, life->end->rulebook), out);
}

/* What is known of the ticket becomes more. */
static void learn(struct survey_ticket *ticket, const struct ds_event *event,
                  const struct survey_versions *versions, struct ds_out *out)
{
    const struct ds_version *rules = versions->of(versions->self, event->rulebook);

    switch (event->type) { /* no default: the compiler lists every event not yet answered here */
    case DS_EV_REGISTERED: begin(ticket, event->msg->registered->head); return;
    case DS_EV_REOPENED: on_reopened(ticket, event); return;
    case DS_EV_CALLBACK_RECORDED: on_callback(ticket, event, versions, out); return;
    case DS_EV_CHECKED_IN:
        if (ticket->known && !event->msg->checked_in->customer_absent)
            add_visit(ticket, event, rules);
        return;
    case DS_EV_COMPLETED:
        if (ticket->known) add_visit(ticket, event, rules);
        return;
    case DS_EV_RESULT_FILED:
        if (ticket->known) add_end(ticket, event, rules, event->msg->result_filed->result);
        return;
    case DS_EV_CANCELLED:
        if (ticket->known) add_end(ticket, event, rules, NULL);
        return;
    case DS_EV_SHEET_SUBMITTED:
        DS_UNREACHABLE(); /* is about a month: sheet.c */
    /* say nothing about a callback */
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
    case DS_EV_DELAY_REPORTED:
    case DS_EV_RESUMED:
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
    case DS_EV_ACTIVATION_SCHEDULED:
    case DS_EV_REJUDGE_REQUESTED:
    case DS_EV_REJUDGED:
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

void survey_step(struct survey_ticket *ticket, const struct ds_event *event,
                 const struct survey_versions *versions, struct ds_out *out)
{
    learn(ticket, event, versions, out);
    if (ticket->known) ask(ticket, versions, out);
}
