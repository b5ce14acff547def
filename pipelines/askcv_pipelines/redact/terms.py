"""Terms that a person lists: customers, hosts, code names. Whole words, in any letter case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from askcv_agents.errors import ConfigError
from askcv_pipelines.redact.words import Folding, Span, folded, one_of, phrase

LONGEST_TERM = 200
MOST_TERMS = 10_000


def parsed_terms(text: str, name: str) -> tuple[str, ...]:
    """The terms of a file: one on a line; empty lines and lines that begin with ``#`` are left out.

    Raises:
        ConfigError: a line is no term; the message names the file and the line.
    """
    terms: dict[str, None] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        term = line.strip()
        if not term or term.startswith("#"):
            continue
        wrong = None
        if len(term) > LONGEST_TERM:
            wrong = f"the term is longer than {LONGEST_TERM} characters"
        elif not term.isprintable():
            wrong = "the term has characters that cannot be printed"
        elif sum(c.isalnum() for c in folded(term)) < 2:
            wrong = f"{term!r} is too short: it would be found everywhere"
        if wrong:
            raise ConfigError(f"{name}, line {number}: {wrong}", "Give one term a line; a line with # is a comment.")
        terms[term] = None
    if not terms:
        raise ConfigError(f"{name} holds no term", "Give one term a line; a line with # is a comment.")
    if len(terms) > MOST_TERMS:
        raise ConfigError(f"{name} holds {len(terms)} terms", f"At most {MOST_TERMS} are taken.")
    return tuple(terms)


def find_terms(text: Folding, terms: tuple[str, ...]) -> Iterator[Span]:
    """Where any of the terms stands; of several at one place the longest."""
    if terms and (pattern := _pattern(terms)):
        yield from text.spans(pattern)


@lru_cache(maxsize=16)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Grouped by their first letter, so that a long list is not tried term by term at every place."""
    by_letter: dict[str, list[str]] = {}
    for term in sorted({folded(term) for term in terms if folded(term)}):
        by_letter.setdefault(term[0].casefold(), []).append(phrase(term))
    if not by_letter:
        return None
    groups = (f"(?={re.escape(letter)}){one_of(group)}" for letter, group in sorted(by_letter.items()))
    return re.compile("|".join(groups), re.IGNORECASE)
