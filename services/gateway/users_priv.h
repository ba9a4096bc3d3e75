/* SPDX-License-Identifier: MIT
 *
 * What the files behind users.h share: statements, and transactions. */
#ifndef GATEWAY_USERS_PRIV_H
#define GATEWAY_USERS_PRIV_H

#include <sqlite3.h>

#include "gateway/users.h"

enum users_statement {
#define USERS_SQL(name, text) SQL_##name,
#include "gateway/users_sql.def"
#undef USERS_SQL
    SQL_COUNT
};

struct users {
    sqlite3 *sqlite;
    sqlite3_stmt *statements[SQL_COUNT]; /* made when first needed */
    struct users_settings settings;
    bool failed; /* something within this transaction */
    uint32_t audits_since_trim;
};

/* ---- users_sql.c ---- */

/* A statement with its values in the order of the form: s text, i int64_t, d a digest. A value that
 * could not be bound shows at sql_row. Texts are borrowed until sql_done. */
sqlite3_stmt *sql(struct users *users, enum users_statement which, const char *form, ...);
/* The next row? false at the end, and on an error, which fails the transaction. */
bool sql_row(struct users *users, sqlite3_stmt *statement);
/* Lets go of a statement that is not asked for more rows. */
void sql_done(sqlite3_stmt *statement);
/* One that has no rows. */
#define SQL_RUN(users, which, ...) sql_run(users, sql(users, which, __VA_ARGS__))
void sql_run(struct users *users, sqlite3_stmt *statement);
int64_t sql_number(struct users *users, sqlite3_stmt *statement); /* of the first column; 0: none */
void sql_text(sqlite3_stmt *statement, int column, char *buf, size_t size);

/* Everything between is done, or nothing. end: USERS_STORE if something failed, else result;
 * anything but USERS_OK takes back what was done. */
void sql_begin(struct users *users);
enum users_result sql_end(struct users *users, enum users_result result);
/* A question outside a transaction. */
enum users_result sql_answer(struct users *users, enum users_result result);

/* ---- within a transaction ---- */

bool users_is_id(const char *text);
/* A row of SQL_USER, or one that begins like it; false if it is none of ours. */
bool users_take(struct users *users, sqlite3_stmt *row, struct user *ret);
bool users_read(struct users *users, const char *name, struct user *ret,
                char ret_hash[USERS_HASH_SIZE]);
enum users_result users_check_role(enum gateway_role role, const char *person);

/* A user's name is free of every lock. */
void lock_clear(struct users *users, const char *name);

void users_digest(const char *secret, uint8_t ret[USERS_DIGEST]);
/* 32 random bytes as text. */
void users_secret(char ret[USERS_SECRET_SIZE]);
void sessions_open(struct users *users, const struct user *user, int64_t now_ms,
                   char ret_token[USERS_SECRET_SIZE], struct users_session *ret);
void sessions_end(struct users *users, const char *name);

/* vain: a login that failed; those never push out what was done. */
void audit_add(struct users *users, const struct users_actor *actor, int64_t now_ms,
               const char *action, const char *subject, const char *outcome, bool vain);

#endif
