/* SPDX-License-Identifier: MIT */
#include "doorstep/day.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/limits.h"
#include "wire/json.h"

enum { ARENA = 8 * 1024 * 1024 };

static int fail_line(const char *file, uint32_t number, enum ds_lang lang,
                     const struct ds_fault *fault)
{
    char text[512];

    ds_code_text(text, sizeof text, lang, fault->code, fault->field, fault->expected);
    fprintf(stderr, "%s:%u: %s: %s\n", file, number, ds_code_name(fault->code), text);
    return -1;
}

static struct ds_fault fault_of(enum ds_code code, const char *field, const char *expected)
{
    struct ds_fault fault = {.code = code};

    snprintf(fault.field, sizeof fault.field, "%s", field);
    snprintf(fault.expected, sizeof fault.expected, "%s", expected);
    return fault;
}

/* {"send_at":...,"command":{...}} or a bare command. NULL with fault when it is neither. */
static const json_t *split(const json_t *line, int64_t *send_at_ms, bool *has_send_at,
                           struct ds_fault *fault)
{
    const json_t *command = json_object_get(line, "command");
    const json_t *send_at = json_object_get(line, "send_at");

    *has_send_at = false;
    if (!command && !send_at) return line;
    if (!command || !send_at || json_object_size(line) != 2 || !json_is_object(command)) {
        *fault = fault_of(DS_CODE_BAD_JSON, "", "an object with send_at and command, or a command");
        return NULL;
    }
    const char *text = json_string_value(send_at);
    if (!text || strlen(text) != json_string_length(send_at) ||
        ds_rfc3339_parse(text, send_at_ms) != 0) {
        *fault = fault_of(DS_CODE_BAD_VALUE, "send_at", "an RFC 3339 instant");
        return NULL;
    }
    *has_send_at = true;
    return command;
}

void day_pack(const Ds__Command *command, struct day_line *ret)
{
    free(ret->bytes);
    ret->len = ds__command__get_packed_size(command);
    ret->bytes = malloc(ret->len + 1);
    if (!ret->bytes) abort();
    ds__command__pack(command, ret->bytes);
}

static int convert(const json_t *line, struct day_line *ret, struct ds_fault *fault)
{
    static struct ds_arena arena; /* one line at a time */
    bool has_send_at;

    if (!arena.bytes) ds_arena_init(&arena, ARENA);
    ds_arena_reset(&arena);
    const json_t *object = split(line, &ret->send_at_ms, &has_send_at, fault);
    if (!object) return -1;
    Ds__Command *command =
        (Ds__Command *)ds_json_to(&ds__command__descriptor, object, &arena, fault);
    if (!command) return -1;
    if (!has_send_at) ret->send_at_ms = command->made_at_ms;
    day_pack(command, ret);
    return 0;
}

int day_read_line(const struct cli *cli, const char *file, uint32_t number, const char *text,
                  size_t len, struct day_line *ret)
{
    struct ds_fault fault = {0};
    json_error_t error;

    *ret = (struct day_line){.number = number};
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    if (len == 0 || text[0] == '#') return 0;
    if (len > DAY_LINE_MAX) {
        fault = fault_of(DS_CODE_TOO_LARGE, "", "2 MiB a line");
        return fail_line(file, number, cli->lang, &fault);
    }
    /* with NUL allowed, the reader can say which field has it */
    json_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!line || !json_is_object(line)) {
        char expected[300];
        snprintf(expected, sizeof expected, "column %d: %s", line ? 1 : error.column,
                 line ? "an object is expected" : error.text);
        fault = fault_of(DS_CODE_BAD_JSON, "", expected);
        json_decref(line);
        return fail_line(file, number, cli->lang, &fault);
    }
    int status = convert(line, ret, &fault);
    json_decref(line);
    return status == 0 ? 0 : fail_line(file, number, cli->lang, &fault);
}

static void push(struct day *day, const struct day_line *line)
{
    if (day->n == day->cap) {
        day->cap = day->cap ? day->cap * 2 : 256;
        day->lines = realloc(day->lines, day->cap * sizeof *day->lines);
        if (!day->lines) abort();
    }
    day->lines[day->n++] = *line;
}

static int by_time(const void *a, const void *b)
{
    const struct day_line *one = a, *two = b;

    if (one->send_at_ms != two->send_at_ms) return one->send_at_ms < two->send_at_ms ? -1 : 1;
    return one->number < two->number ? -1 : one->number > two->number;
}

int day_read(struct cli *cli, const char *path, struct day *day)
{
    size_t len = 0;
    char *text = cli_read_file(cli, path, DAY_BYTES_MAX, &len);
    int code = text ? EXIT_FINE : EXIT_USAGE;
    uint32_t number = 1;

    *day = (struct day){0};
    for (char *at = text; at && at < text + len && code == EXIT_FINE; number++) {
        char *end = memchr(at, '\n', (size_t)(text + len - at));
        size_t n = end ? (size_t)(end - at) : (size_t)(text + len - at);
        struct day_line line;
        if (day_read_line(cli, path, number, at, n, &line) != 0)
            code = EXIT_REJECTED;
        else if (line.bytes)
            push(day, &line);
        at += n + 1;
    }
    free(text);
    if (day->n > 0) qsort(day->lines, day->n, sizeof day->lines[0], by_time);
    return code;
}

void day_finish(struct day *day)
{
    for (size_t i = 0; i < day->n; i++)
        free(day->lines[i].bytes);
    free(day->lines);
    *day = (struct day){0};
}
