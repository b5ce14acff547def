"""Strict schemas: a pydantic model's JSON schema → what OpenAI's strict mode takes, and a call's arguments back.

Strict mode wants every property required and no other allowed; an optional one may be null instead. It takes no
defaults and knows no free objects: one is given as JSON text. Formats and lengths are left out; the tool checks them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from askcv_agents.errors import ValidationFailed

KEPT = ("type", "description", "enum", "const")
"""Keywords that say to a model what a value is, and mean the same in strict mode."""


def strict(model: type[BaseModel]) -> dict[str, Any]:
    """The strict schema of a tool's input."""
    schema = model.model_json_schema()
    return _strict(schema, schema.get("$defs", {}))


def _strict(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    schema = _resolved(schema, defs)
    made = {key: schema[key] for key in KEPT if key in schema}
    if "anyOf" in schema:
        made["anyOf"] = [_strict(choice, defs) for choice in schema["anyOf"]]
    if "items" in schema:
        made["items"] = _strict(schema["items"], defs)
    if schema.get("type") != "object":
        return made
    if "properties" not in schema and schema.get("additionalProperties") is not False:
        return {"type": "string", "description": f"{schema.get('description', '')} A JSON object, as text.".strip()}
    properties = schema.get("properties", {})
    required = schema.get("required", ())
    made["properties"] = {
        name: _strict(inner, defs) if name in required else _nullable(_strict(inner, defs))
        for name, inner in properties.items()
    }
    return made | {"required": list(properties), "additionalProperties": False}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if any(choice.get("type") == "null" for choice in schema.get("anyOf", ())):
        return schema
    inner = {key: value for key, value in schema.items() if key != "description"}
    outer = {"description": schema["description"]} if "description" in schema else {}
    return {"anyOf": [inner, {"type": "null"}]} | outer


def _resolved(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    target = defs[schema["$ref"].removeprefix("#/$defs/")]
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def arguments(model: type[BaseModel], text: str) -> dict[str, Any]:
    """The arguments of a call, with the nulls of absent ones left out and free objects read.

    Raises:
        ValidationFailed: the text is no JSON object.
    """
    try:
        given = json.loads(text or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise ValidationFailed("the arguments are no JSON object", "Call again with the arguments as one JSON object.")
    schema = model.model_json_schema()
    restored: dict[str, Any] = _restored(given, schema, schema.get("$defs", {}))
    return restored


def _restored(value: Any, schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Any:
    schema = _resolved(schema, defs)
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        return value if value is None else _restored(value, choices[0], defs)
    if isinstance(value, list) and "items" in schema:
        return [_restored(entry, schema["items"], defs) for entry in value]
    if schema.get("type") != "object":
        return value
    if isinstance(value, str) and "properties" not in schema:
        return _read(value)
    if not isinstance(value, dict):
        return value
    properties, required = schema.get("properties", {}), schema.get("required", ())
    return {
        name: _restored(inner, properties.get(name, {}), defs)
        for name, inner in value.items()
        if inner is not None or name in required or name not in properties
    }


def _read(text: str) -> Any:
    """A free object that came as text; what is none is left for the tool to refuse."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
