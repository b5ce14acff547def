"""``askcv forget`` and retention: what is removed, what stays, and that nothing is sent twice for it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from askcv_pipelines.journal import default_path
from tests.conftest import Staging
from tests.unit.test_cli import askcv, at
from tests.unit.test_pipeline import PIPELINE, notes, run

__all__ = ["notes"]


def kept(staging: Staging) -> bytes:
    return b"".join(path.read_bytes() for path in staging.state_dir.glob("journal.db*"))


def forgotten(staging: Staging, *arguments: str | Path) -> dict[str, object]:
    done = askcv("forget", *arguments, "--json", **at(staging))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_forgotten_document_leaves_no_word_and_is_not_submitted_a_second_time(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    assert b"handbook" in kept(staging)
    assert forgotten(staging, notes / "june.md")["sent"] == 3
    assert b"handbook" not in kept(staging)
    assert b"june.md" not in kept(staging)
    again = run(staging, notes)
    assert (again.counts["submitted"], again.whys) == (0, {"sent earlier, and forgotten on this machine"})


def test_the_persons_decision_about_a_forgotten_item_still_arrives(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    forgotten(staging, notes / "june.md")
    staging.approve_all()
    assert json.loads(askcv("status", "--json", **at(staging)).stdout)["items"] == {"approved": 3}


def test_what_waits_is_taken_back_and_never_leaves(staging: Staging, notes: Path) -> None:
    token = staging.tokens.setdefault("maya", staging.token())
    with staging.client(token) as client:
        for n in range(20):
            list(client.import_items([{"domain": "awards", "payload": {"title": f"a{n}"}}]))
    (notes / "july.md").write_text("- Wrote the release notes.\n")
    assert run(staging, notes).counts["waiting"] == 4  # packed, and held by the limit
    assert forgotten(staging, "june.md")["waiting"] == 3
    (notes / "june.md").unlink()
    with sqlite3.connect(default_path(staging.state_dir)) as db:
        db.execute("UPDATE partition SET not_before = 0")
    staging.clock.now += 3600
    assert run(staging, notes).counts["submitted"] == 1
    assert b"handbook" not in kept(staging)


def test_items_that_another_document_gave_too_stay_without_the_forgotten_quote(staging: Staging, notes: Path) -> None:
    (notes / "other.md").write_text("- Wrote the handbook.\n")
    run(staging, notes)
    done = forgotten(staging, "june.md")
    assert (done["sent"], done["shared"]) == (2, 1)
    with sqlite3.connect(default_path(staging.state_dir)) as db:
        rows = db.execute("SELECT payload, evidence FROM item WHERE payload != '{}'").fetchall()
    assert [("handbook" in payload, evidence) for payload, evidence in rows] == [(True, "null")]
    assert forgotten(staging, "other.md")["sent"] == 1


def test_an_item_whose_outcome_is_unknown_stays_until_it_is_settled(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    with sqlite3.connect(default_path(staging.state_dir)) as db:
        db.execute("UPDATE item SET state = 'unknown'")
        (key,) = db.execute("UPDATE batch SET state = 'unknown', first_sent = 1 RETURNING key").fetchone()
    said = askcv("forget", "june.md", **at(staging)).stdout
    assert "3 items stay: they left and were never answered" in said
    assert askcv("outbox", "resolve", key[:8], "--resend", **at(staging)).returncode == 0


@pytest.mark.parametrize("names", [["nothing.md"], ["june.md", "nothing.md"]])
def test_a_name_that_means_no_document_removes_nothing(staging: Staging, notes: Path, names: list[str]) -> None:
    run(staging, notes)
    done = askcv("forget", *names, **at(staging))
    assert done.returncode == 1
    assert "no document nothing.md is known" in done.stderr
    assert b"handbook" in kept(staging)


def test_a_name_that_means_several_documents_asks_for_the_path(staging: Staging, notes: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "june.md").write_text("- Closed 12 tickets.\n")
    run(staging, notes, tmp_path / "more")
    assert "means several documents" in askcv("forget", "june.md", **at(staging)).stderr
    assert forgotten(staging, tmp_path / "more" / "june.md")["sent"] == 1


def test_all_leaves_nothing_of_this_record_and_all_of_another(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    (notes / "june.md").write_text("- Gave the keynote on tides.\n")
    run(staging, notes, token=staging.token("Jonas Eek"))
    assert askcv("forget", "--all", stdin="", **at(staging)).returncode == 130
    done = askcv("forget", "--all", "--yes", **at(staging))
    assert "3 items that were sent are removed here" in done.stdout
    assert b"handbook" not in kept(staging)
    assert b"tides" in kept(staging)


def test_retention_forgets_what_was_not_seen_for_long_and_keeps_what_is_still_there(
    staging: Staging, notes: Path
) -> None:
    now = [1_790_000_000.0]
    pipeline = replace(PIPELINE, now=lambda: now[0])
    (notes / "july.md").write_text("- Wrote the release notes.\n")
    run(staging, notes, pipeline=pipeline)
    (notes / "june.md").unlink()
    now[0] += 40 * 86_400
    settings = {"retention_days": 30.0}
    with staging.client(staging.tokens["maya"], **settings) as client:
        report = client.run(pipeline.run([notes], client.settings, client.retry))
    assert "Forgotten after 30 days: 1 documents, 3 items." in report.notes
    assert b"handbook" not in kept(staging)
    assert b"release notes" in kept(staging)


def test_without_the_setting_nothing_is_forgotten(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    (notes / "june.md").write_text("- Closed 12 tickets.\n")
    run(staging, notes, pipeline=replace(PIPELINE, now=lambda: 2_990_000_000.0))
    assert b"handbook" in kept(staging)
