"""What an agent proposes of a document: name and value pairs → a verified item, or the reason why it is none."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from askcv_agents.domains import DOMAINS
from askcv_agents.issues import FieldIssue
from askcv_pipelines.values import Candidate, Document, Item, Rejection
from askcv_pipelines.verification import Verifier
from askcv_pipelines.verify import verify

CONFIDENCE = 0.9
"""Of an item that a model proposed and its quote proves."""
_TRUE = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def fields_of(domain: str, pairs: Sequence[tuple[str, str]]) -> Mapping[str, Any] | tuple[FieldIssue, ...]:
    """Fields by their Python names, with values of the field's type; or what is wrong with the pairs. Names may be
    camelCase; lists are one entry a line, or divided by semicolons."""
    model = DOMAINS[domain].model
    by_name = {alias: name for name, field in model.model_fields.items() for alias in (name, field.alias or name)}
    fields: dict[str, Any] = {}
    issues = []
    for name, value in pairs:
        known = by_name.get(name)
        if known is None:
            issues.append(FieldIssue(name[:100], f"no field of {domain}; it has {', '.join(_aliases(domain))}"))
        elif known in fields:
            issues.append(FieldIssue(name, "given twice"))
        elif value.strip():
            kinds = _kinds(model.model_fields[known].annotation)
            try:
                fields[known] = _typed(value, kinds)
            except ValueError as error:
                issues.append(FieldIssue(name, str(error)))
    return tuple(issues) or fields


def proposed(domain: str, fields: Mapping[str, Any], quote: str, document: Document) -> Item | Rejection:
    """The item, if its quote stands in the document, proves its fields, and is the subject's."""
    result = verify(Candidate(domain, fields, quote, CONFIDENCE), document)
    if isinstance(result, Rejection):
        return result
    proof = result.evidence[0]
    for breach in _verifier(document).breaches(domain, fields, proof.start, proof.end):
        return Rejection(Candidate(domain, fields, quote, CONFIDENCE), document.id, breach.reason, str(breach))
    return result


def guide() -> dict[str, str]:
    """Each domain with its line of guidance and its fields; the required ones with a star."""
    return {
        name: f"{domain.guidance} Fields: {', '.join(_aliases(name, star=True))}." for name, domain in DOMAINS.items()
    }


@lru_cache(maxsize=8)
def _verifier(document: Document) -> Verifier:
    """An agent proposes many items of few documents."""
    return Verifier(document)


def _aliases(domain: str, *, star: bool = False) -> list[str]:
    fields = DOMAINS[domain].model.model_fields.items()
    return [(field.alias or name) + ("*" if star and field.is_required() else "") for name, field in fields]


def _kinds(annotation: Any) -> set[Any]:
    """The plain types that an annotation allows."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return set().union(*(_kinds(part) for part in typing.get_args(annotation)))
    if origin is typing.Annotated:
        return _kinds(typing.get_args(annotation)[0])
    return {origin or annotation}


def _typed(value: str, kinds: set[Any]) -> Any:
    if list in kinds:
        return [part.strip() for part in re.split(r"[\n;]", value) if part.strip()]
    if bool in kinds:
        if value.strip().lower() not in _TRUE:
            raise ValueError("give true or false")
        return _TRUE[value.strip().lower()]
    if float in kinds:
        try:
            return float(value)
        except ValueError:
            raise ValueError("give a number") from None
    return value
