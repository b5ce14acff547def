"""The paragraphs and tables of a Word document → blocks.

Reads the markup itself where python-docx leaves text out: content controls, accepted insertions, links, text boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from askcv_pipelines.sources.canonical import Canonical

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
# What is struck out, what stands a second time for old readers, and what is a paragraph of its own.
SKIPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}txbxContent", f"{W}pPr", f"{W}rPr",
     "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)  # fmt: skip
WRAPPERS = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"})
HEADING_STYLE = re.compile(r"(?:heading|überschrift|titre|título) (\d)", re.IGNORECASE)
CHECKBOX = re.compile(r"([☐☑☒])[ \t]*")
TYPED_BULLET = re.compile(r"[•◦‣▪●○·–-][ \t]+(?=\S)")
MAX_DEPTH = 50
LONGEST_CELL = 300
"""A longer cell is no entry of a table, but prose."""


@dataclass(frozen=True)
class _Style:
    """What a paragraph style says: the level of a heading, the depth of a list item, or 0; a line of the contents."""

    heading: int = 0
    depth: int = 0
    contents: bool = False


class Body:
    """Reads the body of ``document`` into ``content``."""

    def __init__(self, document: DocxDocument, content: Canonical) -> None:
        self.root: Any = document.element.body
        self.content = content
        self.styles = _styles(document)
        self.rows = 0

    def read(self) -> None:
        for element in _inner(self.root):
            self._element(element)

    def _element(self, element: Any, depth: int = 0) -> None:
        if element.tag == f"{W}tbl":
            self._table(element, depth)
            return
        self._paragraph(element)
        for box in element.iter(f"{W}txbxContent"):
            if not any(parent.tag in SKIPPED for parent in box.iterancestors()) and depth < MAX_DEPTH:
                for inner in _inner(box):
                    self._element(inner, depth + 1)

    def _paragraph(self, paragraph: Any) -> None:
        text = _text(paragraph)
        if not text:
            return
        style = self._style(paragraph)
        depth = _list_depth(paragraph) or style.depth
        if style.contents:  # it says again what the headings say
            self.content.block(text, zone="furniture")
        elif style.heading:
            self.content.block(text, "heading", level=style.heading)
        elif depth:
            self._item(text, depth)
        elif len(text) <= 90 and not text.endswith((".", ",", ";")) and _is_bold(paragraph):
            self.content.block(text, "heading", level=6)
        elif marker := TYPED_BULLET.match(text):
            self.content.add(marker[0])
            self._item(text[marker.end() :], 1)
        else:
            # A line break inside a paragraph divides what people type as separate lines.
            for line in text.split("\n"):
                self.content.block(line)

    def _item(self, text: str, depth: int) -> None:
        checked = None
        if box := CHECKBOX.match(text):
            self.content.add(box[0])
            text, checked = text[box.end() :], box[1] != "☐"
        self.content.block(text, "item", level=depth, checked=checked)

    def _style(self, paragraph: Any) -> _Style:
        properties = paragraph.find(f"{W}pPr")
        named = properties.find(f"{W}pStyle") if properties is not None else None
        style = self.styles.get(named.get(f"{W}val", ""), _Style()) if named is not None else _Style()
        outline = properties.find(f"{W}outlineLvl") if properties is not None else None
        level = _number(outline)
        return style if level is None or level > 8 or style.heading or style.contents else _Style(heading=level + 1)

    def _table(self, table: Any, depth: int) -> None:
        """A table: its first row names the columns, where each cell of it is short; a single column is no table."""
        rows = [
            [cell for cell in row.iter(f"{W}tc") if _row_of(cell) is row]
            for row in table.iter(f"{W}tr")
            if _table_of(row) is table
        ]
        if max((len(row) for row in rows), default=0) < 2:
            for cell in (cell for row in rows for cell in row):
                self._inside(cell, depth)
            return
        texts = [[_cell_text(cell) for cell in row] for row in rows]
        headers = [] if _is_form(texts) and not _is_marked(rows[0]) else _headers(texts)
        for number, (cells, said) in enumerate(zip(rows, texts, strict=True)):
            self.rows += 1
            for at, cell in enumerate(cells):
                if headers and number == 0:
                    self.content.block(said[at], "heading", level=6, zone="furniture", row=self.rows)
                    continue
                label = said[0] if not headers and at else headers[at] if at < len(headers) else None
                self._cell(cell, said[at], label or None, depth)

    def _cell(self, cell: Any, text: str, header: str | None, depth: int) -> None:
        """A cell: one passage, or its paragraphs and lists where it holds several."""
        row, first = self.rows, len(self.content.blocks)
        if "\n" in text or len(text) > LONGEST_CELL:
            self._inside(cell, depth)
            self.content.blocks[first:] = [replace(b, header=header, row=row) for b in self.content.blocks[first:]]
        else:
            self.content.block(text, "cell", header=header, row=row)

    def _inside(self, cell: Any, depth: int) -> None:
        for element in _inner(cell) if depth < MAX_DEPTH else ():
            self._element(element, depth + 1)


def _headers(texts: list[list[str]]) -> list[str]:
    """The labels of the columns: the first row, where others follow and each of its cells is short."""
    first = texts[0]
    return first if len(texts) > 1 and all(len(cell) <= 80 for cell in first) and any(first) else []


def _is_form(texts: list[list[str]]) -> bool:
    """Two columns of labels and answers: what stands on the left is short, and what stands right of it much longer."""
    if any(len(row) != 2 for row in texts):
        return False
    left, right = (sum(len(row[at]) for row in texts) for at in (0, 1))
    return all(len(row[0]) <= 120 for row in texts) and right > 2 * left


def _is_marked(row: list[Any]) -> bool:
    """Whether a row is set as the table's header, by its property or in bold."""
    if not row or _row_of(row[0]).find(f"{W}trPr/{W}tblHeader") is not None:
        return bool(row)
    return all(_is_bold(paragraph) for cell in row for paragraph in cell.iter(f"{W}p"))


def _inner(parent: Any, depth: int = 0) -> Iterator[Any]:
    """Paragraphs and tables directly below, those in content controls and insertions among them."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in WRAPPERS and depth < MAX_DEPTH:
            yield from _inner(child, depth + 1)


def _text(paragraph: Any) -> str:
    """The text of a paragraph as it is shown, without blank lines and blanks around the others."""
    parts: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag in BREAKS:
            parts.append(BREAKS[child.tag])
        elif child.tag not in SKIPPED:
            stack.append(iter(child))
    lines = (line.strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _cell_text(cell: Any) -> str:
    """All that stands in a cell, a line for each paragraph."""
    return "\n".join(text for paragraph in cell.iter(f"{W}p") if (text := _text(paragraph)))


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors(f"{W}tr"), None)


def _table_of(row: Any) -> Any:
    return next(row.iterancestors(f"{W}tbl"), None) if row is not None else None


def _is_bold(paragraph: Any) -> bool:
    """Whether every run that shows something is bold: what people use for a heading."""
    shown = [run for run in paragraph.iter(f"{W}r") if any((t.text or "").strip() for t in run.iter(f"{W}t"))]
    marks = [run.find(f"{W}rPr/{W}b") for run in shown]
    return bool(shown) and all(mark is not None and mark.get(f"{W}val") not in {"0", "false"} for mark in marks)


def _list_depth(paragraph: Any) -> int:
    """The depth of a list item, from 1; 0 where the paragraph is none. A list of number 0 switches the style's off."""
    found = paragraph.find(f"{W}pPr/{W}numPr")
    if found is None or _number(found.find(f"{W}numId")) == 0:
        return 0
    return (_number(found.find(f"{W}ilvl")) or 0) + 1


def _number(element: Any) -> int | None:
    value = element.get(f"{W}val", "") if element is not None else ""
    return int(value) if value.isdecimal() and len(value) < 4 else None


def _styles(document: DocxDocument) -> dict[str, _Style]:
    """By the style's id. What a style does not say, the one it is based on does."""
    elements = {style.get(f"{W}styleId", ""): style for style in document.styles.element.iter(f"{W}style")}
    return {key: _said_by(key, elements) for key in elements}


def _said_by(key: str, elements: dict[str, Any]) -> _Style:
    for _ in range(10):
        style = elements.get(key)
        if style is None:
            break
        name = style.find(f"{W}name")
        label = name.get(f"{W}val", "").lower() if name is not None else ""
        outline = _number(style.find(f"{W}pPr/{W}outlineLvl"))
        if found := HEADING_STYLE.match(label):
            return _Style(heading=int(found[1]) or 1)
        if label in {"title", "subtitle"}:
            return _Style(heading=1 if label == "title" else 2)
        if label.startswith("toc "):
            return _Style(contents=True)
        if outline is not None and outline < 9:
            return _Style(heading=outline + 1)
        if label.startswith("list") or style.find(f"{W}pPr/{W}numPr") is not None:
            last = label.rsplit(" ", 1)[-1]
            return _Style(depth=int(last) if last.isdecimal() and len(last) == 1 else 1)
        based = style.find(f"{W}basedOn")
        key = based.get(f"{W}val", "") if based is not None else ""
    return _Style()
