/* SPDX-License-Identifier: MIT
 *
 * Ids that derive from where an event stands. Pure text work. */
#ifndef DS_DOMAIN_IDS_H
#define DS_DOMAIN_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/limits.h"
#include "domain/vocabulary.h"

enum { DS_TICKET_ID_MAX = 32, DS_EVENT_ID_MAX = 48 };

/* "T007-123": partition and sequence number of the registration. buf holds DS_TICKET_ID_MAX. */
void ds_ticket_id(char *buf, uint32_t partition, uint64_t seq);

/* Reads such an id (a suffix "~2" of a transferred ticket is part of it). False if it is none. */
bool ds_parse_ticket_id(const char *id, uint32_t *ret_partition, uint64_t *ret_seq);

/* "intake/p007/123". buf holds DS_EVENT_ID_MAX. */
void ds_event_id(char *buf, enum ds_source source, uint32_t partition, uint64_t seq);

/* Decimal text of a number; returns its length without NUL. buf holds 21 bytes. */
size_t ds_decimal(char *buf, uint64_t number);

/* FNV-1a over bytes, continuing from hash (DS_HASH_START to begin): the documented order of ties
 * and the mark of a repeated fact. Not for keyed tables. */
#define DS_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t ds_hash(uint64_t hash, const void *bytes, size_t len);

/* memcpy that may be asked to copy nothing from nowhere (empty repeated fields are NULL). */
void ds_copy_bytes(void *to, const void *from, size_t len);

/* Copies at most size - 1 bytes and terminates; texts are checked to fit long before. */
void ds_copy(char *buf, size_t size, const char *text);

#endif
