/* SPDX-License-Identifier: MIT
 *
 * Requests to the control socket of a service in stepped time, whose answers go to nobody. */
#include <zmq.h>

#include "fuzz.h"
#include "intake/intake.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"

static struct rt rt; /* large */

static const struct ds_version *no_version(void *self, uint32_t number)
{
    (void)self, (void)number;
    return NULL;
}

static void begin(void)
{
    rt.service = &intake_service;
    rt.n_lanes = 1;
    rt.parts = calloc(1, sizeof *rt.parts);
    rt.lanes = calloc(1, sizeof *rt.lanes);
    rt.bus.context = zmq_ctx_new();
    rt.bus.control = zmq_socket(rt.bus.context, ZMQ_ROUTER); /* bound to nothing */
    FUZZ_MUST(rt.parts && rt.lanes && rt.bus.control);
    ds_env_init(&rt.env, no_version, NULL);
    ds_part_init(&rt.parts[0], rt.service, &rt.env, 0);
    rt.clock.mode = RT_CLOCK_STEP;
    rt.live = true;
    if (!freopen("/dev/null", "w", stdout)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const uint8_t who[] = {5, 0, 'f', 'u', 'z', 'z', 0};

    if (!rt.service) begin();
    int64_t before_ms = rt.clock.now_ms;
    rt_control(&rt, who, sizeof who, bytes, len);
    FUZZ_MUST(rt.clock.mode == RT_CLOCK_STEP && rt.clock.now_ms >= before_ms); /* never back */
    rt.step.asked = rt.stopping = false;
    return 0;
}
