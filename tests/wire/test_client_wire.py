"""The client alone against the hand-written samples: what it sends, and what it makes of each answer."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from askcv_agents import Client, Settings, Token, errors
from askcv_agents.issues import FieldIssue, ItemIssues
from tests.wire.samples import ERRORS, sample


class Recorder:
    """Answers every request with one body, and keeps the requests."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status, self.body, self.headers = status, body, headers or {}
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return httpx2.Response(self.status, json=self.body, headers=self.headers)

    def client(self, **settings: Any) -> Client:
        known = Settings(token=Token("askcv_agt_secret"), base_url="http://127.0.0.1:1", **settings)
        return Client(known, transport=httpx2.MockTransport(self), sleep=lambda _: None)


def test_an_import_sends_the_documented_body_with_bearer_and_key() -> None:
    service = Recorder(202, sample("import_answer"))
    with service.client() as client:
        list(client.import_items(sample("import_request")["items"]))
    sent = service.requests[0]
    assert (sent.method, sent.url.path) == ("POST", "/api/agent/import")
    assert json.loads(sent.content) == sample("import_request")
    assert sent.headers["authorization"] == "Bearer askcv_agt_secret"
    assert sent.headers["idempotency-key"]
    assert sent.headers["user-agent"].startswith("askcv-agents/")


def test_evidence_is_left_out_where_it_is_switched_off() -> None:
    service = Recorder(202, sample("import_answer"))
    with service.client(send_evidence=False) as client:
        list(client.import_items(sample("import_request")["items"]))
    assert all("evidence" not in item for item in json.loads(service.requests[0].content)["items"])


def test_evidence_goes_to_this_machine_by_default_and_not_to_the_live_service() -> None:
    assert Settings(base_url="http://localhost:9").send_evidence
    assert not Settings().send_evidence
    assert not Settings().idempotent_imports


def test_a_partly_accepted_import_is_a_receipt_with_both_parts() -> None:
    with Recorder(202, sample("import_answer"), {"X-Request-Id": "r1"}).client() as client:
        (receipt,) = client.import_items(sample("import_request")["items"])
    assert receipt.batch_id == "bat_1"
    assert receipt.request_id == "r1"
    assert [(item.index, item.item_id) for item in receipt.staged] == [(0, "itm_1")]
    assert receipt.refused == (ItemIssues(1, "skills", (FieldIssue("name", "Field required"),)),)


def test_a_4xx_that_carries_a_batch_id_has_staged_something() -> None:
    with Recorder(400, sample("import_answer") | {"error": "partial"}).client() as client:
        (receipt,) = client.import_items(sample("import_request")["items"])
    assert receipt.batch_id == "bat_1"


def test_an_import_with_no_valid_item_is_a_receipt_without_a_batch() -> None:
    with Recorder(422, ERRORS["422"]).client() as client:
        (receipt,) = client.import_items([{"domain": "skills", "payload": {"name": "x"}}])
    assert receipt.batch_id is None
    assert receipt.staged == ()
    assert receipt.refused[0].issues[0].path == "name"


def test_status_export_and_profile_are_read() -> None:
    with Recorder(200, sample("status_answer")).client() as client:
        status = client.import_status("bat_1")
    assert (status.status, status.counts.approved, status.items[1].reviewed_at) == ("partially_reviewed", 1, None)
    with Recorder(200, sample("export_page")).client() as client:
        assert [item.payload["name"] for item in client.export("skills")] == ["PostgreSQL"]
    with Recorder(200, sample("profile_answer")).client() as client:
        profile = client.profile()
    assert profile.token.scopes == ["agent:read", "agent:write", "agent:query"]
    assert profile.domains["skills"].count == 1


def test_unknown_fields_are_kept_and_missing_optional_ones_tolerated() -> None:
    with Recorder(200, {"tenantId": "t", "plan": "pro"}).client() as client:
        profile = client.profile()
    assert profile.to_wire()["plan"] == "pro"
    assert profile.name is None


def test_an_export_follows_a_cursor_where_one_is_given() -> None:
    pages = iter(
        [
            {"items": [{"id": "1"}], "nextCursor": "c2"},
            {"items": [{"id": "2"}], "nextCursor": "c3"},
            {"items": [{"id": "3"}]},
        ]
    )
    asked: list[dict[str, str]] = []

    def service(request: httpx2.Request) -> httpx2.Response:
        asked.append(dict(request.url.params))
        return httpx2.Response(200, json=next(pages))

    known = Settings(token=Token("askcv_agt_x"), base_url="http://127.0.0.1:1")
    with Client(known, transport=httpx2.MockTransport(service)) as client:
        assert [item.id for item in client.export("skills")] == ["1", "2", "3"]
    assert [page.get("cursor") for page in asked] == [None, "c2", "c3"]


def test_a_service_that_says_there_is_more_but_gives_nothing_ends_the_export() -> None:
    service = Recorder(200, {"items": [], "hasMore": True})
    with service.client() as client:
        assert list(client.export("skills")) == []
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "fields"),
    [
        ("401", errors.Unauthorized, {}),
        ("403", errors.InsufficientScope, {"required_scope": "agent:write"}),
        ("404", errors.NotFound, {}),
        ("413", errors.ValidationFailed, {}),
        ("429", errors.RateLimited, {"retry_after": 1800.0, "retryable": True}),
    ],
)
def test_each_error_body_is_its_typed_error(status: str, kind: type[errors.ApiError], fields: dict[str, Any]) -> None:
    service = Recorder(int(status), ERRORS[status], {"X-Request-Id": "r9"})
    with service.client() as client, pytest.raises(kind) as caught:
        list(client.import_items([{"domain": "skills", "payload": {"name": "x"}}]))
    assert ERRORS[status]["message"] in caught.value.message
    assert caught.value.request_id == "r9"
    assert caught.value.status == int(status)
    for name, value in fields.items():
        assert getattr(caught.value, name) == value


@pytest.mark.parametrize("body", [[], "text", {"tenantId": 5}])
def test_an_answer_that_is_not_the_contracts_is_unreadable(body: Any) -> None:
    with Recorder(200, body).client() as client, pytest.raises(errors.UnreadableAnswer, match="not what the contract"):
        client.profile()
