"""Where an endpoint may be, by the service's own OpenAPI description."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from askcv_agents.overlay import PATHS, parameters

LIKE = 0.5
"""The least likeness of a path and the contract's that may be the same endpoint."""


def candidate(described: Mapping[str, Any], endpoint: str, method: str) -> str | None:
    """The described path that is most like the contract's, with the contract's names of parameters; None where none is
    like it. Paths that are another endpoint's by the contract are no candidates."""
    ours = PATHS[endpoint]
    wanted = parameters(ours)
    taken = {_bare(path) for path in PATHS.values() if path != ours}
    best: tuple[float, str] | None = None
    paths = described.get("paths")
    for path, methods in (paths if isinstance(paths, dict) else {}).items():
        if not isinstance(methods, dict) or method.lower() not in methods or _bare(path) in taken:
            continue
        if len(parameters(path)) != len(wanted):
            continue
        like = SequenceMatcher(None, _bare(ours), _bare(path), autojunk=False).ratio()
        if like >= LIKE and (best is None or like > best[0]):
            best = (like, path)
    if best is None:
        return None
    found = best[1]
    for theirs, name in zip(parameters(found), wanted, strict=True):
        found = found.replace(f"{{{theirs}}}", f"{{{name}}}")
    return found


def _bare(path: str) -> str:
    for name in parameters(path):
        path = path.replace(f"{{{name}}}", "{}")
    return path
