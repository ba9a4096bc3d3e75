/* SPDX-License-Identifier: MIT
 *
 * A paper as a workbook that can be printed as it is: A4 across, one page wide, headings on every
 * page. Texts are written as texts: none of them is ever a formula. Doubles occur here alone,
 * because the format knows no other numbers; nothing is computed from them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "domain/calendar.h"
#include "doorstep/table.h"

enum { TYPES = TABLE_TIME + 1, WIDTH_MIN = 8, WIDTH_MAX = 48, PAPER_A4 = 9, UNIX_DAY = 25569 };
enum { TITLE_ROW, HEAD_ROW = 2, FIRST_ROW };

struct book {
    lxw_workbook *file;
    lxw_format *title, *head, *note;
    lxw_format *plain[TYPES], *sum[TYPES];
};

static const char *const number_formats[TYPES] = {
    [TABLE_TEXT] = "@",          [TABLE_COUNT] = "#,##0",
    [TABLE_FEN] = "#,##0.00",    [TABLE_YUAN_10] = "0.0",
    [TABLE_PERMILLE] = "0.0%",   [TABLE_SPAN] = "[h]:mm",
    [TABLE_DATE] = "yyyy-mm-dd", [TABLE_TIME] = "yyyy-mm-dd hh:mm:ss",
};

static void make_formats(struct book *book)
{
    book->title = workbook_add_format(book->file);
    format_set_bold(book->title);
    format_set_font_size(book->title, 14);
    book->head = workbook_add_format(book->file);
    format_set_bold(book->head);
    format_set_text_wrap(book->head);
    format_set_align(book->head, LXW_ALIGN_CENTER);
    format_set_align(book->head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_border(book->head, LXW_BORDER_THIN);
    format_set_bg_color(book->head, 0xdde6f0);
    book->note = workbook_add_format(book->file);
    format_set_text_wrap(book->note);
    format_set_align(book->note, LXW_ALIGN_VERTICAL_TOP);
    for (int i = 0; i < TYPES * 2; i++) {
        lxw_format *format = workbook_add_format(book->file);
        format_set_num_format(format, number_formats[i % TYPES]);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
        if (i % TYPES == TABLE_TEXT) format_set_text_wrap(format);
        if (i >= TYPES) format_set_bold(format);
        (i < TYPES ? book->plain : book->sum)[i % TYPES] = format;
    }
}

/* Days since the format's own beginning, and parts of them. */
static double serial(int64_t local_ms)
{
    return (double)local_ms / DS_DAY_MS + UNIX_DAY;
}

static double value_of(const struct table_cell *cell)
{
    switch (cell->type) {
    case TABLE_FEN: return (double)cell->number / 100;
    case TABLE_YUAN_10: return (double)cell->number / 10;
    case TABLE_PERMILLE: return (double)cell->number / 1000;
    case TABLE_SPAN: return (double)cell->number / DS_DAY_MS;
    case TABLE_DATE: return (double)cell->number + UNIX_DAY;
    case TABLE_TIME:
        return serial(cell->number +
                      (int64_t)ds_zone_offset_s(cell->zone, cell->number) * DS_SECOND_MS);
    case TABLE_TEXT:
    case TABLE_COUNT: break;
    }
    return (double)cell->number;
}

static lxw_error put_cell(lxw_worksheet *sheet, const struct book *book, lxw_row_t row,
                          lxw_col_t column, const struct table_cell *cell, bool sum)
{
    lxw_format *format = (sum ? book->sum : book->plain)[cell->type];

    if (!cell->filled) return worksheet_write_blank(sheet, row, column, format);
    if (cell->type == TABLE_TEXT)
        return worksheet_write_string(sheet, row, column, cell->text, format);
    return worksheet_write_number(sheet, row, column, value_of(cell), format);
}

static const char *heading(const struct table *table, uint32_t column)
{
    return table->lang == DS_ZH ? table->columns[column].zh : table->columns[column].en;
}

/* As wide as its texts, within reason; longer ones take several lines. */
static uint32_t width_of(const struct table *table, uint32_t column)
{
    uint32_t width = (table_width(heading(table, column)) + 1) / 2 + 2; /* wrapped once */
    char buf[32];

    for (size_t r = 0; r < table->n_rows; r++) {
        uint32_t cell = table_width(table_show(table_at(table, r, column), buf)) + 2;
        if (cell > width) width = cell;
    }
    return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}

static void set_up_print(lxw_worksheet *sheet, const struct table *table)
{
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, HEAD_ROW, HEAD_ROW);
    worksheet_freeze_panes(sheet, FIRST_ROW, 1);
    worksheet_set_margins(sheet, 0.4, 0.4, 0.6, 0.6); /* inches */
    worksheet_set_footer(sheet, table->lang == DS_ZH ? "&C第 &P 页,共 &N 页" : "&Cpage &P of &N");
}

/* A note reaches over the whole table, in as many lines as it needs. */
static lxw_error put_note(lxw_worksheet *sheet, const struct book *book, const struct table *table,
                          lxw_row_t row, const char *text, uint32_t width)
{
    uint32_t lines = table_width(text) / (width > 0 ? width : 1) + 1;

    worksheet_set_row(sheet, row, 15.0 * lines, NULL);
    if (table->n_shown == 1) return worksheet_write_string(sheet, row, 0, text, book->note);
    return worksheet_merge_range(sheet, row, 0, row, (lxw_col_t)(table->n_shown - 1), text,
                                 book->note);
}

static lxw_error put_table(struct book *book, const struct table *table)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->file, table->name);
    lxw_error error = LXW_NO_ERROR, now;
    uint32_t width = 0;

    if (!sheet) return LXW_ERROR_SHEETNAME_LENGTH_EXCEEDED;
    worksheet_write_string(sheet, TITLE_ROW, 0, table->title, book->title);
    for (uint32_t c = 0; c < table->n_shown; c++) {
        uint32_t columns = width_of(table, c);
        width += columns;
        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, columns, NULL);
        worksheet_write_string(sheet, HEAD_ROW, (lxw_col_t)c, heading(table, c), book->head);
    }
    for (size_t r = 0; r < table->n_rows; r++)
        for (uint32_t c = 0; c < table->n_shown; c++) {
            now = put_cell(sheet, book, (lxw_row_t)(FIRST_ROW + r), (lxw_col_t)c,
                           table_at(table, r, c), r >= table->n_rows - table->n_sums);
            if (now != LXW_NO_ERROR) error = now;
        }
    for (uint32_t i = 0; i < table->n_notes; i++) {
        now = put_note(sheet, book, table, (lxw_row_t)(FIRST_ROW + table->n_rows + 1 + i),
                       table->notes[i], width);
        if (now != LXW_NO_ERROR) error = now;
    }
    set_up_print(sheet, table);
    return error;
}

static const char *write_file(const struct paper *paper, const char *path)
{
    struct book book = {.file = workbook_new(path)};
    lxw_doc_properties properties = {.title = paper->title,
                                     .created = (time_t)(paper->as_of_ms / DS_SECOND_MS)};
    lxw_error error = LXW_NO_ERROR;

    if (!book.file) abort();
    workbook_set_properties(book.file, &properties);
    make_formats(&book);
    for (uint32_t i = 0; i < paper->n_tables; i++) {
        lxw_error now = put_table(&book, &paper->tables[i]);
        if (now != LXW_NO_ERROR) error = now;
    }
    lxw_error closed = workbook_close(book.file);
    if (closed != LXW_NO_ERROR) error = closed;
    return error == LXW_NO_ERROR ? NULL : lxw_strerror(error);
}

/* The format is written to and fro, which no pipe can: a file without a name comes first. */
static const char *write_out(const struct paper *paper)
{
    FILE *file = tmpfile();
    char path[40], bytes[65536];
    size_t n;

    if (!file) return strerror(errno);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    const char *why = write_file(paper, path);
    while (!why && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        if (fwrite(bytes, 1, n, stdout) != n) why = strerror(errno);
    fclose(file);
    return why;
}

const char *paper_write_xlsx(const struct paper *paper, const char *path)
{
    return strcmp(path, "-") == 0 ? write_out(paper) : write_file(paper, path);
}
