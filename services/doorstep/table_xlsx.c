/* SPDX-License-Identifier: MIT
 *
 * A paper as a workbook that can be printed as it is: A4, one page wide, across where the table is
 * wide; on every page the headings, whose paper it is and when it was printed. Texts are written as
 * texts: none of them is ever a formula. Doubles occur here alone, because the format knows no
 * other numbers; nothing is computed from them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "domain/calendar.h"
#include "doorstep/table.h"

enum { TYPES = TABLE_TIME + 1, WIDTH_MIN = 8, WIDTH_MAX = 48, PAPER_A4 = 9, UNIX_DAY = 25569 };
enum { TITLE_ROW, SUBTITLE_ROW, HEAD_ROW = 3, FIRST_ROW };
enum { UPRIGHT_MAX = 92 }; /* characters that can be read upright on A4 */

struct book {
    lxw_workbook *file;
    lxw_format *title, *subtitle, *head, *note;
    lxw_format *plain[TYPES], *sum[TYPES];
};

static const char *const number_formats[TYPES] = {
    [TABLE_TEXT] = "@",
    [TABLE_COUNT] = "#,##0",
    [TABLE_FEN] = "\"¥\"#,##0.00",
    [TABLE_YUAN_10] = "\"¥\"0.0",
    [TABLE_PERMILLE] = "0.0%",
    [TABLE_SPAN] = "[h]:mm",
    [TABLE_DATE] = "yyyy-mm-dd",
    [TABLE_TIME] = "yyyy-mm-dd hh:mm:ss",
};

static void make_formats(struct book *book)
{
    book->title = workbook_add_format(book->file);
    format_set_bold(book->title);
    format_set_font_size(book->title, 14);
    book->subtitle = workbook_add_format(book->file);
    format_set_font_size(book->subtitle, 12);
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

/* A text inside a page header, where & begins a code; cut where it is too long for one. */
static const char *escaped(char buf[100], const char *text)
{
    size_t n = 0;

    for (; *text && n < 97; text++) {
        if (*text == '&') buf[n++] = '&';
        buf[n++] = *text;
    }
    while (*text && n > 0 && ((unsigned char)*text & 0xc0) == 0x80) /* no half character */
        text--, n--;
    buf[n] = '\0';
    return buf;
}

/* The codes are filled in when it is printed: no clock is read here. */
static void set_header(lxw_worksheet *sheet, const struct paper *paper)
{
    bool zh = paper->lang == DS_ZH;
    char header[240], whose[100], what[100];

    snprintf(header, sizeof header, zh ? "&L%s&C%s&R打印于 &D &T" : "&L%s&C%s&Rprinted &D &T",
             escaped(whose, paper->department ? paper->department : ""),
             escaped(what, paper->title));
    worksheet_set_header(sheet, header);
    worksheet_set_footer(sheet, zh ? "&C第 &P 页,共 &N 页" : "&Cpage &P of &N");
}

static void set_up_print(lxw_worksheet *sheet, const struct paper *paper, uint32_t width)
{
    if (width > UPRIGHT_MAX)
        worksheet_set_landscape(sheet);
    else
        worksheet_set_portrait(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_center_horizontally(sheet);
    worksheet_repeat_rows(sheet, HEAD_ROW, HEAD_ROW);
    worksheet_freeze_panes(sheet, FIRST_ROW, 1);
    worksheet_set_margins(sheet, 0.4, 0.4, 0.8, 0.6); /* inches */
    set_header(sheet, paper);
}

/* Whose paper, of which time; which of its tables, and up to when it tells. */
static void put_titles(lxw_worksheet *sheet, const struct book *book, const struct paper *paper,
                       const struct table *table)
{
    bool zh = paper->lang == DS_ZH, whose = paper->department && paper->department[0];
    char text[1024], at[32] = "";

    snprintf(text, sizeof text, "%s%s%s", whose ? paper->department : "",
             whose ? zh ? ":" : ": " : "", paper->title);
    worksheet_write_string(sheet, TITLE_ROW, 0, text, book->title);
    if (paper->zone && paper->as_of_ms > DS_TIME_MIN_MS)
        cli_local_time(at, paper->as_of_ms / DS_SECOND_MS * DS_SECOND_MS, paper->zone);
    snprintf(text, sizeof text, "%s%s%s", table->title,
             !at[0] ? ""
             : zh   ? ",截至 "
                    : ", as of ",
             at);
    worksheet_write_string(sheet, SUBTITLE_ROW, 0, text, book->subtitle);
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

static lxw_error put_table(struct book *book, const struct paper *paper, const struct table *table)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->file, table->name);
    lxw_error error = LXW_NO_ERROR, now;
    uint32_t width = 0;

    if (!sheet) return LXW_ERROR_SHEETNAME_LENGTH_EXCEEDED;
    put_titles(sheet, book, paper, table);
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
    set_up_print(sheet, paper, width);
    return error;
}

/* The library says on stderr, in its own words, what goes wrong with a file: it gets one that is
 * nobody's. */
static lxw_error fill(const struct paper *paper, int nobodys)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", nobodys);
    struct book book = {.file = workbook_new(path)};
    lxw_doc_properties properties = {.title = paper->title,
                                     .company = (char *)paper->department,
                                     .created = (time_t)(paper->as_of_ms / DS_SECOND_MS)};
    lxw_error error = LXW_NO_ERROR;

    if (!book.file) abort();
    workbook_set_properties(book.file, &properties);
    make_formats(&book);
    for (uint32_t i = 0; i < paper->n_tables; i++) {
        lxw_error now = put_table(&book, paper, &paper->tables[i]);
        if (now != LXW_NO_ERROR) error = now;
    }
    lxw_error closed = workbook_close(book.file);
    return closed != LXW_NO_ERROR ? closed : error;
}

/* 0, or errno. */
static int copy_out(int from, FILE *to)
{
    char buf[65536];
    ssize_t n;

    if (lseek(from, 0, SEEK_SET) < 0) return errno;
    while ((n = read(from, buf, sizeof buf)) > 0)
        if (fwrite(buf, 1, (size_t)n, to) != (size_t)n) return errno;
    return n < 0 || fflush(to) != 0 ? errno : 0;
}

/* 0, or errno. Of a file that could not be written whole nothing stays. */
static int write_file(int from, const char *path)
{
    FILE *to = fopen(path, "we");
    struct stat st;

    if (!to) return errno;
    int error = copy_out(from, to);
    bool file = fstat(fileno(to), &st) == 0 && S_ISREG(st.st_mode);
    if (fclose(to) != 0 && error == 0) error = errno;
    if (error != 0 && file) unlink(path);
    return error;
}

const char *paper_write_xlsx(const struct paper *paper, const char *path)
{
    FILE *nobodys = tmpfile();
    lxw_error error = nobodys ? fill(paper, fileno(nobodys)) : LXW_ERROR_CREATING_TMPFILE;
    int number = 0;

    if (error == LXW_NO_ERROR)
        number = strcmp(path, "-") == 0 ? copy_out(fileno(nobodys), stdout)
                                        : write_file(fileno(nobodys), path);
    if (nobodys) fclose(nobodys);
    if (error > LXW_ERROR_ZIP_CLOSE) /* of what is in it, not of the file */
        return paper->lang == DS_ZH ? "内容超出工作簿的限度"
                                    : "it is more than a workbook can hold";
    if (error != LXW_NO_ERROR)
        return paper->lang == DS_ZH ? "临时目录 /tmp 不可写或已满"
                                    : "/tmp, where it is made, is full or cannot be written";
    return number != 0 ? ds_errno_text(paper->lang, number) : NULL;
}
