"""Labels of published documents that train the ``rules`` extractor beside the corpus; no text of theirs is kept here.

    elsewhere.py TEXTS OUT            writes the corpus's layout, for ``train_rules.py --more OUT``
    elsewhere.py --label FOLDER       writes the labels of documents that are laid out and labelled in FOLDER

``elsewhere/labels.json`` holds for each document where it is published (``owner/repository:path@commit``), the SHA-256
of its text as labelled, and every label as an interval of that text: items, passages that do not count, and the names
of the subject. TEXTS is a folder with the texts, under any names: they are told by their SHA-256, and what is missing
is listed. Offsets are of characters in the file; in JSON, of the decoded strings joined by line feeds.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LABELS = Path(__file__).parent / "elsewhere/labels.json"
SPACE = re.compile(r"\s+")
LITERAL = {"I"}
"""Names of a subject that are no name."""


def main() -> None:
    if sys.argv[1] == "--label":
        entries = [labelled(path) for path in sorted(Path(sys.argv[2]).glob("*/*/gold.json"))]
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
        LABELS.write_text(f"[\n{lines}\n]\n", "utf-8")
        print(f"{len(entries)} documents, {sum(len(entry['items']) for entry in entries)} items")
        return
    texts, out = Path(sys.argv[1]), Path(sys.argv[2])
    found = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in texts.rglob("*") if path.is_file()}
    for entry in json.loads(LABELS.read_text("utf-8")):
        if path := found.get(entry["sha256"]):
            lay_out(entry, path, out)
        else:
            print(f"missing: {entry['origin']}", file=sys.stderr)


def lay_out(entry: dict[str, Any], path: Path, out: Path) -> None:
    """One document and its gold labels, with the texts that the intervals stand for."""
    text = content(path.read_bytes().decode("utf-8"), entry["file"])

    def said(interval: list[int]) -> str:
        return text[interval[0] : interval[1]]

    items = [
        {"domain": item["domain"], "quote": said(item["at"])}
        | ({"name": item["name"]} | aka(item) if "name" in item else {})
        for item in entry["items"]
    ]
    names = [name if isinstance(name, str) else said(name) for name in entry["subject"]]
    subject = {"name": None if entry["unnamed"] else names[0], "aliases": names if entry["unnamed"] else names[1:]}
    gold = {"kind": entry["kind"], "subject": subject, "source": {"origin": entry["origin"]}, "items": items,
            "ignore": [said(interval) for interval in entry["ignore"]]}  # fmt: skip
    folder = out / entry["kind"] / entry["id"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / entry["file"]).write_bytes(path.read_bytes())
    (folder / "gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1), "utf-8")


def aka(item: dict[str, Any]) -> dict[str, Any]:
    return {"aka": item["aka"]} if "aka" in item else {}


def labelled(path: Path) -> dict[str, Any]:
    """The labels of one laid-out document as intervals; passages and names that it does not hold are left out."""
    gold, file = json.loads(path.read_text("utf-8")), next(path.parent.glob("document.*"))
    raw = file.read_bytes()
    text = content(raw.decode("utf-8"), file.name)
    names = [name for name in (gold["subject"]["name"], *gold["subject"]["aliases"]) if name]
    subject = [found for name in names if (found := name if name in LITERAL else interval(text, name))]
    unnamed = gold["subject"]["name"] is None or all(isinstance(name, str) for name in subject)
    items = []
    for item in gold["items"]:
        if at := interval(text, item["quote"]):
            named = {key: item[key] for key in ("name", "aka") if item.get(key)} if item["domain"] == "skills" else {}
            items.append({"domain": item["domain"], "at": at, **named})
    return {
        "id": path.parent.name, "kind": gold["kind"], "file": file.name, "origin": gold["source"]["origin"],
        "sha256": hashlib.sha256(raw).hexdigest(), "unnamed": unnamed, "subject": subject,
        "items": items, "ignore": [at for passage in gold.get("ignore", []) if (at := interval(text, passage))],
    }  # fmt: skip


def content(text: str, file: str) -> str:
    return "\n".join(strings(json.loads(text))) if file.endswith(".json") else text


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def interval(text: str, passage: str) -> list[int] | None:
    """Where a passage stands; in HTML a reader's text has other white space and no references."""
    if (at := text.find(passage)) >= 0:
        return [at, at + len(passage)]
    words = [re.escape(word) for word in SPACE.split(passage.strip())]
    found = re.search(r"(?:\s|<[^<>]*>|&nbsp;)+".join(words), html.unescape(text) if "&" not in text else text)
    return [*found.span()] if found else None


if __name__ == "__main__":
    main()
