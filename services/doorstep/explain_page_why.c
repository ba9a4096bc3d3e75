/* SPDX-License-Identifier: MIT
 *
 * Why a clock was judged so; and why money was booked, or put before the manager, where not one
 * clock's breach alone is the reason: the complaint beside a missed visit, the customer's answer
 * beside what was filed, the manager's word. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/explain_page.h"

/* ---- clocks ---- */

/* "1d 1h 30m"; below a day as everywhere. */
static void long_span(char buf[32], int64_t span_ms)
{
    int64_t minutes = span_ms / 60000;

    if (minutes < 24 * 60) return cli_duration(buf, span_ms);
    snprintf(buf, 32, "%dd %dh %02dm", (int)(minutes / 1440), (int)(minutes / 60 % 24),
             (int)(minutes % 60));
}

/* "due 03-01 15:00, done 03-01 15:40, late by 40m 00s" */
static size_t put_late(const struct page_story *story, const struct page_clock *clock, char *buf)
{
    char due[32], stop[32], span[32], name[PAGE_TEXT_MAX];
    bool done = clock->stop_ms != PAGE_NEVER;
    const char *gap = story->lang == DS_ZH ? "," : ", ";

    page_time(story, clock->due_ms, false, due);
    if (done) page_time(story, clock->stop_ms, false, stop);
    bool late = done && clock->stop_ms > clock->due_ms;
    if (late) long_span(span, clock->stop_ms - clock->due_ms);
    int n = snprintf(buf, PAGE_TEXT_MAX, "%s%s%s %s%s%s%s%s", page_clock_name(story, clock, name),
                     story->lang == DS_ZH ? ":" : ": ", page_word(story, DS_WORD_DUE), due, gap,
                     page_word(story, done ? DS_WORD_DONE : DS_WORD_PG_NOT_DONE), done ? " " : "",
                     done ? stop : "");
    if (late)
        n += snprintf(buf + n, PAGE_TEXT_MAX - (size_t)n, "%s%s %s", gap,
                      page_word(story, DS_WORD_LATE_BY), span);
    return (size_t)n;
}

/* "Nothing shows that it was done" was true when it was said. */
static const char *reason_of(const struct page_story *story, const struct page_clock *clock)
{
    bool later = clock->reason == DS__REASON__NAME__NO_STOP && clock->stop_ms != PAGE_NEVER;

    if (!later) return ds_reason_text(story->lang, clock->reason);
    if (clock->stop_ms <= clock->due_ms) return page_word(story, DS_WORD_PG_SAID_LATE);
    return ds_reason_text(story->lang, DS__REASON__NAME__STOP_LATE);
}

const char *page_why(const struct page_story *story, const struct page_clock *clock,
                     char buf[PAGE_TEXT_MAX])
{
    const struct ds_version *version =
        clock->rulebook < DS_VERSIONS_MAX ? story->archive->versions[clock->rulebook] : NULL;
    const struct ds_clause *clause = version ? ds_find_clause(version, clock->clause) : NULL;
    const char *stop = story->lang == DS_ZH ? ";" : "; ";

    buf[0] = '\0';
    if (!page_is_late(story, clock)) return buf;
    size_t n = put_late(story, clock, buf);
    const char *reason = reason_of(story, clock);
    n += (size_t)snprintf(buf + n, PAGE_TEXT_MAX - n, "%s%s", stop, reason);
    if (story->for_customer || !clause || n >= PAGE_TEXT_MAX) return buf;
    snprintf(buf + n, PAGE_TEXT_MAX - n, "%s%s %s: %s", reason[0] ? stop : "",
             page_word(story, DS_WORD_CLAUSE), clause->id,
             story->lang == DS_ZH ? clause->text_zh : clause->text_en);
    return buf;
}

/* ---- money ---- */

/* Does the line name this event as its evidence? */
static bool cites(const Ds__Entry *entry, enum ds_source source, uint64_t seq)
{
    for (size_t i = 0; i < entry->n_events; i++)
        if ((int)entry->events[i]->source == (int)source && entry->events[i]->seq == seq)
            return true;
    return false;
}

static const char *stop_of(const struct page_story *story)
{
    return story->lang == DS_ZH ? ";" : "; ";
}

/* "; the customer's complaint T007-582, 03-01 14:20: two hours late" */
static void put_complaint(FILE *to, const struct page_story *story, const Ds__Entry *entry)
{
    const struct archive *archive = story->archive;
    char at[32];

    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        const Ds__VisitsFinal *final =
            msg->body_case == DS__EVENT__BODY_VISITS_FINAL ? msg->visits_final : NULL;
        const Ds__EventRef *ref = final ? final->complained : NULL;
        if (!ref || !cites(entry, (enum ds_source)ref->source, ref->seq)) continue;
        const struct record *complaint = archive_find(archive, archive->records[i].partition,
                                                      (enum ds_source)ref->source, ref->seq);
        fprintf(to, "%s%s %s, %s", stop_of(story), page_word(story, DS_WORD_PG_COMPLAINT),
                ds_str(final->complaint), page_time(story, final->complained_at_ms, false, at));
        if (complaint && complaint->msg->body_case == DS__EVENT__BODY_REGISTERED &&
            ds_str(complaint->msg->registered->report->note)[0])
            fprintf(to, ": %s", complaint->msg->registered->report->note);
        return;
    }
}

/* All answers of the callback that speak of the clause: they are one proposal. */
static void put_answers(FILE *to, const struct page_story *story, const Ds__Entry *entry)
{
    const struct archive *archive = story->archive;

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->msg->body_case != DS__EVENT__BODY_CONTRADICTION_FOUND ||
            !cites(entry, record->source, record->seq))
            continue;
        fprintf(to, "%s%s%s", stop_of(story), ds_reason_text(story->lang, (int)record->msg->reason),
                stop_of(story));
        answer_explain(to, story->lang, archive, record);
    }
}

static void put_clause(FILE *to, const struct page_story *story, const Ds__Entry *entry)
{
    const struct ds_version *version =
        entry->rulebook < DS_VERSIONS_MAX ? story->archive->versions[entry->rulebook] : NULL;
    const struct ds_clause *clause =
        version ? ds_find_clause(version, ds_str(entry->clause)) : NULL;

    if (clause)
        fprintf(to, "%s%s %s: %s", stop_of(story), page_word(story, DS_WORD_CLAUSE), clause->id,
                story->lang == DS_ZH ? clause->text_zh : clause->text_en);
}

const char *page_reason(const struct page_story *story, const Ds__Entry *entry,
                        char buf[PAGE_TEXT_MAX])
{
    const char *reason = ds_reason_text(story->lang, (int)entry->reason);
    const char *note = ds_str(entry->note);

    snprintf(buf, PAGE_TEXT_MAX, "%s%s%s", reason, reason[0] && note[0] ? ": " : "", note);
    return buf;
}

const char *page_money_why(const struct page_story *story, const struct record *record,
                           char buf[PAGE_TEXT_MAX])
{
    const Ds__Entry *entry = story->for_customer ? NULL : explain_entry(record);
    char yuan[32], text[PAGE_TEXT_MAX], *line = NULL;
    size_t len;

    buf[0] = '\0';
    if (!entry || strcmp(ds_str(entry->ticket), story->id) != 0) return buf;
    if (entry->reason == DS__REASON__NAME__FINAL_BREACH) return buf;
    if (!record->entry && archive_entry(story->archive, ds_str(entry->key)))
        return buf; /* proposed, and told where it was booked */
    FILE *to = open_memstream(&line, &len);
    if (!to) abort();
    cli_yuan(yuan, entry->amount_fen);
    if (!record->entry) fprintf(to, "%s ", ds_event_word(story->lang, DS_EV_PROPOSED));
    fprintf(to, "%s %s, %s%s", yuan, page_word(story, DS_WORD_YUAN),
            page_name(story, entry->account, text), story->lang == DS_ZH ? ":" : ": ");
    fputs(page_reason(story, entry, text), to);
    put_complaint(to, story, entry);
    put_answers(to, story, entry);
    put_clause(to, story, entry);
    if (fclose(to) != 0) abort();
    snprintf(buf, PAGE_TEXT_MAX, "%s", line);
    free(line);
    return buf;
}
