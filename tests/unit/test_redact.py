"""What is masked, what is left alone, and that no text makes the rules fail or slow."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askcv_agents.errors import ConfigError
from askcv_pipelines.redact import KINDS, Redactor, accounts, addresses, masks_only, phones, secrets
from askcv_pipelines.redact.terms import parsed_terms

MADE = "Zk7Qw2Lm9Xc4Vb8N"
"""Has the form of a secret's letters, and opens nothing."""
KNOWING = Redactor(
    ("Acme Logistics", "Falcon", "Café Noir"), ("Dana Okafor", "Jonas Eek", "Will Park", "priya-n"), ("Maya Lindqvist",)
)


def masked(text: str, redactor: Redactor = KNOWING) -> str:
    return redactor.text(text)[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to tove@example.org today", "Write to [e-mail address] today"),
        ("tove (at) example (dot) org", "[e-mail address]"),
        ("Ring +47 23 45 67 89 at noon", "Ring [phone number] at noon"),
        ("tel. 604 123 456", "tel. [phone number]"),
        (f"token glpat-{MADE}{MADE}", "token [secret]"),
        (f"postgres://app:{MADE}@db/app", "postgres://[secret]@db/app"),
        (f'"client_secret": "{MADE}"', '"client_secret": "[secret]"'),
        ("The password is Herbst2031", "The password is [secret]"),
        (f"-----BEGIN PRIVATE KEY-----\n{MADE}\n-----END PRIVATE KEY-----", "[secret]"),
        ("IBAN BE68 5390 0754 7034", "IBAN [account number]"),
        ("card 4242 4242 4242 4242", "card [account number]"),
        ("Use\n```\nx = 1\n```\ninstead", "Use\n[code]\ninstead"),
        ("Moved ACME  logistics over", "Moved [redacted] over"),
        ("the falcon-api", "the [redacted]-api"),
        ("Cafe\u0301 Noir opened", "[redacted] opened"),
        ("Dana Okafor thanked Maya", "[name] thanked Maya"),
        ("Okafor, Dana and Eek agreed", "[name] and [name] agreed"),
        ("I asked Will, and @priya-n answered", "I asked [name], and [name] answered"),
    ],
)
def test_what_has_a_form_or_stands_on_a_list_is_masked(text: str, left: str) -> None:
    assert masked(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Commit 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567 and id 123e4567-e89b-12d3-a456-426614174000",
        "Version 4.18.2, ISBN 978-3-16-148410-0, doi:10.1000/xyz123, arXiv:1706.03762",
        "From 2023-01-31 to 28/02/2023, 10:30 - 11:15, 1 250 000 EUR",
        "The password reset flow and the token refresh are faster now",
        "password: required, token: see the wiki, secret = settings.secret",
        "`load_rows()` and a@b and @maya-l and git@example.org:team/tool.git",
        "icon@2x.png and react@18.2.0 on host-07.eu.internal at 10.1.2.3",
        "card 4242 4242 4242 4241 and BE68 5390 0754 7035 fail their checks",
        "Will this work in the falconry? Maya Lindqvist asked it.",
        "Take the first; then the second;\nfor the rest, ask.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert KNOWING.text(text) == (text, {})


def test_many_blocks_and_findings_in_one_text_leave_what_stands_between_them() -> None:
    blocks = [
        "<pre>\nx\n</pre>",
        "```\nx\n```",
        "tove@example.org",
        f"glpat-{MADE}",
        "Dana",
        "Falcon",
        "+47 23 45 67 89",
    ]
    text = " and ".join(blocks * 12)
    left, counts = KNOWING.text(text)
    assert left.count(" and ") == len(blocks) * 12 - 1
    assert counts.total() == len(blocks) * 12


def test_each_kind_is_counted() -> None:
    text = "Dana gave tove@example.org and ada@example.org to Falcon"
    assert KNOWING.text(text)[1] == {"name": 1, "e-mail address": 2, "term": 1}


def test_the_longest_of_several_terms_is_masked() -> None:
    assert masked("Project Falcon North", Redactor(("Falcon", "Project Falcon North"))) == "[redacted]"


def test_findings_that_overlap_become_one_and_leave_no_rest() -> None:
    assert masked("See tove@example.org", Redactor(("example.org today", "see tove"))) == "[e-mail address]"


def test_a_name_that_a_third_party_shares_with_the_person_is_masked_only_in_full() -> None:
    redactor = Redactor(names=("Maya Chen", "Erik Lindqvist"), own=("Maya Lindqvist",))
    assert masked("Maya met Maya Chen and Erik, Lindqvist by name", redactor) == (
        "Maya met [name] and [name], Lindqvist by name"
    )


def test_an_office_among_the_names_is_no_name() -> None:
    redactor = Redactor(names=("Dana Okafor, Head of Data", "Manager", "Speaker 2", "The Team"))
    assert masked("The Manager praised Data work; Dana agreed", redactor) == (
        "The Manager praised Data work; [name] agreed"
    )


def test_in_the_name_of_a_file_small_letters_name_a_person_too() -> None:
    assert KNOWING.text("1on1-dana_2031.md", any_case=True)[0] == "1on1-[name]_2031.md"


def test_json_keeps_its_form_and_a_field_for_a_person_is_left_out_where_only_a_mask_remains() -> None:
    value = {"quote": "Ask Dana", "author": "Dana Okafor", "owner": "Maya", "tags": ["Falcon", "x"], "years": 2}
    left, counts = KNOWING.json(value)
    assert left == {"quote": "Ask [name]", "owner": "Maya", "tags": ["[redacted]", "x"], "years": 2}
    assert counts == {"name": 2, "term": 1}


def test_in_addresses_of_pages_only_secrets_are_masked() -> None:
    left, counts = KNOWING.json({"url": f"https://ci:{MADE}@example.org/falcon/+4723456789"})
    assert left == {"url": "https://[secret]@example.org/falcon/+4723456789"}
    assert counts == {"secret": 1}


def test_it_is_told_when_nothing_but_masks_is_left() -> None:
    assert masks_only("[name] and [name]")
    assert not masks_only("[name] left")
    assert not masks_only("and")


def test_a_file_of_terms_has_comments_and_each_term_once() -> None:
    assert parsed_terms("\ufeff# customers\n\nAcme Logistics\n  Falcon \nFalcon\n", "t.txt") == (
        "Acme Logistics",
        "Falcon",
    )


@pytest.mark.parametrize("line", ["x", "--", "a" * 201, "a\x07b"])
def test_a_line_that_is_no_term_is_named_with_its_file(line: str) -> None:
    with pytest.raises(ConfigError, match=r"terms\.txt, line 3"):
        parsed_terms(f"# customers\nFalcon\n{line}\n", "terms.txt")


def test_a_file_without_a_term_is_refused() -> None:
    with pytest.raises(ConfigError, match="no term"):
        parsed_terms("# nothing yet\n", "terms.txt")


PIECES = [
    "Dana Okafor", "dana", "Will", "Maya", "Acme Logistics", "falcon", "tove@example.org", "a@", "@b.io",
    "+47 23 45 67", " 89 10", "0171 ", "password", ": ", "=", "token ", MADE, "glpat-", "sk-", "eyJ", ".", "://",
    "BE68 5390 0754 7034",
    "4242 4242 4242 4242", "```", "\n", " ", "x = 1;\n", "return x;\n", "[name]", "[secret", "]", "[e-mail address]",
    "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "İ", "e\u0301", "Ｆａｌｃｏｎ", "<pre>",
    "</pre>", "'", '"',
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_masking_again_finds_nothing(text: str) -> None:
    once, _ = KNOWING.text(text)
    assert KNOWING.text(once) == (once, {})


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_text_without_findings_stays_as_it_is_and_one_with_findings_says_so(text: str) -> None:
    left, counts = KNOWING.text(text)
    assert (left == text) == (not counts)
    assert bool(KNOWING.findings(text)) == bool(counts)


@given(st.text(alphabet=string.ascii_lowercase + " ,.\n", max_size=200).filter(lambda t: "dot" not in t))
def test_small_letters_and_punctuation_alone_hold_nothing(text: str) -> None:
    assert Redactor().text(text) == (text, {})


HINTS = [
    *PIECES, "Bearer abcdef0123456789abcd", "basic ", "PIN: 1234", "curl -u a:b1cdefg", "mysql -p",
    "Cookie: s=a1b2c3d4e5f6g",
    "login a/b1cdefg", "credentials are x:y1z", "Passwort für den Server: ab12cd", " session id = 12ab34cd56ef78gh",
    "tove [at] example dot org", " at example dot com", "(AT)", "0171 234 56 78", "tel. (030) 1234567",
    "+1-202-555-0143",
    "202.555.0143", "xoxb-1234567890", "AKIA" + 16 * "A", "12345678:AA" + 30 * "b", "SG." + 16 * "a" + "." + 16 * "b",
]  # fmt: skip


@given(st.lists(st.sampled_from(HINTS), max_size=6).map("".join))
@settings(max_examples=600, deadline=None)
def test_a_rule_is_left_out_only_where_it_finds_nothing(text: str) -> None:
    lowered = text.lower()
    for parts, pattern in (*secrets._BY_WORD, (secrets._NAMED_PARTS, secrets._NAMED), (("pin",), secrets._PIN)):
        assert any(part in lowered for part in parts) or not pattern.search(lowered)
    if found := secrets._TOKENS.search(text):
        assert any(secrets._TOKENS.search(word) for word in text.split() if len(word) >= secrets._SHORTEST_TOKEN), found
    for pattern in (phones._INTERNATIONAL, phones._TRUNK_ZERO, phones._BRACKETED, phones._NORTH_AMERICAN, phones._WORD):
        for found in pattern.finditer(text):
            if phones._digits(found[0]) >= phones._FEWEST and phones._digits(found[found.lastgroup or 0]) >= 7:
                assert any(phones._digits(run) >= phones._FEWEST for run in phones._RUN.findall(text)), found
    assert addresses._AT.search(text) or " dot " in lowered or not addresses._SPELLED.search(text)
    assert accounts._LONG_NUMBER.search(text) or not accounts._CARD.search(text)


def modules() -> Iterator[ModuleType]:
    for name in ("accounts", "addresses", "code", "names", "phones", "secrets", "terms", "words"):
        yield import_module(f"askcv_pipelines.redact.{name}")


def patterns() -> Iterator[re.Pattern[str]]:
    for module in modules():
        yield from (value for value in vars(module).values() if isinstance(value, re.Pattern))
    yield import_module("askcv_pipelines.redact.terms")._pattern(KNOWING.terms)
    yield from import_module("askcv_pipelines.redact.names")._patterns(KNOWING.names, KNOWING.own, False)


def open_ended(tree: object) -> Iterator[tuple[str, bool]]:
    """Each repetition of a pattern that has no upper bound, and whether it is of one set of characters."""
    from re import _constants, _parser  # type: ignore[attr-defined]

    if isinstance(tree, _parser.SubPattern | list):
        for node in tree:
            yield from open_ended(node)
    elif isinstance(tree, tuple):
        if str(tree[0]).endswith("_REPEAT") and tree[1][1] == _constants.MAXREPEAT:
            yield str(tree[0]), str(tree[1][2][0][0]) in {"IN", "LITERAL", "NOT_LITERAL", "ANY", "GROUPREF"}
        for part in tree[1:]:
            yield from open_ended(part)


@pytest.mark.parametrize("pattern", list(patterns()), ids=lambda pattern: pattern.pattern[:30])
def test_no_repetition_is_open_ended_but_one_that_never_gives_back(pattern: re.Pattern[str]) -> None:
    from re import _parser  # type: ignore[attr-defined]

    for operation, of_one_set in open_ended(_parser.parse(pattern.pattern, pattern.flags)):
        assert (operation, of_one_set) == ("POSSESSIVE_REPEAT", True), pattern.pattern


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "a@", "@a.", "1 ", "+1-", "0-1", "(1) ", "eyJa.", "-", "-----BEGIN PRIVATE KEY-----", "://a:", "key=",
     "password ", "`", "```", "x = ", "(", "<pre>", "A1", "1234 ", "[name]", "[", "Dana ", "e\u0301", "token: ",
     "a at b dot "],
)  # fmt: skip
def test_hostile_texts_are_worked_through_and_what_is_left_is_stable(piece: str) -> None:
    text = piece * (4_000 // len(piece))
    once, _ = KNOWING.text(text)
    assert KNOWING.text(once) == (once, {})


def test_a_text_made_to_have_findings_without_end_does_not_leave() -> None:
    class Endless(Redactor):
        def findings(self, text: str, *, any_case: bool = False) -> list:
            return [(0, 1, "term")]

    assert Endless().text("x" * 50)[0] == "[secret]"


def test_every_kind_has_a_mask_that_is_no_finding_itself() -> None:
    text = " ".join(f"[{kind}]" for kind in KINDS if kind != "term") + " [redacted]"
    assert Redactor(("code", "secret", "redacted", "name"), ("Code Name",)).text(text) == (text, {})
