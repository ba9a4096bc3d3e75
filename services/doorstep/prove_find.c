/* SPDX-License-Identifier: MIT
 *
 * What a ledger entry hangs on: the story that `explain` tells of it, and beside that only what its
 * verdict and its booking go by. Of other customers there is nothing, but for two: whoever
 * complained that we were not on time with this ticket (7.6), and of calls that kept somebody busy
 * (7.8) who picked up and until when, not who called. */
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "doorstep/bundle.h"
#include "doorstep/explain_page.h"
#include "rulebook/rulebook.h"

enum { COMPLAINTS_MAX = 64, BUSY_MAX = 512 };

#define DAY_MS INT64_C(86400000)

/* How far ledger and watcher had come before anything was read: what they say later is left out,
 * and so is what they would have said. */
struct cut {
    uint64_t tail[DS_SOURCE_COUNT];
    int64_t mark_ms;
};

/* Somebody of ours was on another call. */
struct busy {
    int64_t ended_at_ms;
    char call[DS_ID_MAX + 1];
};

struct context {
    struct found_proof *found;
    const struct cut *cut;
    bool to_head;
    uint64_t position;          /* lines of the chain so far */
    uint64_t first_seq;         /* of the bundle's first line */
    struct chain_link previous; /* line before it */
    uint32_t n_complaints;
    char complaints[COMPLAINTS_MAX][DS_TICKET_ID_MAX];
    uint32_t n_busy;
    struct busy busy[BUSY_MAX];
};

static bool same(const char *a, const char *b)
{
    return strcmp(ds_str(a), b) == 0;
}

static void copy(char *buf, size_t size, const char *text)
{
    snprintf(buf, size, "%s", ds_str(text));
}

static int read_cut(struct cli *cli, redisContext *redis, uint32_t p, struct cut *ret)
{
    for (int s = DS_LEDGER; s >= DS_WATCHER; s--) { /* right to left, as export reads */
        redisReply *meta = redisCommand(redis, "HMGET {p%03u}:%s:meta tail mark", p,
                                        ds_source_name((enum ds_source)s));
        if (!meta || meta->type != REDIS_REPLY_ARRAY) {
            if (meta) freeReplyObject(meta);
            return cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
        }
        ret->tail[s] = meta->element[0]->str ? strtoull(meta->element[0]->str, NULL, 10) : 0;
        ret->mark_ms = meta->element[1]->str ? atoll(meta->element[1]->str) : 0;
        freeReplyObject(meta);
    }
    return EXIT_FINE;
}

static bool before_cut(void *self, const struct record *record)
{
    const struct cut *cut = self;

    return record->source < DS_WATCHER || record->seq <= cut->tail[record->source];
}

/* ---- the chain ---- */

/* Sees the ledger's journal in its order; keeps the chain from the line before the first of ours.
 */
static void note_link(struct context *context, const struct record *record)
{
    const Ds__EntryPosted *posted = record->msg->entry_posted;
    struct chain *chain = &context->found->chain;
    struct chain_link link = {.position = ++context->position, .seq = record->seq};

    if (posted->chain.len == sizeof link.hash)
        memcpy(link.hash, posted->chain.data, sizeof link.hash);
    if (record->seq == context->first_seq) *chain_add(chain) = context->previous;
    if (record->seq >= context->first_seq) {
        struct chain_link *added = chain_add(chain);
        *added = link;
        if (context->to_head && posted->entry.len > 0) {
            added->entry = malloc(posted->entry.len);
            if (!added->entry) abort();
            memcpy(added->entry, posted->entry.data, posted->entry.len);
            added->entry_len = posted->entry.len;
        }
    }
    context->previous = link;
}

/* ---- what the verdict goes by ---- */

static bool is_complaint(struct context *context, const struct record *record)
{
    const Ds__Registered *registered = record->msg->registered;

    if (context->found->what.kind != EXPLAIN_TICKET || context->n_complaints == COMPLAINTS_MAX ||
        registered->head->subject != DS__SUBJECT__NAME__NOT_ON_TIME ||
        !same(registered->head->about, context->found->what.id))
        return false;
    copy(context->complaints[context->n_complaints++], DS_TICKET_ID_MAX, record->msg->subject);
    return true;
}

/* What the ledger said of the complaint itself is another story. */
static bool of_complaint(const struct context *context, const struct record *record)
{
    for (uint32_t i = 0; record->source != DS_LEDGER && i < context->n_complaints; i++)
        if (same(record->msg->subject, context->complaints[i])) return true;
    return false;
}

/* Of the same lines, on the same day. */
static bool is_near(const struct context *context, const struct record *record)
{
    const struct explain *what = &context->found->what;
    int64_t apart_ms = what->call.offered_at_ms - record_at_ms(record);

    return what->kind == EXPLAIN_CALL && same(record->msg->territory, what->call.territory) &&
           apart_ms < DAY_MS && apart_ms > -DAY_MS;
}

static struct busy *busy_of(struct context *context, const char *call)
{
    for (uint32_t i = 0; i < context->n_busy; i++)
        if (same(call, context->busy[i].call)) return &context->busy[i];
    return NULL;
}

/* Somebody picked up: he may have been talking when one of ours rang. */
static bool is_busy(struct context *context, const struct record *record)
{
    if (record->msg->call_answered->answered_by != DS__ANSWERED_BY__NAME__PERSON ||
        !is_near(context, record) || context->n_busy == BUSY_MAX)
        return false;
    struct busy *busy = &context->busy[context->n_busy++];
    *busy = (struct busy){.ended_at_ms = INT64_MAX};
    copy(busy->call, sizeof busy->call, record->msg->subject);
    return true;
}

/* An end may arrive before its answer: known when all of them are read. */
static void note_ends(struct context *context, const struct archive *beside)
{
    for (size_t i = 0; i < beside->n; i++) {
        const struct record *record = &beside->records[i];
        struct busy *busy = record->msg->body_case == DS__EVENT__BODY_CALL_ENDED
                                ? busy_of(context, record->msg->subject)
                                : NULL;
        if (busy && record_at_ms(record) < busy->ended_at_ms)
            busy->ended_at_ms = record_at_ms(record);
    }
}

/* Calls that were over before the first of ours rang kept nobody busy. */
static bool still_busy(void *self, const struct record *record)
{
    struct context *context = self;
    const struct explain *what = &context->found->what;
    int64_t first_ms = what->call.offered_at_ms;

    if (record->msg->body_case != DS__EVENT__BODY_CALL_ANSWERED &&
        record->msg->body_case != DS__EVENT__BODY_CALL_ENDED)
        return true;
    for (uint32_t i = 0; i < what->call.n; i++)
        if (what->call.list[i].offered_at_ms < first_ms)
            first_ms = what->call.list[i].offered_at_ms;
    const struct busy *busy = busy_of(context, record->msg->subject);
    return busy && busy->ended_at_ms >= first_ms;
}

/* Intake's journal is read first, and each journal in its order. */
static bool of_context(void *self, const struct record *record)
{
    struct context *context = self;

    if (!before_cut((void *)context->cut, record)) return false;
    if (record->msg->body_case == DS__EVENT__BODY_ENTRY_POSTED) note_link(context, record);
    bool complaint =
        record->msg->body_case == DS__EVENT__BODY_REGISTERED && is_complaint(context, record);
    if (archive_find(&context->found->archive, record->partition, record->source, record->seq))
        return false;
    if (complaint) return true;
    switch ((int)record->msg->body_case) {
    case DS_EV_ACTIVATED:
    case DS_EV_MONTH_CLOSE_REQUESTED: return true; /* where a late line is booked */
    case DS_EV_CALL_ANSWERED: return is_busy(context, record);
    case DS_EV_CALL_ENDED: return is_near(context, record);
    default: return of_complaint(context, record);
    }
}

static uint64_t first_entry(const struct archive *archive)
{
    uint64_t first = UINT64_MAX;

    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].entry && archive->records[i].seq < first)
            first = archive->records[i].seq;
    return first;
}

static int read_context(struct cli *cli, redisContext *redis, uint32_t partitions, bool to_head,
                        struct cut *cut, struct found_proof *found)
{
    static struct context context; /* large */
    struct archive beside = {.borrowed_versions = true, .wanted = of_context, .self = &context};
    uint32_t p = found->what.partition;

    context = (struct context){
        .found = found, .cut = cut, .to_head = to_head, .first_seq = first_entry(&found->archive)};
    found->chain.partition = p;
    int code = store_archive(cli, redis, partitions, p, ALL_SOURCES, &beside);
    note_ends(&context, &beside);
    archive_keep(&beside, still_busy, &context);
    archive_move(&found->archive, &beside, ALL_SOURCES);
    archive_sort(&found->archive);
    archive_finish(&beside);
    return code;
}

/* ---- versions ---- */

static void note_version(bool needed[DS_VERSIONS_MAX], uint32_t number)
{
    if (number < DS_VERSIONS_MAX) needed[number] = true;
}

static void note_versions(bool needed[DS_VERSIONS_MAX], const struct record *record)
{
    const Ds__Event *msg = record->msg;

    if (msg->body_case == DS__EVENT__BODY_ACTIVATED) return;
    note_version(needed, record->rulebook);
    if (record->entry) note_version(needed, record->entry->rulebook);
    if (msg->body_case == DS__EVENT__BODY_PROPOSED)
        note_version(needed, msg->proposed->entry->rulebook);
    if (msg->body_case == DS__EVENT__BODY_JUDGED) note_version(needed, msg->judged->rulebook);
    if (msg->body_case == DS__EVENT__BODY_REJUDGED) note_version(needed, msg->rejudged->under);
    if (msg->body_case == DS__EVENT__BODY_REJUDGE_REQUESTED)
        note_version(needed, msg->rejudge_requested->request->under);
}

static bool is_needed(void *self, const struct record *record)
{
    const bool *needed = self;
    const Ds__Event *msg = record->msg;

    return msg->body_case != DS__EVENT__BODY_ACTIVATED ||
           (msg->activated->number < DS_VERSIONS_MAX && needed[msg->activated->number]);
}

/* Only those that something here was said, judged or booked under, and their activations. */
static void keep_versions(struct archive *archive)
{
    bool needed[DS_VERSIONS_MAX] = {false};

    for (size_t i = 0; i < archive->n; i++)
        note_versions(needed, &archive->records[i]);
    archive_keep(archive, is_needed, needed);
    for (size_t v = 0; v < DS_VERSIONS_MAX; v++) {
        if (needed[v]) continue;
        ds_version_destroy(archive->versions[v]);
        archive->versions[v] = NULL;
    }
}

/* ---- all of it ---- */

static bool is_here(void *self, const struct record *record)
{
    return record->partition == *(const uint32_t *)self;
}

struct wanted_entry {
    const char *id;
    bool exact; /* it is a key */
};

static bool has_id(void *self, const struct record *record)
{
    struct wanted_entry *wanted = self;

    if (!record->entry) return false;
    wanted->exact |= same(record->entry->key, wanted->id);
    return same(record->entry->cause, wanted->id);
}

/* A cause stands for its line if there is but one; else they are listed. A reversal's cause is the
 * key of what it reverses: that is the key. */
static int find_key(struct cli *cli, redisContext *redis, uint32_t partitions, const char *id,
                    char ret[DS_KEY_MAX + 1])
{
    struct wanted_entry wanted = {.id = id};
    struct archive lines = {.wanted = has_id, .self = &wanted};

    snprintf(ret, DS_KEY_MAX + 1, "%s", id);
    int code = store_archive(cli, redis, partitions, UINT32_MAX, 1u << DS_LEDGER, &lines);
    if (code == EXIT_FINE && !wanted.exact && lines.n == 1)
        copy(ret, DS_KEY_MAX + 1, lines.records[0].entry->key);
    if (code == EXIT_FINE && !wanted.exact && lines.n > 1) {
        code = cli_fail(cli, EXIT_REJECTED, SAID_PROVE_WHICH, id, lines.n);
        for (size_t i = 0; i < lines.n; i++)
            fprintf(stderr, "  %s\n", ds_str(lines.records[i].entry->key));
    }
    archive_finish(&lines);
    return code;
}

/* The clocks as drawn lines. */
static void tell_page(FILE *to, enum ds_lang lang, const struct found_proof *found)
{
    static struct page_story story; /* large */

    story = (struct page_story){.archive = &found->archive,
                                .id = found->what.id,
                                .partition = found->what.partition,
                                .lang = lang,
                                .now_ms = found->mark_ms + 1};
    if (page_gather(&story)) page_text(to, &story);
    fputc('\n', to);
}

static void tell(struct found_proof *found)
{
    for (int lang = 0; lang < 2; lang++) {
        size_t len;
        FILE *memory = open_memstream(&found->story[lang], &len);
        if (!memory) abort();
        fprintf(memory, "%s\n\n", found->entry->entry->key);
        if (found->what.kind == EXPLAIN_TICKET) tell_page(memory, (enum ds_lang)lang, found);
        explain_print(memory, (enum ds_lang)lang, &found->archive, &found->what);
        fclose(memory);
    }
}

static int find(struct cli *cli, redisContext *redis, uint32_t partitions, const char *id,
                bool to_head, struct cut *cuts, struct found_proof *found)
{
    char key[DS_KEY_MAX + 1];
    int code = store_versions(cli, redis, partitions, &found->archive);

    if (code == EXIT_FINE) code = find_key(cli, redis, partitions, id, key);
    for (uint32_t p = 0; p < partitions && code == EXIT_FINE; p++)
        code = read_cut(cli, redis, p, &cuts[p]);
    if (code == EXIT_FINE)
        code = explain_find(cli, redis, partitions, key, &found->archive, &found->what);
    if (code != EXIT_FINE) return code;
    struct cut *cut = &cuts[found->what.partition];
    archive_keep(&found->archive, before_cut, cut);
    found->mark_ms = cut->mark_ms;
    found->entry = archive_entry(&found->archive, key);
    if (!found->entry) return cli_fail(cli, EXIT_REJECTED, SAID_NOT_BOOKED, key);
    tell(found);
    /* a ticket that went to another territory: what is told of it there proves nothing here */
    archive_keep(&found->archive, is_here, &found->what.partition);
    code = read_context(cli, redis, partitions, to_head, cut, found);
    keep_versions(&found->archive);
    found->entry = archive_entry(&found->archive, key);
    return code;
}

int prove_find(struct cli *cli, redisContext *redis, uint32_t partitions, const char *id,
               bool to_head, struct found_proof *ret)
{
    struct cut *cuts = calloc(partitions + 1, sizeof *cuts);

    if (!cuts) abort();
    *ret = (struct found_proof){0};
    int code = find(cli, redis, partitions, id, to_head, cuts, ret);
    free(cuts);
    return code;
}

void prove_finish(struct found_proof *found)
{
    archive_finish(&found->archive);
    chain_finish(&found->chain);
    free(found->story[0]);
    free(found->story[1]);
}
