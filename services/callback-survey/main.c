/* SPDX-License-Identifier: MIT */
#include "callback-survey/survey.h"
#include "runtime/rt.h"

int main(int argc, char *argv[])
{
    return rt_main(&survey_service, argc, argv);
}
