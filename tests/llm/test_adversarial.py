"""What a careless or misled model answers: nothing invented stands, and the true items beside it do."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from askcv_pipelines.values import Candidate, Item, Rejection
from tests.llm.adversarial import FALSE, TRUE, Case, K, Proposed, cases
from tests.llm.conftest import Make
from tests.llm.documents import SOURCES
from tests.llm.model_server import Asked, ModelServer
from tests.llm.ways import judged


@pytest.mark.parametrize(
    ("kind", "name", "item"), FALSE, ids=[f"{n:02}-{kind.replace(' ', '-')}" for n, (kind, _, _) in enumerate(FALSE)]
)
def test_a_false_item_is_refused_with_a_reason(kind: str, name: str, item: Proposed) -> None:
    result = judged(SOURCES[name].read(), item)
    assert isinstance(result, Rejection)
    assert result.reason


@pytest.mark.parametrize(("name", "item"), [(name, item) for name, items in TRUE.items() for item in items])
def test_a_true_item_is_kept_with_its_sentence(name: str, item: Proposed) -> None:
    document = SOURCES[name].read()
    result = judged(document, item)
    assert isinstance(result, Item), result
    (proof,) = result.evidence
    assert document.text[proof.start : proof.end] == proof.quote


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("changed unit", {"unit_not_in_quote"}),
        ("dropped negation", {"negation_dropped", "quote_not_found", "quote_changed"}),
        ("plan as deed", {"not_done"}),
        ("other person", {"another_persons", "quote_not_found", "quote_changed"}),
        ("invented employer", {"name_not_in_source"}),
        ("echoed example", {"echoed_example"}),
        ("injected order", {"instruction"}),
    ],
)
def test_a_kind_of_lie_has_its_own_reasons(kind: str, reason: set[str]) -> None:
    found = {judged(SOURCES[name].read(), item).reason for each, name, item in FALSE if each == kind}  # type: ignore[union-attr]
    assert found <= reason


def test_there_are_at_least_sixty_answers_of_every_kind() -> None:
    kinds = Counter(case.kind for case in cases())
    assert kinds.total() >= 60
    assert set(kinds) >= {
        "changed figure", "dropped negation", "merged sentences", "other person", "invented employer", "echoed example",
        "quote from a template", "wrong field", "unicode tricks", "truncated JSON", "injected order",
    }  # fmt: skip


def test_whole_answers_over_the_wire_give_the_true_items_and_no_false_one(make: Make, server: ModelServer) -> None:
    for number, case in enumerate(list(cases())[::8]):

        def script(asked: Asked, case: Case = case) -> str:
            return json.dumps({"items": []}) if asked.repair else case.answer(asked.lines)

        server.script = script
        document = SOURCES[case.document].read()
        found = list(make(state_dir=make().service.settings.state_dir / str(number)).extract(document))
        true = {(item.domain, item.title or item.quote) for item in case.true} - {(K, "x" * 60)}
        assert sum(isinstance(each, Candidate) for each in found) == len(true), case
        assert any(isinstance(each, Rejection) for each in found)


def test_an_answer_that_is_cut_off_gives_its_whole_items_and_marks_the_document(
    make: Make, server: ModelServer
) -> None:
    case = next(case for case in cases() if case.kind == "truncated JSON" and case.cut > 10)
    server.script = lambda asked: case.answer(asked.lines)
    from askcv_pipelines.extracted import Gap

    found = list(make().extract(SOURCES[case.document].read()))
    assert sum(isinstance(each, Candidate) for each in found) == 4
    (gap,) = [each for each in found if isinstance(each, Gap)]
    assert gap.reason == "the answer cannot be used: it was cut off"
