/* SPDX-License-Identifier: MIT */
#include "dispatcher/dispatcher.h"
#include "runtime/rt.h"

int main(int argc, char *argv[])
{
    return rt_main(&dispatcher_service, argc, argv);
}
