/* SPDX-License-Identifier: MIT
 *
 * From a request to a command line: which values its route takes, and how the answer is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"
#include "gateway/gateway.h"
#include "gateway/paper_priv.h"
#include "gateway/routes.h"

static const struct paper_format formats[] = {
    {0, "json", "--json", NULL, "application/json", NULL},
    {PAPER_TEXT, "text", NULL, NULL, "text/plain; charset=utf-8", NULL},
    {PAPER_CSV, "csv", "--csv", NULL, "text/csv; charset=utf-8", "csv"},
    {PAPER_XLSX, "xlsx", "--xlsx", "-",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
};

enum { FORMATS = sizeof formats / sizeof formats[0] };

void paper_add(struct paper *paper, int *n, const char *text)
{
    DS_ASSERT(*n < PAPER_ARGS_MAX - 1);
    paper->args[*n] = strdup(text);
    if (!paper->args[(*n)++]) abort();
}

/* A value that cannot be taken for an option, nor end a line. */
static bool is_plain(const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || len >= HTTP_PART_MAX || text[0] == '-') return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) return false;
    return true;
}

struct query_walk {
    const struct paper_line *line;
    char unknown[64];
};

static enum MHD_Result look_at_query(void *self, enum MHD_ValueKind kind, const char *key,
                                     const char *value)
{
    struct query_walk *walk = self;

    (void)kind, (void)value;
    if (strcmp(key, "lang") == 0) return MHD_YES;
    if (strcmp(key, "format") == 0 && walk->line->formats) return MHD_YES;
    if (walk->line->argument && strcmp(key, walk->line->argument) == 0) return MHD_YES;
    for (int i = 0; i < PAPER_VALUES && walk->line->values[i].query; i++)
        if (strcmp(walk->line->values[i].query, key) == 0) return MHD_YES;
    snprintf(walk->unknown, sizeof walk->unknown, "%s", key);
    return MHD_NO;
}

/* "one of person, month" */
static void refuse_query(struct http_request *request, const char *key)
{
    const struct paper_line *line = request->route->paper;
    char expected[256] = "";
    size_t n = 0;

    for (int i = 0; i < PAPER_VALUES && line->values[i].query; i++)
        n += (size_t)snprintf(expected + n, sizeof expected - n, "%s%s", i ? ", " : "",
                              line->values[i].query);
    http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_query", key, expected);
}

/* How it is to be written; false when the request was answered. */
static bool choose_format(struct paper *paper, int *n)
{
    struct http_request *request = paper->request;
    const struct paper_line *line = request->route->paper;
    const char *asked = http_query(request, "format");

    if (!line->formats) return true;
    for (int i = 0; i < FORMATS && !paper->format; i++)
        if (strcmp(asked && asked[0] ? asked : "json", formats[i].name) == 0 &&
            (line->formats & formats[i].bit) == formats[i].bit)
            paper->format = &formats[i];
    if (!paper->format) {
        http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_query", "format",
                     line->formats & PAPER_XLSX  ? "json, csv, xlsx"
                     : line->formats & PAPER_CSV ? "json, csv"
                                                 : "json, text");
        return false;
    }
    if (paper->format->option) paper_add(paper, n, paper->format->option);
    if (paper->format->value) paper_add(paper, n, paper->format->value);
    return true;
}

/* Whose it is: for a technician not his to say. */
static bool says_whose(const char *option)
{
    return strcmp(option, "--person") == 0 || strcmp(option, "--account") == 0;
}

/* Fills the arguments; false when the request was answered. */
bool paper_compose(struct paper *paper)
{
    struct http_request *request = paper->request;
    const struct paper_line *line = request->route->paper;
    bool narrowed = request->caller.role == GATEWAY_TECHNICIAN && line->own;
    int n = 0;

    paper_add(paper, &n, "doorstep");
    for (int i = 0; i < PAPER_WORDS && line->words[i]; i++)
        paper_add(paper, &n, line->words[i]);
    for (int i = 0; i < PAPER_VALUES && line->values[i].query; i++) {
        const char *value = http_query(request, line->values[i].query);
        if (!value || !value[0]) continue;
        if (narrowed && says_whose(line->values[i].option)) continue;
        if (!is_plain(value)) {
            http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_query", line->values[i].query, "");
            return false;
        }
        paper_add(paper, &n, line->values[i].option);
        if (!line->values[i].is_switch) paper_add(paper, &n, value);
    }
    if (narrowed) {
        paper_add(paper, &n, "--person");
        paper_add(paper, &n, request->caller.person);
    }
    if (!choose_format(paper, &n)) return false;
    const char *argument = line->part ? request->part : NULL;
    if (line->argument) argument = http_query(request, line->argument);
    if ((line->part || line->argument) && (!argument || !is_plain(argument))) {
        if (line->part)
            http_problem(request, MHD_HTTP_NOT_FOUND, "not_found", "", "");
        else
            http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_query", line->argument, "text");
        return false;
    }
    if (line->before_part) paper_add(paper, &n, line->before_part);
    if (argument) paper_add(paper, &n, argument);
    return true;
}

/* "daily 2007-03-01.xlsx": what it is and of when, for who keeps it. */
void paper_name_file(struct http_request *request, struct MHD_Response *response,
                     const char *suffix)
{
    static const char *const whens[] = {"date", "week", "month", "year", NULL};
    const char *slash = strrchr(request->route->path, '/'), *when = NULL;
    char text[HTTP_PART_MAX * 2 + 64];

    for (int i = 0; whens[i] && !when; i++)
        when = http_query(request, whens[i]);
    if (when && when[strspn(when, "0123456789-")]) when = NULL;
    snprintf(text, sizeof text, "attachment; filename=\"%s%s%s.%s\"",
             strcmp(slash, "/*") == 0 ? request->part : slash + 1, when ? " " : "",
             when ? when : "", suffix);
    MHD_add_response_header(response, "Content-Disposition", text);
}

/* Answered already: the query asks for what there is not, or too many wait. */
bool paper_refused(struct http_request *request)
{
    struct query_walk walk = {request->route->paper, ""};

    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, look_at_query, &walk);
    if (walk.unknown[0])
        refuse_query(request, walk.unknown);
    else if (request->gateway->papers.n_waiting == PAPERS_WAITING_MAX)
        http_busy(request, 1000);
    else
        return false;
    return true;
}
