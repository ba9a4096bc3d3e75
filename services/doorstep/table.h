/* SPDX-License-Identifier: MIT
 *
 * Tables as people read them, and the four ways in which they leave: aligned on a terminal, CSV,
 * JSON, and XLSX to be printed. A cell keeps its number (fen, ms, thousandths), so that each writer
 * shows it in its own way and none computes. Nothing here decides or counts. */
#ifndef DOORSTEP_TABLE_H
#define DOORSTEP_TABLE_H

#include "doorstep/cli.h"

enum table_type {
    TABLE_TEXT,
    TABLE_COUNT,
    TABLE_FEN,      /* shown in yuan with two decimals */
    TABLE_YUAN_10,  /* tenths of a yuan: one decimal */
    TABLE_PERMILLE, /* a share or a change: per cent with one decimal */
    TABLE_SPAN,     /* ms */
    TABLE_DATE,     /* local day, as domain/calendar.h counts them */
    TABLE_TIME,     /* an instant, shown in local time */
};

enum table_place {
    TABLE_SHOWN,
    TABLE_BELOW,    /* long texts: the terminal has them below the table */
    TABLE_PROGRAMS, /* in JSON alone; after all others */
};

struct table_column {
    const char *key; /* JSON member, with the unit, as in sum_fen */
    const char *en;  /* heading for people and spreadsheets */
    const char *zh;
    enum table_type type;
    enum table_place place;
};

struct table_cell {
    bool filled; /* false: not known, or does not apply */
    enum table_type type;
    int64_t number;             /* TABLE_TIME: UTC ms */
    const struct ds_zone *zone; /* TABLE_TIME: of local time; outlives the table */
    char *text;                 /* owned */
};

struct table {
    const char *key; /* JSON member */
    char *name;      /* of the sheet in a workbook; at most 31 characters; owned */
    char *title;     /* owned */
    enum ds_lang lang;
    const struct table_column *columns;
    uint32_t n_columns;
    uint32_t n_shown;         /* all but those for programs */
    uint32_t filled;          /* cells of the row at hand */
    struct table_cell *cells; /* owned; n_rows x n_columns, sums last */
    size_t n_rows;
    size_t cap;
    size_t n_sums;    /* how many of the rows, at the end, are sums */
    size_t shown_max; /* rows on a terminal; 0: all */
    char *notes[16];  /* owned */
    uint32_t n_notes;
};

enum { TABLES_MAX = 8 };

/* What one command prints: one table or several. */
struct paper {
    const char *key; /* {"report": key} */
    enum ds_lang lang;
    char *title;                /* owned */
    const char *department;     /* printed above it; NULL or "": nobody's */
    const struct ds_zone *zone; /* of as_of_ms for people; NULL: it is not told */
    int64_t as_of_ms; /* until when it tells; also the date inside a workbook: no clock is read */
    struct table tables[TABLES_MAX];
    uint32_t n_tables;
};

void paper_init(struct paper *paper, enum ds_lang lang, const char *key, int64_t as_of_ms);
void paper_finish(struct paper *paper);
void paper_title(struct paper *paper, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* A new table of the paper; columns end with a NULL key and outlive it. en and zh: name of its
 * sheet, and its title until table_title says another. */
struct table *paper_table(struct paper *paper, const char *key, const char *en, const char *zh,
                          const struct table_column *columns);

void table_title(struct table *table, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
void table_note(struct table *table, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* A row, then its cells from left to right; what is left out stays empty. */
void table_row(struct table *table);
void table_sum_row(struct table *table);                /* after all other rows */
void table_text(struct table *table, const char *text); /* NULL: empty */
/* One field of RFC 4180; what a spreadsheet would read as a formula stands behind an apostrophe. */
void table_put_csv(FILE *to, const char *text);
void table_number(struct table *table, int64_t number); /* of the column's type */
void table_typed(struct table *table, enum table_type type, int64_t number); /* of another type */
void table_time(struct table *table, int64_t at_ms, const struct ds_zone *zone);
void table_empty(struct table *table);

static inline const struct table_cell *table_at(const struct table *table, size_t row,
                                                uint32_t column)
{
    return &table->cells[row * table->n_columns + column];
}

/* ---- writers ---- */

void paper_print(FILE *to, const struct paper *paper);
/* UTF-8 with a byte order mark. Several tables: a line with the title before each, an empty one
 * between them. A text that a spreadsheet would take for a formula begins with '. */
void paper_print_csv(FILE *to, const struct paper *paper);
/* One line: {"report", "title", "as_of_ms", "<table>": {"title", "columns": [{key, name, type}],
 * "rows": [...], "sums": [...], "notes"}}. */
void paper_print_json(FILE *to, const struct paper *paper);
/* table_xlsx.c: one sheet a table, A4, across where it is wide; on each page department, paper and
 * when it was printed; path "-": to stdout. NULL, or why the file could not be written, in the
 * paper's language. */
const char *paper_write_xlsx(const struct paper *paper, const char *path);

/* As the command was asked: --xlsx FILE, --json, --csv, else for the terminal. An exit code. */
int paper_out(const struct cli *cli, const struct paper *paper, bool csv, const char *xlsx);

/* A cell as people read it, in buf unless it is a text. */
const char *table_show(const struct table_cell *cell, char buf[32]);

/* Columns on a terminal. */
uint32_t table_width(const char *text);

#endif
