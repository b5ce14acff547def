"""Skills: found by name, one item a skill, and only where they are the subject's."""

from __future__ import annotations

import pytest

from askcv_pipelines.extractors.rules.open_skills import open_mentions
from askcv_pipelines.extractors.rules.vocabulary import mentions
from tests.unit.rules_documents import only, own_words


def names(text):
    return [mention.skill.name for mention in mentions(text)]


def skills(text):
    return [candidate.fields["name"] for candidate in only(own_words(text), "skills")]


def test_an_alias_gives_the_canonical_name():
    assert names("Deployed the shop on k8s") == ["Kubernetes"]


def test_the_longest_name_wins():
    assert names("Wrote it in Ruby on Rails") == ["Ruby on Rails"]


@pytest.mark.parametrize("text", ["We go home at five", "a swift answer", "in the spring", "C'est la vie"])
def test_everyday_words_are_no_skills(text):
    assert names(text) == []


def test_a_season_is_no_framework():
    assert names("Taught the course in Spring 2021") == ["Teaching"]


def test_a_name_inside_a_handle_is_no_skill():
    assert names("Thanks @go-team") == []


def test_a_file_name_tells_its_language():
    assert "Python" in names("see parser.py for the details")


def test_one_skill_is_one_item_a_document():
    text = "# 2023\n\n## Achievements\n- Built the importer in Python\n- Wrote a report generator in Python\n"
    assert skills(text).count("Python") == 1


def test_a_skill_used_is_extracted():
    assert "PostgreSQL" in skills("# 2023\n\n## Achievements\n- Migrated the archive to Postgres using Terraform\n")


def test_a_list_under_skills_is_read_beyond_the_vocabulary():
    assert [m.skill.name for m in open_mentions("Lacquerwork, gilding", True, [])] == ["Lacquerwork", "Gilding"]


def test_what_somebody_is_skilled_in_is_found():
    assert [m.skill.name for m in open_mentions("She is skilled in lacquerwork and gilding.", False, [])] == [
        "Lacquerwork", "Gilding",
    ]  # fmt: skip
