/* SPDX-License-Identifier: MIT */
#include "runtime/conf.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "rulebook/yaml.h"
#include "text/text.h"

enum row_type { ROW_PATH, ROW_ADDRESS, ROW_INT, ROW_DURATION, ROW_BOOL };

struct row {
    const char *key;
    enum row_type type;
    const char *unit;
    int64_t min;
    int64_t max;
    int64_t standard; /* default; for paths see text */
    const char *text; /* default of a path; "" = must be said */
    size_t offset;
    const char *sentence;
};

#define AT(field) offsetof(struct rt_conf, field)

static const struct row rows[] = {
    {"run", ROW_PATH, "", 1, RT_PATH_MAX - 32, 0, "", AT(run),
     "directory of sockets and locks, mode 0700, as short as possible"},
    {"redis_socket", ROW_PATH, "", 1, RT_PATH_MAX - 1, 0, "RUN/redis.sock", AT(redis_socket),
     "unix socket of the Redis that holds this installation"},
    {"listen", ROW_ADDRESS, "", 1, 31, 0, "127.0.0.1:8420", AT(listen),
     "address:port of the gateway (when it is taken, any free port), or off"},
    {"partitions", ROW_INT, "partitions", 1, 256, 16, "", AT(partitions),
     "fixed when the data directory is made; checked against Redis"},
    {"receipts_max", ROW_INT, "receipts", 1000, 50000000, 2000000, "", AT(receipts_max),
     "commands whose retries are recognised (26 hours); beyond it the door says busy"},
    {"entities_max", ROW_INT, "entities", 1000, 100000000, 2000000, "", AT(entities_max),
     "live tickets, customers, calls of a partition; beyond it registrations are refused"},
    {"store_timeout", ROW_DURATION, "time", 100, 60000, 5000, "", AT(store_timeout_ms),
     "silence after which the connection to Redis is made anew"},
    {"busy_memory", ROW_INT, "percent of maxmemory", 10, 100, 90, "", AT(busy_memory_percent),
     "the door says busy above this share of Redis's memory"},
    {"phone_silence", ROW_DURATION, "time", 1000, 3600000, 60000, "", AT(phone_silence_ms),
     "a telephone system that sends heartbeats was away when it was silent for longer than this"},
    {"bus", ROW_BOOL, "", 0, 1, 1, "", AT(bus),
     "publish events over ZeroMQ; off: services read each other's journals every 200 ms"},
    {"log_debug", ROW_BOOL, "", 0, 1, 0, "", AT(log_debug), "log every decision, not only alarms"},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void set_default(struct rt_conf *conf, const struct row *row)
{
    char *at = (char *)conf + row->offset;

    switch (row->type) {
    case ROW_PATH: *at = '\0'; return;
    case ROW_ADDRESS: strcpy(at, row->text); return; /* ours, and short */
    case ROW_INT:
    case ROW_DURATION: *(int64_t *)(void *)at = row->standard; return;
    case ROW_BOOL: *(bool *)at = row->standard != 0; return;
    }
}

static void read_path(struct ds_yaml *doc, const struct ds_yaml_node *node, const struct row *row,
                      char *at)
{
    const char *text;
    char expected[64];

    if (!ds_yaml_text(doc, node, &text)) return;
    if (text[0] != '/' || (int64_t)strlen(text) > row->max) {
        snprintf(expected, sizeof expected, "%lld", (long long)row->max);
        ds_yaml_problem(doc, node, "bad_path", expected);
        return;
    }
    strcpy(at, text); /* bounded just above */
}

static void read_address(struct ds_yaml *doc, const struct ds_yaml_node *node,
                         const struct row *row, char *at)
{
    const char *text;
    unsigned a, b, c, d, port;
    char end;

    if (!ds_yaml_text(doc, node, &text)) return;
    bool fine = sscanf(text, "%3u.%3u.%3u.%3u:%5u%c", &a, &b, &c, &d, &port, &end) == 5 &&
                a < 256 && b < 256 && c < 256 && d < 256 && port < 65536;
    if ((!fine && strcmp(text, "off") != 0) || (int64_t)strlen(text) > row->max) {
        ds_yaml_problem(doc, node, "bad_value", "127.0.0.1:8420 or off");
        return;
    }
    strcpy(at, text); /* bounded just above */
}

static void read_row(struct ds_yaml *doc, const struct ds_yaml_node *node, const struct row *row,
                     struct rt_conf *conf)
{
    char *at = (char *)conf + row->offset;
    char expected[64];
    int64_t number;

    if (!node) return;
    switch (row->type) {
    case ROW_PATH: read_path(doc, node, row, at); return;
    case ROW_ADDRESS: read_address(doc, node, row, at); return;
    case ROW_INT: ds_yaml_int(doc, node, row->min, row->max, (int64_t *)(void *)at); return;
    case ROW_BOOL: ds_yaml_bool(doc, node, (bool *)at); return;
    case ROW_DURATION:
        if (!ds_yaml_duration(doc, node, false, &number)) return;
        if (number >= row->min && number <= row->max) {
            *(int64_t *)(void *)at = number;
            return;
        }
        snprintf(expected, sizeof expected, "%lldms..%llds", (long long)row->min,
                 (long long)row->max / 1000);
        ds_yaml_problem(doc, node, "out_of_range", expected);
        return;
    }
}

static void read_rows(struct ds_yaml *doc, struct rt_conf *conf)
{
    const char *keys[ROWS + 1] = {NULL};

    for (size_t i = 0; i < ROWS; i++)
        keys[i] = rows[i].key;
    if (!ds_yaml_mapping(doc, ds_yaml_root(doc), keys)) return;
    for (size_t i = 0; i < ROWS; i++)
        read_row(doc, ds_yaml_get(ds_yaml_root(doc), rows[i].key), &rows[i], conf);
    if (!conf->run[0]) ds_yaml_need(doc, ds_yaml_root(doc), "run");
}

static char *read_file(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;

    if (!file) return NULL;
    text = malloc(DS_RULEBOOK_BYTES_MAX + 1);
    *ret_len = text ? fread(text, 1, DS_RULEBOOK_BYTES_MAX + 1, file) : 0;
    fclose(file);
    return text;
}

int rt_conf_load(struct rt_conf *conf, const char *dir, FILE *err)
{
    static struct ds_problems problems;
    enum ds_lang lang = ds_lang_from_env();
    char path[600], line[512];
    size_t len = 0;

    problems = (struct ds_problems){0};
    for (size_t i = 0; i < ROWS; i++)
        set_default(conf, &rows[i]);
    snprintf(conf->dir, sizeof conf->dir, "%s", dir);
    snprintf(path, sizeof path, "%s/doorstep.yaml", dir);
    char *text = read_file(path, &len);
    if (!text) {
        fprintf(err, "%s: %s\n", path, ds_errno_text(lang, errno));
        return -1;
    }
    struct ds_yaml *doc = ds_yaml_parse(text, len, "doorstep.yaml", &problems);
    if (doc) read_rows(doc, conf);
    ds_yaml_destroy(doc);
    free(text);
    if (!conf->redis_socket[0])
        snprintf(conf->redis_socket, sizeof conf->redis_socket, "%.*s/redis.sock", RT_PATH_MAX - 16,
                 conf->run);
    for (uint32_t i = 0; i < problems.n; i++) {
        ds_problem_format(line, sizeof line, &problems.list[i], lang == DS_ZH);
        fprintf(err, "%s\n", line);
    }
    return problems.n ? -1 : 0;
}

static void print_row(FILE *to, const struct row *row, const char *value)
{
    fprintf(to, "# %s", row->sentence);
    if (row->type == ROW_INT)
        fprintf(to, " (%lld to %lld %s)", (long long)row->min, (long long)row->max, row->unit);
    if (row->type == ROW_DURATION)
        fprintf(to, " (%lldms to %llds)", (long long)row->min, (long long)row->max / 1000);
    fprintf(to, "\n");
    if (value)
        fprintf(to, "%s: %s\n", row->key, value);
    else if (row->type == ROW_PATH || row->type == ROW_ADDRESS)
        fprintf(to, "#%s: %s\n", row->key, row->text);
    else if (row->type == ROW_BOOL)
        fprintf(to, "#%s: %s\n", row->key, row->standard ? "true" : "false");
    else if (row->type == ROW_DURATION)
        fprintf(to, "#%s: %llds\n", row->key, (long long)row->standard / 1000);
    else
        fprintf(to, "#%s: %lld\n", row->key, (long long)row->standard);
}

void rt_conf_print_rows(FILE *to)
{
    for (size_t i = 0; i < ROWS; i++)
        print_row(to, &rows[i], NULL);
}

int rt_conf_write_default(const char *path, const char *run, uint32_t partitions)
{
    FILE *file = fopen(path, "wxe");
    char count[16];

    if (!file) return -1;
    snprintf(count, sizeof count, "%u", partitions);
    fprintf(file, "# Runtime settings of this Doorstep data directory. Uncomment to change.\n");
    for (size_t i = 0; i < ROWS; i++) {
        const char *value = NULL;
        if (strcmp(rows[i].key, "run") == 0) value = run;
        if (strcmp(rows[i].key, "partitions") == 0) value = count;
        print_row(file, &rows[i], value);
    }
    if (fclose(file) != 0) return -1;
    return 0;
}
