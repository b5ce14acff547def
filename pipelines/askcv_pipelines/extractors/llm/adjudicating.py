"""A model that judges pairs of items: the same service as the extractor's, its way out, budget, cache and forms.

In every request stands one pair that is two facts for sure. A model that calls it one reads carelessly, and its whole
answer counts for nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from askcv_pipelines.dedup.adjudication import Pair
from askcv_pipelines.extracted import Usage
from askcv_pipelines.extractors.llm import Service, prompt, schema
from askcv_pipelines.extractors.llm.answers import read_verdicts
from askcv_pipelines.extractors.llm.asking import TRIES
from askcv_pipelines.extractors.llm.endpoint import Answer, TooLong, Unanswered
from askcv_pipelines.extractors.llm.spending import Meter, Overspent, tokens_of
from askcv_pipelines.redact import Redactor
from askcv_pipelines.verification.orders import speaks_to_a_model

AT_ONCE = 10
"""Pairs in a request, at most."""
CONTROL = Pair(
    "content: Quillon Drabeth cut the loading time of the Vexmoor catalogue by 83 %.",
    "content: Quillon Drabeth cut the loading time of the Vexmoor catalogue by 38 %.",
)
"""The pair that is two facts, in invented names."""


@dataclass
class ModelAdjudicator:
    """``usage`` is what it took so far."""

    service: Service
    redactor: Redactor = field(default_factory=Redactor)
    usage: Usage = field(default_factory=Usage)

    @property
    def name(self) -> str:
        return self.service.settings.model

    def masking(self, redactor: Redactor) -> ModelAdjudicator:
        return ModelAdjudicator(self.service, redactor)

    def same(self, pairs: Sequence[Pair]) -> list[bool | None]:
        """A verdict for each pair. A pair that speaks to a model is not put to one."""
        self.service.require_consent()
        meter = Meter(self.service.settings, self.service.budget)
        texts = [self.redactor.text(f"A:\n{pair.ours}\nB:\n{pair.theirs}")[0] for pair in pairs]
        found: dict[str, bool] = {}
        for text in dict.fromkeys(texts):
            if (kept := self.service.store.answer(self._key(text))) is not None:
                found[text] = kept
                meter.cached()
        for _ in range(TRIES):
            open_texts = [t for t in dict.fromkeys(texts) if t not in found and not speaks_to_a_model(t)]
            for at in range(0, len(open_texts), AT_ONCE):
                found |= dict(self._asked(open_texts[at : at + AT_ONCE], meter))
        self.usage += meter.usage
        return [found.get(text) for text in texts]

    def _asked(self, texts: Sequence[str], meter: Meter) -> Iterator[tuple[str, bool]]:
        """The verdicts of one request, kept as they come; in halves where it is too long."""
        body = prompt.fenced(prompt.pairs((*texts, f"A:\n{CONTROL.ours}\nB:\n{CONTROL.theirs}")))
        system = prompt.same_system()
        try:
            with self.service.budget.holding(tokens_of(system + body), self.service.settings.max_output):
                answer: Answer | None = self.service.endpoint.ask(system, body, meter, schema.VERDICTS)
        except (Unanswered, Overspent):
            return
        except TooLong:
            answer = None
        if answer is None or answer.finish == "length":
            half = len(texts) // 2
            for part in (texts[:half], texts[half:]) if half else ():
                yield from self._asked(part, meter)
            return
        verdicts = {} if answer.refused else read_verdicts(answer.text)
        if verdicts.get(len(texts) + 1) is not False:
            return
        for number, text in enumerate(texts, 1):
            if number in verdicts:
                self.service.store.keep(self._key(text), verdicts[number])
                yield text, verdicts[number]

    def _key(self, text: str) -> str:
        settings = self.service.settings
        named = ("same", settings.base_url, settings.model, prompt.SAME_VERSION, prompt.same_system(), text)
        return hashlib.sha256("\0".join(named).encode()).hexdigest()
