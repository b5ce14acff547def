"""Reading a large record, killed in the middle: it goes on where it stopped, and stays within the limit."""

from __future__ import annotations

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from askcv_agents.staging.app import Backend, StagingConfig
from askcv_agents.staging.principals import new_id
from askcv_agents.staging.repository import items, records
from tests.conftest import Clock, running
from tests.contract.fault_proxy import FaultProxy, proxy_of
from tests.contract.processes import environment, finish, sync

ITEMS = 12_000
PER_HOUR = 120


@pytest.fixture
def unlimited(tmp_path: Path, clock: Clock) -> Iterator[Backend]:
    """A backend that refuses nothing: what is asked of it is what the client allows itself."""
    opened = Backend.open(StagingConfig(f"sqlite:///{tmp_path}/staging.db", limits=None, now=clock))
    yield opened
    opened.store.close()


@pytest.fixture
def proxy(unlimited: Backend, clock: Clock) -> Iterator[FaultProxy]:
    with running(unlimited, clock) as base_url, proxy_of(base_url) as stands_before:
        yield stands_before


def seed(backend: Backend, tenant: str, count: int) -> None:
    """Approved items, straight into the tables."""
    batch, domain = new_id("bat"), "knowledge_entries"
    texts = [{"title": f"Closed ticket {n}", "content": f"Closed ticket {n} of the migration."} for n in range(count)]
    rows = [
        items.NewItem(new_id("itm"), tenant, batch, n % 100, domain, json.dumps(text), None, "approved", n, None)
        for n, text in enumerate(texts)
    ]
    with backend.store.write() as connection:
        items.add_batch(connection, batch, tenant, 0, rows)
        items.add_to_tally(connection, tenant, 0, {("approved", domain): count})
        live = {"tenant_id": tenant, "domain": domain, "updated_at": 0}
        pairs = zip(rows, texts, strict=True)
        record = [live | {"item_id": row.id, "payload": text, "created_at": row.created_at} for row, text in pairs]
        records.add_records(connection, record)


def pages(proxy: FaultProxy) -> list[int]:
    asked = [urlsplit(path) for _, path in proxy.log if "/export/" in path]
    return [int(parse_qs(parts.query)["page"][0]) for parts in asked]


def test_killed_while_it_reads_12000_items_it_goes_on_where_it_stopped(
    unlimited: Backend, proxy: FaultProxy, tmp_path: Path
) -> None:
    token = unlimited.principals.create_token("Maya Lindqvist", "agent")
    seed(unlimited, unlimited.principals.authenticate(token).tenant_id, ITEMS)
    document = tmp_path / "notes.md"
    document.write_text("# Done\n\n- Closed ticket 11999 of the migration.\n- Wrote the handbook.\n")
    env = environment(tmp_path, token, proxy.base_url)
    deadly = [17, 64]
    victims: list[subprocess.Popen[bytes]] = []

    def strike(_: str, path: str) -> None:
        if deadly and f"page={deadly[0]}&" in f"{path}&":
            deadly.pop(0)
            victims[-1].kill()

    proxy.passed_on = strike
    for _ in range(2):
        victims.append(sync(env, document))
        assert finish(victims[-1])[0] == -signal.SIGKILL

    third, counts, said = finish(sync(env, document))
    # 118 pages are stored and the limit is used up: nothing leaves before it was compared with all of the record.
    assert (third, counts["waiting"], counts["submitted"]) == (4, 2, 0), said
    asked = pages(proxy)
    assert len(asked) == PER_HOUR
    stored = Counter(asked)
    assert {page for page, count in stored.items() if count > 1} == {17, 64}  # those were never stored
    assert sorted(stored) == list(range(1, 119))

    last, counts, said = finish(sync(env, document, later=3700))
    assert (last, counts["known"], counts["submitted"]) == (0, 1, 1), said
    assert pages(proxy)[PER_HOUR:] == [119, 120]
