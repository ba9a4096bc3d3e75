/* SPDX-License-Identifier: MIT
 *
 * Signing in and out, and the choice of a new password. Comparing a password is made slow on
 * purpose, so it is done on threads, a few at a time; the loop goes on. */
#ifndef GATEWAY_SIGNIN_H
#define GATEWAY_SIGNIN_H

#include <ev.h>
#include <pthread.h>

#include "gateway/http.h"

enum {
    SIGNIN_THREADS = 2,
    SIGNIN_WAITING_MAX = 64, /* more are told busy */
};

#define SIGNIN_COOKIE "doorstep_session"

struct signin;

struct signins {
    struct gateway *gateway;
    pthread_t threads[SIGNIN_THREADS];
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t filled;
    struct signin *waiting, *done; /* oldest first */
    uint32_t n;
    bool stop;
    ev_async finished;
};

void signins_start(struct signins *signins, struct gateway *gateway);
void signins_stop(struct signins *signins);

/* Handlers. */
void signin_post(struct http_request *request);     /* POST /v1/session */
void signin_get(struct http_request *request);      /* GET /v1/session */
void signin_delete(struct http_request *request);   /* DELETE /v1/session */
void signin_password(struct http_request *request); /* POST /v1/session/password */

#endif
