/* SPDX-License-Identifier: MIT
 *
 * What was asked of the gateway, by whom, and what became of it. Rows are added and never changed;
 * the oldest go when there are too many. Logins in vain and what was refused are bounded by
 * themselves, so that nobody pushes out what others did. */
#include <stdio.h>

#include "domain/ids.h"
#include "gateway/users_priv.h"

enum { TRIM_EVERY = 256 }; /* there are at most so many rows more than stated */

static void trim(struct users *users)
{
    if (users->audits_since_trim++ % TRIM_EVERY != 0) return;
    for (int64_t vain = 0; vain < 2; vain++)
        SQL_RUN(users, SQL_AUDIT_TRIM, "ii", vain, (int64_t)users->settings.audit_rows_max);
}

void audit_add(struct users *users, const struct users_actor *actor, int64_t now_ms,
               const char *action, const char *subject, const char *outcome, bool vain)
{
    struct users_audit row;

    snprintf(row.who, sizeof row.who, "%s", actor->who);
    snprintf(row.address, sizeof row.address, "%s", actor->address);
    snprintf(row.action, sizeof row.action, "%s", action);
    snprintf(row.subject, sizeof row.subject, "%s", subject);
    snprintf(row.outcome, sizeof row.outcome, "%s", outcome);
    SQL_RUN(users, SQL_AUDIT_ADD, "isssssi", now_ms, row.who, row.address, row.action, row.subject,
            row.outcome, (int64_t)vain);
    trim(users);
}

enum users_result users_audit(struct users *users, const struct users_actor *actor, int64_t now_ms,
                              const char *action, const char *subject, const char *outcome)
{
    sql_begin(users);
    audit_add(users, actor, now_ms, action, subject, outcome, false);
    return sql_end(users, USERS_OK);
}

enum users_result users_audit_vain(struct users *users, const struct users_actor *actor,
                                   int64_t now_ms, const char *action, const char *subject,
                                   const char *outcome)
{
    sql_begin(users);
    audit_add(users, actor, now_ms, action, subject, outcome, true);
    return sql_end(users, USERS_OK);
}

enum users_result users_list_audit(struct users *users, int64_t after,
                                   bool (*take)(void *self, const struct users_audit *), void *self)
{
    sqlite3_stmt *row = sql(users, SQL_AUDIT, "ii", after, (int64_t)USERS_LISTED_MAX);
    struct users_audit audit;

    while (sql_row(users, row)) {
        audit.id = sqlite3_column_int64(row, 0);
        audit.at_ms = sqlite3_column_int64(row, 1);
        sql_text(row, 2, audit.who, sizeof audit.who);
        sql_text(row, 3, audit.address, sizeof audit.address);
        sql_text(row, 4, audit.action, sizeof audit.action);
        sql_text(row, 5, audit.subject, sizeof audit.subject);
        sql_text(row, 6, audit.outcome, sizeof audit.outcome);
        if (!take(self, &audit)) break;
    }
    sql_done(row);
    return sql_answer(users, USERS_OK);
}
