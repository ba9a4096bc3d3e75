/* SPDX-License-Identifier: MIT
 *
 * Named places where a test makes the process die as by kill -9. Compiled in only with
 * -DDS_CRASHPOINTS=ON. */
#include "runtime/rt_priv.h"

#ifdef DS_CRASHPOINTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void rt_crash_here(const char *point)
{
    static long left = -1;
    const char *wanted = getenv("DS_CRASH_AT");

    if (!wanted || strncmp(wanted, point, strlen(point)) != 0) return;
    const char *rest = wanted + strlen(point);
    if (*rest != '\0' && *rest != ':') return;
    if (left < 0) left = *rest == ':' ? atol(rest + 1) : 1;
    if (--left > 0) return;
    kill(getpid(), SIGKILL);
}
#else
typedef int rt_crash_is_empty; /* ISO C wants something here */
#endif
