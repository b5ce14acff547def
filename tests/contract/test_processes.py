"""Several processes on one PostgreSQL: limits, jobs and keys hold across them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from askcv_agents import wire
from askcv_agents.staging import steps, verdicts, worker
from askcv_agents.staging.app import Backend, StagingConfig
from askcv_agents.staging.principals import Principal
from askcv_agents.staging.repository.items import Filter
from askcv_agents.staging.worker import Worker
from tests.conftest import Clock, browser_of
from tests.contract.desks import skill


@pytest.fixture
def database_url(postgres: str, emptied: None) -> str:
    return postgres


@pytest.fixture
def pair(database_url: str, clock: Clock) -> Iterator[tuple[Backend, Backend]]:
    """Two that share nothing but the database, as two processes do."""
    opened = tuple(Backend.open(StagingConfig(database_url, now=clock)) for _ in range(2))
    yield opened
    for backend in opened:
        backend.store.close()


def test_of_forty_imports_at_once_twenty_are_let_through(pair: tuple[Backend, Backend]) -> None:
    headers = {"Authorization": f"Bearer {pair[0].principals.create_token('Maya', 'agent')}"}
    clients = [browser_of(backend) for backend in pair]

    def send(number: int) -> int:
        body = {"items": [skill(f"s{number}")]}
        return clients[number % 2].post(wire.IMPORT_PATH, json=body, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(send, range(40))) == {202: 20, 429: 20}
    total = sum(n for n, _ in tallies(pair[0]).values())
    assert total == 20


def test_a_key_that_comes_to_both_at_once_stages_once(pair: tuple[Backend, Backend]) -> None:
    headers = {"Authorization": f"Bearer {pair[0].principals.create_token('Maya', 'agent')}", "Idempotency-Key": "k"}
    clients = [browser_of(backend) for backend in pair]

    def send(number: int) -> str:
        return (
            clients[number % 2].post(wire.IMPORT_PATH, json={"items": [skill("a")]}, headers=headers).json()["batchId"]
        )

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1


def test_a_verdict_given_in_both_at_once_counts_once(pair: tuple[Backend, Backend]) -> None:
    headers = {"Authorization": f"Bearer {pair[0].principals.create_token('Maya', 'agent')}"}
    body = {"items": [skill(f"s{n}") for n in range(50)]}
    ids = [i["itemId"] for i in browser_of(pair[0]).post(wire.IMPORT_PATH, json=body, headers=headers).json()["items"]]
    tenant = pair[0].principals.tenant_id("Maya")

    def decide(number: int) -> int:
        return pair[number % 2].desk.review(tenant, ids, ("approved", "rejected")[number % 2]).items

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(decide, range(4))) == 50
    assert sum(n for n, _ in tallies(pair[0]).values()) == 50


def test_each_job_is_run_by_one_worker(pair: tuple[Backend, Backend], monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"Authorization": f"Bearer {pair[0].principals.create_token('Maya', 'agent')}"}
    tenant = pair[0].principals.tenant_id("Maya")
    for n in range(20):
        answer = browser_of(pair[0]).post(wire.IMPORT_PATH, json={"items": [skill(f"s{n}")]}, headers=headers).json()
        pair[0].desk.review(tenant, [answer["items"][0]["itemId"]], "approved")
    ran = Counter[str]()
    for kind, work in worker.KINDS.items():
        monkeypatch.setitem(worker.KINDS, kind, counted(ran, work))
    workers = [Worker(backend.worker.shop, backend.worker._ms) for backend in (*pair, *pair)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: each.run_due(), workers))
    assert (ran["ingested"], pair[0].worker.counts()) == (20, {})


def counted(ran: Counter[str], work: steps.Kind) -> steps.Kind:
    def kind(shop: steps.Shop, tenant_id: str, subject: str, now: int) -> steps.Step:
        ran[work.__name__] += 1
        return work(shop, tenant_id, subject, now)

    return kind


def test_a_verdict_on_many_is_given_by_several_workers_once_each(
    pair: tuple[Backend, Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "AT_ONCE", 7)
    tenant = many(pair, 300)
    done = pair[0].desk.review_all(tenant, Filter(), 2**40, "approved")
    assert (done.items, done.going) == (7, True)
    with ThreadPoolExecutor(2) as pool:
        while list(pool.map(lambda backend: backend.worker.run_due(), pair)) != [0, 0]:
            pass
    assert tallies(pair[0])[("approved", "skills")][0] == 300
    assert pair[0].desk.verdict(tenant, done.id)["items"] == 300


def many(pair: tuple[Backend, Backend], count: int) -> str:
    pair[0].principals.create_token("Maya", "agent")
    tenant = pair[0].principals.tenant_id("Maya")
    principal = Principal(tenant, "agent", (wire.WRITE,))
    for start in range(0, count, 100):
        pair[0].intake.stage(principal, [skill(f"s{n}") for n in range(start, start + 100)])
    return tenant


def tallies(backend: Backend) -> dict:
    from askcv_agents.staging.repository import items

    with backend.store.read() as connection:
        return items.tallies(connection, backend.principals.tenant_id("Maya"))
