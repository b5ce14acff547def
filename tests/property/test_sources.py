"""Every source, on real-shaped documents with damage done to them: a document whose offsets are true, or a SourceError.

ASKCV_EXAMPLES sets how many damaged documents each test tries (by default few, so that the suite stays quick).
"""

from __future__ import annotations

import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askcv_agents.errors import SourceError
from askcv_pipelines import sources
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Subject
from tests.unit.sources import (
    test_csv_export,
    test_docx,
    test_html,
    test_mail,
    test_markdown,
    test_notion,
    test_pdf,
    test_review,
    test_text,
    test_transcript,
    test_webvtt,
)
from tests.unit.sources.documents import as_json, checked, word, zipped

EXAMPLES = int(os.environ.get("ASKCV_EXAMPLES", "25"))
LONGEST = 10  # seconds for one small document: what takes longer hangs
some = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

REVIEWS: dict[str, Any] = {
    "github.json": {
        "pull_request": {"number": 1, "title": "Cache", "body": test_review.BODY, "user": {"login": "maya-l"}},
        "reviews": [{"author": {"login": "t"}, "body": "x", "comments": [{"body": test_review.BODY}]}],
        "issue_comments": [{"user": {"login": "codecov[bot]"}, "body": "| a | b |\n|---|---|\n| 1 | 2 |"}],
    },
    "gitlab.json": [{"id": "a", "notes": [{"body": test_review.BODY, "author": {"username": "t"}, "system": False}]}],
    "gerrit.json": test_review.COMMENTS,
    "slack.json": {
        "messages": [{"user": "U1", "ts": "1714636800.0001", "text": "<@U1> &gt; done <https://a.b|c>"}],
        "users": {"U1": {"profile": {"real_name": "Maya"}}},
    },
}
ENVELOPE = "From a@b Mon Jul  1 10:00:00 2024\n"
DOCUMENTS: dict[str, bytes] = {
    "review.pdf": test_pdf.REVIEW,
    "review.docx": word(test_docx.review),
    "call.vtt": test_webvtt.ZOOM.encode(),
    **{f"{form}.txt": text.encode() for form, text in test_transcript.FORMS.items()},
    "notes.txt": test_text.NOTES.encode(),
    "reply.eml": test_mail.REPLY.encode(),
    "thread.mbox": "".join(f"{ENVELOPE}{message}\n" for message in (test_mail.PATCH, test_mail.REPLY)).encode(),
    "note.md": test_markdown.NOTE.encode(),
    "page.html": test_html.PAGE.encode(),
    "long.csv": test_csv_export.LONG.encode(),
    "wide.csv": test_csv_export.WIDE.encode(),
    "export.zip": zipped(test_notion.PAGES),
    **{name: as_json(value) for name, value in REVIEWS.items()},
}
# What parsers trip over, put into the middle of a document.
SNAGS = [
    b"\x00", b"\xff\xfe", b"\r", b"\r\n\r\n", b"\n\n", b"<", b">", b"&#xD800;", b"```", b"---\n", b"> > >", b"|",
    b'"', b"\\", b"[", b"{", b"-->", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"\x0c", b"\t", b" " * 300, b"(" * 200,
    b">" * 200, b"a:" * 100, b"From a@b Mon Jul  1 10:00:00 2024\n", b"Content-Type: multipart/mixed; boundary=b\n",
    b"=?utf-8?q?=ff?=", b"WEBVTT", b"00:00:01.000 --> 00:00:02.000\n", b"\n@@ -1 +1 @@\n", b"- [ ] ", b"1. ",
    b"endobj", b"stream", b"<table>",
]  # fmt: skip


@contextmanager
def no_hang() -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError(f"took longer than {LONGEST} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@st.composite
def damage(draw: st.DrawFn, raw: bytes) -> bytes:
    """``raw`` with one to four faults of the kinds that transfers, editors and attackers leave."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(raw)))
        to = min(len(raw), at + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["cut", "drop", "double", "snag", "noise", "move"])):
            case "cut":
                raw = raw[:at]
            case "drop":
                raw = raw[:at] + raw[to:]
            case "double":
                raw = raw[:to] + raw[at:to] * draw(st.integers(1, 20)) + raw[to:]
            case "snag":
                raw = raw[:at] + draw(st.sampled_from(SNAGS)) + raw[at:]
            case "noise":
                raw = raw[:at] + draw(st.binary(max_size=12)) + raw[to:]
            case "move":
                raw = raw[to:] + raw[:to]
    return raw


def read(name: str, raw: bytes) -> None:
    """Reads as the pipeline does: what comes is true, or a SourceError that names the document and quotes nothing."""
    with no_hang():
        try:
            source = sources.choose(name, raw)
            document = checked(source.read(raw, name))
            with_sentences = read_bytes(raw, name, Subject("Maya Lindqvist"))
        except SourceError as error:
            refused = error
        else:
            refused = None
    if refused is not None:
        assert refused.message.startswith(name)
        assert "\n" not in refused.message
        assert "billing" not in refused.message
        return
    assert with_sentences.text == document.text
    for sentence in with_sentences.sentences:
        block = with_sentences.blocks[sentence.block]
        assert block.start <= sentence.start < sentence.end <= block.end


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_samples_themselves_are_read(name: str) -> None:
    assert checked(sources.choose(name, DOCUMENTS[name]).read(DOCUMENTS[name], name)).blocks


@pytest.mark.parametrize("name", DOCUMENTS)
@some
@given(data=st.data())
def test_a_damaged_document_is_read_truly_or_refused(name: str, data: st.DataObject) -> None:
    read(name, data.draw(damage(DOCUMENTS[name])))


@pytest.mark.parametrize("name", ["review.docx", "export.zip"])
@some
@given(data=st.data())
def test_damage_inside_an_archive_is_read_truly_or_refused(name: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(DOCUMENTS[name])) as archive:
        files = {path: archive.read(path) for path in archive.namelist()}
    texts = sorted(
        path for path in files if path.endswith(("document.xml", "styles.xml", "core.xml", ".rels", ".md", ".csv"))
    )
    path = data.draw(st.sampled_from(texts))
    files[path] = data.draw(damage(files[path]))
    read(name, zipped(files))


@pytest.mark.parametrize("name", REVIEWS)
@some
@given(data=st.data())
def test_json_of_another_shape_is_read_truly_or_refused(name: str, data: st.DataObject) -> None:
    """Any value anywhere in a known shape replaced by any other."""
    any_text = st.text(st.characters(exclude_categories=()), max_size=20)  # halves of surrogate pairs among them
    dates = st.sampled_from(["2024-02-30", "2024-05-02T10:00:00Z", "99999999999.0", "1714636800.1", "-1"])
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | any_text | dates
    anything = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner)
    )
    value = json.loads(DOCUMENTS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        value = _replaced(value, data, anything)
    read(name, json.dumps(value).encode())


def _replaced(value: Any, data: st.DataObject, anything: st.SearchStrategy[Any]) -> Any:
    if isinstance(value, dict) and value and data.draw(st.integers(0, 4)):
        key = data.draw(st.sampled_from(sorted(value)))
        return value | {key: _replaced(value[key], data, anything)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 4)):
        at = data.draw(st.integers(0, len(value) - 1))
        return [*value[:at], _replaced(value[at], data, anything), *value[at + 1 :]]
    return data.draw(anything)


@pytest.mark.parametrize("suffix", sorted(sources.suffixes()))
@some
@given(raw=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_anything_at_all_is_read_truly_or_refused(suffix: str, raw: bytes) -> None:
    read(f"document{suffix}", raw)


REPEATED = [
    b">" * 1000, b"> " * 500, b"- " * 500, b"[" * 1000, b"* a\n" * 500, b"a: b\n" * 500, b"|a" * 500, b"<div>" * 1000,
    b"<blockquote><ul>" * 300, b"<td>" * 500, b"_" * 2000, b"`" * 1001, b"\n" * 2000, b"On " * 500,
    b"From: a\n" * 500, b"00:01 A: b\n" * 300, b"1\n00:00:01,000 --> 00:00:02,000\n" * 200, b"--- a/\n" * 300,
    b"A.M. " * 500, b'"' * 999, b"name, " * 500, b"a | 1 +\n" * 300, b"On Monday wrote:\n" * 200, b"<v " * 500,
    b"#" * 1000, b"." * 20000, b"</v>" * 500, b"<!--" * 500, b"```\n" + b"\n" * 2000, b"From " + b"a" * 3000,
    b"a''" * 700, b"<table><tr>" + b"<td>a" * 300, b"<th>a" * 300, b"\t" * 3000, b"-- \n" * 500,
]  # fmt: skip


@pytest.mark.parametrize("suffix", sorted(sources.suffixes()))
def test_no_repetition_takes_long(suffix: str) -> None:
    for snag in REPEATED:
        raw = snag * max(3, min(40, EXAMPLES // 50))  # large enough that a square shows, and no larger
        read(f"document{suffix}", b"WEBVTT\n\n00:01.000 --> 00:02.000\nSubject: x\nFrom: y\n\n" + raw)
        read(f"document{suffix}", raw)
