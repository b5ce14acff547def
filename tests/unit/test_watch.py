"""Following a folder, with a clock that only tests turn; and what is printed for schedulers."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from askcv_pipelines.schedule import cron, systemd
from askcv_pipelines.watch import Follower, Woken
from tests.conftest import Staging
from tests.unit.test_cli import askcv, at


@dataclass
class Turned:
    """Time that passes while it is slept; what happens at which second is scripted."""

    script: dict[float, Callable[[], object]] = field(default_factory=dict)
    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert self.now < 10_000, "nothing ended the wait"
        self.now += max(seconds, 0.1)
        for moment in sorted(self.script):
            if moment <= self.now:
                self.script.pop(moment)()


def following(folder: Path, script: dict[float, Callable[[], object]]) -> tuple[Follower, Turned]:
    time = Turned(script)
    follower = Follower([folder], time.sleep, time)
    follower.start()
    return follower, time


def test_a_changed_document_wakes_when_it_is_quiet_again(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    note.write_text("- one\n")
    writes = {float(n): lambda n=n: note.write_text("- one\n" * n) for n in range(10, 30, 2)}
    follower, time = following(tmp_path, writes)
    assert follower.wait() == Woken(changed=frozenset([note]))
    assert 31 <= time.now <= 36


def test_new_and_gone_documents_wake_and_hidden_or_unreadable_ones_do_not(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("- one\n")
    follower, time = following(
        tmp_path,
        {
            5.0: lambda: (tmp_path / ".swap.md").write_text("x"),
            6.0: lambda: (tmp_path / "x.png").write_text("x"),
            100.0: (tmp_path / "a.md").unlink,
        },
    )
    assert follower.wait() == Woken(gone=True)
    time.script[time.now + 50] = lambda: (tmp_path / "b.md").write_text("- two\n")
    assert follower.wait() == Woken(changed=frozenset([tmp_path / "b.md"]))


def test_what_waits_wakes_when_its_time_has_come(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("- one\n")
    follower, time = following(tmp_path, {})
    assert follower.wait(due_in=3333.0) == Woken(due=True)
    assert time.now == pytest.approx(3333, abs=1)


def test_a_change_that_is_taken_back_is_none(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    note.write_text("- one\n")
    stat = note.stat()

    def back() -> None:
        note.write_text("- one\n")
        os.utime(note, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    follower, _ = following(tmp_path, {10.0: lambda: note.write_text("- more\n"), 11.0: back})
    assert follower.wait(due_in=100) == Woken(due=True)


def test_a_folder_that_is_away_for_a_while_has_not_changed(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("- one\n")
    follower, _ = following(
        folder, {5.0: lambda: folder.rename(tmp_path / "away"), 50.0: lambda: (tmp_path / "away").rename(folder)}
    )
    assert follower.wait(due_in=100) == Woken(due=True)


def test_following_submits_what_is_written_meanwhile_and_ends_at_once_when_interrupted(
    staging: Staging, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("# Accomplishments\n\n- I rebuilt the search index, 40 % faster.\n")
    command = [sys.executable, "-m", "askcv_agents.cli", "sync", str(notes), "--names", "keep", "--watch"]
    with subprocess.Popen(
        command, env=os.environ | at(staging), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "Following" in process.stderr.readline()
        (notes / "b.md").write_text("# Accomplishments\n\n- I cut the build time from 20 to 12 minutes.\n")
        assert "Following" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=30)
        assert errors.strip() == "Interrupted. Run the same command again to go on."
        assert process.returncode == 130
    assert [line for line in said.splitlines() if line.startswith("submitted")] == [
        "submitted 1 · known 0 · review 0 · rejected 0"
    ] * 2


COMMAND = ["/usr/bin/askcv", "sync", "--subject", "Maya L", "/home/maya/50% notes"]


def test_a_cron_line_runs_the_command_as_it_was_given() -> None:
    line = cron(COMMAND, {"ASKCV_STATE_DIR": "/var/my state"})
    assert line.startswith("17 * * * * ASKCV_STATE_DIR=")
    assert shlex.split(line.removesuffix("\n").replace(r"\%", "%"))[5:] == ["ASKCV_STATE_DIR=/var/my state", *COMMAND]
    assert r"50\% notes" in line


def test_systemd_units_quote_the_command_and_take_waiting_for_success() -> None:
    text = systemd(COMMAND, {"ASKCV_BASE_URL": "http://127.0.0.1:8765"})
    assert 'ExecStart=/usr/bin/askcv sync --subject "Maya L" "/home/maya/50%% notes"\n' in text
    assert "Environment=ASKCV_BASE_URL=http://127.0.0.1:8765\n" in text
    assert "SuccessExitStatus=4\n" in text
    assert "OnCalendar=hourly\n" in text


def test_schedule_prints_the_same_command_without_a_token_and_does_nothing(tmp_path: Path) -> None:
    environment = {"ASKCV_TOKEN": "askcv_agt_canary0123456789", "ASKCV_STATE_DIR": str(tmp_path / "state")}
    options = ["--subject", "Maya Lindqvist", "--alias", "maya-l", "--names", "mask", "--refresh", "--show-items"]
    done = askcv("sync", tmp_path, *options, "--schedule=cron", **environment)
    assert done.returncode == 0, done.stderr
    words = shlex.split(done.stdout)
    given = words[words.index("sync") + 1 :]
    assert sorted(given) == sorted(
        ["--subject", "Maya Lindqvist", "--alias", "maya-l", "--names", "mask", "--refresh", str(tmp_path)]
    )
    assert "canary" not in done.stdout
    assert not (tmp_path / "state").exists()
    assert "askcv-sync.timer" in askcv("sync", tmp_path, "--schedule", **environment).stdout
