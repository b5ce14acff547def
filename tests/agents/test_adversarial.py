"""What a document does not say is refused through every framework, with its reason, and nothing is staged twice."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from askcv_agents.exchange import RetryPolicy
from askcv_agents.pytest_plugin import Staging, serving
from askcv_pipelines.agent.desk import Desk
from tests.agents.adversarial import ATTACKS, CUT, DOCUMENTS, TRUE, Attack, entry
from tests.agents.frameworks import Frameworks, Payload
from tests.agents.killing_proxy import KillingProxy

pytestmark = pytest.mark.asyncio(loop_scope="module")
WAYS = ("bare", "langchain", "llama_index, async", "chat", "responses, async", "agents sdk", "mcp")
"""One way a framework: sync and async are the same code below (``test_parity``)."""


WHOSE = {"appraisal": "Ines Duarte", "summary": "Tomas Reyes"}
OPENED: dict[str, dict[str, Any]] = {
    name: {"text": text, "name": "notes.md", "kind": kind} | ({"subject": WHOSE[name]} if name in WHOSE else {})
    for name, (text, kind) in DOCUMENTS.items()
}


class Opened:
    """The documents of the table, open at one desk that all frameworks share."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.frameworks = Frameworks(staging.settings(staging.token()))
        self.handles = {
            name: self.frameworks.bare.call("open_document", OPENED[name]).payload["handle"] for name in DOCUMENTS
        }

    async def propose(self, way: str, document: str, *items: Any) -> Payload:
        return await self.frameworks.calls[way](
            "propose_items", {"handle": self.handles[document], "items": list(items)}
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    with serving(tmp_path_factory.mktemp("adversarial")) as staging:
        made = Opened(staging)
        yield made
        await made.frameworks.aclose()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.what)
async def test_what_the_document_does_not_say_is_refused_through_every_framework_with_its_reason(
    opened: Opened, attack: Attack
) -> None:
    opened.staging.clock.sleep(3600)
    for way in WAYS:
        payload = await opened.propose(way, attack.document, attack.item)
        (outcome,) = payload["items"]
        assert outcome["status"] == "refused", way
        assert outcome["reason"] in attack.reasons, way
        assert (payload["staged"], payload["batchIds"]) == (0, []), way
    assert opened.staging.approve_all() == 0


async def test_what_the_document_says_is_taken_in_a_models_own_words(opened: Opened) -> None:
    opened.staging.clock.sleep(3600)
    for document, item in TRUE:
        payload = await opened.propose("bare", document, item)
        assert payload["items"][0]["status"] in {"staged", "duplicate"}, (item, payload)
    assert opened.staging.approve_all() > 5


PATHS = ("../../etc/passwd", "/etc/passwd", "notes/../../secret.md", "~/.ssh/id_rsa", "file:///etc/passwd", "\0",
         "link.md", "http://127.0.0.1/", "a" * 900)  # fmt: skip


async def test_no_path_leads_out_of_the_allowed_folder_through_any_framework(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.md").write_text("# Secret\n\n- I wrote this.\n")
    (tmp_path / "in" / "link.md").symlink_to(tmp_path / "secret.md")
    frameworks = Frameworks(opened.staging.settings(), desk=Desk(roots=[tmp_path / "in"]))
    for way in WAYS:
        for path in PATHS:
            payload = await frameworks.calls[way]("open_document", {"path": path})
            assert payload["error"] == "source_error", (way, path)
            assert payload["hint"]
    await frameworks.aclose()


def _nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


MANY_FIELDS = entry(CUT, "Cut") | {"fields": [{"name": "title", "value": "x"}] * 21}
GIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("open_document", {"text": "a" * 1_000_001}),
    ("open_document", {"text": "a" * 2_000_000}),
    ("open_document", {"text": "\ud800"}),
    ("open_document", {"text": "a", "subject": "a" * 201}),
    ("propose_items", {"handle": "HANDLE", "items": [entry("a" * 5_001, "Cut the build time")]}),
    ("propose_items", {"handle": "HANDLE", "items": [entry(CUT, "Cut the build time", content="a" * 5_001)]}),
    ("propose_items", {"handle": "HANDLE", "items": [entry(CUT, "Cut the build time")] * 51}),
    ("propose_items", {"handle": "HANDLE", "items": [MANY_FIELDS]}),
    ("propose_items", {"handle": "HANDLE", "items": _nested(3_000)}),
)  # fmt: skip


@pytest.mark.parametrize("case", range(len(GIANTS)))
async def test_giant_and_broken_inputs_are_refused_with_a_reason_through_every_framework(
    opened: Opened, case: int
) -> None:
    name, arguments = GIANTS[case]
    given = {key: opened.handles["notes"] if value == "HANDLE" else value for key, value in arguments.items()}
    ways = {2: ("bare", "langchain", "llama_index, async"), 8: ("bare",)}  # what no JSON text, and no framework, brings
    for way in ways.get(case, WAYS):
        payload = await opened.frameworks.calls[way](name, given)
        assert payload["error"] in {"validation_failed", "source_error"}, way
        assert payload["hint"], way
    assert opened.staging.approve_all() == 0


class Lost:
    """Stands for the process behind the proxy that dies when its import was answered: here it lives on, unanswered."""

    def __init__(self, proxy: KillingProxy) -> None:
        self.proxy = proxy

    def send_signal(self, _: int) -> None:
        self.proxy.victim = None


@pytest.mark.parametrize("keys", [False, True], ids=["without idempotency keys", "with idempotency keys"])
async def test_the_same_call_after_a_lost_answer_stages_nothing_twice(
    opened: Opened, keys: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RetryPolicy, "backoff", lambda self, attempt: 0.0)
    staging = opened.staging
    proxy = KillingProxy(staging.base_url)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    for number, way in enumerate(WAYS[:2] if keys else WAYS):
        tenant = f"Maya Lindqvist {keys} {number}"
        settings = staging.settings(
            staging.token(tenant), base_url=f"http://127.0.0.1:{proxy.server_port}", idempotent_imports=keys
        )
        frameworks = Frameworks(settings)
        text, kind = DOCUMENTS["notes"]
        handle = frameworks.bare.call("open_document", {"text": text, "name": "notes.md", "kind": kind}).payload[
            "handle"
        ]
        given = {"handle": handle, "items": [entry(CUT, "Cut the build time by 35 %")]}
        proxy.victim = Lost(proxy)  # type: ignore[assignment]
        statuses = []
        for _ in range(3):
            payload = await frameworks.calls[way]("propose_items", given)
            statuses.append(payload["items"][0]["status"])
        assert statuses[0] in ({"staged", "unknown"} if keys else {"unknown"}), way
        assert set(statuses[1:]) <= {"duplicate", "unknown"} | ({"staged"} if keys else set()), way
        assert staging.approve_all(tenant) == 1, way
        await frameworks.aclose()
    proxy.shutdown()
    proxy.server_close()
