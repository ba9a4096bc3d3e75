/* SPDX-License-Identifier: MIT
 *
 * One input of a backtest: read, judged twice, compared. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "doorstep/backtest.h"
#include "doorstep/export_read.h"

static size_t dir_len(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Journals that stand side by side in one directory are one past. */
static int read_journals(struct cli *cli, char *const *names, size_t n_names,
                         struct backtest_input *input, size_t *ret_took)
{
    size_t len = dir_len(names[0]), n = 1;

    while (n < n_names && dir_len(names[n]) == len && strncmp(names[n], names[0], len) == 0 &&
           export_is_journal(names[n]))
        n++;
    *ret_took = n;
    snprintf(input->dir, sizeof input->dir, "%.*s", len ? (int)len : 1, len ? names[0] : ".");
    return past_read_export(cli, input->dir, names, n, &input->past);
}

static int read_past(struct cli *cli, char *const *names, size_t n_names,
                     const struct backtest_asked *asked, struct backtest_input *input,
                     size_t *ret_took)
{
    struct stat found;

    *ret_took = 1;
    if (n_names == 0) return past_read_store(cli, &input->past);
    if (stat(names[0], &found) != 0)
        return cli_fail(cli, EXIT_USAGE, SAID_FILE, names[0], cli_errno(cli, errno));
    if (S_ISDIR(found.st_mode)) return past_read_export(cli, names[0], NULL, 0, &input->past);
    if (export_is_journal(names[0])) return read_journals(cli, names, n_names, input, ret_took);
    return past_read_commands(cli, names[0], asked->old_rules, asked->partitions, &input->past);
}

int backtest_input(struct cli *cli, char *const *names, size_t n_names,
                   const struct backtest_asked *asked, struct backtest_input *input,
                   struct backtest *test, size_t *ret_took)
{
    int code = read_past(cli, names, n_names, asked, input, ret_took);

    if (code == EXIT_FINE) code = side_under(cli, &input->past, &asked->new_rules, &input->after);
    if (code != EXIT_FINE) return code;
    side_as_it_was(&input->past, &input->before);
    side_judge(&input->before);
    side_judge(&input->after);
    backtest_add(test, &input->past, &input->before, &input->after);
    return EXIT_FINE;
}

void backtest_input_finish(struct backtest_input *input)
{
    side_finish(&input->before);
    side_finish(&input->after);
    past_finish(&input->past);
}
