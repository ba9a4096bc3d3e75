/* SPDX-License-Identifier: MIT
 *
 * Logging in, and who is locked out after attempts in vain.
 *
 * Attempts are counted for the name and for the client's address; 5 of a name or 30 from an address
 * within 15 minutes lock it, for a minute first, twice as long each further time, for an hour at
 * most; a day without any forgets it. What is asked while it is locked is not counted, so that it
 * always ends. Where a user has logged in before (the last 8 addresses) his attempts are counted
 * apart: strangers who know the admin's name keep him out of nowhere he usually comes from, and of
 * anywhere else for an hour. Who may run `doorstep` on the machine need not wait: a password set
 * there takes every lock off the name. */
#include <arpa/inet.h>
#include <string.h>

#include "domain/ids.h"
#include "domain/limits.h"
#include "gateway/users_priv.h"

enum { NAME_FAILURES_MAX = 5, ADDRESS_FAILURES_MAX = 30, USUAL_MAX = 8 };

#define WINDOW_MS   (15 * INT64_C(60000))
#define LOCK_MS     INT64_C(60000)
#define LOCK_MAX_MS (60 * INT64_C(60000))
#define FORGET_MS   (24 * 60 * INT64_C(60000))

struct failures {
    int64_t count, first_at_ms, last_at_ms, locked_until_ms, locks;
};

/* Whoever has one address of IPv6 has the 2^64 beside it. */
static void counted_address(const char *address, char ret[USERS_ADDRESS_MAX])
{
    struct in6_addr bytes;
    struct in_addr four;
    char text[INET6_ADDRSTRLEN];

    ds_copy(ret, USERS_ADDRESS_MAX, address[0] ? address : "unknown");
    if (inet_pton(AF_INET6, address, &bytes) != 1) return;
    if (IN6_IS_ADDR_V4MAPPED(&bytes)) {
        memcpy(&four, bytes.s6_addr + 12, sizeof four);
        inet_ntop(AF_INET, &four, ret, USERS_ADDRESS_MAX);
        return;
    }
    memset(bytes.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &bytes, text, sizeof text);
    sqlite3_snprintf(USERS_ADDRESS_MAX, ret, "%s/64", text);
}

static struct failures read_failures(struct users *users, const char *name, const char *address)
{
    sqlite3_stmt *row = sql(users, SQL_FAILURE, "ss", name, address);
    struct failures failures = {0};

    if (sql_row(users, row))
        failures = (struct failures){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                                     sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3),
                                     sqlite3_column_int64(row, 4)};
    sql_done(row);
    return failures;
}

static void write_failures(struct users *users, const char *name, const char *address,
                           const struct failures *failures)
{
    SQL_RUN(users, SQL_FAILURE_SET, "ssiiiii", name, address, failures->count,
            failures->first_at_ms, failures->last_at_ms, failures->locked_until_ms,
            failures->locks);
}

/* Made-up names do not fill the disk; what is locked goes last. */
static void bound_failures(struct users *users, int64_t now_ms)
{
    int64_t count = sql_number(users, sql(users, SQL_FAILURE_COUNT, ""));

    for (; count > users->settings.failure_rows_max && !users->failed; count--)
        SQL_RUN(users, SQL_FAILURE_DROP, "i", now_ms);
}

/* One more. Returns whether that locks it. */
static bool count_attempt(struct users *users, const char *name, const char *address, int max,
                          int64_t now_ms)
{
    struct failures failures = read_failures(users, name, address);
    int64_t span_ms = LOCK_MS;

    if (now_ms - failures.last_at_ms >= FORGET_MS) failures = (struct failures){0};
    if (now_ms - failures.first_at_ms >= WINDOW_MS) failures.count = 0;
    if (failures.count == 0) failures.first_at_ms = now_ms;
    failures.count++;
    failures.last_at_ms = now_ms;
    bool locks = failures.count >= max;
    if (locks) {
        for (int64_t n = 0; n < failures.locks && span_ms < LOCK_MAX_MS; n++)
            span_ms *= 2;
        failures.locked_until_ms = now_ms + (span_ms < LOCK_MAX_MS ? span_ms : LOCK_MAX_MS);
        failures.locks++;
        failures.count = 0;
    }
    write_failures(users, name, address, &failures);
    return locks;
}

/* An attempt from this address was none in vain. What others failed with there stays counted: a
 * user's own login is no way for him to try the names of others. */
static void uncount_attempt(struct users *users, const char *address, int64_t now_ms)
{
    struct failures failures = read_failures(users, "", address);

    if (failures.locked_until_ms > now_ms) {
        failures.locked_until_ms = 0;
        failures.count = ADDRESS_FAILURES_MAX;
        failures.locks--;
    }
    if (failures.count > 0) failures.count--;
    if (failures.last_at_ms) write_failures(users, "", address, &failures);
}

void lock_clear(struct users *users, const char *name)
{
    SQL_RUN(users, SQL_FAILURE_CLEAR, "s", name);
}

static int64_t later(int64_t a_ms, int64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

/* Until when neither name nor address may try; at or before now: they may. */
static int64_t locked_until(struct users *users, const struct users_login *login)
{
    if (login->usual) return read_failures(users, login->name, login->address).locked_until_ms;
    return later(read_failures(users, login->name, "").locked_until_ms,
                 read_failures(users, "", login->address).locked_until_ms);
}

static bool count_login(struct users *users, const struct users_login *login, int64_t now_ms)
{
    if (login->usual)
        return count_attempt(users, login->name, login->address, NAME_FAILURES_MAX, now_ms);
    bool name = count_attempt(users, login->name, "", NAME_FAILURES_MAX, now_ms);
    return count_attempt(users, "", login->address, ADDRESS_FAILURES_MAX, now_ms) || name;
}

enum users_result users_begin_login(struct users *users, const char *name, const char *address,
                                    int64_t now_ms, struct users_login *ret)
{
    struct user user = {.disabled = true};

    *ret = (struct users_login){.settings = users->settings};
    /* what cannot be a name is counted as one, for all of it */
    ds_copy(ret->name, sizeof ret->name, users_is_id(name) ? name : "?");
    counted_address(address, ret->address);
    sql_begin(users);
    ret->known = users_read(users, ret->name, &user, ret->hash) && !user.disabled;
    ret->usual = sql_number(users, sql(users, SQL_USUAL, "ss", ret->name, ret->address)) == 1;
    int64_t until_ms = locked_until(users, ret);
    if (until_ms > now_ms) {
        ret->locked_until_ms = until_ms;
        return sql_end(users, USERS_LOCKED_OUT);
    }
    if (count_login(users, ret, now_ms))
        audit_add(users, &(struct users_actor){ret->name, address}, now_ms, "login", ret->name,
                  "locked_out after this attempt", true);
    bound_failures(users, now_ms);
    return sql_end(users, USERS_OK);
}

/* Within a transaction: he has come in. The row may have changed since the attempt began. */
static bool came_in(struct users *users, const struct users_login *login, int64_t now_ms,
                    struct user *ret)
{
    char hash[USERS_HASH_SIZE];

    if (!login->right || !users_read(users, login->name, ret, hash) || ret->disabled ||
        strcmp(hash, login->hash) != 0)
        return false;
    lock_clear(users, login->name);
    if (!login->usual) uncount_attempt(users, login->address, now_ms);
    SQL_RUN(users, SQL_USUAL_SET, "ssi", login->name, login->address, now_ms);
    SQL_RUN(users, SQL_USUAL_DROP, "si", login->name, (int64_t)USUAL_MAX);
    SQL_RUN(users, SQL_USER_CAME, "is", now_ms, login->name);
    ret->login_at_ms = now_ms;
    return true;
}

static enum users_result failed(struct users *users, const struct users_login *login,
                                int64_t now_ms)
{
    audit_add(users, &(struct users_actor){login->name, login->address}, now_ms, "login",
              login->name, "bad_login", true);
    enum users_result result = sql_end(users, USERS_OK);
    return result == USERS_OK ? USERS_BAD_LOGIN : result;
}

enum users_result users_finish_login(struct users *users, const struct users_login *login,
                                     int64_t now_ms, char ret_token[USERS_SECRET_SIZE],
                                     struct users_session *ret)
{
    struct user user;

    sql_begin(users);
    if (!came_in(users, login, now_ms, &user)) return failed(users, login, now_ms);
    if (login->rehash[0])
        SQL_RUN(users, SQL_USER_REHASH, "sss", login->rehash, login->name, login->hash);
    sessions_open(users, &user, now_ms, ret_token, ret);
    audit_add(users, &(struct users_actor){login->name, login->address}, now_ms, "login",
              login->name, "ok", false);
    return sql_end(users, USERS_OK);
}

enum users_result users_finish_password(struct users *users, const struct users_login *login,
                                        const char *hash, int64_t now_ms,
                                        char ret_token[USERS_SECRET_SIZE],
                                        struct users_session *ret)
{
    struct user user;

    sql_begin(users);
    if (!came_in(users, login, now_ms, &user)) return failed(users, login, now_ms);
    user.must_change = false;
    SQL_RUN(users, SQL_USER_CHANGE, "sssiiss", gateway_role_name(user.role), user.person,
            user.language, (int64_t)user.disabled, INT64_C(0), hash, user.name);
    sessions_end(users, user.name);
    sessions_open(users, &user, now_ms, ret_token, ret);
    audit_add(users, &(struct users_actor){login->name, login->address}, now_ms, "password",
              login->name, "ok", false);
    return sql_end(users, USERS_OK);
}
