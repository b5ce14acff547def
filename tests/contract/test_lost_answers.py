"""``askcv sync`` killed after its request left and before the answer came: each item is staged once, or known to be
unknown. The proxy between the process and the backend passes the request on, and then kills the process."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from askcv_agents.staging.app import Backend
from tests.conftest import Clock, running

SYNC = [sys.executable, "-m", "askcv_agents.cli", "sync", "--subject", "Maya Lindqvist", "--extractor", "bullets"]


class KillingProxy(http.server.ThreadingHTTPServer):
    """Passes requests on and answers back; when an import was answered, the process in ``victim`` dies instead."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target.removeprefix("http://")
        self.victim: subprocess.Popen[bytes] | None = None
        self.killed = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    server: KillingProxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        far = http.client.HTTPConnection(self.server.target, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        far.request(self.command, self.path, body or None, headers)
        answer = far.getresponse()
        content = answer.read()
        far.close()
        if self.command == "POST" and self.server.victim is not None:
            self.server.victim.send_signal(signal.SIGKILL)
            self.server.killed.set()
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["content-type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = pass_on  # noqa: N815 - the names that the base class looks for

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxied(backend: Backend, clock: Clock) -> Iterator[KillingProxy]:
    with running(backend, clock) as base_url, KillingProxy(base_url) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()


def environment(proxy: KillingProxy, backend: Backend, tmp_path: Path, **more: str) -> dict[str, str]:
    """What the process sees; the bullets extractor is found by an entry point of a package of its own."""
    package = tmp_path / "site" / "bullets-1.dist-info"
    package.mkdir(parents=True, exist_ok=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: bullets\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[askcv.extractors]\nbullets = tests.extractors:BulletExtractor\n")
    root = Path(__file__).parent.parent.parent
    return (
        os.environ
        | {
            "ASKCV_TOKEN": backend.principals.create_token("Maya Lindqvist", "agent"),
            "ASKCV_BASE_URL": f"http://127.0.0.1:{proxy.server_port}",
            "ASKCV_STATE_DIR": str(tmp_path / "state"),
            "PYTHONPATH": f"{package.parent}:{root}",
        }
        | more
    )


def staged(backend: Backend) -> Counter[str]:
    with backend.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT payload FROM item").all()
    return Counter(json.loads(row[0])["content"] for row in rows)


def test_killed_at_any_moment_each_item_is_staged_once(proxied: KillingProxy, backend: Backend, tmp_path: Path) -> None:
    """ASKCV_KILLS sets how often; by default a sample with a fixed seed."""
    dice = random.Random(20260618)
    env = environment(proxied, backend, tmp_path, ASKCV_IDEMPOTENT_IMPORTS="on")
    document = tmp_path / "notes.md"
    bullets = [f"Closed ticket {n}." for n in range(5)]
    for number in range(int(os.environ.get("ASKCV_KILLS", "4"))):
        bullets += [f"Closed ticket {number}-{n}." for n in range(3)]
        document.write_text("# Done\n\n" + "".join(f"- {bullet}\n" for bullet in bullets))
        process = subprocess.Popen([*SYNC, str(document)], env=env, stdout=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(dice.uniform(0.3, 1.5))
        process.kill()
        process.wait()
    last = subprocess.run([*SYNC, "--json", str(document)], env=env, capture_output=True, check=False, timeout=60)
    assert last.returncode == 0, last.stderr
    assert staged(backend) == dict.fromkeys(bullets, 1)


@pytest.mark.parametrize("honoured", [True, False])
def test_killed_between_request_and_answer(
    proxied: KillingProxy, backend: Backend, tmp_path: Path, honoured: bool
) -> None:
    document = tmp_path / "notes.md"
    document.write_text("# Done\n\n- Cut the build time by 35 %.\n- Wrote the handbook.\n")
    env = environment(proxied, backend, tmp_path, ASKCV_IDEMPOTENT_IMPORTS="on" if honoured else "off")
    proxied.victim = subprocess.Popen([*SYNC, str(document)], env=env, stdout=subprocess.DEVNULL)
    assert proxied.victim.wait(60) == -signal.SIGKILL
    assert proxied.killed.is_set()
    assert sum(staged(backend).values()) == 2

    proxied.victim = None
    again = subprocess.run([*SYNC, "--json", str(document)], env=env, capture_output=True, check=False, timeout=60)
    report = json.loads(again.stdout)
    assert staged(backend) == {"Cut the build time by 35 %.": 1, "Wrote the handbook.": 1}
    if honoured:
        assert again.returncode == 0
        assert (report["counts"]["submitted"], report["counts"]["unknown"]) == (2, 0)
    else:
        assert again.returncode == 5
        assert (report["counts"]["submitted"], report["counts"]["unknown"]) == (0, 2)

    third = subprocess.run([*SYNC, "--json", str(document)], env=env, capture_output=True, check=False, timeout=60)
    assert json.loads(third.stdout)["counts"]["submitted"] == 0
    assert sum(staged(backend).values()) == 2
