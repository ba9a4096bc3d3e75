/* SPDX-License-Identifier: MIT
 *
 * HTTP/1.1 in the loop: libmicrohttpd with its epoll descriptor in an ev_io. One struct per
 * exchange; a handler answers at once or later, and is told when the client is gone.
 *
 * Bounds, all of them counted and answered or closed, never queued without end: */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include <ev.h>
#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/caller.h"
#include "wire/buf.h"
#include "wire/check.h"

enum {
    HTTP_CONNECTIONS_MAX = 4096,    /* open at once; beyond it the one idle longest is closed */
    HTTP_CONNECTIONS_MORE = 128,    /* accepted in one go before that is looked at */
    HTTP_HEAD_BYTES_MAX = 16384,    /* request line and headers of one connection */
    HTTP_BODY_BYTES_MAX = 65536,    /* one command */
    HTTP_RULES_BYTES_MAX = 1048576, /* a rulebook and a directory */
    HTTP_IDLE_S = 30,               /* a connection on which nothing moves */
    HTTP_REQUEST_S = 15, /* from the connection or the answer before to a whole request */
    HTTP_SWEEP_S = 1,
    HTTP_PART_MAX = 256, /* a part of a path, a value of a query */
    HTTP_ADDRESS_MAX = 64,
};

struct gateway;
struct http_request;
struct route;

typedef void (*http_handler)(struct http_request *request);

struct http_request {
    struct gateway *gateway;
    struct MHD_Connection *connection;
    const struct route *route;
    char part[HTTP_PART_MAX]; /* what stood for the star of the route's path */
    struct caller caller;     /* who asks */
    struct ds_buf body;
    enum { HTTP_READING, HTTP_WAITING, HTTP_ANSWERED, HTTP_QUEUED } state;
    int status;
    struct MHD_Response *response; /* ours until it is queued */
    /* The exchange is over, whether it was answered or not: forget it. NULL: nothing to forget. */
    void (*over)(struct http_request *request);
    void *self; /* the handler's */
};

struct http {
    struct gateway *gateway;
    struct MHD_Daemon *daemon;
    ev_io readable;
    ev_timer timer;
    ev_timer sweep;
    int port;
    int listener;
    bool resumed; /* something is to be run before the loop sleeps */
    uint64_t requests, problems, closed_slow, closed_idle, too_large;
    struct http_line *idle_first, *idle_last; /* make us wait for a request; longest first */
    uint32_t n_lines;                         /* open connections */
    uint32_t lines_max;                       /* as many as there are descriptors for */
    bool stopping;                            /* nothing new is begun */
};

/* Listens on "address:port" (port 0: any). 0, or -1 with a line in the log. */
int http_start(struct http *http, struct gateway *gateway, const char *listen);
void http_stop(struct http *http);

/* Before the loop sleeps: runs what was resumed, sets the timer. */
void http_turn(struct http *http);

/* Answers. bytes are copied. type: a media type. Exactly one answer per request. */
void http_answer(struct http_request *request, int status, const char *type, const void *bytes,
                 size_t len);

/* Answers with a response made elsewhere, which becomes http's. */
void http_answer_with(struct http_request *request, int status, struct MHD_Response *response);

/* Answers with a JSON document, which is released. */
void http_answer_json(struct http_request *request, int status, json_t *document);

/* Answers later: the handler returns without an answer. */
void http_wait(struct http_request *request);

/* Goes on with a connection that a stream has suspended. */
void http_resume(struct http *http, struct MHD_Connection *connection);

/* A header or a value of the query; NULL. Borrowed until the request is over. */
const char *http_header(const struct http_request *request, const char *name);
const char *http_query(const struct http_request *request, const char *name);

/* Where the client is, or what a proxy on this machine says it is. */
void http_address(const struct http_request *request, char address[HTTP_ADDRESS_MAX]);

/* Text for people in Chinese? By ?lang=, else the user's, else Accept-Language. */
bool http_is_zh(const struct http_request *request);

/* ---- problem.c ---- */

/* Answers with application/problem+json. field and expected: "" where the code says it all. */
void http_problem(struct http_request *request, int status, const char *code, const char *field,
                  const char *expected);

/* The same with several of them: {field, expected, expected_zh}; the array is released. */
void http_problem_with(struct http_request *request, int status, const char *code, json_t *errors);

/* The same of a fault that the wire check or the JSON reader found. */
void http_fault(struct http_request *request, int status, const struct ds_fault *fault);

/* The same with a sentence that another program said, in the language of the request. */
void http_problem_said(struct http_request *request, int status, const char *code,
                       const char *sentence);

/* A problem that passes, with Retry-After. */
void http_later(struct http_request *request, int status, const char *code, int64_t retry_after_ms);

/* 503, the same. */
void http_busy(struct http_request *request, int64_t retry_after_ms);

/* 413 in the middle of a body, where the library takes no answer: straight into the socket. */
void http_too_large_at_once(int fd);

#endif
