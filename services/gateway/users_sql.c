/* SPDX-License-Identifier: MIT
 *
 * The file itself: how it is made, what of it is refused, how it is asked. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "gateway/users_priv.h"

enum {
    APPLICATION = 0x64736777, /* "dsgw": the file is ours */
    BUSY_MS = 2000,           /* another process changes something: it takes milliseconds */
    AUDIT_ROWS_MAX = 200000,
    FAILURE_ROWS_MAX = 10000,
};

/* What makes of version n - 1 version n. Never changed: a new version is a new text. */
static const char *const versions[] = {
    "CREATE TABLE users(name TEXT PRIMARY KEY, role TEXT NOT NULL, person TEXT NOT NULL,"
    " language TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, must_change INTEGER NOT NULL,"
    " made_at_ms INTEGER NOT NULL, login_at_ms INTEGER NOT NULL DEFAULT 0, hash TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE usual(user TEXT NOT NULL REFERENCES users(name) ON DELETE CASCADE,"
    " address TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(user,address)) WITHOUT ROWID;"
    "CREATE TABLE failures(name TEXT NOT NULL, address TEXT NOT NULL, count INTEGER NOT NULL,"
    " first_at_ms INTEGER NOT NULL, last_at_ms INTEGER NOT NULL, locked_until_ms INTEGER NOT NULL,"
    " locks INTEGER NOT NULL, PRIMARY KEY(name,address));"
    "CREATE TABLE sessions(digest BLOB PRIMARY KEY,"
    " user TEXT NOT NULL REFERENCES users(name) ON DELETE CASCADE,"
    " made_at_ms INTEGER NOT NULL, used_at_ms INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX sessions_user ON sessions(user);"
    "CREATE INDEX sessions_used ON sessions(used_at_ms);"
    "CREATE TABLE keys(name TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, role TEXT NOT NULL,"
    " person TEXT NOT NULL, made_at_ms INTEGER NOT NULL, used_at_ms INTEGER NOT NULL DEFAULT 0,"
    " revoked_at_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
    "CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL,"
    " who TEXT NOT NULL, address TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,"
    " outcome TEXT NOT NULL, vain INTEGER NOT NULL);"
    "CREATE INDEX audit_vain ON audit(vain,id);"
    "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT,'the audit is not rewritten'); END;",
};

enum { VERSION = sizeof versions / sizeof versions[0] };

static const char *const texts[SQL_COUNT] = {
#define USERS_SQL(name, text) text,
#include "gateway/users_sql.def"
#undef USERS_SQL
};

/* ---- asking ---- */

static void bind_one(struct users *users, sqlite3_stmt *statement, int place, char kind,
                     va_list *args)
{
    int code = SQLITE_MISUSE;

    if (kind == 's')
        code = sqlite3_bind_text(statement, place, va_arg(*args, const char *), -1, SQLITE_STATIC);
    else if (kind == 'i')
        code = sqlite3_bind_int64(statement, place, va_arg(*args, int64_t));
    else if (kind == 'd')
        code = sqlite3_bind_blob(statement, place, va_arg(*args, const uint8_t *), USERS_DIGEST,
                                 SQLITE_STATIC);
    if (code != SQLITE_OK) users->failed = true;
}

sqlite3_stmt *sql(struct users *users, enum users_statement which, const char *form, ...)
{
    sqlite3_stmt **statement = &users->statements[which];
    va_list args;

    if (!*statement &&
        sqlite3_prepare_v3(users->sqlite, texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
                           NULL) != SQLITE_OK) {
        users->failed = true;
        return NULL;
    }
    sqlite3_reset(*statement);
    va_start(args, form);
    for (int i = 0; form[i]; i++)
        bind_one(users, *statement, i + 1, form[i], &args);
    va_end(args);
    return *statement;
}

bool sql_row(struct users *users, sqlite3_stmt *statement)
{
    if (users->failed) return false; /* nothing is done outside a transaction that did not begin */
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) users->failed = true;
    sqlite3_reset(statement);
    return false;
}

void sql_done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
}

void sql_run(struct users *users, sqlite3_stmt *statement)
{
    while (sql_row(users, statement)) {}
}

int64_t sql_number(struct users *users, sqlite3_stmt *statement)
{
    int64_t number = 0;

    if (sql_row(users, statement)) number = sqlite3_column_int64(statement, 0);
    sql_done(statement);
    return number;
}

void sql_text(sqlite3_stmt *statement, int column, char *buf, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    ds_copy(buf, size, text ? text : "");
}

void sql_begin(struct users *users)
{
    DS_ASSERT(!users->failed && sqlite3_get_autocommit(users->sqlite));
    SQL_RUN(users, SQL_BEGIN, "");
}

enum users_result sql_end(struct users *users, enum users_result result)
{
    if (result == USERS_OK) SQL_RUN(users, SQL_COMMIT, "");
    result = sql_answer(users, result);
    if (!sqlite3_get_autocommit(users->sqlite)) SQL_RUN(users, SQL_ROLLBACK, "");
    users->failed = false;
    return result;
}

enum users_result sql_answer(struct users *users, enum users_result result)
{
    if (users->failed) result = USERS_STORE;
    users->failed = false;
    return result;
}

/* ---- opening ---- */

static int64_t ask_pragma(struct users *users, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;

    if (sqlite3_prepare_v2(users->sqlite, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    else
        users->failed = true;
    sqlite3_finalize(statement);
    return number;
}

static void run_text(struct users *users, const char *text)
{
    if (!users->failed && sqlite3_exec(users->sqlite, text, NULL, NULL, NULL) != SQLITE_OK)
        users->failed = true;
}

/* What the file is, and if it is older or empty, what it is to be. In one transaction: of two that
 * open it first, one makes it. */
static enum users_result migrate(struct users *users)
{
    enum users_result result = USERS_OK;
    char text[64];

    sql_begin(users);
    int64_t application = ask_pragma(users, "PRAGMA application_id");
    int64_t version = ask_pragma(users, "PRAGMA user_version");
    int64_t tables = ask_pragma(users, "SELECT count(*) FROM sqlite_schema");
    bool empty = application == 0 && version == 0 && tables == 0;
    if (!empty && application != APPLICATION)
        result = USERS_FOREIGN;
    else if (version > VERSION)
        result = USERS_NEWER;
    for (int64_t n = version; result == USERS_OK && n < VERSION; n++)
        run_text(users, versions[n]);
    sqlite3_snprintf(sizeof text, text, "PRAGMA application_id=%d; PRAGMA user_version=%d",
                     APPLICATION, VERSION);
    if (result == USERS_OK && version < VERSION) run_text(users, text);
    return sql_end(users, result);
}

/* Nobody else may read or write it; SQLite gives its -wal and -shm the same mode. */
static enum users_result check_mode(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0) return USERS_STORE;
    bool known = fstat(fd, &st) == 0;
    close(fd);
    if (!known || !S_ISREG(st.st_mode)) return USERS_STORE;
    return (st.st_mode & 077) == 0 && st.st_uid == geteuid() ? USERS_OK : USERS_EXPOSED;
}

static enum users_result open_file(struct users *users, const char *path)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

    if (sqlite3_open_v2(path, &users->sqlite, flags, NULL) != SQLITE_OK) return USERS_STORE;
    sqlite3_busy_timeout(users->sqlite, BUSY_MS);
    /* FULL: a session or key that was given out is there after a power cut, a revoked one is not */
    run_text(users, "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL");
    if (sql_answer(users, USERS_OK) != USERS_OK)
        return sqlite3_errcode(users->sqlite) == SQLITE_NOTADB ? USERS_FOREIGN : USERS_STORE;
    enum users_result result = migrate(users);
    /* readers are not kept waiting by a writer; only now, because it changes the file */
    if (result == USERS_OK)
        run_text(users, "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=4194304");
    return sql_answer(users, result);
}

enum users_result users_open(const char *path, const struct users_settings *settings,
                             struct users **ret)
{
    struct users *users = calloc(1, sizeof *users);

    if (!users) abort();
    if (settings) users->settings = *settings;
    if (!users->settings.audit_rows_max) users->settings.audit_rows_max = AUDIT_ROWS_MAX;
    if (!users->settings.failure_rows_max) users->settings.failure_rows_max = FAILURE_ROWS_MAX;
    enum users_result result = check_mode(path);
    if (result == USERS_OK) result = open_file(users, path);
    if (result == USERS_OK)
        *ret = users;
    else
        users_close(users);
    return result;
}

void users_close(struct users *users)
{
    if (!users) return;
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(users->statements[i]);
    sqlite3_close(users->sqlite);
    free(users);
}

const char *users_problem(const struct users *users)
{
    return sqlite3_errmsg(users->sqlite);
}
