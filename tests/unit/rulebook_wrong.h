/* SPDX-License-Identifier: MIT
 *
 * One change to a shipped file, the one problem it must give, and where. The place is named by the
 * text that stands there, and counted apart from the parser. */
#ifndef DS_TEST_RULEBOOK_WRONG_H
#define DS_TEST_RULEBOOK_WRONG_H

#include "rulebook_files.h"

struct wrong {
    const char *old; /* stands in the file once */
    const char *by;
    const char *code;
    const char *where;      /* stands in the changed file once; the problem is at its beginning */
    const char *suggestion; /* NULL: none */
    bool more;              /* other problems follow from it */
};

/* Tries them all and prints those that fail; returns how many do. */
int count_failed(const struct files *files, const struct wrong *wrong, size_t n, bool directory);

#endif
