/* SPDX-License-Identifier: MIT
 *
 * The books as they are read: what waits for somebody's decision, closed months, statements. All of
 * it is computed from the journals; nothing here decides or stores. */
#ifndef DOORSTEP_BOOKS_H
#define DOORSTEP_BOOKS_H

#include "doorstep/cli.h"
#include "penalty-ledger/ledger.h"

/* ---- months ---- */

/* The rules' view on an archive, for what they compute without state. partition: whose. */
struct ledger_view books_view(const struct archive *archive, uint32_t partition);

/* Where an account works, by the rules in force. */
const struct ds_territory *books_territory(const struct archive *archive, const char *account);

/* The account that --person or --account (either may be NULL) means; *ret NULL: neither was given.
 * Behind --person stand a technician's rights, so it is the id of a person and of nothing else: he
 * sees the account he works on, his own or his outlet's. Of --account an id will do, if only one
 * account has it. Both take an account's key. By the rules in force, and for whoever has left by
 * the last that knew him; what only waits for its day moves nobody. 0 or an exit code. */
int books_whose(const struct cli *cli, const struct archive *archive, const char *person,
                const char *account, const char **ret);

/* The last closing of a territory; NULL if no month was closed. */
const Ds__MonthClosed *books_closing(const struct archive *archive, const char *territory);

/* Can nothing be booked in an account's month any more? Whoever works everywhere has lines of every
 * territory, until the last of them has closed it. */
bool books_is_closed(const struct archive *archive, const char *account, uint32_t month);

/* "2007-03" or "200703"; 0 if it is neither. */
uint32_t books_parse_month(const char *text);
void books_month_text(char buf[16], uint32_t month);

/* ---- statement.c ---- */

/* Jobs of one kind at one rate; rate NULL: none fits. */
struct job_line {
    const struct ds_piece_rate *rate;
    enum ds_piece kind;
    const char *category;
    enum ds_zone_band zone;
    uint32_t jobs;
    int64_t sum_fen;
};

/* An entry that is deducted over several months, as this month sees it. */
struct instalment_line {
    const Ds__Entry *entry;
    uint32_t number; /* this month's, from 1; 0: none any more */
    uint32_t months;
    int64_t deducted_fen; /* effect on this month's pay */
    int64_t balance_fen;  /* effect on the pay of later months */
};

struct statement {
    const char *account;
    uint32_t month;
    const struct ds_territory *territory;
    bool closed;
    struct job_line *jobs; /* owned */
    size_t n_jobs;
    const struct record **entries; /* owned; sorted by key */
    size_t n_entries;
    struct instalment_line *instalments; /* owned */
    size_t n_instalments;
    int64_t pieces_fen, fines_fen, rewards_fen, carried_fen, settlement_fen;
    bool overflow; /* sums beyond an int64 */
};

/* What a ticket with a result is paid as. */
struct paid_job {
    const struct record *result; /* the first that was filed */
    const char *account; /* of whoever was last there by then, else of the filer; "": nobody's */
    enum ds_zone_band zone;
};

/* Of every ticket that has a result, in the order of their ids; the list is the caller's. */
struct paid_job *statement_jobs(const struct archive *archive, size_t *ret_n);
enum ds_piece statement_piece_of(const Ds__TicketHead *head);

void statement_make(struct statement *statement, const struct archive *archive, const char *account,
                    uint32_t month);

/* All statements of the months in which anything was booked or filed, one line each. */
void statements_print_json(FILE *to, const struct archive *archive);
void statement_finish(struct statement *statement);

/* ---- statement_print.c ---- */

void statement_print(FILE *to, enum ds_lang lang, const struct statement *statement);
void statement_print_csv(FILE *to, const struct statement *statement);
void statement_print_json(FILE *to, const struct statement *statement);

#endif
