"""HTML pages. The document's text is canonical: the blocks' texts, white space folded, a line each.

Inside ``<pre>`` (mail archives keep whole messages there) lines stay as they are and are read as plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import decoded, no_text
from askcv_pipelines.sources.text import text_blocks
from askcv_pipelines.values import Block, BlockKind, RawDocument, Zone

SKIPPED = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "button", "select"})
FURNITURE = frozenset({"nav", "footer", "aside", "form"})
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]+)", re.IGNORECASE)
MAX_DEPTH = 2000
# Elements that nest: not those without content, nor those that a following one closes, nor what only looks like one.
NESTING = re.compile(
    r"<(?:script|style)\b.*?(?:</(?:script|style)|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<close>/?)(?P<open>(?!(?:area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|source|t[dhr]|tbody|"
    r"tfoot|thead|wbr)\b)[a-z])",
    re.IGNORECASE | re.DOTALL,
)
SPACE = re.compile(r"\s+")


class HtmlSource:
    name = "html"
    suffixes = (".html", ".htm", ".xhtml")

    def recognises(self, head: bytes) -> bool:
        return bool(re.search(rb"<(?:!doctype html|html|body)\b", head, re.IGNORECASE))

    def read(self, raw: bytes, name: str) -> RawDocument:
        document = html_document(_text(raw, name), name)
        if not document.blocks:
            raise no_text(name)
        return document


def html_document(markup: str, name: str) -> RawDocument:
    """The page that ``markup`` describes, perhaps an empty one.

    Raises:
        SourceError: it is no page, or made to be none that can be read.
    """
    if _nests_too_deep(markup):
        raise SourceError(f"{name}: elements nest too deep", "Save the page again from a browser.")
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
    labels: dict[int, list[str | None] | None] = field(default_factory=dict)
    row: tuple[int, dict[int, int]] = (0, {})

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

    def inside(self, tag: str, node: LexborNode, context: _Context) -> _Context:
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
        if tag == "td" and (labels := self.columns(node)) is not None:
            at = self.position(node)
            return replace(context, kind="cell", header=labels[at] if at < len(labels) else None)
        if tag == "blockquote" and not _is_indent(node):
            return replace(context, zone="quote")
        if tag in FURNITURE and context.zone == "body":
            return replace(context, zone="furniture")
        return context

    def columns(self, cell: LexborNode) -> list[str | None] | None:
        """The labels of the cell's table, read once for each table."""
        table = _table_of(cell)
        if table is None:
            return None
        if table.mem_id not in self.labels:
            self.labels[table.mem_id] = _labels(table)
        return self.labels[table.mem_id]

    def position(self, cell: LexborNode) -> int:
        """Which of its row's cells it is, counted once for each row."""
        row = cell.parent
        if row is None:
            return 0
        if row.mem_id != self.row[0]:
            self.row = row.mem_id, {inner.mem_id: at for at, inner in enumerate(row.iter())}
        return self.row[1].get(cell.mem_id, 0)

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


def _table_of(cell: LexborNode) -> LexborNode | None:
    table = cell.parent
    while table is not None and table.tag != "table":
        table = table.parent
    return table


def _labels(table: LexborNode) -> list[str | None] | None:
    """The labels of a table's columns; None for a layout table, which has no header cell: whole pages stand in them."""
    if table.css_first("th") is None:
        return None
    first = table.css_first("tr")
    cells = [cell for cell in first.iter() if cell.tag == "th"] if first is not None else []
    return [SPACE.sub(" ", cell.text()).strip() or None for cell in cells]


def _nests_too_deep(markup: str) -> bool:
    """Whether elements stand in each other to a depth that no page has; the parser's time is quadratic in it."""
    depth = 0
    for tag in NESTING.finditer(markup) if markup.count("<") > MAX_DEPTH else ():
        if tag["open"]:
            depth = max(0, depth - 1) if tag["close"] else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False
