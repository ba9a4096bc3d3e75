/* SPDX-License-Identifier: MIT
 *
 * `doorstep up`: a private Redis, the five services, and, if asked, a written-down day played
 * before your eyes. Ctrl-C ends everything that it started and leaves the data directory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "doorstep/rules_files.h"
#include "doorstep/stage.h"
#include "doorstep/up.h"
#include "engine/table.h"
#include "runtime/clock.h"

enum { OPT_PLAY, OPT_CLOCK, OPT_ONCE, OPT_FRESH, OPT_RULES };
enum {
    TURN_MS = 20,
    SHOW_MS = 2000,
    IDLE_RULE_MS = 20 * DS_MINUTE_MS, /* nothing to do for so long: skip ahead */
    RECEIPT_TIMEOUT_MS = 10000,
};

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

struct session {
    struct cli *cli;
    struct up up;
    struct client client;
    struct up_show show;
    struct day day;
    struct live_stage live;
    struct stage inner;
    bool first_start; /* nothing was ever activated here */
    size_t rejected;
};

static void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

static const char *say(const struct cli *cli, const char *en, const char *zh)
{
    return cli->lang == DS_ZH ? zh : en;
}

/* ---- the clock ---- */

static long factor_of(const struct cli *cli)
{
    const char *clock = cli->values[OPT_CLOCK];
    char *end;
    long factor = clock ? strtol(clock, &end, 10) : 1;

    if (!clock || strcmp(clock, "real") == 0 || strcmp(clock, "step") == 0) return 1;
    return factor >= 1 && factor <= 100000 && strcmp(end, "x") == 0 ? factor : -1;
}

static int set_clock(struct session *session, const char *mode, long factor, int64_t rule_ms)
{
    redisContext *redis = store_open(session->cli, &session->up.conf);

    if (!redis) return EXIT_UNAVAILABLE;
    redisReply *reply =
        redisCommand(redis, "HSET doorstep:clock mode %s factor %ld real_ms %lld rule_ms %lld",
                     mode, factor, (long long)rt_clock_read().wall_ms, (long long)rule_ms);
    bool good = reply && reply->type == REDIS_REPLY_INTEGER;
    if (reply) freeReplyObject(reply);
    redisFree(redis);
    return good ? EXIT_FINE
                : cli_fail(session->cli, EXIT_UNAVAILABLE, "Redis does not take the clock");
}

/* Rule time that intake has reached. */
static int64_t last_mark_ms(const struct session *session, redisContext *redis)
{
    int64_t last_ms = 0;

    for (uint32_t p = 0; p < (uint32_t)session->up.conf.partitions; p++) {
        redisReply *mark = redisCommand(redis, "HGET {p%03u}:intake:meta mark", p);
        if (mark && mark->type == REDIS_REPLY_STRING && atoll(mark->str) > last_ms)
            last_ms = atoll(mark->str);
        if (mark) freeReplyObject(mark);
    }
    return last_ms;
}

/* An installation whose day was played in stepped or fast time goes on from there at the natural
 * pace. */
static int unfreeze(struct session *session)
{
    redisContext *redis = store_open(session->cli, &session->up.conf);

    if (!redis) return EXIT_UNAVAILABLE;
    redisReply *clock = redisCommand(redis, "HMGET doorstep:clock mode factor");
    bool known = clock && clock->type == REDIS_REPLY_ARRAY && clock->elements == 2 &&
                 clock->element[0]->str && clock->element[1]->str;
    bool stepped = known && strcmp(clock->element[0]->str, "step") == 0;
    bool faster = known && strcmp(clock->element[0]->str, "fast") == 0 &&
                  strcmp(clock->element[1]->str, "1") != 0;
    int64_t last_ms = stepped || faster ? last_mark_ms(session, redis) : 0;
    if (clock) freeReplyObject(clock);
    redisFree(redis);
    return stepped || faster ? set_clock(session, "fast", 1, last_ms + 1) : EXIT_FINE;
}

static bool was_activated(struct session *session)
{
    redisContext *redis = store_open(session->cli, &session->up.conf);
    redisReply *reply = redis ? redisCommand(redis, "EXISTS doorstep:versions") : NULL;
    bool was = reply && reply->type == REDIS_REPLY_INTEGER && reply->integer == 1;

    if (reply) freeReplyObject(reply);
    if (redis) redisFree(redis);
    return was;
}

/* ---- starting ---- */

static int activate(struct session *session, int64_t made_at_ms)
{
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Activate body = DS__ACTIVATE__INIT;
    struct rules_files files;

    int code = rules_read(session->cli, session->cli->dir, &files);
    if (code != EXIT_FINE) return code;
    command.id = "first-activation";
    command.by = "admin";
    DS_SET(&command, made_at_ms, made_at_ms);
    command.body_case = DS__COMMAND__BODY_ACTIVATE;
    command.activate = &body;
    body.rulebook = files.rulebook;
    body.directory = files.directory;
    size_t len = ds__command__get_packed_size(&command);
    uint8_t *bytes = malloc(len + 1);
    if (!bytes) abort();
    ds__command__pack(&command, bytes);
    client_send(&session->client, bytes, len);
    free(bytes);
    rules_finish(&files);
    Ds__Receipt *receipt = client_receive(&session->client, RECEIPT_TIMEOUT_MS);
    if (!receipt) return cli_fail(session->cli, EXIT_UNAVAILABLE, "intake does not answer");
    if (receipt->status != DS__RECEIPT__STATUS__RECORDED)
        code = cli_fail(session->cli, EXIT_REJECTED, "%s", ds_str(receipt->text));
    ds__receipt__free_unpacked(receipt, NULL);
    return code;
}

static int start(struct session *session)
{
    struct cli *cli = session->cli;
    const char *clock = cli->values[OPT_CLOCK];
    bool step = cli->values[OPT_ONCE] || (clock && strcmp(clock, "step") == 0);
    int64_t begin_ms = session->day.n ? session->day.lines[0].send_at_ms : rt_clock_read().wall_ms;

    int code = up_start_redis(&session->up);
    if (code != EXIT_FINE) return code;
    session->first_start = !was_activated(session);
    if (session->first_start && step)
        code = set_clock(session, "step", 1, begin_ms);
    else if (session->first_start && (session->day.n || factor_of(cli) > 1))
        code = set_clock(session, "fast", factor_of(cli), begin_ms);
    else if (!session->first_start && !step)
        code = unfreeze(session);
    if (code != EXIT_FINE) return code;
    up_start_services(&session->up);
    client_open(&session->client, session->up.conf.run);
    code = up_wait_ready(&session->up, &session->client);
    if (code == EXIT_FINE && session->first_start) code = activate(session, begin_ms);
    if (code == EXIT_FINE) code = show_open(&session->show, &session->up);
    return code;
}

/* ---- playing ---- */

static void answered(struct session *session, const struct day_line *line,
                     const Ds__Receipt *receipt)
{
    if (receipt->status == DS__RECEIPT__STATUS__RECORDED ||
        receipt->status == DS__RECEIPT__STATUS__DUPLICATE)
        return;
    session->rejected++;
    fprintf(stderr, "%s:%u: %s: %s\n", session->cli->values[OPT_PLAY], line->number,
            ds_str(receipt->code),
            say(session->cli, ds_str(receipt->text), ds_str(receipt->text_zh)));
}

/* A process that was asked has ended. */
static bool hopeless(void *self)
{
    struct session *session = self;
    uint32_t restarts = session->up.restarts;

    return up_supervise(&session->up) != EXIT_FINE || session->up.restarts != restarts || stop;
}

/* Nothing came back: is it worth asking again? Every ask may be repeated without harm. */
static bool ask_again(struct session *session, uint32_t restarts)
{
    if (stop || session->up.restarts == restarts) return false;
    session->client.hopeless = NULL;
    int code = up_wait_ready(&session->up, &session->client);
    session->client.hopeless = hopeless;
    return code == EXIT_FINE;
}

static int step_set_time(void *self, int64_t to_ms)
{
    struct session *session = self;
    uint32_t restarts;

    do {
        restarts = session->up.restarts;
        if (session->inner.set_time(&session->live, to_ms) == 0) return 0;
    } while (ask_again(session, restarts));
    return -1;
}

static const Ds__Receipt *step_take(void *self, const struct day_line *line)
{
    struct session *session = self;
    const Ds__Receipt *receipt;
    uint32_t restarts;

    do {
        restarts = session->up.restarts;
        receipt = session->inner.take(&session->live, line);
    } while (!receipt && ask_again(session, restarts));
    return receipt;
}

static int step_advance(void *self, int64_t to_ms, int64_t *ret_due_ms)
{
    struct session *session = self;
    uint32_t restarts;

    do {
        restarts = session->up.restarts;
        if (session->inner.advance(&session->live, to_ms, ret_due_ms) == 0) return 0;
    } while (ask_again(session, restarts));
    return -1;
}

static void step_answered(void *self, const struct day_line *line, const Ds__Receipt *receipt)
{
    answered(self, line, receipt);
}

static bool step_shown(void *self, int64_t at_ms)
{
    struct session *session = self;

    if (up_supervise(&session->up) != EXIT_FINE) return false;
    show_alerts(&session->show);
    show_clocks(&session->show, at_ms, SHOW_MS / 2);
    return !stop;
}

/* The whole day and all that follows from it, as fast as it can be judged. */
static int play_stepped(struct session *session)
{
    struct stage stage = {step_set_time, step_take,  step_advance,
                          step_answered, step_shown, session};
    struct stage_result result;

    session->live.client = &session->client;
    session->inner = live_stage(&session->live);
    session->client.hopeless = hopeless;
    session->client.self = session;
    int code = stage_play(&stage, &session->day, INT64_MAX, &result);
    session->client.hopeless = NULL;
    if (session->live.receipt) ds__receipt__free_unpacked(session->live.receipt, NULL);
    if (stop) return EXIT_UNAVAILABLE;
    if (code != EXIT_FINE) return cli_fail(session->cli, code, "the services do not follow");
    printf(say(session->cli, "\n%zu commands recorded, %zu rejected.\n\n",
               "\n受理 %zu 条,拒绝 %zu 条。\n\n"),
           result.recorded, result.rejected);
    return session->rejected ? EXIT_REJECTED : EXIT_FINE;
}

/* Nothing is sent and nothing is due for a while: nights are skipped. */
static int skip_idle(struct session *session, int64_t now_ms, int64_t next_line_ms)
{
    int64_t next_ms = show_next_due(&session->show);

    if (next_line_ms < next_ms) next_ms = next_line_ms;
    if (next_ms == DS_NO_DUE || next_ms - now_ms < IDLE_RULE_MS) return EXIT_FINE;
    return set_clock(session, "fast", factor_of(session->cli), next_ms - DS_MINUTE_MS);
}

static int send_line(struct session *session, const struct day_line *line)
{
    client_send(&session->client, line->bytes, line->len);
    Ds__Receipt *receipt = client_receive(&session->client, RECEIPT_TIMEOUT_MS);
    if (!receipt) return cli_fail(session->cli, EXIT_UNAVAILABLE, "intake does not answer");
    answered(session, line, receipt);
    ds__receipt__free_unpacked(receipt, NULL);
    return EXIT_FINE;
}

/* Shows a running installation until it is stopped; plays the day meanwhile, if there is one. */
static int play_running(struct session *session)
{
    size_t at = 0;
    bool playing = session->first_start && session->day.n > 0;
    int64_t quiet_after_ms = INT64_MAX;
    int turns = 0, code = EXIT_FINE;

    while (code == EXIT_FINE && !stop) {
        int64_t now_ms = store_now_ms(session->show.redis);
        code = up_supervise(&session->up);
        while (code == EXIT_FINE && playing && at < session->day.n &&
               session->day.lines[at].send_at_ms <= now_ms)
            code = send_line(session, &session->day.lines[at++]);
        if (code != EXIT_FINE) break;
        show_alerts(&session->show);
        show_clocks(&session->show, now_ms, SHOW_MS);
        bool all_sent = at == session->day.n;
        if (playing && ++turns % 25 == 0)
            code = skip_idle(session, now_ms,
                             all_sent ? INT64_MAX : session->day.lines[at].send_at_ms);
        if (playing && all_sent && quiet_after_ms == INT64_MAX)
            quiet_after_ms = now_ms + 4 * (int64_t)DS_DAY_MS; /* the last graces */
        if (playing && now_ms > quiet_after_ms) {
            playing = false;
            code = set_clock(session, "fast", 1, now_ms);
            printf("\n");
            if (code == EXIT_FINE) code = show_ledger(&session->show);
            if (code == EXIT_FINE) session->first_start = false;
            printf("%s",
                   say(session->cli,
                       "\nThe day is over; the clock runs at its natural pace now. In another "
                       "terminal:\n",
                       "\n一天结束,时钟恢复正常速度。可在另一个终端试试:\n"));
            printf("  doorstep ledger --csv --dir %s\n  doorstep explain T007-2 --dir %s\n"
                   "  doorstep status --dir %s\n  doorstep alerts --follow --dir %s\n",
                   session->cli->dir, session->cli->dir, session->cli->dir, session->cli->dir);
        }
        pause_ms(TURN_MS);
    }
    return code;
}

static int play(struct session *session)
{
    if (!session->cli->values[OPT_ONCE]) {
        printf(
            say(session->cli, "Running in %s; Ctrl-C ends it.\n", "运行于 %s;按 Ctrl-C 结束。\n"),
            session->cli->dir);
        return play_running(session);
    }
    if (!session->first_start) {
        printf("%s", say(session->cli, "This day was played before; here is its ledger.\n",
                         "这一天已经演示过,账目如下。\n"));
        return show_ledger(&session->show);
    }
    int code = play_stepped(session);
    int ledger = show_ledger(&session->show);
    return code != EXIT_FINE ? code : ledger;
}

static int run(struct cli *cli)
{
    static struct session session; /* large */
    ssize_t n;

    session = (struct session){.cli = cli};
    session.up = (struct up){.cli = cli, .stop = &stop};
    if (factor_of(cli) < 0)
        return cli_fail(cli, EXIT_USAGE, "--clock wants real, step or a factor like 600x");
    if (cli->values[OPT_PLAY] && day_read(cli, cli->values[OPT_PLAY], &session.day) != EXIT_FINE)
        return EXIT_REJECTED;
    if (cli->values[OPT_ONCE] && session.day.n == 0)
        return cli_fail(cli, EXIT_USAGE, "--once needs --play FILE");
    n = readlink("/proc/self/exe", session.up.bin, sizeof session.up.bin - 1);
    char *slash = n > 0 ? strrchr(session.up.bin, '/') : NULL;
    if (!slash) return cli_fail(cli, EXIT_INTERNAL, "cannot find my own program");
    *slash = '\0';
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    int code = up_prepare(&session.up, cli->values[OPT_RULES], cli->values[OPT_FRESH] != NULL);
    if (code == EXIT_FINE) code = start(&session);
    if (code == EXIT_FINE) code = play(&session);
    show_close(&session.show);
    if (session.client.context) client_close(&session.client);
    up_stop(&session.up);
    if (session.up.conf.run[0]) rmdir(session.up.conf.run); /* only if nothing is left in it */
    day_finish(&session.day);
    return code;
}

static const struct option_spec options[] = {
    [OPT_PLAY] = {"--play", "FILE", "play this day of commands (first start only)"},
    [OPT_CLOCK] = {"--clock", "MODE",
                   "real (default), a factor like 600x, or step; first start only"},
    [OPT_ONCE] = {"--once", NULL, "play the day in stepped time, show its ledger and end"},
    [OPT_FRESH] = {"--fresh", NULL, "set the data directory aside and begin anew"},
    [OPT_RULES] = {"--rules", "DIR", "rulebook.yaml and directory.yaml for the first start"},
    {NULL, NULL, NULL},
};

const struct command command_up = {
    .name = "up",
    .arguments = "",
    .summary = "start a private Redis and the five services; keep them running",
    .details =
        "  doorstep up --rules deploy\n"
        "  doorstep up --rules deploy --play deploy/examples/day.ndjson --clock 600x\n\n"
        "A second start goes on where the first one ended and does not play the day again. Logs "
        "and the\n"
        "store are in the data directory, sockets in the directory that its doorstep.yaml names.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
