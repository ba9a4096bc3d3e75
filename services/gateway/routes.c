/* SPDX-License-Identifier: MIT */
#include "gateway/routes.h"

#include <string.h>

#include "gateway/admin.h"
#include "gateway/gateway.h"
#include "gateway/health.h"

#define PAPER(...)  (&(const struct paper_line){__VA_ARGS__})
#define WORDS(...)  .words = {__VA_ARGS__}
#define VALUES(...) .values = {__VA_ARGS__}
#define READ(path, roles, ...)                                                                     \
    {                                                                                              \
        "GET", path, roles, paper_get, 0, PAPER(__VA_ARGS__)                                       \
    }
#define DO(method, path, roles, handler, max)                                                      \
    {                                                                                              \
        method, path, roles, handler, max, NULL                                                    \
    }

const struct route routes[] = {
    /* who is there */
    DO("POST", "/v1/session", MAY_ANYBODY, signin_post, 4096),
    DO("GET", "/v1/session", MAY_ANYBODY, signin_get, 0),
    DO("DELETE", "/v1/session", MAY_ALL, signin_delete, 0),
    DO("POST", "/v1/session/password", MAY_ALL, signin_password, 4096),
    DO("GET", "/v1/users", MAY_ADMIN, admin_users, 0),
    DO("POST", "/v1/users", MAY_ADMIN, admin_new_user, 4096),
    DO("PATCH", "/v1/users/*", MAY_ADMIN, admin_change_user, 4096),
    DO("GET", "/v1/keys", MAY_ADMIN, admin_keys, 0),
    DO("POST", "/v1/keys", MAY_ADMIN, admin_new_key, 4096),
    DO("DELETE", "/v1/keys/*", MAY_ADMIN, admin_revoke_key, 0),
    DO("GET", "/v1/audit", MAY_ADMIN, admin_audit, 0),

    /* what happens */
    DO("POST", "/v1/commands", MAY_WORK | MAY_PHONE, command_post, HTTP_BODY_BYTES_MAX),
    DO("GET", "/v1/feed", MAY_VIEW, stream_feed, 0),
    DO("GET", "/v1/alerts", MAY_VIEW, stream_alerts, 0),

    /* who holds what, what is running */
    READ("/v1/board", MAY_VIEW, WORDS("board", "--json"), .own = true,
         VALUES({"territory", "--territory"}, {"person", "--person"}, {"tickets", "--tickets"})),
    READ("/v1/tickets/*", MAY_VIEW, WORDS("board", "--json"), .own = true,
         .before_part = "--tickets", .part = true),
    READ("/v1/tickets/*/story", MAY_VIEW, WORDS("explain", "--json", "--story"), .own = true,
         .part = true, VALUES({"for", "--for"})),
    READ("/v1/tickets/*/page", MAY_VIEW, WORDS("explain", "--page", "-"), .own = true, .part = true,
         VALUES({"for", "--for"}), .type = "text/html; charset=utf-8"),
    READ("/v1/tickets/*/events", MAY_VIEW, WORDS("explain", "--json"), .own = true, .part = true),
    READ("/v1/tickets/*/candidates", MAY_OFFICE, WORDS("candidates", "--json"), .part = true),
    READ("/v1/tickets/*/order", MAY_WORK, WORDS("order", "--json"), .own = true, .part = true),
    READ("/v1/customers", MAY_OFFICE, WORDS("customer", "--json"), .argument = "phone"),
    READ("/v1/waits", MAY_WORK, WORDS("waits", "--json"), .own = true,
         VALUES({"person", "--person"}, {"territory", "--territory"}, {"reason", "--reason"})),
    READ("/v1/callbacks", MAY_OFFICE, WORDS("callbacks", "--json"),
         VALUES({"territory", "--territory"}, {"person", "--person"})),
    READ("/v1/calls/unanswered", MAY_OFFICE, WORDS("calls", "--unanswered", "--json"),
         VALUES({"date", "--date"}, {"territory", "--territory"})),
    READ("/v1/cases", MAY_WORK, WORDS("cases", "--json"),
         VALUES({"model", "--model"}, {"symptom", "--symptom"}, {"open", "--open", true})),
    READ("/v1/directory", MAY_VIEW, WORDS("directory", "--json")),

    /* money */
    READ("/v1/ledger", MAY_WORK, WORDS("ledger", "--json"), .own = true,
         VALUES({"person", "--person"}, {"month", "--month"})),
    READ("/v1/ledger/story", MAY_WORK, WORDS("explain", "--json"), .own = true, .argument = "key"),
    READ("/v1/statements", MAY_WORK, WORDS("statement", "--json"), .own = true,
         VALUES({"account", "--account"}, {"month", "--month"})),
    READ("/v1/proposals", MAY_OFFICE, WORDS("proposals", "--json"),
         VALUES({"account", "--account"}, {"all", "--all", true})),
    READ("/v1/appeals", MAY_WORK, WORDS("appeals", "--json"), .own = true,
         VALUES({"account", "--account"}, {"all", "--all", true})),
    READ("/v1/obligations", MAY_WORK, WORDS("obligations", "--json"), .own = true,
         VALUES({"account", "--account"}, {"all", "--all", true})),
    READ("/v1/months", MAY_OFFICE, WORDS("month", "--json")),
    READ("/v1/sheet", MAY_OFFICE, WORDS("sheet", "--json"),
         VALUES({"territory", "--territory"}, {"month", "--month"})),

    /* the rules, and whether everything runs */
    READ("/v1/rulebook", MAY_VIEW, WORDS("rulebook", "list", "--json")),
    READ("/v1/status", MAY_OFFICE, WORDS("status", "--json")),
    DO("GET", "/healthz", MAY_ANYBODY, health_alive, 0),
    DO("GET", "/readyz", MAY_ANYBODY, health_ready, 0),
    DO("GET", "/metrics", MAY_ANYBODY, health_metrics, 0),

    /* pages */
    DO("GET", "/", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/login", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/board", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/wall", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/desk", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/jobs", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/manager", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/admin", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/app/**", MAY_ANYBODY, pages_get, 0),
    {0},
};

/* Does the path fit the pattern? What stands for its star goes to part. */
static bool fits(const char *pattern, const char *path, char part[HTTP_PART_MAX])
{
    part[0] = '\0';
    while (*pattern && *path) {
        if (*pattern == '*') {
            size_t len = pattern[1] == '*' ? strlen(path) : strcspn(path, "/");
            if (len == 0 || len >= HTTP_PART_MAX) return false;
            memcpy(part, path, len);
            part[len] = '\0';
            path += len;
            pattern += pattern[1] == '*' ? 2 : 1;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *pattern == '\0' && *path == '\0';
}

bool routes_find(struct http_request *request, const char *method, const char *path)
{
    bool known = false;

    for (const struct route *route = routes; route->method; route++) {
        if (!fits(route->path, path, request->part)) continue;
        known = true;
        if (strcmp(route->method, method) != 0) continue;
        request->route = route;
        return true;
    }
    if (known)
        http_problem(request, MHD_HTTP_METHOD_NOT_ALLOWED, "method_not_allowed", "", "");
    else
        http_problem(request, MHD_HTTP_NOT_FOUND, "not_found", "", "");
    return false;
}
