/* SPDX-License-Identifier: MIT */
#include "gateway/paper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "domain/ids.h"
#include "gateway/gateway.h"
#include "gateway/routes.h"
#include "runtime/clock.h"
#include "runtime/log.h"

enum {
    ARGS_MAX = 2 + PAPER_WORDS + 1 + 2 * PAPER_VALUES + 4,
    EXIT_NOTHING = 1,
    EXIT_WRONG = 2,
    EXIT_STORE = 69
};

struct paper {
    struct papers *papers;
    struct http_request *request; /* NULL: nobody wants it any more */
    char *args[ARGS_MAX];         /* owned copies; ends with NULL */
    char locale[24];
    pid_t pid;
    ev_io out_io, said_io;
    ev_child child;
    ev_timer limit;
    struct ds_buf out;
    char said[PAPER_SAID_MAX];
    size_t said_len;
    bool ended, too_large, late;
    int status;
    struct paper *next;
};

/* ---- the process ---- */

/* Child: its own limits, output into the pipes, ends when we end. */
static void become(struct paper *paper, int out, int said, pid_t parent)
{
    struct rlimit memory = {PAPER_MEMORY_MAX, PAPER_MEMORY_MAX};
    struct rlimit core = {0, 0};
    char program[600], dir[600];
    int null = open("/dev/null", O_RDONLY);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(EXIT_STORE);
#ifndef __SANITIZE_ADDRESS__ /* which wants terabytes of addresses */
    setrlimit(RLIMIT_AS, &memory);
#else
    (void)memory;
#endif
    setrlimit(RLIMIT_CORE, &core);
    dup2(null, 0);
    dup2(out, 1);
    dup2(said, 2);
    signal(SIGPIPE, SIG_DFL);
    setenv("LC_ALL", paper->locale, 1);
    snprintf(dir, sizeof dir, "%s", paper->papers->gateway->conf.dir);
    setenv("DOORSTEP_DIR", dir, 1);
    snprintf(program, sizeof program, "%s/doorstep", paper->papers->gateway->bin);
    execv(program, paper->args);
    _exit(127);
}

static void drop(struct paper *paper)
{
    struct ev_loop *loop = paper->papers->gateway->loop;

    ev_timer_stop(loop, &paper->limit);
    for (int i = 0; paper->args[i]; i++)
        free(paper->args[i]);
    ds_buf_finish(&paper->out);
    free(paper);
}

/* ---- the answer ---- */

static int status_of(int code, const char **ret_name)
{
    switch (code) {
    case EXIT_NOTHING: *ret_name = "not_found"; return MHD_HTTP_NOT_FOUND;
    case EXIT_WRONG: *ret_name = "bad_query"; return MHD_HTTP_BAD_REQUEST;
    case EXIT_STORE: *ret_name = "unavailable"; return MHD_HTTP_SERVICE_UNAVAILABLE;
    default: *ret_name = "internal"; return MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
}

/* "doorstep ledger: no such month" -> "no such month" */
static const char *sentence(struct paper *paper)
{
    paper->said[paper->said_len] = '\0';
    paper->said[strcspn(paper->said, "\n")] = '\0';
    if (strncmp(paper->said, "doorstep", 8) != 0) return paper->said;
    const char *colon = strstr(paper->said, ": ");
    return colon ? colon + 2 : paper->said;
}

/* The tag changes with the content: a page that asks again is told that nothing has. */
static void answer_document(struct paper *paper)
{
    struct http_request *request = paper->request;
    const char *type = request->route->paper->type, *known = http_header(request, "If-None-Match");
    unsigned char hash[16];
    char tag[2 + 2 * sizeof hash + 1] = "\"";

    crypto_generichash(hash, sizeof hash, paper->out.bytes, paper->out.len, NULL, 0);
    sodium_bin2hex(tag + 1, sizeof tag - 1, hash, sizeof hash);
    ds_copy(tag + strlen(tag), 2, "\"");
    bool same = known && strcmp(known, tag) == 0;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        same ? 0 : paper->out.len, paper->out.bytes, MHD_RESPMEM_MUST_COPY);
    if (!response) abort();
    MHD_add_response_header(response, "Content-Type", type ? type : "application/json");
    MHD_add_response_header(response, "ETag", tag);
    MHD_add_response_header(response, "Cache-Control", "private, no-cache");
    http_answer_with(request, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

static void answer(struct paper *paper)
{
    struct http_request *request = paper->request;
    int code = WIFEXITED(paper->status) ? WEXITSTATUS(paper->status) : 128;
    const char *name;

    request->over = NULL;
    if (paper->late) return http_problem(request, MHD_HTTP_GATEWAY_TIMEOUT, "timeout", "", "");
    if (paper->too_large)
        return http_problem(request, MHD_HTTP_CONTENT_TOO_LARGE, "too_large", "", "");
    if (code == 0) return answer_document(paper);
    int status = status_of(code, &name);
    if (status == MHD_HTTP_INTERNAL_SERVER_ERROR)
        rt_log(RT_ALARM, "a read failed", "command=%s status=%d", paper->args[1], paper->status);
    http_problem_said(request, status, name, sentence(paper));
}

static void begin_next(struct papers *papers);

/* Over when it has ended and both pipes are read to their end. */
static void look_whether_over(struct paper *paper)
{
    struct papers *papers = paper->papers;

    if (!paper->ended || ev_is_active(&paper->out_io) || ev_is_active(&paper->said_io)) return;
    struct paper **at = &papers->running;
    while (*at != paper)
        at = &(*at)->next;
    *at = paper->next;
    papers->n_running--;
    papers->made++;
    if (paper->status != 0) papers->failed++;
    if (paper->request) answer(paper);
    drop(paper);
    begin_next(papers);
}

/* Bytes of a pipe; false at its end. */
static bool read_pipe(struct paper *paper, ev_io *io, uint8_t *to, size_t room, ssize_t *ret_n)
{
    *ret_n = read(io->fd, to, room);
    if (*ret_n > 0) return true;
    if (*ret_n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    ev_io_stop(paper->papers->gateway->loop, io);
    close(io->fd);
    return false;
}

static void on_out(struct ev_loop *loop, ev_io *io, int events)
{
    struct paper *paper = io->data;
    ssize_t n;

    (void)loop, (void)events;
    uint8_t *to = ds_buf_room(&paper->out, 65536);
    if (!read_pipe(paper, io, to, 65536, &n)) return look_whether_over(paper);
    if (n > 0) paper->out.len += (size_t)n;
    if (paper->out.len <= PAPER_BYTES_MAX) return;
    paper->too_large = true;
    paper->out.len = 0;
    kill(paper->pid, SIGKILL);
}

static void on_said(struct ev_loop *loop, ev_io *io, int events)
{
    struct paper *paper = io->data;
    size_t room = PAPER_SAID_MAX - 1 - paper->said_len;
    uint8_t rest[256];
    ssize_t n;

    (void)loop, (void)events;
    uint8_t *to = room > 0 ? (uint8_t *)paper->said + paper->said_len : rest;
    if (!read_pipe(paper, io, to, room > 0 ? room : sizeof rest, &n))
        return look_whether_over(paper);
    if (n > 0 && room > 0) paper->said_len += (size_t)n;
}

static void on_child(struct ev_loop *loop, ev_child *child, int events)
{
    struct paper *paper = child->data;

    (void)events;
    ev_child_stop(loop, child);
    paper->ended = true;
    paper->status = child->rstatus;
    look_whether_over(paper);
}

static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct paper *paper = timer->data;

    (void)loop, (void)events;
    paper->late = true;
    paper->papers->late++;
    kill(paper->pid, SIGKILL);
}

static void watch(struct paper *paper, int out, int said)
{
    struct ev_loop *loop = paper->papers->gateway->loop;

    ev_io_init(&paper->out_io, on_out, out, EV_READ);
    ev_io_init(&paper->said_io, on_said, said, EV_READ);
    ev_child_init(&paper->child, on_child, paper->pid, 0);
    ev_timer_init(&paper->limit, on_limit, PAPER_LIMIT_MS / 1000., 0.);
    paper->out_io.data = paper->said_io.data = paper->child.data = paper->limit.data = paper;
    ev_io_start(loop, &paper->out_io);
    ev_io_start(loop, &paper->said_io);
    ev_child_start(loop, &paper->child);
    ev_timer_start(loop, &paper->limit);
}

static bool spawn(struct paper *paper)
{
    int out[2], said[2];
    pid_t parent = getpid();

    if (pipe2(out, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    if (pipe2(said, O_CLOEXEC | O_NONBLOCK) != 0) {
        close(out[0]);
        close(out[1]);
        return false;
    }
    fcntl(out[1], F_SETFL, 0); /* the child waits until we have read */
    fcntl(said[1], F_SETFL, 0);
    paper->pid = fork();
    if (paper->pid == 0) become(paper, out[1], said[1], parent);
    close(out[1]);
    close(said[1]);
    if (paper->pid < 0) {
        close(out[0]);
        close(said[0]);
        return false;
    }
    watch(paper, out[0], said[0]);
    return true;
}

static void begin_next(struct papers *papers)
{
    while (papers->n_running < PAPERS_AT_ONCE && papers->waiting) {
        struct paper *paper = papers->waiting;
        papers->waiting = paper->next;
        papers->n_waiting--;
        if (!paper->request || !spawn(paper)) {
            if (paper->request) {
                paper->request->over = NULL;
                http_busy(paper->request, 1000);
            }
            drop(paper);
            continue;
        }
        paper->next = papers->running;
        papers->running = paper;
        papers->n_running++;
    }
}

/* ---- the request ---- */

static void on_over(struct http_request *request)
{
    struct paper *paper = request->self;

    paper->request = NULL;
    if (paper->pid > 0 && !paper->ended) kill(paper->pid, SIGKILL);
}

static void add(struct paper *paper, int *n, const char *text)
{
    DS_ASSERT(*n < ARGS_MAX - 1);
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
    if (walk->line->argument && strcmp(key, walk->line->argument) == 0) return MHD_YES;
    for (int i = 0; i < PAPER_VALUES && walk->line->values[i].query; i++)
        if (strcmp(walk->line->values[i].query, key) == 0) return MHD_YES;
    snprintf(walk->unknown, sizeof walk->unknown, "%s", key);
    return MHD_NO;
}

/* Whose it is: for a technician not his to say. */
static bool says_whose(const char *option)
{
    return strcmp(option, "--person") == 0 || strcmp(option, "--account") == 0;
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

/* Fills the arguments; false when the request was answered. */
static bool compose(struct paper *paper)
{
    struct http_request *request = paper->request;
    const struct paper_line *line = request->route->paper;
    bool narrowed = request->caller.role == GATEWAY_TECHNICIAN && line->own;
    int n = 0;

    add(paper, &n, "doorstep");
    for (int i = 0; i < PAPER_WORDS && line->words[i]; i++)
        add(paper, &n, line->words[i]);
    for (int i = 0; i < PAPER_VALUES && line->values[i].query; i++) {
        const char *value = http_query(request, line->values[i].query);
        if (!value || !value[0]) continue;
        if (narrowed && says_whose(line->values[i].option)) continue;
        if (!is_plain(value)) {
            http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_query", line->values[i].query, "");
            return false;
        }
        add(paper, &n, line->values[i].option);
        if (!line->values[i].is_switch) add(paper, &n, value);
    }
    if (narrowed) {
        add(paper, &n, "--person");
        add(paper, &n, request->caller.person);
    }
    const char *argument = line->part ? request->part : NULL;
    if (line->argument) argument = http_query(request, line->argument);
    if ((line->part || line->argument) && (!argument || !is_plain(argument))) {
        if (line->part)
            http_problem(request, MHD_HTTP_NOT_FOUND, "not_found", "", "");
        else
            http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_query", line->argument, "text");
        return false;
    }
    if (line->before_part) add(paper, &n, line->before_part);
    if (argument) add(paper, &n, argument);
    return true;
}

void paper_get(struct http_request *request)
{
    struct papers *papers = &request->gateway->papers;
    struct query_walk walk = {request->route->paper, ""};

    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, look_at_query, &walk);
    if (walk.unknown[0]) return refuse_query(request, walk.unknown);
    if (papers->n_waiting == PAPERS_WAITING_MAX) return http_busy(request, 1000);
    struct paper *paper = calloc(1, sizeof *paper);
    if (!paper) abort();
    paper->papers = papers;
    paper->request = request;
    snprintf(paper->locale, sizeof paper->locale, "%s",
             http_is_zh(request) ? "zh_CN.UTF-8" : "C.UTF-8");
    if (!compose(paper)) return drop(paper);
    request->self = paper;
    request->over = on_over;
    http_wait(request);
    struct paper **at = &papers->waiting;
    while (*at)
        at = &(*at)->next;
    *at = paper;
    papers->n_waiting++;
    begin_next(papers);
}

void papers_start(struct papers *papers, struct gateway *gateway)
{
    *papers = (struct papers){.gateway = gateway};
}

void papers_stop(struct papers *papers)
{
    for (struct paper *paper = papers->running; paper; paper = paper->next)
        kill(paper->pid, SIGKILL); /* they end with us, too */
}
