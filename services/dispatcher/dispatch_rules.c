/* SPDX-License-Identifier: MIT
 *
 * The dispatcher's step. Pure: the ticket, the event, the time and the load come in, decisions go
 * out, each with its reason. */
#include <string.h>

#include "dispatcher/dispatcher.h"
#include "domain/assert.h"
#include "domain/ids.h"

#define PHASE(name)  DS__DISPATCH_PHASE__NAME__##name
#define WHY(name)    DS__TAKEN_BACK_WHY__NAME__##name
#define REASON(name) DS__REASON__NAME__##name

/* ---- the offer at hand ---- */

static Ds__PastOffer *current(struct dispatch_ticket *ticket)
{
    return ticket->state.current ? ticket->offers[ticket->state.current - 1] : NULL;
}

const Ds__PastOffer *dispatch_current(const struct dispatch_ticket *ticket)
{
    return ticket->state.current ? ticket->offers[ticket->state.current - 1] : NULL;
}

int64_t dispatch_lapses_at_ms(const struct dispatch_ticket *ticket)
{
    if (ticket->state.phase != PHASE(OFFERED)) return INT64_MAX;
    return dispatch_current(ticket)->accept_due_at_ms;
}

static uint32_t number_of(const struct dispatch_ticket *ticket, uint32_t index)
{
    return DS_CYCLE_OFFERS * ticket->state.cycle + index;
}

static bool closed(const struct dispatch_ticket *ticket)
{
    return !ticket->known || ticket->state.phase == PHASE(DONE) ||
           ticket->state.phase == PHASE(CANCELLED);
}

static void set_phase(struct dispatch_ticket *ticket, Ds__DispatchPhase__Name phase)
{
    DS_SET(&ticket->state, phase, phase);
}

static void take_back(struct dispatch_ticket *ticket, Ds__TakenBackWhy__Name why,
                      Ds__Reason__Name reason, const char *clause, struct ds_out *out)
{
    Ds__PastOffer *offer = current(ticket);
    DS_ASSERT(offer);
    Ds__TakenBack *taken =
        &ds_out_add(out, DS_EV_TAKEN_BACK, ticket->id, reason, clause)->taken_back;

    DS_SET(taken, dispatch, number_of(ticket, ticket->state.current));
    taken->account = offer->account;
    DS_SET(taken, why, why);
    DS_SET(offer, ended, why);
    DS_SET(&ticket->state, current, 0);
}

static void return_to_clerk(struct dispatch_ticket *ticket, Ds__Reason__Name reason,
                            struct ds_out *out)
{
    Ds__ReturnedToClerk *returned =
        &ds_out_add(out, DS_EV_RETURNED_TO_CLERK, ticket->id, reason, "P2.1")->returned_to_clerk;

    DS_SET(returned, dispatch, number_of(ticket, (uint32_t)ticket->state.n_offers + 1));
    set_phase(ticket, PHASE(CLERK));
}

static Ds__Candidate *candidate(struct ds_out *out, const struct dispatch_ranked *ranked)
{
    /* lives with the texts of this step */
    Ds__Candidate *made = ds_out_room(out, sizeof *made);

    ds__candidate__init(made);
    made->account = (char *)ranked->account->key;
    DS_SET(made, open_jobs, ranked->open_jobs);
    DS_SET(made, area_match, ranked->area_match);
    return made;
}

static Ds__Candidate **candidates(struct ds_out *out, const struct dispatch_ranked *ranked,
                                  uint32_t n)
{
    Ds__Candidate **list = ds_out_room(out, (n + 1) * sizeof list[0]);

    for (uint32_t i = 0; i < n; i++)
        list[i] = candidate(out, &ranked[i]);
    return list;
}

/* Offers to an account. Stamped with the real time: the next man is never late at birth. */
static Ds__Offered *offer_to(struct dispatch_ticket *ticket, const struct ds_account *account,
                             const struct dispatch_context *context, Ds__Reason__Name reason,
                             struct ds_out *out)
{
    Ds__DispatchTicket *state = &ticket->state;
    Ds__PastOffer *offer = &ticket->made[ticket->n_made++];
    Ds__Offered *offered = &ds_out_add(out, DS_EV_OFFERED, ticket->id, reason, "7.1")->offered;

    ds__past_offer__init(offer);
    offer->account = (char *)account->key;
    DS_SET(offer, accept_due_at_ms, ds_accept_due(context->version, account, context->now_ms));
    ticket->offers[state->n_offers++] = offer;
    DS_SET(state, current, (uint32_t)state->n_offers);
    set_phase(ticket, PHASE(OFFERED));
    DS_SET(offered, dispatch, number_of(ticket, state->current));
    offered->account = offer->account;
    DS_SET(offered, accept_due_at_ms, offer->accept_due_at_ms);
    DS_SET(offered, rulebook, context->version->number);
    return offered;
}

/* Service complaints are the clerk's: whom he asks is his choice each time. */
static bool is_about_service(const struct dispatch_ticket *ticket)
{
    return ticket->state.kind == DS__KIND__NAME__COMPLAINT &&
           ticket->state.complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE;
}

static void offer_next(struct dispatch_ticket *ticket, const struct dispatch_context *context,
                       Ds__Reason__Name reason, struct ds_out *out)
{
    struct dispatch_ranked ranked[DISPATCH_RANKED_MAX];

    if (is_about_service(ticket)) return return_to_clerk(ticket, REASON(SERVICE_COMPLAINT), out);
    if (ticket->state.n_offers == DS_CYCLE_OFFERS)
        return return_to_clerk(ticket, REASON(OFFERS_EXHAUSTED), out);
    uint32_t n = dispatch_rank(context->version, context->load, ticket, ranked);
    if (n == 0) return return_to_clerk(ticket, REASON(NOBODY_LEFT), out);
    Ds__Offered *offered = offer_to(ticket, ranked[0].account, context, reason, out);
    offered->n_passed_over = n - 1;
    offered->passed_over = candidates(out, ranked + 1, n - 1);
}

/* The order is complete: by the rules in `auto` territories, by the clerk in the others. */
static void start_dispatch(struct dispatch_ticket *ticket, const struct dispatch_context *context,
                           struct ds_out *out)
{
    struct dispatch_ranked ranked[DISPATCH_RANKED_MAX];
    const struct ds_territory *territory =
        ds_find_territory(context->version, ticket->state.territory);

    DS_ASSERT(territory); /* territories never disappear */
    if (territory->mode == DS_DISPATCH_AUTO)
        return offer_next(ticket, context, REASON(OFFER_BEST_RANKED), out);
    uint32_t n = dispatch_rank(context->version, context->load, ticket, ranked);
    Ds__Ranked *list =
        &ds_out_add(out, DS_EV_RANKED, ticket->id, REASON(WAITS_FOR_CLERK), "P2.1")->ranked;
    list->n_candidates = n;
    list->candidates = candidates(out, ranked, n);
    set_phase(ticket, PHASE(CLERK));
}

/* ---- the order ---- */

static bool dispatched_by_rule(const struct dispatch_ticket *ticket)
{
    return ticket->state.kind == DS__KIND__NAME__INSTALL ||
           ticket->state.complaint_type == DS__COMPLAINT_TYPE__NAME__REPAIR;
}

static void take_head(struct dispatch_ticket *ticket, const Ds__TicketHead *head)
{
    Ds__DispatchTicket *state = &ticket->state;

    ds__dispatch_ticket__init(state);
    state->offers = ticket->offers;
    DS_SET(state, kind, head->kind);
    if (head->has_complaint_type) DS_SET(state, complaint_type, head->complaint_type);
    if (head->has_zone) DS_SET(state, zone, head->zone);
    state->area = head->area;
    state->category = head->category;
    state->territory = head->territory;
    ticket->known = true;
}

static void on_registered(struct dispatch_ticket *ticket, const struct ds_event *event)
{
    take_head(ticket, event->msg->registered->head);
    /* internal work and service complaints wait for a clerk's assignment, if one comes */
    set_phase(ticket, dispatched_by_rule(ticket) ? PHASE(FILLING) : PHASE(CLERK));
}

static void check_complete(struct dispatch_ticket *ticket, const struct dispatch_context *context,
                           struct ds_out *out)
{
    const Ds__DispatchTicket *state = &ticket->state;

    if (ticket->known && state->phase == PHASE(FILLING) && state->filled && state->contacted &&
        state->booked)
        start_dispatch(ticket, context, out);
}

static void on_reopened(struct dispatch_ticket *ticket, const struct ds_event *event,
                        const struct dispatch_context *context, struct ds_out *out)
{
    take_head(ticket, event->msg->reopened->head);
    Ds__DispatchTicket *state = &ticket->state;

    DS_SET(state, cycle, event->msg->reopened->cycle);
    DS_SET(state, filled, true);
    DS_SET(state, contacted, true);
    DS_SET(state, booked, true);
    set_phase(ticket, PHASE(CLERK));
    if (dispatched_by_rule(ticket)) start_dispatch(ticket, context, out);
}

static void on_address(struct dispatch_ticket *ticket, const struct ds_event *event)
{
    const Ds__CorrectAddress *address = event->msg->address_corrected;

    DS_SET(&ticket->state, zone, address->zone);
    if (address->area) ticket->state.area = address->area;
}

/* ---- who acts ---- */

/* Account that a person works for; "" if he holds no jobs. */
static const char *account_of(const struct dispatch_context *context, const struct ds_event *event)
{
    const struct ds_person *person = ds_find_person(context->version, event->msg->by);

    return person && person->account ? person->account->key : "";
}

static void assign(struct dispatch_ticket *ticket, uint32_t index, int64_t accepted_at_ms,
                   Ds__Reason__Name reason, struct ds_out *out)
{
    Ds__Assigned *assigned = &ds_out_add(out, DS_EV_ASSIGNED, ticket->id, reason, "7.1")->assigned;
    Ds__PastOffer *offer = ticket->offers[index - 1];

    DS_SET(assigned, dispatch, number_of(ticket, index));
    assigned->account = offer->account;
    DS_SET(assigned, accepted_at_ms, accepted_at_ms);
    offer->has_ended = 0;
    offer->ended = WHY(NONE);
    DS_SET(&ticket->state, current, index);
    set_phase(ticket, PHASE(HELD));
}

/* Lapsed offer to this account whose acceptance, made in time, may still arrive; 0 if none. */
static uint32_t lapsed_offer(const struct dispatch_ticket *ticket, const char *account,
                             const struct ds_event *event, const struct dispatch_context *context)
{
    int64_t grace_ms = context->version->clocks[DS_CLOCK_ACCEPT].grace_ms;

    for (uint32_t i = (uint32_t)ticket->state.n_offers; i > 0; i--) {
        const Ds__PastOffer *offer = ticket->offers[i - 1];
        if (strcmp(offer->account, account) != 0) continue;
        if (offer->ended == WHY(LAPSED) && event->at_ms <= offer->accept_due_at_ms &&
            event->stamp_ms <= offer->accept_due_at_ms + grace_ms)
            return i;
        return 0;
    }
    return 0;
}

/* What an acceptance, or a step that proves one, does (7.1, handbook 3.5). */
static Ds__Reason__Name accept(struct dispatch_ticket *ticket, const char *account,
                               const struct ds_event *event, const struct dispatch_context *context,
                               Ds__Reason__Name how, struct ds_out *out)
{
    const Ds__PastOffer *offer = dispatch_current(ticket);
    bool his = offer && strcmp(offer->account, account) == 0;

    if (closed(ticket)) return REASON(TICKET_CLOSED);
    if (his && ticket->state.phase == PHASE(HELD)) return REASON(ALREADY_HELD_BY_YOU);
    if (his) {
        assign(ticket, ticket->state.current, event->at_ms, how, out);
        return how;
    }
    uint32_t lapsed = lapsed_offer(ticket, account, event, context);
    if (lapsed == 0)
        return ticket->state.phase == PHASE(HELD) ? REASON(NOT_THE_HOLDER)
                                                  : REASON(NOT_OFFERED_TO_YOU);
    if (ticket->state.phase == PHASE(HELD)) return REASON(EARLIER_ACCEPTANCE_TOO_LATE);
    if (offer)
        take_back(ticket, WHY(EARLIER_ACCEPTANCE), REASON(EARLIER_ACCEPTANCE_ARRIVED), "7.1", out);
    assign(ticket, lapsed, event->at_ms, REASON(EARLIER_ACCEPTANCE_ARRIVED), out);
    return REASON(EARLIER_ACCEPTANCE_ARRIVED);
}

static void on_accepted(struct dispatch_ticket *ticket, const struct ds_event *event,
                        const struct dispatch_context *context, struct ds_out *out)
{
    const char *account = account_of(context, event);

    if (!account[0]) { /* a clerk takes in what lies in the inbox: that moves a clock, no job */
        ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__APPLIED, REASON(ACCEPTED), "7.1");
        return;
    }
    uint32_t decided = out->n;
    Ds__Reason__Name reason = accept(ticket, account, event, context, REASON(ACCEPTED), out);
    ds_out_outcome(out, event,
                   out->n > decided ? DS__OUTCOME_CODE__NAME__APPLIED
                                    : DS__OUTCOME_CODE__NAME__NO_EFFECT,
                   reason, "7.1");
}

/* A step of the dispatched technician proves that he has accepted. */
static void on_proof(struct dispatch_ticket *ticket, const struct ds_event *event,
                     const struct dispatch_context *context, struct ds_out *out)
{
    const char *account = account_of(context, event);

    if (account[0]) accept(ticket, account, event, context, REASON(ACCEPTED_PROVED), out);
}

static void on_rejected(struct dispatch_ticket *ticket, const struct ds_event *event,
                        const struct dispatch_context *context, struct ds_out *out)
{
    const Ds__PastOffer *offer = dispatch_current(ticket);

    if (closed(ticket) || !offer || strcmp(offer->account, account_of(context, event)) != 0) {
        ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__NO_EFFECT, REASON(NOT_OFFERED_TO_YOU),
                       "7.1");
        return;
    }
    take_back(ticket, WHY(REJECTED), REASON(REJECTED_WITH_REASON), "7.1", out);
    offer_next(ticket, context, REASON(OFFER_NEXT_AFTER_REJECTION), out);
    ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__APPLIED, REASON(REJECTED_WITH_REASON),
                   "7.1");
}

static Ds__Reason__Name refuse_assign(const struct dispatch_ticket *ticket,
                                      const struct ds_account *account)
{
    if (closed(ticket)) return REASON(TICKET_CLOSED);
    if (!account) return REASON(UNKNOWN_ACCOUNT);
    if (strcmp(account->territory->id, ticket->state.territory) != 0)
        return REASON(OTHER_TERRITORY);
    if (ticket->state.n_offers == DS_CYCLE_OFFERS) return REASON(OFFERS_EXHAUSTED);
    const Ds__PastOffer *offer = dispatch_current(ticket);
    if (offer && strcmp(offer->account, account->key) == 0) return REASON(ALREADY_HELD_BY_YOU);
    return REASON(NONE);
}

/* A clerk's dispatch (P2.1), in any phase of an open ticket. */
static void on_assign(struct dispatch_ticket *ticket, const struct ds_event *event,
                      const struct dispatch_context *context, struct ds_out *out)
{
    const struct ds_account *account =
        ds_find_account(context->version, event->msg->assign_requested->account);
    Ds__Reason__Name refused = refuse_assign(ticket, account);

    if (refused != REASON(NONE)) {
        ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__REFUSED, refused, "P2.1");
        return;
    }
    if (ticket->state.current)
        take_back(ticket, WHY(REASSIGNED), REASON(REASSIGNED_BY_CLERK), "P2.1", out);
    Ds__Offered *offered = offer_to(ticket, account, context, REASON(OFFER_BY_CLERK), out);
    DS_SET(offered, by_clerk, true);
    ds_out_outcome(out, event, DS__OUTCOME_CODE__NAME__APPLIED, REASON(OFFER_BY_CLERK), "P2.1");
}

static void close(struct dispatch_ticket *ticket, Ds__DispatchPhase__Name phase,
                  Ds__Reason__Name reason, struct ds_out *out)
{
    if (closed(ticket)) return;
    bool leaves = phase == PHASE(CANCELLED) || ticket->state.phase == PHASE(OFFERED);
    if (ticket->state.current && leaves) take_back(ticket, WHY(CANCELLED), reason, "", out);
    DS_SET(&ticket->state, current, 0);
    set_phase(ticket, phase);
}

void dispatch_lapse(struct dispatch_ticket *ticket, const struct dispatch_context *context,
                    struct ds_out *out)
{
    DS_ASSERT(ticket->state.phase == PHASE(OFFERED));
    DS_ASSERT(context->now_ms > dispatch_lapses_at_ms(ticket));
    take_back(ticket, WHY(LAPSED), REASON(NOT_ACCEPTED_IN_TIME), "7.1", out);
    offer_next(ticket, context, REASON(OFFER_NEXT_AFTER_LAPSE), out);
}

void dispatch_step(struct dispatch_ticket *ticket, const struct ds_event *event,
                   const struct dispatch_context *context, struct ds_out *out)
{
    Ds__DispatchTicket *state = &ticket->state;

    switch (event->type) { /* no default: the compiler lists every event not yet answered here */
    case DS_EV_REGISTERED: on_registered(ticket, event); return;
    case DS_EV_REOPENED: on_reopened(ticket, event, context, out); return;
    case DS_EV_ADDRESS_CORRECTED: on_address(ticket, event); return;
    case DS_EV_ORDER_FILLED:
        DS_SET(state, filled, true);
        check_complete(ticket, context, out);
        return;
    case DS_EV_CUSTOMER_CONTACTED:
        if (event->msg->customer_contacted->failed) return;
        DS_SET(state, contacted, true);
        check_complete(ticket, context, out);
        on_proof(ticket, event, context, out);
        return;
    case DS_EV_APPOINTMENT_BOOKED:
    case DS_EV_APPOINTMENT_MOVED:
        DS_SET(state, booked, true);
        check_complete(ticket, context, out);
        return;
    case DS_EV_ASSIGN_REQUESTED: on_assign(ticket, event, context, out); return;
    case DS_EV_ACCEPTED: on_accepted(ticket, event, context, out); return;
    case DS_EV_REJECTED: on_rejected(ticket, event, context, out); return;
    case DS_EV_CHECKED_IN: on_proof(ticket, event, context, out); return;
    case DS_EV_COMPLETED:
        on_proof(ticket, event, context, out);
        /* of internal work nothing follows: done, it is nobody's any more */
        if (state->kind == DS__KIND__NAME__SYSTEM)
            close(ticket, PHASE(DONE), REASON(TICKET_CLOSED), out);
        return;
    case DS_EV_RESULT_FILED:
        on_proof(ticket, event, context, out);
        close(ticket, PHASE(DONE), REASON(TICKET_CLOSED), out);
        return;
    case DS_EV_CANCELLED:
        close(ticket, PHASE(CANCELLED),
              event->msg->cancelled->transferred_to ? REASON(TRANSFERRED)
                                                    : REASON(TICKET_CANCELLED),
              out);
        return;
    /* say nothing about who does the job */
    case DS_EV_URGENCY_SET:
    case DS_EV_URGED:
    case DS_EV_COMPLAINT_ANSWERED:
    case DS_EV_DELAY_REGISTERED:
    case DS_EV_DELAY_REPORTED:
    case DS_EV_RESUMED:
    case DS_EV_CALLBACK_RECORDED:
    case DS_EV_OBLIGATION_CLOSE_REQUESTED:
    case DS_EV_ENTRY_APPEALED:
    case DS_EV_APPEAL_DECISION_REQUESTED:
    case DS_EV_MONTH_CLOSE_REQUESTED:
    case DS_EV_INSTALMENTS_REQUESTED:
    case DS_EV_REPORT_REPEATED:
    case DS_EV_SHEET_SUBMITTED:
    case DS_EV_WEEKLY_SUBMITTED: return;
    /* not about a ticket, or not from intake: the adapter never brings them here */
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
