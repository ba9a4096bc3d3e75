/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "domain/ids.h"
#include "gateway/gateway.h"
#include "gateway/routes.h"
#include "gateway/signin.h"
#include "runtime/clock.h"

/* Exchanges that send webhooks cannot all set headers: for them alone a key may stand in the path,
 * where proxies and their logs see it. */
static bool key_in_path(const struct http_request *request)
{
    return request->route->handler == cti_post || request->route->handler == cti_alive;
}

static void set(struct caller *caller, enum gateway_role role, const char *name, const char *person)
{
    caller->known = true;
    caller->role = role;
    ds_copy(caller->name, sizeof caller->name, name);
    ds_copy(caller->person, sizeof caller->person, person);
}

static void find_key(struct http_request *request, const char *text)
{
    struct users_key key;

    if (users_find_key(request->gateway->users, text, rt_clock_read().wall_ms, &key) != USERS_OK)
        return;
    set(&request->caller, key.role, key.name, key.person);
    request->caller.by_key = true;
}

static bool changes_something(const struct http_request *request)
{
    return strcmp(request->route->method, "GET") != 0;
}

/* False: the cookie is good, but the page that asks is not one of ours. */
static bool find_session(struct http_request *request, const char *token)
{
    struct users_session session;

    if (users_session(request->gateway->users, token, rt_clock_read().wall_ms, &session) !=
        USERS_OK)
        return true;
    set(&request->caller, session.user.role, session.user.name, session.user.person);
    request->caller.zh = strncmp(session.user.language, "en", 2) != 0;
    request->caller.must_change = session.user.must_change;
    if (!changes_something(request) || request->route->handler == signin_post) return true;
    const char *csrf = http_header(request, "X-Doorstep-CSRF");
    return csrf && users_csrf_fits(&session, csrf);
}

struct users_actor caller_actor(const struct http_request *request, struct caller_room *room)
{
    http_address(request, room->address);
    snprintf(room->who, sizeof room->who, "%s%s", request->caller.by_key ? "key:" : "",
             request->caller.name);
    return (struct users_actor){room->who, room->address};
}

/* What somebody known was refused is on record; who is nobody fills no disk. */
static bool refuse(struct http_request *request, int status, const char *code, const char *field)
{
    char action[32];
    struct caller_room room;
    struct users_actor actor = caller_actor(request, &room);

    snprintf(action, sizeof action, "refused %s", request->route->method);
    if (request->caller.known)
        users_audit_vain(request->gateway->users, &actor, rt_clock_read().wall_ms, action,
                         request->route->path, code);
    http_problem(request, status, code, field, "");
    return false;
}

static bool may_ask(struct http_request *request)
{
    const struct caller *caller = &request->caller;
    int64_t wait_ms =
        rate_take(&request->gateway->rates, caller->name, caller->by_key, rt_mono_ms());

    if (wait_ms > 0) http_later(request, MHD_HTTP_TOO_MANY_REQUESTS, "too_many", wait_ms);
    return wait_ms == 0;
}

bool caller_find(struct http_request *request)
{
    const char *authorization = http_header(request, MHD_HTTP_HEADER_AUTHORIZATION);
    const char *token =
        MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, SIGNIN_COOKIE);
    const struct caller *caller = &request->caller;
    http_handler handler = request->route->handler;
    bool own_page = true;

    if (authorization && strncmp(authorization, "Bearer ", 7) == 0)
        find_key(request, authorization + 7);
    else if (key_in_path(request) && http_query(request, "key"))
        find_key(request, http_query(request, "key"));
    else if (token && !authorization)
        own_page = find_session(request, token);
    if (request->route->may == MAY_ANYBODY) return true;
    if (!caller->known) return refuse(request, MHD_HTTP_UNAUTHORIZED, "no_session", "");
    if (!may_ask(request)) return false;
    if (!own_page) return refuse(request, MHD_HTTP_FORBIDDEN, "bad_csrf", "X-Doorstep-CSRF");
    if (!caller_may(caller, request->route->may))
        return refuse(request, MHD_HTTP_FORBIDDEN, "forbidden", "");
    if (caller->must_change && handler != signin_password && handler != signin_delete)
        return refuse(request, MHD_HTTP_FORBIDDEN, "must_change", "");
    return true;
}
