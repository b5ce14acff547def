"""CSV exports of review tools and forms. The document's text is canonical: prompts as headings, answers below them.

Two forms are known: a row for each answer (``Section, Question, Answer``), and a row for each respondent, whose columns
are the prompts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import decoded, no_text
from askcv_pipelines.sources.canonical import Canonical, day, storable
from askcv_pipelines.sources.text import text_blocks
from askcv_pipelines.values import RawDocument

PROMPT = re.compile(r"\W*(?:section|category|competenc|question|prompt|topic|area|theme|criteri|objective|goal)", re.I)
PERSON = re.compile(r"\W*(?:name|full name|reviewer|respondent|author|from|provider|given by|rater)\b(?! of)", re.I)
DATED = re.compile(r"\W*(?:date|timestamp|submitted|created|completed|start time|completion time)\b", re.I)
ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
LETTERS = re.compile(r"[^\W\d_]{2}")
DELIMITERS = ",;\t|"
LONGEST_FIELD = 1_000_000
MAX_CELLS = 500_000


class CsvSource:
    name = "csv"
    suffixes = (".csv", ".tsv")

    def recognises(self, head: bytes) -> bool:
        lines = [line for line in head.split(b"\n") if line.strip()][:4]
        counts = {line.count(b",") + line.count(b"\t") for line in lines}
        return b"\x00" not in head and len(lines) >= 3 and len(counts) == 1 and counts.pop() >= 2

    def read(self, raw: bytes, name: str) -> RawDocument:
        rows = rows_of(decoded(raw, name), name)
        content = Canonical()
        date = _add(content, rows)
        if not content.blocks:
            raise no_text(name)
        return RawDocument(content.text, tuple(content.blocks), date=date)


def rows_of(text: str, name: str) -> list[list[str]]:
    """The rows that hold something, the header first.

    Raises:
        SourceError: it is no CSV, too large, or has no rows below the header.
    """
    csv.field_size_limit(LONGEST_FIELD)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            cells += len(row)
            if cells > MAX_CELLS:
                raise SourceError(f"{name}: holds too many cells", f"At most {MAX_CELLS} are read.")
            if any(cell.strip() for cell in row):
                rows.append([storable(cell).strip() for cell in row])
    except csv.Error as error:
        raise SourceError(f"{name}: is no CSV ({error})", "Export it again, as CSV in UTF-8.") from error
    if len(rows) < 2:
        raise SourceError(f"{name}: holds no rows below its header", "Export it again, as CSV in UTF-8.")
    return rows


def _delimiter(text: str) -> str:
    """What divides the header. The standard sniffer takes letters for delimiters where answers are prose."""
    header = re.sub(r'"[^"]*"', "", text[:20_000]).split("\n", 1)[0]
    return max(DELIMITERS, key=header.count)


def _add(content: Canonical, rows: Sequence[Sequence[str]]) -> str | None:
    """Adds the table to ``content``; the latest ISO date of its date columns."""
    header, body = rows[0], rows[1:]
    people = {at for at, label in enumerate(header) if PERSON.match(label)}
    dates = {at for at, label in enumerate(header) if DATED.match(label)}
    prompts = [at for at, label in enumerate(header) if PROMPT.match(label) and at not in people | dates]
    answers = [at for at in range(len(header)) if at not in people | dates | set(prompts)]
    if not prompts or not answers or _is_wide(prompts, body):
        prompts, answers = [], [at for at in range(len(header)) if at not in people | dates]
    _add_rows(content, rows, prompts, answers)
    found = (ISO_DATE.search(row[at]) for row in body for at in dates if at < len(row))
    days = (day(f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}") for m in found if m)
    return max((found for found in days if found), default=None)


def _is_wide(prompts: Sequence[int], body: Sequence[Sequence[str]]) -> bool:
    """Whether the columns that look like prompts hold answers: prompts are shorter than a paragraph."""
    lengths = [len(row[at]) for row in body for at in prompts if at < len(row)]
    return bool(lengths) and sum(lengths) / len(lengths) > 300


def _add_rows(
    content: Canonical, rows: Sequence[Sequence[str]], prompts: Sequence[int], answers: Sequence[int]
) -> None:
    header = rows[0]
    people = [at for at, label in enumerate(header) if PERSON.match(label)]
    shown: list[str] = []
    for row in rows[1:]:
        speaker = next((row[at] for at in people if at < len(row) and row[at]), None)
        path = [row[at] if at < len(row) else "" for at in prompts]
        same = 0
        while same < len(path) and path[: same + 1] == shown[: same + 1]:
            same += 1
        for level in range(same, len(path)):
            content.block(path[level], "heading", level=level + 1)
        shown = path
        for at in answers:
            if at >= len(row) or not row[at]:
                continue
            # Where a prompt has one column of answers, its label ("Answer") says nothing.
            if not prompts or len(answers) > 1:
                content.block(header[at], "heading", level=len(path) + 1)
            _add_answer(content, row[at], speaker)


def _add_answer(content: Canonical, answer: str, speaker: str | None) -> None:
    answer = answer.replace("\r\n", "\n").replace("\r", "\n")
    if not LETTERS.search(answer):  # a rating, a yes/no, a date: not prose that says something
        content.block(answer, zone="furniture")
        return
    said = (replace(block, speaker=speaker) for block in text_blocks(answer, speakers=False))
    content.embed(answer, (replace(b, kind="paragraph") if b.kind == "heading" else b for b in said))
