"""Action items that later notes tick off: marked, never added again as open, submitted as done where that is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from askcv_pipelines import Pipeline, Subject
from askcv_pipelines.follow_up import FollowUp, refresh
from tests.conftest import Staging
from tests.unit.test_cli import askcv, at
from tests.unit.test_pipeline import run

MINE = Pipeline(Subject("Maya Lindqvist", ("Maya",)))
HEAD = "# Team sync {date}\n\nAttendees: Maya Lindqvist, Dana Okafor\n\n## Action items\n\n"
GUIDE = "Maya: write the rollback guide for the importer\n"
MAY = HEAD.format(date="2026-05-04") + f"- [ ] {GUIDE}- [ ] Maya: send the latency report to the platform team\n"
JUNE = HEAD.format(date="2026-06-01") + f"- [x] {GUIDE}- [x] Dana: book the room\n"
ACTIONS = "coaching_action_items"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "may.md").write_text(MAY)
    return folder


def staged(staging: Staging) -> list[dict[str, Any]]:
    with staging.client(staging.tokens["maya"]) as client:
        tenant = client.profile().tenant_id
    rows, _ = staging.backend.service.inbox(tenant, "pending", None, 1)
    return [row["payload"] for row in rows if row["domain"] == ACTIONS]


def followed(staging: Staging) -> FollowUp:
    with staging.client(staging.tokens["maya"]) as client:
        return client.run(refresh(client.settings, client.retry))


def test_a_ticked_action_is_marked_in_the_journal_and_not_submitted_unasked(staging: Staging, notes: Path) -> None:
    run(staging, notes, pipeline=MINE)
    (notes / "june.md").write_text(JUNE)
    done = run(staging, notes, pipeline=MINE)
    assert any("Known actions that notes mark as done: 1" in note for note in done.report.notes)
    assert [payload["status"] for payload in staged(staging)] == ["open", "open"]
    (action,) = followed(staging).done
    assert action.label.startswith("Write the rollback guide")
    assert (action.document, action.submitted) == ("june.md", False)


def test_asked_for_it_is_submitted_as_done_once_and_names_the_earlier_item(staging: Staging, notes: Path) -> None:
    run(staging, notes, pipeline=MINE)
    (notes / "june.md").write_text(JUNE)
    for _ in range(2):
        run(staging, notes, pipeline=replace(MINE, submit_done=True))
    (done,) = (payload for payload in staged(staging) if payload["status"] == "done")
    assert "Done, as june.md says. Earlier item: “Write the rollback guide for the importer”." in done["description"]
    assert followed(staging).done[0].submitted


def test_what_the_same_note_ticks_later_is_marked_as_well(staging: Staging, notes: Path) -> None:
    run(staging, notes, pipeline=MINE)
    (notes / "may.md").write_text(MAY.replace("- [ ] Maya: write", "- [x] Maya: write"))
    run(staging, notes, pipeline=MINE)
    assert [action.document for action in followed(staging).done] == ["may.md"]


def test_an_action_that_the_record_alone_holds_is_recognised_when_it_is_ticked(staging: Staging, notes: Path) -> None:
    from askcv_pipelines.journal import default_path

    run(staging, notes, pipeline=MINE)
    staging.approve_all()
    default_path(staging.state_dir).unlink()
    (notes / "june.md").write_text(JUNE)
    run(staging, notes, pipeline=replace(MINE, submit_done=True))
    assert [payload["status"] for payload in staged(staging)] == ["done"]


def test_an_action_that_is_done_when_it_is_first_seen_is_never_added_as_open(staging: Staging, notes: Path) -> None:
    (notes / "june.md").write_text(JUNE)
    first = run(staging, notes, pipeline=MINE)
    assert "done already, as notes say" in {why.partition(":")[0] for why in first.whys}
    (notes / "june.md").unlink()
    run(staging, notes, pipeline=MINE)
    assert [payload["title"] for payload in staged(staging)] == ["Send the latency report to the platform team"]


def test_an_action_that_waits_when_it_is_ticked_does_not_leave_as_open(staging: Staging, notes: Path) -> None:
    run(staging, notes / "may.md", pipeline=replace(MINE, dry_run=True))  # the record was read
    assert run(staging, notes, pipeline=replace(MINE, mirror="offline")).counts["waiting"] == 2
    (notes / "june.md").write_text(JUNE)
    run(staging, notes, pipeline=MINE)
    assert [payload["title"] for payload in staged(staging)] == ["Send the latency report to the platform team"]


def test_an_action_that_a_later_note_opens_again_is_shown_for_review(staging: Staging, notes: Path) -> None:
    (notes / "may.md").write_text(JUNE)
    (notes / "july.md").write_text(HEAD.format(date="2026-07-01") + f"- [ ] {GUIDE}")
    done = run(staging, notes, pipeline=MINE)
    assert done.counts["review"] == 1
    assert [payload["status"] for payload in staged(staging)] == ["open"]


def test_a_dry_run_marks_nothing(staging: Staging, notes: Path) -> None:
    run(staging, notes, pipeline=MINE)
    (notes / "june.md").write_text(JUNE)
    run(staging, notes, pipeline=replace(MINE, dry_run=True))
    assert followed(staging).done == ()


def test_status_is_a_table_of_batches_and_items_and_tells_what_is_done(staging: Staging, notes: Path) -> None:
    options = ["--subject", "Maya Lindqvist", "--alias", "Maya", "--names", "keep"]
    askcv("sync", notes, *options, **at(staging))
    (notes / "june.md").write_text(JUNE)
    askcv("sync", notes, *options, **at(staging))
    heads, *lines = askcv("status", "--items", **at(staging)).stdout.splitlines()
    assert heads.split() == ["approved", "rejected", "pending", "waiting", "refused", "unknown", "batch"]
    assert lines[0].split()[:6] == ["0", "0", "2", "0", "0", "0"]
    assert any(line.split()[:2] == ["pending", ACTIONS] for line in lines)
    assert "done: Write the rollback guide for the importer (says june.md)" in lines
    data = json.loads(askcv("status", "--json", **at(staging)).stdout)
    assert data["doneActions"][0] == {
        "label": "Write the rollback guide for the importer", "document": "june.md", "submitted": False,
    }  # fmt: skip
    assert {item["state"] for batch in data["openBatches"] for item in batch["contents"]} == {"pending"}


def test_a_forgotten_note_keeps_no_word_in_what_is_done(staging: Staging, notes: Path) -> None:
    (notes / "may.md").write_text(MAY.replace("importer", "IMPORTER"))
    run(staging, notes, pipeline=MINE)
    (notes / "june.md").write_text(JUNE)
    run(staging, notes, pipeline=MINE)
    assert "IMPORTER" in followed(staging).done[0].label
    assert askcv("forget", notes / "may.md", **at(staging)).returncode == 0
    kept = b"".join(path.read_bytes() for path in staging.state_dir.glob("journal.db*"))
    assert b"IMPORTER" not in kept
    assert followed(staging).done[0].label == "Write the rollback guide for the importer"
