"""One chunk's way: from the cache or the model, in halves where it is too long, its failing items repaired once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from askcv_pipelines.extracted import Gap, Usage
from askcv_pipelines.extractors.llm import prompt, schema
from askcv_pipelines.extractors.llm.answers import Proposal, Reply, read_answer
from askcv_pipelines.extractors.llm.chunks import Chunk
from askcv_pipelines.extractors.llm.endpoint import Endpoint, TooLong, Unanswered
from askcv_pipelines.extractors.llm.judge import REPAIRABLE, Judge, Judged
from askcv_pipelines.extractors.llm.spending import Budget, Meter, Overspent, tokens_of
from askcv_pipelines.extractors.llm.store import Store
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Rejection

SPLIT = "split"
"""What is kept of a chunk whose answer was too long: it is asked for in halves at once."""
TRIES = 2
"""How often a chunk is asked for whose answer cannot be used."""
REPAIRED = 20
"""Items of a chunk that are sent back, at most."""


@dataclass(frozen=True)
class Outcome:
    """What a chunk gave."""

    judged: tuple[Judged, ...] = ()
    gaps: tuple[Gap, ...] = ()
    usage: Usage = field(default_factory=Usage)

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.judged + other.judged, self.gaps + other.gaps, self.usage + other.usage)


class Asker:
    """Asks for chunks. Threads share it."""

    def __init__(self, endpoint: Endpoint, store: Store, budget: Budget) -> None:
        self._endpoint = endpoint
        self._settings = endpoint.settings
        self._store = store
        self._budget = budget

    def outcome(self, chunk: Chunk, judge: Judge, redactor: Redactor) -> Outcome:
        """What the model finds in a chunk and the guards let stand; what could not be asked is a gap."""
        meter = Meter(self._settings, self._budget)
        text = redactor.text(prompt.part(chunk))[0]
        try:
            reply = self._reply(prompt.system(), text, meter)
        except TooLong:
            return Outcome(usage=meter.usage) + self._halved(chunk, judge, redactor)
        except Unanswered as error:
            return Outcome(gaps=(_gap(chunk, str(error)),), usage=meter.usage)
        judged = [judge.judge(proposal, chunk) for proposal in reply.proposals]
        judged = self._repaired(judged, chunk, judge, redactor, meter)
        gaps = () if reply.whole else (_gap(chunk, f"the answer cannot be used: {reply.problem}"),)
        return Outcome(tuple(judged), gaps, meter.usage)

    def _halved(self, chunk: Chunk, judge: Judge, redactor: Redactor) -> Outcome:
        halves = chunk.halves()
        if halves is None:
            return Outcome(gaps=(_gap(chunk, "the answer is too long for the model"),))
        first, second = halves
        return self.outcome(first, judge, redactor) + self.outcome(second, judge, redactor)

    def _repaired(
        self, judged: list[Judged], chunk: Chunk, judge: Judge, redactor: Redactor, meter: Meter
    ) -> list[Judged]:
        """The judged items, those that failed replaced by what the model gives when it is told why."""
        failing = [each for each in judged if isinstance(each.result, Rejection) and each.result.reason in REPAIRABLE]
        failing = failing[:REPAIRED]
        if not failing:
            return judged
        asked = [(each.proposal, _why(each.result)) for each in failing if isinstance(each.result, Rejection)]
        text = redactor.text(prompt.repair_part(chunk, asked))[0]
        try:
            reply = self._reply(prompt.repair_system(), text, meter)
        except (TooLong, Unanswered):
            return judged  # they stay refused, each with its reason
        again = [judge.judge(proposal, chunk) for proposal in reply.proposals[: len(failing)]]
        mended = [each for each in again if not isinstance(each.result, Rejection)]
        left = {id(each) for each in _unmended(failing, mended)}
        gone = {id(each) for each in failing} - left
        return [each for each in judged if id(each) not in gone] + mended

    def _reply(self, system: str, text: str, meter: Meter) -> Reply:
        """The answer to a part, kept or asked for.

        Raises:
            TooLong: it does not fit; that is kept as well.
            Unanswered: there is none.
        """
        key = self._key(system, text)
        kept = self._store.answer(key)
        if kept is not None:
            meter.cached()
            if kept == SPLIT:
                raise TooLong
            return Reply(tuple(_proposal(each) for each in kept), True)
        reply = Reply((), False)
        for _ in range(TRIES):
            reply, finish = self._asked(system, text, meter)
            if finish == "length":
                self._store.keep(key, SPLIT)
                raise TooLong
            if reply.whole:
                self._store.keep(key, [_data(each) for each in reply.proposals])
                return reply
        if not reply.proposals:
            raise Unanswered(f"the answer cannot be used: {reply.problem}")
        return reply

    def _asked(self, system: str, text: str, meter: Meter) -> tuple[Reply, str]:
        try:
            with self._budget.holding(tokens_of(system + prompt.fenced(text)), self._settings.max_output):
                answer = self._endpoint.ask(system, prompt.fenced(text), meter)
        except Overspent:
            raise Unanswered("the budget of this run is used up") from None
        except TooLong:
            return Reply((), False), "length"
        if answer.refused:
            raise Unanswered("the model refused to answer")
        return read_answer(answer.text), answer.finish

    def _key(self, system: str, text: str) -> str:
        named = (self._settings.base_url, self._settings.model, prompt.VERSION, schema.VERSION, system, text)
        return hashlib.sha256("\0".join(named).encode()).hexdigest()

    def known(self, chunk: Chunk, redactor: Redactor) -> tuple[bool, int]:
        """Whether a chunk's answer is kept, and about how many tokens asking for it sends."""
        text = redactor.text(prompt.part(chunk))[0]
        return self._store.answer(self._key(prompt.system(), text)) is not None, tokens_of(prompt.system() + text)


def _unmended(failing: Sequence[Judged], mended: Sequence[Judged]) -> list[Judged]:
    """The failing items that no mended one stands for: of the same domain, citing the same sentence."""
    left = list(failing)
    for good in mended:
        same = [
            bad for bad in left
            if bad.proposal.domain == good.proposal.domain
            and set(bad.proposal.sentences) & set(good.proposal.sentences)
        ] or [bad for bad in left if bad.proposal.problem]  # fmt: skip
        if same:
            left.remove(same[0])
    return left


def _gap(chunk: Chunk, reason: str) -> Gap:
    return Gap(*chunk.interval, chunk.where, reason)


def _why(rejection: Rejection) -> str:
    return rejection.reason.replace("_", " ") + (f" ({rejection.detail})" if rejection.detail else "")


def _data(proposal: Proposal) -> list[Any]:
    return [proposal.domain, list(proposal.sentences), proposal.quote, dict(proposal.given), proposal.problem]


def _proposal(data: list[Any]) -> Proposal:
    domain, sentences, quote, given, problem = data
    return Proposal(domain, tuple(sentences), quote, given, problem)
