/* SPDX-License-Identifier: MIT
 *
 * POST /v1/commands: the body is a command without its id, which is the Idempotency-Key. Answered
 * after intake's commit; with the outcome when the service that decides has told it in time. */
#ifndef GATEWAY_COMMAND_H
#define GATEWAY_COMMAND_H

#include "gateway/http.h"
#include "domain/vocabulary.h"
#include "proto/envelope.pb-c.h"
#include "wire/arena.h"

enum {
    COMMAND_OUTCOME_WAIT_MS = 2000, /* from the receipt on */
    COMMAND_OUTCOMES_KEPT = 16384,  /* that came before their receipts; power of two */
};

/* An outcome as it was seen in the feed. */
struct command_outcome {
    uint32_t partition;
    uint64_t seq;  /* intake's event */
    json_t *event; /* owned */
};

struct commands {
    struct gateway *gateway;
    struct command_outcome kept[COMMAND_OUTCOMES_KEPT]; /* the latest of each slot */
    struct command_wait *newest, *oldest;               /* have a receipt, want an outcome */
    uint32_t n_recalls;
    struct ds_arena arena;
    ev_timer timer;
};

void commands_start(struct commands *commands, struct gateway *gateway);
void commands_stop(struct commands *commands);

/* Handler of the route. */
void command_post(struct http_request *request);

/* What became of an event of intake is known: whoever waits for it is answered. The outcome becomes
 * theirs. */
void command_told(struct commands *commands, uint32_t partition, uint64_t seq, json_t *outcome);

/* The feed saw an event. */
void command_saw(struct commands *commands, uint32_t partition, const Ds__Event *event);

#endif
