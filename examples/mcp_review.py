"""An MCP client takes a review to the inbox through ``askcv mcp``: the server asks you through the client.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend. What a host's model would decide, a stand-in does here.
"""

import asyncio
import json
import os
import sys
from typing import Any

from mcp import types
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from offline import next_step


async def ask(_: Any, asked: types.ElicitRequestParams) -> types.ElicitResult:
    print(asked.message)
    approved = (await asyncio.to_thread(input, "[y/N] ")).strip().lower() == "y"
    return types.ElicitResult(action="accept" if approved else "decline", content={"approve": approved})


async def main() -> None:
    server = StdioServerParameters(command=sys.executable, args=["-m", "askcv_agents.cli", "mcp"], env=dict(os.environ))
    answers: list[dict[str, Any]] = []
    async with Client(stdio_client(server), elicitation_callback=ask) as session:
        while not isinstance(step := next_step(answers), str):
            name, arguments = step
            result = await session.call_tool(name, arguments)
            answers.append(json.loads(result.content[0].text))
    print(step)


if __name__ == "__main__":
    asyncio.run(main())
