"""The record as pages, and what ingestion adds to it."""

from __future__ import annotations

from typing import Any

import pytest

from askcv_agents.staging import ingestion, personal, worker
from askcv_agents.staging.app import Backend
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
    maya.backend.desk.review(maya.tenant_id, maya.propose(skill("Go")), "approved")
    assert maya.backend.worker.counts() == {"ready": 2}
    assert maya.backend.worker.run_due() == 2
    assert maya.backend.worker.run_due() == 0
    assert maya.backend.worker.counts() == {}


def test_a_job_that_fails_is_tried_again_later_and_in_the_end_shown_as_failed(
    maya: Maya, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a private word")

    monkeypatch.setitem(ingestion.KINDS, "sketch", fail)
    maya.propose(skill("Go"))
    assert maya.backend.worker.run_due() == 1
    assert maya.backend.worker.run_due() == 0
    for _ in range(worker.ATTEMPTS - 1):
        clock.now += 3600
        assert maya.backend.worker.run_due() == 1
    assert maya.backend.worker.counts() == {"failed": 1}
    assert "1 failed" in maya.http.get("/settings").text
    monkeypatch.undo()
    maya.post("/settings/jobs/retry")
    assert maya.backend.worker.run_due() == 1
    assert maya.backend.worker.counts() == {}


def test_the_job_of_a_worker_that_died_is_taken_over_and_its_late_work_does_not_count(maya: Maya, clock: Clock) -> None:
    ids = maya.propose(skill("Go"))
    maya.backend.desk.review(maya.tenant_id, ids, "approved")
    dead = worker.Worker(maya.backend.store, maya.backend.worker._ms)
    taken = dead._take()
    assert maya.backend.worker.run_due() == 1  # the other job; the taken one is leased
    clock.now += worker.LEASE_MS / 1000 + 1
    assert maya.backend.worker.run_due() == 1
    with maya.backend.store.write() as connection:
        assert not worker.jobs.finish(connection, taken["seq"], dead._name, state="done")


def test_ingesting_twice_gives_the_same(maya: Maya) -> None:
    ids = maya.propose(skill("Go"), entry("Gateway", "Rewrote the gateway in Go."))
    done = maya.backend.desk.review(maya.tenant_id, ids, "approved")
    steps = [ingestion.ingested(maya.backend.store, maya.tenant_id, done.id, 0) for _ in range(2)]
    steps += [ingestion.sketched(maya.backend.store, maya.tenant_id, batch_of(maya, ids[0]), 0) for _ in range(2)]
    for step in steps:
        with maya.backend.store.write() as connection:
            step(connection)
    assert maya.http.get(f"/record/{ids[0]}").text.count(f'href="/record/{ids[1]}"') == 1


def batch_of(maya: Maya, item_id: str) -> str:
    return maya.backend.desk.item(maya.tenant_id, item_id)["batch_id"]


def test_a_large_verdict_is_ingested_some_at_a_time(maya: Maya, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "AT_ONCE", 7)
    ids = approved(maya, *(entry(f"e{n}", "Ask jo@example.org.") for n in range(20)))
    found = [maya.backend.knowledge.entry(maya.tenant_id, item_id).record["findings"] for item_id in ids]
    assert all(len(each) == 1 for each in found)
    assert maya.backend.worker.counts() == {}


def test_what_was_taken_back_before_its_job_ran_is_left_alone(maya: Maya) -> None:
    ids = maya.propose(skill("Go"), entry("Gateway", "Rewrote the gateway in Go."))
    done = maya.backend.desk.review(maya.tenant_id, ids, "approved")
    step = ingestion.ingested(maya.backend.store, maya.tenant_id, done.id, 0)
    maya.backend.desk.undo(maya.tenant_id, done.id)
    with maya.backend.store.write() as connection:
        step(connection)
    assert maya.live() == []
