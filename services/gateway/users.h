/* SPDX-License-Identifier: MIT
 *
 * Who may come in: users, their sessions, keys of programs, and the record of what was asked of the
 * gateway. All of it is in one SQLite file, DATA/gateway.sqlite; nothing in it is a ticket's truth.
 * Several processes may have it open: what one changes holds for the others at their next question.
 *
 * It never keeps a password or token, only what they are compared with. It has no loop and no
 * clock: now_ms is UTC and real time, given by the caller. A struct users is used by one thread;
 * users_verify and users_hash touch none and may be called on any. */
#ifndef GATEWAY_USERS_H
#define GATEWAY_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/limits.h"
#include "gateway/roles.h"

/* ---- bounds ---- */

enum {
    USERS_PASSWORD_MIN = 10,  /* characters */
    USERS_PASSWORD_MAX = 256, /* bytes */
    USERS_MAX = 2000,
    USERS_KEYS_MAX = 1000,  /* also revoked ones; the oldest of those make room */
    USERS_SESSIONS_MAX = 8, /* of one user; the one used longest ago makes room */
    USERS_ADDRESS_MAX = 64, /* of a client's address as text, with NUL */
    USERS_TEXT_MAX = 160,   /* of what the audit says, with NUL */
    USERS_LISTED_MAX = 500, /* rows of the audit at a time */
};

/* A session ends when it was not used for so long, and at the latest after so long. */
#define USERS_IDLE_MS     INT64_C(43200000)
#define USERS_ABSOLUTE_MS INT64_C(604800000)

enum {
    USERS_HASH_SIZE = 128,   /* crypto_pwhash_STRBYTES */
    USERS_SECRET_SIZE = 44,  /* 32 bytes as base64url, with NUL */
    USERS_KEY_SIZE = 3 + 44, /* "ds_" before it */
    USERS_DIGEST = 32,
};

enum users_result {
#define USERS_RESULT(name, code, field, en, zh) USERS_##name,
#include "gateway/users.def"
#undef USERS_RESULT
    USERS_RESULT_COUNT
};
/* "bad_value"; "password", or "" if it is about no field; what was expected instead. */
const char *users_code(enum users_result result);
const char *users_field(enum users_result result);
const char *users_expected(enum ds_lang lang, enum users_result result);

/* ---- the file ---- */

struct users_settings {
    unsigned long long hash_ops; /* of argon2id; 0: libsodium's INTERACTIVE */
    size_t hash_bytes;
    uint32_t audit_rows_max; /* 0: 200,000 of what was done, and as many again of logins in vain */
    uint32_t failure_rows_max; /* 0: 10,000 names and addresses whose logins failed */
};

struct users;

/* Opens the file or makes it, for its owner alone. settings: NULL for the defaults; sodium_init was
 * called. USERS_STORE, USERS_FOREIGN, USERS_NEWER and USERS_EXPOSED leave it as it is. */
enum users_result users_open(const char *path, const struct users_settings *settings,
                             struct users **ret);
void users_close(struct users *users);
/* What SQLite said last, for a log; never what was bound. */
const char *users_problem(const struct users *users);

/* Who asks: a user, "key:NAME" or "console", and from where. Texts are borrowed for the call. */
struct users_actor {
    const char *who, *address;
};

/* ---- users ---- */

struct user {
    char name[DS_ID_MAX + 1];
    enum gateway_role role;
    char person[DS_ID_MAX + 1]; /* "": nobody */
    char language[8];           /* "zh-CN", "en", "": the browser's */
    bool disabled;
    bool must_change; /* his password is known to somebody else: he may only change it */
    int64_t made_at_ms, login_at_ms; /* 0: never */
};

/* May it be a password? USERS_OK or USERS_BAD_PASSWORD. */
enum users_result users_check_password(const char *password);
/* argon2id of a password that may be one: heavy, for any thread. USERS_STORE: no memory for it. */
enum users_result users_hash(const struct users_settings *settings, const char *password,
                             char ret_hash[USERS_HASH_SIZE]);

/* Copies a name, person or language; one that is too long becomes "?", which none of them is. */
void users_keep(char *buf, size_t size, const char *text);

/* hash: of users_hash. The user's times and `disabled` are not read. */
enum users_result users_new(struct users *users, const struct user *user, const char *hash,
                            const struct users_actor *actor, int64_t now_ms);
enum users_result users_find(struct users *users, const char *name, struct user *ret);
uint32_t users_count(struct users *users);

/* What is NULL stays. All sessions of the user end, whatever is changed. */
struct users_change {
    const char *person, *language, *hash;
    const enum gateway_role *role;
    const bool *disabled;
    bool must_change; /* with hash */
};
/* A new password also takes every lock off the name. The last admin who can log in stays one. */
enum users_result users_change(struct users *users, const char *name,
                               const struct users_change *change, const struct users_actor *actor,
                               int64_t now_ms);

/* By name. A callback that returns false ends it. */
enum users_result users_list(struct users *users, bool (*take)(void *self, const struct user *),
                             void *self);

/* ---- logging in, in three steps because the second is heavy ---- */

struct users_login {
    char name[DS_ID_MAX + 1];
    char address[USERS_ADDRESS_MAX]; /* as it is counted: of IPv6 the /64 */
    bool known;                      /* there is such a user and he may log in */
    bool usual;                      /* he came from this address last time */
    char hash[USERS_HASH_SIZE];
    struct users_settings settings;
    char rehash[USERS_HASH_SIZE]; /* by users_verify: the hash is of older settings */
    bool right;                   /* by users_verify */
    int64_t locked_until_ms;      /* with USERS_LOCKED_OUT */
};

/* Counts the attempt as one in vain until it is known better, so that many at once gain nothing.
 * USERS_OK or USERS_LOCKED_OUT. Which of name and password is wrong is not to be found out. */
enum users_result users_begin_login(struct users *users, const char *name, const char *address,
                                    int64_t now_ms, struct users_login *ret);
/* Any thread; as long for a name that nobody has. */
void users_verify(struct users_login *login, const char *password);

struct users_session {
    struct user user;
    char csrf[USERS_SECRET_SIZE]; /* wanted in a header of whatever changes something */
    int64_t expires_at_ms;        /* if it is not used any more */
};

/* USERS_OK with the cookie's token and the session, or USERS_BAD_LOGIN. */
enum users_result users_finish_login(struct users *users, const struct users_login *login,
                                     int64_t now_ms, char ret_token[USERS_SECRET_SIZE],
                                     struct users_session *ret);
/* The same of somebody who gave his old password to choose a new one: his other sessions end. */
enum users_result users_finish_password(struct users *users, const struct users_login *login,
                                        const char *hash, int64_t now_ms,
                                        char ret_token[USERS_SECRET_SIZE],
                                        struct users_session *ret);

/* ---- sessions ---- */

/* USERS_OK, USERS_NO_SESSION or USERS_STORE. Being used keeps it open. */
enum users_result users_session(struct users *users, const char *token, int64_t now_ms,
                                struct users_session *ret);
bool users_csrf_fits(const struct users_session *session, const char *header);
enum users_result users_logout(struct users *users, const char *token,
                               const struct users_actor *actor, int64_t now_ms);

/* ---- keys of programs ---- */

struct users_key {
    char name[DS_ID_MAX + 1];
    enum gateway_role role;
    char person[DS_ID_MAX + 1];
    int64_t made_at_ms, used_at_ms, revoked_at_ms; /* 0: not */
};

/* The key itself is told this once. */
enum users_result users_new_key(struct users *users, const char *name, enum gateway_role role,
                                const char *person, const struct users_actor *actor, int64_t now_ms,
                                char ret_key[USERS_KEY_SIZE]);
/* USERS_OK, USERS_NO_KEY or USERS_STORE. */
enum users_result users_find_key(struct users *users, const char *key, int64_t now_ms,
                                 struct users_key *ret);
/* From now on nobody is let in by it. */
enum users_result users_revoke_key(struct users *users, const char *name,
                                   const struct users_actor *actor, int64_t now_ms);
enum users_result users_list_keys(struct users *users,
                                  bool (*take)(void *self, const struct users_key *), void *self);

/* ---- audit ---- */

struct users_audit {
    int64_t id, at_ms;
    char who[USERS_TEXT_MAX], address[USERS_ADDRESS_MAX];
    char action[USERS_TEXT_MAX], subject[USERS_TEXT_MAX], outcome[USERS_TEXT_MAX];
};

/* Adds a row; longer texts are cut. Whoever calls it puts no password or token in. */
enum users_result users_audit(struct users *users, const struct users_actor *actor, int64_t now_ms,
                              const char *action, const char *subject, const char *outcome);
/* The same of what was refused: such rows have their own bound. */
enum users_result users_audit_vain(struct users *users, const struct users_actor *actor,
                                   int64_t now_ms, const char *action, const char *subject,
                                   const char *outcome);
/* Rows after this id, oldest first, at most USERS_LISTED_MAX. */
enum users_result users_list_audit(struct users *users, int64_t after,
                                   bool (*take)(void *self, const struct users_audit *),
                                   void *self);

#endif
