/* SPDX-License-Identifier: MIT
 *
 * The words of the page: names, times, sentences. What a customer must not read is left out here
 * and nowhere else. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/explain_page.h"

const char *page_word(const struct page_story *story, enum ds_word word)
{
    return ds_word(story->lang, word);
}

/* Of the newest version that knows him: people leave, names change. */
static const char *name_of(const struct archive *archive, const char *who)
{
    for (size_t v = DS_VERSIONS_MAX; v-- > 0;) {
        const struct ds_version *version = archive->versions[v];
        if (!version) continue;
        const struct ds_account *account = ds_find_account(version, who);
        if (account) return account->name;
        const char *id = strncmp(who, "person:", 7) == 0 ? who + 7 : who;
        const struct ds_person *person = ds_find_person(version, id);
        if (person) return person->name;
    }
    return NULL;
}

const char *page_name(const struct page_story *story, const char *who, char buf[PAGE_TEXT_MAX])
{
    const char *name = who && who[0] ? name_of(story->archive, who) : NULL;

    if (story->for_customer)
        snprintf(buf, PAGE_TEXT_MAX, "%s", name ? name : "");
    else if (name && strcmp(name, who) != 0)
        snprintf(buf, PAGE_TEXT_MAX, "%s (%s)", name, who);
    else
        snprintf(buf, PAGE_TEXT_MAX, "%s", ds_str(who));
    return buf;
}

const char *page_short_name(const struct page_story *story, const char *who,
                            char buf[PAGE_TEXT_MAX])
{
    const char *name = who && who[0] ? name_of(story->archive, who) : NULL;

    snprintf(buf, PAGE_TEXT_MAX, "%s", name ? name : story->for_customer ? "" : ds_str(who));
    return buf;
}

const char *page_time(const struct page_story *story, int64_t at_ms, bool year, char buf[32])
{
    char text[32];

    cli_local_time(text, at_ms, archive_zone(story->archive, story->partition));
    bool whole = strcmp(text + 16, ":00") == 0;
    snprintf(buf, 32, "%.*s", whole ? (year ? 16 : 11) : 31, year ? text : text + 5);
    return buf;
}

const char *page_clock_name(const struct page_story *story, const struct page_clock *clock,
                            char buf[PAGE_TEXT_MAX])
{
    snprintf(buf, PAGE_TEXT_MAX, "%s #%u", ds_clock_word(story->lang, clock->clock), clock->n);
    return buf;
}

bool page_is_late(const struct page_story *story, const struct page_clock *clock)
{
    if (clock->final || clock->verdict != DS_VERDICT_NONE) return clock->verdict == DS_BREACHED;
    int64_t until_ms = clock->stop_ms < story->now_ms ? clock->stop_ms : story->now_ms;
    return clock->due_ms < until_ms;
}

const char *page_verdict(const struct page_story *story, const struct page_clock *clock)
{
    if (clock->verdict != DS_VERDICT_NONE) return ds_verdict_word(story->lang, clock->verdict);
    if (page_is_late(story, clock)) return page_word(story, DS_WORD_PG_OVERDUE);
    return page_word(story, clock->due_ms == PAGE_NEVER ? DS_WORD_PAUSED : DS_WORD_PG_RUNS);
}

int64_t page_until_ms(const struct page_story *story, const struct page_clock *clock)
{
    if (clock->stop_ms != PAGE_NEVER) return clock->stop_ms;
    if (clock->final && clock->due_ms != PAGE_NEVER)
        return clock->due_ms +
               (page_is_late(story, clock) ? (clock->due_ms - clock->start_ms) / 8 : 0);
    return story->now_ms > clock->start_ms ? story->now_ms : clock->start_ms;
}

bool page_shows(const struct page_story *story, const struct page_clock *clock)
{
    if (!story->for_customer) return true;
    if (clock->verdict == DS_CANCELLED) return false;
    return clock->clock == DS_CLOCK_CONTACT || clock->clock == DS_CLOCK_VISIT ||
           clock->clock == DS_CLOCK_COMPLAINT || clock->clock == DS_CLOCK_CALLBACK;
}

const char *page_delay(const struct page_story *story, enum ds_delay reason)
{
    switch (reason) {
    case DS_DELAY_PARTS: return page_word(story, DS_WORD_DELAY_PARTS);
    case DS_DELAY_MAJOR_REPAIR: return page_word(story, DS_WORD_DELAY_MAJOR_REPAIR);
    case DS_DELAY_CUSTOMER: return page_word(story, DS_WORD_DELAY_CUSTOMER);
    case DS_DELAY_OTHER: return page_word(story, DS_WORD_DELAY_OTHER);
    case DS_DELAY_NONE:
    case DS_DELAY_COUNT: break;
    }
    return "";
}

/* ---- the head ---- */

static enum ds_word kind_word(const Ds__TicketHead *head)
{
    if (head->kind == DS__KIND__NAME__INSTALL) return DS_WORD_INSTALL;
    if (head->kind == DS__KIND__NAME__SYSTEM) return DS_WORD_SYSTEM;
    return head->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE ? DS_WORD_SERVICE_COMPLAINT
                                                                     : DS_WORD_REPAIR;
}

/* Joins what is there. */
static void join(char buf[PAGE_TEXT_MAX], const char *const texts[], size_t n)
{
    size_t used = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < n && used < PAGE_TEXT_MAX; i++)
        if (ds_str(texts[i])[0])
            used += (size_t)snprintf(buf + used, PAGE_TEXT_MAX - used, "%s%s", used ? ", " : "",
                                     texts[i]);
}

bool page_head(const struct page_story *story, uint32_t n, enum ds_word *ret_label,
               char buf[PAGE_TEXT_MAX])
{
    static const enum ds_word labels[] = {DS_WORD_PG_CUSTOMER, DS_WORD_PG_PHONE, DS_WORD_PG_ADDRESS,
                                          DS_WORD_PG_PRODUCT,  DS_WORD_PG_FAULT, DS_WORD_PG_KIND,
                                          DS_WORD_PG_REPORTED, DS_WORD_PG_STATE};
    static const Ds__Customer nobody = DS__CUSTOMER__INIT;
    static const Ds__Product nothing = DS__PRODUCT__INIT;
    const Ds__Register *report = story->registered->report;
    const Ds__TicketHead *head = story->registered->head;
    const Ds__Customer *customer = report->customer ? report->customer : &nobody;
    const Ds__Product *product = report->product ? report->product : &nothing;
    char at[32];

    if (n >= sizeof labels / sizeof labels[0]) return false;
    *ret_label = labels[n];
    page_time(story, head->reported_at_ms, true, at);
    const char *const texts[][4] = {
        {customer->name},
        {head->phone},
        {customer->address, customer->area},
        {ds_category_word(story->lang, product->category ? product->category : head->category),
         product->brand, product->model ? product->model : head->model, product->serial},
        {report->symptom},
        {page_word(story, kind_word(head)), head->urgent ? page_word(story, DS_WORD_URGENT) : ""},
        {at},
        {page_word(story, story->state)},
    };
    join(buf, texts[n], 4);
    return true;
}

/* ---- what happened ---- */

/* What a customer took part in, or was told. */
static bool concerns_customer(int type)
{
    switch (type) {
    case DS_EV_REGISTERED:
    case DS_EV_ADDRESS_CORRECTED:
    case DS_EV_CUSTOMER_CONTACTED:
    case DS_EV_APPOINTMENT_BOOKED:
    case DS_EV_APPOINTMENT_MOVED:
    case DS_EV_URGED:
    case DS_EV_CANCELLED:
    case DS_EV_REOPENED:
    case DS_EV_COMPLAINT_ANSWERED:
    case DS_EV_CHECKED_IN:
    case DS_EV_DELAY_REPORTED:
    case DS_EV_RESUMED:
    case DS_EV_COMPLETED:
    case DS_EV_RESULT_FILED:
    case DS_EV_CALLBACK_RECORDED: return true;
    default: return false;
    }
}

/* What ties a ticket to another of its product, and what the manager was asked about it. */
static bool concerns_manager(int type)
{
    switch (type) {
    case DS_EV_REPEAT_FOUND:
    case DS_EV_REPEAT_WITHDRAWN:
    case DS_EV_CASE_NOT_ANALYSED:
    case DS_EV_PROPOSED:
    case DS_EV_PROPOSAL_CONFIRMED:
    case DS_EV_PROPOSAL_REJECTED:
    case DS_EV_PROPOSAL_EXPIRED: return true;
    default: return false;
    }
}

/* Alerts, verdicts and answers to commands have their own places, or none. */
static bool is_told(const struct page_story *story, const struct record *record)
{
    int type = (int)record->msg->body_case;

    if (!story->for_customer && concerns_manager(type)) return true;
    if (!story->for_customer && type == DS_EV_REGISTERED &&
        strcmp(ds_str(record->msg->registered->head->about), story->id) == 0)
        return true; /* a complaint that nobody came */
    if (strcmp(ds_str(record->msg->subject), story->id) != 0) return false;
    if (story->for_customer) return concerns_customer(type);
    return (record->source == DS_INTAKE || record->source == DS_DISPATCHER) &&
           type != DS_EV_OUTCOME && type != DS_EV_RANKED;
}

static void put_window(const struct page_story *story, const Ds__Appointment *window,
                       char buf[PAGE_TEXT_MAX])
{
    char from[32], to[32];

    page_time(story, window->from_ms, false, from);
    page_time(story, window->to_ms, false, to);
    bool same_day = strncmp(from, to, 5) == 0;
    snprintf(buf, PAGE_TEXT_MAX, "%s–%s, %s", from, same_day ? to + 6 : to,
             page_word(story, window->wish == DS__WISH__NAME__CUSTOMER ? DS_WORD_CUSTOMERS_WISH
                                                                       : DS_WORD_OUR_PROPOSAL));
}

static void put_result(const struct page_story *story, const Ds__FileResult *result,
                       char buf[PAGE_TEXT_MAX])
{
    static const enum ds_word labels[] = {DS_WORD_LABOUR, DS_WORD_PARTS, DS_WORD_TARIFF};
    const bool has[] = {result->has_labour_fen, result->has_parts_fen, result->has_tariff_fen};
    const int64_t fen[] = {result->labour_fen, result->parts_fen, result->tariff_fen};
    char yuan[32], money[3][64] = {"", "", ""};

    for (int i = 0; i < 3; i++) {
        if (story->for_customer || !has[i]) continue;
        cli_yuan(yuan, fen[i]);
        snprintf(money[i], sizeof money[i], "%s %s %s", page_word(story, labels[i]), yuan,
                 page_word(story, DS_WORD_YUAN));
    }
    const char *const texts[] = {
        page_word(story, result->fixed ? DS_WORD_FIXED : DS_WORD_NOT_FIXED),
        result->cause,
        result->remedy,
        money[0],
        money[1],
        money[2]};

    join(buf, texts, 6);
}

/* A customer knows what he answered; whoever is judged by it must read it. */
static void put_callback(const struct page_story *story, const Ds__RecordCallback *callback,
                         char buf[PAGE_TEXT_MAX])
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    if (!to) abort();
    fputs(page_word(story, callback->reached ? DS_WORD_REACHED : DS_WORD_NOT_REACHED), to);
    for (size_t i = 0; !story->for_customer && i < callback->n_answers; i++) {
        fputs(", ", to);
        answer_put(to, story->lang, callback->answers[i]);
    }
    if (fclose(to) != 0) abort();
    snprintf(buf, PAGE_TEXT_MAX, "%s", text);
    free(text);
}

/* "label text"; nothing for an empty text. */
static const char *labelled(const struct page_story *story, enum ds_word label, const char *text,
                            char buf[PAGE_TEXT_MAX])
{
    buf[0] = '\0';
    if (!ds_str(text)[0]) return buf;
    int n = snprintf(buf, PAGE_TEXT_MAX, "%s ", page_word(story, label));
    snprintf(buf + n, PAGE_TEXT_MAX - (size_t)n, "%s", text);
    return buf;
}

static const char *labelled_time(const struct page_story *story, enum ds_word label, int64_t at_ms,
                                 char buf[PAGE_TEXT_MAX])
{
    char at[32];

    return labelled(story, label, page_time(story, at_ms, true, at), buf);
}

/* The other ticket, where its event is told here, too. */
static const char *other_ticket(const struct page_story *story, const Ds__Event *msg)
{
    return strcmp(ds_str(msg->subject), story->id) == 0 ? "" : ds_str(msg->subject);
}

/* Of the ticket itself the head of the page tells. */
static void put_complaint(const struct page_story *story, const Ds__Event *msg,
                          char buf[PAGE_TEXT_MAX])
{
    const char *other = other_ticket(story, msg);
    const char *const texts[] = {other, page_word(story, DS_WORD_PG_COMPLAINT),
                                 msg->registered->report->note};

    if (other[0]) join(buf, texts, 3);
}

static void put_repeat(const struct page_story *story, const Ds__Event *msg,
                       char buf[PAGE_TEXT_MAX])
{
    const Ds__RepeatFound *found = msg->repeat_found;
    char repeats[PAGE_TEXT_MAX], what[PAGE_TEXT_MAX], failed[PAGE_TEXT_MAX], who[PAGE_TEXT_MAX],
        done[PAGE_TEXT_MAX];

    join(what, (const char *const[]){found->cause, found->remedy}, 2);
    const char *const texts[] = {
        other_ticket(story, msg), labelled(story, DS_WORD_REPEATS, found->repeats, repeats),
        labelled(story, DS_WORD_DID_NOT_LAST, what, failed), page_name(story, found->account, who),
        labelled_time(story, DS_WORD_DONE, found->fixed_at_ms, done)};
    join(buf, texts, 5);
}

static void put_no_repeat(const struct page_story *story, const Ds__Event *msg,
                          char buf[PAGE_TEXT_MAX])
{
    char repeats[PAGE_TEXT_MAX];
    const char *const texts[] = {
        other_ticket(story, msg),
        labelled(story, DS_WORD_REPEATS, msg->repeat_withdrawn->repeats, repeats)};

    join(buf, texts, 2);
}

static void put_not_analysed(const struct page_story *story, const Ds__Event *msg,
                             char buf[PAGE_TEXT_MAX])
{
    const Ds__CaseNotAnalysed *said = msg->case_not_analysed;
    char again[PAGE_TEXT_MAX], who[PAGE_TEXT_MAX], due[PAGE_TEXT_MAX];
    const char *const texts[] = {other_ticket(story, msg),
                                 labelled(story, DS_WORD_REPEATED_BY, said->repeated_by, again),
                                 page_name(story, said->account, who),
                                 labelled_time(story, DS_WORD_DUE, said->due_at_ms, due)};

    join(buf, texts, 4);
}

/* Whose it is and what it would cost; until_ms: how long he has, or had, to decide;
 * PAGE_NEVER: he has decided. */
static void put_proposed(const struct page_story *story, const Ds__Entry *entry, int64_t until_ms,
                         const char *note, char buf[PAGE_TEXT_MAX])
{
    char clause[PAGE_TEXT_MAX], who[PAGE_TEXT_MAX], until[PAGE_TEXT_MAX] = "", yuan[32], fee[64];

    cli_yuan(yuan, entry->amount_fen);
    snprintf(fee, sizeof fee, "%s %s", yuan, page_word(story, DS_WORD_YUAN));
    if (until_ms != PAGE_NEVER) labelled_time(story, DS_WORD_UNTIL, until_ms, until);
    const char *const texts[] = {page_name(story, entry->account, who),
                                 labelled(story, DS_WORD_CLAUSE, entry->clause, clause), fee, until,
                                 note};
    join(buf, texts, 5);
}

/* What became of a proposal; the story knows whose it was. */
static void put_settled(const struct page_story *story, const char *key, int64_t until_ms,
                        const char *note, char buf[PAGE_TEXT_MAX])
{
    const struct archive *archive = story->archive;

    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        if ((int)msg->body_case == DS_EV_PROPOSED &&
            strcmp(ds_str(msg->proposed->entry->key), ds_str(key)) == 0)
            return put_proposed(story, msg->proposed->entry, until_ms, note, buf);
    }
}

/* What only the manager and his people read. */
static void put_inner_text(const struct page_story *story, const Ds__Event *msg,
                           char buf[PAGE_TEXT_MAX])
{
    switch ((int)msg->body_case) {
    case DS_EV_REGISTERED: put_complaint(story, msg, buf); return;
    case DS_EV_REPEAT_FOUND: put_repeat(story, msg, buf); return;
    case DS_EV_REPEAT_WITHDRAWN: put_no_repeat(story, msg, buf); return;
    case DS_EV_CASE_ANALYSED:
        snprintf(buf, PAGE_TEXT_MAX, "%s", ds_str(msg->case_analysed->request->note));
        return;
    case DS_EV_CASE_NOT_ANALYSED: put_not_analysed(story, msg, buf); return;
    case DS_EV_PROPOSED:
        put_proposed(story, msg->proposed->entry, msg->proposed->expires_at_ms, "", buf);
        return;
    case DS_EV_PROPOSAL_CONFIRMED:
        put_settled(story, msg->proposal_confirmed->proposal, PAGE_NEVER, "", buf);
        return;
    case DS_EV_PROPOSAL_REJECTED:
        put_settled(story, msg->proposal_rejected->proposal, PAGE_NEVER,
                    msg->proposal_rejected->reason, buf);
        return;
    case DS_EV_PROPOSAL_EXPIRED:
        put_settled(story, msg->proposal_expired->proposal, msg->proposal_expired->expired_at_ms,
                    "", buf);
        return;
    default: return;
    }
}

static void put_text(const struct page_story *story, const Ds__Event *msg, char buf[PAGE_TEXT_MAX])
{
    buf[0] = '\0';
    switch ((int)msg->body_case) {
    case DS_EV_APPOINTMENT_BOOKED: put_window(story, msg->appointment_booked, buf); return;
    case DS_EV_APPOINTMENT_MOVED: put_window(story, msg->appointment_moved, buf); return;
    case DS_EV_RESULT_FILED: put_result(story, msg->result_filed->result, buf); return;
    case DS_EV_CUSTOMER_CONTACTED:
        if (msg->customer_contacted->failed)
            snprintf(buf, PAGE_TEXT_MAX, "%s", page_word(story, DS_WORD_NOT_REACHED));
        return;
    case DS_EV_CALLBACK_RECORDED: put_callback(story, msg->callback_recorded, buf); return;
    case DS_EV_DELAY_REPORTED:
        snprintf(buf, PAGE_TEXT_MAX, "%s",
                 page_delay(story, (enum ds_delay)msg->delay_reported->reason));
        return;
    case DS_EV_COMPLAINT_ANSWERED:
        snprintf(buf, PAGE_TEXT_MAX, "%s", ds_str(msg->complaint_answered->text));
        return;
    case DS_EV_CHECKED_IN:
        if (msg->checked_in->customer_absent)
            snprintf(buf, PAGE_TEXT_MAX, "%s", page_word(story, DS_WORD_CUSTOMER_ABSENT));
        return;
    case DS_EV_OFFERED: page_name(story, msg->offered->account, buf); return;
    case DS_EV_TAKEN_BACK: page_name(story, msg->taken_back->account, buf); return;
    case DS_EV_ASSIGNED: page_name(story, msg->assigned->account, buf); return;
    case DS_EV_REJECTED: snprintf(buf, PAGE_TEXT_MAX, "%s", ds_str(msg->rejected->reason)); return;
    default: put_inner_text(story, msg, buf); return;
    }
}

bool page_line(const struct page_story *story, const struct record *record, struct page_line *ret)
{
    if (!is_told(story, record)) return false;
    ret->at_ms = record_at_ms(record);
    ret->what = ds_event_word(story->lang, (int)record->msg->body_case);
    put_text(story, record->msg, ret->text);
    page_name(story, record->msg->by, ret->who);
    return true;
}
