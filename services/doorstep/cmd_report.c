/* SPDX-License-Identifier: MIT
 *
 * `doorstep report`: the department's papers, from a running installation, an export, or a file of
 * commands. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doorstep/books.h"
#include "doorstep/export_read.h"
#include "doorstep/replay_play.h"
#include "doorstep/report.h"
#include "doorstep/store_read.h"

enum { OPT_DATE, OPT_WEEK, OPT_MONTH, OPT_YEAR, OPT_TERRITORY, OPT_CSV, OPT_XLSX, OPT_RULES };
enum { REPLAY_PARTITIONS = 16 };

/* One of the papers. */
struct kind {
    const char *name;
    int option;                         /* that says which day, week, month or year */
    const char *en, *zh;                /* what the option wants */
    int32_t (*parse)(const char *text); /* 0: not that */
    int32_t (*first)(int32_t when);     /* its first and its last local day */
    int32_t (*last)(int32_t when);
    int (*make)(struct paper *paper, const struct report_ask *ask, int32_t when);
};

/* ---- which day, week, month or year ---- */

static int32_t parse_day(const char *text)
{
    int32_t day;

    return ds_parse_date(text, &day) ? day : 0;
}

static int32_t parse_month(const char *text)
{
    return strlen(text) == 7 ? (int32_t)books_parse_month(text) : 0;
}

static int32_t parse_year(const char *text)
{
    bool digits = strlen(text) == 4 && strspn(text, "0123456789") == 4;
    int32_t year = digits ? (int32_t)strtol(text, NULL, 10) : 0;

    return year >= 2000 && year <= 2060 ? year : 0;
}

static int32_t same_day(int32_t day)
{
    return day;
}

static int32_t sunday_of(int32_t monday)
{
    return monday + 6;
}

static int32_t first_of_month(int32_t month)
{
    return ds_day_of((struct ds_date){month / 100, month % 100, 1});
}

static int32_t last_of_month(int32_t month)
{
    return first_of_month(month % 100 == 12 ? month + 89 : month + 1) - 1;
}

static int32_t first_of_year(int32_t year)
{
    return ds_day_of((struct ds_date){year, 1, 1});
}

static int32_t last_of_year(int32_t year)
{
    return ds_day_of((struct ds_date){year, 12, 31});
}

static int make_month(struct paper *paper, const struct report_ask *ask, int32_t month)
{
    return report_monthly(paper, ask, (uint32_t)month);
}

static const struct kind kinds[] = {
    {"daily", OPT_DATE, "a day of the calendar from 2000 to 2060, YYYY-MM-DD",
     "日历上有的日期,写作 YYYY-MM-DD(2000 至 2060 年)", parse_day, same_day, same_day,
     report_daily},
    {"weekly", OPT_WEEK, "the date of a Monday from 2000 to 2060, YYYY-MM-DD",
     "某个星期一的日期,写作 YYYY-MM-DD(2000 至 2060 年)", parse_day, same_day, sunday_of,
     report_weekly},
    {"monthly", OPT_MONTH, "a month from 2000-01 to 2060-12, YYYY-MM",
     "月份,写作 YYYY-MM(2000-01 至 2060-12)", parse_month, first_of_month, last_of_month,
     make_month},
    {"annual", OPT_YEAR, "a year from 2000 to 2060, YYYY", "年份,写作 YYYY(2000 至 2060)",
     parse_year, first_of_year, last_of_year, report_annual},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const struct option_spec options[] = {
    [OPT_DATE] = {"--date", "YYYY-MM-DD", "daily: of which day"},
    [OPT_WEEK] = {"--week", "YYYY-MM-DD", "weekly: the week that begins on this Monday"},
    [OPT_MONTH] = {"--month", "YYYY-MM", "monthly: of which month"},
    [OPT_YEAR] = {"--year", "YYYY", "annual: of which year"},
    [OPT_TERRITORY] = {"--territory", "ID", "only of this territory; else of the department"},
    [OPT_CSV] = {"--csv", NULL, "for a spreadsheet, in yuan and local time"},
    [OPT_XLSX] = {"--xlsx", "FILE", "a workbook that prints on A4, one sheet a table"},
    [OPT_RULES] = {"--rules", "DIR", "of a file of commands, if not beside it"},
    {NULL, NULL, NULL},
};

/* ---- what it is made from ---- */

static int read_events(struct cli *cli, const char *from, struct archive *archive)
{
    struct stage_result result;
    struct stat st;

    bool file = from && (strcmp(from, "-") == 0 || stat(from, &st) != 0 || !S_ISDIR(st.st_mode));
    if (!file && cli->values[OPT_RULES])
        return cli_fail(cli, EXIT_USAGE, SAID_RULES_OF_A_FILE,
                        from ? from : cli_say(cli, "the installation", "安装"));
    if (!from) return store_read(cli, UINT32_MAX, ALL_SOURCES, archive);
    if (file)
        return replay_file(cli, from, cli->values[OPT_RULES], REPLAY_PARTITIONS, INT64_MAX, &result,
                           archive);
    struct export export;
    int code = export_read(cli, from, &export, archive);
    export_finish(&export);
    archive_sort(archive);
    return code;
}

static int print(struct cli *cli, const struct kind *kind, int32_t when,
                 const struct archive *archive)
{
    const struct ds_version *rules = archive_rules(archive);
    struct report_ask ask = {archive, cli->values[OPT_TERRITORY]};
    struct paper paper;

    if (!rules) return cli_fail(cli, EXIT_REJECTED, SAID_NOTHING_YET);
    if (ask.territory && !ds_find_territory(rules, ask.territory))
        return cli_fail(cli, EXIT_REJECTED, SAID_NO_TERRITORY, ask.territory);
    paper_init(&paper, cli->lang, kind->name, report_last_ms(archive));
    paper.department = rules->department;
    paper.zone = rules->territories[0].calendar->zone;
    int code = kind->make(&paper, &ask, when);
    report_note_days(&paper, &ask, kind->first(when), kind->last(when));
    if (code == EXIT_FINE)
        code = paper_out(cli, &paper, cli->values[OPT_CSV] != NULL, cli->values[OPT_XLSX]);
    else
        cli_fail(cli, code, SAID_SUM_TOO_LARGE, kind->name);
    paper_finish(&paper);
    return code;
}

/* Which day, week, month or year is asked for; 0 with a message if that is not clear. */
static int32_t ask_when(struct cli *cli, const struct kind *kind)
{
    static const char *const en[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
    static const char *const zh[] = {"星期一", "星期二", "星期三", "星期四",
                                     "星期五", "星期六", "星期日"};
    const char *option = options[kind->option].name, *text = cli->values[kind->option];

    for (int i = 0; i < KINDS; i++)
        if (kinds[i].option != kind->option && cli->values[kinds[i].option]) {
            cli_fail(cli, EXIT_USAGE, SAID_REPORT_OTHER, kind->name, option,
                     options[kinds[i].option].name);
            return 0;
        }
    if (!text) {
        char form[32];
        snprintf(form, sizeof form, "%s %s", option, options[kind->option].value);
        cli_fail(cli, EXIT_USAGE, SAID_REPORT_WHEN, kind->name, form);
        return 0;
    }
    int32_t when = kind->parse(text);
    if (when == 0) {
        cli_fail(cli, EXIT_USAGE, SAID_REPORT_WRONG, option, text,
                 cli_say(cli, kind->en, kind->zh));
    } else if (kind->option == OPT_WEEK && ds_weekday(when) != 0) {
        struct ds_date monday = ds_date_of(when - ds_weekday(when));
        cli_fail(cli, EXIT_USAGE, SAID_REPORT_MONDAY, text,
                 cli_say(cli, en[ds_weekday(when)], zh[ds_weekday(when)]), monday.year,
                 monday.month, monday.day);
        return 0;
    }
    return when;
}

static int run(struct cli *cli)
{
    const char *from = cli->argc > 1 ? cli->argv[1] : NULL;
    const struct kind *kind = NULL;
    struct archive archive = {0};

    for (int i = 0; i < KINDS; i++)
        if (strcmp(cli->argv[0], kinds[i].name) == 0) kind = &kinds[i];
    if (!kind) return cli_fail(cli, EXIT_USAGE, SAID_REPORT_WORDS, cli->argv[0]);
    int32_t when = ask_when(cli, kind);
    if (when == 0) return EXIT_USAGE;
    if (cli->json && cli->values[OPT_CSV]) return cli_fail(cli, EXIT_USAGE, SAID_ONE_FORM);
    int code = read_events(cli, from, &archive);
    if (code == EXIT_FINE) code = print(cli, kind, when, &archive);
    archive_finish(&archive);
    return code;
}

const struct command command_report = {
    .name = "report",
    .arguments = "daily|weekly|monthly|annual [FILE|DIR]",
    .summary = "the department's papers: efficiency, workload, the month's books, the year",
    .details =
        "  doorstep report daily --date 2007-03-01\n"
        "  doorstep report weekly --week 2007-02-26 --territory county\n"
        "  doorstep report monthly --month 2007-03 --xlsx march.xlsx\n"
        "  doorstep report annual --year 2006 year.ndjson\n\n"
        "From the installation of --dir; from DIR, made by `doorstep export`; or from FILE, "
        "commands\nas `doorstep replay` takes them, which are replayed first.\n\n"
        "daily    who did how much in time, what promises were broken (P3.1)\n"
        "weekly   carried over, new, done, open; what waits for what, what is overdue (P3.2)\n"
        "monthly  the satisfaction sheet (P4) and all accounts' statements; `doorstep sheet` "
        "and\n         `doorstep statement` have one of them in more detail\n"
        "annual   the figures of the department's own report (R), the year before beside them\n\n"
        "First-time-fix rate: of the repairs whose first result was filed in the year, those whose "
        "result\nsays fixed, with one visit at most at which the customer was there, the ticket "
        "not reopened and\nthe same product not reported again within cases.repeat_within of "
        "the rulebook (30 days, our\ndefault). Same product: same category and serial "
        "number; without one,\nsame telephone, category and model. A serial number without a "
        "digit, or with less than 5\nletters and digits, is none. A result less than that before "
        "the last event may\n"
        "still be undone by a later report.\n\n"
        "Cost: piece rates, without parts. A promise is broken by its final verdict, or by the "
        "standing\nprovisional breach while there is none. JSON has fen, ms and thousandths; the "
        "same events give\nthe same bytes, live or replayed.\n",
    .min_arguments = 1,
    .max_arguments = 2,
    .options = options,
    .run = run,
};
