/* SPDX-License-Identifier: MIT
 *
 * Drawings of the page, as SVG: a line for each clock on a scale of its own, and lanes on a common
 * one for who held the job, whom it was offered to, when a visit was agreed, and when work waited.
 */
#include <string.h>

#include "doorstep/explain_page.h"
#include "wire/utf8.h"

enum { BAR_W = 220, BAR_H = 24, LANES_W = 690, LABEL_W = 92, LANE_H = 22 };

void page_escape(FILE *to, const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len;) {
        size_t step = ds_utf8_step(text + i, len - i);
        switch (text[i]) {
        case '<': fputs("&lt;", to); break;
        case '>': fputs("&gt;", to); break;
        case '&': fputs("&amp;", to); break;
        case '"': fputs("&quot;", to); break;
        case '\'': fputs("&#39;", to); break;
        default:
            if (step == 0 || (unsigned char)text[i] < 0x20 || text[i] == 0x7f)
                fputc(' ', to);
            else
                fwrite(text + i, 1, step, to);
        }
        i += step ? step : 1;
    }
}

/* ---- one clock ---- */

struct scale {
    int64_t from_ms;
    int64_t to_ms;
    int x;
    int w;
};

/* In tenths, without floating point: 12.3 */
static void put_x(FILE *to, const struct scale *scale, int64_t at_ms)
{
    int64_t span_ms = scale->to_ms - scale->from_ms;

    if (at_ms < scale->from_ms) at_ms = scale->from_ms;
    if (at_ms > scale->to_ms) at_ms = scale->to_ms;
    int64_t tenths = (int64_t)scale->x * 10 +
                     (int64_t)((__int128)(at_ms - scale->from_ms) * scale->w * 10 / span_ms);
    fprintf(to, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
}

static void put_rect(FILE *to, const struct scale *scale, int64_t from_ms, int64_t to_ms, int y,
                     int h, const char *class)
{
    struct scale width = *scale;

    if (from_ms < scale->from_ms) from_ms = scale->from_ms;
    if (to_ms > scale->to_ms) to_ms = scale->to_ms;
    if (to_ms <= from_ms) return;
    fprintf(to, "<rect class=\"%s\" y=\"%d\" height=\"%d\" x=\"", class, y, h);
    put_x(to, scale, from_ms);
    fputs("\" width=\"", to);
    width.x = 0;
    put_x(to, &width, scale->from_ms + (to_ms - from_ms));
    fputs("\"/>", to);
}

static void put_mark(FILE *to, const struct scale *scale, int64_t at_ms, const char *shape,
                     const char *class)
{
    fputs("<g transform=\"translate(", to);
    put_x(to, scale, at_ms);
    fprintf(to, ",0)\"><path class=\"%s\" d=\"%s\"/></g>", class, shape);
}

static struct scale scale_of(const struct page_story *story, const struct page_clock *clock)
{
    int64_t end_ms = page_until_ms(story, clock);

    if (clock->due_ms != PAGE_NEVER && clock->due_ms > end_ms) end_ms = clock->due_ms;
    if (end_ms <= clock->start_ms) end_ms = clock->start_ms + 1;
    return (struct scale){clock->start_ms, end_ms, 6, BAR_W - 12};
}

void page_draw_clock(FILE *to, const struct page_story *story, const struct page_clock *clock)
{
    struct scale scale = scale_of(story, clock);
    int64_t until_ms = page_until_ms(story, clock);
    bool late = page_is_late(story, clock);
    bool open = clock->due_ms == PAGE_NEVER;
    int64_t good_ms = late && !open && clock->due_ms < until_ms ? clock->due_ms : until_ms;

    fprintf(to, "<svg class=\"bar\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">", BAR_W,
            BAR_H, BAR_W, BAR_H);
    fprintf(to, "<path class=\"rail\" d=\"M6 13H%d\"/>", BAR_W - 6);
    put_rect(to, &scale, clock->start_ms, good_ms, 10, 6,
             clock->verdict == DS_CANCELLED ? "gone" : "ran");
    if (late && !open) put_rect(to, &scale, clock->due_ms, until_ms, 10, 6, "late");
    for (uint32_t p = 0; p < clock->n_pauses; p++) {
        put_rect(to, &scale, clock->pauses[p].from_ms, clock->pauses[p].to_ms, 8, 10, "blank");
        put_rect(to, &scale, clock->pauses[p].from_ms, clock->pauses[p].to_ms, 8, 10, "wait");
    }
    put_mark(to, &scale, clock->start_ms, "M0 6V20", "edge");
    if (!open) put_mark(to, &scale, clock->due_ms, "M0 5V21M-4 4H4L0 9Z", "due");
    if (clock->stop_ms != PAGE_NEVER)
        put_mark(to, &scale, clock->stop_ms, "M-5 13a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
                 late ? "stop bad" : "stop");
    fputs("</svg>", to);
}

/* ---- lanes ---- */

/* A step of the ticks, so that there are not more than eight. */
static int64_t tick_ms(int64_t span_ms)
{
    static const int minutes[] = {5,   10,   15,   30,   60,    120,   240,   480,
                                  720, 1440, 2880, 5760, 10080, 20160, 43200, 129600};
    size_t i = 0;

    while (i + 1 < sizeof minutes / sizeof minutes[0] && span_ms / (minutes[i] * 60000LL) >= 8)
        i++;
    return minutes[i] * 60000LL;
}

static void put_ticks(FILE *to, const struct page_story *story, const struct scale *scale, int h)
{
    int64_t step_ms = tick_ms(scale->to_ms - scale->from_ms);
    int64_t offset_ms =
        1000LL * ds_zone_offset_s(archive_zone(story->archive, story->partition), scale->from_ms);
    int64_t at_ms = (scale->from_ms + offset_ms + step_ms - 1) / step_ms * step_ms - offset_ms;
    char text[32];

    for (; at_ms <= scale->to_ms; at_ms += step_ms) {
        fputs("<g transform=\"translate(", to);
        put_x(to, scale, at_ms);
        page_time(story, at_ms, false, text);
        fprintf(to,
                ",0)\"><path class=\"tick\" d=\"M0 14V%d\"/><text y=\"10\" class=\"at\">%s"
                "</text></g>",
                h, text);
    }
}

static void put_label(FILE *to, const char *text, int y)
{
    fprintf(to, "<text x=\"0\" y=\"%d\" class=\"lane\">", y + 14);
    page_escape(to, text);
    fputs("</text>", to);
}

/* Columns that a text takes, about. */
static int width_of(const char *text)
{
    int width = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        width += *at >= 0xe3 ? 11 : (*at & 0xc0) != 0x80 ? 6 : 0;
    return width;
}

/* A piece of a lane, with its text if there is room for it. */
static void put_piece(FILE *to, const struct scale *scale, const struct page_span *span, int y,
                      const char *class, const char *text)
{
    int64_t to_ms = span->to_ms < scale->to_ms ? span->to_ms : scale->to_ms;
    int64_t from_ms = span->from_ms > scale->from_ms ? span->from_ms : scale->from_ms;
    int64_t room =
        to_ms > from_ms
            ? (int64_t)((__int128)(to_ms - from_ms) * scale->w / (scale->to_ms - scale->from_ms))
            : 0;

    put_rect(to, scale, span->from_ms, span->to_ms, y, LANE_H - 6, class);
    if (room < width_of(text) + 8) return;
    fputs("<text class=\"in\" x=\"", to);
    put_x(to, scale, from_ms);
    fprintf(to, "\" dx=\"4\" y=\"%d\">", y + 12);
    page_escape(to, text);
    fputs("</text>", to);
}

/* Account of a holding; after the last, of an offer. */
static const char *account_at(const struct page_story *story, uint32_t i)
{
    return i < story->n_holds ? story->holds[i].account : story->offers[i - story->n_holds].account;
}

/* A colour for each account, in the order in which they come. */
uint32_t page_colour(const struct page_story *story, const char *account)
{
    uint32_t colour = 0;

    for (uint32_t i = 0; i < story->n_holds + story->n_offers; i++) {
        bool first = true;
        for (uint32_t j = 0; j < i; j++)
            first &= strcmp(account_at(story, j), account_at(story, i)) != 0;
        if (strcmp(account_at(story, i), account) == 0) return colour % 6;
        colour += first;
    }
    return 0;
}

static int put_owners(FILE *to, const struct page_story *story, const struct scale *scale, int y,
                      enum ds_word label, const struct page_span *spans, uint32_t n)
{
    char name[PAGE_TEXT_MAX], class[16];

    if (n == 0) return y;
    put_label(to, page_word(story, label), y);
    for (uint32_t i = 0; i < n; i++) {
        snprintf(class, sizeof class, "who w%u", page_colour(story, spans[i].account));
        page_short_name(story, spans[i].account, name);
        put_piece(to, scale, &spans[i], y, class, name);
    }
    return y + LANE_H;
}

void page_draw_lanes(FILE *to, const struct page_story *story)
{
    const struct scale scale = {story->from_ms, story->to_ms, LABEL_W, LANES_W - LABEL_W - 30};
    int lanes = (story->n_holds > 0) + (story->n_offers > 0) + (story->n_windows > 0) +
                (story->n_waits > 0);
    int y = 18;
    int h = y + lanes * LANE_H;

    fprintf(to, "<svg class=\"lanes\" viewBox=\"0 0 %d %d\">", LANES_W, h + 2);
    put_ticks(to, story, &scale, h);
    y = put_owners(to, story, &scale, y, DS_WORD_HELD_BY, story->holds, story->n_holds);
    y = put_owners(to, story, &scale, y, DS_WORD_PG_OFFERED_TO, story->offers, story->n_offers);
    if (story->n_windows > 0) {
        put_label(to, page_word(story, DS_WORD_PG_APPOINTED), y);
        for (uint32_t i = 0; i < story->n_windows; i++)
            put_piece(to, &scale, &story->windows[i], y, "window", "");
        y += LANE_H;
    }
    if (story->n_waits > 0) {
        put_label(to, page_word(story, DS_WORD_PG_WAITS), y);
        for (uint32_t i = 0; i < story->n_waits; i++)
            put_piece(to, &scale, &story->waits[i], y, "wait", "");
    }
    fputs("</svg>\n", to);
}
