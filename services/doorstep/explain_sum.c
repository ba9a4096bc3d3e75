/* SPDX-License-Identifier: MIT
 *
 * What no single event tells: which calls are one occasion, and which work of a day was reported.
 * A day is asked with the watcher's own rules. */
#include <string.h>

#include "domain/ids.h"
#include "doorstep/explain.h"
#include "sla-watcher/day.h"
#include "sla-watcher/watch.h"

struct ds_event explain_event(const struct record *record)
{
    return (struct ds_event){.type = (enum ds_event_type)record->msg->body_case,
                             .ref = {record->source, record->seq},
                             .stamp_ms = record->msg->received_at_ms,
                             .at_ms = record_at_ms(record),
                             .rulebook = record->rulebook,
                             .msg = record->msg};
}

/* ---- calls ---- */

static struct explain_call *call_of(struct explain *what, const char *id)
{
    for (uint32_t i = 0; i < what->call.n; i++)
        if (strcmp(what->call.list[i].id, id) == 0) return &what->call.list[i];
    return NULL;
}

static void judge_call(struct explain_call *call, const Ds__Event *msg)
{
    const char *owner = "";

    switch ((int)msg->body_case) {
    case DS_EV_CALL_UNANSWERED: break;
    case DS_EV_BREACHED:
        call->breached = true;
        owner = ds_str(msg->breached->owner);
        break;
    case DS_EV_BREACH_WITHDRAWN: call->breached = false; break;
    case DS_EV_JUDGED:
        call->breached = msg->judged->verdict == DS__VERDICT__NAME__BREACHED;
        owner = ds_str(msg->judged->owner);
        break;
    default: return;
    }
    call->repeated = msg->reason == DS__REASON__NAME__SAME_OCCASION;
    if (owner[0]) snprintf(call->owner, sizeof call->owner, "%s", owner);
}

void explain_judge_calls(struct explain *what, const struct archive *archive)
{
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        struct explain_call *call = call_of(what, ds_str(record->msg->subject));
        if (call) judge_call(call, record->msg);
    }
}

/* The breach that a repeated call is counted with: the last one before it, of the same clerk. */
static const struct explain_call *opener_of(const struct explain *what,
                                            const struct explain_call *call)
{
    const struct explain_call *opener = NULL;

    if (call->breached) return call;
    for (uint32_t i = 0; call->repeated && i < what->call.n; i++) {
        const struct explain_call *other = &what->call.list[i];
        bool before = other->offered_at_ms <= call->offered_at_ms &&
                      call->offered_at_ms - other->offered_at_ms < what->call.occasion_ms;
        if (!other->breached || !before) continue;
        if (call->owner[0] && strcmp(call->owner, other->owner) != 0) continue;
        if (!opener || other->offered_at_ms >= opener->offered_at_ms) opener = other;
    }
    return opener;
}

bool explain_one_occasion(const struct explain *what, const char *id)
{
    const struct explain_call *asked = NULL, *other = NULL;

    for (uint32_t i = 0; i < what->call.n; i++) {
        const struct explain_call *call = &what->call.list[i];
        if (strcmp(call->id, what->id) == 0) asked = call;
        if (strcmp(call->id, id) == 0) other = call;
    }
    if (asked == other) return true;
    const struct explain_call *opener = asked ? opener_of(what, asked) : NULL;
    return opener && other && opener_of(what, other) == opener;
}

static void print_occasion(FILE *to, enum ds_lang lang, const struct explain *what)
{
    const char *before = " ";
    uint32_t n = 0;

    for (uint32_t i = 0; i < what->call.n; i++)
        n += explain_one_occasion(what, what->call.list[i].id);
    if (n < 2) return;
    fprintf(to, "%-25s%s:", "", ds_word(lang, DS_WORD_ONE_OCCASION));
    for (uint32_t i = 0; i < what->call.n; i++) {
        if (!explain_one_occasion(what, what->call.list[i].id)) continue;
        fprintf(to, "%s%s", before, what->call.list[i].id);
        before = ", ";
    }
    fprintf(to, "\n");
}

/* ---- days ---- */

/* Version, technician and verdict instant of a fact of the day; false if it is none. */
static bool fact_of_day(const struct explain *what, const struct record *record,
                        int64_t *ret_final_ms)
{
    const struct ds_version *version = what->day.versions[record->rulebook];
    const struct ds_event event = explain_event(record);
    const struct ds_person *person;
    int32_t local_day;

    if (record->source != DS_INTAKE || !version) return false;
    if (!watch_day_of(&event, version, &person, &local_day)) return false;
    *ret_final_ms = watch_day_final_ms(version, person, local_day);
    return true;
}

bool explain_too_late(const struct explain *what, const struct record *record)
{
    int64_t final_ms;

    return what->kind == EXPLAIN_DAY && fact_of_day(what, record, &final_ms) &&
           record->msg->received_at_ms > final_ms;
}

/* All of the day that counts, as the watcher has it. */
static void gather(const struct explain *what, const struct archive *archive, struct watch_day *day)
{
    int64_t final_ms;

    watch_day_load(day, NULL);
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        uint32_t partition;
        uint64_t ticket = 0;
        if (!fact_of_day(what, record, &final_ms) || explain_too_late(what, record)) continue;
        const struct ds_event event = explain_event(record);
        if (event.type != DS_EV_DAY_REPORTED)
            ds_parse_ticket_id(ds_str(record->msg->subject), &partition, &ticket);
        watch_day_add(day, &event, ticket, watch_is_day_report(&event));
    }
}

/* Tickets that were worked on and (not) reported, each once: one that is left open counts as not
 * reported whatever was reported before. */
static void print_tickets(FILE *to, const struct watch_day *day, uint32_t partition, int64_t due_ms,
                          bool reported)
{
    const char *before = " ";
    char id[DS_TICKET_ID_MAX];

    for (uint32_t i = 0; i < day->n_facts; i++) {
        bool all = true, first = true;
        if (day->facts[i].cover) continue;
        for (uint32_t k = 0; k < day->n_facts; k++) {
            const struct watch_day_fact *other = &day->facts[k];
            if (other->cover || other->ticket != day->facts[i].ticket) continue;
            first &= k >= i;
            all &= watch_day_is_reported(day, other, due_ms, WATCH_NEVER);
        }
        if (!first || all != reported) continue;
        ds_ticket_id(id, partition, day->facts[i].ticket);
        fprintf(to, "%s%s", before, id);
        before = ", ";
    }
    if (before[0] == ' ') fprintf(to, " -");
}

/* Whose day it is, by the rules at its first fact, as the watcher goes by them. */
static const struct ds_person *technician_of(const struct explain *what,
                                             const struct archive *archive)
{
    int64_t final_ms;

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (fact_of_day(what, record, &final_ms))
            return ds_find_person(what->day.versions[record->rulebook], what->day.person);
    }
    return NULL;
}

static void print_day(FILE *to, enum ds_lang lang, const struct archive *archive,
                      const struct explain *what)
{
    static struct watch_day day; /* large */
    const struct ds_person *person = technician_of(what, archive);
    char due[32];

    if (!person) return;
    int64_t due_ms = ds_end_of_day(person->territory->calendar->zone, what->day.local_day);
    gather(what, archive, &day);
    cli_local_time(due, due_ms, person->territory->calendar->zone);
    fprintf(to, "%-25s%s %s; %s:", "", ds_word(lang, DS_WORD_TO_REPORT_BY), due,
            ds_word(lang, DS_WORD_REPORTED));
    print_tickets(to, &day, archive->records[0].partition, due_ms, true);
    fprintf(to, "; %s:", ds_word(lang, DS_WORD_NOT_REPORTED));
    print_tickets(to, &day, archive->records[0].partition, due_ms, false);
    fprintf(to, "\n");
}

void explain_print_sum(FILE *to, enum ds_lang lang, const struct archive *archive,
                       const struct explain *what)
{
    switch (what->kind) {
    case EXPLAIN_CALL: print_occasion(to, lang, what); return;
    case EXPLAIN_DAY: print_day(to, lang, archive, what); return;
    case EXPLAIN_TICKET:
    case EXPLAIN_ENTRY: return;
    }
}
