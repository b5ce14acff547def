"""From a document to the review inbox: ``read → extract → verify → decide → pack → submit``. Start at ``pipeline``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askcv_pipelines.events import RunReport
    from askcv_pipelines.pipeline import Pipeline
    from askcv_pipelines.values import Document, Evidence, Item, Rejection, Subject

_HOMES = {
    "Document": "values",
    "Evidence": "values",
    "Item": "values",
    "Pipeline": "pipeline",
    "Rejection": "values",
    "RunReport": "events",
    "Subject": "values",
}

__all__ = ["Document", "Evidence", "Item", "Pipeline", "Rejection", "RunReport", "Subject"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"askcv_pipelines.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
