/* SPDX-License-Identifier: MIT */
#include "doorstep/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"

/* ---- the model ---- */

static char *copy_text(const char *text)
{
    char *copy = strdup(text);

    if (!copy) abort();
    return copy;
}

static char *format_text(const char *format, va_list args)
{
    char *text;

    if (vasprintf(&text, format, args) < 0) abort();
    return text;
}

void paper_init(struct paper *paper, enum ds_lang lang, const char *key, int64_t as_of_ms)
{
    *paper = (struct paper){.key = key, .lang = lang, .as_of_ms = as_of_ms, .title = copy_text("")};
}

static void finish_table(struct table *table)
{
    for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
        free(table->cells[i].text);
    for (uint32_t i = 0; i < table->n_notes; i++)
        free(table->notes[i]);
    free(table->cells);
    free(table->name);
    free(table->title);
}

void paper_finish(struct paper *paper)
{
    for (uint32_t i = 0; i < paper->n_tables; i++)
        finish_table(&paper->tables[i]);
    free(paper->title);
    *paper = (struct paper){0};
}

void paper_title(struct paper *paper, const char *en, const char *zh, ...)
{
    va_list args;

    free(paper->title);
    va_start(args, zh);
    paper->title = format_text(paper->lang == DS_ZH ? zh : en, args);
    va_end(args);
}

struct table *paper_table(struct paper *paper, const char *key, const char *en, const char *zh,
                          const struct table_column *columns)
{
    const char *name = paper->lang == DS_ZH ? zh : en;

    if (paper->n_tables == TABLES_MAX) abort();
    struct table *table = &paper->tables[paper->n_tables++];
    *table = (struct table){.key = key,
                            .name = copy_text(name),
                            .title = copy_text(name),
                            .lang = paper->lang,
                            .columns = columns};
    while (columns[table->n_columns].key)
        if (columns[table->n_columns++].place != TABLE_PROGRAMS) table->n_shown = table->n_columns;
    return table;
}

void table_title(struct table *table, const char *en, const char *zh, ...)
{
    va_list args;

    free(table->title);
    va_start(args, zh);
    table->title = format_text(table->lang == DS_ZH ? zh : en, args);
    va_end(args);
}

void table_note(struct table *table, const char *en, const char *zh, ...)
{
    va_list args;

    if (table->n_notes == sizeof table->notes / sizeof table->notes[0]) abort();
    va_start(args, zh);
    table->notes[table->n_notes++] = format_text(table->lang == DS_ZH ? zh : en, args);
    va_end(args);
}

void table_row(struct table *table)
{
    if (table->n_rows == table->cap) {
        table->cap = table->cap ? table->cap * 2 : 32;
        table->cells =
            realloc(table->cells, table->cap * table->n_columns * sizeof table->cells[0]);
        if (!table->cells) abort();
    }
    memset(&table->cells[table->n_rows * table->n_columns], 0,
           table->n_columns * sizeof table->cells[0]);
    table->n_rows++;
    table->filled = 0;
}

void table_sum_row(struct table *table)
{
    table_row(table);
    table->n_sums++;
}

static struct table_cell *next_cell(struct table *table)
{
    if (table->n_rows == 0 || table->filled == table->n_columns) abort();
    struct table_cell *cell = &table->cells[(table->n_rows - 1) * table->n_columns + table->filled];
    cell->type = table->columns[table->filled++].type;
    return cell;
}

void table_empty(struct table *table)
{
    next_cell(table);
}

void table_text(struct table *table, const char *text)
{
    struct table_cell *cell = next_cell(table);

    cell->type = TABLE_TEXT;
    cell->filled = text != NULL;
    if (text) cell->text = copy_text(text);
}

void table_number(struct table *table, int64_t number)
{
    struct table_cell *cell = next_cell(table);

    cell->filled = true;
    cell->number = number;
}

void table_typed(struct table *table, enum table_type type, int64_t number)
{
    struct table_cell *cell = next_cell(table);

    cell->filled = true;
    cell->type = type;
    cell->number = number;
}

void table_time(struct table *table, int64_t at_ms, const struct ds_zone *zone)
{
    struct table_cell *cell = next_cell(table);

    cell->filled = true;
    cell->type = TABLE_TIME;
    cell->number = at_ms;
    cell->zone = zone;
}

/* ---- a cell in words ---- */

/* A number of tenths or hundredths, exactly. */
static void show_decimal(char buf[32], int64_t number, int64_t unit, int digits)
{
    uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;

    snprintf(buf, 32, "%s%llu.%0*llu", number < 0 ? "-" : "",
             (unsigned long long)(size / (uint64_t)unit), digits,
             (unsigned long long)(size % (uint64_t)unit));
}

static void show_date(char buf[32], int64_t day)
{
    struct ds_date date = ds_date_of((int32_t)day);

    snprintf(buf, 32, "%04d-%02d-%02d", date.year, date.month, date.day);
}

const char *table_show(const struct table_cell *cell, char buf[32])
{
    if (!cell->filled) return "";
    switch (cell->type) {
    case TABLE_TEXT: return cell->text;
    case TABLE_COUNT: snprintf(buf, 32, "%lld", (long long)cell->number); break;
    case TABLE_FEN: show_decimal(buf, cell->number, 100, 2); break;
    case TABLE_YUAN_10: show_decimal(buf, cell->number, 10, 1); break;
    case TABLE_PERMILLE:
        show_decimal(buf, cell->number, 10, 1);
        strncat(buf, "%", 31 - strlen(buf));
        break;
    case TABLE_SPAN: cli_duration(buf, cell->number); break;
    case TABLE_DATE: show_date(buf, cell->number); break;
    case TABLE_TIME: cli_local_time(buf, cell->number, cell->zone); break;
    }
    return buf;
}

uint32_t table_width(const char *text)
{
    uint32_t columns = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        columns += *at >= 0xe3 ? 2 : (*at & 0xc0) != 0x80; /* as cli_put counts them */
    return columns;
}

/* ---- for spreadsheets without formats ---- */

/* Would a spreadsheet read it as a formula? Wide forms too: some take them for the narrow ones. */
static bool is_formula(const char *text)
{
    static const char *const wide[] = {"=", "+", "-", "@"};

    if (text[0] && strchr("=+-@\t\r\n", text[0])) return true;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0) return true;
    return false;
}

void table_put_csv(FILE *to, const char *text)
{
    bool formula = is_formula(text), quoted = formula || strpbrk(text, ",;\"\t\r\n") != NULL;

    if (quoted) fputc('"', to);
    if (formula) fputc('\'', to);
    for (; *text; text++) {
        if (*text == '"') fputc('"', to);
        fputc(*text, to);
    }
    if (quoted) fputc('"', to);
}

static void put_csv_cell(FILE *to, const struct table_cell *cell)
{
    char buf[32];

    if (!cell->filled) return;
    if (cell->type == TABLE_TEXT) {
        table_put_csv(to, cell->text);
    } else if (cell->type == TABLE_SPAN) { /* h:mm, which a spreadsheet can add up */
        int64_t minutes = cell->number / DS_MINUTE_MS;
        fprintf(to, "%lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
    } else {
        fputs(table_show(cell, buf), to);
    }
}

static void put_csv_table(FILE *to, const struct table *table)
{
    for (uint32_t c = 0; c < table->n_shown; c++) {
        if (c > 0) fputc(',', to);
        table_put_csv(to, table->lang == DS_ZH ? table->columns[c].zh : table->columns[c].en);
    }
    fputs("\r\n", to);
    for (size_t r = 0; r < table->n_rows; r++) {
        for (uint32_t c = 0; c < table->n_shown; c++) {
            if (c > 0) fputc(',', to);
            put_csv_cell(to, table_at(table, r, c));
        }
        fputs("\r\n", to);
    }
}

void paper_print_csv(FILE *to, const struct paper *paper)
{
    fputs("\xef\xbb\xbf", to); /* without it spreadsheets guess the encoding, and wrongly */
    for (uint32_t i = 0; i < paper->n_tables; i++) {
        if (paper->n_tables > 1) {
            if (i > 0) fputs("\r\n", to);
            table_put_csv(to, paper->tables[i].title);
            fputs("\r\n", to);
        }
        put_csv_table(to, &paper->tables[i]);
    }
}
