/* SPDX-License-Identifier: MIT
 *
 * Who asks: a person with a session, a program with a key, or nobody yet. */
#ifndef GATEWAY_CALLER_H
#define GATEWAY_CALLER_H

#include <stdbool.h>

#include "domain/limits.h"
#include "gateway/roles.h"

/* Whom a row of the table of routes lets in. */
enum {
    MAY_ANYBODY = 0, /* also without a session */
    MAY_ADMIN = GATEWAY_MAY(GATEWAY_ADMIN),
    MAY_MANAGER = GATEWAY_MAY(GATEWAY_MANAGER),
    MAY_CLERK = GATEWAY_MAY(GATEWAY_CLERK),
    MAY_TECHNICIAN = GATEWAY_MAY(GATEWAY_TECHNICIAN),
    MAY_BOARD = GATEWAY_MAY(GATEWAY_BOARD),
    MAY_PHONE = GATEWAY_MAY(GATEWAY_PHONE),
    MAY_MANAGE = MAY_ADMIN | MAY_MANAGER,
    MAY_OFFICE = MAY_MANAGE | MAY_CLERK,
    MAY_WORK = MAY_OFFICE | MAY_TECHNICIAN,
    MAY_VIEW = MAY_WORK | MAY_BOARD,
    MAY_ALL = MAY_VIEW | MAY_PHONE,
};

struct caller {
    bool known; /* false: nobody yet */
    enum gateway_role role;
    bool by_key;                /* a program: no cookie, so nothing to forge */
    bool zh;                    /* the user's language */
    char name[DS_ID_MAX + 1];   /* user or key */
    char person[DS_ID_MAX + 1]; /* of the directory; "" for none */
    bool must_change;           /* may only change his password */
};

/* Is it one of these roles? */
static inline bool caller_may(const struct caller *caller, unsigned may)
{
    return caller->known && (may & GATEWAY_MAY(caller->role)) != 0;
}

#endif
