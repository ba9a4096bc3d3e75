/* SPDX-License-Identifier: MIT
 *
 * A month's satisfaction sheet (P4) as it was drawn, with what the customers said. */
#ifndef DOORSTEP_SHEET_READ_H
#define DOORSTEP_SHEET_READ_H

#include "domain/ids.h"
#include "doorstep/archive.h"
#include "doorstep/table.h"

struct sheet {
    const struct archive *archive;
    const struct record *drawn;     /* NULL: none was */
    const struct record *handed_in; /* NULL: not yet */
    const struct ds_zone *zone;
};

/* One order of the sheet. */
struct sheet_row {
    char ticket[DS_TICKET_ID_MAX];
    const char *ref; /* the client's order number; "" */
    bool install;
    const struct record *answer; /* NULL: the journal no longer has it */
};

void sheet_find(struct sheet *sheet, const struct archive *archive, const char *territory,
                uint32_t month);
struct sheet_row sheet_row_at(const struct sheet *sheet, size_t i);

/* Columns of a table of orders, and the orders of a sheet as its rows. */
extern const struct table_column sheet_columns[];
void sheet_put(struct table *table, const struct sheet *sheet);

#endif
