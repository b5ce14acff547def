"""The extractor ``llm`` over 500 documents against the scripted server, which runs in a process of its own: requests in
flight, CPU a chunk against the bare SDK's call with the same texts, peak memory at 100 and at 500 documents, and the
requests of a second run. ``ASKCV_DOCUMENTS`` changes the number.

CPU is of one run on one machine, so the ratios are the figures.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from askcv_pipelines import Subject
from askcv_pipelines.engine import ThreadEngine
from askcv_pipelines.extracted import Usage
from askcv_pipelines.extractors.llm import LlmExtractor, LlmSettings, Service
from askcv_pipelines.extractors.llm import prompt as prompts
from askcv_pipelines.extractors.llm.chunks import chunks
from askcv_pipelines.one_document import Work, process
from askcv_pipelines.reading import read
from askcv_pipelines.redact import Redactor
from askcv_pipelines.sources.discovery import discover
from askcv_pipelines.values import DocumentResult
from askcv_pipelines.verification.whose import Whose

COUNT = int(os.environ.get("ASKCV_DOCUMENTS", "500"))
IN_FLIGHT = 4
WHO = Subject("Nadia Ferrant")
ROOT = Path(__file__).parent.parent


def fill(folder: Path, count: int) -> None:
    """Documents of one chunk of about 7,000 characters; in each a third of the sentences is an item."""
    folder.mkdir()
    for number in range(count):
        lines = ["# Review, Nadia Ferrant", "", "## Results", ""]
        for n in range(24):
            one = number * 100 + n
            lines.append(
                f"- I repaired pump {one} of the northern waterworks before shift {n}, and nothing leaked after it."
            )
            lines.append(
                f"- The depot at gate {n} keeps spare valves in row {one} for whoever has the night shift there."
            )
            lines.append(f"- Water was clear on day {n} of the trial, as the board of the works had expected of it.")
        (folder / f"{number:04}.md").write_text("\n".join(lines) + "\n")


@contextmanager
def server(delay: float = 0.0) -> Iterator[tuple[str, Callable[[], dict]]]:
    """The server's address, and what stops it and gives its counts."""
    command = [sys.executable, "-m", "tests.llm.model_server", "0", str(delay)]
    process_ = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process_.stdout
    address = process_.stdout.readline().strip()

    def counts() -> dict:
        return json.loads(process_.communicate()[0])

    try:
        yield address, counts
    finally:
        if process_.poll() is None:
            process_.kill()


def made(address: str, state: Path) -> LlmExtractor:
    return LlmExtractor(Service(LlmSettings(model="m", base_url=address, state_dir=state, in_flight=IN_FLIGHT)))


def run(extractor: LlmExtractor, folder: Path) -> tuple[Usage, int]:
    """The usage, and how many items there were. Nothing of a document is kept."""
    usage, items = Usage(), 0
    found = list(discover([folder]).documents.values())
    for result in ThreadEngine(IN_FLIGHT + 1).map(process, Work(WHO, extractor), found):
        assert isinstance(result, DocumentResult)
        assert not result.gaps
        usage, items = usage + result.usage, items + len(result.items)
    return usage, items


def cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def peak() -> None:
    address, state, folder = sys.argv[1:4]
    run(made(address, Path(state)), Path(folder))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def peak_mb(address: str, state: Path, folder: Path) -> float:
    given = [address, str(state), str(folder)]
    code = f"import runpy, sys; sys.argv[1:] = {given!r}; runpy.run_path({__file__!r})['peak']()"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def overhead(folder: Path, place: Path) -> None:
    """Our code's CPU a chunk, beside a bare call of the SDK with the same texts; reading documents is in neither."""
    documents = [read(path, WHO) for path in sorted(folder.iterdir())[:100]]
    with server() as (address, _):
        extractor = made(address, place / "overhead")
        endpoint = extractor.service.endpoint
        client = endpoint._connected()
        parts = [prompts.fenced(prompts.part(chunk)) for d in documents for chunk in chunks(d, Redactor())]
        bodies = [endpoint._request(prompts.system(), part, "json_schema", frozenset()) for part in parts]
        client.chat.completions.create(**bodies[0])
        list(extractor.extract(documents[0]))
        bare = cpu(lambda: [client.chat.completions.create(**body) for body in bodies])
        whole = cpu(lambda: [list(extractor.extract(document)) for document in documents[1:]])
        mask = cpu(lambda: [Redactor().findings(document.text) for document in documents])
        whose = cpu(lambda: [Whose(document)._facts for document in documents])
    count = len(bodies)
    bare, whole = 1000 * bare / count, 1000 * whole / (count - 1)
    mask, whose = 1000 * mask / count, 1000 * whose / count
    print(f"CPU a chunk: bare SDK call {bare:.2f} ms, extractor {whole:.2f} ms, so our code {whole - bare:.2f} ms")
    print(f"  of which one search of what to mask {mask:.2f} ms, whose each sentence is {whose:.2f} ms")
    ours = whole - bare
    print(f"our code / bare SDK call: {ours / bare:.2f}; without those two {(ours - mask - whose) / bare:.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        few, many = place / "few", place / "many"
        fill(few, COUNT // 5)
        fill(many, COUNT)
        with server(0.02) as (address, counts):
            extractor = made(address, place / "state")
            started = time.perf_counter()
            usage, items = run(extractor, many)
            took = time.perf_counter() - started
            told = counts()
        print(f"{COUNT} documents, {items} items, {usage} in {took:.1f} s")
        print(f"requests in flight: {told['most_at_once']} at most, bound {IN_FLIGHT}")
        same = (usage.tokens_in, usage.tokens_out) == (told["tokens"]["in"], told["tokens"]["out"])
        print(f"tokens reported / counted by the server: {'equal' if same else 'DIFFERENT'}")
        again, _ = run(made(address, place / "state"), many)  # the server is gone: a request would fail
        print(f"second run: {again.requests} requests, {again.cached} answers from the cache")
        overhead(few, place)
        with server() as (address, _):
            small = peak_mb(address, place / "small", few)
            large = peak_mb(address, place / "large", many)
        print(f"peak memory: {large:.0f} MB at {COUNT} documents, {large / small:.2f} times that at {COUNT // 5}")


if __name__ == "__main__":
    main()
