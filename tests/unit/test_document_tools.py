"""Document tools: what an agent proposes is proved, staged once, and refused with a reason it can act on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from askcv_agents.toolbox import Policy, Toolbox
from askcv_agents.tools import to_json
from askcv_pipelines.agent.desk import Desk
from askcv_pipelines.tools import catalogue, toolbox
from askcv_pipelines.values import Subject
from tests.conftest import Clock, Staging

NOTES = """# 1:1 notes Maya / Jonas, 2026-05-04

## What went well

- Cut the build time by 35 %.
- Did not break the release once.
- Wrote the on-call handbook.

## Actions

- Maya: book the review room by Friday.
- Jonas: order the new test rack.
"""


def item(domain: str, quote: str, **fields: str) -> dict[str, Any]:
    return {"domain": domain, "quote": quote, "fields": [{"name": n, "value": v} for n, v in fields.items()]}


BUILD = item("knowledge_entries", "Cut the build time by 35 %.", title="Build time cut by 35 %", metric="35 %",
             content="Cut the build time by 35 %.", category="accomplishment")  # fmt: skip


@pytest.fixture
def box(staging: Staging) -> Iterator[Toolbox]:
    token = staging.tokens.setdefault("maya", staging.token())
    made = toolbox(staging.settings(token), policy=Policy(approve="never"), desk=Desk(subject=Subject("Maya")))
    yield made
    made.close()


def opened(box: Toolbox, text: str = NOTES) -> str:
    result = box.call("open_document", {"text": text, "name": "notes.md"})
    assert not result.is_error, result.payload
    return str(result.payload["handle"])


def propose(box: Toolbox, *items: dict[str, Any], handle: str | None = None) -> list[dict[str, Any]]:
    result = box.call("propose_items", {"handle": handle or opened(box), "items": list(items)})
    assert not result.is_error, result.payload
    return list(result.payload["items"])


def test_a_document_is_opened_as_numbered_sentences_and_the_fields_of_each_domain(box: Toolbox) -> None:
    payload = box.call("open_document", {"text": NOTES}).payload
    assert [s["n"] for s in payload["sentences"]] == list(range(1, len(payload["sentences"]) + 1))
    assert "Cut the build time by 35 %." in [s["text"] for s in payload["sentences"]]
    assert "title*" in payload["domains"]["knowledge_entries"]
    assert "untrusted" in payload["note"]
    assert box.call("open_document", {"text": NOTES}).payload["handle"] == payload["handle"]


def test_what_a_quote_proves_is_staged_and_a_second_call_stages_nothing(box: Toolbox, staging: Staging) -> None:
    handle = opened(box)
    (first,) = propose(box, BUILD, handle=handle)
    assert first == {"index": 0, "status": "staged"}
    (again,) = propose(box, BUILD, handle=handle)
    assert (again["status"], again["reason"]) == ("duplicate", "already waiting in the review inbox")
    assert staging.approve_all() == 1
    (later,) = propose(box, BUILD, handle=handle)
    assert (later["status"], later["reason"]) == ("duplicate", "already in the record")


@pytest.mark.parametrize(
    ("proposed", "reason"),
    [
        (item("knowledge_entries", "Cut the build time by 53 %.", title="x", content="x"), "quote_not_found"),
        (item("knowledge_entries", "Cut the build time by 35 %.", title="By 53 %", content="c"), "figure_not_in_quote"),
        (item("knowledge_entries", "Did not break the release once.", title="Break the release once", content="c"),
         "negation_dropped"),
        (item("knowledge_entries", "Wrote the on-call handbook.", title="w", content="c", organization="Northwind"),
         "name_not_in_source"),
        (item("coaching_action_items", "Jonas: order the new test rack.", title="Order the new test rack"),
         "another_persons"),
        (item("coaching_action_items", "Maya: book the review room by Friday.", title="Book it", owner="Jonas"),
         "another_persons"),
        (item("knowledge_entries", "Wrote the on-call handbook.", title="w"), "invalid_payload"),
        (item("knowledge_entries", "Wrote the on-call handbook.", titel="w", content="c"), "invalid_payload"),
        (item("hats", "Wrote the on-call handbook.", title="w"), "invalid_payload"),
        (item("knowledge_entries", "", title="w", content="c"), "quote_not_found"),
    ],
)  # fmt: skip
def test_what_the_document_does_not_say_is_refused_with_its_reason(
    box: Toolbox, staging: Staging, proposed: dict[str, Any], reason: str
) -> None:
    good, bad = propose(box, BUILD, proposed)
    assert good["status"] == "staged"
    assert (bad["status"], bad["reason"]) == ("refused", reason)
    assert staging.approve_all() == 1


def test_past_the_rate_limit_items_wait_and_leave_with_a_later_call(
    box: Toolbox, staging: Staging, clock: Clock
) -> None:
    with staging.client(staging.tokens["maya"]) as client:
        for n in range(20):
            list(client.import_items([{"domain": "awards", "payload": {"title": f"a{n}"}}]))
    clock.now += 1800
    handle = opened(box)
    payload = box.call("propose_items", {"handle": handle, "items": [BUILD]}).payload
    assert payload["items"][0]["status"] == "waiting"
    assert payload["retryAfterMs"] == pytest.approx(1_800_000, abs=1000)


def test_files_are_opened_below_the_roots_alone(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.md").write_text(NOTES)
    (tmp_path / "secret.md").write_text("# Secret\n\n- I wrote this.\n")
    (tmp_path / "in" / "link.md").symlink_to(tmp_path / "secret.md")
    desk = Desk(roots=[tmp_path / "in"], subject=Subject("Maya"))
    made = toolbox(staging.settings(), desk=desk)
    assert made.call("open_document", {"path": "notes.md"}).payload["name"] == "notes.md"
    for path in ("../secret.md", "link.md", str(tmp_path / "secret.md"), "/etc/passwd", "none.md", "\0", "in"):
        result = made.call("open_document", {"path": path})
        assert result.payload["error"] == "source_error", path
    assert toolbox(staging.settings()).call("open_document", {"path": "notes.md"}).payload["error"] == "source_error"


def test_a_tool_that_writes_wants_approval(staging: Staging) -> None:
    asked: list[str] = []

    def refuse(call: Any) -> bool:
        asked.append(call.spec.name)
        return False

    for policy, said in ((Policy(), "nobody was asked"), (Policy(approve=refuse), "was not approved")):
        made = toolbox(staging.settings(), policy=policy, desk=Desk(subject=Subject("Maya")))
        result = made.call("propose_items", {"handle": opened(made), "items": [BUILD]})
        assert result.payload["error"] == "not_approved"
        assert said in result.payload["message"]
    assert asked == ["propose_items"]


def test_long_documents_come_in_parts_and_none_is_left_out(box: Toolbox) -> None:
    text = "# Done\n\n" + "".join(f"- Closed ticket {n} of the {'long ' * 8}list.\n" for n in range(600))
    payload = box.call("open_document", {"text": text}).payload
    seen = [s["n"] for s in payload["sentences"]]
    while "nextSentence" in payload:
        assert len(to_json(payload)) < 20_000
        payload = box.call(
            "open_document", {"handle": payload["handle"], "first_sentence": payload["nextSentence"]}
        ).payload
        seen += [s["n"] for s in payload["sentences"]]
    assert seen == list(range(1, 601))


def test_the_offline_extractor_drafts_what_propose_items_takes(box: Toolbox) -> None:
    handle = opened(box)
    drafts = box.call("extract_career_items", {"handle": handle}).payload["items"]
    assert {draft["domain"] for draft in drafts} >= {"knowledge_entries", "coaching_action_items"}
    assert all("Jonas: order" not in draft["quote"] for draft in drafts)
    proposed = [
        item(
            d["domain"],
            d["quote"],
            **{n: "; ".join(v) if isinstance(v, list) else str(v) for n, v in d["fields"].items()},
        )
        for d in drafts
    ]
    assert {outcome["status"] for outcome in propose(box, *proposed, handle=handle)} == {"staged"}


def test_duplicates_are_checked_without_staging(box: Toolbox) -> None:
    propose(box, BUILD)
    bare = [{"domain": i["domain"], "fields": i["fields"]} for i in (BUILD, item("skills", "", name="Python"))]
    known, new = box.call("check_duplicates", {"items": bare}).payload["items"]
    assert (known["decision"], new["decision"]) == ("duplicate", "new")


def test_the_default_tools_schema_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    tools = [
        {"name": s.name, "description": s.description, "parameters": s.input_model.model_json_schema()}
        for s in catalogue()
    ]
    assert len(to_json({"tools": tools}).encode()) <= 10_000
    assert all(100 < len(spec.description) <= 1024 and "Cost:" in spec.description for spec in catalogue())


async def test_parallel_calls_on_one_record_wait_for_each_other(box: Toolbox) -> None:
    import asyncio

    handle = str((await box.acall("open_document", {"text": NOTES})).payload["handle"])
    other = item("knowledge_entries", "Wrote the on-call handbook.", title="Handbook", content="Wrote the handbook.")
    results = await asyncio.gather(
        *(box.acall("propose_items", {"handle": handle, "items": [each]}) for each in (BUILD, other, BUILD))
    )
    statuses = sorted(result.payload["items"][0]["status"] for result in results)
    assert statuses == ["duplicate", "staged", "staged"]
    await box.aclose()


def test_what_the_person_chose_about_names_holds_for_agents_and_no_agent_changes_it(staging: Staging) -> None:
    from askcv_pipelines.accounts import open_partition

    settings = staging.settings(staging.token())
    with staging.client(settings.token.value) as client:
        tenant = client.profile().tenant_id
    with open_partition(settings, tenant) as part:
        part.settle_names("mask")
    made = toolbox(settings, policy=Policy(approve="never"), desk=Desk(subject=Subject("Maya")))
    text = "# 1:1 notes, 2026-05-04\n\nAttendees: Maya Lindqvist, Jonas Eek\n\n- Trained Jonas Eek on the rack.\n"
    told = "Trained Jonas Eek on the rack."
    (outcome,) = propose(made, item("knowledge_entries", told, title=told, content=told), handle=opened(made, text))
    made.close()
    assert outcome["status"] == "staged"
    rows, _ = staging.backend.service.inbox(tenant, "pending", None, 1)
    assert rows[0]["payload"]["content"] == "Trained [name] on the rack."
    assert rows[0]["evidence"]["quote"] == "Trained [name] on the rack."
    with open_partition(settings, tenant) as part:
        assert part.names() == "mask"
