"""A folder of 1,000 mixed documents through ``askcv extract``'s pipeline: documents a second, two workers against one,
a Dask cluster of two against the pool of two (its workers already up), and the peak memory at 100 and at 1,000.

Wall times are of one run on one machine, so the ratios are the figures. ``ASKCV_DOCUMENTS`` changes the number.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from askcv_pipelines import Pipeline, Subject
from askcv_pipelines.dask_engine import DaskEngine
from askcv_pipelines.engine import Engine, ProcessEngine, SerialEngine
from askcv_pipelines.events import Decided

COUNT = int(os.environ.get("ASKCV_DOCUMENTS", "1000"))
EXAMPLES = Path(__file__).parent.parent / "examples" / "documents"


def fill(folder: Path, count: int) -> None:
    """``count`` documents of every format, each with a line of its own so that no two are the same."""
    from tests.property.test_sources import DOCUMENTS

    samples = [(name, raw) for name, raw in DOCUMENTS.items()]
    samples += [(path.name, path.read_bytes() * 4) for path in EXAMPLES.iterdir()]
    for number in range(count):
        name, raw = samples[number % len(samples)]
        if name.endswith((".md", ".txt")):
            raw += f"\n- Closed ticket {number} of the migration.\n".encode()
        (folder / f"{number:05}-{name}").write_bytes(raw)


def run(folder: Path, engine: Engine) -> tuple[float, int]:
    """Seconds, and how many documents were read."""
    started = time.perf_counter()
    read = 0
    for effect in Pipeline(Subject("Maya Lindqvist"), engine=engine).extract([folder]):
        read += isinstance(effect.value, Decided)  # type: ignore[union-attr]
    return time.perf_counter() - started, read


def peak_mb(folder: Path) -> float:
    """The peak memory of a process of its own that reads the folder."""
    code = (
        f"import sys; sys.argv = ['bench_scale', {str(folder)!r}]; import runpy; runpy.run_path({__file__!r})['peak']()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def peak() -> None:
    run(Path(sys.argv[1]), SerialEngine())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    from distributed import LocalCluster  # here: the pool's workers import this file too

    with tempfile.TemporaryDirectory() as place:
        few, many = Path(place, "few"), Path(place, "many")
        for folder, count in ((few, COUNT // 10), (many, COUNT)):
            folder.mkdir()
            fill(folder, count)
        run(few, SerialEngine())
        one, read = run(many, SerialEngine())
        two, _ = run(many, ProcessEngine(2))
        print(f"{read} of {COUNT} documents read: {read / one:.0f} a second in one process, {read / two:.0f} in two")
        print(f"two workers / one: {one / two:.2f} times as fast")
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            on_cluster = DaskEngine(cluster.scheduler_address)
            run(few, on_cluster)
            dask, _ = run(many, on_cluster)
        print(f"Dask cluster of two / pool of two: {dask / two:.2f} times the wall time")
        small, large = peak_mb(few), peak_mb(many)
        print(f"peak memory: {large:.0f} MB at {COUNT} documents, {large / small:.2f} times that at {COUNT // 10}")


if __name__ == "__main__":
    main()
