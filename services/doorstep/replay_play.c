/* SPDX-License-Identifier: MIT */
#include "doorstep/replay_play.h"

#include <string.h>

#include "callback-survey/survey.h"
#include "dispatcher/dispatcher.h"
#include "doorstep/rules_files.h"
#include "intake/intake.h"
#include "penalty-ledger/ledger.h"
#include "rulebook/rulebook.h"
#include "sla-watcher/watch.h"

static int set_time(void *self, int64_t to_ms)
{
    struct replay_play *replay = self;

    ds_world_set_time(&replay->world, to_ms);
    return 0;
}

static const Ds__Receipt *take(void *self, const struct day_line *line)
{
    struct replay_play *replay = self;

    ds_world_take(&replay->world, line->bytes, line->len, &replay->answer);
    return &replay->answer.receipt;
}

static int advance(void *self, int64_t to_ms, int64_t *ret_due_ms)
{
    struct replay_play *replay = self;

    ds_world_advance(&replay->world, to_ms);
    *ret_due_ms = ds_world_next_due(&replay->world);
    return 0;
}

static void answered(void *self, const struct day_line *line, const Ds__Receipt *receipt)
{
    const struct replay_play *replay = self;

    if (receipt->status == DS__RECEIPT__STATUS__RECORDED ||
        receipt->status == DS__RECEIPT__STATUS__DUPLICATE)
        return;
    fprintf(stderr, "%s:%u: %s: %s\n", replay->file, line->number, ds_str(receipt->code),
            replay->cli->lang == DS_ZH ? ds_str(receipt->text_zh) : ds_str(receipt->text));
}

/* A version that the file itself activates, after the first one of --rules. */
static enum ds_code make_version(void *self, const Ds__Activate *activate, char hash[65],
                                 uint32_t *ret_number, struct ds_fault *fault)
{
    struct replay_play *replay = self;
    struct ds_world *world = &replay->world;
    uint32_t number = ds_door_last_version(&world->door) + 1;
    struct ds_activation made;

    enum ds_code code =
        ds_activation_make(activate, number, world->n_parts,
                           world->versions[world->parts[0][0].rulebook], &made, fault);
    if (code != DS_CODE_OK) return code;
    memcpy(hash, made.hash, sizeof made.hash);
    *ret_number = number;
    ds_world_add_version(world, made.version);
    if (replay->version)
        replay->version(replay->self, made.version, activate->rulebook, activate->directory);
    made.version = NULL;
    ds_activation_finish(&made);
    return DS_CODE_OK;
}

static int find_rules(const struct replay_play *replay, char *dir, size_t size)
{
    if (replay->rules) {
        snprintf(dir, size, "%s", replay->rules);
        return EXIT_FINE;
    }
    if (rules_beside(replay->file, dir, size)) return EXIT_FINE;
    return cli_fail(replay->cli, EXIT_USAGE, SAID_NO_RULES_BESIDE, replay->file);
}

static int load_rules(struct replay_play *replay, struct ds_version **ret)
{
    struct rules_files files;
    char dir[1024];

    int code = find_rules(replay, dir, sizeof dir);
    if (code == EXIT_FINE) code = rules_read(replay->cli, dir, &files);
    if (code != EXIT_FINE) return code;
    *ret = rules_compile(replay->cli, &files, 1, replay->partitions);
    if (*ret && replay->version)
        replay->version(replay->self, *ret, files.rulebook, files.directory);
    rules_finish(&files);
    return *ret ? EXIT_FINE : EXIT_REJECTED;
}

static void begin(struct replay_play *replay, struct ds_version *version, int64_t start_ms)
{
    ds_world_add_version(&replay->world, version);
    replay->world.door.make_version = make_version;
    replay->world.door.self = replay;
    ds_world_set_time(&replay->world, start_ms);
    for (uint32_t p = 0; p < replay->world.n_parts; p++)
        ds_part_activate(&replay->world.parts[0][p], NULL, version->hash, 1);
}

/* Is it answered by what was judged and booked until then? */
static bool is_asked_of_books(int type)
{
    switch ((Ds__Command__BodyCase)type) {
    case DS__COMMAND__BODY_CONFIRM_PROPOSAL:
    case DS__COMMAND__BODY_REJECT_PROPOSAL:
    case DS__COMMAND__BODY_REVERSE_ENTRY:
    case DS__COMMAND__BODY_CLOSE_OBLIGATION:
    case DS__COMMAND__BODY_APPEAL_ENTRY:
    case DS__COMMAND__BODY_DECIDE_APPEAL:
    case DS__COMMAND__BODY_SET_INSTALMENTS:
    case DS__COMMAND__BODY_REJUDGE: return true;
    default: return false;
    }
}

static bool can_be_left_out(const struct day *day)
{
    for (size_t i = 0; i < day->n; i++)
        if (is_asked_of_books(day->lines[i].type)) return false;
    return true;
}

int replay_play(struct replay_play *replay, struct stage_result *ret)
{
    const struct ds_service *services[DS_WORLD_SERVICES] = {
        &intake_service, &dispatcher_service, &survey_service, &watcher_service, &ledger_service};
    const struct stage stage = {set_time, take, advance, answered, NULL, NULL, replay};
    struct ds_version *version = NULL;
    struct day day;

    int code = day_read(replay->cli, replay->file, &day);
    if (code == EXIT_FINE && day.n == 0)
        code = cli_fail(replay->cli, EXIT_REJECTED, SAID_NO_LINES, replay->file);
    if (code == EXIT_FINE) code = load_rules(replay, &version);
    if (code == EXIT_FINE) {
        replay->begun = true;
        replay->unbooked = replay->only_happened && can_be_left_out(&day);
        if (replay->unbooked)
            services[DS_WATCHER - DS_INTAKE] = services[DS_LEDGER - DS_INTAKE] = NULL;
        ds_world_init(&replay->world, services, replay->partitions, replay->batch, replay->self);
        begin(replay, version, day.lines[0].send_at_ms);
        code = stage_play(&stage, &day, INT64_MIN, replay->until_ms, ret);
    }
    day_finish(&day);
    return code;
}

void replay_play_finish(struct replay_play *replay)
{
    if (replay->begun) ds_world_finish(&replay->world);
    replay->begun = false;
}

/* ---- what reports read ---- */

static void keep_batch(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                       size_t len)
{
    (void)source, (void)partition;
    archive_add_batch(self, bytes, len);
}

static void keep_version(void *self, struct ds_version *version, const char *rulebook,
                         const char *directory)
{
    struct archive *archive = self;

    (void)rulebook, (void)directory;
    archive->versions[version->number] = version;
}

int replay_file(struct cli *cli, const char *file, const char *rules, uint32_t partitions,
                int64_t until_ms, struct stage_result *ret, struct archive *archive)
{
    static struct replay_play play; /* large */

    play = (struct replay_play){.cli = cli,
                                .file = file,
                                .rules = rules,
                                .partitions = partitions,
                                .until_ms = until_ms,
                                .batch = keep_batch,
                                .version = keep_version,
                                .self = archive};
    int code = replay_play(&play, ret);
    archive_sort(archive);
    memset(play.world.versions, 0, sizeof play.world.versions); /* the archive's */
    replay_play_finish(&play);
    return code;
}
