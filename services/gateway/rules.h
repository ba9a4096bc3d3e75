/* SPDX-License-Identifier: MIT
 *
 * Rules that somebody looks at before he activates them: compared with those in force. */
#ifndef GATEWAY_RULES_H
#define GATEWAY_RULES_H

#include "gateway/http.h"

/* {"rulebook_yaml", "directory_yaml"?}: what would change for whom, and what it would have cost
 * here. Nothing of it is kept. */
void rules_post_diff(struct http_request *request);

/* 422 with everything that is wrong with them: a line of JSON each, as `rulebook` prints it. */
void rules_problem(struct http_request *request, const struct ds_buf *lines);

#endif
