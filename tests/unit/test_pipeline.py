"""The whole chain against the real backend: from files to the inbox, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from askcv_agents import AsyncClient, Client
from askcv_agents.errors import JournalError
from askcv_pipelines import Pipeline, RunReport, Subject
from askcv_pipelines.engine import ProcessEngine
from askcv_pipelines.events import Decided, Event, Failure
from askcv_pipelines.journal import Journal, default_path
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Duplicate
from tests.conftest import Clock, Staging
from tests.extractors import BulletExtractor, LyingExtractor, PraiseExtractor

PIPELINE = Pipeline(Subject("Maya Lindqvist"), BulletExtractor())


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "june.md").write_text("# Done\n\n- Cut the build time by 35 %.\n- skill: Python\n- Wrote the handbook.\n")
    return folder


@dataclass
class Run:
    """A run's report, and the events before it."""

    report: RunReport
    events: list[Event]

    @property
    def counts(self) -> Mapping[str, int]:
        return self.report.counts

    @property
    def whys(self) -> set[str]:
        return {d.why for e in self.events if isinstance(e, Decided) for d in e.decisions if isinstance(d, Duplicate)}


def run(staging: Staging, *paths: Path, token: str | None = None, pipeline: Pipeline = PIPELINE) -> Run:
    token = token or staging.tokens.setdefault("maya", staging.token())
    done: list[RunReport] = []

    def operation(client: Client) -> Iterator[Any]:
        done.append((yield from pipeline.run(paths, client.settings, client.retry)))

    with staging.client(token) as client:
        events = list(client.stream(operation(client)))
    return Run(done[0], events)


def consistent(done: Run) -> Run:
    counts = done.counts
    assert counts["candidates"] == counts["items"] + counts["rejected"]
    assert counts["items"] == counts["new"] + counts["known"] + counts["review"]
    decided = [event for event in done.events if isinstance(event, Decided)]
    assert counts["documents"] == len(decided)
    assert counts["items"] == sum(len(event.decisions) for event in decided)
    assert [d.item for event in decided for d in event.decisions] == [i for e in decided for i in e.result.items]
    return done


def test_a_document_goes_from_a_file_to_the_inbox_with_its_evidence(staging: Staging, notes: Path) -> None:
    report = consistent(run(staging, notes))
    assert report.counts["submitted"] == 3
    assert report.report.receipts[0].batch_id
    with staging.client(staging.tokens["maya"]) as client:
        profile = client.profile()
    rows, _ = staging.backend.service.inbox(profile.tenant_id, "pending", None, 1)
    assert rows[0]["payload"]["content"] == "Cut the build time by 35 %."
    assert rows[0]["evidence"] == {
        "quote": "Cut the build time by 35 %.",
        "document": "june.md",
        "sourceKind": "performance_review",
        "locator": "Done › line 3",
    }


def test_a_second_run_submits_nothing_new(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    again = consistent(run(staging, notes))
    assert (again.counts["submitted"], again.counts["known"], again.report.receipts) == (0, 3, ())


def test_what_the_record_holds_is_not_submitted_even_with_an_empty_journal(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    assert staging.approve_all() == 3
    default_path(staging.state_dir).unlink()
    again = consistent(run(staging, notes))
    assert (again.counts["submitted"], again.counts["known"]) == (0, 3)
    assert again.whys == {"already in the record"}


def test_a_changed_document_submits_only_what_changed(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    (notes / "june.md").write_text("# Done\n\n- Cut the build time by 45 %.\n- skill: python\n- Wrote the handbook.\n")
    assert run(staging, notes).counts["submitted"] == 1


def test_a_copy_of_a_document_submits_nothing(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    (notes / "copy.md").write_bytes((notes / "june.md").read_bytes().replace(b"\n", b"\r\n"))
    assert run(staging, notes).counts["submitted"] == 0


def test_what_the_person_declined_is_not_submitted_again(staging: Staging, notes: Path) -> None:
    from askcv_pipelines.follow_up import refresh

    run(staging, notes)
    with staging.client(staging.tokens["maya"]) as client:
        tenant = client.profile().tenant_id
        rows, _ = staging.backend.service.inbox(tenant, "pending", None, 1)
        staging.backend.service.review(tenant, [row["id"] for row in rows], "rejected")
        followed = client.run(refresh(client.settings, client.retry))
    assert followed.counts == {"declined": 3}
    again = run(staging, notes)
    assert again.counts["submitted"] == 0
    assert again.whys == {"declined earlier"}


def test_two_tenants_have_journals_of_their_own(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    assert run(staging, notes, token=staging.token("Jonas Eek")).counts["submitted"] == 3


def test_more_than_a_hundred_items_go_as_several_batches(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("# Done\n\n" + "".join(f"- Closed ticket {n}.\n" for n in range(250)))
    report = run(staging, tmp_path / "long.md")
    assert [len(receipt.staged) for receipt in report.report.receipts] == [100, 100, 50]


def test_past_the_rate_limit_items_wait_in_the_journal_and_go_later(
    staging: Staging, notes: Path, clock: Clock
) -> None:
    token = staging.tokens.setdefault("maya", staging.token())
    with staging.client(token) as client:
        for n in range(20):
            list(client.import_items([{"domain": "awards", "payload": {"title": f"a{n}"}}]))
    report = run(staging, notes)
    assert (report.counts["submitted"], report.counts["waiting"]) == (0, 3)
    assert report.report.retry_after == pytest.approx(3600, abs=60)
    with Journal(default_path(staging.state_dir)) as journal:
        journal.execute("UPDATE partition SET not_before = 0")  # the journal's clock is the machine's own
    clock.now += 3600
    again = run(staging, notes)
    assert (again.counts["submitted"], again.counts["known"], again.counts["waiting"]) == (3, 3, 0)


def test_items_the_service_refuses_are_kept_with_their_issues(
    staging: Staging, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from askcv_agents.issues import FieldIssue
    from askcv_agents.staging import intake

    real = intake.parse_payload
    monkeypatch.setattr(intake, "_all_valid", lambda _: [])
    monkeypatch.setattr(
        intake,
        "parse_payload",
        lambda d, p, **k: (FieldIssue("name", "not today"),) if d == "skills" else real(d, p, **k),
    )
    report = run(staging, notes)
    assert (report.counts["submitted"], report.counts["refused"]) == (2, 1)
    with sqlite3.connect(default_path(staging.state_dir)) as db:
        assert db.execute("SELECT issues FROM item WHERE state = 'refused'").fetchall() == [
            ('[{"path":"name","message":"not today"}]',)
        ]
    assert run(staging, notes).counts["submitted"] == 0


def test_a_claim_that_no_document_makes_is_rejected_and_counted(staging: Staging, notes: Path) -> None:
    report = consistent(run(staging, notes, pipeline=Pipeline(Subject("Maya"), LyingExtractor())))
    assert (report.counts["rejected"], report.counts["submitted"]) == (1, 0)
    assert next(e for e in report.events if isinstance(e, Decided)).result.rejections[0].reason == "quote_not_found"


def test_a_document_that_cannot_be_read_is_named_and_the_others_go_on(staging: Staging, notes: Path) -> None:
    (notes / "broken.md").write_bytes(b"\xff\xfe\x00\x00\xd8")
    (notes / "empty.txt").write_text(" \n")
    (notes / "sub").mkdir()
    report = run(staging, notes, notes / "sub")
    assert report.counts["submitted"] == 3
    failed = sorted(Path(event.document).name for event in report.events if isinstance(event, Failure))
    assert failed == ["broken.md", "empty.txt", "sub"]


def test_addresses_and_secrets_are_masked_before_anything_leaves(staging: Staging, tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2" * 9
    (tmp_path / "n.md").write_text(f"- Mailed ada@example.org and called +46 40 555 01 77.\n- Rotated {secret}.\n")
    report = run(staging, tmp_path / "n.md")
    assert report.report.masked == {"e-mail address": 1, "phone number": 1, "secret": 1}
    held = b"".join(path.read_bytes() for path in tmp_path.glob("staging.db*"))
    held += b"".join(path.read_bytes() for path in staging.state_dir.glob("journal.db*"))
    for private in (b"ada@example.org", b"555 01 77", secret.encode()):
        assert private not in held
    assert b"[e-mail address]" in held
    assert run(staging, tmp_path / "n.md").counts["submitted"] == 0


MINUTES = "Attendees: Maya Lindqvist, Dana Okafor\n\n- Paired with Dana on the parser.\n- skill: Okafor\n- skill: Go\n"


def test_names_that_a_document_gives_are_masked_where_that_is_chosen_also_in_evidence(
    staging: Staging, tmp_path: Path
) -> None:
    (tmp_path / "1on1-dana.md").write_text(MINUTES)
    masking = replace(PIPELINE, names="mask")
    done = consistent(run(staging, tmp_path / "1on1-dana.md", pipeline=masking))
    assert done.counts["submitted"] == 2
    staged = b"".join(path.read_bytes() for path in tmp_path.glob("staging.db*"))
    assert b"Paired with [name] on the parser." in staged
    assert b"1on1-[name].md" in staged
    assert b"dana" not in staged.lower()
    assert run(staging, tmp_path / "1on1-dana.md", pipeline=masking).counts["submitted"] == 0


def test_an_item_of_whose_name_masking_leaves_nothing_is_rejected_and_says_so(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text(MINUTES)
    done = consistent(run(staging, tmp_path / "n.md", pipeline=replace(PIPELINE, names="mask")))
    (decided,) = (event for event in done.events if isinstance(event, Decided))
    assert [(r.reason, r.candidate.fields["name"]) for r in decided.result.rejections] == [("nothing_left", "Okafor")]


def test_the_choice_about_names_is_asked_for_once_and_remembered_for_the_record(
    staging: Staging, tmp_path: Path
) -> None:
    asked = []

    def ask() -> str:
        asked.append(1)
        return "mask"

    (tmp_path / "n.md").write_text(MINUTES)
    for _ in range(2):
        run(staging, tmp_path / "n.md", pipeline=replace(PIPELINE, ask_names=ask))
    assert len(asked) == 1
    assert run(staging, tmp_path / "n.md").report.notes == ("Compared with 0 items of the record, just read.",)
    other = run(staging, tmp_path / "n.md", pipeline=replace(PIPELINE, ask_names=ask), token=staging.token("Other"))
    assert (other.counts["submitted"], len(asked)) == (2, 2)


def test_a_dry_run_tries_a_choice_and_does_not_remember_it(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text(MINUTES)
    tried = run(staging, tmp_path / "n.md", pipeline=replace(PIPELINE, names="mask", dry_run=True))
    assert tried.report.masked["name"]
    kept = run(staging, tmp_path / "n.md")
    assert "name" not in kept.report.masked
    assert any("were kept" in note for note in kept.report.notes)


def test_a_choice_that_differs_from_the_one_on_record_is_said(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text(MINUTES)
    run(staging, tmp_path / "n.md", pipeline=replace(PIPELINE, names="keep"))
    changed = run(staging, tmp_path / "n.md", pipeline=replace(PIPELINE, names="mask"))
    assert any("differently" in note for note in changed.report.notes)


def test_fields_that_hold_a_third_party_are_left_out_when_names_are_masked(tmp_path: Path) -> None:
    (tmp_path / "letter.md").write_text("- praise: Maya is calm under fire, said Élodie.\n")
    (result,) = (
        event.value.result
        for event in replace(PIPELINE, extractor=PraiseExtractor(), names="mask").extract([tmp_path / "letter.md"])
        if isinstance(event.value, Decided)
    )
    (item,) = result.items
    assert item.payload.to_wire() == {"quote": "Maya is calm under fire, said [name].", "relationship": "peer"}


def test_a_term_that_is_also_a_word_of_a_list_changes_no_choice(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "letter.md").write_text("- praise: Maya is my best peer, said Élodie.\n")
    pipeline = replace(PIPELINE, extractor=PraiseExtractor(), redactor=Redactor(("peer",)))
    assert run(staging, tmp_path / "letter.md", pipeline=pipeline).counts["submitted"] == 1


def test_a_second_process_is_told_that_one_is_at_work(staging: Staging, notes: Path) -> None:
    run(staging, notes)
    with staging.client(staging.tokens["maya"]) as client:
        tenant = client.profile().tenant_id
        with (
            Journal(default_path(staging.state_dir)) as journal,
            journal.partition(staging.settings().record_address, tenant),
            pytest.raises(JournalError, match="another askcv process"),
        ):
            run(staging, notes)


async def test_the_same_run_can_be_awaited(staging: Staging, notes: Path) -> None:
    settings = staging.settings()
    async with AsyncClient(settings) as client:
        report = await client.run(PIPELINE.run([notes], client.settings, client.retry))
    assert report.counts["submitted"] == 3


def test_a_token_that_may_only_write_compares_with_the_journal_and_says_so(staging: Staging, notes: Path) -> None:
    token = staging.token(scopes=("agent:write",))
    report = run(staging, notes, token=token)
    assert report.counts["submitted"] == 3
    assert any("could not be read" in note for note in report.report.notes)
    assert run(staging, notes, token=token).counts["submitted"] == 0


def test_several_processes_give_what_one_gives_in_the_same_order(staging: Staging, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.md").write_text(f"# Done\n\n- Closed ticket {number}.\n- Wrote the handbook.\n")
    (tmp_path / "07.md").write_bytes(b"\xff\xff")
    serial = run(staging, tmp_path, token=staging.token("One"))
    pooled = Pipeline(PIPELINE.subject, PIPELINE.extractor, engine=ProcessEngine(2))
    parallel = run(staging, tmp_path, token=staging.token("Two"), pipeline=pooled)
    assert parallel.counts == serial.counts
    assert parallel.events[:-1] == serial.events[:-1]  # the last one names the batch


def test_batches_are_full_though_documents_are_small(staging: Staging, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.md").write_text(f"- Closed ticket {number}.\n- Closed ticket {number}a.\n")
    assert [len(receipt.staged) for receipt in run(staging, tmp_path).report.receipts] == [100, 20]
