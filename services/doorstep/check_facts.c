/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/check.h"
#include "engine/service.h"
#include "proto/state.pb-c.h"

/* ---- a sorted list of texts that must not repeat ---- */

struct texts {
    char **list; /* owned */
    size_t n;
    size_t cap;
};

static void add_text(struct texts *texts, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add_text(struct texts *texts, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0) abort();
    if (texts->n == texts->cap) {
        texts->cap = texts->cap ? texts->cap * 2 : 256;
        texts->list = realloc(texts->list, texts->cap * sizeof *texts->list);
        if (!texts->list) abort();
    }
    texts->list[texts->n++] = text;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_texts(struct texts *texts)
{
    if (texts->n > 0) qsort(texts->list, texts->n, sizeof texts->list[0], by_text);
}

static bool has_text(const struct texts *sorted, const char *text)
{
    return sorted->n > 0 &&
           bsearch(&text, sorted->list, sorted->n, sizeof sorted->list[0], by_text) != NULL;
}

static void check_unique(struct check *check, struct texts *texts, const char *en, const char *zh)
{
    sort_texts(texts);
    for (size_t i = 1; i < texts->n; i++)
        if (strcmp(texts->list[i - 1], texts->list[i]) == 0)
            check_violated(check, VIOLATED_TWICE, check_say(check, en, zh), texts->list[i]);
}

static void free_texts(struct texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        free(texts->list[i]);
    free(texts->list);
}

/* ---- what may exist only once ---- */

struct once {
    struct texts verdicts, offers, callbacks, sheets, entries, proposals, commands;
    struct texts obligations, appeals, closings; /* what was opened */
    struct texts decisions;                      /* and how it ended */
    struct texts causes;                         /* of entries and proposals: may repeat */
};

/* What an entry is for: its key is clause/account/cause. */
static const char *cause_of(const char *key)
{
    const char *account = strchr(key, '/');
    const char *cause = account ? strchr(account + 1, '/') : NULL;

    return cause ? cause + 1 : "";
}

static void collect_row(struct once *once, struct texts *rows, const char *key)
{
    add_text(rows, "%s", key);
    add_text(&once->causes, "%s", cause_of(key));
}

/* What waits for somebody is opened once and ends once, in whatever way. */
static void collect_decision(struct once *once, const Ds__Event *msg)
{
    switch ((int)msg->body_case) {
    case DS_EV_OBLIGATION_OPENED:
        add_text(&once->obligations, "%s", msg->obligation_opened->key);
        return;
    case DS_EV_APPEAL_OPENED: add_text(&once->appeals, "%s", msg->appeal_opened->entry); return;
    case DS_EV_MONTH_CLOSED:
        add_text(&once->closings, "%s %u", msg->month_closed->territory, msg->month_closed->month);
        return;
    case DS_EV_PROPOSAL_CONFIRMED:
        add_text(&once->decisions, "proposal %s", msg->proposal_confirmed->proposal);
        return;
    case DS_EV_PROPOSAL_REJECTED:
        add_text(&once->decisions, "proposal %s", msg->proposal_rejected->proposal);
        return;
    case DS_EV_PROPOSAL_EXPIRED:
        add_text(&once->decisions, "proposal %s", msg->proposal_expired->proposal);
        return;
    case DS_EV_OBLIGATION_CLOSED:
        add_text(&once->decisions, "obligation %s", msg->obligation_closed->key);
        return;
    case DS_EV_APPEAL_DECIDED:
        add_text(&once->decisions, "appeal %s", msg->appeal_decided->entry);
        return;
    default: return;
    }
}

static void collect(struct once *once, const struct record *record)
{
    const Ds__Event *msg = record->msg;
    const char *subject = ds_str(msg->subject);

    if (record->source == DS_INTAKE && msg->command_id && /* these stand in every partition */
        msg->body_case != DS__EVENT__BODY_ACTIVATED &&
        msg->body_case != DS__EVENT__BODY_ACTIVATION_SCHEDULED)
        add_text(&once->commands, "%s", msg->command_id);
    switch ((int)msg->body_case) {
    case DS_EV_JUDGED:
        add_text(&once->verdicts, "%s %s#%u", subject,
                 ds_clock_name((enum ds_clock)msg->judged->clock), msg->judged->n);
        return;
    case DS_EV_OFFERED:
        add_text(&once->offers, "%s dispatch#%u", subject, msg->offered->dispatch);
        return;
    case DS_EV_CALLBACK_REQUESTED:
        add_text(&once->callbacks, "%s callback#%u", subject, msg->callback_requested->task);
        return;
    case DS_EV_SHEET_DRAWN: add_text(&once->sheets, "%s", subject); return;
    case DS_EV_ENTRY_POSTED:
        if (record->entry) collect_row(once, &once->entries, record->entry->key);
        return;
    case DS_EV_PROPOSED: collect_row(once, &once->proposals, msg->proposed->entry->key); return;
    default: collect_decision(once, msg); return;
    }
}

/* ---- money ---- */

static const char *cause_word(enum ds_clock clock)
{
    switch ((int)clock) {
    case DS_CLOCK_SURVEY_SHEET: return ""; /* the subject is the cause */
    case DS_CLOCK_ACCEPT: return "dispatch";
    case DS_CLOCK_RESULT: return "completion";
    case DS_CLOCK_COMPLAINT: return "complaint";
    case DS_CLOCK_HOTLINE: return "occasion";
    default: return NULL;
    }
}

/* Every final breach that the rulebook puts a clause on was booked or proposed. */
static void check_booked(struct check *check, const struct record *record, const struct once *once)
{
    const Ds__Judged *judged = record->msg->judged;
    const char *word = cause_word((enum ds_clock)judged->clock);
    char cause[DS_ID_MAX + 64];

    if (judged->verdict != DS__VERDICT__NAME__BREACHED || !ds_str(judged->clause)[0] || !word)
        return;
    if (record->seq > check->checkpoints[DS_LEDGER][DS_WATCHER][record->partition]) return;
    snprintf(cause, sizeof cause, "%s/%s#%u", record->msg->subject, word, judged->n);
    if (!word[0]) snprintf(cause, sizeof cause, "%s", record->msg->subject);
    if (!has_text(&once->causes, cause))
        check_violated(check, VIOLATED_UNBOOKED, record->msg->subject, word, judged->n,
                       judged->clause);
}

/* Every automatic entry stands on a final breach. */
static void check_founded(struct check *check, const struct archive *archive,
                          const struct record *record)
{
    const Ds__Entry *entry = record->entry;

    if (entry->reverses || entry->confirmed_by) return;
    const Ds__EventRef *ref = entry->n_events ? entry->events[0] : NULL;
    const struct record *judged =
        ref ? archive_find(archive, record->partition, (enum ds_source)ref->source, ref->seq)
            : NULL;
    if (!judged || judged->msg->body_case != DS__EVENT__BODY_JUDGED ||
        judged->msg->judged->verdict != DS__VERDICT__NAME__BREACHED)
        check_violated(check, VIOLATED_UNFOUNDED, entry->key);
}

static void chain_broken(void *self, const struct record *record)
{
    check_violated(self, VIOLATED_CHAIN, record->partition, (unsigned long long)record->seq);
}

/* One row of the books, under the key of its month's sum in live state. */
struct booked {
    char *key; /* owned: p003/M202611/person:lin */
    int64_t amount_fen;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct booked *)a)->key, ((const struct booked *)b)->key);
}

/* Adds up rows of the same key; returns how many are left. */
static size_t add_up(struct booked *rows, size_t n)
{
    size_t kept = 0;

    if (n > 0) qsort(rows, n, sizeof rows[0], by_key);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && by_key(&rows[kept - 1], &rows[i]) == 0) {
            rows[kept - 1].amount_fen += rows[i].amount_fen;
            free(rows[i].key);
        } else {
            rows[kept++] = rows[i];
        }
    }
    return kept;
}

static struct booked *sum_months(const struct archive *archive, size_t *ret_n)
{
    struct booked *rows = malloc((archive->n + 1) * sizeof rows[0]);
    size_t n = 0;

    if (!rows) abort();
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (!record->entry) continue;
        rows[n].amount_fen = record->entry->amount_fen;
        if (asprintf(&rows[n].key, "p%03u/M%u/%s", record->partition, record->entry->month,
                     record->entry->account) < 0)
            abort();
        n++;
    }
    *ret_n = add_up(rows, n);
    return rows;
}

static void check_month(struct check *check, uint32_t partition, const redisReply *field,
                        const redisReply *value, const struct booked *rows, size_t n)
{
    char text[DS_KEY_MAX + 64];
    struct booked wanted = {.key = text};
    const struct booked *row;
    Ds__LedgerMonth *stored =
        ds__ledger_month__unpack(NULL, value->len, (const uint8_t *)value->str);

    snprintf(text, sizeof text, "p%03u/%s", partition, field->str);
    row = n > 0 ? bsearch(&wanted, rows, n, sizeof rows[0], by_key) : NULL;
    if (!stored || stored->sum_fen != (row ? row->amount_fen : 0))
        check_violated(check, VIOLATED_SUM, text);
    if (stored) ds__ledger_month__free_unpacked(stored, NULL);
}

/* Month sums in live state are those of the entries, each and no other. */
static void check_months(struct check *check, const struct archive *archive)
{
    size_t n, sums = 0;
    struct booked *rows = sum_months(archive, &n);

    for (uint32_t p = 0; p < check->partitions; p++) {
        redisReply *state = redisCommand(check->redis, "HGETALL {p%03u}:penalty-ledger:state", p);
        for (size_t i = 0; state && i + 1 < state->elements; i += 2) {
            if (state->element[i]->str[0] != 'M') continue;
            check_month(check, p, state->element[i], state->element[i + 1], rows, n);
            sums++;
        }
        if (state) freeReplyObject(state);
    }
    if (sums != n) check_violated(check, VIOLATED_SUMS, sums, n);
    for (size_t i = 0; i < n; i++)
        free(rows[i].key);
    free(rows);
}

/* ---- who holds what ---- */

static int by_subject(const void *a, const void *b)
{
    const struct record *one = *(const struct record *const *)a;
    const struct record *two = *(const struct record *const *)b;
    int order = strcmp(one->msg->subject, two->msg->subject);

    return order != 0 ? order : one < two ? -1 : one > two; /* journal order within a ticket */
}

/* A job is given to one at a time. */
static void check_holders(struct check *check, const struct archive *archive)
{
    const struct record **moves = malloc((archive->n + 1) * sizeof *moves);
    size_t n = 0;
    bool held = false;

    if (!moves) abort();
    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        if (msg->body_case == DS__EVENT__BODY_ASSIGNED ||
            msg->body_case == DS__EVENT__BODY_TAKEN_BACK ||
            msg->body_case == DS__EVENT__BODY_REOPENED)
            moves[n++] = &archive->records[i];
    }
    if (n > 0) qsort(moves, n, sizeof moves[0], by_subject);
    for (size_t i = 0; i < n; i++) {
        const Ds__Event *msg = moves[i]->msg;
        bool gives = msg->body_case == DS__EVENT__BODY_ASSIGNED;
        if (i == 0 || strcmp(moves[i - 1]->msg->subject, msg->subject) != 0) held = false;
        if (gives && held)
            check_violated(check, VIOLATED_HOLDERS, msg->subject, moves[i]->partition,
                           (unsigned long long)moves[i]->seq);
        held = gives;
    }
    free(moves);
}

void check_facts(struct check *check, const struct archive *archive)
{
    struct once once = {0};

    for (size_t i = 0; i < archive->n; i++)
        collect(&once, &archive->records[i]);
    check_unique(check, &once.verdicts, "a final verdict", "终判");
    check_unique(check, &once.offers, "an offer", "派单");
    check_unique(check, &once.callbacks, "a callback", "回访");
    check_unique(check, &once.sheets, "a satisfaction sheet", "满意度调查表");
    check_unique(check, &once.entries, "an entry", "账目");
    check_unique(check, &once.proposals, "a proposal", "提议");
    check_unique(check, &once.commands, "a command", "命令");
    check_unique(check, &once.obligations, "an obligation", "义务");
    check_unique(check, &once.appeals, "an appeal", "申诉");
    check_unique(check, &once.closings, "the closing of a month", "月度结账");
    check_unique(check, &once.decisions, "a decision", "裁决");
    sort_texts(&once.causes);
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->msg->body_case == DS__EVENT__BODY_JUDGED) check_booked(check, record, &once);
        if (record->entry) check_founded(check, archive, record);
    }
    archive_chain(archive, chain_broken, check);
    check_months(check, archive);
    check_holders(check, archive);
    free_texts(&once.verdicts);
    free_texts(&once.offers);
    free_texts(&once.callbacks);
    free_texts(&once.sheets);
    free_texts(&once.entries);
    free_texts(&once.proposals);
    free_texts(&once.commands);
    free_texts(&once.obligations);
    free_texts(&once.appeals);
    free_texts(&once.closings);
    free_texts(&once.decisions);
    free_texts(&once.causes);
}
