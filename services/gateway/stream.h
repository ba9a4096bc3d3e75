/* SPDX-License-Identifier: MIT
 *
 * Server-Sent Events: /v1/feed and /v1/alerts. A stream begins at any cursor: what was before now
 * is read from the journals, a little at a time as the client takes it, then it goes on with a ring
 * that all streams share. Nobody has a queue of his own: whoever falls out of the ring is closed
 * and comes back with the last cursor he got. The connection's state is an event each second. */
#ifndef GATEWAY_STREAM_H
#define GATEWAY_STREAM_H

#include "gateway/feed.h"
#include "gateway/http.h"

enum {
    STREAMS_MAX = 3000,
    STREAMS_CATCHING_UP_MAX = 32, /* ranges read at a time; the others wait their turn */
    STREAM_RING = 16384,          /* events; power of two */
    STREAM_RING_BYTES_MAX = 33554432,
    STREAM_BATCHES_AT_ONCE = 2,
    STREAM_MARK_MS = 1000,
    STREAM_AHEAD_MS = 3000, /* for the feed to reach a cursor that a read gave */
};

struct stream_item {
    char *text;     /* owned: id, data and an empty line */
    char *accounts; /* owned: of whom it speaks, "\nperson:ma\n"; NULL: a mark, for everybody */
    size_t len;
    bool alert;
};

struct stream;

struct streams {
    struct gateway *gateway;
    struct stream_item ring[STREAM_RING];
    uint64_t first, next; /* of the ring: first <= index < next */
    size_t bytes;
    struct stream *newest, *oldest;
    uint32_t n, reading;
    bool queued; /* somebody waits for a place to read */
    ev_timer mark;
    char cursor[CURSOR_TEXT_MAX];
    uint64_t opened, overrun;
};

void streams_start(struct streams *streams, struct gateway *gateway);
void streams_stop(struct streams *streams);

/* Handlers of the routes. */
void stream_feed(struct http_request *request);
void stream_alerts(struct http_request *request);

/* The feed saw an event. */
void streams_saw(struct streams *streams, enum ds_source source, uint32_t partition, uint64_t seq,
                 uint32_t rulebook, Ds__Event *event);

/* Ends all streams; their clients come back. */
void streams_close(struct streams *streams);

#endif
