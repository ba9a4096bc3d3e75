/* SPDX-License-Identifier: MIT
 *
 * Keys of programs: as good as a password that nobody could guess, so a plain hash is enough. */
#include <string.h>

#include "domain/ids.h"
#include "gateway/users_priv.h"

/* As with sessions: using it is not a commit each time. */
#define USED_STEP_MS INT64_C(60000)

static void take_key(struct users *users, sqlite3_stmt *row, struct users_key *ret)
{
    char role[16];

    sql_text(row, 0, ret->name, sizeof ret->name);
    sql_text(row, 1, role, sizeof role);
    ret->role = gateway_role_of(role);
    if (ret->role == GATEWAY_ROLE_COUNT) users->failed = true;
    sql_text(row, 2, ret->person, sizeof ret->person);
    ret->made_at_ms = sqlite3_column_int64(row, 3);
    ret->used_at_ms = sqlite3_column_int64(row, 4);
    ret->revoked_at_ms = sqlite3_column_int64(row, 5);
}

static bool read_key(struct users *users, sqlite3_stmt *row, struct users_key *ret)
{
    bool found = sql_row(users, row);

    if (found) take_key(users, row, ret);
    sql_done(row);
    return found && !users->failed;
}

/* Room for one more: the key that was revoked first is forgotten. */
static bool make_room(struct users *users)
{
    if (sql_number(users, sql(users, SQL_KEY_COUNT, "")) < USERS_KEYS_MAX) return true;
    SQL_RUN(users, SQL_KEY_DROP, "");
    return sqlite3_changes(users->sqlite) == 1;
}

enum users_result users_new_key(struct users *users, const char *name, enum gateway_role role,
                                const char *person, const struct users_actor *actor, int64_t now_ms,
                                char ret_key[USERS_KEY_SIZE])
{
    char key[USERS_KEY_SIZE] = "ds_";
    uint8_t digest[USERS_DIGEST];
    struct users_key other;

    if (!users_is_id(name)) return USERS_BAD_NAME;
    enum users_result result = users_check_role(role, person);
    if (result != USERS_OK) return result;
    users_secret(key + 3);
    users_digest(key, digest);
    sql_begin(users);
    if (read_key(users, sql(users, SQL_KEY_NAMED, "s", name), &other))
        result = USERS_EXISTS;
    else if (!make_room(users))
        result = USERS_TOO_MANY;
    if (result == USERS_OK) {
        SQL_RUN(users, SQL_KEY_NEW, "sssid", name, gateway_role_name(role), person, now_ms, digest);
        audit_add(users, actor, now_ms, "key_new", name, gateway_role_name(role), false);
    }
    result = sql_end(users, result);
    if (result == USERS_OK) memcpy(ret_key, key, sizeof key);
    return result;
}

enum users_result users_find_key(struct users *users, const char *key, int64_t now_ms,
                                 struct users_key *ret)
{
    uint8_t digest[USERS_DIGEST];

    if (strnlen(key, USERS_KEY_SIZE) != USERS_KEY_SIZE - 1) return USERS_NO_KEY;
    users_digest(key, digest);
    if (!read_key(users, sql(users, SQL_KEY, "d", digest), ret))
        return sql_answer(users, USERS_NO_KEY);
    if (now_ms - ret->used_at_ms >= USED_STEP_MS) {
        SQL_RUN(users, SQL_KEY_USED, "is", now_ms, ret->name);
        ret->used_at_ms = now_ms;
    }
    return sql_answer(users, USERS_OK);
}

enum users_result users_revoke_key(struct users *users, const char *name,
                                   const struct users_actor *actor, int64_t now_ms)
{
    struct users_key key;

    sql_begin(users);
    if (!read_key(users, sql(users, SQL_KEY_NAMED, "s", name), &key) || key.revoked_at_ms)
        return sql_end(users, USERS_UNKNOWN);
    SQL_RUN(users, SQL_KEY_REVOKE, "is", now_ms, name);
    audit_add(users, actor, now_ms, "key_revoke", name, "ok", false);
    return sql_end(users, USERS_OK);
}

enum users_result users_list_keys(struct users *users,
                                  bool (*take)(void *self, const struct users_key *), void *self)
{
    sqlite3_stmt *row = sql(users, SQL_KEYS, "");
    struct users_key key;

    while (sql_row(users, row)) {
        take_key(users, row, &key);
        if (users->failed || !take(self, &key)) break;
    }
    sql_done(row);
    return sql_answer(users, USERS_OK);
}
