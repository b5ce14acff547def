"""Markdown, with Obsidian's front matter and tasks. The document's text is the raw Markdown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from askcv_pipelines.sources import decoded, no_text
from askcv_pipelines.sources.canonical import day
from askcv_pipelines.sources.text import text_blocks
from askcv_pipelines.values import Block, BlockKind, RawDocument, Zone

FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
FRONT_DATE = re.compile(r"^(?:date|created|day):[ \t]*['\"]?(\d{4}-\d{2}-\d{2})", re.MULTILINE)
LINE_START = re.compile(r"(?:[ \t]*>)*[ \t]*(?:#{1,6}[ \t]+)?(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
CHECKBOX = re.compile(r"\[( |x|X)\][ \t]+")
HEADING_END = re.compile(r"[ \t]+#+[ \t]*\Z")
PROSE_WORD = re.compile(r"(?<!\S)[\"'“‘(\[]?[^\W\d_][\w'’-]*[\"'”’)\].,:;!?]{0,4}(?!\S)")
CODE_SIGN = re.compile(r"[{}<>=|\\$;*&^%~#@_]|\w\(|::|^[ \t]*(?:at|from|import|File)\b|\b\d+:\d+", re.MULTILINE)
BULLET = re.compile(r"[•◦‣▪●○∙➢][ \t]+(?=\S)")
NEXT_BULLET = re.compile(rf"\s*\n[ \t]*{BULLET.pattern}")
TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)


class MarkdownSource:
    name = "markdown"
    suffixes = (".md", ".markdown")

    def recognises(self, head: bytes) -> bool:
        return bool(re.search(rb"^#{1,6} \S", head, re.MULTILINE))

    def read(self, raw: bytes, name: str) -> RawDocument:
        document = markdown_document(decoded(raw, name))
        if not document.blocks:
            raise no_text(name)
        return document


def markdown_document(text: str) -> RawDocument:
    """The document that ``text`` is, perhaps an empty one. Front matter gives its date and is no block."""
    front = FRONT_MATTER.match(text)
    date = FRONT_DATE.search(front[1]) if front else None
    blocks = markdown_blocks(text, front.end() if front else 0)
    title = next((text[b.start : b.end] for b in blocks if b.kind == "heading"), None)
    return RawDocument(text, blocks, title=title, date=day(date[1]) if date else None)


def markdown_blocks(text: str, start: int = 0) -> tuple[Block, ...]:
    """The blocks of ``text[start:]``, read as Markdown; offsets are of ``text``."""
    # Of a block of control characters that Python takes for white space, nothing is left.
    return tuple(block for block in _Reader(text, start).blocks() if block.start < block.end)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 40}).enable(["table", "strikethrough"])


class _Reader:
    """Walks the token stream; a block's interval is found from its lines, since tokens know lines only."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        # The parser counts lines by \n after normalising \r\n; a lone \r would shift every line below it.
        self.line_starts = [start] + [start + m.end() for m in re.finditer(r"\r\n|\n|\r", text[start:])]

    def blocks(self) -> Iterator[Block]:
        depth = quotes = heading = row = 0
        table = _Table()
        for token in _parser().parse(self.text[self.start :]):
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    depth -= 1
                case "blockquote_open":
                    quotes += 1
                case "blockquote_close":
                    quotes -= 1
                case "heading_open":
                    heading = int(token.tag[1])
                case "heading_close":
                    heading = 0
                case "table_open" | "table_close":
                    table = _Table()
                case "tr_open":
                    row += 1
                    table.next_row(self._span(token)[0])
                case "th_open" | "td_open":
                    table.column += 1
                case "fence" if not (token.info or depth or quotes) and _is_prose(token.content):
                    yield from self._fenced_prose(token)
                case "fence" | "code_block":
                    yield self._whole(token, "code", "code")
                case "html_block" if TAGS.sub("", token.content).strip():
                    yield self._whole(token, "paragraph", "quote" if quotes else "body")
                case "inline" if token.content.strip() and table.column:
                    yield self._cell(token, table, row)
                case "inline" if token.content.strip():
                    yield from self._bulleted(self._inline(token, heading, depth, quotes))

    def _line(self, number: int) -> tuple[int, int]:
        start = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        end = self.line_starts[number + 1] if number + 1 < len(self.line_starts) else len(self.text)
        return start, end

    def _span(self, token: Token) -> tuple[int, int]:
        first, last = token.map or (0, 1)
        start, end = self._line(first)[0], self._line(last - 1)[1]
        return start, start + len(self.text[start:end].rstrip())

    def _fenced_prose(self, token: Token) -> Iterator[Block]:
        """Notes that were put between fences to keep their lines."""
        first, last = token.map or (0, 1)
        closing = self.text[slice(*self._line(last - 1))].strip()
        end = self._line(last - 1)[0] if set(closing) == {token.markup[0]} else self._line(last - 1)[1]
        yield from text_blocks(self.text, self._line(first)[1], end)

    def _whole(self, token: Token, kind: BlockKind, zone: Zone) -> Block:
        start, end = self._span(token)
        return Block(start, end, kind, zone=zone)

    def _inline(self, token: Token, heading: int, depth: int, quotes: int) -> Block:
        start, end = self._span(token)
        if (marker := LINE_START.match(self.text, start, end)) and marker.end() < end:
            start = marker.end()
        kind: BlockKind = "heading" if heading else "item" if depth else "paragraph"
        checked = None
        if kind == "item" and (box := CHECKBOX.match(self.text, start, end)):
            start, checked = box.end(), box[1] != " "
        if kind == "heading":
            content = self.text[start:end]
            underline = content.rfind("\n")
            content = content[:underline].rstrip() if underline > 0 else HEADING_END.sub("", content)
            end = start + len(content)
        return Block(start, end, kind, level=heading or depth, zone="quote" if quotes else "body", checked=checked)

    def _bulleted(self, block: Block) -> Iterator[Block]:
        """A paragraph is cut at lines that begin with a bullet which Markdown does not know ("•")."""
        if block.kind == "heading":
            yield block
            return
        at, kind, level = block.start, block.kind, block.level
        if opening := BULLET.match(self.text, block.start, block.end):
            at, kind, level = opening.end(), "item", block.level + 1
        for bullet in NEXT_BULLET.finditer(self.text, at, block.end):
            yield replace(block, start=at, end=bullet.start(), kind=kind, level=level)
            at, kind, level = bullet.end(), "item", block.level + 1
        yield replace(block, start=at, kind=kind, level=level)

    def _cell(self, token: Token, table: _Table, row: int) -> Block:
        """A cell's interval: its text is looked for behind the cell before it, on the same line."""
        line = bisect_right(self.line_starts, table.cursor) - 1
        end = self._line(line)[1]
        content = token.content.strip()
        at = self.text.find(content, table.cursor, end)
        if at < 0:  # an escaped pipe: the raw cell is longer than its content
            content = content.replace("|", "\\|")
            at = max(self.text.find(content, table.cursor, end), table.cursor)
        table.cursor = min(at + len(content), end)
        if table.rows == 1:
            table.headers[table.column] = content
            return Block(at, table.cursor, "heading", level=6, zone="furniture", row=row)
        return Block(at, table.cursor, "cell", header=table.headers.get(table.column), row=row)


def _is_prose(content: str) -> bool:
    """Whether what stands between fences is sentences and notes: hardly a sign that code is made of."""
    words, signs = len(PROSE_WORD.findall(content)), len(CODE_SIGN.findall(content))
    lines = sum(1 for line in content.splitlines() if line.strip())
    return words >= 12 and words >= 2.5 * lines and signs * 25 <= words


@dataclass
class _Table:
    """The table being read; ``column`` is 0 outside of one."""

    rows: int = 0
    column: int = 0
    cursor: int = 0
    headers: dict[int, str] = field(default_factory=dict)

    def next_row(self, cursor: int) -> None:
        self.rows, self.column, self.cursor = self.rows + 1, 0, cursor
