/* SPDX-License-Identifier: MIT
 *
 * Events as rules see them: our own enum of what can have happened (exhaustive switches), and an
 * event together with what its journal says about it. */
#ifndef DS_DOMAIN_EVENT_H
#define DS_DOMAIN_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/vocabulary.h"
#include "proto/envelope.pb-c.h"

/* Numbers are those of the oneof in proto/envelope.proto (asserted in event.c). */
enum ds_event_type {
    /* intake */
    DS_EV_CALL_OFFERED = 20,
    DS_EV_CALL_ANSWERED,
    DS_EV_CALL_ENDED,
    DS_EV_FEED_GAP,
    DS_EV_REGISTERED,
    DS_EV_ADDRESS_CORRECTED,
    DS_EV_URGENCY_SET,
    DS_EV_ORDER_FILLED,
    DS_EV_CUSTOMER_CONTACTED,
    DS_EV_APPOINTMENT_BOOKED,
    DS_EV_APPOINTMENT_MOVED,
    DS_EV_URGED,
    DS_EV_CANCELLED,
    DS_EV_REOPENED,
    DS_EV_COMPLAINT_ANSWERED,
    DS_EV_DELAY_REGISTERED,
    DS_EV_ASSIGN_REQUESTED,
    DS_EV_ACCEPTED,
    DS_EV_REJECTED,
    DS_EV_CHECKED_IN,
    DS_EV_DELAY_REPORTED,
    DS_EV_RESUMED,
    DS_EV_COMPLETED,
    DS_EV_RESULT_FILED,
    DS_EV_DAY_REPORTED,
    DS_EV_CALLBACK_RECORDED,
    DS_EV_VIOLATION_REPORTED,
    DS_EV_CONFIRM_REQUESTED,
    DS_EV_REJECT_REQUESTED,
    DS_EV_REVERSAL_REQUESTED,
    DS_EV_ACTIVATED,
    DS_EV_REPORT_REPEATED,
    DS_EV_OBLIGATION_CLOSE_REQUESTED = 52,
    DS_EV_ENTRY_APPEALED,
    DS_EV_APPEAL_DECISION_REQUESTED,
    DS_EV_MONTH_CLOSE_REQUESTED,
    DS_EV_INSTALMENTS_REQUESTED,
    DS_EV_RETURN_CHECKED = 60,
    DS_EV_RETURN_RECORDED,
    DS_EV_SHEET_SUBMITTED = 64,
    DS_EV_WEEKLY_SUBMITTED,
    DS_EV_ACTIVATION_SCHEDULED = 74,
    DS_EV_REJUDGE_REQUESTED,
    /* dispatcher */
    DS_EV_OFFERED = 80,
    DS_EV_TAKEN_BACK,
    DS_EV_ASSIGNED,
    DS_EV_RETURNED_TO_CLERK,
    DS_EV_RANKED,
    /* any service right of intake */
    DS_EV_OUTCOME = 90,
    /* callback-survey */
    DS_EV_CALLBACK_REQUESTED = 100,
    DS_EV_CALLBACK_CLOSED,
    DS_EV_CONTRADICTION_FOUND,
    DS_EV_REDO_WISHED,
    DS_EV_SHEET_DRAWN,
    DS_EV_SHEET_HANDED_IN,
    /* sla-watcher */
    DS_EV_WARNED = 120,
    DS_EV_BREACHED,
    DS_EV_BREACH_WITHDRAWN,
    DS_EV_JUDGED,
    DS_EV_CAP_REACHED,
    DS_EV_CALL_UNANSWERED,
    DS_EV_VISITS_FINAL,
    DS_EV_REJUDGED,
    DS_EV_RETURN_DECIDED = 130,
    DS_EV_RETURN_CAUSE_FOUND,
    /* penalty-ledger */
    DS_EV_ENTRY_POSTED = 140,
    DS_EV_PROPOSED,
    DS_EV_PROPOSAL_CONFIRMED,
    DS_EV_PROPOSAL_REJECTED,
    DS_EV_OBLIGATION_OPENED,
    DS_EV_PROPOSAL_EXPIRED,
    DS_EV_OBLIGATION_CLOSED,
    DS_EV_APPEAL_OPENED,
    DS_EV_APPEAL_DECIDED,
    DS_EV_MONTH_CLOSED,
    DS_EV_INSTALMENTS_SET,
};

/* Where an event stands: which journal (of the partition at hand), which number. */
struct ds_ref {
    enum ds_source source;
    uint64_t seq;
};

struct ds_event {
    enum ds_event_type type;
    struct ds_ref ref;
    int64_t stamp_ms;     /* when its service recorded it; what "received" means in the rules */
    int64_t at_ms;        /* the instant the clocks go by (handbook 3.2, decided by intake) */
    uint32_t rulebook;    /* version in force when it was recorded */
    const Ds__Event *msg; /* borrowed for the call */
};

/* Name as in the proto ("order_filled"); NULL for a number that is no event. */
const char *ds_event_name(int type);

/* Is this number one of enum ds_event_type? */
bool ds_event_known(int type);

/* Sets an optional scalar of a message. */
#define DS_SET(message, field, value)                                                              \
    ({                                                                                             \
        __typeof__(message) ds_set_ = (message); /* once: it may be what adds the event */         \
        ds_set_->has_##field = 1;                                                                  \
        ds_set_->field = (value);                                                                  \
    })

/* Text field of a message as the rules like it: never NULL. */
static inline const char *ds_str(const char *text)
{
    return text ? text : "";
}

#endif
