"""Small documents of each format, written for these tests in the shapes that the programs make; and the one check that
every reader's blocks must pass."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from askcv_pipelines.values import Block, RawDocument


def checked(document: RawDocument) -> RawDocument:
    """The document, once its offsets are true: in range, in order, apart, and never a blank passage."""
    known = [document.title, document.date, *(b.speaker for b in document.blocks), *(b.header for b in document.blocks)]
    for value in (document.text, *known):
        assert "\x00" not in (value or "")
        (value or "").encode("utf-8")  # no half surrogate pairs: it can be stored
    assert document.date is None or datetime.date.fromisoformat(document.date)
    before = 0
    for block in document.blocks:
        assert before <= block.start < block.end <= len(document.text), block
        assert document.text[block.start : block.end].strip(), block
        before = block.end
    return document


def kept(document: RawDocument, *fields: str) -> list[tuple[Any, ...]]:
    """A table of what a document keeps: for each block these fields, and its text with white space folded."""
    return [
        (*(getattr(block, field) for field in fields), " ".join(document.text[block.start : block.end].split()))
        for block in checked(document).blocks
    ]


def said(document: RawDocument, block: Block) -> str:
    return document.text[block.start : block.end]


# --- PDF: written by hand, so that a test says where each line stands ------------------------------------------------

Placed = tuple[float, float, float, str]
"""x and y in points from the bottom left, the font's size, and the text (Latin-1); bold where the size is negative."""


def pdf(pages: Iterable[Iterable[Placed]], *, info: str = "", encrypted: bool = False) -> bytes:
    objects: list[bytes] = [b"", b""]
    kids = []
    for page in pages:
        content = "".join(
            f"BT /F{2 if size < 0 else 1} {abs(size)} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n"
            for x, y, size, text in page
        ).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << "
            b"/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> "
            b"/F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >> >> >> >>"
            % len(objects)
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode()
    objects.append(f"<< {info} >>".encode("latin-1"))
    trailer = f"/Root 1 0 R /Info {len(objects)} 0 R /Size {len(objects) + 2}"
    if encrypted:
        objects.append(
            b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <%s> /U <%s> >>" % (b"5a" * 32, b"a5" * 32)
        )
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<00112233> <00112233>]"
    return _assembled(objects, trailer)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _assembled(objects: list[bytes], trailer: str) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer << {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def column(lines: Iterable[str], top: float = 700, size: float = 11, left: float = 72) -> list[Placed]:
    """Lines below each other, an empty one leaving a gap."""
    return [(left, top - 14 * at, size, line) for at, line in enumerate(lines) if line]


# --- Word ------------------------------------------------------------------------------------------------------------


def word(fill: Any) -> bytes:
    """A document that ``fill`` writes into."""
    document = docx.Document()
    fill(document)
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


def numbered(paragraph: Any, level: int, number: int = 1) -> Any:
    """Makes a paragraph a list item as Google Docs does: by its own properties, without a list style."""
    properties = paragraph._p.get_or_add_pPr()
    listed = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", number)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(value))
        listed.append(element)
    properties.append(listed)
    return paragraph


def zipped(files: dict[str, bytes | str]) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return stored.getvalue()


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
