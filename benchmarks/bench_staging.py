"""The staging backend beside a bare endpoint, in one run on one machine: what its promises cost.

The bare endpoint is the same web framework with one route that checks the token, reads the JSON and writes the items
with raw ``sqlite3`` (WAL, FULL, one transaction): no validation, no limits, no jobs. Both run as processes of their
own, and are measured by the CPU time that the system counts for them. Prints ratios; times are this machine's.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import secrets
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

BATCHES = int(os.environ.get("ASKCV_BATCHES", "150"))
CONNECTIONS = 16
MANY = int(os.environ.get("ASKCV_ITEMS", "100000"))
TOKEN = "askcv_agt_" + secrets.token_urlsafe(30)


def batch(number: int) -> bytes:
    items = [
        {
            "domain": "knowledge_entries",
            "payload": {
                "title": f"Search answers faster, part {number}-{n}",
                "content": f"Cut the query time of service {number}-{n} from 2.4 s to {300 + n} ms with new indexes.",
                "category": "accomplishment",
                "metric": f"2.4 s to {300 + n} ms",
                "occurredOn": "2026-03",
                "organization": "Nordwind",
            },
            "evidence": {
                "quote": f"Cut the query time of service {number}-{n} from 2.4 s to {300 + n} ms with new indexes.",
                "document": f"review-{number}.md",
                "sourceKind": "performance_review",
                "locator": f"line {n}",
            },
        }
        for n in range(100)
    ]
    return json.dumps({"items": items}).encode()


BARE = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "CREATE TABLE token (sha256 TEXT PRIMARY KEY)",
    """CREATE TABLE item (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, batch_id TEXT, domain TEXT, payload TEXT,
    evidence TEXT, status TEXT, created_at INTEGER)""",
    "CREATE INDEX item_by_status ON item (status, domain, seq)",
)
COLUMNS = "id, batch_id, domain, payload, evidence, status, created_at"
INSERT = f"INSERT INTO item ({COLUMNS}) VALUES (?, ?, ?, ?, ?, 'pending', ?)"


# -- the bare endpoint -------------------------------------------------------------------------------------------------


def bare_app() -> Any:
    """Run by uvicorn in a process of its own: ``bench_staging:bare_app``."""
    connection = sqlite3.connect(os.environ["BENCH_DATABASE"], check_same_thread=False, isolation_level=None)
    turn = threading.Lock()
    for statement in BARE:
        connection.execute(statement)
    connection.execute("INSERT INTO token VALUES (?)", (hashlib.sha256(TOKEN.encode()).hexdigest(),))
    app = FastAPI()

    def store(bearer: str, body: bytes) -> dict[str, Any]:
        items = json.loads(body)["items"]
        batch_id, now = secrets.token_hex(12), int(time.time() * 1000)
        rows = [
            (secrets.token_hex(12), batch_id, i["domain"], json.dumps(i["payload"]), json.dumps(i["evidence"]), now)
            for i in items
        ]
        with turn:
            known = hashlib.sha256(bearer.encode()).hexdigest()
            assert connection.execute("SELECT 1 FROM token WHERE sha256 = ?", (known,)).fetchone()
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT, rows)
            connection.execute("COMMIT")
        return {"batchId": batch_id, "items": [{"index": n, "itemId": row[0]} for n, row in enumerate(rows)]}

    @app.post("/api/agent/import", status_code=202)
    async def import_items(request: Request) -> JSONResponse:
        body = await request.body()
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        return JSONResponse(await run_in_threadpool(store, bearer, body), 202)

    return app


def staging_app() -> Any:
    from askcv_agents.staging.app import Backend, StagingConfig, create_app
    from askcv_agents.staging.principals import _sha256
    from askcv_agents.staging.repository.rows import add
    from askcv_agents.staging.tables import tenant, token

    config = StagingConfig(f"sqlite:///{os.environ['BENCH_DATABASE']}", limits=None)
    backend = Backend.open(config)
    if not backend.principals.tenant_names():
        with backend.store.write() as connection:
            add(connection, tenant, id="ten_1", name="Maya", created_at=1)
            known = {"sha256": _sha256(TOKEN), "id": "tok_1", "hint": "x", "type": "agent"}
            scopes = ["agent:read", "agent:write"]
            add(connection, token, tenant_id="ten_1", scopes=scopes, created_at=1, last_used_at=2**50, **known)
    if os.environ.get("BENCH_NO_WORKER"):
        backend.worker.start = lambda: None  # type: ignore[method-assign]
    return create_app(config, backend)


# -- measuring ---------------------------------------------------------------------------------------------------------


@contextmanager
def serving(app: str, folder: Path, **environment: str) -> Iterator[tuple[int, int]]:
    """A server in a process of its own: its port and process id."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    here = Path(__file__).parent
    env = os.environ | {"BENCH_DATABASE": str(folder / f"{app}.db"), "BENCH_TOKEN": TOKEN, **environment}
    env["PYTHONPATH"] = os.pathsep.join([str(here), str(here.parent), env.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "uvicorn", f"bench_staging:{app}", "--factory", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "error", "--no-access-log"], env=env)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            except OSError:
                assert time.monotonic() < until, "it did not start"
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def post(port: int, bodies: list[bytes], connections: int) -> list[float]:
    """Sends the bodies over that many connections; how long each took. No answer but 202 is taken."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    times: list[float] = []

    def send(part: list[bytes]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for body in part:
            started = time.perf_counter()
            connection.request("POST", "/api/agent/import", body, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 202, answer.status
            times.append(time.perf_counter() - started)
        connection.close()

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(send, [bodies[n::connections] for n in range(connections)]))
    return times


def imports(app: str, folder: Path, **environment: str) -> dict[str, float]:
    with serving(app, folder, **environment) as (port, pid):
        post(port, [batch(10_000 + n) for n in range(20)], 1)
        alone = [batch(n) for n in range(BATCHES)]
        before, started = cpu(pid), time.perf_counter()
        post(port, alone, 1)
        took, used = time.perf_counter() - started, cpu(pid) - before
        crowd = post(port, [batch(20_000 + n) for n in range(BATCHES * 2)], CONNECTIONS)
    return {
        "cpu": used / BATCHES * 1000,
        "items": BATCHES * 100 / took,
        "p99": sorted(crowd)[int(len(crowd) * 0.99)] * 1000,
    }


def executemany(folder: Path) -> float:
    """Items a second of nothing but ``executemany`` into the bare endpoint's table, a transaction for each 100."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for statement in BARE:
        connection.execute(statement)
    rows = []
    for number in range(BATCHES):
        items = json.loads(batch(number))["items"]
        texts = [(json.dumps(item["payload"]), json.dumps(item["evidence"])) for item in items]
        rows.append([(secrets.token_hex(12), f"bat_{number}", "knowledge_entries", *pair, number) for pair in texts])
    started = time.perf_counter()
    for part in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, part)
        connection.execute("COMMIT")
    return BATCHES * 100 / (time.perf_counter() - started)


def pages(folder: Path, items: int) -> dict[str, float]:
    """CPU milliseconds of an inbox page and an export page, with that many items pending and as many live."""
    from fastapi.testclient import TestClient

    from askcv_agents.staging.app import Backend, StagingConfig, create_app
    from askcv_agents.staging.repository.items import Filter

    config = StagingConfig(f"sqlite:///{folder}/pages-{items}.db", limits=None, hosts=("testserver",))
    backend = Backend.open(config)
    token = backend.principals.create_token("Maya", "agent")
    principal = backend.principals.authenticate(token)
    for half in range(2):
        for n in range(items // 100):
            backend.service.import_items(principal, batch(n + half * 100_000), None)
        if not half:
            backend.desk.review_all(principal.tenant_id, Filter(), 2**60, "approved")
    client = TestClient(create_app(config, backend))
    client.headers["Authorization"] = f"Bearer {token}"
    client.get(f"/inbox/open?key={backend.principals.create_link('Maya')}")
    found = {}
    for name, path in {"inbox": "/inbox", "export": "/api/agent/export/knowledge_entries"}.items():
        taken = []
        for _ in range(30):
            started = time.process_time()
            assert client.get(path).status_code == 200
            taken.append(time.process_time() - started)
        found[name] = statistics.median(taken) * 1000
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = imports("bare_app", folder)
        ours = imports("staging_app", folder, BENCH_NO_WORKER="1")
        whole = folder / "whole"
        whole.mkdir()
        worked = imports("staging_app", whole)
        raw = executemany(folder)
        for what, found in {"imports alone": ours, "with the jobs that follow": worked}.items():
            print(f"{what}:")
            print(
                f"  CPU of 100 items {found['cpu']:.1f} ms, bare {bare['cpu']:.1f}: {found['cpu'] / bare['cpu']:.2f}×"
            )
            print(f"  {found['items']:.0f} items a second, executemany {raw:.0f}: {100 * found['items'] / raw:.0f} %")
            ratio = found["p99"] / bare["p99"]
            print(f"  p99 at {CONNECTIONS} connections {found['p99']:.0f} ms, bare {bare['p99']:.0f}: {ratio:.2f}×")
        few, many = pages(folder, 1_000), pages(folder, MANY)
        for page in few:
            print(f"{page} page at {MANY:,} items {many[page]:.1f} ms, at 1,000 {few[page]:.1f}: ", end="")
            print(f"{many[page] / few[page]:.2f}×")


if __name__ == "__main__":
    main()
else:
    TOKEN = os.environ.get("BENCH_TOKEN", TOKEN)
