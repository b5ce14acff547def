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
from askcv_agents.staging.repository import items, records, sketches
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.store import Store

AT_ONCE = 200
MOST_LINKS = 200
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


def sketched(store: Store, tenant_id: str, batch_id: str) -> Step:
    """Finds for each pending item of a batch what it is most alike, in the record and in the inbox."""
    with store.read() as connection:
        rows = [row for row in items.items_of_batch(connection, batch_id) if row["tenant_id"] == tenant_id]
        found = _near(connection, rows)
    return lambda connection: _keep_near(connection, rows, *found)


def resketched(store: Store, tenant_id: str, item_id: str) -> Step:
    """The same for one item that was corrected."""
    with store.read() as connection:
        row = items.item_of_tenant(connection, tenant_id, item_id)
        found = _near(connection, [row] if row else [])
    return lambda connection: _keep_near(connection, [row] if row else [], *found)


def _near(connection: Connection, rows: Sequence[Row]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    bands: list[dict[str, Any]] = []
    near: list[dict[str, Any]] = []
    earlier: list[tuple[Row, Sketch]] = []
    for row in rows:
        sketch = Sketch.of(row["domain"], row["payload"])
        known = sketches.alike(connection, row["tenant_id"], row["domain"], sketch.bands, 50)
        candidates = [(other, Sketch.of(other["domain"], other["payload"])) for other in known]
        candidates += [(other, its) for other, its in earlier if other["domain"] == row["domain"]]
        other_id, percent = nearest(sketch, [(c["id"], its) for c, its in candidates if c["id"] != row["id"]])
        near.append({"id": row["id"], "near_id": other_id, "near_percent": percent})
        keys = {"item_id": row["id"], "tenant_id": row["tenant_id"], "domain": row["domain"]}
        bands += [{**keys, "band": band} for band in sketch.bands]
        earlier.append((row, sketch))
    return bands, near


def _keep_near(
    connection: Connection, rows: Sequence[Row], bands: Sequence[dict[str, Any]], near: Sequence[dict[str, Any]]
) -> None:
    sketches.remove_sketches(connection, [row["id"] for row in rows])
    sketches.add_sketches(connection, bands)
    sketches.set_near(connection, near)


def ingested(store: Store, tenant_id: str, review_id: str) -> Step:
    """Looks at records that came with a verdict: personal data, embedding, date, and the skills they show."""
    learnt: list[tuple[str, dict[str, Any]]] = []
    links: set[tuple[str, str]] = set()
    with store.read() as connection:
        rows = records.to_ingest(connection, tenant_id, review_id, 100_000)
        skills = [(row["item_id"], label_of("skills", row["payload"])) for row in records.skills(connection, tenant_id)]
        named = {item_id: _word(name) for item_id, name in skills}
        for row in rows:
            words = folded(texts(row["payload"]))
            values = {
                "text": words,
                "findings": personal.findings(row["domain"], row["payload"]),
                "embedding": embedding(words),
                "happened": next((row["payload"][name] for name in DATES if row["payload"].get(name)), None),
            }
            learnt.append((row["item_id"], values))
            if row["domain"] == "skills":
                word = named.get(row["item_id"]) or _word(label_of("skills", row["payload"]))
                name = folded(label_of("skills", row["payload"]))
                mentions = records.mentioning(connection, tenant_id, name, MOST_LINKS)
                links |= {(row["item_id"], other["item_id"]) for other in mentions if word.search(other["text"])}
            else:
                links |= {(skill, row["item_id"]) for skill, word in named.items() if word.search(words)}

    def keep(connection: Connection) -> None:
        for item_id, values in learnt:
            records.set_ingested(connection, item_id, values)
        live = records.live_ids(connection, {i for pair in links for i in pair})
        records.add_links(connection, tenant_id, sorted(pair for pair in links if set(pair) <= live))

    return keep


def _word(name: str) -> re.Pattern[str]:
    """A skill's name where it stands by itself: "Go" is not in "Google", "C" not in "C++"."""
    return re.compile(rf"(?<![\w+#.]){re.escape(folded(name))}(?![\w+#])")


KINDS: dict[str, Callable[[Store, str, str], Step]] = {
    "sketch": sketched,
    "resketch": resketched,
    "ingest": ingested,
}
