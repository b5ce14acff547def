"""The server killed under load: every import that was answered is there, none by half, and its jobs are finished by the
process that comes after. ASKCV_SERVER_KILLS sets how often; by default a sample with a fixed seed."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import sqlalchemy as sa

from askcv_agents import wire
from askcv_agents.staging.app import Backend, StagingConfig
from askcv_agents.staging.repository.items import Filter

KILLS = int(os.environ.get("ASKCV_SERVER_KILLS", "3"))
ITEMS = 40


class Load:
    """Imports one after another; remembers which were answered."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.answered: set[str] = set()
        self.stop = threading.Event()

    def run(self, number: int) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        items = [{"domain": "skills", "payload": {"name": f"skill {number} {n}"}} for n in range(ITEMS)]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        while not self.stop.is_set():
            try:
                connection.request("POST", wire.IMPORT_PATH, json.dumps({"items": items}), headers)
                answer = connection.getresponse()
                body = json.loads(answer.read())
                if answer.status == 202:
                    self.answered.add(body["batchId"])
            except (OSError, http.client.HTTPException, ValueError):
                connection.close()  # the next request opens it anew
                time.sleep(0.02)
        connection.close()


def serve(database: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "askcv_agents.cli", "serve", "--no-limits"]
    arguments = ["--port", str(port), "--database", str(database)]
    return subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until_more(load: Load, count: int) -> None:
    """Waits until the server has answered some more imports."""
    wanted, end = len(load.answered) + count, time.monotonic() + 60
    while len(load.answered) < wanted:
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.005)


def test_killed_under_load_every_answered_import_is_there_whole_and_its_jobs_are_finished(tmp_path: Path) -> None:
    dice = random.Random(20260618)
    database = tmp_path / "staging.db"
    config = StagingConfig(f"sqlite:///{database}", limits=None)
    backend = Backend.open(config)
    token = backend.principals.create_token("Maya", "agent")
    tenant = backend.principals.tenant_id("Maya")
    backend.store.close()
    reviewer = Backend.open(config)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    load = Load(port, token)
    threads = [threading.Thread(target=load.run, args=(n,), daemon=True) for n in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        server = serve(database, port)
        try:
            until_more(load, dice.randint(3, 12))
            reviewer.desk.review_all(tenant, Filter(), 2**40, "approved")  # more than one part: a job has the rest
            time.sleep(dice.uniform(0, 0.05))
        finally:
            server.kill()
            server.wait()
    load.stop.set()
    for thread in threads:
        thread.join(10)

    after = Backend.open(StagingConfig(f"sqlite:///{database}", now=lambda: time.time() + 3600))  # leases have ended
    after.worker.run_due()
    with after.store.read() as connection:
        counted = connection.execute(sa.text("SELECT batch_id, count(*) FROM item GROUP BY batch_id"))
        sizes = {row[0]: row[1] for row in counted}
        batches = set(connection.execute(sa.text("SELECT id FROM batch")).scalars())
        live = connection.execute(sa.text("SELECT count(*), count(findings) FROM record")).one()
        given = connection.execute(sa.text("SELECT sum(items), count(going) FROM review")).one()
        approved = connection.execute(sa.text("SELECT count(*) FROM item WHERE status = 'approved'")).scalar_one()
        checked = connection.execute(sa.text("PRAGMA integrity_check")).scalar_one()
    assert load.answered <= batches
    assert set(sizes) == batches
    assert set(sizes.values()) == {ITEMS}
    assert (after.worker.counts(), checked) == ({}, "ok")
    assert (tuple(live), tuple(given)) == ((approved, approved), (approved, 0))
    counts = after.desk.page(tenant, Filter()).counts
    assert (counts["approved", "skills"], sum(counts.values())) == (approved, len(batches) * ITEMS)
    for store in (after.store, reviewer.store):
        store.close()
