/* SPDX-License-Identifier: MIT
 *
 * The statement of an account and month (R3.1, P5.3): piece rates of the jobs whose first result
 * was filed in it, fines and rewards of the ledger, losses as far as they are deducted in it. A
 * ticket is one job, however often it is reopened; it is paid to whoever was last at the
 * customer's before its result, else to the technician who filed it. All of that goes by when it
 * happened: until its month is closed, word of a visit may still come in. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/books.h"

/* ---- sums ---- */

static void add_fen(struct statement *statement, int64_t *sum_fen, int64_t fen)
{
    if (__builtin_add_overflow(*sum_fen, fen, sum_fen)) statement->overflow = true;
}

static uint32_t month_index(uint32_t month)
{
    return month / 100 * 12 + month % 100 - 1;
}

/* ---- jobs ---- */

/* What one instant has to say of a job, in canonical order; 0: nothing. */
static int rank_of(const struct record *record)
{
    switch (record->msg->body_case) {
    case DS__EVENT__BODY_REGISTERED: return 1;
    case DS__EVENT__BODY_ADDRESS_CORRECTED: return 2;
    case DS__EVENT__BODY_REOPENED: return 3;
    case DS__EVENT__BODY_CHECKED_IN:
    case DS__EVENT__BODY_COMPLETED: return 4;
    case DS__EVENT__BODY_RESULT_FILED: return 5;
    default: return 0;
    }
}

static int64_t told_at_ms(const struct record *record)
{
    return rank_of(record) == 1 ? INT64_MIN : record_at_ms(record);
}

/* By ticket, then as it happened, in whatever order it came in. */
static int by_ticket(const void *a, const void *b)
{
    const struct record *one = *(const struct record *const *)a;
    const struct record *two = *(const struct record *const *)b;
    int order = strcmp(one->msg->subject, two->msg->subject);

    if (order != 0) return order;
    if (told_at_ms(one) != told_at_ms(two)) return told_at_ms(one) < told_at_ms(two) ? -1 : 1;
    if (rank_of(one) != rank_of(two)) return rank_of(one) - rank_of(two);
    return strcmp(ds_str(one->msg->command_id), ds_str(two->msg->command_id));
}

static const struct record **list_told(const struct archive *archive, size_t *ret_n)
{
    const struct record **list = malloc((archive->n + 1) * sizeof *list);
    size_t n = 0;

    if (!list) abort();
    for (size_t i = 0; i < archive->n; i++)
        if (rank_of(&archive->records[i]) > 0) list[n++] = &archive->records[i];
    if (n > 0) qsort(list, n, sizeof *list, by_ticket);
    *ret_n = n;
    return list;
}

/* "" unless a technician said it. */
static const char *technician(const struct archive *archive, const struct record *record)
{
    const struct ds_version *version = archive->versions[record->rulebook];
    const struct ds_person *person = version ? ds_find_person(version, record->msg->by) : NULL;

    return person && person->role == DS_ROLE_TECHNICIAN ? person->account_key : "";
}

static void learn(struct paid_job *job, const struct archive *archive, const struct record *record)
{
    const Ds__Event *msg = record->msg;
    const char *there;

    switch (rank_of(record)) {
    case 1: job->zone = (enum ds_zone_band)msg->registered->head->zone; return;
    case 2: job->zone = (enum ds_zone_band)msg->address_corrected->zone; return;
    case 3: job->account = ""; return;
    case 4:
        there = technician(archive, record);
        if (msg->body_case == DS__EVENT__BODY_CHECKED_IN && msg->checked_in->customer_absent)
            return;
        if (there[0]) job->account = there;
        return;
    default:
        job->result = record;
        if (!job->account[0]) job->account = technician(archive, record);
        return;
    }
}

struct paid_job *statement_jobs(const struct archive *archive, size_t *ret_n)
{
    size_t n_told, n = 0;
    const struct record **told = list_told(archive, &n_told);
    struct paid_job *jobs = calloc(n_told + 1, sizeof *jobs);
    struct paid_job job = {.account = ""};

    if (!jobs) abort();
    for (size_t i = 0; i < n_told; i++) {
        if (i > 0 && strcmp(told[i - 1]->msg->subject, told[i]->msg->subject) != 0)
            job = (struct paid_job){.account = ""};
        if (job.result) continue; /* what comes later is no job of its own */
        learn(&job, archive, told[i]);
        if (job.result) jobs[n++] = job;
    }
    free(told);
    *ret_n = n;
    return jobs;
}

enum ds_piece statement_piece_of(const Ds__TicketHead *head)
{
    if (head->kind == DS__KIND__NAME__INSTALL) return DS_PIECE_INSTALL;
    if (head->kind == DS__KIND__NAME__SYSTEM) return DS_PIECE_SYSTEM;
    return head->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE ? DS_PIECE_SERVICE
                                                                     : DS_PIECE_REPAIR;
}

static struct job_line *line_of(struct statement *statement, const struct ds_piece_rate *rate,
                                enum ds_piece kind, const char *category, enum ds_zone_band zone)
{
    for (size_t i = 0; i < statement->n_jobs; i++) {
        struct job_line *line = &statement->jobs[i];
        if (line->rate == rate && (rate || (line->kind == kind && line->zone == zone &&
                                            strcmp(line->category, category) == 0)))
            return line;
    }
    struct job_line *line = &statement->jobs[statement->n_jobs++];
    *line = (struct job_line){.rate = rate, .kind = kind, .category = category, .zone = zone};
    if (rate) line->category = rate->category;
    if (rate) line->zone = rate->zone;
    return line;
}

static void add_job(struct statement *statement, const struct ds_version *version,
                    const struct paid_job *job)
{
    const Ds__TicketHead *head = job->result->msg->result_filed->head;
    enum ds_piece kind = statement_piece_of(head);
    const struct ds_piece_rate *rate = ds_find_piece_rate(version, kind, head->category, job->zone);
    struct job_line *line = line_of(statement, rate, kind, ds_str(head->category), job->zone);

    line->jobs++;
    if (!rate) return;
    add_fen(statement, &line->sum_fen, rate->rate_fen);
    add_fen(statement, &statement->pieces_fen, rate->rate_fen);
}

/* Before the dearer lines the cheaper ones would do: kinds in their order, then categories. */
static int by_line(const void *a, const void *b)
{
    const struct job_line *one = a, *two = b;

    if (one->kind != two->kind) return one->kind < two->kind ? -1 : 1;
    int order = strcmp(one->category, two->category);
    if (order != 0) return -order; /* "" is any and comes last */
    return one->zone == two->zone ? 0 : one->zone > two->zone ? -1 : 1;
}

static void count_jobs(struct statement *statement, const struct archive *archive)
{
    size_t n;
    struct paid_job *jobs = statement_jobs(archive, &n);

    statement->jobs = calloc(n + 1, sizeof *statement->jobs);
    if (!statement->jobs) abort();
    for (size_t i = 0; i < n; i++) {
        const struct record *result = jobs[i].result;
        const struct ds_version *version = archive->versions[result->rulebook];
        if (!version || strcmp(jobs[i].account, statement->account) != 0) continue;
        const struct ds_zone *zone = statement->territory->calendar->zone;
        if (ds_month_of(zone, record_at_ms(result)) != statement->month) continue;
        add_job(statement, version, &jobs[i]);
    }
    qsort(statement->jobs, statement->n_jobs, sizeof *statement->jobs, by_line);
    free(jobs);
}

/* ---- entries and instalments ---- */

static int by_key(const void *a, const void *b)
{
    const struct record *const *one = a, *const *two = b;

    return strcmp((*one)->entry->key, (*two)->entry->key);
}

static bool is_fine(const Ds__Entry *entry)
{
    return entry->reverses ? entry->amount_fen > 0 : entry->amount_fen < 0;
}

static void take_entries(struct statement *statement, const struct archive *archive)
{
    statement->entries = calloc(archive->n + 1, sizeof *statement->entries);
    if (!statement->entries) abort();
    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Entry *entry = archive->records[i].entry;
        if (!entry || strcmp(entry->account, statement->account) != 0 ||
            entry->month != statement->month)
            continue;
        statement->entries[statement->n_entries++] = &archive->records[i];
        add_fen(statement, is_fine(entry) ? &statement->fines_fen : &statement->rewards_fen,
                entry->amount_fen);
    }
    qsort(statement->entries, statement->n_entries, sizeof *statement->entries, by_key);
}

static const Ds__Entry *find_entry(const struct archive *archive, const char *key)
{
    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].entry && strcmp(archive->records[i].entry->key, key) == 0)
            return archive->records[i].entry;
    return NULL;
}

/* Were its instalments set again after record i? The last word counts. */
static bool is_set_again(const struct archive *archive, size_t i, const char *key)
{
    while (++i < archive->n) {
        const Ds__Event *msg = archive->records[i].msg;
        if (msg->body_case == DS__EVENT__BODY_INSTALMENTS_SET &&
            strcmp(msg->instalments_set->entry, key) == 0)
            return true;
    }
    return false;
}

/* Month in which an entry was taken back; UINT32_MAX: it stands. */
static uint32_t reversed_in(const struct archive *archive, const char *key)
{
    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Entry *entry = archive->records[i].entry;
        if (entry && entry->reverses && strcmp(entry->reverses, key) == 0) return entry->month;
    }
    return UINT32_MAX;
}

/* What the first n of so many instalments come to: exact to the fen, in whatever month. */
static int64_t first_part_fen(int64_t amount_fen, uint32_t n, uint32_t months)
{
    return amount_fen * n / months; /* fits: see DS_FEN_MAX */
}

/* An entry that is reversed is deducted to its end at once, so that what comes back is what was
 * deducted. */
static void add_instalment(struct statement *statement, const struct archive *archive,
                           const Ds__Entry *entry, uint32_t months)
{
    uint32_t reversed = reversed_in(archive, entry->key);
    uint32_t begin = month_index(entry->month), now = month_index(statement->month);

    if (statement->month < entry->month || now - begin >= months) return;
    if (statement->month > reversed) return;
    uint32_t n = now - begin + 1;
    uint32_t done = statement->month == reversed ? months : n;
    struct instalment_line *line = &statement->instalments[statement->n_instalments++];
    *line = (struct instalment_line){.entry = entry, .number = n, .months = months};
    line->deducted_fen = first_part_fen(entry->amount_fen, done, months) -
                         first_part_fen(entry->amount_fen, n - 1, months);
    line->balance_fen = entry->amount_fen - first_part_fen(entry->amount_fen, done, months);
    /* the month's ledger has the whole of it, later ones nothing */
    int64_t booked_fen = n == 1 ? entry->amount_fen : 0;
    add_fen(statement, &statement->carried_fen, line->deducted_fen - booked_fen);
}

void statement_make(struct statement *statement, const struct archive *archive, const char *account,
                    uint32_t month)
{
    *statement = (struct statement){.account = account, .month = month};
    statement->territory = books_territory(archive, account);
    statement->closed = books_is_closed(archive, account, month);
    count_jobs(statement, archive);
    take_entries(statement, archive);
    statement->instalments = calloc(archive->n + 1, sizeof *statement->instalments);
    if (!statement->instalments) abort();
    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        if (msg->body_case != DS__EVENT__BODY_INSTALMENTS_SET) continue;
        const Ds__InstalmentsSet *set = msg->instalments_set;
        const Ds__Entry *entry = find_entry(archive, set->entry);
        if (entry && strcmp(entry->account, account) == 0 && !is_set_again(archive, i, set->entry))
            add_instalment(statement, archive, entry, set->months);
    }
    const int64_t parts_fen[] = {statement->pieces_fen, statement->fines_fen,
                                 statement->rewards_fen, statement->carried_fen};
    for (size_t i = 0; i < sizeof parts_fen / sizeof parts_fen[0]; i++)
        add_fen(statement, &statement->settlement_fen, parts_fen[i]);
}

static int by_number(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

    return one < two ? -1 : one > two;
}

/* Months in which anything was booked or filed, each once, rising; owned by the caller. */
static uint32_t *months_of(const struct archive *archive, size_t *ret_n)
{
    uint32_t *months = malloc((archive->n + 1) * sizeof *months);
    size_t n = 0, kept = 0;

    if (!months) abort();
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        int64_t at_ms = record_at_ms(record);
        if (record->entry) months[n++] = record->entry->month;
        if (record->msg->body_case == DS__EVENT__BODY_RESULT_FILED)
            months[n++] = ds_month_of(archive_zone(archive, record->partition), at_ms);
    }
    if (n > 0) qsort(months, n, sizeof *months, by_number);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || months[kept - 1] != months[i]) months[kept++] = months[i];
    *ret_n = kept;
    return months;
}

void statements_print_json(FILE *to, const struct archive *archive)
{
    const struct ds_version *rules = archive_in_force(archive);
    struct statement statement;
    size_t n;
    uint32_t *months = months_of(archive, &n);

    for (uint32_t i = 0; rules && i < rules->n_people; i++) {
        const char *account = rules->people[i].account_key;
        bool told = false; /* people of an outlet share its account */
        for (uint32_t k = 0; k < i; k++)
            told |= strcmp(rules->people[k].account_key, account) == 0;
        for (size_t m = 0; m < n && !told; m++) {
            statement_make(&statement, archive, account, months[m]);
            if (statement.n_jobs + statement.n_entries + statement.n_instalments > 0)
                statement_print_json(to, &statement);
            statement_finish(&statement);
        }
    }
    free(months);
}

void statement_finish(struct statement *statement)
{
    free(statement->jobs);
    free(statement->entries);
    free(statement->instalments);
    *statement = (struct statement){0};
}
