"""A stand-in for a model, so that the agent examples run without a key: it does what a model would be asked to do.

Open the review, draft items with the offline extractor, propose them, and propose them once more: the second time they
are known. Each function below makes it look like a framework's own model.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

REVIEW = Path(__file__).parent.parent / "documents" / "self-review-2026-h1.md"
TASK = f"""Take my accomplishments from this performance review into my career record: open it with open_document,
propose items with propose_items, each with its verbatim quote, and tell me what waits in my inbox and what was known.

{REVIEW.read_text("utf-8")}"""
MOST = 8
Call = tuple[str, dict[str, Any]]


def next_step(answers: list[dict[str, Any]]) -> Call | str:
    """The next tool call, given the answers of those before; a text where all is done."""
    if not answers:
        return "open_document", {"text": REVIEW.read_text("utf-8"), "name": REVIEW.name, "subject": "Maya Lindqvist"}
    handle = answers[0]["handle"]
    if len(answers) == 1:
        return "extract_career_items", {"handle": handle}
    if len(answers) < 4:
        drafts = answers[1]["items"][:MOST]
        return "propose_items", {"handle": handle, "items": [_item(draft) for draft in drafts]}
    if any("error" in answer for answer in answers):
        return f"It did not work: {answers[-1].get('message', answers[-1])}"
    first, second = ([item["status"] for item in answer["items"]] for answer in answers[2:4])
    return f"{first.count('staged')} staged, then {second.count('duplicate')} known and {second.count('staged')} staged"


def _item(draft: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {"name": name, "value": "; ".join(value) if isinstance(value, list) else str(value)}
        for name, value in draft["fields"].items()
    ]
    return {"domain": draft["domain"], "quote": draft["quote"], "fields": fields}


def _read(answer: str) -> dict[str, Any]:
    """A tool's answer; a framework may say itself that a call was not approved."""
    try:
        return dict(json.loads(answer))
    except ValueError:
        return {"error": "not_approved", "message": answer}


def langchain_model() -> Any:
    """A LangChain chat model."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    class Offline(BaseChatModel):
        _llm_type = "offline"

        def bind_tools(self, tools: Any, **_: Any) -> Any:
            return self

        def _generate(self, messages: Any, *_: Any, **__: Any) -> ChatResult:
            step = next_step([_read(message.content) for message in messages if message.type == "tool"])
            message = AIMessage(step) if isinstance(step, str) else AIMessage("", tool_calls=[_call(step, messages)])
            return ChatResult(generations=[ChatGeneration(message=message)])

    def _call(step: Call, messages: Any) -> dict[str, Any]:
        return {"name": step[0], "args": step[1], "id": f"call_{len(messages)}"}

    return Offline()


def llama_index_model() -> Any:
    """A LlamaIndex function calling LLM."""
    from llama_index.core.base.llms.types import ChatMessage, ToolCallBlock
    from llama_index.core.llms.mock import MockFunctionCallingLLM

    def answer(messages: Any, **_: Any) -> ChatMessage:
        step = next_step([_read(message.content) for message in messages if message.role == "tool"])
        if isinstance(step, str):
            return ChatMessage(role="assistant", content=step)
        name, arguments = step
        block = ToolCallBlock(tool_call_id=f"call_{len(messages)}", tool_name=name, tool_kwargs=arguments)
        return ChatMessage(role="assistant", blocks=[block])

    return MockFunctionCallingLLM(response_generator=answer, is_chat_model=True)


def openai_client() -> Any:
    """As much of an OpenAI client as the examples use: ``responses.create`` and ``chat.completions.create``."""
    from openai.types.chat import ChatCompletion
    from openai.types.responses import Response

    def respond(*, input: list[Any], **_: Any) -> Response:
        outputs = [item["output"] for item in input if _of(item, "type") == "function_call_output"]
        step = next_step([_read(output) for output in outputs])
        return Response.model_validate(response_data(step, f"call_{len(outputs)}"))

    def complete(*, messages: list[Any], **_: Any) -> ChatCompletion:
        answers = [_read(message["content"]) for message in messages if _of(message, "role") == "tool"]
        step = next_step(answers)
        message: dict[str, Any] = {"role": "assistant", "content": step if isinstance(step, str) else None}
        if not isinstance(step, str):
            function = {"name": step[0], "arguments": json.dumps(step[1])}
            message["tool_calls"] = [{"id": f"call_{len(answers)}", "type": "function", "function": function}]
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return ChatCompletion.model_validate(
            {"id": "c", "object": "chat.completion", "created": 0, "model": "offline", "choices": [choice]}
        )

    completions = SimpleNamespace(create=complete)
    return SimpleNamespace(responses=SimpleNamespace(create=respond), chat=SimpleNamespace(completions=completions))


def response_data(step: Call | str, call_id: str) -> dict[str, Any]:
    """A response of the Responses API as data."""
    if isinstance(step, str):
        content = [{"type": "output_text", "text": step, "annotations": []}]
        item: dict[str, Any] = {"type": "message", "id": "m", "role": "assistant", "status": "completed"}
        item["content"] = content
    else:
        item = {"type": "function_call", "call_id": call_id, "name": step[0], "arguments": json.dumps(step[1])}
    return {"id": "r", "object": "response", "created_at": 0, "model": "offline", "output": [item], "tools": [],
            "tool_choice": "auto", "parallel_tool_calls": True}  # fmt: skip


def agents_model() -> Any:
    """A model of the OpenAI Agents SDK."""
    from agents import Model, ModelResponse, Usage
    from openai.types.responses import Response

    class Offline(Model):
        async def get_response(self, system_instructions: Any, input: Any, *_: Any, **__: Any) -> ModelResponse:
            items = input if isinstance(input, list) else []
            outputs = [_read(_of(i, "output")) for i in items if _of(i, "type") == "function_call_output"]
            data = response_data(next_step(outputs), f"call_{len(outputs)}")
            return ModelResponse(output=Response.model_validate(data).output, usage=Usage(), response_id=None)

        def stream_response(self, *_: Any, **__: Any) -> Any:
            raise NotImplementedError

    return Offline()


def _of(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)
