"""A pytest plugin for whoever builds agents on these tools: the real backend in process, with a clock that tests turn.

Loaded wherever the package is installed beside pytest; it imports what it needs when a fixture is asked for.

    def test_my_agent_fills_the_inbox(askcv_staging, askcv_toolkit):
        handle = askcv_toolkit.call("open_document", {"text": "I shipped the import."}).payload["handle"]
        ...
        assert askcv_staging.approve_all() == 1

An adapter takes the settings: ``AskCVToolkit(settings=askcv_staging.settings(), approve="never")``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from askcv_agents.client import Client
    from askcv_agents.config import Settings
    from askcv_agents.staging.app import Backend
    from askcv_agents.staging.control import Control
    from askcv_agents.toolbox import Toolbox

PERSON = "Maya Lindqvist"
"""Whose record a token opens, unless it is made for another tenant."""


@dataclass
class Clock:
    """Seconds since 1970 that pass only when a test says so."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Staging:
    """A running staging backend. Its limits follow ``clock``: ``clock.sleep(3600)`` and they are there again."""

    backend: Backend
    base_url: str
    clock: Clock
    state_dir: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, tenant: str = PERSON, kind: str = "agent", scopes: tuple[str, ...] | None = None) -> str:
        """A new token of a tenant, who is made with it."""
        return self.backend.principals.create_token(tenant, kind, scopes)

    def settings(self, token: str | None = None, **given: Any) -> Settings:
        """Settings for clients, tools and adapters, with a new token unless one is given. Limits are not waited for."""
        from askcv_agents.config import Settings, Token

        values: dict[str, Any] = {"base_url": self.base_url, "state_dir": self.state_dir, "max_wait": 0.0} | given
        return Settings(token=Token(token or self.token()), **values)

    def client(self, token: str | None = None, **given: Any) -> Client:
        """A client whose waits turn the clock."""
        from askcv_agents.client import Client

        return Client(self.settings(token, **given), sleep=self.clock.sleep)

    def approve_all(self, tenant: str = PERSON) -> int:
        """What the person does in the inbox; how many items waited there."""
        link = self.backend.principals.create_link(tenant)
        session = self.backend.principals.open_link(link or "")
        row = self.backend.principals.session_tenant(session or "")
        assert row is not None, "the tenant has no token yet"
        approved = 0
        while pending := self.backend.service.inbox(row["id"], "pending", None, 1)[0]:
            approved += self.backend.service.review(row["id"], [item["id"] for item in pending], "approved")
        return approved


class running:  # noqa: N801 - reads as a word in a with statement
    """Serves a backend from a thread, on a port of the system's choice."""

    def __init__(self, backend: Backend, clock: Callable[[], float], control: Control | None = None) -> None:
        import uvicorn

        from askcv_agents.staging.app import StagingConfig, create_app
        from askcv_agents.staging.faults import drops_connections

        app = drops_connections(create_app(StagingConfig("sqlite://", now=clock, control=control), backend))
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="on"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        until = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < until, "the backend did not start"
            time.sleep(0.005)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@contextmanager
def serving(folder: Path) -> Iterator[Staging]:
    """A new staging backend with its data in ``folder``, served while the context lasts."""
    from askcv_agents.staging.app import Backend, StagingConfig

    clock = Clock()
    backend = Backend.open(StagingConfig(f"sqlite:///{folder}/askcv.db", now=clock))
    try:
        with running(backend, clock) as base_url:
            yield Staging(backend, base_url, clock, folder / "askcv-state")
    finally:
        backend.store.close()


@pytest.fixture
def askcv_staging(tmp_path: Path) -> Iterator[Staging]:
    """The staging backend behind a real socket of this machine, empty, with limits. Needs the extra ``staging``."""
    with serving(tmp_path) as staging:
        yield staging


@pytest.fixture
def askcv_toolkit(askcv_staging: Staging) -> Iterator[Toolbox]:
    """The default tools on that backend for ``PERSON``, without approval: ``askcv_toolkit.call(name, arguments)``."""
    from askcv_agents.toolbox import Policy
    from askcv_pipelines.agent.desk import Desk
    from askcv_pipelines.tools import toolbox
    from askcv_pipelines.values import Subject

    desk = Desk(subject=Subject(PERSON))
    made = toolbox(askcv_staging.settings(), policy=Policy(approve="never"), desk=desk)
    yield made
    made.close()
