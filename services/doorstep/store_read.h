/* SPDX-License-Identifier: MIT
 *
 * Looking into Redis, read-only: journals, versions, live state. */
#ifndef DOORSTEP_STORE_READ_H
#define DOORSTEP_STORE_READ_H

#include <hiredis/hiredis.h>

#include "doorstep/cli.h"

/* Connection to the installation's Redis once it has loaded; NULL with a message. */
redisContext *store_open(struct cli *cli, const struct rt_conf *conf);

/* Rule time of a running installation: its clock's, or the time a stepped one was moved to. False
 * if the store does not tell: another clock's time is worse than none. */
bool store_now_ms(redisContext *redis, int64_t *ret_ms);

/* Gives every version ever activated, as stored; take answers whether it could be read. 0 or an
 * exit code. */
typedef bool (*store_version)(void *self, uint32_t number, const uint8_t *bytes, size_t len);
int store_each_version(struct cli *cli, redisContext *redis, store_version take, void *self);

/* Gives the batches of one journal with events after *at, which becomes the last one seen. take
 * answers 0, or -1 if it is no good batch. 0 or an exit code. */
typedef int (*store_batch)(void *self, const uint8_t *bytes, size_t len);
int store_batches(struct cli *cli, redisContext *redis, enum ds_source source, uint32_t partition,
                  store_batch take, void *self, uint64_t *at);

/* Where a service stands in a partition, all of it at one instant: its last event, its mark, the
 * last events of its upstreams that it has applied. */
bool store_place(redisContext *redis, enum ds_source source, uint32_t partition, uint64_t *ret_tail,
                 int64_t *ret_mark_ms, uint64_t ret_applied[DS_SOURCE_COUNT]);

/* Loads every version ever activated. 0 or an exit code. */
int store_versions(struct cli *cli, redisContext *redis, uint32_t partitions,
                   struct archive *archive);

/* Adds batches of one journal with events after `after`; *ret_last = last event seen.
 * 0 or an exit code. */
int store_journal(struct cli *cli, redisContext *redis, enum ds_source source, uint32_t partition,
                  uint64_t after, struct archive *archive, uint64_t *ret_last);

/* All journals (sources: bits 1 << enum ds_source) of one partition, or of all (UINT32_MAX). */
int store_archive(struct cli *cli, redisContext *redis, uint32_t partitions, uint32_t partition,
                  uint32_t sources, struct archive *archive);

enum { ALL_SOURCES = 0x3e };

/* Opens everything for a read: configuration, connection, versions, journals; sorted.
 * 0 or an exit code; archive_finish the archive in any case. */
int store_read(struct cli *cli, uint32_t partition, uint32_t sources, struct archive *archive);

#endif
