"""What approval sets going. An approved item is live with the transaction that approves it; what is learnt of it
(personal data in it, its embedding, its words, its date, the skills it shows) follows as a job.

Each step can be repeated: it looks for what was not done yet, and what it writes is what it would write again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection

from askcv_agents.domains import label_of
from askcv_agents.staging import personal
from askcv_agents.staging.alike import Sketch, embedding, folded, nearest, texts
from askcv_agents.staging.repository import items, jobs, records, sketches
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.store import Store

AT_ONCE = 500
MOST_LOOKED_AT = 20_000
"""How many entries a new skill is looked for in, the newest first."""
MOST_NAME_WORDS = 5
MOST_CANDIDATES = 12
_WORD = re.compile(r"\.?\w[\w+#.]*")
DATES = ("occurredOn", "startDate", "awardedOn", "issuedOn", "publishedOn", "givenOn", "dueOn", "lastUsed")

Step: TypeAlias = Callable[[Connection], None]
"""What a job writes. It is worked out first: nobody waits for a writer that thinks."""


def make_live(connection: Connection, approved: Sequence[Row], now: int) -> None:
    """Puts approved items into the record. ``approved`` are rows of the item table."""
    records.add_records(
        connection,
        [
            {
                "item_id": row["id"],
                "tenant_id": row["tenant_id"],
                "domain": row["domain"],
                "payload": row["payload"],
                "created_at": now,
                "updated_at": now,
                "text": folded(texts(row["payload"])),
            }
            for row in approved
        ],
    )


def withdraw(connection: Connection, rows: Sequence[Row]) -> None:
    """Takes items out of the record again."""
    records.remove_records(connection, [row["id"] for row in rows])


# -- jobs --------------------------------------------------------------------------------------------------------------


def sketched(store: Store, tenant_id: str, batch_id: str, _: int) -> Step:
    """Finds for each pending item of a batch what it is most alike, in the record and in the inbox."""
    with store.read() as connection:
        rows = [row for row in items.items_of_batch(connection, batch_id) if row["tenant_id"] == tenant_id]
        found = _near(connection, rows)
    return lambda connection: _keep_near(connection, *found)


def resketched(store: Store, tenant_id: str, item_id: str, _: int) -> Step:
    """The same for one item that was corrected."""
    with store.read() as connection:
        row = items.item_of_tenant(connection, tenant_id, item_id)
        found = _near(connection, [row] if row else [])
    return lambda connection: _keep_near(connection, *found)


def _near(connection: Connection, rows: Sequence[Row]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    bands: list[dict[str, Any]] = []
    near: list[dict[str, Any]] = []
    earlier: list[tuple[Row, Sketch]] = []
    for row in rows:
        sketch = Sketch.of(row["domain"], row["payload"])
        found = sketch.bands
        known = sketches.alike(connection, row["tenant_id"], row["domain"], found, MOST_CANDIDATES)
        candidates = [(other, Sketch.of(other["domain"], other["payload"])) for other in known]
        candidates += [(other, its) for other, its in earlier if other["domain"] == row["domain"]]
        other_id, percent = nearest(sketch, [(c["id"], its) for c, its in candidates if c["id"] != row["id"]])
        if other_id != row["near_id"]:
            near.append({"id": row["id"], "near_id": other_id, "near_percent": percent or None})
        keys = {"item_id": row["id"], "tenant_id": row["tenant_id"], "domain": row["domain"]}
        bands += [{**keys, "band": band} for band in found]
        earlier.append((row, sketch))
    return bands, near


def _keep_near(connection: Connection, bands: Sequence[dict[str, Any]], near: Sequence[dict[str, Any]]) -> None:
    sketches.add_sketches(connection, bands)
    sketches.set_near(connection, near)


def ingested(store: Store, tenant_id: str, review_id: str, now: int) -> Step:
    """Looks at records that came with a verdict: personal data, embedding, date, and the skills they show. Some at a
    time; where there are more, another job follows."""
    with store.read() as connection:
        rows = records.to_ingest(connection, tenant_id, review_id, AT_ONCE + 1)
        links = _links(connection, tenant_id, rows[:AT_ONCE])
    learnt = [(row["item_id"], _learnt(row)) for row in rows[:AT_ONCE]]

    def keep(connection: Connection) -> None:
        for item_id, values in learnt:
            records.set_ingested(connection, item_id, values)
        live = records.live_ids(connection, {item_id for pair in links for item_id in pair})
        records.add_links(connection, tenant_id, sorted(pair for pair in links if live.issuperset(pair)))
        if len(rows) > AT_ONCE:
            jobs.add_job(connection, tenant_id, "ingest", review_id, now)

    return keep


def _learnt(row: Row) -> dict[str, Any]:
    words = folded(texts(row["payload"]))
    return {
        "text": words,
        "findings": personal.findings(row["domain"], row["payload"]),
        "embedding": embedding(words),
        "happened": next((row["payload"][name] for name in DATES if row["payload"].get(name)), None),
    }


def _links(connection: Connection, tenant_id: str, rows: Sequence[Row]) -> set[tuple[str, str]]:
    """Skills and the entries that name them: new entries with all skills, new skills with the entries there are."""
    if not rows:
        return set()
    skills = [(row["item_id"], row["payload"]) for row in records.skills(connection, tenant_id)]
    entries = [(row["item_id"], folded(texts(row["payload"]))) for row in rows if row["domain"] != "skills"]
    links = _named(skills, entries)
    new = {row["item_id"] for row in rows if row["domain"] == "skills"}
    if new:
        others = [(row["item_id"], row["text"]) for row in records.others(connection, tenant_id, MOST_LOOKED_AT)]
        links |= _named([(skill_id, payload) for skill_id, payload in skills if skill_id in new], others)
    return links


def _named(skills: Sequence[tuple[str, Any]], entries: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """A skill's name counts where it stands by itself: "Go" is not in "Google", nor "C" in "C++"."""
    ids: dict[tuple[str, ...], list[str]] = {}
    for skill_id, payload in skills:
        ids.setdefault(_words(folded(label_of("skills", payload))), []).append(skill_id)
    ids.pop((), None)
    longest = min(MOST_NAME_WORDS, max(map(len, ids), default=0))
    found = set()
    for item_id, text in entries:
        words = _words(text)
        runs = {words[at : at + n] for n in range(1, longest + 1) for at in range(len(words) - n + 1)}
        found |= {(skill_id, item_id) for run in runs & ids.keys() for skill_id in ids[run]}
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for found in _WORD.findall(text) if (word := found.rstrip(".")))


KINDS: dict[str, Callable[[Store, str, str, int], Step]] = {
    "sketch": sketched,
    "resketch": resketched,
    "ingest": ingested,
}
