"""Writes the project's own labelled documents in the corpus's layout: ``labelled.py OUT``."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Any

from askcv_pipelines.extractors.rules.vocabulary import mentions

HERE = Path(__file__).parent / "labelled"
MARK = re.compile(r"[ \t]*⟦([a-z_]+)(?:: ([^⟧]+))?⟧")
OPEN = "⟦>⟧"
QUOTE = re.compile(r'(?<!\\)"')
START = re.compile(
    r"""\s*(?:\[?\d\d:\d\d(?::\d\d)?\]?\s+(?:<[\w.-]+>\s+)?)?"""
    r"""(?:(?:[-*+]|\d+[.)])\s+(?:\[[ x]\]\s+)?|\|\s*|(?:<\w+>)+|ACTION:\s+)?"""
    r"""(?:[A-Z]\w+(?: [A-Z]\w+)?:\s+(?=\S))?"""
)


def parsed(source: str) -> tuple[str, dict[str, Any]]:
    """The document without its marks, and its gold labels."""
    first, _, body = source.partition("\n")
    kind, name, aliases, file = (part.strip() for part in first.removeprefix("@").split("|"))
    items: list[dict[str, Any]] = []
    ignore: list[str] = []
    start = end = 0  # of the passage and of the mark before
    for mark in MARK.finditer(body):
        if not end or body[end : mark.start()].strip():  # else one more mark on the same passage
            start = begin(body, end, mark.start(), file)
        passage = MARK.sub("", body[start : mark.start()]).replace(OPEN, "").strip()
        if file.endswith(".json"):
            passage = json.loads(f'"{passage}"')
        elif file.endswith(".html"):
            passage = html.unescape(passage)
        if mark[1] == "ignore":
            ignore.append(passage)
        else:
            named = {"name": mark[2], "aka": also(mark[2])} if mark[2] else {}
            items.append({"domain": mark[1], "quote": passage} | named)
        end = mark.end()
    subject = {"name": name or None, "aliases": [alias.strip() for alias in aliases.split(",") if alias.strip()]}
    gold = {"kind": kind, "subject": subject, "source": {"origin": "own"}, "items": items, "ignore": ignore}
    return MARK.sub("", body).replace(OPEN, ""), gold | {"file": file}


def also(name: str) -> list[str]:
    """Other names that the vocabulary has for a skill."""
    return [found.skill.name for found in mentions(name) if (found.start, found.end) == (0, len(name))]


def begin(body: str, end: int, mark: int, file: str) -> int:
    """Where the passage before ``mark`` begins; ``end`` is that of the mark before."""
    if (opened := body.rfind(OPEN, end, mark)) >= 0:
        return opened + len(OPEN)
    if file.endswith(".json"):
        return max(quote.end() for quote in QUOTE.finditer(body, 0, mark))
    line = body.rfind("\n", 0, mark) + 1
    return line + START.match(body[line:mark]).end()  # type: ignore[union-attr]


def main() -> None:
    out = Path(sys.argv[1])
    for path in sorted(HERE.glob("*.txt")):
        text, gold = parsed(path.read_text("utf-8"))
        folder = out / gold["kind"] / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        (folder / gold.pop("file")).write_text(text, "utf-8")
        gold["source"] = {"origin": f"{path.stem}/own"}
        (folder / "gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
