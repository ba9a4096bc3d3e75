/* SPDX-License-Identifier: MIT */
#include "gateway/signin.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/gateway.h"
#include "runtime/clock.h"

enum { COOKIE_MAX = 256 };

/* One comparison on its way through a thread. */
struct signin {
    struct http_request *request; /* NULL: nobody wants it any more */
    struct users_login login;
    char *password; /* owned; wiped */
    char *fresh;    /* the new password; NULL: he signs in */
    char fresh_hash[USERS_HASH_SIZE];
    struct signin *next;
};

/* ---- threads ---- */

static void append(struct signin **list, struct signin *signin)
{
    while (*list)
        list = &(*list)->next;
    *list = signin;
}

static void *compare(void *self)
{
    struct signins *signins = self;

    pthread_mutex_lock(&signins->mutex);
    for (;;) {
        while (!signins->waiting && !signins->stop)
            pthread_cond_wait(&signins->filled, &signins->mutex);
        struct signin *signin = signins->waiting;
        if (!signin) break;
        signins->waiting = signin->next;
        signin->next = NULL;
        pthread_mutex_unlock(&signins->mutex);
        users_verify(&signin->login, signin->password);
        if (signin->fresh && signin->login.right &&
            users_hash(NULL, signin->fresh, signin->fresh_hash) != USERS_OK)
            signin->fresh_hash[0] = '\0';
        pthread_mutex_lock(&signins->mutex);
        append(&signins->done, signin);
        ev_async_send(signins->gateway->loop, &signins->finished);
    }
    pthread_mutex_unlock(&signins->mutex);
    return NULL;
}

static void wipe(char *text)
{
    if (!text) return;
    sodium_memzero(text, strlen(text));
    free(text);
}

static void drop(struct signin *signin)
{
    if (signin->request) signin->request->over = NULL;
    wipe(signin->password);
    wipe(signin->fresh);
    sodium_memzero(signin, sizeof *signin);
    free(signin);
}

/* ---- answers ---- */

static int status_of(enum users_result result)
{
    switch (result) {
    case USERS_BAD_LOGIN:
    case USERS_NO_SESSION: return MHD_HTTP_UNAUTHORIZED;
    case USERS_LOCKED_OUT: return MHD_HTTP_TOO_MANY_REQUESTS;
    case USERS_STORE: return MHD_HTTP_SERVICE_UNAVAILABLE;
    default: return MHD_HTTP_UNPROCESSABLE_CONTENT;
    }
}

static void refuse(struct http_request *request, enum users_result result)
{
    http_problem(request, status_of(result), users_code(result), users_field(result),
                 users_expected(DS_EN, result));
}

static void answer_session(struct http_request *request, const struct users_session *session,
                           const char *token)
{
    char cookie[COOKIE_MAX];
    json_t *body = json_pack("{ss ss ss ss ss sI sb}", "user", session->user.name, "role",
                             gateway_role_name(session->user.role), "person", session->user.person,
                             "language", session->user.language, "csrf", session->csrf,
                             "expires_at_ms", (json_int_t)session->expires_at_ms, "must_change",
                             (int)session->user.must_change);
    char *text = json_dumps(body, JSON_COMPACT);

    if (!text) abort();
    json_decref(body);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (!response) abort();
    MHD_add_response_header(response, "Content-Type", "application/json");
    if (token) {
        snprintf(cookie, sizeof cookie, SIGNIN_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict",
                 token);
        MHD_add_response_header(response, "Set-Cookie", cookie);
    }
    http_answer_with(request, MHD_HTTP_OK, response);
}

static void finish(struct signins *signins, struct signin *signin)
{
    struct http_request *request = signin->request;
    struct users *users = signins->gateway->users;
    int64_t now_ms = rt_clock_read().wall_ms;
    char token[USERS_SECRET_SIZE];
    struct users_session session;
    enum users_result result;

    if (!request) return drop(signin);
    if (signin->fresh && signin->login.right)
        result = signin->fresh_hash[0]
                     ? users_finish_password(users, &signin->login, signin->fresh_hash, now_ms,
                                             token, &session)
                     : USERS_STORE;
    else
        result = users_finish_login(users, &signin->login, now_ms, token, &session);
    request->over = NULL;
    signin->request = NULL;
    if (result == USERS_OK)
        answer_session(request, &session, token);
    else
        refuse(request, result);
    drop(signin);
}

static void on_finished(struct ev_loop *loop, ev_async *async, int events)
{
    struct signins *signins = async->data;

    (void)loop, (void)events;
    for (;;) {
        pthread_mutex_lock(&signins->mutex);
        struct signin *signin = signins->done;
        if (signin) signins->done = signin->next;
        pthread_mutex_unlock(&signins->mutex);
        if (!signin) return;
        signins->n--;
        finish(signins, signin);
    }
}

/* ---- questions ---- */

static void on_over(struct http_request *request)
{
    struct signin *signin = request->self;

    signin->request = NULL;
}

/* Two members of the body as copies; false when the request was answered. */
static bool read_body(struct http_request *request, const char *first, const char *second,
                      char **ret_first, char **ret_second)
{
    json_t *body = json_loadb((const char *)request->body.bytes, request->body.len,
                              JSON_REJECT_DUPLICATES, NULL);
    const char *one = json_string_value(json_object_get(body, first));
    const char *two = json_string_value(json_object_get(body, second));
    bool whole = one && two;

    if (whole) {
        *ret_first = strdup(one);
        *ret_second = strdup(two);
        if (!*ret_first || !*ret_second) abort();
    } else {
        http_problem(request, MHD_HTTP_BAD_REQUEST, "missing_field", one ? second : first, "text");
    }
    json_decref(body);
    sodium_memzero(request->body.bytes, request->body.len);
    return whole;
}

static void begin(struct http_request *request, const char *name, char *password, char *fresh)
{
    struct signins *signins = &request->gateway->signins;
    char address[HTTP_ADDRESS_MAX];
    struct signin *signin = calloc(1, sizeof *signin);

    if (!signin) abort();
    signin->password = password;
    signin->fresh = fresh;
    http_address(request, address);
    enum users_result result = users_begin_login(request->gateway->users, name, address,
                                                 rt_clock_read().wall_ms, &signin->login);
    if (result != USERS_OK) {
        int64_t wait_ms = signin->login.locked_until_ms - rt_clock_read().wall_ms;
        drop(signin);
        if (result == USERS_LOCKED_OUT)
            return http_later(request, MHD_HTTP_TOO_MANY_REQUESTS, "locked_out", wait_ms);
        return refuse(request, result);
    }
    if (signins->n == SIGNIN_WAITING_MAX) {
        drop(signin);
        return http_busy(request, 1000);
    }
    signin->request = request;
    request->self = signin;
    request->over = on_over;
    signins->n++;
    http_wait(request);
    pthread_mutex_lock(&signins->mutex);
    append(&signins->waiting, signin);
    pthread_cond_signal(&signins->filled);
    pthread_mutex_unlock(&signins->mutex);
}

void signin_post(struct http_request *request)
{
    char *user, *password;

    if (!read_body(request, "user", "password", &user, &password)) return;
    begin(request, user, password, NULL);
    free(user);
}

void signin_password(struct http_request *request)
{
    char *old, *fresh;

    if (!read_body(request, "old", "new", &old, &fresh)) return;
    enum users_result result = users_check_password(fresh);
    if (result == USERS_OK && !request->caller.by_key)
        return begin(request, request->caller.name, old, fresh);
    wipe(old);
    wipe(fresh);
    refuse(request, result == USERS_OK ? USERS_NO_SESSION : result);
}

static const char *token_of(const struct http_request *request)
{
    return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, SIGNIN_COOKIE);
}

void signin_get(struct http_request *request)
{
    struct users_session session;
    const char *token = token_of(request);
    enum users_result result =
        token ? users_session(request->gateway->users, token, rt_clock_read().wall_ms, &session)
              : USERS_NO_SESSION;

    if (result != USERS_OK) return refuse(request, result);
    answer_session(request, &session, NULL);
}

void signin_delete(struct http_request *request)
{
    char address[HTTP_ADDRESS_MAX];
    const char *token = token_of(request);
    struct users_actor actor = {request->caller.name, address};

    http_address(request, address);
    if (token) users_logout(request->gateway->users, token, &actor, rt_clock_read().wall_ms);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    if (!response) abort();
    MHD_add_response_header(response, "Set-Cookie",
                            SIGNIN_COOKIE "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    http_answer_with(request, MHD_HTTP_NO_CONTENT, response);
}

/* ---- start and stop ---- */

void signins_start(struct signins *signins, struct gateway *gateway)
{
    *signins = (struct signins){.gateway = gateway};
    pthread_mutex_init(&signins->mutex, NULL);
    pthread_cond_init(&signins->filled, NULL);
    ev_async_init(&signins->finished, on_finished);
    signins->finished.data = signins;
    ev_async_start(gateway->loop, &signins->finished);
    for (int i = 0; i < SIGNIN_THREADS; i++)
        if (pthread_create(&signins->threads[i], NULL, compare, signins) != 0) abort();
}

void signins_stop(struct signins *signins)
{
    pthread_mutex_lock(&signins->mutex);
    signins->stop = true;
    pthread_cond_broadcast(&signins->filled);
    pthread_mutex_unlock(&signins->mutex);
    for (int i = 0; i < SIGNIN_THREADS; i++)
        pthread_join(signins->threads[i], NULL);
    on_finished(signins->gateway->loop, &signins->finished, 0);
    ev_async_stop(signins->gateway->loop, &signins->finished);
}
