"""The examples run, against the real backend."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES, Staging


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ("python_client.py", "2 wait in the review inbox\nso far 2 are pending"),
        ("pipeline_events.py", "submitted 0, known "),
        ("langchain_tools.py", "error validation_failed - "),
        ("mcp_session.py", '"name":"Maya Lindqvist"'),
    ],
)
def test_an_example_runs_and_says_what_it_shows(staging: Staging, example: str, said: str) -> None:
    environment = os.environ | {"ASKCV_BASE_URL": staging.base_url, "ASKCV_TOKEN": staging.token()}
    command = [sys.executable, EXAMPLES.parent / example]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


def test_every_example_is_run() -> None:
    run = {"demo.py", "python_client.py", "pipeline_events.py", "langchain_tools.py", "mcp_session.py"}
    assert {path.name for path in EXAMPLES.parent.glob("*.py")} == run


def test_the_demo_fills_the_inbox_once_and_stops_what_it_started(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DEMO_DIR": str(tmp_path / "demo"), "PORT": str(port)}
    command = [sys.executable, EXAMPLES.parent / "demo.py"]

    def run() -> str:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr + done.stdout
        return next(line for line in done.stdout.splitlines() if line.startswith("submitted "))

    first, second = run(), run()
    submitted, known = (int(first.split()[place]) for place in (1, 4))
    assert submitted > 20
    assert known > 0  # the same accomplishment stands in two of the documents
    assert second == f"submitted 0 · known {submitted + known} · review 0 · rejected 0"
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass
