/* SPDX-License-Identifier: MIT
 *
 * The page for programs: the same, no more for a customer than on his page. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/explain_page.h"
#include "wire/json.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text && text[0]) json_object_set_new(object, key, json_string(text));
}

static void set_ms(json_t *object, const char *key, int64_t at_ms)
{
    if (at_ms != PAGE_NEVER) json_object_set_new(object, key, json_integer(at_ms));
}

static json_t *span_json(const struct page_story *story, const struct page_span *span)
{
    json_t *object = json_object();
    char text[PAGE_TEXT_MAX];

    set_ms(object, "from_at_ms", span->from_ms);
    set_ms(object, "to_at_ms", span->to_ms);
    if (span->account && !story->for_customer) set_text(object, "account", span->account);
    if (span->account) set_text(object, "name", page_name(story, span->account, text));
    set_text(object, "reason", page_delay(story, span->reason));
    return object;
}

static json_t *spans_json(const struct page_story *story, const struct page_span *spans, uint32_t n)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < n; i++)
        json_array_append_new(list, span_json(story, &spans[i]));
    return list;
}

static json_t *clock_json(const struct page_story *story, const struct page_clock *clock)
{
    json_t *object =
        json_pack("{ss si sb ss}", "clock", ds_clock_name(clock->clock), "n", (int)clock->n,
                  "final", clock->final, "verdict", page_verdict(story, clock));
    char text[PAGE_TEXT_MAX];

    json_object_set_new(object, "late", json_boolean(page_is_late(story, clock)));
    set_ms(object, "start_at_ms", clock->start_ms);
    set_ms(object, "due_at_ms", clock->due_ms);
    set_ms(object, "stop_at_ms", clock->stop_ms);
    set_text(object, "owner", page_name(story, clock->owner, text));
    if (!story->for_customer) set_text(object, "clause", clock->clause);
    set_text(object, "why", page_why(story, clock, text));
    json_object_set_new(object, "pauses", spans_json(story, clock->pauses, clock->n_pauses));
    return object;
}

static json_t *clocks_json(const struct page_story *story)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < story->n_clocks; i++)
        if (page_shows(story, &story->clocks[i]))
            json_array_append_new(list, clock_json(story, &story->clocks[i]));
    return list;
}

static json_t *lines_json(const struct page_story *story)
{
    static struct page_line line; /* large */
    json_t *list = json_array();

    for (size_t i = 0; i < story->archive->n; i++) {
        if (!page_line(story, &story->archive->records[i], &line)) continue;
        json_t *object = json_pack("{sI ss}", "at_ms", (json_int_t)line.at_ms, "what", line.what);
        set_text(object, "text", line.text);
        set_text(object, "by", line.who);
        json_array_append_new(list, object);
    }
    return list;
}

/* Beside what each clock says of itself. */
static json_t *why_json(const struct page_story *story)
{
    json_t *list = json_array();
    char text[PAGE_TEXT_MAX];

    for (size_t i = 0; i < story->archive->n; i++)
        if (page_money_why(story, &story->archive->records[i], text)[0])
            json_array_append_new(list, json_string(text));
    return list;
}

static json_t *money_json(const struct page_story *story)
{
    json_t *list = json_array();

    for (size_t i = 0; i < story->archive->n; i++) {
        const Ds__Entry *entry = story->archive->records[i].entry;
        if (entry && strcmp(ds_str(entry->ticket), story->id) == 0)
            json_array_append_new(list, ds_json_of(&entry->base));
    }
    return list;
}

void page_json(FILE *to, const struct page_story *story)
{
    static const char *const keys[] = {"customer", "phone", "address",  "product",
                                       "fault",    "kind",  "reported", "state"};
    json_t *page =
        json_pack("{ss ss sI}", "ticket", story->id, "for",
                  story->for_customer ? "customer" : "staff", "now_ms", (json_int_t)story->now_ms);
    char text[PAGE_TEXT_MAX];
    enum ds_word label;

    for (uint32_t n = 0; page_head(story, n, &label, text); n++)
        set_text(page, keys[n], text);
    json_object_set_new(page, "held", spans_json(story, story->holds, story->n_holds));
    if (!story->for_customer)
        json_object_set_new(page, "offered", spans_json(story, story->offers, story->n_offers));
    json_object_set_new(page, "appointments", spans_json(story, story->windows, story->n_windows));
    json_object_set_new(page, "waits", spans_json(story, story->waits, story->n_waits));
    json_object_set_new(page, "clocks", clocks_json(story));
    json_object_set_new(page, "events", lines_json(story));
    if (!story->for_customer) json_object_set_new(page, "money", money_json(story));
    if (!story->for_customer) json_object_set_new(page, "money_why", why_json(story));
    char *line = json_dumps(page, JSON_COMPACT);
    if (!line) abort();
    fprintf(to, "%s\n", line);
    free(line);
    json_decref(page);
}
