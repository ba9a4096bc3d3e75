/* SPDX-License-Identifier: MIT
 *
 * Where is a promise judged? Here is the list: every clock with the place in the department's rules
 * that it comes from, the file that has its start, due and stop, and the events that feed it.
 * Numbers are in the rulebook, sentences in common/text/clocks.def. */
#include "sla-watcher/clocks.h"

#include <string.h>

#define EV(name) DS_EV_##name

static const struct watch_clock clocks[] = {
    {DS_CLOCK_ORDER,
     "P1.3",
     "clock_order.c",
     {EV(REGISTERED), EV(ORDER_FILLED), EV(CUSTOMER_CONTACTED), EV(APPOINTMENT_BOOKED),
      EV(CANCELLED)}},
    {DS_CLOCK_DISPATCH,
     "P2.1",
     "clock_dispatch.c",
     {EV(ORDER_FILLED), EV(CUSTOMER_CONTACTED), EV(APPOINTMENT_BOOKED), EV(OFFERED),
      EV(RETURNED_TO_CLERK), EV(ASSIGNED), EV(COMPLETED), EV(CANCELLED)}},
    {DS_CLOCK_ACCEPT,
     "7.1",
     "clock_accept.c",
     {EV(OFFERED), EV(ACCEPTED), EV(REJECTED), EV(CUSTOMER_CONTACTED), EV(CHECKED_IN),
      EV(TAKEN_BACK), EV(ASSIGNED), EV(ORDER_FILLED)}},
    {DS_CLOCK_CONTACT,
     "P2.1",
     "clock_contact.c",
     {EV(ACCEPTED), EV(ASSIGNED), EV(CUSTOMER_CONTACTED), EV(CHECKED_IN), EV(COMPLETED),
      EV(RESULT_FILED), EV(TAKEN_BACK), EV(CANCELLED)}},
    {DS_CLOCK_VISIT,
     "P2.1",
     "clock_visit.c",
     {EV(REGISTERED), EV(APPOINTMENT_BOOKED), EV(APPOINTMENT_MOVED), EV(ADDRESS_CORRECTED),
      EV(DELAY_REPORTED), EV(CHECKED_IN), EV(COMPLETED), EV(CANCELLED)}},
    {DS_CLOCK_COMPLAINT,
     "7.3",
     "clock_complaint.c",
     {EV(REGISTERED), EV(URGENCY_SET), EV(APPOINTMENT_BOOKED), EV(DELAY_REPORTED), EV(RESUMED),
      EV(COMPLETED), EV(COMPLAINT_ANSWERED), EV(CANCELLED)}},
    {DS_CLOCK_FEEDBACK,
     "P3.1",
     "day.c",
     {EV(CHECKED_IN), EV(COMPLETED), EV(DELAY_REPORTED), EV(RESULT_FILED), EV(DAY_REPORTED)}},
    {DS_CLOCK_DELAY,
     "P3.3",
     "clock_delay.c",
     {EV(DELAY_REPORTED), EV(DELAY_REGISTERED), EV(COMPLETED), EV(CANCELLED)}},
    {DS_CLOCK_RESULT, "P3.3", "clock_result.c", {EV(COMPLETED), EV(RESULT_FILED)}},
    {DS_CLOCK_CALLBACK,
     "P-2.1",
     "clock_callback.c",
     {EV(RESULT_FILED), EV(CANCELLED), EV(CALLBACK_RECORDED), EV(REOPENED)}},
    {DS_CLOCK_SURVEY_SHEET, "P4", "sheet.c", {EV(SHEET_DRAWN), EV(SHEET_HANDED_IN)}},
    {DS_CLOCK_WEEKLY_SHEET,
     "P3.2",
     "sheet.c",
     {EV(CHECKED_IN), EV(COMPLETED), EV(WEEKLY_SUBMITTED)}},
    {DS_CLOCK_HOTLINE,
     "7.8",
     "hotline.c",
     {EV(CALL_OFFERED), EV(CALL_ANSWERED), EV(CALL_ENDED), EV(FEED_GAP)}},
};

const struct watch_clock *watch_find_clock(const char *name, uint32_t nth)
{
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        if (strcmp(clocks[i].clause, name) != 0 &&
            strcmp(ds_clock_name(clocks[i].clock), name) != 0)
            continue;
        if (nth-- == 0) return &clocks[i];
    }
    return NULL;
}
