/* SPDX-License-Identifier: MIT
 *
 * Sessions, keys and audit of the gateway's file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "gateway/users.h"

#define HOUR_MS INT64_C(3600000)
#define NOW_MS  INT64_C(1172707200000)
#define HOME    "192.0.2.1"

static const struct users_settings cheap = {
    .hash_ops = 1, .hash_bytes = 8192, .audit_rows_max = 300, .failure_rows_max = 50};
static const struct users_actor console = {"console", ""};
static const char password[] = "correct horse";

struct place {
    char dir[32], path[64];
    struct users *users;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct user user = {.name = "lin", .role = GATEWAY_CLERK, .person = "lin"};
    char hash[USERS_HASH_SIZE];

    strcpy(place->dir, "/tmp/dsusersXXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->path, sizeof place->path, "%s/gateway.sqlite", place->dir);
    assert_int_equal(users_open(place->path, &cheap, &place->users), USERS_OK);
    assert_int_equal(users_hash(&cheap, password, hash), USERS_OK);
    assert_int_equal(users_new(place->users, &user, hash, &console, NOW_MS), USERS_OK);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    users_close(place->users);
    assert_int_equal(unlink(place->path), 0); /* whoever closes it last leaves nothing beside it */
    assert_int_equal(rmdir(place->dir), 0);
    free(place);
    return 0;
}

static void come(struct users *users, int64_t now_ms, char *token, struct users_session *session)
{
    struct users_login login;

    assert_int_equal(users_begin_login(users, "lin", HOME, now_ms, &login), USERS_OK);
    users_verify(&login, password);
    assert_int_equal(users_finish_login(users, &login, now_ms, token, session), USERS_OK);
}

static void assert_session(struct users *users, const char *token, int64_t now_ms,
                           enum users_result wanted)
{
    struct users_session session;

    assert_int_equal(users_session(users, token, now_ms, &session), wanted);
}

static void test_a_session_ends_idle_and_absolutely(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    struct users_session session;
    char token[USERS_SECRET_SIZE];
    int64_t now_ms = NOW_MS;

    come(users, NOW_MS, token, &session);
    assert_int_equal(session.expires_at_ms, NOW_MS + 12 * HOUR_MS);
    assert_session(users, token, NOW_MS + 12 * HOUR_MS, USERS_NO_SESSION);
    for (; now_ms + 11 * HOUR_MS < NOW_MS + 7 * 24 * HOUR_MS; now_ms += 11 * HOUR_MS)
        assert_session(users, token, now_ms, USERS_OK);
    assert_session(users, token, now_ms, USERS_OK);
    assert_session(users, token, NOW_MS + 7 * 24 * HOUR_MS - 1, USERS_OK);
    assert_session(users, token, NOW_MS + 7 * 24 * HOUR_MS, USERS_NO_SESSION);
}

static void test_tokens(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    struct users_session one, two, read;
    char first[USERS_SECRET_SIZE], second[USERS_SECRET_SIZE], wrong[USERS_SECRET_SIZE];

    come(users, NOW_MS, first, &one);
    come(users, NOW_MS, second, &two);
    assert_string_not_equal(first, second);
    assert_string_not_equal(one.csrf, two.csrf);
    assert_int_equal(users_session(users, first, NOW_MS, &read), USERS_OK);
    assert_string_equal(read.csrf, one.csrf);
    assert_true(users_csrf_fits(&read, one.csrf));
    assert_false(users_csrf_fits(&read, two.csrf));
    assert_false(users_csrf_fits(&read, ""));
    assert_false(users_csrf_fits(&read, first));
    strcpy(wrong, first);
    wrong[5] = wrong[5] == 'A' ? 'B' : 'A';
    assert_session(users, wrong, NOW_MS, USERS_NO_SESSION);
    assert_session(users, "", NOW_MS, USERS_NO_SESSION);
    assert_session(users, one.csrf, NOW_MS, USERS_NO_SESSION);
    assert_int_equal(users_logout(users, first, &console, NOW_MS), USERS_OK);
    assert_int_equal(users_logout(users, first, &console, NOW_MS), USERS_NO_SESSION);
    assert_session(users, first, NOW_MS, USERS_NO_SESSION);
    assert_session(users, second, NOW_MS, USERS_OK);
}

static void test_the_oldest_session_makes_room(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    struct users_session session;
    char tokens[USERS_SESSIONS_MAX + 1][USERS_SECRET_SIZE];
    int64_t hour_ms = NOW_MS + HOUR_MS;

    for (int i = 0; i < USERS_SESSIONS_MAX; i++)
        come(users, NOW_MS + i, tokens[i], &session);
    assert_session(users, tokens[0], hour_ms, USERS_OK); /* the oldest, but used */
    come(users, hour_ms, tokens[USERS_SESSIONS_MAX], &session);
    for (int i = 0; i <= USERS_SESSIONS_MAX; i++)
        assert_session(users, tokens[i], hour_ms, i == 1 ? USERS_NO_SESSION : USERS_OK);
}

static void test_whatever_changes_of_a_user_ends_his_sessions(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    enum gateway_role role = GATEWAY_MANAGER;
    char hash[USERS_HASH_SIZE], token[USERS_SECRET_SIZE];
    bool yes = true, no = false;
    struct users_change changes[] = {
        {.role = &role}, {.person = "zhou"}, {.hash = hash}, {.disabled = &yes}};
    struct users_session session;
    struct users_login login;

    assert_int_equal(users_hash(&cheap, password, hash), USERS_OK);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        come(users, NOW_MS, token, &session);
        assert_session(users, token, NOW_MS, USERS_OK);
        assert_int_equal(users_change(users, "lin", &changes[i], &console, NOW_MS), USERS_OK);
        assert_session(users, token, NOW_MS, USERS_NO_SESSION);
    }
    assert_int_equal(users_begin_login(users, "lin", HOME, NOW_MS, &login), USERS_OK);
    users_verify(&login, password);
    assert_int_equal(users_finish_login(users, &login, NOW_MS, token, &session), USERS_BAD_LOGIN);
    struct users_change enable = {.disabled = &no};
    assert_int_equal(users_change(users, "lin", &enable, &console, NOW_MS), USERS_OK);
    come(users, NOW_MS, token, &session);
    assert_true(session.user.role == GATEWAY_MANAGER);
}

static void test_a_user_chooses_a_new_password(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    char hash[USERS_HASH_SIZE], other[USERS_SECRET_SIZE], token[USERS_SECRET_SIZE];
    struct users_change given = {.hash = hash, .must_change = true};
    struct users_session session;
    struct users_login login;

    assert_int_equal(users_hash(&cheap, password, hash), USERS_OK);
    assert_int_equal(users_change(users, "lin", &given, &console, NOW_MS), USERS_OK);
    come(users, NOW_MS, other, &session);
    assert_true(session.user.must_change);
    assert_int_equal(users_hash(&cheap, "a quieter horse", hash), USERS_OK);
    assert_int_equal(users_begin_login(users, "lin", HOME, NOW_MS, &login), USERS_OK);
    users_verify(&login, "not his password");
    assert_int_equal(users_finish_password(users, &login, hash, NOW_MS, token, &session),
                     USERS_BAD_LOGIN);
    assert_session(users, other, NOW_MS, USERS_OK);
    assert_int_equal(users_begin_login(users, "lin", HOME, NOW_MS, &login), USERS_OK);
    users_verify(&login, password);
    assert_int_equal(users_finish_password(users, &login, hash, NOW_MS, token, &session), USERS_OK);
    assert_false(session.user.must_change);
    assert_session(users, other, NOW_MS, USERS_NO_SESSION);
    assert_int_equal(users_session(users, token, NOW_MS, &session), USERS_OK);
    assert_false(session.user.must_change);
}

/* ---- keys ---- */

/* The daemon has the file open while the command line makes and revokes. */
static void test_a_key_holds_until_it_is_revoked_elsewhere(void **state)
{
    struct place *place = *state;
    char key[USERS_KEY_SIZE], other[USERS_KEY_SIZE];
    struct users_key found;
    struct users *daemon;

    assert_int_equal(users_open(place->path, &cheap, &daemon), USERS_OK);
    assert_int_equal(
        users_new_key(place->users, "pbx", GATEWAY_PHONE, "phone", &console, NOW_MS, key),
        USERS_OK);
    assert_memory_equal(key, "ds_", 3);
    assert_int_equal(strlen(key), 46);
    assert_int_equal(
        users_new_key(place->users, "pbx", GATEWAY_PHONE, "phone", &console, NOW_MS, other),
        USERS_EXISTS);
    assert_int_equal(
        users_new_key(place->users, "x y", GATEWAY_PHONE, "phone", &console, NOW_MS, other),
        USERS_BAD_NAME);
    assert_int_equal(users_new_key(place->users, "x", GATEWAY_CLERK, "", &console, NOW_MS, other),
                     USERS_BAD_PERSON);
    assert_int_equal(users_find_key(daemon, key, NOW_MS + HOUR_MS, &found), USERS_OK);
    assert_string_equal(found.name, "pbx");
    assert_string_equal(found.person, "phone");
    assert_int_equal(found.used_at_ms, NOW_MS + HOUR_MS);
    assert_int_equal(users_find_key(daemon, key + 3, NOW_MS, &found), USERS_NO_KEY);
    assert_int_equal(users_revoke_key(place->users, "pbx", &console, NOW_MS), USERS_OK);
    assert_int_equal(users_find_key(daemon, key, NOW_MS, &found), USERS_NO_KEY);
    assert_int_equal(users_revoke_key(place->users, "pbx", &console, NOW_MS), USERS_UNKNOWN);
    assert_int_equal(users_revoke_key(place->users, "fax", &console, NOW_MS), USERS_UNKNOWN);
    users_close(daemon);
}

static void test_keys_are_bounded(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    char key[USERS_KEY_SIZE], name[16];

    for (int i = 0; i < USERS_KEYS_MAX; i++) {
        snprintf(name, sizeof name, "k%d", i);
        assert_int_equal(users_new_key(users, name, GATEWAY_BOARD, "", &console, NOW_MS, key),
                         USERS_OK);
    }
    assert_int_equal(users_new_key(users, "more", GATEWAY_BOARD, "", &console, NOW_MS, key),
                     USERS_TOO_MANY);
    assert_int_equal(users_revoke_key(users, "k7", &console, NOW_MS), USERS_OK);
    assert_int_equal(users_new_key(users, "more", GATEWAY_BOARD, "", &console, NOW_MS, key),
                     USERS_OK);
}

/* ---- audit ---- */

struct tale {
    char text[128 * 1024];
    size_t len, rows;
    int64_t last;
};

static bool take(void *self, const struct users_audit *row)
{
    struct tale *tale = self;

    assert_true(row->id > tale->last);
    tale->last = row->id;
    tale->rows++;
    tale->len +=
        (size_t)snprintf(tale->text + tale->len, sizeof tale->text - tale->len, "%s %s %s %s\n",
                         row->who, row->action, row->subject, row->outcome);
    return tale->len < sizeof tale->text;
}

static void test_audit_tells_what_was_done_and_no_secret(void **state)
{
    struct place *place = *state;
    char hash[USERS_HASH_SIZE], token[USERS_SECRET_SIZE], key[USERS_KEY_SIZE], path[80];
    struct users_change change = {.hash = hash};
    struct users_session session;
    static struct tale tale;
    static char file[1 << 20];

    tale = (struct tale){.last = 0};
    come(place->users, NOW_MS, token, &session);
    users_new_key(place->users, "pbx", GATEWAY_PHONE, "phone", &console, NOW_MS, key);
    users_hash(&cheap, "another horse", hash);
    users_change(place->users, "lin", &change, &(struct users_actor){"admin", HOME}, NOW_MS);
    assert_int_equal(users_audit(place->users, &console, NOW_MS, "command", "T007-1", "recorded"),
                     USERS_OK);
    assert_int_equal(users_list_audit(place->users, 0, take, &tale), USERS_OK);
    assert_string_equal(tale.text, "console user_new lin clerk\nlin login lin ok\n"
                                   "console key_new pbx phone\nadmin user_change lin password\n"
                                   "console command T007-1 recorded\n");
    for (int i = 0; i < 2; i++) { /* nor are they anywhere else in the file */
        snprintf(path, sizeof path, "%s%s", place->path, i ? "-wal" : "");
        FILE *from = fopen(path, "r");
        assert_non_null(from);
        size_t len = fread(file, 1, sizeof file, from);
        fclose(from);
        assert_null(memmem(file, len, token, strlen(token)));
        assert_null(memmem(file, len, key, strlen(key)));
        assert_null(memmem(file, len, password, strlen(password)));
        assert_null(memmem(file, len, session.csrf, strlen(session.csrf)));
    }
}

static void test_audit_is_bounded_and_logins_in_vain_push_out_nothing(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    static struct tale tale;
    struct users_session session;
    struct users_login login;
    char token[USERS_SECRET_SIZE], subject[16];

    for (int i = 0; i < 900; i++) {
        snprintf(subject, sizeof subject, "s%d", i);
        users_audit(users, &console, NOW_MS, "command", subject, "recorded");
        assert_int_equal(users_begin_login(users, "nobody", HOME, NOW_MS + i * HOUR_MS, &login),
                         USERS_OK);
        users_finish_login(users, &login, NOW_MS + i * HOUR_MS, token, &session);
    }
    tale = (struct tale){.last = 0};
    size_t before;
    do {
        before = tale.rows;
        assert_int_equal(users_list_audit(users, tale.last, take, &tale), USERS_OK);
        assert_in_range(tale.rows - before, 0, USERS_LISTED_MAX);
    } while (tale.rows > before);
    assert_in_range(tale.rows, 2 * cheap.audit_rows_max, 2 * cheap.audit_rows_max + 256);
    for (int i = 700; i < 900; i++) {
        snprintf(subject, sizeof subject, " s%d ", i);
        assert_non_null(strstr(tale.text, subject));
    }
    assert_null(strstr(tale.text, " s0 "));
}

/* ---- how long it takes ---- */

static void test_a_look_up_takes_microseconds(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    struct users_session session;
    char token[USERS_SECRET_SIZE];
    struct timespec from, to;

    come(users, NOW_MS, token, &session);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    for (int i = 0; i < 5000; i++)
        assert_session(users, token, NOW_MS, USERS_OK);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    int64_t ns = (to.tv_sec - from.tv_sec) * 1000000000 + (to.tv_nsec - from.tv_nsec);
    print_message("a session is looked up in %lld ns\n", (long long)ns / 5000);
    assert_true(ns / 5000 < 1000000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_a_session_ends_idle_and_absolutely),
        TEST(test_tokens),
        TEST(test_the_oldest_session_makes_room),
        TEST(test_whatever_changes_of_a_user_ends_his_sessions),
        TEST(test_a_user_chooses_a_new_password),
        TEST(test_a_key_holds_until_it_is_revoked_elsewhere),
        TEST(test_keys_are_bounded),
        TEST(test_audit_tells_what_was_done_and_no_secret),
        TEST(test_audit_is_bounded_and_logins_in_vain_push_out_nothing),
        TEST(test_a_look_up_takes_microseconds),
    };

    if (sodium_init() < 0) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
