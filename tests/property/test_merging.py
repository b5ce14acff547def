"""Merging two journals: nothing that either knows is lost, and neither their order nor how often makes a difference."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from askcv_agents import wire
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.done import Mark
from askcv_pipelines.further import BATCH_STATES, ITEM_STATES
from askcv_pipelines.journal import Journal
from askcv_pipelines.merging import Merged, merge
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.partition import Partition
from askcv_pipelines.values import BatchItem, DocumentInfo, Subject
from tests.conftest import Clock

EXAMPLES = int(os.environ.get("ASKCV_EXAMPLES", "40"))
DOMAIN = "knowledge_entries"
OF_THE_MACHINE = {"partition_id", "holder", "opened_at"}
KEYS = {
    "item": ("fingerprint",),
    "batch": ("key",),
    "document": ("sha256", "extractor"),
    "place": ("place",),
    "done_action": ("fingerprint",),
    "import_request": ("asked_at",),
}
SERVICES = st.sampled_from(["https://a.example", "https://b.example"])

STEPS = st.one_of(
    st.tuples(st.just("queue"), st.integers(0, 7)),
    st.tuples(st.just("send"), st.sampled_from(["accepted", "partly", "refused", "unknown", "not staged", "killed"])),
    st.tuples(st.just("review"), st.sampled_from(["approved", "rejected"])),
    st.tuples(st.just("record"), st.integers(0, 7)),
    st.tuples(st.just("resolve"), st.sampled_from(["resend", "drop"])),
    st.tuples(st.just("done"), st.integers(0, 3)),
    st.tuples(st.just("read"), st.integers(0, 3)),
    st.tuples(st.just("forget"), st.integers(0, 3)),
    st.tuples(st.just("names"), st.sampled_from(["keep", "mask"])),
)
LIVES = st.lists(st.tuples(SERVICES, STEPS), max_size=14)


def an_item(number: int, note: str = "") -> BatchItem:
    payload = {"title": f"Item {number}{note}", "content": f"Closed ticket {number}."}
    evidence = {"quote": f"Closed ticket {number}.", "document": f"d{number % 4}.md"}
    return BatchItem(fingerprint(DOMAIN, payload), DOMAIN, payload, evidence)


class Machine:
    """One machine's journal and its clock."""

    def __init__(self, folder: Path, name: str, start: float) -> None:
        self.path = folder / name / "journal.db"
        self.path.parent.mkdir()
        self.name = name
        self.clock = Clock(start)

    @contextmanager
    def open(self) -> Iterator[Journal]:
        with Journal(self.path, now=self.clock) as journal:
            yield journal

    def live(self, steps: list[tuple[str, tuple[str, Any]]]) -> None:
        for service, (what, how) in steps:
            self.clock.now += 1.0
            with self.open() as journal, journal.partition(service, "t", None) as part:
                part.outbox.left_behind()
                getattr(self, what.replace(" ", "_"))(part, how)

    def queue(self, part: Partition, number: int) -> None:
        item = an_item(number, f" on {self.name}")
        part.outbox.enqueue([QueuedItem(item, "new", "", (an_item(number),))])
        part.places.gave([(f"/{self.name}/d{number % 4}.md", [item.fingerprint])])

    def send(self, part: Partition, outcome: str) -> None:
        if (batch := part.outbox.next_batch(evidence=True)) is None:
            return
        part.outbox.sending(batch)
        first = 1 if outcome == "partly" else 0
        staged = tuple(wire.Staged(n, f"{batch.key}-{n}") for n in range(first, batch.size))
        refused = wire.Receipt.read({"errors": [{"index": 0, "path": "title", "message": "no"}]}, 1).refused
        match outcome:
            case "accepted" | "partly":
                receipt = wire.Receipt(f"b-{batch.key}", len(staged), staged, refused if first else ())
                part.outbox.accepted(batch.key, receipt)
            case "refused":
                part.outbox.refused(batch.key, "no")
            case "unknown":
                part.outbox.unknown(batch.key, "lost")
            case "not staged":
                part.outbox.not_staged(batch.key)

    def review(self, part: Partition, verdict: str) -> None:
        for batch in part.outbox.open_batches():
            if batch.state == "accepted" and batch.batch_id:
                counts = {"approved": 0, "rejected": 0, verdict: 1}
                answer = {"batchId": batch.batch_id, "status": "completed", "counts": counts}
                part.outbox.reviewed(batch.key, wire.StatusAnswer.model_validate(answer))
                return

    def record(self, part: Partition, number: int) -> None:
        part.outbox.in_record(DOMAIN, [an_item(number).fingerprint])

    def resolve(self, part: Partition, how: str) -> None:
        for batch in part.outbox.open_batches():
            if batch.state == "unknown":
                (part.outbox.resend if how == "resend" else part.outbox.drop)(batch.key)
                return

    def done(self, part: Partition, number: int) -> None:
        payload = {"title": f"Write page {number}", "status": "done"}
        item = BatchItem(fingerprint("coaching_action_items", payload), "coaching_action_items", payload, {})
        part.done.note([Mark(item, f"/{self.name}/d{number}.md", None)])

    def read(self, part: Partition, number: int) -> None:
        place = f"/{self.name}/d{number}.md"
        document = DocumentInfo(f"d{number}.md", "other", Subject("Maya"), f"sha-{number}", place=place)
        part.saw(document, "rules 1")
        part.places.keep([document], part.places.changes([document], ()))

    def forget(self, part: Partition, number: int) -> None:
        for place in part.forgetting.named(f"d{number}.md"):
            part.forgetting.document(place)

    def names(self, part: Partition, choice: Any) -> None:
        part.settle_names(choice)


def settled(journal: Journal) -> None:
    """Nothing is being sent: as an export leaves it."""
    for row in journal.execute("SELECT base_url, tenant FROM partition").fetchall():
        with journal.partition(row["base_url"], row["tenant"], None) as part:
            part.outbox.left_behind()


def merged(source: Machine, target: Machine) -> tuple[Merged, dict[str, Any]]:
    with source.open() as theirs, target.open() as ours:
        settled(theirs)
        settled(ours)
        result = merge(theirs, ours)
        assert ours.execute("PRAGMA foreign_key_check").fetchone() is None
        return result, content(ours)


def content(journal: Journal) -> dict[str, Any]:
    """What a journal knows, by the names that hold everywhere."""
    known: dict[str, Any] = {}
    for table in ("partition", *KEYS):
        for row in journal.execute(
            f"SELECT * FROM {table}" if table == "partition" else
            f"SELECT base_url, tenant, {table}.* FROM {table} JOIN partition ON partition.id = partition_id"
        ).fetchall():  # fmt: skip
            values = {key: row[key] for key in row.keys() if key not in OF_THE_MACHINE}  # noqa: SIM118 - a Row
            number = values.pop("id", None)
            if table == "item":
                values |= of_item(journal, number)
            named = [values.get(key) for key in ("base_url", *KEYS.get(table, ()))]
            known.setdefault(f"{table} {named}", []).append(values)
    return known


def of_item(journal: Journal, number: int) -> dict[str, Any]:
    batch = journal.execute(
        "SELECT key, position FROM batch_item JOIN batch ON batch.id = batch WHERE item = ?", number
    ).fetchone()
    parts = journal.execute("SELECT position, payload FROM item_part WHERE item = ? ORDER BY 1", number).fetchall()
    places = journal.execute("SELECT place FROM item_source WHERE item = ? ORDER BY 1", number).fetchall()
    return {"in": batch and tuple(batch), "parts": list(map(tuple, parts)), "places": list(map(tuple, places))}


@contextmanager
def machines(before: Any, here: Any, there: Any) -> Iterator[tuple[Path, Machine, Machine]]:
    """Two machines that were one, and went on apart."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = Machine(folder, "one", 1_000.0)
        one.live(before)
        other = Machine(folder, "other", 1_000.5 + len(before))
        if one.path.exists():
            with one.open() as journal:
                journal.copy_to(other.path)
        one.live(here)
        other.live(there)
        yield folder, one, other


def copied(folder: Path, machine: Machine, name: str) -> Machine:
    twin = Machine(folder, name, machine.clock.now)
    if machine.path.exists():
        with machine.open() as journal:
            journal.copy_to(twin.path)
    return twin


RUN = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@RUN
@given(before=LIVES, here=LIVES, there=LIVES)
def test_merging_again_changes_nothing(before: Any, here: Any, there: Any) -> None:
    with machines(before, here, there) as (_, one, other):
        first, after = merged(other, one)
        again, then = merged(other, one)
        assert then == after
        assert (again.items, again.batches, again.further) == (0, 0, 0)
        assert set(again.conflicts) <= set(first.conflicts)


@RUN
@given(before=LIVES, here=LIVES, there=LIVES)
def test_which_is_merged_into_which_makes_no_difference_where_they_do_not_contradict(
    before: Any, here: Any, there: Any
) -> None:
    with machines(before, here, there) as (folder, one, other):
        twin, twin_of_other = copied(folder, one, "twin"), copied(folder, other, "twin of other")
        into_one, after = merged(other, one)
        assume(not into_one.conflicts)
        into_other, there_after = merged(twin, twin_of_other)
        assert not into_other.conflicts
        assert there_after == after


@RUN
@given(before=LIVES, here=LIVES, there=LIVES)
def test_nothing_is_lost_and_nothing_that_left_waits_again(before: Any, here: Any, there: Any) -> None:
    with machines(before, here, there) as (_, one, other):
        known = []
        for machine in (one, other):
            with machine.open() as journal:
                settled(journal)
                known.append(content(journal))
        _, after = merged(other, one)
        for side in known:
            for name, rows in side.items():
                kind, state = name.split()[0], rows[0].get("state")
                if kind == "batch" and state == "queued":
                    continue  # a choice of items that wait: they may wait loose
                assert name in after
                if kind == "item":
                    assert ITEM_STATES[after[name][0]["state"]] >= ITEM_STATES[state]
                if kind == "batch" and state != "unknown":
                    assert after[name][0]["state"] != "queued"
        for name, rows in after.items():
            if name.startswith("item") and rows[0]["state"] == "queued":
                assert all(side[name][0]["state"] == "queued" for side in known if name in side)
            if name.startswith("batch") and rows[0]["state"] == "unknown":
                assert any(BATCH_STATES[side[name][0]["state"]] >= 1 for side in known if name in side)


def test_the_journals_of_these_tests_come_to_every_state() -> None:
    """The steps above reach what they are meant to reach."""
    folder = Path(tempfile.mkdtemp())
    try:
        machine, at = Machine(folder, "one", 0.0), "https://a.example"
        states = set()
        for number, outcome in enumerate(("accepted", "partly", "refused", "unknown", "killed")):
            for step in (("queue", number), ("send", outcome), ("review", "approved")):
                machine.live([(at, step)])
                with machine.open() as journal:
                    states |= {row[0] for row in journal.execute("SELECT state FROM item").fetchall()}
                    states |= {row[0] for row in journal.execute("SELECT state FROM batch").fetchall()}
        assert {"approved", "refused", "unknown", "reviewed", "sending", "queued"} <= states
    finally:
        shutil.rmtree(folder)
