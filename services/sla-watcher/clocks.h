/* SPDX-License-Identifier: MIT
 *
 * The list of clocks: which promise of the department's rules is judged where. */
#ifndef CLOCKS_H
#define CLOCKS_H

#include "domain/event.h"
#include "domain/vocabulary.h"

struct watch_clock {
    enum ds_clock clock;
    const char *clause;          /* "P2.1": where the department's rules promise it */
    const char *file;            /* that judges it */
    enum ds_event_type feeds[9]; /* ends with 0 */
};

/* The nth (from 0) clock that has this name ("visit") or is of this clause; NULL: no more. */
const struct watch_clock *watch_find_clock(const char *name, uint32_t nth);

#endif
