/* SPDX-License-Identifier: MIT
 *
 * Reads: what the `doorstep` command line answers, over HTTP. Each is a process of its own with a
 * limit of time, memory and output: a long report holds up nobody, and one obvious place says what
 * a read means. */
#ifndef GATEWAY_PAPER_H
#define GATEWAY_PAPER_H

#include <ev.h>

#include "gateway/http.h"

enum {
    PAPERS_AT_ONCE = 4,
    PAPERS_WAITING_MAX = 128, /* more are told busy */
    PAPER_BYTES_MAX = 33554432,
    PAPER_SAID_MAX = 2048, /* of what it says about an error */
    PAPER_LIMIT_MS = 30000,
    PAPER_MEMORY_MAX = 1 << 30,
    PAPER_WORDS = 6,
    PAPER_VALUES = 6,
    PAPER_PATH_MAX = 600,
};

/* What ?format= may ask for besides JSON, which is the answer to none. */
enum {
    PAPER_TEXT = 1, /* as a terminal has it */
    PAPER_CSV = 2,
    PAPER_XLSX = 4,
};

/* A route's command line. */
struct paper_line {
    const char *words[PAPER_WORDS]; /* subcommand and fixed options */
    bool part;                      /* the star of the path is its argument */
    const char *before_part;        /* ... or the value of this option */
    const char *argument;           /* a value of the query that is its argument, and needed */
    bool own;                       /* a technician is told of himself: --person is always said */
    struct {
        const char *query, *option;
        bool is_switch;     /* an option without a value; said with 1 */
    } values[PAPER_VALUES]; /* of the query; others are refused */
    const char *type;       /* media type of a line that makes one thing alone; NULL: JSON */
    unsigned formats;       /* PAPER_ ones: the words do not say --json, ?format= says which */
};

struct paper;

struct papers {
    struct gateway *gateway;
    struct paper *running, *waiting; /* oldest first */
    uint32_t n_running, n_waiting;
    uint64_t made, failed, late;
};

void papers_start(struct papers *papers, struct gateway *gateway);
void papers_stop(struct papers *papers);

/* Handler of every route that has a paper_line. */
void paper_get(struct http_request *request);

/* The same after a POST whose text is in a file, which becomes the last argument. dir: a private
 * directory that holds nothing else; it is removed with its files when the answer was given. */
void paper_post(struct http_request *request, const char *dir, const char *file);

#endif
