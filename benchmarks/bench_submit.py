"""What durability costs: ``askcv sync`` of 2,000 ready items against staging without limits, beside a bare HTTP client
that posts the same bodies. The items wait in the journal, and the one document that is read holds nothing new. CPU
seconds of whole processes, in turn, the median of several runs; and of the work alone, without what starting Python and
importing takes on either side.

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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

ITEMS = 2_000
RUNS = int(os.environ.get("ASKCV_RUNS", "5"))

# Each side runs in a process of its own, and says at its end how much CPU the work took after the imports.
OURS = """
import sys, time
import askcv_agents.cli.documents, askcv_agents.cli.show, askcv_agents.client, askcv_pipelines.pipeline
import askcv_pipelines.report
from askcv_pipelines.extractors import extractor
from askcv_pipelines.sources import sources
extractor("rules"), sources()
from askcv_agents.cli import main
begun = time.process_time()
sys.argv = ["askcv", "sync", "--subject", "Maya Lindqvist", *sys.argv[1:]]
try:
    main()
finally:
    print("work", time.process_time() - begun)
"""
BARE = """
import os, sys, time
from pathlib import Path
import httpx2
begun = time.process_time()
headers = {"Authorization": "Bearer " + os.environ["ASKCV_TOKEN"], "Content-Type": "application/json"}
with httpx2.Client(base_url=os.environ["ASKCV_BASE_URL"], headers=headers) as client:
    for path in sorted(Path(sys.argv[1]).iterdir()):
        answer = client.post("/api/agent/import", content=path.read_bytes(), headers={"Idempotency-Key": path.name})
        answer.raise_for_status()
        answer.json()
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


def cpu(code: str, argument: Path, env: dict[str, str]) -> tuple[float, float]:
    """CPU seconds of the whole process, and of its work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", code, str(argument)], env=env, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    whole = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return whole, float(done.stdout.split()[-1])


def main() -> None:
    from tests.contract.processes import BackendProcess, kill

    place = Path(tempfile.mkdtemp())
    backend = BackendProcess(place / "staging.db")
    try:
        measure(place, backend.base_url)
    finally:
        kill(backend.process)
        shutil.rmtree(place)


def measure(place: Path, base_url: str) -> None:
    from askcv_agents.staging.app import Backend, StagingConfig

    principals = Backend.open(StagingConfig(f"sqlite:///{place}/staging.db")).principals
    notes, bodies = place / "notes", place / "bodies"
    notes.mkdir()
    (notes / "empty.md").write_text("# Nothing new\n")
    bodies.mkdir()
    ours, bare = [], []
    for run in range(RUNS):
        state = place / f"state-{run}"
        token = principals.create_token(f"Person {run}", "agent")
        env = os.environ | {"ASKCV_TOKEN": token, "ASKCV_BASE_URL": base_url, "ASKCV_STATE_DIR": str(state)}
        queue_items(state, token, base_url)
        ours.append(cpu(OURS, notes, env))
        if not run:
            bodies_of(state, bodies)
        token = principals.create_token(f"Other {run}", "agent")
        bare.append(cpu(BARE, bodies, env | {"ASKCV_TOKEN": token}))
    sizes = [len(path.read_bytes()) for path in bodies.iterdir()]
    print(f"{ITEMS} items in {len(sizes)} batches, {sum(sizes) / 1e6:.2f} MB")
    for name, column in (("whole process", 0), ("work alone", 1)):
        one, other = (statistics.median(pair[column] for pair in side) for side in (ours, bare))
        print(
            f"{name}: askcv sync / bare HTTP client: {one / other:.2f} times ({one:.3f} s against {other:.3f} s of CPU)"
        )


if __name__ == "__main__":
    main()
