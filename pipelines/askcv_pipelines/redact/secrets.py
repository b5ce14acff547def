"""Secrets: tokens of well-known shapes, private keys, logins in addresses, and values that stand after a telling word.

Every repetition is bounded, or possessive over one set of characters: no text makes these rules slow. Most texts hold
nothing of the kind: a rule is tried where one of the words stands without which it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_TOKENS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"askcv_(?:ext|agt|mcp)_[\w-]{8,}+|"
    r"gh[oprsu]_\w{20,}+|github_pat_\w{20,}+|gl(?:pat|rt|dt|cbt|ptt|ft|soat)-[\w-]{16,}+|"
    r"xox[abeprs]-[\w-]{10,}+|xapp-\d-[\w-]{16,}+|hooks\.slack\.com/services/[\w/]{20,}+|"
    r"discord(?:app)?\.com/api/webhooks/\d{10,25}/[\w-]{20,}+|"
    r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}(?![0-9A-Za-z])|"
    r"AIza[\w-]{30,}+|GOCSPX-[\w-]{20,}+|ya29\.[\w-]{20,}+|"
    r"[rs]k_(?:live|test)_[0-9A-Za-z]{16,}+|whsec_[0-9A-Za-z+/=]{20,}+|"
    r"sk-(?:proj|ant|svcacct|admin|or|lf)-[\w-]{16,}+|sk-\w{16,}+|"
    r"npm_[0-9A-Za-z]{30,}+|pypi-[\w-]{40,}+|hf_[0-9A-Za-z]{30,}+|dckr_pat_[\w-]{20,}+|"
    r"SK[0-9a-f]{32}(?!\w)|dapi[0-9a-f]{32}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|do[opr]_v1_[0-9a-f]{40,}+|"
    r"gl(?:sa|c)_[\w+/=]{24,}+|hv[sb]\.[\w-]{24,}+|lin_api_\w{30,}+|ntn_\w{30,}+|secret_[0-9A-Za-z]{40,}+|"
    r"ATATT3[\w=-]{40,}+|PMAK-[\w-]{40,}+|NRAK-[0-9A-Z]{24,}+|sntry[su]_[\w+/=-]{30,}+|figd_[\w-]{30,}+|"
    r"sbp_[0-9a-f]{40}|key-[0-9a-f]{32}(?!\w)|[0-9a-f]{32}-us\d{1,2}(?!\w)|AGE-SECRET-KEY-1[0-9A-Z]{50,}+"
    r")|"
    # Of several parts, each bounded: a part that fails may be tried from every place where one can begin.
    r"(?<![\w.-])(?:eyJ[\w-]{10,4000}\.[\w-]{10,8000}\.[\w-]{10,2000}|SG\.[\w-]{16,64}\.[\w-]{16,64}|"
    r"\d{8,10}:AA[\w-]{30,40})"
)
_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[^-]|-(?!----)){0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"
)
_LOGIN = re.compile(r"(?<=://)[^\s/:@]{0,100}:[^\s/@]{1,200}(?=@)")
_SIGNATURE = re.compile(r"(?<=[?&]sig=)[0-9A-Za-z%]{30,}+")

# What follows is matched on lower-case text.
_TELLING = (
    r"passwords?|passwd|passphrase|passcode|pwd|(?<![^\W_])(?:pass|pw|clave)(?![^\W_])|passwort|kennwort|mot de passe|"
    r"contrase\u00f1a|senha|l\u00f6senord|wachtwoord|has\u0142o|heslo|jelsz\u00f3|adgangskode|salasana|parola|"
    r"\u043f\u0430\u0440\u043e\u043b\u044c|\u5bc6\u7801|\u5bc6\u78bc|\u30d1\u30b9\u30ef\u30fc\u30c9"
)
_KEY = (
    r"(?:api|access|secret|private|signing|encryption|account|auth|master|subscription|license|wi-?fi|openai)[ _-]?key|"
    r"private[ _-]key[ _-]id|session[ _-]?id|secret|token|authtoken"
)
_NAMED = re.compile(
    rf"(?:(?P<password>{_TELLING})|(?P<strong>{_KEY})|(?P<weak>\bkey))[\"'`\])]{{0,2}}"
    r"(?:[ \t]{0,3}(?P<sign>:=|=>|=(?!=)|:(?!:))[ \t]{0,3}"
    r"|[ \t]{1,3}(?P<verb>is|was|lautet|ist|est|es|\u00e9|\u00e4r|je)[ \t]{0,3}:?[ \t]{1,3}|(?P<space>[ \t]{1,3}))"
    r"(?:(?P<quote>[\"'`])(?P<quoted>[^\"'`\n]{3,200})(?=[\"'`])|(?P<bare>[^\s\"'`,;<>(){}\[\]]{4,400}))"
)
# "Passwort für den Server: …": some words between.
_LATER = re.compile(rf"(?:{_TELLING})(?: [^\W\d_]{{2,20}}){{1,4}} ?: ?(?P<bare>[^\s\"'`,;<>(){{}}\[\]]{{6,60}})")
_REST = re.compile(r"[^\s\"'`,;<>(){}\[\]]*+")
_AFTER_SCHEME = re.compile(r"\b(?:bearer|basic|token|apikey)[ \t]{1,3}(?P<bare>[a-z0-9._~+/=-]{16,4000})")
_PIN = re.compile(r"\bpin(?:[ -]?code)?[ \t]{0,2}(?:is|ist|[:=])[ \t]{0,2}(?P<bare>\d{4,8})\b")
_PAIR = re.compile(
    r"\b(?:log-?in|credentials?|zugangsdaten|account)\b"
    r"(?:[^\n/]{0,30}\b[\w.@-]{2,40} ?/ ?|[ ](?:are|is|:) ?[\w.@-]{2,40}:)"
    r"(?P<bare>[^\s,;/]{6,60})"
)
_SHELL = re.compile(
    r"\bmysql(?:dump)?\b[^\n]{0,60}? -p(?P<bare>[^\s-]\S{3,60})|"
    r"\bcurl\b[^\n]{0,80}? (?:-u|--user) ?(?P<user>[^\s:]{1,60}:\S{4,100})"
)
_COOKIE = re.compile(r"\bcookie: ?[\w.-]{1,60}=(?P<bare>[^\s;,]{12,4000})")
_BESIDE_ID = re.compile(r"(?<=[\w])\b[^\w\n]{1,6}(?P<bare>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])")

_TELLING_PARTS = (
    "pass", "pw", "clave", "kennwort", "contrase", "senha", "senord", "wachtwoord", "has\u0142o", "heslo", "jelsz",
    "adgangskode", "salasana", "parola", "\u043f\u0430\u0440\u043e\u043b\u044c", "\u5bc6",
    "\u30d1\u30b9\u30ef\u30fc\u30c9",
)  # fmt: skip
_NAMED_PARTS = (*_TELLING_PARTS, "key", "secret", "token", "session")
_BY_WORD = (
    (("bearer", "basic", "token", "apikey"), _AFTER_SCHEME),
    (("login", "log-in", "credential", "zugangsdaten", "account"), _PAIR),
    (("mysql", "curl"), _SHELL),
    (("cookie:",), _COOKIE),
    (_TELLING_PARTS, _LATER),
)
"""Rules, each with the parts of words of which a match holds one."""
_SHORTEST_TOKEN = 15
"""No token of ``_TOKENS`` has fewer characters, or white space."""
_PROSE = frozenset(
    """
    string str text none null true false required optional changed reset expired forgotten missing invalid wrong empty
    unknown hidden include omit same-origin bool boolean number varchar bytes undefined example redacted masked removed
    encrypted hashed input file self value
    """.split()
)
_PLACEHOLDER = re.compile(r"[$<{*%\[#]|(.)\1*+$|your[_ -]|my[_ -]|example|placeholder|todo", re.IGNORECASE)
_REFERENCE = re.compile(r"[A-Za-z_]\w{0,80}(?:(?:\.|::|->)[A-Za-z_]\w{0,80}){1,8}$")
_QUANTITY = re.compile(r"\d[\d.,:/-]{0,40}[a-z%]{0,12}$")
_NEXT_PARAMETER = re.compile(r"&[\w.-]{1,60}=")


def find_secrets(text: str) -> Iterator[Span]:
    """Where secrets stand, in no order; spans may overlap."""
    if "-----BEGIN" in text:
        yield from (found.span() for found in _KEY_BLOCK.finditer(text))
    if "://" in text:
        yield from (found.span() for found in _LOGIN.finditer(text))
    if "sig=" in text:
        yield from (found.span() for found in _SIGNATURE.finditer(text))
    has_token = any(_TOKENS.search(word) for word in text.split() if len(word) >= _SHORTEST_TOKEN)
    for found in _TOKENS.finditer(text) if has_token else ():
        yield found.span()
        if found[0].startswith(("AKIA", "ASIA")) and (pair := _BESIDE_ID.match(text, found.end())):
            yield pair.span("bare")
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose small form is longer: its place would be lost
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    yield from _after_words(text, lowered)


def _after_words(text: str, lowered: str) -> Iterator[Span]:
    at = 0 if any(part in lowered for part in _NAMED_PARTS) else len(lowered)
    while found := _NAMED.search(lowered, at):
        at = max(found.end(found.lastgroup or 0), found.start() + 1)
        span = _value(text, found)
        if span is not None:
            yield span
        else:
            # "token: access_key=…": the word may stand where the value was looked for.
            at = found.start("quoted" if found["quote"] else "bare")
    for parts, pattern in _BY_WORD:
        for found in pattern.finditer(lowered) if any(part in lowered for part in parts) else ():
            value = found[found.lastgroup or 0]
            if _mixed(value) and not _QUANTITY.match(value):
                yield found.span(found.lastgroup or 0)
    if "pin" in lowered:
        yield from (found.span("bare") for found in _PIN.finditer(lowered))


def _value(text: str, found: re.Match[str]) -> Span | None:
    """The span of a value after a telling word, where it is one: prose goes on with words, code with references."""
    start, end = found.span("quoted" if found["quote"] else "bare")
    value = text[start:end]
    if not found["quote"]:
        value = _NEXT_PARAMETER.split(value, maxsplit=1)[0].rstrip(".:?*_")
        if text[start + len(value) : start + len(value) + 1] in {"(", "[", "{"}:
            return None
    if len(value) < 3 or _PLACEHOLDER.match(value) or value.lower() in _PROSE:
        return None
    stated = found["sign"] is not None and (found["quote"] or found["sign"] != ":" or text[start - 1] == ":")
    judge = _is_password if found["password"] else _is_key if found["strong"] else _is_long
    if not judge(value, bool(stated), found):
        return None
    longer = _REST.match(text, end) if start + len(value) == end and not found["quote"] else None
    return start, longer.end() if longer else start + len(value)


def _is_password(value: str, stated: bool, found: re.Match[str]) -> bool:
    if any(word in value.lower() for word in ("passw", "pwd", "secret")) or _REFERENCE.match(value):
        return False
    if found["quote"]:
        return not found["space"] or _mixed(value)
    if stated:
        return True
    if found["space"]:
        return len(value) >= 8 and _mixed(value) and not _QUANTITY.match(value)
    return (_mixed(value) or value.isdecimal()) and not _QUANTITY.match(value + ("x" if value.isdecimal() else ""))


def _is_key(value: str, stated: bool, found: re.Match[str]) -> bool:
    if (
        " " in value
        or (value.count("/") > 2 and value.islower())
        or _REFERENCE.match(value)
        or not _mixed(value)
        or _QUANTITY.match(value)
    ):
        return False
    return len(value) >= (8 if stated else 16 if found["space"] else 12) and "://" not in value


def _is_long(value: str, _stated: bool, found: re.Match[str]) -> bool:
    return not found["space"] and len(value) >= 32 and _mixed(value) and value.replace("_", "").isalnum()


def _mixed(value: str) -> bool:
    """Digits and letters: words have no digits, and figures no letters."""
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
