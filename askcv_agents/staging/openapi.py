"""The OpenAPI document of the API: every endpoint with examples and every error, made from the models that are used."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, PARTIAL_DATE_PATTERN
from askcv_agents.version import __version__

REF = "#/components/schemas/{model}"
ANSWERS = (wire.ImportAnswer, wire.StatusAnswer, wire.ExportPage, wire.ProfileAnswer)
# What a regular expression can say of a date that exists; the service takes 29 February as well, in a leap year.
_REAL_DATE = (
    "^(?!0000)[0-9]{4}(-((0[13578]|1[02])(-(0[1-9]|[12][0-9]|3[01]))?|(0[469]|11)(-(0[1-9]|[12][0-9]|30))?"
    "|02(-(0[1-9]|1[0-9]|2[0-8]))?))?$"
)
_WHEN = "2026-06-01T10:00:00.000Z"
_ITEM = {
    "domain": "skills",
    "payload": {"name": "PostgreSQL", "level": "advanced"},
    "evidence": {"quote": "Moved the ranking into PostgreSQL.", "document": "review.md", "locator": "line 4"},
}
_REFUSED = {"index": 1, "domain": "skills", "issues": [{"path": "name", "message": "Field required"}]}
_IMPORTED = {
    "batchId": "bat_1",
    "status": "pending",
    "accepted": 1,
    "rejected": 1,
    "items": [{"index": 0, "itemId": "itm_1", "domain": "skills", "status": "pending"}],
    "errors": [_REFUSED],
}
_STATUS = {
    "batchId": "bat_1",
    "status": "completed",
    "createdAt": _WHEN,
    "counts": {"pending": 0, "approved": 1, "rejected": 0},
    "items": [{"itemId": "itm_1", "index": 0, "domain": "skills", "status": "approved", "reviewedAt": _WHEN}],
}
_PAGE = {
    "domain": "skills",
    "items": [
        {
            "id": "itm_1",
            "domain": "skills",
            "payload": {"name": "PostgreSQL"},
            "createdAt": _WHEN,
            "updatedAt": _WHEN,
        }
    ],
    "page": 1,
    "limit": 50,
    "total": 1,
    "hasMore": False,
}
_PROFILE = {
    "tenantId": "ten_1",
    "name": "Alex Example",
    "domains": {"skills": {"count": 1, "updatedAt": _WHEN}},
    "token": {"type": "agent", "scopes": ["agent:read", "agent:write", "agent:query"]},
    "limits": {"import": {"requests": 20, "perSeconds": 3600, "per": "tenant"}},
}
_ERRORS: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("The request is not understood.", {"error": wire.BAD_REQUEST, "message": "The body is no JSON."}),
    401: ("No valid token.", {"error": wire.UNAUTHORIZED, "message": "A valid bearer token is required."}),
    403: (
        "The token lacks the scope.",
        {
            "error": wire.INSUFFICIENT_SCOPE,
            "message": "This call needs the scope agent:write.",
            "requiredScope": "agent:write",
        },
    ),
    404: ("There is no such thing for this tenant.", {"error": wire.NOT_FOUND, "message": "There is no such batch."}),
    413: ("Too much at once.", {"error": wire.TOO_LARGE, "message": "At most 100 items in a request."}),
    422: (
        "What was given is not valid.",
        {
            "error": wire.VALIDATION_FAILED,
            "message": "No item matches its domain's schema.",
            "errors": [{**_REFUSED, "index": 0}],
        },
    ),
    429: (
        "Past the limit; retryAfterMs says when to come back.",
        {"error": wire.RATE_LIMITED, "message": "At most 20 requests in 3600 s per tenant.", "retryAfterMs": 1800000},
    ),
    500: (
        "The backend failed.",
        {"error": wire.SERVER_ERROR, "message": "The backend failed; see its log."},
    ),
}


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AskCV staging backend",
            "version": __version__,
            "description": "Behaves as AskCV's public page says the service does; see docs/contract.md.",
        },
        "paths": {
            wire.IMPORT_PATH: {"post": _import()},
            wire.STATUS_PATH: {"get": _status()},
            wire.EXPORT_PATH: {"get": _export()},
            wire.PROFILE_PATH: {"get": _profile()},
            wire.MCP_PATH: {"post": _mcp()},
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "askcv_agt_… at the endpoints for agents"},
                "mcpToken": {"type": "http", "scheme": "bearer", "description": "askcv_mcp_… at /api/mcp"},
            },
        },
    }


def _operation(
    name: str, summary: str, answer: tuple[int, type[wire.WireModel], Any], errors: tuple[int, ...], **more: Any
) -> dict[str, Any]:
    status, model, example = answer
    responses = {str(status): _response("As documented.", REF.format(model=model.__name__), example)}
    for code in sorted((*errors, 400, 401, 403, 429, 500)):
        text, body = _ERRORS[code]
        responses[str(code)] = _response(text, REF.format(model="Error"), body)
    return {"operationId": name, "summary": summary, "security": [{"token": []}], "responses": responses, **more}


def _response(text: str, reference: str, example: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": reference}, "example": example}}
    request_id = {"schema": {"type": "string"}, "required": True}
    return {"description": text, "content": content, "headers": {wire.REQUEST_ID_HEADER: request_id}}


def _import() -> dict[str, Any]:
    key = {
        "name": wire.IDEMPOTENCY_HEADER,
        "in": "header",
        "description": "For 24 hours the same key with the same body gives the same answer, and stages once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        "example": "5f3c9a1e",
    }
    schema = {
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {
                "type": "array",
                "minItems": 1,
                "maxItems": wire.MAX_IMPORT_ITEMS,
                "items": {"oneOf": [{"$ref": REF.format(model=f"Item_{name}")} for name in DOMAINS]},
            }
        },
    }
    made = _operation(
        "importItems",
        "Stages items in the review inbox. Items that do not match their domain's schema come back in errors; the "
        "others are staged all the same.",
        (202, wire.ImportAnswer, _IMPORTED),
        (413, 422),
        parameters=[key],
        requestBody={
            "required": True,
            "content": {"application/json": {"schema": schema, "example": {"items": [_ITEM]}}},
        },
    )
    link = {"operationId": "getImportStatus", "parameters": {"batch_id": "$response.body#/batchId"}}
    made["responses"]["202"]["links"] = {"status": link}
    return made


def _status() -> dict[str, Any]:
    batch = {"name": "batch_id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "bat_1"}
    summary = "What became of a batch."
    return _operation("getImportStatus", summary, (200, wire.StatusAnswer, _STATUS), (404,), parameters=[batch])


def _export() -> dict[str, Any]:
    def number(name: str, default: int, most: int) -> dict[str, Any]:
        schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
        return {"name": name, "in": "query", "schema": schema, "example": default}

    domain = {
        "name": "domain",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(DOMAINS)},
        "example": "skills",
    }
    return _operation(
        "exportDomain",
        "Approved items of one domain, oldest first.",
        (200, wire.ExportPage, _PAGE),
        (404, 422),
        parameters=[
            domain,
            number("page", 1, 1_000_000),
            number("limit", wire.DEFAULT_PAGE_ITEMS, wire.MAX_PAGE_ITEMS),
        ],
    )


def _profile() -> dict[str, Any]:
    return _operation("getProfile", "Whose record the token opens.", (200, wire.ProfileAnswer, _PROFILE), ())


def _mcp() -> dict[str, Any]:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    body = {"schema": {"type": "object"}, "example": call}
    answers = {
        str(code): _response(_ERRORS[code][0], REF.format(model="Error"), _ERRORS[code][1]) for code in (401, 403)
    }
    return {
        "operationId": "mcp",
        "summary": "Model Context Protocol, Streamable HTTP without sessions; three tools.",
        "security": [{"mcpToken": []}],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {"200": {"description": "A JSON-RPC answer."}, "202": {"description": "Taken."}, **answers},
    }


# -- schemas -----------------------------------------------------------------------------------------------------------


def _schemas() -> dict[str, Any]:
    _, answers = models_json_schema([(model, "validation") for model in ANSWERS], ref_template=REF)
    _, payloads = models_json_schema([(domain.model, "validation") for domain in DOMAINS.values()], ref_template=REF)
    evidence = wire.WireEvidence.model_json_schema(ref_template=REF)
    schemas = {**answers["$defs"], **payloads["$defs"], "WireEvidence": evidence}
    for domain in DOMAINS.values():
        schemas[domain.model.__name__] = _sent(schemas[domain.model.__name__])
        schemas[f"Item_{domain.name}"] = {
            "type": "object",
            "description": domain.guidance,
            "required": ["domain", "payload"],
            "additionalProperties": False,
            "properties": {
                "domain": {"const": domain.name},
                "payload": {"$ref": REF.format(model=domain.model.__name__)},
                "evidence": {"anyOf": [{"$ref": REF.format(model="WireEvidence")}, {"type": "null"}]},
            },
        }
    schemas["Error"] = {
        "type": "object",
        "required": ["error", "message"],
        "properties": {
            "error": {"type": "string"},
            "message": {"type": "string"},
            "requiredScope": {"type": "string"},
            "retryAfterMs": {"type": "integer", "minimum": 0},
            "errors": {"type": "array", "items": {"$ref": REF.format(model="RefusedItem")}},
        },
    }
    return dict(sorted(schemas.items()))


def _sent(schema: Any) -> Any:
    """As it is sent: text is more than blanks, which are trimmed, and a date exists."""
    if isinstance(schema, list):
        return [_sent(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _sent(value) for name, value in schema.items()}
    if made.get("pattern") == PARTIAL_DATE_PATTERN:
        made["pattern"] = _REAL_DATE
    elif made.get("type") == "string" and made.get("minLength") == 1:
        made["pattern"] = r"^\S"
    return made
