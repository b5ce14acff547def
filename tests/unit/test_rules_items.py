"""Accomplishments, praise, positions, certificates, publications: what the text says and nothing more."""

from __future__ import annotations

from askcv_agents.domains import parse_payload
from askcv_pipelines.extractors.rules import RulesExtractor
from tests.unit.rules_documents import ADA, document, minutes, only, own_words, quotes, review, thread
from tests.unit.test_rules_actions import MINUTES, THREAD

BRAG = """# What I did in 2023

## Achievements
- Rebuilt the intake form, which cut the waiting time from 40 minutes to 12 minutes
- Trained 14 volunteers at the food bank
- Earned the Food Safety Supervisor certificate in March 2023

## Talks
- "Queues for humans", Northern Kitchen Days, 2023

## Goals for next year
- Get the forklift licence
"""

LETTER = """To whom it may concern

Ada Brook has worked as a ward nurse at Hillside Hospital since 2019. She is calm under pressure and a
wonderful colleague. In 2022 she reduced medication errors by 18% with a second check at night.

Sincerely,
Maria Lopez
"""


def test_quotes_are_verbatim_slices():
    read = document(MINUTES, "meeting_notes")
    assert all(candidate.quote in read.text for candidate in RulesExtractor().extract(read))


def test_every_payload_is_valid():
    candidates = [*own_words(BRAG), *review(LETTER), *minutes(MINUTES), *thread(THREAD)]
    assert [c for c in candidates if isinstance(parse_payload(c.domain, c.fields), tuple)] == []


def test_confidence_is_a_probability():
    assert all(0 <= candidate.confidence <= 1 for candidate in own_words(BRAG))


def test_candidates_come_in_reading_order():
    read = document(BRAG, "performance_review")
    starts = [read.text.index(candidate.quote) for candidate in RulesExtractor().extract(read)]
    assert starts == sorted(starts)


def test_the_same_document_gives_the_same_candidates():
    assert own_words(BRAG) == own_words(BRAG)


def test_a_metric_is_exactly_as_written():
    entry = next(c for c in only(own_words(BRAG), "knowledge_entries") if "intake" in c.quote)
    assert entry.fields["metric"] == "from 40 minutes to 12 minutes"


def test_a_figure_of_people_is_a_metric():
    entry = next(c for c in only(own_words(BRAG), "knowledge_entries") if "volunteers" in c.quote)
    assert entry.fields["metric"] == "14 volunteers"


def test_a_certificate_obtained_is_a_certification():
    assert [c.fields["name"] for c in only(own_words(BRAG), "certifications")] == ["Food Safety Supervisor certificate"]


def test_a_planned_certificate_is_no_certification():
    assert not any("forklift" in quote for quote in quotes(own_words(BRAG), "certifications"))


def test_a_talk_below_talks_is_a_publication():
    assert [c.fields["title"] for c in only(own_words(BRAG), "publications")] == ["Queues for humans"]


def test_praise_in_a_letter_is_a_testimonial_by_who_signed_it():
    praise = next(c for c in only(review(LETTER), "testimonials") if "calm" in c.quote)
    assert praise.fields["author"] == "Maria Lopez"


def test_an_outcome_in_a_letter_is_a_knowledge_entry():
    assert any("18%" in quote for quote in quotes(review(LETTER), "knowledge_entries"))


def test_a_position_has_employer_role_and_start():
    held = only(review(LETTER), "work_experience")[0].fields
    assert (held["organization"], held["title"], held["start_date"]) == ("Hillside Hospital", "Ward nurse", "2019")


def test_a_reviewers_praise_is_a_testimonial():
    assert any("elegant" in quote for quote in quotes(thread(THREAD), "testimonials"))


def test_a_quotation_in_a_letter_is_not_its_writers():
    letter = LETTER.replace("In 2022", '"Ada is the kindest nurse I have met," said a patient. In 2022')
    praise = [c for c in only(review(letter), "testimonials") if c.quote.startswith('"')]
    assert all("author" not in c.fields for c in praise)


def test_an_empty_document_gives_nothing():
    assert list(RulesExtractor().extract(document("# Notes\n", "meeting_notes", ADA))) == []
