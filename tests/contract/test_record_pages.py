"""The record as pages, and what ingestion adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from askcv_agents.staging import ingestion, personal, steps, worker
from askcv_agents.staging.app import Backend, StagingConfig
from tests.conftest import Clock
from tests.contract.desks import Maya, skill


@pytest.fixture
def maya(backend: Backend) -> Maya:
    return Maya.at(backend)


def approved(maya: Maya, *items: dict[str, Any]) -> list[str]:
    ids = maya.propose(*items)
    maya.backend.desk.review(maya.tenant_id, ids, "approved")
    maya.backend.worker.run_due()
    return ids


def entry(title: str, content: str, **more: Any) -> dict[str, Any]:
    return {"domain": "knowledge_entries", "payload": {"title": title, "content": content, **more}}


def test_the_record_is_searched_by_words_in_any_case_and_order(maya: Maya) -> None:
    approved(maya, entry("Größere Suche", "Moved ranking into PostgreSQL."), skill("100% Rust"), skill("Go"))
    for query in ("postgresql ranking", "GRÖSSERE", "suche"):
        text = maya.http.get("/record", params={"q": query}).text
        assert (text.count('<li class="card"'), "Größere Suche" in text) == (1, True), query
    assert "100% Rust" in maya.http.get("/record", params={"q": "100%"}).text
    assert "Nothing found" in maya.http.get("/record", params={"q": "100_"}).text
    assert maya.http.get("/record?domain=skills").text.count('<li class="card"') == 2


def test_the_record_has_pages_newest_first(maya: Maya) -> None:
    approved(maya, *(skill(f"s{n:02}") for n in range(60)))
    first = maya.http.get("/record").text
    assert first.index("s59") < first.index("s10")
    before = first.rpartition("before=")[2].partition('"')[0]
    assert maya.http.get(f"/record?before={before}").text.count('<li class="card"') == 10


def test_an_entry_shows_its_evidence_batch_and_history(maya: Maya) -> None:
    (item_id,) = approved(maya, skill("Go", document="review.md", locator="line 4"))
    text = maya.http.get(f"/record/{item_id}").text
    for word in ("review.md", "line 4", "Staged by an agent", "Approved", "None was found", "batch=bat_"):
        assert word in text


def test_a_skill_and_the_entries_that_name_it_are_linked_whichever_came_first(maya: Maya) -> None:
    go, google = approved(maya, skill("Go"), skill("Google Cloud"))
    (item_id,) = approved(maya, entry("Rewrite", "Rewrote the gateway in Go, and dropped C++ for it."))
    (c,) = approved(maya, skill("C"))
    (cpp,) = approved(maya, skill("C++"))
    assert f'href="/record/{item_id}"' in maya.http.get(f"/record/{go}").text
    text = maya.http.get(f"/record/{item_id}").text
    assert [f'href="/record/{i}"' in text for i in (go, google, c, cpp)] == [True, False, False, True]


def test_the_timeline_has_what_has_a_date_by_year(maya: Maya) -> None:
    approved(maya, entry("Old", "x", occurredOn="2019"), entry("New", "x", occurredOn="2026-03"), entry("Undated", "x"))
    text = maya.http.get("/record/timeline").text
    assert text.index("2026") < text.index("New") < text.index("2019") < text.index("Old")
    assert "Undated" not in text


@pytest.mark.parametrize(
    ("domain", "payload", "kinds"),
    [
        ("testimonials", {"quote": "Great.", "author": "Jonas Weber"}, ["a person's name"]),
        ("awards", {"title": "Ask jo@example.org, +49 151 2345 6789"}, ["an e-mail address", "a telephone number"]),
        ("projects", {"name": "x", "description": "Paid to DE89 3704 0044 0532 0130 00."}, ["an account number"]),
        ("projects", {"name": "x", "description": "Not DE89 3704 0044 0532 0130 01; 1234567890123450."}, []),
        ("projects", {"name": "x", "highlights": ["card 4111 1111 1111 1111"]}, ["a card number"]),
        ("awards", {"title": "askcv_agt_abcdefghijklmnop, 10.0.0.12"}, ["a secret", "an address of a machine"]),
        ("skills", {"name": "C++20", "yearsOfExperience": 7}, []),
        ("knowledge_entries", {"title": "x", "content": "Served 1,250,000 requests on 2026-03-04."}, []),
    ],
)
def test_personal_data_is_named_by_field_and_kind(domain: str, payload: dict[str, Any], kinds: list[str]) -> None:
    assert sorted(found["kind"] for found in personal.findings(domain, payload)) == sorted(kinds)


def test_findings_are_shown_and_nothing_is_dropped(maya: Maya) -> None:
    content = "Ask jo@example.org."
    (item_id,) = approved(maya, entry("Contact", content))
    assert "an e-mail address in “content”" in maya.http.get(f"/record/{item_id}").text
    assert maya.live("knowledge_entries") == [{"title": "Contact", "content": content}]


# -- jobs --------------------------------------------------------------------------------------------------------------


def test_a_job_is_written_with_the_verdict_and_runs_once(maya: Maya) -> None:
    ids = maya.propose(skill("Go"))
    assert maya.backend.worker.counts() == {}
    maya.backend.desk.review(maya.tenant_id, ids, "approved")
    assert maya.backend.worker.counts() == {"ready": 1}
    assert maya.backend.worker.run_due() == 2  # what it leads to is looked at as a whole
    assert maya.backend.worker.run_due() == 0
    assert maya.backend.worker.counts() == {}


def test_a_job_that_fails_is_tried_again_later_and_in_the_end_shown_as_failed(
    maya: Maya, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a private word")

    monkeypatch.setitem(worker.KINDS, "ingest", fail)
    maya.backend.desk.review(maya.tenant_id, maya.propose(skill("Go")), "approved")
    assert maya.backend.worker.run_due() == 1
    assert maya.backend.worker.run_due() == 0
    for _ in range(worker.ATTEMPTS - 1):
        clock.now += 3600
        assert maya.backend.worker.run_due() == 1
    assert maya.backend.worker.counts() == {"failed": 1}
    assert "1 failed" in maya.http.get("/settings").text
    monkeypatch.undo()
    maya.post("/settings/jobs/retry")
    assert maya.backend.worker.run_due() == 2
    assert maya.backend.worker.counts() == {}


def test_the_job_of_a_worker_that_died_is_taken_over_and_its_late_work_does_not_count(maya: Maya, clock: Clock) -> None:
    ids = maya.propose(skill("Go"))
    maya.backend.desk.review(maya.tenant_id, ids, "approved")
    dead = worker.Worker(maya.backend.worker.shop, maya.backend.worker._ms)
    taken = dead._take()
    assert maya.backend.worker.run_due() == 0  # the taken one is leased
    clock.now += worker.LEASE_MS / 1000 + 1
    assert maya.backend.worker.run_due() == 2
    with maya.backend.store.write() as connection:
        assert not worker.jobs.finish(connection, taken["seq"], dead._name, state="done")


def test_ingesting_twice_gives_the_same(maya: Maya) -> None:
    ids = maya.propose(skill("Go"), entry("Gateway", "Rewrote the gateway in Go."))
    done = maya.backend.desk.review(maya.tenant_id, ids, "approved")
    write_all(maya, [ingestion.ingested(maya.backend.worker.shop, maya.tenant_id, done.id, 0) for _ in range(2)])
    assert maya.http.get(f"/record/{ids[0]}").text.count(f'href="/record/{ids[1]}"') == 1


def write_all(maya: Maya, found: list[steps.Step]) -> None:
    for step in found:
        with maya.backend.store.write() as connection:
            step(connection)


def test_a_large_verdict_is_ingested_some_at_a_time(maya: Maya, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "AT_ONCE", 7)
    ids = approved(maya, *(entry(f"e{n}", "Ask jo@example.org.") for n in range(20)))
    found = [maya.backend.knowledge.entry(maya.tenant_id, item_id).record["findings"] for item_id in ids]
    assert all(len(each) == 1 for each in found)
    assert maya.backend.worker.counts() == {}


def test_what_was_taken_back_before_its_job_ran_is_left_alone(maya: Maya) -> None:
    ids = maya.propose(skill("Go"), entry("Gateway", "Rewrote the gateway in Go."))
    done = maya.backend.desk.review(maya.tenant_id, ids, "approved")
    step = ingestion.ingested(maya.backend.worker.shop, maya.tenant_id, done.id, 0)
    maya.backend.desk.undo(maya.tenant_id, done.id)
    write_all(maya, [step])
    assert maya.live() == []


# -- related -----------------------------------------------------------------------------------------------------------


class Meaning:
    """An encoder that knows two meanings: of speed and of all else."""

    name = "meaning"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([[1, 0] if {"fast", "quick", "speed"} & set(text.split()) else [0, 1] for text in texts], float)


def test_entries_that_have_some_of_the_words_are_shown_as_related_below_those_that_have_all(maya: Maya) -> None:
    both, some, _ = approved(
        maya,
        entry("Ranking", "Moved ranking into PostgreSQL."),
        entry("Ranking rewritten", "Wrote ranking anew."),
        entry("Handbook", "Wrote it."),
    )
    text = maya.http.get("/record", params={"q": "postgresql ranking moved"}).text
    assert text.index(f"/record/{both}") < text.index("Related") < text.index(f"/record/{some}")
    assert "Handbook" not in text
    assert "Related" not in maya.http.get("/record").text


def test_a_configured_encoder_finds_what_shares_no_word(database_url: str, clock: Clock) -> None:
    backend = Backend.open(StagingConfig(database_url, now=clock, hosts=("testserver",), encoder=Meaning()))
    maya = Maya.at(backend)
    approved(maya, entry("Search", "made it quick"), entry("Handbook", "wrote one"))
    found = backend.knowledge.related(maya.tenant_id, "speed", None)
    assert [row["payload"]["title"] for row in found] == ["Search"]
    maya.propose(entry("Queries", "now fast"))
    assert "still being compared" in maya.http.get("/inbox").text
    backend.worker.run_due()
    text = maya.http.get("/inbox").text
    assert "may say the same in other words" in text
    assert "Near “<a" in text
    assert text.count("Possible duplicate") == 1
    backend.store.close()


def test_embeddings_of_another_encoder_are_made_anew_when_somebody_searches(
    maya: Maya, database_url: str, clock: Clock
) -> None:
    approved(maya, entry("Search", "made it quick"))
    backend = Backend.open(StagingConfig(database_url, now=clock, encoder=Meaning()))
    assert backend.knowledge.related(maya.tenant_id, "speed", None) == []
    backend.worker.run_due()
    assert len(backend.knowledge.related(maya.tenant_id, "speed", None)) == 1
    backend.store.close()


# -- gaps --------------------------------------------------------------------------------------------------------------


def job(organization: str, since: str, until: str | None = None, **more: Any) -> dict[str, Any]:
    ends = {"endDate": until} if until else {}
    payload = {"organization": organization, "title": "Engineer", "startDate": since, **ends, **more}
    return {"domain": "work_experience", "payload": payload}


def test_times_without_an_entry_are_gaps_from_half_a_year_on(maya: Maya) -> None:
    approved(maya, job("Nordwind", "2015", "2017-03"), entry("Prize", "x", occurredOn="2017-09"), job("Sued", "2019"))
    assert spans(maya) == [("2017-10", "2018-12")]
    approved(maya, entry("In between", "x", occurredOn="2018"))
    assert spans(maya) == []


def test_a_position_that_goes_on_lasts_until_today(maya: Maya) -> None:
    today = datetime.fromtimestamp(maya.backend.worker._ms() / 1000, UTC).year
    approved(maya, job("Nordwind", "2001", current=True), entry("Prize", "x", occurredOn=str(today)))
    assert spans(maya) == []
    approved(maya, job("Ost", "1990-01", "1991-12", current=True))
    assert spans(maya) == [("1992-01", "2000-12")]


def spans(maya: Maya) -> list[tuple[str, str]]:
    return [(row["since"], row["until"]) for row in maya.backend.knowledge.gaps(maya.tenant_id)["period"]]


def test_positions_and_skills_that_no_entry_speaks_of_are_gaps_until_one_does(maya: Maya) -> None:
    approved(maya, job("Nordwind", "2015", "2016"), job("Sued", "2017", "2018"), skill("Go"), skill("Rust"))
    approved(maya, entry("Gateway", "Wrote it in Go.", organization="NORDWIND"))
    text = maya.http.get("/record/gaps").text
    assert [word in text for word in ("Nordwind", "Sued", ">Go<", ">Rust<")] == [False, True, False, True]
    (loose,) = approved(maya, entry("Index", "In Rust.", occurredOn="2018-05"))
    assert "None found" in maya.http.get("/record/gaps").text
    maya.backend.desk.take_back(maya.tenant_id, loose)
    maya.backend.worker.run_due()
    assert "Sued" in maya.http.get("/record/gaps").text


def test_an_entry_of_another_organization_speaks_of_no_position_in_its_time(maya: Maya) -> None:
    approved(maya, job("Nordwind", "2015", "2016"), entry("Prize", "x", occurredOn="2015-05", organization="Sued"))
    assert "Nordwind" in maya.http.get("/record/gaps").text
