/* SPDX-License-Identifier: MIT
 *
 * `doorstep replay --recorded PROOF`: looked over byte by byte, then judged and booked anew from
 * what intake, dispatcher, survey and the manager said. Verdicts, ledger lines and the chain must
 * come out as they were recorded. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/apart.h"
#include "doorstep/bundle.h"
#include "doorstep/replay.h"

/* A ledger line that hangs on what is not here: of the ticket of a complaint. */
struct filter {
    const struct archive *recorded;
    const char *ticket; /* of the entry that is proved; "" */
};

static bool is_ours(void *self, const struct record *record)
{
    const struct filter *filter = self;

    if (!record->entry) return true;
    return strcmp(ds_str(record->entry->ticket), filter->ticket) == 0 ||
           archive_entry(filter->recorded, ds_str(record->entry->key));
}

/* ---- verdicts ---- */

static bool same_text(const char *a, const char *b)
{
    return strcmp(ds_str(a), ds_str(b)) == 0;
}

static bool same_verdict(const Ds__Judged *a, const Ds__Judged *b)
{
    return a->clock == b->clock && a->n == b->n && a->verdict == b->verdict &&
           a->start_at_ms == b->start_at_ms && a->due_at_ms == b->due_at_ms &&
           a->stop_at_ms == b->stop_at_ms && a->rulebook == b->rulebook &&
           same_text(a->owner, b->owner) && same_text(a->clause, b->clause);
}

static const Ds__Judged *judged_of(const struct record *record)
{
    if (record->source != DS_WATCHER) return NULL;
    if (record->msg->body_case == DS__EVENT__BODY_JUDGED) return record->msg->judged;
    return record->msg->body_case == DS__EVENT__BODY_REJUDGED ? record->msg->rejudged->now : NULL;
}

static bool is_found(const struct archive *judged, const struct record *recorded)
{
    for (size_t i = 0; i < judged->n; i++) {
        const struct record *record = &judged->records[i];
        if (record->msg->body_case == recorded->msg->body_case &&
            same_text(record->msg->subject, recorded->msg->subject) && judged_of(record) &&
            same_verdict(judged_of(record), judged_of(recorded)))
            return true;
    }
    return false;
}

static size_t check_verdicts(const struct cli *cli, const struct archive *recorded,
                             const struct archive *judged, size_t *ret_differ)
{
    size_t n = 0;

    for (size_t i = 0; i < recorded->n; i++) {
        const struct record *record = &recorded->records[i];
        const Ds__Judged *verdict = judged_of(record);
        if (!verdict) continue;
        n++;
        if (is_found(judged, record)) continue;
        ++*ret_differ;
        cli_fail(cli, 0, SAID_VERDICT_DIFFERS, ds_str(record->msg->subject),
                 ds_clock_word(cli->lang, (enum ds_clock)verdict->clock), verdict->n,
                 ds_source_name(record->source), record->partition,
                 (unsigned long long)record->seq);
    }
    return n;
}

/* ---- rules and chain ---- */

/* The versions are those that the journal activated, by their hashes. */
static int check_versions(struct cli *cli, const char *dir, const struct archive *recorded)
{
    int code = EXIT_FINE;

    for (size_t i = 0; i < recorded->n; i++) {
        const Ds__Event *msg = recorded->records[i].msg;
        if (msg->body_case != DS__EVENT__BODY_ACTIVATED) continue;
        uint32_t number = msg->activated->number;
        const struct ds_version *version =
            number < DS_VERSIONS_MAX ? recorded->versions[number] : NULL;
        if (!version || strcmp(version->hash, ds_str(msg->activated->hash)) != 0)
            code = cli_fail(cli, EXIT_REJECTED, SAID_OTHER_VERSION, dir, number);
    }
    return code;
}

struct place {
    struct chain chain;
    uint64_t position; /* of the entry */
    uint64_t head;     /* where the head stands that was asked for; 0: none was */
    size_t checked;    /* links */
};

static int read_chain(struct cli *cli, const char *dir, const char *key,
                      const struct archive *recorded, struct place *ret)
{
    char path[1024];
    uint64_t broken = 0;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/" BUNDLE_CHAIN, dir);
    char *text = cli_read_plain(cli, path, BUNDLE_BYTES_MAX, &len);
    bool good = text && chain_parse(text, len, &ret->chain);
    free(text);
    if (!good) return cli_fail(cli, EXIT_REJECTED, SAID_NO_CHAIN, path);
    const struct record *proved = archive_entry(recorded, key);
    const struct chain_link *link = proved ? chain_find(&ret->chain, proved->seq) : NULL;
    if (link) ret->position = link->position;
    ret->checked = chain_check(&ret->chain, recorded, &broken);
    if (broken || ret->position == 0)
        return cli_fail(cli, EXIT_REJECTED, SAID_CHAIN_BROKEN, path,
                        (unsigned long long)(broken ? broken : 1));
    return EXIT_FINE;
}

/* A head that was printed elsewhere vouches for the entry only if every line from the entry to it
 * is here: anybody can list hashes. */
static int check_head(struct cli *cli, const char *head, struct place *place,
                      const struct archive *recorded)
{
    const struct chain *chain = &place->chain;
    bool followed = true;
    char hex[BUNDLE_HEX];

    for (size_t i = 1; head && i < chain->n; i++) {
        const struct chain_link *link = &chain->links[i];
        if (link->position < place->position) continue;
        followed &= link->entry || archive_find(recorded, chain->partition, DS_LEDGER, link->seq);
        sodium_bin2hex(hex, sizeof hex, link->hash, BUNDLE_HASH);
        if (strcmp(hex, head) != 0) continue;
        if (!followed)
            return cli_fail(cli, EXIT_REJECTED, SAID_HEAD_LISTED, head,
                            (unsigned long long)link->position);
        place->head = link->position;
        return EXIT_FINE;
    }
    return head ? cli_fail(cli, EXIT_REJECTED, SAID_HEAD_UNKNOWN, head) : EXIT_FINE;
}

/* ---- all of it ---- */

static void print(const struct cli *cli, const struct bundle *bundle, const Ds__Entry *entry,
                  const struct place *place, size_t verdicts)
{
    const struct chain_link *head = &place->chain.links[place->chain.n - 1];
    char hash[BUNDLE_HEX], yuan[32];

    sodium_bin2hex(hash, sizeof hash, head->hash, sizeof head->hash);
    cli_yuan(yuan, entry->amount_fen);
    if (cli->json) {
        char fen[32];
        snprintf(fen, sizeof fen, "%lld", (long long)entry->amount_fen);
        cli_print_object(json_pack("{ss ss sI si sI sI sI ss ss}", "entry", bundle->key,
                                   "amount_fen", fen, "verdicts", (json_int_t)verdicts,
                                   "differences", 0, "position", (json_int_t)place->position,
                                   "entries", (json_int_t)head->position, "links",
                                   (json_int_t)place->checked, "head", hash, "seal", bundle->seal));
        return;
    }
    cli_print(cli, SAID_PROOF_HOLDS, bundle->key, yuan, verdicts, bundle->files, bundle->bytes,
              place->chain.partition, (unsigned long long)place->position,
              (unsigned long long)head->position, place->checked, hash, bundle->seal);
    if (place->head) cli_print(cli, SAID_HEAD_FOUND, (unsigned long long)place->head);
}

/* Judges anew and compares; *ret_verdicts: how many were. */
static int compare(struct cli *cli, const struct bundle *bundle, const struct export *export,
                   struct archive *recorded, struct archive *judged, size_t *ret_verdicts)
{
    const struct record *proved = archive_entry(recorded, bundle->key);
    struct filter filter = {recorded, proved ? ds_str(proved->entry->ticket) : ""};
    size_t differ = 0;

    if (!proved) return cli_fail(cli, EXIT_REJECTED, SAID_NO_ENTRY_HERE, bundle->key);
    replay_judge(export, recorded, judged);
    archive_keep(judged, is_ours, &filter);
    *ret_verdicts = check_verdicts(cli, recorded, judged, &differ);
    char *before = replay_ledger_text(recorded), *after = replay_ledger_text(judged);
    differ += replay_differences(before, after);
    free(before);
    free(after);
    return differ ? cli_fail(cli, EXIT_REJECTED, SAID_DIFFERS, differ) : EXIT_FINE;
}

static int replay(struct cli *cli, const char *dir, const struct bundle_asked *asked,
                  const struct bundle *bundle, struct archive *recorded, struct archive *judged)
{
    struct export export;
    struct place place = {0};
    size_t verdicts = 0;

    int code = export_read(cli, dir, &export, recorded);
    archive_sort(recorded);
    if (code == EXIT_FINE) code = check_versions(cli, dir, recorded);
    if (code == EXIT_FINE) code = read_chain(cli, dir, bundle->key, recorded, &place);
    if (code == EXIT_FINE) code = compare(cli, bundle, &export, recorded, judged, &verdicts);
    if (code == EXIT_FINE) code = check_head(cli, asked->head, &place, recorded);
    if (code == EXIT_FINE && asked->out)
        code = replay_write(cli, judged, asked->out, asked->statements);
    if (code == EXIT_FINE)
        print(cli, bundle, archive_entry(recorded, bundle->key)->entry, &place, verdicts);
    chain_finish(&place.chain);
    export_finish(&export);
    return code;
}

struct work {
    const char *dir;
    const struct bundle_asked *asked;
    const struct bundle *bundle;
};

static int work_apart(struct cli *cli, void *self)
{
    const struct work *work = self;
    struct archive recorded = {0}, judged = {0};

    int code = replay(cli, work->dir, work->asked, work->bundle, &recorded, &judged);
    archive_finish(&judged);
    archive_finish(&recorded);
    return code;
}

int bundle_replay(struct cli *cli, const char *dir, const struct bundle_asked *asked)
{
    struct bundle bundle;

    int code = bundle_check(cli, dir, &bundle);
    if (code == EXIT_FINE && asked->seal && strcmp(asked->seal, bundle.seal) != 0)
        code = cli_fail(cli, EXIT_REJECTED, SAID_OTHER_SEAL, bundle.seal);
    struct work work = {dir, asked, &bundle};
    return code == EXIT_FINE ? apart(cli, dir, work_apart, &work) : code;
}
