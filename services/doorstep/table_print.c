/* SPDX-License-Identifier: MIT
 *
 * Tables for a terminal and for programs, and which of the four ways was asked for. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/table.h"

enum { GAP = 2 };

/* ---- for a terminal ---- */

static const char *heading(const struct table *table, uint32_t column)
{
    return table->lang == DS_ZH ? table->columns[column].zh : table->columns[column].en;
}

static size_t rows_shown(const struct table *table)
{
    size_t rows = table->n_rows - table->n_sums;

    return table->shown_max > 0 && rows > table->shown_max ? table->shown_max : rows;
}

/* Bytes of text that fit into so many columns, broken at a space; at least one word. */
static size_t line_of(const char *text, uint32_t columns)
{
    size_t fits = 0;

    for (size_t end = 0;; end++) {
        if (text[end] != ' ' && text[end] != '\0') continue;
        char *part = strndup(text, end);
        if (!part) abort();
        bool wide = table_width(part) > columns;
        free(part);
        if (wide && fits > 0) return fits;
        fits = end;
        if (text[end] == '\0') return fits;
    }
}

/* Widest word of a heading, widest cell. */
static uint32_t column_width(const struct table *table, uint32_t column)
{
    const char *text = heading(table, column);
    uint32_t width = 1;
    char buf[32];

    for (size_t at = 0; text[at];) {
        size_t n = line_of(text + at, 1);
        char *word = strndup(text + at, n);
        if (!word) abort();
        if (table_width(word) > width) width = table_width(word);
        free(word);
        at += n;
        while (text[at] == ' ')
            at++;
    }
    for (size_t r = 0; r < table->n_rows; r++) {
        if (r >= rows_shown(table) && r < table->n_rows - table->n_sums) continue;
        uint32_t cell = table_width(table_show(table_at(table, r, column), buf));
        if (cell > width) width = cell;
    }
    return width;
}

/* pending: spaces that are written only if something follows them. */
static void put_cell(FILE *to, uint32_t *pending, const char *text, uint32_t width, bool right)
{
    uint32_t columns = table_width(text), rest = width > columns ? width - columns : 0;

    if (right) *pending += rest;
    if (columns > 0) {
        fprintf(to, "%*s%s", (int)*pending, "", text);
        *pending = 0;
    }
    if (!right) *pending += rest;
    *pending += GAP;
}

/* Headings take as many lines as their words need. */
static void put_headings(FILE *to, const struct table *table, const uint32_t *widths)
{
    const char *rest[64];
    bool more = true;

    for (uint32_t c = 0; c < table->n_columns; c++)
        rest[c] = heading(table, c);
    while (more) {
        uint32_t pending = 0;
        more = false;
        for (uint32_t c = 0; c < table->n_columns; c++) {
            if (table->columns[c].place != TABLE_SHOWN) continue;
            char *line = strndup(rest[c], line_of(rest[c], widths[c]));
            if (!line) abort();
            rest[c] += strlen(line);
            while (*rest[c] == ' ')
                rest[c]++;
            more |= *rest[c] != '\0';
            put_cell(to, &pending, line, widths[c], table->columns[c].type != TABLE_TEXT);
            free(line);
        }
        fputc('\n', to);
    }
}

static void put_rule(FILE *to, const struct table *table, const uint32_t *widths)
{
    uint32_t width = 0;

    for (uint32_t c = 0; c < table->n_columns; c++)
        if (table->columns[c].place == TABLE_SHOWN) width += widths[c] + GAP;
    for (uint32_t i = GAP; i < width; i++)
        fputc('-', to);
    fputc('\n', to);
}

static void put_row(FILE *to, const struct table *table, const uint32_t *widths, size_t row)
{
    uint32_t pending = 0;
    char buf[32];

    for (uint32_t c = 0; c < table->n_columns; c++) {
        if (table->columns[c].place != TABLE_SHOWN) continue;
        const struct table_cell *cell = table_at(table, row, c);
        const char *text = cell->filled ? table_show(cell, buf) : "-";
        put_cell(to, &pending, text, widths[c], table->columns[c].type != TABLE_TEXT);
    }
    fputc('\n', to);
}

/* Long texts under the name of their row. */
static void put_below(FILE *to, const struct table *table, uint32_t column)
{
    char buf[32];

    fprintf(to, "\n%s\n", heading(table, column));
    for (size_t r = 0; r < table->n_rows; r++) {
        if (!table_at(table, r, column)->filled) continue;
        for (uint32_t c = 0; c < table->n_columns && table->columns[c].place == TABLE_SHOWN; c++) {
            if (table->columns[c].type != TABLE_TEXT) continue;
            fprintf(to, "  %s: ", table_show(table_at(table, r, c), buf));
            break;
        }
        fprintf(to, "%s\n", table_show(table_at(table, r, column), buf));
    }
}

static void print_table(FILE *to, const struct table *table)
{
    uint32_t widths[64] = {0};
    size_t rows = table->n_rows - table->n_sums, shown = rows_shown(table);

    if (table->n_columns > 64) abort();
    for (uint32_t c = 0; c < table->n_columns; c++)
        if (table->columns[c].place == TABLE_SHOWN) widths[c] = column_width(table, c);
    fprintf(to, "%s\n\n", table->title);
    put_headings(to, table, widths);
    put_rule(to, table, widths);
    for (size_t r = 0; r < shown; r++)
        put_row(to, table, widths, r);
    if (rows == 0) fputs(table->lang == DS_ZH ? "(无)\n" : "(none)\n", to);
    if (shown < rows)
        fprintf(to,
                table->lang == DS_ZH ? "……另有 %zu 行:见 --csv 或 --xlsx\n"
                                     : "... and %zu more: see --csv or --xlsx\n",
                rows - shown);
    if (table->n_sums > 0) put_rule(to, table, widths);
    for (size_t r = rows; r < table->n_rows; r++)
        put_row(to, table, widths, r);
    for (uint32_t c = 0; c < table->n_columns; c++)
        if (table->columns[c].place == TABLE_BELOW) put_below(to, table, c);
    if (table->n_notes > 0) fputc('\n', to);
    for (uint32_t i = 0; i < table->n_notes; i++)
        fprintf(to, "%s\n", table->notes[i]);
}

/* Workbooks write the sign of the currency with each amount; here it is said once. */
static bool has_money(const struct paper *paper)
{
    for (uint32_t i = 0; i < paper->n_tables; i++) {
        const struct table *table = &paper->tables[i];
        for (size_t c = 0; c < table->n_rows * table->n_columns; c++)
            if (table->cells[c].filled &&
                (table->cells[c].type == TABLE_FEN || table->cells[c].type == TABLE_YUAN_10))
                return true;
    }
    return false;
}

void paper_print(FILE *to, const struct paper *paper)
{
    fprintf(to, "%s\n\n", paper->title);
    for (uint32_t i = 0; i < paper->n_tables; i++) {
        if (i > 0) fputc('\n', to);
        print_table(to, &paper->tables[i]);
    }
    if (has_money(paper))
        fputs(paper->lang == DS_ZH ? "\n金额单位:元。\n" : "\nAmounts are in yuan.\n", to);
}

/* ---- for programs ---- */

static json_t *cell_json(const struct table_cell *cell)
{
    char buf[32];

    if (!cell->filled) return json_null();
    if (cell->type == TABLE_TEXT || cell->type == TABLE_DATE)
        return json_string(table_show(cell, buf));
    return json_integer((json_int_t)cell->number);
}

static json_t *rows_json(const struct table *table, size_t from, size_t to)
{
    json_t *rows = json_array();

    for (size_t r = from; r < to; r++) {
        json_t *row = json_object();
        for (uint32_t c = 0; c < table->n_columns; c++)
            json_object_set_new(row, table->columns[c].key, cell_json(table_at(table, r, c)));
        json_array_append_new(rows, row);
    }
    return rows;
}

/* How a page shows the rows: headings in the language of the paper; those for programs have none.
 */
static json_t *columns_json(const struct table *table)
{
    static const char *const types[] = {
        [TABLE_TEXT] = "text",       [TABLE_COUNT] = "count",       [TABLE_FEN] = "fen",
        [TABLE_YUAN_10] = "yuan_10", [TABLE_PERMILLE] = "permille", [TABLE_SPAN] = "span_ms",
        [TABLE_DATE] = "date",       [TABLE_TIME] = "time_ms",
    };
    json_t *columns = json_array();

    for (uint32_t c = 0; c < table->n_columns; c++)
        if (table->columns[c].place != TABLE_PROGRAMS)
            json_array_append_new(columns, json_pack("{ss ss ss}", "key", table->columns[c].key,
                                                     "name", heading(table, c), "type",
                                                     types[table->columns[c].type]));
    return columns;
}

static json_t *table_json(const struct table *table)
{
    size_t rows = table->n_rows - table->n_sums;
    json_t *notes = json_array();

    for (uint32_t i = 0; i < table->n_notes; i++)
        json_array_append_new(notes, json_string(table->notes[i]));
    json_t *object = json_pack("{ss so so so so}", "title", table->title, "columns",
                               columns_json(table), "rows", rows_json(table, 0, rows), "sums",
                               rows_json(table, rows, table->n_rows), "notes", notes);
    return object;
}

void paper_print_json(FILE *to, const struct paper *paper)
{
    json_t *object = json_pack("{ss ss sI}", "report", paper->key, "title", paper->title,
                               "as_of_ms", (json_int_t)paper->as_of_ms);

    for (uint32_t i = 0; i < paper->n_tables; i++)
        json_object_set_new(object, paper->tables[i].key, table_json(&paper->tables[i]));
    char *text = json_dumps(object, JSON_COMPACT);
    if (!text) abort();
    fprintf(to, "%s\n", text);
    free(text);
    json_decref(object);
}

/* A full disk shows when the output is flushed. Whoever reads no further has what he wants. */
static int check_output(const struct cli *cli)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) return EXIT_FINE;
    /* an earlier line's reason is gone: the next try says it again */
    if (errno == 0 && (fputc('\n', stdout) == EOF || fflush(stdout) != 0) && errno == 0)
        errno = EIO;
    if (errno == EPIPE) return EXIT_FINE;
    return cli_fail(cli, EXIT_UNAVAILABLE, SAID_OUTPUT, cli_errno(cli, errno));
}

int paper_out(const struct cli *cli, const struct paper *paper, bool csv, const char *xlsx)
{
    if (csv && cli->json) return cli_fail(cli, EXIT_USAGE, SAID_ONE_FORM);
    if (xlsx) {
        const char *why = paper_write_xlsx(paper, xlsx);
        if (why) return cli_fail(cli, EXIT_USAGE, SAID_CANNOT_WRITE, xlsx, why);
        if (strcmp(xlsx, "-") == 0) return EXIT_FINE;
        if (!cli->json && !csv) cli_print(cli, SAID_WRITTEN, xlsx);
    }
    if (cli->json)
        paper_print_json(stdout, paper);
    else if (csv)
        paper_print_csv(stdout, paper);
    else if (!xlsx)
        paper_print(stdout, paper);
    return check_output(cli);
}
