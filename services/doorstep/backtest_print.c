/* SPDX-License-Identifier: MIT
 *
 * The difference on paper: by clause, account and month; the lines behind it; what of the manager's
 * decisions meets nothing. */
#include <string.h>

#include "doorstep/backtest.h"

/* ---- sums ---- */

#define SUM_COLUMNS                                                                                \
    {"entries_before", "entries before", "原笔数", TABLE_COUNT, false},                            \
        {"before_fen", "yuan before", "原金额(元)", TABLE_FEN, false},                             \
        {"entries_after", "entries after", "新笔数", TABLE_COUNT, false},                          \
        {"after_fen", "yuan after", "新金额(元)", TABLE_FEN, false},                               \
    {                                                                                              \
        "change_fen", "change", "增减(元)", TABLE_FEN, false                                       \
    }

static const struct table_column clause_columns[] = {
    {"clause", "clause", "条款", TABLE_TEXT, false}, SUM_COLUMNS, {0}};
static const struct table_column account_columns[] = {
    {"account", "account", "账户", TABLE_TEXT, false}, SUM_COLUMNS, {0}};
static const struct table_column month_columns[] = {
    {"month", "month", "月份", TABLE_TEXT, false}, SUM_COLUMNS, {0}};

static void put_numbers(struct table *table, const struct backtest_sum *sum)
{
    table_number(table, (int64_t)sum->n_before);
    table_number(table, sum->before_fen);
    table_number(table, (int64_t)sum->n_after);
    table_number(table, sum->after_fen);
    table_number(table, sum->after_fen - sum->before_fen);
}

static struct table *put_sums(const struct backtest *test, struct paper *paper, const char *key,
                              const char *en, const char *zh, const struct table_column *columns,
                              const struct backtest_sums *sums)
{
    struct table *table = paper_table(paper, key, en, zh, columns);

    for (size_t i = 0; i < sums->n; i++) {
        table_row(table);
        table_text(table, sums->list[i].name);
        put_numbers(table, &sums->list[i]);
    }
    table_sum_row(table);
    table_text(table, ds_word(paper->lang, DS_WORD_ALL));
    put_numbers(table, &test->all);
    return table;
}

/* ---- by the piece ---- */

static const struct table_column piece_columns[] = {
    {"account", "account", "账户", TABLE_TEXT, false},
    {"month", "month", "月份", TABLE_TEXT, false},
    {"jobs", "jobs", "工单数", TABLE_COUNT, false},
    {"before_fen", "yuan before", "原金额(元)", TABLE_FEN, false},
    {"after_fen", "yuan after", "新金额(元)", TABLE_FEN, false},
    {"change_fen", "change", "增减(元)", TABLE_FEN, false},
    {0}};

static void put_paid(struct table *table, const struct backtest_pieces *pieces)
{
    table_number(table, (int64_t)pieces->jobs);
    table_number(table, pieces->before_fen);
    table_number(table, pieces->after_fen);
    table_number(table, pieces->after_fen - pieces->before_fen);
}

static void put_pieces(const struct backtest *test, struct paper *paper)
{
    char month[16];

    if (!test->rates_differ) return;
    struct table *table = paper_table(paper, "pieces", "by the piece", "计件", piece_columns);
    table_title(table, "What jobs pay by the piece", "计件工资");
    for (size_t i = 0; i < test->n_pieces; i++) {
        const struct backtest_pieces *pieces = &test->pieces[i];
        snprintf(month, sizeof month, "%04u-%02u", pieces->month / 100, pieces->month % 100);
        table_row(table);
        table_text(table, pieces->account);
        table_text(table, month);
        put_paid(table, pieces);
    }
    table_sum_row(table);
    table_text(table, ds_word(paper->lang, DS_WORD_ALL));
    table_empty(table);
    put_paid(table, &test->paid);
}

/* ---- lines ---- */

static const struct table_column line_columns[] = {
    {"change", "+-", "+-", TABLE_TEXT, false},
    {"clause", "clause", "条款", TABLE_TEXT, false},
    {"account", "account", "账户", TABLE_TEXT, false},
    {"ticket", "ticket", "服务单", TABLE_TEXT, false},
    {"before_fen", "yuan before", "原金额(元)", TABLE_FEN, false},
    {"month_before", "month before", "原月份", TABLE_TEXT, false},
    {"due_before", "due before", "原期限", TABLE_TIME, false},
    {"after_fen", "yuan after", "新金额(元)", TABLE_FEN, false},
    {"month_after", "month after", "新月份", TABLE_TEXT, false},
    {"due_after", "due after", "新期限", TABLE_TIME, false},
    {"reason_before", "reason before", "原理由", TABLE_TEXT, false},
    {"reason_after", "reason after", "新理由", TABLE_TEXT, false},
    {"key", "entry", "账目", TABLE_TEXT, false},
    {"input", "from", "来源", TABLE_TEXT, false},
    {0}};

static void put_month(struct table *table, const Ds__Entry *entry)
{
    char month[16];

    if (!entry) return table_empty(table);
    snprintf(month, sizeof month, "%04u-%02u", entry->month / 100, entry->month % 100);
    table_text(table, month);
}

/* As it was there. */
static void put_time(struct table *table, const struct backtest_line *line, int64_t at_ms)
{
    table_time(table, at_ms, archive_zone(&line->past->recorded, line->partition));
}

/* Of a line that came or went: what that side says of the same promise. */
static void put_due(struct table *table, const struct backtest_line *line, const Ds__Entry *entry)
{
    if (entry && entry->has_due_at_ms) return put_time(table, line, entry->due_at_ms);
    if (entry && entry->has_actual_at_ms) return put_time(table, line, entry->actual_at_ms);
    if (!entry && line->judged && line->verdict.has_due_at_ms)
        return put_time(table, line, line->verdict.due_at_ms);
    table_empty(table);
}

static void put_side(struct table *table, const struct backtest_line *line, const Ds__Entry *entry)
{
    if (entry)
        table_number(table, entry->amount_fen);
    else
        table_empty(table);
    put_month(table, entry);
    put_due(table, line, entry);
}

static void put_reason(struct table *table, enum ds_lang lang, const struct backtest_line *line,
                       const Ds__Entry *entry)
{
    if (entry)
        table_text(table, ds_reason_text(lang, (int)entry->reason));
    else if (line->judged)
        table_text(table, ds_verdict_word(lang, (enum ds_verdict)line->verdict.verdict));
    else
        table_empty(table);
}

static const char *change_word(const struct backtest_line *line)
{
    if (!line->before) return "+";
    if (!line->after) return "-";
    return "~";
}

static void put_lines(const struct backtest *test, struct paper *paper)
{
    struct table *table = paper_table(paper, "lines", "lines", "账目", line_columns);

    table_title(table,
                "What differs: + only under the new rules, - no more, ~ another amount or month",
                "变动的账目:+ 新规则才有,- 不再有,~ 金额或月份不同");
    for (size_t i = 0; i < test->n_lines; i++) {
        const struct backtest_line *line = &test->lines[i];
        const Ds__Entry *entry = line->before ? line->before : line->after;
        table_row(table);
        table_text(table, change_word(line));
        table_text(table, entry->clause);
        table_text(table, entry->account);
        table_text(table, entry->ticket);
        put_side(table, line, line->before);
        put_side(table, line, line->after);
        put_reason(table, paper->lang, line, line->before);
        put_reason(table, paper->lang, line, line->after);
        table_text(table, entry->key);
        table_text(table, line->input);
    }
}

/* ---- decisions ---- */

static const struct table_column lost_columns[] = {
    {"asked", "the manager's word", "经理的决定", TABLE_TEXT, false},
    {"about", "about", "对象", TABLE_TEXT, false},
    {"reason", "why it meets nothing", "为何落空", TABLE_TEXT, false},
    {0}};

static void put_lost(const struct backtest *test, struct paper *paper)
{
    if (test->n_lost == 0) return;
    struct table *table = paper_table(paper, "lost", "decisions", "落空的决定", lost_columns);
    table_title(table, "What the manager decided then, and what meets nothing under the new rules",
                "经理当时的决定中,在新规则下落空的");
    for (size_t i = 0; i < test->n_lost; i++) {
        table_row(table);
        table_text(table, test->lost[i].what);
        table_text(table, test->lost[i].key);
        table_text(table, ds_reason_text(paper->lang, (int)test->lost[i].reason));
    }
}

static void put_notes(const struct backtest *test, struct table *table)
{
    table_note(table, "%zu lines are the same; %zu differ", "账目相同 %zu 笔;不同 %zu 笔",
               test->same, test->n_lines);
    if (test->rates_differ)
        table_note(table, "fines and rewards; what jobs pay by the piece has a table of its own",
                   "仅含奖惩,计件工资另表");
    else
        table_note(table, "fines and rewards; jobs pay the same by the piece under both",
                   "仅含奖惩;两套规则的计件工资相同");
    if (test->same_but_due > 0)
        table_note(table, "%zu of the same lines have another due, owner or reason",
                   "相同的账目中,期限、责任人或理由不同的 %zu 笔", test->same_but_due);
    if (test->drifted > 0)
        table_note(
            table,
            "The rules as they were, judged the same way, differ from the recorded ledger in "
            "%zu lines; \"before\" is what they say",
            "按原规则同法重判,与入账记录不同的 %zu 笔;“原”以重判为准", test->drifted);
    if (test->open_before || test->open_after)
        table_note(table, "Proposals that wait for the manager cost nothing: %zu before, %zu after",
                   "等待经理决定的建议不计金额:原 %zu 件,新 %zu 件", test->open_before,
                   test->open_after);
    table_note(table,
               "Dispatching, callbacks and what people did are as they were; so are the manager's "
               "decisions, whenever they came",
               "派工、回访和各人所做的一切照旧;经理的决定也照旧,不论何时作出");
    table_note(table, "%llu events read, %llu of them what is judged",
               "读入事件 %llu 个,其中据以判定 %llu 个", (unsigned long long)test->events,
               (unsigned long long)test->judged);
}

/* The same figures for programs. */
static const struct table_column summary_columns[] = {
    {"same", "same", "相同", TABLE_COUNT, false},
    {"different", "different", "不同", TABLE_COUNT, false},
    {"same_but_due", "same but due", "仅期限等不同", TABLE_COUNT, false},
    {"drifted", "not as recorded", "与记录不同", TABLE_COUNT, false},
    {"lost", "decisions lost", "落空的决定", TABLE_COUNT, false},
    {"open_before", "open before", "原待决定", TABLE_COUNT, false},
    {"open_after", "open after", "新待决定", TABLE_COUNT, false},
    {"events", "events", "事件", TABLE_COUNT, false},
    {"judged", "judged", "据以判定", TABLE_COUNT, false},
    {0}};

static void put_summary(const struct backtest *test, struct paper *paper)
{
    struct table *table = paper_table(paper, "summary", "summary", "概要", summary_columns);
    const uint64_t numbers[] = {test->n_lost, test->open_before, test->open_after, test->events,
                                test->judged};

    table_row(table);
    table_number(table, (int64_t)test->same);
    table_number(table, (int64_t)test->n_lines);
    table_number(table, (int64_t)test->same_but_due);
    if (test->unbooked)
        table_empty(table);
    else
        table_number(table, (int64_t)test->drifted);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        table_number(table, (int64_t)numbers[i]);
}

void backtest_paper(const struct backtest *test, struct paper *paper, bool lines)
{
    struct table *clauses =
        put_sums(test, paper, "clauses", "clauses", "条款", clause_columns, &test->clauses);

    put_notes(test, clauses);
    put_sums(test, paper, "accounts", "accounts", "账户", account_columns, &test->accounts);
    struct table *months =
        put_sums(test, paper, "months", "months", "月份", month_columns, &test->months);
    put_pieces(test, paper);
    put_lost(test, paper);
    if (lines)
        put_lines(test, paper);
    else if (test->n_lines > 0)
        table_note(months, "The %zu lines that differ, with their tickets: --tickets",
                   "不同的 %zu 笔及其服务单,用 --tickets 列出", test->n_lines);
    if (test->cli->json) put_summary(test, paper);
}
