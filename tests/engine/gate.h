/* SPDX-License-Identifier: MIT
 *
 * A door with a tiny intake behind it, and commands to knock with.
 *
 * The tiny intake: territory p0, p1, p2 names the partition; "far" one that does not exist; every
 * other one is unknown. "boss" may activate. register makes ticket T<partition>-<seq>; urge is a
 * fact of a ticket, its note tells what becomes of it: "full" is refused, "known" is a fact that
 * was recorded before under another id. */
#ifndef DS_TEST_GATE_H
#define DS_TEST_GATE_H

#include "engine/door.h"
#include "shelf.h"

enum { GATE_PARTS = 3, GATE_VERSIONS = 8 };

/* Thursday 2007-03-01 12:00:00.000 UTC. */
#define GATE_NOW_MS INT64_C(1172750400000)

extern const struct ds_service tiny_intake;

struct gate {
    struct ds_env env;
    struct ds_part parts[GATE_PARTS];
    struct ds_door door;
    struct ds_answer answer;
    struct ds_commit commit;
    struct call call;
    struct shelf shelves[GATE_PARTS];
    struct ds_arena arena;
    struct ds_version versions[GATE_VERSIONS];
    int64_t now_ms;
    /* what make_version answers, and what it was asked */
    enum ds_code version_code;
    uint32_t version_number;
    int64_t effective_from_ms; /* what the next activations say; 0: at once */
    uint32_t versions_made;
    size_t version_bytes;
    /* of the last command that was taken */
    uint8_t sent[2 * 1024 * 1024];
    size_t sent_len;
};

/* A door at GATE_NOW_MS; rulebook 1 is in force unless `bare`. */
struct gate *gate_new(uint32_t receipts_max, bool bare);
void gate_free(struct gate *gate);

/* Loses the process: parts, receipts and all, and starts again from what is committed. */
void gate_restart(struct gate *gate, uint32_t receipts_max);

void gate_time(struct gate *gate, int64_t now_ms);

/* Commits what is pending in a partition. */
void gate_commit(struct gate *gate, uint32_t partition);

/* Sends a command; the answer is also in gate->answer. */
const Ds__Receipt *gate_send(struct gate *gate, const Ds__Command *command);
const Ds__Receipt *gate_send_bytes(struct gate *gate, const uint8_t *bytes, size_t len);

/* An urge of territory p1 made now, with this id and note. */
const Ds__Receipt *gate_urge(struct gate *gate, const char *id, const char *note);

/* The same made at another time. */
const Ds__Receipt *gate_urge_made(struct gate *gate, const char *id, int64_t made_at_ms);

/* An activation by somebody. */
const Ds__Receipt *gate_activate(struct gate *gate, const char *id, const char *by);

/* Status, and code where there is one. */
void gate_check(const struct gate *gate, Ds__Receipt__Status status, const char *code);

#endif
