/* SPDX-License-Identifier: MIT
 *
 * Time zones by their IANA name, written out as rows for 2000..2060. Reads the system's zone files,
 * never TZ or any other setting of the process; for the files of this folder and their tests. */
#ifndef DS_RULEBOOK_ZONE_H
#define DS_RULEBOOK_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/limits.h"

enum { RB_ZONE_ROWS_MAX = 512, RB_ZONE_OFFSET_MAX_S = 26 * 3600 };

/* As struct ds_zone, with room. at_ms rises; at_ms[0] lies before 2000 in any zone. */
struct rb_zone {
    char name[DS_ID_MAX + 1];
    uint32_t n;
    int64_t at_ms[RB_ZONE_ROWS_MAX];
    int32_t offset_s[RB_ZONE_ROWS_MAX];
};

/* Is it spelled like a zone ("Asia/Shanghai")? A name that is cannot leave the zone folder. */
bool rb_zone_name_ok(const char *name);

/* Expands a zone of this machine. False when there is none or its file is not understood. */
bool rb_zone_expand(const char *name, struct rb_zone *ret);

/* The same from the bytes of a TZif file (RFC 8536, version 2 or later); any bytes are safe. */
bool rb_zone_from_tzif(const uint8_t *bytes, size_t len, struct rb_zone *ret);

/* Nearest name of a zone of this machine, written to buf; "" when none is near. */
void rb_zone_suggest(const char *name, char *buf, size_t size);

/* Appends a row. The first rows may lie before the window: only the last of those stays. False when
 * it is out of order or the table is full. Rows that change nothing are dropped. */
bool rb_zone_add(struct rb_zone *zone, int64_t at_s, int32_t offset_s);

/* Continues rows by a POSIX TZ rule ("CET-1CEST,M3.5.0,M10.5.0/3") for changes after from_s, to the
 * end of the window. An empty rule changes nothing. */
bool rb_zone_add_rule(struct rb_zone *zone, const char *rule, int64_t from_s);

#endif
