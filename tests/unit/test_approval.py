"""``--approve``: nothing leaves that a person did not let leave."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from askcv_pipelines.approval import Answer, Asked
from askcv_pipelines.journal import default_path
from tests.conftest import Staging
from tests.unit.test_cli import askcv, at
from tests.unit.test_pipeline import PIPELINE, Run, notes, run

__all__ = ["notes"]


class Person:
    """Answers in turn, and remembers what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self.answers.pop(0)


def approving(staging: Staging, notes: Path, *answers: Answer) -> tuple[Run, list[str]]:
    person = Person(*answers)
    done = run(staging, notes, pipeline=replace(PIPELINE, ask=person))
    return done, [asked.label for asked in person.asked]


def test_what_is_refused_does_not_leave_and_is_not_asked_again(staging: Staging, notes: Path) -> None:
    done, asked = approving(staging, notes, "yes", "no", "yes")
    assert (done.counts["submitted"], len(asked)) == (2, 3)
    again, asked = approving(staging, notes)
    assert (again.counts["submitted"], again.counts["known"], asked) == (0, 3, [])
    with sqlite3.connect(default_path(staging.state_dir)) as db:
        states = db.execute("SELECT state, decision FROM item WHERE decision = 'declined-by-hand'").fetchall()
    assert states == [("declined", "declined-by-hand")]


def test_all_is_of_one_document(staging: Staging, notes: Path) -> None:
    (notes / "july.md").write_text("- Wrote the release notes.\n- Closed 12 tickets.\n")
    done, asked = approving(staging, notes, "all", "no", "no", "no")
    assert (done.counts["submitted"], len(asked)) == (2, 4)


def test_quit_submits_what_was_approved_and_asks_for_the_rest_next_time(staging: Staging, notes: Path) -> None:
    done, asked = approving(staging, notes, "yes", "quit")
    assert (done.counts["submitted"], len(asked)) == (1, 2)
    assert "Of the items: 2 not asked about: run again to be asked." in done.report.notes
    done, asked = approving(staging, notes, "yes", "yes")
    assert (done.counts["submitted"], len(asked)) == (2, 2)


def test_what_waits_from_earlier_runs_is_asked_about_as_well_and_once(staging: Staging, notes: Path) -> None:
    run(staging, notes / "june.md")  # the record has been read: now a run without a network
    (notes / "july.md").write_text("- Wrote the release notes.\n- Closed 12 tickets.\n- Gave a talk on search.\n")
    assert run(staging, notes, pipeline=replace(PIPELINE, mirror="offline")).counts["waiting"] == 3
    done, asked = approving(staging, notes, "no", "yes", "quit")
    assert len(asked) == 3
    assert (done.counts["submitted"], done.counts["waiting"]) == (0, 2)
    assert "nothing left" in done.report.notes[-1]
    done, asked = approving(staging, notes, "yes")
    assert (done.counts["submitted"], len(asked)) == (2, 1)


def test_an_item_of_a_packed_batch_can_be_refused_and_the_others_are_packed_anew(staging: Staging, notes: Path) -> None:
    token = staging.tokens.setdefault("maya", staging.token())
    with staging.client(token) as client:
        for n in range(20):
            list(client.import_items([{"domain": "awards", "payload": {"title": f"a{n}"}}]))
    assert run(staging, notes).counts["waiting"] == 3  # packed, and refused by the rate limit
    done, asked = approving(staging, notes, "yes", "no", "yes")
    assert (done.counts["waiting"], len(asked)) == (2, 3)
    with sqlite3.connect(default_path(staging.state_dir)) as db:
        db.execute("UPDATE partition SET not_before = 0")
    staging.clock.now += 3600
    assert run(staging, notes).counts["submitted"] == 2


def test_without_a_terminal_it_is_a_clear_error(staging: Staging, notes: Path) -> None:
    done = askcv("sync", notes, "--approve", **at(staging))
    assert done.returncode == 1
    assert "there is no terminal to ask at" in done.stderr
    both = askcv("sync", notes, "--approve", "--dry-run", **at(staging))
    assert (both.returncode, "do not go together" in both.stderr) == (2, True)


def test_a_person_at_a_terminal_sees_each_item_with_its_evidence(staging: Staging, tmp_path: Path) -> None:
    import pty

    (tmp_path / "n.md").write_text("# Accomplishments\n\n- I rebuilt the search index, 40 % faster.\n")
    command = [sys.executable, "-m", "askcv_agents.cli", "sync", str(tmp_path / "n.md"), "--names", "keep", "--approve"]
    ours, theirs = pty.openpty()
    os.write(ours, b"what\nn\n")
    with subprocess.Popen(
        command, env=os.environ | at(staging), stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:
            pass  # how a terminal ends on Linux
        printed = process.stdout.read() if process.stdout else ""
    os.close(ours)
    assert b"knowledge_entries" in shown
    assert "“I rebuilt the search index, 40 % faster.”" in shown.decode()
    assert shown.count(b"submit? [y/n/a/q]") == 2
    assert "1 declined by hand" in printed
    assert printed.splitlines()[-1].startswith("submitted 0")
