/* SPDX-License-Identifier: MIT
 *
 * Events on paper: the CloudEvents line for programs, the alert line for people. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/cli.h"
#include "doorstep/event_json.h"
#include "wire/json.h"

void cli_print_message(FILE *to, const ProtobufCMessage *message)
{
    json_t *object = ds_json_of(message);
    char *text = json_dumps(object, JSON_COMPACT);

    if (!text) abort();
    fprintf(to, "%s\n", text);
    free(text);
    json_decref(object);
}

void cli_print_event(FILE *to, const struct record *record)
{
    char *text = event_text(record);

    fprintf(to, "%s\n", text);
    free(text);
}

struct alert {
    enum ds_word what;
    enum ds_clock clock;
    uint32_t n;
    int64_t due_at_ms;
    const char *owner; /* NULL: nobody named */
};

/* What of an event is an alert; false for the rest. */
static bool alert_of(const Ds__Event *msg, struct alert *ret)
{
    switch ((int)msg->body_case) {
    case DS__EVENT__BODY_WARNED:
        *ret = (struct alert){DS_WORD_ALERT_WARNING, (enum ds_clock)msg->warned->clock,
                              msg->warned->n, msg->warned->due_at_ms, msg->warned->owner};
        return true;
    case DS__EVENT__BODY_BREACHED:
        *ret = (struct alert){DS_WORD_ALERT_BREACH, (enum ds_clock)msg->breached->clock,
                              msg->breached->n, msg->breached->due_at_ms, msg->breached->owner};
        return true;
    case DS__EVENT__BODY_BREACH_WITHDRAWN:
        *ret = (struct alert){DS_WORD_ALERT_WITHDRAWN, (enum ds_clock)msg->breach_withdrawn->clock,
                              msg->breach_withdrawn->n, msg->breach_withdrawn->due_at_ms, NULL};
        return true;
    case DS__EVENT__BODY_JUDGED:
        if (msg->judged->verdict != DS__VERDICT__NAME__BREACHED) return false;
        *ret = (struct alert){DS_WORD_ALERT_FINAL, (enum ds_clock)msg->judged->clock,
                              msg->judged->n, msg->judged->due_at_ms, msg->judged->owner};
        return true;
    case DS__EVENT__BODY_CAP_REACHED:
        *ret = (struct alert){DS_WORD_ALERT_CAP, DS_CLOCK_DELAY, msg->cap_reached->delay,
                              msg->cap_reached->cap_at_ms, NULL};
        return true;
    case DS__EVENT__BODY_CALL_UNANSWERED:
        *ret = (struct alert){DS_WORD_ALERT_UNANSWERED, DS_CLOCK_HOTLINE, 0,
                              msg->call_unanswered->offered_at_ms, msg->call_unanswered->caller};
        return true;
    case DS__EVENT__BODY_RETURNED_TO_CLERK:
        *ret =
            (struct alert){DS_WORD_ALERT_TO_CLERK, DS_CLOCK_DISPATCH, 0, msg->received_at_ms, NULL};
        return true;
    default: return false;
    }
}

void cli_print_alert(FILE *to, enum ds_lang lang, const struct record *record,
                     const struct ds_zone *zone)
{
    const Ds__Event *msg = record->msg;
    bool call = msg->body_case == DS__EVENT__BODY_CALL_UNANSWERED;
    struct alert alert;
    char at[32], due[32];

    if (!alert_of(msg, &alert)) return;
    cli_local_time(at, msg->received_at_ms, zone);
    cli_local_time(due, alert.due_at_ms, zone);
    fprintf(to, "%-23s  ", at);
    cli_put(to, ds_word(lang, alert.what), 18);
    fprintf(to, "%-14s %s", ds_str(msg->subject), ds_clock_word(lang, alert.clock));
    if (alert.n > 0) fprintf(to, " #%u", alert.n);
    fprintf(to, ", %s %s", ds_word(lang, call ? DS_WORD_CAME_IN : DS_WORD_DUE), due);
    if (ds_str(alert.owner)[0]) fprintf(to, ", %s", alert.owner);
    if (ds_str(msg->clause)[0]) fprintf(to, " [%s]", msg->clause);
    const char *why = ds_reason_text(lang, (int)msg->reason);
    if (why[0]) fprintf(to, ": %s", why);
    fprintf(to, "\n");
}
