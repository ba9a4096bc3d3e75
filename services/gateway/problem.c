/* SPDX-License-Identifier: MIT
 *
 * Errors as application/problem+json (RFC 9457): a code that never changes, a sentence in both
 * languages, and for a wrong value its field and what was expected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "gateway/http.h"
#include "text/text.h"
#include "wire/json.h"

struct said {
    const char *code, *en, *zh;
};

/* What only the gateway says; codes of commands are in domain/codes.def. */
static const struct said sentences[] = {
    {"not_found", "there is nothing at this address", "没有这个地址"},
    {"method_not_allowed", "this address does not take this method", "该地址不接受此方法"},
    {"no_session", "sign in first", "请先登录"},
    {"bad_login", "user or password is wrong", "用户名或密码错误"},
    {"locked_out", "too many wrong passwords; try again later", "密码错误次数过多，请稍后再试"},
    {"must_change", "the password is to be changed first", "请先修改密码"},
    {"forbidden", "this user's role may not do this", "该用户的角色无权进行此操作"},
    {"bad_csrf", "the page is out of date; load it again", "页面已过期，请重新加载"},
    {"not_yours", "this belongs to somebody else", "这不属于您"},
    {"too_large", "the body is too large", "请求内容过大"},
    {"no_key", "the header Idempotency-Key is missing", "缺少请求头 Idempotency-Key"},
    {"busy", "busy; try again", "系统忙，请重试"},
    {"too_many", "too many requests at once; try again a little later", "请求过于频繁，请稍后再试"},
    {"in_progress", "the same request is being worked on", "同一请求正在处理中"},
    {"unavailable", "the services or the store cannot be reached", "服务或存储不可用"},
    {"timeout", "no answer in time; what was sent may be recorded: send it again as it is",
     "未及时得到答复；内容可能已记录，请原样重发"},
    {"bad_query", "a value of the query is wrong", "查询参数有误"},
    {"bad_cursor", "this is no cursor of this installation", "不是本系统的游标"},
    {"bad_rules", "these rules are not usable", "规则无法使用"},
    {"internal", "something went wrong here; the log says what", "内部错误，详见日志"},
};

static const char *sentence_of(const char *code, bool zh, const char *field, const char *expected,
                               char *buf, size_t size)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (strcmp(sentences[i].code, code) == 0) return zh ? sentences[i].zh : sentences[i].en;
    for (int c = 1; c < DS_CODE_COUNT; c++)
        if (strcmp(ds_code_name((enum ds_code)c), code) == 0) {
            ds_code_text(buf, size, zh ? DS_ZH : DS_EN, (enum ds_code)c, field, expected);
            return buf;
        }
    return code;
}

static void answer(struct http_request *request, int status, json_t *problem)
{
    char *text = json_dumps(problem, JSON_COMPACT);

    if (!text) abort();
    json_decref(problem);
    http_answer(request, status, "application/problem+json", text, strlen(text));
    free(text);
}

static json_t *start(int status, const char *code, const char *en, const char *zh)
{
    char type[96];

    snprintf(type, sizeof type, "/problems/%s", code);
    return json_pack("{ss ss si ss ss ss}", "type", type, "title", code, "status", status, "code",
                     code, "detail", en, "detail_zh", zh);
}

void http_problem(struct http_request *request, int status, const char *code, const char *field,
                  const char *expected)
{
    char en[512], zh[512], expected_zh[4 * DS_TEXT_EXPECTED_MAX];
    json_t *problem = start(status, code, sentence_of(code, false, field, expected, en, sizeof en),
                            sentence_of(code, true, field, expected, zh, sizeof zh));

    ds_expected_zh(expected_zh, sizeof expected_zh, expected);
    if (field[0] || expected[0])
        json_object_set_new(problem, "errors",
                            json_pack("[{ss ss ss}]", "field", field, "expected", expected,
                                      "expected_zh", expected_zh));
    answer(request, status, problem);
}

void http_problem_with(struct http_request *request, int status, const char *code, json_t *errors)
{
    char en[512], zh[512];
    json_t *problem = start(status, code, sentence_of(code, false, "", "", en, sizeof en),
                            sentence_of(code, true, "", "", zh, sizeof zh));

    json_object_set_new(problem, "errors", errors);
    answer(request, status, problem);
}

void http_fault(struct http_request *request, int status, const struct ds_fault *fault)
{
    http_problem(request, status, ds_code_name(fault->code), fault->field, fault->expected);
}

void http_problem_said(struct http_request *request, int status, const char *code,
                       const char *sentence)
{
    bool zh = http_is_zh(request);
    json_t *problem = start(status, code, zh ? "" : sentence, zh ? sentence : "");

    if (!problem) /* what it said is no UTF-8 */
        problem = start(status, code, "", "");
    json_object_del(problem, zh ? "detail" : "detail_zh");
    answer(request, status, problem);
}

void http_later(struct http_request *request, int status, const char *code, int64_t retry_after_ms)
{
    char seconds[24], en[8], zh[8];
    json_t *problem = start(status, code, sentence_of(code, false, "", "", en, sizeof en),
                            sentence_of(code, true, "", "", zh, sizeof zh));
    char *text = json_dumps(problem, JSON_COMPACT);

    if (!text) abort();
    json_decref(problem);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (!response) abort();
    snprintf(seconds, sizeof seconds, "%lld", (long long)(retry_after_ms + 999) / 1000);
    MHD_add_response_header(response, "Content-Type", "application/problem+json");
    MHD_add_response_header(response, "Retry-After", seconds);
    http_answer_with(request, status, response);
}

void http_busy(struct http_request *request, int64_t retry_after_ms)
{
    http_later(request, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", retry_after_ms);
}

void http_too_large_at_once(int fd)
{
    char head[256];
    json_t *problem = start(MHD_HTTP_CONTENT_TOO_LARGE, "too_large",
                            sentence_of("too_large", false, "", "", NULL, 0),
                            sentence_of("too_large", true, "", "", NULL, 0));
    char *text = json_dumps(problem, JSON_COMPACT);

    if (!text) abort();
    json_decref(problem);
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n"
                     "Content-Type: application/problem+json\r\nContent-Length: %zu\r\n\r\n",
                     strlen(text));
    /* whoever does not read it finds out that nobody reads him either */
    if (send(fd, head, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE) == n)
        (void)send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
    free(text);
}
