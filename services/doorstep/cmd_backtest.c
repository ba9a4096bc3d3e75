/* SPDX-License-Identifier: MIT
 *
 * `doorstep backtest`: what happened, judged under another rulebook. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "doorstep/apart.h"
#include "doorstep/backtest.h"
#include "doorstep/export_write.h"

enum {
    OPT_RULEBOOK,
    OPT_DIRECTORY,
    OPT_TICKETS,
    OPT_CSV,
    OPT_XLSX,
    OPT_OUT,
    OPT_RULES,
    OPT_PARTITIONS
};

static int write_books(struct cli *cli, const struct backtest_input *input, size_t number,
                       bool after)
{
    const char *dir = cli->values[OPT_OUT];
    struct ledger_filter all = {.without_watcher = true};
    char path[1024], suffix[24] = "";

    if (number > 0) snprintf(suffix, sizeof suffix, "-%zu", number + 1);
    snprintf(path, sizeof path, "%s/%s%s.csv", dir, after ? "after" : "before", suffix);
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return cli_fail(cli, EXIT_USAGE, SAID_FILE, dir, cli_errno(cli, errno));
    FILE *to = fopen(path, "we");
    if (!to) return cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
    ledger_print_csv(to, after ? &input->after.books : &input->before.books, &all);
    return export_close(cli, to, path);
}

static int64_t newest_ms(const struct backtest_input *inputs, size_t n)
{
    int64_t mark_ms = 0;

    for (size_t i = 0; i < n; i++) {
        const struct past *past = &inputs[i].past;
        if (past->until_ms > mark_ms) mark_ms = past->until_ms;
        for (uint32_t p = 0; p < past->partitions && past->until_ms == 0; p++)
            if (past->parts[p].mark_ms > mark_ms) mark_ms = past->parts[p].mark_ms;
    }
    return mark_ms;
}

static int print(struct cli *cli, const struct backtest *test, const struct backtest_input *inputs,
                 size_t n)
{
    bool csv = cli->values[OPT_CSV], lines = cli->values[OPT_TICKETS] || cli->json;
    struct paper paper;

    paper_init(&paper, cli->lang, "backtest", newest_ms(inputs, n));
    paper_title(&paper, "What %s would have cost", "按 %s 重新判定", cli->values[OPT_RULEBOOK]);
    backtest_paper(test, &paper, lines);
    int code = paper_out(cli, &paper, csv, cli->values[OPT_XLSX]);
    paper_finish(&paper);
    return code;
}

static int work_apart(struct cli *cli, void *self)
{
    struct backtest test = {.cli = cli, .want_verdicts = cli->values[OPT_TICKETS] || cli->json};
    const char *partitions = cli->values[OPT_PARTITIONS];
    long parts = partitions ? strtol(partitions, NULL, 10) : 16;
    struct backtest_asked asked = {.old_rules = cli->values[OPT_RULES],
                                   .partitions = (uint32_t)parts};
    size_t n = cli->argc > 0 ? (size_t)cli->argc : 1;

    (void)self;
    if (!cli->values[OPT_RULEBOOK]) return cli_fail(cli, EXIT_USAGE, SAID_WHICH_RULEBOOK);
    if (parts < 1 || parts > DS_PARTITIONS_MAX)
        return cli_fail(cli, EXIT_USAGE, SAID_PARTITIONS, DS_PARTITIONS_MAX);
    int code = rules_read_one_of(cli, cli->values[OPT_RULEBOOK], cli->values[OPT_DIRECTORY],
                                 &asked.new_rules);
    struct backtest_input *inputs = calloc(n, sizeof *inputs);
    if (!inputs) abort();
    n = 0;
    for (size_t at = 0, took; code == EXIT_FINE && (n == 0 || at < (size_t)cli->argc); at += took) {
        size_t i = n++;
        code = backtest_input(cli, cli->argv + at, (size_t)cli->argc - at, &asked, &inputs[i],
                              &test, &took);
        if (code == EXIT_FINE && cli->values[OPT_OUT])
            code = write_books(cli, &inputs[i], i, false);
        if (code == EXIT_FINE && cli->values[OPT_OUT]) code = write_books(cli, &inputs[i], i, true);
    }
    if (code == EXIT_FINE) code = print(cli, &test, inputs, n);
    backtest_finish(&test);
    for (size_t i = 0; i < n; i++)
        backtest_input_finish(&inputs[i]);
    free(inputs);
    rules_finish(&asked.new_rules);
    return code;
}

static int run(struct cli *cli)
{
    return apart(cli, cli->argc > 0 ? cli->argv[0] : cli->dir, work_apart, NULL);
}

static const struct option_spec options[] = {
    [OPT_RULEBOOK] = {"--rulebook", "FILE|DIR",
                      "the rules to judge by, or a directory with a rulebook.yaml; must be said"},
    [OPT_DIRECTORY] = {"--directory", "FILE",
                       "people, rosters and hours to judge by; else as they were"},
    [OPT_TICKETS] = {"--tickets", NULL, "every line that differs, with both verdicts"},
    [OPT_CSV] = {"--csv", NULL, "for a spreadsheet"},
    [OPT_XLSX] = {"--xlsx", "FILE", "a workbook to be printed; -: to stdout"},
    [OPT_OUT] = {"--out", "DIR", "both ledgers, too: before.csv and after.csv"},
    [OPT_RULES] = {"--rules", "DIR", "the old rules of a file of commands; else beside it"},
    [OPT_PARTITIONS] = {"--partitions", "N", "of a file of commands; 16 unless said"},
    {NULL, NULL, NULL},
};

const struct command command_backtest = {
    .name = "backtest",
    .arguments = "[JOURNALS | FILE...]",
    .summary = "judge what happened under another rulebook: what would it have cost?",
    .details =
        "  doorstep backtest --rulebook next.yaml /tmp/journals\n"
        "  doorstep backtest --rulebook next.yaml --tickets year.ndjson\n\n"
        "JOURNALS is a directory made by `doorstep export`, or journals of one, each by its name;\n"
        "FILE is a file of commands with its rules beside it. Without either, the running "
        "installation\n"
        "is read, as far as its ledger has come. By clause, account and month: entries and yuan "
        "under the\nrules as they were, and under the new ones.\n\n"
        "What happened stays: who did what when, what was offered to whom, who was called back "
        "and\n"
        "what the manager decided. A territory must stay; a clause that is gone costs nothing any\n"
        "more; a decision of the manager that meets nothing is listed; proposals do not expire. A\n"
        "verdict that was judged again under another version is so under the old rules only.\n",
    .min_arguments = 0,
    .max_arguments = 512,
    .options = options,
    .run = run,
};
