/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/check.h"
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

static void check_unique(struct check *check, struct texts *texts, const char *what)
{
    if (texts->n > 0) qsort(texts->list, texts->n, sizeof texts->list[0], by_text);
    for (size_t i = 1; i < texts->n; i++)
        if (strcmp(texts->list[i - 1], texts->list[i]) == 0)
            check_violated(check, "%s stands twice: %s", what, texts->list[i]);
}

static void free_texts(struct texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        free(texts->list[i]);
    free(texts->list);
}

/* ---- what may exist only once ---- */

struct once {
    struct texts verdicts, offers, callbacks, entries, proposals, commands;
};

static void collect(struct once *once, const struct record *record)
{
    const Ds__Event *msg = record->msg;
    const char *subject = ds_str(msg->subject);

    if (record->source == DS_INTAKE && msg->command_id &&
        msg->body_case != DS__EVENT__BODY_ACTIVATED)
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
    case DS_EV_ENTRY_POSTED:
        if (record->entry) add_text(&once->entries, "%s", record->entry->key);
        return;
    case DS_EV_PROPOSED: add_text(&once->proposals, "%s", msg->proposed->entry->key); return;
    default: return;
    }
}

/* ---- money ---- */

static const char *cause_word(enum ds_clock clock)
{
    switch ((int)clock) {
    case DS_CLOCK_ACCEPT: return "dispatch";
    case DS_CLOCK_RESULT: return "completion";
    case DS_CLOCK_COMPLAINT: return "complaint";
    case DS_CLOCK_HOTLINE: return "occasion";
    default: return NULL;
    }
}

static bool ends_with_cause(const char *key, const char *subject, const char *word, uint32_t n)
{
    char cause[256];
    size_t len = strlen(key);
    int m = snprintf(cause, sizeof cause, "/%s/%s#%u", subject, word, n);

    return m > 0 && (size_t)m < len && strcmp(key + len - m, cause) == 0;
}

/* Every final breach that the rulebook puts a clause on was booked or proposed. */
static void check_booked(struct check *check, const struct record *record, const struct once *once)
{
    const Ds__Judged *judged = record->msg->judged;
    const char *word = cause_word((enum ds_clock)judged->clock);
    bool found = false;

    if (judged->verdict != DS__VERDICT__NAME__BREACHED || !ds_str(judged->clause)[0] || !word)
        return;
    if (record->seq > check->checkpoints[DS_LEDGER][DS_WATCHER][record->partition]) return;
    for (size_t i = 0; i < once->entries.n && !found; i++)
        found = ends_with_cause(once->entries.list[i], record->msg->subject, word, judged->n);
    for (size_t i = 0; i < once->proposals.n && !found; i++)
        found = ends_with_cause(once->proposals.list[i], record->msg->subject, word, judged->n);
    if (!found)
        check_violated(check, "%s %s#%u: a final breach of %s was neither booked nor proposed",
                       record->msg->subject, word, judged->n, judged->clause);
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
        check_violated(check, "%s: booked without a final breach", entry->key);
}

static void check_chain(struct check *check, const struct archive *archive)
{
    unsigned char chain[32] = {0};
    uint32_t partition = UINT32_MAX;
    crypto_generichash_state hash;

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->msg->body_case != DS__EVENT__BODY_ENTRY_POSTED) continue;
        const Ds__EntryPosted *posted = record->msg->entry_posted;
        if (record->partition != partition) memset(chain, 0, sizeof chain);
        partition = record->partition;
        crypto_generichash_init(&hash, NULL, 0, sizeof chain);
        crypto_generichash_update(&hash, chain, sizeof chain);
        crypto_generichash_update(&hash, posted->entry.data, posted->entry.len);
        crypto_generichash_final(&hash, chain, sizeof chain);
        if (posted->chain.len == sizeof chain &&
            memcmp(posted->chain.data, chain, sizeof chain) == 0)
            continue;
        check_violated(check, "penalty-ledger/p%03u/%llu: the chain is broken", partition,
                       (unsigned long long)record->seq);
        return;
    }
}

/* Month sums in live state are those of the entries. */
static void check_months(struct check *check, const struct archive *archive)
{
    for (uint32_t p = 0; p < check->partitions; p++) {
        redisReply *state = redisCommand(check->redis, "HGETALL {p%03u}:penalty-ledger:state", p);
        for (size_t i = 0; state && i + 1 < state->elements; i += 2) {
            const char *key = state->element[i]->str, *slash = strchr(key, '/');
            if (key[0] != 'M' || !slash) continue;
            uint32_t month = (uint32_t)strtoul(key + 1, NULL, 10);
            int64_t sum_fen = 0;
            for (size_t r = 0; r < archive->n; r++) {
                const struct record *record = &archive->records[r];
                if (record->entry && record->partition == p && record->entry->month == month &&
                    strcmp(record->entry->account, slash + 1) == 0)
                    sum_fen += record->entry->amount_fen;
            }
            const redisReply *value = state->element[i + 1];
            Ds__LedgerMonth *stored =
                ds__ledger_month__unpack(NULL, value->len, (const uint8_t *)value->str);
            if (!stored || stored->sum_fen != sum_fen)
                check_violated(check, "%s: the stored sum is not that of its entries", key + 1);
            if (stored) ds__ledger_month__free_unpacked(stored, NULL);
        }
        if (state) freeReplyObject(state);
    }
}

/* ---- who holds what ---- */

static void check_holders(struct check *check, const struct archive *archive)
{
    struct texts held = {0};

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        const Ds__Event *msg = record->msg;
        bool gives = msg->body_case == DS__EVENT__BODY_ASSIGNED;
        bool takes = msg->body_case == DS__EVENT__BODY_TAKEN_BACK ||
                     msg->body_case == DS__EVENT__BODY_REOPENED;
        size_t at = 0;
        if (!gives && !takes) continue;
        while (at < held.n && strcmp(held.list[at], msg->subject) != 0)
            at++;
        if (gives && at < held.n)
            check_violated(check, "%s: assigned while somebody holds it (dispatcher/p%03u/%llu)",
                           msg->subject, record->partition, (unsigned long long)record->seq);
        if (gives && at == held.n) add_text(&held, "%s", msg->subject);
        if (takes && at < held.n) {
            free(held.list[at]);
            held.list[at] = held.list[--held.n];
        }
    }
    free_texts(&held);
}

void check_facts(struct check *check, const struct archive *archive)
{
    struct once once = {0};

    for (size_t i = 0; i < archive->n; i++)
        collect(&once, &archive->records[i]);
    check_unique(check, &once.verdicts, "a final verdict");
    check_unique(check, &once.offers, "an offer");
    check_unique(check, &once.callbacks, "a callback");
    check_unique(check, &once.entries, "an entry");
    check_unique(check, &once.proposals, "a proposal");
    check_unique(check, &once.commands, "a command");
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->msg->body_case == DS__EVENT__BODY_JUDGED) check_booked(check, record, &once);
        if (record->entry) check_founded(check, archive, record);
    }
    check_chain(check, archive);
    check_months(check, archive);
    check_holders(check, archive);
    free_texts(&once.verdicts);
    free_texts(&once.offers);
    free_texts(&once.callbacks);
    free_texts(&once.entries);
    free_texts(&once.proposals);
    free_texts(&once.commands);
}
