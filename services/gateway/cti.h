/* SPDX-License-Identifier: MIT
 *
 * The telephone system: POST /v1/cti says what happens to a call, POST /v1/cti/alive that the
 * sender is there. A call's events become call_offered, call_answered and call_ended with ids that
 * follow from what was sent, so that a webhook that is sent again is recorded once; answered after
 * the commit.
 *
 * Clause 7.8 fines for calls that nobody picked up, so what may not have been heard of is said as a
 * feed_gap before anything else: from the last instant up to which nothing is missing to now, when
 * the sender was silent for too long, when something that it sent could not be recorded, and when
 * this gateway was not there. That instant is kept in Redis beside the journals. */
#ifndef GATEWAY_CTI_H
#define GATEWAY_CTI_H

#include "gateway/http.h"
#include "runtime/versions.h"

enum { CTI_SENDERS_MAX = 64, CTI_BODY_BYTES_MAX = 16384 };

/* A telephone system, by the name of its key or user. */
struct cti_sender {
    char name[DS_ID_MAX + 1];
    bool loaded;            /* what Redis knows of it is here */
    bool beats;             /* it sends heartbeats, so that its silence means something */
    int64_t heard_ms;       /* rule time; 0: never */
    int64_t heard_wall_ms;  /* the same instant in real time, which silence is measured in */
    int64_t broken_from_ms; /* rule time from which something may be missing; CTI_WHOLE: nothing */
};

#define CTI_WHOLE INT64_MAX

struct cti_wait;

struct cti {
    struct gateway *gateway;
    struct rt_versions versions;
    struct cti_sender senders[CTI_SENDERS_MAX];
    uint32_t n_senders;
    struct cti_wait *waits; /* requests that are being worked on */
    uint64_t events, gaps;
};

void cti_start(struct cti *cti, struct gateway *gateway);
/* Everybody who waits has been answered by the door before. */
void cti_stop(struct cti *cti);

/* Handlers of the routes. */
void cti_post(struct http_request *request);
void cti_alive(struct http_request *request);

#endif
