"""HTML pages. The document's text is canonical: the blocks' texts, white space folded, a line each.

Inside ``<pre>`` (mail archives keep whole messages there) lines stay as they are and are read as plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import decoded
from askcv_pipelines.sources.text import text_blocks
from askcv_pipelines.values import Block, BlockKind, RawDocument, Zone

SKIPPED = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "button", "select"})
FURNITURE = frozenset({"nav", "footer", "aside", "form"})
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]+)", re.IGNORECASE)
SPACE = re.compile(r"\s+")


class HtmlSource:
    name = "html"
    suffixes = (".html", ".htm", ".xhtml")

    def recognises(self, head: bytes) -> bool:
        return bool(re.search(rb"<(?:!doctype html|html|body)\b", head, re.IGNORECASE))

    def read(self, raw: bytes, name: str) -> RawDocument:
        return html_document(_text(raw, name), name)


def html_document(markup: str, name: str) -> RawDocument:
    """The page that ``markup`` describes.

    Raises:
        SourceError: it has no content.
    """
    tree = LexborHTMLParser(markup)
    if tree.body is None:
        raise SourceError(f"{name}: the page has no content")
    page = _Page()
    page.walk(tree.body)
    title = tree.css_first("title")
    return RawDocument("".join(page.parts), tuple(page.blocks), title=title.text(strip=True) if title else None)


def _text(raw: bytes, name: str) -> str:
    declared = CHARSET.search(raw[:2048])
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"utf-16"}:
        try:
            return raw.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # the declaration is wrong as often as not: read on as UTF-8
    return decoded(raw, name)


@dataclass(frozen=True)
class _Context:
    """What the elements around a piece of text say of it."""

    kind: BlockKind = "paragraph"
    level: int = 0
    depth: int = 0
    zone: Zone = "body"
    header: str | None = None
    row: int | None = None


@dataclass
class _Page:
    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    rows: int = 0
    pending: list[str] = field(default_factory=list)

    def walk(self, root: LexborNode) -> None:
        """Depth first, with a stack of its own: pages nest deeper than Python does."""
        stack: list[tuple[LexborNode | None, _Context]] = [(None, _Context())]
        stack += [(node, _Context()) for node in reversed(list(root.iter(include_text=True)))]
        current = _Context()
        while stack:
            node, context = stack.pop()
            if node is None:  # the end of a block element
                self.flush(current)
                current = context
                continue
            tag = node.tag or ""
            if tag == "-text":
                self.pending.append(SPACE.sub(" ", node.text_content or ""))
                continue
            if tag in SKIPPED or tag.startswith("-") or tag == "!doctype":
                continue
            if tag == "br":
                self.pending.append("\n")
                continue
            children = list(node.iter(include_text=True))
            if tag in INLINE:
                stack += [(child, context) for child in reversed(children)]
                continue
            self.flush(current)
            if tag == "pre":
                self.preformatted(node.text(deep=True), context)
                continue
            inner = self.inside(tag, node, context)
            stack.append((None, current))
            current = inner
            stack += [(child, inner) for child in reversed(children)]
        self.flush(current)

    def inside(self, tag: str, node: LexborNode, context: _Context) -> _Context:  # noqa: PLR0911 - one for each element
        """The context of a block element's children."""
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            return replace(context, kind="heading", level=int(tag[1]))
        if tag in {"ul", "ol"}:
            return replace(context, depth=context.depth + 1)
        if tag in {"li", "dd"}:
            return replace(context, kind="item", level=max(1, context.depth))
        if tag == "tr":
            self.rows += 1
            return replace(context, row=self.rows)
        if tag == "td" and _is_data_table(node):
            return replace(context, kind="cell", header=_column_header(node))
        if tag == "blockquote" and not _is_indent(node):
            return replace(context, zone="quote")
        if tag in FURNITURE and context.zone == "body":
            return replace(context, zone="furniture")
        return context

    def flush(self, context: _Context) -> None:
        """Closes the text gathered so far: a block of ``context`` for each line that ``<br>`` makes."""
        gathered = "".join(self.pending)
        self.pending.clear()
        for line in gathered.split("\n"):
            content = SPACE.sub(" ", line).strip()
            if not content:
                continue
            start = self.append(content + "\n")
            end = start + len(content)
            block = Block(start, end, context.kind, level=context.level, zone=context.zone)
            if context.kind == "cell":
                block = replace(block, header=context.header, row=context.row)
            self.blocks.append(block)

    def preformatted(self, content: str, context: _Context) -> None:
        start = self.append(content.rstrip() + "\n")
        for block in text_blocks(content):
            zone = block.zone if context.zone == "body" else context.zone
            self.blocks.append(replace(block, start=block.start + start, end=block.end + start, zone=zone))

    def append(self, content: str) -> int:
        """Adds to the canonical text; where it starts."""
        start = self.length
        self.parts.append(content)
        self.length += len(content)
        return start


def _is_indent(quote: LexborNode) -> bool:
    """A blockquote that only indents, as old pages write it: lists stand in it, and nothing marks it as a citation."""
    marks = quote.attributes
    if any(mark in marks for mark in ("class", "cite", "type")) or "border" in (marks.get("style") or ""):
        return False
    return quote.css_first("li") is not None


def _is_data_table(cell: LexborNode) -> bool:
    """A table with header cells; layout tables (whole pages stand in them) have none."""
    table = cell.parent
    while table is not None and table.tag != "table":
        table = table.parent
    return table is not None and table.css_first("th") is not None


def _column_header(cell: LexborNode) -> str | None:
    row = cell.parent
    if row is None:
        return None
    at = [c.mem_id for c in row.iter()].index(cell.mem_id)
    table = row.parent
    while table is not None and table.tag != "table":
        table = table.parent
    first = table.css_first("tr") if table is not None else None
    heads = [c for c in first.iter() if c.tag == "th"] if first is not None else []
    return SPACE.sub(" ", heads[at].text()).strip() or None if at < len(heads) else None
