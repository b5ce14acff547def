"""The review inbox over HTTP: one-time links, sessions, forms of this origin only, inert text."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from askcv_agents import wire
from askcv_agents.staging.app import Backend
from tests.conftest import Clock, browser_of

HERE = {"Origin": "http://testserver"}


@pytest.fixture
def http(backend: Backend, clock: Clock) -> TestClient:
    client = browser_of(backend)
    client.headers["Authorization"] = f"Bearer {backend.principals.create_token('Maya', 'agent')}"
    items = [
        {"domain": "skills", "payload": {"name": "Python"}, "evidence": {"quote": "I write Python daily."}},
        {"domain": "awards", "payload": {"title": "<script>alert(1)</script>"}},
    ]
    assert client.post(wire.IMPORT_PATH, json={"items": items}).status_code == 202
    return client


@pytest.fixture
def page(http: TestClient, backend: Backend) -> TestClient:
    """A browser that has followed the one-time link."""
    assert http.get(f"/inbox/open?key={backend.principals.create_link('Maya')}").status_code == 200
    return http


def ids(client: TestClient) -> list[str]:
    return re.findall(r'name="item" value="(itm_\w+)"', client.get("/inbox").text)


def test_without_a_session_the_inbox_shows_nothing(http: TestClient) -> None:
    answer = http.get("/inbox")
    assert answer.status_code == 403
    assert "Python" not in answer.text


def test_a_link_opens_one_tenants_inbox_once(http: TestClient, backend: Backend) -> None:
    key = backend.principals.create_link("Maya")
    assert "Python" in http.get(f"/inbox/open?key={key}").text
    http.cookies.clear()
    assert http.get(f"/inbox/open?key={key}").status_code == 403


def test_a_link_expires_after_an_hour_and_a_session_after_twelve(
    http: TestClient, backend: Backend, clock: Clock
) -> None:
    late = backend.principals.create_link("Maya")
    clock.now += 3601
    assert http.get(f"/inbox/open?key={late}").status_code == 403
    assert http.get(f"/inbox/open?key={backend.principals.create_link('Maya')}").status_code == 200
    clock.now += 12 * 3600 + 1
    assert http.get("/inbox").status_code == 403


def test_the_session_cookie_is_out_of_reach_of_scripts(page: TestClient, backend: Backend) -> None:
    answer = page.get(f"/inbox/open?key={backend.principals.create_link('Maya')}", follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_items_are_shown_with_their_evidence_and_without_it_the_page_says_so(page: TestClient) -> None:
    text = page.get("/inbox").text
    assert "I write Python daily." in text
    assert "No evidence was given" in text


def test_hostile_text_is_shown_and_never_markup(page: TestClient) -> None:
    answer = page.get("/inbox")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_several_passages_are_shown_one_by_one_and_said_once(page: TestClient) -> None:
    quotes = ["I closed <b>one</b> ticket.", "I closed two tickets."]
    payload = {"title": "Tickets: 2 entries", "content": "\n".join(f"- {quote}" for quote in quotes)}
    item = {"domain": "knowledge_entries", "payload": payload, "evidence": {"quote": wire.QUOTE_BREAK.join(quotes)}}
    assert page.post(wire.IMPORT_PATH, json={"items": [item]}).status_code == 202
    text = page.get("/inbox").text
    assert '<blockquote dir="auto">I closed &lt;b&gt;one&lt;/b&gt; ticket.</blockquote>' in text
    assert '<blockquote dir="auto">I closed two tickets.</blockquote>' in text
    assert text.count("I closed two tickets.") == 1


def test_approving_one_and_rejecting_one_moves_both_and_exports_the_approved(page: TestClient) -> None:
    skill, award = ids(page)
    assert page.post("/inbox/review", data={"only": f"approve:{skill}"}, headers=HERE).status_code == 200
    assert page.post("/inbox/review", data={"only": f"reject:{award}"}, headers=HERE).status_code == 200
    assert ids(page) == []
    assert page.get("/api/agent/export/skills").json()["total"] == 1
    assert page.get("/api/agent/export/awards").json()["total"] == 0


def test_a_selection_is_reviewed_at_once_and_a_second_verdict_changes_nothing(page: TestClient) -> None:
    both = ids(page)
    page.post("/inbox/review", data={"item": both, "verdict": "approve"}, headers=HERE)
    page.post("/inbox/review", data={"item": both, "verdict": "reject"}, headers=HERE)
    assert page.get("/api/agent/profile").json()["domains"]["skills"]["count"] == 1


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}, {"Origin": "null"}]
)
def test_a_form_of_another_origin_is_refused(page: TestClient, headers: dict[str, str]) -> None:
    skill, _ = ids(page)
    answer = page.post("/inbox/review", data={"only": f"approve:{skill}"}, headers=headers)
    assert answer.status_code == 403
    assert len(ids(page)) == 2


def test_the_way_back_after_a_verdict_stays_on_this_page(page: TestClient) -> None:
    skill, _ = ids(page)
    form = {"only": f"approve:{skill}", "back": "//evil.example/"}
    answer = page.post("/inbox/review", data=form, headers=HERE, follow_redirects=False)
    assert answer.headers["location"].startswith("/inbox?")
