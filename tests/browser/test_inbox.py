"""The inbox in a real browser, with and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Staging

pytestmark = pytest.mark.browser

ITEMS = [
    {
        "domain": "knowledge_entries",
        "payload": {"title": "Search is faster", "content": "Cut the query time from 2.4 s to 310 ms."},
        "evidence": {"quote": "Cut the query time from 2.4 s to 310 ms.", "document": "review.md", "locator": "line 4"},
    },
    {"domain": "skills", "payload": {"name": "PostgreSQL"}, "evidence": {"quote": "on PostgreSQL indexes"}},
    {"domain": "skills", "payload": {"name": "<img src=x onerror=\"document.title='owned'\">"}},
]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(browser: Browser, staging: Staging, request: pytest.FixtureRequest) -> Page:
    staging.tokens["maya"] = staging.token()
    with staging.client(staging.tokens["maya"]) as client:
        list(client.import_items(ITEMS))
    context = browser.new_context(java_script_enabled=request.param)
    opened = context.new_page()
    opened.goto(f"{staging.base_url}/inbox/open?key={staging.backend.principals.create_link('Maya Lindqvist')}")
    yield opened
    context.close()


def names(staging: Staging, domain: str, field: str) -> list[str]:
    with staging.client(staging.tokens["maya"]) as client:
        return [item.payload[field] for item in client.export(domain)]


def test_a_person_sees_evidence_approves_one_rejects_one_and_the_export_holds_the_approved(
    page: Page, staging: Staging
) -> None:
    expect(page.get_by_role("heading", name="Review inbox")).to_be_visible()
    expect(page.locator("blockquote").first).to_have_text("Cut the query time from 2.4 s to 310 ms.")
    assert names(staging, "knowledge_entries", "title") == []

    page.locator(".card", has_text="Search is faster").get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_have_text("1 item reviewed.")
    page.locator(".card", has_text="PostgreSQL").get_by_role("button", name="Reject").click()
    expect(page.locator(".card")).to_have_count(1)

    assert names(staging, "knowledge_entries", "title") == ["Search is faster"]
    assert names(staging, "skills", "name") == []
    page.get_by_role("link", name="approved").click()
    expect(page.locator(".card h2")).to_have_text("Search is faster")
    page.get_by_role("link", name="rejected").click()
    expect(page.locator(".card h2")).to_have_text("PostgreSQL")


def test_a_selection_is_approved_at_once(page: Page, staging: Staging) -> None:
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Approve selected").click()
    expect(page.locator(".card")).to_have_count(1)
    assert names(staging, "skills", "name") == ["PostgreSQL"]


def test_hostile_text_is_shown_as_it_is(page: Page) -> None:
    expect(page.locator(".card h2").last).to_have_text(ITEMS[2]["payload"]["name"])
    assert page.title() == "Review inbox · AskCV staging"
    assert page.locator("main img").count() == 0


def test_domains_filter_the_page(page: Page) -> None:
    page.get_by_role("link", name="skills").click()
    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator(".card .domain").first).to_have_text("skills")
