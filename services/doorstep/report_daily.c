/* SPDX-License-Identifier: MIT
 *
 * The daily efficiency table (P3.1): what each technician, outlet and clerk did on a local day, how
 * much of it in time, and which promises were broken. What somebody did is late if it came after
 * the due of its promise and the breach stands; so the table can be read the same evening, and what
 * a later proof takes back is gone from it the next morning. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/report.h"

enum work {
    WORK_RECEIVED, /* jobs offered to him */
    WORK_ACCEPTED,
    WORK_CALLED,
    WORK_ON_SITE,
    WORK_DONE,
    WORK_RESULTS,
    WORK_REPORTS, /* persons' reports of the day that were complete */
    WORK_BROKEN,
    WORK_OPEN,
    WORK_DONE_MS,    /* from report to done, all of the day's together */
    WORK_REGISTERED, /* of a clerk */
    WORK_ORDERS,
    WORK_DISPATCHED,
    WORK_DELAYS,
    WORK_ANSWERED,
    WORK_UNANSWERED,
    WORK_CALLBACKS,
    WORK_REACHED,
    WORK_COUNT,
};

struct worker {
    const char *account;
    const struct ds_territory *territory;
    int64_t work[WORK_COUNT];
};

struct daily {
    const struct report_ask *ask;
    int32_t day;
    struct table *broken;
    struct worker *workers; /* owned */
    size_t n;
};

/* ---- rows ---- */

static struct worker *worker_of(struct daily *daily, const char *account,
                                const struct ds_territory *territory)
{
    for (size_t i = 0; i < daily->n; i++)
        if (daily->workers[i].territory == territory &&
            strcmp(daily->workers[i].account, account) == 0)
            return &daily->workers[i];
    daily->workers = realloc(daily->workers, (daily->n + 1) * sizeof daily->workers[0]);
    if (!daily->workers) abort();
    daily->workers[daily->n] = (struct worker){.account = account, .territory = territory};
    return &daily->workers[daily->n++];
}

/* territory: where it happened, as the newest rules know it, so that rows of one place meet. */
static void count(struct daily *daily, const struct job *job, const char *account, enum work work,
                  int64_t number)
{
    const struct ds_territory *where = report_where(daily->ask, job, account);
    const struct ds_territory *now =
        ds_find_territory(archive_rules(daily->ask->archive), where->id);

    if (account[0]) worker_of(daily, account, now ? now : where)->work[work] += number;
}

static bool is_today(const struct daily *daily, const struct job *job, const char *account,
                     int64_t at_ms)
{
    const struct ds_territory *where = report_where(daily->ask, job, account);

    return ds_local_day(where->calendar->zone, at_ms) == daily->day;
}

/* ---- technicians and outlets ---- */

/* Last instant before record i at which the same kind of thing happened. */
static int64_t before_ms(const struct job *job, size_t i)
{
    int64_t at_ms = record_at_ms(job->records[i]), last_ms = 0;

    for (size_t k = 0; k < job->n; k++) {
        int64_t other_ms = record_at_ms(job->records[k]);
        if (job->records[k]->msg->body_case == job->records[i]->msg->body_case &&
            other_ms < at_ms && other_ms > last_ms)
            last_ms = other_ms;
    }
    return last_ms;
}

static bool is_technician(const struct daily *daily, const struct record *record)
{
    const struct ds_version *rules = record_rules(daily->ask->archive, record);
    const struct ds_person *person = ds_find_person(rules, ds_str(record->msg->by));

    return person && person->role == DS_ROLE_TECHNICIAN;
}

/* What somebody did himself; late ones are not counted. */
static void count_kept(struct daily *daily, const struct job *job, size_t i, enum ds_clock clock,
                       enum work work)
{
    const struct record *record = job->records[i];
    const char *account = record_account(daily->ask->archive, record);
    int64_t at_ms = record_at_ms(record);

    if (!is_today(daily, job, account, at_ms)) return;
    if (!job_is_late(job, clock, before_ms(job, i), at_ms)) count(daily, job, account, work, 1);
}

/* 7.1: an offer says itself until when it is to be accepted. */
static void count_assigned(struct daily *daily, const struct job *job, const Ds__Assigned *assigned)
{
    if (!is_today(daily, job, assigned->account, assigned->accepted_at_ms)) return;
    for (size_t i = 0; i < job->n; i++) {
        const Ds__Event *msg = job->records[i]->msg;
        if (msg->body_case == DS__EVENT__BODY_OFFERED &&
            msg->offered->dispatch == assigned->dispatch &&
            assigned->accepted_at_ms <= msg->offered->accept_due_at_ms)
            count(daily, job, assigned->account, WORK_ACCEPTED, 1);
    }
}

/* ---- clerks ---- */

static void count_callback(struct daily *daily, const struct job *job, const struct record *record)
{
    const char *account = record_account(daily->ask->archive, record);

    if (!is_today(daily, job, account, record_at_ms(record))) return;
    count(daily, job, account, WORK_CALLBACKS, 1);
    if (record->msg->callback_recorded->reached) count(daily, job, account, WORK_REACHED, 1);
}

static void count_answered(struct daily *daily, const struct job *job, const struct record *record)
{
    const Ds__CallAnswer *answer = record->msg->call_answered;
    const struct ds_version *rules = record_rules(daily->ask->archive, record);
    const struct ds_person *agent = ds_find_person(rules, ds_str(answer->agent));

    if (answer->answered_by == DS__ANSWERED_BY__NAME__PERSON && agent &&
        is_today(daily, job, agent->account_key, record_at_ms(record)))
        count(daily, job, agent->account_key, WORK_ANSWERED, 1);
}

/* A promise that was kept counts on the day on which it was. */
static void count_met(struct daily *daily, const struct job *job, const struct promise *promise)
{
    static const enum work works[DS_CLOCK_COUNT] = {
        [DS_CLOCK_ORDER] = WORK_ORDERS,
        [DS_CLOCK_DISPATCH] = WORK_DISPATCHED,
        [DS_CLOCK_DELAY] = WORK_DELAYS,
        [DS_CLOCK_FEEDBACK] = WORK_REPORTS,
    };
    bool day = promise->clock == DS_CLOCK_FEEDBACK; /* is about the day, whenever it was kept */
    int64_t at_ms = day ? promise->due_ms : promise->stop_ms;

    if (promise->verdict != DS_MET || works[promise->clock] == 0) return;
    if (at_ms != REPORT_NEVER && is_today(daily, job, promise->owner, at_ms))
        count(daily, job, promise->owner, works[promise->clock], 1);
}

static void count_promise(struct daily *daily, const struct job *job, const struct promise *promise)
{
    count_met(daily, job, promise);
    if (!promise->broken || !is_today(daily, job, promise->owner, promise->due_ms)) return;
    count(daily, job, promise->owner, WORK_BROKEN, 1);
    if (promise->clock == DS_CLOCK_HOTLINE) count(daily, job, promise->owner, WORK_UNANSWERED, 1);
    report_put_promise(daily->broken, daily->ask, job, promise);
}

/* ---- a subject ---- */

static void count_record(struct daily *daily, const struct job *job, size_t i)
{
    const struct record *record = job->records[i];
    const Ds__Event *msg = record->msg;

    switch ((int)msg->body_case) {
    case DS_EV_REGISTERED: {
        const char *account = record_account(daily->ask->archive, record);
        if (is_today(daily, job, account, record_at_ms(record)))
            count(daily, job, account, WORK_REGISTERED, 1);
        return;
    }
    case DS_EV_OFFERED:
        if (is_today(daily, job, msg->offered->account, record_at_ms(record)))
            count(daily, job, msg->offered->account, WORK_RECEIVED, 1);
        return;
    case DS_EV_ASSIGNED: return count_assigned(daily, job, msg->assigned);
    case DS_EV_CUSTOMER_CONTACTED:
        if (!msg->customer_contacted->failed && is_technician(daily, record))
            count_kept(daily, job, i, DS_CLOCK_CONTACT, WORK_CALLED);
        return;
    case DS_EV_CHECKED_IN: return count_kept(daily, job, i, DS_CLOCK_VISIT, WORK_ON_SITE);
    case DS_EV_RESULT_FILED: return count_kept(daily, job, i, DS_CLOCK_RESULT, WORK_RESULTS);
    case DS_EV_CALLBACK_RECORDED: return count_callback(daily, job, record);
    case DS_EV_CALL_ANSWERED: return count_answered(daily, job, record);
    default: return;
    }
}

static void take_job(void *self, const struct job *job)
{
    struct daily *daily = self;

    if (job->territory && !report_wants(daily->ask, job->territory->id)) return;
    for (size_t i = 0; i < job->n; i++)
        count_record(daily, job, i);
    for (size_t i = 0; i < job->n_promises; i++) {
        const struct promise *promise = &job->promises[i];
        if (report_wants(daily->ask, report_where(daily->ask, job, promise->owner)->id))
            count_promise(daily, job, promise);
    }
    for (size_t i = 0; i < job->n_dones; i++) {
        const struct job_done *done = &job->dones[i];
        if (!job->head || !is_today(daily, job, done->account, done->at_ms)) continue;
        count(daily, job, done->account, WORK_DONE, 1);
        count(daily, job, done->account, WORK_DONE_MS, done->at_ms - job->head->reported_at_ms);
    }
    for (size_t i = 0; i < job->n_holds; i++) {
        const struct job_hold *hold = &job->holds[i];
        const struct ds_zone *zone = report_where(daily->ask, job, hold->account)->calendar->zone;
        int64_t end_ms = ds_end_of_day(zone, daily->day);
        if (hold->from_ms <= end_ms && hold->to_ms > end_ms)
            count(daily, job, hold->account, WORK_OPEN, 1);
    }
}

/* ---- the tables ---- */

static const struct table_column field_columns[] = {
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"name", "name", "姓名", TABLE_TEXT, TABLE_SHOWN},
    {"received", "received", "接收工单", TABLE_COUNT, TABLE_SHOWN},
    {"accepted_in_time", "accepted in time", "按时接单", TABLE_COUNT, TABLE_SHOWN},
    {"called_in_time", "called in time", "按时联系", TABLE_COUNT, TABLE_SHOWN},
    {"on_site_in_time", "on site in time", "按时上门", TABLE_COUNT, TABLE_SHOWN},
    {"done", "done", "完工", TABLE_COUNT, TABLE_SHOWN},
    {"results_in_time", "results in time", "按时填报", TABLE_COUNT, TABLE_SHOWN},
    {"day_reports", "day's reports", "当日反馈", TABLE_COUNT, TABLE_SHOWN},
    {"broken", "broken", "违约", TABLE_COUNT, TABLE_SHOWN},
    {"open", "open at day's end", "日终在办", TABLE_COUNT, TABLE_SHOWN},
    {"mean_to_done_ms", "mean time to done", "平均完工用时", TABLE_SPAN, TABLE_SHOWN},
    {0},
};

static const struct table_column desk_columns[] = {
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"name", "name", "姓名", TABLE_TEXT, TABLE_SHOWN},
    {"registered", "registered", "登记", TABLE_COUNT, TABLE_SHOWN},
    {"orders_in_time", "orders in time", "按时填单", TABLE_COUNT, TABLE_SHOWN},
    {"dispatched_in_time", "dispatched in time", "按时派工", TABLE_COUNT, TABLE_SHOWN},
    {"delays_in_time", "delays noted in time", "按时登记延迟", TABLE_COUNT, TABLE_SHOWN},
    {"calls_answered", "calls answered", "接听电话", TABLE_COUNT, TABLE_SHOWN},
    {"calls_unanswered", "calls not answered", "无人接听", TABLE_COUNT, TABLE_SHOWN},
    {"callbacks", "callbacks", "回访", TABLE_COUNT, TABLE_SHOWN},
    {"reached", "customers reached", "回访接通", TABLE_COUNT, TABLE_SHOWN},
    {"broken", "broken", "违约", TABLE_COUNT, TABLE_SHOWN},
    {0},
};

static const enum work field_works[] = {WORK_RECEIVED, WORK_ACCEPTED, WORK_CALLED,
                                        WORK_ON_SITE,  WORK_DONE,     WORK_RESULTS,
                                        WORK_REPORTS,  WORK_BROKEN,   WORK_OPEN};
static const enum work desk_works[] = {WORK_REGISTERED, WORK_ORDERS,   WORK_DISPATCHED,
                                       WORK_DELAYS,     WORK_ANSWERED, WORK_UNANSWERED,
                                       WORK_CALLBACKS,  WORK_REACHED,  WORK_BROKEN};

/* At the desk: whoever holds no jobs. */
static bool is_desk(const struct daily *daily, const struct worker *worker)
{
    return !ds_find_account(archive_rules(daily->ask->archive), worker->account) &&
           strncmp(worker->account, "outlet:", 7) != 0;
}

static int by_place(const void *a, const void *b)
{
    const struct worker *one = a, *two = b;
    int order = strcmp(one->territory->id, two->territory->id);

    return order != 0 ? order : strcmp(one->account, two->account);
}

static void put_worker(struct table *table, const struct worker *worker, bool desk)
{
    const enum work *works = desk ? desk_works : field_works;
    size_t n = desk ? sizeof desk_works / sizeof desk_works[0]
                    : sizeof field_works / sizeof field_works[0];

    for (size_t i = 0; i < n; i++)
        table_number(table, worker->work[works[i]]);
    if (!desk && worker->work[WORK_DONE] > 0)
        table_number(table, worker->work[WORK_DONE_MS] / worker->work[WORK_DONE]);
}

static void put_sum(struct table *table, const struct worker *sum, const char *territory, bool desk)
{
    table_sum_row(table);
    table_text(table, territory);
    table_empty(table);
    table_empty(table);
    put_worker(table, sum, desk);
}

/* Rows, then a sum for each territory that has any, then for all of them. */
static void put_workers(const struct daily *daily, struct table *table, bool desk)
{
    struct worker all = {0}, here = {0};
    uint32_t territories = 0;

    for (size_t i = 0; i < daily->n; i++) {
        const struct worker *worker = &daily->workers[i];
        if (is_desk(daily, worker) != desk) continue;
        table_row(table);
        table_text(table, worker->territory->id);
        table_text(table, worker->account);
        table_text(table, report_name(daily->ask->archive, worker->account));
        put_worker(table, worker, desk);
    }
    for (size_t i = 0; i < daily->n; i++) {
        const struct worker *worker = &daily->workers[i];
        if (is_desk(daily, worker) != desk) continue;
        for (int w = 0; w < WORK_COUNT; w++) {
            here.work[w] += worker->work[w];
            all.work[w] += worker->work[w];
        }
        here.territory = worker->territory;
        bool last = true; /* of its territory, with this kind of work */
        for (size_t k = i + 1; k < daily->n && last; k++)
            last = daily->workers[k].territory != here.territory ||
                   is_desk(daily, &daily->workers[k]) != desk;
        if (!last) continue;
        put_sum(table, &here, here.territory->id, desk);
        here = (struct worker){0};
        territories++;
    }
    if (territories != 1) put_sum(table, &all, table->lang == DS_ZH ? "合计" : "all", desk);
}

int report_daily(struct paper *paper, const struct report_ask *ask, int32_t day)
{
    struct daily daily = {.ask = ask, .day = day};
    struct ds_date date = ds_date_of(day);

    paper_title(paper, "Efficiency of %04d-%02d-%02d%s%s", "%04d-%02d-%02d 效率表%s%s", date.year,
                date.month, date.day, ask->territory ? ", " : "",
                ask->territory ? ask->territory : "");
    struct table *field =
        paper_table(paper, "technicians", "technicians and outlets", "技术员及网点", field_columns);
    struct table *desk = paper_table(paper, "desk", "front desk", "前台", desk_columns);
    daily.broken = paper_table(paper, "broken", "broken promises", "违约明细", promise_columns);
    jobs_each(ask->archive, take_job, &daily);
    if (daily.n > 0) qsort(daily.workers, daily.n, sizeof daily.workers[0], by_place);
    put_workers(&daily, field, false);
    put_workers(&daily, desk, true);
    report_sort_promises(daily.broken);
    table_note(field,
               "In time: done that day, and no breach of its promise stands. Mean time: from the "
               "report to the end of the work, of the jobs done that day. P3.1",
               "按时:当日完成且相应时限没有违约。平均完工用时:当日完工者自报告至完工。P3.1");
    table_note(desk, "Orders, dispatches and delays: by their final verdict.",
               "填单、派工、登记延迟:以终判为准。");
    free(daily.workers);
    return EXIT_FINE;
}
