"""What starting costs: ``askcv --help`` and each adapter's import, beside what they stand on. CPU seconds of whole
processes, the median of several runs taken in turn; the ratio is the figure, since machines differ and drift."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

RUNS = 7
ASKCV = str(Path(sys.executable).with_name("askcv"))
PYTHON = sys.executable

PAIRS = {
    "askcv --help / import httpx2, pydantic": ([ASKCV, "--help"], [PYTHON, "-c", "import httpx2, pydantic"]),
    "import langchain_askcv / BaseTool": (
        [PYTHON, "-c", "import langchain_askcv"],
        [PYTHON, "-c", "from langchain_core.tools import BaseTool"],
    ),
    "import llama_index.tools.askcv / BaseToolSpec": (
        [PYTHON, "-c", "import llama_index.tools.askcv"],
        [PYTHON, "-c", "from llama_index.core.tools.tool_spec.base import BaseToolSpec"],
    ),
    "import openai_askcv / openai": ([PYTHON, "-c", "import openai_askcv"], [PYTHON, "-c", "import openai"]),
    "import openai_askcv.agents / agents": (
        [PYTHON, "-c", "import openai_askcv.agents"],
        [PYTHON, "-c", "from agents import FunctionTool"],
    ),
    "import mcp_askcv / mcp.server.lowlevel": (
        [PYTHON, "-c", "import mcp_askcv"],
        [PYTHON, "-c", "from mcp.server.lowlevel import Server; from mcp.server.stdio import stdio_server"],
    ),
}


def cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    for name, (ours, theirs) in PAIRS.items():
        cpu(ours), cpu(theirs)  # bytecode is written once
        pairs = [(cpu(ours), cpu(theirs)) for _ in range(RUNS)]
        one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name}: {one / other:.2f} times ({one:.3f} s against {other:.3f} s of CPU)")


if __name__ == "__main__":
    main()
