/* SPDX-License-Identifier: MIT
 *
 * What a step decides: events to emit, in order, each with its reason. Fixed memory inside; texts
 * that a step puts into events must outlive the packing, so they point into the event at hand, the
 * state, the version, or ds_out_text. */
#ifndef DS_DOMAIN_OUT_H
#define DS_DOMAIN_OUT_H

#include <stddef.h>

#include "domain/event.h"
#include "domain/limits.h"

/* Bodies that rules fill in place. Bodies taken over from a command are passed by pointer. */
union ds_body {
    Ds__Registered registered;
    Ds__Cancelled cancelled;
    Ds__Reopened reopened;
    Ds__ResultFiled result_filed;
    Ds__CaseAnalysed case_analysed;
    Ds__RecordReturn return_recorded;
    Ds__ReportRepeated report_repeated;
    Ds__CorrectAddress address_corrected;
    Ds__Activated activated;
    Ds__ActivationScheduled activation_scheduled;
    Ds__Offered offered;
    Ds__TakenBack taken_back;
    Ds__Assigned assigned;
    Ds__ReturnedToClerk returned_to_clerk;
    Ds__Ranked ranked;
    Ds__RepeatFound repeat_found;
    Ds__RepeatWithdrawn repeat_withdrawn;
    Ds__CaseNotAnalysed case_not_analysed;
    Ds__Outcome outcome;
    Ds__CallbackRequested callback_requested;
    Ds__CallbackClosed callback_closed;
    Ds__ContradictionFound contradiction_found;
    Ds__RedoWished redo_wished;
    Ds__SheetDrawn sheet_drawn;
    Ds__SheetHandedIn sheet_handed_in;
    Ds__Warned warned;
    Ds__Breached breached;
    Ds__BreachWithdrawn breach_withdrawn;
    Ds__Judged judged;
    Ds__CapReached cap_reached;
    Ds__CallUnanswered call_unanswered;
    Ds__VisitsFinal visits_final;
    Ds__RejudgeRequested rejudge_requested;
    Ds__Rejudged rejudged;
    Ds__ReturnDecided return_decided;
    Ds__ReturnCauseFound return_cause_found;
    Ds__EntryPosted entry_posted;
    Ds__Proposed proposed;
    Ds__ProposalConfirmed proposal_confirmed;
    Ds__ProposalRejected proposal_rejected;
    Ds__ObligationOpened obligation_opened;
    Ds__ProposalExpired proposal_expired;
    Ds__ObligationClosed obligation_closed;
    Ds__AppealOpened appeal_opened;
    Ds__AppealDecided appeal_decided;
    Ds__MonthClosed month_closed;
    Ds__InstalmentsSet instalments_set;
};

struct ds_out {
    uint32_t n;
    uint32_t text_used;
    Ds__Event events[DS_OUT_EVENTS_MAX];
    union ds_body bodies[DS_OUT_EVENTS_MAX];
    _Alignas(8) char text[256 * 1024]; /* texts and parts made by the step */
};

/* Empties out; needs no other initialisation. */
void ds_out_reset(struct ds_out *out);

/* Adds an event with an empty body of its type and returns the body.
 *   subject  kept, not copied: ticket, call, person-day
 *   reason   Ds__Reason__Name
 *   clause   kept, not copied; "" for none
 * More than DS_OUT_EVENTS_MAX events is a bug (aborts). */
union ds_body *ds_out_add(struct ds_out *out, enum ds_event_type type, const char *subject,
                          Ds__Reason__Name reason, const char *clause);

/* Adds an event whose body is a message made elsewhere (kept, not copied). */
Ds__Event *ds_out_pass(struct ds_out *out, enum ds_event_type type, const char *subject,
                       void *body);

/* Last event added. */
Ds__Event *ds_out_last(struct ds_out *out);

/* The answer to a command that was recorded earlier: applied, no effect, refused. */
Ds__Outcome *ds_out_outcome(struct ds_out *out, const struct ds_event *command,
                            Ds__OutcomeCode__Name code, Ds__Reason__Name reason,
                            const char *clause);

/* Copies parts (NULL-terminated list of texts) one after the other into out's own memory. */
char *ds_out_text(struct ds_out *out, const char *const *parts);

/* 8-aligned memory of out's own, for parts of a body (lists, sub-messages). */
void *ds_out_room(struct ds_out *out, size_t size);

/* Names an event in out's own memory. */
Ds__EventRef *ds_out_ref(struct ds_out *out, enum ds_source source, uint64_t seq);

/* Decimal text of a number, in out's own memory. */
char *ds_out_number(struct ds_out *out, uint64_t number);

#endif
