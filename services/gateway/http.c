/* SPDX-License-Identifier: MIT */
#include "gateway/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/gateway.h"
#include "gateway/routes.h"
#include "runtime/clock.h"
#include "runtime/log.h"

enum { DESCRIPTORS_OWN = 256 }; /* for all that is no connection */

/* An open connection: when it began to make us wait for a request. */
struct http_line {
    struct http_line *before, *after; /* of those that do */
    int fd;
    int64_t waiting_since_ms; /* 0: a request is being worked on */
};

/* ---- answering ---- */

void http_resume(struct http *http, struct MHD_Connection *connection)
{
    MHD_resume_connection(connection);
    http->resumed = true;
}

void http_wait(struct http_request *request)
{
    request->state = HTTP_WAITING;
    MHD_suspend_connection(request->connection);
}

static const char csp[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'";

static void add_common_headers(struct MHD_Response *response)
{
    MHD_add_response_header(response, "Content-Security-Policy", csp);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    if (!MHD_get_response_header(response, "Cache-Control"))
        MHD_add_response_header(response, "Cache-Control", "no-store");
}

void http_answer_with(struct http_request *request, int status, struct MHD_Response *response)
{
    bool waited = request->state == HTTP_WAITING;

    DS_ASSERT(request->state == HTTP_READING || waited);
    add_common_headers(response);
    request->status = status;
    request->response = response;
    request->state = HTTP_ANSWERED;
    if (waited) http_resume(&request->gateway->http, request->connection);
}

void http_answer(struct http_request *request, int status, const char *type, const void *bytes,
                 size_t len)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, (void *)bytes, MHD_RESPMEM_MUST_COPY);

    if (!response) abort();
    MHD_add_response_header(response, "Content-Type", type);
    http_answer_with(request, status, response);
}

void http_answer_json(struct http_request *request, int status, json_t *document)
{
    char *text = json_dumps(document, JSON_COMPACT);

    if (!text) abort();
    json_decref(document);
    http_answer(request, status, "application/json", text, strlen(text));
    free(text);
}

/* ---- asking ---- */

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *http_query(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

bool http_is_zh(const struct http_request *request)
{
    const char *asked = http_query(request, "lang"), *header;

    if (asked) return strncmp(asked, "zh", 2) == 0;
    if (request->caller.known) return request->caller.zh;
    header = http_header(request, "Accept-Language");
    return header && strncasecmp(header, "zh", 2) == 0;
}

void http_address(const struct http_request *request, char address[HTTP_ADDRESS_MAX])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr_in *from = (const struct sockaddr_in *)(const void *)info->client_addr;
    const char *forwarded = http_header(request, "X-Forwarded-For");
    bool local = ntohl(from->sin_addr.s_addr) >> 24 == 127;

    inet_ntop(AF_INET, &from->sin_addr, address, HTTP_ADDRESS_MAX);
    if (!local || !forwarded) return;
    const char *last = strrchr(forwarded, ','); /* what the proxy added itself */
    snprintf(address, HTTP_ADDRESS_MAX, "%.60s",
             last ? last + 1 + strspn(last + 1, " ") : forwarded);
}

/* ---- one exchange ---- */

static enum MHD_Result queue(struct http_request *request)
{
    enum MHD_Result queued =
        MHD_queue_response(request->connection, (unsigned)request->status, request->response);

    MHD_destroy_response(request->response);
    request->response = NULL;
    request->state = HTTP_QUEUED;
    if (request->status >= 400) request->gateway->http.problems++;
    return queued;
}

static size_t body_max(const struct http_request *request)
{
    return request->route ? request->route->body_max : 0;
}

/* Before the body is read: is there such a path, may he, is it small enough? */
static void begin(struct http_request *request, const char *method, const char *path)
{
    const char *length = http_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);

    request->gateway->http.requests++;
    if (!routes_find(request, method, path)) return;
    if (!caller_find(request)) return;
    if (length && strtoull(length, NULL, 10) > body_max(request))
        http_problem(request, MHD_HTTP_CONTENT_TOO_LARGE, "too_large", "", "");
}

static void stop_waiting(struct http *http, struct http_line *line)
{
    if (line->waiting_since_ms == 0) return;
    *(line->before ? &line->before->after : &http->idle_first) = line->after;
    *(line->after ? &line->after->before : &http->idle_last) = line->before;
    line->before = line->after = NULL;
    line->waiting_since_ms = 0;
}

static void start_waiting(struct http *http, struct http_line *line)
{
    stop_waiting(http, line);
    line->waiting_since_ms = rt_mono_ms();
    line->before = http->idle_last;
    *(http->idle_last ? &http->idle_last->after : &http->idle_first) = line;
    http->idle_last = line;
}

static struct http_line *line_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* The whole request is there. */
static enum MHD_Result handle(struct http_request *request)
{
    struct http *http = &request->gateway->http;
    struct http_line *line = line_of(request->connection);

    if (line) stop_waiting(http, line);
    if (http->stopping)
        http_busy(request, 1000);
    else
        request->route->handler(request);
    return request->state == HTTP_ANSWERED ? queue(request) : MHD_YES;
}

/* A piece of the body. */
static enum MHD_Result take_body(struct http_request *request, const char *bytes, size_t *len)
{
    struct http_line *line = line_of(request->connection);

    if (request->body.len + *len > body_max(request)) {
        request->gateway->http.too_large++;
        request->gateway->http.problems++;
        if (line) http_too_large_at_once(line->fd);
        return MHD_NO;
    }
    ds_buf_put(&request->body, bytes, *len);
    *len = 0;
    return MHD_YES;
}

static enum MHD_Result on_access(void *self, struct MHD_Connection *connection, const char *path,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_len, void **exchange)
{
    struct http *http = self;
    struct http_request *request = *exchange;

    (void)version;
    if (!request) {
        request = calloc(1, sizeof *request);
        if (!request) return MHD_NO;
        request->gateway = http->gateway;
        request->connection = connection;
        *exchange = request;
        begin(request, method, path);
        if (request->state == HTTP_ANSWERED) return queue(request);
        return MHD_YES;
    }
    if (request->state == HTTP_ANSWERED) return queue(request);
    if (request->state == HTTP_WAITING || request->state == HTTP_QUEUED) return MHD_YES;
    return *upload_len > 0 ? take_body(request, upload, upload_len) : handle(request);
}

static void on_over(void *self, struct MHD_Connection *connection, void **exchange,
                    enum MHD_RequestTerminationCode code)
{
    struct http_request *request = *exchange;

    (void)code;
    struct http_line *line = line_of(connection);
    if (line) start_waiting(self, line);
    if (!request) return;
    if (request->over) request->over(request);
    if (request->response) MHD_destroy_response(request->response);
    ds_buf_finish(&request->body);
    free(request);
    *exchange = NULL;
}

/* ---- connections ---- */

static void close_line(struct http *http, struct http_line *line)
{
    stop_waiting(http, line);
    shutdown(line->fd, SHUT_RDWR);
}

static void on_connection(void *self, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = self;
    struct http_line *line = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        line = calloc(1, sizeof *line);
        if (!line) abort();
        line->fd =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        start_waiting(http, line);
        *context = line;
        if (++http->n_lines <= http->lines_max) return;
        /* whoever only holds a connection makes room for whoever uses one */
        close_line(http, http->idle_first);
        http->closed_idle++;
    } else if (line) {
        stop_waiting(http, line);
        http->n_lines--;
        free(line);
        *context = NULL;
    }
}

/* Whoever sends a byte now and then never idles, and would hold a connection for ever. */
static void on_sweep(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct http *http = timer->data;
    int64_t before_ms = rt_mono_ms() - HTTP_REQUEST_S * 1000;

    (void)loop, (void)events;
    while (http->idle_first && http->idle_first->waiting_since_ms <= before_ms) {
        close_line(http, http->idle_first);
        http->closed_slow++;
    }
}

/* ---- the loop ---- */

static void run(struct http *http)
{
    do {
        http->resumed = false;
        MHD_run(http->daemon);
    } while (http->resumed);
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
    (void)loop, (void)events;
    run(io->data);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop, (void)events;
    run(timer->data);
}

void http_turn(struct http *http)
{
    struct ev_loop *loop = http->gateway->loop;
    MHD_UNSIGNED_LONG_LONG wait_ms;

    if (http->resumed) run(http);
    ev_timer_stop(loop, &http->timer);
    if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES) return;
    ev_timer_set(&http->timer, (double)wait_ms / 1000., 0.);
    ev_timer_start(loop, &http->timer);
}

static void on_log(void *self, const char *format, va_list args)
{
    char text[256];

    (void)self;
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    rt_log(RT_DEBUG, "http", "said=\"%s\"", text);
}

/* ---- start and stop ---- */

/* "127.0.0.1:8080" -> a listening socket, or -1. */
static int listen_on(const char *listen_at, int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    char host[64];
    unsigned port;
    int one = 1;

    if (sscanf(listen_at, "%63[0-9.]:%u", host, &port) != 2 || port > 65535 ||
        inet_pton(AF_INET, host, &address.sin_addr) != 1)
        return -1;
    address.sin_port = htons((uint16_t)port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bool bound = bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (!bound && errno == EADDRINUSE && ntohl(address.sin_addr.s_addr) >> 24 == 127) {
        address.sin_port = 0; /* another installation on this machine */
        bound = bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    }
    if (!bound || listen(fd, 1024) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    *ret_port = ntohs(address.sin_port);
    return fd;
}

/* As many connections as descriptors are left for; a few are for ourselves. */
static uint32_t lines_max(void)
{
    const rlim_t wanted = HTTP_CONNECTIONS_MAX + HTTP_CONNECTIONS_MORE + DESCRIPTORS_OWN;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 128;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted) return HTTP_CONNECTIONS_MAX;
    return limit.rlim_cur > 2 * (wanted - HTTP_CONNECTIONS_MAX)
               ? (uint32_t)(limit.rlim_cur - (wanted - HTTP_CONNECTIONS_MAX))
               : 128;
}

static void watch(struct http *http, int epoll_fd)
{
    struct ev_loop *loop = http->gateway->loop;

    ev_io_init(&http->readable, on_readable, epoll_fd, EV_READ);
    ev_init(&http->timer, on_timer);
    ev_timer_init(&http->sweep, on_sweep, HTTP_SWEEP_S, HTTP_SWEEP_S);
    http->readable.data = http->timer.data = http->sweep.data = http;
    ev_io_start(loop, &http->readable);
    ev_timer_start(loop, &http->sweep);
}

int http_start(struct http *http, struct gateway *gateway, const char *listen_at)
{
    *http = (struct http){.gateway = gateway, .lines_max = lines_max()};
    http->listener = listen_on(listen_at, &http->port);
    if (http->listener < 0) {
        rt_log(RT_FATAL, "cannot listen", "address=%s error=\"%s\"", listen_at, strerror(errno));
        return -1;
    }
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_access,
        http, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, http->listener,
        MHD_OPTION_CONNECTION_LIMIT, http->lines_max + HTTP_CONNECTIONS_MORE,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_BYTES_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S, MHD_OPTION_NOTIFY_COMPLETED, on_over,
        http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    if (!http->daemon) {
        rt_log(RT_FATAL, "cannot start http", "error=\"%s\"", strerror(errno));
        close(http->listener);
        return -1;
    }
    watch(http, MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd);
    return 0;
}

/* Whoever waits for an answer or a stream has been told by now: see stop() in gateway.c. */
void http_stop(struct http *http)
{
    struct ev_loop *loop = http->gateway->loop;

    ev_io_stop(loop, &http->readable);
    ev_timer_stop(loop, &http->timer);
    ev_timer_stop(loop, &http->sweep);
    http->stopping = true;
    MHD_quiesce_daemon(http->daemon);
    run(http); /* the last answers go out */
    MHD_stop_daemon(http->daemon);
    close(http->listener);
}
