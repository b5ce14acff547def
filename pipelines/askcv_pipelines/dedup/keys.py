"""Exact keys: what two payloads must share to be the same item."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from askcv_agents.domains import DOMAINS

# Punctuation that carries no meaning between words; "C++", "C#", ".NET", "3.11", "30%" and "-5" keep theirs.
_EMPTY = re.compile(r"(?<![\w+#%])[^\w\s.+#%$€£<>-]+|[^\w\s.+#%$€£<>-]+(?![\w+#%])|[.,;:!?]+(?=\s|$)|[*_`]+")
_SPACE = re.compile(r"\s+")


def normalised(value: Any) -> str:
    """Text for comparison: NFKC, case folded, white space and empty punctuation folded."""
    if value is None:
        return ""
    text = unicodedata.normalize("NFKC", str(value)).casefold().replace("’", "'")
    return _SPACE.sub(" ", _EMPTY.sub(" ", text)).strip()


def identity_key(domain: str, payload: Mapping[str, Any]) -> str:
    """The normalised identity fields of a payload in wire names. Equal keys: the same item."""
    return "\x1f".join(_field(domain, name, payload) for name in DOMAINS[domain].identity)


def label_key(domain: str, payload: Mapping[str, Any]) -> str:
    """What a person knows the item by, normalised."""
    return _field(domain, DOMAINS[domain].label, payload)


def fingerprint(domain: str, payload: Mapping[str, Any]) -> str:
    """The item's identity as 32 hexadecimal digits, the same on every machine."""
    key = f"{domain}\x1e{identity_key(domain, payload)}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _field(domain: str, name: str, payload: Mapping[str, Any]) -> str:
    alias = DOMAINS[domain].model.model_fields[name].alias or name
    return normalised(payload.get(alias))
