"""A scripted model service, and extractors that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from askcv_pipelines import Subject
from askcv_pipelines.engine import ThreadEngine
from askcv_pipelines.extracted import Gap, Usage
from askcv_pipelines.extractors.llm import LlmExtractor, LlmSettings, Service
from askcv_pipelines.one_document import Work, process
from askcv_pipelines.sources.discovery import discover
from askcv_pipelines.values import DocumentResult
from tests.llm.model_server import ModelServer

Make = Callable[..., LlmExtractor]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def make(tmp_path: Path, server: ModelServer) -> Iterator[Make]:
    """Makes extractors that ask the server, on one state folder, and wait for nothing but it."""
    made: list[Service] = []

    def one(**given: Any) -> LlmExtractor:
        kind = given.pop("kind", LlmExtractor)
        values = {"base_url": server.base_url, "timeout": 0.4, "state_dir": tmp_path / "state"} | given
        service = Service(LlmSettings(model="scripted", **values), sleep=lambda seconds: None)
        made.append(service)
        return kind(service)

    yield one
    for service in made:
        service.close()


@dataclass
class Run:
    """What the documents of a folder gave, before duplicates are decided."""

    results: list[DocumentResult]

    @property
    def usage(self) -> Usage:
        return sum((result.usage for result in self.results), Usage())

    @property
    def partial(self) -> list[DocumentResult]:
        return [result for result in self.results if result.gaps]

    @property
    def gaps(self) -> list[Gap]:
        return [gap for result in self.results for gap in result.gaps]


def ran(extractor: LlmExtractor, folder: Path) -> Run:
    """Every document of a folder, read, extracted and verified as a run does it."""
    found = list(discover([folder]).documents.values())
    work = Work(Subject("Nadia Ferrant"), extractor)
    results = list(ThreadEngine(extractor.in_flight + 1).map(process, work, found))
    assert all(isinstance(result, DocumentResult) for result in results)
    return Run(results)  # type: ignore[arg-type]


def write_documents(folder: Path, count: int, sentences: int = 110) -> None:
    """Documents of a chunk or two, each sentence of them an accomplishment that is nowhere else."""
    folder.mkdir(parents=True)
    for number in range(count):
        lines = [f"# Review {number}, Nadia Ferrant"]
        for n in range(sentences):
            if n % 20 == 0:
                lines.append(f"\n## Part {n // 20}\n")
            lines.append(
                f"- I repaired pump {number * 1000 + n} of the northern waterworks before the {n} o'clock shift."
            )
        (folder / f"{number:03}.md").write_text("\n".join(lines) + "\n")
