/* SPDX-License-Identifier: MIT */
#include "gateway/api.h"

#include <stdlib.h>

#include "asyncapi_yaml.h"
#include "openapi_yaml.h"

static void serve(struct http_request *request, const char *bytes, size_t len)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, (void *)bytes, MHD_RESPMEM_PERSISTENT);

    if (!response) abort();
    MHD_add_response_header(response, "Content-Type", "application/yaml");
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    http_answer_with(request, MHD_HTTP_OK, response);
}

void api_openapi(struct http_request *request)
{
    serve(request, openapi_yaml, sizeof openapi_yaml - 1);
}

void api_asyncapi(struct http_request *request)
{
    serve(request, asyncapi_yaml, sizeof asyncapi_yaml - 1);
}
