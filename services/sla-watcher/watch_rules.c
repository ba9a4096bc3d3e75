/* SPDX-License-Identifier: MIT
 *
 * What each event says about the clocks of a ticket. Pure. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/watch.h"

static struct watch_head head_of(const Ds__TicketHead *head)
{
    return (struct watch_head){
        .kind = (enum ds_kind)head->kind,
        .service = head->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE,
        .urgent = head->urgent,
        .by_maker = head->channel == DS__CHANNEL__NAME__MAKER,
    };
}

static uint32_t who_is(struct watch_ticket *ticket, const struct ds_version *version,
                       const char *person_id)
{
    const struct ds_person *person = ds_find_person(version, person_id);

    return person ? watch_who(ticket, person->account_key) : 0;
}

static void take_head(struct watch_ticket *ticket, const struct ds_version *version,
                      const Ds__TicketHead *head, int64_t cycle, struct watch_fact *fact)
{
    struct watch_head unpacked = head_of(head);

    fact->a = cycle * 32 + watch_pack_head(&unpacked);
    fact->b = head->zone;
    fact->by = who_is(ticket, version, head->clerk);
    ticket->territory = head->territory;
}

/* A ticket of another territory: where its promises begin, and that it became urgent there. */
static void take_over(struct watch_ticket *ticket, const Ds__Registered *registered,
                      struct watch_fact *fact)
{
    struct watch_head head = head_of(registered->head);
    struct watch_fact urgent = *fact;

    if (registered->has_urgent_from_ms) {
        urgent.kind = FACT_URGENCY;
        urgent.at_ms = registered->urgent_from_ms;
        urgent.a = 1;
        watch_add_fact(ticket, &urgent);
        head.urgent = false; /* from the report on */
    }
    fact->a = registered->promised_from_ms * 32 + watch_pack_head(&head);
    fact->b += registered->head->reported_at_ms * 8;
}

static void take_appointment(const Ds__Appointment *window, struct watch_fact *fact)
{
    fact->kind = FACT_APPOINTMENT;
    fact->a = window->from_ms;
    fact->b = window->to_ms * 4 + (int64_t)window->wish;
}

static void take_decision(struct watch_ticket *ticket, enum watch_fact_kind kind, int64_t dispatch,
                          const char *account, int64_t b, struct watch_fact *fact)
{
    fact->kind = kind;
    fact->a = dispatch;
    fact->b = b;
    fact->by = watch_who(ticket, account);
}

/* Facts whose kind says it all. */
static enum watch_fact_kind plain_kind(enum ds_event_type type)
{
    switch ((int)type) {
    case DS_EV_ORDER_FILLED: return FACT_ORDER_FILLED;
    case DS_EV_COMPLAINT_ANSWERED: return FACT_ANSWERED;
    case DS_EV_DELAY_REGISTERED: return FACT_DELAY_REGISTERED;
    case DS_EV_ACCEPTED: return FACT_ACCEPTED;
    case DS_EV_REJECTED: return FACT_REJECTED;
    case DS_EV_RESUMED: return FACT_RESUMED;
    case DS_EV_COMPLETED: return FACT_COMPLETED;
    default: DS_UNREACHABLE();
    }
}

/* The part that depends on the kind. */
static bool fill(struct watch_ticket *ticket, const struct ds_event *event,
                 const struct ds_version *version, struct watch_fact *fact)
{
    const Ds__Event *msg = event->msg;

    switch (event->type) { /* no default: the compiler lists every event not yet answered here */
    case DS_EV_REGISTERED:
        fact->kind = FACT_REGISTERED;
        take_head(ticket, version, msg->registered->head, 0, fact);
        if (msg->registered->transferred_from) take_over(ticket, msg->registered, fact);
        return true;
    case DS_EV_REOPENED:
        fact->kind = FACT_REOPENED;
        take_head(ticket, version, msg->reopened->head, msg->reopened->cycle, fact);
        fact->b += msg->reopened->head->reported_at_ms * 8;
        return true;
    case DS_EV_ADDRESS_CORRECTED:
        fact->kind = FACT_ADDRESS;
        fact->a = msg->address_corrected->zone;
        return true;
    case DS_EV_URGENCY_SET:
        fact->kind = FACT_URGENCY;
        fact->a = msg->urgency_set->urgent;
        return true;
    case DS_EV_CUSTOMER_CONTACTED:
        fact->kind = FACT_CONTACTED;
        fact->a = msg->customer_contacted->failed;
        return true;
    case DS_EV_APPOINTMENT_BOOKED: take_appointment(msg->appointment_booked, fact); return true;
    case DS_EV_APPOINTMENT_MOVED: take_appointment(msg->appointment_moved, fact); return true;
    case DS_EV_CHECKED_IN:
        fact->kind = FACT_CHECKED_IN;
        fact->a = (msg->checked_in->customer_present ? 1 : 0) |
                  (msg->checked_in->customer_absent ? 2 : 0);
        return true;
    case DS_EV_DELAY_REPORTED:
        fact->kind = FACT_DELAY_REPORTED;
        fact->a = (int64_t)msg->delay_reported->reason;
        return true;
    case DS_EV_CALLBACK_RECORDED:
        fact->kind = FACT_CALLBACK;
        fact->a = msg->callback_recorded->reached;
        return true;
    case DS_EV_ORDER_FILLED:
    case DS_EV_COMPLAINT_ANSWERED:
    case DS_EV_DELAY_REGISTERED:
    case DS_EV_ACCEPTED:
    case DS_EV_REJECTED:
    case DS_EV_RESUMED:
    case DS_EV_COMPLETED: fact->kind = plain_kind(event->type); return true;
    case DS_EV_CANCELLED:
        fact->kind = FACT_CANCELLED;
        fact->a = msg->cancelled->transferred_to != NULL;
        return true;
    case DS_EV_RESULT_FILED:
        fact->kind = FACT_RESULT_FILED;
        fact->a = msg->result_filed->result->fixed ? 0 : WATCH_NOT_FIXED;
        return true;
    case DS_EV_OFFERED:
        take_decision(ticket, FACT_OFFERED, msg->offered->dispatch, msg->offered->account,
                      msg->offered->accept_due_at_ms, fact);
        fact->rulebook = msg->offered->rulebook;
        return true;
    case DS_EV_TAKEN_BACK:
        take_decision(ticket, FACT_TAKEN_BACK, msg->taken_back->dispatch, msg->taken_back->account,
                      (int64_t)msg->taken_back->why, fact);
        return true;
    case DS_EV_ASSIGNED:
        take_decision(ticket, FACT_ASSIGNED, msg->assigned->dispatch, msg->assigned->account,
                      msg->assigned->accepted_at_ms, fact);
        return true;
    case DS_EV_RETURNED_TO_CLERK:
        take_decision(ticket, FACT_RETURNED, msg->returned_to_clerk->dispatch, NULL, 0, fact);
        return true;
    /* start, stop and move no clock of a ticket */
    case DS_EV_RETURN_CHECKED:
    case DS_EV_RETURN_RECORDED:
    case DS_EV_RETURN_DECIDED:
    case DS_EV_RETURN_CAUSE_FOUND:
    case DS_EV_URGED:
    case DS_EV_ASSIGN_REQUESTED:
    case DS_EV_REPORT_REPEATED:
    case DS_EV_OBLIGATION_CLOSE_REQUESTED:
    case DS_EV_ENTRY_APPEALED:
    case DS_EV_APPEAL_DECISION_REQUESTED:
    case DS_EV_MONTH_CLOSE_REQUESTED:
    case DS_EV_INSTALMENTS_REQUESTED:
    case DS_EV_SHEET_SUBMITTED:
    case DS_EV_WEEKLY_SUBMITTED:
    case DS_EV_CASE_ANALYSED:
    case DS_EV_RANKED:
    case DS_EV_REPEAT_FOUND:
    case DS_EV_REPEAT_WITHDRAWN:
    case DS_EV_CASE_NOT_ANALYSED:
    case DS_EV_OUTCOME:
    case DS_EV_CALLBACK_REQUESTED:
    case DS_EV_CALLBACK_CLOSED:
    case DS_EV_CONTRADICTION_FOUND:
    case DS_EV_REDO_WISHED:
    case DS_EV_SHEET_DRAWN:
    case DS_EV_SHEET_HANDED_IN:
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
    case DS_EV_WARNED:
    case DS_EV_BREACHED:
    case DS_EV_BREACH_WITHDRAWN:
    case DS_EV_JUDGED:
    case DS_EV_CAP_REACHED:
    case DS_EV_CALL_UNANSWERED:
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
    case DS_EV_OBLIGATION_OPENED: return false;
    }
    DS_UNREACHABLE();
}

bool watch_fact_of(struct watch_ticket *ticket, const struct ds_event *event,
                   const struct ds_version *version, struct watch_fact *ret)
{
    const char *command = event->msg->command_id;

    *ret = (struct watch_fact){
        .source = event->ref.source,
        .seq = event->ref.seq,
        .at_ms = event->at_ms,
        .received_ms = event->stamp_ms,
        .rulebook = event->rulebook,
        .tie = command ? ds_hash(DS_HASH_START, command, strlen(command)) : 0,
    };
    if (event->msg->by) ret->by = who_is(ticket, version, event->msg->by);
    return fill(ticket, event, version, ret);
}

bool watch_complaint_of(const struct ds_event *event, struct watch_fact *ret,
                        const char **ret_about)
{
    uint32_t partition;
    uint64_t seq = 0;

    if (event->type != DS_EV_REGISTERED) return false;
    const Ds__TicketHead *head = event->msg->registered->head;
    if (head->subject != DS__SUBJECT__NAME__NOT_ON_TIME || !head->about) return false;
    bool parsed = ds_parse_ticket_id(event->msg->subject, &partition, &seq);
    DS_ASSERT(parsed);
    *ret = (struct watch_fact){
        .kind = FACT_COMPLAINED,
        .source = event->ref.source,
        .seq = event->ref.seq,
        .at_ms = event->at_ms,
        .received_ms = event->stamp_ms,
        .rulebook = event->rulebook,
        .tie = ds_hash(DS_HASH_START, &event->ref.seq, sizeof event->ref.seq),
        .a = (int64_t)seq,
    };
    *ret_about = head->about;
    return true;
}

void watch_return_of(const struct ds_event *event, const struct ds_version *version,
                     Ds__WatchReturn *ret)
{
    const Ds__Event *msg = event->msg;
    const struct ds_person *person = ds_find_person(version, msg->by);

    ds__watch_return__init(ret);
    DS_SET(ret, at_ms, event->at_ms);
    DS_SET(ret, received_ms, event->stamp_ms);
    DS_SET(ret, seq, event->ref.seq);
    if (msg->command_id)
        DS_SET(ret, tie, ds_hash(DS_HASH_START, msg->command_id, strlen(msg->command_id)));
    if (person) ret->by = (char *)person->account_key;
    if (event->type == DS_EV_RETURN_CHECKED)
        ret->check = msg->return_checked;
    else
        ret->known = msg->return_recorded;
}
