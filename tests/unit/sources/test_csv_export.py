from __future__ import annotations

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.csv_export import CsvSource
from tests.unit.sources.documents import kept

LONG = """Section,Question,Answer
Results,"What did you achieve, and how?","I moved the reports to the ""new"" queue.

- cut the cost by half"
Results,"What did you achieve, and how?",Trained two colleagues.
Growth,What is next?,Lead the audit.
Growth,Rate yourself,4
"""
WIDE = """Timestamp;Reviewer;What does Maya do well?;What should she change?;Rating
2024-05-02 10:00;Tomas Berg;She explains hard things; Ask earlier for help.;5
2024-05-03 11:00;Ana Ruiz;Reliable.;;4
"""


def test_a_row_for_each_answer() -> None:
    assert kept(CsvSource().read(LONG.encode("utf-8-sig"), "review.csv"), "kind", "level", "zone") == [
        ("heading", 1, "body", "Results"),
        ("heading", 2, "body", "What did you achieve, and how?"),
        ("paragraph", 0, "body", 'I moved the reports to the "new" queue.'),
        ("item", 1, "body", "cut the cost by half"),
        ("paragraph", 0, "body", "Trained two colleagues."),
        ("heading", 1, "body", "Growth"),
        ("heading", 2, "body", "What is next?"),
        ("paragraph", 0, "body", "Lead the audit."),
        ("heading", 2, "body", "Rate yourself"),
        ("paragraph", 0, "furniture", "4"),
    ]


def test_a_row_for_each_respondent() -> None:
    document = CsvSource().read(WIDE.encode(), "feedback.csv")
    assert kept(document, "kind", "zone", "speaker") == [
        ("heading", "body", None, "What does Maya do well?"),
        ("paragraph", "body", "Tomas Berg", "She explains hard things"),
        ("heading", "body", None, "What should she change?"),
        ("paragraph", "body", "Tomas Berg", "Ask earlier for help."),
        ("heading", "body", None, "Rating"),
        ("paragraph", "furniture", None, "5"),
        ("heading", "body", None, "What does Maya do well?"),
        ("paragraph", "body", "Ana Ruiz", "Reliable."),
        ("heading", "body", None, "Rating"),
        ("paragraph", "furniture", None, "4"),
    ]
    assert document.date == "2024-05-03"


def test_several_columns_of_answers_keep_their_labels() -> None:
    raw = b"Question\tEmployee answer\tManager answer\nWhat went well?\tThe audit.\tShe led the audit.\n"
    assert kept(CsvSource().read(raw, "review.tsv"), "kind", "level") == [
        ("heading", 1, "What went well?"),
        ("heading", 2, "Employee answer"),
        ("paragraph", 0, "The audit."),
        ("heading", 2, "Manager answer"),
        ("paragraph", 0, "She led the audit."),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"Question,Answer\n",
        b",,\n,,\n",
        "Frage;Antwort\nWas lief gut?;Die Prüfung.\n".encode("latin-1"),
        b"\x00\x01,\n,\n",
    ],
    ids=["header only", "blank", "latin-1", "binary"],
)
def test_what_holds_no_answers_is_named(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"review\.csv: "):
        CsvSource().read(raw, "review.csv")
