"""Models that follow a script, so that agents run without a network: each step is a call, several calls, or text."""

from __future__ import annotations

import json
from typing import Any

from agents import Model, ModelResponse, Usage
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from tests.agents.frameworks import response

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


class AgentsModel(Model):
    """The same for the OpenAI Agents SDK; a step that was taken is not taken again."""

    def __init__(self, script: list[Any]) -> None:
        self.script = list(script)
        self.taken = 0

    async def get_response(self, *_: Any, **__: Any) -> ModelResponse:
        step = self.script[self.taken]
        self.taken += 1
        made = response(text=step) if isinstance(step, str) else response((step[0], json.dumps(step[1])))
        return ModelResponse(output=made.output, usage=Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError
