"""Fixtures: the real backend with a clock that tests turn, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings

from askcv_agents.pytest_plugin import Clock, Staging, running
from askcv_agents.staging.app import Backend, StagingConfig, create_app

settings.register_profile("untimed", deadline=None)  # no test asserts a time: the first example imports, for one
settings.load_profile("untimed")

EXAMPLES = Path(__file__).parent.parent / "examples" / "documents"


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


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests see no token, address, settings file or keyring of whoever runs them."""
    import os

    for name in list(os.environ):
        if name.startswith("ASKCV_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


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
