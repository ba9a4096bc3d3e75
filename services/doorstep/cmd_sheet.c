/* SPDX-License-Identifier: MIT
 *
 * `doorstep sheet`: a month's satisfaction sheet (P4) as it was drawn, with what the customers
 * said. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/event_json.h"
#include "doorstep/books.h"
#include "doorstep/explain.h"
#include "doorstep/sheet_read.h"
#include "doorstep/store_read.h"

enum { OPT_TERRITORY, OPT_MONTH, OPT_CSV, OPT_XLSX };

static void print_row(const struct cli *cli, const struct sheet_row *row)
{
    cli_put(stdout, row->ticket, 14);
    cli_put(stdout, row->ref, 14);
    cli_put(stdout, ds_word(cli->lang, row->install ? DS_WORD_INSTALL : DS_WORD_REPAIR), 8);
    if (row->answer) {
        const Ds__RecordCallback *callback = row->answer->msg->callback_recorded;
        printf(" %s %u", ds_word(cli->lang, DS_WORD_SATISFACTION), callback->satisfaction);
        for (size_t i = 0; i < callback->n_answers; i++) {
            printf(", ");
            answer_put(stdout, cli->lang, callback->answers[i]);
        }
        if (ds_str(callback->note)[0]) printf(" (%s)", callback->note);
    }
    printf("\n");
}

static void print_table(const struct cli *cli, const struct sheet *sheet)
{
    const Ds__SheetDrawn *drawn = sheet->drawn->msg->sheet_drawn;
    enum ds_lang lang = cli->lang;
    char at[32];

    printf("%s %u: ", drawn->territory, drawn->month);
    if (drawn->blocks > 0)
        printf("%u %s", drawn->blocks, ds_word(lang, DS_WORD_BLOCKS));
    else
        printf("%s", ds_reason_text(lang, DS__REASON__NAME__SHEET_TOO_SHORT));
    printf("; %zu (%s %u %s, %u %s)\n", drawn->n_drawn, ds_word(lang, DS_WORD_OUT_OF),
           drawn->repairs, ds_word(lang, DS_WORD_REPAIR), drawn->installs,
           ds_word(lang, DS_WORD_INSTALL));
    printf("%s %s\n", ds_word(lang, DS_WORD_SEED), drawn->seed);
    if (sheet->handed_in)
        cli_local_time(at, sheet->handed_in->msg->sheet_handed_in->handed_in_at_ms, sheet->zone);
    printf("%s %s\n\n", ds_word(lang, sheet->handed_in ? DS_WORD_HANDED_IN : DS_WORD_NOT_HANDED_IN),
           sheet->handed_in ? at : "");
    for (size_t i = 0; i < drawn->n_drawn; i++) {
        struct sheet_row row = sheet_row_at(sheet, i);
        print_row(cli, &row);
    }
}

/* The very events: what was drawn, what the customers said, when it was handed in. */
static void print_json(const struct sheet *sheet)
{
    size_t n = 0;

    cli_put_item(stdout, n++, event_json(sheet->drawn));
    for (size_t i = 0; i < sheet->drawn->msg->sheet_drawn->n_drawn; i++) {
        struct sheet_row row = sheet_row_at(sheet, i);
        if (row.answer) cli_put_item(stdout, n++, event_json(row.answer));
    }
    if (sheet->handed_in) cli_put_item(stdout, n++, event_json(sheet->handed_in));
    cli_put_end(stdout, n);
}

/* --csv and --xlsx: all answers as a table. */
static int print_paper(struct cli *cli, const struct sheet *sheet)
{
    const Ds__SheetDrawn *drawn = sheet->drawn->msg->sheet_drawn;
    struct paper paper;

    paper_init(&paper, cli->lang, "sheet", sheet->drawn->msg->received_at_ms);
    struct table *table =
        paper_table(&paper, "orders", "satisfaction sheet", "满意度调查表", sheet_columns);
    table_title(table, "Satisfaction sheet %s, %u", "满意度调查表 %s,%u", drawn->territory,
                drawn->month);
    sheet_put(table, sheet);
    int code = paper_out(cli, &paper, cli->values[OPT_CSV] != NULL, cli->values[OPT_XLSX]);
    paper_finish(&paper);
    return code;
}

static int print(struct cli *cli, const struct archive *archive, uint32_t month)
{
    const char *territory = cli->values[OPT_TERRITORY];
    struct sheet sheet;

    sheet_find(&sheet, archive, territory, month);
    if (!sheet.drawn) return cli_fail(cli, EXIT_REJECTED, SAID_NO_SHEET, territory, month);
    if (cli->values[OPT_XLSX] || (cli->values[OPT_CSV] && !cli->json))
        return print_paper(cli, &sheet);
    if (cli->json)
        print_json(&sheet);
    else
        print_table(cli, &sheet);
    return EXIT_FINE;
}

static int run(struct cli *cli)
{
    const char *territory = cli->values[OPT_TERRITORY], *text = cli->values[OPT_MONTH];
    struct archive archive = {0};
    struct rt_conf conf;

    if (!territory || !text) return cli_fail(cli, EXIT_USAGE, SAID_WHICH_SHEET);
    uint32_t month = books_parse_month(text);
    if (month == 0) return cli_fail(cli, EXIT_USAGE, SAID_MONTH);
    int code = cli_conf(cli, &conf);
    redisContext *redis = code == EXIT_FINE ? store_open(cli, &conf) : NULL;
    if (code == EXIT_FINE && !redis) code = EXIT_UNAVAILABLE;
    uint32_t partitions = code == EXIT_FINE ? (uint32_t)conf.partitions : 0;
    if (code == EXIT_FINE) code = store_versions(cli, redis, partitions, &archive);
    const struct ds_version *rules = archive_in_force(&archive);
    const struct ds_territory *known = rules ? ds_find_territory(rules, territory) : NULL;
    if (code == EXIT_FINE && !known)
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_TERRITORY, territory);
    if (code == EXIT_FINE)
        code = store_archive(cli, redis, partitions, known->partition,
                             1u << DS_INTAKE | 1u << DS_SURVEY, &archive);
    if (code == EXIT_FINE) code = print(cli, &archive, month);
    if (redis) redisFree(redis);
    archive_finish(&archive);
    return code;
}

static const struct option_spec options[] = {
    [OPT_TERRITORY] = {"--territory", "ID", "whose sheet"},
    [OPT_MONTH] = {"--month", "YYYYMM", "of which month"},
    [OPT_CSV] = {"--csv", NULL, "all answers, for a spreadsheet"},
    [OPT_XLSX] = {"--xlsx", "FILE", "all answers, as a workbook that prints on A4; -: to stdout"},
    {NULL, NULL, NULL},
};

const struct command command_sheet = {
    .name = "sheet",
    .arguments = "",
    .summary = "a month's satisfaction sheet: the orders that were drawn, with their answers",
    .details = "  doorstep sheet --territory county --month 200703\n"
               "  doorstep sheet --territory county --month 200703 --csv > sheet.csv\n\n"
               "With --json the events themselves; deploy/examples/draw_again.py draws the sheet "
               "again from them.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
