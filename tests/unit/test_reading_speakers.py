"""Who speaks, and whose voice a document has."""

from __future__ import annotations

from askcv_pipelines.reading.speakers import author, is_bot
from askcv_pipelines.values import Subject
from tests.unit.rules_documents import ADA, document

MAIL = "From: Omar Diaz <omar@example.org>\nSubject: lamp\n\nPlease rename it.\n\nSigned-off-by: Omar Diaz\n"


def test_a_mail_is_said_by_its_author():
    blocks = document(MAIL, "code_review", name="a.txt").blocks
    assert [b.speaker for b in blocks if b.zone == "body"] == ["Omar Diaz"]


def test_mail_headers_and_trailers_are_furniture():
    read = document(MAIL, "code_review", name="a.txt")
    assert [read.slice(b) for b in read.blocks if b.zone == "body"] == ["Please rename it."]


def test_an_address_is_no_part_of_a_name():
    assert author('"Omar Diaz" <omar@example.org>') == "Omar Diaz"


def test_a_name_that_begins_many_lines_is_a_speaker():
    read = document("ada: one\n\nada: two\n\nada: three\n\n… and more\n", "meeting_notes")
    assert [b.speaker for b in read.blocks] == ["ada"] * 4


def test_bots_are_known_by_name():
    assert is_bot("coverage-bot")
    assert not is_bot("Abbott")


def test_a_document_that_keeps_naming_its_subject_is_not_written_by_them():
    text = "I met Ada. I asked Ada to write. I told Ada more. She agreed with me.\n"
    assert document(text, "performance_review", ADA).voice == "letter"


def test_a_document_without_a_named_subject_speaks_for_its_author():
    assert document("I built a boat. I sold it.\n", "performance_review", Subject(None)).voice == "first_person"


def test_a_roman_numeral_line_is_a_heading():
    read = document("II. Scholarship\nWrote a paper on boats.\n", "performance_review", ADA, "a.txt")
    assert read.blocks[-1].section == ("II. Scholarship",)
