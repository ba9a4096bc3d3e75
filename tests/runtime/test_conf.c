/* SPDX-License-Identifier: MIT
 *
 * doorstep.yaml: defaults, the bounds of every row, and mistakes that are told with their place. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/conf.h"

struct fixture {
    char dir[32];
    char path[64];
    struct rt_conf conf;
    char *said; /* owned; what the last load printed */
    size_t said_len;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    if (!f) return -1;
    snprintf(f->dir, sizeof f->dir, "/tmp/dsXXXXXX");
    if (!mkdtemp(f->dir)) return -1;
    snprintf(f->path, sizeof f->path, "%s/doorstep.yaml", f->dir);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    (void)unlink(f->path);
    (void)rmdir(f->dir);
    free(f->said);
    free(f);
    return 0;
}

/* ---- loading ---- */

static int load_dir(struct fixture *f, const char *dir)
{
    free(f->said);
    f->said = NULL;
    FILE *err = open_memstream(&f->said, &f->said_len);
    assert_non_null(err);
    memset(&f->conf, 0xee, sizeof f->conf); /* nothing is left as it was */
    int status = rt_conf_load(&f->conf, dir, err);
    assert_int_equal(fclose(err), 0);
    assert_int_equal(status, f->said_len > 0 ? -1 : 0); /* a mistake is always told */
    return status;
}

static int load_bytes(struct fixture *f, const char *text, size_t len)
{
    FILE *file = fopen(f->path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    return load_dir(f, f->dir);
}

static int load(struct fixture *f, const char *text)
{
    return load_bytes(f, text, strlen(text));
}

/* ---- the rows ---- */

#define AT(field) offsetof(struct rt_conf, field)

struct expected_row {
    const char *key;
    size_t at;
    bool is_bool;
    int64_t standard;
};

static const struct expected_row rows[] = {
    {"partitions", AT(partitions), false, 16},
    {"receipts_max", AT(receipts_max), false, 2000000},
    {"entities_max", AT(entities_max), false, 2000000},
    {"store_timeout", AT(store_timeout_ms), false, 5000},
    {"phone_silence", AT(phone_silence_ms), false, 60000},
    {"busy_memory", AT(busy_memory_percent), false, 90},
    {"bus", AT(bus), true, 1},
    {"log_debug", AT(log_debug), true, 0},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static const struct expected_row *row_of(const char *key)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].key, key) == 0) return &rows[i];
    fail_msg("no row %s", key);
    return NULL;
}

static int64_t value_of(const struct rt_conf *conf, const struct expected_row *row)
{
    const char *at = (const char *)conf + row->at;

    return row->is_bool ? *(const bool *)at : *(const int64_t *)(const void *)at;
}

static void check_defaults(const struct fixture *f)
{
    for (size_t i = 0; i < ROWS; i++)
        assert_true(value_of(&f->conf, &rows[i]) == rows[i].standard);
}

static void test_defaults(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(load(f, "run: /tmp/x\n"), 0);
    check_defaults(f);
    assert_string_equal(f->conf.run, "/tmp/x");
    assert_string_equal(f->conf.redis_socket, "/tmp/x/redis.sock");
    assert_string_equal(f->conf.dir, f->dir);
    assert_int_equal(load(f, "redis_socket: /var/r.sock\nrun: /tmp/x\n"), 0);
    assert_string_equal(f->conf.redis_socket, "/var/r.sock");
}

static void test_bounds_of_every_row(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *key, *value;
        int64_t read; /* -1: refused */
    } cases[] = {
        {"partitions", "1", 1},
        {"partitions", "256", 256},
        {"partitions", "0", -1},
        {"partitions", "257", -1},
        {"partitions", "-1", -1},
        {"partitions", "4294967312", -1}, /* 16, if somebody cut it to 32 bits */
        {"receipts_max", "1000", 1000},
        {"receipts_max", "50000000", 50000000},
        {"receipts_max", "999", -1},
        {"receipts_max", "50000001", -1},
        {"entities_max", "1000", 1000},
        {"entities_max", "100000000", 100000000},
        {"entities_max", "999", -1},
        {"entities_max", "100000001", -1},
        {"busy_memory", "10", 10},
        {"busy_memory", "100", 100},
        {"busy_memory", "9", -1},
        {"busy_memory", "101", -1},
        {"store_timeout", "1s", 1000},
        {"store_timeout", "60s", 60000},
        {"store_timeout", "1m", 60000},
        {"store_timeout", "61s", -1},
        {"store_timeout", "0s", -1},
        {"store_timeout", "1d", -1},
        {"store_timeout", "5", -1},
        {"bus", "true", 1},
        {"bus", "false", 0},
        {"bus", "yes", -1},
        {"bus", "1", -1},
        {"log_debug", "true", 1},
        {"log_debug", "false", 0},
        {"log_debug", "maybe", -1},
    };
    char text[128], place[64];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "run: /tmp/x\n%s: %s\n", cases[i].key, cases[i].value);
        int status = load(f, text);
        if (status != (cases[i].read < 0 ? -1 : 0)) fail_msg("%s", text);
        const struct expected_row *row = row_of(cases[i].key);
        snprintf(place, sizeof place, "doorstep.yaml:2:%zu: %s: ", strlen(row->key) + 3, row->key);
        if (status == 0)
            assert_true(value_of(&f->conf, row) == cases[i].read);
        else
            assert_memory_equal(f->said, place, strlen(place));
    }
}

/* The address of a socket has 108 bytes, and names of sockets follow the run directory. */
static void test_paths(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *key;
        size_t longest;
    } cases[] = {{"run", 76}, {"redis_socket", 107}};
    char path[200], text[300];

    for (size_t i = 0; i < 2; i++)
        for (size_t over = 0; over < 2; over++) {
            memset(path, 'p', sizeof path);
            path[0] = '/';
            path[cases[i].longest + over] = '\0';
            snprintf(text, sizeof text, "%s%s: %s\n", i == 0 ? "" : "run: /tmp/x\n", cases[i].key,
                     path);
            assert_int_equal(load(f, text), over ? -1 : 0);
            if (!over) assert_string_equal(i == 0 ? f->conf.run : f->conf.redis_socket, path);
        }
    path[76] = '\0';
    snprintf(text, sizeof text, "run: %s\n", path);
    assert_int_equal(load(f, text), 0);
    snprintf(text, sizeof text, "%s/redis.sock", path);
    assert_string_equal(f->conf.redis_socket, text);
    assert_int_equal(load(f, "run: tmp/x\n"), -1);
    assert_int_equal(load(f, "run: ''\n"), -1);
    assert_int_equal(load(f, "run: /tmp/x\nredis_socket: redis.sock\n"), -1);
    assert_non_null(strstr(f->said, "doorstep.yaml:2:15: redis_socket: "));
}

/* ---- mistakes ---- */

static void test_mistakes_have_a_place(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text, *said; /* said: the beginning of it */
    } cases[] = {
        {"partitions: 3\n", "doorstep.yaml:1:1: \"run\" is missing"},
        {"", "doorstep.yaml:1:1: "},
        {"- run\n", "doorstep.yaml:1:1: "},
        {"run: [/tmp/x]\n", "doorstep.yaml:1:6: run: "},
        {"run: /tmp/x\nrun: /tmp/x\n", "doorstep.yaml:2:1: run: "},
        {"run: /tmp/x\npartitions:\n", "doorstep.yaml:2:12: partitions: "},
        {"run: /tmp/x\npartitions: 3.5\n", "doorstep.yaml:2:13: partitions: "},
        {"run: \"/tmp/x\n", "doorstep.yaml:2:1: "},
        {"run: /tmp/x\n# caf\xe9\n", "doorstep.yaml:2:6: "},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(load(f, cases[i].text), -1);
        if (strncmp(f->said, cases[i].said, strlen(cases[i].said)) != 0)
            fail_msg("case %zu: %s", i, f->said);
    }
    assert_int_equal(load_bytes(f, "run: /tmp/\0x\n", 13), -1);
}

static void test_unknown_keys_get_a_suggestion(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(load(f, "run: /tmp/x\nbuss: true\n"), -1);
    assert_memory_equal(f->said, "doorstep.yaml:2:1: buss: ", 25);
    assert_non_null(strstr(f->said, "did you mean \"bus\"?"));
    assert_non_null(strstr(f->said, "store_timeout")); /* and all that are known */
}

/* Every mistake at once: nobody likes to be told one after the other. */
static void test_all_mistakes_are_told(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(load(f, "partitions: 0\nreceipts_max: 1\nbus: 3\nrun: x\n"), -1);
    for (const char *const *place =
             (const char *const[]){
                 "doorstep.yaml:1:13: partitions: ", "doorstep.yaml:2:15: receipts_max: ",
                 "doorstep.yaml:3:6: bus: ", "doorstep.yaml:4:6: run: ", NULL};
         *place; place++)
        assert_non_null(strstr(f->said, *place));
}

static void test_files_that_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    char *large = malloc(600000);

    assert_int_equal(load_dir(f, f->dir), -1); /* there is none yet */
    assert_non_null(strstr(f->said, f->path));
    assert_non_null(strstr(f->said, strerror(ENOENT)));
    assert_int_equal(load_dir(f, "/tmp/ds-no-such-directory"), -1);
    assert_non_null(large);
    memset(large, '#', 600000);
    assert_int_equal(load_bytes(f, large, 600000), -1);
    assert_memory_equal(f->said, "doorstep.yaml:1:1: ", 19);
    free(large);
}

/* ---- the file that is written ---- */

static void test_the_written_file_loads(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(rt_conf_write_default(f->path, "/tmp/x", 4), 0);
    assert_int_equal(load_dir(f, f->dir), 0);
    assert_int_equal(f->conf.partitions, 4);
    assert_string_equal(f->conf.run, "/tmp/x");
    assert_string_equal(f->conf.redis_socket, "/tmp/x/redis.sock");
    f->conf.partitions = 16;
    check_defaults(f);
    errno = 0;
    assert_int_equal(rt_conf_write_default(f->path, "/tmp/y", 5), -1); /* never over another */
    assert_int_equal(errno, EEXIST);
    assert_int_equal(load_dir(f, f->dir), 0);
    assert_string_equal(f->conf.run, "/tmp/x");
}

/* Without the comment signs the defaults are what they say. */
static void test_the_comments_are_true(void **state)
{
    struct fixture *f = *state;
    char line[256], text[4096] = "";
    uint32_t uncommented = 0;

    assert_int_equal(rt_conf_write_default(f->path, "/tmp/x", 16), 0);
    FILE *file = fopen(f->path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        bool row = line[0] == '#' && line[1] != ' ' && strncmp(line, "#redis_socket", 13) != 0;
        uncommented += row;
        strncat(text, line + row, sizeof text - strlen(text) - 1);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(uncommented,
                     ROWS); /* listen too; not partitions, which stands there already */
    assert_int_equal(load(f, text), 0);
    check_defaults(f);
}

/* Every row is printed, with its bounds, and none that this test does not know. */
static void test_printed_rows(void **state)
{
    static const char *const expected[] = {
        "run:",
        "redis_socket: RUN/redis.sock",
        "listen: 127.0.0.1:8420",
        "partitions: 16",
        "receipts_max: 2000000",
        "entities_max: 2000000",
        "store_timeout: 5s",
        "busy_memory: 90",
        "phone_silence: 60s",
        "bus: true",
        "log_debug: false",
    };
    static const char *const bounds[] = {"(1 to 256 partitions)", "(1000 to 50000000 receipts)",
                                         "(1000 to 100000000 entities)", " to 60s)",
                                         "(10 to 100 percent of maxmemory)"};
    char *text = NULL;
    size_t len = 0, rows_seen = 0;
    FILE *to = open_memstream(&text, &len);

    (void)state;
    assert_non_null(to);
    rt_conf_print_rows(to);
    assert_int_equal(fclose(to), 0);
    for (const char *at = text; (at = strstr(at, "\n#")); at++) {
        if (at[2] == ' ') continue;
        assert_true(rows_seen < sizeof expected / sizeof expected[0]);
        const char *row = expected[rows_seen++];
        assert_memory_equal(at + 2, row, strlen(row));
    }
    assert_int_equal(rows_seen, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        assert_non_null(strstr(text, bounds[i]));
    free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_defaults),
        TEST(test_bounds_of_every_row),
        TEST(test_paths),
        TEST(test_mistakes_have_a_place),
        TEST(test_unknown_keys_get_a_suggestion),
        TEST(test_all_mistakes_are_told),
        TEST(test_files_that_cannot_be_read),
        TEST(test_the_written_file_loads),
        TEST(test_the_comments_are_true),
        TEST(test_printed_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
