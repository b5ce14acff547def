"""Where documents were, and which items each gave: so that a moved document is known as such, a deleted one is said,
and what one document alone gave can be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from askcv_pipelines.rows import Rows
from askcv_pipelines.values import DocumentInfo


@dataclass(frozen=True)
class Place:
    """A document's place, as it was last seen."""

    place: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Changes:
    """What became of documents that earlier runs read: ``moved`` from a place to another with the same content, and
    ``deleted``, each with how many items of the journal it gave."""

    moved: tuple[tuple[Place, DocumentInfo], ...] = ()
    deleted: tuple[tuple[Place, int], ...] = ()

    def notes(self) -> Iterable[str]:
        """What a person is told, one line for each."""
        for before, after in self.moved:
            renamed = "its folder is another" if before.name == after.id else f"it is {after.id} now"
            yield f"Moved: {before.name}: {renamed}."
        for before, items in self.deleted:
            kept = f"the {items} items it gave stay" if items > 1 else "the item it gave stays" if items else ""
            yield f"Deleted: {before.name}" + (f"; {kept}." if kept else ".")


class Places:
    """The places of one partition."""

    def __init__(self, rows: Rows, partition: int) -> None:
        self._rows = rows
        self._id = partition

    def changes(self, seen: Collection[DocumentInfo], looked_into: Iterable[str]) -> Changes:
        """What became of known places in the folders ``looked_into``. ``seen`` are the documents of this run."""
        known = {row["place"]: row for row in self._rows.execute(
            "SELECT * FROM place WHERE partition_id = ? AND gone_at IS NULL ORDER BY place", self._id
        )}  # fmt: skip
        folders = [Path(folder) for folder in looked_into]
        arrived: dict[str, list[DocumentInfo]] = {}
        for document in seen:
            if document.place not in known:
                arrived.setdefault(document.sha256, []).append(document)
        moved, deleted = [], []
        for place, row in known.items():
            if not any(Path(place).is_relative_to(folder) for folder in folders) or _there(place):
                continue
            before = Place(place, row["name"], row["sha256"])
            if found := arrived.get(before.sha256):
                moved.append((before, found.pop(0)))
            else:
                deleted.append((before, self._items(place)))
        return Changes(tuple(moved), tuple(deleted))

    def keep(self, seen: Iterable[DocumentInfo], changes: Changes) -> None:
        """Notes where documents are now. What a moved one gave is the new place's."""
        with self._rows.transaction():
            for before, after in changes.moved:
                self._rows.execute(
                    "UPDATE OR IGNORE item_source SET place = ? WHERE place = ? "
                    "AND item IN (SELECT id FROM item WHERE partition_id = ?)",
                    *(after.place, before.place, self._id),
                )
                self._rows.execute("DELETE FROM place WHERE partition_id = ? AND place = ?", self._id, before.place)
            for gone, _ in changes.deleted:
                self._rows.execute(
                    "UPDATE place SET gone_at = ? WHERE partition_id = ? AND place = ?",
                    *(self._rows.now(), self._id, gone.place),
                )
            for document in seen:
                self._rows.execute(
                    "INSERT INTO place VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT DO UPDATE SET name = excluded.name, "
                    "sha256 = excluded.sha256, seen_at = excluded.seen_at, gone_at = NULL",
                    *(self._id, document.place, document.id, document.sha256, self._rows.now()),
                )

    def gave(self, given: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Notes which items of the journal the document at each place holds, also those that another gave first."""
        with self._rows.transaction():
            for place, fingerprints in ((place, prints) for place, prints in given if place):
                for fingerprint in dict.fromkeys(fingerprints):
                    self._rows.execute(
                        "INSERT OR IGNORE INTO item_source SELECT id, ? FROM item WHERE partition_id = ? "
                        "AND fingerprint = ?",
                        *(place, self._id, fingerprint),
                    )

    def _items(self, place: str) -> int:
        row = self._rows.execute(
            "SELECT count(*) FROM item_source JOIN item ON item.id = item WHERE partition_id = ? AND place = ?",
            *(self._id, place),
        ).fetchone()
        return int(row[0])


def _there(place: str) -> bool:
    try:
        return Path(place).exists()
    except OSError:
        return True  # it cannot be told: nothing is said
