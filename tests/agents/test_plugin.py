"""The pytest plugin: found by its entry point, and as useful to a builder as its docstring says."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

from askcv_agents.pytest_plugin import Staging
from askcv_agents.toolbox import Toolbox
from langchain_askcv import AskCVToolkit


def test_the_plugin_is_found_by_pytest() -> None:
    (found,) = (point for point in entry_points(group="pytest11") if point.name == "askcv")
    assert found.value == "askcv_agents.pytest_plugin"


def test_a_builders_agent_fills_the_inbox_and_the_person_approves(
    askcv_staging: Staging, askcv_toolkit: Toolbox
) -> None:
    opened = askcv_toolkit.call("open_document", {"text": "# Review\n\n- I shipped the import.\n"})
    fields = [{"name": "title", "value": "Shipped the import"}, {"name": "content", "value": "I shipped the import."}]
    item = {"domain": "knowledge_entries", "quote": "I shipped the import.", "fields": fields}
    proposed = askcv_toolkit.call("propose_items", {"handle": opened.payload["handle"], "items": [item]})
    assert proposed.payload["staged"] == 1
    assert askcv_staging.approve_all() == 1
    record = askcv_toolkit.call("read_career_data", {"domain": "knowledge_entries"})
    assert [entry["payload"]["title"] for entry in record.payload["items"]] == ["Shipped the import"]


def test_limits_follow_the_clock_and_adapters_take_the_settings(askcv_staging: Staging) -> None:
    settings = askcv_staging.settings()
    toolkit = AskCVToolkit(settings=settings, toolsets=("direct",), approve="never")
    (tool,) = toolkit.get_tools()
    call = {"name": tool.name, "args": {"items": [{"domain": "skills", "payload": {"name": "Rust"}}]}, "id": "1",
            "type": "tool_call"}  # fmt: skip
    errors = [tool.invoke(call).artifact.get("error") for _ in range(21)]
    assert errors == [None] * 20 + ["rate_limited"]
    askcv_staging.clock.sleep(3600)
    assert tool.invoke(call).artifact["staged"] == 1
    toolkit.close()


def test_without_the_plugins_fixtures_nothing_of_the_backend_is_imported() -> None:
    heavy = "{'fastapi', 'sqlalchemy', 'httpx2', 'pydantic'}"
    code = f"import askcv_agents.pytest_plugin, sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
