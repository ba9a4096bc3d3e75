/* SPDX-License-Identifier: MIT
 *
 * One input of a backtest: read, judged twice, compared. */
#include <errno.h>
#include <sys/stat.h>

#include "doorstep/backtest.h"

static int read_past(struct cli *cli, const char *name, const struct backtest_asked *asked,
                     struct past *past)
{
    struct stat found;

    if (!name) return past_read_store(cli, past);
    if (stat(name, &found) != 0)
        return cli_fail(cli, EXIT_USAGE, SAID_FILE, name, cli_errno(cli, errno));
    if (S_ISDIR(found.st_mode)) return past_read_export(cli, name, past);
    return past_read_commands(cli, name, asked->old_rules, asked->partitions, past);
}

int backtest_input(struct cli *cli, const char *name, const struct backtest_asked *asked,
                   struct backtest_input *input, struct backtest *test)
{
    int code = read_past(cli, name, asked, &input->past);

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
