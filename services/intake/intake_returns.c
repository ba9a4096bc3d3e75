/* SPDX-License-Identifier: MIT
 *
 * Is what is said of an exchange or return (8.1 to 8.7) complete, and do its fields fit each other?
 * What follows from them the watcher decides. Pure. */
#include <string.h>

#include "intake/intake.h"

bool intake_is_return(const Ds__Command *command)
{
    return command->body_case == DS__COMMAND__BODY_CHECK_RETURN ||
           command->body_case == DS__COMMAND__BODY_RECORD_RETURN;
}

static enum ds_code check_product(const Ds__CheckReturn *check, struct ds_fault *fault)
{
    if (!intake_says_something(check->category))
        return intake_fail(fault, DS_CODE_MISSING_FIELD, "check_return.category",
                           "the product's category");
    if (!check->invoiced_on)
        return intake_fail(fault, DS_CODE_MISSING_FIELD, "check_return.invoiced_on",
                           "the date of the invoice, YYYY-MM-DD");
    if (!check->has_price_fen)
        return intake_fail(fault, DS_CODE_MISSING_FIELD, "check_return.price_fen",
                           "the price on the invoice, in fen");
    return DS_CODE_OK;
}

/* Dates as they follow each other; where one is not said, the ticket knows it. */
static enum ds_code check_dates(const Ds__CheckReturn *check, struct ds_fault *fault)
{
    const char *reported = check->reported_on;
    const struct {
        const char *field, *date, *least, *expected;
    } rows[] = {
        {"check_return.reported_on", reported, check->invoiced_on, "not before invoiced_on"},
        {"check_return.returned_on", check->returned_on, check->invoiced_on,
         "not before invoiced_on"},
        {"check_return.returned_on", check->returned_on, reported, "not before reported_on"},
        {"check_return.unpacked_on", check->unpacked_on, check->invoiced_on,
         "not before invoiced_on"},
        {"check_return.installed_on", check->installed_on, check->invoiced_on,
         "not before invoiced_on"},
    };

    /* dates of this form are ordered as texts are */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].date && rows[i].least && strcmp(rows[i].date, rows[i].least) < 0)
            return intake_fail(fault, DS_CODE_BAD_VALUE, rows[i].field, rows[i].expected);
    return DS_CODE_OK;
}

static enum ds_code check_intervals(const Ds__CheckReturn *check, struct ds_fault *fault)
{
    if (check->n_intervals > DS_RETURN_INTERVALS)
        return intake_fail(fault, DS_CODE_OUT_OF_RANGE, "check_return.intervals", "at most 32");
    for (size_t i = 0; i < check->n_intervals; i++) {
        const Ds__ReturnInterval *interval = check->intervals[i];
        if (!interval->has_kind)
            return intake_fail(fault, DS_CODE_MISSING_FIELD, "check_return.intervals.kind",
                               "REPAIR, PARTS, CUSTOMER or OTHER");
        if (!interval->has_from_ms)
            return intake_fail(fault, DS_CODE_MISSING_FIELD, "check_return.intervals.from_ms",
                               "when it began");
        if (interval->has_to_ms && interval->to_ms < interval->from_ms)
            return intake_fail(fault, DS_CODE_BAD_VALUE, "check_return.intervals.to_ms",
                               "not before from_ms");
    }
    return DS_CODE_OK;
}

static enum ds_code check_known(const Ds__RecordReturn *known, struct ds_fault *fault)
{
    if (!known->has_report && !known->has_accessories_complete && !known->has_cause &&
        !known->has_taken_in && known->n_lacks == 0)
        return intake_fail(fault, DS_CODE_MISSING_FIELD, "record_return.report",
                           "or accessories_complete, cause, taken_in");
    if (known->has_taken_in && known->taken_in == DS__RETURN_OPTION__NAME__REPAIR)
        return intake_fail(fault, DS_CODE_BAD_VALUE, "record_return.taken_in",
                           "EXCHANGE, OTHER_MODEL or RETURN");
    if (known->n_lacks > 0 && !known->has_taken_in)
        return intake_fail(fault, DS_CODE_MISSING_FIELD, "record_return.taken_in",
                           "what the unit was taken in for");
    if (known->n_lacks > DS_RETURN_LACKS)
        return intake_fail(fault, DS_CODE_OUT_OF_RANGE, "record_return.lacks", "at most 16");
    for (size_t i = 0; i < known->n_lacks; i++)
        if (!intake_says_something(known->lacks[i]))
            return intake_fail(fault, DS_CODE_MISSING_FIELD, "record_return.lacks",
                               "what is missing");
    return DS_CODE_OK;
}

enum ds_code intake_check_return(const Ds__Command *command, struct ds_fault *fault)
{
    if (command->body_case == DS__COMMAND__BODY_RECORD_RETURN)
        return check_known(command->record_return, fault);
    enum ds_code code = check_product(command->check_return, fault);

    if (code == DS_CODE_OK) code = check_intervals(command->check_return, fault);
    return code == DS_CODE_OK ? check_dates(command->check_return, fault) : code;
}
