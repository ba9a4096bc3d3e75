/* SPDX-License-Identifier: MIT
 *
 * One page about a ticket, as a manager would show it to a technician or a customer: who, what,
 * each clock as a drawn line, who held the job when, and why it was judged so. One model, three
 * forms. A page for the customer has no money, no clause of a fine and no account, only names.
 *
 *   explain_page_judge.c   clocks, holders, appointments, by the watcher's own rules
 *   explain_page_lines.c   what happened, in words, and names
 *   explain_page_why.c     why it was judged so, and why money was booked
 *   explain_page_html.c    the printable page       explain_page_draw.c   its drawings
 *   explain_page_text.c    for the terminal         explain_page_json.c   for programs */
#ifndef DOORSTEP_EXPLAIN_PAGE_H
#define DOORSTEP_EXPLAIN_PAGE_H

#include "doorstep/explain.h"
#include "sla-watcher/watch.h"

enum {
    PAGE_CLOCKS_MAX = WATCH_INSTANCES_MAX,
    PAGE_HOLDS_MAX = DS_CYCLES_MAX * 2 * WATCH_HOLDERS_MAX,
    PAGE_OFFERS_MAX = DS_CYCLES_MAX * DS_CYCLE_OFFERS,
    PAGE_WINDOWS_MAX = DS_FACTS_MAX,
    PAGE_WAITS_MAX = DS_CYCLES_MAX * DS_CYCLE_INSTANCES,
    PAGE_TEXT_MAX = 4096, /* several fields of a command, whole */
};

/* An instant that never came. */
#define PAGE_NEVER INT64_MAX

/* [from_ms, to_ms); to_ms PAGE_NEVER: goes on. */
struct page_span {
    int64_t from_ms;
    int64_t to_ms;
    const char *account;  /* of a holding, an offer */
    enum ds_delay reason; /* of a wait */
    bool customers_wish;  /* of an appointment */
};

struct page_clock {
    enum ds_clock clock;
    uint32_t n;
    enum ds_verdict verdict; /* DS_VERDICT_NONE: it runs, or waits for its grace */
    bool final;
    int64_t start_ms;
    int64_t due_ms;  /* PAGE_NEVER while it is paused */
    int64_t stop_ms; /* PAGE_NEVER: not done, as far as is known by now */
    const char *owner;
    const char *clause;
    int reason;
    uint32_t rulebook;
    uint32_t n_pauses;
    struct page_span pauses[DS_CYCLE_INSTANCES];
};

struct page_story {
    const struct archive *archive;
    const char *id;
    uint32_t partition;
    enum ds_lang lang;
    bool for_customer;
    const char *account; /* the only one whose money is shown; NULL: all */
    int64_t now_ms;
    int64_t from_ms; /* the axis */
    int64_t to_ms;
    const Ds__Registered *registered;
    enum ds_word state;
    uint32_t n_clocks;
    struct page_clock clocks[PAGE_CLOCKS_MAX];
    uint32_t n_holds;
    struct page_span holds[PAGE_HOLDS_MAX];
    uint32_t n_offers; /* a customer is not told whom we asked */
    struct page_span offers[PAGE_OFFERS_MAX];
    uint32_t n_windows;
    struct page_span windows[PAGE_WINDOWS_MAX];
    uint32_t n_waits;
    struct page_span waits[PAGE_WAITS_MAX];
};

/* ---- explain_page_judge.c ---- */

/* Fills the story from the events of a ticket. False: its registration is not among them. */
bool page_gather(struct page_story *story);

/* ---- explain_page_lines.c ---- */

const char *page_word(const struct page_story *story, enum ds_word word);

/* Name of an account or a person; for staff with the account. */
const char *page_name(const struct page_story *story, const char *who, char buf[PAGE_TEXT_MAX]);

/* The name alone. */
const char *page_short_name(const struct page_story *story, const char *who,
                            char buf[PAGE_TEXT_MAX]);

/* "03-01 08:30", with seconds if there are any; "2007-03-01 08:30" if with the year. */
const char *page_time(const struct page_story *story, int64_t at_ms, bool year, char buf[32]);

/* "accept #1" */
const char *page_clock_name(const struct page_story *story, const struct page_clock *clock,
                            char buf[PAGE_TEXT_MAX]);
const char *page_verdict(const struct page_story *story, const struct page_clock *clock);

/* Not met: it was late, or is. */
bool page_is_late(const struct page_story *story, const struct page_clock *clock);

/* Until when its line is drawn: when it stopped, a little beyond the due if it never did, or now.
 */
int64_t page_until_ms(const struct page_story *story, const struct page_clock *clock);

/* Does this clock concern the reader? A customer is told of the promises made to him. */
bool page_shows(const struct page_story *story, const struct page_clock *clock);

/* Labels and texts of the head of the page, by number; false after the last. */
bool page_head(const struct page_story *story, uint32_t n, enum ds_word *ret_label,
               char buf[PAGE_TEXT_MAX]);

/* One event for the story: what, in words, and who. False: not for this reader. */
struct page_line {
    int64_t at_ms;
    const char *what;
    char text[PAGE_TEXT_MAX];
    char who[PAGE_TEXT_MAX];
};
bool page_line(const struct page_story *story, const struct record *record, struct page_line *ret);

/* Reason of a wait. */
const char *page_delay(const struct page_story *story, enum ds_delay reason);

/* ---- explain_page_why.c ---- */

/* Why it was judged so, in a sentence; "" if there is nothing to say. */
const char *page_why(const struct page_story *story, const struct page_clock *clock,
                     char buf[PAGE_TEXT_MAX]);

/* Why money was booked or proposed at a record for another reason than one clock's breach, which
 * stands with its clock: what led to it, how much that makes, the clause. "" for any other record.
 */
const char *page_money_why(const struct page_story *story, const struct record *record,
                           char buf[PAGE_TEXT_MAX]);

/* Reason and note of a line, as it was booked. */
const char *page_reason(const struct page_story *story, const Ds__Entry *entry,
                        char buf[PAGE_TEXT_MAX]);

/* ---- the forms ---- */

void page_html(FILE *to, const struct page_story *story);
void page_text(FILE *to, const struct page_story *story);
void page_json(FILE *to, const struct page_story *story);

/* ---- explain_page_draw.c ---- */

/* Text with everything escaped that means something in HTML. */
void page_escape(FILE *to, const char *text);

/* Number of somebody's colour, in the order in which they held it. */
uint32_t page_colour(const struct page_story *story, const char *account);

void page_draw_clock(FILE *to, const struct page_story *story, const struct page_clock *clock);
void page_draw_lanes(FILE *to, const struct page_story *story);

#endif
