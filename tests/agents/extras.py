"""Each framework's extra alone in an empty environment, with the lowest and the newest versions that it allows:
``python -m tests.agents.extras [EXTRA…]``. A tool call against the staging backend has to work in each."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

from askcv_agents.pytest_plugin import serving

ROOT = Path(__file__).parent.parent.parent
CALLS = {
    "langchain": """
from langchain_askcv import AskCVToolkit
tools = {tool.name: tool for tool in AskCVToolkit().get_tools()}
call = {"name": "read_profile", "args": {}, "id": "1", "type": "tool_call"}
message = tools["read_profile"].invoke(call)
assert message.artifact["name"] == "Maya Lindqvist"
call = {"name": "propose_items", "args": {"handle": "x", "items": []}, "id": "1", "type": "tool_call"}
assert tools["propose_items"].invoke(call).artifact["error"] == "validation_failed"
""",
    "llama-index": """
import json
from llama_index.core.tools.calling import call_tool
from llama_index.tools.askcv import AskCVToolSpec
tools = {tool.metadata.name: tool for tool in AskCVToolSpec().to_tool_list()}
assert json.loads(call_tool(tools["read_profile"], {}).content)["name"] == "Maya Lindqvist"
""",
    "openai": """
import asyncio, json
from agents.tool_context import ToolContext
from openai.types.responses import Response
from openai_askcv import AskCVTools
from openai_askcv.agents import agents_tools
tools = AskCVTools()
item = {"type": "function_call", "call_id": "1", "name": "read_profile", "arguments": "{}"}
made = Response.model_validate({"id": "r", "object": "response", "created_at": 0, "model": "m", "output": [item],
    "tools": [], "tool_choice": "auto", "parallel_tool_calls": True})
(answer,) = tools.answer(made)
assert json.loads(answer["output"])["name"] == "Maya Lindqvist"
(tool,) = (tool for tool in agents_tools(tools=tools) if tool.name == "read_profile")
context = ToolContext(context=None, tool_name=tool.name, tool_call_id="1", tool_arguments="{}")
assert json.loads(asyncio.run(tool.on_invoke_tool(context, "{}")))["name"] == "Maya Lindqvist"
assert [t.needs_approval for t in agents_tools(tools=tools) if t.name == "propose_items"] == [True]
""",
    "mcp": """
import asyncio
from mcp.client import Client
from mcp_askcv import build_server
import mcp_askcv.http
async def main():
    async with Client(build_server()) as client:
        assert (await client.call_tool("read_profile", {})).structured_content["name"] == "Maya Lindqvist"
        assert (await client.call_tool("propose_items", {"handle": "x", "items": []})).is_error
asyncio.run(main())
""",
}


def wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def lowest(extra: str) -> list[str]:
    """What the extra names, each at its lower bound."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"][extra]
    return [re.sub(r">=([\d.]+).*", r"==\1", requirement) for requirement in named]


def works(extra: str, pins: list[str], built: Path, environment: dict[str, str]) -> bool:
    with tempfile.TemporaryDirectory() as home:
        venv.create(home, with_pip=True)
        python = Path(home) / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{built}[{extra}]", *pins]
        for command in (install, [python, "-I", "-W", "ignore", "-c", CALLS[extra]]):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=home)
            if done.returncode:
                print(done.stderr[-2000:])
                break
        print(f"{extra} ({', '.join(pins) or 'newest'}): {'works' if done.returncode == 0 else 'FAILED'}", flush=True)
        return done.returncode == 0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as staging:
        built = wheel(Path(folder))
        asked = {"ASKCV_BASE_URL": staging.base_url, "ASKCV_TOKEN": staging.token(), "ASKCV_STATE_DIR": folder}
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | asked
        results = [
            works(extra, pins, built, environment) for extra in sys.argv[1:] or CALLS for pins in (lowest(extra), [])
        ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
