from __future__ import annotations

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.markdown import MarkdownSource
from tests.unit.sources.documents import kept

NOTE = """---
title: One to one
tags: [work, "1on1"]
date: 2024-05-02
---

# One to one with Tomas ##

Went well
=========

I shipped the *import*
on time.

- [x] Write the guide
  - [ ] Ask design
1. First

> He said: great work.

| Goal | Owner |
| --- | --- |
| Audit \\| report | Maya |

```python
print("no sentence")
```

```
We talked about the audit and who could lead it next year.
Maya will ask Ana whether she has the time.
```
"""


def test_an_obsidian_note_keeps_headings_tasks_tables_and_its_date() -> None:
    document = MarkdownSource().read(NOTE.encode(), "note.md")
    assert kept(document, "kind", "level", "zone", "checked", "header") == [
        ("heading", 1, "body", None, None, "One to one with Tomas"),
        ("heading", 1, "body", None, None, "Went well"),
        ("paragraph", 0, "body", None, None, "I shipped the *import* on time."),
        ("item", 1, "body", True, None, "Write the guide"),
        ("item", 2, "body", False, None, "Ask design"),
        ("item", 1, "body", None, None, "First"),
        ("paragraph", 0, "quote", None, None, "He said: great work."),
        ("heading", 6, "furniture", None, None, "Goal"),
        ("heading", 6, "furniture", None, None, "Owner"),
        ("cell", 0, "body", None, "Goal", "Audit \\| report"),
        ("cell", 0, "body", None, "Owner", "Maya"),
        ("code", 0, "code", None, None, '```python print("no sentence") ```'),
        (
            "paragraph", 0, "body", None, None,
            "We talked about the audit and who could lead it next year. Maya will ask Ana whether she has the time.",
        ),
    ]  # fmt: skip
    assert (document.title, document.date) == ("One to one with Tomas", "2024-05-02")


def test_line_ends_of_windows_change_no_block() -> None:
    unix, windows = (MarkdownSource().read(raw.encode(), "n.md") for raw in (NOTE, NOTE.replace("\n", "\r\n")))
    assert kept(unix, "kind", "zone") == kept(windows, "kind", "zone")


@pytest.mark.parametrize("raw", ["# Grüße\n".encode("latin-1"), b"# a\x00b\n"])
def test_what_is_no_utf_8_text_is_named(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"note\.md: "):
        MarkdownSource().read(raw, "note.md")


def test_a_block_of_control_characters_is_no_block() -> None:
    with pytest.raises(SourceError, match="holds no text"):
        MarkdownSource().read(b"\t\x0b", "n.md")
