"""What is masked before anything leaves this machine: addresses, phone numbers and secrets in free text.

By rule, so it finds what has a shape. It finds no names: third parties stay as the document wrote them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["secret", "e-mail address", "phone number"]

# Secrets first: some of them contain what looks like the others.
RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "secret",
        re.compile(
            r"\b(?:askcv_(?:ext|agt|mcp)_[\w-]{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|"
            r"sk-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|"
            r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})|"
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----|"
            r"(?<=://)[^\s/:@]+:[^\s/@]+(?=@)|"
            r"(?i:(?<=password: )|(?<=password=)|(?<=passwort: )|(?<=token: )|(?<=api_key=))\S{6,}",
            re.DOTALL,
        ),
    ),
    ("e-mail address", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")),
    (
        "phone number",
        re.compile(r"(?<![\w.+/-])(?:\+\d{1,3}[ .-]?)(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}\b|"
                   r"(?<![\w./-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b"),
    ),
)  # fmt: skip


def redacted(text: str) -> tuple[str, Counter[Kind]]:
    """The text with each finding masked as ``[e-mail address]``, and how many of each kind there were."""
    found: Counter[Kind] = Counter()
    for kind, pattern in RULES:
        text, count = pattern.subn(f"[{kind}]", text)
        if count:
            found[kind] += count
    return text, found


def redacted_json(value: Any, *, keep: frozenset[str] = frozenset({"url"})) -> tuple[Any, Counter[Kind]]:
    """Every string of a JSON value, redacted; fields named in ``keep`` stay as they are, but for secrets."""
    if isinstance(value, str):
        return redacted(value)
    found: Counter[Kind] = Counter()
    if isinstance(value, Mapping):
        masked: dict[str, Any] = {}
        for name, inner in value.items():
            masked[name], more = _secrets_only(inner) if name in keep else redacted_json(inner, keep=keep)
            found += more
        return masked, found
    if isinstance(value, list | tuple):
        pairs = [redacted_json(inner, keep=keep) for inner in value]
        return [inner for inner, _ in pairs], sum((more for _, more in pairs), found)
    return value, found


def _secrets_only(value: Any) -> tuple[Any, Counter[Kind]]:
    if not isinstance(value, str):
        return value, Counter()
    text, count = RULES[0][1].subn("[secret]", value)
    return text, Counter({"secret": count}) if count else Counter()
