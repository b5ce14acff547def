"""A service that misbehaves: nothing is lost in silence, nothing is asked for twice, and the bill is the server's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from askcv_agents.errors import ExtractorError
from askcv_pipelines.extracted import Gap, Usage
from askcv_pipelines.values import Candidate
from tests.llm.conftest import Make, ran, write_documents
from tests.llm.documents import SOURCES
from tests.llm.model_server import FORMS, Asked, ModelServer, at_random, reader

DOCUMENTS = int(os.environ.get("ASKCV_MODEL_DOCUMENTS", "15"))


def once(fault: str) -> object:
    return lambda asked, before: fault if before == 0 else None


def always(fault: str) -> object:
    return lambda asked, before: fault


def extracted(extractor: object) -> tuple[list[Candidate], list[Gap], Usage]:
    found = list(extractor.extract(SOURCES["self"].read()))  # type: ignore[attr-defined]
    (usage,) = [each for each in found if isinstance(each, Usage)]
    return (
        [each for each in found if isinstance(each, Candidate)],
        [each for each in found if isinstance(each, Gap)],
        usage,
    )


@pytest.mark.parametrize("fault", ["503", "timeout", "429", "malformed", "wrong_schema", "empty"])
def test_a_fault_that_passes_costs_a_request_and_nothing_else(make: Make, server: ModelServer, fault: str) -> None:
    wanted, _, _ = extracted(make())
    server.tokens.clear()
    server._before.clear()
    server.faults = once(fault)  # type: ignore[assignment]
    items, gaps, usage = extracted(make(state_dir=make().service.settings.state_dir / "again"))
    assert [(item.quote, item.fields["title"]) for item in items] == [(w.quote, w.fields["title"]) for w in wanted]
    assert not gaps
    assert (usage.tokens_in, usage.tokens_out) == (server.tokens["in"], server.tokens["out"])


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("503", "it answered 503 (4 attempts)"),
        ("timeout", "no answer within 0.4 seconds (4 attempts)"),
        ("429", "it answered 429 (4 attempts)"),
        ("malformed", "the answer cannot be used: it was no JSON"),
        ("wrong_schema", "the answer cannot be used: it was JSON of another form"),
        ("empty", "the answer cannot be used: it was empty"),
    ],
)
def test_a_fault_that_stays_makes_the_document_partial_and_names_the_place(
    make: Make, server: ModelServer, fault: str, said: str
) -> None:
    server.faults = always(fault)  # type: ignore[assignment]
    items, (gap,), _ = extracted(make())
    assert not items
    assert gap.reason == said
    assert gap.where == "lines 5 to 30"


def test_a_chunk_that_is_too_long_is_asked_for_in_halves_down_to_a_sentence(make: Make, server: ModelServer) -> None:
    server.faults = lambda asked, before: "length" if len(asked.lines) > 3 else None
    items, gaps, _ = extracted(make())
    assert len(items) == 5
    assert not gaps
    before = server.requests["all"]
    extracted(make())
    assert server.requests["all"] == before


def test_a_delay_that_the_server_asks_for_is_kept_and_one_that_is_too_long_is_told(
    make: Make, server: ModelServer
) -> None:
    waited: list[float] = []
    server.faults, server.retry_after_ms = once("429"), 30_000  # type: ignore[assignment]
    extractor = make()
    endpoint = extractor.service.endpoint
    now = [0.0]

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    endpoint._sleep, endpoint._clock = sleep, lambda: now[0]
    _, gaps, _ = extracted(extractor)
    assert not gaps
    assert 30 <= sum(waited) < 32
    server.retry_after_ms = 3_600_000
    server._before.clear()
    _, (gap,), _ = extracted(make(state_dir=extractor.service.settings.state_dir / "other"))
    assert gap.reason == "the service asks to wait 3600 seconds"


@pytest.mark.parametrize("form", FORMS)
def test_an_endpoint_that_takes_one_form_of_answer_alone_works_and_is_remembered(
    make: Make, server: ModelServer, form: str
) -> None:
    server.supports = (form,)
    items, gaps, _ = extracted(make())
    assert len(items) == 5
    assert not gaps
    refused = server.requests["refused form"]
    assert refused == FORMS.index(form)
    again = make()
    again.service.store._db.execute("DELETE FROM answer")
    assert len(extracted(again)[0]) == 5
    assert server.requests["refused form"] == refused


def test_prose_around_the_json_is_read_over(make: Make, server: ModelServer) -> None:
    server.supports = ("text",)
    server.script = lambda asked: f"<think>Let me see</think>Here you are:\n```json\n{reader(asked)}\n```\nGood luck!"
    assert len(extracted(make())[0]) == 5


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_no_request_can_get_past_stops_the_run(make: Make, server: ModelServer, status: int) -> None:
    server.answer = lambda raw: (status, {}, b'{"error": {"message": "no"}}')  # type: ignore[method-assign]
    with pytest.raises(ExtractorError, match=str(status)):
        extracted(make())


def test_a_redirect_is_not_followed(make: Make, server: ModelServer) -> None:
    with ModelServer() as other:
        server.answer = lambda raw: (307, {"location": other.base_url + "/chat/completions"}, b"{}")  # type: ignore[method-assign]
        with pytest.raises(ExtractorError, match="307"):
            extracted(make())
        assert other.requests["all"] == 0


def test_an_address_where_nothing_answers_stops_the_run(make: Make) -> None:
    with pytest.raises(ExtractorError, match="cannot be reached"):
        extracted(make(base_url="http://127.0.0.1:9/v1"))


def test_a_refusal_is_a_gap(make: Make, server: ModelServer) -> None:
    raw = b'{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",'
    raw += b'"message":{"role":"assistant","content":null,"refusal":"I would rather not"}}],"usage":{"prompt_tokens":5,'
    raw += b'"completion_tokens":2,"total_tokens":7}}'
    server.answer = lambda body: (200, {}, raw)  # type: ignore[method-assign]
    _, (gap,), usage = extracted(make())
    assert gap.reason == "the model refused to answer"
    assert usage.tokens == 7


def test_a_service_that_counts_no_tokens_is_estimated_and_said_to_be(make: Make, server: ModelServer) -> None:
    server.counts_tokens = False
    _, _, usage = extracted(make())
    assert usage.guessed
    assert usage.tokens_in > 500


def test_a_budget_stops_what_does_not_fit_and_says_so(make: Make, tmp_path: Path, server: ModelServer) -> None:
    write_documents(tmp_path / "documents", 6)
    run = ran(make(budget_tokens=20_000), tmp_path / "documents")
    assert {gap.reason for gap in run.gaps} == {"the budget of this run is used up"}
    assert 0 < run.usage.tokens <= 20_000
    assert run.usage.tokens == server.tokens.total()


def test_a_budget_in_money_is_kept_and_the_cost_told(make: Make, tmp_path: Path, server: ModelServer) -> None:
    write_documents(tmp_path / "documents", 6)
    run = ran(make(price_in=2.0, price_out=8.0, budget_money=0.1), tmp_path / "documents")
    billed = (server.tokens["in"] * 2 + server.tokens["out"] * 8) / 1_000_000
    assert run.usage.money == pytest.approx(billed)
    assert 0 < billed <= 0.1
    assert run.partial


def test_with_faults_at_a_third_of_requests_a_second_run_finishes_only_what_is_missing(
    make: Make, tmp_path: Path, server: ModelServer
) -> None:
    folder = tmp_path / "documents"
    write_documents(folder, DOCUMENTS, 30)
    server.faults, server.keep, server.stall = at_random(0.3, seed=4), False, 0.6
    first = ran(make(attempts=1), folder)
    assert len(first.results) == DOCUMENTS
    assert first.partial
    assert all(gap.where.startswith("line") and gap.reason for gap in first.gaps)
    assert first.usage.tokens == server.tokens.total()
    assert all(result.gaps or len(result.items) == 30 for result in first.results)
    asked, billed = server.requests["all"], server.tokens.total()
    server.faults = lambda asked, before: None
    second = ran(make(attempts=2), folder)
    assert not second.partial
    assert [len(result.items) for result in second.results] == [30] * DOCUMENTS
    assert server.requests["all"] - asked == len(first.gaps)
    assert second.usage.tokens == server.tokens.total() - billed
    third = ran(make(), folder).usage
    assert third.requests == third.tokens == 0


def test_requests_in_flight_stay_within_their_bound(make: Make, tmp_path: Path, server: ModelServer) -> None:
    write_documents(tmp_path / "documents", 12, 20)
    server.delay = 0.02
    ran(make(in_flight=3), tmp_path / "documents")
    assert server.most_at_once == 3


def test_an_unfit_item_is_put_right_in_one_request_that_holds_it_alone(make: Make, server: ModelServer) -> None:
    asked: list[Asked] = []

    def mending(request: Asked) -> str:
        asked.append(request)
        if not request.repair:
            return reader(request).replace("14 teams now use", "40 teams now use")
        lines = {n: text for n, text in request.lines.items() if "14 teams" in text}
        return reader(Asked(f"[{next(iter(lines))}] {next(iter(lines.values()))}", False, "text", {}))

    server.script = mending
    items, _, usage = extracted(make())
    assert len(items) == 5
    assert usage.requests == 2
    repair = asked[-1]
    assert repair.repair
    assert "40 teams now use" in repair.part
    assert "pump" not in repair.part
    assert "quote changed" in repair.part
    assert "booking search" not in repair.part
