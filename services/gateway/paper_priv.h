/* SPDX-License-Identifier: MIT
 *
 * What paper.c, which runs the command line, and paper_ask.c, which words it, share. */
#ifndef GATEWAY_PAPER_PRIV_H
#define GATEWAY_PAPER_PRIV_H

#include "gateway/paper.h"
#include "wire/buf.h"

enum { PAPER_ARGS_MAX = 2 + PAPER_WORDS + 1 + 2 * PAPER_VALUES + 6 };

struct paper_format {
    unsigned bit; /* 0: always there */
    const char *name, *option, *value, *type, *suffix;
};

struct paper {
    struct papers *papers;
    struct http_request *request;      /* NULL: nobody wants it any more */
    char *args[PAPER_ARGS_MAX];        /* owned copies; ends with NULL */
    const struct paper_format *format; /* NULL: the route knows but one */
    char scratch[PAPER_PATH_MAX];      /* removed at the end; "": none */
    char locale[24];
    pid_t pid;
    ev_io out_io, said_io;
    ev_child child;
    ev_timer limit;
    struct ds_buf out;
    char said[PAPER_SAID_MAX];
    size_t said_len;
    bool ended, too_large, late;
    int status;
    struct paper *next;
};

/* Adds an argument, which is copied. */
void paper_add(struct paper *paper, int *n, const char *text);

/* Is the query of a kind that the route does not take, or are too many waiting? Then it was
 * answered. */
bool paper_refused(struct http_request *request);

/* Fills the arguments from the request; false when it was answered. */
bool paper_compose(struct paper *paper);

/* Names the file in which a browser keeps what is not to be looked at. */
void paper_name_file(struct http_request *request, struct MHD_Response *response,
                     const char *suffix);

#endif
