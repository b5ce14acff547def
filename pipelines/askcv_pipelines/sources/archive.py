"""Zip archives, read with bounds: a few kilobytes can unpack to terabytes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from askcv_agents.errors import SourceError

DAMAGE = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, LookupError, struct.error)
MAX_ENTRIES = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
"""Largest size of everything in an archive, in bytes, unpacked."""


def opened(raw: bytes, name: str) -> zipfile.ZipFile:
    """The archive, once its directory says that it is whole and of a sane size.

    An entry is never unpacked beyond the size that the directory gives for it, so that checking those is enough.

    Raises:
        SourceError: it is none, damaged, encrypted, or too large.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        entries = archive.infolist()
    except DAMAGE as error:
        raise SourceError(f"{name}: is damaged or cut off", "Download or export it again.") from error
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or size > MAX_UNPACKED:
        raise SourceError(
            f"{name}: unpacks to {len(entries)} files of {size // 1048576} MB",
            f"At most {MAX_ENTRIES} files and {MAX_UNPACKED // 1048576} MB are read.",
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise SourceError(f"{name}: is encrypted", "Save a copy without a password.")
    return archive


def contents(archive: zipfile.ZipFile, suffixes: tuple[str, ...], name: str) -> Iterator[tuple[str, bytes]]:
    """The path and bytes of each file that ends with one of ``suffixes``, by path.

    Raises:
        SourceError: one of them is damaged, or packed in a way that cannot be unpacked.
    """
    for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
        # By its name alone: asked whether it is a folder, the library fails on an entry without a name.
        if not entry.filename.lower().endswith(suffixes):
            continue
        try:
            yield entry.filename, archive.read(entry)
        except (*DAMAGE, zlib.error, RuntimeError) as error:
            raise SourceError(f"{name}: a file inside it is damaged", "Download or export it again.") from error
