"""Duplicate decisions by exact keys: the same is known, the same label with other details is for review."""

from __future__ import annotations

import pytest

from askcv_agents.domains import DOMAINS
from askcv_pipelines.dedup import KnownItems
from askcv_pipelines.dedup.keys import fingerprint, normalised
from askcv_pipelines.values import Decision, Duplicate, Evidence, Item, Known, New


def decide_all(items: list[Item], held: list[Known]) -> tuple[Decision, ...]:
    return KnownItems(held).decide_all(items)


def item(domain: str, **payload: object) -> Item:
    made = DOMAINS[domain].model.model_validate(payload)
    return Item(domain, made, (Evidence("d.md", 0, 1, "x", "other"),))


def known(domain: str, state: str = "approved", **payload: object) -> Known:
    return Known("k1", domain, payload, state)


def test_the_same_skill_in_another_case_is_a_duplicate_that_says_of_what() -> None:
    (decision,) = decide_all([item("skills", name="PYTHON ")], [known("skills", name="Python")])
    assert isinstance(decision, Duplicate)
    assert (decision.of.id, decision.why) == ("k1", "already in the record")


@pytest.mark.parametrize("state", ["pending", "unknown", "declined", "queued", "refused"])
def test_whatever_the_journal_holds_is_known(state: str) -> None:
    (decision,) = decide_all([item("skills", name="Python")], [known("skills", state, name="Python")])
    assert isinstance(decision, Duplicate)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C", "C♯"),
        ("🎉", "👍"),
        ("!!!", "???"),
        ("C", "C#"),
        (".NET", "NET"),
        ("Python 2", "Python 3"),
        ("Java", "JavaScript"),
        ("R", "Rust"),
    ],
)
def test_names_that_differ_by_a_sign_or_a_version_are_two(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_sentences_that_differ_in_a_figure_are_two_facts() -> None:
    first, second = (item("knowledge_entries", title=f"By {n} %", content=f"Cut latency by {n} %.") for n in (30, 40))
    assert all(isinstance(decision, New) for decision in decide_all([first, second], []))


def test_a_later_stay_in_the_same_position_is_another_one() -> None:
    new = item("work_experience", organization="Northwind", title="Engineer", start_date="2024")
    old = known("work_experience", organization="Northwind", title="Engineer", startDate="2020")
    (decision,) = decide_all([new], [old])
    assert isinstance(decision, New)
    assert decision.near
    assert (decision.near.id, decision.why) == ("k1", "another: differs in date 2024 / 2020")


def test_a_run_holds_no_doubles_of_its_own() -> None:
    first, second = decide_all([item("skills", name="SQL"), item("skills", name="sql")], [])
    assert isinstance(first, New)
    assert isinstance(second, Duplicate)
    assert second.why == "found twice in this run"


def test_the_same_words_in_another_domain_are_another_item() -> None:
    (decision,) = decide_all([item("projects", name="Python")], [known("skills", name="Python")])
    assert isinstance(decision, New)


def test_known_items_of_an_unknown_domain_do_no_harm() -> None:
    (decision,) = decide_all([item("skills", name="Python")], [known("hobbies", name="Python")])
    assert isinstance(decision, New)


def test_a_fingerprint_is_stable() -> None:
    # Journals hold fingerprints: a change of the keys must come with a migration, not by accident.
    assert fingerprint("skills", {"name": "Python"}) == "4a35802e856f568edf7cc900e60b3f15"
