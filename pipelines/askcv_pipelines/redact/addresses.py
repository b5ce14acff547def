"""E-mail addresses, also those that are spelled out against robots."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

ADDRESS = re.compile(
    r"(?<![\w.+'’-])@?[\w+](?:[\w.+'’-]{0,62}[\w+-])?@"
    # "icon@2x.png", "react@18.2.0-rc.one", "tool@v2.jar" are files and versions; "git@host:path" is no person
    r"(?!\dx\.|\d{1,4}\.\d|v\d{1,4}\.)"
    r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.[^\W\d_]{2,24}(?![\w@]|-\w|:[\w~.-]{1,80}/)"
)
_SPELLED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[\[({] ?(?:at|ät|@|arobase) ?[\])}] ?"
    r"[\w-]{1,63}(?: ?(?:\.|[\[({] ?(?:dot|punkt|point|\.) ?[\])}]) ?[\w-]{1,63}){1,5}\b"
    r"|(?<![\w.+-])[\w.+-]{1,64} at [\w-]{1,63}(?: dot [\w-]{1,63}){0,3} dot "
    r"(?:com|org|net|edu|gov|io|dev|de|fr|uk|eu|ch|at|nl|se|no|dk|fi|es|it|pl|in|jp|au|ca|us|br)\b",
    re.IGNORECASE,
)
_AT = re.compile(r"[\[({] ?(?:at|ät|@|arobase) ?[\])}]", re.IGNORECASE)
_FILE = re.compile(
    r"@[\w-]{1,63}\.(?:png|jpe?g|gif|svg|webp|jar|whl|zip|gz|js|ts|css|py|md|json|ya?ml|exe|dll)\Z", re.I
)


def find_addresses(text: str) -> Iterator[Span]:
    """Where e-mail addresses stand."""
    if "@" in text:
        yield from (found.span() for found in ADDRESS.finditer(text) if not _FILE.search(found[0]))
    if _AT.search(text) or " dot " in text.lower():
        yield from (found.span() for found in _SPELLED.finditer(text))
