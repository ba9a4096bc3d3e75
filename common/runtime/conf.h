/* SPDX-License-Identifier: MIT
 *
 * doorstep.yaml of a data directory: one row per key, in conf.c. */
#ifndef DS_RUNTIME_CONF_H
#define DS_RUNTIME_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { RT_PATH_MAX = 108 }; /* a socket's address */

struct rt_conf {
    char dir[512];         /* data directory; not a row */
    char run[RT_PATH_MAX]; /* sockets and locks */
    char redis_socket[RT_PATH_MAX];
    char listen[32]; /* address:port of the gateway; "off": there is none */
    int64_t partitions;
    int64_t receipts_max;
    int64_t entities_max; /* per partition and service */
    int64_t store_timeout_ms;
    int64_t busy_memory_percent;
    int64_t phone_silence_ms; /* of a telephone system that says that it is there */
    bool bus; /* publish and subscribe; off: read journals only */
    bool log_debug;
};

/* Reads DIR/doorstep.yaml. On a mistake prints file:line:column lines to err and returns -1. */
int rt_conf_load(struct rt_conf *conf, const char *dir, FILE *err);

/* Writes a commented doorstep.yaml with the defaults (and run). Returns 0, or -1 with errno. */
int rt_conf_write_default(const char *path, const char *run, uint32_t partitions);

/* Prints every row: key, type, unit, bounds, default, sentence. */
void rt_conf_print_rows(FILE *to);

#endif
