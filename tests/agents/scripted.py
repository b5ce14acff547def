"""Models that follow a script, so that agents run without a network: each step is a call, several calls, or text."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

Step = str | tuple[str, dict[str, Any]] | list[tuple[str, dict[str, Any]]]


class LangChainModel(BaseChatModel):
    """Takes the next step for each answer of the model that the conversation holds."""

    script: list[Any]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self

    def _generate(self, messages: Any, *_: Any, **__: Any) -> ChatResult:
        step = self.script[sum(message.type == "ai" for message in messages)]
        if isinstance(step, str):
            message = AIMessage(step)
        else:
            calls = step if isinstance(step, list) else [step]
            message = AIMessage(
                "", tool_calls=[{"name": name, "args": args, "id": f"{n}"} for n, (name, args) in enumerate(calls)]
            )
        return ChatResult(generations=[ChatGeneration(message=message)])
