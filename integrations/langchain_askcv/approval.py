"""Asking the person by langgraph's interrupt, where a tool runs inside a graph."""

from __future__ import annotations

from typing import Any

from askcv_agents.toolbox import Answer, ToolCall

DECISIONS = ("approve", "reject")


def by_interrupt(call: ToolCall) -> Answer:
    """Pauses the graph until somebody resumes it with a decision. None outside a graph: nobody is there to ask.

    The value of the interrupt is a request as ``HumanInTheLoopMiddleware`` makes it, so that one reviewer's page serves
    both. The graph is resumed with ``{"decisions": [{"type": "approve"}]}``, with one such decision, or with True.
    """
    try:
        from langgraph.types import interrupt  # noqa: PLC0415 - langgraph is there where a graph runs

        decided = interrupt(request(call))
    except (ImportError, RuntimeError, KeyError):  # no graph runs around this call
        return None
    return approved(decided)


def request(call: ToolCall) -> dict[str, Any]:
    """What a reviewer is shown of a call."""
    return {
        "action_requests": [{"name": call.spec.name, "args": dict(call.arguments), "description": call.question}],
        "review_configs": [{"action_name": call.spec.name, "allowed_decisions": list(DECISIONS)}],
    }


def approved(decided: Any) -> bool:
    """Whether what the graph was resumed with says yes; whatever is not plainly a yes is a no."""
    if isinstance(decided, dict):
        decisions = decided.get("decisions", [decided])
        return bool(decisions) and all(isinstance(one, dict) and one.get("type") == "approve" for one in decisions)
    return decided is True
