/* SPDX-License-Identifier: MIT
 *
 * `doorstep replay`: a file of commands, or exported journals, through the same services without
 * Redis and in no time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doorstep/apart.h"
#include "doorstep/books.h"
#include "doorstep/bundle.h"
#include "doorstep/export_write.h"
#include "doorstep/replay.h"
#include "doorstep/replay_follow.h"
#include "doorstep/replay_play.h"
#include "engine/world.h"
#include "wire/json.h"
#include "penalty-ledger/ledger.h"
#include "rulebook/rulebook.h"
#include "sla-watcher/watch.h"

enum {
    OPT_OUT,
    OPT_RULES,
    OPT_RECORDED,
    OPT_PARTITIONS,
    OPT_UNTIL,
    OPT_STATEMENTS,
    OPT_SEAL,
    OPT_HEAD,
    OPT_JOURNALS
};
/* journals that are taken as they were recorded */
enum { DECIDED = 1u << DS_INTAKE | 1u << DS_DISPATCHER | 1u << DS_SURVEY };

struct replay {
    struct ds_world world;
    struct archive archive;
};

/* ---- what comes out ---- */

static void keep_batch(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                       size_t len)
{
    (void)source, (void)partition;
    archive_add_batch(self, bytes, len);
}

static FILE *create(struct cli *cli, const char *dir, const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    if (!file) cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
    return file;
}

static bool wants_statements(const struct cli *cli)
{
    return cli->values[OPT_STATEMENTS] != NULL;
}

static bool is_alert(const struct record *record)
{
    if (record->msg->body_case == DS__EVENT__BODY_OUTCOME) return false;
    return record->source == DS_WATCHER ||
           record->msg->body_case == DS__EVENT__BODY_RETURNED_TO_CLERK;
}

int replay_write(struct cli *cli, const struct archive *archive, const char *dir, bool statements)
{
    struct ledger_filter all = {0};
    enum { FILES = 6 };
    FILE *files[FILES];
    static const char *const names[FILES] = {"alerts.ndjson", "tickets.ndjson",
                                             "ledger.csv",    "report.json",
                                             "events.ndjson", "statements.ndjson"};

    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return cli_fail(cli, EXIT_USAGE, SAID_FILE, dir, cli_errno(cli, errno));
    const int wanted = statements ? FILES : FILES - 1;
    for (int i = 0; i < wanted; i++)
        if (!(files[i] = create(cli, dir, names[i]))) return EXIT_USAGE;
    for (size_t i = 0; i < archive->n; i++) {
        if (is_alert(&archive->records[i])) cli_print_event(files[0], &archive->records[i]);
        cli_print_event(files[4], &archive->records[i]);
    }
    tickets_print_json(files[1], archive);
    ledger_print_csv(files[2], archive, &all);
    report_print_json(files[3], archive);
    if (wanted == FILES) statements_print_json(files[5], archive);
    int code = EXIT_FINE;
    for (int i = 0; i < wanted; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        if (cli_close(cli, files[i], path) != EXIT_FINE) code = EXIT_INTERNAL;
    }
    return code;
}

/* ---- a file of commands ---- */

static void print_summary(const struct cli *cli, const struct stage_result *result,
                          const struct archive *archive)
{
    size_t entries = 0;
    int64_t sum_fen = 0;
    char yuan[32];

    for (size_t i = 0; i < archive->n; i++) {
        if (!archive->records[i].entry) continue;
        entries++;
        sum_fen += archive->records[i].entry->amount_fen;
    }
    cli_yuan(yuan, sum_fen);
    if (cli->json) {
        printf("{\"recorded\":%zu,\"duplicates\":%zu,\"rejected\":%zu,\"events\":%zu,"
               "\"entries\":%zu,\"amount_fen\":\"%lld\"}\n",
               result->recorded, result->duplicates, result->rejected, archive->n, entries,
               (long long)sum_fen);
        return;
    }
    printf(cli->lang == DS_ZH
               ? "受理 %zu 条,重复 %zu,拒绝 %zu;事件 %zu 个;账目 %zu 笔,合计 %s 元\n"
               : "%zu commands recorded, %zu duplicates, %zu rejected; %zu events; %zu entries, %s "
                 "yuan\n",
           result->recorded, result->duplicates, result->rejected, archive->n, entries, yuan);
}

static int64_t until(const struct cli *cli)
{
    int64_t until_ms = INT64_MAX;

    if (cli->values[OPT_UNTIL] && ds_rfc3339_parse(cli->values[OPT_UNTIL], &until_ms) != 0)
        return -1;
    return until_ms;
}

/* What becomes of a file's run. */
struct kept {
    struct cli *cli;
    struct archive archive;
    const char *journals; /* directory; NULL: not asked for */
    struct export_journals files;
    uint32_t partitions;
    int code;
};

static void keep_played(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                        size_t len)
{
    struct kept *kept = self;

    archive_add_batch(&kept->archive, bytes, len);
    if (kept->journals) export_take(&kept->files, source, partition, bytes, len);
}

static void keep_version(void *self, struct ds_version *version, const char *rulebook,
                         const char *directory)
{
    static struct ds_problems problems; /* large */
    struct kept *kept = self;
    uint8_t *bytes;
    size_t len;
    char hash[65];

    kept->archive.versions[version->number] = version;
    if (!kept->journals || kept->code != EXIT_FINE) return;
    if (ds_version_make(rulebook, strlen(rulebook), directory, strlen(directory), kept->partitions,
                        &bytes, &len, hash, &problems) != 0)
        abort(); /* it was made from these a moment ago */
    kept->code = export_write_version(kept->cli, kept->journals, version->number, hash, bytes, len);
    free(bytes);
}

static int write_journals(struct kept *kept, const struct ds_world *world)
{
    int64_t mark_ms = INT64_MAX;

    if (!kept->journals || kept->code != EXIT_FINE) return kept->code;
    for (uint32_t p = 0; p < world->n_parts; p++)
        if (world->journals[DS_WATCHER - DS_INTAKE][p].mark_ms < mark_ms)
            mark_ms = world->journals[DS_WATCHER - DS_INTAKE][p].mark_ms;
    return export_write(kept->cli, &kept->files, kept->journals, world->n_parts, mark_ms);
}

static int replay_commands(struct cli *cli, const char *file, const char *out, uint32_t partitions)
{
    static struct replay_play play; /* large */
    static struct kept kept;        /* large */
    struct archive *archive = &kept.archive;
    struct stage_result result;

    kept = (struct kept){.cli = cli,
                         .archive = {.borrowed_versions = true},
                         .journals = cli->values[OPT_JOURNALS],
                         .partitions = partitions};
    play = (struct replay_play){.cli = cli,
                                .file = file,
                                .rules = cli->values[OPT_RULES],
                                .partitions = partitions,
                                .until_ms = until(cli),
                                .batch = keep_played,
                                .version = keep_version,
                                .self = &kept};
    int code = replay_play(&play, &result);
    archive_sort(archive);
    if (code == EXIT_FINE) code = replay_write(cli, archive, out, wants_statements(cli));
    if (code == EXIT_FINE) code = write_journals(&kept, &play.world);
    if (code == EXIT_FINE) print_summary(cli, &result, archive);
    if (code == EXIT_FINE && result.rejected > 0) code = EXIT_REJECTED;
    archive_finish(archive);
    export_journals_finish(&kept.files);
    replay_play_finish(&play);
    return code;
}

/* ---- exported journals ---- */

/* Moves time as it went in the live run: through everything that was due before to_ms. */
static void advance_through(struct ds_world *world, int64_t to_ms)
{
    for (;;) {
        int64_t due_ms = ds_world_next_due(world);
        if (due_ms >= to_ms - 1 || due_ms < world->now_ms) break; /* waits for a mark */
        ds_world_advance(world, due_ms + 1);
    }
}

/* Feeds what services committed, at the instant they did: what is judged then knows no more than
 * was known live. */
static void feed_partition(struct ds_world *world, const struct export *export, uint32_t p)
{
    int64_t to_ms = export->places[DS_WATCHER][p].mark_ms + 1;
    bool fed = false;

    for (size_t i = 0; i < export->n; i++) {
        const struct export_batch *batch = &export->batches[i];
        if (batch->peek.partition != p || batch->peek.source > DS_SURVEY) continue;
        if (fed && batch->last_stamp_ms > world->now_ms) ds_world_advance(world, world->now_ms);
        if (batch->last_stamp_ms > world->now_ms) {
            advance_through(world, batch->last_stamp_ms);
            ds_world_set_time(world, batch->last_stamp_ms);
        }
        ds_world_feed(world, batch->bytes, batch->len, &batch->peek);
        ds_world_feed_mark(world, batch->complete_ms);
        fed = true;
    }
    if (fed) ds_world_advance(world, world->now_ms);
    if (to_ms <= world->now_ms) return;
    /* as far as the recorded watcher had come, no further */
    ds_world_feed_mark(world, to_ms - 1);
    advance_through(world, to_ms);
    ds_world_advance(world, to_ms);
}

static bool but_of_manager(int type)
{
    return !replay_is_of_manager(type) && ledger_service.concerns(type);
}

/* Judges and books anew what intake, dispatcher and survey recorded in one partition. */
static void judge_partition(const struct export *export, const struct archive *recorded, uint32_t p,
                            struct archive *archive)
{
    static struct ds_service ledger;
    static const struct ds_service *const services[] = {NULL, NULL, NULL, &watcher_service,
                                                        &ledger};
    static struct replay replay; /* large */

    ledger = ledger_service;
    ledger.concerns = but_of_manager;
    ledger.fire = replay_keep_proposals;
    replay = (struct replay){0};
    ds_world_init(&replay.world, services, export->partitions, keep_batch, &replay.archive);
    replay.world.with_gaps = export->part;
    replay.archive = *archive;
    for (uint32_t i = 1; i < DS_VERSIONS_MAX; i++)
        replay.world.versions[i] = archive->versions[i];
    feed_partition(&replay.world, export, p);
    replay_follow_manager(&replay.world, recorded, p, &replay.archive);
    *archive = replay.archive;
    memset(replay.world.versions, 0, sizeof replay.world.versions); /* the archive's */
    ds_world_finish(&replay.world);
}

void replay_judge(const struct export *export, struct archive *recorded, struct archive *judged)
{
    judged->borrowed_versions = true;
    memcpy(judged->versions, recorded->versions, sizeof judged->versions);
    archive_sort(recorded);
    for (uint32_t p = 0; p < export->partitions; p++)
        judge_partition(export, recorded, p, judged);
    archive_sort(judged);
}

/* Ledger as compared: which alerts went out on the way depends on when somebody looked, so the
 * numbers of the watcher's events may differ; what they say may not. */
char *replay_ledger_text(const struct archive *archive)
{
    struct ledger_filter all = {.without_watcher = true};
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);

    if (!memory) abort();
    ledger_print_csv(memory, archive, &all);
    fclose(memory);
    return text;
}

/* Compares by lines: both are sorted by key. */
size_t replay_differences(const char *recorded, const char *judged)
{
    size_t n = 0;

    while (*recorded || *judged) {
        size_t a = strcspn(recorded, "\n"), b = strcspn(judged, "\n");
        bool same = a == b && memcmp(recorded, judged, a) == 0;
        int order = same         ? 0
                    : !*recorded ? 1
                    : !*judged   ? -1
                                 : strncmp(recorded, judged, a < b ? b : a);
        if (!same && order <= 0) fprintf(stderr, "- %.*s\n", (int)a, recorded);
        if (!same && order >= 0) fprintf(stderr, "+ %.*s\n", (int)b, judged);
        n += !same;
        if (order <= 0) recorded += a + (recorded[a] == '\n');
        if (order >= 0) judged += b + (judged[b] == '\n');
    }
    return n;
}

static int replay_recorded(struct cli *cli, void *self)
{
    const char *dir = cli->argv[0], *out = cli->values[OPT_OUT];

    struct export export;
    struct archive recorded = {0}, judged = {0};

    (void)self;
    int code = export_read(cli, dir, &export, &recorded);
    if (code == EXIT_FINE) {
        replay_judge(&export, &recorded, &judged);
        char *before = replay_ledger_text(&recorded), *after = replay_ledger_text(&judged);
        archive_move(&judged, &recorded, DECIDED); /* tickets and offers are the recorded ones */
        archive_sort(&judged);
        code = replay_write(cli, &judged, out, wants_statements(cli));
        size_t differences = code == EXIT_FINE ? replay_differences(before, after) : 0;
        free(before);
        free(after);
        if (code == EXIT_FINE && cli->json) printf("{\"differences\":%zu}\n", differences);
        if (differences > 0)
            code = cli_fail(cli, EXIT_REJECTED, SAID_DIFFERS, differences);
        else if (code == EXIT_FINE && !cli->json)
            cli_print(cli, SAID_SAME_LEDGER);
    }
    export_finish(&export);
    archive_finish(&judged);
    archive_finish(&recorded);
    return code;
}

static const struct option_spec options[] = {
    [OPT_OUT] = {"--out", "DIR", "where the results go"},
    [OPT_RULES] = {"--rules", "DIR",
                   "rulebook.yaml and directory.yaml; else beside FILE or above it"},
    [OPT_RECORDED] = {"--recorded", NULL,
                      "the argument is a directory made by `doorstep export` or `doorstep prove`"},
    [OPT_PARTITIONS] = {"--partitions", "N", "as in the installation; 16 unless said"},
    [OPT_UNTIL] = {"--until", "TIME", "stop before this instant (RFC 3339)"},
    [OPT_STATEMENTS] = {"--statements", NULL,
                        "write statements.ndjson, too: every account's months"},
    [OPT_SEAL] = {"--seal", "DIGEST", "of a proof: it must be the one that `prove` printed"},
    [OPT_HEAD] = {"--head", "HASH", "of a proof with --to-head: its chain leads there"},
    [OPT_JOURNALS] = {"--journals", "DIR", "write journals and versions, too, like export"},
    {NULL, NULL, NULL},
};

static bool is_digest(const char *text)
{
    return strlen(text) == BUNDLE_HEX - 1 && strspn(text, "0123456789abcdef") == BUNDLE_HEX - 1;
}

static int check_recorded(struct cli *cli)
{
    static const int digests[] = {OPT_SEAL, OPT_HEAD};
    static const int others[] = {OPT_RULES, OPT_PARTITIONS, OPT_UNTIL, OPT_JOURNALS};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (cli->values[others[i]])
            return cli_fail(cli, EXIT_USAGE, SAID_NOT_OF_RECORDED, options[others[i]].name);
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++)
        if (cli->values[digests[i]] && !is_digest(cli->values[digests[i]]))
            return cli_fail(cli, EXIT_USAGE, SAID_DIGEST, options[digests[i]].name);
    return EXIT_FINE;
}

static int run_recorded(struct cli *cli)
{
    const char *dir = cli->argv[0];
    const struct bundle_asked asked = {cli->values[OPT_OUT], cli->values[OPT_SEAL],
                                       cli->values[OPT_HEAD], wants_statements(cli)};
    bool proof = false;

    int code = check_recorded(cli);
    if (code == EXIT_FINE) code = bundle_find(cli, dir, &proof);
    if (code != EXIT_FINE) return code;
    if (proof && asked.statements && !asked.out) return cli_fail(cli, EXIT_USAGE, SAID_OUT);
    if (proof) return bundle_replay(cli, dir, &asked);
    if (asked.seal || asked.head) return cli_fail(cli, EXIT_USAGE, SAID_ONLY_A_PROOF, dir);
    if (!asked.out) return cli_fail(cli, EXIT_USAGE, SAID_OUT_OF_EXPORT, dir);
    return apart(cli, dir, replay_recorded, NULL);
}

static int run(struct cli *cli)
{
    const char *file = cli->argv[0], *out = cli->values[OPT_OUT];
    const char *partitions = cli->values[OPT_PARTITIONS];
    struct stat found;
    unsigned n = 16;
    char rest;

    if (cli->values[OPT_RECORDED]) return run_recorded(cli);
    if (stat(file, &found) == 0 && S_ISDIR(found.st_mode))
        return cli_fail(cli, EXIT_USAGE, SAID_RECORDED_DIR, file);
    if (cli->values[OPT_SEAL] || cli->values[OPT_HEAD])
        return cli_fail(cli, EXIT_USAGE, SAID_ONLY_A_PROOF, file);
    if (!out) return cli_fail(cli, EXIT_USAGE, SAID_OUT);
    if (partitions &&
        (sscanf(partitions, "%9u%c", &n, &rest) != 1 || n < 1 || n > DS_PARTITIONS_MAX))
        return cli_fail(cli, EXIT_USAGE, SAID_PARTITIONS, DS_PARTITIONS_MAX);
    if (until(cli) < 0) return cli_fail(cli, EXIT_USAGE, SAID_UNTIL);
    return replay_commands(cli, file, out, n);
}

const struct command command_replay = {
    .name = "replay",
    .arguments = "FILE",
    .summary = "judge a file of commands, or exported journals, without an installation",
    .details =
        "Each line needs an id and made_at_ms of its own (what submit gave them is in FILE.ids); "
        "at a "
        "line\n"
        "that cannot be read nothing is replayed, and it says which.\n"
        "Writes events.ndjson (all of them), alerts.ndjson, tickets.ndjson, ledger.csv and\n"
        "report.json to --out. The same input\n"
        "gives the same bytes, and the same ledger as a running installation under --clock "
        "step.\n\n"
        "  doorstep replay deploy/examples/day.ndjson --out /tmp/day\n"
        "  doorstep export --out /tmp/journals && doorstep replay --recorded /tmp/journals "
        "--out /tmp/again\n\n"
        "With --recorded the decisions of the live run are taken as they are, only verdicts "
        "and ledger\n"
        "are made again and compared; exit code 1 and a list if a row differs. Alerts are "
        "made again, too,\n"
        "as if the watcher had looked at the instant at which each batch was recorded: under "
        "--clock step\n"
        "the same as live; otherwise what hung on milliseconds may be another, and what "
        "really went out\n"
        "is what `doorstep alerts` says.\n\n"
        "  doorstep replay --recorded /tmp/proof --seal DIGEST\n\n"
        "A proof (`doorstep prove`) is first looked over byte by byte, then judged and booked "
        "anew: the\n"
        "entry, the verdicts behind it and its place in the chain must come out the same. --out "
        "may be\n"
        "left away.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
