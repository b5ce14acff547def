"""Merging: the journal of another machine is taken into this one's, and nothing that either knows is lost.

What both know is merged by what it is called everywhere: documents by their content, items by their fingerprint,
batches by their key. Of two rows ``further`` says which holds, so it makes no difference which journal is merged into
which, nor how often. Where the two contradict, this machine's word stays and the contradiction is listed.

Batches that wait and never left are no more than a choice of items: two that share items are taken apart, and their
items wait loose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from askcv_pipelines import further
from askcv_pipelines.further import Choose, Row
from askcv_pipelines.rows import Rows


@dataclass
class Merged:
    """What came of a merge: how many ``items`` and ``batches`` were new here, how many items that were known came
    ``further``, and where the journals contradict each other."""

    items: int = 0
    batches: int = 0
    further: int = 0
    conflicts: list[str] = field(default_factory=list)


def merge(source: Rows, target: Rows) -> Merged:
    """Takes every partition of ``source`` into ``target``, in one transaction. Both are at rest, and no batch of theirs
    is being sent."""
    merged = Merged()
    with target.transaction():
        for theirs in source.execute("SELECT * FROM partition ORDER BY base_url, tenant").fetchall():
            _Partition(source, target, dict(theirs), merged).merge()
    return merged


class _Partition:
    """One tenant's part of both journals. ``items`` and ``batches`` are their rows there → the same rows here."""

    def __init__(self, source: Rows, target: Rows, theirs: Row, merged: Merged) -> None:
        self._source = source
        self._target = target
        self._theirs = theirs
        self._merged = merged
        self._ours = self._own(theirs)
        self._items: dict[int, int] = {}
        self._batches: dict[int, int] = {}

    def merge(self) -> None:
        self._settings()
        for table, keys, choose in further.KEYED:
            for _ in self._keyed(table, keys, choose):
                pass
        for table in ("import_request", "export_request"):
            self._requests(table)
        self._mirrors()
        self._all_items()
        self._all_batches()
        self._members()
        self._agree()

    # -- what stands for itself ----------------------------------------------------------------------------------------

    def _own(self, theirs: Row) -> int:
        place = theirs["base_url"], theirs["tenant"]
        self._target.execute("INSERT OR IGNORE INTO partition (base_url, tenant) VALUES (?, ?)", *place)
        found = self._target.execute("SELECT id FROM partition WHERE base_url = ? AND tenant = ?", *place)
        return int(found.fetchone()["id"])

    def _settings(self) -> None:
        """The choice about names, and how long the service asked to wait."""
        ours = dict(self._target.execute("SELECT * FROM partition WHERE id = ?", self._ours).fetchone())
        if ours["names"] and self._theirs["names"] and ours["names"] != self._theirs["names"]:
            self._conflict(f"names of third parties: {ours['names']} here, {self._theirs['names']} there")
        held = max((row["not_before"], row["held_since"]) for row in (ours, self._theirs))
        self._target.execute(
            "UPDATE partition SET names = ?, not_before = ?, held_since = ?, opened_at = ? WHERE id = ?",
            *(ours["names"] or self._theirs["names"], *held),
            *(max(ours["opened_at"], self._theirs["opened_at"]), self._ours),
        )

    def _keyed(self, table: str, keys: tuple[str, ...], choose: Choose) -> Iterator[tuple[Row, int, Row | None]]:
        """Merges a table by its keys. Gives each of their rows, where it is here, and what was here before."""
        where = " AND ".join(f"{key} = ?" for key in keys)
        for row in self._source.execute(
            f"SELECT rowid AS at_row, * FROM {table} WHERE partition_id = ? ORDER BY rowid",  # noqa: S608 - own tables
            self._theirs["id"],
        ).fetchall():
            theirs = {name: row[name] for name in row.keys() if name not in {"at_row", "id"}}  # noqa: SIM118 - a Row
            theirs["partition_id"] = self._ours
            found = self._target.execute(
                f"SELECT rowid AS at_row, * FROM {table} WHERE partition_id = ? AND {where}",  # noqa: S608
                *(self._ours, *(theirs[key] for key in keys)),
            ).fetchone()
            if found is None:
                yield dict(row), self._insert(table, theirs), None
                continue
            ours = {name: found[name] for name in theirs}
            chosen = choose(ours, theirs)
            if chosen != ours:
                self._update(table, found["at_row"], chosen)
            yield dict(row), found["at_row"], ours

    def _requests(self, table: str) -> None:
        """Each request counts once, whoever made it."""
        columns = "asked_at" if table == "import_request" else "domain, asked_at"
        counts = [
            Counter(
                tuple(row)
                for row in rows.execute(f"SELECT {columns} FROM {table} WHERE partition_id = ?", part).fetchall()  # noqa: S608
            )
            for rows, part in ((self._source, self._theirs["id"]), (self._target, self._ours))
        ]
        for values in (counts[0] - counts[1]).elements():
            marks = ", ".join("?" for _ in values)
            self._target.execute(f"INSERT INTO {table} VALUES (?, {marks})", self._ours, *values)  # noqa: S608

    def _mirrors(self) -> None:
        """What the record holds is taken as it was read last; it can be read again at any time."""
        for row in self._source.execute("SELECT * FROM mirror WHERE partition_id = ?", self._theirs["id"]).fetchall():
            domain = row["domain"]
            sides = ((self._source, self._theirs["id"]), (self._target, self._ours))
            theirs, ours = (_mirror(rows, part, domain) for rows, part in sides)
            if theirs <= ours:
                continue
            for table in ("mirror", "mirror_item"):
                self._target.execute(f"DELETE FROM {table} WHERE partition_id = ? AND domain = ?", self._ours, domain)  # noqa: S608
                for found in self._source.execute(
                    f"SELECT * FROM {table} WHERE partition_id = ? AND domain = ? ORDER BY rowid",  # noqa: S608
                    *(self._theirs["id"], domain),
                ).fetchall():
                    self._insert(table, {**dict(found), "partition_id": self._ours}, leave_out="id")

    # -- items and batches ---------------------------------------------------------------------------------------------

    def _all_items(self) -> None:
        for theirs, place, before in self._keyed("item", ("fingerprint",), further.item):
            self._items[theirs["id"]] = place
            now = self._target.execute("SELECT state, payload, forgotten_at FROM item WHERE id = ?", place).fetchone()
            if before is None:
                self._merged.items += 1
            elif now["state"] != before["state"]:
                self._merged.further += 1
            if before is not None and {before["state"], theirs["state"]} == {"approved", "declined"}:
                self._conflict(f"item {_name(theirs)}: {before['state']} here, {theirs['state']} there")
            if before is None or now["payload"] != before["payload"]:
                self._parts(theirs["id"], place, forgotten=now["forgotten_at"] is not None)
            self._target_sources(theirs["id"], place)

    def _parts(self, theirs: int, ours: int, *, forgotten: bool) -> None:
        """The members of a group go with its text."""
        self._target.execute("DELETE FROM item_part WHERE item = ?", ours)
        for row in self._source.execute("SELECT * FROM item_part WHERE item = ?", theirs).fetchall():
            if not forgotten:
                self._insert("item_part", {**dict(row), "item": ours})

    def _target_sources(self, theirs: int, ours: int) -> None:
        for row in self._source.execute("SELECT place FROM item_source WHERE item = ?", theirs).fetchall():
            self._target.execute("INSERT OR IGNORE INTO item_source VALUES (?, ?)", ours, row["place"])

    def _all_batches(self) -> None:
        for theirs, place, before in self._keyed("batch", ("key",), further.batch):
            self._batches[theirs["id"]] = place
            self._merged.batches += before is None
            if before is None:
                continue
            if before["batch_id"] and theirs["batch_id"] and before["batch_id"] != theirs["batch_id"]:
                self._conflict(
                    f"batch {_name(theirs)}: staged as {before['batch_id']} here, {theirs['batch_id']} there"
                )
            if {before["state"], theirs["state"]} == {"accepted", "refused"}:
                self._conflict(f"batch {_name(theirs)}: {before['state']} here, {theirs['state']} there")

    def _members(self) -> None:
        """Which batch each item is in. One that left from both machines in different batches may be staged twice."""
        rows = self._source.execute(
            "SELECT batch_item.* FROM batch_item JOIN batch ON batch.id = batch WHERE partition_id = ?",
            self._theirs["id"],
        )
        apart: set[int] = set()
        for row in rows.fetchall():
            batch, item = self._batches[row["batch"]], self._items[row["item"]]
            here = self._target.execute("SELECT batch FROM batch_item WHERE item = ?", item).fetchone()
            if here is None:
                self._target.execute("INSERT INTO batch_item VALUES (?, ?, ?)", batch, row["position"], item)
            elif here["batch"] != batch:
                waiting = {each for each in (batch, here["batch"]) if self._never_left(each)}
                apart |= waiting
                if here["batch"] in waiting and batch not in waiting:
                    self._target.execute(
                        "UPDATE batch_item SET batch = ?, position = ? WHERE item = ?", batch, row["position"], item
                    )
                elif not waiting:
                    self._twice(item, here["batch"], batch)
        for batch in apart:
            self._target.execute("DELETE FROM batch_item WHERE batch = ?", batch)
            self._target.execute("DELETE FROM batch WHERE id = ?", batch)

    def _agree(self) -> None:
        """A batch is as far as its items are known to be: it is open while any of them is."""
        members = "SELECT 1 FROM batch_item JOIN item ON item.id = item WHERE batch = batch.id AND item.state = "
        for state, more in (
            (f"state = 'unknown', maybe_staged = 1 WHERE EXISTS ({members}'unknown')", "state != 'unknown'"),
            (f"state = 'accepted' WHERE EXISTS ({members}'pending')", "state = 'reviewed' AND batch_id IS NOT NULL"),
        ):
            self._target.execute(f"UPDATE batch SET {state} AND partition_id = ? AND {more}", self._ours)  # noqa: S608
        # A batch waits to leave where all of it does; what was found to have left does not leave again in it.
        self._target.execute(
            "DELETE FROM batch_item WHERE batch IN (SELECT id FROM batch WHERE partition_id = ? AND state = 'queued' "
            "AND EXISTS (SELECT 1 FROM batch_item AS b JOIN item ON item.id = b.item WHERE b.batch = batch.id "
            "AND item.state != 'queued'))",
            self._ours,
        )
        self._target.execute(
            "DELETE FROM batch WHERE partition_id = ? AND state = 'queued' "
            "AND NOT EXISTS (SELECT 1 FROM batch_item WHERE batch = batch.id)",
            self._ours,
        )

    def _never_left(self, batch: int) -> bool:
        row = self._target.execute("SELECT state, maybe_staged FROM batch WHERE id = ?", batch).fetchone()
        return row["state"] == "queued" and not row["maybe_staged"]

    def _twice(self, item: int, here: int, there: int) -> None:
        row = self._target.execute("SELECT domain, fingerprint FROM item WHERE id = ?", item).fetchone()
        keys = [
            self._target.execute("SELECT key FROM batch WHERE id = ?", batch).fetchone()["key"][:12]
            for batch in (here, there)
        ]
        self._conflict(f"item {_name(row)}: left in batch {keys[0]} here and in batch {keys[1]} there, perhaps twice")

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _conflict(self, said: str) -> None:
        if said not in self._merged.conflicts:
            self._merged.conflicts.append(said)

    def _insert(self, table: str, row: Row, *, leave_out: str = "") -> int:
        names = [name for name in row if name != leave_out]
        marks = ", ".join("?" for _ in names)
        added = self._target.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - names of own columns
            *(row[name] for name in names),
        )
        return int(added.lastrowid or 0)

    def _update(self, table: str, place: int, row: Row) -> None:
        columns = ", ".join(f"{name} = ?" for name in row)
        self._target.execute(f"UPDATE {table} SET {columns} WHERE rowid = ?", *row.values(), place)  # noqa: S608


def _mirror(rows: Rows, partition: int, domain: str) -> tuple[Any, ...]:
    """A mirror as it is compared: the later reading first, then the fuller."""
    row = rows.execute("SELECT * FROM mirror WHERE partition_id = ? AND domain = ?", partition, domain).fetchone()
    if row is None:
        return (-1.0, 0, 0, ())
    items = rows.execute(
        "SELECT remote_id, payload FROM mirror_item WHERE partition_id = ? AND domain = ? ORDER BY id",
        *(partition, domain),
    )
    return (row["read_at"] or 0.0, row["complete"], row["page"], tuple(map(tuple, items.fetchall())))


def _name(row: Mapping[str, Any]) -> str:
    """What a conflict calls an item or a batch: no text of a document."""
    return str(row["key"])[:12] if "key" in row.keys() else f"{str(row['fingerprint'])[:12]} ({row['domain']})"  # noqa: SIM118
