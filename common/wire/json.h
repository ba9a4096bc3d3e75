/* SPDX-License-Identifier: MIT
 *
 * proto3 JSON mapping of our messages, by descriptor: snake_case names as in the .proto, 64-bit
 * integers as decimal strings (numbers accepted on input when exact), enums by name (numbers
 * accepted), bytes in base64, absent fields omitted, unknown and duplicate keys refused.
 * One addition on input only: a field named *_ms whose text looks like RFC 3339 is an instant. */
#ifndef DS_WIRE_JSON_H
#define DS_WIRE_JSON_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "wire/arena.h"
#include "wire/check.h"

/* Message -> new JSON object (json_decref it). Never fails but for lack of memory (NULL). */
json_t *ds_json_of(const ProtobufCMessage *message);

/* JSON object -> message of `type`, allocated in arena (nothing to free). Checks names, types,
 * ranges and one member per oneof; the values themselves are ds_check_message's business.
 * Returns the message, or NULL with fault filled. */
ProtobufCMessage *ds_json_to(const ProtobufCMessageDescriptor *type, const json_t *object,
                             struct ds_arena *arena, struct ds_fault *fault);

/* Reads one JSON text that is an object (duplicate keys refused; json_decref it); NULL with fault
 * filled and *ret_line, *ret_column, from 1, where the reader stopped. */
json_t *ds_json_load(const char *text, size_t len, struct ds_fault *fault, int *ret_line,
                     int *ret_column);

/* Where in a JSON text that was read well, on one line, a fault's field stands: the column, from 1,
 * of its key or member, or of as much of the path as is there. */
int ds_json_column(const char *text, size_t len, const char *path);

/* Parses one JSON text (duplicate keys refused) into a message; position goes to fault->expected.
 * Of a duplicate key, fault->field is the name alone. */
ProtobufCMessage *ds_json_parse(const ProtobufCMessageDescriptor *type, const char *text,
                                size_t len, struct ds_arena *arena, struct ds_fault *fault);

/* RFC 3339 ("2007-03-01T08:00:00.000+08:00" or Z) <-> UTC ms. Parsing wants a full date, time and
 * offset, at most ms precision; returns 0 or -1. Formatting writes at most 30 bytes with NUL, and Z
 * for an offset of 0. Both know instants of [DS_TIME_MIN_MS, DS_TIME_MAX_MS) only. */
int ds_rfc3339_parse(const char *text, int64_t *ret_ms);
void ds_rfc3339_format(int64_t at_ms, int32_t offset_s, char buf[30]);

#endif
