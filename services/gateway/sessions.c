/* SPDX-License-Identifier: MIT
 *
 * Sessions of browsers. The cookie holds 32 random bytes, the file their BLAKE2b: who reads the
 * file cannot come in with it. A row names the user; what he may do is read with it each time. */
#include <string.h>

#include <sodium.h>

#include "domain/ids.h"
#include "gateway/users_priv.h"

/* So often at most it is written down that a session is used: it is a commit to the disk. */
#define USED_STEP_MS INT64_C(60000)

/* Follows from the token and is stored nowhere: good for this session alone. */
static void csrf_of(const char *token, char ret[USERS_SECRET_SIZE])
{
    static const unsigned char use[] = "doorstep csrf";
    unsigned char bytes[32];

    crypto_generichash(bytes, sizeof bytes, use, sizeof use, (const unsigned char *)token,
                       strlen(token));
    sodium_bin2base64(ret, USERS_SECRET_SIZE, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static int64_t expires_at(int64_t made_at_ms, int64_t used_at_ms)
{
    int64_t idle_ms = used_at_ms + USERS_IDLE_MS, absolute_ms = made_at_ms + USERS_ABSOLUTE_MS;

    return idle_ms < absolute_ms ? idle_ms : absolute_ms;
}

void sessions_open(struct users *users, const struct user *user, int64_t now_ms,
                   char ret_token[USERS_SECRET_SIZE], struct users_session *ret)
{
    uint8_t digest[USERS_DIGEST];

    users_secret(ret_token);
    users_digest(ret_token, digest);
    *ret = (struct users_session){.user = *user, .expires_at_ms = expires_at(now_ms, now_ms)};
    csrf_of(ret_token, ret->csrf);
    SQL_RUN(users, SQL_SESSIONS_IDLE, "i", now_ms - USERS_IDLE_MS);
    SQL_RUN(users, SQL_SESSIONS_MANY, "si", user->name, (int64_t)USERS_SESSIONS_MAX - 1);
    SQL_RUN(users, SQL_SESSION_NEW, "dsii", digest, user->name, now_ms, now_ms);
}

void sessions_end(struct users *users, const char *name)
{
    SQL_RUN(users, SQL_SESSIONS_END, "s", name);
}

enum users_result users_session(struct users *users, const char *token, int64_t now_ms,
                                struct users_session *ret)
{
    uint8_t digest[USERS_DIGEST];
    int64_t made_at_ms = 0, used_at_ms = 0;

    if (strnlen(token, USERS_SECRET_SIZE) != USERS_SECRET_SIZE - 1) return USERS_NO_SESSION;
    users_digest(token, digest);
    sqlite3_stmt *row = sql(users, SQL_SESSION, "d", digest);
    bool found = sql_row(users, row) && users_take(users, row, &ret->user);
    if (found) {
        made_at_ms = sqlite3_column_int64(row, 9);
        used_at_ms = sqlite3_column_int64(row, 10);
    }
    sql_done(row);
    if (!found || ret->user.disabled || now_ms >= expires_at(made_at_ms, used_at_ms))
        return sql_answer(users, USERS_NO_SESSION);
    if (now_ms - used_at_ms >= USED_STEP_MS) {
        SQL_RUN(users, SQL_SESSION_USED, "id", now_ms, digest);
        used_at_ms = now_ms;
    }
    ret->expires_at_ms = expires_at(made_at_ms, used_at_ms);
    csrf_of(token, ret->csrf);
    return sql_answer(users, USERS_OK);
}

bool users_csrf_fits(const struct users_session *session, const char *header)
{
    return strnlen(header, USERS_SECRET_SIZE) == USERS_SECRET_SIZE - 1 &&
           sodium_memcmp(session->csrf, header, USERS_SECRET_SIZE) == 0;
}

enum users_result users_logout(struct users *users, const char *token,
                               const struct users_actor *actor, int64_t now_ms)
{
    uint8_t digest[USERS_DIGEST];

    users_digest(token, digest);
    sql_begin(users);
    SQL_RUN(users, SQL_SESSION_END, "d", digest);
    if (sqlite3_changes(users->sqlite) == 0) return sql_end(users, USERS_NO_SESSION);
    audit_add(users, actor, now_ms, "logout", actor->who, "ok", false);
    return sql_end(users, USERS_OK);
}
