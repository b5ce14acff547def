"""Posts held, as lines of a CV and sentences name them."""

from __future__ import annotations

import pytest

from askcv_pipelines.extractors.rules.posts import post


@pytest.mark.parametrize(
    ("text", "role", "organisation"),
    [
        ("Harbour pilot, Port of Velden, 2014–2019", "Harbour pilot", "Port of Velden"),
        (
            "Senior Lab Technician | Orrin Diagnostics | since March 2021",
            "Senior Lab Technician",
            "Orrin Diagnostics",
        ),
        ("I joined Tamarind Books as a copy editor in May 2020.", "Copy editor", "Tamarind Books"),
        ("From 2012 to 2016 she was assistant keeper at the Glass House.", "Assistant keeper", "Glass House"),
        ("He worked in my bakery as head baker for three years.", "Head baker", "my bakery"),
        ("Priya did her internship with Northlight Energy in 2022.", "Intern", "Northlight Energy"),
        ("In June I was promoted to Principal Engineer at Kestrel.", "Principal Engineer", "Kestrel"),
    ],
)
def test_says_which_post(text: str, role: str, organisation: str | None) -> None:
    found = post(text)
    assert found is not None
    assert (found.role, found.organisation) == (role, organisation)


@pytest.mark.parametrize(
    "text",
    [
        "Poster, Spring Meeting, October 2024",
        "The customer was a great help in 2021.",
        "We met the engineers at Harbor Lane.",
        "Number of tickets closed, 2019-2021",
        "Ask the registrar for the list by Friday.",
    ],
)
def test_says_of_no_post(text: str) -> None:
    assert post(text) is None


def test_a_line_needs_a_span_of_years() -> None:
    listed, named = post("Welder, Ostrava Yards, 2015-2018"), post("Welder, Ostrava Yards")
    assert listed is not None
    assert listed.line
    assert named is None
