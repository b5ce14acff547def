"""The staging backend alone against the hand-written samples: the same names, in the same places."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from askcv_agents.staging.app import Backend, StagingConfig, create_app
from tests.conftest import Clock
from tests.wire.samples import ERRORS, sample


@pytest.fixture
def http(backend: Backend, clock: Clock) -> TestClient:
    client = TestClient(create_app(StagingConfig("sqlite://", now=clock), backend))
    client.headers["Authorization"] = f"Bearer {backend.principals.create_token('Maya Lindqvist', 'agent')}"
    return client


def shape(value: Any) -> Any:
    """A JSON value with its leaves replaced by their types."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def staged(http: TestClient) -> dict[str, Any]:
    body = sample("import_request")
    body["items"][1]["payload"] = {"title": "no name"}
    answer = http.post("/api/agent/import", json=body)
    assert answer.status_code == 202
    return answer.json()


def test_an_import_answers_as_the_sample(http: TestClient) -> None:
    answer = staged(http)
    expected = sample("import_answer")
    assert shape(answer) == shape(expected)
    assert {k: answer[k] for k in ("status", "accepted", "rejected")} == {
        k: expected[k] for k in ("status", "accepted", "rejected")
    }
    assert answer["errors"][0]["index"] == 1
    assert answer["errors"][0]["issues"][0] == expected["errors"][0]["issues"][0]


def test_status_answers_as_the_sample(http: TestClient) -> None:
    http.post("/api/agent/import", json={"items": [{"domain": "skills", "payload": {"name": n}} for n in "ab"]})
    batch_id = http.post(
        "/api/agent/import", json={"items": [{"domain": "skills", "payload": {"name": n}} for n in "cd"]}
    ).json()["batchId"]
    first = http.get(f"/api/agent/import/{batch_id}").json()["items"][0]["itemId"]
    service = http.app.state.backend.service
    tenant = http.get("/api/agent/profile").json()["tenantId"]
    service.review(tenant, [first], "approved")
    answer = http.get(f"/api/agent/import/{batch_id}").json()
    expected = sample("status_answer")
    assert shape(answer) == shape(expected)
    assert (answer["status"], answer["counts"]) == (expected["status"], expected["counts"])
    assert "reviewedAt" not in answer["items"][1]
    assert http.get("/api/agent/export/skills").json()["total"] == 1


def test_export_and_profile_answer_as_the_samples(http: TestClient) -> None:
    staged(http)
    tenant = http.get("/api/agent/profile").json()["tenantId"]
    service = http.app.state.backend.service
    rows, _ = service.inbox(tenant, "pending", None, 1)
    service.review(tenant, [row["id"] for row in rows], "approved")
    page = http.get("/api/agent/export/knowledge_entries").json()
    expected = sample("export_page") | {"domain": "knowledge_entries"}
    assert set(page) == set(expected)
    assert set(page["items"][0]) == set(expected["items"][0])
    assert page["items"][0]["payload"] == sample("import_request")["items"][0]["payload"]
    profile = http.get("/api/agent/profile").json()
    assert set(profile) == set(sample("profile_answer"))
    assert profile["token"] == sample("profile_answer")["token"]
    assert profile["domains"]["knowledge_entries"]["count"] == 1


def test_each_error_body_is_the_samples(http: TestClient, clock: Clock) -> None:
    no_token = TestClient(http.app)
    backend: Backend = http.app.state.backend
    reader = {"Authorization": "Bearer " + backend.principals.create_token("Maya Lindqvist", "agent", ("agent:read",))}
    one = {"items": [{"domain": "skills", "payload": {"name": "x"}}]}
    answers = {
        "401": no_token.get("/api/agent/profile"),
        "403": http.post("/api/agent/import", json=one, headers=reader),
        "404": http.get("/api/agent/import/bat_none"),
        "413": http.post("/api/agent/import", json={"items": one["items"] * 101}),
        "422": http.post("/api/agent/import", json={"items": [{"domain": "skills", "payload": {}}]}),
    }
    for _ in range(18):
        assert http.post("/api/agent/import", json=one).status_code == 202
    clock.now += 1800
    answers["429"] = http.post("/api/agent/import", json=one)
    for status, answer in answers.items():
        assert (status, answer.status_code, answer.json()) == (status, int(status), ERRORS[status])
        assert answer.headers["x-request-id"]
