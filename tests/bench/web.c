/* SPDX-License-Identifier: MIT
 *
 * The clients of tests/bench/gateway.py. Prints figures as JSON, latencies in microseconds.
 *
 *   web post PORT KEY RATE SECONDS FIRST   commands by POST, RATE a second, durable answers
 *   web zmq ADDRESS RATE SECONDS FIRST     the same commands to intake itself
 *   web sse PORT KEY CLIENTS SECONDS       clients of /v1/alerts; from an alert's stamp to each
 *   web raw CLIENTS BYTES                  so many sockets written and read with nothing else
 *
 * A command's time begins when it was to be sent, so that waiting for the one before counts. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "domain/event.h"
#include "proto/commands.pb-c.h"

enum { LINES = 256, SAMPLES_MAX = 4000000, TAIL = 65536, TERRITORIES = 4 };

static uint32_t samples[SAMPLES_MAX];
static long n_samples;

static int64_t clock_us(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void sample(int64_t us)
{
    if (n_samples < SAMPLES_MAX) samples[n_samples++] = us < 0 ? 0 : (uint32_t)us;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static void print(const char *name, long n, double seconds)
{
    qsort(samples, (size_t)n_samples, sizeof samples[0], by_size);
    uint32_t p50 = n_samples ? samples[n_samples / 2] : 0;
    uint32_t p99 = n_samples ? samples[n_samples * 99 / 100] : 0;
    uint32_t max = n_samples ? samples[n_samples - 1] : 0;
    printf("{\"%s\":%ld,\"seconds\":%.3f,\"samples\":%ld,\"p50_us\":%u,\"p99_us\":%u,"
           "\"max_us\":%u}\n",
           name, n, seconds, n_samples, p50, p99, max);
}

static int dial(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n <= 0) {
            perror("write");
            exit(1);
        }
        bytes += n;
        len -= (size_t)n;
    }
}

/* ---- commands ---- */

struct run {
    long rate, first, due, sent, good, bad, in_flight;
    int64_t start_us, end_us;
};

static int64_t due_us(const struct run *run, long n)
{
    return run->start_us + n * 1000000 / run->rate;
}

static void post_one(int fd, const char *key, long n)
{
    char body[256], head[512];
    int len = snprintf(body, sizeof body,
                       "{\"made_at_ms\":%lld,\"call_offered\":{\"call\":\"b%ld\",\"called\":"
                       "\"0736%07ld\",\"caller\":\"1%010ld\"}}",
                       (long long)clock_us(CLOCK_REALTIME) / 1000, n, n % TERRITORIES, n);
    int head_len = snprintf(head, sizeof head,
                            "POST /v1/commands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                            "Idempotency-Key: b%ld\r\nContent-Length: %d\r\n\r\n%s",
                            key, n, len, body);

    send_all(fd, head, (size_t)head_len);
}

struct line {
    int fd;
    long n; /* in flight; -1: free */
    size_t len;
    char bytes[8192];
};

static struct line lines[LINES];

/* Takes what is there of an answer; true when it is whole. */
static bool is_answered(struct line *line)
{
    ssize_t n = read(line->fd, line->bytes + line->len, sizeof line->bytes - 1 - line->len);

    if (n <= 0) {
        perror("read");
        exit(1);
    }
    line->len += (size_t)n;
    line->bytes[line->len] = '\0';
    const char *end = strstr(line->bytes, "\r\n\r\n");
    const char *size = strcasestr(line->bytes, "content-length: ");
    return end && size && end + 4 + atol(size + 16) <= line->bytes + line->len;
}

static void finish_line(struct run *run, struct line *line)
{
    bool good = strncmp(line->bytes + 9, "200", 3) == 0;

    sample(clock_us(CLOCK_MONOTONIC) - due_us(run, line->n));
    *(good ? &run->good : &run->bad) += 1;
    if (!good && run->bad == 1) fprintf(stderr, "%s\n", line->bytes);
    line->n = -1;
    line->len = 0;
    run->in_flight--;
}

static void post(int port, const char *key, struct run *run)
{
    int epoll = epoll_create1(0);
    struct epoll_event events[LINES];

    for (int i = 0; i < LINES; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        lines[i].fd = dial(port);
        lines[i].n = -1;
        epoll_ctl(epoll, EPOLL_CTL_ADD, lines[i].fd, &event);
    }
    run->start_us = clock_us(CLOCK_MONOTONIC);
    while (run->sent < run->due || run->in_flight > 0) {
        for (int i = 0; i < LINES && run->sent < run->due; i++) {
            if (lines[i].n >= 0) continue;
            if (due_us(run, run->sent) > clock_us(CLOCK_MONOTONIC)) break;
            lines[i].n = run->sent++;
            post_one(lines[i].fd, key, run->first + lines[i].n);
            run->in_flight++;
        }
        int n = epoll_wait(epoll, events, LINES, 1);
        for (int i = 0; i < n; i++)
            if (is_answered(&lines[events[i].data.u32]))
                finish_line(run, &lines[events[i].data.u32]);
    }
    run->end_us = clock_us(CLOCK_MONOTONIC);
}

static void zmq_one(void *socket, long n)
{
    char id[32], called[16], caller[24];
    uint8_t bytes[512];
    Ds__Command command = DS__COMMAND__INIT;
    Ds__CallOffer offer = DS__CALL_OFFER__INIT;

    snprintf(id, sizeof id, "b%ld", n);
    snprintf(called, sizeof called, "0736%07ld", n % TERRITORIES);
    snprintf(caller, sizeof caller, "1%010ld", n);
    command.id = offer.call = id;
    command.by = (char *)"boss";
    DS_SET(&command, made_at_ms, clock_us(CLOCK_REALTIME) / 1000);
    offer.called = called;
    offer.caller = caller;
    command.body_case = DS__COMMAND__BODY_CALL_OFFERED;
    command.call_offered = &offer;
    zmq_send(socket, bytes, ds__command__pack(&command, bytes), 0);
}

static void over_zmq(const char *address, struct run *run)
{
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
    uint8_t bytes[4096];

    if (zmq_connect(socket, address) != 0) exit(1);
    run->start_us = clock_us(CLOCK_MONOTONIC);
    while (run->sent < run->due || run->in_flight > 0) {
        while (run->sent < run->due && due_us(run, run->sent) <= clock_us(CLOCK_MONOTONIC)) {
            zmq_one(socket, run->first + run->sent++);
            run->in_flight++;
        }
        zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, 1);
        int n;
        while ((n = zmq_recv(socket, bytes, sizeof bytes, ZMQ_DONTWAIT)) > 0) {
            Ds__Receipt *receipt = ds__receipt__unpack(NULL, (size_t)n, bytes);
            bool good = receipt && receipt->status == DS__RECEIPT__STATUS__RECORDED;
            *(good ? &run->good : &run->bad) += 1;
            sample(clock_us(CLOCK_MONOTONIC) - due_us(run, atol(receipt->id + 1) - run->first));
            ds__receipt__free_unpacked(receipt, NULL);
            run->in_flight--;
        }
    }
    run->end_us = clock_us(CLOCK_MONOTONIC);
}

/* ---- streams ---- */

/* Each event has its stamp in ms; what is behind the last empty line waits for its end. */
static void take_events(char *tail, size_t *len)
{
    char *at = tail, *end;
    int64_t now_us = clock_us(CLOCK_REALTIME);

    tail[*len] = '\0';
    while ((end = strstr(at, "\n\n"))) {
        *end = '\0';
        char *stamp = strstr(at, "\"received_at_ms\":\"");
        if (stamp) sample(now_us - atoll(stamp + 18) * 1000);
        at = end + 2;
    }
    *len -= (size_t)(at - tail);
    memmove(tail, at, *len);
}

static void streams(int port, const char *key, int clients, long seconds)
{
    struct epoll_event events[256];
    int epoll = epoll_create1(0), *fds = calloc((size_t)clients, sizeof *fds), n;
    size_t *lens = calloc((size_t)clients, sizeof *lens);
    char **tails = calloc((size_t)clients, sizeof *tails), head[256];
    bool *has_begun = calloc((size_t)clients, sizeof *has_begun);

    if (!fds || !lens || !tails || !has_begun) exit(1);
    n = snprintf(head, sizeof head,
                 "GET /v1/alerts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", key);
    for (int i = 0; i < clients; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        fds[i] = dial(port);
        if (!(tails[i] = malloc(TAIL))) exit(1);
        send_all(fds[i], head, (size_t)n);
        epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event);
    }
    int begun = 0; /* streams that have said something: they get all that comes from now on */
    int64_t end_us = INT64_MAX;
    while (clock_us(CLOCK_MONOTONIC) < end_us) {
        if (begun == clients && end_us == INT64_MAX) {
            printf("all begun\n");
            fflush(stdout);
            end_us = clock_us(CLOCK_MONOTONIC) + seconds * 1000000;
        }
        n = epoll_wait(epoll, events, 256, 100);
        for (int i = 0; i < n; i++) {
            uint32_t c = events[i].data.u32;
            ssize_t got = read(fds[c], tails[c] + lens[c], TAIL - 1 - lens[c]);
            if (got <= 0) {
                fprintf(stderr, "a stream ended: %s\n", strerror(errno));
                exit(1);
            }
            if (!has_begun[c]) begun++;
            has_begun[c] = true;
            lens[c] += (size_t)got;
            take_events(tails[c], &lens[c]);
        }
    }
    print("clients", clients, (double)seconds);
}

/* What the machine needs to give so many bytes to so many sockets and take them out again. */
static void raw(int clients, size_t len)
{
    int(*pairs)[2] = calloc((size_t)clients, sizeof *pairs);
    char *bytes = calloc(1, len);

    if (!pairs || !bytes) exit(1);
    for (int i = 0; i < clients; i++)
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]) != 0) exit(1);
    for (int round = 0; round < 100; round++) {
        int64_t start_us = clock_us(CLOCK_MONOTONIC);
        for (int i = 0; i < clients; i++)
            send_all(pairs[i][0], bytes, len);
        for (int i = 0; i < clients; i++)
            if (read(pairs[i][1], bytes, len) != (ssize_t)len) exit(1);
        sample(clock_us(CLOCK_MONOTONIC) - start_us);
    }
    print("clients", clients, 0);
}

int main(int argc, char *argv[])
{
    const char *mode = argc > 1 ? argv[1] : "";
    struct run run = {0};

    if (strcmp(mode, "sse") == 0 && argc == 6) {
        streams(atoi(argv[2]), argv[3], atoi(argv[4]), atol(argv[5]));
        return 0;
    }
    if (strcmp(mode, "raw") == 0 && argc == 4) {
        raw(atoi(argv[2]), (size_t)atol(argv[3]));
        return 0;
    }
    bool http = strcmp(mode, "post") == 0;
    if (argc != (http ? 7 : 6)) return 64;
    run.rate = atol(argv[argc - 3]);
    run.due = run.rate * atol(argv[argc - 2]);
    run.first = atol(argv[argc - 1]);
    if (http)
        post(atoi(argv[2]), argv[3], &run);
    else
        over_zmq(argv[2], &run);
    if (run.bad) fprintf(stderr, "%ld of %ld were refused\n", run.bad, run.sent);
    print("recorded", run.good, (double)(run.end_us - run.start_us) / 1e6);
    return run.bad ? 1 : 0;
}
