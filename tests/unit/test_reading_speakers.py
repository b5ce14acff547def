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


CREW = "# Crew\n\nPresent: Ada Brook, Omar Diaz\n\n"


def said_by(text):
    read = document(CREW + text, "meeting_notes")
    return {read.slice(block): block.speaker for block in read.blocks}


def test_a_name_alone_on_its_line_says_what_stands_below():
    said = said_by("[Omar]:\nThe pump is loud.\n\n**Ada:**\n\nI will oil it.\n\nAnd the hinge.\n")
    assert said["The pump is loud."] == "Omar"
    assert said["I will oil it."] == said["And the hinge."] == "Ada"


def test_a_name_alone_on_its_line_speaks_in_a_fence_of_notes_too():
    notes = "[Omar]\nThe pump is so loud that we hear it in the hall.\n\nAda:\nThen I will oil it on Monday.\n"
    said = said_by(f"```\n{notes}```\n")
    assert said["Then I will oil it on Monday."] == "Ada"


def test_a_list_below_a_name_ends_what_that_person_says():
    said = said_by("Omar:\n- call the printer\n\nWe like the budget.\n")
    assert (said["call the printer"], said["We like the budget."]) == ("Omar", None)


def test_a_label_that_names_nobody_listed_makes_no_speaker():
    said = said_by("Blockers:\nThe pump is loud.\n\nOmar:\n- printer\n\nDecisions:\n- buy a hose\n")
    assert said["buy a hose"] is None
    assert not any(speaker == "Blockers" for speaker in said.values())
