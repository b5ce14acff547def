"""The states of batches, against a model: whatever a service does, whenever the process dies, and whoever settles what,
states move along the drawn arrows alone, and nothing that may be staged leaves again without a key that is honoured."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from askcv_agents import Settings, Token, wire
from askcv_agents.errors import ApiError
from askcv_agents.exchange import Answer, Request, RetryPolicy, Send, TransportFault, Wait, resume
from askcv_pipelines import submit
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.journal import Journal
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.partition import Partition
from askcv_pipelines.values import BatchItem
from tests.conftest import Clock

ARROWS = {
    ("queued", "sending"),
    ("sending", "accepted"),
    ("sending", "refused"),
    ("sending", "unknown"),
    ("sending", "queued"),  # nothing was staged, for sure
    ("unknown", "sending"),  # the service honours keys
    ("unknown", "queued"),  # a person looked
    ("unknown", "reviewed"),  # so did one, or the record tells
    ("accepted", "reviewed"),
}
STEPS = (
    "ok",
    "partly",
    "lost before",
    "lost after",
    "5xx before",
    "5xx after",
    "unreadable",
    "not sent",
    "401",
    "400",
    "429",
    "429 long",
    "killed before",
    "killed after",
)
LIMIT = wire.Limit(4, 3600, "tenant")


class Killed(Exception):
    """The process ended here."""


class Service:
    """What it staged, and which keys it remembers."""

    def __init__(self, clock: Clock, *, honours: bool) -> None:
        self.clock, self.honours = clock, honours
        self.answers: dict[str, tuple[float, dict[str, Any]]] = {}
        self.batches: dict[str, dict[str, str]] = {}
        self.staged: Counter[str] = Counter()
        self.asked: list[float] = []

    def stage(self, key: str, body: bytes, *, partly: bool) -> dict[str, Any]:
        at, answer = self.answers.get(key, (float("-inf"), {}))
        if self.honours and self.clock() - at < wire.IDEMPOTENCY_HOURS * 3600:
            return answer
        titles = [item["payload"]["title"] for item in json.loads(body)["items"]]
        errors = [{"index": 0, "issues": [{"path": "title", "message": "no"}]}] if partly else []
        kept = titles[1:] if partly else titles
        if not kept:
            return {"errors": errors}
        self.staged.update(kept)
        batch_id = f"b{len(self.batches)}"
        self.batches[batch_id] = dict.fromkeys(kept, "pending")
        listed = [{"index": titles.index(title), "itemId": title} for title in kept]
        answer = {"batchId": batch_id, "accepted": len(kept), "items": listed, "errors": errors}
        self.answers[key] = (self.clock(), answer)
        return answer


class Batches(RuleBasedStateMachine):
    """One journal, one service, one clock."""

    @initialize(honours=st.booleans())
    def begin(self, honours: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.service = Service(self.clock, honours=honours)
        self.settings = Settings(token=Token("askcv_agt_x"), base_url="https://a.example", idempotent_imports=honours)
        self.count = 0
        self.may_be_staged: set[str] = set()
        self.stack = ExitStack()
        self.open()

    def open(self) -> None:
        journal = self.stack.enter_context(Journal(Path(self.folder.name, "journal.db"), now=self.clock))
        self.journal = journal
        self.part: Partition = self.stack.enter_context(journal.partition("https://a.example", "t", LIMIT))
        journal.execute("CREATE TEMP TABLE moved (before TEXT, after TEXT)")
        journal.execute(
            "CREATE TEMP TRIGGER moves AFTER UPDATE OF state ON main.batch WHEN old.state != new.state "
            "BEGIN INSERT INTO moved VALUES (old.state, new.state); END"
        )
        self.part.outbox.left_behind()

    # -- what happens ----------------------------------------------------------------------------------------------

    @rule(count=st.integers(1, 4))
    def enqueue(self, count: int) -> None:
        queued = []
        for _ in range(count):
            self.count += 1
            payload = {"title": f"Item {self.count}", "content": f"Item {self.count}"}
            item = BatchItem(fingerprint("knowledge_entries", payload), "knowledge_entries", payload, None)
            queued.append(QueuedItem(item, "new", ""))
        self.part.outbox.enqueue(queued)

    @rule(plan=st.lists(st.sampled_from(STEPS), max_size=6), max_wait=st.sampled_from([0.0, 5.0, 10_000.0]))
    def run(self, plan: list[str], max_wait: float) -> None:
        """A run; a kill opens the journal anew."""
        operation = submit.drain(self.part, self.settings, RetryPolicy(base=0.01, max_wait=max_wait))
        outcome: Answer | TransportFault | None = None
        try:
            while True:
                effect = resume(operation, outcome)
                outcome = None
                if isinstance(effect, Wait):
                    self.clock.sleep(effect.seconds)
                elif isinstance(effect, Send):
                    outcome = self.answer(effect.request, plan.pop(0) if plan else "ok")
        except (StopIteration, ApiError):
            pass
        except Killed:
            self.restart()

    def answer(self, request: Request, step: str) -> Answer | TransportFault:
        key, body = request.headers[wire.IDEMPOTENCY_HEADER], request.body or b""
        self.check_before_the_first_byte(key)
        self.service.asked.append(self.clock())
        if step == "killed before":
            self.may_be_staged.add(key)  # as far as anybody can tell
            raise Killed
        if step in {"not sent", "401", "400", "429", "429 long"}:
            self.service.asked.pop()
            bodies = {"429": {"retryAfterMs": 700}, "429 long": {"retryAfterMs": 1_800_000}}
            if step == "not sent":
                return TransportFault("ConnectError", sent=False)
            return Answer(int(step[:3]), {}, json.dumps(bodies.get(step, {"error": "x"})).encode())
        told = {} if step.endswith(" before") else self.service.stage(key, body, partly=step == "partly")
        self.may_be_staged.add(key)
        match step:
            case "killed after":
                raise Killed
            case "lost before" | "lost after":
                return TransportFault("ReadTimeout", sent=True)
            case "5xx before" | "5xx after":
                return Answer(503, {}, b"<html>")
            case "unreadable":
                return Answer(202, {}, json.dumps(told).encode()[:-5])
        if "batchId" not in told:
            self.may_be_staged.discard(key)
            return Answer(422, {}, json.dumps(told).encode())
        return Answer(202, {}, json.dumps(told).encode())

    def check_before_the_first_byte(self, key: str) -> None:
        with sqlite3.connect(Path(self.folder.name, "journal.db")) as other:  # what a second process would see
            row = other.execute("SELECT state FROM batch WHERE key = ?", (key,)).fetchone()
        other.close()
        assert row == ("sending",)
        if key in self.may_be_staged:
            assert self.service.honours
        recent = [at for at in self.service.asked if at > self.clock() - LIMIT.seconds]
        assert len(recent) < LIMIT.requests

    @rule()
    def restart(self) -> None:
        self.stack.close()
        self.open()

    @rule(seconds=st.sampled_from([1.0, 1_000.0, 3_700.0, 23.5 * 3600, 90_000.0]))
    def pass_time(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    @rule(seconds=st.sampled_from([30.0, 4_000.0, 200_000.0]))
    def set_the_clock_back(self, seconds: float) -> None:
        """And the service's with it here, but that it forgets its keys: the worst that may be."""
        self.service.asked = [at for at in self.service.asked if at > self.clock() - LIMIT.seconds]
        self.clock.now -= seconds
        self.service.answers = {key: (float("-inf"), answer) for key, (_, answer) in self.service.answers.items()}
        self.service.asked = [min(at, self.clock()) for at in self.service.asked]
        if seconds > 60:
            self.restart()
        else:
            self.service.answers = {key: (self.clock(), answer) for key, (_, answer) in self.service.answers.items()}

    @precondition(lambda self: self.batches("unknown"))
    @rule(resend=st.booleans())
    def a_person_looks(self, resend: bool) -> None:
        """Into the inbox and the record: what is there is dropped, or what is not there may be sent again."""
        (key, titles) = self.batches("unknown")[0]
        if any(self.service.staged[title] for title in titles):
            self.part.outbox.drop(key)
        elif resend:
            self.part.outbox.resend(key)
            self.may_be_staged.discard(key)

    @precondition(lambda self: self.service.batches)
    @rule(verdict=st.sampled_from(["approved", "rejected"]), whole=st.booleans(), known=st.booleans())
    def review(self, verdict: str, whole: bool, known: bool) -> None:
        """A person decides on a batch; the run hears of it by its id, or by the record."""
        batch_id, items = next(reversed(self.service.batches.items()))
        for title in list(items)[: None if whole else 1]:
            items[title] = items[title] if items[title] != "pending" else verdict
        answer = {
            "batchId": batch_id,
            "status": "completed" if "pending" not in items.values() else "partially_reviewed",
            "items": [{"itemId": title, "status": state} for title, state in items.items()],
        }
        row = self.journal.execute("SELECT key FROM batch WHERE batch_id = ?", batch_id).fetchone()
        if known and row:
            self.part.outbox.reviewed(row["key"], wire.StatusAnswer.model_validate(answer))
        record = [title for found in self.service.batches.values() for title, s in found.items() if s == "approved"]
        payloads = [{"title": title, "content": title} for title in record]
        self.part.outbox.in_record("knowledge_entries", [fingerprint("knowledge_entries", p) for p in payloads])

    # -- what always holds -----------------------------------------------------------------------------------------

    def batches(self, state: str) -> list[tuple[str, list[str]]]:
        rows = self.journal.execute("SELECT key, body FROM batch WHERE state = ? ORDER BY id", state)
        return [(r["key"], [i["payload"]["title"] for i in json.loads(r["body"])["items"]]) for r in rows.fetchall()]

    @invariant()
    def nothing_is_doubled(self) -> None:
        assert all(count == 1 for count in self.service.staged.values())

    @invariant()
    def states_move_along_the_arrows(self) -> None:
        moved = {(row[0], row[1]) for row in self.journal.execute("SELECT before, after FROM moved")}
        assert moved <= ARROWS

    @invariant()
    def an_item_is_in_one_batch_and_nothing_is_lost(self) -> None:
        rows = self.journal.execute(
            "SELECT item.payload, item.state, count(batch_item.batch) AS batches, max(batch.state) AS batch "
            "FROM item LEFT JOIN batch_item ON item = item.id LEFT JOIN batch ON batch.id = batch GROUP BY item.id"
        ).fetchall()
        assert len(rows) == self.count
        for row in rows:
            staged = self.service.staged[json.loads(row["payload"])["title"]]
            assert row["batches"] <= 1
            assert row["batches"] == 1 or row["state"] == "queued"
            if row["state"] in {"pending", "approved", "declined"}:
                assert staged == 1, dict(row)
            elif row["state"] in {"queued", "refused"}:
                assert staged == 0, dict(row)
            assert row["batch"] in {None, "queued"} or row["state"] != "queued"

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()
            self.folder.cleanup()


TestBatches = Batches.TestCase
TestBatches.settings = settings(
    max_examples=max(25, int(os.environ.get("ASKCV_EXAMPLES", "0")) // 20),
    stateful_step_count=20,
    deadline=None,
    derandomize="ASKCV_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
