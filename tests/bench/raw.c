/* SPDX-License-Identifier: MIT
 *
 * The raw limit: function calls captured from a run, sent again to a fresh Redis without any logic,
 * one connection per service, one flush in flight on each. A capture is a sequence of records:
 * little-endian uint32 number of calls in the flush, uint32 length, that many bytes of requests.
 *
 *   raw REDIS CAPTURE... */
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 8 };

struct sender {
    redisContext *redis;
    char *bytes;
    size_t len, at;
    uint32_t replies_due;
};

static double now_s(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int load_file(struct sender *sender, const char *path)
{
    FILE *file = fopen(path, "re");

    if (!file) return -1;
    fseek(file, 0, SEEK_END);
    sender->len = (size_t)ftell(file);
    rewind(file);
    sender->bytes = malloc(sender->len + 1);
    int good = sender->bytes && fread(sender->bytes, 1, sender->len, file) == sender->len;
    fclose(file);
    return good ? 0 : -1;
}

/* Sends the next flush; false at the end. */
static int send_flush(struct sender *sender)
{
    uint32_t head[2];

    if (sender->at + sizeof head > sender->len) return 0;
    memcpy(head, sender->bytes + sender->at, sizeof head);
    sender->at += sizeof head;
    for (size_t done = 0; done < head[1];) {
        ssize_t n = write(sender->redis->fd, sender->bytes + sender->at + done, head[1] - done);
        if (n <= 0) exit(1);
        done += (size_t)n;
    }
    sender->at += head[1];
    sender->replies_due = head[0];
    return 1;
}

/* Takes what replies are there; true when the flush is answered. */
static int take_replies(struct sender *sender)
{
    void *reply;

    if (redisBufferRead(sender->redis) != REDIS_OK) exit(1);
    while (sender->replies_due > 0) {
        if (redisGetReplyFromReader(sender->redis, &reply) != REDIS_OK) exit(1);
        if (!reply) return 0;
        if (((redisReply *)reply)->type == REDIS_REPLY_ERROR) {
            fprintf(stderr, "%s\n", ((redisReply *)reply)->str);
            exit(1);
        }
        freeReplyObject(reply);
        sender->replies_due--;
    }
    return 1;
}

int main(int argc, char *argv[])
{
    struct sender senders[CONNECTIONS_MAX] = {{0}};
    struct pollfd polls[CONNECTIONS_MAX];
    int n = argc - 2, open = 0;

    if (n < 1 || n > CONNECTIONS_MAX) return 2;
    for (int i = 0; i < n; i++) {
        if (load_file(&senders[i], argv[i + 2]) != 0) return 1;
        senders[i].redis = redisConnectUnix(argv[1]);
        if (!senders[i].redis || senders[i].redis->err) return 1;
    }
    double start_s = now_s();
    for (int i = 0; i < n; i++) {
        polls[i] = (struct pollfd){senders[i].redis->fd, POLLIN, 0};
        if (send_flush(&senders[i]))
            open++;
        else
            polls[i].fd = -1;
    }
    while (open > 0) {
        if (poll(polls, (nfds_t)n, 10000) <= 0) return 1;
        for (int i = 0; i < n; i++) {
            if (!(polls[i].revents & POLLIN) || !take_replies(&senders[i])) continue;
            if (send_flush(&senders[i])) continue;
            polls[i].fd = -1;
            open--;
        }
    }
    printf("{\"seconds\":%.3f}\n", now_s() - start_s);
    return 0;
}
