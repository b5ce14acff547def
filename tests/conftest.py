"""Fixtures: the real backend with a clock that tests turn, and clients of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from askcv_agents import Client, Settings, Token
from askcv_agents.staging.app import Backend, StagingConfig, create_app
from askcv_agents.staging.control import Control
from askcv_agents.staging.faults import drops_connections

EXAMPLES = Path(__file__).parent.parent / "examples" / "documents"


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
    """A running staging backend."""

    backend: Backend
    base_url: str
    clock: Clock
    state_dir: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, tenant: str = "Maya Lindqvist", kind: str = "agent", scopes: tuple[str, ...] | None = None) -> str:
        return self.backend.principals.create_token(tenant, kind, scopes)

    def settings(self, token: str | None = None, **given: object) -> Settings:
        values = {"base_url": self.base_url, "state_dir": self.state_dir, "max_wait": 0.0} | given
        return Settings(token=Token(token or self.token()), **values)

    def client(self, token: str | None = None, **given: object) -> Client:
        return Client(self.settings(token, **given), sleep=self.clock.sleep)

    def approve_all(self, tenant: str = "Maya Lindqvist") -> int:
        link = self.backend.principals.create_link(tenant)
        session = self.backend.principals.open_link(link)
        row = self.backend.principals.session_tenant(session)
        pending, _ = self.backend.service.inbox(row["id"], "pending", None, 1)
        return self.backend.service.review(row["id"], [item["id"] for item in pending], "approved")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Where the backend keeps its data; tests/contract has it on PostgreSQL as well."""
    return f"sqlite:///{tmp_path}/staging.db"


@pytest.fixture
def backend(database_url: str, clock: Clock) -> Iterator[Backend]:
    opened = Backend.open(StagingConfig(database_url, now=clock))
    yield opened
    opened.store.close()


def browser_of(backend: Backend) -> TestClient:
    """HTTP calls of the backend, without a socket."""
    config = StagingConfig("sqlite://", hosts=("testserver",))
    return TestClient(create_app(config, backend), raise_server_exceptions=False)


@pytest.fixture
def staging(backend: Backend, clock: Clock, tmp_path: Path) -> Iterator[Staging]:
    """The backend behind a real socket on this machine."""
    with running(backend, clock) as base_url:
        yield Staging(backend, base_url, clock, tmp_path / "state")


class running:  # noqa: N801 - reads as a word in a with statement
    """Serves a backend from a thread, on a port of the system's choice."""

    def __init__(self, backend: Backend, clock: Callable[[], float], control: Control | None = None) -> None:
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


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests see no token, address or settings file of whoever runs them."""
    import os

    for name in list(os.environ):
        if name.startswith("ASKCV_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Whoever runs the tests on a machine without a browser is told what was left out, and how to get it."""
    left_out = {
        report.nodeid for report in terminalreporter.stats.get("skipped", []) if "tests/browser" in report.nodeid
    }
    if left_out:
        terminalreporter.section("LEFT OUT: no browser on this machine", sep="!", red=True, bold=True)
        for name in sorted(left_out):
            terminalreporter.line(f"  {name}")
        terminalreporter.line(
            "Get it with: sudo apt-get install chromium   (or set ASKCV_CHROMIUM to a browser's path)"
        )
