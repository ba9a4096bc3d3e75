/* SPDX-License-Identifier: MIT
 *
 * The story of a ticket for a person: what happened, who decided it and why, what each clock said.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/cli.h"
#include "wire/json.h"

static bool about(const struct record *record, const char *ticket)
{
    if (strcmp(ds_str(record->msg->subject), ticket) == 0) return true;
    return record->entry && strcmp(ds_str(record->entry->ticket), ticket) == 0;
}

/* ---- details of one event ---- */

static void put_window(FILE *to, const Ds__Appointment *window, int32_t offset_s)
{
    char from[32], end[32];

    cli_local_time(from, window->from_ms, offset_s);
    cli_local_time(end, window->to_ms, offset_s);
    fprintf(to, " %s .. %s (%s)", from, end + 11,
            window->wish == DS__WISH__NAME__CUSTOMER ? "customer's wish" : "our proposal");
}

static void put_registered(FILE *to, const Ds__Registered *registered)
{
    const Ds__TicketHead *head = registered->head;
    static const char *const kinds[] = {"", "install", "complaint", "system"};
    static const char *const zones[] = {"", "city", "near", "far"};

    fprintf(to, " %s%s%s, %s%s%s", kinds[head->kind],
            head->complaint_type == DS__COMPLAINT_TYPE__NAME__REPAIR    ? " (repair)"
            : head->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE ? " (service)"
                                                                        : "",
            head->urgent ? " URGENT" : "", ds_str(head->category), head->category ? ", " : "",
            zones[head->zone]);
    if (head->ref) fprintf(to, ", ref %s", head->ref);
    if (head->about) fprintf(to, ", about %s", head->about);
    if (registered->follows) fprintf(to, ", follows %s", registered->follows);
}

static void put_verdict(FILE *to, enum ds_lang lang, const Ds__Judged *judged, int32_t offset_s)
{
    char due[32], stop[32];

    cli_local_time(due, judged->due_at_ms, offset_s);
    fprintf(to, " %s #%u: %s, due %s", ds_clock_word(lang, (enum ds_clock)judged->clock), judged->n,
            ds_verdict_word(lang, (enum ds_verdict)judged->verdict),
            judged->has_due_at_ms ? due : "-");
    if (judged->has_stop_at_ms) {
        cli_local_time(stop, judged->stop_at_ms, offset_s);
        fprintf(to, ", done %s", stop);
    }
    if (judged->owner && judged->owner[0]) fprintf(to, ", %s", judged->owner);
}

static void put_entry(FILE *to, const Ds__Entry *entry)
{
    char yuan[32];

    cli_yuan(yuan, entry->amount_fen);
    fprintf(to, " %s yuan, %s, %s", yuan, ds_str(entry->account), ds_str(entry->cause));
}

static void put_clock(FILE *to, enum ds_lang lang, int clock, uint32_t n, int64_t due_ms,
                      const char *owner, int32_t offset_s)
{
    char due[32];

    cli_local_time(due, due_ms, offset_s);
    fprintf(to, " %s #%u, due %s", ds_clock_word(lang, (enum ds_clock)clock), n, due);
    if (owner && owner[0]) fprintf(to, ", %s", owner);
}

static void put_details(FILE *to, enum ds_lang lang, const struct record *record, int32_t offset_s)
{
    const Ds__Event *msg = record->msg;
    char time[32];

    switch ((int)msg->body_case) {
    case DS_EV_REGISTERED: put_registered(to, msg->registered); return;
    case DS_EV_APPOINTMENT_BOOKED: put_window(to, msg->appointment_booked, offset_s); return;
    case DS_EV_APPOINTMENT_MOVED: put_window(to, msg->appointment_moved, offset_s); return;
    case DS_EV_OFFERED:
        cli_local_time(time, msg->offered->accept_due_at_ms, offset_s);
        fprintf(to, " #%u to %s, to accept by %s", msg->offered->dispatch, msg->offered->account,
                time);
        return;
    case DS_EV_TAKEN_BACK:
        fprintf(to, " #%u from %s", msg->taken_back->dispatch, msg->taken_back->account);
        return;
    case DS_EV_ASSIGNED:
        cli_local_time(time, msg->assigned->accepted_at_ms, offset_s);
        fprintf(to, " #%u to %s, accepted %s", msg->assigned->dispatch, msg->assigned->account,
                time);
        return;
    case DS_EV_WARNED:
        put_clock(to, lang, (int)msg->warned->clock, msg->warned->n, msg->warned->due_at_ms,
                  msg->warned->owner, offset_s);
        return;
    case DS_EV_BREACHED:
        put_clock(to, lang, (int)msg->breached->clock, msg->breached->n, msg->breached->due_at_ms,
                  msg->breached->owner, offset_s);
        return;
    case DS_EV_BREACH_WITHDRAWN:
        put_clock(to, lang, (int)msg->breach_withdrawn->clock, msg->breach_withdrawn->n,
                  msg->breach_withdrawn->due_at_ms, NULL, offset_s);
        return;
    case DS_EV_JUDGED: put_verdict(to, lang, msg->judged, offset_s); return;
    case DS_EV_ENTRY_POSTED:
        if (record->entry) put_entry(to, record->entry);
        return;
    case DS_EV_PROPOSED:
        put_entry(to, msg->proposed->entry);
        fprintf(to, ", proposal %s", msg->proposed->entry->key);
        return;
    case DS_EV_RESULT_FILED:
        fprintf(to, " %s", msg->result_filed->result->fixed ? "fixed" : "not fixed");
        return;
    case DS_EV_CALLBACK_RECORDED:
        fprintf(to, " %s", msg->callback_recorded->reached ? "reached" : "not reached");
        return;
    case DS_EV_REJECTED: fprintf(to, ": %s", ds_str(msg->rejected->reason)); return;
    case DS_EV_CANCELLED: fprintf(to, ": %s", ds_str(msg->cancelled->reason)); return;
    default: return;
    }
}

static void print_line(FILE *to, enum ds_lang lang, const struct record *record, int32_t offset_s)
{
    const Ds__Event *msg = record->msg;
    char at[32], received[32];
    int64_t at_ms = record_at_ms(record);

    cli_local_time(at, at_ms, offset_s);
    fprintf(to, "%-23s  %s", at, ds_event_word(lang, (int)msg->body_case));
    put_details(to, lang, record, offset_s);
    if (msg->by) fprintf(to, lang == DS_ZH ? ",由 %s" : ", by %s", msg->by);
    if (msg->entered_by)
        fprintf(to, lang == DS_ZH ? "(%s 代录)" : " (entered by %s)", msg->entered_by);
    if (msg->clause && msg->clause[0]) fprintf(to, " [%s]", msg->clause);
    if (msg->received_at_ms - at_ms > 60000) {
        cli_local_time(received, msg->received_at_ms, offset_s);
        fprintf(to, lang == DS_ZH ? ",收到 %s" : ", received %s", received);
    }
    const char *why = ds_reason_text(lang, (int)msg->reason);
    if (why[0]) fprintf(to, "\n%-25s%s", "", why);
    fprintf(to, "\n");
}

/* Pauses and holders of a verdict, which fit no single line. */
static void print_judged(FILE *to, enum ds_lang lang, const Ds__Judged *judged, int32_t offset_s)
{
    char from[32], end[32], span[32];

    for (size_t i = 0; i < judged->n_pauses; i++) {
        const Ds__Pause *pause = judged->pauses[i];
        cli_local_time(from, pause->from_ms, offset_s);
        cli_local_time(end, pause->to_ms, offset_s);
        fprintf(to, "%-25s%s %s .. %s\n", "", lang == DS_ZH ? "暂停" : "paused", from,
                pause->has_to_ms ? end : "");
    }
    for (size_t i = 0; i < judged->n_holdings; i++) {
        cli_duration(span, judged->holdings[i]->running_ms);
        fprintf(to, "%-25s%s %s: %s\n", "", lang == DS_ZH ? "持单" : "held by",
                ds_str(judged->holdings[i]->account), span);
    }
}

int explain_print(FILE *to, enum ds_lang lang, const struct archive *archive, const char *ticket)
{
    size_t n = 0;

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (!about(record, ticket) || record->msg->body_case == DS__EVENT__BODY_OUTCOME) continue;
        int32_t offset_s =
            archive_offset_s(archive, record->partition, record->msg->received_at_ms);
        print_line(to, lang, record, offset_s);
        if (record->msg->body_case == DS__EVENT__BODY_JUDGED)
            print_judged(to, lang, record->msg->judged, offset_s);
        n++;
    }
    return n ? EXIT_FINE : EXIT_REJECTED;
}

int explain_print_json(FILE *to, const struct archive *archive, const char *ticket)
{
    size_t n = 0;

    for (size_t i = 0; i < archive->n; i++) {
        if (!about(&archive->records[i], ticket)) continue;
        cli_print_event(to, &archive->records[i]);
        n++;
    }
    return n ? EXIT_FINE : EXIT_REJECTED;
}
