"""The staging backend beside a bare endpoint, in one run on one machine: what its promises cost.

The bare endpoint is the same web framework with one route that checks the token, reads the JSON and writes the items
with raw ``sqlite3`` (WAL, FULL, one transaction): no validation, no limits, no jobs. Both run as processes of their
own, and are measured by the CPU time that the system counts for them: of an import it is counted until no job is left,
so that nothing is put off unseen. What an import leaves for others to pay is measured by itself: that of whoever opens
the inbox first (new items are made findable as near ones then), and that of a verdict on all (with the ingestion that
follows it). Prints ratios; times are this machine's.
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
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

BATCHES = int(os.environ.get("ASKCV_BATCHES", "150"))
CONNECTIONS = 16
ROUNDS = int(os.environ.get("ASKCV_ROUNDS", "3"))
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
    return create_app(config, backend)


# -- measuring ---------------------------------------------------------------------------------------------------------


@contextmanager
def serving(app: str, folder: Path) -> Iterator[tuple[int, int]]:
    """A server in a process of its own: its port and process id."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    here = Path(__file__).parent
    env = os.environ | {"BENCH_DATABASE": str(folder / f"{app}.db"), "BENCH_TOKEN": TOKEN}
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


def imports(app: str, folder: Path) -> dict[str, float]:
    with serving(app, folder) as (port, pid):
        post(port, [batch(10_000 + n) for n in range(20)], 1)
        alone = [batch(n) for n in range(BATCHES)]
        before, started = cpu(pid), time.perf_counter()
        post(port, alone, 1)
        took = time.perf_counter() - started
        worked = app == "staging_app"
        if worked:
            until_idle(folder)
        used = cpu(pid) - before
        crowd = post(port, [batch(20_000 + n) for n in range(BATCHES * 2)], CONNECTIONS)
        found = {"cpu": used / BATCHES * 1000, "items": BATCHES * 100 / took, "p99": p99(crowd)}
        return found | (afterwards(port, pid, folder, used / BATCHES) if worked else {})


def p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)] * 1000


def until_idle(folder: Path) -> None:
    """Until no job is left.

    Raises:
        SystemExit: jobs are left after two minutes.
    """
    until = time.monotonic() + 120
    with closing(sqlite3.connect(folder / "staging_app.db")) as connection:
        while connection.execute("SELECT 1 FROM job WHERE state <> 'done' LIMIT 1").fetchone():
            if time.monotonic() > until:
                raise SystemExit("jobs are left after two minutes: the figures would leave them out")
            time.sleep(0.05)


def afterwards(port: int, pid: int, folder: Path, importing: float) -> dict[str, float]:
    """CPU milliseconds for 100 items of the first look at the inbox, and of a verdict on all of it; and the p99 of
    imports that come while that is given. ``importing`` is the CPU time of one of these."""
    from askcv_agents.staging.app import Backend, StagingConfig
    from askcv_agents.staging.repository.items import Filter

    backend = Backend.open(StagingConfig(f"sqlite:///{folder}/staging_app.db"))
    hundreds = BATCHES * 3 + 20
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/inbox/open?key={backend.principals.create_link('Maya')}")
    opened = connection.getresponse()
    opened.read()
    cookie = opened.headers["Set-Cookie"].partition(";")[0]

    before = cpu(pid)
    connection.request("GET", "/inbox", headers={"Cookie": cookie})
    assert b"still being compared" in connection.getresponse().read()
    until_idle(folder)
    looked = cpu(pid) - before

    before = cpu(pid)
    backend.desk.review_all("ten_1", Filter(), 2**60, "approved")
    meanwhile = post(port, [batch(50_000 + n) for n in range(BATCHES)], CONNECTIONS)
    until_idle(folder)
    decided = cpu(pid) - before - importing * BATCHES
    backend.store.close()
    return {
        "looked": looked / hundreds * 1000,
        "decided": decided / hundreds * 1000,
        "meanwhile": p99(meanwhile),
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
            backend.worker.run_due()
    client = TestClient(create_app(config, backend))
    client.headers["Authorization"] = f"Bearer {token}"
    client.get(f"/inbox/open?key={backend.principals.create_link('Maya')}")
    client.get("/inbox")
    backend.worker.run_due()  # the first look's
    found = {}
    for name, path in {"inbox": "/inbox", "export": "/api/agent/export/knowledge_entries"}.items():
        taken = []
        for _ in range(30):
            started = time.process_time()
            assert client.get(path).status_code == 200
            taken.append(time.process_time() - started)
        found[name] = statistics.median(taken) * 1000
    return found


def one_round(folder: Path) -> dict[str, float]:
    """All figures once, each beside what it is compared with."""
    folder.mkdir()
    bare, ours, raw = imports("bare_app", folder), imports("staging_app", folder), executemany(folder)
    ratios = {
        "cpu ratio": ours["cpu"] / bare["cpu"],
        "items ratio": ours["items"] / raw,
        "p99 ratio": ours["p99"] / bare["p99"],
        "meanwhile ratio": ours["meanwhile"] / ours["p99"],
    }
    return ours | ratios


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rounds = [one_round(folder / str(n)) for n in range(ROUNDS)]

        def median(what: str) -> float:
            return statistics.median(found[what] for found in rounds)

        print(f"imports of 100 items, median of {ROUNDS} rounds:")
        print(f"  CPU until no job is left {median('cpu'):.1f} ms, {median('cpu ratio'):.2f}× the bare endpoint's")
        print(f"  {median('items'):.0f} items a second, {100 * median('items ratio'):.0f} % of executemany")
        print(
            f"  p99 at {CONNECTIONS} connections {median('p99'):.0f} ms, {median('p99 ratio'):.2f}× the bare endpoint's"
        )
        print("afterwards, of 100 items:")
        print(f"  the first look at the inbox {median('looked'):.1f} ms of CPU")
        print(f"  a verdict on all, with ingestion, {median('decided'):.1f} ms of CPU; imports meanwhile: ", end="")
        print(f"p99 {median('meanwhile'):.0f} ms, {median('meanwhile ratio'):.2f}× the usual")
        few, many = pages(folder, 1_000), pages(folder, MANY)
        for page in few:
            print(f"{page} page at {MANY:,} items {many[page]:.1f} ms, at 1,000 {few[page]:.1f}: ", end="")
            print(f"{many[page] / few[page]:.2f}×")


if __name__ == "__main__":
    main()
else:
    TOKEN = os.environ.get("BENCH_TOKEN", TOKEN)
