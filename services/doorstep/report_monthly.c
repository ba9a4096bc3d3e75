/* SPDX-License-Identifier: MIT
 *
 * The month's papers: the satisfaction sheets as they were drawn (P4), and every account's
 * statement (R3.1, P5.3, 7) with the lines that it is made of. Both are computed where `doorstep
 * sheet` and `doorstep statement` compute them; here they stand together, to be printed. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/books.h"
#include "doorstep/report.h"
#include "doorstep/sheet_read.h"

struct monthly {
    const struct report_ask *ask;
    uint32_t month;
    struct archive light; /* what statements are made from; only its list of records is its own */
    struct table *sums, *jobs, *entries, *instalments;
    int64_t pieces_fen, fines_fen, rewards_fen, carried_fen, settlement_fen, n_jobs;
    bool overflow;
};

/* ---- what statements look at ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Tickets whose job is of about this month, by id. */
static const char **tickets_of(const struct monthly *monthly, const struct archive *archive,
                               size_t *ret_n)
{
    const struct ds_zone *zone = archive_rules(archive)->territories[0].calendar->zone;
    size_t n, kept = 0;
    struct paid_job *jobs = statement_jobs(archive, &n);
    const char **tickets = malloc((n + 1) * sizeof *tickets);

    if (!tickets) abort();
    for (size_t i = 0; i < n; i++) {
        int64_t at_ms = record_at_ms(jobs[i].result); /* zones differ by a day at most */
        if (ds_month_of(zone, at_ms - DS_DAY_MS) == monthly->month ||
            ds_month_of(zone, at_ms + DS_DAY_MS) == monthly->month)
            tickets[kept++] = jobs[i].result->msg->subject;
    }
    free(jobs);
    *ret_n = kept;
    return tickets;
}

/* Of the tickets only those of about this month: a statement's work then grows with the month, not
 * with the years. */
static void lighten(struct monthly *monthly, const struct archive *archive)
{
    size_t n;
    const char **tickets = tickets_of(monthly, archive, &n);

    monthly->light = *archive;
    monthly->light.records = malloc((archive->n + 1) * sizeof *archive->records);
    if (!monthly->light.records) abort();
    monthly->light.by_seq = NULL;
    monthly->light.n = 0;
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        const char *subject = ds_str(record->msg->subject);
        int type = (int)record->msg->body_case;
        if (record->entry || type == DS_EV_INSTALMENTS_SET || type == DS_EV_MONTH_CLOSED ||
            (record->source == DS_INTAKE && n > 0 &&
             bsearch(&subject, tickets, n, sizeof *tickets, by_text)))
            monthly->light.records[monthly->light.n++] = *record;
    }
    free(tickets);
}

/* Keys of all accounts that any rules knew, each once. */
static const char **accounts_of(const struct archive *archive, size_t *ret_n)
{
    size_t n = 0, kept = 0, room = 1;

    for (size_t v = 0; v < DS_VERSIONS_MAX; v++)
        if (archive->versions[v])
            room += archive->versions[v]->n_people + archive->versions[v]->n_accounts;
    const char **keys = malloc(room * sizeof *keys);
    if (!keys) abort();
    for (size_t v = 0; v < DS_VERSIONS_MAX; v++) {
        const struct ds_version *version = archive->versions[v];
        for (uint32_t i = 0; version && i < version->n_people; i++)
            keys[n++] = version->people[i].account_key;
        for (uint32_t i = 0; version && i < version->n_accounts; i++)
            keys[n++] = version->accounts[i].key;
    }
    if (n > 0) qsort(keys, n, sizeof *keys, by_text);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || strcmp(keys[kept - 1], keys[i]) != 0) keys[kept++] = keys[i];
    *ret_n = kept;
    return keys;
}

/* ---- the tables ---- */

static const struct table_column sum_columns[] = {
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"name", "name", "姓名", TABLE_TEXT, TABLE_SHOWN},
    {"jobs", "jobs", "工单", TABLE_COUNT, TABLE_SHOWN},
    {"pieces_fen", "piece rates", "计件合计", TABLE_FEN, TABLE_SHOWN},
    {"fines_fen", "fines", "负激励合计", TABLE_FEN, TABLE_SHOWN},
    {"rewards_fen", "rewards", "正激励合计", TABLE_FEN, TABLE_SHOWN},
    {"carried_fen", "carried on", "结转", TABLE_FEN, TABLE_SHOWN},
    {"settlement_fen", "settlement", "应付合计", TABLE_FEN, TABLE_SHOWN},
    {"state", "month", "月份", TABLE_TEXT, TABLE_SHOWN},
    {0},
};

static const struct table_column job_columns[] = {
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"kind", "kind", "类别", TABLE_TEXT, TABLE_SHOWN},
    {"category", "category", "品类", TABLE_TEXT, TABLE_SHOWN},
    {"zone", "zone", "距离", TABLE_TEXT, TABLE_SHOWN},
    {"jobs", "jobs", "工单", TABLE_COUNT, TABLE_SHOWN},
    {"rate_fen", "rate", "标准", TABLE_FEN, TABLE_SHOWN},
    {"sum_fen", "sum", "金额", TABLE_FEN, TABLE_SHOWN},
    {0},
};

static const struct table_column entry_columns[] = {
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"clause", "clause", "条款", TABLE_TEXT, TABLE_SHOWN},
    {"amount_fen", "amount", "金额", TABLE_FEN, TABLE_SHOWN},
    {"cause", "cause", "事由", TABLE_TEXT, TABLE_SHOWN},
    {"reason", "why", "原因", TABLE_TEXT, TABLE_SHOWN},
    {"relates_to", "relates to", "涉及月份", TABLE_TEXT, TABLE_SHOWN},
    {"note", "note", "备注", TABLE_TEXT, TABLE_SHOWN},
    {"key", "key", "代号", TABLE_TEXT, TABLE_PROGRAMS},
    {0},
};

static const struct table_column instalment_columns[] = {
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"clause", "clause", "条款", TABLE_TEXT, TABLE_SHOWN},
    {"cause", "cause", "事由", TABLE_TEXT, TABLE_SHOWN},
    {"number", "number", "期次", TABLE_COUNT, TABLE_SHOWN},
    {"months", "of months", "总期数", TABLE_COUNT, TABLE_SHOWN},
    {"deducted_fen", "this month", "本月扣除", TABLE_FEN, TABLE_SHOWN},
    {"balance_fen", "later", "余额", TABLE_FEN, TABLE_SHOWN},
    {0},
};

static void put_jobs(struct monthly *monthly, const struct statement *statement)
{
    static const enum ds_word kinds[] = {DS_WORD_INSTALL, DS_WORD_REPAIR, DS_WORD_SERVICE_COMPLAINT,
                                         DS_WORD_SYSTEM};
    static const enum ds_word zones[] = {DS_WORD_ALL, DS_WORD_CITY, DS_WORD_NEAR, DS_WORD_FAR};
    struct table *table = monthly->jobs;

    for (size_t i = 0; i < statement->n_jobs; i++) {
        const struct job_line *line = &statement->jobs[i];
        table_row(table);
        table_text(table, statement->account);
        table_text(table, ds_word(table->lang, kinds[line->kind]));
        table_text(table, line->category[0] ? ds_category_word(table->lang, line->category) : NULL);
        table_text(table, line->zone ? ds_word(table->lang, zones[line->zone]) : NULL);
        table_number(table, line->jobs);
        if (line->rate) {
            table_number(table, line->rate->rate_fen);
            table_number(table, line->sum_fen);
        }
    }
}

static void put_entries(struct monthly *monthly, const struct statement *statement)
{
    struct table *table = monthly->entries;
    char month[16];

    for (size_t i = 0; i < statement->n_entries; i++) {
        const Ds__Entry *entry = statement->entries[i]->entry;
        books_month_text(month, entry->relates_to);
        table_row(table);
        table_text(table, statement->account);
        table_text(table, ds_str(entry->clause));
        table_number(table, entry->amount_fen);
        table_text(table, ds_str(entry->cause));
        table_text(table, ds_reason_text(table->lang, (int)entry->reason));
        table_text(table, entry->has_relates_to ? month : NULL);
        table_text(table, entry->note);
        table_text(table, entry->key);
    }
}

static void put_instalments(struct monthly *monthly, const struct statement *statement)
{
    for (size_t i = 0; i < statement->n_instalments; i++) {
        const struct instalment_line *line = &statement->instalments[i];
        struct table *table = monthly->instalments;
        table_row(table);
        table_text(table, statement->account);
        table_text(table, ds_str(line->entry->clause));
        table_text(table, ds_str(line->entry->cause));
        table_number(table, line->number);
        table_number(table, line->months);
        table_number(table, line->deducted_fen);
        table_number(table, line->balance_fen);
    }
}

static void put_sums(struct table *table, int64_t jobs, const int64_t sums_fen[5])
{
    table_number(table, jobs);
    for (int i = 0; i < 5; i++)
        table_number(table, sums_fen[i]);
}

static void put_statement(struct monthly *monthly, const struct statement *statement)
{
    struct table *table = monthly->sums;
    const int64_t sums_fen[5] = {statement->pieces_fen, statement->fines_fen,
                                 statement->rewards_fen, statement->carried_fen,
                                 statement->settlement_fen};
    int64_t jobs = 0;
    bool fits = !statement->overflow;

    for (size_t i = 0; i < statement->n_jobs; i++)
        jobs += statement->jobs[i].jobs;
    table_row(table);
    table_text(table, statement->territory->id);
    table_text(table, statement->account);
    table_text(table, report_name(monthly->ask->archive, statement->account));
    put_sums(table, jobs, sums_fen);
    table_text(table, statement->closed      ? table->lang == DS_ZH ? "已结账" : "closed"
                      : table->lang == DS_ZH ? "未结账"
                                             : "open");
    fits &= report_add(&monthly->pieces_fen, sums_fen[0]);
    fits &= report_add(&monthly->fines_fen, sums_fen[1]);
    fits &= report_add(&monthly->rewards_fen, sums_fen[2]);
    fits &= report_add(&monthly->carried_fen, sums_fen[3]);
    fits &= report_add(&monthly->settlement_fen, sums_fen[4]);
    monthly->n_jobs += jobs;
    if (!fits) monthly->overflow = true;
    put_jobs(monthly, statement);
    put_entries(monthly, statement);
    put_instalments(monthly, statement);
}

static void put_sheets(struct paper *paper, const struct monthly *monthly)
{
    const struct ds_version *rules = archive_rules(monthly->ask->archive);
    struct table *table =
        paper_table(paper, "sheet", "satisfaction sheet", "满意度调查表", sheet_columns);
    char at[32];

    table->shown_max = 12; /* `doorstep sheet` shows all of one */
    for (uint32_t i = 0; i < rules->n_territories; i++) {
        const char *territory = rules->territories[i].id;
        struct sheet sheet;
        if (!report_wants(monthly->ask, territory)) continue;
        sheet_find(&sheet, monthly->ask->archive, territory, monthly->month);
        if (!sheet.drawn) continue;
        const Ds__SheetDrawn *drawn = sheet.drawn->msg->sheet_drawn;
        sheet_put(table, &sheet);
        if (sheet.handed_in)
            cli_local_time(at, sheet.handed_in->msg->sheet_handed_in->handed_in_at_ms, sheet.zone);
        bool in = sheet.handed_in != NULL;
        if (table->n_notes < 15) /* beyond that the paper is of a department without end */
            table_note(table, "%s: %zu of %u repairs and %u installs; %s%s%s; seed %s",
                       "%s:抽取 %zu 份(维修 %u、安装 %u);%s%s%s;种子 %s", territory, drawn->n_drawn,
                       drawn->repairs, drawn->installs,
                       ds_word(paper->lang, in ? DS_WORD_HANDED_IN : DS_WORD_NOT_HANDED_IN),
                       in ? " " : "", in ? at : "", drawn->seed);
    }
}

static void put_statements(struct monthly *monthly)
{
    struct statement statement;
    size_t n;
    const char **accounts = accounts_of(monthly->ask->archive, &n);

    for (size_t i = 0; i < n; i++) {
        statement_make(&statement, &monthly->light, accounts[i], monthly->month);
        if (report_wants(monthly->ask, statement.territory->id) &&
            statement.n_jobs + statement.n_entries + statement.n_instalments > 0)
            put_statement(monthly, &statement);
        statement_finish(&statement);
    }
    table_sum_row(monthly->sums);
    table_text(monthly->sums, monthly->sums->lang == DS_ZH ? "合计" : "all");
    table_empty(monthly->sums);
    table_empty(monthly->sums);
    put_sums(monthly->sums, monthly->n_jobs,
             (const int64_t[]){monthly->pieces_fen, monthly->fines_fen, monthly->rewards_fen,
                               monthly->carried_fen, monthly->settlement_fen});
    free(accounts);
}

int report_monthly(struct paper *paper, const struct report_ask *ask, uint32_t month)
{
    struct monthly monthly = {.ask = ask, .month = month};
    char text[16];

    books_month_text(text, month);
    paper_title(paper, "Papers of %s%s%s", "%s 月报%s%s", text, ask->territory ? ", " : "",
                ask->territory ? ask->territory : "");
    put_sheets(paper, &monthly);
    monthly.sums = paper_table(paper, "statements", "statements", "结算单", sum_columns);
    monthly.jobs = paper_table(paper, "jobs", "jobs by the piece", "计件明细", job_columns);
    monthly.entries =
        paper_table(paper, "entries", "fines and rewards", "正负激励明细", entry_columns);
    monthly.instalments =
        paper_table(paper, "instalments", "instalments", "分期扣除", instalment_columns);
    lighten(&monthly, ask->archive);
    put_statements(&monthly);
    free(monthly.light.records);
    table_note(
        monthly.sums,
        "Settlement = piece rates + fines + rewards + what is carried on. Until its month is "
        "closed a statement may still change.",
        "应付合计 = 计件 + 负激励 + 正激励 + 结转。结账前可能变动。");
    return monthly.overflow ? EXIT_REJECTED : EXIT_FINE;
}
