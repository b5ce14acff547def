"""The tools with the OpenAI client and no framework, over the Responses API or Chat Completions (--chat).

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend. MODEL names a model, with OPENAI_API_KEY and, for another
address, OPENAI_BASE_URL; without it a stand-in does the work offline.
"""

import os
import sys
from typing import Any

from offline import TASK, openai_client
from openai import OpenAI

from askcv_agents.toolbox import ToolCall
from openai_askcv import AskCVTools

MODEL = os.environ.get("MODEL", "offline")


def approve(call: ToolCall) -> bool:
    print(call.question)
    return input("[y/N] ").strip().lower() == "y"


def over_responses(client: Any, tools: AskCVTools) -> str:
    said: list[Any] = [{"role": "user", "content": TASK}]
    while True:
        response = client.responses.create(model=MODEL, input=said, tools=tools.responses_tools())
        if not (answers := tools.answer(response)):
            return str(response.output_text)
        said += [*response.output, *answers]


def over_chat(client: Any, tools: AskCVTools) -> str:
    said: list[Any] = [{"role": "user", "content": TASK}]
    while True:
        completion = client.chat.completions.create(model=MODEL, messages=said, tools=tools.chat_tools())
        if not (answers := tools.answer(completion)):
            return str(completion.choices[0].message.content)
        said += [completion.choices[0].message, *answers]


def main() -> None:
    tools = AskCVTools(approve=approve)
    client = OpenAI() if "MODEL" in os.environ else openai_client()
    print(over_chat(client, tools) if "--chat" in sys.argv else over_responses(client, tools))
    tools.close()


if __name__ == "__main__":
    main()
