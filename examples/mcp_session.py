"""An MCP client session with ``askcv mcp`` over standard input and output, as any MCP host holds it.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend.
"""

import asyncio
import os
import sys

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


async def main() -> None:
    server = StdioServerParameters(command=sys.executable, args=["-m", "askcv_agents.cli", "mcp"], env=dict(os.environ))
    async with Client(stdio_client(server)) as session:
        listed = await session.list_tools()
        print("offered:", ", ".join(tool.name for tool in listed.tools))
        result = await session.call_tool("read_profile", {})
        print(result.content[0].text)


if __name__ == "__main__":
    asyncio.run(main())
