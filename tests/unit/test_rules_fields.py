"""Dates, figures and titles as they are read from a passage."""

from __future__ import annotations

from datetime import date

import pytest

from askcv_pipelines.extractors.rules.figures import metric
from askcv_pipelines.extractors.rules.titles import title
from askcv_pipelines.reading.dates import due, explicit, partial

MONDAY = date(2024, 5, 13)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("send it by 2024-06-01", "2024-06-01"),
        ("send it by June 1st", "2024-06-01"),
        ("send it by 1 June", "2024-06-01"),
        ("due 6/1", "2024-06-01"),
        ("by Friday", "2024-05-17"),
        ("by Monday", "2024-05-20"),
        ("by tomorrow", "2024-05-14"),
        ("before the end of the month", "2024-05-31"),
        ("for next week", "2024-05-20"),
        ("in two weeks", "2024-05-27"),
    ],
)
def test_a_due_date_is_resolved_from_its_anchor(text, day):
    assert due(text, MONDAY) == day


def test_without_an_anchor_a_weekday_is_no_date():
    assert due("by Friday", None) is None


def test_an_early_month_named_late_in_the_year_is_next_years():
    assert explicit("by January 5th", date(2023, 12, 12)) == date(2024, 1, 5)


def test_a_fraction_is_no_date():
    assert due("rated 4.5/5 by the class", MONDAY) is None


def test_a_month_and_year_stay_as_precise_as_written():
    assert partial("published in March 2023") == "2023-03"


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("cut latency by 30% overall", "30%"),
        ("saved $2.1M a year", "$2.1M a year"),
        ("went from 40s to 3s", "from 40s to 3s"),
        ("rated 4.8 / 5 by students", "4.8 / 5"),
        ("taught 1,200 students", "1,200 students"),
        ("upgraded to version 2.5", None),
        ("joined in 2019", None),
    ],
)
def test_a_metric_is_found_as_written(text, figure):
    assert metric(text) == figure


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- **I have rebuilt** the intake form", "Rebuilt the intake form"),
        ("[ ] TODO: send the form", "Send the form"),
        ("We also led the [harvest fair](https://example.org)", "Led the harvest fair"),
        ("`parse()` returns early now", "parse() returns early now"),
    ],
)
def test_a_title_reads_well(text, line):
    assert title(text) == line


def test_a_long_title_ends_at_a_clause():
    text = "Moved the reading room to the first floor, which took " + "a long time and many hands " * 6
    assert title(text) == "Moved the reading room to the first floor"


def test_no_title_is_longer_than_a_line():
    assert len(title("word " * 100)) <= 200
