"""``AskCVToolSpec``: the tools of the catalogue as LlamaIndex's, with JSON text out, for results and errors alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from llama_index.core.tools.function_tool import FunctionTool
from llama_index.core.tools.tool_spec.base import SPEC_FUNCTION_TYPE, BaseToolSpec
from llama_index.core.tools.types import ToolMetadata

from askcv_agents.config import Settings
from askcv_agents.toolbox import DEFAULT_TOOLSETS, Approval, Policy, Toolbox


class AskCVToolSpec(BaseToolSpec):
    """The AskCV tools that a token is offered.

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
        self.spec_functions = [(spec.name, f"a{spec.name}") for spec in self.toolbox.specs]
        for spec in self.toolbox.specs:
            setattr(self, spec.name, _blocking(self.toolbox, spec.name))
            setattr(self, f"a{spec.name}", _awaiting(self.toolbox, spec.name))

    def to_tool_list(
        self,
        spec_functions: list[SPEC_FUNCTION_TYPE] | None = None,
        func_to_metadata_mapping: dict[str, ToolMetadata] | None = None,
    ) -> list[FunctionTool]:
        """The tools, in the catalogue's order; names, descriptions and schemas are the catalogue's."""
        own = {
            spec.name: ToolMetadata(name=spec.name, description=spec.description, fn_schema=spec.input_model)
            for spec in self.toolbox.specs
        }
        return super().to_tool_list(spec_functions, own | (func_to_metadata_mapping or {}))

    def close(self) -> None:
        """Closes the blocking connection; a later call opens a new one."""
        self.toolbox.close()

    async def aclose(self) -> None:
        """Closes the running event loop's connection, and the blocking one."""
        await self.toolbox.aclose()


def _blocking(toolbox: Toolbox, name: str) -> Callable[..., str]:
    def call(**arguments: Any) -> str:
        return toolbox.call(name, arguments).text

    return call


def _awaiting(toolbox: Toolbox, name: str) -> Callable[..., Awaitable[str]]:
    async def call(**arguments: Any) -> str:
        return (await toolbox.acall(name, arguments)).text

    return call


__all__ = ["AskCVToolSpec"]
