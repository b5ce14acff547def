"""A Notion export: a zip archive of Markdown or HTML pages and CSV databases → one document, pages by their path.

Each page begins with its title as a heading. Nothing is written to disk.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import MAX_BYTES, archive, decoded
from askcv_pipelines.sources.canonical import Canonical
from askcv_pipelines.sources.csv_export import rows_of
from askcv_pipelines.sources.html import html_document
from askcv_pipelines.sources.markdown import markdown_document
from askcv_pipelines.values import RawDocument

PAGES = (".md", ".html", ".csv")
PAGE_ID = re.compile(r"\s+[0-9a-f]{32}\Z|\s+[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
PART = re.compile(r"(?:^|/)(?:ExportBlock|Part|Export)[^/]*\.zip\Z", re.IGNORECASE)


class NotionSource:
    name = "notion"
    suffixes = (".zip",)

    def recognises(self, head: bytes) -> bool:
        return head.startswith(b"PK\x03\x04") and bool(re.search(rb"[0-9a-f]{32}\.(?:md|csv|html)|ExportBlock-", head))

    def read(self, raw: bytes, name: str) -> RawDocument:
        content = Canonical()
        title = date = None
        for path, page in _pages(raw, name):
            label = PurePosixPath(path)
            found = _read(label.suffix.lower(), page, f"{name}: {label.name}")
            if found is None:
                continue
            heading = PAGE_ID.sub("", label.stem.removesuffix("_all")).strip()
            title, date = title or found.title or heading, date or found.date
            if found.title != heading:
                content.block(heading, "heading", level=1)
            content.embed(found.text, found.blocks)
            content.add("\n")
            if content.length > MAX_BYTES:
                raise SourceError(f"{name}: holds too much text", "Export fewer pages at once.")
        if not content.blocks:
            raise SourceError(f"{name}: holds no pages", "Export the pages as “Markdown & CSV” and pass that archive.")
        return RawDocument(content.text, tuple(content.blocks), title=title, date=date)


def _pages(raw: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The pages and databases; large exports hold archives of parts, one level deep."""
    outer = archive.opened(raw, name)
    archives: list[zipfile.ZipFile] = [outer]
    left = archive.MAX_UNPACKED - sum(entry.file_size for entry in outer.infolist())
    for path, part in archive.contents(outer, (".zip",), name):
        if PART.search(path):
            archives.append(archive.opened(part, name))
            left -= sum(entry.file_size for entry in archives[-1].infolist())
            if left < 0:
                raise SourceError(f"{name}: unpacks to too much", "Export fewer pages at once.")
    for opened in archives:
        paths = set(opened.namelist())
        for path, page in archive.contents(opened, PAGES, name):
            # A database is there twice: as the view shows it, and as ``…_all.csv``, with every row and column.
            if path.lower().endswith(".csv") and path[:-4] + "_all.csv" in paths:
                continue
            yield path, page


def _read(suffix: str, page: bytes, name: str) -> RawDocument | None:
    """One page; None where nothing is written on it."""
    if not page.strip():
        return None
    if suffix == ".csv":
        return _database(decoded(page, name), name)
    text = decoded(page, name)
    return markdown_document(text) if suffix == ".md" else html_document(text, name)


def _database(text: str, name: str) -> RawDocument | None:
    """A database: each row under its page's name, which is the first column; the other columns as cells."""
    try:
        header, *rows = rows_of(text, name)
    except SourceError:  # a database without rows
        return None
    content = Canonical()
    for number, row in enumerate(rows, 1):
        content.block(row[0], "heading", level=2)
        for label, cell in zip(header[1:], row[1:], strict=False):
            content.block(cell, "cell", header=label or None, row=number)
    content.rows = len(rows)
    return RawDocument(content.text, tuple(content.blocks))
