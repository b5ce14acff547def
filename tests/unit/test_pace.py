"""When what waits will have left."""

from __future__ import annotations

import sys

import pytest

from askcv_agents.cli.events import Watch
from askcv_pipelines.events import Progress
from askcv_pipelines.pace import duration, time_left, waiting_line


@pytest.mark.parametrize(
    ("batches", "wait", "seconds"),
    [(0, 60.0, 0.0), (1, 60.0, 60.0), (20, 60.0, 60.0), (21, 60.0, 3660.0), (40, 0.0, 3600.0), (41, 0.0, 7200.0)],
)
def test_every_twenty_batches_take_an_hour(batches: int, wait: float, seconds: float) -> None:
    assert time_left(batches, first_wait=wait) == seconds


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "1 min"), (599, "10 min"), (7800, "2 h 10 min"), (7200, "2 h"), (40000, "11 h")]
)
def test_a_duration_is_said_in_hours_and_minutes(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_the_line_tells_how_many_wait_and_when_the_last_has_left() -> None:
    assert waiting_line(4120, 600) == "4120 items wait: done in about 2 h 10 min at 20 batches an hour"
    assert waiting_line(3, 600) == "3 items wait: the limit lets them leave in about 10 min"
    assert waiting_line(1, None) == "1 item waits: run the same command again"


def test_the_progress_line_knows_what_the_limit_leaves_of_the_hour(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    watch = Watch()
    watch.see(Progress("submit", 100, 4100, "bat_1"))
    assert capsys.readouterr().err.endswith("submit 100/4100 bat_1 · done in about 2 h at 20 batches an hour")
    watch.see(Progress("submit", 2500, 4100, "bat_2"))
    assert capsys.readouterr().err.endswith("submit 2500/4100 bat_2")
