/* SPDX-License-Identifier: MIT
 *
 * Message types that our protos do not have: one within itself, and one of the scalar types that
 * nothing uses yet. Written as protoc-c would.
 *   message Box { optional Box box = 1; }
 *   message Odd {
 *     optional int32 a = 1;
 *     optional sfixed32 late_ms = 2;
 *     optional sfixed64 made_at_ms = 3;
 *     optional float latitude = 4;
 *     optional fixed64 h = 5;
 *     repeated float floats = 6;
 *   } */
#ifndef DS_TEST_ODD_TYPES_H
#define DS_TEST_ODD_TYPES_H

#include <protobuf-c/protobuf-c.h>

extern const ProtobufCMessageDescriptor box_type;
extern const ProtobufCMessageDescriptor odd_type;

#endif
