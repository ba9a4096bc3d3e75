/* SPDX-License-Identifier: MIT
 *
 * How far the day of an installation has got stands in the store from its first command until it is
 * over, so that a start after a day that was cut short can say so and go on with it. Marks alone do
 * not tell: time may have passed a line that was not sent any more. */
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/said.h"
#include "doorstep/up_session.h"

/* What the day says, whatever the file is called. */
static void identify(const struct day *day, char id[DAY_ID_SIZE])
{
    unsigned char digest[(DAY_ID_SIZE - 1) / 2];
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (size_t i = 0; i < day->n; i++) {
        crypto_generichash_update(&state, (const unsigned char *)&day->lines[i].send_at_ms,
                                  sizeof day->lines[i].send_at_ms);
        crypto_generichash_update(&state, day->lines[i].bytes, day->lines[i].len);
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(id, DAY_ID_SIZE, digest, sizeof digest);
}

int begun_keep(struct session *session)
{
    const char *file = session->cli->values[OPT_PLAY];
    char id[DAY_ID_SIZE], whole[PATH_MAX];

    if (session->day.n == 0) return EXIT_FINE;
    redisContext *redis = store_open(session->cli, &session->up.conf);
    if (!redis) return EXIT_UNAVAILABLE;
    identify(&session->day, id);
    redisReply *reply = redisCommand(
        redis, "HSET doorstep:day id %s file %s lines %llu sent 0 factor %ld", id,
        realpath(file, whole) ? whole : file, (unsigned long long)session->day.n, session->factor);
    bool good = reply && reply->type == REDIS_REPLY_INTEGER;
    if (reply) freeReplyObject(reply);
    redisFree(redis);
    session->playing = true;
    return good ? EXIT_FINE : cli_fail(session->cli, EXIT_UNAVAILABLE, SAID_DAY_NOT_KEPT);
}

/* Lines before at are done with; what should have been sent meanwhile is sent first of all. */
static void leave_out(struct day *day, size_t at, int64_t reached_ms)
{
    for (size_t i = 0; i < at; i++)
        free(day->lines[i].bytes);
    day->n -= at;
    memmove(day->lines, day->lines + at, day->n * sizeof day->lines[0]);
    for (size_t i = 0; i < day->n && day->lines[i].send_at_ms < reached_ms; i++)
        day->lines[i].send_at_ms = reached_ms;
}

void begun_read(struct session *session, redisContext *redis)
{
    struct begun_day *begun = &session->begun;
    redisReply *reply = redisCommand(redis, "HMGET doorstep:day id file lines sent factor");
    bool known = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 5;
    char id[DAY_ID_SIZE];

    for (size_t i = 0; known && i < reply->elements; i++)
        known = reply->element[i]->type == REDIS_REPLY_STRING;
    if (known) {
        snprintf(begun->file, sizeof begun->file, "%s", reply->element[1]->str);
        begun->lines = strtoul(reply->element[2]->str, NULL, 10);
        begun->sent = strtoul(reply->element[3]->str, NULL, 10);
        identify(&session->day, id);
        session->playing = strcmp(id, reply->element[0]->str) == 0;
    }
    if (session->playing) {
        session->sent = begun->sent < session->day.n ? begun->sent : session->day.n;
        if (!session->cli->values[OPT_CLOCK]) session->factor = atol(reply->element[4]->str);
        leave_out(&session->day, session->sent, session->reached_ms);
    }
    if (reply) freeReplyObject(reply);
}

/* What Redis does not take now is kept the next time; until then a line may be sent twice. */
static void tell_store(struct session *session, redisReply *reply)
{
    if (reply && reply->type == REDIS_REPLY_INTEGER) session->kept = session->sent;
    if (reply) freeReplyObject(reply);
}

void begun_sent(struct session *session)
{
    if (!session->playing || session->sent == session->kept) return;
    tell_store(session, redisCommand(session->show.redis, "HSET doorstep:day sent %llu",
                                     (unsigned long long)session->sent));
}

void begun_over(struct session *session)
{
    if (!session->playing) return;
    session->playing = false;
    tell_store(session, redisCommand(session->show.redis, "DEL doorstep:day"));
}

void begun_say(const struct session *session)
{
    const struct begun_day *begun = &session->begun;
    const struct cli *cli = session->cli;
    FILE *to = cli->json ? stderr : stdout;
    char at[32];

    cli_local_time(at, session->reached_ms, archive_zone(&session->show.rules, UINT32_MAX));
    if (session->playing)
        fprintf(to,
                cli_say(cli,
                        "The day was cut short at %s, when %zu of %zu commands were sent; it goes "
                        "on from there. --fresh begins anew.\n",
                        "这一天上次停在 %s,已发送 %zu / %zu 条;现在从那里继续。--fresh "
                        "重新开始。\n"),
                at, begun->sent, begun->lines);
    else if (begun->lines > 0)
        fprintf(to,
                cli_say(cli,
                        "A day was cut short here at %s, when %zu of %zu commands were sent. "
                        "--play %s goes on with it, --fresh begins anew; as it is, the clock runs "
                        "at its natural pace and nothing is sent.\n",
                        "这里有一天没有演示完,停在 %s,已发送 %zu / %zu 条。--play %s "
                        "继续,--fresh 重新开始;现在时钟按正常速度走,不再发送。\n"),
                at, begun->sent, begun->lines, begun->file);
    else if (cli->values[OPT_PLAY] && !cli->values[OPT_ONCE])
        fprintf(to,
                cli_say(cli,
                        "This installation was started before: %s is not played (again). --fresh "
                        "begins anew.\n",
                        "这里以前启动过,不再演示 %s。--fresh 重新开始。\n"),
                cli->values[OPT_PLAY]);
}
