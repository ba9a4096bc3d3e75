/* SPDX-License-Identifier: MIT */
#include "doorstep/apart.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int apart(struct cli *cli, const char *what, int (*work)(struct cli *cli, void *self), void *self)
{
    int status = 0;

    fflush(NULL);
    pid_t child = fork();
    if (child < 0) return cli_fail(cli, EXIT_INTERNAL, SAID_FILE, what, cli_errno(cli, errno));
    if (child == 0) {
        int code = work(cli, self);
        exit(cli_printed(cli, code));
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return cli_fail(cli, EXIT_REJECTED, SAID_IMPOSSIBLE, what);
}
