"""What durability costs: ``askcv sync`` of 2,000 ready items against staging without limits, beside a bare HTTP client
that posts the same bodies. CPU seconds, the sides in turn, the median of several runs:

- whole processes: the command as a person gives it, without PATHS (what waits in the journal leaves), and with a folder
  whose one document holds nothing new, which is read first;
- the work alone: the same in a process that has made such a run before, so that everything is imported on either side.

``ASKCV_RUNS`` changes the number of runs.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

ITEMS = 2_000
RUNS = int(os.environ.get("ASKCV_RUNS", "5"))

OURS = [sys.executable, "-m", "askcv_agents.cli", "sync", "--subject", "Maya Lindqvist"]
BARE = """
import os, sys, time
from pathlib import Path
import httpx2

def post(paths):
    headers = {"Authorization": "Bearer " + os.environ["ASKCV_TOKEN"], "Content-Type": "application/json"}
    with httpx2.Client(base_url=os.environ["ASKCV_BASE_URL"], headers=headers) as client:
        for path in paths:
            answer = client.post("/api/agent/import", content=path.read_bytes(), headers={"Idempotency-Key": path.name})
            answer.raise_for_status()
            answer.json()
"""
BARE_WHOLE = f"{BARE}\npost(sorted(Path(sys.argv[1]).iterdir()))"
# A process that has run before: what is imported and connected for the first time is not the work.
BARE_WORK = f"""{BARE}
httpx2.get(os.environ["ASKCV_BASE_URL"] + "/health")
begun = time.process_time()
post(sorted(Path(sys.argv[1]).iterdir()))
print("work", time.process_time() - begun)
"""
OURS_WORK = """
import os, sys, time
from pathlib import Path
from askcv_agents.cli import main
from benchmarks.bench_submit import queue_items

def sync():
    sys.argv = ["askcv", "sync"]
    try:
        main()
    except SystemExit as end:
        assert not end.code, end.code

sync()
queue_items(Path(os.environ["ASKCV_STATE_DIR"]), os.environ["ASKCV_TOKEN"], os.environ["ASKCV_BASE_URL"])
begun = time.process_time()
sync()
print("work", time.process_time() - begun)
"""


def payload(number: int) -> dict[str, object]:
    words = "Cut the run time of the nightly import by a third with a shared cache, measured over four weeks."
    return {"title": f"Closed ticket {number}", "content": f"Closed ticket {number}. {words}", "tags": ["import"]}


def queue_items(state: Path, token: str, base_url: str) -> None:
    """Items as a run leaves them: decided, masked and in the journal."""
    from askcv_agents import Client, Settings, Token
    from askcv_pipelines.accounts import account_of, open_partition
    from askcv_pipelines.dedup.keys import fingerprint
    from askcv_pipelines.outbox import QueuedItem
    from askcv_pipelines.values import BatchItem

    settings = Settings(token=Token(token), base_url=base_url, state_dir=state)
    with Client(settings) as client:
        account = client.run(account_of(settings, client.retry))
    domain, queued = "knowledge_entries", []
    for number in range(ITEMS):
        item, evidence = payload(number), {"quote": f"Closed ticket {number}.", "document": "notes.md"}
        queued.append(QueuedItem(BatchItem(fingerprint(domain, item), domain, item, evidence), "new", ""))
    with open_partition(settings, account.tenant) as part:
        part.outbox.enqueue(queued)


def bodies_of(state: Path, folder: Path) -> None:
    """What a run sent, one file a batch."""
    import sqlite3

    with sqlite3.connect(state / "journal.db") as db:
        for key, body in db.execute("SELECT key, body FROM batch"):
            (folder / key).write_bytes(body)


def cpu(command: Sequence[str], env: dict[str, str]) -> float:
    """CPU seconds of the process, or of its work, where it says that."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    last = done.stdout.split()[-2:]
    whole = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return float(last[1]) if last and last[0] == "work" else whole


class Bench:
    """Both sides against one backend, each run as a person of its own."""

    def __init__(self, place: Path, base_url: str) -> None:
        from askcv_agents.staging.app import Backend, StagingConfig

        self.place = place
        self.principals = Backend.open(StagingConfig(f"sqlite:///{place}/staging.db")).principals
        self.env = os.environ | {"ASKCV_BASE_URL": base_url, "PYTHONPATH": str(Path(__file__).parent.parent)}
        self.notes, self.bodies = place / "notes", place / "bodies"
        self.notes.mkdir()
        self.bodies.mkdir()
        (self.notes / "empty.md").write_text("# Nothing new\n")
        self.people = 0

    def ours(self, command: Sequence[str], *, queue: bool = True) -> float:
        env = self._person()
        if queue:
            queue_items(Path(env["ASKCV_STATE_DIR"]), env["ASKCV_TOKEN"], env["ASKCV_BASE_URL"])
        spent = cpu(command, env)
        if not any(self.bodies.iterdir()):
            bodies_of(Path(env["ASKCV_STATE_DIR"]), self.bodies)
        return spent

    def bare(self, code: str) -> float:
        return cpu([sys.executable, "-c", code, str(self.bodies)], self._person())

    def _person(self) -> dict[str, str]:
        self.people += 1
        token = self.principals.create_token(f"Person {self.people}", "agent")
        return self.env | {"ASKCV_TOKEN": token, "ASKCV_STATE_DIR": str(self.place / f"state-{self.people}")}


def measure(place: Path, base_url: str) -> None:
    bench = Bench(place, base_url)
    figures: dict[str, list[tuple[float, float]]] = {}
    for _ in range(RUNS):
        for name, command in (("askcv sync", OURS), ("askcv sync FOLDER", [*OURS, str(bench.notes)])):
            pair = bench.ours(command), bench.bare(BARE_WHOLE)
            figures.setdefault(f"whole process, {name}", []).append(pair)
        pair = bench.ours([sys.executable, "-c", OURS_WORK], queue=False), bench.bare(BARE_WORK)
        figures.setdefault("work alone", []).append(pair)
    sizes = [path.stat().st_size for path in bench.bodies.iterdir()]
    print(f"{ITEMS} items in {len(sizes)} batches, {sum(sizes) / 1e6:.2f} MB")
    for name, pairs in figures.items():
        one, other = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"{name} / bare HTTP client: {one / other:.2f} times ({one:.3f} s against {other:.3f} s of CPU)")


def main() -> None:
    from tests.contract.processes import BackendProcess, kill

    place = Path(tempfile.mkdtemp())
    backend = BackendProcess(place / "staging.db")
    try:
        measure(place, backend.base_url)
    finally:
        kill(backend.process)
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
