"""The desk: the documents that an agent has open, by handle, and where it may open them from.

A handle is made of the text and its subject, so opening the same document again gives the same one. Files are read only
below the roots that the builder names, links resolved; without roots a document comes as text.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from askcv_agents.errors import SourceError, ValidationFailed
from askcv_agents.wire import SourceKind
from askcv_pipelines.reading import read, read_bytes
from askcv_pipelines.redact import Names, Redactor
from askcv_pipelines.values import Document, Subject

KEPT = 32
"""Open documents: the one that was used longest ago is closed for a new one."""
FORMATS = frozenset((".md", ".txt", ".html", ".csv", ".json", ".eml", ".vtt"))
"""Endings of a text's name that tell how it is read."""
LONGEST = 1_000_000
"""Characters of a text that a tool call may bring."""


class Desk:
    """What one toolbox keeps between calls. ``subject`` is whose record it is, where the builder knows; ``names`` is
    what becomes of third parties' names on their way out, beside what the person chose for the record, and ``redactor``
    what else is masked."""

    def __init__(
        self,
        *,
        roots: Sequence[Path | str] = (),
        subject: Subject | None = None,
        redactor: Redactor | None = None,
        names: Names | None = None,
        state: Any = None,
    ) -> None:
        self.roots = tuple(Path(root).resolve() for root in roots)
        self.subject = subject
        self.redactor = redactor or Redactor()
        self.names = names
        self.state = state
        self._open: OrderedDict[str, Document] = OrderedDict()

    def open_text(self, text: str, name: str, kind: SourceKind | None, whose: Subject | None) -> tuple[str, Document]:
        """Reads a text as a document called ``name``.

        Raises:
            SourceError: it cannot be read, or whose record it speaks for is not known.
        """
        if len(text) > LONGEST:
            raise ValidationFailed(f"the text has {len(text)} characters", f"Open at most {LONGEST} at a time.")
        plain = Path(name).name or "document.md"
        named = (
            plain if Path(plain).suffix in (".md", ".txt", ".html", ".csv", ".json", ".eml", ".vtt") else f"{plain}.md"
        )
        return self._kept(read_bytes(text.encode(), named, whose or self.subject, kind=kind))

    def open_path(self, path: str, kind: SourceKind | None, whose: Subject | None) -> tuple[str, Document]:
        """Reads a file below one of the roots.

        Raises:
            SourceError: it lies elsewhere, does not exist, or cannot be read.
        """
        if not self.roots:
            raise SourceError("files cannot be opened here", "Give the document's text instead of a path.")
        for root in self.roots:
            try:
                found = (root / path).resolve(strict=True)
            except (OSError, ValueError, RuntimeError):
                continue
            if found.is_relative_to(root) and found.is_file():
                return self._kept(read(found, whose or self.subject, kind=kind))
        raise SourceError(
            f"{path[:200]!r} is no file below the allowed folders", "Give a path inside them, or the text."
        )

    def document(self, handle: str) -> Document:
        """An open document.

        Raises:
            ValidationFailed: there is no such handle, or its document was closed meanwhile.
        """
        document = self._open.get(handle)
        if document is None:
            raise ValidationFailed(f"no document is open as {handle[:60]!r}", "Open it again with open_document.")
        self._open.move_to_end(handle)
        return document

    def _kept(self, document: Document) -> tuple[str, Document]:
        names = "\n".join((document.kind, *document.subject.names))
        handle = "doc_" + hashlib.sha256(f"{document.sha256}\n{document.id}\n{names}".encode()).hexdigest()[:12]
        self._open[handle] = document
        self._open.move_to_end(handle)
        while len(self._open) > KEPT:
            self._open.popitem(last=False)
        return handle, document
