"""``askcv sync`` and ``askcv serve`` as processes that can be killed, and what they left behind."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
OPTIONS = ["--subject", "Maya Lindqvist", "--extractor", "bullets"]


def environment(folder: Path, token: str, base_url: str, **more: str) -> dict[str, str]:
    """What a process sees; the bullets extractor is found by an entry point of a package of its own."""
    package = folder / "site" / "bullets-1.dist-info"
    package.mkdir(parents=True, exist_ok=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: bullets\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[askcv.extractors]\nbullets = tests.extractors:BulletExtractor\n")
    paths = [str(package.parent), *(str(ROOT / part) for part in (".", "pipelines", "integrations"))]
    given = {"ASKCV_TOKEN": token, "ASKCV_BASE_URL": base_url, "ASKCV_STATE_DIR": str(folder / "state")}
    return os.environ | given | {"PYTHONPATH": os.pathsep.join(paths)} | more


def sync(
    env: dict[str, str], *arguments: str | Path, later: float = 0.0, heard: bool = True
) -> subprocess.Popen[bytes]:
    """``askcv sync``, begun so many seconds later than now. What nobody reads must not be ``heard``: a full pipe holds
    its writer up."""
    command = [sys.executable, "-m", "tests.contract.later", str(later), "sync", *OPTIONS, "--json"]
    into = subprocess.PIPE if heard else subprocess.DEVNULL
    return subprocess.Popen([*command, *map(str, arguments)], env=env, stdout=into, stderr=into, cwd=ROOT)


def finish(process: subprocess.Popen[bytes]) -> tuple[int, dict[str, int], str]:
    """The exit code, the counts of the report, and what was said of errors."""
    out, err = process.communicate(timeout=120)
    return process.returncode, json.loads(out)["counts"] if out else {}, err.decode()


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


class BackendProcess:
    """``askcv serve`` without limits, in a process that can be killed and started again on the same port."""

    def __init__(self, database: Path) -> None:
        self.database = database
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "askcv_agents.cli", "serve", "--no-limits", "--port", str(self.port)]
        paths = os.pathsep.join(str(ROOT / part) for part in (".", "pipelines"))
        self.process = subprocess.Popen(
            [*command, "--database", str(self.database)],
            env=os.environ | {"PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        assert b"staging backend at" in self.process.stdout.readline()  # it listens by then

    def restart(self) -> None:
        kill(self.process)
        self.start()


def staged(database: Path) -> Counter[str]:
    """How often each text is in the review inbox."""
    with closing(sqlite3.connect(database)) as db:
        return Counter(json.loads(row[0])["content"] for row in db.execute("SELECT payload FROM item"))


def journalled(state_dir: Path) -> dict[str, str]:
    """The state of each text in the journal."""
    with closing(sqlite3.connect(state_dir / "journal.db")) as db:
        return {json.loads(row[0])["content"]: row[1] for row in db.execute("SELECT payload, state FROM item")}
