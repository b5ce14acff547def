"""Coverage-guided fuzzing of every source with atheris, where that installs (Linux). Run by ``make soak``:

    python -m tests.property.coverage_guided 20000

Each format is fuzzed in a process of its own from its sample document, for that many inputs. What is a fault is what
the property tests say: another exception than ``SourceError``, an offset that lies, or a hang.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def main() -> int:
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("LEFT OUT: atheris does not install here, so there is no coverage-guided fuzzing")
        return 0
    from tests.property.test_sources import DOCUMENTS

    runs = sys.argv[1] if len(sys.argv) > 1 else "1000"
    failed = []
    for name, raw in DOCUMENTS.items():
        with tempfile.TemporaryDirectory() as place:
            Path(place, "sample").write_bytes(raw)
            code = f"from tests.property.coverage_guided import fuzz; fuzz({name!r}, {place!r}, {runs})"
            path = os.environ | {"PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=place, env=path
            )
        print(f"{name:20} {runs} inputs: {'no fault' if done.returncode == 0 else 'FAULT'}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stderr[done.stderr.find(" === Uncaught") :])
    return bool(failed)


def fuzz(name: str, corpus: str, runs: int) -> None:
    """Fuzzes one format until the runs are up; a fault ends the process with another code than 0."""
    import atheris

    with atheris.instrument_imports(include=["askcv_pipelines.sources", "askcv_pipelines.reading"]):
        from tests.property.test_sources import read

    def one(data: bytes) -> None:
        read(name, data)

    arguments = [f"-runs={runs}", "-timeout=20", "-max_len=20000", "-verbosity=0", corpus]
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
