"""A journal that is damaged, lost, full or out of time: said plainly, restored where it can be, and nothing doubled."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from askcv_agents import Client, Settings, Token
from askcv_agents.errors import JournalError
from askcv_pipelines import Pipeline, RunReport, Subject
from askcv_pipelines.journal import Journal
from askcv_pipelines.journal_copy import copy_of
from tests.conftest import Clock
from tests.extractors import BulletExtractor

DAY = 24 * 3600.0


class Service:
    """Stages what comes; ``lost`` many answers do not get back. It remembers keys, and nobody needs to rely on that."""

    def __init__(self) -> None:
        self.staged: Counter[str] = Counter()
        self.answers: dict[str, dict[str, object]] = {}
        self.record: list[str] = []
        self.lost = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            return self.imported(request.headers["idempotency-key"], json.loads(request.content)["items"])
        if request.url.path.endswith("/profile"):
            return httpx2.Response(200, json={"tenantId": "t1", "limits": {}})
        items = [{"id": text, "payload": {"title": text, "content": text}} for text in self.record]
        return httpx2.Response(200, json={"items": items, "hasMore": False, "total": len(items)})

    def imported(self, key: str, items: list[dict[str, dict[str, str]]]) -> httpx2.Response:
        if key not in self.answers:
            self.staged.update(item["payload"]["title"] for item in items)
            listed = [{"index": n, "itemId": f"{key}-{n}"} for n in range(len(items))]
            self.answers[key] = {"batchId": f"b{len(self.answers)}", "accepted": len(items), "items": listed}
        if self.lost:
            self.lost -= 1
            raise httpx2.ReadTimeout("slow")
        return httpx2.Response(202, json=self.answers[key])


Sync = Callable[..., RunReport]


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


@pytest.fixture
def sync(tmp_path: Path, clock: Clock, service: Service, journal: Path) -> Sync:
    def run(*bullets: str, honoured: bool = False) -> RunReport:
        notes = tmp_path / "notes.md"
        notes.write_text("# Done\n\n" + "".join(f"- {bullet}\n" for bullet in bullets))
        account = Settings(
            token=Token("askcv_agt_x"),
            base_url="http://127.0.0.1:1",
            state_dir=journal.parent,
            idempotent_imports=honoured,
        )
        with Client(account, transport=httpx2.MockTransport(service), sleep=clock.sleep) as client:
            pipeline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), now=clock)
            return client.run(pipeline.run([notes], account, client.retry))

    return run


def damage(path: Path) -> None:
    """Page after page of it is overwritten; the first stays."""
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def states(path: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT state, count(*) FROM item GROUP BY state").fetchall())


def a_day_with_three_runs(sync: Sync, clock: Clock, service: Service) -> None:
    """The copy is made before the second; a batch of the third was answered, the last one was not."""
    sync("Wrote the handbook.")
    clock.now += 2 * DAY
    sync("Wrote the handbook.", "Cut the build time by 35 %.")
    sync("Moved the billing service to Rust.")
    service.lost = 9
    sync("Trained four colleagues.")
    service.lost = 0
    assert set(service.staged.values()) == {1}


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("honoured", [False, True])
def test_a_damaged_or_lost_journal_is_restored_and_nothing_is_doubled(
    sync: Sync, clock: Clock, service: Service, journal: Path, lost: bool, honoured: bool
) -> None:
    a_day_with_three_runs(sync, clock, service)
    before = states(journal)
    if lost:
        for path in journal.parent.glob("journal.db*"):
            if path.name in {"journal.db", "journal.db-wal", "journal.db-shm"}:
                path.unlink()
    else:
        damage(journal)
    report = sync(
        "Wrote the handbook.",
        "Cut the build time by 35 %.",
        "Moved the billing service to Rust.",
        "Trained four colleagues.",
        honoured=honoured,
    )
    assert service.staged == dict.fromkeys(service.staged, 1)
    assert len(service.staged) == 4
    assert any("restored from its last good copy" in note for note in report.notes)
    assert before == {"pending": 3, "unknown": 1}
    assert states(journal) == ({"pending": 4} if honoured else before)
    assert journal.with_name("journal.db.damaged").exists() != lost
    assert not any("restored" in note for note in sync("Wrote the handbook.").notes)


def test_what_left_since_the_copy_and_was_never_answered_is_found_in_the_record(
    sync: Sync, clock: Clock, service: Service, journal: Path
) -> None:
    a_day_with_three_runs(sync, clock, service)
    damage(journal)
    service.record = ["Trained four colleagues."]
    assert sync("Trained four colleagues.").counts["unknown"] == 0
    assert service.staged["Trained four colleagues."] == 1


def test_a_request_that_was_killed_on_its_way_is_on_the_trail(
    sync: Sync, clock: Clock, service: Service, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync("Wrote the handbook.")

    def killed(key: str, items: list[dict[str, dict[str, str]]]) -> httpx2.Response:
        service.staged.update(item["payload"]["title"] for item in items)
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "imported", killed)
    with pytest.raises(KeyboardInterrupt):
        sync("Trained four colleagues.")
    damage(journal)
    assert sync("Trained four colleagues.").counts["unknown"] == 1
    assert service.staged["Trained four colleagues."] == 1


def test_the_copy_is_made_once_a_day_and_its_owner_alone_reads_it(sync: Sync, clock: Clock, journal: Path) -> None:
    made = []
    for _ in range(5):
        sync("Wrote the handbook.")
        made.append(copy_of(journal).stat().st_mtime)
        clock.now += 0.4 * DAY
    assert len(set(made)) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in journal.parent.iterdir())


def test_a_journal_and_its_copy_both_damaged_are_said_and_left_alone(sync: Sync, journal: Path) -> None:
    sync("Wrote the handbook.")
    damage(journal)
    damage(copy_of(journal))
    before = journal.read_bytes()
    with pytest.raises(JournalError, match=r"and so is its copy journal\.db\.bak") as caught:
        sync("Wrote the handbook.")
    assert "Settle what waits in the review inbox first" in caught.value.hint
    assert journal.read_bytes() == before


def test_a_damaged_journal_is_not_taken_from_a_process_that_works_with_it(sync: Sync, journal: Path) -> None:
    sync("Wrote the handbook.")
    with Journal(journal) as other, other.partition("https://other.example", "t2"):
        damage(journal)
        with pytest.raises(JournalError, match="another askcv process") as caught:
            sync("Wrote the handbook.")
    assert caught.value.retryable


def test_a_trail_with_half_a_line_tells_the_rest(sync: Sync, clock: Clock, service: Service, journal: Path) -> None:
    a_day_with_three_runs(sync, clock, service)
    (path,) = journal.parent.glob("*.sent")
    first, *others = [line for line in path.read_bytes().split(b"\n") if line]
    path.write_bytes(b"\n" + first[:40] + b"\n\n" + b"\n\n".join(others) + b"\n")
    damage(journal)
    report = sync("Moved the billing service to Rust.", "Trained four colleagues.")
    assert report.counts["unknown"] == 1
    assert [service.staged[t] for t in ("Moved the billing service to Rust.", "Trained four colleagues.")] == [1, 1]


# -- disks and folders -------------------------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_the_journal_is_whole(sync: Sync, journal: Path, service: Service) -> None:
    """The size that files may have is limited in a process of its own, as a full disk would."""
    sync("Wrote the handbook.")
    bullets = [f"Closed ticket {n} of the migration." for n in range(400)]

    def run() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        sync(*bullets)

    error = in_a_process(run)
    assert "JournalError" in error
    assert str(journal.parent) in error
    assert "Check that its disk has room" in error
    report = sync("Wrote the handbook.", *bullets)
    assert service.staged == dict.fromkeys(["Wrote the handbook.", *bullets], 1)
    assert report.counts["unknown"] == 0


def test_a_trail_that_cannot_be_written_keeps_the_batch_from_leaving(
    sync: Sync, journal: Path, service: Service
) -> None:
    sync("Wrote the handbook.")
    (path,) = journal.parent.glob("*.sent")
    path.unlink()
    path.mkdir()
    with pytest.raises(JournalError, match=r"\.sent cannot be written"):
        sync("Trained four colleagues.")
    assert "Trained four colleagues." not in service.staged


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """A folder that other users of the machine may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_is_read_only_is_said(plain_folder: Path, there: bool) -> None:
    path = plain_folder / "journal.db"
    if there:
        Journal(path).close()
        path.chmod(0o644)
        path.with_name("journal.db.open.lock").chmod(0o666)
    plain_folder.chmod(0o555)

    def run() -> None:
        if os.geteuid() == 0:
            os.setuid(65534)  # root may write anywhere
        Journal(path).close()

    error = in_a_process(run)
    assert "JournalError" in error
    assert str(path) in error
    assert "can be written to" in error


def in_a_process(run: Callable[[], None]) -> str:
    """What a process that runs this says of the error that ends it."""
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()

    def work() -> None:
        try:
            run()
            told.put("no error")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            told.put(f"{type(error).__name__}: {error} {getattr(error, 'hint', '')}")

    process = context.Process(target=work)
    process.start()
    error: str = told.get()
    process.join()
    return error


# -- clocks ------------------------------------------------------------------------------------------------------------


def test_a_clock_set_back_does_not_make_a_rate_limit_longer(tmp_path: Path, clock: Clock) -> None:
    with Journal(tmp_path / "journal.db", now=clock) as journal, journal.partition("https://a.example", "t") as part:
        part.outbox.hold(1800)
        clock.now -= 2 * DAY
        assert part.outbox.held_for() == pytest.approx(1800)
        clock.now += 1800
        assert part.outbox.held_for() == 0


def test_after_a_clock_was_set_back_no_key_is_trusted(sync: Sync, clock: Clock, service: Service) -> None:
    """It may be days ago that the batch left: the service may have forgotten its key."""
    service.lost = 1
    sync("Wrote the handbook.")
    service.lost, service.answers = 0, {}
    clock.now -= 3600
    assert sync("Wrote the handbook.", honoured=True).counts["unknown"] == 1
    clock.now += 2 * 3600
    assert sync("Wrote the handbook.", honoured=True).counts["unknown"] == 1
    assert service.staged == {"Wrote the handbook.": 1}
