"""The ten domains: names on the wire, bounds, partial dates, identity."""

from __future__ import annotations

import pytest

from askcv_agents.domains import DOMAINS, Payload, parse_payload

CONTRACT = {
    "knowledge_entries": "title content category metric occurredOn organization project tags",
    "work_experience": "organization title employmentType location startDate endDate current summary highlights",
    "projects": "name description role organization url startDate endDate technologies highlights",
    "skills": "name category level yearsOfExperience lastUsed",
    "education": "institution degree fieldOfStudy startDate endDate grade description",
    "certifications": "name issuer issuedOn expiresOn credentialId url",
    "awards": "title issuer awardedOn description",
    "publications": "title kind venue publishedOn url description",
    "testimonials": "quote author authorRole relationship givenOn context",
    "coaching_action_items": "title description category owner dueOn status priority requestedBy url",
}
REQUIRED = {
    "knowledge_entries": {"title", "content"},
    "work_experience": {"organization", "title"},
    "projects": {"name"},
    "skills": {"name"},
    "education": {"institution"},
    "certifications": {"name"},
    "awards": {"title"},
    "publications": {"title"},
    "testimonials": {"quote"},
    "coaching_action_items": {"title"},
}


def test_the_domains_and_their_fields_are_those_of_the_contract() -> None:
    held = {
        name: " ".join(field.alias or key for key, field in domain.model.model_fields.items())
        for name, domain in DOMAINS.items()
    }
    assert held == CONTRACT


@pytest.mark.parametrize("name", DOMAINS)
def test_required_fields_are_those_of_the_contract(name: str) -> None:
    fields = DOMAINS[name].model.model_fields
    assert {f.alias or key for key, f in fields.items() if f.is_required()} == REQUIRED[name]


@pytest.mark.parametrize("name", DOMAINS)
def test_label_and_identity_are_fields_of_the_model(name: str) -> None:
    domain = DOMAINS[name]
    assert {domain.label, *domain.identity} <= set(domain.model.model_fields)
    assert domain.guidance.endswith(".")


@pytest.mark.parametrize("date", ["2026", "2026-05", "2026-05-31", " 2024-02-29 "])
def test_dates_may_be_partial(date: str) -> None:
    found = parse_payload("awards", {"title": "x", "awardedOn": date})
    assert isinstance(found, Payload)
    assert found.to_wire()["awardedOn"] == date.strip()


@pytest.mark.parametrize("date", ["26", "2026-5", "2026-13", "2026-02-30", "2026-05-31T00:00", "soon", ""])
def test_what_is_no_date_is_refused_by_its_field(date: str) -> None:
    found = parse_payload("awards", {"title": "x", "awardedOn": date})
    assert isinstance(found, tuple)
    assert found[0].path == "awardedOn"


def test_text_is_trimmed_and_bounded() -> None:
    found = parse_payload("skills", {"name": "  Python "})
    assert isinstance(found, Payload)
    assert found.to_wire() == {"name": "Python"}
    assert isinstance(parse_payload("skills", {"name": "x" * 200}), Payload)
    assert isinstance(parse_payload("skills", {"name": "x" * 201}), tuple)
    assert isinstance(parse_payload("testimonials", {"quote": "x" * 5_000}), Payload)
    assert isinstance(parse_payload("testimonials", {"quote": "x" * 5_001}), tuple)


def test_issues_name_the_field_and_never_repeat_what_was_given() -> None:
    found = parse_payload("skills", {"name": "x", "level": "private words"})
    assert isinstance(found, tuple)
    assert found[0].path == "level"
    assert "private" not in found[0].message


def test_an_unknown_domain_is_an_issue_that_lists_the_known_ones() -> None:
    found = parse_payload("hobbies", {})
    assert isinstance(found, tuple)
    assert "coaching_action_items" in found[0].message
