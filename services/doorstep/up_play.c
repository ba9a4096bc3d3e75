/* SPDX-License-Identifier: MIT
 *
 * A day before your eyes: in steps, as fast as it can be judged, or at the pace of a clock. */
#include <string.h>

#include "doorstep/up_session.h"
#include "engine/table.h"
#include "runtime/clock.h"

enum {
    TURN_MS = 20,
    SHOW_MS = 2000,
    PASS_MS = 500,  /* so often the clocks are moved though nothing happens */
    IDLE_MS = 1000, /* nothing to do for so long: skip ahead ... */
    AHEAD_MS = 200, /* ... to so long before it; and no more is caught up. Real time, all */
    ANSWER_TIMEOUT_MS = 1000,
};

/* What is for people, not for a program that reads JSON. */
static FILE *words(const struct cli *cli)
{
    return cli->json ? stderr : stdout;
}

static void answered(struct session *session, const struct day_line *line,
                     const Ds__Receipt *receipt)
{
    session->sent++;
    session->left--;
    if (receipt->status == DS__RECEIPT__STATUS__RECORDED ||
        receipt->status == DS__RECEIPT__STATUS__DUPLICATE)
        return;
    session->rejected++;
    fprintf(stderr, "%s:%u: %s: %s\n", session->cli->values[OPT_PLAY], line->number,
            ds_str(receipt->code),
            cli_say(session->cli, ds_str(receipt->text), ds_str(receipt->text_zh)));
}

/* A process that was asked has ended. */
static bool hopeless(void *self)
{
    struct session *session = self;
    uint32_t restarts = session->up.restarts;

    if (up_supervise(&session->up) != EXIT_FINE) session->failed = true;
    return session->failed || session->up.restarts != restarts || session_stopped();
}

/* Nothing came back: is it worth asking again? Every ask may be repeated without harm. */
static bool ask_again(struct session *session, uint32_t restarts)
{
    if (session_stopped() || session->failed || session->up.restarts == restarts) return false;
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
    bool busy;

    do {
        restarts = session->up.restarts;
        receipt = session->inner.take(&session->live, line);
        busy = receipt && receipt->status == DS__RECEIPT__STATUS__BUSY;
    } while ((!receipt || busy) && ask_again(session, restarts));
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

    if (up_supervise(&session->up) != EXIT_FINE) session->failed = true;
    if (!session->failed && show_connected(&session->show)) {
        begun_sent(session);
        show_alerts(&session->show);
        show_clocks(&session->show, at_ms, SHOW_MS / 2);
    }
    return !session->failed && !session_stopped();
}

static void say_stopped(const struct session *session)
{
    fprintf(stderr, "%s",
            cli_say(session->cli, "Stopped; the same command goes on from here.\n",
                    "已停止;再次运行同一命令即可继续。\n"));
}

/* The day was played at another pace, by an earlier start; or another one was, and not to its end.
 */
static int play_later(struct session *session)
{
    bool cut_short = session->begun.lines > 0;

    fprintf(words(session->cli), "%s",
            cut_short ? cli_say(session->cli, "Here is its ledger up to then.\n",
                                "以下是到那时为止的账目。\n")
                      : cli_say(session->cli, "This day was played before; here is its ledger.\n",
                                "这一天已经演示过,账目如下。\n"));
    int code = show_ledger(&session->show);
    return code == EXIT_FINE && cut_short ? EXIT_REJECTED : code;
}

/* Rule time as intake has it; -1 while it does not answer. */
static int64_t ask_now_ms(struct session *session)
{
    Ds__ControlRequest request = DS__CONTROL_REQUEST__INIT;
    int64_t now_ms = -1;

    request.ask_case = DS__CONTROL_REQUEST__ASK_STATUS;
    request.status = true;
    Ds__ControlReply *reply = client_ask(&session->client, DS_INTAKE, &request, ANSWER_TIMEOUT_MS);
    if (reply && reply->status) now_ms = reply->status->now_ms;
    if (reply) ds__control_reply__free_unpacked(reply, NULL);
    return now_ms;
}

/* A path as a shell takes it. */
static const char *quoted(char buf[1200], const char *path)
{
    if (path[strcspn(path, " \t()&;|<>$*?'\"\\")] == '\0') return path;
    snprintf(buf, 1200, strchr(path, '\'') ? "\"%s\"" : "'%s'", path);
    return buf;
}

static void print_ideas(const struct session *session)
{
    char program[1200], data[1200], whole[600];
    FILE *to = words(session->cli);

    snprintf(whole, sizeof whole, "%s/doorstep", session->up.bin);
    const char *run = quoted(program, whole), *dir = quoted(data, session->cli->dir);
    fprintf(to, "%s", cli_say(session->cli, "In another terminal:\n", "可在另一个终端试试:\n"));
    if (session->show.ticket[0])
        fprintf(to, "  %s explain %s --dir %s\n", run, session->show.ticket, dir);
    fprintf(to,
            "  %s ledger --csv --dir %s\n"
            "  %s status --dir %s\n"
            "  %s alerts --follow --dir %s\n",
            run, dir, run, dir, run, dir);
}

/* ---- at the pace of a clock ---- */

static int64_t pace_now_ms(const struct session *session)
{
    return session->pace_rule_ms +
           (rt_mono_ms() - session->pace_mono_ms) * (int64_t)session->factor;
}

static void set_pace(struct session *session, int64_t now_ms)
{
    session->pace_rule_ms = now_ms;
    session->pace_mono_ms = rt_mono_ms();
}

/* Waits until the pace has come to the next instant, a while at most: then the clocks are moved on
 * though nothing happens. The day itself is stepped: its time never passes a line that is not yet
 * recorded, however long that takes, and goes on from there. */
static int64_t pace(void *self, int64_t next_ms)
{
    struct session *session = self;
    int64_t begin_mono_ms = rt_mono_ms(), ahead_ms = session->factor * (int64_t)AHEAD_MS;
    int64_t idle_ms = session->factor * (int64_t)IDLE_MS;

    if (session->left == 0 && session->live.due_ms == DS_NO_DUE) return -1; /* it is over */
    if (session->pace_rule_ms == 0) set_pace(session, next_ms);
    if (next_ms - pace_now_ms(session) > idle_ms) set_pace(session, next_ms - ahead_ms);
    if (pace_now_ms(session) - next_ms > ahead_ms) set_pace(session, next_ms);
    while (pace_now_ms(session) < next_ms) {
        if (!step_shown(session, pace_now_ms(session))) return -1;
        if (rt_mono_ms() - begin_mono_ms >= PASS_MS) break;
        up_pause_ms(TURN_MS);
    }
    int64_t now_ms = pace_now_ms(session);
    return now_ms < next_ms ? now_ms : next_ms;
}

static void say_played(const struct session *session, const struct stage_result *result)
{
    fprintf(words(session->cli),
            cli_say(session->cli, "\n%zu commands recorded, %zu rejected.\n\n",
                    "\n受理 %zu 条,拒绝 %zu 条。\n\n"),
            result->recorded, result->rejected);
}

/* What is left of the day and all that follows from it. An exit code. */
static int play_day(struct session *session, bool at_pace, struct stage_result *result)
{
    struct stage stage = {step_set_time,         step_take,  step_advance, step_answered,
                          at_pace ? pace : NULL, step_shown, session};
    int64_t from_ms = session->first_start ? INT64_MIN : session->reached_ms;

    session->left = session->day.n;
    session->live.due_ms = from_ms; /* not known yet */
    int code = stage_play(&stage, &session->day, from_ms, INT64_MAX, result);
    if (session_stopped()) {
        say_stopped(session);
        return EXIT_UNAVAILABLE;
    }
    if (code != EXIT_FINE || session->failed)
        return cli_fail(session->cli, EXIT_UNAVAILABLE, SAID_STANDS);
    return EXIT_FINE;
}

/* As fast as it can be judged, and then the end. */
static int play_once(struct session *session)
{
    struct stage_result result;

    int code = play_day(session, false, &result);
    if (code != EXIT_FINE) return code;
    if (result.recorded + result.rejected == 0 && result.end_ms == session->reached_ms)
        fprintf(words(session->cli), "%s",
                cli_say(session->cli, "This day was played before; here is its ledger.\n",
                        "这一天已经演示过,账目如下。\n"));
    else
        say_played(session, &result);
    begun_over(session);
    code = show_ledger(&session->show);
    return code == EXIT_FINE && session->rejected ? EXIT_REJECTED : code;
}

/* Before somebody's eyes. From then on the clock runs by itself. */
static int play_running_day(struct session *session)
{
    const char *clock = session->cli->values[OPT_CLOCK];
    struct stage_result result;

    int code = play_day(session, !clock || strcmp(clock, "step") != 0, &result);
    if (code != EXIT_FINE) return session_stopped() ? EXIT_FINE : code;
    code = session_set_clock(session, "fast", 1, result.end_ms);
    begun_over(session);
    say_played(session, &result);
    if (code == EXIT_FINE) code = show_ledger(&session->show);
    fprintf(words(session->cli), "%s",
            cli_say(session->cli, "\nThe day is over; the clock runs at its natural pace now. ",
                    "\n一天结束,时钟恢复正常速度。"));
    print_ideas(session);
    return code;
}

/* One look at a running installation. */
static int turn(struct session *session)
{
    int code = up_supervise(&session->up);
    int64_t now_ms;

    if (code != EXIT_FINE || !show_connected(&session->show)) return code;
    if ((now_ms = ask_now_ms(session)) < 0) return EXIT_FINE; /* it is being started */
    show_alerts(&session->show);
    show_clocks(&session->show, now_ms, SHOW_MS);
    return EXIT_FINE;
}

/* Shows a running installation until it is stopped; first plays the day, if there is one. */
static int play_running(struct session *session)
{
    int code = EXIT_FINE;

    fprintf(
        words(session->cli),
        cli_say(session->cli, "Running in %s; Ctrl-C ends it.\n", "运行于 %s;按 Ctrl-C 结束。\n"),
        session->cli->dir);
    if (session->playing)
        code = play_running_day(session);
    else
        print_ideas(session);
    while (code == EXIT_FINE && !session_stopped()) {
        code = turn(session);
        up_pause_ms(TURN_MS);
    }
    return code;
}

int play_session(struct session *session)
{
    if (!session->cli->values[OPT_ONCE]) return play_running(session);
    return session->stepped ? play_once(session) : play_later(session);
}

void play_prepare(struct session *session)
{
    session->live.client = &session->client;
    session->inner = live_stage(&session->live);
    session->client.hopeless = hopeless;
    session->client.self = session;
}
