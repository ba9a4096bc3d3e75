/* SPDX-License-Identifier: MIT
 *
 * Penalty ledger: books what broken promises cost, from final verdicts alone, and what the manager
 * reports, confirms or reverses. One entry per (clause, account, cause), ever; nothing edits one.
 *
 *   clauses.c       which clause is decided where
 *   clause_7_X.c    one each: booked from events
 *   proposals.c     what callbacks put before the manager; confirm, reject
 *   return_cause.c  7.11, 7.17, 7.18: proposed when a unit comes back
 *   case_analysis.c 7.14: proposed when the case of a repeat repair was not analysed
 *   manager.c       report, reverse, obligations
 *   rejudged.c      the difference when a verdict is judged again
 *   appeals.c months.c instalments.c
 *   entry.c         keys, amounts, months
 *   ledger.c        loads, stores; ledger_books.c books and chains; they decide nothing
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
    LEDGER_REVERSE, /* entry compensates entry->reverses; an open appeal against it is granted */
    LEDGER_CLOSE_OBLIGATION,
    LEDGER_APPEAL, /* the manager is asked to look at an entry again */
    LEDGER_UPHOLD, /* he did, and it stands */
    LEDGER_CLOSE_MONTH,
    LEDGER_INSTALMENTS,
};

struct ledger_decision {
    enum ledger_act act;
    Ds__Entry *entry; /* lives in out; for REJECT only its key is looked at */
    const char *key;  /* of an obligation, entry or (CONFIRM) proposal that was there before;
                         territory of a month */
    struct ds_owed obligation; /* beside the money; "" */
    struct ds_owed serious;    /* as well; "" */
    const char *note;          /* why, or what was done */
    const char *by;
    uint32_t number;  /* the month; how many instalments */
    int64_t until_ms; /* PROPOSE: it can be decided until then; POST, CONFIRM: appealed;
                         CLOSE_MONTH: later events find it so */
};

struct ledger_decisions {
    uint32_t n;
    struct ledger_decision list[LEDGER_DECISIONS_MAX];
    Ds__OutcomeCode__Name outcome; /* for the command that asked; NONE: nobody asked */
    Ds__Reason__Name reason;
    int64_t not_before_ms; /* refused only for now; 0: for good */
    int64_t stamp_ms;      /* of the event at hand */
    int64_t settled_ms;    /* since when it was settled: what is settled after a month was closed
                              is booked in a later one, however late it is worked off */
    uint32_t rulebook;     /* in force when it was recorded */
};

/* What the rules may look up; pure for the length of a step. */
struct ledger_view {
    const struct ds_version *(*rules)(const void *self, uint32_t number);
    const Ds__LedgerEntry *(*entry)(const void *self, const char *key);
    const Ds__LedgerProposal *(*proposal)(const void *self, const char *key);
    const Ds__LedgerObligation *(*obligation)(const void *self, const char *key);
    const Ds__LedgerClosings *(*closings)(const void *self, const char *territory);
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

/* Where an account works; whoever works everywhere is booked with the partition's first. */
const struct ds_territory *ledger_territory(const struct ledger_view *view,
                                            const struct ds_version *version, const char *account);

/* Local month an instant belongs to, where the account works. */
uint32_t ledger_month(const struct ledger_view *view, const struct ds_version *version,
                      const char *account, int64_t at_ms);

/* Points an entry at one more event (at most 8); NULL is ignored. */
void ledger_cite(struct ds_out *out, Ds__Entry *entry, const Ds__EventRef *ref);
void ledger_cite_event(struct ds_out *out, Ds__Entry *entry, const struct ds_event *event);

/* Adds a decision; its texts are empty until the caller fills them in. */
struct ledger_decision *ledger_add(struct ledger_decisions *decisions, enum ledger_act act,
                                   Ds__Entry *entry);

/* The answer to the command at hand. */
void ledger_apply(struct ledger_decisions *decisions, Ds__Reason__Name reason);
void ledger_refuse(struct ledger_decisions *decisions, Ds__Reason__Name reason);

/* Adds a decision unless the same cause is booked or proposed already. False: it was. */
bool ledger_decide(struct ledger_decisions *decisions, const struct ledger_view *view,
                   enum ledger_act act, Ds__Entry *entry);

/* Entry of a final breach, with everything a verdict tells. */
Ds__Entry *ledger_entry_of_verdict(struct ds_out *out, const struct ledger_view *view,
                                   const struct ds_event *event, const char *account,
                                   Ds__Reason__Name reason);

/* Whoever makes the rosters answers for what nobody was there to do. */
const char *ledger_manager(const struct ds_version *version);

/* ---- clauses.c ---- */

/* How a clause comes into the books. A test compares this table with the rulebook and the stories.
 */
struct ledger_clause {
    const char *id;
    enum ds_clause_how how;
    const char *file;            /* where it is decided */
    enum ds_clock clock;         /* whose final breach it is; NONE: no clock */
    enum ds_event_type feeds[9]; /* what it is decided from; ends with 0 */
};
const struct ledger_clause *ledger_find_clause(const char *id); /* NULL: a rulebook's own */

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

/* ---- rejudged.c: a verdict under other rules ---- */

void ledger_on_rejudged(const struct ds_event *event, const struct ledger_view *view,
                        struct ds_out *out, struct ledger_decisions *decisions);

/* ---- return_cause.c: 7.11, 7.17, 7.18 ---- */

void ledger_on_return_cause(const struct ds_event *event, const struct ledger_view *view,
                            struct ds_out *out, struct ledger_decisions *decisions);

/* ---- case_analysis.c: 7.14 ---- */

void ledger_on_case_not_analysed(const struct ds_event *event, const struct ledger_view *view,
                                 struct ds_out *out, struct ledger_decisions *decisions);

/* ---- manager.c ---- */

/* Is this an account of the version, or somebody's who belongs to none? */
bool ledger_has_account(const struct ds_version *version, const char *key);

void ledger_on_violation(const struct ds_event *event, const struct ledger_view *view,
                         struct ds_out *out, struct ledger_decisions *decisions);
/* Compensates a booked entry: the manager's reversal, or an appeal that is granted. */
void ledger_reverse(const struct ds_event *event, const struct ledger_view *view,
                    struct ds_out *out, struct ledger_decisions *decisions, const char *key,
                    const char *note, Ds__Reason__Name reason);
void ledger_on_reversal(const struct ds_event *event, const struct ledger_view *view,
                        struct ds_out *out, struct ledger_decisions *decisions);
void ledger_on_obligation(const struct ds_event *event, const struct ledger_view *view,
                          struct ledger_decisions *decisions);

/* ---- proposals.c ---- */

/* Until when what this event proposes can be decided. */
int64_t ledger_expires_at_ms(const struct ledger_view *view,
                             const struct ledger_decisions *decisions);
void ledger_on_contradiction(const struct ds_event *event, const struct ledger_view *view,
                             struct ds_out *out, struct ledger_decisions *decisions);
void ledger_on_confirm(const struct ds_event *event, const struct ledger_view *view,
                       struct ds_out *out, struct ledger_decisions *decisions);
void ledger_on_reject(const struct ds_event *event, const struct ledger_view *view,
                      struct ledger_decisions *decisions);

/* ---- appeals.c ---- */

/* Until when an entry that this event books can be appealed. */
int64_t ledger_appeal_until_ms(const struct ledger_view *view,
                               const struct ledger_decisions *decisions);
void ledger_on_appeal(const struct ds_event *event, const struct ledger_view *view,
                      struct ledger_decisions *decisions);
void ledger_on_appeal_decision(const struct ds_event *event, const struct ledger_view *view,
                               struct ds_out *out, struct ledger_decisions *decisions);

/* ---- months.c ---- */

/* Last month that was closed for what is settled at settled_ms; 0: none. */
uint32_t ledger_closed_month(const Ds__LedgerClosings *closings, int64_t settled_ms);

/* Last instant at which a verdict on a due in this month can still become final. */
int64_t ledger_month_final_ms(const struct ledger_view *view, const struct ds_zone *zone,
                              uint32_t month);

/* Moves an entry whose month is closed to the earliest open one. */
void ledger_book_month(const struct ledger_view *view, Ds__Entry *entry, int64_t settled_ms);

void ledger_on_close_month(const struct ds_event *event, const struct ledger_view *view,
                           struct ledger_decisions *decisions);

/* ---- instalments.c ---- */

void ledger_on_instalments(const struct ds_event *event, const struct ledger_view *view,
                           struct ledger_decisions *decisions);

#endif
