/* SPDX-License-Identifier: MIT
 *
 * `doorstep rulebook diff OLD NEW [JOURNAL...]`: what changes for whom, with what the new rules
 * would have cost beside it. */
#include "doorstep/rules_diff_print.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doorstep/backtest.h"
#include "doorstep/rules_diff.h"
#include "doorstep/rules_list.h"
#include "rulebook/rulebook.h"

/* ---- which rules ---- */

/* A directory, a number of an installation, or a rulebook with or without its directory.yaml. */
static int read_rules(struct cli *cli, const char *name, struct rules_files *files)
{
    const char *slash = strrchr(name, '/');
    char beside[1024];
    struct stat found;

    *files = (struct rules_files){0};
    bool there = stat(name, &found) == 0;
    if (!there && strcmp(name, RULES_IN_FORCE) == 0) return rules_read_stored(cli, 0, files);
    if (!there && rules_is_number(name))
        return rules_read_stored(cli, (uint32_t)strtoul(name, NULL, 10), files);
    if (there && S_ISDIR(found.st_mode)) return rules_read(cli, name, files);
    snprintf(beside, sizeof beside, "%.*sdirectory.yaml", slash ? (int)(slash - name + 1) : 0,
             name);
    return rules_read_one(cli, name, access(beside, R_OK) == 0 ? beside : NULL, files);
}

/* A rulebook alone is read with the other's directory: people are then no difference. */
static int lend_directory(struct cli *cli, struct rules_files *files,
                          const struct rules_files *other)
{
    if (files->directory) return EXIT_FINE;
    if (!other->directory)
        return cli_fail(cli, EXIT_USAGE, SAID_NO_DIRECTORY_BESIDE, files->rulebook_path);
    files->directory = strdup(other->directory);
    if (!files->directory) abort();
    files->directory_len = other->directory_len;
    snprintf(files->directory_path, sizeof files->directory_path, "%s", other->directory_path);
    return EXIT_FINE;
}

/* ---- what it would have cost ---- */

static bool is_in(const char *list, const char *clause)
{
    size_t len = strlen(clause);

    for (const char *at = list; (at = strstr(at, clause)); at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == '\0' || at[len] == ',')) return true;
    return false;
}

/* Does another change bear on a clause that this one bears on? Then nobody can tell what of it was
 * whose. */
static bool is_alone(const struct rules_diff *diff, const struct rules_change *change)
{
    for (size_t i = 0; i < diff->n; i++) {
        const struct rules_change *other = &diff->list[i];
        char clause[64];
        if (other == change || !other->clause[0]) continue;
        if (other->clause[0] == '*') return false;
        for (const char *at = other->clause; *at; at += strspn(at, ", ")) {
            size_t len = strcspn(at, ",");
            snprintf(clause, sizeof clause, "%.*s", (int)len, at);
            if (is_in(change->clause, clause)) return false;
            at += len;
        }
    }
    return true;
}

/* False: it costs nothing, nothing that it may cost was booked, or it is not alone in that. */
static bool cost_of(const struct rules_diff *diff, const struct backtest *test,
                    const struct rules_change *change, struct backtest_sum *ret)
{
    bool any = false;

    *ret = (struct backtest_sum){0};
    if (test && strcmp(change->path, "piece_rates") == 0) {
        ret->n_before = ret->n_after = test->paid.jobs;
        ret->before_fen = test->paid.before_fen;
        ret->after_fen = test->paid.after_fen;
        return test->rates_differ;
    }
    if (change->clause[0] == '*' || !is_alone(diff, change)) return false;
    for (size_t i = 0; test && i < test->clauses.n; i++) {
        const struct backtest_sum *sum = &test->clauses.list[i];
        if (!is_in(change->clause, sum->name)) continue;
        any = true;
        ret->n_before += sum->n_before;
        ret->before_fen += sum->before_fen;
        ret->n_after += sum->n_after;
        ret->after_fen += sum->after_fen;
    }
    return any;
}

static const struct table_column columns[] = {
    {"path", "value", "项目", TABLE_TEXT, false},
    {"sentence", "what changes", "变化", TABLE_TEXT, false},
    {"concerns", "for whom", "涉及", TABLE_TEXT, false},
    {"clause", "clause", "条款", TABLE_TEXT, false},
    {"entries_before", "entries before", "原笔数", TABLE_COUNT, false},
    {"before_fen", "yuan before", "原金额(元)", TABLE_FEN, false},
    {"entries_after", "entries after", "新笔数", TABLE_COUNT, false},
    {"after_fen", "yuan after", "新金额(元)", TABLE_FEN, false},
    {0}};

static const struct table_column sum_columns[] = {
    {"clause", "clause", "条款", TABLE_TEXT, false},
    {"entries_before", "entries before", "原笔数", TABLE_COUNT, false},
    {"before_fen", "yuan before", "原金额(元)", TABLE_FEN, false},
    {"entries_after", "entries after", "新笔数", TABLE_COUNT, false},
    {"after_fen", "yuan after", "新金额(元)", TABLE_FEN, false},
    {0}};

static bool differs(const struct backtest_sum *sum)
{
    return sum->n_before != sum->n_after || sum->before_fen != sum->after_fen;
}

/* What all changes together do to each clause. */
static void put_sums(struct paper *paper, const struct backtest *test)
{
    struct table *table =
        paper_table(paper, "figures", "all changes together", "所有变化合计", sum_columns);

    for (size_t i = 0; i < test->clauses.n; i++) {
        const struct backtest_sum *sum = &test->clauses.list[i];
        if (!differs(sum)) continue;
        table_row(table);
        table_text(table, sum->name);
        table_number(table, (int64_t)sum->n_before);
        table_number(table, sum->before_fen);
        table_number(table, (int64_t)sum->n_after);
        table_number(table, sum->after_fen);
    }
}

static void put_change(struct table *table, const struct rules_diff *diff,
                       const struct rules_change *change, const struct backtest *test)
{
    struct backtest_sum cost;
    char whom[96];

    rules_concern_text(table->lang, change->concern, whom, sizeof whom);
    table_row(table);
    table_text(table, change->path);
    table_text(table, change->text);
    table_text(table, whom);
    table_text(table, change->clause[0] == '*' ? NULL : change->clause);
    if (!cost_of(diff, test, change, &cost)) return;
    table_number(table, (int64_t)cost.n_before);
    table_number(table, cost.before_fen);
    table_number(table, (int64_t)cost.n_after);
    table_number(table, cost.after_fen);
}

static void print_cost(const struct cli *cli, const char *name, const struct backtest_sum *cost)
{
    char before[32], after[32];

    cli_yuan(before, cost->before_fen);
    cli_yuan(after, cost->after_fen);
    cli_print(cli, SAID_WOULD_COST, name, cost->n_before, before, cost->n_after, after);
}

static void print_changes(const struct cli *cli, const struct rules_diff *diff,
                          const struct backtest *test)
{
    char whom[96];

    if (diff->n == 0) cli_print(cli, SAID_RULES_THE_SAME);
    for (size_t i = 0; i < diff->n; i++) {
        const struct rules_change *change = &diff->list[i];
        struct backtest_sum cost;
        rules_concern_text(cli->lang, change->concern, whom, sizeof whom);
        cli_print(cli, SAID_CHANGE, change->text, whom);
        if (change->clause[0] && cost_of(diff, test, change, &cost))
            print_cost(cli, change->clause, &cost);
    }
    if (!test) return;
    printf("\n");
    for (size_t i = 0; i < test->clauses.n; i++)
        if (differs(&test->clauses.list[i]))
            print_cost(cli, test->clauses.list[i].name, &test->clauses.list[i]);
    print_cost(cli, ds_word(cli->lang, DS_WORD_ALL), &test->all);
    if (test->rates_differ) {
        char before[32], after[32];
        cli_yuan(before, test->paid.before_fen);
        cli_yuan(after, test->paid.after_fen);
        cli_print(cli, SAID_WOULD_PAY, test->paid.jobs, before, after);
    }
    cli_print(cli, SAID_COST_TOGETHER);
}

static int print(struct cli *cli, const struct rules_diff *diff, const struct backtest *test,
                 bool csv, const char *xlsx)
{
    struct paper paper;

    if (!csv && !xlsx && !cli->json) {
        print_changes(cli, diff, test);
        return EXIT_FINE;
    }
    paper_init(&paper, cli->lang, "rulebook_diff", 0);
    paper_title(&paper, "What changes, and for whom", "规则变化及涉及人员");
    struct table *table = paper_table(&paper, "changes", "changes", "变化", columns);
    for (size_t i = 0; i < diff->n; i++)
        put_change(table, diff, &diff->list[i], test);
    if (test) put_sums(&paper, test);
    int code = paper_out(cli, &paper, csv, xlsx);
    paper_finish(&paper);
    return code;
}

/* ---- all of it ---- */

static int judge(struct cli *cli, const struct rules_files *new_rules, bool live,
                 struct backtest_input *inputs, size_t *n, struct backtest *test)
{
    struct backtest_asked asked = {.new_rules = *new_rules, .partitions = 16};
    int code = EXIT_FINE;

    asked.new_rules.directory = NULL; /* people as they were */
    size_t n_names = *n;
    *n = 0;
    for (size_t at = 0, took; at < n_names && code == EXIT_FINE; at += took)
        code = backtest_input(cli, cli->argv + 3 + at, n_names - at, &asked, &inputs[(*n)++], test,
                              &took);
    size_t none;
    if (live && n_names == 0 && code == EXIT_FINE)
        code = backtest_input(cli, NULL, 0, &asked, &inputs[(*n)++], test, &none);
    return code;
}

static int compare(struct cli *cli, const struct rules_files files[2],
                   const struct rules_diff_ask *ask)
{
    struct ds_version *versions[2] = {NULL, NULL};
    size_t n = (size_t)cli->argc - 3;
    struct backtest test = {.cli = cli};
    struct backtest_input *inputs = calloc(n + 1, sizeof *inputs);
    struct rules_diff diff = {0};
    int code = EXIT_FINE;

    if (!inputs) abort();
    for (int i = 0; i < 2 && code == EXIT_FINE; i++)
        if (!(versions[i] = rules_compile(cli, &files[i], 1, DS_PARTITIONS_MAX)))
            code = EXIT_REJECTED;
    if (code == EXIT_FINE) code = judge(cli, &files[1], ask->live, inputs, &n, &test);
    if (code == EXIT_FINE) {
        rules_diff(&diff, cli->lang, versions[0], versions[1]);
        code = print(cli, &diff, n > 0 ? &test : NULL, ask->csv, ask->xlsx);
    }
    rules_diff_finish(&diff);
    backtest_finish(&test);
    for (size_t i = 0; i < n; i++)
        backtest_input_finish(&inputs[i]);
    free(inputs);
    ds_version_destroy(versions[0]);
    ds_version_destroy(versions[1]);
    return code;
}

int rules_diff_run(struct cli *cli, const struct rules_diff_ask *ask)
{
    struct rules_files files[2] = {0};

    if (cli->argc < 3) return cli_fail(cli, EXIT_USAGE, SAID_DIFF_WORDS);
    int code = read_rules(cli, cli->argv[1], &files[0]);
    if (code == EXIT_FINE) code = read_rules(cli, cli->argv[2], &files[1]);
    if (code == EXIT_FINE) code = lend_directory(cli, &files[0], &files[1]);
    if (code == EXIT_FINE) code = lend_directory(cli, &files[1], &files[0]);
    if (code == EXIT_FINE) code = compare(cli, files, ask);
    rules_finish(&files[0]);
    rules_finish(&files[1]);
    return code;
}
