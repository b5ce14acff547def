"""How a staging backend runs, and the parts its routes work with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from askcv_agents import wire
from askcv_agents.staging.desk import Desk
from askcv_agents.staging.intake import Intake
from askcv_agents.staging.knowledge import Knowledge
from askcv_agents.staging.limits import Gate, Limits
from askcv_agents.staging.principals import Principals
from askcv_agents.staging.service import Service
from askcv_agents.staging.steps import Shop
from askcv_agents.staging.store import Store
from askcv_agents.staging.vectors import Encoder, HashingEncoder
from askcv_agents.staging.worker import Worker

if TYPE_CHECKING:
    from askcv_agents.staging.control import Control


@dataclass(frozen=True)
class StagingConfig:
    """How a staging backend runs. ``limits`` None turns the rate limits off; ``now`` gives seconds since 1970;
    ``hosts`` are the names it answers to, so that a web page cannot reach it under a name of its own; ``control`` opens
    the control plane, whose clock is then ``now``; ``encoder`` makes the embeddings."""

    database_url: str | sa.URL
    limits: Limits | None = field(default_factory=lambda: wire.LIMITS)
    now: Callable[[], float] = time.time
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    control: Control | None = None
    encoder: Encoder = field(default_factory=HashingEncoder)


@dataclass(frozen=True)
class Backend:
    """The parts the routes work with, made from a configuration."""

    store: Store
    principals: Principals
    gate: Gate
    service: Service
    desk: Desk
    intake: Intake
    knowledge: Knowledge
    worker: Worker

    @classmethod
    def open(cls, config: StagingConfig) -> Backend:
        """Opens and migrates the database.

        Raises:
            ConfigError: it cannot be used.
        """

        def milliseconds() -> int:
            return int(config.now() * 1000)

        shop = Shop(Store(config.database_url), config.encoder)
        store = shop.store
        service = Service(shop, config.limits, milliseconds)
        return cls(
            store=store,
            principals=Principals(store, milliseconds),
            gate=Gate(store, config.limits, milliseconds),
            service=service,
            desk=service.desk,
            intake=service.intake,
            knowledge=Knowledge(shop, milliseconds),
            worker=Worker(shop, milliseconds),
        )
