/* SPDX-License-Identifier: MIT
 *
 * Users, keys and the audit, for the admin. */
#ifndef GATEWAY_ADMIN_H
#define GATEWAY_ADMIN_H

#include "gateway/http.h"

void admin_users(struct http_request *request);       /* GET /v1/users */
void admin_new_user(struct http_request *request);    /* POST /v1/users */
void admin_change_user(struct http_request *request); /* PATCH /v1/users/NAME */
void admin_keys(struct http_request *request);        /* GET /v1/keys */
void admin_new_key(struct http_request *request);     /* POST /v1/keys */
void admin_revoke_key(struct http_request *request);  /* DELETE /v1/keys/NAME */
void admin_audit(struct http_request *request);       /* GET /v1/audit?after= */

#endif
