/* SPDX-License-Identifier: MIT
 *
 * NDJSON files of commands: read, checked, in the order of sending. Used by submit, play and
 * replay.
 */
#ifndef DOORSTEP_DAY_H
#define DOORSTEP_DAY_H

#include "domain/limits.h"
#include "doorstep/cli.h"
#include "proto/commands.pb-c.h"
#include "wire/check.h"

/* What a line says takes less room as a message, so one that intake would cut off is not read. */
enum { DAY_BYTES_MAX = 512 * 1024 * 1024, DAY_LINE_MAX = 2 * 1024 * 1024 };
static_assert(DAY_LINE_MAX + DS_ID_MAX < DS_CONNECTION_FRAME_MAX, "intake says what is too large");

struct day_line {
    int64_t send_at_ms; /* when the client sends it; received-at in a replay */
    uint32_t number;    /* line in the file, from 1 */
    int type;           /* of the command: its body_case */
    uint8_t *bytes;     /* packed Command; owned */
    size_t len;
};

struct day {
    struct day_line *lines; /* owned; rising by send_at_ms, file order within an instant */
    size_t n;
    size_t cap;
};

/* Why a line cannot be read. */
struct day_fault {
    struct ds_fault fault;
    int column;             /* from 1 */
    char id[DS_ID_MAX + 1]; /* of the command; "" if that cannot be read either */
};

/* Reads one line into *ret (bytes owned by the caller): a bare command, or
 * {"send_at":"...","command":{...}}. Empty lines and lines that begin with # give *ret->bytes NULL.
 * 0, or -1 with *why filled. */
int day_read_line(uint32_t number, const char *text, size_t len, struct day_line *ret,
                  struct day_fault *why);

/* Puts a command in place of the line's bytes. */
void day_pack(const Ds__Command *command, struct day_line *ret);

/* Reads a whole file. 0, or an exit code with "file:line:column: ..." on stderr. */
int day_read(struct cli *cli, const char *path, struct day *day);
void day_finish(struct day *day);

#endif
