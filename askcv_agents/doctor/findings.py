"""What an examination found: one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["agrees", "differs", "not checked"]
Basis = Literal["documented", "assumed"]


@dataclass(frozen=True)
class Finding:
    """One thing that the contract says. ``basis``: whether the public page says it or this project assumes it;
    ``found`` is what was seen instead, or why it was not checked. Never a token, nor content of a record."""

    area: str
    what: str
    state: State
    basis: Basis = "assumed"
    found: str = ""
