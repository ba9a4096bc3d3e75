/* SPDX-License-Identifier: MIT
 *
 * `doorstep cases`: what was the matter when a model showed a symptom, and what helped; `--open`:
 * repairs that did not last and whose case waits to be analysed (7.14). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/cases_read.h"
#include "doorstep/table.h"

enum { OPT_MODEL, OPT_SYMPTOM, OPT_OPEN, OPT_CSV };

/* ---- the archive ---- */

/* Is what was asked for somewhere in the text, both as they are compared? */
static bool fits(const char *wanted, const char *text)
{
    char one[DISPATCH_CASE_TEXT + 1], two[DISPATCH_CASE_TEXT + 1];

    if (!wanted) return true;
    dispatch_compared(wanted, one);
    dispatch_compared(text, two);
    return strstr(two, one) != NULL;
}

static json_t *case_json(const struct case_read *one)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < one->n_rows; i++) {
        const Ds__CaseRow *row = &one->rows[i];
        json_array_append_new(rows, json_pack("{ss ss sI sI sI sI}", "cause", row->cause, "remedy",
                                              row->remedy, "worked", (json_int_t)row->worked,
                                              "failed", (json_int_t)row->failed, "score",
                                              (json_int_t)dispatch_score(row), "used_at_ms",
                                              (json_int_t)row->used_at_ms));
    }
    return json_pack("{ss ss so}", "model", one->model, "symptom", one->symptom, "remedies", rows);
}

static void print_case_csv(const struct case_read *one)
{
    for (size_t i = 0; i < one->n_rows; i++) {
        const Ds__CaseRow *row = &one->rows[i];
        const char *texts[] = {one->model, one->symptom, row->cause, row->remedy};
        for (int t = 0; t < 4; t++) {
            table_put_csv(stdout, texts[t]);
            putchar(',');
        }
        printf("%u,%u,%llu\n", row->worked, row->failed, (unsigned long long)dispatch_score(row));
    }
}

static void print_case(const struct cli *cli, const struct case_read *one)
{
    printf("%s: %s\n", ds_category_word(cli->lang, one->model), one->symptom);
    for (size_t i = 0; i < one->n_rows; i++) {
        const Ds__CaseRow *row = &one->rows[i];
        printf("  %s%s%s (%s %u, %s %u)\n", row->cause, row->cause[0] ? ": " : "", row->remedy,
               ds_word(cli->lang, DS_WORD_WORKED), row->worked, ds_word(cli->lang, DS_WORD_FAILED),
               row->failed);
    }
}

static int list(struct cli *cli, redisContext *redis, uint32_t partitions)
{
    struct cases_read cases = {NULL, 0};
    int code = EXIT_FINE;
    size_t printed = 0;

    for (uint32_t p = 0; code == EXIT_FINE && p < partitions; p++)
        if (!cases_read(redis, p, &cases)) code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    cases_sort(&cases);
    if (code == EXIT_FINE && cli->values[OPT_CSV] && !cli->json)
        printf("model,symptom,cause,remedy,worked,failed,score\n");
    for (size_t i = 0; code == EXIT_FINE && i < cases.n; i++) {
        const struct case_read *one = &cases.list[i];
        if ((!fits(cli->values[OPT_MODEL], one->model) &&
             !fits(cli->values[OPT_MODEL], ds_category_word(cli->lang, one->model))) ||
            !fits(cli->values[OPT_SYMPTOM], one->symptom))
            continue;
        if (cli->json)
            cli_put_item(stdout, printed, case_json(one));
        else if (cli->values[OPT_CSV])
            print_case_csv(one);
        else
            print_case(cli, one);
        printed++;
    }
    if (code == EXIT_FINE && cli->json) cli_put_end(stdout, printed);
    if (code == EXIT_FINE && printed == 0 && !cli->json && !cli->values[OPT_CSV])
        printf("%s\n", ds_word(cli->lang, DS_WORD_NO_CASES));
    cases_finish(&cases);
    return code;
}

/* ---- those that wait to be analysed ---- */

struct opens {
    struct case_open *list; /* owned */
    size_t n;
};

static void take(void *self, const struct case_open *open)
{
    struct opens *opens = self;

    opens->list = realloc(opens->list, (opens->n + 1) * sizeof opens->list[0]);
    if (!opens->list) abort();
    opens->list[opens->n++] = *open;
}

static int due_first(const void *a, const void *b)
{
    const struct case_open *one = a, *two = b;

    if (one->due_at_ms != two->due_at_ms) return one->due_at_ms < two->due_at_ms ? -1 : 1;
    if (one->fixed_at_ms != two->fixed_at_ms) return one->fixed_at_ms < two->fixed_at_ms ? -1 : 1;
    return strcmp(one->ticket, two->ticket);
}

static json_t *open_json(const struct case_open *open)
{
    json_t *object =
        json_pack("{ss ss ss ss ss sI}", "ticket", open->ticket, "repeated_by", open->repeated_by,
                  "account", open->account, "cause", open->cause, "remedy", open->remedy,
                  "fixed_at_ms", (json_int_t)open->fixed_at_ms);

    if (open->due_at_ms != INT64_MAX)
        json_object_set_new(object, "due_at_ms", json_integer(open->due_at_ms));
    return object;
}

static void print_open_csv(const struct case_open *open)
{
    char fixed[32], due[32] = "";

    cli_local_time(fixed, open->fixed_at_ms, open->zone);
    if (open->due_at_ms != INT64_MAX) cli_local_time(due, open->due_at_ms, open->zone);
    const char *texts[] = {
        open->ticket, open->repeated_by, open->account, open->cause, open->remedy, fixed, due};
    for (int t = 0; t < 7; t++) {
        table_put_csv(stdout, texts[t]);
        putchar(t < 6 ? ',' : '\n');
    }
}

static void print_open(const struct cli *cli, const struct case_open *open)
{
    char due[32];

    cli_put(stdout, open->ticket, 14);
    printf(" %s %s, ", ds_word(cli->lang, DS_WORD_REPEATED_BY), open->repeated_by);
    if (open->due_at_ms == INT64_MAX) {
        fputs(ds_word(cli->lang, DS_WORD_STILL_IN_REPAIR), stdout);
    } else {
        cli_local_time(due, open->due_at_ms, open->zone);
        printf("%s %s", ds_word(cli->lang, DS_WORD_DUE), due);
    }
    if (open->account[0]) printf(", %s", open->account);
    if (open->remedy[0])
        printf(", %s %s%s%s", ds_word(cli->lang, DS_WORD_DID_NOT_LAST), open->cause,
               open->cause[0] ? ": " : "", open->remedy);
    printf("\n");
}

static int list_open(struct cli *cli, redisContext *redis, uint32_t partitions)
{
    struct archive archive = {0};
    struct opens opens = {NULL, 0};
    int code = store_versions(cli, redis, partitions, &archive);

    for (uint32_t p = 0; code == EXIT_FINE && p < partitions; p++)
        if (!cases_open(redis, p, &archive, take, &opens))
            code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    if (opens.n > 0) qsort(opens.list, opens.n, sizeof opens.list[0], due_first);
    if (code == EXIT_FINE && cli->values[OPT_CSV] && !cli->json)
        printf("ticket,repeated_by,account,cause,remedy,fixed_at,due_at\n");
    else if (code == EXIT_FINE && opens.n == 0 && !cli->json)
        printf("%s\n", ds_word(cli->lang, DS_WORD_NO_OPEN_CASES));
    for (size_t i = 0; code == EXIT_FINE && i < opens.n; i++) {
        if (cli->json)
            cli_put_item(stdout, i, open_json(&opens.list[i]));
        else if (cli->values[OPT_CSV])
            print_open_csv(&opens.list[i]);
        else
            print_open(cli, &opens.list[i]);
    }
    if (code == EXIT_FINE && cli->json) cli_put_end(stdout, opens.n);
    free(opens.list);
    archive_finish(&archive);
    return code;
}

static int run(struct cli *cli)
{
    struct rt_conf conf;

    if (cli->values[OPT_OPEN] && (cli->values[OPT_MODEL] || cli->values[OPT_SYMPTOM]))
        return cli_fail(cli, EXIT_USAGE, SAID_OPEN_ALONE);
    int code = cli_conf(cli, &conf);
    redisContext *redis = code == EXIT_FINE ? store_open(cli, &conf) : NULL;
    if (code == EXIT_FINE && !redis) code = EXIT_UNAVAILABLE;
    if (code == EXIT_FINE)
        code = (cli->values[OPT_OPEN] ? list_open : list)(cli, redis, (uint32_t)conf.partitions);
    if (redis) redisFree(redis);
    return code;
}

static const struct option_spec options[] = {
    [OPT_MODEL] = {"--model", "TEXT", "only where the model (or category) contains this"},
    [OPT_SYMPTOM] = {"--symptom", "TEXT", "only where the symptom contains this"},
    [OPT_OPEN] = {"--open", NULL, "repairs that did not last and wait to be analysed"},
    [OPT_CSV] = {"--csv", NULL, "for a spreadsheet"},
    {NULL, NULL, NULL},
};

const struct command command_cases = {
    .name = "cases",
    .arguments = "",
    .summary = "what helped before against a symptom of a model, and what did not last",
    .details =
        "  doorstep cases --model KFR-35 --symptom \"not cold\"\n"
        "  doorstep cases --open\n\n"
        "Models and symptoms are compared by their letters and digits alone. Causes and remedies "
        "are\n"
        "not: two wordings are two remedies, only white space makes no difference. A result filed\n"
        "as fixed counts its cause and remedy once; it counts as failed when the same product "
        "(same\n"
        "category and serial number; without one, telephone, category and model) is reported "
        "again\n"
        "in the same territory within repeat_within. Remedies are ordered by how often they "
        "lasted\n"
        "times the share that lasted; those that never did come last and are offered to nobody.\n"
        "`analyse_case` in a command tells that a case was analysed; the rulebook (cases) says "
        "until\n"
        "when.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
