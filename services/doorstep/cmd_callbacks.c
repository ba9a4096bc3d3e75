/* SPDX-License-Identifier: MIT
 *
 * `doorstep callbacks`: who is to be called back (P-2.1), by when, and from when on the next
 * attempt helps. Attempts are spread over days and times of the day by the rule that closes the
 * task. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/callback.h"
#include "doorstep/books.h"
#include "doorstep/store_read.h"
#include "proto/state.pb-c.h"

enum { OPT_TERRITORY, OPT_CSV, OPT_PERSON };

struct task {
    char *ticket; /* owned */
    char *territory;
    int64_t from_ms;
    int64_t due_ms;
    int64_t next_ms;
    uint32_t attempts;
    bool overdue;
    const struct ds_zone *zone;
};

struct tasks {
    struct task *list; /* owned */
    size_t n;
};

static int by_due(const void *a, const void *b)
{
    const struct task *one = a, *two = b;

    if (one->due_ms != two->due_ms) return one->due_ms < two->due_ms ? -1 : 1;
    return strcmp(one->ticket, two->ticket);
}

static void add_task(struct tasks *tasks, const char *ticket, const Ds__SurveyTask *state,
                     const struct ds_version *rules, int64_t now_ms)
{
    const struct ds_territory *territory = ds_find_territory(rules, state->territory);
    const struct ds_clock_rule *rule = &rules->clocks[DS_CLOCK_CALLBACK];
    struct ds_attempt attempts[DS_FACTS_MAX];
    uint32_t n = 0;

    if (!territory) return;
    for (size_t i = 0; i < state->n_attempts && n < DS_FACTS_MAX; i++)
        if (state->attempts[i]->at_ms >= state->from_ms)
            attempts[n++] =
                (struct ds_attempt){state->attempts[i]->at_ms, state->attempts[i]->reached};
    tasks->list = realloc(tasks->list, (tasks->n + 1) * sizeof tasks->list[0]);
    if (!tasks->list) abort();
    int64_t due_ms = ds_due(territory->calendar, &rule->limit, rule->base, state->from_ms);
    tasks->list[tasks->n++] = (struct task){
        .ticket = strdup(ticket),
        .territory = strdup(state->territory),
        .from_ms = state->from_ms,
        .due_ms = due_ms,
        .overdue = now_ms > due_ms,
        .next_ms = ds_callback_next_ms(rules, territory->calendar, attempts, n, now_ms),
        .attempts = n,
        .zone = territory->calendar->zone,
    };
}

/* Whose job it was: of whoever filed the last result. */
static bool is_of(const Ds__SurveyTask *state, const char *account)
{
    if (!account) return true;
    return state->n_ends > 0 &&
           strcmp(ds_str(state->ends[state->n_ends - 1]->account), account) == 0;
}

static int read_partition(struct cli *cli, redisContext *redis, uint32_t partition,
                          const struct archive *archive, const char *account, struct tasks *tasks)
{
    redisReply *all = redisCommand(redis, "HGETALL {p%03u}:callback-survey:state", partition);
    int64_t now_ms;
    const char *wanted = cli->values[OPT_TERRITORY];

    if (!store_now_ms(redis, &now_ms) || !all || all->type != REDIS_REPLY_ARRAY) {
        if (all) freeReplyObject(all);
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    }
    for (size_t i = 0; i + 1 < all->elements; i += 2) {
        const redisReply *key = all->element[i], *value = all->element[i + 1];
        if (key->str[0] != 'T') continue;
        Ds__SurveyTask *state =
            ds__survey_task__unpack(NULL, value->len, (const uint8_t *)value->str);
        bool here = state && state->open && state->rulebook < DS_VERSIONS_MAX &&
                    archive->versions[state->rulebook] && is_of(state, account) &&
                    (!wanted || strcmp(wanted, ds_str(state->territory)) == 0);
        if (here) add_task(tasks, key->str + 1, state, archive->versions[state->rulebook], now_ms);
        if (state) ds__survey_task__free_unpacked(state, NULL);
    }
    freeReplyObject(all);
    return EXIT_FINE;
}

static json_t *task_json(const struct task *task)
{
    json_t *object = json_pack("{ss ss sI sI sI sI sb}", "ticket", task->ticket, "territory",
                               task->territory, "from_ms", (json_int_t)task->from_ms, "due_at_ms",
                               (json_int_t)task->due_ms, "attempts", (json_int_t)task->attempts,
                               "next_at_ms", (json_int_t)task->next_ms, "overdue", task->overdue);

    return object;
}

static void print_csv(const struct task *task)
{
    char due[32], next[32], from[32];

    cli_local_time(from, task->from_ms, task->zone);
    cli_local_time(due, task->due_ms, task->zone);
    cli_local_time(next, task->next_ms, task->zone);
    printf("%s,%s,%s,%s,%u,%s,%s\n", task->ticket, task->territory, from, due, task->attempts, next,
           task->overdue ? "overdue" : "");
}

static void print_line(const struct cli *cli, const struct task *task)
{
    char due[32], next[32];

    cli_local_time(due, task->due_ms, task->zone);
    cli_local_time(next, task->next_ms, task->zone);
    cli_put(stdout, task->ticket, 14);
    printf(" %s %s%s%s, %u %s, %s %s\n", ds_word(cli->lang, DS_WORD_DUE), due,
           task->overdue ? ", " : "", task->overdue ? ds_word(cli->lang, DS_WORD_OVERDUE) : "",
           task->attempts, ds_word(cli->lang, DS_WORD_ATTEMPTS),
           ds_word(cli->lang, DS_WORD_NEXT_ATTEMPT), next);
}

static void print_tasks(const struct cli *cli, struct tasks *tasks)
{
    if (tasks->n > 0) qsort(tasks->list, tasks->n, sizeof tasks->list[0], by_due);
    if (cli->values[OPT_CSV] && !cli->json)
        printf("ticket,territory,from,due_at,attempts,next_at,overdue\n");
    else if (tasks->n == 0 && !cli->json)
        printf("%s\n", ds_word(cli->lang, DS_WORD_NO_CALLBACKS));
    for (size_t i = 0; i < tasks->n; i++) {
        if (cli->json)
            cli_put_item(stdout, i, task_json(&tasks->list[i]));
        else if (cli->values[OPT_CSV])
            print_csv(&tasks->list[i]);
        else
            print_line(cli, &tasks->list[i]);
    }
    if (cli->json) cli_put_end(stdout, tasks->n);
}

static void tasks_finish(struct tasks *tasks)
{
    for (size_t i = 0; i < tasks->n; i++) {
        free(tasks->list[i].ticket);
        free(tasks->list[i].territory);
    }
    free(tasks->list);
}

static int run(struct cli *cli)
{
    struct archive archive = {0};
    struct tasks tasks = {0};
    struct rt_conf conf;

    int code = cli_conf(cli, &conf);
    redisContext *redis = code == EXIT_FINE ? store_open(cli, &conf) : NULL;
    if (code == EXIT_FINE && !redis) code = EXIT_UNAVAILABLE;
    if (code == EXIT_FINE) code = store_versions(cli, redis, (uint32_t)conf.partitions, &archive);
    const char *wanted = cli->values[OPT_TERRITORY];
    const struct ds_version *rules = archive_in_force(&archive);
    if (code == EXIT_FINE && wanted && !(rules && ds_find_territory(rules, wanted)))
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_TERRITORY, wanted);
    const char *account = NULL;
    if (code == EXIT_FINE)
        code = books_whose(cli, &archive, cli->values[OPT_PERSON], NULL, &account);
    for (uint32_t p = 0; code == EXIT_FINE && p < (uint32_t)conf.partitions; p++)
        code = read_partition(cli, redis, p, &archive, account, &tasks);
    if (redis) redisFree(redis);
    if (code == EXIT_FINE) print_tasks(cli, &tasks);
    tasks_finish(&tasks);
    archive_finish(&archive);
    return code;
}

static const struct option_spec options[] = {
    [OPT_TERRITORY] = {"--territory", "ID", "only of this territory"},
    [OPT_CSV] = {"--csv", NULL, "for a spreadsheet"},
    [OPT_PERSON] = {"--person", "ID",
                    "only of jobs whose result this person, or his outlet, filed"},
    {NULL, NULL, NULL},
};

const struct command command_callbacks = {
    .name = "callbacks",
    .arguments = "",
    .summary = "customers to be called back: due, attempts so far, when the next one helps",
    .details = "  doorstep callbacks --territory county\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
