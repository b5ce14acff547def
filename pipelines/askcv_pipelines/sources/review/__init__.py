"""Review threads as services give them: JSON of GitHub, GitLab, Gerrit and Slack → a document of remarks.

The document's text is each remark's author and body in the file's order, an author's name on a line above the body.
Bodies are Markdown. A shape is recognised by one function of ``shapes``: adding a service is adding one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import decoded, no_text
from askcv_pipelines.sources.canonical import Canonical, day, storable
from askcv_pipelines.sources.markdown import markdown_blocks
from askcv_pipelines.sources.review.remark import Remark
from askcv_pipelines.sources.review.shapes import SHAPES
from askcv_pipelines.values import Block, RawDocument

GERRIT_PREFIX = ")]}'"  # stands before Gerrit's JSON, so that no page can run it as a script
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class ReviewSource:
    name = "review"
    suffixes = (".json",)

    def recognises(self, head: bytes) -> bool:
        start = head.removeprefix(b"\xef\xbb\xbf").removeprefix(GERRIT_PREFIX.encode()).lstrip()
        return bool(re.match(rb'[\[{]\s*["\[{]', start))

    def read(self, raw: bytes, name: str) -> RawDocument:
        remarks = _remarks(_parsed(raw, name))
        if remarks is None:
            raise SourceError(
                f"{name}: is JSON, but no review, discussion or message export that is known",
                "Save it with `gh pr view --json`, or from the GitHub, GitLab, Gerrit or Slack API, unchanged.",
            )
        thread = Canonical()
        title = date = author = None
        for remark in remarks:
            if remark.is_title:
                title, author = title or remark.body.strip(), author or remark.speaker
            date = date or day(remark.date)
            _add(thread, remark)
        if not thread.blocks:
            raise no_text(name)
        return RawDocument(thread.text, tuple(thread.blocks), title=title, date=date, author=author)


def _parsed(raw: bytes, name: str) -> Any:
    text = decoded(raw, name).lstrip().removeprefix(GERRIT_PREFIX)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{name}: is no JSON (line {error.lineno}, column {error.colno})", "Check that it was saved whole."
        ) from None  # the cause carries the document
    except (RecursionError, ValueError):
        raise SourceError(f"{name}: is JSON that nests too deep, or holds an impossible number") from None


def _remarks(data: Any) -> list[Remark] | None:
    """What the first shape that fits finds; None where none fits."""
    for shape in SHAPES:
        found = shape(data)
        if found is not None:
            return found
    return None


def _add(thread: Canonical, remark: Remark) -> None:
    body = storable(remark.body).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    if not body.strip():
        return
    if remark.is_title:
        thread.block(body, speaker=remark.speaker)
        return
    thread.block(remark.speaker or "", zone="furniture")
    blocks: Iterable[Block] = _without_comments(body, markdown_blocks(body))
    if remark.automatic:
        blocks = (replace(block, zone="furniture") for block in blocks)
    thread.embed(body + "\n", _said(blocks, remark.speaker))


def _said(blocks: Iterable[Block], speaker: str | None) -> Iterator[Block]:
    """The blocks with their speaker; what is quoted was said by somebody else."""
    for block in blocks:
        yield replace(block, speaker=None if block.zone == "quote" else speaker)


def _without_comments(body: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Templates hide their instructions in HTML comments, which nobody who reads the thread sees."""
    for block in blocks:
        said = body[block.start : block.end]
        if "<!--" in said and not COMMENT.sub("", said).strip():
            yield replace(block, zone="template")
        else:
            yield block
