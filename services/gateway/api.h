/* SPDX-License-Identifier: MIT
 *
 * The documents for who writes a client: they are part of the program, so that what is served is
 * what this version does. */
#ifndef GATEWAY_API_H
#define GATEWAY_API_H

#include "gateway/http.h"

/* Handlers of the routes. */
void api_openapi(struct http_request *request);
void api_asyncapi(struct http_request *request);

#endif
