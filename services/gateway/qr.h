/* SPDX-License-Identifier: MIT
 *
 * The QR code on a printed service order: whoever scans it with a phone opens the job there. */
#ifndef GATEWAY_QR_H
#define GATEWAY_QR_H

#include "gateway/http.h"

/* GET /v1/tickets/ID/qr.svg: the address of the technician's page for the ticket, under the name by
 * which the asker reached us. */
void qr_get(struct http_request *request);

#endif
