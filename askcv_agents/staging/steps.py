"""What a job is: work that is thought out first, and a step that writes what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import Connection

from askcv_agents.staging.store import Store
from askcv_agents.staging.vectors import Encoder, HashingEncoder

Step: TypeAlias = Callable[[Connection], None]
"""What a job writes, in one transaction with its end. It was worked out before: who writes does not think."""


@dataclass(frozen=True)
class Shop:
    """What jobs work with."""

    store: Store
    encoder: Encoder = field(default_factory=HashingEncoder)

    @property
    def by_meaning(self) -> bool:
        """Whether the encoder knows more of a text than its words; it thinks for longer then than anybody waits."""
        return not isinstance(self.encoder, HashingEncoder)


Kind: TypeAlias = Callable[[Shop, str, str, int], Step]
"""A kind of job: given the tenant, the job's subject and the time in milliseconds."""
