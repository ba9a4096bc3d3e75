/* SPDX-License-Identifier: MIT
 *
 * Rulebook versions by number. Stored once in Redis under their hash; compiled when first asked
 * for; kept for as long as the process lives. */
#ifndef DS_RUNTIME_VERSIONS_H
#define DS_RUNTIME_VERSIONS_H

#include <hiredis/hiredis.h>

#include "domain/version.h"

struct rt_versions {
    const char *redis_path;
    uint32_t partitions;
    int64_t timeout_ms;
    struct ds_version *list[DS_VERSIONS_MAX]; /* by number; NULL: not compiled yet */
};

/* For ds_env: compiles on demand from the store. Dies when a number of a journal has no version. */
const struct ds_version *rt_version(void *self, uint32_t number);

/* The same for whoever can wait: NULL when the store does not answer or has no such version. */
const struct ds_version *rt_version_if_there(struct rt_versions *versions, uint32_t number);

/* Stores a version and its number, durably. 0, or -1 when the store cannot take it. */
int rt_version_store(struct rt_versions *versions, uint32_t number, const char *hash,
                     const uint8_t *bytes, size_t len);

void rt_versions_finish(struct rt_versions *versions);

#endif
