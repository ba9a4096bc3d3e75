/* SPDX-License-Identifier: MIT */
#include "gateway/rules.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/gateway.h"
#include "gateway/paper.h"

static bool write_file(const char *dir, const char *name, const char *text)
{
    char path[PAPER_PATH_MAX + 32];
    size_t len = strlen(text);

    snprintf(path, sizeof path, "%s/%s", dir, name);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return false;
    bool good = write(file, text, len) == (ssize_t)len;
    return close(file) == 0 && good;
}

/* The body as an object with both texts, the second optional; NULL when it was answered. */
static json_t *read_body(struct http_request *request, const char **ret_rulebook,
                         const char **ret_directory)
{
    json_error_t error;
    json_t *body = json_loadb((const char *)request->body.bytes, request->body.len,
                              JSON_REJECT_DUPLICATES, &error);
    const json_t *directory = json_object_get(body, "directory_yaml");

    *ret_rulebook = json_string_value(json_object_get(body, "rulebook_yaml"));
    *ret_directory = json_string_value(directory);
    const char *wrong = !json_is_object(body)          ? ""
                        : !*ret_rulebook               ? "rulebook_yaml"
                        : directory && !*ret_directory ? "directory_yaml"
                                                       : NULL;
    if (!wrong) return body;
    json_decref(body);
    http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_json", wrong, wrong[0] ? "text" : error.text);
    return NULL;
}

/* The command line reads files: these live as long as its answer takes. */
void rules_post_diff(struct http_request *request)
{
    const char *rulebook, *directory;
    char dir[PAPER_PATH_MAX], file[PAPER_PATH_MAX + 32];
    json_t *body = read_body(request, &rulebook, &directory);

    if (!body) return;
    snprintf(dir, sizeof dir, "%s/rules-XXXXXX", request->gateway->conf.run);
    bool good = mkdtemp(dir) != NULL;
    if (good) good = write_file(dir, "rulebook.yaml", rulebook);
    if (good && directory) good = write_file(dir, "directory.yaml", directory);
    json_decref(body);
    if (!good) return http_problem(request, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "", "");
    snprintf(file, sizeof file, "%s/rulebook.yaml", dir);
    paper_post(request, dir, file);
}

void rules_problem(struct http_request *request, const struct ds_buf *lines)
{
    json_t *errors = json_array();
    size_t at = 0, len;

    for (; at < lines->len; at += len + 1) {
        const char *line = (const char *)lines->bytes + at,
                   *end = memchr(line, '\n', lines->len - at);
        len = end ? (size_t)(end - line) : lines->len - at;
        json_t *problem = json_loadb(line, len, 0, NULL);
        if (json_object_get(problem, "text"))
            json_array_append_new(errors, json_pack("{sO* sO sO sO*}", "field",
                                                    json_object_get(problem, "path"), "expected",
                                                    json_object_get(problem, "text"), "expected_zh",
                                                    json_object_get(problem, "text_zh"), "line",
                                                    json_object_get(problem, "line")));
        json_decref(problem);
    }
    http_problem_with(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_rules", errors);
}
