"""Pages of a change: comments under their author's name."""

from __future__ import annotations

import pytest

from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Subject

PAGE = """
<h1>Change 311: retry uploads</h1>
<p>Author: Mira Halonen · Reviewers: Theo Marsh</p>
<h2>Description</h2><p>Uploads are retried.</p>
<h2>Test Plan</h2><p>Run it.</p>
<h2>Comments</h2>
<h3>Theo Marsh</h3><p>Please add a test.</p><p>And a note.</p>
<h3>@mira-h commented 2 days ago</h3><p>I added a test.</p>
<h3>ci-bot</h3><p>All checks have passed.</p>
<h2>History</h2><p>Nothing.</p>
"""


def said(page: str, kind: str = "code_review") -> dict[str, str | None]:
    document = read_bytes(page.encode(), "change.html", Subject("Mira Halonen", ("mira-h",)), kind=kind)
    return {document.slice(b): b.speaker for b in document.blocks if b.kind == "paragraph" and b.zone == "body"}


def test_what_stands_under_a_name_is_said_by_that_person_until_the_next_heading_of_its_rank() -> None:
    assert said(PAGE) == {
        "Uploads are retried.": None,
        "Run it.": None,
        "Please add a test.": "Theo Marsh",
        "And a note.": "Theo Marsh",
        "I added a test.": "mira-h",
        "Nothing.": None,
    }


def test_in_other_documents_a_heading_that_looks_like_a_name_is_a_heading() -> None:
    assert said(PAGE, "performance_review")["Please add a test."] is None


@pytest.mark.parametrize("heading", ["Test Plan", "Next Steps", "Release Notes", "retry-uploads"])
def test_a_heading_that_organises_names_nobody(heading: str) -> None:
    assert said(f"<h1>Change</h1><h2>{heading}</h2><p>Something is said.</p>") == {"Something is said.": None}


def test_the_author_that_a_page_names_is_its_subject() -> None:
    assert read_bytes(PAGE.encode(), "change.html", kind="code_review").subject.name == "Mira Halonen"
