"""PostgreSQL behind two uvicorn workers, under load: no limit is exceeded, no item is lost, and none is there twice.
ASKCV_LOAD sets how many batches are sent; by default a sample."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from askcv_agents import wire
from askcv_agents.staging.app import Backend, StagingConfig
from askcv_agents.staging.repository.items import Filter
from tests.contract.processes import ROOT

BATCHES = int(os.environ.get("ASKCV_LOAD", "60"))
ITEMS = 100
CONNECTIONS = 16


@pytest.fixture
def backend(postgres: str, emptied: None) -> Iterator[Backend]:
    opened = Backend.open(StagingConfig(postgres))
    yield opened
    opened.store.close()


@contextmanager
def two_workers(database: str, **environment: str) -> Iterator[int]:
    """The port of two worker processes on one database."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "tests.contract.load_app:app", "--factory", "--workers", "2"]
    paths = os.pathsep.join(str(ROOT / part) for part in (".", "pipelines", "integrations"))
    env = os.environ | {"LOAD_DATABASE": database, "PYTHONPATH": paths} | environment
    server = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "critical"], env=env, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while ask(port, "GET", "/ready", "")[0] != 200:
            assert time.monotonic() < until, "the workers did not start"
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def ask(port: int, method: str, path: str, token: str, body: object = None) -> tuple[int, dict]:
    """Status and body of one request over a connection of its own, so that both workers are met; 0 for no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith(b"{") else {}
    except OSError:
        return 0, {}
    finally:
        connection.close()


def batch(number: int) -> dict:
    words = "Cut the query time of the search service from 2.4 s to 310 ms."
    entries = ({"title": f"part {number}-{n}", "content": f"{words} Number {number}-{n}."} for n in range(ITEMS))
    return {"items": [{"domain": "knowledge_entries", "payload": payload} for payload in entries]}


def test_two_workers_let_exactly_as_many_through_as_the_limits_say(backend: Backend, postgres: str) -> None:
    tokens = [backend.principals.create_token(name, "agent") for name in ("Maya", "Jonas", "Aino")]
    small = {"items": [{"domain": "skills", "payload": {"name": "Go"}}]}
    calls = [("POST", wire.IMPORT_PATH, token, small) for token in tokens for _ in range(50)]
    calls += [
        ("GET", wire.EXPORT_PATH.format(domain=d), tokens[0], None) for d in ("skills", "awards") for _ in range(150)
    ]
    calls += [("GET", wire.PROFILE_PATH, tokens[1], None) for _ in range(150)]
    with two_workers(postgres, LOAD_LIMITS="1") as port, ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = list(pool.map(lambda call: (call[:3], *ask(port, *call)), calls))
    through = Counter(call for call, status, _ in answers if status in {200, 202})
    assert set(through.values()) == {20, 120}
    assert {call[1] for call, n in through.items() if n == 20} == {wire.IMPORT_PATH}
    refused = [body["retryAfterMs"] for _, status, body in answers if status == 429]
    assert len(refused) == len(calls) - sum(through.values())
    assert all(0 < wait <= 3_600_000 for wait in refused)


def test_two_workers_lose_nothing_while_verdicts_are_given(backend: Backend, postgres: str) -> None:
    token = backend.principals.create_token("Maya", "agent")
    tenant = backend.principals.tenant_id("Maya")
    with two_workers(postgres) as port, ThreadPoolExecutor(CONNECTIONS) as pool:
        sent = [pool.submit(ask, port, "POST", wire.IMPORT_PATH, token, batch(n)) for n in range(BATCHES)]
        done = []
        while not all(each.done() for each in sent):
            done.append(backend.desk.review_all(tenant, Filter(), 2**40, ("approved", "rejected")[len(done) % 2]))
            time.sleep(0.1)
        answers = [each.result() for each in sent]
        backend.desk.review_all(tenant, Filter(), 2**40, "approved")
        until = time.monotonic() + 60 + BATCHES
        while backend.worker.counts():  # the workers' own jobs
            assert time.monotonic() < until, backend.worker.counts()
            time.sleep(0.1)
    assert [status for status, _ in answers] == [202] * BATCHES
    answered = {entry["itemId"] for _, body in answers for entry in body["items"]}
    with backend.store.read() as connection:

        def asked(statement: str) -> list:
            return list(connection.execute(sa.text(statement)).all())

        stored = {row[0] for row in asked("SELECT id FROM item")}
        by_state = dict(map(tuple, asked("SELECT status, count(*) FROM item GROUP BY status")))
        live = asked("SELECT count(*), count(findings), count(embedding) FROM record")[0]
        given = dict(map(tuple, asked("SELECT verdict, sum(items) FROM review GROUP BY verdict")))
        going = asked("SELECT id FROM review WHERE going IS NOT NULL")
    assert (len(answered), stored) == (BATCHES * ITEMS, answered)
    assert by_state == {state: n for state, n in given.items() if n}
    assert tuple(live) == (by_state["approved"],) * 3
    assert going == []
    counts = backend.desk.page(tenant, Filter()).counts
    assert {state: n for (state, _), n in counts.items()} == by_state
