"""Writes the project's own labelled documents in the corpus's layout: ``labelled.py OUT``."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "labelled"
MARK = re.compile(r"[ \t]*⟦([a-z_]+)(?:: ([^⟧]+))?⟧")
START = re.compile(
    r"""\s*(?:[-*+]\s+(?:\[[ x]\]\s+)?|\|\s*|(?:<\w+>)+|ACTION:\s+|\{"author".*?"body":\s*"|"body":\s*")?"""
    r"""(?:[A-Z]\w+(?: [A-Z]\w+)?:\s+(?=\S))?"""
)


def parsed(source: str) -> tuple[str, dict[str, Any]]:
    """The document without its marks, and its gold labels."""
    first, _, body = source.partition("\n")
    kind, name, aliases, file = (part.strip() for part in first.removeprefix("@").split("|"))
    items: list[dict[str, Any]] = []
    ignore: list[str] = []
    lines = []
    for line in body.split("\n"):
        for mark in MARK.finditer(line):
            passage = MARK.sub("", line[: mark.start()])
            passage = html.unescape(passage[START.match(passage).end() :].strip())  # type: ignore[union-attr]
            if mark[1] == "ignore":
                ignore.append(passage)
            else:
                items.append({"domain": mark[1], "quote": passage} | ({"name": mark[2]} if mark[2] else {}))
        lines.append(MARK.sub("", line))
    subject = {"name": name or None, "aliases": [alias.strip() for alias in aliases.split(",") if alias.strip()]}
    gold = {"kind": kind, "subject": subject, "source": {"origin": "own"}, "items": items, "ignore": ignore}
    return "\n".join(lines), gold | {"file": file}


def main() -> None:
    out = Path(sys.argv[1])
    for path in sorted(HERE.glob("*.txt")):
        text, gold = parsed(path.read_text("utf-8"))
        folder = out / gold["kind"] / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        (folder / gold.pop("file")).write_text(text, "utf-8")
        gold["source"] = {"origin": f"own/{path.stem}"}
        (folder / "gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
