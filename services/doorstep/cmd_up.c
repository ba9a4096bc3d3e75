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
#include "doorstep/up_session.h"
#include "runtime/clock.h"

enum { RECEIPT_TIMEOUT_MS = 10000 };

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

bool session_stopped(void)
{
    if (ferror(stdout)) stop = 1;
    return stop != 0;
}

/* ---- the clock ---- */

/* Rule time that a real second takes; -1 for a --clock that is none. */
static long factor_of(const struct cli *cli)
{
    const char *clock = cli->values[OPT_CLOCK];
    char *end;
    long factor = clock ? strtol(clock, &end, 10) : 1;

    if (!clock || strcmp(clock, "real") == 0 || strcmp(clock, "step") == 0) return 1;
    return factor >= 1 && factor <= 100000 && strcmp(end, "x") == 0 ? factor : -1;
}

int session_set_clock(struct session *session, const char *mode, long factor, int64_t rule_ms)
{
    redisContext *redis = store_open(session->cli, &session->up.conf);

    if (!redis) return EXIT_UNAVAILABLE;
    redisReply *reply =
        redisCommand(redis, "HSET doorstep:clock mode %s factor %ld real_ms %lld rule_ms %lld",
                     mode, factor, (long long)rt_clock_read().wall_ms, (long long)rule_ms);
    bool good = reply && reply->type == REDIS_REPLY_INTEGER;
    if (reply) freeReplyObject(reply);
    redisFree(redis);
    return good ? EXIT_FINE : cli_fail(session->cli, EXIT_UNAVAILABLE, SAID_REDIS_CLOCK);
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

/* An installation whose day was played goes on from there: with the rest of that day, in stepped
 * time, or at the natural pace. */
static int resume_clock(struct session *session, bool step)
{
    redisContext *redis = store_open(session->cli, &session->up.conf);

    if (!redis) return EXIT_UNAVAILABLE;
    redisReply *clock = redisCommand(redis, "HMGET doorstep:clock mode factor");
    bool known = clock && clock->type == REDIS_REPLY_ARRAY && clock->elements == 2 &&
                 clock->element[0]->str && clock->element[1]->str;
    bool faster = known && strcmp(clock->element[0]->str, "fast") == 0 &&
                  strcmp(clock->element[1]->str, "1") != 0;
    session->stepped = known && strcmp(clock->element[0]->str, "step") == 0;
    session->reached_ms = last_mark_ms(session, redis) + 1;
    begun_read(session, redis);
    if (clock) freeReplyObject(clock);
    redisFree(redis);
    bool over = step && session->begun.lines == 0; /* its ledger is asked for */
    if (session->stepped && (session->playing || over)) return EXIT_FINE;
    bool slow_down = session->stepped || faster;
    session->stepped = session->playing;
    if (session->stepped) return session_set_clock(session, "step", 1, session->reached_ms);
    return slow_down ? session_set_clock(session, "fast", 1, session->reached_ms) : EXIT_FINE;
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
    Ds__Receipt *receipt = client_command(&session->client, bytes, len, RECEIPT_TIMEOUT_MS);
    free(bytes);
    rules_finish(&files);
    if (!receipt) return cli_fail(session->cli, EXIT_UNAVAILABLE, SAID_NO_INTAKE);
    if (receipt->status != DS__RECEIPT__STATUS__RECORDED &&
        receipt->status != DS__RECEIPT__STATUS__DUPLICATE)
        code = cli_fail(session->cli, EXIT_REJECTED, SAID_RECEIPT,
                        ds_str(session->cli->lang == DS_ZH ? receipt->text_zh : receipt->text));
    ds__receipt__free_unpacked(receipt, NULL);
    return code;
}

static int start_clock(struct session *session, bool step, bool fast, int64_t begin_ms)
{
    session->first_start = !was_activated(session);
    if (!session->first_start) return resume_clock(session, step);
    session->stepped = step || session->day.n;
    if (session->stepped) return session_set_clock(session, "step", 1, begin_ms);
    /* slow until all are ready: they are not to wake in the middle of the morning */
    return fast ? session_set_clock(session, "fast", 1, begin_ms - DS_MINUTE_MS) : EXIT_FINE;
}

static void say_address(struct session *session)
{
    int port = up_gateway_port(&session->up);

    if (!port) return;
    if (session->cli->json) /* stdout is for lines of JSON */
        cli_tell(session->cli, SAID_ADDRESS, port);
    else
        cli_print(session->cli, SAID_ADDRESS, port);
}

static int start(struct session *session)
{
    struct cli *cli = session->cli;
    const char *clock = cli->values[OPT_CLOCK];
    bool step = cli->values[OPT_ONCE] || (clock && strcmp(clock, "step") == 0);
    bool fast = !step && !session->day.n && session->factor > 1;
    int64_t begin_ms = session->day.n ? session->day.lines[0].send_at_ms : rt_clock_read().wall_ms;

    int code = up_start_redis(&session->up);
    if (code == EXIT_FINE) code = start_clock(session, step, fast, begin_ms);
    if (code != EXIT_FINE) return code;
    up_start_services(&session->up);
    client_open(&session->client, session->up.conf.run);
    code = up_wait_ready(&session->up, &session->client);
    if (code == EXIT_FINE && session->first_start) code = begun_keep(session);
    if (code == EXIT_FINE && session->first_start) code = activate(session, begin_ms);
    if (code == EXIT_FINE && fast && session->first_start)
        code = session_set_clock(session, "fast", session->factor, begin_ms);
    if (code == EXIT_FINE) code = up_users(session);
    if (code == EXIT_FINE) say_address(session);
    if (code == EXIT_FINE) code = show_open(&session->show, &session->up);
    if (code == EXIT_FINE && !session->first_start) begun_say(session);
    play_prepare(session);
    return code;
}

static int leave(struct session *session, int code)
{
    show_close(&session->show);
    if (session->live.receipt) ds__receipt__free_unpacked(session->live.receipt, NULL);
    if (session->client.context) client_close(&session->client);
    up_stop(&session->up);
    up_leave(&session->up);
    day_finish(&session->day);
    return code;
}

static int run(struct cli *cli)
{
    static struct session session; /* large */
    ssize_t n;

    session = (struct session){.cli = cli};
    session.up = (struct up){.cli = cli, .stop = &stop, .data_lock = -1, .run_lock = -1};
    session.factor = factor_of(cli);
    if (session.factor < 0) return cli_fail(cli, EXIT_USAGE, SAID_CLOCK);
    if (cli->values[OPT_PLAY] && day_read(cli, cli->values[OPT_PLAY], &session.day) != EXIT_FINE)
        return EXIT_REJECTED;
    if (cli->values[OPT_ONCE] && session.day.n == 0) return cli_fail(cli, EXIT_USAGE, SAID_ONCE);
    n = readlink("/proc/self/exe", session.up.bin, sizeof session.up.bin - 1);
    char *slash = n > 0 ? strrchr(session.up.bin, '/') : NULL;
    if (!slash) return cli_fail(cli, EXIT_INTERNAL, SAID_NO_PROGRAM);
    *slash = '\0';
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGHUP, on_signal);
    int code = up_check_programs(&session.up);
    if (code == EXIT_FINE)
        code = up_prepare(&session.up, cli->values[OPT_RULES], cli->values[OPT_FRESH] != NULL);
    if (code == EXIT_FINE) code = start(&session);
    if (code == EXIT_FINE) code = play_session(&session);
    return leave(&session, code);
}

static const struct option_spec options[] = {
    [OPT_PLAY] = {"--play", "FILE", "play this day of commands; one that was cut short goes on"},
    [OPT_CLOCK] = {"--clock", "MODE",
                   "real (default), a factor like 600x, or step: as fast as the day can be judged"},
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
        "A second start goes on where the first one ended: with the same --play it sends what is "
        "left of a\n"
        "day that was cut short, at the same clock, or in stepped time with --once; a day that is "
        "over is\n"
        "not played again. Logs and the store are in the data directory, sockets in the directory "
        "that its\n"
        "doorstep.yaml names.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
