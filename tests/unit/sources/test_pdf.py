from __future__ import annotations

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.pdf import PdfSource
from tests.unit.sources.documents import column, kept, pdf, said

REVIEW = pdf(
    [
        [
            (72, 740, 18, "Half-year review"),
            (72, 710, -11, "What I did"),
            *column(
                [
                    "In March I moved the billing jobs to the new queue, which cut the nightly run from",
                    "three hours to twenty minutes. Nobody had to be paged after that.",
                    "",
                    "\x95 Wrote the runbook for the on-call rotation and walked both teams through it, so that",
                    "   the handover in May took one afternoon.",
                    "\x95 Mentored two new colleagues.",
                ],
                top=690,
            ),
            (72, 40, 9, "Confidential - Page 1 of 2"),
        ],
        [
            (72, 740, -11, "What comes next"),
            *column(["I want to lead the migration of the re-", "porting service."], top=720),
            (72, 40, 9, "Confidential - Page 2 of 2"),
        ],
    ],
    info="/Title (Half-year review) /CreationDate (D:20240628093000+02'00')",
)


def test_paragraphs_bullets_headings_and_footers_are_told_apart() -> None:
    document = PdfSource().read(REVIEW, "review.pdf")
    assert kept(document, "kind", "level", "zone") == [
        ("heading", 1, "body", "Half-year review"),
        ("heading", 3, "body", "What I did"),
        ("paragraph", 0, "body", (
            "In March I moved the billing jobs to the new queue, which cut the nightly run from three hours to twenty "
            "minutes. Nobody had to be paged after that."
        )),
        ("item", 1, "body", (
            "Wrote the runbook for the on-call rotation and walked both teams through it, so that the handover in May "
            "took one afternoon."
        )),
        ("item", 1, "body", "Mentored two new colleagues."),
        ("paragraph", 0, "furniture", "Confidential - Page 1 of 2"),
        ("heading", 3, "body", "What comes next"),
        ("paragraph", 0, "body", "I want to lead the migration of the re- porting service."),
        ("paragraph", 0, "furniture", "Confidential - Page 2 of 2"),
    ]  # fmt: skip
    assert (document.title, document.date) == ("Half-year review", "2024-06-28")


def test_a_hyphen_at_a_line_end_stays_where_the_file_has_it() -> None:
    document = PdfSource().read(REVIEW, "review.pdf")
    assert "re-\nporting" in said(document, document.blocks[-2])


def test_a_paragraph_runs_over_the_end_of_a_page_where_nothing_stands_between() -> None:
    raw = pdf([column(["We agreed that the rollout of the new"], top=80), column(["intake form waits for the audit."])])
    document = PdfSource().read(raw, "notes.pdf")
    assert kept(document) == [("We agreed that the rollout of the new intake form waits for the audit.",)]


def test_paragraphs_without_a_gap_end_where_the_last_line_is_short() -> None:
    lines = [
        "She rebuilt the intake process for the whole department and trained everyone who",
        "works with it.",
        "Her colleagues ask her first when a case is difficult, and she always takes the time",
        "to explain.",
    ]
    raw = pdf([column(lines)])
    assert [row[0][:12] for row in kept(PdfSource().read(raw, "letter.pdf"))] == ["She rebuilt ", "Her colleagu"]


def test_each_of_two_columns_has_its_own_paragraphs() -> None:
    left = ["The first column speaks of the", "audit that she led in spring and", "of the new intake form."]
    right = ["The second column speaks of", "the goals for next year."]
    raw = pdf([[*column(left, left=72), *column(right, left=330)]])
    assert kept(PdfSource().read(raw, "review.pdf")) == [(" ".join(left),), (" ".join(right),)]


@pytest.mark.parametrize(
    ("raw", "message", "hint"),
    [
        (pdf([column(["Secret"])], encrypted=True), "encrypted", "password"),
        (pdf([[], []]), "no text", "OCR"),
        (REVIEW[: len(REVIEW) // 2], "cut off", "again"),
        (b"%PDF-1.7\n" + b"\x00rubbish" * 50 + b"\n%%EOF", "damaged", "again"),
        (b"Dear Maya,\n", "is no PDF", "downloaded"),
    ],
    ids=["encrypted", "scanned", "truncated", "damaged", "no pdf"],
)
def test_what_cannot_be_read_is_named_with_what_to_do(raw: bytes, message: str, hint: str) -> None:
    with pytest.raises(SourceError) as caught:
        PdfSource().read(raw, "review.pdf")
    assert caught.value.message.startswith("review.pdf: ")
    assert message in caught.value.message
    assert hint in caught.value.hint
