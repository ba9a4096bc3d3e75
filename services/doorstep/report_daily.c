#include "doorstep/report.h"
int report_daily(struct paper *paper, const struct report_ask *ask, int32_t day)
{
    (void)paper, (void)ask, (void)day;
    return 0;
}
