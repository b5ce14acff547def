"""How often an honest proposal is refused: what the offline extractor finds in ``labelled`` is proposed as an
agent would, with the extractor's fields and quote. A refusal of one that its label confirms is a false one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from labelled import parsed

from askcv_pipelines.agent.proposals import fields_of, proposed
from askcv_pipelines.extractors import extractor
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Document, Item, Rejection, Subject
from askcv_pipelines.verify import verify_all

HERE = Path(__file__).parent / "labelled"


def proposal(item: Item, document: Document) -> Item | Rejection:
    pairs = [
        (name, "; ".join(value) if isinstance(value, list) else str(value))
        for name, value in item.payload.to_wire().items()
    ]
    fields = fields_of(item.domain, pairs)
    assert not isinstance(fields, tuple), fields
    return proposed(item.domain, fields, item.evidence[0].quote, document)


def main() -> None:
    rules = extractor("rules")
    count, refused = 0, Counter[tuple[str, bool]]()
    for path in sorted(HERE.glob("*.txt")):
        text, gold = parsed(path.read_text("utf-8"))
        subject = Subject(gold["subject"]["name"], tuple(gold["subject"]["aliases"]))
        document = read_bytes(text.encode(), gold["file"], subject, kind=gold["kind"])
        labels = [(label["domain"], " ".join(label["quote"].split())) for label in gold["items"]]
        for item in verify_all(rules.extract(document), document)[0]:
            count += 1
            if isinstance(result := proposal(item, document), Rejection):
                quote = " ".join(item.evidence[0].quote.split())
                right = any(domain == item.domain and (quote in q or q in quote) for domain, q in labels)
                refused[result.reason, right] += 1
    false = sum(number for (_, right), number in refused.items() if right)
    print(f"{count} items proposed: {refused.total()} refused, {false} of them right by their label")
    for (reason, right), number in sorted(refused.items()):
        print(f"  {reason}, {'right' if right else 'not in the labels'}: {number}")


if __name__ == "__main__":
    main()
