/* SPDX-License-Identifier: MIT */
#include "penalty-ledger/ledger.h"
#include "runtime/rt.h"

int main(int argc, char *argv[])
{
    return rt_main(&ledger_service, argc, argv);
}
