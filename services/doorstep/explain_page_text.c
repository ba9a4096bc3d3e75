/* SPDX-License-Identifier: MIT
 *
 * The page in a terminal: each clock as a line of box characters. */
#include <string.h>

#include "doorstep/explain_page.h"

enum { CELLS = 44 };

#define RAN   "─"
#define WAIT  "░"
#define LATE  "━"
#define DUE   "┃"
#define STOP  "●"
#define BEGIN "├"
#define NOW   "▶"

/* A label with at least a space behind it. */
static void put_label(FILE *to, const char *text, int columns)
{
    int width = cli_width(text);

    cli_put(to, text, width < columns ? columns : width + 1);
}

static void put_heading(FILE *to, const struct page_story *story, enum ds_word word)
{
    fprintf(to, "\n%s\n", page_word(story, word));
}

static void put_head(FILE *to, const struct page_story *story)
{
    char text[PAGE_TEXT_MAX], at[32];
    enum ds_word label;

    fprintf(to, "%s %s  %s %s, %s\n", page_word(story, DS_WORD_PG_TICKET), story->id,
            page_word(story, DS_WORD_PG_AS_OF), page_time(story, story->now_ms, true, at),
            page_word(story, story->for_customer ? DS_WORD_PG_FOR_CUSTOMER : DS_WORD_PG_FOR_STAFF));
    for (uint32_t n = 0; page_head(story, n, &label, text); n++) {
        if (!text[0]) continue;
        fprintf(to, "  ");
        put_label(to, page_word(story, label), 12);
        fprintf(to, "%s\n", text);
    }
}

/* ---- a clock's line ---- */

struct axis {
    int64_t from_ms;
    int64_t to_ms;
};

static int cell_of(const struct axis *axis, int64_t at_ms)
{
    if (at_ms <= axis->from_ms) return 0;
    if (at_ms >= axis->to_ms) return CELLS - 1;
    return (int)((__int128)(at_ms - axis->from_ms) * (CELLS - 1) / (axis->to_ms - axis->from_ms));
}

static void fill(const char *cells[CELLS], const struct axis *axis, int64_t from_ms, int64_t to_ms,
                 const char *with)
{
    for (int i = cell_of(axis, from_ms); i <= cell_of(axis, to_ms); i++)
        cells[i] = with;
}

static void put_line(FILE *to, const struct page_story *story, const struct page_clock *clock)
{
    const char *cells[CELLS];
    bool done = clock->stop_ms != PAGE_NEVER, due = clock->due_ms != PAGE_NEVER;
    int64_t until_ms = page_until_ms(story, clock);
    struct axis axis = {clock->start_ms, until_ms};

    if (due && clock->due_ms > axis.to_ms) axis.to_ms = clock->due_ms;
    if (axis.to_ms <= axis.from_ms) axis.to_ms = axis.from_ms + 1;
    for (int i = 0; i < CELLS; i++)
        cells[i] = "·";
    fill(cells, &axis, axis.from_ms, until_ms, RAN);
    if (due && clock->due_ms < until_ms && page_is_late(story, clock))
        fill(cells, &axis, clock->due_ms, until_ms, LATE);
    for (uint32_t p = 0; p < clock->n_pauses; p++)
        fill(cells, &axis, clock->pauses[p].from_ms, clock->pauses[p].to_ms, WAIT);
    cells[0] = BEGIN;
    if (!done && !clock->final) cells[cell_of(&axis, until_ms)] = NOW;
    if (due) cells[cell_of(&axis, clock->due_ms)] = DUE;
    if (done) cells[cell_of(&axis, clock->stop_ms)] = STOP;
    for (int i = 0; i < CELLS; i++)
        fputs(cells[i], to);
}

/* So that all lines begin below one another. */
static int name_columns(const struct page_story *story)
{
    char text[PAGE_TEXT_MAX];
    int columns = 22;

    for (uint32_t i = 0; i < story->n_clocks; i++) {
        int width = cli_width(page_clock_name(story, &story->clocks[i], text)) + 1;
        if (page_shows(story, &story->clocks[i]) && width > columns) columns = width;
    }
    return columns;
}

static void put_clock(FILE *to, const struct page_story *story, const struct page_clock *clock,
                      int columns)
{
    char text[PAGE_TEXT_MAX], at[32];

    fprintf(to, "  ");
    cli_put(to, page_clock_name(story, clock, text), columns);
    put_line(to, story, clock);
    fprintf(to, "  %s\n%*s%s", page_verdict(story, clock), columns + 2, "",
            page_time(story, clock->start_ms, false, at));
    if (clock->due_ms != PAGE_NEVER)
        fprintf(to, ", %s %s", page_word(story, DS_WORD_DUE),
                page_time(story, clock->due_ms, false, at));
    if (clock->stop_ms != PAGE_NEVER)
        fprintf(to, ", %s %s", page_word(story, DS_WORD_DONE),
                page_time(story, clock->stop_ms, false, at));
    page_name(story, clock->owner, text);
    fprintf(to, "%s%s\n", text[0] ? ", " : "", text);
}

static void put_clocks(FILE *to, const struct page_story *story)
{
    int columns = name_columns(story);

    put_heading(to, story, DS_WORD_PG_PROMISES);
    for (uint32_t i = 0; i < story->n_clocks; i++)
        if (page_shows(story, &story->clocks[i])) put_clock(to, story, &story->clocks[i], columns);
    fprintf(to, "  %s %s  %s %s  %s %s  %s %s  %s %s\n", BEGIN, page_word(story, DS_WORD_STARTED),
            WAIT, page_word(story, DS_WORD_PAUSED), DUE, page_word(story, DS_WORD_DUE), STOP,
            page_word(story, DS_WORD_DONE), LATE, page_word(story, DS_WORD_PG_TOO_LATE));
}

/* ---- the rest ---- */

static void put_span(FILE *to, const struct page_story *story, const struct page_span *span,
                     const char *label, const char *text)
{
    char from[32], end[32];

    fprintf(to, "  ");
    put_label(to, label, 14);
    fprintf(to, "%s .. %s  %s\n", page_time(story, span->from_ms, false, from),
            span->to_ms == PAGE_NEVER ? "" : page_time(story, span->to_ms, false, end), text);
}

static void put_lanes(FILE *to, const struct page_story *story)
{
    char text[PAGE_TEXT_MAX];

    put_heading(to, story, DS_WORD_PG_TIMELINE);
    for (uint32_t i = 0; i < story->n_holds; i++)
        put_span(to, story, &story->holds[i], page_word(story, DS_WORD_HELD_BY),
                 page_name(story, story->holds[i].account, text));
    for (uint32_t i = 0; i < story->n_offers; i++)
        put_span(to, story, &story->offers[i], page_word(story, DS_WORD_PG_OFFERED_TO),
                 page_name(story, story->offers[i].account, text));
    for (uint32_t i = 0; i < story->n_windows; i++)
        put_span(to, story, &story->windows[i], page_word(story, DS_WORD_PG_APPOINTED),
                 page_word(story, story->windows[i].customers_wish ? DS_WORD_CUSTOMERS_WISH
                                                                   : DS_WORD_OUR_PROPOSAL));
    for (uint32_t i = 0; i < story->n_waits; i++)
        put_span(to, story, &story->waits[i], page_word(story, DS_WORD_PG_WAITS),
                 page_delay(story, story->waits[i].reason));
}

static void put_reason(FILE *to, const struct page_story *story, const char *text, bool *any)
{
    if (!text[0]) return;
    if (!*any) put_heading(to, story, DS_WORD_PG_WHY);
    *any = true;
    fprintf(to, "  %s\n", text);
}

static void put_why(FILE *to, const struct page_story *story)
{
    char text[PAGE_TEXT_MAX];
    bool any = false;

    for (uint32_t i = 0; i < story->n_clocks; i++)
        if (page_shows(story, &story->clocks[i]))
            put_reason(to, story, page_why(story, &story->clocks[i], text), &any);
    for (size_t i = 0; i < story->archive->n; i++)
        put_reason(to, story, page_money_why(story, &story->archive->records[i], text), &any);
}

static void put_money(FILE *to, const struct page_story *story)
{
    char yuan[32], text[PAGE_TEXT_MAX];
    bool any = false;

    put_heading(to, story, DS_WORD_PG_MONEY);
    for (size_t i = 0; i < story->archive->n; i++) {
        const Ds__Entry *entry = story->archive->records[i].entry;
        if (!entry || strcmp(ds_str(entry->ticket), story->id) != 0) continue;
        any = true;
        cli_yuan(yuan, entry->amount_fen);
        fprintf(to, "  %10s %s  %s  %s\n", yuan, page_word(story, DS_WORD_YUAN),
                page_name(story, entry->account, text), ds_str(entry->key));
        fprintf(to, "  %*s%04u-%02u  %s\n", 12, "", entry->month / 100, entry->month % 100,
                page_reason(story, entry, text));
    }
    if (!any) fprintf(to, "  %s\n", page_word(story, DS_WORD_PG_NO_MONEY));
}

void page_text(FILE *to, const struct page_story *story)
{
    static struct page_line line; /* large */
    char at[32];

    put_head(to, story);
    put_lanes(to, story);
    put_clocks(to, story);
    put_why(to, story);
    if (!story->for_customer) put_money(to, story);
    put_heading(to, story, DS_WORD_PG_STORY);
    for (size_t i = 0; i < story->archive->n; i++) {
        if (!page_line(story, &story->archive->records[i], &line)) continue;
        fprintf(to, "  ");
        put_label(to, page_time(story, line.at_ms, false, at), 20);
        put_label(to, line.what, 34);
        fprintf(to, "%s%s%s\n", line.text, line.text[0] && line.who[0] ? ", " : "", line.who);
    }
}
