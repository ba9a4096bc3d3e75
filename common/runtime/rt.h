/* SPDX-License-Identifier: MIT
 *
 * All that a service's main sees of the runtime. */
#ifndef DS_RUNTIME_RT_H
#define DS_RUNTIME_RT_H

#include "engine/service.h"

/* Runs a service until it is told to stop. Returns the process's exit status:
 * 0 asked to stop, 64 bad arguments or configuration, 69 no store to talk to, 70 must not go on
 * (fenced, torn commit, script error), 75 the lock is held by another instance. */
int rt_main(const struct ds_service *service, int argc, char *argv[]);

#endif
