/* SPDX-License-Identifier: MIT
 *
 * `doorstep replay`: a file of commands, or exported journals, through the same services without
 * Redis and in no time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "callback-survey/survey.h"
#include "dispatcher/dispatcher.h"
#include "doorstep/export_read.h"
#include "doorstep/rules_files.h"
#include "doorstep/stage.h"
#include "engine/world.h"
#include "wire/json.h"
#include "intake/intake.h"
#include "penalty-ledger/ledger.h"
#include "sla-watcher/watch.h"

enum { OPT_OUT, OPT_RULES, OPT_RECORDED, OPT_PARTITIONS, OPT_UNTIL };

struct replay {
    struct cli *cli;
    const char *file;
    struct ds_world world;
    struct archive archive;
    struct ds_answer answer;
    bool activated;
};

/* ---- what comes out ---- */

static void keep_batch(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                       size_t len)
{
    struct replay *replay = self;

    (void)source, (void)partition;
    archive_add_batch(&replay->archive, bytes, len);
}

static FILE *create(struct cli *cli, const char *dir, const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    if (!file) cli_fail(cli, EXIT_USAGE, "%s: %s", path, strerror(errno));
    return file;
}

static bool is_alert(const struct record *record)
{
    return record->source == DS_WATCHER ||
           record->msg->body_case == DS__EVENT__BODY_RETURNED_TO_CLERK;
}

static int write_results(struct cli *cli, const struct archive *archive, const char *dir)
{
    struct ledger_filter all = {0};
    static const char *const names[] = {"alerts.ndjson", "tickets.ndjson", "ledger.csv",
                                        "report.json", "sheets.ndjson"};
    enum { FILES = sizeof names / sizeof names[0] };
    FILE *files[FILES];

    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return cli_fail(cli, EXIT_USAGE, "%s: %s", dir, strerror(errno));
    for (int i = 0; i < FILES; i++)
        if (!(files[i] = create(cli, dir, names[i]))) return EXIT_USAGE;
    for (size_t i = 0; i < archive->n; i++)
        if (is_alert(&archive->records[i])) cli_print_event(files[0], &archive->records[i]);
    tickets_print_json(files[1], archive);
    ledger_print_csv(files[2], archive, &all);
    report_print_json(files[3], archive);
    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].msg->body_case == DS__EVENT__BODY_SHEET_DRAWN)
            cli_print_event(files[4], &archive->records[i]);
    int code = EXIT_FINE;
    for (int i = 0; i < FILES; i++)
        if (fclose(files[i]) != 0)
            code = cli_fail(cli, EXIT_INTERNAL, "%s/%s: %s", dir, names[i], strerror(errno));
    return code;
}

/* ---- a file of commands ---- */

static int set_time(void *self, int64_t to_ms)
{
    struct replay *replay = self;

    ds_world_set_time(&replay->world, to_ms);
    return 0;
}

static const Ds__Receipt *take(void *self, const struct day_line *line)
{
    struct replay *replay = self;

    ds_world_take(&replay->world, line->bytes, line->len, &replay->answer);
    return &replay->answer.receipt;
}

static int advance(void *self, int64_t to_ms, int64_t *ret_due_ms)
{
    struct replay *replay = self;

    ds_world_advance(&replay->world, to_ms);
    *ret_due_ms = ds_world_next_due(&replay->world);
    return 0;
}

static void answered(void *self, const struct day_line *line, const Ds__Receipt *receipt)
{
    const struct replay *replay = self;

    if (receipt->status == DS__RECEIPT__STATUS__RECORDED ||
        receipt->status == DS__RECEIPT__STATUS__DUPLICATE)
        return;
    fprintf(stderr, "%s:%u: %s: %s\n", replay->file, line->number, ds_str(receipt->code),
            replay->cli->lang == DS_ZH ? ds_str(receipt->text_zh) : ds_str(receipt->text));
}

/* Rulebooks that the file itself activates are not had from anywhere but --rules. */
static enum ds_code no_more_versions(void *self, const Ds__Activate *activate, char hash[65],
                                     uint32_t *ret_number, struct ds_fault *fault)
{
    (void)self, (void)activate, (void)hash, (void)ret_number;
    fault->code = DS_CODE_BAD_RULEBOOK;
    snprintf(fault->field, sizeof fault->field, "activate");
    snprintf(fault->expected, sizeof fault->expected,
             "a replay runs under one rulebook, given with --rules");
    return fault->code;
}

static int find_rules(struct cli *cli, const char *file, char *dir, size_t size)
{
    if (cli->values[OPT_RULES]) {
        snprintf(dir, size, "%s", cli->values[OPT_RULES]);
        return EXIT_FINE;
    }
    if (rules_beside(file, dir, size)) return EXIT_FINE;
    return cli_fail(cli, EXIT_USAGE, "no rulebook.yaml beside %s; say --rules DIR", file);
}

static int load_rules(struct cli *cli, const char *file, uint32_t partitions,
                      struct ds_version **ret)
{
    struct rules_files files;
    char dir[1024];

    int code = find_rules(cli, file, dir, sizeof dir);
    if (code == EXIT_FINE) code = rules_read(cli, dir, &files);
    if (code != EXIT_FINE) return code;
    *ret = rules_compile(cli, &files, 1, partitions);
    rules_finish(&files);
    return *ret ? EXIT_FINE : EXIT_REJECTED;
}

static void begin(struct replay *replay, struct ds_version *version, int64_t start_ms)
{
    ds_world_add_version(&replay->world, version);
    replay->archive.versions[1] = version;
    replay->archive.borrowed_versions = true;
    replay->world.door.make_version = no_more_versions;
    ds_world_set_time(&replay->world, start_ms);
    for (uint32_t p = 0; p < replay->world.n_parts; p++)
        ds_part_activate(&replay->world.parts[0][p], NULL, version->hash, 1);
}

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

static int replay_commands(struct cli *cli, const char *file, const char *out, uint32_t partitions)
{
    static const struct ds_service *const services[] = {
        &intake_service, &dispatcher_service, &survey_service, &watcher_service, &ledger_service};
    static struct replay replay; /* large */
    struct stage stage = {set_time, take, advance, answered, NULL, &replay};
    struct stage_result result;
    struct day day;

    int code = day_read(cli, file, &day);
    if (code == EXIT_FINE && day.n == 0)
        code = cli_fail(cli, EXIT_REJECTED, "%s: no commands", file);
    struct ds_version *version = NULL;
    if (code == EXIT_FINE) code = load_rules(cli, file, partitions, &version);
    if (code == EXIT_FINE) {
        replay.cli = cli;
        replay.file = file;
        ds_world_init(&replay.world, services, partitions, keep_batch, &replay);
        begin(&replay, version, day.lines[0].send_at_ms);
        code = stage_play(&stage, &day, INT64_MIN, until(cli), &result);
        archive_sort(&replay.archive);
        if (code == EXIT_FINE) code = write_results(cli, &replay.archive, out);
        if (code == EXIT_FINE) print_summary(cli, &result, &replay.archive);
        if (code == EXIT_FINE && result.rejected > 0) code = EXIT_REJECTED;
        archive_finish(&replay.archive);
        ds_world_finish(&replay.world);
    }
    day_finish(&day);
    return code;
}

/* ---- exported journals ---- */

/* Everything at or before this has been fed once the batches before i have: the smallest first
 * stamp of those that follow, less one. */
static int64_t complete_until_ms(const struct export *export, uint32_t p, size_t i)
{
    int64_t until_ms = INT64_MAX;

    /* batches are sorted by their last stamp and span at most a flush, so few need a look */
    for (; i < export->n; i++) {
        const struct export_batch *batch = &export->batches[i];
        if (batch->peek.partition != p || batch->peek.source > DS_SURVEY) continue;
        if (batch->first_stamp_ms < until_ms) until_ms = batch->first_stamp_ms;
        if (batch->last_stamp_ms - DS_HOUR_MS > until_ms) break;
    }
    return until_ms - 1;
}

/* Moves time as it went in the live run: through everything that was due on the way. */
static void advance_through(struct ds_world *world, int64_t to_ms)
{
    for (;;) {
        int64_t due_ms = ds_world_next_due(world);
        if (due_ms >= to_ms - 1 || due_ms < world->now_ms) break; /* waits for a mark */
        ds_world_advance(world, due_ms + 1);
    }
    if (to_ms > world->now_ms) ds_world_advance(world, to_ms);
}

/* What the manager asks of the ledger (a proposal, an entry) is answered by what stands there when
 * it is asked. That answer was given to him: it is a decision like an offer, and not made again. */
static bool is_of_manager(int type)
{
    return type == DS_EV_CONFIRM_REQUESTED || type == DS_EV_REJECT_REQUESTED ||
           type == DS_EV_REVERSAL_REQUESTED;
}

static bool but_of_manager(int type)
{
    return !is_of_manager(type) && ledger_service.concerns(type);
}

/* Carries out what the ledger did for the manager, in its order, on the proposals and entries that
 * were made anew. */
static void follow_manager(struct ds_world *world, const struct archive *recorded, uint32_t p)
{
    struct ds_part *ledger = &world->parts[DS_LEDGER - DS_INTAKE][p];

    for (size_t i = 0; i < recorded->n; i++) {
        const struct record *answer = &recorded->records[i];
        if (answer->partition != p || answer->source != DS_LEDGER || !answer->msg->cause ||
            answer->msg->body_case != DS__EVENT__BODY_OUTCOME ||
            answer->msg->outcome->outcome != DS__OUTCOME_CODE__NAME__APPLIED)
            continue;
        const struct record *asked = archive_find(recorded, p, DS_INTAKE, answer->msg->cause->seq);
        if (!asked || !is_of_manager((int)asked->msg->body_case)) continue;
        ds_part_apply_one(ledger, DS_INTAKE, asked->seq, asked->msg, asked->rulebook);
        if (!ds_part_room(ledger)) ds_world_advance(world, world->now_ms);
    }
    ds_world_advance(world, world->now_ms);
}

/* Judges and books anew what intake, dispatcher and survey recorded in one partition. */
static void replay_partition(const struct export *export, const struct archive *recorded,
                             uint32_t p, struct archive *archive)
{
    static struct ds_service ledger;
    static const struct ds_service *const services[] = {NULL, NULL, NULL, &watcher_service,
                                                        &ledger};
    static struct replay replay; /* large */

    ledger = ledger_service;
    ledger.concerns = but_of_manager;
    replay = (struct replay){0};
    ds_world_init(&replay.world, services, export->partitions, keep_batch, &replay);
    replay.archive = *archive;
    for (uint32_t i = 1; i < DS_VERSIONS_MAX; i++)
        replay.world.versions[i] = archive->versions[i];
    for (size_t i = 0; i < export->n; i++) {
        const struct export_batch *batch = &export->batches[i];
        if (batch->peek.partition != p || batch->peek.source > DS_SURVEY) continue;
        if (batch->last_stamp_ms > replay.world.now_ms) {
            ds_world_feed_mark(&replay.world, complete_until_ms(export, p, i));
            advance_through(&replay.world, batch->last_stamp_ms);
        }
        ds_world_feed(&replay.world, batch->bytes, batch->len, &batch->peek);
    }
    /* as far as the recorded watcher had come, no further */
    if (export->watcher_mark_ms[p] + 1 > replay.world.now_ms) {
        ds_world_feed_mark(&replay.world, export->watcher_mark_ms[p]);
        advance_through(&replay.world, export->watcher_mark_ms[p] + 1);
    }
    follow_manager(&replay.world, recorded, p);
    *archive = replay.archive;
    memset(replay.world.versions, 0, sizeof replay.world.versions); /* the archive's */
    ds_world_finish(&replay.world);
}

/* Ledger as compared: which alerts went out on the way depends on when somebody looked, so the
 * numbers of the watcher's events may differ; what they say may not. */
static char *ledger_text(const struct archive *archive)
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
static size_t print_differences(const char *recorded, const char *judged)
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

static int replay_recorded(struct cli *cli, const char *dir, const char *out)
{
    struct export export;
    struct archive recorded = {0}, judged = {0};

    int code = export_read(cli, dir, &export, &recorded);
    if (code == EXIT_FINE) {
        judged.borrowed_versions = true;
        memcpy(judged.versions, recorded.versions, sizeof judged.versions);
        archive_sort(&recorded);
        for (uint32_t p = 0; p < export.partitions; p++)
            replay_partition(&export, &recorded, p, &judged);
        archive_sort(&judged);
        code = write_results(cli, &judged, out);
        char *before = ledger_text(&recorded), *after = ledger_text(&judged);
        size_t differences = code == EXIT_FINE ? print_differences(before, after) : 0;
        free(before);
        free(after);
        if (code == EXIT_FINE && cli->json) printf("{\"differences\":%zu}\n", differences);
        if (differences > 0)
            code = cli_fail(cli, EXIT_REJECTED,
                            "%zu ledger rows differ (- recorded, + judged again)", differences);
        else if (code == EXIT_FINE && !cli->json)
            printf("the same ledger\n");
    }
    export_finish(&export);
    archive_finish(&judged);
    archive_finish(&recorded);
    return code;
}

static int run(struct cli *cli)
{
    const char *out = cli->values[OPT_OUT];
    const char *partitions = cli->values[OPT_PARTITIONS];
    long n = partitions ? strtol(partitions, NULL, 10) : 16;

    if (!out) return cli_fail(cli, EXIT_USAGE, "say where to: --out DIR");
    if (n < 1 || n > DS_PARTITIONS_MAX)
        return cli_fail(cli, EXIT_USAGE, "--partitions wants 1..%d", DS_PARTITIONS_MAX);
    if (until(cli) < 0) return cli_fail(cli, EXIT_USAGE, "--until wants an RFC 3339 instant");
    if (cli->values[OPT_RECORDED]) return replay_recorded(cli, cli->argv[0], out);
    return replay_commands(cli, cli->argv[0], out, (uint32_t)n);
}

static const struct option_spec options[] = {
    [OPT_OUT] = {"--out", "DIR", "where the results go"},
    [OPT_RULES] = {"--rules", "DIR",
                   "rulebook.yaml and directory.yaml; else beside FILE or above it"},
    [OPT_RECORDED] = {"--recorded", NULL, "the argument is a directory made by `doorstep export`"},
    [OPT_PARTITIONS] = {"--partitions", "N", "as in the installation; 16 unless said"},
    [OPT_UNTIL] = {"--until", "TIME", "stop before this instant (RFC 3339)"},
    {NULL, NULL, NULL},
};

const struct command command_replay = {
    .name = "replay",
    .arguments = "FILE",
    .summary = "judge a file of commands, or exported journals, without an installation",
    .details =
        "Writes alerts.ndjson, tickets.ndjson, ledger.csv, report.json and sheets.ndjson (the\n"
        "satisfaction sheets drawn) to --out. The same input gives the same bytes, and the same "
        "ledger as a running installation under --clock "
        "step.\n\n"
        "  doorstep replay deploy/examples/day.ndjson --out /tmp/day\n"
        "  doorstep export --out /tmp/journals && doorstep replay --recorded /tmp/journals "
        "--out /tmp/again\n\n"
        "With --recorded the decisions of the live run are taken as they are, only verdicts "
        "and ledger\n"
        "are made again and compared; exit code 1 and a list if a row differs.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
