/* SPDX-License-Identifier: MIT */
#include "sim/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"
#include "domain/event.h"

enum { TICKETS_MAX = 5, LATE_MAX_MS = 110 * DS_MINUTE_MS };

#define MINUTES(n) ((int64_t)(n)*DS_MINUTE_MS)
#define HOURS(n)   ((int64_t)(n)*DS_HOUR_MS)
/* Thursday 2007-03-01 00:00 in Shanghai. */
#define DAY_ZERO_MS (INT64_C(1172678400000))

/* One ticket in the making. */
struct tale {
    struct history *history;
    struct prng *prng;
    const char *territory;
    const char *clerk;
    const char *const *technicians; /* who may come to hold it, in any order */
    char ref[16];
    const char *category;
    int64_t now_ms; /* when the next fact happens */
    bool complaint;
};

static const char *const county_ac[] = {"wang", "chen", NULL};
static const char *const county_tv[] = {"huang", "xu", NULL};
static const char *const river_ac[] = {"sun", "qihe-deng", "lingjintan-hu", NULL};

static const char *pick(struct prng *prng, const char *const *list)
{
    size_t n = 0;

    while (list[n])
        n++;
    return list[prng_below(prng, n)];
}

static void push(struct history *history, const Ds__Command *command, int64_t received_ms)
{
    if (history->n == history->cap) {
        history->cap = history->cap ? history->cap * 2 : 64;
        history->lines = realloc(history->lines, history->cap * sizeof *history->lines);
        if (!history->lines) abort();
    }
    struct history_line *line = &history->lines[history->n];
    *line = (struct history_line){.received_ms = received_ms, .order = history->n};
    line->len = ds__command__get_packed_size(command);
    line->bytes = malloc(line->len + 1);
    if (!line->bytes) abort();
    ds__command__pack(command, line->bytes);
    history->n++;
}

/* Sends a fact that happened now; some arrive late, some in another order than they happened. */
static void say(struct tale *tale, Ds__Command *command, const char *by)
{
    char id[32];
    int64_t late_ms = 0;

    if (prng_chance(tale->prng, 30)) late_ms = prng_between(tale->prng, 0, LATE_MAX_MS);
    snprintf(id, sizeof id, "h%u-%llx", tale->history->n,
             (unsigned long long)prng_next(tale->prng) & 0xffffff);
    command->id = id;
    command->by = (char *)by;
    command->territory = (char *)tale->territory;
    if (command->body_case != DS__COMMAND__BODY_REGISTER) command->ref = tale->ref;
    DS_SET(command, made_at_ms, tale->now_ms);
    push(tale->history, command, tale->now_ms + late_ms);
}

/* Time passes: mostly minutes, sometimes hours, sometimes nothing at all. */
static void pass(struct tale *tale)
{
    unsigned kind = (unsigned)prng_below(tale->prng, 10);

    if (kind < 6)
        tale->now_ms += prng_between(tale->prng, 0, MINUTES(20));
    else if (kind < 9)
        tale->now_ms += prng_between(tale->prng, 0, HOURS(6));
    else
        tale->now_ms += prng_between(tale->prng, HOURS(6), HOURS(40));
    if (prng_chance(tale->prng, 20)) tale->now_ms -= tale->now_ms % MINUTES(10); /* ties */
}

#define COMMAND(name)    Ds__Command name = DS__COMMAND__INIT
#define BODY(name, CASE) (name).body_case = DS__COMMAND__BODY_##CASE

static void say_register(struct tale *tale)
{
    COMMAND(command);
    Ds__Register body = DS__REGISTER__INIT;
    Ds__Customer customer = DS__CUSTOMER__INIT;
    Ds__Product product = DS__PRODUCT__INIT;
    char phone[16];

    snprintf(phone, sizeof phone, "138%08u", (unsigned)(prng_next(tale->prng) % 100000000));
    BODY(command, REGISTER);
    command.register_ = &body;
    DS_SET(&body, kind, tale->complaint ? DS__KIND__NAME__COMPLAINT : DS__KIND__NAME__INSTALL);
    if (tale->complaint) DS_SET(&body, complaint_type, DS__COMPLAINT_TYPE__NAME__REPAIR);
    DS_SET(&body, channel,
           prng_chance(tale->prng, 10) ? DS__CHANNEL__NAME__MAKER : DS__CHANNEL__NAME__PHONE);
    if (prng_chance(tale->prng, 15)) DS_SET(&body, urgent, true);
    body.ref = tale->ref;
    body.customer = &customer;
    body.product = &product;
    customer.phone = phone;
    if (strcmp(tale->territory, "county") == 0)
        DS_SET(&customer, city, true);
    else
        DS_SET(&customer, distance_m, prng_between(tale->prng, 15000, 25000));
    product.category = (char *)tale->category;
    /* the report itself is what everything else hangs on: it arrives at once */
    char id[32];
    snprintf(id, sizeof id, "h%u-r", tale->history->n);
    command.id = id;
    command.by = (char *)tale->clerk;
    command.territory = (char *)tale->territory;
    DS_SET(&command, made_at_ms, tale->now_ms);
    push(tale->history, &command, tale->now_ms);
}

static void say_window(struct tale *tale, bool move, const char *by)
{
    COMMAND(command);
    Ds__Appointment body = DS__APPOINTMENT__INIT;
    int64_t from_ms = tale->now_ms + prng_between(tale->prng, -MINUTES(30), HOURS(50));

    from_ms -= from_ms % MINUTES(30);
    BODY(command, BOOK_APPOINTMENT);
    if (move) BODY(command, MOVE_APPOINTMENT);
    command.book_appointment = &body;
    DS_SET(&body, from_ms, from_ms);
    DS_SET(&body, to_ms, from_ms + MINUTES(30) * prng_between(tale->prng, 0, 4));
    DS_SET(&body, wish,
           prng_chance(tale->prng, 60) ? DS__WISH__NAME__CUSTOMER : DS__WISH__NAME__COMPANY);
    say(tale, &command, by);
}

static void say_plain(struct tale *tale, Ds__Command__BodyCase body_case, const char *by)
{
    COMMAND(command);
    union {
        Ds__FillOrder fill_order;
        Ds__ContactCustomer contact;
        Ds__Accept accept;
        Ds__CheckIn check_in;
        Ds__Complete complete;
        Ds__Resume resume;
        Ds__RegisterDelay register_delay;
        Ds__Urge urge;
    } body;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&ds__command__descriptor, (unsigned)body_case);

    protobuf_c_message_init(field->descriptor, &body);
    command.body_case = body_case;
    command.accept = &body.accept;
    if (body_case == DS__COMMAND__BODY_CHECK_IN && prng_chance(tale->prng, 20))
        DS_SET(&body.check_in, customer_absent, true);
    if (body_case == DS__COMMAND__BODY_CHECK_IN && prng_chance(tale->prng, 20))
        DS_SET(&body.check_in, customer_present, true);
    if (body_case == DS__COMMAND__BODY_CONTACT_CUSTOMER && prng_chance(tale->prng, 15))
        DS_SET(&body.contact, failed, true);
    say(tale, &command, by);
}

static void say_delay(struct tale *tale, const char *by)
{
    COMMAND(command);
    Ds__ReportDelay body = DS__REPORT_DELAY__INIT;

    BODY(command, REPORT_DELAY);
    command.report_delay = &body;
    DS_SET(&body, reason, (Ds__Delay__Reason)prng_between(tale->prng, 1, 4));
    say(tale, &command, by);
}

static void say_result(struct tale *tale, const char *by)
{
    COMMAND(command);
    Ds__FileResult body = DS__FILE_RESULT__INIT;

    BODY(command, FILE_RESULT);
    command.file_result = &body;
    DS_SET(&body, fixed, prng_chance(tale->prng, 80));
    DS_SET(&body, labour_fen, 5000);
    DS_SET(&body, tariff_fen, 5000);
    say(tale, &command, by);
}

static void say_callback(struct tale *tale)
{
    COMMAND(command);
    Ds__RecordCallback body = DS__RECORD_CALLBACK__INIT;
    Ds__Answer fixed = DS__ANSWER__INIT, attitude = DS__ANSWER__INIT;
    Ds__Answer *answers[] = {&fixed, &attitude};

    BODY(command, RECORD_CALLBACK);
    command.record_callback = &body;
    DS_SET(&body, reached, prng_chance(tale->prng, 60));
    if (body.reached) {
        DS_SET(&fixed, question, DS__QUESTION__NAME__FIXED);
        DS_SET(&fixed, yes, prng_chance(tale->prng, 70));
        DS_SET(&attitude, question, DS__QUESTION__NAME__ATTITUDE);
        DS_SET(&attitude, yes, prng_chance(tale->prng, 70));
        body.n_answers = 2;
        body.answers = answers;
    }
    say(tale, &command, tale->clerk);
}

static void say_text(struct tale *tale, Ds__Command__BodyCase body_case, const char *by)
{
    COMMAND(command);
    Ds__Cancel cancel = DS__CANCEL__INIT;
    Ds__Reopen reopen = DS__REOPEN__INIT;
    Ds__Reject reject = DS__REJECT__INIT;
    Ds__AnswerComplaint answer = DS__ANSWER_COMPLAINT__INIT;

    cancel.reason = reopen.reason = reject.reason = answer.text = "so it was";
    DS_SET(&answer, channel, DS__CHANNEL__NAME__PHONE);
    command.body_case = body_case;
    switch ((int)body_case) {
    case DS__COMMAND__BODY_CANCEL: command.cancel = &cancel; break;
    case DS__COMMAND__BODY_REOPEN: command.reopen = &reopen; break;
    case DS__COMMAND__BODY_REJECT: command.reject = &reject; break;
    default: command.answer_complaint = &answer; break;
    }
    say(tale, &command, by);
}

static void say_urgency(struct tale *tale)
{
    COMMAND(command);
    Ds__SetUrgency body = DS__SET_URGENCY__INIT;

    BODY(command, SET_URGENCY);
    command.set_urgency = &body;
    DS_SET(&body, urgent, true);
    say(tale, &command, tale->clerk);
}

static void say_address(struct tale *tale)
{
    COMMAND(command);
    Ds__CorrectAddress body = DS__CORRECT_ADDRESS__INIT;

    BODY(command, CORRECT_ADDRESS);
    command.correct_address = &body;
    DS_SET(&body, distance_m, prng_between(tale->prng, 18000, 22000));
    say(tale, &command, tale->clerk);
}

static void say_assign(struct tale *tale)
{
    COMMAND(command);
    Ds__Assign body = DS__ASSIGN__INIT;
    const char *technician = pick(tale->prng, tale->technicians);
    char account[80];

    snprintf(account, sizeof account, "person:%s", technician);
    if (strcmp(technician, "qihe-deng") == 0) snprintf(account, sizeof account, "outlet:qihe");
    if (strcmp(technician, "lingjintan-hu") == 0)
        snprintf(account, sizeof account, "outlet:lingjintan");
    BODY(command, ASSIGN);
    command.assign = &body;
    body.account = account;
    say(tale, &command, tale->clerk);
}

static void say_complaint_about(struct tale *tale)
{
    COMMAND(command);
    Ds__Register body = DS__REGISTER__INIT;
    Ds__Customer customer = DS__CUSTOMER__INIT;
    char id[32], phone[16];

    BODY(command, REGISTER);
    command.register_ = &body;
    DS_SET(&body, kind, DS__KIND__NAME__COMPLAINT);
    DS_SET(&body, complaint_type, DS__COMPLAINT_TYPE__NAME__SERVICE);
    DS_SET(&body, subject, DS__SUBJECT__NAME__NOT_ON_TIME);
    body.about_ref = tale->ref;
    body.customer = &customer;
    snprintf(phone, sizeof phone, "139%08u", (unsigned)(prng_next(tale->prng) % 100000000));
    customer.phone = phone;
    snprintf(id, sizeof id, "h%u-c", tale->history->n);
    command.id = id;
    command.by = (char *)tale->clerk;
    command.territory = (char *)tale->territory;
    DS_SET(&command, made_at_ms, tale->now_ms);
    push(tale->history, &command, tale->now_ms);
}

/* The product is to go back, is judged, or has come back without all that belongs to it. */
static void say_return(struct tale *tale, const char *technician)
{
    COMMAND(command);
    Ds__CheckReturn check = DS__CHECK_RETURN__INIT;
    Ds__RecordReturn known = DS__RECORD_RETURN__INIT;
    char *lacks[] = {"box"};

    if (prng_chance(tale->prng, 50)) {
        BODY(command, CHECK_RETURN);
        command.check_return = &check;
        check.category = (char *)tale->category;
        check.invoiced_on = "2007-02-25";
        DS_SET(&check, price_fen, prng_between(tale->prng, 0, 400000));
        DS_SET(&check, main_fault, true);
        return say(tale, &command, tale->clerk);
    }
    BODY(command, RECORD_RETURN);
    command.record_return = &known;
    DS_SET(&known, taken_in, DS__RETURN_OPTION__NAME__RETURN);
    if (prng_chance(tale->prng, 50)) {
        known.lacks = lacks;
        known.n_lacks = 1;
    }
    if (prng_chance(tale->prng, 50)) DS_SET(&known, cause, DS__RETURN_CAUSE__NAME__WORKMANSHIP);
    say(tale, &command, technician);
}

/* Something happens; what is likely depends on how far the tale has come. */
static void happen(struct tale *tale, unsigned step)
{
    const char *technician = pick(tale->prng, tale->technicians);
    unsigned kind = (unsigned)prng_below(tale->prng, 100);

    if (step < 3) { /* the order, in any order */
        static const Ds__Command__BodyCase order[] = {DS__COMMAND__BODY_FILL_ORDER,
                                                      DS__COMMAND__BODY_CONTACT_CUSTOMER};
        if (step < 2)
            say_plain(tale, order[step], tale->clerk);
        else
            say_window(tale, false, tale->clerk);
        return;
    }
    if (kind < 22)
        say_plain(tale, DS__COMMAND__BODY_ACCEPT, technician);
    else if (kind < 34)
        say_plain(tale, DS__COMMAND__BODY_CONTACT_CUSTOMER, technician);
    else if (kind < 46)
        say_plain(tale, DS__COMMAND__BODY_CHECK_IN, technician);
    else if (kind < 54)
        say_window(tale, prng_chance(tale->prng, 70), technician);
    else if (kind < 60)
        say_delay(tale, technician);
    else if (kind < 64)
        say_plain(tale, DS__COMMAND__BODY_REGISTER_DELAY, tale->clerk);
    else if (kind < 68)
        say_plain(tale, DS__COMMAND__BODY_RESUME, technician);
    else if (kind < 76)
        say_plain(tale, DS__COMMAND__BODY_COMPLETE, technician);
    else if (kind < 82)
        say_result(tale, technician);
    else if (kind < 87)
        say_callback(tale);
    else if (kind < 89)
        say_assign(tale);
    else if (kind < 91)
        say_text(tale, DS__COMMAND__BODY_REJECT, technician);
    else if (kind < 93)
        say_urgency(tale);
    else if (kind < 95)
        say_address(tale);
    else if (kind < 96)
        say_text(tale, DS__COMMAND__BODY_CANCEL, tale->clerk);
    else if (kind < 97)
        say_text(tale, DS__COMMAND__BODY_ANSWER_COMPLAINT, tale->clerk);
    else if (kind < 98)
        say_text(tale, DS__COMMAND__BODY_REOPEN, tale->clerk);
    else if (kind < 99)
        say_complaint_about(tale);
    else if (prng_chance(tale->prng, 70))
        say_return(tale, technician);
    else
        say_plain(tale, DS__COMMAND__BODY_URGE, tale->clerk);
}

static void tell(struct history *history, struct prng *prng, unsigned number)
{
    struct tale tale = {.history = history, .prng = prng};
    unsigned where = (unsigned)prng_below(prng, 3);
    unsigned steps = 4 + (unsigned)prng_below(prng, 18);

    tale.territory = where == 2 ? "river" : "county";
    tale.clerk = where == 2 ? "tan" : "lin";
    tale.technicians = where == 0 ? county_ac : where == 1 ? county_tv : river_ac;
    tale.category = where == 1 ? "television" : "air_conditioner";
    tale.complaint = prng_chance(prng, 60);
    snprintf(tale.ref, sizeof tale.ref, "R%u", number);
    tale.now_ms = DAY_ZERO_MS + prng_between(prng, HOURS(6), HOURS(40));
    say_register(&tale);
    for (unsigned step = 0; step < steps; step++) {
        pass(&tale);
        happen(&tale, step);
    }
}

/* Sheets: of March, perhaps before it is drawn, perhaps too late; and of a technician's first week.
 * These have no grace, so whatever is in time arrives by the due however it is dealt out. */
static void hand_in(struct history *history, struct prng *prng)
{
    const int64_t monday_ms = DAY_ZERO_MS + 4 * (int64_t)DS_DAY_MS;
    const int64_t april_ms = DAY_ZERO_MS + 31 * (int64_t)DS_DAY_MS;
    Ds__SubmitSheet sheet = DS__SUBMIT_SHEET__INIT;
    Ds__SubmitWeekly weekly = DS__SUBMIT_WEEKLY__INIT;
    COMMAND(month);
    COMMAND(week);
    char ids[2][32];

    snprintf(ids[0], sizeof ids[0], "h%u-s", history->n);
    month.id = ids[0];
    month.by = "lin";
    month.territory = "county";
    BODY(month, SUBMIT_SHEET);
    month.submit_sheet = &sheet;
    DS_SET(&sheet, month, 200703);
    DS_SET(&month, made_at_ms, april_ms + prng_between(prng, 0, HOURS(110)));
    push(history, &month, month.made_at_ms);
    bool late = prng_chance(prng, 30);
    snprintf(ids[1], sizeof ids[1], "h%u-w", history->n);
    week.id = ids[1];
    week.by = (char *)pick(prng, prng_chance(prng, 50) ? county_ac : county_tv);
    week.territory = "county";
    BODY(week, SUBMIT_WEEKLY);
    week.submit_weekly = &weekly;
    weekly.week = "2007-02-26";
    DS_SET(&week, made_at_ms,
           monday_ms + (late ? prng_between(prng, HOURS(12) + 1, HOURS(20))
                             : prng_between(prng, -HOURS(50), HOURS(10))));
    push(history, &week, week.made_at_ms + prng_between(prng, 0, LATE_MAX_MS));
}

static int by_arrival(const void *a, const void *b)
{
    const struct history_line *one = a, *two = b;

    if (one->received_ms != two->received_ms) return one->received_ms < two->received_ms ? -1 : 1;
    return one->order < two->order ? -1 : one->order > two->order;
}

void history_make(struct history *history, uint64_t seed)
{
    struct prng prng = {seed};
    unsigned tickets = 1 + (unsigned)prng_below(&prng, TICKETS_MAX);

    *history = (struct history){0};
    for (unsigned i = 0; i < tickets; i++)
        tell(history, &prng, i);
    hand_in(history, &prng);
    qsort(history->lines, history->n, sizeof history->lines[0], by_arrival);
}

void history_finish(struct history *history)
{
    for (uint32_t i = 0; i < history->n; i++)
        free(history->lines[i].bytes);
    free(history->lines);
    *history = (struct history){0};
}
