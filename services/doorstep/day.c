/* SPDX-License-Identifier: MIT */
#include "doorstep/day.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "domain/limits.h"
#include "wire/json.h"

enum { ARENA = 8 * 1024 * 1024 };

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
    ret->type = (int)command->body_case;
}

static int convert(const json_t *line, struct day_line *ret, struct day_fault *why,
                   bool *ret_wrapped)
{
    static struct ds_arena arena; /* one line at a time */

    if (!arena.bytes) ds_arena_init(&arena, ARENA);
    ds_arena_reset(&arena);
    const json_t *object = split(line, &ret->send_at_ms, ret_wrapped, &why->fault);
    if (!object) return -1;
    const char *id = json_string_value(json_object_get(object, "id"));
    if (id && ds_check_id(id)) ds_copy(why->id, sizeof why->id, id);
    Ds__Command *command =
        (Ds__Command *)ds_json_to(&ds__command__descriptor, object, &arena, &why->fault);
    if (!command) return -1;
    if (!*ret_wrapped) ret->send_at_ms = command->made_at_ms;
    day_pack(command, ret);
    return 0;
}

/* Where the field stands that is wrong. */
static int column_of(const char *text, size_t len, const char *field, bool wrapped)
{
    char path[sizeof "command." + sizeof((struct ds_fault *)0)->field];

    snprintf(path, sizeof path, "%s%s", wrapped ? "command." : "", field);
    return ds_json_column(text, len, path);
}

int day_read_line(uint32_t number, const char *text, size_t len, struct day_line *ret,
                  struct day_fault *why)
{
    bool wrapped = false;
    int line;

    *ret = (struct day_line){.number = number};
    *why = (struct day_fault){.column = 1};
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    if (len == 0 || text[0] == '#') return 0;
    if (len > DAY_LINE_MAX) {
        why->fault = fault_of(DS_CODE_TOO_LARGE, "", "2 MiB a line");
        return -1;
    }
    json_t *object = ds_json_load(text, len, &why->fault, &line, &why->column);
    if (!object) return -1;
    int status = convert(object, ret, why, &wrapped);
    if (status != 0) why->column = column_of(text, len, why->fault.field, wrapped);
    json_decref(object);
    return status;
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

static int fail_line(const struct cli *cli, const char *file, uint32_t number,
                     const struct day_fault *why)
{
    char text[512];

    ds_code_text(text, sizeof text, cli->lang, why->fault.code, why->fault.field,
                 why->fault.expected);
    fprintf(stderr, "%s:%u:%d: %s: %s\n", file, number, why->column, ds_code_name(why->fault.code),
            text);
    return EXIT_REJECTED;
}

int day_read(struct cli *cli, const char *path, struct day *day)
{
    size_t len = 0;
    char *text = cli_read_file(cli, path, DAY_BYTES_MAX, &len);
    int code = text ? EXIT_FINE : EXIT_USAGE;
    struct day_fault why;
    uint32_t number = 1;

    *day = (struct day){0};
    for (char *at = text; at && at < text + len && code == EXIT_FINE; number++) {
        char *end = memchr(at, '\n', (size_t)(text + len - at));
        size_t n = end ? (size_t)(end - at) : (size_t)(text + len - at);
        struct day_line line;
        if (day_read_line(number, at, n, &line, &why) != 0)
            code = fail_line(cli, path, number, &why);
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
