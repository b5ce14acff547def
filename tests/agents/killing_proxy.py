"""A proxy that loses one answer: a request to import is passed on, and its caller never hears of it."""

from __future__ import annotations

import http.client
import http.server
import signal
import subprocess
import threading


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
