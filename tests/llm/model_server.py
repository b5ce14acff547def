"""An OpenAI-compatible server that answers as it is scripted to, and misbehaves as it is told to.

A real HTTP server, for tests, benchmarks and trying things out: ``python -m tests.llm.model_server`` serves a reader
that finds plain sentences of the past, prints its address, and counts what it is asked.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAULTS = ("503", "timeout", "429", "length", "malformed", "wrong_schema", "empty")
FORMS = ("json_schema", "json_object", "text")
LINE = re.compile(r"^\[(\d+)\] (?:\([^)]* says\) )?(.+)$", re.MULTILINE)
FENCED = re.compile(r"<<<(\w+)>>>\n(.*)\n<<<\1>>>", re.DOTALL)
DID = re.compile(r"I (?P<did>\w+ed|rebuilt|wrote|led|cut|ran|taught|built|won) ")


@dataclass(frozen=True)
class Asked:
    """One request: the fenced part, without the mark of this request."""

    part: str
    repair: bool
    form: str
    body: dict[str, Any]

    @property
    def lines(self) -> dict[int, str]:
        return {int(number): text for number, text in LINE.findall(self.part)}


Script = Callable[[Asked], str]
Faults = Callable[[Asked, int], str | None]
"""The fault of a request, given how often its part was asked for before."""


def reader(asked: Asked) -> str:
    """A model that reads well: every plain sentence of the past in the first person is an accomplishment."""
    told = {} if asked.repair else {n: text for n, text in asked.lines.items() if DID.match(text)}
    items = [
        {
            "domain": "knowledge_entries",
            "sentences": [number],
            "quote": text,
            "title": text.removeprefix("I ").rstrip("."),
        }
        for number, text in told.items()
    ]
    return json.dumps({"items": items})


def at_random(share: float, seed: int = 0, kinds: tuple[str, ...] = FAULTS) -> Faults:
    """Faults for about that share of requests, the same ones each time."""

    def fault(asked: Asked, before: int) -> str | None:
        digest = hashlib.sha256(f"{seed} {before} {asked.part}".encode()).digest()
        if digest[0] * 256 + digest[1] >= share * 65536:
            return None
        return kinds[digest[2] % len(kinds)]

    return fault


@dataclass
class ModelServer:
    """Serves while it is entered. ``supports`` are the forms of structured output that it takes; ``stall`` is how long
    a request without an answer hangs."""

    script: Script = reader
    faults: Faults = lambda asked, before: None
    supports: tuple[str, ...] = FORMS
    stall: float = 1.0
    delay: float = 0.0
    retry_after_ms: int = 20
    counts_tokens: bool = True
    keep: bool = True
    requests: Counter[str] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)
    bodies: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    most_at_once: int = 0

    def __enter__(self) -> ModelServer:
        self._lock = threading.Lock()
        self._before: Counter[str] = Counter()
        self._now = 0
        self._over = threading.Event()
        owner = self

        class Handler(_Handler):
            model = owner

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, raw: str) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body; None where there is no answer at all."""
        body = json.loads(raw)
        asked = _asked(body)
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            before = self._before[asked.part]
            self._before[asked.part] += 1
            self.requests["all"] += 1
            if self.keep:
                self.bodies.append(raw)
        try:
            if self.delay:
                self._over.wait(self.delay)
            return self._answer(body, asked, before)
        finally:
            with self._lock:
                self._now -= 1

    def _answer(self, body: dict[str, Any], asked: Asked, before: int) -> tuple[int, dict[str, str], bytes] | None:
        if asked.form not in self.supports:
            self.requests["refused form"] += 1
            said = f"response_format of type {asked.form} is not supported"
            return 400, {}, _error(said, "response_format")
        fault = self.faults(asked, before)
        if fault:
            with self._lock:
                self.requests[fault] += 1
        if fault == "503":
            return 503, {}, _error("overloaded", None)
        if fault == "429":
            return 429, {"retry-after-ms": str(self.retry_after_ms)}, _error("slow down", None)
        if fault == "timeout":
            self._over.wait(self.stall)
            return None
        content, finish = self.script(asked), "stop"
        if fault == "length":
            content, finish = content[: len(content) // 2], "length"
        elif len(content) // 4 > body.get("max_completion_tokens", 10_000):
            content, finish = content[: 4 * body["max_completion_tokens"]], "length"
        elif fault == "malformed":
            content = "Here are the items: {'items': [" + content[:40]
        elif fault == "wrong_schema":
            content = json.dumps({"result": "done", "count": 3})
        elif fault == "empty":
            content = ""
        return 200, {}, self._completion(body, content, finish)

    def _completion(self, body: dict[str, Any], content: str, finish: str) -> bytes:
        sent, made = sum(len(m["content"]) for m in body["messages"]) // 4, len(content) // 4
        with self._lock:
            self.requests["answered"] += 1
            self.tokens.update({"in": sent, "out": made})
        done: dict[str, Any] = {
            "id": "c", "object": "chat.completion", "created": 1, "model": body["model"],
            "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}],
        }  # fmt: skip
        if self.counts_tokens:
            done["usage"] = {"prompt_tokens": sent, "completion_tokens": made, "total_tokens": sent + made}
        return json.dumps(done).encode()


def _asked(body: dict[str, Any]) -> Asked:
    system, user = (message["content"] for message in body["messages"])
    found = FENCED.search(user)
    form = body.get("response_format", {}).get("type", "text")
    return Asked(found[2] if found else user, system.startswith("You listed"), form, body)


def _error(message: str, param: str | None) -> bytes:
    return json.dumps({"error": {"message": message, "type": "error", "param": param, "code": None}}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: ModelServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"])).decode()
        self.model.keys.add(self.headers.get("authorization", ""))
        answer = self.model.answer(raw)
        if answer is None:
            self.close_connection = True
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in ({"content-type": "application/json", "content-length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent: what is asked for holds documents."""


def main() -> None:
    """Serves until its standard input ends; then prints what it counted. Arguments: a share of faults, a delay."""
    share, delay = (float(given) for given in [*sys.argv[1:3], "0", "0"][:2])
    with ModelServer(faults=at_random(share), delay=delay, keep=False) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()
        counted = {"requests": server.requests, "tokens": server.tokens, "most_at_once": server.most_at_once}
        print(json.dumps(counted), flush=True)


if __name__ == "__main__":
    main()
