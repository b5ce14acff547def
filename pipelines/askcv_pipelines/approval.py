"""Approval by hand: a person says of each item whether it may leave, before anything does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Answer = Literal["yes", "no", "all", "quit"]
"""It may leave; it may not, and is not asked about again; all of its document may; no more questions now."""


@dataclass(frozen=True)
class Asked:
    """An item as the person is asked about it, masked as it would leave. ``why`` is said of one near another."""

    document: str
    domain: str
    label: str
    quote: str
    locator: str = ""
    why: str = ""


Ask: TypeAlias = Callable[[Asked], Answer]


@dataclass
class Approval:
    """The answers of one run. ``unasked`` counts what nobody was asked about any more, ``left`` those of them that wait
    in the journal already: while there are any, nothing may leave."""

    ask: Ask
    unasked: int = 0
    declined: int = 0
    left: int = 0
    _whole: str | None = field(default=None, repr=False)
    _over: bool = False

    def allows(self, asked: Asked) -> bool | None:
        """Whether an item may leave; None where it was not asked about."""
        if self._over:
            self.unasked += 1
            return None
        if self._whole == asked.document:
            return True
        answer = self.ask(asked)
        if answer == "quit":
            self._over = True
            self.unasked += 1
            return None
        self._whole = asked.document if answer == "all" else None
        self.declined += answer == "no"
        return answer != "no"

    def told(self) -> str:
        """What came of it, in a line; empty where everything may leave."""
        said = [f"{self.declined} declined by hand, not asked about again"] * bool(self.declined)
        said += [f"{self.unasked} not asked about: run again to be asked"] * bool(self.unasked)
        said += ["nothing left, since some of those wait in the journal from earlier runs"] * bool(self.left)
        return f"Of the items: {'; '.join(said)}." if said else ""
