"""The trail: what left since the journal's last good copy, in a file of its own beside it.

It is what makes the copy good enough: a journal that is restored from yesterday's copy would know nothing of what left
today, and send it again. A line is written, and on disk, before the first byte of a batch leaves; what was heard of the
batch follows. The trail of a partition is written by whoever holds its lock, and emptied when a copy was made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from askcv_agents import wire
from askcv_agents.errors import JournalError
from askcv_agents.issues import FieldIssue, ItemIssues
from askcv_pipelines.values import Batch

LARGE = 4_000_000
"""Bytes after which a new copy of the journal is due."""


class Trail:
    """The trail of one tenant of one service."""

    def __init__(self, path: Path, service: str, tenant: str) -> None:
        self.path = path
        self._whose = {"service": service, "tenant": tenant}

    def sending(self, batch: Batch, fingerprints: Sequence[str], at: float) -> None:
        """The batch is about to leave: on disk when this returns."""
        items = {"body": batch.body.decode(), "fingerprints": list(fingerprints)}
        self._write({"key": batch.key, "is": "sending", "at": at, **self._whose, **items}, sure=True)

    def not_staged(self, key: str) -> None:
        """It did not get there, and may leave again."""
        self._write({"key": key, "is": "queued"})

    def accepted(self, key: str, receipt: wire.Receipt) -> None:
        """The service answered."""
        staged = [(item.index, item.item_id) for item in receipt.staged]
        refused = [asdict(item) for item in receipt.refused]
        self._write({"key": key, "is": "answered", "batch": receipt.batch_id, "staged": staged, "refused": refused})

    def refused(self, key: str, detail: str) -> None:
        """The service refused the request as a whole."""
        self._write({"key": key, "is": "refused", "detail": detail})

    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def clear(self) -> None:
        """A copy holds all of it."""
        if self.size():
            os.truncate(self.path, 0)

    def _write(self, line: dict[str, Any], *, sure: bool = False) -> None:
        data = b"\n" + json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        new = not self.path.exists()
        try:
            target = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                while data:
                    data = data[os.write(target, data) :]
                if sure:
                    os.fsync(target)
            finally:
                os.close(target)
            if new:
                _sync_folder(self.path.parent)
        except OSError as error:
            raise JournalError(
                f"{self.path} cannot be written: {error.strerror}",
                "Check that its disk has room and its folder can be written to.",
            ) from error


def _sync_folder(folder: Path) -> None:
    """A new file's name is on disk as well, where the system can do that."""
    if os.name == "posix":
        target = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(target)
        finally:
            os.close(target)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a trail, each between line breaks: one that was left half written spoils no other."""
    for line in path.read_bytes().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def receipt_of(line: dict[str, Any]) -> wire.Receipt:
    """The answer that a line keeps."""
    staged = tuple(wire.Staged(index, item_id) for index, item_id in line["staged"])
    refused = tuple(
        ItemIssues(item["index"], item["domain"], tuple(FieldIssue(**issue) for issue in item["issues"]))
        for item in line["refused"]
    )
    return wire.Receipt(line["batch"], len(staged), staged, refused)
