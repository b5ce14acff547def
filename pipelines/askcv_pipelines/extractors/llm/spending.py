"""What a run spends: counted by every answer, held within its budgets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from askcv_pipelines.extracted import Usage
from askcv_pipelines.extractors.llm.settings import LlmSettings

PER_TOKEN = 3.6
"""Characters of English prose that are one token, about; on the safe side."""


def tokens_of(text: str) -> int:
    """About how many tokens a text has."""
    return int(len(text) / PER_TOKEN) + 8


class Overspent(Exception):
    """The budget leaves no room for this request."""


class Budget:
    """What all requests of a run may take together. One that would not fit beside those on their way waits for them."""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._spent = Usage()
        self._held: list[tuple[int, int]] = []
        self._change = threading.Condition()

    @contextmanager
    def holding(self, tokens_in: int, tokens_out: int) -> Iterator[None]:
        """Room for one request while it is on its way.

        Raises:
            Overspent: there is none, whatever becomes of the others.
        """
        mine = (tokens_in, tokens_out)
        with self._change:
            if self._exceeds([mine]):
                raise Overspent
            while self._exceeds([mine, *self._held]) and self._held:
                self._change.wait()
                if self._exceeds([mine]):
                    raise Overspent
            self._held.append(mine)
        try:
            yield
        finally:
            with self._change:
                self._held.remove(mine)
                self._change.notify_all()

    def spend(self, usage: Usage) -> None:
        with self._change:
            self._spent += usage

    @property
    def spent(self) -> Usage:
        return self._spent

    def _exceeds(self, held: list[tuple[int, int]]) -> bool:
        tokens_in = self._spent.tokens_in + sum(a for a, _ in held)
        tokens_out = self._spent.tokens_out + sum(b for _, b in held)
        most, money = self._settings.budget_tokens, self._settings.budget_money
        if most is not None and tokens_in + tokens_out > most:
            return True
        return money is not None and (self._settings.money(tokens_in, tokens_out) or 0.0) > money


class Meter:
    """Counts what one chunk's requests took, and the whole run's with it."""

    def __init__(self, settings: LlmSettings, budget: Budget) -> None:
        self._settings = settings
        self._budget = budget
        self.usage = Usage()

    def answered(self, tokens_in: int, tokens_out: int, *, guessed: bool) -> None:
        money = self._settings.money(tokens_in, tokens_out)
        self._add(Usage(1, tokens_in=tokens_in, tokens_out=tokens_out, money=money, guessed=guessed))

    def unanswered(self) -> None:
        self._add(Usage(unanswered=1))

    def cached(self) -> None:
        self.usage = replace(self.usage, cached=self.usage.cached + 1)

    def _add(self, usage: Usage) -> None:
        self.usage += usage
        self._budget.spend(usage)
