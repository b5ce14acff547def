from __future__ import annotations

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.html import HtmlSource
from tests.unit.sources.documents import kept

PAGE = """<!doctype html><html><head><title>Review &amp; goals</title><script>var a = "no text";</script></head><body>
<nav><ul><li>Home</li></ul></nav>
<main><h1>Half-year   review</h1>
<p>I moved the <b>reports</b>,<br>and cut the cost.</p>
<ol><li>Guide<ul><li>for design</li></ul></li></ol>
<blockquote><p>She saved the launch.</p></blockquote>
<blockquote style="margin: 0 40px"><ul><li>Minutes are indented</li></ul></blockquote>
<table><tr><th>Goal</th><th>Due</th></tr><tr><td>Audit</td><td>May</td></tr></table>
<pre>&gt; quoted
own</pre></main>
<footer>2024 Example</footer></body></html>"""


def test_navigation_lists_tables_and_quotes_are_told_apart() -> None:
    document = HtmlSource().read(PAGE.encode(), "page.html")
    assert kept(document, "kind", "level", "zone", "header") == [
        ("item", 1, "furniture", None, "Home"),
        ("heading", 1, "body", None, "Half-year review"),
        ("paragraph", 0, "body", None, "I moved the reports,"),
        ("paragraph", 0, "body", None, "and cut the cost."),
        ("item", 1, "body", None, "Guide"),
        ("item", 2, "body", None, "for design"),
        ("paragraph", 0, "quote", None, "She saved the launch."),
        ("item", 1, "body", None, "Minutes are indented"),
        ("heading", 6, "furniture", None, "Goal"),
        ("heading", 6, "furniture", None, "Due"),
        ("cell", 0, "body", "Goal", "Audit"),
        ("cell", 0, "body", "Due", "May"),
        ("paragraph", 0, "quote", None, "> quoted"),
        ("paragraph", 0, "body", None, "own"),
        ("paragraph", 0, "furniture", None, "2024 Example"),
    ]
    assert document.title == "Review & goals"


def test_a_declared_encoding_is_used_and_a_wrong_one_is_not() -> None:
    page = '<html><head><meta charset="{}"></head><body><p>Prüfung</p></body></html>'
    for declared, encoding in (("iso-8859-1", "latin-1"), ("utf-8", "utf-8"), ("nonsense", "utf-8")):
        assert kept(HtmlSource().read(page.format(declared).encode(encoding), "p.html")) == [("Prüfung",)]


def test_what_cannot_be_decoded_is_named() -> None:
    with pytest.raises(SourceError, match=r"page\.html: is no UTF-8"):
        HtmlSource().read("<p>Prüfung</p>".encode("latin-1"), "page.html")
