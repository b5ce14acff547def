"""The HTML report of a run: documents with their evidence highlighted by domain, items beside, rejections below.

One self-contained page, readable and printable. Every text is escaped, and the page's own policy forbids scripts and
anything from elsewhere, so a hostile document can only be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from askcv_agents.domains import DOMAINS
from askcv_pipelines.events import Decided, Failure, RunReport
from askcv_pipelines.values import Decision, Duplicate, Item, Rejection, Review

CSS = (Path(__file__).parent / "page.css").read_text("utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_page(report: RunReport, documents: Sequence[Decided], failures: Sequence[Failure] = ()) -> str:
    """The page. ``documents`` must carry their texts (``Pipeline(keep_text=True)``)."""
    counts = report.counts
    summary = " · ".join(f"{counts[name]} {name}" for name in ("documents", "items", "known", "rejected"))
    summary += f" · {counts['held']} held back" if counts["held"] else ""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Career items: {escape(summary)}</title><style>{CSS}</style></head><body>",
        f'<header><h1>Career items with their evidence</h1><p>{escape(summary)}</p><ul class="legend">',
        *(f'<li class="{name}">{escape(_words(name))}</li>' for name in _used(documents)),
        "</ul></header><main>",
    ]
    for number, decided in enumerate(documents):
        parts += _document(number, decided)
    if failures:
        parts += [
            "<section><h2>Not read</h2><ul>",
            *(f"<li>{escape(f.message)}</li>" for f in failures),
            "</ul></section>",
        ]
    return "\n".join([*parts, "</main></body></html>"]) + "\n"


def _document(number: int, decided: Decided) -> Iterator[str]:
    info = decided.result.document
    who = info.subject.name or "the author"
    yield f"<section><h2>{escape(info.id)} <small>{escape(_words(info.kind))}, for {escape(who)}</small></h2>"
    yield '<div class="pair"><div class="text">' + _marked(number, decided) + "</div><ol>"
    for index, decision in enumerate(decided.decisions):
        yield _item(f"{number}-{index}", decision)
    yield "</ol></div>"
    if decided.result.gaps:
        yield "<h3>Not read: the document is partial</h3><ul>"
        yield from (f"<li>{escape(gap.where)}: {escape(gap.reason)}</li>" for gap in decided.result.gaps)
        yield "</ul>"
    if decided.held:
        yield "<h3>Held back</h3><ol>"
        for index, decision in enumerate(decided.held, start=len(decided.decisions)):
            yield _item(f"{number}-{index}", decision, quoted=True)
        yield "</ol>"
    if decided.result.rejections:
        yield '<h3>Rejected</h3><ul class="rejected">'
        yield from (_rejection(rejection) for rejection in decided.result.rejections)
        yield "</ul>"
    yield "</section>"


def _marked(number: int, decided: Decided) -> str:
    """The text with a mark around each piece of evidence. Where two overlap, the text belongs to the first; the other
    has an anchor there, so that its item still leads to its place."""
    text = decided.result.text or ""
    spans = sorted(
        (proof.start, proof.end, index, nth, decision.item.domain)
        for index, decision in enumerate((*decided.decisions, *decided.held))
        for nth, proof in enumerate(decision.item.evidence)
    )
    parts, at = [], 0
    for start, end, index, nth, domain in spans:
        parts.append(escape(text[at:start]))
        fresh = max(at, start)
        place = _anchor(f"{number}-{index}", nth)
        parts.append(f'<span id="{place}"></span>')
        if fresh < end:
            parts.append(f'<mark class="{domain}">{escape(text[fresh:end])}</mark>')
        at = max(fresh, end)
    parts.append(escape(text[at:]))
    return "".join(parts)


def _item(anchor: str, decision: Decision, *, quoted: bool = False) -> str:
    """An item. The passages of a group are listed, and those of others where they are to be ``quoted``."""
    item = decision.item
    label = DOMAINS[item.domain].label
    fields = [
        f"<dt>{escape(_words(name))}</dt><dd>{escape(_value(value))}</dd>"
        for name, value in item.payload.to_wire().items()
        if name != label and _value(value) not in {item.label, item.evidence[0].quote}
        if not (item.parts and "\n" in _value(value))  # the passages are listed, each with its place
    ]
    note = ""
    if isinstance(decision, Duplicate):
        note = f'<p class="note">known: {escape(decision.why)}</p>'
    elif isinstance(decision, Review):
        note = (
            f'<p class="note">for review: {escape(decision.why)}</p>'
            f'<blockquote class="near"><small>{escape(decision.near.state)}</small> '
            f"{escape(decision.near.said)}</blockquote>"
        )
    passages = _passages(anchor, item) if item.parts or quoted else ""
    return (
        f'<li class="{item.domain}"><p class="domain">{escape(_words(item.domain))}</p>'
        f'<p class="label"><a href="#{_anchor(anchor)}">{escape(item.label)}</a></p>{passages}'
        f"<dl>{''.join(fields)}</dl>{note}"
        f'<p class="where">{escape(item.evidence[0].locator)} · confidence {item.confidence:.0%}</p></li>'
    )


def _passages(anchor: str, item: Item) -> str:
    """An item's passages, each leading to its place."""
    listed = [
        f'<li><a href="#{_anchor(anchor, nth)}">{escape(proof.quote)}</a></li>'
        for nth, proof in enumerate(item.evidence)
    ]
    return '<ul class="passages">' + "".join(listed) + "</ul>"


def _anchor(item: str, nth: int = 0) -> str:
    return f"e{item}-{nth}" if nth else f"e{item}"


def _rejection(rejection: Rejection) -> str:
    why = _words(rejection.reason) + (f" ({rejection.detail})" if rejection.detail else "")
    what, quote = _words(rejection.candidate.domain), rejection.candidate.quote
    return f"<li><b>{escape(what)}</b>: {escape(why)} — “{escape(quote)}”</li>"


def _used(documents: Sequence[Decided]) -> list[str]:
    used = {decision.item.domain for d in documents for decision in (*d.decisions, *d.held)}
    return [name for name in DOMAINS if name in used]


def _words(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).replace("_", " ")


def _value(value: object) -> str:
    return " · ".join(map(str, value)) if isinstance(value, list) else str(value)
