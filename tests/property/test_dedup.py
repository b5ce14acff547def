"""Duplicate decisions, whatever the texts: neither order nor what else is known counts; changed facts never merge."""

from __future__ import annotations

import os
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askcv_agents.domains import DOMAINS
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.judged import Judged
from askcv_pipelines.dedup.known import KnownItems, judged_pair
from askcv_pipelines.values import Known
from benchmarks.labelled import parsed

EXAMPLES = int(os.environ.get("ASKCV_EXAMPLES", "60"))
some = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LABELLED = Path(__file__).parents[2] / "benchmarks" / "labelled"

SCRIPTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60)
WORDS = st.sampled_from(
    "cut raised latency crates by 30 % 40 two of the hall not Ana Bea weekly v2.1 #8 $2M C++ 減らした שלום".split()
)
TEXT = st.one_of(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), SCRIPTS)
DATES = st.sampled_from(["2021", "2021-05", "2022-05-14", "", "soon"])


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """A payload of any domain: texts of any script, dates or what stands for them, empty fields."""
    domain = draw(st.sampled_from(sorted(DOMAINS)))
    payload: dict[str, Any] = {}
    for name, field in DOMAINS[domain].model.model_fields.items():
        if field.is_required() or draw(st.booleans()):
            alias = field.alias or name
            payload[alias] = draw(DATES if alias.endswith(("On", "Date")) else TEXT)
    return Fact(domain, payload)


def what(result: Judged) -> tuple[str, str | None, float]:
    near = result.near
    return result.verdict, near and (near.id if near.state != "this run" else repr(near.payload)), result.score


def known(items: list[Fact]) -> list[Known]:
    return [Known(f"k{n}", fact.domain, fact.payload, "approved") for n, fact in enumerate(items)]


@some
@given(facts())
def test_an_item_is_a_duplicate_of_itself(fact: Fact) -> None:
    (result,) = KnownItems(known([fact])).judge_all([fact])
    assert result.verdict == "duplicate"
    assert result.near


@some
@given(st.lists(facts(), max_size=7), st.lists(facts(), max_size=5), st.randoms())
def test_the_order_of_new_and_known_items_changes_no_decision(
    new: list[Fact], old: list[Fact], dice: random.Random
) -> None:
    new = list({repr((f.domain, f.payload)): f for f in new}.values())
    held = known(old)
    before = {id(f): what(r) for f, r in zip(new, KnownItems(held).judge_all(new), strict=True)}
    dice.shuffle(new)
    after = {id(f): what(r) for f, r in zip(new, KnownItems(held).judge_all(new), strict=True)}
    assert after == before
    dice.shuffle(held)
    shuffled = {id(f): what(r) for f, r in zip(new, KnownItems(held).judge_all(new), strict=True)}
    assert {k: v[0] for k, v in shuffled.items()} == {k: v[0] for k, v in before.items()}


@some
@given(st.lists(facts(), min_size=1, max_size=5), st.lists(facts(), max_size=5))
def test_an_unrelated_item_changes_no_decision(new: list[Fact], old: list[Fact]) -> None:
    alone = KnownItems(known(old)).judge_all(new)
    stranger = Known("z", "knowledge_entries", {"title": "zzqx", "content": "Wwvk jjhq ppfz."}, "approved")
    beside = KnownItems([*known(old), stranger]).judge_all(new)
    assert [what(r) for r in beside] == [what(r) for r in alone]


@some
@given(st.lists(facts(), min_size=1, max_size=8), st.integers(1, 7))
def test_what_is_known_may_come_page_by_page(items: list[Fact], size: int) -> None:
    at_once = KnownItems(known(items))
    paged = KnownItems()
    held = known(items)
    for start in range(0, len(held), size):
        paged.add(held[start : start + size])
    assert [what(r) for r in paged.judge_all(items)] == [what(r) for r in at_once.judge_all(items)]


# -- changed facts -----------------------------------------------------------------------------------------------------


@cache
def told() -> tuple[str, ...]:
    """What the project's own labelled documents tell of their people."""
    found = []
    for path in sorted(LABELLED.glob("*.txt")):
        items = parsed(path.read_text("utf-8"))[1]["items"]
        found += [i["quote"] for i in items if i["domain"] in ("knowledge_entries", "coaching_action_items")]
    return tuple(dict.fromkeys(" ".join(quote.split()) for quote in found))


def other_figure(text: str) -> str:
    return re.sub(r"(?<![\w.,:/-])(\d{1,3})(?![\w.,:/-])", lambda m: str(int(m[1]) + 7), text, count=1)


def other_unit(text: str) -> str:
    swap = {"hours": "weeks", "minutes": "days", "days": "months", "€": "$", "$": "€", "%": "points"}
    return re.sub(r"(?<=\d )(?:hours|minutes|days|%)(?!\w)|[€$](?=\d)", lambda m: swap[m[0]], text, count=1)


def other_period(text: str) -> str:
    swap = {"week": "month", "month": "year", "day": "week", "weekly": "monthly", "monthly": "weekly"}
    period = r"\b(?:(?<=per )(?:week|month|day)|(?<=a )(?:week|month|day)|weekly|monthly)\b"
    return re.sub(period, lambda m: swap[m[0]], text, count=1)


def denied(text: str) -> str:
    return re.sub(r"\b(was|were|is|are|can|should|will|must)\b (?!not\b)", r"\1 not ", text, count=1)


def other_name(text: str) -> str:
    """The first capitalised word inside a sentence that is no month."""
    return re.sub(r"(?<=[a-z,] )(?!May\b)[A-Z][a-z]{2,}\b", "Quentin", text, count=1)


def other_version(text: str) -> str:
    return re.sub(r"\bv?\d+\.(\d+)\b", lambda m: f"{m[0]}1", text, count=1)


CHANGES = (other_figure, other_unit, other_period, denied, other_name, other_version)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_fact_is_never_merged_with_the_one_it_was(change: Any) -> None:
    pairs = [(text, changed) for text in told() if (changed := change(text)) != text]
    assert len(pairs) >= 5
    merged = []
    for text, changed in pairs:
        one, other = (Fact("knowledge_entries", {"title": t[:80], "content": t}) for t in (changed, text))
        if judged_pair(one, other).verdict == "duplicate":
            merged.append((text, changed))
    assert merged == []
