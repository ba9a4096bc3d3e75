/* SPDX-License-Identifier: MIT
 *
 * `doorstep board`: every promise that runs, the one in most danger first. */
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "doorstep/board.h"
#include "doorstep/books.h"

enum { OPT_TERRITORY, OPT_PERSON, OPT_TICKETS };
enum { BAR = 20, TICKETS_MAX = 512 };

/* A running clock, for the table. */
struct line {
    char ticket[DS_ID_MAX + 1];
    char owner[DS_ACCOUNT_MAX + 1];
    enum ds_word kind;
    enum ds_clock clock;
    uint32_t n;
    int64_t start_ms;
    int64_t due_ms; /* WATCH_NEVER while paused */
    const struct ds_zone *zone;
};

struct board {
    const struct cli *cli;
    const struct live *live;
    const char *territory; /* this and account: NULL, all */
    const char *account;
    bool named;
    size_t rows; /* printed so far: thousands of them are not kept for the sake of one document */
    struct line *lines; /* owned */
    size_t n, cap;
};

static void add_line(struct board *board, const struct live_ticket *ticket,
                     const struct watch_instance *clock)
{
    if (board->n == board->cap) {
        board->cap = board->cap ? 2 * board->cap : 256;
        board->lines = realloc(board->lines, board->cap * sizeof board->lines[0]);
        if (!board->lines) abort();
    }
    struct line *line = &board->lines[board->n++];
    *line = (struct line){.kind = board_kind(ticket->intake->head),
                          .clock = clock->clock,
                          .n = clock->n,
                          .start_ms = clock->start_ms,
                          .due_ms = clock->due_ms,
                          .zone = clock->calendar->zone};
    ds_copy(line->ticket, sizeof line->ticket, ticket->id);
    ds_copy(line->owner, sizeof line->owner, clock->owner);
}

/* ---- for programs ---- */

static void print_row(struct board *board, const struct live_ticket *ticket)
{
    json_t *row = board_row(board->live, ticket);
    char *text = json_dumps(row, JSON_COMPACT);

    if (!text) abort();
    fputs(board->rows++ ? "," : "{\"tickets\":[", stdout);
    fputs(text, stdout);
    free(text);
    json_decref(row);
}

static void print_end(const struct board *board)
{
    static char cursor[LIVE_CURSOR_TEXT];
    const char *gap = "";

    live_cursor_text(board->live, cursor);
    printf("%s],\"cursor\":\"%s\",\"now_ms\":%lld,\"marks\":{", board->rows ? "" : "{\"tickets\":[",
           cursor, (long long)board->live->now_ms);
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++, gap = ",")
        printf("%s\"%s\":%lld", gap, ds_source_name((enum ds_source)s),
               (long long)board->live->marks_ms[s]);
    printf("}}\n");
}

static void take(void *self, const struct live_ticket *ticket)
{
    struct board *board = self;

    if (board->territory && strcmp(board->territory, ds_str(ticket->intake->head->territory)) != 0)
        return;
    if (board->account && !board_is_of(ticket, board->account)) return;
    if (!board->named && !board_goes_on(board->live, ticket)) return;
    if (board->cli->json) {
        print_row(board, ticket);
        return;
    }
    for (uint32_t i = 0; ticket->watch && i < ticket->watch->verdicts.n; i++)
        if (watch_is_open(&ticket->watch->verdicts.list[i], board->live->now_ms))
            add_line(board, ticket, &ticket->watch->verdicts.list[i]);
}

/* ---- for people ---- */

static int by_danger(const void *a, const void *b)
{
    const struct line *one = a, *two = b;

    if (one->due_ms != two->due_ms) return one->due_ms < two->due_ms ? -1 : 1;
    int order = strcmp(one->ticket, two->ticket);
    if (order == 0) order = (int)one->clock - (int)two->clock;
    return order ? order : (one->n > two->n) - (one->n < two->n);
}

/* How much of the time is gone. */
static void put_bar(const struct line *line, int64_t now_ms)
{
    int64_t all_ms = line->due_ms - line->start_ms, gone_ms = now_ms - line->start_ms;
    int full = 0;

    if (line->due_ms != WATCH_NEVER && gone_ms > 0)
        full = gone_ms >= all_ms ? BAR : (int)(gone_ms * BAR / all_ms);
    for (int i = 0; i < BAR; i++)
        fputs(i < full ? "█" : line->due_ms == WATCH_NEVER ? "╌" : "░", stdout);
}

static void print_line(const struct cli *cli, const struct line *line, int64_t now_ms)
{
    char left[32] = "", due[32] = "", clock[64];
    bool paused = line->due_ms == WATCH_NEVER, late = !paused && now_ms > line->due_ms;

    snprintf(clock, sizeof clock, "%s #%u", ds_clock_word(cli->lang, line->clock), line->n);
    cli_put(stdout, line->ticket, 14);
    cli_put(stdout, ds_word(cli->lang, line->kind), 18);
    cli_put(stdout, clock, 22);
    put_bar(line, now_ms);
    if (!paused) {
        cli_duration(left, late ? now_ms - line->due_ms : line->due_ms - now_ms);
        cli_local_time(due, line->due_ms, line->zone);
    }
    fputs("  ", stdout);
    cli_put(stdout,
            ds_word(cli->lang, paused ? DS_WORD_PAUSED
                               : late ? DS_WORD_LATE_BY
                                      : DS_WORD_LEFT),
            9);
    cli_put(stdout, left, 9);
    cli_put(stdout, due, 24);
    printf(" %s\n", line->owner);
}

static void print_lines(struct board *board)
{
    if (board->n == 0) printf("%s\n", ds_word(board->cli->lang, DS_WORD_NO_CLOCKS));
    if (board->n > 0) qsort(board->lines, board->n, sizeof board->lines[0], by_danger);
    for (size_t i = 0; i < board->n; i++)
        print_line(board->cli, &board->lines[i], board->live->now_ms);
}

/* ---- what is asked ---- */

/* "T1,T2" cut at its commas; *ret_n of them. */
static int cut(const struct cli *cli, char *text, const char *ids[TICKETS_MAX], size_t *ret_n)
{
    uint32_t partition;
    uint64_t seq;
    char *rest = text, *id;

    *ret_n = 0;
    while ((id = strsep(&rest, ",")) != NULL) {
        if (!ds_parse_ticket_id(id, &partition, &seq))
            return cli_fail(cli, EXIT_USAGE, SAID_TICKET_ID, id);
        if (*ret_n == TICKETS_MAX) return cli_fail(cli, EXIT_USAGE, SAID_MANY_TICKETS, TICKETS_MAX);
        ids[(*ret_n)++] = id;
    }
    return EXIT_FINE;
}

static int narrow(const struct cli *cli, const struct live *live, struct board *board)
{
    const char *territory = cli->values[OPT_TERRITORY];
    const struct ds_version *rules = archive_in_force(&live->archive);

    if (territory && !(rules && ds_find_territory(rules, territory)))
        return cli_fail(cli, EXIT_REJECTED, SAID_NO_TERRITORY, territory);
    board->territory = territory;
    return books_whose(cli, &live->archive, cli->values[OPT_PERSON], NULL, &board->account);
}

static int run(struct cli *cli)
{
    static struct live live; /* large */
    struct board board = {.cli = cli, .live = &live, .named = cli->values[OPT_TICKETS] != NULL};
    const char *ids[TICKETS_MAX];
    size_t n = 0;
    char *names = board.named ? strdup(cli->values[OPT_TICKETS]) : NULL;

    int code = board.named ? cut(cli, names, ids, &n) : EXIT_FINE;
    if (code != EXIT_FINE) {
        free(names);
        return code;
    }
    code = live_open(cli, &live);
    if (code == EXIT_FINE) code = narrow(cli, &live, &board);
    if (code == EXIT_FINE) code = live_tickets(cli, &live, ids, n, take, &board);
    if (code == EXIT_FINE && cli->json) print_end(&board);
    if (code == EXIT_FINE && !cli->json) print_lines(&board);
    free(board.lines);
    live_close(&live);
    free(names);
    return code;
}

static const struct option_spec options[] = {
    [OPT_TERRITORY] = {"--territory", "ID", "only of this territory"},
    [OPT_PERSON] = {"--person", "ID", "only jobs offered to or held by this person, or his outlet"},
    [OPT_TICKETS] = {"--tickets", "ID,ID", "only these; also what is over but not yet archived"},
    {NULL, NULL, NULL},
};

const struct command command_board = {
    .name = "board",
    .arguments = "",
    .summary = "every promise that runs, the one in most danger first",
    .details =
        "  doorstep board --territory county\n"
        "  doorstep board --person wang --json\n\n"
        "With --json one object: now_ms, marks of the services, a row a ticket, and a cursor: how "
        "far each\njournal was known to all states that were read (base64url of varints; intake "
        "first, of each\nsource all partitions). A feed from there on may repeat what the rows "
        "have, and misses nothing.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
