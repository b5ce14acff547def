"""What approval sets going. An approved item is live with the transaction that approves it; what is learnt of it
(personal data in it, its embedding, its words, its date, the skills it shows) follows as a job.

Each step can be repeated: it looks for what was not done yet, and what it writes is what it would write again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from askcv_agents.domains import label_of
from askcv_agents.staging import personal
from askcv_agents.staging.alike import folded, texts
from askcv_agents.staging.repository import jobs, records
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.steps import Shop, Step
from askcv_agents.staging.vectors import packed

AT_ONCE = 500
MOST_LOOKED_AT = 20_000
"""How many entries a new skill is looked for in, the newest first."""
MOST_NAME_WORDS = 5
_WORD = re.compile(r"\.?\w[\w+#.]*")
DATES = ("occurredOn", "startDate", "awardedOn", "issuedOn", "publishedOn", "givenOn", "dueOn", "lastUsed")


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


def ingested(shop: Shop, tenant_id: str, review_id: str, now: int) -> Step:
    """Looks at records that came with a verdict: personal data, embedding, date, and the skills they show. Some at a
    time; where there are more, another job follows. Without a verdict: at all that were not looked at yet, or whose
    embedding is another encoder's."""
    encoder = "" if review_id else shop.encoder.name
    with shop.store.read() as connection:
        rows = records.to_ingest(connection, tenant_id, review_id, encoder, AT_ONCE + 1)
        links = _links(connection, tenant_id, rows[:AT_ONCE])
    learnt = _learnt(shop, rows[:AT_ONCE])

    def keep(connection: Connection) -> None:
        for item_id, values in learnt:
            records.set_ingested(connection, item_id, values)
        live = records.live_ids(connection, {item_id for pair in links for item_id in pair})
        records.add_links(connection, tenant_id, sorted(pair for pair in links if live.issuperset(pair)))
        if len(rows) > AT_ONCE:
            jobs.add_job(connection, tenant_id, "ingest", review_id, now)
        else:
            jobs.add_job_once(connection, tenant_id, "gaps", now)

    return keep


def _learnt(shop: Shop, rows: Sequence[Row]) -> list[tuple[str, dict[str, Any]]]:
    words = [folded(texts(row["payload"])) for row in rows]
    return [
        (
            row["item_id"],
            {
                "text": text,
                "findings": personal.findings(row["domain"], row["payload"]),
                "embedding": vector,
                "encoder": shop.encoder.name,
                "happened": next((row["payload"][name] for name in DATES if row["payload"].get(name)), None),
            },
        )
        for row, text, vector in zip(rows, words, packed(shop.encoder, words), strict=True)
    ]


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
