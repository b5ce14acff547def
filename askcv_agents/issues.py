"""Why something is refused: field by field, item by item. At the very bottom, so that everything can say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldIssue:
    """One reason a payload is refused: ``path`` in wire names, and what is wrong with it."""

    path: str
    message: str


@dataclass(frozen=True)
class ItemIssues:
    """Why the item at ``index`` (of what the caller gave) is refused."""

    index: int
    domain: str
    issues: tuple[FieldIssue, ...]
