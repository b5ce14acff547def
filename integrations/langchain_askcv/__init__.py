"""AskCV tools for LangChain: ``AskCVToolkit().get_tools()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool, BaseToolkit
from pydantic import ConfigDict, PrivateAttr

from askcv_agents.config import Settings
from askcv_agents.toolbox import DEFAULT_TOOLSETS, Policy, Toolbox, ToolResult
from askcv_agents.tools import ToolSpec
from langchain_askcv.approval import by_interrupt


class AskCVTool(BaseTool):
    """One tool of the catalogue. Content is JSON text, the artifact the same as data, for results and errors alike."""

    response_format: str = "content_and_artifact"  # type: ignore[assignment]
    _toolbox: Toolbox = PrivateAttr()

    def __init__(self, spec: ToolSpec[Any, Any], toolbox: Toolbox) -> None:
        super().__init__(
            name=spec.name,
            description=spec.description,
            args_schema=spec.input_model,
            metadata={"title": spec.title, "read_only": spec.hints.read_only, "idempotent": spec.hints.idempotent},
        )
        self._toolbox = toolbox

    def _to_args_and_kwargs(
        self, tool_input: str | dict[str, Any], tool_call_id: str | None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        # The catalogue checks arguments itself, so that a model reads the same error in every framework; and the call's
        # id is needed where there is one, because an error keeps its artifact only as a whole message.
        if isinstance(tool_input, str):
            assert self.args_schema is not None  # noqa: S101 - set above
            tool_input = {next(iter(self.args), "input"): tool_input}
        return (), {"arguments": tool_input, "tool_call_id": tool_call_id}

    def _run(self, arguments: dict[str, Any], tool_call_id: str | None = None, **_: Any) -> tuple[Any, dict[str, Any]]:
        return self._answer(self._toolbox.call(self.name, arguments), tool_call_id)

    async def _arun(
        self, arguments: dict[str, Any], tool_call_id: str | None = None, **_: Any
    ) -> tuple[Any, dict[str, Any]]:
        return self._answer(await self._toolbox.acall(self.name, arguments), tool_call_id)

    def _answer(self, result: ToolResult, tool_call_id: str | None) -> tuple[Any, dict[str, Any]]:
        if result.is_error and tool_call_id is not None:
            message = ToolMessage(
                result.text, artifact=result.payload, tool_call_id=tool_call_id, name=self.name, status="error"
            )
            return message, result.payload
        return result.text, result.payload


class AskCVToolkit(BaseToolkit):
    """The AskCV tools that a token is offered.

    ``settings`` default to the environment and the settings file; a callable is asked at each call. ``toolsets`` are
    some of ``read``, ``documents``, ``write`` and ``direct``; ``read_only`` leaves out every tool that writes. Those
    want approval: with ``approve="interrupt"`` they pause the graph in which they run until it is resumed with a
    decision, and are refused outside a graph; a callable says yes or no to a ``ToolCall``; with ``"never"`` nobody is
    asked, which is right beside ``HumanInTheLoopMiddleware(interrupt_on=toolkit.interrupt_on())``.

    Raises:
        ConfigError: no token, settings that are unreadable or unsafe, or an unknown toolset.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    settings: Settings | Callable[[], Settings] | None = None
    toolsets: tuple[str, ...] = DEFAULT_TOOLSETS
    read_only: bool = False
    approve: Any = "interrupt"
    desk: Any = None
    _toolbox: Toolbox = PrivateAttr()

    def model_post_init(self, _: Any) -> None:
        from askcv_pipelines.tools import toolbox  # noqa: PLC0415 - importing this package stays quick

        self._toolbox = toolbox(
            self.settings,
            toolsets=self.toolsets,
            read_only=self.read_only,
            policy=Policy(approve=by_interrupt if self.approve == "interrupt" else self.approve),
            desk=self.desk,
        )

    def get_tools(self) -> list[BaseTool]:
        """The tools, in the catalogue's order."""
        return [AskCVTool(spec, self._toolbox) for spec in self._toolbox.specs]

    def interrupt_on(self) -> dict[str, dict[str, Any]]:
        """What ``HumanInTheLoopMiddleware`` takes: the tools that write, and what a reviewer may decide about them."""
        decisions = ["approve", "edit", "reject"]
        return {spec.name: {"allowed_decisions": decisions} for spec in self._toolbox.specs if not spec.hints.read_only}

    def close(self) -> None:
        """Closes the blocking connection; a later call opens a new one."""
        self._toolbox.close()

    async def aclose(self) -> None:
        """Closes the running event loop's connection, and the blocking one."""
        await self._toolbox.aclose()


__all__ = ["AskCVTool", "AskCVToolkit"]
