"""What is masked before anything leaves this machine: the one place that says it.

    Redactor().text("Mail ada@example.org")  → "Mail [e-mail address]", {"e-mail address": 1}

By rule: addresses, phone numbers, account numbers, secrets and blocks of code, which have a shape. By list: ``terms``
of the person's own, and ``names`` of third parties as far as a document gives them. What has no shape and stands on no
list is not found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

__all__ = ["KINDS", "PEOPLE", "Finding", "Kind", "Names", "Redactor", "mask_of", "masks_only"]

Kind = Literal["code", "secret", "e-mail address", "account number", "phone number", "term", "name"]
KINDS: tuple[Kind, ...] = ("code", "secret", "e-mail address", "account number", "phone number", "term", "name")
"""Every kind, as it is counted; of two findings that overlap, the one of the earlier kind gives its name to both."""

Names = Literal["keep", "mask"]
"""What becomes of third parties' names."""

_MASKS: Mapping[Kind, str] = {kind: f"[{kind}]" for kind in KINDS} | {"term": "[redacted]"}
_MASK = re.compile("|".join(map(re.escape, _MASKS.values())))
_ONLY_MASKS = re.compile(rf"(?:(?:{_MASK.pattern})|\W|\b(?:and|und|et|y|with)\b){{1,400}}")
_PASSES = 8

SECRETS_ONLY = frozenset({"url", "credentialId"})
"""Fields that are addresses or numbers by nature: only secrets are masked in them."""
PEOPLE = frozenset({"author", "owner", "requestedBy"})
"""Fields that hold a person: left out where nothing of them but masks would remain."""


class Finding(NamedTuple):
    """``text[start:end]`` is to be masked."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Redactor:
    """Says what is masked. ``terms`` are masked as whole words in any letter case. ``names`` are third parties';
    ``own`` are the names of the person whose record it is, which are never masked."""

    terms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    def knowing(self, names: Iterable[str], own: Iterable[str] = ()) -> Redactor:
        """This one, with more names."""
        return replace(
            self,
            names=tuple(dict.fromkeys((*self.names, *names))),
            own=tuple(dict.fromkeys((*self.own, *own))),
        )

    def text(self, text: str, *, any_case: bool = False) -> tuple[str, Counter[Kind]]:
        """The text with each finding masked, and how many of each kind there were. Masking again changes nothing: a
        mask may end a word that hid something else, so the text is searched until nothing is found."""
        counts: Counter[Kind] = Counter()
        for _ in range(_PASSES):
            findings = self.findings(text, any_case=any_case)
            if not findings:
                return text, counts
            parts, at = [], 0
            for start, end, kind in findings:
                parts += [text[at:start], _MASKS[kind]]
                counts[kind] += 1
                at = end
            text = "".join([*parts, text[at:]])
        return "[secret]", counts + Counter({"secret": 1})  # made to have findings without end: none of it leaves

    def findings(self, text: str, *, any_case: bool = False) -> list[Finding]:
        """What is to be masked, in order and apart from each other; masks that stand there already are left alone."""
        found = sorted(self._search(text, any_case), key=lambda f: (f.start, -f.end))
        if not found:
            return []
        masks = [mask.span() for mask in _MASK.finditer(text)]
        merged: list[Finding] = []
        for finding in _beside(found, masks):
            if merged and finding.start < merged[-1].end:
                last = merged[-1]
                kind = min(last.kind, finding.kind, key=KINDS.index)
                merged[-1] = Finding(last.start, max(last.end, finding.end), kind)
            else:
                merged.append(finding)
        return merged

    def json(self, value: Any) -> tuple[Any, Counter[Kind]]:
        """A JSON value with every string masked; fields of ``SECRETS_ONLY`` and ``PEOPLE`` have a rule of their own."""
        if isinstance(value, str):
            return self.text(value)
        counts: Counter[Kind] = Counter()
        if isinstance(value, Mapping):
            masked: dict[str, Any] = {}
            for name, inner in value.items():
                field, more = _secrets_only(inner) if name in SECRETS_ONLY else self.json(inner)
                counts += more
                if not (name in PEOPLE and more and masks_only(field)):
                    masked[name] = field
            return masked, counts
        if isinstance(value, list | tuple):
            pairs = [self.json(inner) for inner in value]
            return [inner for inner, _ in pairs], sum((more for _, more in pairs), counts)
        return value, counts

    def _search(self, text: str, any_case: bool) -> Iterator[Finding]:
        from askcv_pipelines.redact.rules import found, listed  # noqa: PLC0415 - their patterns, with the first text

        for kind, start, end in found(text):
            yield Finding(start, end, kind)
        if self.terms or self.names:
            for kind, start, end in listed(text, self.terms, self.names, self.own, any_case=any_case):
                yield Finding(start, end, kind)


def mask_of(kind: Kind) -> str:
    """What stands in the place of a finding."""
    return _MASKS[kind]


def masks_only(text: object) -> bool:
    """Whether nothing but masks is left of a text."""
    return isinstance(text, str) and bool(_MASK.search(text) and _ONLY_MASKS.fullmatch(text))


def _beside(found: list[Finding], masks: list[tuple[int, int]]) -> Iterator[Finding]:
    """The findings, but for those inside a mask; one that reaches into a mask takes all of it."""
    at = 0
    for start, end, kind in found:
        while at < len(masks) and masks[at][1] <= start:
            at += 1
        touched = []
        for mask in masks[at:]:
            if mask[0] >= end:
                break
            touched.append(mask)
        if any(a <= start and end <= b for a, b in touched):
            continue
        yield Finding(min([start, *(a for a, _ in touched)]), max([end, *(b for _, b in touched)]), kind)


def _secrets_only(value: Any) -> tuple[Any, Counter[Kind]]:
    if not isinstance(value, str):
        return value, Counter()
    from askcv_pipelines.redact.secrets import find_secrets  # noqa: PLC0415

    masked, at, count = "", 0, 0
    for start, end in sorted(find_secrets(value)):
        if end > at:
            masked += value[at : max(at, start)] + "[secret]" * (start >= at)
            at, count = end, count + 1
    counts: Counter[Kind] = Counter({"secret": count}) if count else Counter()
    return masked + value[at:], counts
