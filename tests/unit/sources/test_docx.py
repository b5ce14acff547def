from __future__ import annotations

import datetime
from typing import Any

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import archive
from askcv_pipelines.sources.docx import DocxSource
from tests.unit.sources.documents import kept, numbered, word, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def review(document: Any) -> None:
    document.core_properties.title = "Self-review 2024"
    document.core_properties.created = datetime.datetime(2024, 11, 5, 9, 30)  # noqa: DTZ001 - the format has no zone
    document.add_heading("Self-review", level=0)
    document.add_heading("Accomplishments", level=1)
    document.add_paragraph("I  took over the customer\tdashboard in spring.")
    document.add_paragraph("Cut the load time by 40 %", style="List Bullet")
    document.add_paragraph("Measured it on slow phones", style="List Bullet 2")
    numbered(document.add_paragraph("Wrote the accessibility guide"), 0)
    numbered(document.add_paragraph("☒ Reviewed by design"), 1)
    document.add_paragraph().add_run("Next year").bold = True
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells],
        ["Goal", "Owner", "Due", "Ship offline mode", "Maya", "March"],
        strict=True,
    ):
        cell.text = text


def test_headings_lists_with_depth_and_table_cells_are_kept() -> None:
    document = DocxSource().read(word(review), "review.docx")
    assert kept(document, "kind", "level", "checked", "header", "row") == [
        ("heading", 1, None, None, None, "Self-review"),
        ("heading", 1, None, None, None, "Accomplishments"),
        ("paragraph", 0, None, None, None, "I took over the customer dashboard in spring."),
        ("item", 1, None, None, None, "Cut the load time by 40 %"),
        ("item", 2, None, None, None, "Measured it on slow phones"),
        ("item", 1, None, None, None, "Wrote the accessibility guide"),
        ("item", 2, True, None, None, "Reviewed by design"),
        ("heading", 6, None, None, None, "Next year"),
        ("heading", 6, None, None, 1, "Goal"),
        ("heading", 6, None, None, 1, "Owner"),
        ("heading", 6, None, None, 1, "Due"),
        ("cell", 0, None, "Goal", 2, "Ship offline mode"),
        ("cell", 0, None, "Owner", 2, "Maya"),
        ("cell", 0, None, "Due", 2, "March"),
    ]
    assert (document.title, document.date) == ("Self-review 2024", "2024-11-05")


def test_text_in_content_controls_insertions_and_text_boxes_is_read_and_deleted_text_is_not() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Start.")
        body = document.element.body
        for markup in (
            f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>In a form field.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            (
                f"<w:p {W}><w:ins><w:r><w:t>Inserted.</w:t></w:r></w:ins>"
                "<w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
            ),
            (
                f"<w:p {W}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
                "</w:pict></w:r></w:p>"
            ),
        ):
            body.insert(len(body) - 1, parse_xml(markup))

    rows = kept(DocxSource().read(word(fill), "form.docx"))
    assert rows == [("Start.",), ("In a form field.",), ("Inserted.",), ("In a box.",)]


def test_the_table_of_contents_is_furniture() -> None:
    def fill(document: Any) -> None:
        document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Accomplishments\t2", style="toc 1")
        document.add_heading("Accomplishments", level=1)

    assert kept(DocxSource().read(word(fill), "review.docx"), "kind", "zone") == [
        ("paragraph", "furniture", "Accomplishments 2"),
        ("heading", "body", "Accomplishments"),
    ]


def test_a_table_of_one_column_is_layout() -> None:
    def fill(document: Any) -> None:
        cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
        cell.text = "Feedback"
        cell.add_paragraph("Ask earlier for help", style="List Bullet")

    assert kept(DocxSource().read(word(fill), "form.docx"), "kind") == [
        ("paragraph", "Feedback"), ("item", "Ask earlier for help"),
    ]  # fmt: skip


def test_a_form_of_labels_and_answers_keeps_each_answer_with_its_label() -> None:
    def fill(document: Any) -> None:
        table = document.add_table(rows=2, cols=2)
        table.rows[0].cells[0].text = "Employee"
        table.rows[0].cells[1].text = "Maya Lindqvist"
        table.rows[1].cells[0].text = "Strengths"
        answer = table.rows[1].cells[1]
        answer.text = "Explains hard things well, to engineers and to customers alike."
        answer.add_paragraph("Led the audit", style="List Bullet")

    assert kept(DocxSource().read(word(fill), "form.docx"), "kind", "header", "row") == [
        ("cell", None, 1, "Employee"),
        ("cell", "Employee", 1, "Maya Lindqvist"),
        ("cell", None, 2, "Strengths"),
        ("paragraph", "Strengths", 2, "Explains hard things well, to engineers and to customers alike."),
        ("item", "Strengths", 2, "Led the audit"),
    ]


def test_a_teams_transcript_has_speakers() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Weekly sync")
        document.add_paragraph("Maya Lindqvist   0:03\nGood morning, shall we start?")
        document.add_paragraph("Tomas Berg   0:07\nYes. The export is done.\nI will show it on Friday.")
        document.add_paragraph("Maya Lindqvist   1:12:40\nPerfect.")

    assert kept(DocxSource().read(word(fill), "sync.docx"), "speaker") == [
        (None, "Weekly sync"),
        ("Maya Lindqvist", "Good morning, shall we start?"),
        ("Tomas Berg", "Yes. The export is done."),
        ("Tomas Berg", "I will show it on Friday."),
        ("Maya Lindqvist", "Perfect."),
    ]


GOOD = word(review)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        (GOOD[: len(GOOD) // 2], "cut off"),
        (zipped({"readme.txt": "no document"}), "no Word document"),
        (word(lambda document: None), "no text"),
    ],
    ids=["encrypted", "truncated", "another archive", "empty"],
)
def test_what_cannot_be_read_is_named_with_what_to_do(raw: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        DocxSource().read(raw, "review.docx")
    assert caught.value.message.startswith("review.docx: ")
    assert message in caught.value.message
    assert caught.value.hint


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = zipped({f"word/{number}.xml": bytes(30 * 1024 * 1024) for number in range(8)})
    assert len(bomb) < 1_000_000
    with pytest.raises(SourceError, match=r"bomb\.docx: unpacks to 8 files of 240 MB"):
        DocxSource().read(bomb, "bomb.docx")
    assert archive.MAX_UNPACKED < 240 * 1024 * 1024
