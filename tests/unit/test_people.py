"""``people.toml``: three people's notes in one tree, and nothing crosses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askcv_agents.errors import ConfigError, SourceError
from askcv_pipelines.events import Decided, Failure
from askcv_pipelines.people import People
from askcv_pipelines.pipeline import Pipeline
from askcv_pipelines.reading import read, read_bytes
from askcv_pipelines.values import Subject
from tests.conftest import Staging
from tests.unit.test_cli import askcv

PEOPLE = """
[[person]]
name = "Maya Lindqvist"
aliases = ["Maya"]
handles = ["maya-l"]
folders = ["maya"]
token_variable = "TOKEN_MAYA"

[[person]]
name = "Jonas Eek"
folders = ["jonas", "maya/with-jonas"]
token_variable = "TOKEN_JONAS"

[[person]]
name = "Priya Raman"
token_variable = "TOKEN_PRIYA"
"""
NOTES = """# 1:1 {head}

Date: 2026-06-18

## Action items

- Maya: share the budget draft by 2026-06-30
- Jonas: book the retrospective room by 2026-07-01
- Priya: move the load test results to the wiki by 2026-07-02
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "coaching"
    for folder in ("maya/with-jonas", "jonas", "other"):
        (root / folder).mkdir(parents=True)
    (root / "people.toml").write_text(PEOPLE)
    (root / "maya" / "june.md").write_text(NOTES.format(head="June"))
    (root / "maya" / "with-jonas" / "july.md").write_text(NOTES.format(head="July"))
    (root / "jonas" / "june.md").write_text(NOTES.format(head="June"))
    (root / "other" / "priya-raman-june.md").write_text(NOTES.format(head="June"))
    (root / "other" / "planning.md").write_text(NOTES.format(head="Maya Lindqvist and Jonas Eek"))
    (root / "other" / "unnamed.md").write_text(NOTES.format(head="June"))
    return root


def whose(tree: Path, name: str) -> str | None:
    return read(tree / name, People.load(tree / "people.toml"), kind="meeting_notes").subject.name


def test_a_document_is_of_the_person_in_whose_innermost_folder_it_lies(tree: Path) -> None:
    assert whose(tree, "maya/june.md") == "Maya Lindqvist"
    assert whose(tree, "maya/with-jonas/july.md") == "Jonas Eek"
    assert whose(tree, "jonas/june.md") == "Jonas Eek"


def test_elsewhere_its_file_name_or_headings_say_whose_it_is(tree: Path) -> None:
    assert whose(tree, "other/priya-raman-june.md") == "Priya Raman"


@pytest.mark.parametrize(
    ("name", "said"), [("planning.md", "Maya Lindqvist and Jonas Eek"), ("unnamed.md", "nobody in people.toml")]
)
def test_where_nobody_or_several_are_meant_it_goes_nowhere(tree: Path, name: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        whose(tree, f"other/{name}")
    assert "people.toml" in caught.value.hint


def test_of_three_peoples_notes_in_one_tree_no_item_crosses(tree: Path) -> None:
    run = Pipeline(People.load(tree / "people.toml"), kind="meeting_notes").extract([tree])
    events = [effect.value for effect in run]
    items = {
        (event.result.document.subject.name, decision.item.label)
        for event in events
        if isinstance(event, Decided)
        for decision in event.decisions
    }
    assert items == {
        ("Maya Lindqvist", "Share the budget draft by 2026-06-30"),
        ("Jonas Eek", "Book the retrospective room by 2026-07-01"),
        ("Priya Raman", "Move the load test results to the wiki by 2026-07-02"),
    }
    assert sorted(e.document for e in events if isinstance(e, Failure)) == ["other/planning.md", "other/unnamed.md"]


def test_sync_submits_each_persons_items_with_that_persons_token(tree: Path, staging: Staging) -> None:
    environment = {"ASKCV_BASE_URL": staging.base_url, "ASKCV_STATE_DIR": str(staging.state_dir)}
    tokens = {name: staging.token(name) for name in ("Maya Lindqvist", "Jonas Eek", "Priya Raman")}
    environment |= {f"TOKEN_{name.split()[0].upper()}": token for name, token in tokens.items()}
    done = askcv("sync", tree, "--kind", "meeting_notes", "--json", **environment)
    assert done.returncode == 3, done.stderr
    assert [run["person"] for run in json.loads(done.stdout)["people"]] == list(tokens)
    for name, token in tokens.items():
        with staging.client(token) as client:
            tenant = client.profile().tenant_id
        rows, _ = staging.backend.service.inbox(tenant, "pending", None, 1)
        assert [row["payload"]["owner"] for row in rows] == [name]


def test_sync_without_a_persons_token_submits_nothing_for_anybody(tree: Path, staging: Staging) -> None:
    done = askcv("sync", tree, ASKCV_BASE_URL=staging.base_url, TOKEN_MAYA=staging.token())
    assert done.returncode == 1
    assert "no token for Jonas Eek: $TOKEN_JONAS is not set" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "expected"),
        ("person = 3", "expected"),
        ("[[person]]\nname = 'A'", "person 1: name"),
        ("[[person]]\nname = 'Ada'\ntoken = 'askcv_agt_x'", "person 1: token"),
        ("[[person]]\nname = 'Ada'\n[[person]]\nname = 'Bo'\naliases = ['ada']", "Ada and Bo share 'ada'"),
        ("[[person]]\nname = 'Ada'\nfolders = ['x/']\n[[person]]\nname = 'Bo'\nfolders = ['./x']", "share 'folder x'"),
        ("[[person]", "cannot be read"),
    ],
)
def test_a_wrong_people_file_says_what_is_wrong(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "people.toml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=said):
        People.load(path)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        (
            "# Annual review\n\nEmployee: Ada Byron\n\nShe led the audit. She cut costs.",
            "performance_review",
            "Ada Byron",
        ),
        ("# Performance review for Ada Byron\n\nShe led the audit.", "performance_review", "Ada Byron"),
        ("**Name:** Ada Byron\n\nHer work on the audit was fine. She helped.", "performance_review", "Ada Byron"),
        ("# Self-review\n\nI led the audit and I cut costs.", "performance_review", None),
    ],
)
def test_a_document_that_says_plainly_whose_it_is_needs_no_option(text: str, kind: str, name: str | None) -> None:
    assert read_bytes(text.encode(), "review.md", kind=kind).subject.name == name


def test_a_change_is_its_authors() -> None:
    change = {
        "title": "Add retries",
        "body": "Adds retries.",
        "author": {"login": "ada-b"},
        "reviews": [{"author": {"login": "bo"}, "body": "Please add a test."}],
    }
    assert read_bytes(json.dumps(change).encode(), "pr.json", kind="code_review").subject == Subject(
        "ada-b", ("@ada-b",)
    )


def test_minutes_that_do_not_say_whose_record_it_is_are_a_question_with_its_answer() -> None:
    text = "Meeting minutes\n\nAttendees: Ada, Bo\n\nAction items\n- Ada: send the report\n"
    with pytest.raises(SourceError, match="whose record is this") as caught:
        read_bytes(text.encode(), "minutes.txt", kind="meeting_notes")
    assert "--subject" in caught.value.hint


def test_one_run_submits_for_one_person_only(staging: Staging, tmp_path: Path) -> None:
    for name in ("Ada Byron", "Bo Larsson"):
        (tmp_path / f"{name[:2]}.md").write_text(
            f"# Performance review for {name}\n\n## Accomplishments\n\n- Led the migration of nine services.\n"
        )
    environment = {"ASKCV_BASE_URL": staging.base_url, "ASKCV_TOKEN": staging.token("Ada Byron")}
    done = askcv("sync", tmp_path / "Ad.md", tmp_path / "Bo.md", **environment)
    assert done.returncode == 3
    assert "is about Bo Larsson, and this run submits for Ada Byron" in done.stderr
