/* SPDX-License-Identifier: MIT
 *
 * Assertions that stay on in release builds. Only for our own bugs: bad input is never an assertion
 * but a code or a reason. Pure code may abort, nothing else. */
#ifndef DS_DOMAIN_ASSERT_H
#define DS_DOMAIN_ASSERT_H

#include <stdlib.h>

/* Aborts when cond is false; the core dump names the place. */
#define DS_ASSERT(cond)                                                                            \
    do {                                                                                           \
        if (!(cond)) abort();                                                                      \
    } while (0)

/* Behind an exhaustive switch. */
#define DS_UNREACHABLE() abort()

#endif
