/* SPDX-License-Identifier: MIT
 *
 * Which events belong to a ticket, a call, a day or a ledger entry. Journals are read from their
 * beginning, batch by batch; only what belongs to it stays in memory. */
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "doorstep/explain.h"
#include "doorstep/said.h"
#include "rulebook/node.h"
#include "sla-watcher/day.h"
#include "sla-watcher/watch.h"

static bool same(const char *a, const char *b)
{
    return strcmp(ds_str(a), b) == 0;
}

static void copy(char *buf, size_t size, const char *text)
{
    snprintf(buf, size, "%s", ds_str(text));
}

static int unknown(struct cli *cli, const char *id, const struct explain *what)
{
    bool near = what->near[0] != '\0';

    if (what->person) return explain_not_his(cli, what);
    return near ? cli_fail(cli, EXIT_REJECTED, SAID_NOTHING_NEAR, id, what->near)
                : cli_fail(cli, EXIT_REJECTED, SAID_NOTHING, id);
}

/* Remembers the text if it is nearer to what was asked for than the one before. */
static void note_near(struct explain *what, const char *text)
{
    const char *const texts[] = {what->near, ds_str(text)};
    size_t from = what->near[0] ? 0 : 1;
    if (what->certain) return;
    const char *near = rb_nearest(what->id, &texts[from], (uint32_t)(2 - from), sizeof texts[0]);

    if (near && near != what->near) copy(what->near, sizeof what->near, near);
}

static int read_all(struct cli *cli, redisContext *redis, uint32_t partitions, uint32_t partition,
                    uint32_t sources, bool (*wanted)(void *self, const struct record *record),
                    struct archive *archive, struct explain *what)
{
    archive->wanted = wanted;
    archive->self = what;
    what->found = archive;
    int code = store_archive(cli, redis, partitions, partition, sources, archive);
    archive->wanted = NULL;
    return code;
}

static bool nothing(void *self, const struct record *record)
{
    (void)self, (void)record;
    return false;
}

/* What became of something that was asked for, if that belongs to it. Intake's journal is read
 * first. */
static bool is_answer(const struct explain *what, const struct record *record)
{
    const Ds__EventRef *cause = record->msg->cause;

    if (record->msg->body_case != DS__EVENT__BODY_OUTCOME || !cause) return false;
    for (size_t i = 0; i < what->found->n; i++) {
        const struct record *asked = &what->found->records[i];
        if (asked->partition == record->partition && asked->seq == cause->seq &&
            (int)asked->source == (int)cause->source)
            return true;
    }
    return false;
}

/* ---- tickets ---- */

/* 7.6 asks whether the customer complained that nobody came. */
static bool is_complaint(const struct explain *what, const Ds__Event *msg)
{
    return msg->body_case == DS__EVENT__BODY_REGISTERED &&
           msg->registered->head->subject == DS__SUBJECT__NAME__NOT_ON_TIME &&
           same(msg->registered->head->about, what->id);
}

static bool of_ticket(void *self, const struct record *record)
{
    const struct explain *what = self;
    const Ds__Event *msg = record->msg;

    if (same(msg->subject, what->id) || is_answer(what, record)) return true;
    if (is_complaint(what, msg)) return true;
    if (record->entry && same(record->entry->ticket, what->id)) return true;
    if (msg->body_case == DS__EVENT__BODY_VIOLATION_REPORTED)
        return same(msg->violation_reported->about, what->id);
    if (msg->body_case == DS__EVENT__BODY_REPEAT_FOUND)
        return same(msg->repeat_found->repeats, what->id);
    if (msg->body_case == DS__EVENT__BODY_REPEAT_WITHDRAWN)
        return same(msg->repeat_withdrawn->repeats, what->id);
    if (msg->body_case == DS__EVENT__BODY_CASE_NOT_ANALYSED)
        return same(msg->case_not_analysed->repeated_by, what->id);
    return explain_is_cause(explain_key(record), what->id);
}

/* The ticket as which it goes on in another territory. */
static bool is_taken_over(void *self, const struct record *record)
{
    const struct explain *what = self;

    return record->msg->body_case == DS__EVENT__BODY_REGISTERED &&
           same(record->msg->registered->transferred_from, what->id);
}

static int find_ticket(struct cli *cli, redisContext *redis, uint32_t partitions,
                       struct archive *archive, struct explain *what)
{
    bool transferred = false;
    int code =
        read_all(cli, redis, partitions, what->partition, ALL_SOURCES, of_ticket, archive, what);

    if (code == EXIT_FINE && archive->n == 0)
        return what->person ? explain_not_his(cli, what)
                            : cli_fail(cli, EXIT_REJECTED, SAID_NO_TICKET, what->id);
    for (size_t i = 0; code == EXIT_FINE && i < archive->n; i++)
        transferred |= archive->records[i].msg->body_case == DS__EVENT__BODY_CANCELLED &&
                       archive->records[i].msg->cancelled->transferred_to;
    if (!transferred) return code;
    code =
        read_all(cli, redis, partitions, UINT32_MAX, 1u << DS_INTAKE, is_taken_over, archive, what);
    archive_sort_by_time(archive);
    return code;
}

/* ---- calls ---- */

/* "t7-12" for T007-12. */
static void note_ticket_like(struct explain *what)
{
    unsigned partition;
    unsigned long long seq;
    char rest;

    if (sscanf(what->id, "%*1[tT]%3u%*1[-_]%15llu%c", &partition, &seq, &rest) != 2) return;
    snprintf(what->near, sizeof what->near, "T%03u-%llu", partition, seq);
}

/* First reading: where is the call? */
static bool is_of_phone(const Ds__Event *msg)
{
    return msg->body_case == DS__EVENT__BODY_CALL_OFFERED ||
           msg->body_case == DS__EVENT__BODY_CALL_ANSWERED ||
           msg->body_case == DS__EVENT__BODY_CALL_ENDED;
}

static bool is_call(void *self, const struct record *record)
{
    struct explain *what = self;
    const Ds__Event *msg = record->msg;

    if (msg->body_case == DS__EVENT__BODY_REGISTERED &&
        same(msg->registered->head->ref, what->id)) {
        copy(what->near, sizeof what->near, msg->subject);
        what->certain = true;
    }
    if (!is_of_phone(msg)) return false;
    if (!same(msg->subject, what->id)) {
        note_near(what, msg->subject);
        return false;
    }
    what->call.found = true;
    what->partition = record->partition;
    if (msg->body_case == DS__EVENT__BODY_CALL_ENDED &&
        record_at_ms(record) < what->call.ended_at_ms)
        what->call.ended_at_ms = record_at_ms(record);
    if (msg->body_case != DS__EVENT__BODY_CALL_OFFERED) return true;
    what->call.offered_at_ms = record_at_ms(record);
    copy(what->call.caller, sizeof what->call.caller, msg->call_offered->caller);
    copy(what->call.territory, sizeof what->call.territory, msg->territory);
    return true;
}

static bool near_in_time(const struct explain *what, int64_t at_ms)
{
    int64_t apart_ms = at_ms - what->call.offered_at_ms;

    return -what->call.occasion_ms < apart_ms && apart_ms < what->call.occasion_ms;
}

/* A call of the same caller that may be of the same occasion. */
static bool add_call(struct explain *what, const struct record *record)
{
    const Ds__Event *msg = record->msg;
    bool of_itself = same(msg->subject, what->id) && !what->call.listed;

    if (!same(msg->call_offered->caller, what->call.caller) ||
        !same(msg->territory, what->call.territory) || !near_in_time(what, record_at_ms(record)) ||
        what->call.n + !of_itself >= EXPLAIN_CALLS_MAX)
        return false;
    struct explain_call *call = &what->call.list[what->call.n++];
    *call = (struct explain_call){.offered_at_ms = record_at_ms(record)};
    copy(call->id, sizeof call->id, msg->subject);
    what->call.listed |= of_itself;
    return true;
}

static bool lies_in(const Ds__FeedGap *gap, int64_t at_ms)
{
    return gap->from_ms <= at_ms && at_ms < gap->to_ms;
}

/* A gap of the feed for which nobody is fined. */
static bool gap_touches(const struct explain *what, const struct record *record)
{
    const Ds__FeedGap *gap = record->msg->feed_gap;

    return same(record->msg->territory, what->call.territory) &&
           (lies_in(gap, what->call.offered_at_ms) || lies_in(gap, what->call.ended_at_ms));
}

/* Second reading, intake's journal first: the caller's calls and all that is said of them. */
static bool of_call(void *self, const struct record *record)
{
    struct explain *what = self;
    const Ds__Event *msg = record->msg;

    switch ((int)msg->body_case) {
    case DS_EV_CALL_OFFERED:
        if (add_call(what, record)) return true;
        break;
    case DS_EV_FEED_GAP: return gap_touches(what, record);
    case DS_EV_REGISTERED: return same(msg->registered->report->call, what->id);
    case DS_EV_REPORT_REPEATED: return same(msg->report_repeated->report->call, what->id);
    default: break;
    }
    /* of the call itself some may stand before its offer */
    if (is_answer(what, record)) return true;
    if (same(msg->subject, what->id) || explain_is_cause(explain_key(record), what->id))
        return true;
    for (uint32_t i = 0; i < what->call.n; i++)
        if (same(msg->subject, what->call.list[i].id) ||
            explain_is_cause(explain_key(record), what->call.list[i].id))
            return true;
    return false;
}

/* Third: what is not of another occasion. */
static bool of_occasion(void *self, const struct record *record)
{
    const struct explain *what = self;

    for (uint32_t i = 0; i < what->call.n; i++) {
        const char *id = what->call.list[i].id;
        if (!same(record->msg->subject, id) && !explain_is_cause(explain_key(record), id)) continue;
        return explain_one_occasion(what, id);
    }
    return true;
}

static int find_call(struct cli *cli, redisContext *redis, uint32_t partitions,
                     struct archive *archive, struct explain *what)
{
    note_ticket_like(what);
    what->call.ended_at_ms = INT64_MAX;
    int code =
        read_all(cli, redis, partitions, what->partition, 1u << DS_INTAKE, is_call, archive, what);
    if (code != EXIT_FINE) return code;
    if (!what->call.found) return unknown(cli, what->id, what);
    const struct ds_version *version = archive->versions[archive->records[0].rulebook];
    what->call.occasion_ms = version ? version->hotline_occasion_ms : 0;
    archive_keep(archive, nothing, NULL);
    code = read_all(cli, redis, partitions, what->partition,
                    1u << DS_INTAKE | 1u << DS_WATCHER | 1u << DS_LEDGER, of_call, archive, what);
    if (code != EXIT_FINE) return code;
    explain_judge_calls(what, archive);
    archive_keep(archive, of_occasion, what);
    return EXIT_FINE;
}

/* ---- days ---- */

/* "wang/2007-03-01" */
static bool parse_day(const char *id, struct explain *what)
{
    const char *slash = strchr(id, '/');

    if (!slash || slash == id || slash - id > DS_ID_MAX) return false;
    snprintf(what->day.person, sizeof what->day.person, "%.*s", (int)(slash - id), id);
    return ds_parse_date(slash + 1, &what->day.local_day);
}

static bool of_day(void *self, const struct record *record)
{
    const struct explain *what = self;
    const struct ds_version *version = what->day.versions[record->rulebook];
    const struct ds_person *person;
    int32_t local_day;

    if (same(record->msg->subject, what->id) || explain_is_cause(explain_key(record), what->id) ||
        is_answer(what, record))
        return true;
    if (record->source != DS_INTAKE || !version) return false;
    struct ds_event event = explain_event(record);
    return watch_day_of(&event, version, &person, &local_day) && local_day == what->day.local_day &&
           same(person->id, what->day.person);
}

static bool is_person(struct explain *what, const struct archive *archive)
{
    const char *near = NULL;

    for (size_t v = 0; v < DS_VERSIONS_MAX; v++) {
        const struct ds_version *version = archive->versions[v];
        if (!version) continue;
        if (ds_find_person(version, what->day.person)) return true;
        const char *found = rb_nearest(what->day.person, version->people, version->n_people,
                                       sizeof version->people[0]);
        if (found) near = found;
    }
    if (near)
        snprintf(what->near, sizeof what->near, "%s%s", near, what->id + strlen(what->day.person));
    return false;
}

static int find_day(struct cli *cli, redisContext *redis, uint32_t partitions,
                    struct archive *archive, struct explain *what)
{
    if (!is_person(what, archive)) return unknown(cli, what->id, what);
    what->day.versions = (const struct ds_version *const *)archive->versions;
    int code =
        read_all(cli, redis, partitions, what->partition,
                 1u << DS_INTAKE | 1u << DS_WATCHER | 1u << DS_LEDGER, of_day, archive, what);
    if (code == EXIT_FINE && archive->n == 0)
        return what->person ? explain_not_his(cli, what)
                            : cli_fail(cli, EXIT_REJECTED, SAID_NO_DAY_WORK, what->id);
    return code;
}

/* ---- ledger entries ---- */

/* First reading: is there such a key, or cause? */
static bool is_entry(void *self, const struct record *record)
{
    struct explain *what = self;
    const Ds__Entry *entry = explain_entry(record);

    if (!entry) return false;
    if (same(entry->key, what->id) || same(entry->cause, what->id)) return true;
    note_near(what, entry->key);
    return false;
}

/* Second, for what has no story of its own: what the manager reported, the sheet of a month. */
static bool of_entry(void *self, const struct record *record)
{
    const struct explain *what = self;

    const char *key = explain_unreversed(explain_key(record));
    size_t n = strlen(what->id);

    if (strncmp(key, what->id, n) == 0 && (key[n] == '\0' || key[n] == '/')) return true;
    if (is_answer(what, record)) return true;
    if (same(record->msg->subject, explain_cause(what->id))) return true;
    return record->source == DS_INTAKE && record->seq == what->reported_seq;
}

/* "/200703", at the end of the cause of a month's sheet. */
static bool is_month(const char *end)
{
    return end && strlen(end) == 7 && strspn(end + 1, "0123456789") == 6;
}

/* What the entry is about becomes what is explained. */
static void follow_entry(struct explain *what, const struct record *record)
{
    const Ds__Entry *entry = explain_entry(record);
    const char *cause = explain_cause(ds_str(entry->key));
    const char *end = strrchr(cause, '/');
    unsigned long long seq;

    what->partition = record->partition;
    copy(what->id, sizeof what->id, explain_unreversed(ds_str(entry->key)));
    if (ds_str(entry->ticket)[0]) {
        what->kind = EXPLAIN_TICKET;
        copy(what->id, sizeof what->id, entry->ticket);
    } else if (sscanf(cause, "intake/p%*3u/%llu", &seq) == 1) {
        what->reported_seq = seq;
    } else if (end && !is_month(end)) {
        char subject[sizeof what->id];
        snprintf(subject, sizeof subject, "%.*s", (int)(end - cause), cause);
        what->kind = parse_day(subject, what) ? EXPLAIN_DAY : EXPLAIN_CALL;
        copy(what->id, sizeof what->id, subject);
    }
}

/* Of a cause that cost nothing there is no entry, but perhaps a ticket. */
static void note_ticket_of(struct explain *what)
{
    uint32_t partition;
    uint64_t seq;
    char id[DS_KEY_MAX + 1];

    snprintf(id, sizeof id, "%.*s", (int)strcspn(what->id, "/"), what->id);
    if (!what->near[0] && ds_parse_ticket_id(id, &partition, &seq))
        copy(what->near, sizeof what->near, id);
}

static int find_entry(struct cli *cli, redisContext *redis, uint32_t partitions,
                      struct archive *archive, struct explain *what)
{
    int code =
        read_all(cli, redis, partitions, what->partition, 1u << DS_LEDGER, is_entry, archive, what);
    if (code != EXIT_FINE) return code;
    if (archive->n == 0) {
        note_ticket_of(what);
        return unknown(cli, what->id, what);
    }
    what->near[0] = '\0';
    follow_entry(what, &archive->records[0]);
    archive_keep(archive, nothing, NULL);
    switch (what->kind) {
    case EXPLAIN_TICKET: return find_ticket(cli, redis, partitions, archive, what);
    case EXPLAIN_CALL: return find_call(cli, redis, partitions, archive, what);
    case EXPLAIN_DAY: return find_day(cli, redis, partitions, archive, what);
    case EXPLAIN_ENTRY: break;
    }
    return read_all(cli, redis, partitions, what->partition, ALL_SOURCES, of_entry, archive, what);
}

/* ---- all of them ---- */

static bool is_call_id(const char *id)
{
    size_t n = strspn(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._~-");

    return n > 0 && n <= DS_ID_MAX && id[n] == '\0';
}

int explain_find(struct cli *cli, redisContext *redis, uint32_t partitions, const char *id,
                 struct archive *archive, struct explain *ret)
{
    uint64_t seq;

    *ret =
        (struct explain){.partition = UINT32_MAX, .person = ret->person, .account = ret->account};
    copy(ret->id, sizeof ret->id, id);
    if (ds_parse_ticket_id(id, &ret->partition, &seq)) {
        ret->kind = EXPLAIN_TICKET;
        return find_ticket(cli, redis, partitions, archive, ret);
    }
    if (is_call_id(id)) {
        ret->kind = EXPLAIN_CALL;
        return find_call(cli, redis, partitions, archive, ret);
    }
    if (parse_day(id, ret)) {
        ret->kind = EXPLAIN_DAY;
        return find_day(cli, redis, partitions, archive, ret);
    }
    ret->kind = EXPLAIN_ENTRY;
    ret->of_entry = true;
    return find_entry(cli, redis, partitions, archive, ret);
}

int explain_check_id(struct cli *cli, const char *id)
{
    if (is_call_id(id) || (strchr(id, '/') && strlen(id) <= DS_KEY_MAX)) return EXIT_FINE;
    return cli_fail(cli, EXIT_USAGE, SAID_NAMES_NOTHING, id);
}
