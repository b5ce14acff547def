"""AskCV tools for the OpenAI Agents SDK: ``Agent(tools=agents_tools())``. Imported on request: it imports the SDK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from agents import FunctionTool
from agents.tool_context import ToolContext

from askcv_agents.config import Settings
from askcv_agents.toolbox import DEFAULT_TOOLSETS, Approver
from openai_askcv import AskCVTools
from openai_askcv.strict import strict


def agents_tools(
    settings: Settings | Callable[[], Settings] | None = None,
    *,
    toolsets: tuple[str, ...] = DEFAULT_TOOLSETS,
    read_only: bool = False,
    approve: Literal["ask", "never"] | Approver = "ask",
    desk: Any = None,
    tools: AskCVTools | None = None,
) -> list[FunctionTool]:
    """The tools as the SDK's own. With ``approve="ask"`` a run stops at a tool that writes until its state is approved
    or rejected (``result.interruptions``); a callable says yes or no itself; with ``"never"`` nobody is asked. Their
    connections close with the process; ``tools``, to call instead of new ones, can be closed before.

    Errors reach the model as the tool's answer, with the delay of a rate limit; programming errors end the run.

    Raises:
        ConfigError: no token, settings that are unreadable or unsafe, or an unknown toolset.
    """
    inner = tools or AskCVTools(
        settings,
        toolsets=toolsets,
        read_only=read_only,
        approve="never" if approve == "ask" else approve,  # where the SDK asks, it has asked before the tool is called
        desk=desk,
    )
    return [
        FunctionTool(
            name=spec.name,
            description=spec.description,
            params_json_schema=strict(spec.input_model),
            on_invoke_tool=_invoker(inner, spec.name),
            needs_approval=approve == "ask" and not spec.hints.read_only,
        )
        for spec in inner.specs.values()
    ]


def _invoker(tools: AskCVTools, name: str) -> Callable[[ToolContext[Any], str], Awaitable[str]]:
    async def invoke(_: ToolContext[Any], text: str) -> str:
        return (await tools.acall(name, text)).text

    return invoke


__all__ = ["agents_tools"]
