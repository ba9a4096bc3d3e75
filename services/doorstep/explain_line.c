/* SPDX-License-Identifier: MIT
 *
 * A line for each event: what happened, who decided it and why. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/explain.h"

/* ---- pieces ---- */

/* ", label" */
static void put_word(const struct page *page, enum ds_word word)
{
    fprintf(page->to, ", %s", ds_word(page->lang, word));
}

/* ", label text"; nothing for an empty text. */
static void put_text(const struct page *page, enum ds_word label, const char *text)
{
    if (text && text[0]) fprintf(page->to, ", %s %s", ds_word(page->lang, label), text);
}

static void put_time(const struct page *page, enum ds_word label, int64_t at_ms)
{
    char time[32];

    cli_local_time(time, at_ms, page->zone);
    put_text(page, label, time);
}

static void put_yuan(const struct page *page, enum ds_word label, int64_t fen)
{
    char yuan[32];

    cli_yuan(yuan, fen);
    fprintf(page->to, ", %s %s %s", ds_word(page->lang, label), yuan,
            ds_word(page->lang, DS_WORD_YUAN));
}

static void put_clock(const struct page *page, int clock, uint32_t n)
{
    fprintf(page->to, " %s", ds_clock_word(page->lang, (enum ds_clock)clock));
    if (n > 0) fprintf(page->to, " #%u", n);
}

/* ---- details of one event ---- */

static void put_span(const struct page *page, int64_t from_ms, int64_t to_ms)
{
    char from[32], end[32];

    cli_local_time(from, from_ms, page->zone);
    cli_local_time(end, to_ms, page->zone);
    bool same_day = strncmp(from, end, 10) == 0;
    fprintf(page->to, " %s .. %s", from, same_day ? end + 11 : end);
}

static void put_window(const struct page *page, const Ds__Appointment *window)
{
    put_span(page, window->from_ms, window->to_ms);
    put_word(page, window->wish == DS__WISH__NAME__CUSTOMER ? DS_WORD_CUSTOMERS_WISH
                                                            : DS_WORD_OUR_PROPOSAL);
}

static enum ds_word kind_word(const Ds__TicketHead *head)
{
    if (head->kind == DS__KIND__NAME__INSTALL) return DS_WORD_INSTALL;
    if (head->kind == DS__KIND__NAME__SYSTEM) return DS_WORD_SYSTEM;
    return head->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE ? DS_WORD_SERVICE_COMPLAINT
                                                                     : DS_WORD_REPAIR;
}

static void put_zone(const struct page *page, Ds__Zone__Name zone)
{
    if (zone == DS__ZONE__NAME__CITY) put_word(page, DS_WORD_CITY);
    if (zone == DS__ZONE__NAME__NEAR) put_word(page, DS_WORD_NEAR);
    if (zone == DS__ZONE__NAME__FAR) put_word(page, DS_WORD_FAR);
}

static void put_registered(const struct page *page, const Ds__Registered *registered)
{
    const Ds__TicketHead *head = registered->head;

    fprintf(page->to, " %s", ds_word(page->lang, kind_word(head)));
    if (head->urgent) put_word(page, DS_WORD_URGENT);
    if (head->category) fprintf(page->to, ", %s", ds_category_word(page->lang, head->category));
    put_zone(page, head->zone);
    if (head->key_customer) put_word(page, DS_WORD_KEY_CUSTOMER);
    put_text(page, DS_WORD_REF, head->ref);
    put_text(page, DS_WORD_ABOUT, head->about);
    put_text(page, DS_WORD_FOLLOWS, registered->follows);
    put_text(page, DS_WORD_TAKEN_OVER_FROM, registered->transferred_from);
}

/* "cause: remedy" */
static void put_remedy(const struct page *page, enum ds_word label, const char *cause,
                       const char *remedy)
{
    fprintf(page->to, ", %s ", ds_word(page->lang, label));
    if (ds_str(cause)[0]) fprintf(page->to, "%s: ", cause);
    fputs(ds_str(remedy)[0] ? remedy : "-", page->to);
}

static void put_repeat(const struct page *page, const Ds__RepeatFound *found)
{
    put_text(page, DS_WORD_REPEATS, found->repeats);
    put_remedy(page, DS_WORD_DID_NOT_LAST, found->cause, found->remedy);
    put_text(page, DS_WORD_FROM, found->account);
    put_time(page, DS_WORD_DONE, found->fixed_at_ms);
}

static void put_help(const struct page *page, const Ds__Offered *offered)
{
    for (size_t i = 0; i < offered->n_remedies; i++) {
        const Ds__Remedy *remedy = offered->remedies[i];
        put_remedy(page, DS_WORD_HELPED_BEFORE, remedy->cause, remedy->remedy);
        fprintf(page->to, " (%s %u", ds_word(page->lang, DS_WORD_WORKED), remedy->worked);
        if (remedy->failed > 0)
            fprintf(page->to, ", %s %u", ds_word(page->lang, DS_WORD_FAILED), remedy->failed);
        fputc(')', page->to);
    }
    if (!offered->tried) return;
    put_remedy(page, DS_WORD_DID_NOT_LAST, offered->tried->cause, offered->tried->remedy);
    fprintf(page->to, " (%s)", offered->tried->repeats);
}

static void put_offered(const struct page *page, const Ds__Offered *offered)
{
    fprintf(page->to, " #%u %s %s", offered->dispatch, ds_word(page->lang, DS_WORD_TO),
            offered->account);
    put_time(page, DS_WORD_ACCEPT_BY, offered->accept_due_at_ms);
    for (size_t i = 0; i < offered->n_passed_over; i++)
        put_text(page, DS_WORD_PASSED_OVER, offered->passed_over[i]->account);
    put_help(page, offered);
}

static void put_ranked(const struct page *page, const Ds__Ranked *ranked)
{
    for (size_t i = 0; i < ranked->n_candidates; i++)
        fprintf(page->to, "%s %zu. %s", i ? "," : "", i + 1, ranked->candidates[i]->account);
}

static void put_verdict(const struct page *page, const Ds__Judged *judged)
{
    put_clock(page, (int)judged->clock, judged->n);
    fprintf(page->to, ": %s", ds_verdict_word(page->lang, (enum ds_verdict)judged->verdict));
    if (judged->has_start_at_ms) put_time(page, DS_WORD_STARTED, judged->start_at_ms);
    if (judged->has_due_at_ms) put_time(page, DS_WORD_DUE, judged->due_at_ms);
    /* a call that nobody picked up stops all the same */
    if (judged->has_stop_at_ms &&
        (judged->clock != DS__CLOCK__NAME__HOTLINE || judged->verdict == DS__VERDICT__NAME__MET))
        put_time(page, DS_WORD_DONE, judged->stop_at_ms);
    put_text(page, DS_WORD_OWNER, judged->owner);
    fprintf(page->to, ", %s %u", ds_word(page->lang, DS_WORD_RULEBOOK), judged->rulebook);
}

static void put_rejudged(const struct page *page, const Ds__Rejudged *again)
{
    put_verdict(page, again->now);
    fprintf(page->to, "; %s %s, %s %u: %s", ds_word(page->lang, DS_WORD_BEFORE),
            ds_verdict_word(page->lang, (enum ds_verdict)again->before->verdict),
            ds_word(page->lang, DS_WORD_RULEBOOK), again->before->rulebook, ds_str(again->reason));
}

static void put_breached(const struct page *page, const Ds__Breached *breached)
{
    char span[32];

    put_clock(page, (int)breached->clock, breached->n);
    put_time(page, DS_WORD_DUE, breached->due_at_ms);
    put_text(page, DS_WORD_OWNER, breached->owner);
    if (breached->late_ms < 1000) return;
    cli_duration(span, breached->late_ms);
    put_text(page, DS_WORD_NOTICED_LATE, span);
}

static void put_entry(const struct page *page, const Ds__Entry *entry)
{
    char yuan[32];

    cli_yuan(yuan, entry->amount_fen);
    fprintf(page->to, " %s %s, %s", yuan, ds_word(page->lang, DS_WORD_YUAN), ds_str(entry->key));
    /* a reversal, and what is judged again, is somebody's act; nothing was put before him */
    bool act = ds_str(entry->reverses)[0] || strstr(ds_str(entry->cause), "/rejudged#");
    put_text(page, act ? DS_WORD_BY : DS_WORD_CONFIRMED_BY, entry->confirmed_by);
    if (ds_str(entry->note)[0]) fprintf(page->to, ": %s", entry->note);
    if (!entry->has_relates_to) return;
    snprintf(yuan, sizeof yuan, "%04u-%02u", entry->relates_to / 100, entry->relates_to % 100);
    put_text(page, DS_WORD_RELATES_TO, yuan);
}

static void put_offer(const struct page *page, const Ds__Event *msg)
{
    const Ds__CallOffer *offer = msg->call_offered;

    put_text(page, DS_WORD_CALLER, offer->caller);
    put_text(page, DS_WORD_CALLED, offer->called);
    put_text(page, DS_WORD_QUEUE, offer->queue);
    put_text(page, DS_WORD_TERRITORY, msg->territory);
}

static void put_answer(const struct page *page, const Ds__CallAnswer *answer)
{
    switch (answer->answered_by) {
    case DS__ANSWERED_BY__NAME__VOICEMAIL: put_word(page, DS_WORD_VOICEMAIL); return;
    case DS__ANSWERED_BY__NAME__IVR: put_word(page, DS_WORD_VOICE_MENU); return;
    case DS__ANSWERED_BY__NAME__QUEUE: put_word(page, DS_WORD_WAITING_LOOP); return;
    case DS__ANSWERED_BY__NAME__PERSON:
    case DS__ANSWERED_BY__NAME__NONE:
    default: put_text(page, DS_WORD_AGENT, answer->agent);
    }
}

static void put_rang(const struct page *page, int64_t rang_ms)
{
    char span[32];

    cli_duration(span, rang_ms);
    put_text(page, DS_WORD_RANG, span);
}

void explain_put_delay(const struct page *page, Ds__Delay__Reason reason)
{
    static const enum ds_word words[] = {
        [DS__DELAY__REASON__PARTS] = DS_WORD_DELAY_PARTS,
        [DS__DELAY__REASON__MAJOR_REPAIR] = DS_WORD_DELAY_MAJOR_REPAIR,
        [DS__DELAY__REASON__CUSTOMER] = DS_WORD_DELAY_CUSTOMER,
        [DS__DELAY__REASON__OTHER] = DS_WORD_DELAY_OTHER,
    };

    fprintf(page->to, ": %s", ds_word(page->lang, words[reason]));
}

static void put_result(const struct page *page, const Ds__FileResult *result)
{
    fprintf(page->to, ": %s",
            ds_word(page->lang, result->fixed ? DS_WORD_FIXED : DS_WORD_NOT_FIXED));
    if (result->has_labour_fen) put_yuan(page, DS_WORD_LABOUR, result->labour_fen);
    if (result->has_parts_fen) put_yuan(page, DS_WORD_PARTS, result->parts_fen);
    if (result->has_tariff_fen) put_yuan(page, DS_WORD_TARIFF, result->tariff_fen);
    if (result->cause) fprintf(page->to, ", %s", result->cause);
    if (result->remedy) fprintf(page->to, ", %s", result->remedy);
}

static void put_callback(const struct page *page, const Ds__RecordCallback *callback)
{
    fprintf(page->to, ": %s",
            ds_word(page->lang, callback->reached ? DS_WORD_REACHED : DS_WORD_NOT_REACHED));
    if (callback->has_satisfaction)
        fprintf(page->to, ", %s %u", ds_word(page->lang, DS_WORD_SATISFACTION),
                callback->satisfaction);
    for (size_t i = 0; i < callback->n_answers; i++) {
        fputs(", ", page->to);
        answer_put(page->to, page->lang, callback->answers[i]);
    }
    if (ds_str(callback->note)[0]) fprintf(page->to, ", %s", callback->note);
}

static void put_violation(const struct page *page, const Ds__ReportViolation *report)
{
    fprintf(page->to, " %s, %s", ds_str(report->clause), ds_str(report->account));
    put_text(page, DS_WORD_ABOUT, report->about);
    if (ds_str(report->note)[0]) fprintf(page->to, ": %s", report->note);
}

/* What the telephone system and the manager say, and a technician of his day. False: not one of
 * these. */
static bool put_other_report(const struct page *page, const Ds__Event *msg)
{
    switch ((int)msg->body_case) {
    case DS_EV_CALL_OFFERED: put_offer(page, msg); return true;
    case DS_EV_CALL_ANSWERED: put_answer(page, msg->call_answered); return true;
    case DS_EV_CALL_ENDED:
        if (ds_str(msg->call_ended->cause)[0]) fprintf(page->to, ": %s", msg->call_ended->cause);
        return true;
    case DS_EV_FEED_GAP: put_span(page, msg->feed_gap->from_ms, msg->feed_gap->to_ms); return true;
    case DS_EV_DAY_REPORTED: fprintf(page->to, " %s", ds_str(msg->day_reported->date)); return true;
    case DS_EV_VIOLATION_REPORTED: put_violation(page, msg->violation_reported); return true;
    case DS_EV_CONFIRM_REQUESTED:
        fprintf(page->to, " %s", ds_str(msg->confirm_requested->proposal));
        put_text(page, DS_WORD_OWNER, msg->confirm_requested->account);
        return true;
    case DS_EV_REJECT_REQUESTED:
        fprintf(page->to, " %s: %s", ds_str(msg->reject_requested->proposal),
                ds_str(msg->reject_requested->reason));
        return true;
    case DS_EV_REJUDGE_REQUESTED:
        fprintf(page->to, ", %s %u: %s", ds_word(page->lang, DS_WORD_RULEBOOK),
                msg->rejudge_requested->request->under,
                ds_str(msg->rejudge_requested->request->reason));
        return true;
    case DS_EV_REVERSAL_REQUESTED:
        fprintf(page->to, " %s: %s", ds_str(msg->reversal_requested->entry),
                ds_str(msg->reversal_requested->reason));
        return true;
    default: return false;
    }
}

/* What people report about a ticket. False: not one of these. */
static bool put_report(const struct page *page, const Ds__Event *msg)
{
    switch ((int)msg->body_case) {
    case DS_EV_REGISTERED: put_registered(page, msg->registered); return true;
    case DS_EV_ADDRESS_CORRECTED: put_zone(page, msg->address_corrected->zone); return true;
    case DS_EV_URGENCY_SET:
        put_word(page, msg->urgency_set->urgent ? DS_WORD_URGENT : DS_WORD_NOT_URGENT);
        return true;
    case DS_EV_CUSTOMER_CONTACTED:
        if (msg->customer_contacted->failed) put_word(page, DS_WORD_NOBODY_REACHED);
        return true;
    case DS_EV_APPOINTMENT_BOOKED: put_window(page, msg->appointment_booked); return true;
    case DS_EV_APPOINTMENT_MOVED: put_window(page, msg->appointment_moved); return true;
    case DS_EV_ASSIGN_REQUESTED:
        put_text(page, DS_WORD_TO, msg->assign_requested->account);
        return true;
    case DS_EV_CHECKED_IN:
        if (msg->checked_in->customer_absent) put_word(page, DS_WORD_CUSTOMER_ABSENT);
        if (msg->checked_in->customer_present) put_word(page, DS_WORD_CUSTOMER_PRESENT);
        return true;
    case DS_EV_DELAY_REPORTED: explain_put_delay(page, msg->delay_reported->reason); return true;
    case DS_EV_RETURN_CHECKED:
        return_print_check(page->to, page->lang, msg->return_checked);
        return true;
    case DS_EV_RETURN_RECORDED:
        return_print_record(page->to, page->lang, msg->return_recorded);
        return true;
    case DS_EV_RESULT_FILED: put_result(page, msg->result_filed->result); return true;
    case DS_EV_CALLBACK_RECORDED: put_callback(page, msg->callback_recorded); return true;
    case DS_EV_REJECTED: fprintf(page->to, ": %s", ds_str(msg->rejected->reason)); return true;
    case DS_EV_CANCELLED:
        put_text(page, DS_WORD_GOES_ON_IN, msg->cancelled->transferred_to);
        fprintf(page->to, ": %s", ds_str(msg->cancelled->request->reason));
        return true;
    case DS_EV_REOPENED:
        fprintf(page->to, ": %s", ds_str(msg->reopened->request->reason));
        return true;
    case DS_EV_CASE_ANALYSED:
        fprintf(page->to, ": %s", ds_str(msg->case_analysed->request->note));
        return true;
    case DS_EV_COMPLAINT_ANSWERED:
        fprintf(page->to, ": %s", ds_str(msg->complaint_answered->text));
        return true;
    default: return false;
    }
}

static void put_note(const struct page *page, const char *note)
{
    if (ds_str(note)[0]) fprintf(page->to, ": %s", note);
}

/* What was asked for and did not become of it. */
static void put_outcome(const struct page *page, const struct record *record)
{
    const Ds__Outcome *outcome = record->msg->outcome;
    const Ds__EventRef *cause = record->msg->cause;
    const struct record *asked = cause ? archive_find(page->archive, record->partition,
                                                      (enum ds_source)cause->source, cause->seq)
                                       : NULL;
    bool refused = outcome->outcome == DS__OUTCOME_CODE__NAME__REFUSED;

    if (asked) fprintf(page->to, " (%s)", ds_event_word(page->lang, (int)asked->msg->body_case));
    fprintf(page->to, ": %s", ds_word(page->lang, refused ? DS_WORD_REFUSED : DS_WORD_NO_EFFECT));
    if (asked) put_text(page, DS_WORD_BY, asked->msg->by);
    if (outcome->has_not_before_ms) put_time(page, DS_WORD_NOT_BEFORE, outcome->not_before_ms);
}

/* What the ledger said. */
static void put_booking(const struct page *page, const struct record *record)
{
    const Ds__Event *msg = record->msg;

    switch ((int)msg->body_case) {
    case DS_EV_ENTRY_POSTED:
        if (record->entry) put_entry(page, record->entry);
        return;
    case DS_EV_PROPOSED:
        put_entry(page, msg->proposed->entry);
        put_time(page, DS_WORD_UNTIL, msg->proposed->expires_at_ms);
        return;
    case DS_EV_PROPOSAL_REJECTED:
        put_text(page, DS_WORD_PROPOSAL, msg->proposal_rejected->proposal);
        put_note(page, msg->proposal_rejected->reason);
        return;
    case DS_EV_PROPOSAL_EXPIRED:
        put_text(page, DS_WORD_PROPOSAL, msg->proposal_expired->proposal);
        return;
    case DS_EV_APPEAL_OPENED:
        put_text(page, DS_WORD_ENTRY, msg->appeal_opened->entry);
        put_note(page, msg->appeal_opened->reason);
        return;
    case DS_EV_APPEAL_DECIDED:
        put_text(page, DS_WORD_ENTRY, msg->appeal_decided->entry);
        put_word(page, msg->appeal_decided->granted ? DS_WORD_STATE_GRANTED : DS_WORD_STATE_UPHELD);
        put_note(page, msg->appeal_decided->reason);
        return;
    case DS_EV_OBLIGATION_CLOSED:
        put_text(page, DS_WORD_ENTRY, msg->obligation_closed->key);
        return;
    case DS_EV_INSTALMENTS_SET:
        fprintf(page->to, ": %u %s", msg->instalments_set->months,
                ds_word(page->lang, DS_WORD_MONTHS));
        return;
    case DS_EV_OBLIGATION_OPENED:
        fprintf(page->to, ": %s, %s",
                page->lang == DS_ZH ? ds_str(msg->obligation_opened->obligation_zh)
                                    : ds_str(msg->obligation_opened->obligation),
                ds_str(msg->obligation_opened->account));
        return;
    default: return;
    }
}

/* What services decide about it. */
static void put_decision(const struct page *page, const struct record *record)
{
    const Ds__Event *msg = record->msg;

    switch ((int)msg->body_case) {
    case DS_EV_OUTCOME: put_outcome(page, record); return;
    case DS_EV_OFFERED: put_offered(page, msg->offered); return;
    case DS_EV_TAKEN_BACK:
        fprintf(page->to, " #%u", msg->taken_back->dispatch);
        put_text(page, DS_WORD_FROM, msg->taken_back->account);
        return;
    case DS_EV_ASSIGNED:
        fprintf(page->to, " #%u %s %s", msg->assigned->dispatch, ds_word(page->lang, DS_WORD_TO),
                msg->assigned->account);
        put_time(page, DS_WORD_ACCEPTED, msg->assigned->accepted_at_ms);
        return;
    case DS_EV_RANKED: put_ranked(page, msg->ranked); return;
    case DS_EV_REPEAT_FOUND: put_repeat(page, msg->repeat_found); return;
    case DS_EV_REPEAT_WITHDRAWN:
        put_text(page, DS_WORD_REPEATS, msg->repeat_withdrawn->repeats);
        return;
    case DS_EV_CASE_NOT_ANALYSED:
        put_text(page, DS_WORD_REPEATED_BY, msg->case_not_analysed->repeated_by);
        put_time(page, DS_WORD_DUE, msg->case_not_analysed->due_at_ms);
        put_text(page, DS_WORD_OWNER, msg->case_not_analysed->account);
        return;
    case DS_EV_WARNED:
        put_clock(page, (int)msg->warned->clock, msg->warned->n);
        put_time(page, DS_WORD_DUE, msg->warned->due_at_ms);
        put_text(page, DS_WORD_OWNER, msg->warned->owner);
        return;
    case DS_EV_BREACHED: put_breached(page, msg->breached); return;
    case DS_EV_BREACH_WITHDRAWN:
        put_clock(page, (int)msg->breach_withdrawn->clock, msg->breach_withdrawn->n);
        put_time(page, DS_WORD_DUE, msg->breach_withdrawn->due_at_ms);
        return;
    case DS_EV_JUDGED: put_verdict(page, msg->judged); return;
    case DS_EV_REJUDGED: put_rejudged(page, msg->rejudged); return;
    case DS_EV_CAP_REACHED: explain_put_delay(page, msg->cap_reached->reason); return;
    case DS_EV_CONTRADICTION_FOUND:
        put_text(page, DS_WORD_OWNER, msg->contradiction_found->account);
        return;
    case DS_EV_RETURN_CAUSE_FOUND:
        put_text(page, DS_WORD_OWNER, msg->return_cause_found->account);
        for (size_t i = 0; i < msg->return_cause_found->n_lacks; i++)
            put_text(page, DS_WORD_LACKS, msg->return_cause_found->lacks[i]);
        return;
    case DS_EV_VISITS_FINAL: put_text(page, DS_WORD_ABOUT, msg->visits_final->complaint); return;
    case DS_EV_CALL_UNANSWERED: put_rang(page, msg->call_unanswered->rang_ms); return;
    default: put_booking(page, record); return;
    }
}

/* Whose event it is, where several tell one story; not who acted, which comes last. */
static void put_subject(const struct page *page, const Ds__Event *msg, const struct explain *what)
{
    const char *subject = ds_str(msg->subject);

    if (strcmp(subject, what->id) == 0 || strcmp(subject, ds_str(msg->by)) == 0) return;
    if (msg->body_case != DS__EVENT__BODY_ENTRY_POSTED) fprintf(page->to, " %s", subject);
}

void explain_put_line(const struct page *page, const struct record *record,
                      const struct explain *what)
{
    const Ds__Event *msg = record->msg;
    char at[32];
    int64_t at_ms = record_at_ms(record);

    cli_local_time(at, at_ms, page->zone);
    fprintf(page->to, "%-23s  %s", at, ds_event_word(page->lang, (int)msg->body_case));
    if (msg->body_case != DS__EVENT__BODY_OUTCOME) put_subject(page, msg, what);
    if (!put_report(page, msg) && !put_other_report(page, msg)) put_decision(page, record);
    put_text(page, DS_WORD_BY, msg->by);
    put_text(page, DS_WORD_ENTERED_BY, msg->entered_by);
    if (msg->received_at_ms - at_ms > 60000) put_time(page, DS_WORD_RECEIVED, msg->received_at_ms);
    if (explain_too_late(what, record)) put_word(page, DS_WORD_AFTER_VERDICT);
    if (msg->clause && msg->clause[0]) fprintf(page->to, " [%s]", msg->clause);
    const char *why = ds_reason_text(page->lang, (int)msg->reason);
    if (why[0]) fprintf(page->to, "\n%-25s%s", "", why);
    fprintf(page->to, "\n");
}
