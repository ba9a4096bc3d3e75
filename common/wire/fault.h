/* SPDX-License-Identifier: MIT
 *
 * How the wire check and the JSON reader say what is wrong: the place as a path, the cure as a
 * list or a nearest name. For files of wire/ only. */
#ifndef DS_WIRE_FAULT_H
#define DS_WIRE_FAULT_H

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "wire/check.h"

/* Messages within messages; ours have four levels. */
enum { DS_WIRE_DEPTH_MAX = 8 };

/* One step on the way to a field. Lives on the stack of the walk and costs nothing until somebody
 * has to be told. */
struct ds_path {
    const struct ds_path *up; /* NULL: a field of the outermost message */
    const char *name;
    int32_t index; /* member of a repeated field; -1: the field itself */
};

/* Clears fault. */
void ds_fault_none(struct ds_fault *fault);

/* All four fill fault and return its code. path NULL means the whole message.
 * What is too long ends in "..." (lists) or between two characters (paths). */
enum ds_code ds_fault_at(struct ds_fault *fault, enum ds_code code, const struct ds_path *path,
                         const char *expected);
/* UNKNOWN_FIELD; path ends in the unknown name. Suggests the nearest name, else lists them. */
enum ds_code ds_fault_unknown_field(struct ds_fault *fault, const struct ds_path *path,
                                    const ProtobufCMessageDescriptor *type);
/* UNKNOWN_VALUE; lists the names of an enum, without that of 0. */
enum ds_code ds_fault_unknown_value(struct ds_fault *fault, const struct ds_path *path,
                                    const ProtobufCEnumDescriptor *type);
/* DUPLICATE_FIELD for a second member of a oneof; first stands already. */
enum ds_code ds_fault_second_member(struct ds_fault *fault, const struct ds_path *path,
                                    const char *first);

#endif
