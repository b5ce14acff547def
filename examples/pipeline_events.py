"""The pipeline from Python, blocking and awaiting: each event as it comes, then the report.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend (``askcv serve``, ``askcv token create``).
"""

import asyncio
from pathlib import Path

from askcv_agents import AsyncClient, Client
from askcv_pipelines import Pipeline, Subject
from askcv_pipelines.events import Decided, Event

DOCUMENTS = [Path(__file__).parent / "documents"]
PIPELINE = Pipeline(Subject("Maya Lindqvist"))


def show(event: Event) -> None:
    if isinstance(event, Decided):
        print(f"{event.result.document.id}: {len(event.decisions)} items")


def blocking() -> None:
    with Client() as client:
        for event in client.stream(PIPELINE.run(DOCUMENTS, client.settings, client.retry)):
            show(event)


async def awaiting() -> None:
    async with AsyncClient() as client:
        async for event in client.stream(PIPELINE.run(DOCUMENTS, client.settings, client.retry)):
            show(event)
        report = await client.run(PIPELINE.run(DOCUMENTS, client.settings, client.retry))
        print(f"submitted {report.counts['submitted']}, known {report.counts['known']}")


if __name__ == "__main__":
    blocking()
    asyncio.run(awaiting())
