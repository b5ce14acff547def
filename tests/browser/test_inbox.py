"""The inbox, the record and the settings in a real browser, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import HOSTILE, ITEMS, LONG, hostile_items, serious_faults, signed_in
from tests.conftest import Staging

pytestmark = pytest.mark.browser


def propose(staging: Staging, items: list[dict]) -> None:
    staging.tokens.setdefault("maya", staging.token())
    with staging.client(staging.tokens["maya"]) as client:
        list(client.import_items(items))
    staging.backend.worker.run_due()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(browser: Browser, staging: Staging, request: pytest.FixtureRequest) -> Iterator[Page]:
    propose(staging, ITEMS)
    context = signed_in(browser, staging, java_script_enabled=request.param)
    yield context.pages[0]
    context.close()


@pytest.fixture
def scripted(browser: Browser, staging: Staging) -> Iterator[Page]:
    propose(staging, ITEMS)
    context = signed_in(browser, staging)
    yield context.pages[0]
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
    expect(page.get_by_role("status")).to_contain_text("1 item approved.")
    page.locator(".card", has_text="PostgreSQL").get_by_role("button", name="Reject").click()
    expect(page.locator(".card")).to_have_count(1)

    assert names(staging, "knowledge_entries", "title") == ["Search is faster"]
    assert names(staging, "skills", "name") == []
    page.get_by_role("link", name="approved").click()
    expect(page.locator(".card h2")).to_have_text("Search is faster")
    page.get_by_role("link", name="rejected").click()
    expect(page.locator(".card h2")).to_have_text("PostgreSQL")


def test_a_selection_is_approved_at_once_and_taken_back(page: Page, staging: Staging) -> None:
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Approve selected").click()
    expect(page.locator(".card")).to_have_count(1)
    assert names(staging, "skills", "name") == ["PostgreSQL"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("2 items pending again.")
    expect(page.locator(".card")).to_have_count(3)
    assert names(staging, "skills", "name") == []


def test_domain_and_document_filter_the_page_and_all_that_match_are_approved(page: Page, staging: Staging) -> None:
    page.get_by_role("link", name="skills").click()
    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator(".card .domain").first).to_have_text("skills")
    page.get_by_label("Document", exact=True).select_option("other.md")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_text("All 1 that match").click()
    page.get_by_role("button", name="Approve all 1").click()
    expect(page.get_by_role("status")).to_contain_text("1 item approved.")
    assert names(staging, "skills", "name") == ["PostgreSQL"]


def test_an_item_is_corrected_before_it_is_approved(page: Page, staging: Staging) -> None:
    page.locator(".card", has_text="PostgreSQL").get_by_role("link", name="Edit").click()
    page.get_by_label("name").fill("PostgreSQL 18")
    page.get_by_label("last used").fill("yesterday")
    page.get_by_role("button", name="Save and approve").click()
    expect(page.locator(".issue")).to_contain_text("Give a date as YYYY")
    expect(page.get_by_label("name")).to_have_value("PostgreSQL 18")
    page.get_by_label("last used").fill("2026-03")
    page.get_by_role("button", name="Save and approve").click()
    expect(page.get_by_role("status")).to_contain_text("1 item approved.")
    assert names(staging, "skills", "name") == ["PostgreSQL 18"]


def test_the_record_is_searched_and_an_entry_shows_where_it_comes_from(page: Page, staging: Staging) -> None:
    staging.approve_all()
    page.get_by_role("link", name="Record").click()
    expect(page.locator(".card")).to_have_count(3)
    page.get_by_label("Search the record").fill("query time")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Search is faster").click()
    expect(page.locator("blockquote")).to_have_text("Cut the query time from 2.4 s to 310 ms.")
    expect(page.locator(".history")).to_contain_text("Approved")
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_role("heading", name="Correct it")).to_be_visible()


def test_a_token_is_made_shown_once_and_revoked(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("name").fill("notebook")
    page.get_by_label("mcp for").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator(".secret")).to_contain_text("askcv_mcp_")
    page.get_by_role("link", name="Settings").click()
    expect(page.locator(".secret")).to_have_count(0)
    page.locator("tr", has_text="notebook").get_by_role("button", name="Revoke").click()
    expect(page.locator("tr", has_text="notebook")).to_contain_text("revoked")


def test_signing_out_closes_the_inbox(page: Page, staging: Staging) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    page.goto(f"{staging.base_url}/inbox")
    expect(page.get_by_role("heading", name="The inbox is closed")).to_be_visible()


def test_keys_move_approve_reject_and_take_back(scripted: Page, staging: Staging) -> None:
    expect(scripted.locator(".keys")).to_be_visible()
    scripted.keyboard.press("j")
    scripted.keyboard.press("j")
    expect(scripted.locator(".card:focus h2")).to_have_text("PostgreSQL")
    scripted.keyboard.press("a")
    expect(scripted.get_by_role("status")).to_contain_text("1 item approved.")
    assert names(staging, "skills", "name") == ["PostgreSQL"]
    scripted.keyboard.press("u")
    expect(scripted.get_by_role("status")).to_contain_text("1 item pending again.")
    expect(scripted.locator(".keys")).to_be_visible()  # the page is new, and listens again
    scripted.keyboard.press("k")
    scripted.keyboard.press("r")
    expect(scripted.get_by_role("status")).to_contain_text("1 item rejected.")
    expect(scripted.locator(".card", has_text="Search is faster")).to_have_count(0)
    expect(scripted.locator(".keys")).to_be_visible()
    scripted.keyboard.press("x")  # the next one has taken its place
    expect(scripted.get_by_role("checkbox").first).to_be_checked()


def test_hostile_text_is_shown_as_it_is_on_every_page(browser: Browser, staging: Staging) -> None:
    propose(staging, hostile_items())
    context = signed_in(browser, staging, viewport={"width": 390, "height": 844})
    page = context.pages[0]
    dialogs: list[str] = []
    errors: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    titles = page.locator(".card h2").all_text_contents()
    assert titles == [*HOSTILE, LONG]
    items = [card.get_attribute("id") for card in page.locator(".card").all()]
    staging.approve_all()
    staging.backend.worker.run_due()
    pages = ["/inbox?status=approved", "/record", "/record/timeline", "/record/gaps", *(f"/record/{i}" for i in items)]
    for address in ("/inbox", *pages, *(f"/inbox/items/{i}" for i in items)):
        page.goto(staging.base_url + address)
        assert page.title().endswith(" · AskCV staging"), address
        assert page.locator("main img, main script, main iframe").count() == 0, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is too wide"
    assert (dialogs, errors) == ([], [])
    context.close()


def test_no_page_keeps_anybody_out_in_the_light_or_in_the_dark(browser: Browser, staging: Staging) -> None:
    near = {"title": "Search got faster", "content": "Cut the query time from 2.4 s to 290 ms."}
    propose(staging, [*ITEMS, {"domain": "knowledge_entries", "payload": near}])
    staging.approve_all()
    staging.backend.worker.run_due()
    propose(staging, [ITEMS[1], {"domain": "knowledge_entries", "payload": near | {"metric": "290 ms"}}])
    context = signed_in(browser, staging)
    page = context.pages[0]
    item = page.locator(".card").last.get_attribute("id")
    expect(page.locator(".near")).to_have_count(2)
    page.goto(f"{staging.base_url}/record")
    entry = page.locator(".card h2 a").first.get_attribute("href")
    addresses = ["/inbox", "/inbox?status=approved", "/inbox?status=rejected", f"/inbox/items/{item}", "/record", entry]
    faults = {}
    for address in [
        *addresses,
        "/record/timeline",
        "/record/gaps",
        "/record?q=search",
        "/settings",
        "/inbox/items/none",
    ]:
        page.emulate_media(color_scheme="light")
        page.goto(staging.base_url + address)
        faults[address] = serious_faults(page)
        page.emulate_media(color_scheme="dark")
        faults[f"{address} in the dark"] = serious_faults(page, only="color-contrast")
    assert {address: found for address, found in faults.items() if found} == {}
    context.close()
