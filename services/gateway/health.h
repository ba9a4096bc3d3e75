/* SPDX-License-Identifier: MIT
 *
 * Is it alive, can it work, and how does it do? For supervisors and proxies. */
#ifndef GATEWAY_HEALTH_H
#define GATEWAY_HEALTH_H

#include "gateway/http.h"

void health_alive(struct http_request *request);   /* GET /healthz */
void health_ready(struct http_request *request);   /* GET /readyz */
void health_metrics(struct http_request *request); /* GET /metrics, as Prometheus reads it */

#endif
