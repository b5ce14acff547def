"""The journal's last good copy: how it is made, and how a damaged journal is restored from it.

The copy is made from a file that was just checked, at most once a day. Restoring puts it in the place of the damaged
file, which stays beside it, and adds what left since by the trail: a batch that was answered is as it was, and one of
which no answer is on record is ``unknown``. So nothing is sent again that a newer journal would not have sent.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from askcv_agents.errors import JournalError
from askcv_pipelines import trail
from askcv_pipelines.batch_rows import as_json
from askcv_pipelines.budget import Budget
from askcv_pipelines.outbox import Outbox
from askcv_pipelines.rows import Rows

DAY = 24 * 3600.0
LOST = "it left after the last good copy of the journal was made, and the answer is not on record"
SETTLED = frozenset({"accepted", "reviewed", "refused"})
WITHOUT_COPY = (
    "Settle what waits in the review inbox first, for a new journal does not know of it. Move the file away then, with "
    "those whose names begin alike, and run again: what the record holds is read from the service."
)
FILES = ("", "-wal", "-shm")
"""What SQLite keeps of a database."""


def copy_of(journal: Path) -> Path:
    """Where the copy lies."""
    return journal.with_name(f"{journal.name}.bak")


def is_due(journal: Path, left: trail.Trail, now: float) -> bool:
    copy = copy_of(journal)
    return not copy.exists() or abs(now - copy.stat().st_mtime) >= DAY or left.size() > trail.LARGE


def make(source: sqlite3.Connection, journal: Path, now: float) -> None:
    """Copies the journal. ``source`` is open, and was found good.

    Raises:
        OSError, sqlite3.Error: it cannot be written; the copy before it is still there.
    """
    with _one_at_a_time(journal):
        fresh = journal.with_name(f"{journal.name}.bak.new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        os.utime(fresh, (now, now))
        fresh.replace(copy_of(journal))


def restore(journal: Path) -> Path | None:
    """Puts the copy in the journal's place. Gives where the damaged file is kept; None where there was none.

    Raises:
        JournalError: another process works with the journal, or the copy is damaged as well.
        OSError: the files cannot be written.
    """
    with ExitStack() as held:
        for path in journal.parent.glob(f"{journal.name}.*.lock"):
            if path.name.endswith((".open.lock", ".bak.lock")):
                continue
            try:
                held.enter_context(FileLock(path, mode=0o600).acquire(timeout=0))
            except Timeout:
                raise JournalError(
                    f"journal {journal} is damaged, and another askcv process is working with it",
                    "Stop that process and run again: the journal is then restored from its last good copy.",
                    retryable=True,
                ) from None
        if not _is_good(copy_of(journal)):
            raise JournalError(
                f"journal {journal} is damaged, and so is its copy {copy_of(journal).name}", WITHOUT_COPY
            )
        return _exchange(journal)


def replay(rows: Rows, journal: Path) -> int:
    """Adds what the trails tell to a restored journal; how many batches that were."""
    count = 0
    for path in sorted(journal.parent.glob(f"{journal.name}.*.sent")):
        count += _replay_one(rows, list(trail.read(path)))
    return count


def _replay_one(rows: Rows, lines: Sequence[dict[str, Any]]) -> int:
    first = next((line for line in lines if line["is"] == "sending"), None)
    if first is None:
        return 0
    told = 0
    with rows.transaction():
        whose = first["service"], first["tenant"]
        rows.execute("INSERT OR IGNORE INTO partition (base_url, tenant) VALUES (?, ?)", *whose)
        found = rows.execute("SELECT id FROM partition WHERE base_url = ? AND tenant = ?", *whose).fetchone()
        outbox, budget = Outbox(rows, found[0]), Budget(rows, found[0], None)
        sent = {line["key"]: line for line in reversed(lines) if line["is"] == "sending"}
        last = {line["key"]: line for line in lines}
        for line in lines:
            if line["is"] == "sending":
                budget.asked(line["at"])
        for key in reversed(sent):  # in the order in which they left
            if last[key]["is"] != "queued" and _insert(rows, found[0], sent[key]) not in SETTLED:
                _settle(outbox, last[key])
                told += 1
    return told


def _settle(outbox: Outbox, last: dict[str, Any]) -> None:
    match last["is"]:
        case "answered":
            outbox.accepted(last["key"], trail.receipt_of(last))
        case "refused":
            outbox.refused(last["key"], last["detail"])
        case _:
            outbox.unknown(last["key"], LOST)


def _insert(rows: Rows, partition: int, line: dict[str, Any]) -> str:
    """The state of the batch that a line tells of; where the copy lacks it, it is put in as unknown."""
    key, at = line["key"], line["at"]
    find = "SELECT id, state FROM batch WHERE partition_id = ? AND key = ?"
    found = rows.execute(find, partition, key).fetchone()
    if found is not None:
        return str(found["state"])
    items = json.loads(line["body"])["items"]
    batch = rows.execute(
        "INSERT INTO batch (partition_id, key, state, body, size, first_sent, created_at) "
        "VALUES (?, ?, 'unknown', ?, ?, ?, ?)",
        *(partition, key, line["body"].encode(), len(items), at, at),
    ).lastrowid
    for position, (fingerprint, item) in enumerate(zip(line["fingerprints"], items, strict=True)):
        rows.execute(
            "INSERT OR IGNORE INTO item (partition_id, fingerprint, domain, payload, evidence, decision, why, state, "
            "created_at) VALUES (?, ?, ?, ?, ?, 'new', '', 'unknown', ?)",
            *(partition, fingerprint, item["domain"], as_json(item["payload"]), as_json(item.get("evidence")), at),
        )
        rows.execute(
            "INSERT OR IGNORE INTO batch_item SELECT ?, ?, id FROM item WHERE partition_id = ? AND fingerprint = ?",
            *(batch, position, partition, fingerprint),
        )
    return "unknown"


def _exchange(journal: Path) -> Path | None:
    """The copy in the place of the journal. Each step may be the last: the next opening starts over."""
    fresh, kept = journal.with_name(f"{journal.name}.restored"), journal.with_name(f"{journal.name}.damaged")
    shutil.copyfile(copy_of(journal), fresh)
    fresh.chmod(0o600)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    there = journal.exists() and journal.stat().st_size > 0
    for ending in FILES:
        part = journal.with_name(journal.name + ending)
        if part.exists():
            part.replace(kept.with_name(kept.name + ending))
    fresh.replace(journal)
    return kept if there else None


def _is_good(copy: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


@contextmanager
def _one_at_a_time(journal: Path) -> Iterator[None]:
    with FileLock(journal.with_name(f"{journal.name}.bak.lock"), mode=0o600, timeout=30):
        yield
