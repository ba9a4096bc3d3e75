/* SPDX-License-Identifier: MIT */
#include "gateway/routes.h"

#include <stdio.h>
#include <string.h>

#include "gateway/admin.h"
#include "gateway/api.h"
#include "gateway/gateway.h"
#include "gateway/qr.h"
#include "gateway/health.h"
#include "gateway/rules.h"

#define PAPER(...)  (&(const struct paper_line){__VA_ARGS__})
#define WORDS(...)  .words = {__VA_ARGS__}
#define VALUES(...) .values = {__VA_ARGS__}
#define READ(path, roles, ...)                                                                     \
    {                                                                                              \
        "GET", path, roles, paper_get, 0, PAPER(__VA_ARGS__)                                       \
    }
/* A read of something that is sent along. */
#define POST(path, roles, handler, max, ...)                                                       \
    {                                                                                              \
        "POST", path, roles, handler, max, PAPER(__VA_ARGS__)                                      \
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
    DO("POST", "/v1/cti", MAY_PHONE, cti_post, CTI_BODY_BYTES_MAX),
    DO("POST", "/v1/cti/alive", MAY_PHONE, cti_alive, CTI_BODY_BYTES_MAX),
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
    DO("GET", "/v1/tickets/*/qr.svg", MAY_WORK, qr_get, 0),
    READ("/v1/customers", MAY_OFFICE, WORDS("customer", "--json"), .argument = "phone"),
    READ("/v1/waits", MAY_WORK, WORDS("waits"), .formats = PAPER_CSV, .own = true,
         VALUES({"person", "--person"}, {"territory", "--territory"}, {"reason", "--reason"})),
    READ("/v1/callbacks", MAY_OFFICE, WORDS("callbacks", "--json"),
         VALUES({"territory", "--territory"}, {"person", "--person"})),
    READ("/v1/calls/unanswered", MAY_OFFICE, WORDS("calls", "--unanswered", "--json"),
         VALUES({"date", "--date"}, {"territory", "--territory"})),
    READ("/v1/cases", MAY_WORK, WORDS("cases", "--json"),
         VALUES({"model", "--model"}, {"symptom", "--symptom"}, {"open", "--open", true})),
    READ("/v1/directory", MAY_VIEW, WORDS("directory", "--json")),

    /* money */
    READ("/v1/ledger", MAY_WORK, WORDS("ledger"), .formats = PAPER_CSV, .own = true,
         VALUES({"person", "--person"}, {"month", "--month"})),
    READ("/v1/ledger/story", MAY_WORK, WORDS("explain"), .formats = PAPER_TEXT, .own = true,
         .argument = "key"),
    READ("/v1/statements", MAY_WORK, WORDS("statement"), .formats = PAPER_CSV, .own = true,
         VALUES({"account", "--account"}, {"month", "--month"})),
    READ("/v1/proposals", MAY_OFFICE, WORDS("proposals", "--json"),
         VALUES({"account", "--account"}, {"all", "--all", true})),
    READ("/v1/appeals", MAY_WORK, WORDS("appeals", "--json"), .own = true,
         VALUES({"account", "--account"}, {"all", "--all", true})),
    READ("/v1/obligations", MAY_WORK, WORDS("obligations", "--json"), .own = true,
         VALUES({"account", "--account"}, {"all", "--all", true})),
    READ("/v1/months", MAY_OFFICE, WORDS("month", "--json")),
    READ("/v1/sheet", MAY_OFFICE, WORDS("sheet"), .formats = PAPER_CSV | PAPER_XLSX,
         VALUES({"territory", "--territory"}, {"month", "--month"})),
    READ("/v1/reports/*", MAY_MANAGE, WORDS("report"), .formats = PAPER_CSV | PAPER_XLSX,
         .part = true,
         VALUES({"date", "--date"}, {"week", "--week"}, {"month", "--month"}, {"year", "--year"},
                {"territory", "--territory"})),

    /* the rules, and whether everything runs */
    READ("/v1/rulebook", MAY_VIEW, WORDS("rulebook", "list", "--json")),
    READ("/v1/rulebook/versions/*", MAY_MANAGE, WORDS("rulebook", "show", "--json"), .part = true),
    POST("/v1/rulebook/diff", MAY_MANAGE, rules_post_diff, HTTP_RULES_BYTES_MAX,
         WORDS("rulebook", "diff", "--json", "--live", "in-force")),
    READ("/v1/status", MAY_OFFICE, WORDS("status", "--json"), .type = "application/x-ndjson"),
    DO("GET", "/healthz", MAY_ANYBODY, health_alive, 0),
    DO("GET", "/readyz", MAY_ANYBODY, health_ready, 0),
    DO("GET", "/metrics", MAY_ANYBODY, health_metrics, 0),

    /* what all this is, for who writes a client */
    DO("GET", "/v1/openapi.yaml", MAY_ANYBODY, api_openapi, 0),
    DO("GET", "/v1/asyncapi.yaml", MAY_ANYBODY, api_asyncapi, 0),

    /* pages */
    DO("GET", "/", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/login", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/board", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/wall", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/desk", MAY_ANYBODY, pages_index, 0),
    DO("GET", "/order/*", MAY_ANYBODY, pages_index, 0),
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

void routes_print(void)
{
    json_t *list = json_array();

    for (const struct route *route = routes; route->method; route++) {
        json_t *roles = json_array();
        for (int r = 0; r < GATEWAY_ROLE_COUNT; r++)
            if (route->may & GATEWAY_MAY(r))
                json_array_append_new(roles, json_string(gateway_role_name(r)));
        json_array_append_new(list, json_pack("{ss ss so}", "method", route->method, "path",
                                              route->path, "roles", roles));
    }
    json_t *table = json_pack("{so}", "routes", list);
    json_dumpf(table, stdout, JSON_INDENT(1));
    puts("");
    json_decref(table);
}
