"""Rules and model together."""

from __future__ import annotations

import json

from askcv_pipelines import Subject
from askcv_pipelines.extractors.llm.hybrid import HybridExtractor
from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Candidate, Document
from askcv_pipelines.verify import verify_all
from tests.llm.adversarial import A, K, Proposed, data, p
from tests.llm.conftest import Make
from tests.llm.documents import SOURCES
from tests.llm.model_server import Asked, ModelServer

CALLS = "I never missed a customer call."
HANDBOOK = "I wrote the on-call handbook that 14 teams now use."


def hybrid(make: Make, server: ModelServer, *items: Proposed) -> list[Candidate]:
    def script(asked: Asked) -> str:
        return json.dumps({"items": [] if asked.repair else [data(item, asked.lines) for item in items]})

    server.script = script
    return [c for c in make(kind=HybridExtractor).extract(document()) if isinstance(c, Candidate)]


def document() -> Document:
    return SOURCES["self"].read()


def at(found: list[Candidate], quote: str, domain: str = K) -> Candidate:
    (one,) = [c for c in found if c.quote == quote and c.domain == domain]
    return one


def test_what_the_model_leaves_out_the_rules_still_find(make: Make, server: ModelServer) -> None:
    found = hybrid(make, server)
    assert [(c.domain, c.quote) for c in found] == [(c.domain, c.quote) for c in RulesExtractor().extract(document())]


def test_what_both_find_is_one_item_in_the_models_words(make: Make, server: ModelServer) -> None:
    found = hybrid(make, server, p(K, HANDBOOK, "Wrote the on-call handbook of 14 teams"))
    one = at(found, HANDBOOK)
    assert one.fields["title"] == "Wrote the on-call handbook of 14 teams"
    assert one.fields["metric"] == "14 teams"
    assert one.confidence == 0.95


def test_what_the_model_adds_stands_among_the_others_in_reading_order(make: Make, server: ModelServer) -> None:
    line = "I hold a Master of Science in statistics from the University of Aldermoor, finished in 2015."
    added = p("skills", line, "statistics")
    found = hybrid(make, server, added)
    assert at(found, line, "skills").fields["name"] == "statistics"
    text = document().text
    starts = [text.find(c.quote) for c in found]
    assert starts == sorted(starts)


def test_the_model_does_not_make_a_second_kind_of_what_the_rules_are_sure_of(make: Make, server: ModelServer) -> None:
    line = "I want to learn Rust."
    rules = {c.domain for c in RulesExtractor().extract(document()) if c.quote == line}
    found = hybrid(make, server, p(A, line, "Learn Rust"))
    assert {c.domain for c in found if c.quote == line} == rules == {A}


def test_every_item_of_both_is_verified_all_the_same(make: Make, server: ModelServer) -> None:
    found = hybrid(make, server, p(K, HANDBOOK, "Wrote the on-call handbook of 14 teams"), p(K, CALLS, "Missed calls"))
    items, rejections = verify_all(found, document())
    assert len(items) == len(found)
    assert not rejections
    text = "# Notes\n\nNothing of note happened.\n"
    nothing = read_bytes(text.encode(), "n.md", Subject(None), kind="performance_review")
    assert [c for c in make(kind=HybridExtractor).extract(nothing) if isinstance(c, Candidate)] == []
