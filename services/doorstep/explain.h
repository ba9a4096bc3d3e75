/* SPDX-License-Identifier: MIT
 *
 * What `doorstep explain` explains: a ticket, a call, a technician's day, a ledger entry. Found in
 * the journals, where everything stays; the watcher forgets what is final.
 *
 *   explain_find.c    which events belong to it
 *   explain_key.c     which ledger line an event is about
 *   explain_his.c     what of it one account may see
 *   explain_line.c    a line for each event
 *   explain_answer.c  what follows from a customer's answer
 *   explain_print.c   all lines, and what a verdict says beside its own
 *   explain_sum.c     what only all of them together tell */
#ifndef DOORSTEP_EXPLAIN_H
#define DOORSTEP_EXPLAIN_H

#include "doorstep/store_read.h"
#include "engine/table.h"

enum explain_kind { EXPLAIN_TICKET, EXPLAIN_CALL, EXPLAIN_DAY, EXPLAIN_ENTRY };

enum { EXPLAIN_CALLS_MAX = 256 }; /* of one caller around the call; a machine may dial more */

/* A call of the same caller, as it was judged last. */
struct explain_call {
    char id[DS_ID_MAX + 1];
    char owner[DS_ACCOUNT_MAX + 1]; /* "" while nobody was named */
    int64_t offered_at_ms;
    bool breached;
    bool repeated; /* judged to be of an earlier call's occasion */
};

struct explain {
    enum explain_kind kind;
    char id[DS_KEY_MAX + 1];   /* ticket, call, person/date, ledger key */
    uint32_t partition;        /* UINT32_MAX: any */
    char near[DS_KEY_MAX + 1]; /* for an id that is unknown: what may have been meant */
    bool certain;              /* was meant: it is that ticket's order number */
    const char *person;        /* who asks, and the account he may see; NULL: may see all */
    const char *account;
    bool of_entry; /* was asked for by a ledger entry */

    struct {
        bool found;
        char territory[DS_ID_MAX + 1];
        char caller[DS_ID_MAX + 1];
        int64_t offered_at_ms;
        int64_t ended_at_ms; /* INT64_MAX: goes on */
        int64_t occasion_ms; /* how long one lasts */
        uint32_t n;          /* calls of this caller, as they came in; */
        bool listed;         /* this one is among them: the last place is kept for it */
        struct explain_call list[EXPLAIN_CALLS_MAX];
    } call;
    struct {
        char person[DS_ID_MAX + 1];
        int32_t local_day;
        const struct ds_version *const *versions;
    } day;
    const struct archive *found; /* while journals are read: what belongs to it so far */
    uint64_t reported_seq;       /* entry that the manager reported: intake's event; 0: none */
};

/* Reads the journals for what an id names, keeping only what belongs to it. The versions must be
 * in the archive; person and account are set before. 0 or an exit code, with a message. */
int explain_find(struct cli *cli, redisContext *redis, uint32_t partitions, const char *id,
                 struct archive *archive, struct explain *ret);

/* Can this be the id of anything? 0, or EXIT_USAGE with a message that says what there is. */
int explain_check_id(struct cli *cli, const char *id);

/* ---- explain_key.c ---- */

/* Line that was booked or proposed; NULL. */
const Ds__Entry *explain_entry(const struct record *record);

/* Ledger key that an event is about; "" for none. */
const char *explain_key(const struct record *record);

/* The key of what was reversed, if it is that of a reversal. */
const char *explain_unreversed(const char *key);

/* "T007-6/dispatch#1" of "7.1/person:wang/T007-6/dispatch#1" or its reversal. */
const char *explain_cause(const char *key);

/* Is the cause something of this ticket, call or day? */
bool explain_is_cause(const char *key, const char *id);

/* ---- explain_his.c ---- */

/* Leaves of what was found what one account may see: how the job went, and its own money. False:
 * none of it concerns that account, or the entry by which it was asked for is another's. */
bool explain_narrow(struct archive *archive, const struct explain *what, const char *asked);

/* The same words whether it is not there or is not his: the answer tells nobody of what others
 * have.
 */
int explain_not_his(const struct cli *cli, const struct explain *what);

/* ---- explain_line.c ---- */

struct page {
    FILE *to;
    enum ds_lang lang;
    const struct ds_zone *zone; /* of local time at the event at hand */
    const struct archive *archive;
};

void explain_put_line(const struct page *page, const struct record *record,
                      const struct explain *what);

/* ", reason" of a delay */
void explain_put_delay(const struct page *page, Ds__Delay__Reason reason);

/* ---- explain_answer.c ---- */

/* "charged" */
enum ds_word answer_question(int question);

/* "charged 95.00 yuan" */
void answer_put(FILE *to, enum ds_lang lang, const Ds__Answer *answer);

/* What a contradiction goes by: question, answer, what was filed, the amount. */
void answer_explain(FILE *to, enum ds_lang lang, const struct archive *archive,
                    const struct record *record);

/* ---- explain_print.c ---- */

void explain_print(FILE *to, enum ds_lang lang, const struct archive *archive,
                   const struct explain *what);

/* ---- explain_sum.c ---- */

/* The record as the rules see it. */
struct ds_event explain_event(const struct record *record);

/* Learns from verdicts which of the caller's calls are of one occasion with the one asked for, and
 * is then asked by id. */
void explain_judge_calls(struct explain *what, const struct archive *archive);
bool explain_one_occasion(const struct explain *what, const char *call);

/* Did a report of the day come after the verdict? */
bool explain_too_late(const struct explain *what, const struct record *record);

/* Last lines of the story of a call or a day. */
void explain_print_sum(FILE *to, enum ds_lang lang, const struct archive *archive,
                       const struct explain *what);

#endif
