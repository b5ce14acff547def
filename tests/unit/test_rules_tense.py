"""What a sentence does with its verb."""

from __future__ import annotations

import pytest

from askcv_pipelines.extractors.rules.tense import tense_of


@pytest.mark.parametrize(
    ("sentence", "tense"),
    [
        ("build times fell by 35 %", "past"),
        ("test coverage rose", "past"),
        ("check what went wrong", "imperative"),
        ("see who took it", "imperative"),
        ("update the docs", "imperative"),
        ("moved the docs", "past"),
        ("i will move the docs", "will"),
    ],
)
def test_the_tense_of_a_sentence(sentence: str, tense: str) -> None:
    assert tense_of(tuple(sentence.split()), "") == tense
