"""Engines: how the documents of a run are worked through. Results come in the documents' order, whatever the engine."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

W = TypeVar("W")
D = TypeVar("D")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

IN_FLIGHT = 4
"""Batches of documents that are on their way per worker: enough to keep it busy, and no more to hold in memory."""
BATCH = 8
"""Documents that a worker is handed at once."""


class Engine(Protocol):
    """Runs ``job(work, document)`` for every document."""

    def map(self, job: Callable[[W, D], R], work: W, documents: Sequence[D]) -> Iterator[R]:
        """The results, in the order of the documents, a bounded number of them ahead of the reader."""
        ...


class Pending(Protocol[R_co]):
    """What a pool gives for a call that it was handed."""

    def result(self) -> R_co: ...


class SerialEngine:
    """One document after the other, in this process."""

    def map(self, job: Callable[[W, D], R], work: W, documents: Sequence[D]) -> Iterator[R]:
        for document in documents:
            yield job(work, document)


@dataclass(frozen=True)
class ProcessEngine:
    """A pool of ``workers`` processes, by default one for each core."""

    workers: int = 0

    def map(self, job: Callable[[W, D], R], work: W, documents: Sequence[D]) -> Iterator[R]:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        workers = self.workers or os.cpu_count() or 1
        # A fresh interpreter for each worker: a fork would copy the caller's threads, locks and open journal.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_the_caller)
        try:
            yield from in_order(lambda batch: pool.submit(each, job, work, batch), documents, workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class ThreadEngine:
    """Threads of this process: for an extractor that waits for another machine, and counts what it asks there."""

    workers: int = 8

    def map(self, job: Callable[[W, D], R], work: W, documents: Sequence[D]) -> Iterator[R]:
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="document")
        try:
            yield from in_order(lambda batch: pool.submit(each, job, work, batch), documents, self.workers, batch=1)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts_to_the_caller() -> None:
    """Ctrl-C goes to every process of the terminal; the one that was called answers it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def in_order(
    submit: Callable[[Sequence[D]], Pending[list[R]]], documents: Sequence[D], workers: int, batch: int = BATCH
) -> Iterator[R]:
    """Hands out documents in batches, a bounded number at a time, and gives their results in order."""
    batches = (documents[at : at + batch] for at in range(0, len(documents), batch))
    flying: deque[Pending[list[R]]] = deque(map(submit, islice(batches, workers * IN_FLIGHT)))
    while flying:
        done = flying.popleft().result()
        flying.extend(map(submit, islice(batches, 1)))
        yield from done


def each(job: Callable[[W, D], R], work: W, documents: Sequence[D]) -> list[R]:
    """A batch of documents, in whichever process this runs."""
    return [job(work, document) for document in documents]


def engine_for(documents: int, workers: int | None = None) -> Engine:
    """The engine for that many documents: processes cost their start, so a few documents are read here."""
    if workers is None:
        workers = 1 if documents < 4 * BATCH else 0
    return SerialEngine() if workers == 1 else ProcessEngine(workers)
