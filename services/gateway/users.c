/* SPDX-License-Identifier: MIT */
#include "gateway/users.h"

#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "gateway/users_priv.h"

static const struct {
    const char *code, *field, *en, *zh;
} results[USERS_RESULT_COUNT] = {
#define USERS_RESULT(name, code, field, en, zh) {code, field, en, zh},
#include "gateway/users.def"
#undef USERS_RESULT
};

const char *users_code(enum users_result result)
{
    return results[result].code;
}

const char *users_field(enum users_result result)
{
    return results[result].field;
}

const char *users_expected(enum ds_lang lang, enum users_result result)
{
    return lang == DS_ZH ? results[result].zh : results[result].en;
}

/* ---- forms ---- */

bool users_is_id(const char *text)
{
    size_t len = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-");

    return len >= 1 && len <= DS_ID_MAX && text[len] == '\0';
}

/* An id of the directory may have a ~ as well. */
static bool is_person(const char *text)
{
    size_t len = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._~-");

    return len >= 1 && len <= DS_ID_MAX && text[len] == '\0';
}

enum users_result users_check_role(enum gateway_role role, const char *person)
{
    if (role >= GATEWAY_ROLE_COUNT) return USERS_BAD_ROLE;
    bool fits = person[0] ? is_person(person) : !gateway_role_acts(role);
    return fits ? USERS_OK : USERS_BAD_PERSON;
}

static enum users_result check_user(const struct user *user)
{
    if (!users_is_id(user->name)) return USERS_BAD_NAME;
    enum users_result result = users_check_role(user->role, user->person);
    if (result != USERS_OK) return result;
    if (user->language[0] && strcmp(user->language, "zh-CN") != 0 &&
        strcmp(user->language, "en") != 0)
        return USERS_BAD_LANGUAGE;
    return USERS_OK;
}

/* ---- reading ---- */

static void take_row(struct users *users, sqlite3_stmt *row, struct user *ret, char *ret_hash)
{
    char role[16];

    sql_text(row, 0, ret->name, sizeof ret->name);
    sql_text(row, 1, role, sizeof role);
    ret->role = gateway_role_of(role);
    if (ret->role == GATEWAY_ROLE_COUNT) users->failed = true; /* somebody else wrote that */
    sql_text(row, 2, ret->person, sizeof ret->person);
    sql_text(row, 3, ret->language, sizeof ret->language);
    ret->disabled = sqlite3_column_int(row, 4) != 0;
    ret->must_change = sqlite3_column_int(row, 5) != 0;
    ret->made_at_ms = sqlite3_column_int64(row, 6);
    ret->login_at_ms = sqlite3_column_int64(row, 7);
    if (ret_hash) sql_text(row, 8, ret_hash, USERS_HASH_SIZE);
}

bool users_take(struct users *users, sqlite3_stmt *row, struct user *ret)
{
    take_row(users, row, ret, NULL);
    return !users->failed;
}

bool users_read(struct users *users, const char *name, struct user *ret,
                char ret_hash[USERS_HASH_SIZE])
{
    sqlite3_stmt *row = sql(users, SQL_USER, "s", name);
    bool found = sql_row(users, row);

    if (found) take_row(users, row, ret, ret_hash);
    sql_done(row);
    return found && !users->failed;
}

enum users_result users_find(struct users *users, const char *name, struct user *ret)
{
    return sql_answer(users, users_read(users, name, ret, NULL) ? USERS_OK : USERS_UNKNOWN);
}

uint32_t users_count(struct users *users)
{
    uint32_t count = (uint32_t)sql_number(users, sql(users, SQL_USER_COUNT, ""));

    return sql_answer(users, USERS_OK) == USERS_OK ? count : UINT32_MAX;
}

enum users_result users_list(struct users *users, bool (*take)(void *self, const struct user *),
                             void *self)
{
    sqlite3_stmt *row = sql(users, SQL_USERS, "");
    struct user user;

    while (sql_row(users, row)) {
        take_row(users, row, &user, NULL);
        if (users->failed || !take(self, &user)) break;
    }
    sql_done(row);
    return sql_answer(users, USERS_OK);
}

/* ---- changing ---- */

enum users_result users_new(struct users *users, const struct user *user, const char *hash,
                            const struct users_actor *actor, int64_t now_ms)
{
    enum users_result result = check_user(user);
    struct user other;

    if (result != USERS_OK) return result;
    sql_begin(users);
    if (users_read(users, user->name, &other, NULL))
        result = USERS_EXISTS;
    else if (sql_number(users, sql(users, SQL_USER_COUNT, "")) >= USERS_MAX)
        result = USERS_TOO_MANY;
    if (result == USERS_OK) {
        SQL_RUN(users, SQL_USER_NEW, "ssssiis", user->name, gateway_role_name(user->role),
                user->person, user->language, (int64_t)user->must_change, now_ms, hash);
        lock_clear(users, user->name);
        audit_add(users, actor, now_ms, "user_new", user->name, gateway_role_name(user->role),
                  false);
    }
    return sql_end(users, result);
}

void users_keep(char *buf, size_t size, const char *text)
{
    ds_copy(buf, size, strlen(text) < size ? text : "?");
}

/* What is to be of a user; the rest of him as it was. */
static void merge(struct user *user, const struct users_change *change)
{
    if (change->role) user->role = *change->role;
    if (change->person) users_keep(user->person, sizeof user->person, change->person);
    if (change->language) users_keep(user->language, sizeof user->language, change->language);
    if (change->disabled) user->disabled = *change->disabled;
    if (change->hash) user->must_change = change->must_change;
}

/* What was done, in a word or some. */
static void tell(char *buf, size_t size, const struct user *was, const struct user *is,
                 const struct users_change *change)
{
    bool role = was->role != is->role, person = strcmp(was->person, is->person) != 0;

    sqlite3_snprintf((int)size, buf, "%s%s%s%s%s%s%s", role ? " role " : "",
                     role ? gateway_role_name(is->role) : "", person ? " person " : "",
                     person ? is->person : "", change->hash ? " password" : "",
                     was->disabled == is->disabled ? ""
                     : is->disabled                ? " disabled"
                                                   : " enabled",
                     strcmp(was->language, is->language) != 0 ? " language" : "");
}

/* Within a transaction. */
static enum users_result change_user(struct users *users, const struct user *was,
                                     const struct user *is, const char *hash)
{
    enum users_result result = check_user(is);

    if (result != USERS_OK) return result;
    SQL_RUN(users, SQL_USER_CHANGE, "sssiiss", gateway_role_name(is->role), is->person,
            is->language, (int64_t)is->disabled, (int64_t)is->must_change, hash, is->name);
    if (was->role == GATEWAY_ADMIN && !was->disabled &&
        sql_number(users, sql(users, SQL_ADMINS, "")) == 0)
        return USERS_LAST_ADMIN;
    sessions_end(users, is->name);
    return USERS_OK;
}

enum users_result users_change(struct users *users, const char *name,
                               const struct users_change *change, const struct users_actor *actor,
                               int64_t now_ms)
{
    enum users_result result = USERS_UNKNOWN;
    char hash[USERS_HASH_SIZE], done[USERS_TEXT_MAX];
    struct user was, is;

    if (change->person && strlen(change->person) > DS_ID_MAX) return USERS_BAD_PERSON;
    if (change->language && strlen(change->language) >= sizeof is.language)
        return USERS_BAD_LANGUAGE;
    sql_begin(users);
    if (users_read(users, name, &was, hash)) {
        is = was;
        merge(&is, change);
        result = change_user(users, &was, &is, change->hash ? change->hash : hash);
    }
    if (result == USERS_OK) {
        if (change->hash) lock_clear(users, name);
        tell(done, sizeof done, &was, &is, change);
        audit_add(users, actor, now_ms, "user_change", name, done[0] ? done + 1 : "nothing", false);
    }
    return sql_end(users, result);
}
