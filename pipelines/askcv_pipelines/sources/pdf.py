"""PDF with a text layer. The document's text is its lines, page by page, with the characters where the file has them.

Lines are joined into paragraphs by where they stand on the page: a block runs over the line ends inside it.
"""

from __future__ import annotations

import ctypes
import re
from statistics import median
from typing import Any

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import missing_library
from askcv_pipelines.sources.canonical import day, storable
from askcv_pipelines.sources.pdf_layout import Line, layout_blocks
from askcv_pipelines.values import RawDocument

MAX_PAGES = 1000
MAX_CHARACTERS = 5_000_000
DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
# One character takes another's place, so that nothing moves.
HYPHENS = str.maketrans({"\u00ad": "-", "\u00a0": " "})
DIVIDED = frozenset({0xFFFE, 2})  # a hyphen at a line's end, after which PDFium leaves the line end out
PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


class PdfSource:
    name = "pdf"
    suffixes = (".pdf",)

    def recognises(self, head: bytes) -> bool:
        return b"%PDF-" in head[:1024]

    def read(self, raw: bytes, name: str) -> RawDocument:
        if not self.recognises(raw):
            raise SourceError(f"{name}: is no PDF", "Check that it was downloaded whole.")
        if b"%%EOF" not in raw[-4096:]:
            raise SourceError(f"{name}: the PDF is cut off", "Download or export it again.")
        try:
            import pypdfium2
        except ImportError as error:
            raise missing_library(name, "pypdfium2") from error
        try:
            document = pypdfium2.PdfDocument(raw)
        except pypdfium2.PdfiumError as error:
            raise _unreadable(name, error) from error
        try:
            text, lines = _text_and_lines(document, name)
            metadata = document.get_metadata_dict()
        except pypdfium2.PdfiumError as error:
            raise SourceError(f"{name}: the PDF is damaged", "Download or export it again.") from error
        finally:
            document.close()
        blocks = tuple(layout_blocks(text, lines))
        if not blocks:
            raise SourceError(
                f"{name}: the PDF has no text, only pictures of pages", "Run it through OCR first, e.g. with ocrmypdf."
            )
        return RawDocument(text, blocks, title=_title(metadata), date=_date(metadata))


def _unreadable(name: str, error: Any) -> SourceError:
    if getattr(error, "err_code", None) == PASSWORD_ERROR or "password" in str(error).lower():
        return SourceError(f"{name}: the PDF is encrypted", "Save a copy without a password.")
    return SourceError(f"{name}: the PDF is damaged", "Download or export it again.")


def _title(metadata: dict[str, str]) -> str | None:
    title = " ".join(storable(metadata.get("Title") or "").split())
    return title if title and title.lower() not in {"untitled", "(anonymous)", "(unspecified)"} else None


def _date(metadata: dict[str, str]) -> str | None:
    """The day on which the file was made. A year and month without a day count for nothing."""
    found = DATE.match(metadata.get("CreationDate") or "")
    return day("-".join(found.groups())) if found else None


def _text_and_lines(document: Any, name: str) -> tuple[str, list[Line]]:
    if len(document) > MAX_PAGES:
        raise SourceError(f"{name}: {len(document)} pages are too many", f"At most {MAX_PAGES} are read.")
    parts: list[str] = []
    lines: list[Line] = []
    length = 0
    for number in range(len(document)):
        page = document[number]
        textpage = page.get_textpage()
        for content, index in _page_lines(textpage):
            lines.append(_line(textpage, content, index, (length, number)))
            parts.append(content + "\n")
            length += len(content) + 1
        parts.append("\n")
        length += 1
        textpage.close()
        page.close()
        if length > MAX_CHARACTERS:
            raise SourceError(f"{name}: holds too much text", f"At most {MAX_CHARACTERS} characters are read.")
    return "".join(parts), lines


def _page_lines(textpage: Any) -> list[tuple[str, int]]:
    """The lines of a page that are not blank, and at which of PDFium's characters each begins.

    Read one by one: the text that PDFium gives in one piece leaves characters out, and its offsets lie.
    """
    import pypdfium2.raw as pdfium

    codes = [pdfium.FPDFText_GetUnicode(textpage, index) for index in range(textpage.count_chars())]
    found: list[tuple[str, int]] = []
    characters: list[str] = []
    first = 0
    for index, code in enumerate([*codes, 10]):
        if code in DIVIDED:
            characters.append("-")
        if code in {10, 13} or code in DIVIDED:
            content = storable("".join(characters)).translate(HYPHENS)
            kept = content.strip()
            if kept:
                found.append((kept, first + content.index(kept[0])))
            characters, first = [], index + 1
        else:  # one character of the text for each of PDFium's, even for half a surrogate pair
            characters.append(chr(code) if 0x20 <= code < 0x110000 or code == 9 else "\ufffd")
    return found


def _is_bold(textpage: Any, index: int) -> bool:
    """By the font's weight, or by its name where the file describes no weight."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_GetFontWeight(textpage, index) >= 600:
        return True
    name = ctypes.create_string_buffer(64)
    pdfium.FPDFText_GetFontInfo(textpage, index, name, len(name), ctypes.c_int())
    return b"bold" in name.value.lower()


def _line(textpage: Any, content: str, index: int, place: tuple[int, int]) -> Line:
    """A line with where it stands. Its size is the usual one of a few characters: a bullet or a name of code in it is
    often from another font."""
    import pypdfium2.raw as pdfium

    last = index + len(content) - 1
    samples = [index + at for at in range(0, len(content), max(1, len(content) // 6)) if not content[at].isspace()]
    left = textpage.get_charbox(index, loose=True)[0]
    right = textpage.get_charbox(last, loose=True)[2]
    x, baseline = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, samples[len(samples) // 2], x, baseline)
    size = median(pdfium.FPDFText_GetFontSize(textpage, at) for at in samples)
    bold = all(_is_bold(textpage, at) for at in samples)
    start, page = place
    return Line(start, start + len(content), page, left, right, baseline.value, size, bold)
