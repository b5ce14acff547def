"""Engines: the same results in the same order, a bounded number of documents ahead."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from distributed import LocalCluster

from askcv_agents.errors import ConfigError
from askcv_pipelines import Pipeline, Subject
from askcv_pipelines.dask_engine import DaskEngine
from askcv_pipelines.engine import (
    BATCH,
    IN_FLIGHT,
    Engine,
    ProcessEngine,
    SerialEngine,
    ThreadEngine,
    engine_for,
    in_order,
)
from tests.conftest import EXAMPLES
from tests.extractors import BulletExtractor


def doubled(work: int, document: int) -> int:
    return work * document


@pytest.fixture(scope="module")
def cluster() -> LocalCluster:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as made:
        yield made


def test_a_pool_gives_the_results_in_the_documents_order() -> None:
    assert list(ProcessEngine(2).map(doubled, 2, range(50))) == [2 * n for n in range(50)]


def test_threads_give_the_results_in_the_documents_order_and_end_with_what_a_job_raises() -> None:
    assert list(ThreadEngine(3).map(doubled, 2, range(50))) == [2 * n for n in range(50)]
    with pytest.raises(TypeError):
        list(ThreadEngine(3).map(doubled, 2, [None] * 20))  # type: ignore[list-item]


def test_a_cluster_gives_the_results_in_the_documents_order(cluster: LocalCluster) -> None:
    assert list(DaskEngine(cluster.scheduler_address).map(doubled, 2, range(50))) == [2 * n for n in range(50)]


def test_a_run_is_the_same_on_every_engine(cluster: LocalCluster, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.md").write_text(f"# Done\n\n- Closed ticket {number}.\n- Wrote the handbook.\n")

    def events(engine: Engine) -> list[object]:
        pipeline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), engine=engine)
        return [effect.value for effect in pipeline.extract([tmp_path, EXAMPLES])]

    serial = events(SerialEngine())
    assert len(serial) == 2 * 23
    assert events(ProcessEngine(2)) == serial
    assert events(DaskEngine(cluster.scheduler_address)) == serial


def test_only_a_bounded_number_of_documents_is_on_its_way() -> None:
    handed: list[int] = []

    class Done:
        def __init__(self, batch: Sequence[int]) -> None:
            handed.extend(batch)
            self.batch = batch

        def result(self) -> list[int]:
            return list(self.batch)

    reader = in_order(Done, range(10_000), workers=2)
    assert list(itertools.islice(reader, 100)) == list(range(100))
    assert len(handed) <= 100 + (2 * IN_FLIGHT + 1) * BATCH


def test_a_few_documents_are_read_in_this_process_and_many_in_several() -> None:
    assert isinstance(engine_for(3), SerialEngine)
    assert isinstance(engine_for(1_000), ProcessEngine)
    assert isinstance(engine_for(1_000, workers=1), SerialEngine)
    assert engine_for(3, workers=4) == ProcessEngine(4)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askcv_pipelines.dask_engine.TIMEOUT", 0.2)
    with pytest.raises(ConfigError, match=r"tcp://127\.0\.0\.1:9"):
        list(DaskEngine("tcp://127.0.0.1:9").map(doubled, 2, [1]))


def test_what_a_job_raises_ends_the_run() -> None:
    with pytest.raises(TypeError):
        list(ProcessEngine(2).map(doubled, 2, [None] * 20))  # type: ignore[list-item]
