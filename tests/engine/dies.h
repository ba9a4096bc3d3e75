/* SPDX-License-Identifier: MIT
 *
 * Assertions of the product abort; a child process shows that one does. */
#ifndef DS_TEST_DIES_H
#define DS_TEST_DIES_H

#include <stdbool.h>

/* Does what(self) abort? Runs in a child, so nothing here is changed by it. */
bool dies(void (*what)(void *self), void *self);

#endif
