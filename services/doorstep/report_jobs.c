/* SPDX-License-Identifier: MIT */
#include "doorstep/report_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "doorstep/as_known.h"

const struct ds_version *record_rules(const struct archive *archive, const struct record *record)
{
    const struct ds_version *version =
        record->rulebook < DS_VERSIONS_MAX ? archive->versions[record->rulebook] : NULL;

    return version ? version : archive_rules(archive);
}

const char *record_account(const struct archive *archive, const struct record *record)
{
    const struct ds_version *version = record_rules(archive, record);
    const struct ds_person *person = version ? ds_find_person(version, record->msg->by) : NULL;

    return person ? person->account_key : "";
}

bool job_is_late(const struct job *job, enum ds_clock clock, int64_t before_ms, int64_t at_ms)
{
    for (size_t i = 0; i < job->n_promises; i++) {
        const struct promise *promise = &job->promises[i];
        if (promise->clock == clock && promise->broken && promise->due_ms < at_ms &&
            promise->due_ms >= before_ms)
            return true;
    }
    return false;
}

bool job_is_open(const struct job *job, int64_t at_ms)
{
    bool open = false;

    for (size_t i = 0; i < job->n && job->head; i++) {
        if (record_at_ms(job->records[i]) > at_ms) continue;
        switch ((int)job->records[i]->msg->body_case) {
        case DS_EV_REGISTERED:
        case DS_EV_REOPENED: open = true; break;
        case DS_EV_COMPLETED:
        case DS_EV_RESULT_FILED:
        case DS_EV_CANCELLED: open = false; break;
        default: break;
        }
    }
    return open;
}

/* ---- who held it ---- */

static void end_holds(struct job *job, const char *account, int64_t at_ms, bool done)
{
    for (size_t i = 0; i < job->n_holds; i++) {
        struct job_hold *hold = &job->holds[i];
        if (hold->to_ms != REPORT_NEVER || (account && strcmp(hold->account, account) != 0))
            continue;
        hold->to_ms = at_ms > hold->from_ms ? at_ms : hold->from_ms;
        hold->done = done;
    }
}

static void assign(struct job *job, const Ds__Assigned *assigned)
{
    end_holds(job, NULL, assigned->accepted_at_ms, false);
    job->holds[job->n_holds++] =
        (struct job_hold){assigned->account, assigned->accepted_at_ms, REPORT_NEVER, false};
}

static const char *holder(const struct job *job)
{
    for (size_t i = job->n_holds; i-- > 0;)
        if (job->holds[i].to_ms == REPORT_NEVER) return job->holds[i].account;
    return NULL;
}

/* ---- what it waited for (as sla-watcher/story.c pauses its clocks) ---- */

static void end_waits(struct job *job, int64_t at_ms)
{
    for (size_t i = 0; i < job->n_waits; i++)
        if (job->waits[i].to_ms > at_ms && job->waits[i].from_ms <= at_ms)
            job->waits[i].to_ms = at_ms;
}

static void begin_wait(struct job *job, const struct archive *archive, const struct record *record)
{
    const struct ds_version *version = record_rules(archive, record);
    enum ds_delay reason = (enum ds_delay)record->msg->delay_reported->reason;
    struct job_wait wait = {reason, record_at_ms(record), REPORT_NEVER};

    if ((int)reason >= DS_DELAY_COUNT) return; /* of a later version of this program */
    if (version && version->pauses[reason].at_cap == DS_AT_CAP_RESUME)
        wait.to_ms = wait.from_ms + version->pauses[reason].cap_ms;
    job->waits[job->n_waits++] = wait;
}

/* ---- done ---- */

static void finish_work(struct job *job, const struct archive *archive, const struct record *record,
                        bool *done)
{
    const char *account = holder(job);
    int64_t at_ms = record_at_ms(record);

    if (!account) account = record_account(archive, record);
    if (!*done) job->dones[job->n_dones++] = (struct job_done){account, at_ms};
    *done = true;
    end_holds(job, NULL, at_ms, true);
    end_waits(job, at_ms);
}

/* ---- promises ---- */

static struct promise *promise_of(struct job *job, int clock, uint32_t n)
{
    if (clock >= DS_CLOCK_COUNT) clock = DS_CLOCK_NONE; /* of a later version of this program */
    for (size_t i = 0; i < job->n_promises; i++)
        if ((int)job->promises[i].clock == clock && job->promises[i].n == n)
            return &job->promises[i];
    struct promise *promise = &job->promises[job->n_promises++];
    *promise = (struct promise){
        .clock = (enum ds_clock)clock, .n = n, .owner = "", .clause = "", .stop_ms = REPORT_NEVER};
    return promise;
}

static void judge(struct job *job, const Ds__Judged *judged)
{
    struct promise *promise = promise_of(job, (int)judged->clock, judged->n);

    promise->owner = ds_str(judged->owner);
    promise->clause = ds_str(judged->clause);
    promise->due_ms = judged->due_at_ms;
    promise->stop_ms = judged->has_stop_at_ms ? judged->stop_at_ms : REPORT_NEVER;
    promise->verdict = (enum ds_verdict)judged->verdict;
    promise->broken = judged->verdict == DS__VERDICT__NAME__BREACHED;
}

static void breach(struct job *job, const Ds__Breached *breached)
{
    struct promise *promise = promise_of(job, (int)breached->clock, breached->n);

    promise->owner = ds_str(breached->owner);
    promise->clause = ds_str(breached->clause);
    promise->due_ms = breached->due_at_ms;
    promise->verdict_no = breached->verdict_no;
    promise->broken = true;
}

static void withdraw(struct job *job, const Ds__BreachWithdrawn *withdrawn)
{
    struct promise *promise = promise_of(job, (int)withdrawn->clock, withdrawn->n);

    if (promise->verdict_no == withdrawn->verdict_no) promise->broken = false;
}

/* ---- a subject's events ---- */

static void take_ticket(struct job *job, const struct archive *archive, const struct record *record)
{
    const struct ds_version *version = record_rules(archive, record);

    job->registered = record;
    job->head = record->msg->registered->head;
    job->territory = version ? ds_find_territory(version, job->head->territory) : NULL;
}

/* done: the work of this life is done. */
static void take_record(struct job *job, const struct archive *archive, const struct record *record,
                        bool *done)
{
    const Ds__Event *msg = record->msg;

    switch ((int)msg->body_case) {
    case DS_EV_REGISTERED: return take_ticket(job, archive, record);
    case DS_EV_ASSIGNED: return assign(job, msg->assigned);
    case DS_EV_TAKEN_BACK:
        return end_holds(job, msg->taken_back->account, record_at_ms(record), false);
    case DS_EV_REOPENED: *done = false; return;
    case DS_EV_CANCELLED:
        end_holds(job, NULL, record_at_ms(record), false);
        return end_waits(job, record_at_ms(record));
    case DS_EV_COMPLETED:
    case DS_EV_RESULT_FILED: return finish_work(job, archive, record, done);
    case DS_EV_DELAY_REPORTED: return begin_wait(job, archive, record);
    case DS_EV_RESUMED: return end_waits(job, record_at_ms(record));
    case DS_EV_JUDGED: return judge(job, msg->judged);
    case DS_EV_REJUDGED: return judge(job, msg->rejudged->now);
    case DS_EV_BREACHED: return breach(job, msg->breached);
    case DS_EV_BREACH_WITHDRAWN: return withdraw(job, msg->breach_withdrawn);
    default: return;
    }
}

/* What was done too late for the verdict was done all the same. */
static void find_stops(struct job *job, const struct archive *archive)
{
    bool judged = false;

    for (size_t i = 0; job->registered && i < job->n_promises; i++) {
        struct promise *promise = &job->promises[i];
        if (!promise->broken || promise->stop_ms != REPORT_NEVER) continue;
        if (!judged) {
            as_known_begin(archive, job->subject, job->registered->partition);
            for (size_t r = 0; r < job->n; r++)
                as_known_add(job->records[r]);
            as_known_judge();
            judged = true;
        }
        promise->stop_ms = as_known_stop_ms(promise->clock, promise->n);
    }
}

/* An event adds at most one to each list. */
static void make_room(struct job *job, size_t n)
{
    if (n <= job->room) return;
    job->room = 2 * n;
    job->holds = realloc(job->holds, job->room * sizeof *job->holds);
    job->dones = realloc(job->dones, job->room * sizeof *job->dones);
    job->waits = realloc(job->waits, job->room * sizeof *job->waits);
    job->promises = realloc(job->promises, job->room * sizeof *job->promises);
    if (!job->holds || !job->dones || !job->waits || !job->promises) abort();
}

static int by_subject(const void *a, const void *b)
{
    const struct record *one = *(const struct record *const *)a;
    const struct record *two = *(const struct record *const *)b;
    int order = strcmp(ds_str(one->msg->subject), ds_str(two->msg->subject));

    return order != 0 ? order : one < two ? -1 : one > two;
}

void jobs_each(const struct archive *archive, void (*take)(void *self, const struct job *job),
               void *self)
{
    const struct record **list = malloc((archive->n + 1) * sizeof *list);
    struct job job = {0};

    if (!list) abort();
    for (size_t i = 0; i < archive->n; i++)
        list[i] = &archive->records[i];
    if (archive->n > 0) qsort(list, archive->n, sizeof *list, by_subject);
    for (size_t from = 0, to; from < archive->n; from = to) {
        bool done = false;
        const char *subject = ds_str(list[from]->msg->subject);
        for (to = from + 1; to < archive->n; to++)
            if (strcmp(ds_str(list[to]->msg->subject), subject) != 0) break;
        make_room(&job, to - from);
        job =
            (struct job){subject,   &list[from],  to - from, NULL, NULL, NULL, job.holds, job.dones,
                         job.waits, job.promises, 0,         0,    0,    0,    job.room};
        for (size_t i = from; i < to; i++)
            take_record(&job, archive, list[i], &done);
        find_stops(&job, archive);
        take(self, &job);
    }
    free(job.holds);
    free(job.dones);
    free(job.waits);
    free(job.promises);
    free(list);
}
