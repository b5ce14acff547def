"""The person's desk: filters, verdicts and their undoing, corrections, history."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from askcv_agents.staging import neighbours, tables, verdicts
from askcv_agents.staging.app import Backend
from askcv_agents.staging.repository.items import Filter
from askcv_agents.staging.worker import Worker
from tests.conftest import Clock
from tests.contract.desks import Maya, skill


@pytest.fixture
def maya(backend: Backend) -> Maya:
    return Maya.at(backend)


def numbered(maya: Maya, count: int) -> list[str]:
    ids: list[str] = []
    for start in range(0, count, 100):
        ids += maya.propose(*(skill(f"s{n:04}") for n in range(start, min(count, start + 100))))
    return ids


def link(text: str, label: str) -> str:
    return re.search(rf'<a href="([^"]+)">{label}</a>', text)[1].replace("&amp;", "&")


def test_pages_follow_one_another_and_lead_back_whatever_was_reviewed_between(maya: Maya) -> None:
    ids = numbered(maya, 120)
    first = maya.http.get("/inbox").text
    assert (first.count('<li class="card"'), "← earlier" in first) == (50, False)
    maya.backend.desk.review(maya.tenant_id, ids[:3], "approved")
    second = maya.http.get(link(first, "later →")).text
    assert "s0050" in second
    assert "s0099" in second
    third = maya.http.get(link(second, "later →")).text
    assert (third.count('<li class="card"'), "later →" in third) == (20, False)
    back = maya.http.get(link(third, "← earlier")).text
    assert "s0050" in back
    assert "s0099" in back


def test_when_the_last_page_is_all_reviewed_the_first_is_shown(maya: Maya) -> None:
    ids = numbered(maya, 60)
    last = link(maya.http.get("/inbox").text, "later →")
    maya.backend.desk.review(maya.tenant_id, ids[50:], "rejected")
    assert "s0000" in maya.http.get(last).text


def test_items_are_filtered_by_domain_document_batch_and_state(maya: Maya) -> None:
    maya.propose(skill("a", document="one.md"), {"domain": "awards", "payload": {"title": "Prize"}})
    b, _ = maya.propose(skill("b", document="two.md"), skill("c", document="two.md"))
    assert maya.pending(document="two.md") == ["b", "c"]
    assert maya.pending(domain="skills") == ["a", "b", "c"]
    assert maya.backend.desk.page(maya.tenant_id, Filter()).documents == ["one.md", "two.md"]
    batch = maya.backend.desk.item(maya.tenant_id, b)["batch_id"]
    assert maya.pending(batch=batch) == ["b", "c"]
    text = maya.http.get("/inbox?document=two.md&domain=skills").text
    assert text.count('<li class="card"') == 2
    maya.backend.desk.review(maya.tenant_id, [b], "rejected")
    assert maya.pending(status="rejected", document="two.md") == ["b"]


@pytest.mark.parametrize("query", ["status=x", "domain=x", "after=x", "before=-1", "after=9999999", "done=x"])
def test_an_address_that_makes_no_sense_shows_a_page_all_the_same(maya: Maya, query: str) -> None:
    maya.propose(skill("a"))
    assert maya.http.get(f"/inbox?{query}").status_code == 200


def test_a_verdict_on_all_that_match_leaves_what_arrived_after_the_page_was_made(maya: Maya) -> None:
    numbered(maya, 120)
    maya.propose({"domain": "awards", "payload": {"title": "Prize"}})
    until = re.search(r'name="until" value="(\d+)"', maya.http.get("/inbox?domain=skills").text)[1]
    maya.propose(skill("late"))
    text = maya.post("/inbox/review", everything="approve", until=until, back="domain=skills").text
    assert "120 items approved." in text
    assert maya.pending(domain="skills") == ["late"]
    assert maya.counts() == {"pending": 2, "approved": 120, "rejected": 0}
    assert maya.http.get("/api/agent/export/skills").json()["total"] == 120


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_a_verdict_is_taken_back_whole_and_once(maya: Maya, verdict: str) -> None:
    ids = maya.propose(skill("a"), skill("b"), skill("c"))
    text = maya.post("/inbox/review", item=ids[:2], verdict=verdict).text
    review = re.search(r'name="review_id" value="(rev_\w+)"', text)[1]
    maya.backend.worker.run_due()
    assert maya.counts()["pending"] == 1
    assert "2 items pending again." in maya.post("/inbox/undo", review_id=review).text
    assert maya.counts() == {"pending": 3, "approved": 0, "rejected": 0}
    assert maya.live() == []
    maya.post("/inbox/review", item=ids[:1], verdict=verdict)
    assert maya.backend.desk.undo(maya.tenant_id, review) == 0
    assert maya.counts()["pending"] == 2


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_a_verdict_on_many_is_given_and_taken_back_part_by_part_with_imports_between(
    maya: Maya, monkeypatch: pytest.MonkeyPatch, verdict: str
) -> None:
    monkeypatch.setattr(verdicts, "AT_ONCE", 30)
    numbered(maya, 100)
    until = re.search(r'name="until" value="(\d+)"', maya.http.get("/inbox").text)[1]
    text = maya.post("/inbox/review", everything=verdict, until=until).text
    assert "30 items" in text
    assert "so far; the others follow" in text
    maya.propose(skill("late"))
    assert maya.backend.worker.run_one()
    assert "60 items" in maya.http.get("/inbox").text  # on every page of the inbox, until it is done
    maya.backend.worker.run_due()
    assert "so far" not in maya.http.get("/inbox").text
    assert maya.counts()["pending"] == 1
    review = done_of(maya)
    assert "30 items pending again so far" in maya.post("/inbox/undo", review_id=review).text
    maya.backend.worker.run_due()
    assert maya.counts() == {"pending": 101, "approved": 0, "rejected": 0}
    assert maya.live() == []
    assert "100 items pending again." in maya.http.get(f"/inbox?done={review}").text


def done_of(maya: Maya) -> str:
    with maya.backend.store.read() as connection:
        return connection.execute(select(tables.review.c.id)).scalar_one()


def test_a_verdict_that_is_taken_back_while_it_is_given_ends_there(maya: Maya, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "AT_ONCE", 30)
    numbered(maya, 100)
    done = maya.backend.desk.review_all(maya.tenant_id, Filter(), 2**40, "approved")
    maya.backend.worker.run_one()
    maya.backend.desk.undo(maya.tenant_id, done.id)
    maya.backend.worker.run_due()
    assert maya.counts() == {"pending": 100, "approved": 0, "rejected": 0}
    found = maya.backend.desk.verdict(maya.tenant_id, done.id)
    assert (found["items"], found["restored"], found["going"]) == (60, 60, None)


def test_a_part_whose_worker_died_is_given_once(maya: Maya, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "AT_ONCE", 30)
    numbered(maya, 100)
    done = maya.backend.desk.review_all(maya.tenant_id, Filter(), 2**40, "rejected")
    dead = Worker(maya.backend.worker.shop, maya.backend.worker._ms)
    dead._take()
    assert maya.backend.worker.run_due() == 0
    clock.now += 3600
    maya.backend.worker.run_due()
    assert maya.backend.desk.verdict(maya.tenant_id, done.id)["items"] == 100
    assert maya.counts()["rejected"] == 100


def test_another_tenants_verdict_cannot_be_taken_back(maya: Maya, backend: Backend) -> None:
    done = backend.desk.review(maya.tenant_id, maya.propose(skill("a")), "approved")
    jonas = Maya.at(backend, "Jonas")
    jonas.post("/inbox/undo", review_id=done.id)
    assert len(maya.live()) == 1


def test_an_entry_is_taken_out_of_the_record_alone(maya: Maya) -> None:
    a, b = maya.propose(skill("a"), skill("b"))
    maya.backend.desk.review(maya.tenant_id, [a, b], "approved")
    assert maya.post(f"/record/{a}/take-back").status_code == 200
    assert maya.live() == [{"name": "b"}]
    assert maya.pending() == ["a"]
    assert maya.post(f"/record/{a}/take-back").status_code == 404


# -- corrections -------------------------------------------------------------------------------------------------------


def version(maya: Maya, item_id: str) -> str:
    return re.search(r'name="version" value="(\d+)"', maya.http.get(f"/inbox/items/{item_id}").text)[1]


def test_an_item_is_corrected_and_approved_as_corrected(maya: Maya) -> None:
    (item_id,) = maya.propose({"domain": "skills", "payload": {"name": "Postgres", "level": "expert"}})
    form = {"name": "PostgreSQL", "level": "", "yearsOfExperience": "7,5", "then": "approve"}
    text = maya.post(f"/inbox/items/{item_id}", version=version(maya, item_id), **form).text
    assert "1 item approved." in text
    assert maya.live() == [{"name": "PostgreSQL", "yearsOfExperience": 7.5}]
    history = maya.http.get(f"/record/{item_id}").text
    assert [history.index(word) for word in ("Staged", "Corrected", "Approved")]
    assert "<del>Postgres</del>" in history
    assert "<ins>PostgreSQL</ins>" in history


def test_lists_and_choices_go_through_the_form_unchanged(maya: Maya) -> None:
    payload = {
        "organization": "Nordwind",
        "title": "Engineer",
        "current": True,
        "highlights": ["One, with a comma", "Two"],
    }
    (item_id,) = maya.propose({"domain": "work_experience", "payload": payload})
    text = maya.http.get(f"/inbox/items/{item_id}").text
    assert ">\nOne, with a comma\nTwo</textarea>" in text
    form = {
        "organization": "Nordwind",
        "title": "Engineer",
        "current": "yes",
        "highlights": "One, with a comma\r\nTwo\r\n",
    }
    maya.post(f"/inbox/items/{item_id}", version=version(maya, item_id), then="approve", **form)
    assert maya.live("work_experience") == [payload]
    assert "Corrected" not in maya.http.get(f"/record/{item_id}").text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "lastUsed": "soon"}, "lastUsed"),
        ({"name": "x", "yearsOfExperience": "many"}, "yearsOfExperience"),
        ({"name": "x", "level": "guru"}, "level"),
    ],
)
def test_a_correction_that_its_domain_refuses_is_shown_beside_the_field_and_changes_nothing(
    maya: Maya, form: dict[str, str], field: str
) -> None:
    (item_id,) = maya.propose(skill("Go"))
    answer = maya.post(f"/inbox/items/{item_id}", version=version(maya, item_id), then="approve", **form)
    assert answer.status_code == 422
    assert f'id="i-{field}"' in answer.text
    assert maya.pending() == ["Go"]


def test_a_correction_of_something_else_than_was_seen_is_refused(maya: Maya) -> None:
    (item_id,) = maya.propose(skill("Go"))
    seen = version(maya, item_id)
    assert maya.post(f"/inbox/items/{item_id}", version=seen, name="Golang").status_code == 200
    assert maya.post(f"/inbox/items/{item_id}", version=seen, name="Gopher").status_code == 409
    maya.backend.desk.review(maya.tenant_id, [item_id], "rejected")
    assert maya.post(f"/inbox/items/{item_id}", version=version_of(maya, item_id), name="x").status_code == 409


def version_of(maya: Maya, item_id: str) -> str:
    return str(maya.backend.desk.item(maya.tenant_id, item_id)["edited_at"])


# -- what is near ------------------------------------------------------------------------------------------------------


def entry(title: str, content: str, **evidence: str) -> dict:
    item = {"domain": "knowledge_entries", "payload": {"title": title, "content": content}}
    return item | ({"evidence": {"quote": content, **evidence}} if evidence else {})


def test_a_near_duplicate_is_shown_with_the_words_that_differ_and_the_agents_note(maya: Maya) -> None:
    first = maya.propose(entry("Faster search", "Cut the query time of the search service from 2.4 s to 310 ms."))
    maya.backend.worker.run_due()
    maya.backend.desk.review(maya.tenant_id, first, "approved")
    note = "Near “Faster search” (approved): the figures differ."
    maya.propose(entry("Fast search", "Cut the query time of the search service from 2.4 s to 290 ms.", note=note))
    maya.propose(entry("Something else", "Wrote the handbook for new colleagues."))
    maya.backend.worker.run_due()
    text = maya.http.get("/inbox").text
    assert text.count("Possible duplicate") == 1
    assert note in text
    assert "in your record" in text
    assert "<del>310</del><ins>290</ins>" in text


def test_two_that_wait_are_near_each_other_and_rejecting_the_first_ends_it(maya: Maya) -> None:
    words = "Wrote the handbook for new colleagues and taught a course about it."
    first, _ = maya.propose(entry("Handbook", words), entry("A handbook", words))
    maya.backend.worker.run_due()
    assert "waiting in this inbox" in maya.http.get("/inbox").text
    maya.backend.desk.review(maya.tenant_id, [first], "rejected")
    assert "Possible duplicate" not in maya.http.get("/inbox").text


def test_of_many_new_items_a_job_finds_what_is_near_and_the_page_says_so(maya: Maya) -> None:
    words = "Wrote the handbook for new colleagues and taught a course about it."
    for n in range(neighbours.AT_SIGHT + 1):
        maya.propose(entry(f"Handbook {n}", words))
    text = maya.http.get("/inbox").text
    assert "still being compared" in text
    assert "Possible duplicate" not in text
    maya.http.get("/inbox")
    assert maya.backend.worker.run_due() == 1
    text = maya.http.get("/inbox").text
    assert "still being compared" not in text
    assert text.count("Possible duplicate") == neighbours.AT_SIGHT


def test_a_corrected_item_is_near_what_it_says_now(maya: Maya) -> None:
    words = "Wrote the handbook for new colleagues and taught a course about it."
    maya.propose(entry("Handbook", words))
    (item_id,) = maya.propose(entry("Index", "Halved the size of every table."))
    assert "Possible duplicate" not in maya.http.get("/inbox").text
    maya.post(f"/inbox/items/{item_id}", version=version(maya, item_id), title="Handbook", content=words)
    assert "Possible duplicate" in maya.http.get("/inbox").text
    assert "Possible duplicate" in maya.http.get(f"/inbox/items/{item_id}").text


def test_skills_of_one_level_are_not_near_each_other_for_that(maya: Maya) -> None:
    names = ("Python", "Go", "Rust")
    maya.propose(
        *({"domain": "skills", "payload": {"name": n, "level": "expert", "category": "language"}} for n in names)
    )
    maya.backend.worker.run_due()
    assert "Possible duplicate" not in maya.http.get("/inbox").text


def test_another_tenants_items_are_never_near(maya: Maya, backend: Backend) -> None:
    words = "Wrote the handbook for new colleagues and taught a course about it."
    Maya.at(backend, "Jonas").propose(entry("Handbook", words))
    maya.propose(entry("Handbook", words))
    backend.worker.run_due()
    assert "Possible duplicate" not in maya.http.get("/inbox").text
