/* SPDX-License-Identifier: MIT
 *
 * Messages filled at random by their descriptors. The same seed gives the same messages. */
#ifndef DS_TEST_RANDOM_MESSAGE_H
#define DS_TEST_RANDOM_MESSAGE_H

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "wire/arena.h"

struct random {
    uint64_t state;
};

/* Next 64 bits; a number below n (n > 0). */
uint64_t random_next(struct random *random);
uint64_t random_below(struct random *random, uint64_t n);

enum random_kind {
    RANDOM_ANY,  /* anything that the types allow */
    RANDOM_GOOD, /* what a client may send */
};

/* A message of `type` in arena. member: field number that its oneof must hold; 0: any. */
ProtobufCMessage *random_message(const ProtobufCMessageDescriptor *type, uint32_t member,
                                 enum random_kind kind, struct random *random,
                                 struct ds_arena *arena);

#endif
