/* SPDX-License-Identifier: MIT
 *
 * The `doorstep` command: what its subcommands share. */
#ifndef DOORSTEP_CLI_H
#define DOORSTEP_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "doorstep/archive.h"
#include "doorstep/said.h"
#include "runtime/conf.h"
#include "text/text.h"

/* Exit codes, the same for every subcommand (also in the help text). */
enum {
    EXIT_FINE = 0,
    EXIT_REJECTED = 1, /* a command was rejected, a check failed, nothing was found */
    EXIT_USAGE = 2,
    EXIT_UNAVAILABLE = 69, /* no services, no store */
    EXIT_INTERNAL = 70,
};

struct option_spec {
    const char *name;  /* "--dir" */
    const char *value; /* name of its value in help; NULL: a switch */
    const char *help;
};

struct cli {
    enum ds_lang lang;
    const char *command; /* subcommand at hand */
    bool json;
    char dir[512]; /* data directory */
    int argc;      /* what is left: positional arguments */
    char **argv;
    const char
        *values[20]; /* by position in the subcommand's options; "" for a switch that is on */
};

struct command {
    const char *name;
    const char *arguments;
    const char *summary;
    const char *details; /* help text below the options */
    int min_arguments, max_arguments;
    const struct option_spec *options; /* ends with a NULL name */
    int (*run)(struct cli *cli);
};

extern const struct command command_up, command_submit, command_play, command_replay,
    command_ticket, command_explain, command_alerts, command_ledger, command_rulebook,
    command_statement, command_proposals, command_obligations, command_appeals, command_month,
    command_activate, command_status, command_check, command_export, command_clock, command_return,
    command_callbacks, command_cases, command_waits, command_sheet, command_prove, command_report,
    command_backtest, command_board, command_customer, command_candidates, command_calls,
    command_directory, command_order, command_users, command_keys;

/* Finds and runs the subcommand. */
int cli_main(int argc, char *argv[]);

/* One of two sentences, by the locale. */
const char *cli_say(const struct cli *cli, const char *en, const char *zh);

/* Prints "doorstep <command>: ..." to stderr, in the language; returns code. Sentences: said.h. */
int cli_fail(const struct cli *cli, int code, const char *en, const char *zh, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Prints a sentence of said.h to stderr as it is; returns what fprintf does. */
int cli_tell(const struct cli *cli, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* The same to stdout. */
void cli_print(const struct cli *cli, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* strerror(number) in the language. */
const char *cli_errno(const struct cli *cli, int number);

/* Data directory's configuration; prints problems. 0 or EXIT_UNAVAILABLE. */
int cli_conf(struct cli *cli, struct rt_conf *conf);

/* Text of an instant in local form, e.g. 2007-03-01 08:00:00 (+.123 if not whole); a time that
 * comes for the second time, the clocks having been put back, with its offset behind it. 32 bytes.
 */
void cli_local_time(char buf[32], int64_t at_ms, const struct ds_zone *zone);

/* "1h 05m", "3d 2h", "12s". 32 bytes. */
void cli_duration(char buf[32], int64_t span_ms);

/* "-50.00". 32 bytes. */
void cli_yuan(char buf[32], int64_t fen);

/* Columns that a text takes in a terminal; wide characters take two. */
int cli_width(const char *text);

/* Text, filled up with spaces to so many columns; wide characters take two. */
void cli_put(FILE *to, const char *text, int columns);

/* Reads a whole file ("-" = stdin), bounded; NULL with a message on stderr. free() it. */
char *cli_read_file(const struct cli *cli, const char *path, size_t max, size_t *ret_len);

/* The same for what somebody else handed over: only an ordinary file, no link, pipe or device. */
char *cli_read_plain(const struct cli *cli, const char *path, size_t max, size_t *ret_len);

/* At the end of a command: a table that a full disk cut is no table. The code, or EXIT_INTERNAL
 * with a message. */
int cli_printed(const struct cli *cli, int code);

/* Closes a file that was written. 0, or EXIT_INTERNAL with a message if it did not take all of it.
 */
int cli_close(const struct cli *cli, FILE *file, const char *path);

/* One line of JSON to stdout; takes the object. */
void cli_print_object(json_t *object);

/* A message in its JSON form, one line. */
void cli_print_message(FILE *to, const ProtobufCMessage *message);

/* One JSON text and the end of the line to stdout; the value is let go. */
void cli_print_json(json_t *value);

/* A list, one item a line: the n-th, from 0, which is let go; and its end after n of them. */
void cli_put_item(FILE *to, size_t n, json_t *value);
void cli_put_end(FILE *to, size_t n);

/* CloudEvents form of a record, one JSON line to `to`. */
void cli_print_event(FILE *to, const struct record *record);

/* One line for a person about a record that is an alert; nothing for others. */
void cli_print_alert(FILE *to, enum ds_lang lang, const struct record *record,
                     const struct ds_zone *zone);

/* ---- ledger_print.c ---- */

struct ledger_filter {
    const char *account;  /* its key; NULL: all */
    uint32_t month;       /* yyyymm; 0: all */
    bool without_watcher; /* leave ids of the watcher's events out of the column */
};
void ledger_print_csv(FILE *to, const struct archive *archive, const struct ledger_filter *filter);
void ledger_print_table(FILE *to, enum ds_lang lang, const struct archive *archive,
                        const struct ledger_filter *filter);
/* An entry with its reason in words, too: "why", "why_zh". json_decref it. */
json_t *ledger_entry_json(const Ds__Entry *entry);
void ledger_print_json(FILE *to, const struct archive *archive, const struct ledger_filter *filter);
/* Whole, a line an entry: among other lines. */
void ledger_print_lines(FILE *to, const struct archive *archive);

/* ---- return_print.c ---- */

/* What is said of an exchange or return, in the rest of a line; the decision, in lines of its own,
 * each after `indent` spaces. */
void return_print_check(FILE *to, enum ds_lang lang, const Ds__CheckReturn *check);
void return_print_record(FILE *to, enum ds_lang lang, const Ds__RecordReturn *record);
void return_print_decided(FILE *to, enum ds_lang lang, const Ds__ReturnDecided *decided,
                          const struct ds_version *version, const struct ds_zone *zone, int indent);

/* ---- clause_print.c ---- */

void clause_print(FILE *to, enum ds_lang lang, const struct ds_version *version,
                  const struct ds_clause *clause);
json_t *clause_to_json(const struct ds_version *version, const struct ds_clause *clause);
/* The same of a clause about exchange and return (8.1 to 8.7). */
void right_print(FILE *to, enum ds_lang lang, const struct ds_version *version,
                 const struct ds_right_rule *right);
json_t *right_to_json(const struct ds_version *version, const struct ds_right_rule *right);

void clause_put_feeds(FILE *to, enum ds_lang lang, const enum ds_event_type *feeds);
json_t *clause_feeds_json(const enum ds_event_type *feeds);

/* ---- clock_print.c ---- */

struct watch_clock;

void clock_print(FILE *to, enum ds_lang lang, const struct ds_version *version,
                 const struct watch_clock *clock);
json_t *clock_to_json(const struct ds_version *version, const struct watch_clock *clock);
/* Values of a clock that are our defaults and not the document's word: the rest of a line. */
void clock_put_ours(FILE *to, enum ds_lang lang, uint32_t ours);

/* ---- report_print.c ---- */

/* Counts of verdicts by clock, entries by clause and account, tickets by kind: report.json. */
void report_print_json(FILE *to, const struct archive *archive);
/* One line a ticket: head, phase, verdicts; sorted by id. */
void tickets_print_json(FILE *to, const struct archive *archive);

#endif
