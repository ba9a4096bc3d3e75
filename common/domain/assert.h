/* SPDX-License-Identifier: MIT
 *
 * Assertions that stay on in release builds. Only for our own bugs: bad input is never an assertion
 * but a code or a reason. Pure code may abort, nothing else. */
#ifndef DS_DOMAIN_ASSERT_H
#define DS_DOMAIN_ASSERT_H

#undef NDEBUG
#include <assert.h>

/* Aborts when cond is false; the log names the place. */
#define DS_ASSERT(cond) assert(cond)

/* Behind an exhaustive switch. */
#define DS_UNREACHABLE() __assert_fail("not reached", __FILE__, __LINE__, __func__)

#endif
