"""The same call gives the same payload in every framework, sync and async, good or bad: one table of cases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from askcv_agents.pytest_plugin import Staging, serving
from askcv_agents.tools import to_json
from askcv_pipelines.tools import catalogue
from tests.agents.adversarial import BOOK, CUT, NOTES, entry, item
from tests.agents.frameworks import ALL, Frameworks, comparable, tenants

SKILL = {"domain": "skills", "payload": {"name": "Python"}}
GOOD = entry(CUT, "Cut the build time by 35 %", metric="35 %")
NOTES_OPENED = {"text": NOTES, "name": "notes.md", "kind": "meeting_notes"}
HANDLE = "HANDLE"
"""Stands for the handle of NOTES, which is the same wherever it is opened."""

CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("read_profile", {}),
    ("read_profile", {"colour": "red"}),
    ("read_career_data", {"domain": "skills"}),
    ("read_career_data", {"domain": "skills", "search": "python", "fields": ["name"], "limit": 3}),
    ("read_career_data", {"domain": "hobbies"}),
    ("read_career_data", {"domain": "skills", "limit": 0}),
    ("read_career_data", {"domain": "skills", "limit": "many"}),
    ("read_career_data", {"domain": "skills", "cursor": "x"}),
    ("read_career_data", {}),
    ("read_career_data", {"domain": "skills", "colour": "red"}),
    ("get_import_status", {"batch_id": "bat_none"}),
    ("get_import_status", {"batch_id": ""}),
    ("check_duplicates", {"items": [{"domain": "skills", "fields": [{"name": "name", "value": "Python"}]}]}),
    ("check_duplicates", {"items": [{"domain": "skills", "fields": [{"name": "nam", "value": "Python"}]}]}),
    ("check_duplicates", {"items": []}),
    ("open_document", NOTES_OPENED),
    ("open_document", {"handle": HANDLE, "first_sentence": 3}),
    ("open_document", {"text": ""}),
    ("open_document", {}),
    ("open_document", {"text": "a", "path": "b"}),
    ("open_document", {"path": "../../etc/passwd"}),
    ("open_document", {"text": "a", "kind": "poem"}),
    ("extract_career_items", {"handle": HANDLE}),
    ("extract_career_items", {"handle": "doc_none"}),
    ("extract_career_items", {"handle": HANDLE, "first_item": 0}),
    ("propose_items", {"handle": HANDLE, "items": [GOOD, entry(CUT, "Cut it by 53 %")]}),
    ("propose_items", {"handle": HANDLE, "items": [GOOD]}),
    ("propose_items", {"handle": "doc_none", "items": [GOOD]}),
    ("propose_items", {"handle": HANDLE, "items": []}),
    ("propose_items", {"handle": HANDLE, "items": [{"domain": "skills"}]}),
    ("propose_items", {"handle": HANDLE, "items": [item("skills", BOOK, name="Kubernetes")]}),
    ("import_career_data", {"items": [SKILL, {"domain": "awards", "payload": {"title": "x", "awardedOn": "soon"}}]}),
    ("import_career_data", {"items": [SKILL | {"evidence": {"quote": "I use Python."}}]}),
    ("import_career_data", {"items": []}),
    ("import_career_data", {"items": [{"domain": "skills", "payload": "Python"}]}),
)  # fmt: skip


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Staging, dict[str, Frameworks]]]:
    """One backend for the table, on which each way of calling has a tenant of its own."""
    with serving(tmp_path_factory.mktemp("parity")) as staging:
        ways = tenants(staging)
        for name, frameworks in ways.items():
            opened = await frameworks.calls[name]("open_document", NOTES_OPENED)
            assert opened["handle"].startswith("doc_")
        yield staging, ways
        for frameworks in ways.values():
            await frameworks.aclose()


@pytest.mark.parametrize(("name", "arguments"), CASES, ids=lambda value: to_json(value)[:60] if value else "")
async def test_the_same_call_gives_the_same_payload_in_every_framework(
    shared: tuple[Staging, dict[str, Frameworks]], name: str, arguments: dict[str, Any]
) -> None:
    staging, ways = shared
    staging.clock.sleep(3600)
    handle = next(iter(ways["bare"].bare.desk._open))
    given = {key: handle if value == HANDLE else value for key, value in arguments.items()}
    payloads = {way: comparable(await frameworks.calls[way](name, given)) for way, frameworks in ways.items()}
    for way, payload in payloads.items():
        assert payload == payloads["bare"], way


async def test_every_tool_has_cases() -> None:
    assert {name for name, _ in CASES} == {spec.name for spec in catalogue(ALL)}
