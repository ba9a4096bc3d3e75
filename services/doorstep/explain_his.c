/* SPDX-License-Identifier: MIT
 *
 * What of a story one account may see. How the job went is everybody's who was offered it; what it
 * cost somebody, what was put before the manager about him, what a customer said of his work, is
 * that account's alone. It is taken out of what was found, before any form of it is printed. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/explain.h"

/* ---- does it concern him at all? ---- */

static bool is_his(const char *account, const char *his)
{
    return strcmp(ds_str(account), his) == 0;
}

static bool is_asked(const Ds__Entry *entry, const char *asked)
{
    return entry &&
           (strcmp(ds_str(entry->key), asked) == 0 || strcmp(ds_str(entry->cause), asked) == 0);
}

static bool concerns(const struct archive *archive, const struct explain *what, const char *asked)
{
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        const Ds__Entry *entry = explain_entry(record);
        bool booked = entry && is_his(entry->account, what->account);
        bool offered = record->msg->body_case == DS__EVENT__BODY_OFFERED &&
                       is_his(record->msg->offered->account, what->account);
        if (what->of_entry ? booked && is_asked(entry, asked) : booked || offered) return true;
    }
    return false;
}

int explain_not_his(const struct cli *cli, const struct explain *what)
{
    return cli_fail(cli, EXIT_REJECTED, SAID_NOT_HIS, cli->argv[0], what->person);
}

/* ---- what is left out ---- */

/* "person:wang" of "7.1/person:wang/T007-6/dispatch#1" */
static bool is_his_key(const char *key, const char *his)
{
    const char *slash = strchr(explain_unreversed(key), '/');
    size_t n = strlen(his);

    return slash && strncmp(slash + 1, his, n) == 0 && slash[1 + n] == '/';
}

/* Whoever a proposal was confirmed on: the one proposed, unless it says another. */
static bool is_his_line(const struct record *record, const char *his)
{
    const Ds__Event *msg = record->msg;
    const char *entry = "", *account = "";

    if ((int)msg->body_case == DS_EV_PROPOSAL_CONFIRMED)
        entry = ds_str(msg->proposal_confirmed->entry);
    if ((int)msg->body_case == DS_EV_CONFIRM_REQUESTED)
        account = ds_str(msg->confirm_requested->account);
    return is_his_key(explain_key(record), his) && (!entry[0] || is_his_key(entry, his)) &&
           (!account[0] || is_his(account, his));
}

/* The answer that a customer's complaint was drawn from was given at its instant. */
static bool is_complaint_of(const struct record *callback, const struct record *found)
{
    return found->msg->body_case == DS__EVENT__BODY_CONTRADICTION_FOUND &&
           found->msg->contradiction_found->at_ms == record_at_ms(callback) &&
           strcmp(ds_str(found->msg->subject), ds_str(callback->msg->subject)) == 0;
}

static const char *account_of(const struct archive *archive, const struct record *record)
{
    const struct ds_version *version = archive->versions[record->rulebook];
    const struct ds_person *person =
        version ? ds_find_person(version, ds_str(record->msg->by)) : NULL;

    return person ? person->account_key : "";
}

/* Was the customer asked about his work, and of nobody else's? */
static bool is_his_callback(const struct archive *archive, const struct record *callback,
                            const char *his)
{
    const char *filed_by = "";

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        const Ds__Event *msg = record->msg;
        if (is_complaint_of(callback, record) && !is_his(msg->contradiction_found->account, his))
            return false;
        if (msg->body_case == DS__EVENT__BODY_RESULT_FILED &&
            strcmp(ds_str(msg->subject), ds_str(callback->msg->subject)) == 0 &&
            record_at_ms(record) <= record_at_ms(callback))
            filed_by = account_of(archive, record);
    }
    return is_his(filed_by, his);
}

static const struct record *cause_of(const struct archive *archive, const struct record *record)
{
    const Ds__EventRef *cause = record->msg->cause;

    return cause
               ? archive_find(archive, record->partition, (enum ds_source)cause->source, cause->seq)
               : NULL;
}

static bool may_see(const struct archive *archive, const struct record *record, const char *his)
{
    const Ds__Event *msg = record->msg;
    const struct record *cause = cause_of(archive, record);

    switch ((int)msg->body_case) {
    case DS_EV_OUTCOME: return cause && may_see(archive, cause, his);
    case DS_EV_REDO_WISHED: return cause && is_his_callback(archive, cause, his);
    case DS_EV_VIOLATION_REPORTED: return is_his(msg->violation_reported->account, his);
    case DS_EV_CASE_NOT_ANALYSED: return is_his(msg->case_not_analysed->account, his);
    case DS_EV_CONTRADICTION_FOUND: return is_his(msg->contradiction_found->account, his);
    case DS_EV_RETURN_CAUSE_FOUND: return is_his(msg->return_cause_found->account, his);
    case DS_EV_REJUDGE_REQUESTED: return false; /* why a verdict changed stands with the verdict */
    default: break;
    }
    return (record->source != DS_LEDGER && !explain_key(record)[0]) || is_his_line(record, his);
}

/* ---- what is left, without a part of it ---- */

static void blank(char **text)
{
    free(*text);
    *text = NULL;
}

static void blank_answers(Ds__RecordCallback *callback)
{
    for (size_t i = 0; i < callback->n_answers; i++)
        ds__answer__free_unpacked(callback->answers[i], NULL);
    free(callback->answers);
    callback->answers = NULL;
    callback->n_answers = 0;
    callback->has_satisfaction = callback->has_redo = false;
    blank(&callback->note);
}

/* When a promise was broken is told; what it costs its owner is not. */
static void blank_clause(Ds__Event *msg, char **clause)
{
    blank(clause);
    blank(&msg->clause);
}

static void blank_rejudged(Ds__Event *msg, const char *his)
{
    Ds__Rejudged *again = msg->rejudged;

    if (is_his(again->now->owner, his) && is_his(again->before->owner, his)) return;
    blank_clause(msg, &again->now->clause);
    blank(&again->before->clause);
    blank(&again->reason);
}

static void blank_others(const struct archive *archive, const struct record *record,
                         const char *his)
{
    Ds__Event *msg = record->msg;

    switch ((int)msg->body_case) {
    case DS_EV_WARNED:
        if (!is_his(msg->warned->owner, his)) blank(&msg->clause);
        return;
    case DS_EV_BREACHED:
        if (!is_his(msg->breached->owner, his)) blank_clause(msg, &msg->breached->clause);
        return;
    case DS_EV_JUDGED:
        if (!is_his(msg->judged->owner, his)) blank_clause(msg, &msg->judged->clause);
        return;
    case DS_EV_REJUDGED: blank_rejudged(msg, his); return;
    case DS_EV_CALLBACK_RECORDED:
        if (!is_his_callback(archive, record, his)) blank_answers(msg->callback_recorded);
        return;
    case DS_EV_RETURN_CHECKED:
        if (!is_his(msg->return_checked->account, his)) blank(&msg->return_checked->account);
        return;
    case DS_EV_RETURN_RECORDED:
        if (!is_his(msg->return_recorded->account, his)) blank(&msg->return_recorded->account);
        return;
    case DS_EV_RETURN_DECIDED:
        for (size_t i = 0; i < msg->return_decided->n_choices; i++)
            if (!is_his(msg->return_decided->choices[i]->account, his))
                blank(&msg->return_decided->choices[i]->account);
        return;
    default: return;
    }
}

/* Decided of all before any goes: one is judged by others. */
static bool is_seen(void *self, const struct record *record)
{
    const bool **next = self;

    (void)record;
    return *(*next)++;
}

bool explain_narrow(struct archive *archive, const struct explain *what, const char *asked)
{
    if (!concerns(archive, what, asked)) return false;
    bool *seen = calloc(archive->n + 1, sizeof *seen);
    if (!seen) abort();
    for (size_t i = 0; i < archive->n; i++)
        seen[i] = may_see(archive, &archive->records[i], what->account);
    for (size_t i = 0; i < archive->n; i++)
        blank_others(archive, &archive->records[i], what->account);
    const bool *next = seen;
    archive_keep(archive, is_seen, &next);
    free(seen);
    return true;
}
