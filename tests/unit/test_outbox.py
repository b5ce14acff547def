"""The outbox against a service that fails in every way: nothing lost, nothing doubled, nothing silent."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from askcv_agents import Client, Settings, Token, errors
from askcv_pipelines import Pipeline, RunReport, Subject
from askcv_pipelines.accounts import open_partition
from askcv_pipelines.journal import Journal, default_path
from tests.conftest import Clock
from tests.extractors import BulletExtractor

DAY = 24 * 3600.0
Answer = httpx2.Response | Exception
Plan = list[str]


class Service:
    """A service that follows a plan for imports, and remembers what it staged under which key."""

    def __init__(self, clock: Clock, *plan: str, record: tuple[str, ...] = ()) -> None:
        self.clock, self.plan, self.record = clock, list(plan), record
        self.staged: Counter[str] = Counter()
        self.keys: dict[str, float] = {}
        self.posts = 0
        self.waits: list[float] = []
        self.killed = False

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            self.posts += 1
            return self.imported(request, self.plan.pop(0) if self.plan else "ok")
        if request.url.path.endswith("/profile"):
            return httpx2.Response(200, json={"tenantId": "t1"})
        items = [{"id": text, "payload": {"title": text, "content": text}} for text in self.record]
        return httpx2.Response(200, json={"items": items, "hasMore": False})

    def imported(self, request: httpx2.Request, step: str) -> httpx2.Response:
        match step:
            case "refused connection":
                raise httpx2.ConnectError("refused")
            case "429":
                return httpx2.Response(429, json={"error": "rate_limited", "retryAfterMs": 500})
            case "429 long":
                return httpx2.Response(429, json={"error": "rate_limited", "retryAfterMs": 1_800_000})
            case "401":
                return httpx2.Response(401, json={"error": "unauthorized"})
            case "400":
                return httpx2.Response(400, json={"error": "bad_request", "message": "what is this"})
            case "lost before commit":
                raise httpx2.ReadTimeout("slow")
        answer = self.commit(request)
        if step == "lost after commit":
            raise httpx2.ReadTimeout("slow")
        return httpx2.Response(502, text="<html>") if step == "5xx after commit" else answer

    def commit(self, request: httpx2.Request) -> httpx2.Response:
        items = json.loads(request.content)["items"]
        key = request.headers["idempotency-key"]
        if self.clock() - self.keys.get(key, -DAY) >= DAY:
            self.keys[key] = self.clock()
            self.staged.update(item["payload"]["title"] for item in items)
        listed = [{"index": n, "itemId": f"i{n}"} for n in range(len(items))]
        return httpx2.Response(202, json={"batchId": "b", "accepted": len(items), "items": listed})


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text("# Done\n\n- Wrote the handbook.\n- Cut the build time by 35 %.\n")
    return path


@pytest.fixture
def sync(notes: Path, tmp_path: Path, clock: Clock) -> Callable[..., RunReport]:
    def run(service: Service, *, honoured: bool, max_wait: float = 60.0) -> RunReport:
        settings = Settings(
            token=Token("askcv_agt_x"),
            base_url="http://127.0.0.1:1",
            state_dir=tmp_path / "state",
            idempotent_imports=honoured,
            max_wait=max_wait,
        )

        def sleep(seconds: float) -> None:
            if service.killed:
                raise KeyboardInterrupt
            service.waits.append(seconds)
            clock.sleep(seconds)

        with Client(settings, transport=httpx2.MockTransport(service), sleep=sleep) as client:
            pipeline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), now=clock)
            return client.run(pipeline.run([notes], settings, client.retry))

    return run


def states(tmp_path: Path) -> dict[str, int]:
    with Journal(default_path(tmp_path / "state")) as journal:
        rows = journal.execute("SELECT state, count(*) FROM item GROUP BY state")
        return {row[0]: row[1] for row in rows}


LOST = ["lost before commit", "lost after commit", "5xx after commit"]


@pytest.mark.parametrize("first", LOST)
@pytest.mark.parametrize("then", ["429 long", "refused connection", "401", "lost before commit"])
@pytest.mark.parametrize("later", [60.0, 25 * 3600.0])
def test_what_may_be_staged_is_sent_again_only_while_its_key_is_remembered(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path, first: str, then: str, later: float
) -> None:
    service = Service(clock, first, then, then, then)
    with contextlib.suppress(errors.ApiError):
        sync(service, honoured=True)
    assert states(tmp_path) == {"unknown": 2}
    clock.now += max(later, 1_900.0)
    service.plan.clear()
    report = sync(service, honoured=True)
    assert all(count == 1 for count in service.staged.values())
    if later < DAY:
        assert (report.counts["unknown"], sum(service.staged.values())) == (0, 2)
    else:
        assert report.counts["unknown"] == 2


@pytest.mark.parametrize("first", LOST)
def test_without_keys_what_may_be_staged_is_never_sent_again_and_stays_on_record(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path, first: str
) -> None:
    service = Service(clock, first)
    for _ in range(3):
        assert sync(service, honoured=False).counts["unknown"] == 2
    assert service.posts == 1
    assert states(tmp_path) == {"unknown": 2}


def test_what_the_record_turns_out_to_hold_is_no_longer_unknown(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path
) -> None:
    service = Service(clock, "lost after commit")
    sync(service, honoured=False)
    service.record = ("Wrote the handbook.", "Cut the build time by 35 %.")
    assert sync(service, honoured=False).counts["unknown"] == 0
    assert states(tmp_path) == {"approved": 2}


@pytest.mark.parametrize("honoured", [True, False])
def test_a_kill_while_a_rate_limit_is_waited_for_loses_nothing(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path, honoured: bool
) -> None:
    service = Service(clock, "429")
    service.killed = True
    with pytest.raises(KeyboardInterrupt):
        sync(service, honoured=honoured)
    assert states(tmp_path) == {"queued": 2}
    service.killed = False
    clock.now += 10
    assert sync(service, honoured=honoured).counts["submitted"] == 2


@pytest.mark.parametrize("honoured", [True, False])
@pytest.mark.parametrize("plan", [["429", "429"], ["refused connection", "refused connection"], ["429", "ok"]])
def test_short_troubles_are_waited_out(
    sync: Callable[..., RunReport], clock: Clock, honoured: bool, plan: Plan
) -> None:
    service = Service(clock, *plan)
    assert sync(service, honoured=honoured).counts["submitted"] == 2
    assert all(wait > 0 for wait in service.waits)


def test_a_long_rate_limit_holds_every_batch_and_says_for_how_long(
    sync: Callable[..., RunReport], clock: Clock, notes: Path
) -> None:
    notes.write_text("".join(f"- Closed ticket {n}.\n" for n in range(250)))
    service = Service(clock, "ok", "429 long")
    first = sync(service, honoured=False)
    assert (first.counts["submitted"], first.counts["waiting"]) == (100, 150)
    assert first.retry_after == pytest.approx(1800, abs=2)
    clock.now += 600
    again = sync(service, honoured=False)
    assert (service.posts, again.counts["submitted"]) == (2, 0)
    assert again.retry_after == pytest.approx(1200, abs=2)
    clock.now += 1300
    assert sync(service, honoured=False).counts["submitted"] == 150
    assert sum(service.staged.values()) == 250


def test_a_request_that_is_refused_whole_is_counted_and_kept(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path
) -> None:
    report = sync(Service(clock, "400"), honoured=False)
    assert (report.counts["submitted"], report.counts["refused"]) == (0, 2)
    assert "what is this" in report.receipts[0].refused[0].issues[0].message
    assert states(tmp_path) == {"refused": 2}


def test_the_same_bytes_leave_again_whatever_the_settings_say_by_then(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path
) -> None:
    bodies: list[bytes] = []

    class Watching(Service):
        def imported(self, request: httpx2.Request, step: str) -> httpx2.Response:
            bodies.append(request.content)
            return super().imported(request, step)

    service = Watching(clock, *["lost before commit"] * 3)
    sync(service, honoured=True)
    assert sync(service, honoured=True).counts["submitted"] == 2
    assert len(set(bodies)) == 1


@pytest.mark.parametrize(("verdict", "posts", "state"), [("resend", 2, "pending"), ("drop", 1, "dropped")])
def test_a_person_settles_what_is_unknown(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path, verdict: str, posts: int, state: str
) -> None:
    service = Service(clock, "lost before commit")
    sync(service, honoured=False)
    settings = Settings(token=Token("askcv_agt_x"), base_url="http://127.0.0.1:1", state_dir=tmp_path / "state")
    with open_partition(settings, "t1") as partition:
        (batch,) = partition.outbox.open_batches()
        assert [item["label"] for item in partition.outbox.items(batch.key)] == [
            "Wrote the handbook.",
            "Cut the build time by 35 %.",
        ]
        assert getattr(partition.outbox, verdict)(batch.key)
        assert not getattr(partition.outbox, verdict)(batch.key)
    assert sync(service, honoured=False).counts["unknown"] == 0
    assert (service.posts, states(tmp_path)) == (posts, {state: 2})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"status": "completed", "items": [{"itemId": "x", "index": 1, "status": "rejected"},
                                           {"itemId": "i0", "status": "approved"}]}, {"approved": 1, "declined": 1}),
        ({"status": "completed", "counts": {"approved": 2, "rejected": 0}}, {"approved": 2}),
        ({"status": "completed", "counts": {"approved": 1, "rejected": 1}}, {"pending": 2}),
        ({"status": "partially_reviewed", "items": [{"itemId": "i0", "status": "approved"}]},
         {"approved": 1, "pending": 1}),
    ],
)  # fmt: skip
def test_verdicts_are_matched_by_id_by_index_or_where_all_are_the_same(
    sync: Callable[..., RunReport], clock: Clock, tmp_path: Path, status: dict[str, Any], expected: dict[str, int]
) -> None:
    from askcv_agents.wire import StatusAnswer

    sync(Service(clock), honoured=False)
    settings = Settings(token=Token("askcv_agt_x"), base_url="http://127.0.0.1:1", state_dir=tmp_path / "state")
    with open_partition(settings, "t1") as partition:
        (batch,) = partition.outbox.open_batches()
        partition.outbox.reviewed(batch.key, StatusAnswer.model_validate({"batchId": "b"} | status))
        still_open = bool(partition.outbox.open_batches())
    assert states(tmp_path) == expected
    assert still_open == ("pending" in expected)
