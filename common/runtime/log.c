/* SPDX-License-Identifier: MIT */
#include "runtime/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static struct {
    const char *service;
    bool debug;
} state = {"-", false};

void rt_log_start(const char *service, bool debug)
{
    state.service = service;
    state.debug = debug;
}

void rt_log(enum rt_level level, const char *msg, const char *fields, ...)
{
    static const char *const names[] = {"debug", "info", "alarm", "fatal"};
    struct timespec now;
    struct tm tm;
    char line[1024], stamp[32];
    va_list args;

    if (level == RT_DEBUG && !state.debug) return;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
    int n = snprintf(line, sizeof line, "t=%s.%03ldZ level=%s service=%s msg=\"%s\" ", stamp,
                     now.tv_nsec / 1000000, names[level], state.service, msg);
    va_start(args, fields);
    n += vsnprintf(line + n, sizeof line - (size_t)n, fields, args);
    va_end(args);
    if (n > (int)sizeof line - 2) n = (int)sizeof line - 2;
    line[n++] = '\n';
    fwrite(line, 1, (size_t)n, stderr); /* one write per line: stderr is not buffered */
}
