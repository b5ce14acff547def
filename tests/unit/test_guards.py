"""Guards: invented figures, names and dropped negations, of whoever proposes an item."""

from __future__ import annotations

import pytest

from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Candidate, Document, Item, Rejection, Subject
from askcv_pipelines.verify import verify

TEXT = """# Review of Maya Lindqvist, Harbor Lane

Reviewer: Tomasz Brandt

## Project Kestrel 2

Maya rebuilt the search on PostgreSQL and cut response times by 65 %.
She did not meet the deadline for the mobile release.
She never missed a customer call.
The audit was not extended, and she wrote the report in the iPhone app.
"""


@pytest.fixture
def document() -> Document:
    return read_bytes(TEXT.encode(), "review.md", Subject("Maya Lindqvist", ("Maya",)), kind="performance_review")


def judged(document: Document, quote: str, title: str, domain: str = "knowledge_entries", **more: str) -> str:
    fields = {"title": title, **({"content": quote} if domain == "knowledge_entries" else {}), **more}
    result = verify(Candidate(domain, fields, quote), document)
    return "item" if isinstance(result, Item) else f"{result.reason} {result.detail}".strip()


MISSED = "She did not meet the deadline for the mobile release."
SEARCH = "Maya rebuilt the search on PostgreSQL and cut response times by 65 %."


@pytest.mark.parametrize(
    ("title", "more", "said"),
    [
        ("Rebuilt the search on PostgreSQL", {}, "item"),
        ("Cut response times by 65 %", {"metric": "65 %"}, "item"),
        ("Cut response times by 85 %", {}, "figure_not_in_quote title: 85"),
        ("Cut response times", {"metric": "6.5 %"}, "figure_not_in_quote metric: 6.5"),
        ("Rebuilt the search on MySQL", {}, "name_not_in_source title: MySQL"),
        ("Rebuilt the search at Google", {}, "name_not_in_source title: Google"),
        ("Rebuilt the search", {"organization": "Harbor Lane"}, "item"),
        ("Rebuilt the search", {"organization": "Google"}, "name_not_in_source organization: Google"),
        ("Kestrel 2: rebuilt the search", {"project": "Kestrel 2"}, "item"),
        ("Kestrel 3: rebuilt the search", {}, "figure_not_in_quote title: 3"),
        ("Rebuilt the search for Maya Lindqvist", {}, "item"),
    ],
)
def test_figures_and_names_stand_in_the_quote_or_its_place(
    document: Document, title: str, more: dict[str, str], said: str
) -> None:
    assert judged(document, SEARCH, title, **more) == said


@pytest.mark.parametrize(
    ("quote", "title", "said"),
    [
        (
            "She did not meet the deadline for the mobile release.",
            "Met the deadline for the mobile release",
            "negation",
        ),
        (MISSED, "Did not meet the deadline", "item"),
        ("She never missed a customer call.", "Missed a customer call", "negation"),
        ("She never missed a customer call.", "Never missed a customer call", "item"),
        (MISSED, "Mobile release", "negation"),
    ],
)
def test_what_a_quote_denies_its_title_does_not_say(document: Document, quote: str, title: str, said: str) -> None:
    assert judged(document, quote, title).startswith(said)


def test_a_name_inside_a_word_is_no_name_of_its_own(document: Document) -> None:
    quote = "The audit was not extended, and she wrote the report in the iPhone app."
    assert judged(document, quote, "Did not extend the audit, wrote the report in the iPhone app") == "item"


def test_who_asked_must_be_named_in_the_document(document: Document) -> None:
    asked = {"domain": "coaching_action_items", "requested_by": "Tomasz Brandt"}
    assert judged(document, MISSED, "Did not meet the deadline", **asked) == "item"
    asked["requested_by"] = "Ruth Klein"
    assert judged(document, MISSED, "Did not meet the deadline", **asked).startswith("name_not_in_source requested_by")


def test_rejections_say_why(document: Document) -> None:
    result = verify(Candidate("awards", {"title": "Nobel Prize 2026"}, SEARCH), document)
    assert isinstance(result, Rejection)
