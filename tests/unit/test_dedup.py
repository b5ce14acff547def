"""Duplicate decisions: the same fact in other words is one; one that differs in a figure or a name is another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askcv_agents.domains import DOMAINS
from askcv_agents.errors import ConfigError
from askcv_pipelines.dedup.alone import decide_alone
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.keys import fingerprint, normalised
from askcv_pipelines.dedup.known import KnownItems, judged_pair
from askcv_pipelines.values import Decision, Duplicate, Evidence, Item, Known, New, Review
from tests.unit.test_cli import askcv


def decide_all(items: list[Item], held: list[Known]) -> tuple[Decision, ...]:
    return KnownItems(held).decide_all(items)


def item(domain: str, quote: str = "x", **payload: object) -> Item:
    made = DOMAINS[domain].model.model_validate(payload)
    return Item(domain, made, (Evidence("d.md", 0, len(quote), quote, "other"),))


def known(domain: str, state: str = "approved", **payload: object) -> Known:
    return Known("k1", domain, payload, state)


def told(text: str) -> Fact:
    return Fact("knowledge_entries", {"title": text, "content": text})


def between(one: str, other: str) -> tuple[str, set[str]]:
    """The verdict on two sentences, and the kinds of decisive differences."""
    judgement = judged_pair(told(one), told(other))
    return judgement.verdict, {d.kind for d in judgement.comparison.differences if d.decisive}


def test_the_same_skill_in_another_case_is_a_duplicate_that_says_of_what() -> None:
    (decision,) = decide_all([item("skills", name="PYTHON ")], [known("skills", name="Python")])
    assert isinstance(decision, Duplicate)
    assert (decision.of.id, decision.why) == ("k1", "already in the record")


@pytest.mark.parametrize("state", ["pending", "unknown", "declined", "queued", "refused"])
def test_whatever_the_journal_holds_is_known(state: str) -> None:
    (decision,) = decide_all([item("skills", name="Python")], [known("skills", state, name="Python")])
    assert isinstance(decision, Duplicate)


# -- names of skills ---------------------------------------------------------------------------------------------------

APART = [
    ("C", "C++"), ("C", "C♯"), ("🎉", "👍"), ("!!!", "???"), ("C", "C#"), (".NET", "NET"), ("Python 2", "Python 3"),
    ("Java", "JavaScript"), ("R", "Rust"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_differ_by_a_sign_or_a_version_have_keys_of_their_own(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *APART[:2],
        *APART[4:],
        ("React", "React Native"),
        ("AWS", "AWS Lambda"),
        ("Angular", "AngularJS"),
        ("Monitoring", "Mentoring"),
        ("Google Analytics", "Adobe Analytics"),
        ("SAP", "SAS"),
        ("Scala", "Scalability"),
    ],
)
def test_two_skills_are_not_one_however_alike_they_are_written(one: str, other: str) -> None:
    for new, old in ((one, other), (other, one)):
        (decision,) = decide_all([item("skills", name=new)], [known("skills", name=old)])
        assert not isinstance(decision, Duplicate), decision


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("k8s", "Kubernetes"),
        ("Postgres", "PostgreSQL"),
        ("Nodejs", "Node.js"),
        ("Amazon Web Services", "AWS"),
        ("Apache Spark", "Spark"),
        ("Feedback giving", "Giving feedback"),
        ("Cost analyses", "Cost analysis"),
        ("TDD", "Test-driven development"),
        ("SEM", "Scanning electron microscopy"),
    ],
)
def test_another_name_of_a_skill_is_the_same_skill(one: str, other: str) -> None:
    for new, old in ((one, other), (other, one)):
        (decision,) = decide_all([item("skills", name=new)], [known("skills", name=old)])
        assert isinstance(decision, Duplicate), decision


# -- what is told ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Cut latency by 30 %.", "Cut latency by 40 %.", "figure"),
        ("Cut latency by thirty percent.", "Reduced latency by 40%.", "figure"),
        ("Saved the plant $2M.", "Saved the plant $2B.", "figure"),
        ("Saved the plant €20,000.", "Saved the plant $20,000.", "unit"),
        ("Cut errors from 9 to 3 a month.", "Cut errors from 3 to 9 a month.", "figure"),
        ("Saved three hours per week.", "Saved three hours per month.", "per"),
        ("Ran the weekly safety briefing.", "Ran the monthly safety briefing.", "per"),
        ("Coached five apprentices.", "Coached six apprentices.", "figure"),
        ("Organised the river meetup #8.", "Organised the river meetup #9.", "number"),
        ("Shipped version 2.1.0 of the planner.", "Shipped version 2.2.0 of the planner.", "version"),
        ("Approved the new budget.", "Did not approve the new budget.", "negation"),
        ("Increased the stock of spare valves.", "Decreased the stock of spare valves.", "opposite"),
        ("Wrote the brake inspection guide.", "Reviewed the brake inspection guide.", "verb"),
        ("Trained Ana on the lathe.", "Trained Bea on the lathe.", "name"),
        ("Moved the crew from paper to tablets.", "Moved the crew from tablets to paper.", "name"),
        ("Moved `parse_row` to the loader.", "Moved `parse_cell` to the loader.", "name"),
        ("Spoke at the May 2023 assembly.", "Spoke at the June 2023 assembly.", "date"),
        ("In March 50 tickets were closed.", "In March 60 tickets were closed.", "figure"),
        ("In March 12 welders joined the crew.", "In March 14 welders joined the crew.", "figure"),
        ("Met the harbour board on March 12.", "Met the harbour board on March 14.", "date"),
    ],
)
def test_what_differs_in_a_fact_is_another_fact(one: str, other: str, kind: str) -> None:
    for verdict, kinds in (between(one, other), between(other, one)):
        assert verdict == "new"
        assert kind in kinds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cut latency by 35 %.", "Reduced latency by thirty-five percent."),
        ("Led the rebuild of the greenhouse.", "Spearheaded the greenhouse's rebuild."),
        ("Saved about 1,600 dollars each month on storage.", "Saved about $1.6k per month on storage."),
        ("The valve test was automated.", "Automated the valve test."),
        ("Upgraded the pumps without any downtime.", "Upgraded the pumps with no downtime."),
        ("Introduced “break bulk” labels — for every crate!", 'introduced "break bulk" labels, for every crate'),
        ("Set up CI for the EU team.", "Set up CI for the E.U. team"),
    ],
)
def test_the_same_fact_in_other_words_is_one(one: str, other: str) -> None:
    assert between(one, other)[0] == "duplicate"
    assert between(other, one)[0] == "duplicate"


def test_what_only_names_more_is_for_a_person_to_judge() -> None:
    assert between("Improved the coverage of Dover.", "Improved the coverage of Dover Pages.")[0] == "review"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Described the position of the port.", "Described the place of the port."),
        ("Was shift lead on the harbour ward.", "Was charge nurse on the harbour ward."),
        ("In March 50 tickets were closed by the crew.", "In March tickets were closed by the crew."),
    ],
)
def test_what_says_the_same_in_some_sense_alone_is_not_merged(one: str, other: str) -> None:
    assert between(one, other)[0] != "duplicate"


def test_a_figure_that_only_one_tells_is_for_a_person_to_judge() -> None:
    assert between("Cut the latency of the search page.", "Cut the latency of the search page by 35 %.")[0] == "review"


def test_what_is_near_says_what_both_say_and_where_they_differ() -> None:
    new = item("knowledge_entries", title="Logging", content="Delivered the split logging stack for the harbour.")
    old = known("knowledge_entries", "pending", title="M", content="Delivered the split monitoring stack for harbours.")
    (decision,) = decide_all([new], [old])
    assert isinstance(decision, Review)
    assert decision.why.startswith("near an item that waits in the review inbox, both say ")
    assert "wording logging / monitoring" in decision.why
    assert ("wording", "logging", "monitoring") in {(d.kind, d.ours, d.theirs) for d in decision.differences}


# -- records -----------------------------------------------------------------------------------------------------------


def test_a_later_stay_in_the_same_position_is_another_one() -> None:
    new = item("work_experience", organization="Northwind", title="Engineer", start_date="2024")
    old = known("work_experience", organization="Northwind", title="Engineer", startDate="2020")
    (decision,) = decide_all([new], [old])
    assert isinstance(decision, New)
    assert decision.near
    assert (decision.near.id, decision.why) == ("k1", "another: differs in date 2024 / 2020")


@pytest.mark.parametrize(
    ("domain", "one", "other"),
    [
        (
            "work_experience",
            {"organization": "Kessler GmbH", "title": "Sr. Welder", "start_date": "2019"},
            {"organization": "Kessler", "title": "Senior Welder", "startDate": "2019-04"},
        ),
        (
            "education",
            {"institution": "TU Graz", "degree": "MSc", "field_of_study": "Geodesy", "end_date": "2016"},
            {"institution": "Graz University of Technology", "degree": "Master of Science", "fieldOfStudy": "Geodesy",
             "endDate": "2016-06"},
        ),
        (
            "certifications",
            {"name": "Certified Crane Operator (CCO)", "issuer": "NCCCO", "issued_on": "2021"},
            {"name": "CCO: Certified Crane Operator",
             "issuer": "National Commission for the Certification of Crane Operators", "issuedOn": "2021-03"},
        ),
        (
            "publications",
            {"title": "What's a good weld?", "venue": "Metal Days", "published_on": "2022-06"},
            {"title": "What is a Good Weld?", "venue": "Metal Days", "publishedOn": "2022-06-14"},
        ),
    ],
)  # fmt: skip
def test_one_record_in_two_ways_of_writing(domain: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    (decision,) = decide_all([item(domain, **one)], [known(domain, **other)])
    assert isinstance(decision, Duplicate), decision


@pytest.mark.parametrize(
    ("domain", "one", "other"),
    [
        ("education", {"institution": "Graz", "degree": "MSc"}, {"institution": "Graz", "degree": "PhD"}),
        ("awards", {"title": "Baker of the Year", "awarded_on": "2022"},
         {"title": "Baker of the Year", "awardedOn": "2021"}),
        ("certifications", {"name": "First Aid", "issued_on": "2022-02"}, {"name": "First Aid", "issuedOn": "2019-02"}),
        ("work_experience", {"organization": "Kessler", "title": "Deputy Secretary"},
         {"organization": "Kessler", "title": "Secretary"}),
        ("publications", {"title": "Good welds", "venue": "Metal Days"}, {"title": "Good welds", "venue": "Pipe Week"}),
    ],
)  # fmt: skip
def test_records_that_contradict_are_two(domain: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    (decision,) = decide_all([item(domain, **one)], [known(domain, **other)])
    assert isinstance(decision, New), decision


# -- the run, and what was declined ------------------------------------------------------------------------------------


def test_a_run_holds_no_doubles_of_its_own() -> None:
    first, second = decide_all([item("skills", name="SQL"), item("skills", name="sql")], [])
    assert isinstance(first, New)
    assert isinstance(second, Duplicate)
    assert second.why == "found twice in this run"


def test_the_fullest_of_a_runs_doubles_represents_them() -> None:
    short = item("work_experience", organization="Kessler", title="Welder")
    full = item("work_experience", organization="Kessler", title="Welder", location="Graz", start_date="2019")
    for order in ([short, full], [full, short]):
        by_item = {id(i): d for i, d in zip(order, decide_all(order, []), strict=True)}
        assert isinstance(by_item[id(full)], New)
        assert isinstance(by_item[id(short)], Duplicate)


def test_what_was_declined_stays_declined_in_other_words() -> None:
    old = known(
        "knowledge_entries", "declined", title="M", content="Delivered the split monitoring stack for harbours."
    )
    new = item("knowledge_entries", title="L", content="Delivered the split logging stack for the harbour.")
    (decision,) = decide_all([new], [old])
    assert isinstance(decision, Duplicate)
    assert decision.why == "declined earlier, in other words"


def test_another_figure_than_the_declined_one_is_another_fact() -> None:
    old = known("knowledge_entries", "declined", title="M", content="Cut the scrap rate of the press by 30 %.")
    new = item("knowledge_entries", title="M", content="Cut the scrap rate of the press by 40 %.")
    (decision,) = decide_all([new], [old])
    assert isinstance(decision, New)


def test_asked_for_what_was_declined_is_offered_again_for_review() -> None:
    old = known("skills", "declined", name="Python")
    (decision,) = KnownItems([old], declined_too=True).decide_all([item("skills", name="python")])
    assert isinstance(decision, Review)


def test_a_newer_extractors_wording_of_the_same_passage_is_known() -> None:
    quote = "In spring we moved all crates to the new hall, which halved the way to the dock."
    old = Known("k1", "knowledge_entries", {"title": "Crates", "content": "We moved."}, "pending", quote)
    new = item("knowledge_entries", quote, title="Way to the dock", content="Halved the way to the dock.")
    (decision,) = decide_all([new], [old])
    assert isinstance(decision, Duplicate)
    assert decision.why == "already waiting in the review inbox: the same passage gave it"
    skill = item("skills", quote, name="Logistics")  # a passage shows many skills
    assert isinstance(decide_all([skill], [old])[0], New)


def test_the_same_words_in_another_domain_are_another_item() -> None:
    (decision,) = decide_all([item("projects", name="Python")], [known("skills", name="Python")])
    assert isinstance(decision, New)


def test_known_items_of_an_unknown_domain_do_no_harm() -> None:
    (decision,) = decide_all([item("skills", name="Python")], [known("hobbies", name="Python")])
    assert isinstance(decision, New)


def test_a_fingerprint_is_stable() -> None:
    # Journals hold fingerprints: a change of the keys must come with a migration, not by accident.
    assert fingerprint("skills", {"name": "Python"}) == "4a35802e856f568edf7cc900e60b3f15"


def test_what_can_contradict_decisively_is_part_of_the_identity() -> None:
    # Two facts must not share a fingerprint: the journal keeps one item of each.
    from askcv_pipelines.dedup.facts import PLANS

    for name, plan in PLANS.items():
        model = DOMAINS[name].model.model_fields
        identity = {model[field].alias or field for field in DOMAINS[name].identity}
        assert {rule.field for rule in plan.rules if rule.decisive} <= identity, name


# -- alone -------------------------------------------------------------------------------------------------------------


def test_decisions_alone_name_the_existing_or_the_new_item() -> None:
    new = [{"id": i, "domain": "skills", "payload": {"name": n}} for i, n in (("a", "SQL"), ("b", "sql"), ("c", "Go"))]
    decisions = decide_alone(new, [{"id": "x", "domain": "skills", "payload": {"name": "Golang"}}])
    assert {k: (d["decision"], d["of"], d["ofNew"]) for k, d in decisions.items()} == {
        "a": ("new", None, None),
        "b": ("duplicate", None, "a"),
        "c": ("duplicate", "x", None),
    }


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({}, "the new items are no list"),
        ([1], "new item 0 has no id"),
        ([{"id": "a", "domain": "hats", "payload": {}}], "new item 0: unknown domain 'hats'"),
        ([{"id": "a", "domain": "skills", "payload": []}], "new item 0: its payload is no object"),
        ([{"id": "a", "domain": "skills", "payload": {}}] * 2, "new item 1: the id 'a' stands twice"),
    ],
)
def test_a_list_that_is_none_is_named(new: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        decide_alone(new, [])


def test_the_command_writes_decisions_by_id(tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text(json.dumps([{"id": "a", "domain": "skills", "payload": {"name": "Go"}}]))
    (tmp_path / "old.json").write_text(json.dumps([{"id": "x", "domain": "skills", "payload": {"name": "Golang"}}]))
    done = askcv("dedup", tmp_path / "new.json", "--against", tmp_path / "old.json", "--out", tmp_path / "o.json")
    assert done.stdout.strip() == "duplicate 1 · review 0 · new 0", done.stderr
    assert json.loads((tmp_path / "o.json").read_text())["a"]["of"] == "x"
