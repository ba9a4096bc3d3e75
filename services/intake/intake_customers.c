/* SPDX-License-Identifier: MIT
 *
 * Which of a customer's tickets a report is about (P1.2). Pure. */
#include <string.h>

#include "intake/intake.h"

static bool same_text(const char *a, const char *b)
{
    return strcmp(ds_str(a), ds_str(b)) == 0;
}

static bool same_matter(const Ds__IntakeCustomer__Row *row, const Ds__Register *report)
{
    const char *category = report->product ? report->product->category : NULL;

    return row->kind == report->kind && row->complaint_type == report->complaint_type &&
           same_text(row->category, category);
}

const Ds__IntakeCustomer__Row *intake_find_open(const Ds__IntakeCustomer *customer,
                                                const Ds__Register *report, const char *about)
{
    bool service = report->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE;

    for (size_t i = 0; i < customer->n_rows; i++) {
        const Ds__IntakeCustomer__Row *row = customer->rows[i];
        if (!row->open || !same_matter(row, report)) continue;
        if (service && (row->subject != report->subject || !same_text(row->about, about))) continue;
        return row;
    }
    return NULL;
}

const Ds__IntakeCustomer__Row *intake_find_closed(const Ds__IntakeCustomer *customer,
                                                  const Ds__Register *report)
{
    const char *category = report->product ? report->product->category : NULL;

    for (size_t i = customer->n_rows; i-- > 0;) {
        const Ds__IntakeCustomer__Row *row = customer->rows[i];
        if (!row->open && same_text(row->category, category)) return row;
    }
    return NULL;
}
