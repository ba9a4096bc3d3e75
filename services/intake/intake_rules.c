/* SPDX-License-Identifier: MIT
 *
 * Intake's rules: pure functions over one command and what is known of its customer. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "intake/intake.h"

enum ds_code intake_fail(struct ds_fault *fault, enum ds_code code, const char *field,
                         const char *expected)
{
    fault->code = code;
    ds_copy(fault->field, sizeof fault->field, field);
    ds_copy(fault->expected, sizeof fault->expected, expected);
    return code;
}

/* ---- what a command must say ---- */

struct required {
    Ds__Command__BodyCase body;
    const char *field;
    const char *expected;
};

#define BODY(name) DS__COMMAND__BODY_##name

static const struct required required[] = {
    {BODY(CALL_OFFERED), "call", "the exchange's id of the call"},
    {BODY(CALL_OFFERED), "called", "the number dialled"},
    {BODY(CALL_OFFERED), "caller", "the caller's number, or anonymous"},
    {BODY(CALL_ANSWERED), "call", "the exchange's id of the call"},
    {BODY(CALL_ANSWERED), "answered_by", "PERSON, VOICEMAIL, IVR or QUEUE"},
    {BODY(CALL_ENDED), "call", "the exchange's id of the call"},
    {BODY(FEED_GAP), "from_ms", "when the feed went silent"},
    {BODY(FEED_GAP), "to_ms", "when it came back"},
    {BODY(REGISTER), "kind", "INSTALL, COMPLAINT or SYSTEM"},
    {BODY(SET_URGENCY), "urgent", "true or false"},
    {BODY(BOOK_APPOINTMENT), "from_ms", "start of the agreed window"},
    {BODY(BOOK_APPOINTMENT), "to_ms", "end of the agreed window"},
    {BODY(BOOK_APPOINTMENT), "wish", "CUSTOMER or COMPANY"},
    {BODY(MOVE_APPOINTMENT), "from_ms", "start of the agreed window"},
    {BODY(MOVE_APPOINTMENT), "to_ms", "end of the agreed window"},
    {BODY(MOVE_APPOINTMENT), "wish", "CUSTOMER or COMPANY"},
    {BODY(CANCEL), "reason", "why"},
    {BODY(REOPEN), "reason", "why"},
    {BODY(TRANSFER), "territory", "the territory in which the job goes on"},
    {BODY(TRANSFER), "reason", "why"},
    {BODY(ANSWER_COMPLAINT), "channel", "how the customer was told"},
    {BODY(ANSWER_COMPLAINT), "text", "what the customer was told"},
    {BODY(ASSIGN), "account", "person:<id> or outlet:<id>"},
    {BODY(REJECT), "reason", "why"},
    {BODY(REPORT_DELAY), "reason", "PARTS, MAJOR_REPAIR, CUSTOMER, or a manager's OTHER"},
    {BODY(FILE_RESULT), "fixed", "true or false"},
    {BODY(REPORT_DAY), "date", "the local day, YYYY-MM-DD"},
    {BODY(RECORD_CALLBACK), "reached", "true or false"},
    {BODY(SUBMIT_SHEET), "month", "the month, YYYYMM"},
    {BODY(SUBMIT_WEEKLY), "week", "the date of its Monday, YYYY-MM-DD"},
    {BODY(ANALYSE_CASE), "note", "what was found"},
    {BODY(REPORT_VIOLATION), "clause", "e.g. 7.16"},
    {BODY(REPORT_VIOLATION), "account", "person:<id> or outlet:<id>"},
    {BODY(CONFIRM_PROPOSAL), "proposal", "key of the proposal"},
    {BODY(REJECT_PROPOSAL), "proposal", "key of the proposal"},
    {BODY(REJECT_PROPOSAL), "reason", "why"},
    {BODY(REVERSE_ENTRY), "entry", "key of the entry"},
    {BODY(REVERSE_ENTRY), "reason", "why"},
    {BODY(CLOSE_OBLIGATION), "obligation", "key of the obligation"},
    {BODY(APPEAL_ENTRY), "entry", "key of the entry"},
    {BODY(APPEAL_ENTRY), "reason", "why"},
    {BODY(DECIDE_APPEAL), "entry", "key of the entry"},
    {BODY(DECIDE_APPEAL), "grant", "true: it is reversed, or false: it stands"},
    {BODY(DECIDE_APPEAL), "reason", "why"},
    {BODY(CLOSE_MONTH), "month", "the month, e.g. 200703"},
    {BODY(REJUDGE), "under", "number of a version, see `doorstep rulebook list`"},
    {BODY(REJUDGE), "reason", "why"},
    {BODY(SET_INSTALMENTS), "entry", "key of the entry"},
    {BODY(SET_INSTALMENTS), "months", "over how many months"},
};

static const ProtobufCFieldDescriptor *body_field(const Ds__Command *command)
{
    return protobuf_c_message_descriptor_get_field(&ds__command__descriptor,
                                                   (unsigned)command->body_case);
}

/* Length in bytes of the white space that a text begins with, 0 if it begins with something else:
 * ASCII, U+0085, U+00A0, U+2000..U+200B, U+2028, U+2029, U+202F, U+205F and U+3000, which Chinese
 * keyboards put between words. */
static size_t space_at(const char *text)
{
    static const char *const others[] = {"\xc2\x85", "\u00a0", "\u2028", "\u2029",
                                         "\u202f",   "\u205f", "\u3000"};

    if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')) return 1;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strncmp(text, others[i], strlen(others[i])) == 0) return strlen(others[i]);
    if (strncmp(text, "\xe2\x80", 2) == 0 && (unsigned char)text[2] >= 0x80 &&
        (unsigned char)text[2] <= 0x8b)
        return 3;
    return 0;
}

/* An answer or a reason of nothing but white space was not given. */
bool intake_says_something(const char *text)
{
    if (!text) return false;
    for (size_t n; (n = space_at(text)) > 0;)
        text += n;
    return text[0] != '\0';
}

static bool has_field(const ProtobufCMessage *body, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(body->descriptor, name);
    DS_ASSERT(field);
    const char *base = (const char *)body;

    if (field->type == PROTOBUF_C_TYPE_STRING)
        return intake_says_something(*(char *const *)(const void *)(base + field->offset));
    return *(const protobuf_c_boolean *)(const void *)(base + field->quantifier_offset);
}

/* fault.field = "<command>.<field>" */
static enum ds_code fail_in(struct ds_fault *fault, enum ds_code code, const Ds__Command *command,
                            const char *field, const char *expected)
{
    const char *name = body_field(command)->name;
    size_t n = strlen(name);

    DS_ASSERT(n + 1 + strlen(field) < sizeof fault->field);
    fault->code = code;
    memcpy(fault->field, name, n);
    fault->field[n] = '.';
    ds_copy(fault->field + n + 1, sizeof fault->field - n - 1, field);
    ds_copy(fault->expected, sizeof fault->expected, expected);
    return code;
}

enum ds_code intake_check_required(const Ds__Command *command, struct ds_fault *fault)
{
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        const struct required *row = &required[i];
        if (row->body != command->body_case) continue;
        if (!has_field(&command->accept->base, row->field))
            return fail_in(fault, DS_CODE_MISSING_FIELD, command, row->field, row->expected);
    }
    return DS_CODE_OK;
}

/* ---- fields that must fit each other ---- */

bool intake_is_fact(const Ds__Command *command)
{
    switch ((int)command->body_case) {
    case BODY(CALL_OFFERED):
    case BODY(CALL_ANSWERED):
    case BODY(CALL_ENDED):
    case BODY(FEED_GAP):
    case BODY(REGISTER):
    case BODY(REPORT_DAY):
    case BODY(SUBMIT_SHEET):
    case BODY(SUBMIT_WEEKLY):
    case BODY(REPORT_VIOLATION):
    case BODY(CONFIRM_PROPOSAL):
    case BODY(REJECT_PROPOSAL):
    case BODY(REVERSE_ENTRY):
    case BODY(CLOSE_OBLIGATION):
    case BODY(APPEAL_ENTRY):
    case BODY(DECIDE_APPEAL):
    case BODY(CLOSE_MONTH):
    case BODY(SET_INSTALMENTS):
    case BODY(ACTIVATE): return false;
    default: return true;
    }
}

/* Facts name their ticket; what is no fact has none to name, and must not seem to. */
static enum ds_code check_named(const Ds__Command *command, struct ds_fault *fault)
{
    bool named = command->ticket || command->ref;

    if (intake_is_fact(command) == named) return DS_CODE_OK;
    if (!named) return intake_fail(fault, DS_CODE_NEEDS_TICKET, "", "");
    return intake_fail(fault, DS_CODE_NOT_ALLOWED_HERE, command->ticket ? "ticket" : "ref",
                       "only facts about a ticket name one");
}

static enum ds_code check_register(const Ds__Command *command, struct ds_fault *fault)
{
    const Ds__Register *report = command->register_;
    bool complaint = report->kind == DS__KIND__NAME__COMPLAINT;
    bool service = complaint && report->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE;

    if (complaint && !report->has_complaint_type)
        return fail_in(fault, DS_CODE_MISSING_FIELD, command, "complaint_type",
                       "REPAIR or SERVICE");
    if (!complaint && report->has_complaint_type)
        return fail_in(fault, DS_CODE_BAD_VALUE, command, "complaint_type",
                       "absent unless kind is COMPLAINT");
    if (service && !report->has_subject)
        return fail_in(fault, DS_CODE_MISSING_FIELD, command, "subject",
                       "what the complaint is about");
    if (!service && (report->about || report->about_ref))
        return fail_in(fault, DS_CODE_BAD_VALUE, command, report->about ? "about" : "about_ref",
                       "absent unless this is a service complaint");
    if (report->kind == DS__KIND__NAME__SYSTEM) return DS_CODE_OK;
    if (!report->customer || !report->customer->phone)
        return fail_in(fault, DS_CODE_MISSING_FIELD, command, "customer.phone",
                       "the customer's number");
    if (service) return DS_CODE_OK;
    if (!report->product || !intake_says_something(report->product->category))
        return fail_in(fault, DS_CODE_MISSING_FIELD, command, "product.category",
                       "a category of the directory");
    if (!report->customer->has_city && !report->customer->has_distance_m)
        return fail_in(fault, DS_CODE_MISSING_FIELD, command, "customer.distance_m",
                       "a distance in metres, or city: true");
    return DS_CODE_OK;
}

static enum ds_code check_answers(const Ds__Command *command, struct ds_fault *fault)
{
    const Ds__RecordCallback *callback = command->record_callback;
    uint32_t seen = 0;

    if (!callback->reached && callback->n_answers > 0)
        return fail_in(fault, DS_CODE_BAD_VALUE, command, "answers",
                       "absent when nobody was reached");
    for (size_t i = 0; i < callback->n_answers; i++) {
        const Ds__Answer *answer = callback->answers[i];
        if (!answer->has_question)
            return fail_in(fault, DS_CODE_MISSING_FIELD, command, "answers.question",
                           "what was asked");
        if (seen & 1u << answer->question)
            return fail_in(fault, DS_CODE_DUPLICATE_FIELD, command, "answers.question", "");
        seen |= 1u << answer->question;
        bool money = answer->question == DS__QUESTION__NAME__CHARGED_FEN;
        if (money && !answer->has_amount_fen)
            return fail_in(fault, DS_CODE_MISSING_FIELD, command, "answers.amount_fen",
                           "what the customer paid, in fen");
        if (!money && !answer->has_yes)
            return fail_in(fault, DS_CODE_MISSING_FIELD, command, "answers.yes", "true or false");
    }
    return DS_CODE_OK;
}

static enum ds_code check_window(const Ds__Command *command, const Ds__Appointment *window,
                                 struct ds_fault *fault)
{
    if (window->to_ms < window->from_ms)
        return fail_in(fault, DS_CODE_BAD_VALUE, command, "to_ms", "not before from_ms");
    return DS_CODE_OK;
}

static enum ds_code check_month(const Ds__Command *command, uint32_t month, struct ds_fault *fault)
{
    if (month % 100 >= 1 && month % 100 <= 12) return DS_CODE_OK;
    return fail_in(fault, DS_CODE_BAD_VALUE, command, "month", "a year and a month, e.g. 200703");
}

static enum ds_code check_week(const Ds__Command *command, struct ds_fault *fault)
{
    int32_t day;

    if (ds_parse_date(command->submit_weekly->week, &day) && ds_weekday(day) == 0)
        return DS_CODE_OK;
    return fail_in(fault, DS_CODE_BAD_VALUE, command, "week", "the date of a Monday");
}

enum ds_code intake_check_sense(const Ds__Command *command, struct ds_fault *fault)
{
    enum ds_code code = check_named(command, fault);

    if (code != DS_CODE_OK) return code;
    if (intake_is_return(command)) return intake_check_return(command, fault);
    if (command->body_case == BODY(REGISTER)) return check_register(command, fault);
    if (command->body_case == BODY(RECORD_CALLBACK)) return check_answers(command, fault);
    if (command->body_case == BODY(BOOK_APPOINTMENT))
        return check_window(command, command->book_appointment, fault);
    if (command->body_case == BODY(MOVE_APPOINTMENT))
        return check_window(command, command->move_appointment, fault);
    if (command->body_case == BODY(CLOSE_MONTH))
        return check_month(command, command->close_month->month, fault);
    if (command->body_case == BODY(SUBMIT_SHEET))
        return check_month(command, command->submit_sheet->month, fault);
    if (command->body_case == BODY(SUBMIT_WEEKLY)) return check_week(command, fault);
    if (command->body_case == BODY(REJUDGE) &&
        command->rejudge->has_clock != command->rejudge->has_n)
        return fail_in(fault, DS_CODE_MISSING_FIELD, command,
                       command->rejudge->has_n ? "clock" : "n", "a clock and its number, or none");
    if (command->body_case == BODY(FEED_GAP) &&
        command->feed_gap->to_ms <= command->feed_gap->from_ms)
        return fail_in(fault, DS_CODE_BAD_VALUE, command, "to_ms", "after from_ms");
    if (command->body_case == BODY(CALL_ANSWERED) && !command->call_answered->agent &&
        command->call_answered->answered_by == DS__ANSWERED_BY__NAME__PERSON)
        return fail_in(fault, DS_CODE_MISSING_FIELD, command, "agent", "who picked up");
    if (command->body_case == BODY(CORRECT_ADDRESS) && !command->correct_address->has_city &&
        !command->correct_address->has_distance_m)
        return fail_in(fault, DS_CODE_MISSING_FIELD, command, "distance_m",
                       "a distance in metres, or city: true");
    return DS_CODE_OK;
}

/* ---- who may say what ---- */

enum {
    CLERK = 1u << DS_ROLE_CLERK,
    TECHNICIAN = 1u << DS_ROLE_TECHNICIAN,
    MANAGER = 1u << DS_ROLE_MANAGER,
    SYSTEM = 1u << DS_ROLE_SYSTEM,
    OFFICE = CLERK | MANAGER,
    ANYBODY = OFFICE | TECHNICIAN | SYSTEM,
};

struct permission {
    Ds__Command__BodyCase body;
    unsigned by;     /* roles that may send it */
    unsigned person; /* roles that may have done it */
    const char *expected;
};

static const struct permission permissions[] = {
    {BODY(CALL_OFFERED), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(CALL_ANSWERED), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(CALL_ENDED), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(FEED_GAP), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(REGISTER), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(CORRECT_ADDRESS), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(SET_URGENCY), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(FILL_ORDER), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(CONTACT_CUSTOMER), ANYBODY, OFFICE | TECHNICIAN, "a clerk, manager or technician"},
    {BODY(BOOK_APPOINTMENT), ANYBODY, OFFICE | TECHNICIAN, "a clerk, manager or technician"},
    {BODY(MOVE_APPOINTMENT), ANYBODY, OFFICE | TECHNICIAN, "a clerk, manager or technician"},
    {BODY(URGE), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(CANCEL), OFFICE | SYSTEM, OFFICE | SYSTEM, "a clerk, manager or system"},
    {BODY(REOPEN), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(TRANSFER), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(ANSWER_COMPLAINT), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(REGISTER_DELAY), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(ASSIGN), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(ACCEPT), ANYBODY, TECHNICIAN | CLERK, "a technician, or a clerk for the inbox"},
    {BODY(REJECT), ANYBODY, TECHNICIAN, "a technician"},
    {BODY(CHECK_IN), ANYBODY, TECHNICIAN, "a technician"},
    {BODY(REPORT_DELAY), ANYBODY, TECHNICIAN, "a technician"},
    {BODY(RESUME), ANYBODY, TECHNICIAN | OFFICE, "a technician, clerk or manager"},
    {BODY(COMPLETE), ANYBODY, TECHNICIAN | OFFICE, "a technician, clerk or manager"},
    {BODY(FILE_RESULT), ANYBODY, TECHNICIAN | OFFICE, "a technician, clerk or manager"},
    {BODY(REPORT_DAY), ANYBODY, TECHNICIAN, "a technician"},
    {BODY(RECORD_CALLBACK), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(CHECK_RETURN), ANYBODY, OFFICE | TECHNICIAN, "a clerk, manager or technician"},
    {BODY(RECORD_RETURN), ANYBODY, OFFICE | TECHNICIAN, "a clerk, manager or technician"},
    {BODY(SUBMIT_SHEET), OFFICE, OFFICE, "a clerk or manager"},
    {BODY(SUBMIT_WEEKLY), ANYBODY, TECHNICIAN, "a technician"},
    {BODY(ANALYSE_CASE), ANYBODY, TECHNICIAN | OFFICE, "a technician, clerk or manager"},
    {BODY(REPORT_VIOLATION), MANAGER, MANAGER, "a manager"},
    {BODY(CONFIRM_PROPOSAL), MANAGER, MANAGER, "a manager"},
    {BODY(REJECT_PROPOSAL), MANAGER, MANAGER, "a manager"},
    {BODY(REVERSE_ENTRY), MANAGER, MANAGER, "a manager"},
    {BODY(CLOSE_OBLIGATION), MANAGER, MANAGER, "a manager"},
    {BODY(APPEAL_ENTRY), ANYBODY, OFFICE | TECHNICIAN, "the person whose entry it is"},
    {BODY(DECIDE_APPEAL), MANAGER, MANAGER, "a manager"},
    {BODY(CLOSE_MONTH), MANAGER, MANAGER, "a manager"},
    {BODY(REJUDGE), MANAGER, MANAGER, "a manager"},
    {BODY(SET_INSTALMENTS), MANAGER, MANAGER, "a manager"},
    {BODY(ACTIVATE), MANAGER | SYSTEM, MANAGER | SYSTEM, "a manager"},
};

/* P3.3: a reason beyond those that are named is the manager's to accept, so he reports it. */
static const struct permission other_delay = {
    BODY(REPORT_DELAY), MANAGER, MANAGER,
    "a manager for OTHER; a technician says PARTS, MAJOR_REPAIR or CUSTOMER"};

static const struct permission *permission_of(const Ds__Command *command)
{
    if (command->body_case == BODY(REPORT_DELAY) &&
        command->report_delay->reason == DS__DELAY__REASON__OTHER)
        return &other_delay;
    for (size_t i = 0; i < sizeof permissions / sizeof permissions[0]; i++)
        if (permissions[i].body == command->body_case) return &permissions[i];
    DS_UNREACHABLE();
}

struct intake_actor intake_actor_of(const struct ds_version *version, const Ds__Command *command)
{
    const struct ds_person *by = ds_find_person(version, command->by);

    return (struct intake_actor){by,
                                 command->person ? ds_find_person(version, command->person) : by};
}

enum ds_code intake_check_people(const struct ds_version *version, const Ds__Command *command,
                                 struct ds_fault *fault)
{
    const struct permission *permission = permission_of(command);
    struct intake_actor actor = intake_actor_of(version, command);

    if (!actor.by) return intake_fail(fault, DS_CODE_UNKNOWN_PERSON, "by", "");
    if (!actor.person) return intake_fail(fault, DS_CODE_UNKNOWN_PERSON, "person", "");
    if (actor.by->role == DS_ROLE_TECHNICIAN && actor.person != actor.by)
        return intake_fail(fault, DS_CODE_WRONG_ROLE, "person", "the technician himself");
    if (!(permission->by & 1u << actor.by->role))
        return intake_fail(fault, DS_CODE_WRONG_ROLE, "by", permission->expected);
    if (!(permission->person & 1u << actor.person->role))
        return intake_fail(fault, DS_CODE_WRONG_ROLE, command->person ? "person" : "by",
                           permission->expected);
    /* the office types in much for others, but nobody's disagreement with his pay */
    if (command->body_case == BODY(APPEAL_ENTRY) && actor.person != actor.by &&
        actor.by->role != DS_ROLE_SYSTEM)
        return intake_fail(fault, DS_CODE_WRONG_ROLE, "person", "himself");
    if (command->body_case == BODY(SET_URGENCY) && !command->set_urgency->urgent &&
        actor.person->role != DS_ROLE_MANAGER)
        return intake_fail(fault, DS_CODE_WRONG_ROLE, command->person ? "person" : "by",
                           "a manager (only he takes urgency away)");
    return DS_CODE_OK;
}

static bool is_of(const struct ds_person *person, const char *territory)
{
    return !person->territory || strcmp(person->territory->id, territory) == 0;
}

enum ds_code intake_check_territory(const struct intake_actor *actor, const char *territory,
                                    struct ds_fault *fault)
{
    if (!is_of(actor->by, territory))
        return intake_fail(fault, DS_CODE_OTHER_TERRITORY, "by", territory);
    if (!is_of(actor->person, territory))
        return intake_fail(fault, DS_CODE_OTHER_TERRITORY, "person", territory);
    return DS_CODE_OK;
}

/* ---- time (handbook 3.2) ---- */

void intake_stamp(Ds__Event *event, const Ds__Command *command, const struct ds_version *version,
                  const struct intake_actor *actor, int64_t now_ms)
{
    int64_t occurred_ms =
        command->has_occurred_at_ms ? command->occurred_at_ms : command->made_at_ms;

    DS_SET(event, occurred_at_ms, occurred_ms);
    DS_SET(event, made_at_ms, command->made_at_ms);
    event->command_id = command->id;
    event->supersedes = command->supersedes;
    event->traceparent = command->traceparent;
    event->by = (char *)actor->person->id;
    if (actor->by != actor->person) event->entered_by = (char *)actor->by->id;
    if (occurred_ms > now_ms + version->ahead_max_ms) {
        DS_SET(event, judged_at_ms, now_ms);
        DS_SET(event, reason, DS__REASON__NAME__TIME_TOO_FAR_AHEAD);
    } else if (occurred_ms < now_ms - version->late_max_ms) {
        DS_SET(event, judged_at_ms, now_ms);
        DS_SET(event, reason, DS__REASON__NAME__TIME_TOO_OLD);
    }
}

int64_t intake_judged_ms(const Ds__Event *event)
{
    return event->has_judged_at_ms ? event->judged_at_ms : event->occurred_at_ms;
}

uint64_t intake_fact_hash(const Ds__Command *command)
{
    const char *person = command->person ? command->person : command->by;
    int64_t occurred_ms =
        command->has_occurred_at_ms ? command->occurred_at_ms : command->made_at_ms;
    int kind = (int)command->body_case;
    uint64_t hash = ds_hash(DS_HASH_START, &kind, sizeof kind);

    hash = ds_hash(hash, person, strlen(person));
    if (command->body_case == BODY(ASSIGN)) /* to somebody else is another wish */
        hash = ds_hash(hash, command->assign->account, strlen(command->assign->account));
    return ds_hash(hash, &occurred_ms, sizeof occurred_ms);
}
