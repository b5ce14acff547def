"""AskCV tools for OpenAI's APIs: ``AskCVTools().responses_tools()``, ``.chat_tools()`` and ``.answer(response)``.

For the Agents SDK: ``openai_askcv.agents.agents_tools()``. Nothing here imports the openai package.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from askcv_agents.config import Settings
from askcv_agents.errors import ValidationFailed
from askcv_agents.toolbox import DEFAULT_TOOLSETS, Approval, Policy, ToolResult
from askcv_agents.tools import error_payload
from openai_askcv.strict import arguments, strict


@dataclass(frozen=True)
class _Call:
    """A function call of a response, and how its answer is worded."""

    name: str
    arguments: str
    id: str
    chat: bool

    def answered(self, result: ToolResult) -> dict[str, Any]:
        if self.chat:
            return {"role": "tool", "tool_call_id": self.id, "content": result.text}
        return {"type": "function_call_output", "call_id": self.id, "output": result.text}


class AskCVTools:
    """The AskCV tools that a token is offered, with strict schemas, and the answers to calls of them.

    ``settings`` default to the environment and the settings file; a callable is asked at each call. ``toolsets`` are
    some of ``read``, ``documents``, ``write`` and ``direct``; ``read_only`` leaves out every tool that writes. Those
    want approval: ``approve`` is a callable that says yes or no to a ``ToolCall``, or ``"never"``; without it they are
    refused.

    Raises:
        ConfigError: no token, settings that are unreadable or unsafe, or an unknown toolset.
    """

    def __init__(
        self,
        settings: Settings | Callable[[], Settings] | None = None,
        *,
        toolsets: Sequence[str] = DEFAULT_TOOLSETS,
        read_only: bool = False,
        approve: Approval | None = None,
        desk: Any = None,
    ) -> None:
        from askcv_pipelines.tools import toolbox  # noqa: PLC0415 - importing this package stays quick

        policy = Policy(approve=approve)
        self.toolbox = toolbox(settings, toolsets=toolsets, read_only=read_only, policy=policy, desk=desk)
        self.specs = {spec.name: spec for spec in self.toolbox.specs}

    def responses_tools(self) -> list[dict[str, Any]]:
        """The ``tools`` of ``client.responses.create``."""
        return [{"type": "function", **self._function(name)} for name in self.specs]

    def chat_tools(self) -> list[dict[str, Any]]:
        """The ``tools`` of ``client.chat.completions.create``."""
        return [{"type": "function", "function": self._function(name)} for name in self.specs]

    def answer(self, response: Any) -> list[dict[str, Any]]:
        """What to send back for the calls of a response: tool messages for a chat completion, function call outputs for
        a response. Calls of tools that are not these are left to their owner. The calls run one after the other, so
        that an approver who asks a person asks one question at a time."""
        return [call.answered(self.call(call.name, call.arguments)) for call in self._calls(response)]

    async def aanswer(self, response: Any) -> list[dict[str, Any]]:
        """``answer``, awaited; parallel calls run in parallel."""
        calls = list(self._calls(response))
        results = await asyncio.gather(*(self.acall(call.name, call.arguments) for call in calls))
        return [call.answered(result) for call, result in zip(calls, results, strict=True)]

    def call(self, name: str, text: str) -> ToolResult:
        """Calls one tool with arguments as a model gives them: JSON text by the strict schema."""
        given = self._arguments(name, text)
        return given if isinstance(given, ToolResult) else self.toolbox.call(name, given)

    async def acall(self, name: str, text: str) -> ToolResult:
        """``call``, awaited."""
        given = self._arguments(name, text)
        return given if isinstance(given, ToolResult) else await self.toolbox.acall(name, given)

    def close(self) -> None:
        """Closes the blocking connection; a later call opens a new one."""
        self.toolbox.close()

    async def aclose(self) -> None:
        """Closes the running event loop's connection, and the blocking one."""
        await self.toolbox.aclose()

    def _function(self, name: str) -> dict[str, Any]:
        spec = self.specs[name]
        return {
            "name": name,
            "description": spec.description,
            "parameters": strict(spec.input_model),
            "strict": True,
        }

    def _arguments(self, name: str, text: str) -> dict[str, Any] | ToolResult:
        try:
            return arguments(self.specs[name].input_model, text)
        except ValidationFailed as error:
            return ToolResult(error_payload(error), is_error=True)

    def _calls(self, response: Any) -> Iterator[_Call]:
        """The calls of these tools in a response, a chat completion or its message, as objects or as plain data."""
        choices = _get(response, "choices")
        message = _get(choices[0], "message") if choices else response
        for call in _get(message, "tool_calls") or ():
            function = _get(call, "function")
            if function is not None and _get(function, "name") in self.specs:
                yield _Call(_get(function, "name"), _get(function, "arguments"), _get(call, "id"), chat=True)
        for item in _get(response, "output") or ():
            if _get(item, "type") == "function_call" and _get(item, "name") in self.specs:
                yield _Call(_get(item, "name"), _get(item, "arguments"), _get(item, "call_id"), chat=False)


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


__all__ = ["AskCVTools"]
