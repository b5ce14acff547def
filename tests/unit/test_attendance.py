"""Lists of attendance: whose names stand on them, and what is no name."""

from __future__ import annotations

import pytest

from askcv_pipelines.extractors.rules.people import People
from askcv_pipelines.reading.attendance import attendance, listed
from tests.unit.rules_documents import document


def present(text, name="notes.md"):
    read = document(text, "meeting_notes", name=name)
    return list(attendance(read.text, read.blocks))


@pytest.mark.parametrize(
    "text",
    [
        "Members in attendance were Ada Brook, Omar Diaz and Lin Wei. The pump is loud.\n",
        "Present: Ada Brook, Omar Diaz, Lin Wei\n",
        "**Present**: Ada Brook, Omar Diaz, Lin Wei\n",
        "| when | 3 May |\n|---|---|\n| present | Ada Brook, Omar Diaz, Lin Wei |\n",
        "- Attendees:\n  - Ada Brook\n  - Omar Diaz (treasurer)\n  - Lin Wei - Harbour Office\n- Budget\n",
        "## Attendees\n\n- Dr. Ada Brook\n- Omar Diaz\n- Lin Wei\n\n## Budget\n\n- Fine\n",
    ],
)
def test_a_list_of_those_present_is_read_however_it_stands(text):
    assert present(text) == ["Ada Brook", "Omar Diaz", "Lin Wei"]


def test_handles_and_nicknames_are_names_on_a_list():
    assert present("## Present\n\n- Omar Diaz @odiaz (board)\n- linw (12)\n") == ["Omar Diaz", "odiaz", "linw"]


@pytest.mark.parametrize(
    "text",
    [
        "# Show\n\n- Attendees are asked to wear black.\n",
        "## Attendees\n\nThe Harbour Table is not yet set, and the Second Table, says Omar, may wait.\n",
        "The present pump is loud.\n",
    ],
)
def test_sentences_are_no_lists(text):
    assert present(text) == []


def test_those_who_are_absent_by_a_common_word_are_nobody():
    assert listed("none") == []


def test_somebody_else_present_makes_the_document_one_of_several_people():
    assert not People(document("Members present were Ada Brook and Omar Diaz.\n", "meeting_notes")).alone


def test_words_that_name_nobody_leave_the_subject_alone():
    text = "# Ada\n\n- Attendees should wear black.\n\n| Name | Assigned To |\n|---|---|\n| Paint for Doors | Ada |\n"
    people = People(document(text, "meeting_notes"))
    assert people.others == set()
    assert people.alone


def test_a_surname_of_a_list_is_known_and_the_subjects_is_not_anothers():
    people = People(document("Present: Ada Brook, Omar Diaz, Tim Brook\n", "meeting_notes"))
    assert people.known("Diaz") == "other"
    assert people.known("Brook") is None


def test_a_name_that_is_also_a_word_counts_only_with_its_capital():
    people = People(document("Present: Ada Brook, Will Stone\n", "meeting_notes"))
    assert people.other_in(["Will"])
    assert not people.other_in(["will"])


def test_a_form_says_which_post_the_subject_holds():
    text = "Officer: Ada Brook\n\nRater: Omar Diaz\n"
    assert People(document(text, "performance_review", name="review.txt")).is_subject("Officer")


@pytest.mark.parametrize("said", ["Omar showed the boat he had built.", "Omar said that the boat leaks."])
def test_somebody_who_acts_makes_the_document_one_of_several_people(said):
    assert People(document(f"# Harbour\n\n- {said}\n- Ada likes it.\n", "meeting_notes")).others == {"omar"}


@pytest.mark.parametrize("said", ["Planning showed how he works.", "Boats arrived early.", "Everyone said yes."])
def test_things_and_groups_that_begin_a_sentence_are_nobody(said):
    assert People(document(f"# Harbour\n\n- {said}\n", "meeting_notes")).others == set()
