"""The same run on a Dask cluster, for trees that are too large for one machine. Needs the extra ``dask``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from askcv_agents.errors import ConfigError
from askcv_pipelines.engine import each, in_order

W = TypeVar("W")
D = TypeVar("D")
R = TypeVar("R")

TIMEOUT = 20.0
"""Seconds to wait for a scheduler."""


@dataclass(frozen=True)
class DaskEngine:
    """Hands batches of documents to the workers of the cluster at ``scheduler``, or of one made on this machine.

    Workers read the documents themselves: they need this package and the same files at the same paths.

    Raises:
        ConfigError: Dask is not installed, or no scheduler answers at that address.
    """

    scheduler: str | None = None
    workers: int = 0

    def map(self, job: Callable[[W, D], R], work: W, documents: Sequence[D]) -> Iterator[R]:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise ConfigError("Dask is not installed", "Run: pip install 'askcv-agents[dask]'") from error
        cluster = None
        if self.scheduler is None:
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=self.workers or None, threads_per_worker=1, dashboard_address=None
            )
        try:
            with Client(cluster or self.scheduler, timeout=TIMEOUT) as client:  # type: ignore[no-untyped-call]
                workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
                shared = client.scatter(work, broadcast=True, hash=False)
                yield from in_order(
                    lambda batch: client.submit(each, job, shared, batch, pure=False), documents, workers
                )
        except OSError as error:
            raise ConfigError(
                f"no Dask scheduler answers at {self.scheduler}", "Check the address, for example tcp://host:8786."
            ) from error
        finally:
            if cluster is not None:
                cluster.close()
