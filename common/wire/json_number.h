/* SPDX-License-Identifier: MIT
 *
 * Whole numbers in JSON, in all the ways they may be written. For files of wire/ only. */
#ifndef DS_WIRE_JSON_NUMBER_H
#define DS_WIRE_JSON_NUMBER_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "domain/codes.h"

/* Any value of any integer type. */
struct ds_whole {
    bool negative;
    uint64_t magnitude;
};

/* Reads a number without fraction, a decimal text, or, for 64-bit fields named *_ms, an RFC 3339
 * instant. Returns DS_CODE_OK, or a fault with *expected set (static text). */
enum ds_code ds_whole_of_json(const ProtobufCFieldDescriptor *field, const json_t *value,
                              struct ds_whole *ret, const char **expected);

/* Stores it as the member of an integer type; OUT_OF_RANGE with *expected set if it is too big. */
enum ds_code ds_whole_store(ProtobufCType type, struct ds_whole whole, void *to,
                            const char **expected);

#endif
