/* SPDX-License-Identifier: MIT
 *
 * The way of an event through the watcher: load the ticket, day or call it is about, add the fact,
 * judge, say what is new, store. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/day.h"
#include "sla-watcher/adapter.h"
#include "sla-watcher/lines.h"
#include "sla-watcher/rejudge.h"
#include "sla-watcher/watch_state.h"

/* Large, and used by one event at a time. */
static struct watch_ticket ticket;
static struct watch_bench bench;
static struct watch_columns columns;
static struct watch_again again;

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    return ds_part_rules_of(self, number);
}

void watch_key(char key[DS_KEY_MAX + 1], char prefix, const char *id)
{
    key[0] = prefix;
    ds_copy(key + 1, DS_KEY_MAX, id);
}

/* ---- tickets ---- */

static void load_ticket(struct ds_part *part, const char *id)
{
    char key[DS_KEY_MAX + 1];

    watch_key(key, 'T', id);
    watch_load(&ticket, id, ds_part_get(part, key, &ds__watch_ticket__descriptor));
    ticket.partition = part->partition;
}

static void notice_and_store(struct ds_part *part, struct ds_out *out)
{
    struct watch_rules rules = {rules_of, part};
    struct watch_dues due = watch_notice(&ticket, &rules, part->now_ms, &bench, out);
    struct ds_dues dues = {{due.soft_ms, due.hard_ms, DS_NO_DUE}};
    Ds__WatchTicket state;
    char key[DS_KEY_MAX + 1];

    watch_key(key, 'T', ticket.id);
    if (watch_is_over(&ticket, &bench)) {
        ds_part_delete(part, key);
        return;
    }
    watch_store(&ticket, &state, &columns);
    ds_part_put(part, key, &state.base, &dues);
}

static bool begins(const struct ds_event *event)
{
    return event->type == DS_EV_REGISTERED || event->type == DS_EV_REOPENED;
}

static void apply_to_ticket(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    const struct ds_version *version = ds_part_rules_of(part, event->rulebook);
    struct watch_fact fact;

    load_ticket(part, event->msg->subject);
    if (!ticket.known && !begins(event)) return; /* all its clocks were final long ago */
    if (!watch_fact_of(&ticket, event, version, &fact)) return;
    watch_add_fact(&ticket, &fact);
    notice_and_store(part, out);
}

/* Exchange and return (8.1 to 8.7). */
static void apply_to_return(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    const struct ds_version *version = ds_part_rules_of(part, event->rulebook);
    const struct watch_rules rules = {rules_of, part};
    Ds__WatchReturn fact;

    load_ticket(part, event->msg->subject);
    watch_return_of(event, version, &fact);
    watch_add_return(&ticket, &fact);
    if (!ticket.known) return watch_decide_returns(&ticket, NULL, version, event, out);
    watch_tell(&ticket, &rules, WATCH_NEVER, WATCH_NEVER, &bench.story);
    watch_decide_returns(&ticket, &bench.story, version, event, out);
    notice_and_store(part, out);
}

/* Refused for good; or judged when the marks have passed it, so that any run finds the same
 * verdicts final. */
static void ask_again(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    Ds__WatchRejudge asked;

    watch_ask(event, &asked);
    load_ticket(part, event->msg->subject);
    if (ticket.known && ticket.n_asked < DS_REJUDGES_MAX) {
        ticket.asked[ticket.n_asked++] = &asked;
        notice_and_store(part, out);
        return;
    }
    Ds__Outcome *outcome = watch_answer_rejudge(
        event->msg->subject, &asked, DS__OUTCOME_CODE__NAME__REFUSED,
        ticket.known ? DS__REASON__NAME__TOO_MANY_REJUDGES : DS__REASON__NAME__FACTS_NOT_HELD, out);
    if (!ticket.known && asked.has_closed_at_ms) DS_SET(outcome, since_ms, asked.closed_at_ms);
}

/* A complaint that another ticket's visit was not on time (7.6). */
static void complain(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    struct watch_fact fact;
    const char *about;

    if (!watch_complaint_of(event, &fact, &about)) return;
    load_ticket(part, about);
    if (!ticket.known) { /* every visit of it is final */
        watch_say_visits_final(out, about, event->msg->subject, &fact);
        return;
    }
    if (ticket.n_facts == WATCH_FACTS_MAX) return;
    watch_add_fact(&ticket, &fact);
    notice_and_store(part, out);
}

/* ---- the service ---- */

static bool about_ticket(const struct ds_event *event)
{
    uint32_t partition;
    uint64_t seq;

    return event->msg->subject && ds_parse_ticket_id(event->msg->subject, &partition, &seq);
}

/* What it neither watches nor keeps. */
static bool concerns(int type)
{
    switch (type) {
    case DS_EV_URGED:
    case DS_EV_ASSIGN_REQUESTED:
    case DS_EV_REPORT_REPEATED:
    case DS_EV_SHEET_SUBMITTED:
    case DS_EV_VIOLATION_REPORTED:
    case DS_EV_CONFIRM_REQUESTED:
    case DS_EV_REJECT_REQUESTED:
    case DS_EV_REVERSAL_REQUESTED:
    case DS_EV_RANKED:
    case DS_EV_CASE_ANALYSED:
    case DS_EV_REPEAT_FOUND:
    case DS_EV_REPEAT_WITHDRAWN:
    case DS_EV_CASE_NOT_ANALYSED:
    case DS_EV_OUTCOME:
    case DS_EV_CALLBACK_REQUESTED:
    case DS_EV_CALLBACK_CLOSED:
    case DS_EV_CONTRADICTION_FOUND:
    case DS_EV_REDO_WISHED: return false;
    default: return true;
    }
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    bool line = event->type == DS_EV_CALL_OFFERED || event->type == DS_EV_CALL_ANSWERED ||
                event->type == DS_EV_CALL_ENDED || event->type == DS_EV_FEED_GAP;

    if (line) return watch_apply_to_lines(part, event, out);
    if (event->type == DS_EV_SHEET_DRAWN || event->type == DS_EV_SHEET_HANDED_IN)
        return watch_apply_to_month(part, event, out);
    if (watch_is_day_work(event) || watch_is_day_report(event))
        watch_apply_to_day(part, event, out);
    if (watch_is_day_work(event) || event->type == DS_EV_WEEKLY_SUBMITTED)
        watch_apply_to_week(part, event, out);
    if (!about_ticket(event)) return;
    if (event->type == DS_EV_RETURN_CHECKED || event->type == DS_EV_RETURN_RECORDED)
        return apply_to_return(part, event, out);
    if (event->type == DS_EV_REJUDGE_REQUESTED) return ask_again(part, event, out);
    apply_to_ticket(part, event, out);
    complain(part, event, out);
}

static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    struct watch_rules rules = {rules_of, part};
    char id[DS_KEY_MAX + 1];

    ds_copy(id, sizeof id, entity->key + 1);
    switch (entity->key[0]) {
    case 'T':
        load_ticket(part, id);
        DS_ASSERT(ticket.known);
        if (kind == DS_HARD &&
            !watch_judge_asked(&ticket, &rules, ds_part_joint_mark(part), &bench, &again, out))
            watch_finalise(&ticket, &rules, ds_part_joint_mark(part), &bench, out);
        notice_and_store(part, out);
        return;
    case 'F': watch_fire_day(part, id, kind, due_ms, out); return;
    case 'C': watch_fire_call(part, id, due_ms, out); return;
    case 'M':
    case 'W': watch_fire_sheet(part, entity->key, kind, due_ms, out); return;
    default: DS_UNREACHABLE();
    }
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    const char *id = entity->key + 1;

    switch (entity->key[0]) {
    case 'T': return watch_fits(ds_part_unpack(part, entity, &ds__watch_ticket__descriptor));
    case 'F': return watch_day_loaded(id, ds_part_unpack(part, entity, &ds__watch_day__descriptor));
    case 'C':
        return watch_call_loaded(part, id,
                                 ds_part_unpack(part, entity, &ds__watch_call__descriptor));
    case 'M':
    case 'W':
        return watch_sheet_loaded(id, ds_part_unpack(part, entity, &ds__watch_sheet__descriptor));
    case 'P':
        return watch_gaps_loaded(part,
                                 ds_part_unpack(part, entity, &ds__watch_partition__descriptor));
    default: return false;
    }
}

const struct ds_service watcher_service = {
    .name = "sla-watcher",
    .source = DS_WATCHER,
    .upstreams = 1u << DS_INTAKE | 1u << DS_DISPATCHER | 1u << DS_SURVEY,
    .memory_size = sizeof(struct watch_lines),
    .loaded = loaded,
    .unloaded = watch_unload_lines,
    .concerns = concerns,
    .apply = apply,
    .fire = fire,
};
