"""Every rule and list that finds what is masked, with the kind of what each finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from askcv_pipelines.redact.accounts import find_accounts
from askcv_pipelines.redact.addresses import find_addresses
from askcv_pipelines.redact.code import find_code
from askcv_pipelines.redact.names import find_names
from askcv_pipelines.redact.phones import find_phones
from askcv_pipelines.redact.secrets import find_secrets
from askcv_pipelines.redact.terms import find_terms
from askcv_pipelines.redact.words import Folding

if TYPE_CHECKING:
    from askcv_pipelines.redact import Kind

_RULES: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("code", find_code),
    ("secret", find_secrets),
    ("e-mail address", find_addresses),
    ("account number", find_accounts),
    ("phone number", find_phones),
)


def found(text: str) -> Iterator[tuple[Kind, int, int]]:
    """What has a shape."""
    for kind, find in _RULES:
        for start, end in find(text):
            yield kind, start, end


def listed(
    text: str, terms: tuple[str, ...], names: tuple[str, ...], own: tuple[str, ...], *, any_case: bool
) -> Iterator[tuple[Kind, int, int]]:
    """What stands on a list."""
    folding = Folding(text)
    for start, end in find_terms(folding, terms):
        yield "term", start, end
    for start, end in find_names(folding, names, own, any_case=any_case):
        yield "name", start, end
