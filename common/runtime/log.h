/* SPDX-License-Identifier: MIT
 *
 * Logs: key=value lines on stderr that name service, ticket, event and clause. Only mains and the
 * runtime log; libraries and rules never do. */
#ifndef DS_RUNTIME_LOG_H
#define DS_RUNTIME_LOG_H

#include <stdbool.h>

enum rt_level { RT_DEBUG, RT_INFO, RT_ALARM, RT_FATAL };

/* Called once; until then lines carry service=-. */
void rt_log_start(const char *service, bool debug);

/* One line: level, service, msg, then the formatted fields, e.g.
 * rt_log(RT_INFO, "caught up", "part=%u tail=%llu", p, tail). Values with spaces are the caller's
 * to quote. */
void rt_log(enum rt_level level, const char *msg, const char *fields, ...)
    __attribute__((format(printf, 3, 4)));

#endif
