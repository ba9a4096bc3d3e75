/* SPDX-License-Identifier: MIT */
#include "gateway/admin.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "gateway/gateway.h"
#include "gateway/routes.h"
#include "runtime/clock.h"

static void refuse(struct http_request *request, enum users_result result)
{
    int status = MHD_HTTP_UNPROCESSABLE_CONTENT;

    if (result == USERS_UNKNOWN || result == USERS_NO_KEY) status = MHD_HTTP_NOT_FOUND;
    if (result == USERS_EXISTS) status = MHD_HTTP_CONFLICT;
    if (result == USERS_STORE) status = MHD_HTTP_SERVICE_UNAVAILABLE;
    http_problem(request, status, users_code(result), users_field(result),
                 users_expected(DS_EN, result));
}

static int64_t now_ms(void)
{
    return rt_clock_read().wall_ms;
}

/* Answers what was done, or why not; what was done, its doer has put on record. */
static void done(struct http_request *request, enum users_result result, int status, json_t *body)
{
    struct caller_room room;

    if (result == USERS_OK) return http_answer_json(request, status, body);
    json_decref(body);
    struct users_actor actor = caller_actor(request, &room);
    users_audit_vain(request->gateway->users, &actor, now_ms(), request->route->method,
                     request->part[0] ? request->part : request->route->path, users_code(result));
    refuse(request, result);
}

/* The body as an object; NULL when the request was answered. json_decref it. */
static json_t *body_of(struct http_request *request)
{
    json_error_t error;
    json_t *body = json_loadb((const char *)request->body.bytes, request->body.len,
                              JSON_REJECT_DUPLICATES, &error);

    sodium_memzero(request->body.bytes, request->body.len); /* there may be a password in it */
    if (json_is_object(body)) return body;
    json_decref(body);
    http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_json", "", error.text);
    return NULL;
}

static const char *text_of(const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));

    return text ? text : "";
}

/* ---- users ---- */

static bool list_user(void *self, const struct user *user)
{
    json_array_append_new(
        self, json_pack("{ss ss ss ss sb sb sI sI}", "user", user->name, "role",
                        gateway_role_name(user->role), "person", user->person, "language",
                        user->language, "disabled", (int)user->disabled, "must_change",
                        (int)user->must_change, "made_at_ms", (json_int_t)user->made_at_ms,
                        "login_at_ms", (json_int_t)user->login_at_ms));
    return true;
}

void admin_users(struct http_request *request)
{
    json_t *list = json_array();
    enum users_result result = users_list(request->gateway->users, list_user, list);

    done(request, result, MHD_HTTP_OK, json_pack("{so}", "users", list));
}

void admin_new_user(struct http_request *request)
{
    json_t *body = body_of(request);
    struct caller_room room;
    struct users_actor actor = caller_actor(request, &room);
    struct user user = {.must_change = true};
    char hash[USERS_HASH_SIZE];

    if (!body) return;
    users_keep(user.name, sizeof user.name, text_of(body, "user"));
    users_keep(user.person, sizeof user.person, text_of(body, "person"));
    users_keep(user.language, sizeof user.language, text_of(body, "language"));
    user.role = gateway_role_of(text_of(body, "role"));
    enum users_result result = users_check_password(text_of(body, "password"));
    if (result == USERS_OK) result = users_hash(NULL, text_of(body, "password"), hash);
    if (result == USERS_OK)
        result = users_new(request->gateway->users, &user, hash, &actor, now_ms());
    json_decref(body);
    done(request, result, MHD_HTTP_CREATED, json_pack("{ss}", "user", user.name));
}

void admin_change_user(struct http_request *request)
{
    json_t *body = body_of(request), *value;
    struct caller_room room;
    struct users_actor actor = caller_actor(request, &room);
    struct users_change change = {0};
    char hash[USERS_HASH_SIZE];
    enum gateway_role role;
    bool disabled;
    enum users_result result = USERS_OK;

    if (!body) return;
    if ((value = json_object_get(body, "person"))) change.person = json_string_value(value);
    if ((value = json_object_get(body, "language"))) change.language = json_string_value(value);
    if ((value = json_object_get(body, "role"))) {
        role = gateway_role_of(json_is_string(value) ? json_string_value(value) : "");
        change.role = &role;
    }
    if ((value = json_object_get(body, "disabled"))) {
        disabled = json_is_true(value);
        change.disabled = &disabled;
    }
    if (json_object_get(body, "password")) {
        result = users_check_password(text_of(body, "password"));
        if (result == USERS_OK) result = users_hash(NULL, text_of(body, "password"), hash);
        change.hash = hash;
        change.must_change = true;
    }
    if (result == USERS_OK)
        result = users_change(request->gateway->users, request->part, &change, &actor, now_ms());
    json_decref(body);
    done(request, result, MHD_HTTP_OK, json_pack("{ss}", "user", request->part));
}

/* ---- keys ---- */

static bool list_key(void *self, const struct users_key *key)
{
    json_array_append_new(self, json_pack("{ss ss ss sI sI sI}", "name", key->name, "role",
                                          gateway_role_name(key->role), "person", key->person,
                                          "made_at_ms", (json_int_t)key->made_at_ms, "used_at_ms",
                                          (json_int_t)key->used_at_ms, "revoked_at_ms",
                                          (json_int_t)key->revoked_at_ms));
    return true;
}

void admin_keys(struct http_request *request)
{
    json_t *list = json_array();
    enum users_result result = users_list_keys(request->gateway->users, list_key, list);

    done(request, result, MHD_HTTP_OK, json_pack("{so}", "keys", list));
}

void admin_new_key(struct http_request *request)
{
    json_t *body = body_of(request);
    struct caller_room room;
    struct users_actor actor = caller_actor(request, &room);
    char key[USERS_KEY_SIZE] = "";

    if (!body) return;
    enum users_result result = users_new_key(request->gateway->users, text_of(body, "name"),
                                             gateway_role_of(text_of(body, "role")),
                                             text_of(body, "person"), &actor, now_ms(), key);
    json_decref(body);
    done(request, result, MHD_HTTP_CREATED, json_pack("{ss}", "key", key));
}

void admin_revoke_key(struct http_request *request)
{
    struct caller_room room;
    struct users_actor actor = caller_actor(request, &room);
    enum users_result result =
        users_revoke_key(request->gateway->users, request->part, &actor, now_ms());

    done(request, result, MHD_HTTP_OK, json_pack("{ss}", "name", request->part));
}

/* ---- audit ---- */

static bool list_audit(void *self, const struct users_audit *row)
{
    json_array_append_new(self, json_pack("{sI sI ss ss ss ss ss}", "id", (json_int_t)row->id,
                                          "at_ms", (json_int_t)row->at_ms, "who", row->who,
                                          "address", row->address, "action", row->action, "subject",
                                          row->subject, "outcome", row->outcome));
    return true;
}

void admin_audit(struct http_request *request)
{
    const char *after = http_query(request, "after");
    json_t *list = json_array();
    enum users_result result = users_list_audit(
        request->gateway->users, after ? strtoll(after, NULL, 10) : 0, list_audit, list);

    done(request, result, MHD_HTTP_OK, json_pack("{so}", "rows", list));
}
