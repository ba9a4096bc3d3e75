/* SPDX-License-Identifier: MIT
 *
 * The gateway's file of users, as the command line opens it: whether the gateway runs or not. */
#ifndef DOORSTEP_USERS_FILE_H
#define DOORSTEP_USERS_FILE_H

#include "doorstep/cli.h"
#include "gateway/users.h"

enum { RANDOM_PASSWORD_SIZE = 20 };

/* Whoever may write to the data directory needs no login. */
extern const struct users_actor users_console;

/* That of an installation that exists. 0 or an exit code, with a message. */
int users_file_open(struct cli *cli, struct users **ret);
/* Says what was expected of `what`; an exit code. USERS_OK says nothing. */
int users_refused(struct cli *cli, enum users_result result, const char *what);
/* The role and person of --role and --person, the person being in the installation's
 * directory.yaml. NULL for role: it is missing. 0 or an exit code. */
int users_take_role(struct cli *cli, const char *role, const char *person,
                    enum gateway_role *ret_role, const char **ret_person);
/* Real time: users know no other. */
int64_t users_now_ms(void);
/* A day and time of it, "-" for never. 32 bytes. */
void users_time(char buf[32], int64_t at_ms);
/* 60 random bits that can be read out and typed. */
void users_random_password(char ret[RANDOM_PASSWORD_SIZE]);

#endif
