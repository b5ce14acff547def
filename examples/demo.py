"""The main job from end to end, on this machine alone: what ``make demo`` runs.

Starts the staging backend on a database in ``.demo/``, makes a token, and runs ``askcv sync`` over the documents in
``examples/documents``. Run it again: everything is known, and nothing is submitted twice. What it started, it stops.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

HERE = Path(__file__).resolve().parent
STATE = Path(os.environ.get("DEMO_DIR", ".demo"))
PORT = os.environ.get("PORT", "8765")
ADDRESS = f"http://127.0.0.1:{PORT}"
PERSON = "Maya Lindqvist"
ASKCV = [sys.executable, "-m", "askcv_agents.cli"]


def main() -> int:
    STATE.mkdir(mode=0o700, exist_ok=True)
    environment = os.environ | {
        "ASKCV_BASE_URL": ADDRESS,
        "ASKCV_STATE_DIR": str(STATE),
        "ASKCV_DATABASE": str(STATE / "staging.db"),
        "ASKCV_PORT": PORT,
    }
    with backend(environment):
        environment["ASKCV_TOKEN"] = token(environment)
        if not knows(environment["ASKCV_TOKEN"]):
            print(f"Another backend runs at {ADDRESS}, on a database of its own. Use another port: make demo PORT=8770")
            return 1
        code = show(
            ["sync", str(HERE / "documents"), "--subject", PERSON, "--names", "keep", "--show-items"], environment
        )
    if code == 0:
        print("\nThe items wait in the review inbox. To open it on the same database: make serve")
        print("Run make demo again: everything is known, and nothing is submitted twice.")
    return code


@contextlib.contextmanager
def backend(environment: dict[str, str]) -> Iterator[None]:
    """The staging backend, up and answering; stopped at the end. One that runs already is used and left alone."""
    if answers():
        print(f"Using the staging backend that runs at {ADDRESS} already.")
        yield
        return
    command = ["serve", "--port", PORT]
    print(f"$ askcv {shlex.join(command)} &")
    log_path = STATE / "serve.log"
    with log_path.open("w") as log:
        server = subprocess.Popen([*ASKCV, *command], env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 60
        while not answers():
            if server.poll() is not None or time.monotonic() > until:
                sys.exit(f"The backend did not start:\n{log_path.read_text()}\nAnother port: make demo PORT=8770")
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(20)


def answers() -> bool:
    try:
        answer = httpx2.get(f"{ADDRESS}/health", timeout=2, trust_env=False)
    except httpx2.TransportError:
        return False
    return answer.status_code == 200 and answer.headers.get("content-type", "").startswith("application/json")


def knows(token: str) -> bool:
    """Whether the backend that answers is the one whose database the token was made in."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx2.get(f"{ADDRESS}/api/agent/profile", headers=headers, timeout=10, trust_env=False)
    return answer.status_code != 401


def token(environment: dict[str, str]) -> str:
    """The demo's token, made on the first run and kept in a file that only its owner can read."""
    kept = STATE / "token"
    if not kept.exists():
        command = ["token", "create", "--tenant", PERSON]
        print(f"$ askcv {shlex.join(command)} > {kept}")
        made = subprocess.run([*ASKCV, *command], env=environment, capture_output=True, text=True, check=True)
        kept.touch(mode=0o600)
        kept.write_text(made.stdout)
    return kept.read_text().strip()


def show(command: list[str], environment: dict[str, str]) -> int:
    shown = [part.replace(str(HERE), "examples") for part in command]
    print(f"$ askcv {shlex.join(shown)}", flush=True)
    return subprocess.run([*ASKCV, *command], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
