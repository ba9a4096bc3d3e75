/* SPDX-License-Identifier: MIT
 *
 * The theorem of the watcher, tried on random histories: if every fact arrives within its grace and
 * the decisions that were recorded are the same, then final verdicts and ledger do not depend on
 * the order of arrival.
 *
 * For each seed: a history is lived through by all five services. Then its facts are dealt out
 * again with other arrival times (within the smallest grace), decisions of the dispatcher stay as
 * recorded, upstream marks lag at random, and survey, watcher and ledger judge again. What they say
 * finally must be the same each time. Not compared, because not claimed: provisional alerts, the
 * order of posting, when a late step after a broken due was known (actual_at), and the month's
 * sheet, which is due from when it was really drawn: a system act that is made anew here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "callback-survey/survey.h"
#include "dispatcher/dispatcher.h"
#include "domain/assert.h"
#include "engine/world.h"
#include "intake/intake.h"
#include "penalty-ledger/ledger.h"
#include "rulebook/rulebook.h"
#include "sim/history.h"
#include "sla-watcher/watch.h"

enum { PARTITIONS = 16, SHUFFLES = 2, SAID_MAX = 4096 };

/* ---- events of the first life, and what was finally said ---- */

struct fact {
    enum ds_source source;
    uint32_t partition;
    uint64_t seq;
    int64_t received_ms; /* as dealt out */
    uint64_t luck;       /* order among equals */
    uint32_t rulebook;
    Ds__Event *msg; /* owned */
};

struct life {
    struct fact *facts; /* owned */
    size_t n, cap;
    char *said[SAID_MAX]; /* owned; one text per final verdict and ledger row */
    size_t n_said;
};

static void say(struct life *life, const char *text)
{
    DS_ASSERT(life->n_said < SAID_MAX);
    life->said[life->n_said++] = strdup(text);
}

static void note_verdict(struct life *life, const Ds__Event *msg)
{
    const Ds__Judged *judged = msg->judged;
    bool breached = judged->verdict == DS__VERDICT__NAME__BREACHED;
    char text[512];

    /* a stop after the due is told as far as it was known */
    snprintf(text, sizeof text, "verdict %s %d#%u = %d start %lld due %lld stop %lld owner %s",
             msg->subject, (int)judged->clock, judged->n, (int)judged->verdict,
             (long long)judged->start_at_ms, (long long)judged->due_at_ms,
             breached ? 0LL : (long long)judged->stop_at_ms, ds_str(judged->owner));
    say(life, text);
}

static void note_entry(struct life *life, const Ds__Entry *entry, const char *what)
{
    char text[512];

    snprintf(text, sizeof text, "%s %s %lld month %u due %lld reason %d", what, entry->key,
             (long long)entry->amount_fen, entry->month, (long long)entry->due_at_ms,
             (int)entry->reason);
    say(life, text);
}

static void note(struct life *life, const Ds__Event *msg)
{
    if (msg->body_case == DS__EVENT__BODY_JUDGED &&
        msg->judged->clock != DS__CLOCK__NAME__SURVEY_SHEET)
        note_verdict(life, msg);
    if (msg->body_case == DS__EVENT__BODY_PROPOSED)
        note_entry(life, msg->proposed->entry, "proposal");
    if (msg->body_case != DS__EVENT__BODY_ENTRY_POSTED) return;
    Ds__Entry *entry =
        ds__entry__unpack(NULL, msg->entry_posted->entry.len, msg->entry_posted->entry.data);
    if (strcmp(entry->clause, "7.2") != 0) note_entry(life, entry, "entry");
    ds__entry__free_unpacked(entry, NULL);
}

static void keep(struct life *life, const Ds__BatchHeader *header, uint64_t seq, Ds__Event *msg)
{
    if (life->n == life->cap) {
        life->cap = life->cap ? life->cap * 2 : 256;
        life->facts = realloc(life->facts, life->cap * sizeof *life->facts);
        if (!life->facts) abort();
    }
    life->facts[life->n++] = (struct fact){.source = (enum ds_source)header->source,
                                           .partition = header->partition,
                                           .seq = seq,
                                           .received_ms = msg->received_at_ms,
                                           .rulebook = 1, /* the only one */
                                           .msg = msg};
}

static void on_batch(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                     size_t len)
{
    struct life *life = self;
    Ds__Batch *batch = ds__batch__unpack(NULL, len, bytes);
    DS_ASSERT(batch);

    (void)partition;
    for (size_t i = 0; i < batch->n_events; i++) {
        note(life, batch->events[i]);
        if (source < DS_SURVEY) {
            keep(life, batch->header, batch->header->first_seq + i, batch->events[i]);
            batch->events[i] = NULL;
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < batch->n_events; i++)
        if (batch->events[i]) batch->events[n++] = batch->events[i];
    batch->n_events = n;
    ds__batch__free_unpacked(batch, NULL);
}

static void finish_life(struct life *life)
{
    for (size_t i = 0; i < life->n; i++)
        ds__event__free_unpacked(life->facts[i].msg, NULL);
    free(life->facts);
    for (size_t i = 0; i < life->n_said; i++)
        free(life->said[i]);
    *life = (struct life){0};
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* ---- living it ---- */

static void run_to_end(struct ds_world *world)
{
    for (int64_t due_ms; (due_ms = ds_world_next_due(world)) != DS_NO_DUE;)
        ds_world_advance(world, due_ms + 1 > world->now_ms ? due_ms + 1 : world->now_ms + 1);
}

static void live(const struct history *history, struct ds_version *version, struct life *life)
{
    static const struct ds_service *const services[] = {
        &intake_service, &dispatcher_service, &survey_service, &watcher_service, &ledger_service};
    static struct ds_world world;
    static struct ds_answer answer;

    ds_world_init(&world, services, PARTITIONS, on_batch, life);
    ds_world_add_version(&world, version);
    ds_world_set_time(&world, history->lines[0].received_ms);
    for (uint32_t p = 0; p < PARTITIONS; p++)
        ds_part_activate(&world.parts[0][p], NULL, version->hash, version->number);
    for (uint32_t i = 0; i < history->n;) {
        int64_t at_ms = history->lines[i].received_ms, due_ms = ds_world_next_due(&world);
        if (due_ms != DS_NO_DUE && due_ms + 1 < at_ms) {
            ds_world_advance(&world, due_ms + 1 > world.now_ms ? due_ms + 1 : world.now_ms + 1);
            continue;
        }
        ds_world_set_time(&world, at_ms);
        for (; i < history->n && history->lines[i].received_ms == at_ms; i++)
            ds_world_take(&world, history->lines[i].bytes, history->lines[i].len, &answer);
        ds_world_advance(&world, at_ms);
    }
    run_to_end(&world);
    memset(world.versions, 0, sizeof world.versions); /* the caller's */
    ds_world_finish(&world);
    if (life->n_said) qsort(life->said, life->n_said, sizeof life->said[0], by_text);
}

/* ---- dealing it out again ---- */

static bool fixed_arrival(const struct fact *fact)
{
    if (fact->source != DS_INTAKE) return true; /* recorded decisions keep their real time */
    switch ((int)fact->msg->body_case) {
    case DS__EVENT__BODY_ACTIVATED:
    case DS__EVENT__BODY_REGISTERED: /* everything hangs on these */
    case DS__EVENT__BODY_REPORT_REPEATED:
    case DS__EVENT__BODY_REOPENED: return true;
    default: return fact->msg->has_judged_at_ms; /* judged at arrival: moving it changes the fact */
    }
}

static int64_t registered_ms(const struct life *life, const struct fact *fact)
{
    for (size_t i = 0; i < life->n; i++)
        if (life->facts[i].msg->body_case == DS__EVENT__BODY_REGISTERED &&
            strcmp(ds_str(life->facts[i].msg->subject), ds_str(fact->msg->subject)) == 0)
            return life->facts[i].msg->received_at_ms;
    return INT64_MIN;
}

static int by_arrival(const void *a, const void *b)
{
    const struct fact *one = a, *two = b;

    if (one->received_ms != two->received_ms) return one->received_ms < two->received_ms ? -1 : 1;
    if (one->source != two->source) return one->source < two->source ? -1 : 1;
    if (one->luck != two->luck) return one->luck < two->luck ? -1 : 1;
    return one->seq < two->seq ? -1 : one->seq > two->seq;
}

/* New arrivals: each movable fact somewhere within the smallest grace of any clock. */
static void deal(struct life *life, const struct ds_version *version, struct prng *prng)
{
    int64_t grace_ms = version->clocks[DS_CLOCK_ORDER].grace_ms;

    for (size_t i = 0; i < life->n; i++) {
        struct fact *fact = &life->facts[i];
        fact->received_ms = fact->msg->received_at_ms;
        fact->luck = 0;
        if (fixed_arrival(fact)) continue;
        int64_t first_ms = registered_ms(life, fact);
        int64_t from_ms =
            fact->msg->occurred_at_ms > first_ms ? fact->msg->occurred_at_ms : first_ms;
        int64_t to_ms = fact->msg->occurred_at_ms + grace_ms;
        if (to_ms <= from_ms) continue;
        /* often at the very ends */
        unsigned kind = (unsigned)prng_below(prng, 4);
        fact->received_ms = kind == 0   ? from_ms
                            : kind == 1 ? to_ms
                                        : prng_between(prng, from_ms, to_ms);
        fact->luck = prng_next(prng);
    }
    qsort(life->facts, life->n, sizeof life->facts[0], by_arrival);
}

static void feed(struct ds_world *world, struct ds_buf *buf, const struct fact *fact, uint64_t seq)
{
    Ds__BatchHeader header = DS__BATCH_HEADER__INIT;
    struct ds_batch_peek peek;
    int64_t kept_ms = fact->msg->received_at_ms;

    DS_SET(&header, format, DS_BATCH_FORMAT);
    DS_SET(&header, source, (Ds__Source__Name)fact->source);
    DS_SET(&header, partition, fact->partition);
    DS_SET(&header, epoch, 1);
    DS_SET(&header, bno, seq);
    DS_SET(&header, first_seq, seq);
    DS_SET(&header, count, 1);
    DS_SET(&header, rulebook, fact->rulebook);
    buf->len = 0;
    fact->msg->received_at_ms = fact->received_ms;
    ds_batch_add(buf, fact->msg);
    fact->msg->received_at_ms = kept_ms;
    ds_batch_seal(buf, &header);
    enum ds_batch_fault fault = ds_batch_peek(buf->bytes, buf->len, &world->env.state_arena, &peek);
    DS_ASSERT(fault == DS_BATCH_FINE);
    ds_world_feed(world, buf->bytes, buf->len, &peek);
}

/* Moves time on; marks follow, or stay behind for a while as after an outage. */
static void move_to(struct ds_world *world, struct prng *prng, int64_t to_ms, int64_t *mark_ms)
{
    for (;;) {
        int64_t due_ms = ds_world_next_due(world);
        if (due_ms >= to_ms - 1 || due_ms < world->now_ms) break;
        if (prng_chance(prng, 80)) *mark_ms = due_ms;
        ds_world_feed_mark(world, *mark_ms);
        ds_world_advance(world, due_ms + 1);
    }
    if (prng_chance(prng, 80)) *mark_ms = to_ms - 1;
    ds_world_feed_mark(world, *mark_ms);
    if (to_ms > world->now_ms) ds_world_advance(world, to_ms);
}

static void judge_again(struct life *dealt, struct ds_version *version, struct prng *prng,
                        struct life *ret)
{
    static const struct ds_service *const services[] = {NULL, NULL, &survey_service,
                                                        &watcher_service, &ledger_service};
    static struct ds_world world;
    uint64_t seqs[DS_SOURCE_COUNT][PARTITIONS] = {{0}};
    struct ds_buf buf = {0};
    int64_t mark_ms = 0;

    ds_world_init(&world, services, PARTITIONS, on_batch, ret);
    ds_world_add_version(&world, version);
    for (size_t i = 0; i < dealt->n; i++) {
        const struct fact *fact = &dealt->facts[i];
        if (fact->received_ms > world.now_ms) move_to(&world, prng, fact->received_ms, &mark_ms);
        feed(&world, &buf, fact, ++seqs[fact->source][fact->partition]);
    }
    ds_world_advance(&world, world.now_ms);
    for (int64_t due_ms; (due_ms = ds_world_next_due(&world)) != DS_NO_DUE;) {
        int64_t to_ms = due_ms + 1 > world.now_ms ? due_ms + 1 : world.now_ms + 1;
        ds_world_feed_mark(&world, to_ms - 1);
        ds_world_advance(&world, to_ms);
    }
    memset(world.versions, 0, sizeof world.versions);
    ds_world_finish(&world);
    ds_buf_finish(&buf);
    if (ret->n_said) qsort(ret->said, ret->n_said, sizeof ret->said[0], by_text);
}

/* ---- comparing ---- */

/* For the one who looks into a difference: what was dealt out. */
static void dump(const struct life *life)
{
    for (size_t i = 0; i < life->n; i++) {
        const struct fact *fact = &life->facts[i];
        printf("    %lld (happened %lld) %s/p%03u %s %s by %s\n", (long long)fact->received_ms,
               (long long)fact->msg->occurred_at_ms, ds_source_name(fact->source), fact->partition,
               ds_event_name((int)fact->msg->body_case), ds_str(fact->msg->subject),
               ds_str(fact->msg->by));
    }
}

static bool same(const struct life *a, const struct life *b, uint64_t seed, unsigned shuffle)
{
    bool equal = a->n_said == b->n_said;

    for (size_t i = 0; equal && i < a->n_said; i++)
        equal = strcmp(a->said[i], b->said[i]) == 0;
    if (equal) return true;
    printf("seed %llu shuffle %u differs:\n", (unsigned long long)seed, shuffle);
    for (size_t i = 0, j = 0; i < a->n_said || j < b->n_said;) {
        int order = i == a->n_said ? 1 : j == b->n_said ? -1 : strcmp(a->said[i], b->said[j]);
        if (order < 0) printf("  - %s\n", a->said[i]);
        if (order > 0) printf("  + %s\n", b->said[j]);
        if (order <= 0) i++;
        if (order >= 0) j++;
    }
    return false;
}

/* One final verdict per instance and one row per key: the same one said twice is a defect of the
 * first life already. The texts are sorted. */
static bool said_once(const struct life *life, uint64_t seed)
{
    for (size_t i = 1; i < life->n_said; i++) {
        const char *text = life->said[i];
        const char *end = strstr(text, " = ");
        if (!end) end = text + strlen(text);
        if (strncmp(text, life->said[i - 1], (size_t)(end - text)) != 0) continue;
        printf("seed %llu says twice: %s\n", (unsigned long long)seed, text);
        return false;
    }
    return true;
}

static char *read_file(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "re");
    char *text = malloc(DS_RULEBOOK_BYTES_MAX);

    if (!file || !text) abort();
    *ret_len = fread(text, 1, DS_RULEBOOK_BYTES_MAX, file);
    fclose(file);
    return text;
}

static struct ds_version *load_version(void)
{
    static struct ds_problems problems;
    size_t rulebook_len, directory_len, len;
    char *rulebook = read_file(DS_SOURCE_DIR "/deploy/rulebook.yaml", &rulebook_len);
    char *directory = read_file(DS_SOURCE_DIR "/deploy/directory.yaml", &directory_len);
    uint8_t *bytes;
    char hash[65];

    int status = ds_version_make(rulebook, rulebook_len, directory, directory_len, PARTITIONS,
                                 &bytes, &len, hash, &problems);
    DS_ASSERT(status == 0);
    struct ds_version *version = ds_version_compile(bytes, len, 1, PARTITIONS, &problems);
    DS_ASSERT(version);
    free(bytes);
    free(rulebook);
    free(directory);
    return version;
}

int main(int argc, char *argv[])
{
    uint64_t seed = 1, count = 1000;
    size_t said = 0, breaches = 0, proposals = 0, failures = 0;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) seed = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--count") == 0) count = strtoull(argv[i + 1], NULL, 10);
    }
    if (sodium_init() < 0) return 1;
    struct ds_version *version = load_version();
    for (uint64_t s = seed; s < seed + count; s++) {
        struct prng prng = {s ^ 0x5eed};
        struct history history;
        struct life first = {0};
        history_make(&history, s);
        live(&history, version, &first);
        failures += !said_once(&first, s);
        for (unsigned k = 0; k < SHUFFLES; k++) {
            struct life again = {0};
            deal(&first, version, &prng);
            judge_again(&first, version, &prng, &again);
            bool fine = same(&first, &again, s, k);
            if (!fine && count == 1) dump(&first);
            failures += !fine;
            finish_life(&again);
        }
        said += first.n_said;
        for (size_t i = 0; i < first.n_said; i++) {
            breaches += strncmp(first.said[i], "entry", 5) == 0;
            proposals += strncmp(first.said[i], "proposal", 8) == 0;
        }
        finish_life(&first);
        history_finish(&history);
    }
    ds_version_destroy(version);
    printf("%llu histories, %zu verdicts and rows (%zu entries, %zu proposals), %zu differences\n",
           (unsigned long long)count, said, breaches, proposals, failures);
    return failures || breaches == 0 || proposals == 0;
}
