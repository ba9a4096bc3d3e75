/* SPDX-License-Identifier: MIT
 *
 * Intake's door without sockets: bytes of a command in, an answer out, and whether the answer may
 * go at once or only after a commit. The way of a command: form, id and age, duplicate, route,
 * take. */
#ifndef DS_ENGINE_DOOR_H
#define DS_ENGINE_DOOR_H

#include "domain/ids.h"
#include "engine/part.h"
#include "engine/receipts.h"
#include "wire/check.h"

struct ds_door {
    struct ds_part *parts; /* borrowed; part i is partition i */
    uint32_t n_parts;
    struct ds_receipts receipts;
    struct ds_arena arena; /* the command at hand */
    /* Checks, numbers and stores a version (durably) for an activate command; the caller's
     * business. Returns a code; on OK the hash (65 bytes with NUL) and the number to commit. */
    enum ds_code (*make_version)(void *self, const Ds__Activate *activate, char hash[65],
                                 uint32_t *ret_number, struct ds_fault *fault);
    void *self;
    int64_t effective_ms; /* a version waits for this instant; DS_NO_DUE: none does */
};

/* An answer. Texts live inside; receipt points to them. */
struct ds_answer {
    Ds__Receipt receipt;
    uint32_t partition;
    uint64_t after_bno; /* may be sent once this batch of the partition is durable; 0 = at once */
    struct ds_fault fault;
    char id[DS_ID_MAX + 1];
    char event[DS_EVENT_ID_MAX];
    char ticket[DS_TICKET_ID_MAX];
    char text[512];
    char text_zh[512];
    char code[40];
};

void ds_door_init(struct ds_door *door, struct ds_part *parts, uint32_t n_parts,
                  uint32_t receipts_max);
void ds_door_finish(struct ds_door *door);

/* Takes one command. now_ms is the cycle's; every part's now_ms must equal it.
 *   busy  when not NULL: take nothing, answer busy with this reason */
void ds_door_take(struct ds_door *door, const uint8_t *bytes, size_t len, int64_t now_ms,
                  const char *busy, struct ds_answer *answer);

/* Number of the version that was activated last, whether it is in force or waits; 0: none. */
uint32_t ds_door_last_version(struct ds_door *door);

/* Puts the version whose day has come in force, in every partition at the same instant. To be
 * called before anything else happens at now_ms. */
void ds_door_come_into_force(struct ds_door *door, int64_t now_ms);

/* Commits the version in force, and the one that waits, to partitions that do not have it yet (an
 * activation that a crash cut short). To be called once after start, before commands are taken. */
void ds_door_complete_activation(struct ds_door *door, const char *hash, uint32_t number);

#endif
