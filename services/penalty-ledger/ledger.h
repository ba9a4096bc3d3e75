/* SPDX-License-Identifier: MIT
 *
 * Penalty ledger: books what broken promises cost, from final verdicts alone, and what the manager
 * reports, confirms or reverses. One entry per (clause, account, cause), ever; nothing edits one.
 *
 *   clause_7_1.c clause_7_2.c clause_7_3.c clause_7_4.c clause_7_6.c clause_7_8.c
 *                booked from events
 *   manager.c    report, confirm, reject, reverse; proposals from callbacks
 *   entry.c      keys, amounts, months
 *   ledger.c     loads, stores, chains; decides nothing
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "domain/out.h"
#include "domain/version.h"
#include "engine/service.h"
#include "proto/state.pb-c.h"

extern const struct ds_service ledger_service;

enum { LEDGER_DECISIONS_MAX = 8, LEDGER_VISITS_MAX = DS_CYCLES_MAX * DS_CYCLE_INSTANCES };

enum ledger_act {
    LEDGER_POST,    /* entry goes into the books */
    LEDGER_PROPOSE, /* the manager is asked */
    LEDGER_CONFIRM, /* an open proposal becomes an entry */
    LEDGER_REJECT,  /* an open proposal is dropped */
    LEDGER_REVERSE, /* entry compensates entry->reverses */
};

struct ledger_decision {
    enum ledger_act act;
    Ds__Entry *entry;       /* lives in out; for REJECT only its key is looked at */
    const char *obligation; /* owed beside the money; "" */
    const char *note;       /* REJECT: why */
};

struct ledger_decisions {
    uint32_t n;
    struct ledger_decision list[LEDGER_DECISIONS_MAX];
    Ds__OutcomeCode__Name outcome; /* for the command that asked; NONE: nobody asked */
    Ds__Reason__Name reason;
};

/* What the rules may look up; pure for the length of a step. */
struct ledger_view {
    const struct ds_version *(*rules)(const void *self, uint32_t number);
    const Ds__LedgerEntry *(*entry)(const void *self, const char *key);
    const Ds__LedgerProposal *(*proposal)(const void *self, const char *key);
    const void *self;
    uint32_t partition;
    uint32_t rulebook; /* in force here now */
};

/* Visits of a ticket whose appointment was finally broken: one half of 7.6. */
struct ledger_visits {
    uint32_t n;
    Ds__LedgerTicket__Visit *list[LEDGER_VISITS_MAX + 1];
    Ds__LedgerTicket__Visit made;
    Ds__EventRef made_ref;
    bool changed;
    int64_t keep_until_ms; /* no complaint can be paired with any of them after this */
};

/* Decides what an event means for the books.
 *   visits  in/out  of the event's subject, for verdicts on visits and complaints about them */
void ledger_step(const struct ds_event *event, const struct ledger_view *view,
                 struct ledger_visits *visits, struct ds_out *out,
                 struct ledger_decisions *decisions);

/* ---- entry.c ---- */

/* New entry in out with clause, account, cause, key, amount and version filled in.
 *   amount_fen  for ASSESSED clauses the assessed sum, for MULTIPLE ones the fee; else ignored */
Ds__Entry *ledger_entry(struct ds_out *out, const struct ds_version *version,
                        const struct ds_clause *clause, const char *account, const char *cause,
                        int64_t amount_fen);

/* "T007-1/dispatch#2": cause of a verdict. */
char *ledger_cause(struct ds_out *out, const char *subject, enum ds_clock clock, uint32_t n);

/* Effect on pay of a clause: negative for a fine. */
int64_t ledger_amount_fen(const struct ds_clause *clause, int64_t amount_fen);

/* Local month an instant belongs to, where the account works. */
uint32_t ledger_month(const struct ledger_view *view, const struct ds_version *version,
                      const char *account, int64_t at_ms);

/* Points an entry at one more event (at most 8); NULL is ignored. */
void ledger_cite(struct ds_out *out, Ds__Entry *entry, const Ds__EventRef *ref);
void ledger_cite_event(struct ds_out *out, Ds__Entry *entry, const struct ds_event *event);

/* Adds a decision unless the same cause is booked or proposed already. False: it was. */
bool ledger_decide(struct ledger_decisions *decisions, const struct ledger_view *view,
                   enum ledger_act act, Ds__Entry *entry);

/* Entry of a final breach, with everything a verdict tells. */
Ds__Entry *ledger_entry_of_verdict(struct ds_out *out, const struct ledger_view *view,
                                   const struct ds_event *event, const char *account,
                                   Ds__Reason__Name reason);

/* Whoever makes the rosters answers for what nobody was there to do. */
const char *ledger_manager(const struct ds_version *version);

/* ---- one function per automatic clause: a final breach of its clock ---- */

void ledger_clause_7_1(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions);
void ledger_clause_7_2(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions);
void ledger_clause_7_3(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions);
void ledger_clause_7_4(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions);
void ledger_clause_7_8(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions);
/* 7.6 has two halves, either of which may come first. */
void ledger_clause_7_6_visit(const struct ds_event *event, const struct ledger_view *view,
                             struct ledger_visits *visits);
void ledger_clause_7_6_complaint(const struct ds_event *event, const struct ledger_view *view,
                                 struct ledger_visits *visits, struct ds_out *out,
                                 struct ledger_decisions *decisions);

/* ---- manager.c ---- */

void ledger_on_violation(const struct ds_event *event, const struct ledger_view *view,
                         struct ds_out *out, struct ledger_decisions *decisions);
void ledger_on_contradiction(const struct ds_event *event, const struct ledger_view *view,
                             struct ds_out *out, struct ledger_decisions *decisions);
void ledger_on_confirm(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions);
void ledger_on_reject(const struct ds_event *event, const struct ledger_view *view,
                      struct ds_out *out, struct ledger_decisions *decisions);
void ledger_on_reversal(const struct ds_event *event, const struct ledger_view *view,
                        struct ds_out *out, struct ledger_decisions *decisions);

#endif
