/* SPDX-License-Identifier: MIT
 *
 * What an entry is made of: key, amount, month, evidence. Pure; fen are integers. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "penalty-ledger/ledger.h"

enum { CITED_MAX = 8 };

int64_t ledger_amount_fen(const struct ds_clause *clause, int64_t amount_fen)
{
    int64_t positive_fen = 0;

    switch (clause->amount_form) {
    case DS_AMOUNT_FIXED: positive_fen = clause->amount_fen; break;
    case DS_AMOUNT_MULTIPLE:
        /* the edge lets no more in than fits (DS_FEN_MAX, DS_MULTIPLE_MAX) */
        DS_ASSERT(!__builtin_mul_overflow(amount_fen, (int64_t)clause->multiple, &positive_fen));
        break;
    case DS_AMOUNT_ASSESSED: positive_fen = amount_fen; break;
    }
    switch (clause->kind) {
    case DS_CLAUSE_FINE: return -positive_fen;
    case DS_CLAUSE_REWARD: return positive_fen;
    }
    DS_UNREACHABLE();
}

Ds__Entry *ledger_entry(struct ds_out *out, const struct ds_version *version,
                        const struct ds_clause *clause, const char *account, const char *cause,
                        int64_t amount_fen)
{
    Ds__Entry *entry = ds_out_room(out, sizeof *entry);

    ds__entry__init(entry);
    entry->key =
        ds_out_text(out, (const char *const[]){clause->id, "/", account, "/", cause, NULL});
    entry->clause = (char *)clause->id;
    entry->account = (char *)account;
    entry->owner = (char *)account;
    entry->cause = (char *)cause;
    DS_SET(entry, amount_fen, ledger_amount_fen(clause, amount_fen));
    DS_SET(entry, rulebook, version->number);
    entry->rulebook_hash = (char *)version->hash;
    return entry;
}

/* Words of the handbook's causes; they differ from the clocks' where a dispatch or a completion is
 * what was late. */
static const char *cause_word(enum ds_clock clock)
{
    switch (clock) {
    case DS_CLOCK_ACCEPT: return "/dispatch#";
    case DS_CLOCK_RESULT: return "/completion#";
    case DS_CLOCK_VISIT: return "/visit#";
    case DS_CLOCK_COMPLAINT: return "/complaint#";
    case DS_CLOCK_CALLBACK: return "/callback#";
    case DS_CLOCK_HOTLINE: return "/occasion#";
    case DS_CLOCK_NONE:
    case DS_CLOCK_ORDER:
    case DS_CLOCK_DISPATCH:
    case DS_CLOCK_CONTACT:
    case DS_CLOCK_FEEDBACK:
    case DS_CLOCK_DELAY:
    case DS_CLOCK_SURVEY_SHEET: /* its subject is the cause */
    case DS_CLOCK_WEEKLY_SHEET:
    case DS_CLOCK_COUNT: break;
    }
    return "/clock#"; /* these cost nothing; the rulebook may say otherwise one day */
}

char *ledger_cause(struct ds_out *out, const char *subject, enum ds_clock clock, uint32_t n)
{
    /* a territory's month has one sheet: there is nothing to count */
    if (clock == DS_CLOCK_SURVEY_SHEET)
        return ds_out_text(out, (const char *const[]){subject, NULL});
    return ds_out_text(
        out, (const char *const[]){subject, cause_word(clock), ds_out_number(out, n), NULL});
}

const struct ds_territory *ledger_territory(const struct ledger_view *view,
                                            const struct ds_version *version, const char *account)
{
    const struct ds_account *found = ds_find_account(version, account);

    if (found) return found->territory;
    if (strncmp(account, "person:", 7) == 0) {
        const struct ds_person *person = ds_find_person(version, account + 7);
        if (person && person->territory) return person->territory;
    }
    for (uint32_t i = 0; i < version->n_territories; i++)
        if (version->territories[i].partition == view->partition) return &version->territories[i];
    return &version->territories[0];
}

uint32_t ledger_month(const struct ledger_view *view, const struct ds_version *version,
                      const char *account, int64_t at_ms)
{
    return ds_month_of(ledger_territory(view, version, account)->calendar->zone, at_ms);
}

void ledger_cite(struct ds_out *out, Ds__Entry *entry, const Ds__EventRef *ref)
{
    if (!ref || entry->n_events == CITED_MAX) return;
    if (!entry->events) entry->events = ds_out_room(out, CITED_MAX * sizeof entry->events[0]);
    entry->events[entry->n_events++] = ds_out_ref(out, (enum ds_source)ref->source, ref->seq);
}

void ledger_cite_event(struct ds_out *out, Ds__Entry *entry, const struct ds_event *event)
{
    Ds__EventRef ref = DS__EVENT_REF__INIT;

    DS_SET(&ref, source, (Ds__Source__Name)event->ref.source);
    DS_SET(&ref, seq, event->ref.seq);
    ledger_cite(out, entry, &ref);
}

struct ledger_decision *ledger_add(struct ledger_decisions *decisions, enum ledger_act act,
                                   Ds__Entry *entry)
{
    DS_ASSERT(decisions->n < LEDGER_DECISIONS_MAX);
    struct ledger_decision *added = &decisions->list[decisions->n++];

    *added = (struct ledger_decision){.act = act,
                                      .entry = entry,
                                      .key = "",
                                      .obligation = {"", ""},
                                      .serious = {"", ""},
                                      .note = "",
                                      .by = ""};
    return added;
}

void ledger_apply(struct ledger_decisions *decisions, Ds__Reason__Name reason)
{
    decisions->outcome = DS__OUTCOME_CODE__NAME__APPLIED;
    decisions->reason = reason;
}

void ledger_refuse(struct ledger_decisions *decisions, Ds__Reason__Name reason)
{
    decisions->outcome = DS__OUTCOME_CODE__NAME__REFUSED;
    decisions->reason = reason;
}

bool ledger_decide(struct ledger_decisions *decisions, const struct ledger_view *view,
                   enum ledger_act act, Ds__Entry *entry)
{
    if (view->entry(view->self, entry->key)) return false;
    if (act == LEDGER_PROPOSE && view->proposal(view->self, entry->key)) return false;
    for (uint32_t i = 0; i < decisions->n; i++)
        if (strcmp(decisions->list[i].entry->key, entry->key) == 0) return false;
    struct ledger_decision *added = ledger_add(decisions, act, entry);
    if (act == LEDGER_PROPOSE) {
        added->until_ms = ledger_expires_at_ms(view, decisions);
        return true;
    }
    ledger_book_month(view, entry, decisions->settled_ms);
    added->until_ms = ledger_appeal_until_ms(view, decisions);
    return true;
}

const char *ledger_manager(const struct ds_version *version)
{
    for (uint32_t i = 0; i < version->n_people; i++)
        if (version->people[i].role == DS_ROLE_MANAGER) return version->people[i].account_key;
    return "";
}

Ds__Entry *ledger_entry_of_verdict(struct ds_out *out, const struct ledger_view *view,
                                   const struct ds_event *event, const char *account,
                                   Ds__Reason__Name reason)
{
    const Ds__Judged *judged = event->msg->judged;
    const struct ds_version *version = view->rules(view->self, judged->rulebook);
    const struct ds_clause *clause = ds_find_clause(version, judged->clause);
    DS_ASSERT(clause); /* the rulebook was checked */
    char *cause = ledger_cause(out, event->msg->subject, (enum ds_clock)judged->clock, judged->n);
    Ds__Entry *entry = ledger_entry(out, version, clause, account, cause, 0);

    /* a call or a month is no ticket */
    if (judged->clock != DS__CLOCK__NAME__HOTLINE && judged->clock != DS__CLOCK__NAME__SURVEY_SHEET)
        entry->ticket = event->msg->subject;
    if (judged->owner && judged->owner[0]) entry->owner = judged->owner;
    DS_SET(entry, month, ledger_month(view, version, account, judged->due_at_ms));
    DS_SET(entry, due_at_ms, judged->due_at_ms);
    if (judged->has_stop_at_ms) DS_SET(entry, actual_at_ms, judged->stop_at_ms);
    DS_SET(entry, reason, reason);
    ledger_cite_event(out, entry, event);
    ledger_cite(out, entry, judged->start_event);
    ledger_cite(out, entry, judged->due_event);
    ledger_cite(out, entry, judged->stop_event);
    return entry;
}
