"""Personal data in an item: what its fields hold by their meaning, and what a text shows by its form.

Nothing is dropped or masked: findings are shown to the person whose record it is. Names in free text are not found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FIELDS = {
    ("testimonials", "author"): "a person's name",
    ("coaching_action_items", "owner"): "a person's name",
    ("coaching_action_items", "requestedBy"): "a person's name",
    ("certifications", "credentialId"): "an identifier",
}
_PATTERNS = {
    "an e-mail address": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
    "an account number": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "a card number": re.compile(r"(?<!\d )(?<![\w+])\d(?:[ -]?\d){12,18}\b"),
    "a telephone number": re.compile(r"(?<![\w.])(?<!\d )(?:\+|00)\d{1,3}(?:[ ()/.-]{0,2}\d){6,13}(?!\w)"),
    "a secret": re.compile(r"\b(?:askcv_(?:agt|ext|mcp)_|gh[pousr]_|glpat-|xox[abp]-|AKIA|sk-)[\w-]{12,}"),
    "an address of a machine": re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),
}


def findings(domain: str, payload: Mapping[str, Any]) -> list[dict[str, str]]:
    """Field and kind of what was found; never the thing itself, so that it is not kept twice."""
    found: list[dict[str, str]] = []
    for name, value in payload.items():
        if (domain, name) in FIELDS:
            found.append({"field": name, "kind": FIELDS[domain, name]})
        text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
        found += [{"field": name, "kind": kind} for kind, pattern in _PATTERNS.items() if _shows(kind, pattern, text)]
    return found


def _shows(kind: str, pattern: re.Pattern[str], text: str) -> bool:
    checks = {"an account number": _iban, "a card number": _luhn}
    check = checks.get(kind)
    return any(check is None or check(match[0]) for match in pattern.finditer(text))


def _iban(value: str) -> bool:
    compact = value.replace(" ", "")
    digits = "".join(str(int(c, 36)) for c in compact[4:] + compact[:4])
    return 15 <= len(compact) <= 34 and int(digits) % 97 == 1


def _luhn(value: str) -> bool:
    digits = [int(c) for c in reversed(value) if c.isdigit()]
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[1::2]]
    return len(digits) >= 13 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
