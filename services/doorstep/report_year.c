/* SPDX-License-Identifier: MIT
 *
 * What is counted for the annual report (the document's section R), and how:
 *
 *   received          complaints by the year in which they were reported; a repeated report of an
 *                     open ticket is none
 *   repairs, installs tickets by the year of their first filed result, as statements count them
 *   in-house, outlets by whose account the job is paid to
 *   cost              piece rates of these jobs, as statements have them: neither parts nor sales
 *                     promotions are in it
 *   repaired at once  repairs whose first result says fixed, after at most one visit at which
 *                     the customer was there, and of which neither the ticket was reopened nor
 *                     the same product reported again within repeat_within. The same product: as
 *                     the archive of cases has it (dispatch_product_text)
 *   key customers     those marked so by the rules, in the year of a report of theirs
 *   returns           units taken in, by the day they were; of a ticket the last word counts
 *   fines, rewards    the ledger's entries by their month; a reversal takes its entry back */
#include "doorstep/report_year.h"

#include <stdlib.h>
#include <string.h>

#include "dispatcher/cases.h"
#include "doorstep/books.h"

/* A repair, and whether its product came again. */
struct repair {
    char *product; /* owned */
    int64_t from_ms;
    int64_t result_at_ms; /* REPORT_NEVER: none */
    uint32_t territory;
    int when;     /* of its result, as when_of says */
    bool at_once; /* by what the ticket itself knows */
};

struct walk {
    struct year_count *count;
    struct repair *repairs; /* owned */
    size_t n, cap;
    struct paid_job *paid; /* owned */
    size_t n_paid, next;
};

/* ---- years and territories ---- */

/* A month of NOW or BEFORE: year * 12 + 0 .. 11; or -1. */
static int when_is(const struct year_count *count, uint32_t month)
{
    int32_t year = (int32_t)(month / 100);

    if (year != count->year && year != count->year - 1) return -1;
    return (year == count->year ? NOW : BEFORE) * 12 + (int)(month % 100) - 1;
}

static int when_of(const struct year_count *count, const struct ds_territory *territory,
                   int64_t at_ms)
{
    return when_is(count, ds_month_of(territory->calendar->zone, at_ms));
}

static void add(struct year_count *count, uint32_t territory, int when, enum year_sum sum,
                int64_t number)
{
    int year = when / 12;

    if (when < 0) return;
    if (year == NOW && !report_add(&count->months[when % 12][sum], number)) count->overflow = true;
    if (!report_add(&count->territories[territory].sums[year][sum], number) ||
        !report_add(&count->all.sums[year][sum], number))
        count->overflow = true;
}

/* Index of the ticket's territory; -1: not asked for. One that the newest rules no longer know is
 * counted with the first. */
static int territory_of(const struct year_count *count, const char *id)
{
    if (!report_wants(count->ask, id)) return -1;
    for (uint32_t i = 0; i < count->rules->n_territories; i++)
        if (strcmp(count->rules->territories[i].id, id) == 0) return (int)i;
    return 0;
}

/* ---- key customers ---- */

static void take_customer(struct year_count *count, const struct job *job, uint32_t territory,
                          int when)
{
    const Ds__Customer *customer = job->registered->msg->registered->report->customer;

    if (!job->head->key_customer || !customer || when < 0) return;
    add(count, territory, when, YEAR_KEY_JOBS, 1);
    if (count->n_customers == count->customers_cap) {
        count->customers_cap = count->customers_cap ? 2 * count->customers_cap : 64;
        count->customers =
            realloc(count->customers, count->customers_cap * sizeof count->customers[0]);
        if (!count->customers) abort();
    }
    struct key_customer *row = &count->customers[count->n_customers++];
    *row = (struct key_customer){.phone = strdup(ds_str(job->head->phone)),
                                 .name = ds_str(customer->name),
                                 .territory = &count->rules->territories[territory],
                                 .institution = customer->institution,
                                 .purchases_fen = customer->purchases_fen,
                                 .year = (uint32_t)when / 12};
    if (!row->phone) abort();
    enum ds_piece piece = statement_piece_of(job->head);
    row->repairs = piece == DS_PIECE_REPAIR;
    row->installs = piece == DS_PIECE_INSTALL;
    row->service = piece == DS_PIECE_SERVICE;
}

static int by_customer(const void *a, const void *b)
{
    const struct key_customer *one = a, *two = b;
    int order = strcmp(one->phone, two->phone);

    if (one->year != two->year) return one->year < two->year ? -1 : 1;
    if (order == 0) order = strcmp(one->name, two->name);
    return order != 0                        ? order
           : one->territory < two->territory ? -1
                                             : one->territory > two->territory;
}

static uint32_t jobs_of(const struct key_customer *customer)
{
    return customer->repairs + customer->installs + customer->service;
}

static int by_jobs(const void *a, const void *b)
{
    const struct key_customer *one = a, *two = b;
    uint32_t n = jobs_of(one), m = jobs_of(two);

    if (one->year != two->year || n == m) return by_customer(a, b);
    return n > m ? -1 : 1;
}

/* One row a telephone and year, those with the most jobs first. */
static void merge_customers(struct year_count *count)
{
    size_t kept = 0;

    if (count->n_customers == 0) return;
    qsort(count->customers, count->n_customers, sizeof count->customers[0], by_customer);
    for (size_t i = 0; i < count->n_customers; i++) {
        struct key_customer *row = &count->customers[i];
        struct key_customer *last = kept > 0 ? &count->customers[kept - 1] : NULL;
        if (!last || last->year != row->year || strcmp(last->phone, row->phone) != 0) {
            count->customers[kept++] = *row;
            continue;
        }
        last->repairs += row->repairs;
        last->installs += row->installs;
        last->service += row->service;
        last->institution |= row->institution;
        if (row->purchases_fen > last->purchases_fen) last->purchases_fen = row->purchases_fen;
        free(row->phone);
    }
    count->n_customers = kept;
    for (size_t i = 0; i < kept; i++) {
        const struct key_customer *row = &count->customers[i];
        add(count, (uint32_t)(row->territory - count->rules->territories), (int)row->year * 12,
            YEAR_KEY_CUSTOMERS, 1);
    }
    qsort(count->customers, kept, sizeof count->customers[0], by_jobs);
}

/* ---- repaired at once ---- */

static char *product_of(const struct job *job)
{
    char text[DISPATCH_PRODUCT_TEXT];

    dispatch_product_text(job->head, text);
    char *key = strdup(text);
    if (!key) abort();
    return key;
}

/* By what the ticket itself knows. */
static bool at_once(const struct job *job, const struct record *result, int64_t within_ms)
{
    int64_t result_at_ms = record_at_ms(result);
    uint32_t visits = 0;

    if (!result->msg->result_filed->result->fixed) return false;
    for (size_t i = 0; i < job->n; i++) {
        const Ds__Event *msg = job->records[i]->msg;
        int64_t at_ms = record_at_ms(job->records[i]);
        if (msg->body_case == DS__EVENT__BODY_CHECKED_IN && !msg->checked_in->customer_absent &&
            at_ms <= result_at_ms)
            visits++;
        if (msg->body_case == DS__EVENT__BODY_REOPENED && at_ms - result_at_ms <= within_ms)
            return false;
    }
    return visits <= 1;
}

/* Nobody saw a fault: what is called off repeats no repair, as the archive of cases has it. */
static bool was_called_off(const struct job *job)
{
    for (size_t i = 0; i < job->n; i++)
        if (job->records[i]->msg->body_case == DS__EVENT__BODY_CANCELLED) return true;
    return false;
}

static struct repair *new_repair(struct walk *walk, const struct job *job, uint32_t territory)
{
    if (walk->n == walk->cap) {
        walk->cap = walk->cap ? 2 * walk->cap : 1024;
        walk->repairs = realloc(walk->repairs, walk->cap * sizeof walk->repairs[0]);
        if (!walk->repairs) abort();
    }
    struct repair *repair = &walk->repairs[walk->n++];
    *repair = (struct repair){.product = product_of(job),
                              .from_ms = job->head->reported_at_ms,
                              .result_at_ms = REPORT_NEVER,
                              .territory = territory,
                              .when = -1};
    return repair;
}

static int by_product(const void *a, const void *b)
{
    const struct repair *one = a, *two = b;
    int order = strcmp(one->product, two->product);

    if (order != 0) return order;
    return one->from_ms < two->from_ms ? -1 : one->from_ms > two->from_ms;
}

/* Reports of a product stand together, so that the next one after a result is near. */
static void count_at_once(struct walk *walk)
{
    struct year_count *count = walk->count;

    if (walk->n > 0) qsort(walk->repairs, walk->n, sizeof walk->repairs[0], by_product);
    for (size_t i = 0; i < walk->n; i++) {
        const struct repair *repair = &walk->repairs[i];
        bool again = false;
        for (size_t k = i + 1; k < walk->n && repair->at_once && !again; k++) {
            const struct repair *next = &walk->repairs[k];
            if (strcmp(next->product, repair->product) != 0 ||
                next->from_ms - repair->result_at_ms > count->rules->repeat_within_ms)
                break;
            again = next->from_ms > repair->result_at_ms;
        }
        if (repair->at_once && !again)
            add(count, repair->territory, repair->when, YEAR_FIRST_TIME, 1);
    }
}

/* ---- jobs ---- */

/* Tickets come in the order in which statements have them. */
static const struct paid_job *paid_job(struct walk *walk, const struct job *job)
{
    while (walk->next < walk->n_paid &&
           strcmp(walk->paid[walk->next].result->msg->subject, job->subject) < 0)
        walk->next++;
    bool there = walk->next < walk->n_paid &&
                 strcmp(walk->paid[walk->next].result->msg->subject, job->subject) == 0;
    return there ? &walk->paid[walk->next] : NULL;
}

static void count_done(struct year_count *count, const struct paid_job *paid, uint32_t territory,
                       int when, enum ds_piece piece)
{
    const struct ds_version *version = record_rules(count->ask->archive, paid->result);
    const Ds__TicketHead *head = paid->result->msg->result_filed->head;
    const struct ds_piece_rate *rate =
        ds_find_piece_rate(version, piece, head->category, paid->zone);
    int64_t rate_fen = rate && paid->account[0] ? rate->rate_fen : 0;
    bool outlet = strncmp(paid->account, "outlet:", 7) == 0;

    if (piece == DS_PIECE_REPAIR) {
        add(count, territory, when, outlet ? YEAR_REPAIRS_OUTLETS : YEAR_REPAIRS_INHOUSE, 1);
        add(count, territory, when, outlet ? YEAR_COST_OUTLETS_FEN : YEAR_COST_INHOUSE_FEN,
            rate_fen);
    } else if (piece == DS_PIECE_INSTALL) {
        add(count, territory, when, YEAR_INSTALLS, 1);
        add(count, territory, when, YEAR_INSTALL_COST_FEN, rate_fen);
    } else {
        add(count, territory, when, YEAR_OTHER_JOBS, 1);
    }
}

static void count_return(struct year_count *count, const struct job *job, uint32_t territory)
{
    const struct record *last = NULL;

    for (size_t i = 0; i < job->n; i++) {
        const Ds__Event *msg = job->records[i]->msg;
        if (msg->body_case == DS__EVENT__BODY_RETURN_RECORDED && msg->return_recorded->taken_in)
            last = job->records[i];
    }
    if (!last) return;
    bool back = last->msg->return_recorded->taken_in == DS__RETURN_OPTION__NAME__RETURN;
    int when = when_of(count, job->territory, record_at_ms(last));
    add(count, territory, when, back ? YEAR_RETURNED : YEAR_EXCHANGED, 1);
}

static void take_job(void *self, const struct job *job)
{
    struct walk *walk = self;
    struct year_count *count = walk->count;
    int territory = job->territory ? territory_of(count, job->territory->id) : -1;

    if (territory < 0) return;
    enum ds_piece piece = statement_piece_of(job->head);
    int reported = when_of(count, job->territory, job->head->reported_at_ms);
    bool taken_over = job->registered->msg->registered->transferred_from; /* received elsewhere */
    if (piece == DS_PIECE_REPAIR && !taken_over)
        add(count, (uint32_t)territory, reported, YEAR_REPAIR_REPORTS, 1);
    else if (piece == DS_PIECE_SERVICE && !taken_over)
        add(count, (uint32_t)territory, reported, YEAR_SERVICE_REPORTS, 1);
    take_customer(count, job, (uint32_t)territory, reported);
    count_return(count, job, (uint32_t)territory);
    struct repair *repair =
        piece == DS_PIECE_REPAIR ? new_repair(walk, job, (uint32_t)territory) : NULL;
    const struct paid_job *paid = paid_job(walk, job);
    if (!paid) {
        if (repair && was_called_off(job)) walk->n--;
        return;
    }
    int done = when_of(count, job->territory, record_at_ms(paid->result));
    if (done >= 0 && done / 12 == BEFORE)
        count->has_before = true; /* reports alone are what was carried over */
    count_done(count, paid, (uint32_t)territory, done, piece);
    if (!repair) return;
    repair->result_at_ms = record_at_ms(paid->result);
    repair->when = done;
    repair->at_once = at_once(job, paid->result, count->rules->repeat_within_ms);
}

/* ---- the ledger ---- */

static struct year_clause *clause_of(struct year_count *count, const char *id)
{
    for (size_t i = 0; i < count->n_clauses; i++)
        if (strcmp(count->clauses[i].id, id) == 0) return &count->clauses[i];
    count->clauses = realloc(count->clauses, (count->n_clauses + 1) * sizeof count->clauses[0]);
    if (!count->clauses) abort();
    count->clauses[count->n_clauses] = (struct year_clause){.id = id};
    return &count->clauses[count->n_clauses++];
}

static void take_entry(struct year_count *count, const Ds__Entry *entry)
{
    const struct ds_territory *where = books_territory(count->ask->archive, entry->account);
    int when = when_is(count, entry->month), year = when / 12;
    int territory = territory_of(count, where->id);
    bool fine = entry->reverses ? entry->amount_fen > 0 : entry->amount_fen < 0;

    if (when < 0 || territory < 0) return;
    struct year_clause *clause = clause_of(count, ds_str(entry->clause));
    add(count, (uint32_t)territory, when, fine ? YEAR_FINES_FEN : YEAR_REWARDS_FEN,
        entry->amount_fen);
    if (!report_add(year == NOW ? &clause->sum_fen : &clause->sum_before_fen, entry->amount_fen))
        count->overflow = true;
    if (year == NOW) *(entry->reverses ? &clause->reversed : &clause->entries) += 1;
}

/* ---- the whole ---- */

void year_count_make(struct year_count *count, const struct report_ask *ask, int32_t year)
{
    struct walk walk = {.count = count};

    *count = (struct year_count){.ask = ask, .rules = archive_rules(ask->archive), .year = year};
    count->territories = calloc(count->rules->n_territories, sizeof count->territories[0]);
    if (!count->territories) abort();
    for (uint32_t i = 0; i < count->rules->n_clauses; i++)
        clause_of(count, count->rules->clauses[i].id);
    walk.paid = statement_jobs(ask->archive, &walk.n_paid);
    jobs_each(ask->archive, take_job, &walk);
    count_at_once(&walk);
    merge_customers(count);
    for (size_t i = 0; i < ask->archive->n; i++)
        if (ask->archive->records[i].entry) take_entry(count, ask->archive->records[i].entry);
    for (size_t i = 0; i < walk.n; i++)
        free(walk.repairs[i].product);
    free(walk.repairs);
    free(walk.paid);
}

void year_count_finish(struct year_count *count)
{
    for (size_t i = 0; i < count->n_customers; i++)
        free(count->customers[i].phone);
    free(count->customers);
    free(count->clauses);
    free(count->territories);
    *count = (struct year_count){0};
}

const struct ds_version *year_rules(const struct year_count *count, int32_t year)
{
    const struct archive *archive = count->ask->archive;
    const struct ds_zone *zone = count->rules->territories[0].calendar->zone;
    int64_t end_ms = ds_end_of_month(zone, (uint32_t)year * 100 + 12);
    const struct ds_version *found = NULL;

    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        if (msg->body_case != DS__EVENT__BODY_ACTIVATED || msg->received_at_ms > end_ms) continue;
        uint32_t number = msg->activated->number;
        const struct ds_version *version =
            number < DS_VERSIONS_MAX ? archive->versions[number] : NULL;
        if (version && (!found || version->number > found->number)) found = version;
    }
    return found;
}

int64_t year_tenths(int64_t cost_fen, int64_t n)
{
    int64_t whole = cost_fen / n / 10, rest = cost_fen - whole * n * 10;

    return whole + (rest >= n * 10 - rest);
}
