"""Notes as people keep them: own notes, pledges, brackets, lists under a line, lines of their own, images."""

from __future__ import annotations

import pytest

from askcv_pipelines.extractors.rules.authors import tells_of_himself
from askcv_pipelines.extractors.rules.context import facts
from askcv_pipelines.extractors.rules.features import features
from askcv_pipelines.values import Subject
from tests.unit.rules_documents import ADA, document, minutes, quotes, review

OWN_NOTES = Subject("Ada Brook", ("Ada", "I"))


def plains(text, kind="meeting_notes", subject=ADA):
    return [fact.unit.plain for fact in facts(document(text, kind, subject))]


def fired(text, start, kind="meeting_notes", subject=ADA):
    read = document(text, kind, subject)
    found = list(facts(read))
    return next(
        {name[1:] for name in row if name[0] == "!" and "|" not in name}
        for fact, row in zip(found, features(read, found), strict=True)
        if fact.unit.plain.startswith(start)
    )


def test_notes_whose_i_is_the_subject_are_in_the_first_person():
    text = "# Log\n\nAda moved the buoys.\n\nAda painted the hull.\n\n- Will ask the yard about the keel.\n"
    assert document(text, "meeting_notes", OWN_NOTES).voice == "first_person"
    assert document(text, "meeting_notes", ADA).voice == "minutes"
    assert "A:elliptic" in fired(text, "Will ask", subject=OWN_NOTES)


def test_an_agreed_duty_is_one_though_it_is_told_in_the_past():
    text = "# Crew\n\nPresent: Ada Brook, Omar Diaz\n\n- Ada agreed to draw the berth plan.\n"
    assert quotes(minutes(text), "coaching_action_items") == ["Ada agreed to draw the berth plan."]


@pytest.mark.parametrize(
    "line", ["ACTION: [Ada] write to the port", "ACTION Ada write to the port", "[Ada] write to the port"]
)
def test_an_owner_may_stand_in_brackets_or_bare_behind_the_word_action(line):
    text = f"# Crew\n\nPresent: Ada Brook, Omar Diaz\n\n- {line}\n"
    assert [fact.owner for fact in facts(document(text, "meeting_notes")) if "write" in fact.unit.plain] == ["subject"]


def test_a_sentence_that_begins_with_a_past_form_has_no_owner_of_that_name():
    assert [fact.owner for fact in facts(document("- Decided to keep the log here.\n", "meeting_notes"))] == [None]


def test_a_done_list_says_what_its_owners_did():
    text = "# Crew\n\nPresent: Ada Brook, Omar Diaz\n\nCompleted:\n\n- Berth plan (Ada)\n- Hull survey (Omar)\n"
    assert "K:owned" in fired(text, "Berth plan")
    assert "A:owner" not in fired(text, "Berth plan")


def test_the_line_above_a_list_says_whether_it_is_done():
    text = "# Summer\n\nI helped by:\n\n- Sorting the sails\n\nNext month I will:\n\n- Sort the ropes\n"
    assert "K:lead" in fired(text, "Sorting", "performance_review", Subject(None))
    assert "A:lead" in fired(text, "Sort the ropes", "performance_review", Subject(None))


def test_bullets_that_markdown_does_not_know_are_items():
    text = "# Summer\n\nI helped by:\n\t• Sorting the sails\n\t• Mending two nets\n"
    assert plains(text) == ["I helped by:", "Sorting the sails", "Mending two nets"]


def test_lines_with_room_left_are_notes_of_their_own():
    notes = [
        "new pump",
        "it is calibrated against the old gauge of the yard",
        "Still problems",
        "so Ada will ask again",
    ]
    assert plains("# Tank\n\n" + "\n".join(notes) + "\n") == notes
    wrapped = [
        "The pump that feeds the second tank has been calibrated",
        "again after the storm, and it has held its",
        "best.",
    ]
    assert plains("# Tank\n\n" + "\n".join(wrapped) + "\n") == [" ".join(wrapped)]


def test_an_image_is_no_unit():
    assert plains("# Tank\n\n![the tank](/images/tank.jpg){width=40%}\n\nAda painted it.\n") == ["Ada painted it."]


@pytest.mark.parametrize(
    ("said", "himself"),
    [
        ("I will merge it on Friday.", True),
        ("Applied to the next branch.", True),
        ("I have already fixed the typo.", True),
        ("I'd prefer to wait for the tests.", True),
        ("I will merge it once you rename the field.", False),
        ("Could you say why I have to pass it twice?", False),
        ("Please drop the second check.", False),
    ],
)
def test_a_reviewer_may_tell_of_himself(said, himself):
    assert tells_of_himself(said) is himself


def test_lines_of_a_record_are_found_wherever_they_stand():
    found = review(
        "# Ada Brook\n\nHarbour pilot, Port of Velden, 2014-2019\n\nMSc Nautical Science, Calder Institute, 2013\n"
    )
    assert {candidate.domain for candidate in found} >= {"work_experience", "education"}
