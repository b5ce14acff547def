"""The staging backend for ``uvicorn --workers``: each worker opens the database that the environment names."""

from __future__ import annotations

import os
from typing import Any

from askcv_agents import wire
from askcv_agents.staging.app import StagingConfig, create_app


def app() -> Any:
    limits = wire.LIMITS if os.environ.get("LOAD_LIMITS") else None
    return create_app(StagingConfig(os.environ["LOAD_DATABASE"], limits=limits))
