/* SPDX-License-Identifier: MIT
 *
 * Live tickets as rows, one form for the board, the customer's list and whoever reads JSON. */
#ifndef DOORSTEP_BOARD_H
#define DOORSTEP_BOARD_H

#include "doorstep/live_read.h"

/* ticket, ref, head, phase, cycle, dispatch, appointment, clocks, waits. */
json_t *board_row(const struct live *live, const struct live_ticket *ticket);

/* "OPEN", "FINISHED", ... */
const char *board_phase(const Ds__IntakeTicket *intake);

/* Does anything of it still go on: it is open, or one of its clocks is? */
bool board_goes_on(const struct live *live, const struct live_ticket *ticket);

/* Is it offered to, or held by, this account? */
bool board_is_of(const struct live_ticket *ticket, const char *account);

/* Install, repair, service complaint or system. */
enum ds_word board_kind(const Ds__TicketHead *head);

#endif
