"""Degrees, certificates, prizes and published works, in lines and sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askcv_pipelines.extractors.rules import credentials as say

LINES: list[tuple[Callable[[str], bool], str]] = [
    (say.names_degree, "MSc in Marine Biology, Univ. of Calder, 2016"),
    (say.names_degree, "Diploma, Culinary Arts, Fenwick College"),
    (say.names_certificate, "Fire warden certificate, 2024"),
    (say.names_certificate, "CKAD passed"),
    (say.gained_certificate, "Passed the working-at-height course in May"),
    (say.gained_certificate, "She holds a forklift licence."),
    (say.names_prize, "Volunteer of the Year, 2023"),
    (say.was_given_prize, "She received the Lakeside Bursary."),
    (say.was_given_prize, "Promoted to Senior Buyer in October"),
    (say.names_work, "Talk at the regional growers' meetup: Late frost"),
    (say.names_work, "“Cold roofs, warm rooms”, Building Quarterly, 2023"),
]
OTHERS: list[tuple[Callable[[str], bool], str]] = [
    (say.names_degree, "To a degree, 2021 was harder than we thought"),
    (say.names_certificate, "TLS certificate renewed for the shop, 2024"),
    (say.gained_certificate, "Completed the upgrade and the alerting on expiring certificates."),
    (say.names_prize, "We should win a prize for this"),
    (say.was_given_prize, "Won the contract for the northern depot."),
    (say.was_given_prize, "Coached five clerks, three of whom were promoted."),
    (say.names_work, "Paper towels were out again"),
    (say.names_work, "“Please rename this”"),
]


@pytest.mark.parametrize(("names", "text"), LINES)
def test_is_named(names: Callable[[str], bool], text: str) -> None:
    assert names(text)


@pytest.mark.parametrize(("names", "text"), OTHERS)
def test_is_not_named(names: Callable[[str], bool], text: str) -> None:
    assert not names(text)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("PhD in textile history from the University of Calder", "University of Calder"),
        ("BSc Zoology, Ghent, 2018", "Ghent"),
        ("Read a lot about Ghent, 2018", None),
    ],
)
def test_says_where_somebody_studied(text: str, where: str | None) -> None:
    assert say.school(text) == where
