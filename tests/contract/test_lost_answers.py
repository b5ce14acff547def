"""``askcv sync`` killed at any moment, over a network and a backend that fail: each item is staged exactly once, or
known to be unknown. ``ASKCV_KILLS`` says how often; by default it is a sample with a fixed seed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from askcv_agents.staging.app import Backend
from tests.conftest import Clock, running
from tests.contract.fault_proxy import FaultProxy, Faults, proxy_of
from tests.contract.processes import BackendProcess, environment, finish, journalled, kill, staged, sync

KILLS = int(os.environ.get("ASKCV_KILLS", "3"))
SEED = 20260618
STEP = 600.0
"""Seconds between two runs: the limits of an hour allow for all that a run asks for."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[BackendProcess]:
    backend = BackendProcess(tmp_path / "staging.db")
    yield backend
    kill(backend.process)


def write_notes(folder: Path, number: int, dice: random.Random) -> tuple[Path, list[str]]:
    """A document of its own for each run; some give more than one batch."""
    count = 3 if dice.random() < 0.8 else 110
    bullets = [f"Closed ticket {number}-{n}." for n in range(count)]
    path = folder / f"notes-{number:04}.md"
    path.write_text("# Done\n\n" + "".join(f"- {bullet}\n" for bullet in bullets))
    return path, bullets


def kill_many_times(
    backend: BackendProcess, proxy: FaultProxy, env: dict[str, str], folder: Path, dice: random.Random
) -> list[str]:
    """Kills runs at random moments, and the backend now and then. Gives every item that the documents hold."""
    bullets: list[str] = []
    for number in range(KILLS):
        path, more = write_notes(folder, number, dice)
        bullets += more
        seen = len(proxy.log)
        process = sync(env, path, later=number * STEP, heard=False)
        proxy.wait_for(seen + dice.randrange(1, 7), until=lambda run=process: run.poll() is not None)
        if number % 4 == 2:
            backend.restart()
        try:
            process.wait(dice.uniform(0.0, 0.3))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
    return bullets


@pytest.mark.parametrize("honoured", [True, False])
def test_killed_at_any_moment_each_item_is_staged_once_or_known_to_be_unknown(
    served: BackendProcess, tmp_path: Path, honoured: bool
) -> None:
    from askcv_agents.staging.app import StagingConfig

    token = Backend.open(StagingConfig(f"sqlite:///{served.database}")).principals.create_token("Maya", "agent")
    dice = random.Random(SEED + honoured)
    folder = tmp_path / "notes"
    folder.mkdir()
    with proxy_of(served.base_url, Faults(dice=random.Random(dice.random()))) as proxy:
        switch = "on" if honoured else "off"
        env = environment(
            tmp_path, token, proxy.base_url, ASKCV_IDEMPOTENT_IMPORTS=switch, ASKCV_TIMEOUT="2", ASKCV_MAX_WAIT="5"
        )
        bullets = kill_many_times(served, proxy, env, folder, dice)
        proxy.faults = Faults()
        code, counts, said = finish(sync(env, folder, later=KILLS * STEP + 3600))
    found, states = staged(served.database), journalled(tmp_path / "state")
    assert set(found.values()) == {1}
    assert set(states) == set(bullets)
    unknown = {text for text, state in states.items() if state == "unknown"}
    assert {text for text, state in states.items() if state == "pending"} == set(bullets) - unknown
    assert set(bullets) - set(found) <= unknown
    assert (code, counts["unknown"], counts["waiting"]) == (5 if unknown else 0, len(unknown), 0), said
    if honoured:
        assert not unknown


@pytest.fixture
def calm(backend: Backend, clock: Clock) -> Iterator[FaultProxy]:
    with running(backend, clock) as base_url, proxy_of(base_url) as proxy:
        yield proxy


@pytest.mark.parametrize("honoured", [True, False])
def test_killed_between_request_and_answer(calm: FaultProxy, backend: Backend, tmp_path: Path, honoured: bool) -> None:
    document = tmp_path / "notes.md"
    document.write_text("# Done\n\n- Cut the build time by 35 %.\n- Wrote the handbook.\n")
    token = backend.principals.create_token("Maya Lindqvist", "agent")
    switch = "on" if honoured else "off"
    env = environment(tmp_path, token, calm.base_url, ASKCV_IDEMPOTENT_IMPORTS=switch)
    victims: list[subprocess.Popen[bytes]] = []

    def strike(method: str, _: str) -> None:
        if method == "POST" and victims:
            victims.pop().kill()

    calm.passed_on = strike
    victim = sync(env, document)
    victims.append(victim)
    assert finish(victim)[0] == -signal.SIGKILL
    assert sum(staged(tmp_path / "staging.db").values()) == 2

    code, counts, _ = finish(sync(env, document))
    assert staged(tmp_path / "staging.db") == {"Cut the build time by 35 %.": 1, "Wrote the handbook.": 1}
    if honoured:
        assert (code, counts["submitted"], counts["unknown"]) == (0, 2, 0)
    else:
        assert (code, counts["submitted"], counts["unknown"]) == (5, 0, 2)
    if honoured:
        return
    assert finish(sync(env, document))[1]["submitted"] == 0
    assert sum(staged(tmp_path / "staging.db").values()) == 2
