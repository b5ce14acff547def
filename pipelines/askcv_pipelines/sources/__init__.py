"""Sources: a file → ``RawDocument``, offsets kept. One format, one file, found by entry point ``askcv.sources``."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path, PurePath
from typing import Protocol

from askcv_agents.errors import SourceError
from askcv_pipelines.values import RawDocument

GROUP = "askcv.sources"
MAX_BYTES = 20 * 1024 * 1024
"""Largest document that is read, in bytes."""


class Source(Protocol):
    """A document format. Instances are made without arguments and hold no state."""

    name: str
    suffixes: tuple[str, ...]

    def recognises(self, head: bytes) -> bool:
        """Whether a file with an unknown suffix that begins with ``head`` (4 KiB) is of this format."""
        ...

    def read(self, raw: bytes, name: str) -> RawDocument:
        """The document. ``name`` is for messages only.

        Raises:
            SourceError: the bytes are no such document; the message names it.
        """
        ...


@cache
def sources() -> tuple[Source, ...]:
    """Every installed source, by name; plain text, which recognises nearly everything, last."""
    found = sorted(entry_points(group=GROUP), key=lambda point: (point.name == "text", point.name))
    return tuple(point.load()() for point in found)


def suffixes() -> frozenset[str]:
    """The file name endings that some source reads."""
    return frozenset(suffix for source in sources() for suffix in source.suffixes)


def load(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        SourceError: there is no such file, it cannot be read, is empty, or is too large.
    """
    try:
        if not path.is_file():
            raise SourceError(
                f"{path}: is no file" if path.exists() else f"{path}: cannot be read (no such file)", "Check the path."
            )
        _check_size(path.stat().st_size, str(path))
        raw = path.read_bytes()
    except OSError as error:
        hint = "Check the path and its permissions."
        raise SourceError(f"{path}: cannot be read ({error.strerror})", hint) from error
    if not raw.strip():
        raise SourceError(f"{path}: the file is empty")
    return raw


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise SourceError(
            f"{name}: {size / 1048576:.0f} MB is too large", f"At most {MAX_BYTES // 1048576} MB are read."
        )


def choose(name: str, raw: bytes, forced: str | None = None) -> Source:
    """The source for a document: the forced one, else by file name ending, else by its first bytes.

    Where several sources read the same ending, the one that recognises the first bytes is chosen.

    Raises:
        SourceError: nothing reads this format, or the document is too large.
    """
    _check_size(len(raw), name)
    if forced is not None:
        for source in sources():
            if source.name == forced:
                return source
        raise SourceError(f"unknown format {forced!r}", f"Use one of {', '.join(s.name for s in sources())}.")
    suffix, head = PurePath(name).suffix.lower(), raw[:4096]
    fitting = [source for source in sources() if not suffix or suffix in source.suffixes]
    for source in fitting:
        if source.recognises(head):
            return source
    if suffix and fitting:  # the reader says what is wrong with the file
        return fitting[-1]
    raise SourceError(
        f"{name}: no source reads {f'{suffix} files' if suffix else 'a file like this'}",
        f"Readable: {', '.join(sorted(suffixes()))}.",
    )


def decoded(raw: bytes, name: str) -> str:
    """Text of UTF-8 (or UTF-16 with a byte order mark) bytes, line ends as they are.

    Raises:
        SourceError: the bytes are in another encoding, or no text.
    """
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: is no UTF-8 text (byte {error.start})", "Save it as UTF-8.") from error
    if "\x00" in text:
        raise SourceError(f"{name}: is a binary file, not text")
    return text


def missing_library(name: str, library: str) -> SourceError:
    """The error for a format whose library is not installed."""
    return SourceError(f"{name}: reading this format needs {library}", "pip install 'askcv-agents[documents]'")


def no_text(name: str) -> SourceError:
    """The error for a document in which nothing is written."""
    return SourceError(f"{name}: holds no text", "Check that it is the right file and was saved whole.")
