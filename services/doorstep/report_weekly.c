#include "doorstep/report.h"
int report_weekly(struct paper *paper, const struct report_ask *ask, int32_t monday)
{
    (void)paper, (void)ask, (void)monday;
    return 0;
}
