/* SPDX-License-Identifier: MIT
 *
 * The printable page: one file, A4, no script, nothing from outside. */
#include <string.h>

#include "doorstep/explain_page.h"

static const char style[] =
    "@page{size:A4;margin:13mm 13mm 12mm}"
    "*{box-sizing:border-box;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "body{font:12px/1.3 \"Noto Sans CJK SC\",\"Source Han Sans SC\",\"Microsoft YaHei\","
    "\"PingFang SC\",\"Helvetica Neue\",Arial,sans-serif;color:#1a1d21;margin:0 auto;"
    "max-width:186mm;background:#fff}"
    "header{display:flex;justify-content:space-between;align-items:baseline;"
    "border-bottom:2px solid #1a1d21;padding:4px 0 5px}"
    "h1{font-size:19px;margin:0}header p{margin:0;color:#555}"
    "h2{font-size:13px;margin:11px 0 3px;break-after:avoid}"
    "dl{display:grid;grid-template-columns:auto 1fr auto 1fr;gap:2px 12px;margin:9px 0 0}"
    "dt{color:#5b636d}dd{margin:0;overflow-wrap:anywhere}"
    "table{width:100%;border-collapse:collapse}"
    "td,th{padding:1px 8px 1px 0;vertical-align:middle;text-align:left;font-weight:400;"
    "overflow-wrap:anywhere}"
    "tr{break-inside:avoid}tbody tr{border-top:1px solid #e3e6ea}"
    "th{color:#5b636d;font-size:11px}td small{color:#5b636d}"
    "td.t,td.v,td.num{white-space:nowrap;width:1%;font-size:11px;font-variant-numeric:tabular-nums}"
    "td.v{font-size:12px}"
    "td.bad{color:#b3261e;font-weight:600}.num{text-align:right}p{margin:2px 0}"
    "ul{margin:0;padding-left:17px}li{break-inside:avoid;margin:1px 0}"
    "svg{display:block}svg.lanes{width:100%;height:auto}svg text{font-size:11px;fill:#1a1d21}"
    "svg .at{font-size:10px;fill:#5b636d;text-anchor:middle}svg .lane{fill:#5b636d}"
    ".rail{stroke:#d4d9df;stroke-width:2}.ran{fill:#3b6ea5}.gone{fill:#b9c0c8}.late{fill:#c8372d}"
    ".blank{fill:#fff}.wait{fill:url(#hatch);stroke:#8a6d1d;stroke-width:.6}"
    ".edge{stroke:#3b6ea5;stroke-width:2}.due{stroke:#1a1d21;stroke-width:1.4;fill:#1a1d21}"
    ".stop{fill:#fff;stroke:#3b6ea5;stroke-width:2}.stop.bad{stroke:#c8372d}"
    ".tick{stroke:#d4d9df}.who{stroke:#fff}.key "
    ".who{stroke:none}.w0{fill:#cfd8e3}.w1{fill:#b7d7c2}.w2{fill:#f1d7a8}"
    ".w3{fill:#d9c5e6}.w4{fill:#f3c3bd}.w5{fill:#c2e0e8}.window{fill:#3b6ea5}"
    ".key{display:flex;flex-wrap:wrap;gap:1px 14px;color:#5b636d;font-size:11px;margin:2px 0 0}"
    ".key span{display:flex;align-items:center;gap:4px}"
    "footer{margin-top:12px;border-top:1px solid #d4d9df;padding-top:3px;color:#5b636d;"
    "font-size:10.5px}";

static void put_tag(FILE *to, const char *tag, const char *text)
{
    fprintf(to, "<%s>", tag);
    page_escape(to, text);
    fprintf(to, "</%.*s>", (int)strcspn(tag, " "), tag);
}

/* ---- head ---- */

static void put_begin(FILE *to, const struct page_story *story)
{
    char at[32];

    fprintf(to,
            "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
            story->lang == DS_ZH ? "zh-CN" : "en");
    page_escape(to, page_word(story, DS_WORD_PG_TICKET));
    fputc(' ', to);
    page_escape(to, story->id);
    fprintf(to, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
    /* the hatching that every drawing uses */
    fputs(
        "<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs><pattern id=\"hatch\" "
        "width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
        "<rect width=\"5\" height=\"5\" fill=\"#fff6df\"/><path d=\"M0 0V5\" stroke=\"#8a6d1d\" "
        "stroke-width=\"2\"/></pattern></defs></svg>\n<header><h1>",
        to);
    page_escape(to, page_word(story, DS_WORD_PG_TICKET));
    fputc(' ', to);
    page_escape(to, story->id);
    fputs("</h1><p>", to);
    const char *ref = ds_str(story->registered->head->ref);
    if (ref[0]) {
        page_escape(to, page_word(story, DS_WORD_REF));
        fputc(' ', to);
        page_escape(to, ref);
        fputs(" · ", to);
    }
    page_escape(
        to, page_word(story, story->for_customer ? DS_WORD_PG_FOR_CUSTOMER : DS_WORD_PG_FOR_STAFF));
    fputs(" · ", to);
    page_escape(to, page_word(story, DS_WORD_PG_AS_OF));
    fprintf(to, " %s</p></header>\n", page_time(story, story->now_ms, true, at));
}

static void put_head(FILE *to, const struct page_story *story)
{
    char text[PAGE_TEXT_MAX];
    enum ds_word label;

    fputs("<dl>", to);
    for (uint32_t n = 0; page_head(story, n, &label, text); n++) {
        if (!text[0]) continue;
        put_tag(to, "dt", page_word(story, label));
        put_tag(to, "dd", text);
    }
    fputs("</dl>\n", to);
}

static void put_heading(FILE *to, const struct page_story *story, enum ds_word word)
{
    put_tag(to, "h2", page_word(story, word));
    fputc('\n', to);
}

/* Whose colour is whose, and from when to when: a short piece of the lane has no room for it. */
static void put_owners(FILE *to, const struct page_story *story, enum ds_word label,
                       const struct page_span *spans, uint32_t n)
{
    char name[PAGE_TEXT_MAX], from[32], until[32];

    if (n == 0) return;
    fputs("<div class=\"key\">", to);
    put_tag(to, "span", page_word(story, label));
    for (uint32_t i = 0; i < n; i++) {
        fprintf(to,
                "<span><svg width=\"12\" height=\"12\"><rect class=\"who w%u\" x=\"0\" "
                "width=\"12\" height=\"12\"/></svg>",
                page_colour(story, spans[i].account));
        page_escape(to, page_name(story, spans[i].account, name));
        fprintf(to, " %s – %s</span>", page_time(story, spans[i].from_ms, false, from),
                page_time(story, spans[i].to_ms, false, until));
    }
    fputs("</div>\n", to);
}

/* ---- clocks ---- */

static void put_times(FILE *to, const struct page_story *story, const struct page_clock *clock)
{
    char at[32];

    fputs("<td class=\"t\">", to);
    fputs(page_time(story, clock->start_ms, false, at), to);
    fputs("</td><td class=\"t\">", to);
    if (clock->due_ms != PAGE_NEVER) fputs(page_time(story, clock->due_ms, false, at), to);
    fputs("</td><td class=\"t\">", to);
    if (clock->stop_ms != PAGE_NEVER) fputs(page_time(story, clock->stop_ms, false, at), to);
    fputs("</td>", to);
}

static void put_clock(FILE *to, const struct page_story *story, const struct page_clock *clock)
{
    char text[PAGE_TEXT_MAX];

    fputs("<tr><td>", to);
    page_escape(to, page_clock_name(story, clock, text));
    page_short_name(story, clock->owner, text);
    if (text[0]) {
        fputs("<br><small>", to);
        page_escape(to, text);
        fputs("</small>", to);
    }
    fputs("</td><td>", to);
    page_draw_clock(to, story, clock);
    fputs("</td>", to);
    put_times(to, story, clock);
    fprintf(to, "<td class=\"v%s\">", page_is_late(story, clock) ? " bad" : "");
    page_escape(to, page_verdict(story, clock));
    fputs("</td></tr>\n", to);
}

/* What the marks mean. */
static void put_key(FILE *to, const struct page_story *story)
{
    static const struct {
        enum ds_word word;
        const char *drawing;
    } marks[] = {
        {DS_WORD_STARTED, "<path class=\"edge\" d=\"M8 2V14\"/>"},
        {DS_WORD_PAUSED, "<rect class=\"wait\" x=\"0\" y=\"3\" width=\"16\" height=\"10\"/>"},
        {DS_WORD_DUE, "<path class=\"due\" d=\"M8 1V15M4 0H12L8 5Z\"/>"},
        {DS_WORD_DONE, "<circle class=\"stop\" cx=\"8\" cy=\"8\" r=\"5\"/>"},
        {DS_WORD_PG_TOO_LATE, "<rect class=\"late\" x=\"0\" y=\"5\" width=\"16\" height=\"6\"/>"},
    };

    fputs("<div class=\"key\">", to);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        fprintf(to, "<span><svg width=\"16\" height=\"16\">%s</svg>", marks[i].drawing);
        page_escape(to, page_word(story, marks[i].word));
        fputs("</span>", to);
    }
    fputs("</div>\n", to);
}

static void put_clocks(FILE *to, const struct page_story *story)
{
    static const enum ds_word heads[] = {DS_WORD_STARTED, DS_WORD_DUE, DS_WORD_DONE};

    put_heading(to, story, DS_WORD_PG_PROMISES);
    fputs("<table><thead><tr><th></th><th></th>", to);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        put_tag(to, "th", page_word(story, heads[i]));
    fputs("<th></th></tr></thead><tbody>\n", to);
    for (uint32_t i = 0; i < story->n_clocks; i++)
        if (page_shows(story, &story->clocks[i])) put_clock(to, story, &story->clocks[i]);
    fputs("</tbody></table>\n", to);
    put_key(to, story);
}

static void put_reason(FILE *to, const struct page_story *story, const char *text, bool *any)
{
    if (!text[0]) return;
    if (!*any) {
        put_heading(to, story, DS_WORD_PG_WHY);
        fputs("<ul>", to);
    }
    *any = true;
    put_tag(to, "li", text);
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
    if (any) fputs("</ul>\n", to);
}

/* ---- money and story ---- */

static void put_entry(FILE *to, const struct page_story *story, const Ds__Entry *entry)
{
    char yuan[32], text[PAGE_TEXT_MAX];

    cli_yuan(yuan, entry->amount_fen);
    fprintf(to, "<tr><td class=\"num\">%s ", yuan);
    page_escape(to, page_word(story, DS_WORD_YUAN));
    fputs("</td><td>", to);
    page_escape(to, page_name(story, entry->account, text));
    fputs("</td><td>", to);
    page_escape(to, page_reason(story, entry, text));
    fputs("<br><small>", to);
    page_escape(to, ds_str(entry->key));
    fprintf(to, "</small></td><td class=\"t\">%04u-%02u</td></tr>\n", entry->month / 100,
            entry->month % 100);
}

static void put_money(FILE *to, const struct page_story *story)
{
    bool any = false;

    put_heading(to, story, DS_WORD_PG_MONEY);
    fputs("<table><tbody>\n", to);
    for (size_t i = 0; i < story->archive->n; i++) {
        const Ds__Entry *entry = story->archive->records[i].entry;
        if (!entry || strcmp(ds_str(entry->ticket), story->id) != 0) continue;
        any = true;
        put_entry(to, story, entry);
    }
    fputs("</tbody></table>\n", to);
    if (!any) put_tag(to, "p", page_word(story, DS_WORD_PG_NO_MONEY));
}

static void put_story(FILE *to, const struct page_story *story)
{
    static struct page_line line; /* large */
    char at[32];

    put_heading(to, story, DS_WORD_PG_STORY);
    fputs("<table><tbody>\n", to);
    for (size_t i = 0; i < story->archive->n; i++) {
        if (!page_line(story, &story->archive->records[i], &line)) continue;
        fprintf(to, "<tr><td class=\"t\">%s</td><td>", page_time(story, line.at_ms, false, at));
        page_escape(to, line.what);
        fputs("</td><td>", to);
        page_escape(to, line.text);
        fputs("</td><td>", to);
        page_escape(to, line.who);
        fputs("</td></tr>\n", to);
    }
    fputs("</tbody></table>\n", to);
}

void page_html(FILE *to, const struct page_story *story)
{
    put_begin(to, story);
    put_head(to, story);
    put_heading(to, story, DS_WORD_PG_TIMELINE);
    page_draw_lanes(to, story);
    put_owners(to, story, DS_WORD_HELD_BY, story->holds, story->n_holds);
    put_owners(to, story, DS_WORD_PG_OFFERED_TO, story->offers, story->n_offers);
    put_clocks(to, story);
    put_why(to, story);
    if (!story->for_customer) put_money(to, story);
    put_story(to, story);
    fputs("</body>\n</html>\n", to);
}
