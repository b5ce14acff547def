"""What became of batches: asked for by id, and where there is none, looked up in the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from askcv_agents import Client, Settings, Token
from askcv_pipelines import Pipeline, RunReport, Subject
from askcv_pipelines.accounts import open_partition
from askcv_pipelines.follow_up import FollowUp, refresh
from tests.conftest import Clock
from tests.extractors import BulletExtractor

BULLETS = ("Wrote the handbook.", "Cut the build time by 35 %.")


@dataclass
class Service:
    """``loses`` the answers to imports; ``record`` is what export gives, ``status`` what it says of a batch."""

    loses: bool = True
    record: tuple[str, ...] = ()
    status: httpx2.Response | None = None
    may_read: bool = True
    staged: list[str] = field(default_factory=list)
    exports: int = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        import json

        if request.method == "POST":
            items = json.loads(request.content)["items"]
            self.staged += [item["payload"]["title"] for item in items]
            if self.loses:
                raise httpx2.ReadTimeout("slow")
            return httpx2.Response(202, json={"batchId": "b1", "accepted": len(items)})
        if request.url.path.endswith("/profile"):
            return httpx2.Response(200, json={"tenantId": "t1"})
        if "/import/" in request.url.path:
            return self.status or httpx2.Response(404, json={"error": "not_found"})
        self.exports += 1
        if not self.may_read:
            return httpx2.Response(403, json={"error": "insufficient_scope", "requiredScope": "agent:read"})
        items = [{"id": text, "payload": {"title": text, "content": text}} for text in self.record]
        return httpx2.Response(200, json={"items": items, "hasMore": False, "total": len(items)})


@dataclass
class Machine:
    settings: Settings
    clock: Clock
    service: Service
    notes: Path

    def run(self, operation: Callable[[Client], object]) -> object:
        with Client(self.settings, transport=httpx2.MockTransport(self.service), sleep=self.clock.sleep) as client:
            return operation(client)

    def sync(self) -> RunReport:
        pipeline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), now=self.clock)
        return self.run(lambda client: client.run(pipeline.run([self.notes], self.settings, client.retry)))

    def status(self) -> FollowUp:
        return self.run(lambda client: client.run(refresh(self.settings, client.retry, self.clock)))


@pytest.fixture
def machine(tmp_path: Path, clock: Clock) -> Machine:
    notes = tmp_path / "notes.md"
    notes.write_text("# Done\n\n" + "".join(f"- {bullet}\n" for bullet in BULLETS))
    settings = Settings(
        token=Token("askcv_agt_x"),
        base_url="http://127.0.0.1:1",
        state_dir=tmp_path / "state",
        idempotent_imports=False,
        max_wait=0.0,
    )
    return Machine(settings, clock, Service(), notes)


def test_an_unknown_batch_that_the_record_holds_is_settled(machine: Machine) -> None:
    machine.sync()
    assert machine.status().counts == {"unknown": 2}
    machine.service.record = BULLETS
    found = machine.status()
    assert (found.counts, found.batches) == ({"approved": 2}, ())


def test_one_that_it_holds_in_part_stays_unknown_and_says_that_it_was_staged(machine: Machine) -> None:
    machine.sync()
    machine.service.record = BULLETS[:1]
    found = machine.status()
    assert found.counts == {"approved": 1, "unknown": 1}
    assert "so it was staged" in found.batches[0].detail


@pytest.mark.parametrize(("verdict", "after"), [("resend", ["Cut the build time by 35 %."]), ("drop", [])])
def test_what_the_record_holds_is_not_sent_again_by_a_person_either(
    machine: Machine, verdict: str, after: list[str]
) -> None:
    machine.sync()
    machine.service.record = BULLETS[:1]
    key = machine.status().batches[0].key
    with open_partition(machine.settings, "t1", machine.clock) as part:
        assert getattr(part.outbox, verdict)(key)
    machine.service.loses = False
    machine.service.staged.clear()
    machine.sync()
    assert machine.service.staged == after
    with open_partition(machine.settings, "t1", machine.clock) as part:
        assert part.counts() == {"approved": 1, "pending" if after else "dropped": 1}


def test_a_batch_that_the_service_forgot_is_looked_up_in_the_record(machine: Machine) -> None:
    machine.service.loses = False
    machine.sync()
    machine.service.record = BULLETS
    assert machine.status().counts == {"approved": 2}


def test_where_nothing_is_unsure_the_record_is_not_asked_for(machine: Machine) -> None:
    machine.service.loses = False
    machine.sync()
    machine.service.exports = 0
    machine.service.status = httpx2.Response(200, json={"batchId": "b1", "status": "pending"})
    assert machine.status().counts == {"pending": 2}
    assert machine.service.exports == 0


def test_a_token_that_may_not_read_leaves_them_unknown_and_says_so(machine: Machine) -> None:
    machine.service.may_read = False
    machine.sync()
    found = machine.status()
    assert found.counts == {"unknown": 2}
    assert "unknown items stay unknown" in found.note


def test_what_waits_in_the_journal_and_is_found_in_the_record_does_not_leave(machine: Machine) -> None:
    """Queued on this machine, submitted from another and approved since."""
    machine.service.loses = False
    machine.service.may_read = True
    pipeline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), now=machine.clock)
    machine.run(lambda client: client.run(pipeline.run([], machine.settings, client.retry)))
    offline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), now=machine.clock, mirror="offline")
    machine.run(lambda client: client.run(offline.run([machine.notes], machine.settings, client.retry)))
    machine.service.record = BULLETS
    machine.sync()
    assert machine.service.staged == []
