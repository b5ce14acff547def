"""One tool call through each framework, as that framework's agent makes it, and what the model reads of the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from agents.tool_context import ToolContext as AgentsContext
from llama_index.core.tools.calling import acall_tool, call_tool
from mcp.client import Client as McpClient
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from askcv_agents.config import Settings
from askcv_agents.pytest_plugin import Staging
from askcv_agents.toolbox import Policy, ToolResult
from askcv_pipelines.agent.desk import Desk
from askcv_pipelines.tools import toolbox
from askcv_pipelines.values import Subject
from langchain_askcv import AskCVToolkit
from llama_index.tools.askcv import AskCVToolSpec
from mcp_askcv import mcp_toolbox
from mcp_askcv.server import server_of
from openai_askcv import AskCVTools
from openai_askcv.agents import agents_tools

ALL = ("read", "documents", "write", "direct")
PERSON = "Maya Lindqvist"
Payload = dict[str, Any]
Call = Callable[[str, Payload], Awaitable[Payload]]


class Frameworks:
    """Every framework over one token and one desk, without approval. ``calls`` are the ways to make a call."""

    def __init__(self, settings: Settings, **offer: Any) -> None:
        desk = Desk(subject=Subject(PERSON, ("Maya",)))
        given: dict[str, Any] = {"toolsets": ALL, "approve": "never", "desk": desk} | offer
        policy = Policy(approve=given["approve"])
        self.bare = toolbox(settings, toolsets=given["toolsets"], policy=policy, desk=given["desk"])
        self.langchain = AskCVToolkit(settings=settings, **given)
        self.llama = AskCVToolSpec(settings, **given)
        self.openai = AskCVTools(settings, **given)
        self.agents = {tool.name: tool for tool in agents_tools(tools=self.openai, approve="never")}
        self.mcp = mcp_toolbox(settings, **given)
        self.calls: dict[str, Call] = {
            "bare": self._bare, "bare, async": self._bare_async,
            "langchain": self._langchain, "langchain, async": self._langchain_async,
            "llama_index": self._llama, "llama_index, async": self._llama_async,
            "chat": self._chat, "chat, async": self._chat_async,
            "responses": self._responses, "responses, async": self._responses_async,
            "agents sdk": self._agents, "mcp": self._mcp,
        }  # fmt: skip

    async def aclose(self) -> None:
        for box in (self.bare, self.langchain, self.llama, self.openai, self.mcp):
            await box.aclose()

    async def _bare(self, name: str, arguments: Payload) -> Payload:
        return checked(self.bare.call(name, arguments))

    async def _bare_async(self, name: str, arguments: Payload) -> Payload:
        return checked(await self.bare.acall(name, arguments))

    def _message(self, message: Any) -> Payload:
        assert json.loads(str(message.content)) == message.artifact
        assert (message.status == "error") == ("error" in message.artifact)
        return dict(message.artifact)

    async def _langchain(self, name: str, arguments: Payload) -> Payload:
        (tool,) = (tool for tool in self.langchain.get_tools() if tool.name == name)
        return self._message(tool.invoke({"name": name, "args": arguments, "id": "1", "type": "tool_call"}))

    async def _langchain_async(self, name: str, arguments: Payload) -> Payload:
        (tool,) = (tool for tool in self.langchain.get_tools() if tool.name == name)
        return self._message(await tool.ainvoke({"name": name, "args": arguments, "id": "1", "type": "tool_call"}))

    async def _llama(self, name: str, arguments: Payload) -> Payload:
        (tool,) = (tool for tool in self.llama.to_tool_list() if tool.metadata.name == name)
        return dict(json.loads(call_tool(tool, arguments).content))

    async def _llama_async(self, name: str, arguments: Payload) -> Payload:
        (tool,) = (tool for tool in self.llama.to_tool_list() if tool.metadata.name == name)
        return dict(json.loads((await acall_tool(tool, arguments)).content))

    def _strict(self, name: str, arguments: Payload) -> str:
        return as_strict(arguments, self.openai.responses_tools(), name)

    async def _chat(self, name: str, arguments: Payload) -> Payload:
        (answer,) = self.openai.answer(completion((name, self._strict(name, arguments))))
        return dict(json.loads(answer["content"]))

    async def _chat_async(self, name: str, arguments: Payload) -> Payload:
        (answer,) = await self.openai.aanswer(completion((name, self._strict(name, arguments))))
        return dict(json.loads(answer["content"]))

    async def _responses(self, name: str, arguments: Payload) -> Payload:
        (answer,) = self.openai.answer(response((name, self._strict(name, arguments))))
        return dict(json.loads(answer["output"]))

    async def _responses_async(self, name: str, arguments: Payload) -> Payload:
        (answer,) = await self.openai.aanswer(response((name, self._strict(name, arguments))))
        return dict(json.loads(answer["output"]))

    async def _agents(self, name: str, arguments: Payload) -> Payload:
        text = self._strict(name, arguments)
        context = AgentsContext(context=None, tool_name=name, tool_call_id="1", tool_arguments=text)
        return dict(json.loads(await self.agents[name].on_invoke_tool(context, text)))

    async def _mcp(self, name: str, arguments: Payload) -> Payload:
        async with McpClient(server_of(self.mcp)) as client:
            result = await client.call_tool(name, arguments)
        payload = dict(json.loads(result.content[0].text))
        assert result.structured_content == (None if result.is_error else payload)
        assert bool(result.is_error) == ("error" in payload)
        return payload


def checked(result: ToolResult) -> Payload:
    assert result.is_error == ("error" in result.payload)
    return result.payload


def as_strict(arguments: Payload, tools: list[dict[str, Any]], name: str) -> str:
    """Arguments as a model gives them in strict mode: absent ones null, free objects as text."""
    schema = next(tool["parameters"] for tool in tools if tool["name"] == name)
    return json.dumps(_filled(arguments, schema))


def _filled(value: Any, schema: dict[str, Any]) -> Any:
    schema = next((choice for choice in schema.get("anyOf", ()) if choice["type"] != "null"), schema)
    if isinstance(value, dict) and schema.get("type") == "string":
        return json.dumps(value)
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        absent = {name: None for name, inner in known.items() if name not in value and _may_be_null(inner)}
        return {name: _filled(inner, known.get(name, {})) for name, inner in value.items()} | absent
    if isinstance(value, list) and "items" in schema:
        return [_filled(entry, schema["items"]) for entry in value]
    return value


def _may_be_null(schema: dict[str, Any]) -> bool:
    return any(choice.get("type") == "null" for choice in schema.get("anyOf", ()))


def completion(*calls: tuple[str, str], text: str | None = None) -> ChatCompletion:
    """A chat completion that makes these calls."""
    made = [
        {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for n, (name, arguments) in enumerate(calls)
    ]
    message = {"role": "assistant", "content": text, "refusal": None} | ({"tool_calls": made} if made else {})
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if made else "stop"}
    return ChatCompletion.model_validate(
        {"id": "c", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}
    )


def response(*calls: tuple[str, str], text: str | None = None) -> Response:
    """A response that makes these calls."""
    output: list[dict[str, Any]] = [
        {"type": "function_call", "id": f"fc_{n}", "call_id": f"call_{n}", "name": name, "arguments": arguments,
         "status": "completed"} for n, (name, arguments) in enumerate(calls)
    ]  # fmt: skip
    if text is not None:
        part = {"type": "output_text", "text": text, "annotations": []}
        output.append({"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]})
    return Response.model_validate(
        {"id": "r", "object": "response", "created_at": 0, "model": "scripted", "output": output, "tools": [],
         "tool_choice": "auto", "parallel_tool_calls": True}
    )  # fmt: skip


def comparable(payload: Payload) -> Payload:
    """A payload without what is new with every call and tenant: ids and the tenant's name."""
    text = json.dumps(payload)
    text = re.sub(r'("(?:id|tenantId|batchI?d?|batch_id)": )"[^"]*"', r'\1"…"', text)
    text = re.sub(r'("batchIds": \[)"[^"]*"', r'\1"…"', text)
    text = re.sub(rf"{PERSON} \d+", PERSON, text)
    return dict(json.loads(text))


def tenants(staging: Staging) -> dict[str, Frameworks]:
    """For each way of calling, all frameworks over a tenant of its own: calls that write start from the same state."""
    names = Frameworks(staging.settings()).calls
    return {name: Frameworks(staging.settings(staging.token(f"{PERSON} {n}"))) for n, name in enumerate(names)}
