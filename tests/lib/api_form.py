# SPDX-License-Identifier: MIT
"""The parts of OpenAPI 3.1 and AsyncAPI 3.0 that our documents use, as strict JSON Schemas: what is
not named here is a finding. Debian 12 has no linter for either version."""


def object_of(must="", may="", **schemas):
    """Names of required and optional members; their schemas where they are no texts."""
    names = must.split() + may.split() + list(schemas)
    return {"type": "object", "required": must.split(), "additionalProperties": False,
            "properties": {name: schemas.get(name, {"type": "string", "minLength": 1})
                           for name in names}}


def map_of(schema, names=r"^[A-Za-z0-9._-]+$"):
    return {"type": "object", "additionalProperties": False, "patternProperties": {names: schema}}


def ref_to(where):
    return {"type": "object", "required": ["$ref"], "additionalProperties": False,
            "properties": {"$ref": {"type": "string", "pattern": "^#/" + where + "/[A-Za-z0-9._-]+$"}}}


SCHEMA = {"type": "object"}  # each is checked as a JSON Schema by itself
ROLE = {"enum": ["anybody", "admin", "manager", "clerk", "technician", "board", "phone"]}
MEDIA = map_of(object_of("schema", schema=SCHEMA, example={}), r"^[a-z]+/[a-z.+-]+(; [a-z0-9=.-]+)?$")
PARAMETER = object_of("name in schema", "description", schema=SCHEMA, example={},
                      required={"type": "boolean"},
                      **{"in": {"enum": ["query", "path", "header"]}})
HEADERS = map_of(object_of("description schema", schema=SCHEMA))
RESPONSE = object_of("description", content=MEDIA, headers=HEADERS)
SECURITY = {"type": "array", "items": map_of({"type": "array", "maxItems": 0})}
OPERATION = object_of(
    "operationId summary x-roles responses", "description", security=SECURITY,
    parameters={"type": "array", "items": PARAMETER, "minItems": 1},
    requestBody=object_of("required content", required={"const": True}, content=MEDIA),
    responses={"type": "object", "minProperties": 1, "additionalProperties": False,
               "patternProperties": {"^[2-5][0-9][0-9]$": {
                   "oneOf": [RESPONSE, ref_to("components/responses")]}}},
    **{"x-roles": {"type": "array", "items": ROLE, "minItems": 1, "uniqueItems": True}})
PATHS = map_of(object_of(**{method: OPERATION for method in ("get", "post", "patch", "delete")}),
               r"^/[a-z0-9/.{}_-]*$")
SCHEME = {"oneOf": [
    object_of("type scheme", "description", type={"const": "http"}),
    object_of("type name in", "description", type={"const": "apiKey"},
              **{"in": {"enum": ["cookie", "header", "query"]}})]}

OPENAPI = object_of(
    "openapi info servers security paths components", openapi={"const": "3.1.0"},
    info=object_of("title version description license", license=object_of("name identifier")),
    servers={"type": "array", "minItems": 1, "items": object_of("url description")},
    security=SECURITY, paths=PATHS,
    components=object_of("securitySchemes responses schemas", securitySchemes=map_of(SCHEME),
                         responses=map_of(RESPONSE), schemas=map_of(SCHEMA)))

MESSAGE = object_of("name title contentType payload", payload=SCHEMA)
ASYNCAPI = object_of(
    "asyncapi info defaultContentType servers operations channels components",
    asyncapi={"const": "3.0.0"},
    info=object_of("title version description license", license=object_of("name")),
    servers=map_of(object_of("host protocol description")),
    operations=map_of(object_of("action channel summary", action={"enum": ["send", "receive"]},
                                channel=ref_to("channels"))),
    channels=map_of(object_of("address description messages",
                              messages=map_of(ref_to("components/messages")))),
    components=object_of("messages schemas", messages=map_of(MESSAGE), schemas=map_of(SCHEMA)))
