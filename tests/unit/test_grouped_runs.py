"""Runs that group, against the real backend: what was grouped is known afterwards, what was held is not sent."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from askcv_agents.wire import QUOTE_BREAK
from askcv_pipelines import Pipeline
from askcv_pipelines.approval import Answer, Asked
from askcv_pipelines.events import Decided
from askcv_pipelines.follow_up import refresh
from askcv_pipelines.journal import Journal, default_path
from askcv_pipelines.journal_schema import MIGRATIONS
from askcv_pipelines.values import Known
from tests.conftest import Staging
from tests.unit.test_cli import askcv, at
from tests.unit.test_pipeline import PIPELINE, Run, run

GROUPED = replace(PIPELINE, group=True)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "june.md"
    entries = "".join(f"- Closed ticket {n} of the rewrite.\n" for n in range(4))
    path.write_text(f"# Checkout rewrite\n\n{entries}\n# Support\n\n- Wrote the handbook.\n- skill: Python\n")
    return path


def figures(done: Run, *names: str) -> tuple[int, ...]:
    return tuple(done.counts[name] for name in names)


def inbox(staging: Staging) -> list[dict[str, Any]]:
    with staging.client(staging.tokens["maya"]) as client:
        rows, _ = staging.backend.service.inbox(client.profile().tenant_id, "pending", None, 1)
    return [dict(row) for row in rows]


def test_a_group_waits_in_the_inbox_as_one_item_with_all_its_passages(staging: Staging, notes: Path) -> None:
    done = run(staging, notes, pipeline=GROUPED)
    assert figures(done, "items", "new", "submitted", "groups", "grouped", "held") == (6, 6, 3, 1, 4, 0)
    (group,) = [row for row in inbox(staging) if row["evidence"]["locator"].startswith("Checkout")]
    assert group["payload"]["title"] == "Checkout rewrite: 4 entries"
    assert group["evidence"]["quote"].split(QUOTE_BREAK) == [f"Closed ticket {n} of the rewrite." for n in range(4)]
    assert group["evidence"]["locator"] == "Checkout rewrite › line 3 to line 6"


@pytest.mark.parametrize("again", [PIPELINE, GROUPED], ids=["alone", "grouped"])
def test_what_was_submitted_in_a_group_is_known_to_a_later_run(staging: Staging, notes: Path, again: Pipeline) -> None:
    run(staging, notes, pipeline=GROUPED)
    later = run(staging, notes, pipeline=again)
    assert figures(later, "submitted", "new", "review", "known") == (0, 0, 0, 6)
    assert later.whys == {"already waiting in the review inbox"}


def test_what_was_submitted_alone_is_not_submitted_again_in_a_group(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    assert figures(run(staging, notes, pipeline=GROUPED), "submitted", "known", "groups") == (0, 6, 0)


@pytest.mark.parametrize("again", [PIPELINE, GROUPED], ids=["alone", "grouped"])
def test_the_members_of_a_declined_group_are_declined(staging: Staging, notes: Path, again: Pipeline) -> None:
    run(staging, notes, pipeline=GROUPED)
    with staging.client(staging.tokens["maya"]) as client:
        staging.backend.service.review(client.profile().tenant_id, [row["id"] for row in inbox(staging)], "rejected")
        client.run(refresh(client.settings, client.retry))
    later = run(staging, notes, pipeline=again)
    assert figures(later, "submitted", "known") == (0, 6)
    assert later.whys == {"declined earlier"}


@pytest.mark.parametrize("again", [PIPELINE, GROUPED], ids=["alone", "grouped"])
def test_the_members_of_an_approved_group_are_known_by_the_record_alone(
    staging: Staging, notes: Path, again: Pipeline
) -> None:
    run(staging, notes, pipeline=GROUPED)
    assert staging.approve_all() == 3
    default_path(staging.state_dir).unlink()
    later = run(staging, notes, pipeline=again)
    assert figures(later, "submitted", "known") == (0, 6)
    assert later.whys == {"already in the record"}


def test_what_the_cap_holds_is_listed_and_neither_sent_nor_written_down(staging: Staging, tmp_path: Path) -> None:
    notes = tmp_path / "many.md"
    notes.write_text("".join(f"- Closed ticket {n}.\n" for n in range(30)))
    capped = replace(GROUPED, cap=12)
    first = run(staging, notes, pipeline=capped)
    assert figures(first, "items", "new", "submitted", "held") == (30, 30, 12, 18)
    (event,) = [event for event in first.events if isinstance(event, Decided)]
    assert [d.item.label for d in event.held] == [f"Closed ticket {n}." for n in range(12, 30)]
    with sqlite3.connect(default_path(staging.state_dir)) as db:
        assert "Closed ticket 12." not in "".join(db.iterdump())
    again = run(staging, notes, pipeline=capped)
    assert figures(again, "submitted", "known", "held") == (0, 12, 18)
    assert figures(run(staging, notes, pipeline=replace(capped, cap=20)), "submitted", "held") == (8, 10)


def test_what_was_approved_counts_for_the_cap_as_what_waits_does(staging: Staging, notes: Path) -> None:
    capped = replace(GROUPED, cap=2)
    assert figures(run(staging, notes, pipeline=capped), "submitted", "grouped", "held") == (2, 4, 1)
    staging.approve_all()
    assert figures(run(staging, notes, pipeline=capped), "submitted", "known", "held") == (0, 5, 1)


def test_a_journal_of_the_first_version_keeps_its_items_and_takes_groups(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as db:
        db.executescript(f"{MIGRATIONS[0]} PRAGMA user_version=1;")
        db.execute("INSERT INTO partition (base_url, tenant) VALUES ('a', 't')")
        db.execute(
            "INSERT INTO item (partition_id, fingerprint, domain, payload, decision, why, state, created_at) "
            "VALUES (1, 'f', 'skills', '{\"name\": \"Python\"}', 'new', '', 'pending', 0)"
        )
    db.close()
    with Journal(path) as journal, journal.partition("a", "t") as partition:
        assert partition.known() == [Known("f", "skills", {"name": "Python"}, "pending")]
        assert journal.execute("SELECT count(*) FROM item_part").fetchone()[0] == 0


# -- at the terminal ---------------------------------------------------------------------------------------------------

REVIEW = """# First half of 2026

## Checkout rewrite

- I rebuilt the payment form, which cut abandoned carts by 12 %.
- I moved the price calculation into one service.
- I wrote the migration guide for partner shops.

## Support

- I built the status page that customers now see during outages.
"""


@pytest.fixture
def review(tmp_path: Path) -> Path:
    path = tmp_path / "self-review.md"
    path.write_text(REVIEW)
    return path


def test_extract_shows_groups_with_their_passages_and_what_is_held_back(review: Path) -> None:
    shown = askcv("extract", review, "--group", "--cap", "1").stdout
    kept, held = shown.split("held back, not submitted:")
    assert kept.count("knowledge_entries") == 1
    assert held.count("“") == (1 if "Checkout rewrite: 3" in kept else 3)
    whole = askcv("extract", review, "--group").stdout
    assert "Checkout rewrite: 3 accomplishments" in whole
    for line in REVIEW.splitlines():
        if line.startswith("- "):
            assert f"“{line[2:]}”" in whole
            assert f"“{line[2:]}”" in shown
    assert "grouped: 3 items into 1" in whole
    assert "held back" not in whole
    assert "held back: " in shown


def test_json_has_the_members_of_a_group_and_what_is_held(review: Path) -> None:
    (document,) = json.loads(askcv("extract", review, "--group", "--json").stdout)["documents"]
    group = next(item for item in document["items"] if "parts" in item)
    assert [proof["quote"] for proof in group["evidence"]] == [p["evidence"][0]["quote"] for p in group["parts"]]
    assert group["decision"] == "new"
    assert "held" not in document
    capped = json.loads(askcv("extract", review, "--group", "--cap", "1", "--json").stdout)
    (document,) = capped["documents"]
    assert len(document["items"]) == 1
    assert len(document["held"]) == capped["counts"]["held"] > 0
    assert all(item["evidence"][0]["quote"] in REVIEW for item in document["held"])


def test_the_report_page_leads_from_each_passage_of_a_group_to_its_place(review: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert askcv("extract", review, "--group", "--html", target).returncode == 0
    made = target.read_text("utf-8")
    for anchor in ("e0-0", "e0-0-1", "e0-0-2"):
        assert f'href="#{anchor}"' in made
        assert made.count(f'id="{anchor}"') == 1
    assert "Held back" not in made
    askcv("extract", review, "--group", "--cap", "1", "--html", target)
    held = target.read_text("utf-8").split("<h3>Held back</h3>")[1]
    assert re.findall(r'<ul class="passages"><li><a href="#e0-\d">(.*?)</a>', held)
    assert all(f"- {quote}" in REVIEW for quote in re.findall(r'<li><a href="#e0-\d">(.*?)</a>', held))


def test_the_plan_of_a_sync_is_what_it_then_submits_and_names_what_it_holds(staging: Staging, review: Path) -> None:
    options = ("sync", review, "--group", "--cap", "1")
    planned = askcv(*options, "--dry-run", **at(staging)).stdout
    assert "held back, not submitted:" in planned
    done = askcv(*options, **at(staging)).stdout
    assert "held back of self-review.md, not submitted:" in done
    assert planned.splitlines()[-1].startswith("would submit 1 ")
    assert done.splitlines()[-1].startswith("submitted 1 ")
    assert askcv(*options, **at(staging)).stdout.splitlines()[-1].startswith("submitted 0 ")


def test_a_cap_without_groups_is_a_wrong_command_line(review: Path) -> None:
    done = askcv("extract", review, "--cap", "3")
    assert done.returncode == 2
    assert "--cap needs --group" in done.stderr


def test_a_group_that_was_refused_by_hand_is_not_asked_about_again(staging: Staging, notes: Path) -> None:
    asked = []

    def no(item: Asked) -> Answer:
        asked.append(item.label)
        return "no"

    for _ in range(2):
        done = run(staging, notes, pipeline=replace(GROUPED, ask=no))
        assert done.counts["submitted"] == 0
    assert len(asked) == 3


def test_a_forgotten_group_leaves_no_word_of_its_members(staging: Staging, notes: Path) -> None:
    run(staging, notes, pipeline=GROUPED)
    assert askcv("forget", notes, **at(staging)).returncode == 0
    kept = b"".join(path.read_bytes() for path in staging.state_dir.glob("journal.db*"))
    assert b"ticket" not in kept
    assert run(staging, notes, pipeline=GROUPED).counts["submitted"] == 0
