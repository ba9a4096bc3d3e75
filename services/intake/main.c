/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"
#include "runtime/rt.h"

int main(int argc, char *argv[])
{
    return rt_main(&intake_service, argc, argv);
}
