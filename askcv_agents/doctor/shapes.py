"""An answer beside the model that the contract has of it: what is missing, of another type, or named otherwise."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from askcv_agents import wire

MAY_BE_ABSENT: Mapping[type[Any], Collection[str]] = {
    wire.DomainCount: ("updated_at",),
    wire.ErrorAnswer: ("required_scope", "retry_after_ms"),
    wire.ExportPage: ("next_cursor",),
    wire.ProfileAnswer: ("headline", "email"),
    wire.RefusedItem: ("domain",),
    wire.ReviewedItem: ("reviewed_at",),
}
LOOKED_AT = 3
"""How many entries of a list are looked at."""


@dataclass(frozen=True)
class Difference:
    """A field that is missing or of another type, at its place (``items.0.itemId``). ``instead``: the field that
    probably has its place."""

    at: str
    name: str
    said: str
    instead: str | None = None


def differences(model: type[Any], content: Mapping[str, Any], at: str = "") -> Iterator[Difference]:
    """What an object has otherwise than its model. Fields that the model does not know are no difference."""
    known = _known(model)
    needed = [alias for alias, (name, _) in known.items() if name not in MAY_BE_ABSENT.get(model, ())]
    missing = [alias for alias in needed if alias not in content]
    unknown = {name: value for name, value in content.items() if name not in known}
    instead = paired(missing, unknown, {alias: known[alias][1] for alias in missing})
    for alias in missing:
        yield Difference(f"{at}{alias}", alias, "missing", instead.get(alias))
    for alias, (_, annotation) in known.items():
        if content.get(alias) is not None:
            yield from _inside(annotation, content[alias], f"{at}{alias}", alias)
        elif alias in content and alias in needed:
            yield Difference(f"{at}{alias}", alias, "null")


def paired(
    missing: Sequence[str], unknown: Mapping[str, Any], types: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Which unknown name stands for which missing one: they differ in nothing but their writing, or they are the only
    ones, of one type."""
    found = same_letters(missing, unknown)
    rest = [name for name in missing if name not in found]
    others = [name for name in unknown if name not in found.values()]
    if len(rest) == 1:
        fitting = [name for name in others if types is None or fits(types[rest[0]], unknown[name])]
        if len(fitting) == 1:
            found[rest[0]] = fitting[0]
    return found


def same_letters(missing: Sequence[str], unknown: Collection[str]) -> dict[str, str]:
    """Names that differ in nothing but their writing: ``batchId`` and ``batch_id``."""
    return {ours: theirs for ours in missing for theirs in unknown if _letters(ours) == _letters(theirs)}


def fits(annotation: Any, value: Any) -> bool:
    """Whether a JSON value is of a type, as far down as models are not concerned."""
    if value is None:
        return False
    models = [each for each in (annotation, *get_args(annotation)) if _is_model(each)]
    if models:
        origin = get_origin(annotation)
        return isinstance(value, list if origin is list else dict)
    try:
        TypeAdapter(annotation).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _inside(annotation: Any, value: Any, at: str, name: str) -> Iterator[Difference]:
    if not fits(annotation, value):
        yield Difference(at, name, f"of the type {type(value).__name__}")
        return
    model = next((each for each in (annotation, *get_args(annotation)) if _is_model(each)), None)
    if model is None:
        return
    entries: list[tuple[str, Any]] = [("", value)]
    if isinstance(value, list):
        entries = [(f".{n}", each) for n, each in enumerate(value[:LOOKED_AT])]
    elif get_origin(annotation) is dict:
        entries = [(f".{key}", each) for key, each in value.items()]
    for place, each in entries:
        if isinstance(each, dict):
            yield from differences(model, each, f"{at}{place}.")
        else:
            yield Difference(f"{at}{place}", name, f"of the type {type(each).__name__}")


def _known(model: type[Any]) -> dict[str, tuple[str, Any]]:
    """The fields of a model or of a plain answer: name on the wire, own name, and type."""
    if is_dataclass(model):
        types = get_type_hints(model)
        return {to_camel(each.name): (each.name, types[each.name]) for each in fields(model)}
    return {info.alias or name: (name, info.annotation) for name, info in model.model_fields.items()}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
