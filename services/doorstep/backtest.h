/* SPDX-License-Identifier: MIT
 *
 * The past under other rules. Everybody did what he did, and the dispatcher offered what it
 * offered; only what it costs is decided anew, by the watcher's and the ledger's own rules. Both
 * sides go the same way: the rules as they were, and the new ones.
 *
 *   backtest_pieces.c what jobs pay by the piece
 *   past.c            what happened           backtest_judge.c  one side: verdicts, then the books
 *   backtest_rules.c  the versions of a side  backtest_lines.c  the two books side by side, sums */
#ifndef DOORSTEP_BACKTEST_H
#define DOORSTEP_BACKTEST_H

#include "doorstep/past.h"
#include "doorstep/rules_files.h"
#include "doorstep/table.h"

/* The rules of one side: what every version that was in force is taken for. */
struct side {
    const struct past *past;
    const struct ds_version *versions[DS_VERSIONS_MAX]; /* by recorded number */
    bool owned;
    struct archive books; /* what the ledger says; sorted */
};

/* The rules as they were. */
void side_as_it_was(const struct past *past, struct side *ret);

/* Another rulebook, each version with the directory it had, or all with the one that is asked for
 * (NULL: none is).
 * 0, or an exit code with every problem; warnings are printed. */
int side_under(struct cli *cli, const struct past *past, const struct rules_files *asked,
               struct side *ret);
void side_finish(struct side *side);

/* Judges and books everything. */
void side_judge(struct side *side);

/* ---- the difference ---- */

struct backtest_line {
    const char *input; /* name of the past */
    const struct past *past;
    uint32_t partition;
    const Ds__Entry *before; /* NULL: only under the new rules */
    const Ds__Entry *after;  /* NULL: no more */
    Ds__Judged verdict;      /* of a line that came or went: what the other side says of it */
    bool judged;
};

/* Of each line of this past that is only on the other side: the final verdict of this one. */
void side_verdicts(struct side *side, struct backtest_line *lines, size_t n, bool after);

struct backtest_sum {
    char name[DS_ID_MAX + 16]; /* clause, account, yyyymm */
    size_t n_before, n_after;
    int64_t before_fen, after_fen;
};

struct backtest_sums {
    struct backtest_sum *list; /* owned */
    size_t n, cap;
};

/* What the manager did that under the new rules meets nothing, or is refused. */
struct backtest_lost {
    const char *what; /* kind of the event: confirm_requested ... */
    char *key;        /* owned: proposal, entry, clause, month */
    Ds__Reason__Name reason;
};

/* What one account's jobs of a month pay. */
struct backtest_pieces {
    char account[DS_ID_MAX + 16];
    uint32_t month;
    size_t jobs;
    int64_t before_fen, after_fen;
};

struct backtest {
    struct cli *cli;
    bool want_verdicts;          /* of lines that came or went */
    struct backtest_line *lines; /* owned: those whose money, account or month differs */
    size_t n_lines, lines_cap;
    size_t same;         /* lines of the same money, account and month */
    size_t same_but_due; /* of these: with another due, instant, reason or owner */
    bool unbooked;       /* of some input nothing was booked that could be compared */
    size_t drifted;      /* lines in which the old rules differ from what was recorded */
    struct backtest_sums clauses, accounts, months;
    struct backtest_sum all;
    bool rates_differ;              /* of jobs by the piece; else they are not counted */
    struct backtest_pieces *pieces; /* owned; by account and month */
    size_t n_pieces, pieces_cap;
    struct backtest_pieces paid; /* all of them */
    struct backtest_lost *lost;  /* owned */
    size_t n_lost, lost_cap;
    size_t open_before, open_after; /* proposals that wait for the manager */
    uint64_t events, judged;
};

/* Adds one past's two sides, which must live as long as the backtest. */
void backtest_add(struct backtest *test, const struct past *past, struct side *before,
                  struct side *after);
void backtest_add_pieces(struct backtest *test, const struct past *past, const struct side *before,
                         const struct side *after);
void backtest_finish(struct backtest *test);

/* ---- from a file to the difference ---- */

struct backtest_asked {
    struct rules_files new_rules; /* directory NULL: each version's own */
    const char *old_rules;        /* of a file of commands: its old rules; NULL: beside it */
    uint32_t partitions;          /* of a file of commands */
};

/* One past and its two sides, to which the lines refer. */
struct backtest_input {
    char dir[1024]; /* of journals that were named one by one */
    struct past past;
    struct side before;
    struct side after;
};

/* names: a directory made by `doorstep export`, a file of commands, or journals of one export, as
 * many as stand side by side; none: the running installation. *ret_took: how many names are done.
 * 0 or an exit code; backtest_input_finish in any case, after backtest_finish. */
int backtest_input(struct cli *cli, char *const *names, size_t n_names,
                   const struct backtest_asked *asked, struct backtest_input *input,
                   struct backtest *test, size_t *ret_took);
void backtest_input_finish(struct backtest_input *input);

/* Tables of the difference; lines: also what is behind it. */
void backtest_paper(const struct backtest *test, struct paper *paper, bool lines);

#endif
