/* SPDX-License-Identifier: MIT
 *
 * A statement for people, spreadsheets and programs. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/books.h"

static const char *const piece_names[] = {"install", "repair", "service", "system"};
static const char *const zone_names[DS_ZONE_COUNT] = {"", "city", "near", "far"};

/* ---- for people ---- */

static void put_sum(FILE *to, enum ds_lang lang, enum ds_word label, int64_t fen)
{
    char yuan[32];

    cli_yuan(yuan, fen);
    fprintf(to, "  ");
    cli_put(to, ds_word(lang, label), 28);
    fprintf(to, "%12s %s\n", yuan, ds_word(lang, DS_WORD_YUAN));
}

static void put_title(FILE *to, enum ds_lang lang, enum ds_word label)
{
    fprintf(to, "\n%s\n", ds_word(lang, label));
}

static void put_jobs(FILE *to, enum ds_lang lang, const struct statement *statement)
{
    static const enum ds_word kinds[] = {DS_WORD_INSTALL, DS_WORD_REPAIR, DS_WORD_SERVICE_COMPLAINT,
                                         DS_WORD_SYSTEM};
    static const enum ds_word zones[] = {DS_WORD_ALL, DS_WORD_CITY, DS_WORD_NEAR, DS_WORD_FAR};
    char each[32], sum[32];

    if (statement->n_jobs == 0) return;
    put_title(to, lang, DS_WORD_PIECE_RATES);
    for (size_t i = 0; i < statement->n_jobs; i++) {
        const struct job_line *line = &statement->jobs[i];
        fprintf(to, "  ");
        cli_put(to, ds_word(lang, kinds[line->kind]), 20);
        cli_put(to, ds_category_word(lang, line->category), 18);
        cli_put(to, line->zone == DS_ZONE_NONE ? "" : ds_word(lang, zones[line->zone]), 8);
        cli_yuan(each, line->rate ? line->rate->rate_fen : 0);
        cli_yuan(sum, line->sum_fen);
        if (line->rate)
            fprintf(to, "%4u x %8s %12s\n", line->jobs, each, sum);
        else
            fprintf(to, "%4u   %s\n", line->jobs, ds_word(lang, DS_WORD_NO_RATE));
    }
}

static void put_entries(FILE *to, enum ds_lang lang, const struct statement *statement)
{
    char yuan[32], month[16];

    if (statement->n_entries == 0) return;
    put_title(to, lang, DS_WORD_FINES_AND_REWARDS);
    for (size_t i = 0; i < statement->n_entries; i++) {
        const Ds__Entry *entry = statement->entries[i]->entry;
        cli_yuan(yuan, entry->amount_fen);
        fprintf(to, "  %-6s %10s  %-24s %s", ds_str(entry->clause), yuan, ds_str(entry->cause),
                ds_reason_text(lang, (int)entry->reason));
        if (entry->has_relates_to) {
            books_month_text(month, entry->relates_to);
            fprintf(to, ", %s %s", ds_word(lang, DS_WORD_RELATES_TO), month);
        }
        fprintf(to, "\n");
    }
}

static void put_instalments(FILE *to, enum ds_lang lang, const struct statement *statement)
{
    char now[32], later[32];

    if (statement->n_instalments == 0) return;
    put_title(to, lang, DS_WORD_INSTALMENTS);
    for (size_t i = 0; i < statement->n_instalments; i++) {
        const struct instalment_line *line = &statement->instalments[i];
        cli_yuan(now, line->deducted_fen);
        cli_yuan(later, line->balance_fen);
        fprintf(to, "  %-6s %10s  %u/%u, %s %s  %s\n", line->entry->clause, now, line->number,
                line->months, ds_word(lang, DS_WORD_CARRIED), later, line->entry->cause);
    }
}

void statement_print(FILE *to, enum ds_lang lang, const struct statement *statement)
{
    char month[16];

    books_month_text(month, statement->month);
    fprintf(to, "%s %s, %s, %s (%s)\n", ds_word(lang, DS_WORD_STATEMENT), statement->account, month,
            statement->territory->id,
            ds_word(lang, statement->closed ? DS_WORD_MONTH_CLOSED : DS_WORD_MONTH_OPEN));
    put_jobs(to, lang, statement);
    put_entries(to, lang, statement);
    put_instalments(to, lang, statement);
    fprintf(to, "\n");
    put_sum(to, lang, DS_WORD_PIECES, statement->pieces_fen);
    put_sum(to, lang, DS_WORD_FINES, statement->fines_fen);
    put_sum(to, lang, DS_WORD_REWARDS, statement->rewards_fen);
    if (statement->n_instalments > 0) put_sum(to, lang, DS_WORD_CARRIED, statement->carried_fen);
    put_sum(to, lang, DS_WORD_SETTLEMENT, statement->settlement_fen);
}

/* ---- for spreadsheets ---- */

static void put_field(FILE *to, const char *text)
{
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;

    if (quoted) fputc('"', to);
    for (; *text; text++) {
        if (*text == '"') fputc('"', to);
        fputc(*text, to);
    }
    fprintf(to, quoted ? "\"," : ",");
}

void statement_print_csv(FILE *to, const struct statement *statement)
{
    fprintf(to,
            "account,month,line,what,clause,count,each_fen,amount_fen,balance_fen,relates_to\n");
    for (size_t i = 0; i < statement->n_jobs; i++) {
        const struct job_line *line = &statement->jobs[i];
        char *what;
        if (asprintf(&what, "%s/%s/%s", piece_names[line->kind], zone_names[line->zone],
                     line->category) < 0)
            abort();
        fprintf(to, "%s,%u,piece,", statement->account, statement->month);
        put_field(to, what);
        free(what);
        fprintf(to, ",%u,%lld,%lld,,\n", line->jobs,
                (long long)(line->rate ? line->rate->rate_fen : 0), (long long)line->sum_fen);
    }
    for (size_t i = 0; i < statement->n_entries; i++) {
        const Ds__Entry *entry = statement->entries[i]->entry;
        fprintf(to, "%s,%u,entry,", statement->account, statement->month);
        put_field(to, ds_str(entry->key));
        fprintf(to, "%s,1,,%lld,,", ds_str(entry->clause), (long long)entry->amount_fen);
        if (entry->has_relates_to) fprintf(to, "%u", entry->relates_to);
        fprintf(to, "\n");
    }
    for (size_t i = 0; i < statement->n_instalments; i++) {
        const struct instalment_line *line = &statement->instalments[i];
        fprintf(to, "%s,%u,instalment,", statement->account, statement->month);
        put_field(to, line->entry->key);
        fprintf(to, "%s,%u,,%lld,%lld,\n", line->entry->clause, line->number,
                (long long)line->deducted_fen, (long long)line->balance_fen);
    }
    fprintf(to, "%s,%u,settlement,,,,,%lld,,\n", statement->account, statement->month,
            (long long)statement->settlement_fen);
}

/* ---- for programs ---- */

/* As everywhere in JSON: money as decimal text. */
static void set_fen(json_t *object, const char *key, int64_t fen)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long)fen);
    json_object_set_new(object, key, json_string(text));
}

static json_t *jobs_json(const struct statement *statement)
{
    json_t *list = json_array();

    for (size_t i = 0; i < statement->n_jobs; i++) {
        const struct job_line *line = &statement->jobs[i];
        json_t *row = json_pack("{ss si}", "kind", piece_names[line->kind], "jobs", line->jobs);
        if (line->category[0]) json_object_set_new(row, "category", json_string(line->category));
        if (line->zone != DS_ZONE_NONE)
            json_object_set_new(row, "zone", json_string(zone_names[line->zone]));
        if (line->rate) set_fen(row, "rate_fen", line->rate->rate_fen);
        set_fen(row, "sum_fen", line->sum_fen);
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *entries_json(const struct statement *statement)
{
    json_t *list = json_array();

    for (size_t i = 0; i < statement->n_entries; i++) {
        const Ds__Entry *entry = statement->entries[i]->entry;
        json_t *row = json_pack("{ss ss}", "key", entry->key, "clause", entry->clause);
        set_fen(row, "amount_fen", entry->amount_fen);
        if (entry->has_relates_to)
            json_object_set_new(row, "relates_to", json_integer(entry->relates_to));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *instalments_json(const struct statement *statement)
{
    json_t *list = json_array();

    for (size_t i = 0; i < statement->n_instalments; i++) {
        const struct instalment_line *line = &statement->instalments[i];
        json_t *row = json_pack("{ss si si}", "entry", line->entry->key, "number", line->number,
                                "months", line->months);
        set_fen(row, "deducted_fen", line->deducted_fen);
        set_fen(row, "balance_fen", line->balance_fen);
        json_array_append_new(list, row);
    }
    return list;
}

void statement_print_json(FILE *to, const struct statement *statement)
{
    json_t *object = json_pack("{ss si ss sb so so so}", "account", statement->account, "month",
                               statement->month, "territory", statement->territory->id, "closed",
                               statement->closed, "jobs", jobs_json(statement), "entries",
                               entries_json(statement), "instalments", instalments_json(statement));

    set_fen(object, "pieces_fen", statement->pieces_fen);
    set_fen(object, "fines_fen", statement->fines_fen);
    set_fen(object, "rewards_fen", statement->rewards_fen);
    set_fen(object, "carried_fen", statement->carried_fen);
    set_fen(object, "settlement_fen", statement->settlement_fen);
    char *text = json_dumps(object, JSON_COMPACT);
    if (!text) abort();
    fprintf(to, "%s\n", text);
    free(text);
    json_decref(object);
}
