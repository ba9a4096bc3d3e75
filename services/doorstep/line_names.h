/* SPDX-License-Identifier: MIT
 *
 * Ids for lines of a file that have none, kept in FILE.ids so that a second run sends the same
 * bytes. A line is known by what it says: the same words in another place are the same line, and of
 * two alike the first is the first. */
#ifndef DOORSTEP_LINE_NAMES_H
#define DOORSTEP_LINE_NAMES_H

#include "doorstep/store_read.h"

/* Digest of the line's bytes and which of the lines alike it is, as it stands in FILE.ids. */
struct line_key {
    char text[48];
};

struct line_name {
    char id[DS_ID_MAX + 1];
    int64_t made_at_ms;
    bool fresh; /* made by this run: nobody has ever sent it */
};

struct line_names;

/* Reads FILE.ids, if there is one; nothing is kept for "-". NULL with *ret_code and a message if it
 * cannot be used. */
struct line_names *line_names_open(struct cli *cli, const char *file, int *ret_code);
void line_names_close(struct line_names *names); /* NULL: nothing */

/* Name of the next line with these bytes, written down before it is returned. An exit code. */
int line_names_give(struct line_names *names, redisContext *redis, const char *text, size_t len,
                    struct line_key *ret_key, struct line_name *ret);

/* What has this name was not recorded and never will be. */
void line_names_forget(struct line_names *names, const struct line_key *key);

#endif
