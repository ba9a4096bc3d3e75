/* SPDX-License-Identifier: MIT
 *
 * Every address there is: method, path, who may, how large a body, which handler. */
#ifndef GATEWAY_ROUTES_H
#define GATEWAY_ROUTES_H

#include "gateway/http.h"
#include "gateway/paper.h"
#include "gateway/users.h"

struct route {
    const char *method;
    const char *path; /* a star stands for one part, two for all the rest; neither is empty */
    unsigned may;     /* MAY_ of gateway/caller.h */
    http_handler handler;
    size_t body_max;
    const struct paper_line *paper; /* of paper_get */
};

/* Ends with a NULL method. */
extern const struct route routes[];

/* Sets the request's route and part. False when it was answered: no such path or method. */
bool routes_find(struct http_request *request, const char *method, const char *path);

/* Finds who asks and whether he may: false when it was answered. */
bool caller_find(struct http_request *request);

/* Who asks and from where, as the audit has it; the texts are in room. */
struct caller_room {
    char who[DS_ID_MAX + 8], address[HTTP_ADDRESS_MAX];
};
struct users_actor caller_actor(const struct http_request *request, struct caller_room *room);

/* The table as JSON, for tests and documents: {"routes":[{"method","path","roles":[...]}]}. */
void routes_print(void);

#endif
