/* SPDX-License-Identifier: MIT
 *
 * The edge's look at bytes from outside, before they are unpacked: walks the wire form against the
 * descriptor and refuses what protobuf-c would silently accept. */
#ifndef DS_WIRE_CHECK_H
#define DS_WIRE_CHECK_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/codes.h"

/* What is wrong, and where. */
struct ds_fault {
    enum ds_code code;
    char field[96];     /* path with dots: "register.customer.phone"; "" for the whole frame */
    char expected[120]; /* for a person: "1..64 of [0-9A-Za-z._~-]"; "" when the code says it all */
    char expected_zh[240]; /* where text/expected.def cannot have it; "" else */
};

/* Checks bytes as a message of `type`: well-formed wire, only known fields with their wire type,
 * no singular field (or second member of a oneof) twice, known non-zero enum values, UTF-8 without
 * NUL, and per field (by its name, see the table in constraint.c) character set, length and range.
 * In a Command also: nothing that intake sets. An unknown field is named by its number, "#14".
 * Returns DS_CODE_OK, or the first fault found (also in fault->code). Reads only bytes. */
enum ds_code ds_check_message(const ProtobufCMessageDescriptor *type, const uint8_t *bytes,
                              size_t len, struct ds_fault *fault);

/* Is text 1..DS_ID_MAX bytes of [0-9A-Za-z._~-]? */
int ds_check_id(const char *text);

#endif
