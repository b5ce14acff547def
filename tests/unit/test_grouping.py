"""The roll-up as a function: what becomes one item, what is held back, and that neither depends on what is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askcv_agents.domains import DOMAINS, LONG_TEXT, SHORT_TEXT
from askcv_agents.wire import QUOTE_BREAK, SourceKind
from askcv_pipelines import Subject
from askcv_pipelines.dedup.known import KnownItems
from askcv_pipelines.events import Decided
from askcv_pipelines.grouping import MOST, located, members, quoted, rolled_up
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Decision, DocumentInfo, DocumentResult, Duplicate, Evidence, Item, Known, New, Review


def entry(line: int, text: str, section: Sequence[str] = ("H1", "Checkout rewrite"), **given: Any) -> Item:
    confidence, part = given.pop("confidence", 0.8), given.pop("part", None)
    fields = {"title": text[:SHORT_TEXT], "content": text, "category": "accomplishment"} | given
    where = " › ".join([*section, f"line {line}"])
    proof = Evidence("d.md", line * 10_000, line * 10_000 + 9, text, "other", where, tuple(section), part)
    return Item("knowledge_entries", DOMAINS["knowledge_entries"].model(**fields), (proof,), confidence)


def remark(line: int, text: str, category: str = "review_feedback") -> Item:
    payload = DOMAINS["coaching_action_items"].model(title=text, description=text, category=category, status="open")
    proof = Evidence("d.md", line * 10, line * 10 + 9, text, "code_review", f"line {line}")
    return Item("coaching_action_items", payload, (proof,), 0.7)


def decided(
    items: Sequence[Item], *, known: Sequence[Known] = (), kind: SourceKind = "other", title: str | None = None
) -> Decided:
    info = DocumentInfo("d.md", kind, Subject("Ada"), "0" * 64, title)
    return Decided(DocumentResult(info, tuple(items), ()), KnownItems(known).decide_all(items))


def labels(decisions: Sequence[Decision]) -> list[str]:
    return [decision.item.label for decision in decisions]


FOUR = [entry(n, f"Closed ticket {n} of the rewrite.", confidence=0.9 - n / 10) for n in range(4)]


def test_entries_below_one_heading_become_one_item_that_lists_and_proves_them_all() -> None:
    (decision,) = rolled_up(decided(FOUR), 12).decisions
    assert isinstance(decision, New)
    item = decision.item
    assert item.label == "Checkout rewrite: 4 accomplishments"
    assert item.payload.to_wire()["content"] == "\n".join(f"- Closed ticket {n} of the rewrite." for n in range(4))
    assert [proof.quote for proof in item.evidence] == [f"Closed ticket {n} of the rewrite." for n in range(4)]
    assert item.confidence == pytest.approx(0.6)
    assert item.parts == tuple(FOUR)


def test_two_of_a_place_stay_single() -> None:
    made = decided(FOUR[:2])
    assert rolled_up(made, 12).decisions == made.decisions


def test_a_field_stays_only_where_all_members_agree() -> None:
    items = [entry(n, f"Did {n}.", organization="Northwind", metric=f"{n} %", category="decision") for n in range(3)]
    payload = rolled_up(decided(items), 12).decisions[0].item.payload.to_wire()
    assert payload["organization"] == "Northwind"
    assert payload["category"] == "decision"
    assert "metric" not in payload
    mixed = [*items[:2], entry(3, "Learned it.", category="lesson")]
    assert labels(rolled_up(decided(mixed), 12).decisions) == ["Checkout rewrite: 3 entries"]


def test_a_project_gathers_its_entries_from_below_every_heading() -> None:
    items = [entry(n, f"Did {n}.", ("H1", f"Week {n}"), project="Atlas" if n else " atlas") for n in range(3)]
    assert labels(rolled_up(decided(items), 12).decisions) == ["atlas: 3 accomplishments"]


def test_a_rolling_documents_dates_are_kept_apart_below_equal_headings() -> None:
    items = [entry(n, f"Did {n}.", ("Notes",), part="2026-03-01" if n < 3 else "2026-03-08") for n in range(6)]
    assert labels(rolled_up(decided(items), 12).decisions) == [
        "Notes (2026-03-01): 3 accomplishments",
        "Notes (2026-03-08): 3 accomplishments",
    ]


def test_a_heading_that_says_little_alone_is_named_with_the_one_above_it() -> None:
    items = [entry(n, f"Did {n}.", ("First half of 2026", "Accomplishments")) for n in range(3)]
    assert labels(rolled_up(decided(items), 12).decisions) == ["First half of 2026 › Accomplishments: 3 entries"]


def test_without_heading_date_or_project_entries_stand_alone() -> None:
    items = [entry(n, f"Did {n}.", ()) for n in range(5)]
    assert len(rolled_up(decided(items), 12).decisions) == 5


def test_the_remarks_of_one_code_review_become_one_item_named_after_the_change() -> None:
    items = [remark(n, f"Rename thing {n}.") for n in range(5)]
    view = rolled_up(decided(items, kind="code_review", title="Re: Stream the exports"), 12)
    assert labels(view.decisions) == ["5 review remarks on Stream the exports"]
    assert view.decisions[0].item.payload.to_wire()["status"] == "open"


def test_actions_that_are_no_remarks_of_a_code_review_stay_single() -> None:
    assert len(rolled_up(decided([remark(n, f"Do {n}.") for n in range(3)], kind="meeting_notes"), 12).decisions) == 3
    goals = [remark(n, f"Do {n}.", "goal") for n in range(3)]
    assert len(rolled_up(decided(goals, kind="code_review"), 12).decisions) == 3


def test_what_is_known_stays_as_it_is_and_enters_no_group() -> None:
    third = FOUR[2].payload.to_wire()
    made = decided(FOUR, known=[Known("k", "knowledge_entries", third, "declined")])
    view = rolled_up(made, 12)
    assert [type(decision) for decision in view.decisions] == [New, Duplicate]
    assert FOUR[2] not in view.decisions[0].item.parts
    assert len(view.decisions[0].item.parts) == 3


def test_what_is_near_something_known_stays_single_for_its_note() -> None:
    made = decided(FOUR)
    near = Review(FOUR[0], Known("k", "knowledge_entries", {}, "approved"), 0.5, "near it")
    view = rolled_up(replace(made, decisions=(near, *made.decisions[1:])), 12)
    assert view.decisions[0] is near
    assert [len(decision.item.parts) for decision in view.decisions] == [0, 3]


def test_what_is_near_another_member_goes_with_it_and_what_is_near_something_else_does_not() -> None:
    made = decided(FOUR)
    payload = FOUR[0].payload.to_wire()
    beside = Review(FOUR[1], Known("run:0", "knowledge_entries", payload, "this run"), 0.5, "near it")
    beside_that = replace(beside, item=FOUR[2], near=replace(beside.near, payload=FOUR[1].payload.to_wire()))
    elsewhere = replace(beside, near=replace(beside.near, payload=payload | {"content": "Of another document."}))
    new = (New(FOUR[0]), New(FOUR[3]))
    view = rolled_up(replace(made, decisions=(new[0], beside, beside_that, new[1])), 12)
    assert [decision.item.parts for decision in view.decisions] == [tuple(FOUR)]
    view = rolled_up(replace(made, decisions=(new[0], elsewhere, beside_that, new[1])), 12)
    assert view.decisions == (new[0], elsewhere, beside_that, new[1])


def test_more_than_fit_become_several_groups_of_about_equal_size() -> None:
    items = [entry(n, f"Closed ticket {n}.") for n in range(MOST * 2 + 1)]
    view = rolled_up(decided(items), 12)
    assert [len(decision.item.parts) for decision in view.decisions] == [7, 7, 7]
    assert labels(view.decisions)[2] == "Checkout rewrite: 7 accomplishments (3 of 3)"
    long = [entry(n, f"{n} " + "word " * 300) for n in range(8)]
    by_bound = rolled_up(decided(long), 12).decisions
    assert [len(decision.item.parts) for decision in by_bound] == [3, 3, 0, 0]
    for decision in by_bound:
        assert len(decision.item.payload.to_wire()["content"]) <= LONG_TEXT
        assert len(quoted(decision.item.evidence, Redactor())) <= LONG_TEXT


def test_a_title_is_cut_to_its_bound_and_holds_no_address() -> None:
    items = [entry(n, f"Did {n}.", ("Work with ada@example.org " + "and others " * 40,)) for n in range(3)]
    (label,) = labels(rolled_up(decided(items), 12).decisions)
    assert len(label) <= SHORT_TEXT
    assert label.startswith("Work with [e-mail address] and others")
    assert label.endswith(" …: 3 accomplishments")


def test_names_that_are_masked_stand_in_no_title_and_no_quote() -> None:
    items = [entry(n, f"Did {n} with Jonas Eek.", ("Pairing with Jonas Eek",)) for n in range(3)]
    made = decided(items)
    redactor = Redactor().knowing(("Jonas Eek",), ())
    (decision,) = rolled_up(replace(made, result=replace(made.result, redactor=redactor)), 12).decisions
    assert decision.item.label == "Pairing with [name]: 3 accomplishments"
    assert "Jonas" not in quoted(decision.item.evidence, redactor)
    remarks = decided([remark(n, f"Rename thing {n}.") for n in range(3)], kind="code_review")
    filed = replace(remarks.result, redactor=redactor, document=replace(remarks.result.document, id="jonas-eek.json"))
    (label,) = labels(rolled_up(replace(remarks, result=filed), 12).decisions)
    assert label == "3 review remarks on [name].json"


def test_the_order_in_which_items_are_given_changes_no_group() -> None:
    items = [entry(n, f"Closed ticket {n}.", ("H1", f"Part {n % 2}")) for n in range(23)]
    shuffled = items[:]
    random.Random(4).shuffle(shuffled)

    def groups(view: Sequence[Decision]) -> set[tuple[str, tuple[Item, ...]]]:
        return {(decision.item.label, decision.item.parts) for decision in view}

    given, again = rolled_up(decided(items), 3), rolled_up(decided(shuffled), 3)
    assert groups(given.decisions) == groups(again.decisions)
    assert set(labels(given.held)) == set(labels(again.held))


def test_the_cap_keeps_the_most_confident_and_lists_the_rest_member_by_member() -> None:
    alone = [entry(20 + n, f"Alone {n}.", (), confidence=0.7 + n / 10) for n in range(3)]
    view = rolled_up(decided([*FOUR, *alone]), 2)
    assert labels(view.decisions) == ["Alone 1.", "Alone 2."]
    assert [decision.item for decision in view.held] == [*FOUR, alone[0]]


def test_a_group_ranks_as_its_members_on_average() -> None:
    view = rolled_up(decided([*FOUR, entry(20, "Surer than the least sure.", (), confidence=0.7)]), 1)
    assert labels(view.decisions) == ["Checkout rewrite: 4 accomplishments"]
    assert view.decisions[0].item.confidence == pytest.approx(0.6)


def test_nothing_is_lost_whatever_the_cap() -> None:
    items = [entry(n, f"Closed ticket {n}.", ("H1", f"Part {n % 4}")) for n in range(23)]
    for cap in (1, 2, 5, 50):
        view = rolled_up(decided(items), cap)
        out = [part for decision in view.decisions for part in decision.item.parts or (decision.item,)]
        assert sorted(map(id, [*out, *(decision.item for decision in view.held)])) == sorted(map(id, items))
        assert len(view.decisions) <= cap


def test_what_is_known_takes_its_place_of_the_cap_and_something_surer_still_comes_in() -> None:
    items = [entry(n, f"Alone {n}.", (), confidence=0.5 + n / 10) for n in range(4)]
    known = [Known(f"k{n}", "knowledge_entries", items[n].payload.to_wire(), "pending") for n in (0, 2)]
    view = rolled_up(decided(items, known=known), 2)
    assert [d.item.label for d in view.decisions if isinstance(d, New)] == ["Alone 3."]
    assert labels(view.held) == ["Alone 1."]


def test_what_was_found_twice_in_this_run_takes_no_place_of_the_cap() -> None:
    items = [entry(n, text, (), title=f"{n}") for n, text in enumerate(("Did one.", "Did one.", "Did two."))]
    view = rolled_up(decided(items), 2)
    assert [type(decision) for decision in view.decisions] == [New, Duplicate, New]
    assert view.held == ()


VERDICTS = st.sampled_from(["new", "new", "new", "review", "known", "twice"])
ITEMS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.5, 0.6, 0.7, 0.8]), VERDICTS), min_size=1, max_size=30)


@given(ITEMS, st.integers(1, 8), st.randoms(use_true_random=False))
def test_a_second_run_sends_nothing_of_what_the_first_one_held(
    drawn: list[tuple[int, float, str]], cap: int, chance: random.Random
) -> None:
    items = [
        entry(n, f"Closed ticket {n}.", ("H1", f"Part {place}"), confidence=sure)
        for n, (place, sure, _) in enumerate(drawn)
    ]

    def verdict(item: Item, name: str, known: str = "k") -> Decision:
        of = Known(known, item.domain, item.payload.to_wire(), "this run" if name == "twice" else "pending")
        if name == "new":
            return New(item)
        return Review(item, of, 0.5, "near") if name == "review" else Duplicate(item, of, "same")

    made = decided(items)
    first = [verdict(item, name, f"k{n}") for n, (item, (_, _, name)) in enumerate(zip(items, drawn, strict=True))]
    view = rolled_up(replace(made, decisions=tuple(first)), cap)
    sent = {
        part: decision.item.label
        for decision in view.decisions
        if not isinstance(decision, Duplicate)
        for part in decision.item.parts or (decision.item,)
    }
    # What was sent is known by what it went in; what was held may now be near that, or the same.
    again: list[Decision] = []
    for decision in first:
        if decision.item in sent:
            again.append(verdict(decision.item, "known", sent[decision.item]))
        elif isinstance(decision, New | Review):
            again.append(verdict(decision.item, chance.choice(["new", "review", "known"]), "k0"))
        elif decision.of.state == "this run" and sent:
            again.append(verdict(decision.item, "known", chance.choice(sorted(sent.values()))))
        else:
            again.append(decision)
    later = rolled_up(replace(made, decisions=tuple(again)), cap)
    assert [decision for decision in later.decisions if not isinstance(decision, Duplicate)] == []


def test_several_passages_are_one_quote_with_a_place_from_the_first_to_the_last() -> None:
    proofs = [proof for item in FOUR[:3] for proof in item.evidence]
    assert quoted(proofs, Redactor()).split(QUOTE_BREAK) == [proof.quote for proof in proofs]
    assert located(proofs) == "H1 › Checkout rewrite › line 0 to line 2"
    assert located(proofs[:1]) == "H1 › Checkout rewrite › line 0"


def test_a_known_group_is_known_by_what_it_lists_and_any_other_text_as_a_whole() -> None:
    payload = {"title": "Checkout rewrite: 3 entries", "content": "- One.\n- Two.\n- Three.", "category": "decision"}
    listed = members(Known("rec-1", "knowledge_entries", payload, "approved"))
    assert [known.payload["content"] for known in listed] == ["One.", "Two.", "Three."]
    assert {(known.id, known.state, known.payload["category"]) for known in listed} == {
        ("rec-1", "approved", "decision")
    }
    for text in ("- One.\n- Two.", "One.\n- Two.\n- Three.", ""):
        alone = Known("rec-1", "knowledge_entries", payload | {"content": text}, "approved")
        assert members(alone) == [alone]
    skill = Known("rec-2", "skills", {"name": "- A\n- B\n- C"}, "approved")
    assert members(skill) == [skill]
