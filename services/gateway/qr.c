/* SPDX-License-Identifier: MIT */
#include "gateway/qr.h"

#include <qrencode.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "gateway/gateway.h"

enum {
    QUIET = 4, /* modules of white that the standard asks for on each side */
    HOST_MAX = 128,
    TEXT_MAX = 256,
    PIECE_MAX = 256,
};

/* A name or address with an optional port, and nothing that would make another address of it. */
static bool is_host(const char *host)
{
    size_t len = host ? strlen(host) : 0;

    return len > 0 && len <= HOST_MAX &&
           strspn(host, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:[]-_") ==
               len;
}

/* What is encoded. Without a name to come back to it is the ticket alone. */
static void say(const struct http_request *request, char text[TEXT_MAX])
{
    const char *host = http_header(request, "Host");
    const char *outside = http_header(request, "X-Forwarded-Proto");
    bool secure = outside && strcmp(outside, "https") == 0;

    if (is_host(host))
        snprintf(text, TEXT_MAX, "%s://%s/jobs?ticket=%.64s", secure ? "https" : "http", host,
                 request->part);
    else
        snprintf(text, TEXT_MAX, "%.64s", request->part);
}

__attribute__((format(printf, 2, 3))) static void put(struct ds_buf *svg, const char *form, ...)
{
    va_list list;

    va_start(list, form);
    int n = vsnprintf((char *)ds_buf_room(svg, PIECE_MAX), PIECE_MAX, form, list);
    va_end(list);
    DS_ASSERT(n >= 0 && n < PIECE_MAX);
    svg->len += (size_t)n;
}

/* One path: each run of dark modules is a rectangle, a module is one unit. */
static void draw(const QRcode *code, struct ds_buf *svg)
{
    int side = code->width + 2 * QUIET;

    put(svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
        "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
        "<path d=\"",
        side, side, side, side);
    for (int y = 0; y < code->width; y++) {
        const unsigned char *row = code->data + (ptrdiff_t)y * code->width;
        for (int x = 0, run; x < code->width; x += run) {
            for (run = 1; x + run < code->width && ((row[x + run] ^ row[x]) & 1) == 0; run++)
                continue;
            if (row[x] & 1) put(svg, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
        }
    }
    put(svg, "\"/></svg>");
}

void qr_get(struct http_request *request)
{
    struct ds_buf svg = {0};
    uint32_t partition;
    uint64_t seq;
    char text[TEXT_MAX];

    if (!ds_parse_ticket_id(request->part, &partition, &seq))
        return http_problem(request, MHD_HTTP_NOT_FOUND, "not_found", "", "");
    say(request, text);
    /* a quarter of it may be dirty: the paper goes to a workshop and back */
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
    if (!code) abort();
    draw(code, &svg);
    QRcode_free(code);
    http_answer(request, MHD_HTTP_OK, "image/svg+xml", svg.bytes, svg.len);
    ds_buf_finish(&svg);
}
