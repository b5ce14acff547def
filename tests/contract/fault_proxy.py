"""A proxy that fails as networks and services do. What it does to a request is scripted, or thrown with dice."""

from __future__ import annotations

import http.client
import http.server
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

FAULTS = (
    "pass",
    "latency",
    "reset before",  # the connection is reset, and nothing was passed on
    "reset after",  # passed on, and then reset
    "half-close",  # passed on; the answering side is closed without an answer
    "silence",  # passed on; nothing comes back until the client leaves
    "truncated",  # passed on; half of the answer comes back
    "429",
    "503 before",
    "502 after",
)
BEFORE = frozenset({"reset before", "429", "503 before"})


@dataclass
class Faults:
    """What is done to each request: the ``script`` first, then what the dice say, where there are any."""

    dice: random.Random | None = None
    script: list[str] = field(default_factory=list)
    storm: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def next(self, method: str) -> str:
        with self._turn:
            if method == "POST" and self.script:
                return self.script.pop(0)
            if self.dice is None:
                return "pass"
            if method == "POST" and self.storm:
                self.storm -= 1
                return "429"
            if self.dice.random() < (0.35 if method == "POST" else 0.9):
                return "pass"
            fault = self.dice.choice(FAULTS)
            if method == "POST" and fault == "429":
                self.storm = self.dice.randrange(3)
            return fault


class FaultProxy(http.server.ThreadingHTTPServer):
    """Stands before the backend at ``target``. ``log`` is every request that came; ``passed_on`` is called with each
    that the backend answered, before the answer goes back."""

    daemon_threads = True

    def __init__(self, target: str, faults: Faults | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target.removeprefix("http://")
        self.faults = faults or Faults()
        self.log: list[tuple[str, str]] = []
        self.done: list[str] = []
        self.passed_on: Callable[[str, str], None] = lambda _method, _path: None
        self._news = threading.Condition()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def note(self, method: str, path: str) -> None:
        with self._news:
            self.log.append((method, path))
            self._news.notify_all()

    def wait_for(self, requests: int, until: Callable[[], bool]) -> None:
        """Until so many requests came, or ``until`` says that no more will."""
        with self._news:
            while len(self.log) < requests and not until():
                self._news.wait(0.05)

    def handle_error(self, *_: object) -> None:
        """A client that is gone is no news here."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: FaultProxy
    protocol_version = "HTTP/1.1"
    timeout = 30

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.note(self.command, self.path)
        fault = self.server.faults.next(self.command)
        self.server.done.append(fault)
        if fault == "latency":
            time.sleep((self.server.faults.dice or random.Random(0)).uniform(0.0, 0.2))
        answer = None if fault in BEFORE else self.answered(body)
        if answer is not None:
            self.server.passed_on(self.command, self.path)
        match fault:
            case "reset before" | "reset after":
                self.reset()
            case "half-close":
                self.leave(socket.SHUT_WR)
            case "silence":
                self.rfile.read(1)
                self.close_connection = True
            case "429":
                self.give(429, json.dumps({"error": "rate_limited", "retryAfterMs": 20}).encode())
            case "503 before":
                self.give(503, b"<html>down</html>")
            case "502 after":
                self.give(502, b"<html>bad gateway</html>")
            case _ if answer is None:
                self.reset()  # the backend is gone
            case _:
                status, content = answer
                self.give(status, content, whole=fault != "truncated")

    def answered(self, body: bytes) -> tuple[int, bytes] | None:
        far = http.client.HTTPConnection(self.server.target, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        try:
            far.request(self.command, self.path, body or None, headers)
            answer = far.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            far.close()

    def give(self, status: int, content: bytes, *, whole: bool = True) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content if whole else content[: len(content) // 2])
        if not whole:
            self.leave(socket.SHUT_RDWR)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def leave(self, how: int) -> None:
        self.wfile.flush()
        self.connection.shutdown(how)
        self.close_connection = True

    do_GET = do_POST = pass_on  # noqa: N815 - the names that the base class looks for

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def proxy_of(target: str, faults: Faults | None = None) -> Iterator[FaultProxy]:
    """A proxy at work."""
    with FaultProxy(target, faults) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield proxy
        proxy.shutdown()
