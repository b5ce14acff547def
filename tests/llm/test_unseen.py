"""The answers that the guards were not written for. What they measured first stands in ``docs/llm.md``."""

from __future__ import annotations

import pytest

from askcv_pipelines.values import Item
from tests.llm.adversarial import Proposed
from tests.llm.last import LAST, LAST_FALSE, LAST_TRUE
from tests.llm.later import LATER, LATER_FALSE, LATER_TRUE
from tests.llm.test_adversarial import judged
from tests.llm.third import THIRD, THIRD_FALSE, THIRD_TRUE

SOURCES = LATER | THIRD | LAST
KNOWN_GAP = "Waited for the new export since 2024"
"""What stands in a clause about others is read as the subject's."""
TOO_STRICT = {
    "Introduced a new lunch menu, growing lunch revenue by 22 %",
    "Lowered daily food waste by changing the ordering of fish",
}


@pytest.mark.parametrize(("name", "item"), [*LATER_FALSE, *THIRD_FALSE, *LAST_FALSE])
def test_a_false_item_of_a_later_set_is_refused(name: str, item: Proposed) -> None:
    accepted = isinstance(judged(SOURCES[name].read(), item), Item)
    assert accepted == (item.title == KNOWN_GAP)


@pytest.mark.parametrize(("name", "item"), [*LATER_TRUE, *THIRD_TRUE, *LAST_TRUE])
def test_a_true_item_of_a_later_set_is_kept_unless_it_uses_words_of_its_own(name: str, item: Proposed) -> None:
    accepted = isinstance(judged(SOURCES[name].read(), item), Item)
    assert accepted == (item.title not in TOO_STRICT)
