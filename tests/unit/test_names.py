"""Names: which words of a name tell a person apart, and which are titles, degrees and roles."""

from __future__ import annotations

import pytest

from askcv_pipelines.names import given_name, is_label, label_pattern, name_pattern, same_person
from askcv_pipelines.values import Subject


@pytest.mark.parametrize("name", ["Dr. Ada Brook", "President Ada Brook", "Chief Engineer Ada Brook", "Ada Brook, PhD"])
def test_a_title_or_degree_is_no_given_name(name):
    assert given_name(name) == "Ada"


@pytest.mark.parametrize("name", ["Student D", "Electrical Engineer", "PhD B", "Tester 2"])
def test_a_role_has_no_given_name(name):
    assert given_name(name) is None
    assert is_label(name)


def test_a_surname_that_is_also_a_title_stays_a_surname():
    assert given_name("Ada Judge") == "Ada"
    assert not is_label("Ada Judge")


def test_a_titled_subject_is_found_without_the_title():
    pattern = name_pattern(Subject("President Ada Brook"))
    assert pattern.search("Then Ada Brook spoke.")
    assert not pattern.search("The president spoke.")


def test_a_role_is_not_another_role_with_the_same_word():
    manager = label_pattern(Subject("Manager"))
    assert manager.search("Manager (on leave)")
    assert not manager.search("Stage Manager")
    assert not label_pattern(Subject("Student D")).search("Student E")


def test_a_single_letter_matches_only_where_it_is_all_there_is():
    pattern = name_pattern(Subject("D"))
    assert pattern.search("@D")
    assert not pattern.search("plenty of vitamin D")


def test_two_people_with_one_title_are_not_the_same_person():
    assert not same_person(Subject("Nurse Ada Brook"), Subject("Nurse Lin Wei"))
    assert same_person(Subject("Nurse Ada Brook"), Subject("Ada"))
