"""The HTML report: every item leads to its evidence, the text is whole, hostile text stays text."""

from __future__ import annotations

import html
import re
from pathlib import Path

from askcv_pipelines import Pipeline, Subject
from askcv_pipelines.events import Decided, RunReport
from askcv_pipelines.page import html_page
from tests.conftest import EXAMPLES
from tests.extractors import BulletExtractor, LyingExtractor
from tests.unit.test_cli import askcv

HOSTILE = """# <script>document.title = 'owned'</script>

- Wrote </div></mark><img src=x onerror=alert(1)> the handbook & more.
- Wrote </div></mark><img src=x onerror=alert(1)>
"""


def page(*paths: Path, extractor: object = None) -> str:
    pipeline = Pipeline(Subject("Maya Lindqvist"), extractor or BulletExtractor(), keep_text=True)
    run = pipeline.extract(paths)
    events = []
    while True:
        try:
            events.append(next(run).value)
        except StopIteration as end:
            report: RunReport = end.value
            return html_page(report, [event for event in events if isinstance(event, Decided)])


def test_the_text_is_whole_and_every_item_leads_to_its_place() -> None:
    path = EXAMPLES / "self-review-2026-h1.md"
    made = page(path)
    shown = re.search(r'<div class="text">(.*?)</div><ol>', made, re.DOTALL)
    assert shown
    assert html.unescape(re.sub(r"<[^>]*>", "", shown[1])) == path.read_text("utf-8")
    targets = re.findall(r'href="#(e[\d-]+)"', made)
    assert len(targets) == 13
    assert all(f'id="{target}"' in made for target in targets)


def test_hostile_text_is_shown_and_never_markup(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(HOSTILE)
    made = page(tmp_path / "x.md")
    assert "<script" not in made
    assert "<img" not in made
    assert "&lt;img src=x onerror=alert(1)&gt; the handbook &amp; more." in made
    assert "default-src &#x27;none&#x27;" in made or "default-src 'none'" in made


def test_rejections_are_listed_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("I wrote the handbook.\n")
    assert "quote not found" in page(tmp_path / "x.md", extractor=LyingExtractor())


def test_the_page_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    done = askcv("extract", EXAMPLES, "--subject", "Maya Lindqvist", "--html", target)
    assert done.returncode == 0, done.stderr
    assert target.stat().st_mode & 0o077 == 0
    assert target.read_text("utf-8").count("<section>") == 3
    refused = askcv("extract", EXAMPLES, "--subject", "Maya Lindqvist", "--html", tmp_path / "no" / "where.html")
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr


def test_an_item_for_review_stands_beside_what_it_is_near(tmp_path: Path) -> None:
    told = "- Delivered the split {} stack for the harbour.\n"
    (tmp_path / "x.md").write_text(told.format("monitoring") + told.format("logging"))
    made = page(tmp_path / "x.md")
    assert "for review: near another item of this run" in made
    assert "wording logging / monitoring" in made or "wording monitoring / logging" in made
    assert made.count("Delivered the split monitoring stack for the harbour.") >= 2
