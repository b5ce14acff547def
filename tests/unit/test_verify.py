"""Verification: what is no text of the document, or adds a figure to it, is no item."""

from __future__ import annotations

import pytest

from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Candidate, Document, Item, Rejection, Subject
from askcv_pipelines.verify import find, verify

TEXT = """# Review

## Results

I cut the build time by 35 % for
14 services.
"""


@pytest.fixture
def document() -> Document:
    return read_bytes(TEXT.encode(), "review.md", Subject("Maya"), kind="performance_review")


def entry(quote: str, **fields: str) -> Candidate:
    return Candidate("knowledge_entries", {"title": "Faster builds", "content": quote.strip() or "x"} | fields, quote)


def test_an_items_evidence_is_the_documents_own_text(document: Document) -> None:
    item = verify(entry("I cut the build time by 35 % for 14 services."), document)
    assert isinstance(item, Item)
    (proof,) = item.evidence
    assert document.text[proof.start : proof.end] == proof.quote == "I cut the build time by 35 % for\n14 services."
    assert proof.locator == "Review › Results › line 5"


@pytest.mark.parametrize(
    "quote", ["I cut the build time by 36 %", "cut the build times", "", "  ", "I CUT THE BUILD TIME BY 35 %"]
)
def test_a_quote_that_does_not_stand_there_is_rejected(document: Document, quote: str) -> None:
    result = verify(entry(quote), document)
    assert isinstance(result, Rejection)
    assert result.reason == "quote_not_found"


@pytest.mark.parametrize("field", ["title", "metric", "content"])
def test_a_figure_that_the_quote_does_not_hold_is_rejected(document: Document, field: str) -> None:
    result = verify(entry("I cut the build time by 35 %", **{field: "down by 53 %"}), document)
    assert isinstance(result, Rejection)
    assert (result.reason, result.detail) == ("figure_not_in_quote", f"{field}: 53")


def test_a_figure_that_the_quote_holds_elsewhere_in_another_form_is_no_figure_of_it(document: Document) -> None:
    result = verify(entry("I cut the build time by 35 %", metric="3.5 %"), document)
    assert isinstance(result, Rejection)


def test_fields_that_do_not_fit_the_domain_are_rejected_by_name(document: Document) -> None:
    result = verify(entry("I cut the build time by 35 %", category="boast"), document)
    assert isinstance(result, Rejection)
    assert result.reason == "invalid_payload"
    assert result.detail.startswith("category")


def test_white_space_is_folded_and_nothing_else() -> None:
    assert find("a  b", "x a\nb y") == (2, 5)
    assert find("a.b", "x axb y") is None
    assert find("(a|b)*", "x (a|b)* y") == (2, 8)
