"""What a model is given, and where its quotes stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from askcv_pipelines import Subject
from askcv_pipelines.extractors.llm.answers import read_answer
from askcv_pipelines.extractors.llm.chunks import MOST, Chunk, chunks
from askcv_pipelines.extractors.llm.locate import Place, locate
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.redact import Redactor
from askcv_pipelines.verification.quantities import unheld
from tests.llm.conftest import write_documents
from tests.llm.documents import SOURCES

TEXT = """# Review

- I **rebuilt** the “booking” search — quickly — and cut response\u00a0times by 65 %.
- Omar Haddad received the parcel on Monday.
- I rebuilt the kiosk. It saved 3 hours.
"""


@pytest.fixture
def chunk() -> Chunk:
    (only,) = chunks(read_bytes(TEXT.encode(), "r.md", Subject(None), kind="performance_review"), Redactor())
    return only


def test_every_sentence_of_a_long_document_is_in_one_chunk_and_none_is_too_long(tmp_path: Path) -> None:
    write_documents(tmp_path / "d", 1, 400)
    raw = (tmp_path / "d" / "000.md").read_bytes()
    document = read_bytes(raw, "000.md", Subject("Nadia Ferrant"), kind="performance_review")
    parts = list(chunks(document, Redactor()))
    assert len(parts) > 3
    assert all(len(part.body) <= MOST + 200 for part in parts)
    lines = [line.text for part in parts for line in part.lines]
    assert lines == [document.slice(sentence) for sentence in document.sentences]
    assert parts[0].interval[1] <= parts[1].interval[0]


def test_a_chunk_says_who_it_is_about_who_speaks_and_what_stands_above() -> None:
    (part,) = chunks(SOURCES["minutes"].read(), Redactor())
    assert part.header == "Document: meeting notes\nAbout: Lena Moss (also: Lena)\nDate: 2026-05-12"
    assert "## Weekly, 12 May 2026 › Actions\n[5] Lena to update the rota" in part.body


def test_code_and_signatures_are_not_given() -> None:
    text = "# Notes\n\nI wrote the parser.\n\n```python\npassword = 'x'\nprint(1)\n```\n"
    (part,) = chunks(read_bytes(text.encode(), "n.md", Subject(None), kind="performance_review"), Redactor())
    assert [line.text for line in part.lines] == ["I wrote the parser."]


def test_an_overlong_sentence_is_cut_and_nothing_of_it_lost() -> None:
    text = "# Notes\n\n" + "word " * 3_000
    parts = list(chunks(read_bytes(text.encode(), "n.md", Subject(None), kind="performance_review"), Redactor()))
    assert "".join(line.text.replace(" ", "") for part in parts for line in part.lines) == "word" * 3_000
    assert all(len(part.body) <= MOST + 200 for part in parts)


def test_halves_hold_the_whole(chunk: Chunk) -> None:
    halves = chunk.halves()
    assert halves is not None
    assert halves[0].lines + halves[1].lines == chunk.lines


@pytest.mark.parametrize(
    ("quote", "cited", "found"),
    [
        ('rebuilt the "booking" search - quickly - and cut response times by 65 %.', [1], "rebuilt** the “booking”"),
        ("Omar Haddad recieved the parcel on Monday.", [2], "Omar Haddad received"),
        ("Omar Haddad received the parcel on Monday.", [1], "Omar Haddad received"),
        ("mar Haddad received", [2], "Omar Haddad received"),
        ("I rebuilt the kiosk. It saved 3 hours.", [3, 4], "I rebuilt the kiosk. It saved"),
    ],
)
def test_a_quote_is_found_and_what_is_kept_is_the_source(
    chunk: Chunk, quote: str, cited: list[int], found: str
) -> None:
    place = locate(quote, cited, chunk)
    assert isinstance(place, Place)
    assert TEXT[place.start : place.end].startswith(found)


@pytest.mark.parametrize(
    ("quote", "cited", "said"),
    [
        ("rebuilt the “booking” search — quickly — and cut response times by 85 %.", [1], "quote_changed"),
        ("Ömar Haddad received the parcel on Monday.", [2], "quote_changed"),
        ("Omar Haddad received the parcel on Sunday.", [2], "quote_changed"),
        ("Omar Haddad recieved the parcel on Monday.", [1], "quote_not_found"),
        ("Omar Haddad never received the parcel on Monday.", [2], "quote_not_found"),
        ("", [1], "quote_not_found"),
        ("I", [1], "quote_not_found"),
        ("I rebuilt the kiosk. It saved", [9], "quote_not_found"),
    ],
)
def test_a_quote_that_says_something_else_is_found_nowhere(
    chunk: Chunk, quote: str, cited: list[int], said: str
) -> None:
    assert locate(quote, cited, chunk) == said


@pytest.mark.parametrize(
    ("claim", "source", "said"),
    [
        ("cut by 1,200 ms", "cut by 1200 milliseconds", None),
        ("12 teams", "twelve teams", None),
        ("two teams", "three teams", ("figure", "2")),
        ("€5", "5 euros", None),
        ("$5", "5 euros", ("unit", "5 $")),
        ("halved costs", "costs fell by half", None),
        ("tripled costs", "costs doubled", ("figure", "triple")),
        ("by 5 %", "by 5 percent", None),
        ("from 5 to 9", "from 9 to 5", ("unit", "from 5")),
        ("one team", "a team", None),
    ],
)
def test_amounts_are_compared_with_their_units_and_ways(claim: str, source: str, said: object) -> None:
    assert unheld(claim, source) == said


@pytest.mark.parametrize(
    ("text", "count", "whole"),
    [
        ('{"items": []}', 0, True),
        ('Sure! ```json\n{"items": [],}\n```', 0, True),
        ('[{"domain": "skills", "quote": "Rust", "sentences": [1]}]', 1, True),
        ('{"domain": "skills", "quote": "Rust", "sentences": "3"}', 1, True),
        ('{"answer": {"items": [{"domain": "skills", "quote": "Rust"}]}}', 1, True),
        ('{"items": [{"domain": "skills", "quote": "Rust"}, {"domain": "sk', 1, False),
        ('{"items": "none"}', 0, False),
        ("", 0, False),
        ("I found nothing.", 0, False),
        ("[" * 5_000, 0, False),
    ],
)
def test_answers_are_read_tolerantly_and_never_taken_for_whole_when_they_are_not(
    text: str, count: int, whole: bool
) -> None:
    reply = read_answer(text)
    assert (len(reply.proposals), reply.whole) == (count, whole)


def test_an_item_of_another_form_is_kept_as_a_proposal_with_its_problem() -> None:
    reply = read_answer('{"items": [3, {"domain": "boasts", "quote": "x"}, {"domain": "skills", "quote": ""}]}')
    assert [proposal.problem for proposal in reply.proposals] == [
        "it is no object", "its domain is none of the list", "it has no quote",
    ]  # fmt: skip
