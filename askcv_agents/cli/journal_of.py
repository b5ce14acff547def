"""The journal's partition that a command works on; the service is asked whose it is only where no run learned it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from askcv_agents.cli.options import client

if TYPE_CHECKING:
    from askcv_pipelines.partition import Partition


@contextmanager
def own_partition(base_url: str | None, state_dir: Path | None) -> Iterator[Partition]:
    """The partition of the token's tenant, for this process alone."""
    from askcv_pipelines.accounts import open_partition, remembered_tenant, tenant_of

    with client(base_url, state_dir) as service:
        tenant = remembered_tenant(service.settings)
        if tenant is None:
            tenant = service.run(tenant_of(service.settings, service.retry))
        with open_partition(service.settings, tenant) as partition:
            partition.outbox.left_behind()
            yield partition
