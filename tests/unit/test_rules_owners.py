"""Whose a unit is: promises inside it, and the "I" of somebody else."""

from __future__ import annotations

import pytest

from askcv_pipelines.extractors.rules.context import facts
from askcv_pipelines.values import Subject
from tests.unit.rules_documents import ADA, document, minutes, quotes

PRESENT = "# Harbour crew\n\nPresent: Ada Brook, Omar Diaz, Lin Wei\n\n"


def owner(text, start, kind="meeting_notes", subject=ADA):
    return next(f.owner for f in facts(document(text, kind, subject)) if f.unit.plain.startswith(start))


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("Weigh it now or later, Ada will note the weight.", "subject"),
        ("Newsletter: Ada will update the map.", "subject"),
        ("Yes, @adab will update the map.", "subject"),
        ("Ada is working on a new map.", "subject"),
        ("Newsletter: Omar is planning on a new map.", "other"),
        ("We agreed that Lin is going to paint.", "other"),
        ("Doors: Diaz agreed to paint, Ada volunteered to clean.", "both"),
    ],
)
def test_a_promise_inside_a_unit_is_its_owners(said, whose):
    assert owner(f"{PRESENT}- {said}\n", said[:8]) == whose


def test_a_condition_is_no_promise():
    assert owner(f"{PRESENT}- Paint the door when Omar will be back.\n", "Paint") is None


def test_a_nearer_owner_goes_before_a_promise_inside():
    assert owner(f"{PRESENT}- Ada: send the plan, then Omar will print it.\n", "Ada") == "subject"


def test_what_the_subject_built_stays_theirs_where_another_goes_on():
    assert (
        owner(f"{PRESENT}Ada: hello\n\nAda: I built the ramp, and Omar will paint it.\n\nAda: bye\n", "I built") is None
    )


COACH = "# Notes\n\nI asked Ada about her plans.\n\nI will send the book on tides.\n\nAda will read it.\n"


def test_the_promise_of_an_author_who_writes_about_the_subject_is_the_authors():
    assert owner(COACH, "I will") == "other"
    assert quotes(minutes(COACH), "coaching_action_items") == ["Ada will read it."]


def test_a_named_author_who_is_another_person_promises_for_themselves():
    assert owner("# Crew\n\nNotes taken by Omar Diaz\n\n- I will order the hose.\n", "I will") == "other"


def test_a_named_author_who_is_the_subject_promises_too():
    assert owner("# Crew\n\nNotes taken by Ada Brook\n\n- I will order the hose.\n", "I will") is None


def test_another_speakers_promise_is_that_speakers():
    said = (
        "Ada: Good morning.\n\nOmar: I'll order the hose.\n\nAda: I'll pay.\n\nOmar: Fine.\n\nAda: Bye.\n\nOmar: Bye.\n"
    )
    assert owner(said, "I'll order") == "other"


def test_what_another_asks_of_the_subject_is_no_promise():
    said = "Omar: I will need you to order it.\n\nOmar: Yes.\n\nOmar: Bye.\n\nAda: Yes.\n\nAda: Ok.\n\nAda: Bye.\n"
    assert owner(said, "I will need") is None


def test_a_document_that_calls_its_subject_i_is_written_by_them():
    assert owner(COACH, "I will", subject=Subject("Ada Brook", ("Ada", "I"))) is None


def test_in_the_subjects_own_notes_what_another_says_is_told_to_the_subject():
    notes = "# Notes\n\nPresent: Omar, Ada\n\n[Omar]:\nShow the new map.\n\n[Omar]:\nI like the map.\n"
    mine = facts(document(notes, "meeting_notes", Subject("Ada Brook", ("Ada", "I"))))
    assert {f.unit.plain: f.who for f in mine if "map" in f.unit.plain} == {
        "Show the new map.": None,
        "I like the map.": "other",
    }
