"""Submissions that take hours: 5,000 items under the live limits, with a clock that the test turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from askcv_agents import Client
from askcv_agents.config import Settings
from askcv_agents.errors import JournalError
from askcv_agents.exchange import Emit, Operation, Send, Wait, resume
from askcv_agents.staging.app import Backend
from askcv_pipelines import Pipeline, RunReport, Subject
from askcv_pipelines.accounts import open_partition
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.events import Event
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.values import BatchItem
from tests.conftest import Staging
from tests.contract.fault_proxy import proxy_of
from tests.contract.processes import environment, finish, sync
from tests.extractors import BulletExtractor

HOUR = 3600.0
COUNT = 5_000


class Machine:
    """Runs ``sync`` of items that wait in the journal; ``sent`` are the times at which batches left."""

    def __init__(self, staging: Staging, count: int = COUNT) -> None:
        self.staging, self.clock = staging, staging.clock
        self.token = staging.token()
        self.sent: list[float] = []
        self.statuses: list[int] = []
        settings = self.settings(0)
        with staging.client(self.token) as client:
            tenant = client.profile().tenant_id
        with open_partition(settings, tenant or "", self.clock) as part:
            part.outbox.enqueue([queued(n) for n in range(count)])

    def settings(self, max_wait: float) -> Settings:
        return self.staging.settings(self.token, max_wait=max_wait)

    def sync(self, *, max_wait: float = 0.0, dies_after: int | None = None) -> RunReport | None:
        """One run; it dies where so many of its batches were answered, if at all."""
        settings = self.settings(max_wait)
        with Client(settings, sleep=self.clock.sleep) as client:
            pipeline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), now=self.clock)
            return self._drive(client, pipeline.run([], settings, client.retry), dies_after)

    def _drive(self, client: Client, run: Operation[Event, RunReport], dies_after: int | None) -> RunReport | None:
        outcome, sent = None, 0
        try:
            while True:
                effect = resume(run, outcome)
                outcome = client._perform(effect)
                if isinstance(effect, Send) and effect.request.method == "POST":
                    self.sent.append(self.clock())
                    self.statuses.append(outcome.status)
                    self.clock.now += 2.0  # a batch takes its time
                    sent += 1
                    if sent == dies_after:
                        return None
                assert isinstance(effect, Send | Wait | Emit)
        except StopIteration as end:
            return end.value
        finally:
            run.close()

    def most_in_an_hour(self) -> int:
        return max(sum(start <= at < start + HOUR for at in self.sent) for start in self.sent)


def queued(number: int) -> QueuedItem:
    payload = {"title": f"Closed ticket {number}", "content": f"Closed ticket {number}."}
    item = BatchItem(fingerprint("knowledge_entries", payload), "knowledge_entries", payload, None)
    return QueuedItem(item, "new", "")


def staged(backend: Backend) -> int:
    with backend.store.read() as connection:
        return connection.exec_driver_sql("SELECT count(DISTINCT payload) + count(*) FROM item").scalar_one() // 2


@pytest.fixture
def machine(staging: Staging) -> Machine:
    return Machine(staging)


def test_a_run_that_waits_submits_5000_items_in_three_windows(machine: Machine, backend: Backend) -> None:
    started = machine.clock()
    report = machine.sync(max_wait=3 * HOUR)
    assert report is not None
    assert (report.counts["submitted"], report.counts["waiting"], staged(backend)) == (COUNT, 0, COUNT)
    assert machine.most_in_an_hour() == 20
    assert machine.statuses == [202] * 50  # none was sent only to be refused
    assert machine.sent[-1] - started < 2 * HOUR + 120


def test_runs_that_die_and_start_again_burn_nothing(machine: Machine, backend: Backend) -> None:
    """Every run dies after seven batches; whoever starts it does so every six minutes."""
    started, runs = machine.clock(), 0
    while (report := machine.sync(dies_after=7)) is None or report.counts["waiting"]:
        runs += 1
        machine.clock.now += 360.0
    # What a dead run had sent last is answered again under its key, which takes one more request each.
    assert runs > 20
    assert staged(backend) == COUNT
    assert machine.most_in_an_hour() <= 20
    assert set(machine.statuses) == {202}
    deaths = len(machine.sent) - 50
    assert deaths <= 9
    assert machine.sent[-1] - started < 2 * HOUR + 15 * 60


def test_the_rest_says_when_it_may_leave(staging: Staging) -> None:
    machine = Machine(staging, 2_100)
    report = machine.sync()
    assert report is not None
    assert (report.counts["submitted"], report.counts["waiting"]) == (2_000, 100)
    assert report.retry_after == pytest.approx(HOUR, abs=60)


def test_a_service_that_lists_no_limit_is_not_held_back(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging.backend.gate, "limits", None)
    monkeypatch.setattr(staging.backend.service, "limits", None)
    report = Machine(staging, 2_300).sync()
    assert report is not None
    assert report.counts["submitted"] == 2_300


def test_of_two_processes_at_once_one_works_and_the_other_is_told(staging: Staging, tmp_path: Path) -> None:
    """The first is held by the proxy while its batch is on the way; the second tries meanwhile."""
    document = tmp_path / "notes.md"
    document.write_text("# Done\n\n- Wrote the handbook.\n")
    told: list[tuple[int, dict[str, int], str]] = []
    with proxy_of(staging.base_url) as proxy:
        env = environment(tmp_path, staging.token(), proxy.base_url)

        def meanwhile(method: str, _: str) -> None:
            if method == "POST":
                told.append(finish(sync(env, document)))

        proxy.passed_on = meanwhile
        first = sync(env, document)
        code, counts, _ = finish(first)
    assert (code, counts["submitted"]) == (0, 1)
    ((code, counts, said),) = told
    assert (code, counts) == (1, {})
    assert f"another askcv process (process {first.pid}) is working on this record" in said


def test_the_lock_of_a_dead_process_is_free(staging: Staging, tmp_path: Path) -> None:
    machine = Machine(staging, 100)
    with staging.client(machine.token) as client:
        tenant = client.profile().tenant_id or ""
    with (
        open_partition(machine.settings(0), tenant, machine.clock),
        pytest.raises(JournalError, match="another askcv process"),
    ):
        machine.sync()
    assert machine.sync() is not None
