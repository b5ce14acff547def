"""The HTML report in a real browser: a hostile document cannot script it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.unit.test_page import HOSTILE, page

pytestmark = pytest.mark.browser


def test_a_hostile_document_cannot_script_the_report(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(HOSTILE)
    (tmp_path / "report.html").write_text(page(tmp_path / "x.md"), "utf-8")
    opened = browser.new_page()
    dialogs: list[str] = []
    opened.on("dialog", lambda dialog: dialogs.append(dialog.message))
    opened.goto(f"file://{tmp_path}/report.html")
    expect(opened.locator("main section")).to_have_count(1)
    assert opened.title().startswith("Career items")
    assert opened.locator("main img, main script").count() == 0
    assert dialogs == []
    opened.locator("ol a").first.click()
    assert opened.url.endswith("#e0-0")
    opened.close()
