"""The answers that the guards were not written for, by both ways; first figures in ``docs/llm.md``."""

from __future__ import annotations

import pytest

from askcv_pipelines.values import Item
from tests.llm.adversarial import FALSE, TRUE, Proposed
from tests.llm.documents import SOURCES as FIRST
from tests.llm.fresh import FRESH, FRESH_FALSE, FRESH_TRUE
from tests.llm.last import LAST, LAST_FALSE, LAST_TRUE
from tests.llm.later import LATER, LATER_FALSE, LATER_TRUE
from tests.llm.sixth import SIXTH, SIXTH_FALSE, SIXTH_TRUE
from tests.llm.third import THIRD, THIRD_FALSE, THIRD_TRUE
from tests.llm.ways import WAYS, stands

SOURCES = FIRST | LATER | THIRD | LAST | FRESH | SIXTH
UNSEEN_FALSE = (*LATER_FALSE, *THIRD_FALSE, *LAST_FALSE, *FRESH_FALSE, *SIXTH_FALSE)
UNSEEN_TRUE = (*LATER_TRUE, *THIRD_TRUE, *LAST_TRUE, *FRESH_TRUE, *SIXTH_TRUE)
KNOWN_GAP = "Idea of drones on this site"
"""Whose a thing is, said by a noun ("an idea of our intern"), is not seen."""
TOO_STRICT = "Introduced a new lunch menu, growing lunch revenue by 22 %"
"""A title in words that its sentence does not have ("put on the card")."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "item"), UNSEEN_FALSE)
def test_a_false_item_of_a_later_set_is_refused(way: str, name: str, item: Proposed) -> None:
    result = WAYS[way](SOURCES[name].read(), item)
    assert stands(item, result) == (item.title == KNOWN_GAP), result


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "item"), UNSEEN_TRUE)
def test_a_true_item_of_a_later_set_is_kept_unless_it_uses_words_of_its_own(
    way: str, name: str, item: Proposed
) -> None:
    result = WAYS[way](SOURCES[name].read(), item)
    assert isinstance(result, Item) == (item.title != TOO_STRICT), result


@pytest.mark.parametrize(("kind", "name", "item"), FALSE)
def test_a_false_answer_is_no_better_as_an_agents_proposal(kind: str, name: str, item: Proposed) -> None:
    assert not stands(item, WAYS["agent"](SOURCES[name].read(), item)), kind


@pytest.mark.parametrize(("name", "item"), [(name, item) for name, items in TRUE.items() for item in items])
def test_a_true_answer_is_taken_from_an_agent_too(name: str, item: Proposed) -> None:
    assert isinstance(WAYS["agent"](SOURCES[name].read(), item), Item)
