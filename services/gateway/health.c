/* SPDX-License-Identifier: MIT */
#include "gateway/health.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/gateway.h"

void health_alive(struct http_request *request)
{
    http_answer_json(request, MHD_HTTP_OK, json_pack("{sb}", "alive", 1));
}

void health_ready(struct http_request *request)
{
    const struct feed *feed = &request->gateway->feed;
    bool live = feed_is_live(feed);

    http_answer_json(request, feed->up && live ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                     json_pack("{ss sb}", "store", feed->up ? "up" : "down", "live", (int)live));
}

/* Counters and gauges by name; no ticket, no person. */
void health_metrics(struct http_request *request)
{
    const struct gateway *gateway = request->gateway;
    const struct {
        const char *name, *type;
        uint64_t value;
    } rows[] = {
        {"doorstep_http_requests_total", "counter", gateway->http.requests},
        {"doorstep_http_problems_total", "counter", gateway->http.problems},
        {"doorstep_http_closed_slow_total", "counter", gateway->http.closed_slow},
        {"doorstep_http_connections", "gauge", gateway->http.n_lines},
        {"doorstep_commands_sent_total", "counter", gateway->door.sent},
        {"doorstep_commands_answered_total", "counter", gateway->door.answered},
        {"doorstep_commands_silent_total", "counter", gateway->door.silent},
        {"doorstep_commands_pending", "gauge", gateway->door.n},
        {"doorstep_feed_events_total", "counter", gateway->feed.events},
        {"doorstep_feed_gaps_total", "counter", gateway->feed.gaps},
        {"doorstep_feed_bad_batches_total", "counter", gateway->feed.bad_batches},
        {"doorstep_streams", "gauge", gateway->streams.n},
        {"doorstep_streams_opened_total", "counter", gateway->streams.opened},
        {"doorstep_streams_overrun_total", "counter", gateway->streams.overrun},
        {"doorstep_reads_total", "counter", gateway->papers.made},
        {"doorstep_reads_failed_total", "counter", gateway->papers.failed},
        {"doorstep_reads_late_total", "counter", gateway->papers.late},
        {"doorstep_reads_waiting", "gauge", gateway->papers.n_waiting},
        {"doorstep_store_up", "gauge", gateway->feed.up},
    };
    struct ds_buf text = {0};
    char line[192];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int n = snprintf(line, sizeof line, "# TYPE %s %s\n%s %llu\n", rows[i].name, rows[i].type,
                         rows[i].name, (unsigned long long)rows[i].value);
        ds_buf_put(&text, line, (size_t)n);
    }
    http_answer(request, MHD_HTTP_OK, "text/plain; version=0.0.4", text.bytes, text.len);
    ds_buf_finish(&text);
}
