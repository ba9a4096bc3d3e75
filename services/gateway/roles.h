/* SPDX-License-Identifier: MIT
 *
 * Who may do what hangs on one word a user or key. Which route asks for which roles is the
 * gateway's table; here are only the words. */
#ifndef GATEWAY_ROLES_H
#define GATEWAY_ROLES_H

#include <stdbool.h>

#include "text/text.h"

enum gateway_role {
    GATEWAY_ADMIN, /* users, keys, audit */
    GATEWAY_MANAGER,
    GATEWAY_CLERK,
    GATEWAY_TECHNICIAN, /* his own jobs and entries only */
    GATEWAY_BOARD,      /* a wallboard: reads, and has nobody in front of it */
    GATEWAY_PHONE,      /* the telephone system */
    GATEWAY_ROLE_COUNT
};

/* A row of the gateway's table names its roles as a sum of these. */
#define GATEWAY_MAY(role) (1u << (role))

/* "clerk"; as it is stored, sent and written. */
const char *gateway_role_name(enum gateway_role role);
/* Back; GATEWAY_ROLE_COUNT if it is none. */
enum gateway_role gateway_role_of(const char *name);
/* As people call it. */
const char *gateway_role_word(enum ds_lang lang, enum gateway_role role);
/* Does it act for somebody of the directory, so that it needs a person? */
bool gateway_role_acts(enum gateway_role role);

#endif
