"""A LlamaIndex FunctionAgent takes a review to the inbox, and asks you before it writes.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend. MODEL names a model behind OPENAI_BASE_URL with
OPENAI_API_KEY (pip install llama-index-llms-openai-like, in an environment without openai 3); without it a stand-in
does the work offline.
"""

import asyncio
import os
from typing import Any

from llama_index.core.agent.workflow import FunctionAgent
from offline import TASK, llama_index_model

from askcv_agents.toolbox import ToolCall
from llama_index.tools.askcv import AskCVToolSpec


def approve(call: ToolCall) -> bool:
    print(call.question)
    return input("[y/N] ").strip().lower() == "y"


def llm() -> Any:
    if "MODEL" not in os.environ:
        return llama_index_model()
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=os.environ["MODEL"],
        api_base=os.environ["OPENAI_BASE_URL"],
        api_key=os.environ.get("OPENAI_API_KEY", "none"),
        is_chat_model=True,
        is_function_calling_model=True,
    )


async def main() -> None:
    spec = AskCVToolSpec(approve=approve)
    agent = FunctionAgent(tools=spec.to_tool_list(), llm=llm(), streaming=False)
    print(await agent.run(TASK))
    await spec.aclose()


if __name__ == "__main__":
    asyncio.run(main())
