/* SPDX-License-Identifier: MIT */
#include "sla-watcher/watch.h"
#include "runtime/rt.h"

int main(int argc, char *argv[])
{
    return rt_main(&watcher_service, argc, argv);
}
