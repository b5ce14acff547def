"""Word documents, as Word, Google Docs, LibreOffice and Teams write them. The document's text is canonical: its
paragraphs and table cells in order, a line each."""

from __future__ import annotations

import io
import re
from typing import Any

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import archive, missing_library, no_text
from askcv_pipelines.sources.canonical import Canonical
from askcv_pipelines.sources.docx_body import Body
from askcv_pipelines.sources.transcript import transcript_blocks
from askcv_pipelines.values import RawDocument

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted document, or one of Word 97
MAX_XML = 40 * 1024 * 1024
"""Largest part of markup that is parsed, in bytes: a tree takes about ten times as much memory."""


class DocxSource:
    name = "docx"
    suffixes = (".docx",)

    def recognises(self, head: bytes) -> bool:
        return head.startswith(b"PK\x03\x04") and bool(re.search(rb"word/|\[Content_Types\]\.xml", head))

    def read(self, raw: bytes, name: str) -> RawDocument:
        if raw.startswith(OLE):
            raise SourceError(f"{name}: is encrypted, or of Word 97", "Save it as .docx without a password.")
        package = archive.opened(raw, name)
        if any(entry.file_size > MAX_XML for entry in package.infolist() if entry.filename.endswith((".xml", ".rels"))):
            raise SourceError(f"{name}: is too large", f"At most {MAX_XML // 1048576} MB of text and markup are read.")
        try:
            import docx
        except ImportError as error:
            raise missing_library(name, "python-docx") from error
        try:
            document = docx.Document(io.BytesIO(raw))
            content = Canonical()
            Body(document, content).read()
            title, date = _properties(document)
        except Exception as error:  # python-docx and lxml raise whatever a wrong part leads them to
            hint = "Open it in Word and save it as .docx again."
            raise SourceError(f"{name}: is damaged, or no Word document", hint) from error
        if not content.blocks:
            raise no_text(name)
        # Teams saves its transcripts as documents: names and times stand on lines of their own.
        blocks = transcript_blocks(content.text) or content.blocks
        return RawDocument(content.text, tuple(blocks), title=title, date=date)


def _properties(document: Any) -> tuple[str | None, str | None]:
    """Title and day of creation, as the properties give them."""
    properties = document.core_properties
    title, created = properties.title, properties.created
    # The stamp of python-docx's own template says nothing of the document.
    made = created is not None and created.isoformat()[:16] != "2013-12-23T23:15"
    return title.strip() or None, created.date().isoformat() if made else None
