/* SPDX-License-Identifier: MIT
 *
 * The weekly sheet of workload and progress (P3.2): for each person or outlet the jobs carried over
 * from the week before, those that came, those done or gone, those still open; which of these wait
 * for what, and which are overdue. A week is seven local days from a Monday.
 *   carried over + new = done + gone + open
 * holds for every row: a job counts with whoever has accepted it. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/report.h"

enum load {
    LOAD_CARRIED,
    LOAD_NEW,
    LOAD_DONE,
    LOAD_GONE, /* taken back, given to somebody else, called off */
    LOAD_OPEN,
    LOAD_WAITING,
    LOAD_OVERDUE,
    LOAD_COUNT,
};

struct bearer {
    const char *account; /* "": nobody has accepted it */
    const char *territory;
    int64_t load[LOAD_COUNT];
};

struct weekly {
    const struct report_ask *ask;
    int32_t monday;
    struct table *waiting, *overdue;
    struct bearer *bearers; /* owned */
    size_t n;
};

static struct bearer *bearer_of(struct weekly *weekly, const char *account, const char *territory)
{
    for (size_t i = 0; i < weekly->n; i++)
        if (strcmp(weekly->bearers[i].account, account) == 0 &&
            strcmp(weekly->bearers[i].territory, territory) == 0)
            return &weekly->bearers[i];
    weekly->bearers = realloc(weekly->bearers, (weekly->n + 1) * sizeof weekly->bearers[0]);
    if (!weekly->bearers) abort();
    weekly->bearers[weekly->n] = (struct bearer){.account = account, .territory = territory};
    return &weekly->bearers[weekly->n++];
}

/* ---- a job ---- */

static const struct job_wait *wait_at(const struct job *job, int64_t at_ms)
{
    for (size_t i = job->n_waits; i-- > 0;)
        if (job->waits[i].from_ms < at_ms && job->waits[i].to_ms >= at_ms) return &job->waits[i];
    return NULL;
}

static void put_waiting(struct weekly *weekly, const struct job *job, const char *account,
                        const struct job_wait *wait, int64_t end_ms)
{
    static const enum ds_word words[DS_DELAY_COUNT] = {
        [DS_DELAY_PARTS] = DS_WORD_DELAY_PARTS,
        [DS_DELAY_MAJOR_REPAIR] = DS_WORD_DELAY_MAJOR_REPAIR,
        [DS_DELAY_CUSTOMER] = DS_WORD_DELAY_CUSTOMER,
        [DS_DELAY_OTHER] = DS_WORD_DELAY_OTHER,
    };
    struct table *table = weekly->waiting;

    table_row(table);
    table_text(table, job->subject);
    table_text(table, ds_str(job->head->ref)[0] ? job->head->ref : NULL);
    table_text(table, job->territory->id);
    table_text(table, account[0] ? account : NULL);
    table_text(table, report_name(weekly->ask->archive, account));
    table_text(table, ds_word(table->lang, words[wait->reason]));
    table_time(table, wait->from_ms, job->territory->calendar->zone);
    table_number(table, end_ms - wait->from_ms);
}

/* What is still open at the week's end, with whoever has it. */
static void count_open(struct weekly *weekly, const struct job *job, struct bearer *bearer,
                       int64_t end_ms)
{
    const struct job_wait *wait = wait_at(job, end_ms);
    bool overdue = false;

    bearer->load[LOAD_OPEN]++;
    if (wait) {
        bearer->load[LOAD_WAITING]++;
        put_waiting(weekly, job, bearer->account, wait, end_ms);
    }
    for (size_t i = 0; i < job->n_promises; i++) {
        const struct promise *promise = &job->promises[i];
        bool visit = promise->clock == DS_CLOCK_VISIT || promise->clock == DS_CLOCK_COMPLAINT;
        if (!visit || !promise->broken || promise->due_ms >= end_ms) continue;
        if (promise->stop_ms < end_ms) continue; /* late, but it was done */
        report_put_promise(weekly->overdue, weekly->ask, job, promise);
        overdue = true;
    }
    bearer->load[LOAD_OVERDUE] += overdue;
}

static void count_hold(struct weekly *weekly, const struct job *job, const struct job_hold *hold,
                       int64_t begin_ms, int64_t end_ms)
{
    if (hold->from_ms >= end_ms || hold->to_ms < begin_ms) return;
    struct bearer *bearer = bearer_of(weekly, hold->account, job->territory->id);
    bearer->load[hold->from_ms < begin_ms ? LOAD_CARRIED : LOAD_NEW]++;
    if (hold->to_ms < end_ms)
        bearer->load[hold->done ? LOAD_DONE : LOAD_GONE]++;
    else
        count_open(weekly, job, bearer, end_ms);
}

static bool is_held(const struct job *job, int64_t at_ms)
{
    for (size_t i = 0; i < job->n_holds; i++)
        if (job->holds[i].from_ms < at_ms && job->holds[i].to_ms >= at_ms) return true;
    return false;
}

static void take_job(void *self, const struct job *job)
{
    struct weekly *weekly = self;

    if (!job->head || !job->territory || !report_wants(weekly->ask, job->territory->id)) return;
    const struct ds_zone *zone = job->territory->calendar->zone;
    int64_t begin_ms = ds_from_local(zone, weekly->monday, 0);
    int64_t end_ms = ds_from_local(zone, weekly->monday + 7, 0);
    for (size_t i = 0; i < job->n_holds; i++)
        count_hold(weekly, job, &job->holds[i], begin_ms, end_ms);
    bool before = job_is_open(job, begin_ms - 1) && !is_held(job, begin_ms);
    if (!job_is_open(job, end_ms - 1) || is_held(job, end_ms)) return;
    struct bearer *nobody = bearer_of(weekly, "", job->territory->id);
    nobody->load[before ? LOAD_CARRIED : LOAD_NEW]++;
    count_open(weekly, job, nobody, end_ms);
}

/* ---- the tables ---- */

static const struct table_column load_columns[] = {
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"name", "name", "姓名", TABLE_TEXT, TABLE_SHOWN},
    {"carried", "carried over", "上周结转", TABLE_COUNT, TABLE_SHOWN},
    {"new", "new", "新接", TABLE_COUNT, TABLE_SHOWN},
    {"done", "done", "完工", TABLE_COUNT, TABLE_SHOWN},
    {"gone", "gone", "转出或取消", TABLE_COUNT, TABLE_SHOWN},
    {"open", "open", "在办", TABLE_COUNT, TABLE_SHOWN},
    {"waiting", "of these waiting", "其中等待", TABLE_COUNT, TABLE_SHOWN},
    {"overdue", "of these overdue", "其中超时", TABLE_COUNT, TABLE_SHOWN},
    {0},
};

static const struct table_column waiting_columns[] = {
    {"ticket", "ticket", "服务单", TABLE_TEXT, TABLE_SHOWN},
    {"ref", "order", "单号", TABLE_TEXT, TABLE_SHOWN},
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"account", "account", "账户", TABLE_TEXT, TABLE_SHOWN},
    {"name", "name", "姓名", TABLE_TEXT, TABLE_SHOWN},
    {"reason", "waits for", "等待原因", TABLE_TEXT, TABLE_SHOWN},
    {"since_ms", "since", "自", TABLE_TIME, TABLE_SHOWN},
    {"age_ms", "age", "已等待", TABLE_SPAN, TABLE_SHOWN},
    {0},
};

static int by_place(const void *a, const void *b)
{
    const struct bearer *one = a, *two = b;
    int order = strcmp(one->territory, two->territory);

    return order != 0 ? order : strcmp(one->account, two->account);
}

static void put_load(struct table *table, const int64_t load[LOAD_COUNT])
{
    for (int i = 0; i < LOAD_COUNT; i++)
        table_number(table, load[i]);
}

static void put_sum(struct table *table, const char *name, const int64_t load[LOAD_COUNT])
{
    table_sum_row(table);
    table_text(table, name);
    table_empty(table);
    table_empty(table);
    put_load(table, load);
}

static void put_bearers(const struct weekly *weekly, struct table *table)
{
    int64_t all[LOAD_COUNT] = {0}, here[LOAD_COUNT] = {0};
    const bool zh = table->lang == DS_ZH;
    uint32_t territories = 0;

    for (size_t i = 0; i < weekly->n; i++) {
        const struct bearer *bearer = &weekly->bearers[i];
        table_row(table);
        table_text(table, bearer->territory);
        table_text(table, bearer->account[0] ? bearer->account : NULL);
        table_text(table, bearer->account[0] ? report_name(weekly->ask->archive, bearer->account)
                          : zh               ? "(未接单)"
                                             : "(nobody yet)");
        put_load(table, bearer->load);
    }
    for (size_t i = 0; i < weekly->n; i++) {
        const struct bearer *bearer = &weekly->bearers[i];
        for (int k = 0; k < LOAD_COUNT; k++) {
            here[k] += bearer->load[k];
            all[k] += bearer->load[k];
        }
        if (i + 1 < weekly->n && strcmp(bearer[1].territory, bearer->territory) == 0) continue;
        put_sum(table, bearer->territory, here);
        memset(here, 0, sizeof here);
        territories++;
    }
    if (territories != 1) put_sum(table, zh ? "合计" : "all", all);
}

static int by_age(const void *a, const void *b)
{
    const struct table_cell *one = a, *two = b; /* cell 6: since, cell 0: ticket */

    if (one[6].number != two[6].number) return one[6].number < two[6].number ? -1 : 1;
    return strcmp(one[0].text, two[0].text);
}

int report_weekly(struct paper *paper, const struct report_ask *ask, int32_t monday)
{
    struct weekly weekly = {.ask = ask, .monday = monday};
    struct ds_date from = ds_date_of(monday), to = ds_date_of(monday + 6);

    paper_title(paper, "Workload and progress, %04d-%02d-%02d to %04d-%02d-%02d%s%s",
                "任务进度表 %04d-%02d-%02d 至 %04d-%02d-%02d%s%s", from.year, from.month, from.day,
                to.year, to.month, to.day, ask->territory ? ", " : "",
                ask->territory ? ask->territory : "");
    struct table *load =
        paper_table(paper, "workload", "workload and progress", "工作量与进度", load_columns);
    weekly.waiting = paper_table(paper, "waiting", "waiting", "等待明细", waiting_columns);
    weekly.overdue = paper_table(paper, "overdue", "overdue", "超时明细", promise_columns);
    jobs_each(ask->archive, take_job, &weekly);
    if (weekly.n > 0) qsort(weekly.bearers, weekly.n, sizeof weekly.bearers[0], by_place);
    put_bearers(&weekly, load);
    struct table *waiting = weekly.waiting;
    if (waiting->n_rows > 0)
        qsort(waiting->cells, waiting->n_rows, waiting->n_columns * sizeof waiting->cells[0],
              by_age);
    report_sort_promises(weekly.overdue);
    table_note(
        load,
        "Carried over + new = done + gone + open, as of the week's end. Overdue: the visit "
        "or the complaint's limit has passed. P3.2",
        "上周结转 + 新接 = 完工 + 转出或取消 + 在办,以周末为准。超时:上门或投诉处理时限已过。"
        "P3.2");
    free(weekly.bearers);
    return EXIT_FINE;
}
