"""What whoever runs the backend relies on: health, log, headers, sizes."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from askcv_agents import wire
from askcv_agents.cli import cli
from askcv_agents.errors import ConfigError
from askcv_agents.staging.app import Backend
from askcv_agents.staging.logs import JsonLines
from tests.conftest import browser_of

SECRET = "a very private sentence"


@pytest.fixture
def http(backend: Backend) -> TestClient:
    return browser_of(backend)


def test_it_is_healthy_while_it_runs_and_ready_while_the_database_answers(http: TestClient, backend: Backend) -> None:
    assert http.get("/health").json()["status"] == "ok"
    assert http.get("/ready").json() == {"status": "ready"}
    backend.store.close()
    Path(str(backend.store.url.database)).unlink()
    Path(str(backend.store.url.database)).mkdir()
    assert http.get("/ready").status_code == 503
    assert http.get("/health").status_code == 200


def test_every_answer_has_the_security_headers_whatever_it_is(http: TestClient) -> None:
    for path in ("/inbox", "/health", wire.PROFILE_PATH, "/nothing", "/static/inbox.css"):
        headers = http.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert len(headers["x-request-id"]) == 16


def test_behind_tls_browsers_are_told_to_stay_there(backend: Backend) -> None:
    http = browser_of(backend)
    assert "strict-transport-security" not in http.get("/health").headers
    http.base_url = "https://testserver"
    assert http.get("/health").headers["strict-transport-security"]
    cookie = http.get("/inbox/open?key=none").headers.get("set-cookie", "")
    backend.principals.create_token("Maya", "agent")
    key = backend.principals.create_link("Maya")
    cookie = http.get(f"/inbox/open?key={key}", follow_redirects=False).headers["set-cookie"]
    assert "secure" in cookie.lower()


def test_the_log_has_routes_and_request_ids_and_neither_content_nor_secrets(
    http: TestClient, backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    token = backend.principals.create_token("Maya", "agent")
    key = backend.principals.create_link("Maya")
    agent = {"Authorization": f"Bearer {token}"}
    with caplog.at_level(logging.DEBUG):
        item = {"domain": "skills", "payload": {"name": SECRET}, "evidence": {"quote": SECRET, "document": SECRET}}
        answer = http.post(wire.IMPORT_PATH, json={"items": [item]}, headers=agent)
        http.post(wire.IMPORT_PATH, json={"items": [{"domain": SECRET, "payload": {}}]}, headers=agent)
        http.get(f"/inbox/open?key={key}")
        session = http.cookies["askcv_session"]
        http.get(f"/api/agent/export/{SECRET}", headers=agent)
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    text = "\n".join(JsonLines().format(record) + record.getMessage() for record in ours)
    for secret in (SECRET, token, key, session, answer.json()["batchId"]):
        assert secret not in text
    lines = [json.loads(JsonLines().format(record)) for record in ours if record.name == "askcv_agents.staging"]
    first = lines[0]
    assert (first["method"], first["route"], first["status"]) == ("POST", wire.IMPORT_PATH, 202)
    assert first["request_id"] == answer.headers["x-request-id"]


def test_a_fault_is_logged_by_type_and_place_and_answered_without_its_text(
    http: TestClient, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(type(backend.service), "profile", fail)
    agent = {"Authorization": f"Bearer {backend.principals.create_token('Maya', 'agent')}"}
    answer = http.get(wire.PROFILE_PATH, headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert SECRET not in answer.text
    try:
        fail()
    except ValueError as error:
        found = (ValueError, error, error.__traceback__)
        line = JsonLines().format(logging.LogRecord("x", logging.ERROR, "x", 1, "failed", None, found))
    assert SECRET not in line
    assert json.loads(line)["exception"] == "ValueError"


def test_a_form_over_the_size_limit_is_413(http: TestClient) -> None:
    answer = http.post("/inbox/review", content=b"x" * (8 * 1024 * 1024 + 1), headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")


def test_metrics_count_requests_by_route_and_status(http: TestClient) -> None:
    http.get(wire.PROFILE_PATH)
    http.get("/api/agent/import/bat_private")
    text = http.get("/metrics").text
    assert f'askcv_requests_total{{method="GET",route="{wire.PROFILE_PATH}",status="401"}} 1' in text
    assert "private" not in text


def test_an_encoder_that_is_none_is_said_before_anything_is_served(tmp_path: Path) -> None:
    found = CliRunner().invoke(
        cli, ["serve", "--port", "1", "--database", str(tmp_path / "s.db"), "--encoder", str(tmp_path)]
    )
    assert isinstance(found.exception, ConfigError)
    assert "no model2vec model" in found.exception.message
