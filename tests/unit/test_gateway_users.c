/* SPDX-License-Identifier: MIT
 *
 * Users, sessions, keys and audit of the gateway, on a real file. Hashes are cheap here, except
 * where their cost is the question. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>
#include <sqlite3.h>

#include "gateway/users.h"

#define MINUTE_MS INT64_C(60000)
#define NOW_MS    INT64_C(1172707200000)
#define HOME      "192.0.2.1"
#define FAR       "198.51.100.7"

static const struct users_settings cheap = {
    .hash_ops = 1, .hash_bytes = 8192, .audit_rows_max = 1000, .failure_rows_max = 50};
static const struct users_actor console = {"console", ""};
static const char password[] = "correct horse";

struct place {
    char dir[32], path[64];
    struct users *users;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    strcpy(place->dir, "/tmp/dsusersXXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->path, sizeof place->path, "%s/gateway.sqlite", place->dir);
    assert_int_equal(users_open(place->path, &cheap, &place->users), USERS_OK);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    struct place *place = *state;
    char path[80];

    users_close(place->users);
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", place->path, ends[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(place->dir), 0);
    free(place);
    return 0;
}

static enum users_result make(struct users *users, const char *name, enum gateway_role role,
                              const char *person)
{
    struct user user = {.role = role};
    char hash[USERS_HASH_SIZE];

    snprintf(user.name, sizeof user.name, "%s", name);
    snprintf(user.person, sizeof user.person, "%s", person);
    assert_int_equal(users_hash(&cheap, password, hash), USERS_OK);
    return users_new(users, &user, hash, &console, NOW_MS);
}

static enum users_result come(struct users *users, const char *name, const char *said,
                              const char *from, int64_t now_ms, char *token)
{
    char unused[USERS_SECRET_SIZE];
    struct users_session session;
    struct users_login login;

    enum users_result result = users_begin_login(users, name, from, now_ms, &login);
    if (result != USERS_OK) return result;
    users_verify(&login, said);
    return users_finish_login(users, &login, now_ms, token ? token : unused, &session);
}

/* ---- the file ---- */

static void test_the_file_is_its_owners_alone(void **state)
{
    struct place *place = *state;
    struct users *other = NULL;
    struct stat st;
    char wal[80];

    assert_int_equal(make(place->users, "admin", GATEWAY_ADMIN, ""), USERS_OK);
    assert_int_equal(stat(place->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    snprintf(wal, sizeof wal, "%s-wal", place->path);
    assert_int_equal(stat(wal, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(chmod(place->path, 0640), 0);
    assert_int_equal(users_open(place->path, &cheap, &other), USERS_EXPOSED);
    assert_null(other);
}

static void run_sql(const char *path, const char *text)
{
    sqlite3 *sqlite;

    assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sqlite, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sqlite);
}

static void test_a_newer_file_is_refused_and_stays(void **state)
{
    struct place *place = *state;
    struct users *other = NULL;

    run_sql(place->path, "PRAGMA user_version=2");
    assert_int_equal(users_open(place->path, &cheap, &other), USERS_NEWER);
    run_sql(place->path, "PRAGMA user_version=1");
    assert_int_equal(users_open(place->path, &cheap, &other), USERS_OK);
    users_close(other);
}

static void test_a_file_of_somebody_else_is_refused(void **state)
{
    struct place *place = *state;
    struct users *other = NULL;

    run_sql(place->path, "PRAGMA application_id=7");
    assert_int_equal(users_open(place->path, &cheap, &other), USERS_FOREIGN);
    run_sql(place->path, "PRAGMA application_id=0; PRAGMA user_version=0");
    assert_int_equal(users_open(place->path, &cheap, &other), USERS_FOREIGN);
    users_close(place->users);
    place->users = NULL;
    FILE *file = fopen(place->path, "w");
    for (int i = 0; i < 1000; i++)
        fputs("not a database at all\n", file);
    fclose(file);
    assert_int_equal(users_open(place->path, &cheap, &other), USERS_FOREIGN);
    assert_int_equal(users_open("/nowhere/at/all", &cheap, &other), USERS_STORE);
}

/* Of processes that open it first at the same time, one makes it. */
static void test_made_once_by_many(void **state)
{
    struct place *place = *state;
    pid_t pids[8];

    users_close(place->users);
    place->users = NULL;
    unlink(place->path);
    for (int i = 0; i < 8; i++) {
        char name[16];
        snprintf(name, sizeof name, "u%d", i);
        if ((pids[i] = fork()) != 0) continue;
        struct users *users;
        _exit(users_open(place->path, &cheap, &users) == USERS_OK &&
                      make(users, name, GATEWAY_ADMIN, "") == USERS_OK
                  ? 0
                  : 1);
    }
    for (int i = 0; i < 8; i++) {
        int status = -1;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(users_open(place->path, &cheap, &place->users), USERS_OK);
    assert_int_equal(users_count(place->users), 8);
}

/* ---- users ---- */

static void test_forms(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    char long_name[66] = {0};

    memset(long_name, 'x', 64);
    assert_int_equal(make(users, long_name, GATEWAY_BOARD, ""), USERS_OK);
    memset(long_name, 'y', 64);
    static const char *const names[] = {"", "a b", "a/b", "王", "a~b", "a:b"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(make(users, names[i], GATEWAY_ADMIN, ""), USERS_BAD_NAME);
    assert_int_equal(make(users, "a", GATEWAY_ROLE_COUNT, ""), USERS_BAD_ROLE);
    assert_int_equal(make(users, "a", GATEWAY_TECHNICIAN, ""), USERS_BAD_PERSON);
    assert_int_equal(make(users, "a", GATEWAY_TECHNICIAN, "w ang"), USERS_BAD_PERSON);
    assert_int_equal(make(users, "a", GATEWAY_TECHNICIAN, "wang"), USERS_OK);
    assert_int_equal(make(users, "a", GATEWAY_TECHNICIAN, "wang"), USERS_EXISTS);
}

static void test_passwords(void **state)
{
    char text[300] = {0};

    (void)state;
    assert_int_equal(users_check_password("123456789"), USERS_BAD_PASSWORD);
    assert_int_equal(users_check_password("1234567890"), USERS_OK);
    assert_int_equal(users_check_password("一二三四五六七八九"), USERS_BAD_PASSWORD);
    assert_int_equal(users_check_password("一二三四五六七八九十"), USERS_OK);
    assert_int_equal(users_check_password("not utf-8 \xff\xfe"), USERS_BAD_PASSWORD);
    memset(text, 'x', 256);
    assert_int_equal(users_check_password(text), USERS_OK);
    text[256] = 'x';
    assert_int_equal(users_check_password(text), USERS_BAD_PASSWORD);
    assert_int_equal(users_hash(&cheap, text, text), USERS_BAD_PASSWORD);
}

static void test_every_answer_has_words(void **state)
{
    (void)state;
    for (int i = 1; i < USERS_RESULT_COUNT; i++) {
        assert_true(users_code((enum users_result)i)[0]);
        assert_true(users_expected(DS_EN, (enum users_result)i)[0]);
        assert_string_not_equal(users_expected(DS_EN, (enum users_result)i),
                                users_expected(DS_ZH, (enum users_result)i));
    }
    for (int i = 0; i < GATEWAY_ROLE_COUNT; i++)
        assert_int_equal(gateway_role_of(gateway_role_name((enum gateway_role)i)), i);
    assert_int_equal(gateway_role_of("Admin"), GATEWAY_ROLE_COUNT);
}

static void test_the_last_admin_stays(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    enum gateway_role clerk = GATEWAY_CLERK;
    bool yes = true, no = false;
    struct users_change disable = {.disabled = &yes}, enable = {.disabled = &no};
    struct users_change demote = {.role = &clerk, .person = "lin"};
    struct user user;

    assert_int_equal(make(users, "one", GATEWAY_ADMIN, ""), USERS_OK);
    assert_int_equal(users_change(users, "one", &disable, &console, NOW_MS), USERS_LAST_ADMIN);
    assert_int_equal(users_change(users, "one", &demote, &console, NOW_MS), USERS_LAST_ADMIN);
    assert_int_equal(users_find(users, "one", &user), USERS_OK);
    assert_false(user.disabled);
    assert_int_equal(make(users, "two", GATEWAY_ADMIN, ""), USERS_OK);
    assert_int_equal(users_change(users, "two", &disable, &console, NOW_MS), USERS_OK);
    assert_int_equal(users_change(users, "one", &demote, &console, NOW_MS), USERS_LAST_ADMIN);
    assert_int_equal(users_change(users, "two", &enable, &console, NOW_MS), USERS_OK);
    assert_int_equal(users_change(users, "one", &demote, &console, NOW_MS), USERS_OK);
    assert_int_equal(users_change(users, "three", &enable, &console, NOW_MS), USERS_UNKNOWN);
}

/* ---- logging in ---- */

static void test_login_and_hash_of_older_settings(void **state)
{
    struct place *place = *state;
    struct users_settings dearer = cheap;
    char token[USERS_SECRET_SIZE];
    struct users_session session;
    struct users_login login;

    assert_int_equal(make(place->users, "lin", GATEWAY_CLERK, "lin"), USERS_OK);
    assert_int_equal(come(place->users, "lin", "correct horsf", HOME, NOW_MS, NULL),
                     USERS_BAD_LOGIN);
    assert_int_equal(come(place->users, "lin", "", HOME, NOW_MS, NULL), USERS_BAD_LOGIN);
    assert_int_equal(come(place->users, "nobody", password, HOME, NOW_MS, NULL), USERS_BAD_LOGIN);
    users_close(place->users);
    dearer.hash_ops = 2;
    assert_int_equal(users_open(place->path, &dearer, &place->users), USERS_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(users_begin_login(place->users, "lin", HOME, NOW_MS, &login), USERS_OK);
        users_verify(&login, password);
        assert_true(login.right);
        assert_int_equal(login.rehash[0] != '\0', i == 0);
        assert_int_equal(users_finish_login(place->users, &login, NOW_MS, token, &session),
                         USERS_OK);
    }
    assert_string_equal(session.user.person, "lin");
    assert_true(session.user.role == GATEWAY_CLERK);
}

static int64_t cpu_us(struct users_login *login)
{
    struct timespec from, to;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    users_verify(login, "some password");
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    return (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
}

static int by_size(const void *a, const void *b)
{
    return *(const int64_t *)a < *(const int64_t *)b ? -1
                                                     : *(const int64_t *)a > *(const int64_t *)b;
}

/* Work, not time: by it names would be found out, and the machine has other things to do. */
static void test_an_unknown_name_costs_as_much(void **state)
{
    static const struct users_settings real = {.hash_ops = 2, .hash_bytes = 16 << 20};
    struct users_login known = {.settings = real, .known = true}, unknown = {.settings = real};
    int64_t us[2][9];

    (void)state;
    assert_int_equal(users_hash(&real, password, known.hash), USERS_OK);
    for (int i = 0; i < 9; i++) {
        us[0][i] = cpu_us(&known);
        us[1][i] = cpu_us(&unknown);
    }
    for (int i = 0; i < 2; i++)
        qsort(us[i], 9, sizeof us[i][0], by_size);
    print_message("known %lld us, unknown %lld us\n", (long long)us[0][4], (long long)us[1][4]);
    assert_true(us[0][4] * 4 < us[1][4] * 5 && us[1][4] * 4 < us[0][4] * 5);
}

static void test_what_changes_while_a_password_is_compared(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    char hash[USERS_HASH_SIZE], token[USERS_SECRET_SIZE];
    struct users_change change = {.hash = hash};
    struct users_session session;
    struct users_login login;

    assert_int_equal(make(users, "lin", GATEWAY_CLERK, "lin"), USERS_OK);
    assert_int_equal(users_begin_login(users, "lin", HOME, NOW_MS, &login), USERS_OK);
    users_verify(&login, password);
    assert_true(login.right);
    assert_int_equal(users_hash(&cheap, "another horse", hash), USERS_OK);
    assert_int_equal(users_change(users, "lin", &change, &console, NOW_MS), USERS_OK);
    assert_int_equal(users_finish_login(users, &login, NOW_MS, token, &session), USERS_BAD_LOGIN);
}

/* ---- locked out ---- */

static void test_five_in_vain_lock_a_name(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    struct users_login login;
    int64_t now_ms = NOW_MS, spans_ms[8];

    assert_int_equal(make(users, "lin", GATEWAY_CLERK, "lin"), USERS_OK);
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < 5; i++)
            assert_int_equal(come(users, "lin", "wrong", FAR, now_ms, NULL), USERS_BAD_LOGIN);
        assert_int_equal(users_begin_login(users, "lin", FAR, now_ms, &login), USERS_LOCKED_OUT);
        spans_ms[round] = login.locked_until_ms - now_ms;
        /* what is asked meanwhile makes it no longer */
        assert_int_equal(come(users, "lin", password, HOME, login.locked_until_ms - 1, NULL),
                         USERS_LOCKED_OUT);
        now_ms = login.locked_until_ms;
    }
    static const int64_t minutes[] = {1, 2, 4, 8, 16, 32, 60, 60};
    for (int round = 0; round < 8; round++)
        assert_int_equal(spans_ms[round], minutes[round] * MINUTE_MS);
    assert_int_equal(come(users, "lin", password, FAR, now_ms, NULL), USERS_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(come(users, "lin", "wrong", FAR, now_ms, NULL), USERS_BAD_LOGIN);
    now_ms += 15 * MINUTE_MS; /* they no longer count */
    for (int i = 0; i < 4; i++)
        assert_int_equal(come(users, "lin", "wrong", FAR, now_ms, NULL), USERS_BAD_LOGIN);
    assert_int_equal(come(users, "lin", password, FAR, now_ms, NULL), USERS_OK);
}

static void test_many_at_once_gain_nothing(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    struct users_login logins[6];

    assert_int_equal(make(users, "lin", GATEWAY_CLERK, "lin"), USERS_OK);
    for (int i = 0; i < 6; i++)
        assert_int_equal(users_begin_login(users, "lin", FAR, NOW_MS, &logins[i]),
                         i < 5 ? USERS_OK : USERS_LOCKED_OUT);
}

static void test_strangers_do_not_keep_the_admin_out(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    char hash[USERS_HASH_SIZE], address[32];
    struct users_change change = {.hash = hash};

    assert_int_equal(make(users, "admin", GATEWAY_ADMIN, ""), USERS_OK);
    assert_int_equal(come(users, "admin", password, HOME, NOW_MS, NULL), USERS_OK);
    for (int i = 0; i < 60; i++) {
        snprintf(address, sizeof address, "198.51.100.%d", i);
        come(users, "admin", "wrong", address, NOW_MS, NULL);
    }
    assert_int_equal(come(users, "admin", password, FAR, NOW_MS, NULL), USERS_LOCKED_OUT);
    for (int i = 0; i < 40; i++) /* not even with names of others, from where he comes */
        come(users, "nobody", "wrong", HOME, NOW_MS + i * 5 * MINUTE_MS / 10, NULL);
    assert_int_equal(come(users, "admin", password, HOME, NOW_MS, NULL), USERS_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(come(users, "admin", "wrong", HOME, NOW_MS, NULL), USERS_BAD_LOGIN);
    assert_int_equal(come(users, "admin", password, HOME, NOW_MS, NULL), USERS_LOCKED_OUT);
    assert_int_equal(users_hash(&cheap, password, hash), USERS_OK);
    assert_int_equal(users_change(users, "admin", &change, &console, NOW_MS), USERS_OK);
    assert_int_equal(come(users, "admin", password, HOME, NOW_MS, NULL), USERS_OK);
}

static void test_an_address_is_bounded(void **state)
{
    struct users *users = ((struct place *)*state)->users;
    char name[16], address[48];

    assert_int_equal(make(users, "lin", GATEWAY_CLERK, "lin"), USERS_OK);
    for (int i = 0; i < 30; i++) { /* one of IPv6 has all of its /64 */
        snprintf(name, sizeof name, "n%d", i);
        snprintf(address, sizeof address, "2001:db8::%d", i + 1);
        assert_int_equal(come(users, name, "wrong", address, NOW_MS, NULL), USERS_BAD_LOGIN);
    }
    assert_int_equal(come(users, "lin", password, "2001:db8::ffff", NOW_MS, NULL),
                     USERS_LOCKED_OUT);
    assert_int_equal(come(users, "lin", password, "2001:db8:0:1::1", NOW_MS, NULL), USERS_OK);
}

static void test_failures_are_bounded(void **state)
{
    struct place *place = *state;
    char name[16], address[32];
    sqlite3 *sqlite;
    sqlite3_stmt *row;

    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "n%d", i);
        snprintf(address, sizeof address, "203.0.113.%d", i);
        come(place->users, name, "wrong", address, NOW_MS + i, NULL);
    }
    assert_int_equal(sqlite3_open(place->path, &sqlite), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(sqlite, "SELECT count(*) FROM failures", -1, &row, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(row, 0), cheap.failure_rows_max);
    sqlite3_finalize(row);
    sqlite3_close(sqlite);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_the_file_is_its_owners_alone),
        TEST(test_a_newer_file_is_refused_and_stays),
        TEST(test_a_file_of_somebody_else_is_refused),
        TEST(test_made_once_by_many),
        TEST(test_forms),
        TEST(test_passwords),
        TEST(test_every_answer_has_words),
        TEST(test_the_last_admin_stays),
        TEST(test_login_and_hash_of_older_settings),
        TEST(test_an_unknown_name_costs_as_much),
        TEST(test_what_changes_while_a_password_is_compared),
        TEST(test_five_in_vain_lock_a_name),
        TEST(test_many_at_once_gain_nothing),
        TEST(test_strangers_do_not_keep_the_admin_out),
        TEST(test_an_address_is_bounded),
        TEST(test_failures_are_bounded),
    };

    if (sodium_init() < 0) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
