"""The extractor that asks a model, and lets nothing stand that the document does not say.

The model proposes; code finds where each quote stands, holds every field against the source's own slice, and refuses
the rest with a reason. What could not be asked is a gap, and the document partial. Needs the extra ``llm``.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, Self

from askcv_agents.errors import ConfigError
from askcv_pipelines.extracted import Usage
from askcv_pipelines.extractors.llm import prompt, schema
from askcv_pipelines.extractors.llm.asking import Asker, Outcome
from askcv_pipelines.extractors.llm.chunks import chunks
from askcv_pipelines.extractors.llm.endpoint import Endpoint
from askcv_pipelines.extractors.llm.judge import Judge, Judged
from askcv_pipelines.extractors.llm.settings import LlmSettings
from askcv_pipelines.extractors.llm.spending import Budget
from askcv_pipelines.extractors.llm.store import Store
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Candidate, Document, Extracted, Rejection

__all__ = ["LlmExtractor", "LlmSettings"]

FILE = "llm.db"
LIKELY_OUT = 0.25
"""Tokens of an answer for each that is sent of a chunk, about: for estimates."""


class Service:
    """What all documents of a run share: the endpoint, the cache, the budget and the threads that ask."""

    def __init__(self, settings: LlmSettings, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.settings = settings
        self.store = Store(settings.state_dir / FILE)
        self.budget = Budget(settings)
        self.endpoint = Endpoint(settings, self.store, sleep=sleep)
        self.asker = Asker(self.endpoint, self.store, self.budget)
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None
        weakref.finalize(self, self.endpoint.close)

    @property
    def pool(self) -> ThreadPoolExecutor:
        """As many threads as requests may be in flight."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.settings.in_flight, thread_name_prefix="model")
            return self._pool

    @property
    def allowed(self) -> bool:
        """Whether text may be sent to the host: it is this machine, or a person said so."""
        host = self.settings.host
        return self.settings.is_here or host in self.settings.allow_hosts or self.store.allows(host)

    @property
    def host(self) -> str:
        return self.settings.host

    def allow(self) -> None:
        """Remembers that a person said so."""
        self.store.allow(self.host)

    def require_consent(self) -> None:
        if not self.allowed:
            raise ConfigError(
                f"text of documents would be sent to {self.host}, which nobody has allowed",
                f"Allow it with --allow-host {self.host}, or with ASKCV_LLM_ALLOW_HOSTS.",
            )

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
                self._pool = None
        self.endpoint.close()
        self.store.close()


@dataclass(frozen=True)
class LlmExtractor:
    """Asks the model that the settings name. Copies share its service: one budget, one bound, one cache."""

    service: Service
    redactor: Redactor = field(default_factory=Redactor)

    name = "llm"

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> Self:
        return cls(Service(LlmSettings.load(options)))

    @cached_property
    def version(self) -> str:
        return f"{prompt.VERSION}.{schema.VERSION} {self.service.settings.model}"

    @property
    def host(self) -> str:
        return self.service.host

    @property
    def in_flight(self) -> int:
        return self.service.settings.in_flight

    @property
    def allowed(self) -> bool:
        return self.service.allowed

    def allow(self) -> None:
        self.service.allow()

    def masking(self, redactor: Redactor) -> LlmExtractor:
        return LlmExtractor(self.service, redactor)

    def estimating(self) -> Estimate:
        return Estimate(self.service, self.redactor)

    def extract(self, document: Document) -> Iterator[Extracted]:
        """The candidates in reading order, then what was refused, what was not read, and the cost."""
        outcome, found = self.asked(document)
        yield from (each.result for each in found)
        yield from outcome.gaps
        yield outcome.usage

    def asked(self, document: Document) -> tuple[Outcome, list[Judged]]:
        """What the chunks gave, and their judged items in reading order, each once."""
        self.service.require_consent()
        judge = Judge(document)
        parts = list(chunks(document, self.redactor))
        ask = self.service.asker.outcome
        waiting = [self.service.pool.submit(ask, part, judge, self.redactor) for part in parts]
        outcome = sum((each.result() for each in waiting), Outcome())
        return outcome, once(outcome.judged)


@dataclass(frozen=True)
class Estimate:
    """Reads documents as the extractor would and sends nothing: what it gives is the usage to expect."""

    service: Service
    redactor: Redactor

    name = "estimate"
    version = "1"

    def masking(self, redactor: Redactor) -> Estimate:
        return Estimate(self.service, redactor)

    def extract(self, document: Document) -> Iterable[Extracted]:
        for chunk in chunks(document, self.redactor):
            kept, tokens = self.service.asker.known(chunk, self.redactor)
            if kept:
                yield Usage(cached=1)
                continue
            out = int(len(chunk.body) / 3.6 * LIKELY_OUT)
            yield Usage(1, tokens_in=tokens, tokens_out=out, money=self.service.settings.money(tokens, out))


def once(judged: Iterable[Judged]) -> list[Judged]:
    """In reading order, each claim once: a model repeats itself."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for each in sorted(judged, key=lambda one: (one.start, one.end)):
        if isinstance(each.result, Candidate):
            label = str(each.result.fields.get("title") or each.result.fields.get("name") or "")
            key = (each.result.domain, each.result.quote, label.lower())
            if key in seen:
                continue
            seen.add(key)
        elif not isinstance(each.result, Rejection):  # pragma: no cover - there is no third kind
            continue
        found.append(each)
    return found
