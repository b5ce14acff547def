"""What a model claims in the fields that its extractor and agents share: held by the passage, or refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Document, Subject
from askcv_pipelines.verification import Verifier

TEXT = """# Self-review 2026, Nadia Ferrant

## Results

- I rebuilt the tram search in Python and Rust, and attendance was brought up to 96 % by Q3 2025.
- I trained twenty-five drivers and never missed a shift.
- I was a dispatcher at Tidewater from 2018 to 2021 and have 7 years of experience with SAP.
- I opened the depot in Porto.

## Figures

| Person | Tours |
|---|---|
| Nadia Ferrant | 1,140 tours planned for the north |
| Olaf Kern | 1,310 tours planned for the south |
"""
SEARCH = "I rebuilt the tram search in Python and Rust, and attendance was brought up to 96 % by Q3 2025."
DRIVERS = "I trained twenty-five drivers and never missed a shift."
POST = "I was a dispatcher at Tidewater from 2018 to 2021 and have 7 years of experience with SAP."
DEPOT = "I opened the depot in Porto."


@pytest.fixture(scope="module")
def document() -> Document:
    return read_bytes(TEXT.encode(), "self.md", Subject("Nadia Ferrant", ("Nadia",)), kind="performance_review")


def said(document: Document, quote: str, domain: str, **fields: Any) -> list[str]:
    start = document.text.index(quote)
    found = Verifier(document).breaches(domain, fields, start, start + len(quote))
    return [f"{breach.reason} {breach.field}".strip() for breach in found]


@pytest.mark.parametrize(
    ("quote", "domain", "fields"),
    [
        (SEARCH, "projects", {"name": "tram search", "technologies": ["Python", "Rust"]}),
        (SEARCH, "knowledge_entries", {"title": "Rebuilt the tram search", "occurred_on": "2025-08"}),
        (SEARCH, "knowledge_entries", {"title": "Brought attendance to 96 %"}),
        (DRIVERS, "knowledge_entries", {"title": "Trained 25 drivers", "content": "I trained 25 drivers."}),
        (POST, "work_experience", {"organization": "Tidewater Ltd", "title": "dispatcher", "start_date": "2018"}),
        (POST, "skills", {"name": "SAP", "years_of_experience": 7.0}),
        ("1,140 tours planned for the north", "knowledge_entries", {"title": "1,140 tours planned for the north"}),
    ],
)
def test_what_the_passage_says_holds(document: Document, quote: str, domain: str, fields: dict[str, Any]) -> None:
    assert said(document, quote, domain, **fields) == []


@pytest.mark.parametrize(
    ("quote", "domain", "fields", "reason"),
    [
        (SEARCH, "projects", {"name": "tram search", "technologies": ["Python", "Go"]},
         "name_not_in_source technologies"),
        (SEARCH, "knowledge_entries", {"title": "Rebuilt the tram search", "occurred_on": "2025-05"},
         "date_not_in_source occurred_on"),
        (SEARCH, "knowledge_entries", {"title": "Raised attendance by 96 %"}, "unit_not_in_quote title"),
        (DRIVERS, "knowledge_entries", {"title": "Trained 52 drivers"}, "figure_not_in_quote title"),
        (DRIVERS, "knowledge_entries", {"title": "Trained drivers", "content": "I trained drivers of Contoso."},
         "name_not_in_source content"),
        (DEPOT, "knowledge_entries", {"title": "Opened the depot", "content": "sold large houses abroad for profit"},
         "words_not_in_quote content"),
        (POST, "work_experience", {"organization": "Tidewater", "title": "dispatcher", "current": True},
         "date_not_in_source current"),
        (POST, "work_experience", {"organization": "Tidewater", "title": "dispatcher", "start_date": "2021"},
         "date_not_in_source start_date"),
        (POST, "skills", {"name": "SAP", "years_of_experience": 9.0}, "figure_not_in_quote years_of_experience"),
        (DEPOT, "knowledge_entries", {"title": "Never opened the depot in Porto"}, "negation_added title"),
        (DEPOT, "knowledge_entries", {"title": "Closed the depot in Porto"}, "opposite_of_quote title"),
        (DEPOT, "skills", {"name": "Pоrto"}, "name_not_in_source name"),  # a Cyrillic о
        ("1,310 tours planned for the south", "knowledge_entries", {"title": "1,310 tours planned for the south"},
         "another_persons"),
        ("Results", "knowledge_entries", {"title": "Results"}, "not_told"),
    ],
)  # fmt: skip
def test_what_it_does_not_say_is_named(
    document: Document, quote: str, domain: str, fields: dict[str, Any], reason: str
) -> None:
    assert reason in said(document, quote, domain, **fields)
