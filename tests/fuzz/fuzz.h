/* SPDX-License-Identifier: MIT
 *
 * What the targets share: what must hold, or it is a finding. */
#ifndef DS_TEST_FUZZ_H
#define DS_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FUZZ_ARENA = 16 * 1024 * 1024 };

#define FUZZ_MUST(holds)                                                                           \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
