"""What comparing gives, before it becomes a decision."""

from __future__ import annotations

from dataclasses import dataclass

from askcv_pipelines.values import Difference, Known


@dataclass(frozen=True)
class Judged:
    """What was decided of one new item, and by the nearest known one, where there is any near."""

    verdict: str
    near: Known | None = None
    score: float = 0.0
    why: str = ""
    differences: tuple[Difference, ...] = ()
    by: str = ""
